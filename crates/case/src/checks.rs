use crate::{Assertion, Case, Disclosure, Expected, Finding, SealCheck};

/// Words of places that have no side. A finding there may leave its side open.
const UNPAIRED: &[&str] = &[
    "heart",
    "cardiac",
    "pericardi",
    "mediastin",
    "aort",
    "trachea",
    "carina",
    "oesophag",
    "esophag",
    "spine",
    "vertebra",
    "spinal",
    "stern",
    "liver",
    "hepat",
    "spleen",
    "splen",
    "pancrea",
    "stomach",
    "gastric",
    "bladder",
    "gallbladder",
    "uter",
    "prostat",
    "thyroid isthmus",
    "bowel",
    "colon",
    "midline",
    "ventric",
    "brainstem",
    "pituitary",
    "sacr",
    "abdom",
    "pelvi",
    "peritone",
];

/// Is a series of the current study or of a prior?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesOf {
    /// The study that is read.
    Current,
    /// An earlier one.
    Prior,
}

/// A series that a read is expected to go through, told by whoever knows the images.
#[derive(Clone, Debug, PartialEq)]
pub struct RequiredSeries {
    /// Series Instance UID, with what tells its further volumes from the first behind it, as the coverage has it.
    pub series_instance_uid: String,
    /// How the reader knows it, for instance `Series 2`.
    pub name: String,
    /// The lane that must be covered; `None`: a slice counts in whatever lane it was seen.
    pub lane: Option<String>,
    /// Number of slices.
    pub n_slices: usize,
    /// Of the current study or a prior? Of a prior any slice is enough.
    pub of: SeriesOf,
}

impl RequiredSeries {
    /// Does a slice count in whatever lane it was seen? Most modalities have but one lane.
    fn counts_any_lane(&self) -> bool {
        self.lane.as_deref().is_none_or(|lane| lane == "other")
    }
}

impl Case {
    /// What "Before you seal" says now. Only an empty read blocks (DECISIONS 8); the rest becomes a limitation.
    pub fn checks_before_seal(&self, required: &[RequiredSeries]) -> Vec<SealCheck> {
        let mut checks = vec![
            self.check_not_empty(),
            self.check_sides(),
            self.check_evidence(),
        ];
        let current = required.iter().filter(|s| s.of == SeriesOf::Current);
        checks.extend(current.map(|series| self.check_coverage(series)));
        let asks_for_prior = self.rules.required.prior == Expected::Yes;
        if asks_for_prior && !self.priors.is_empty() && self.discloses(Disclosure::Priors) {
            checks.push(self.check_prior(required));
        }
        let asks_for_anatomy = self.rules.required.anatomy == Expected::Yes;
        if asks_for_anatomy && self.read.anatomy.is_empty() {
            checks.push(SealCheck {
                code: "anatomy_reviewed".into(),
                text: "No checklist of anatomic regions was gone through".into(),
                met: false,
                blocks: false,
            });
        }
        checks.extend(self.read.anatomy.check());
        let warnings = self.completeness.iter().filter(|i| i.severity == "warning");
        checks.extend(warnings.map(|item| SealCheck {
            code: format!("completeness:{}", item.code),
            text: item.text.clone(),
            met: false,
            blocks: false,
        }));
        checks
    }

    /// Share of a series that was on screen, 0 to 1; `lane` as in [`RequiredSeries`]. 0 for an empty series.
    pub fn coverage_share(&self, uid: &str, lane: Option<&str>, n_slices: usize) -> f64 {
        let Some(lanes) = self.read.coverage.series.get(uid) else {
            return 0.0;
        };
        let asked = || {
            lanes
                .iter()
                .filter(|(name, _)| lane.is_none_or(|lane| lane == *name))
        };
        let seen = |idx: usize| asked().any(|(_, flags)| flags.get(idx).copied().unwrap_or(false));
        let n_seen = (0..n_slices).filter(|idx| seen(*idx)).count();
        if n_slices == 0 {
            return 0.0;
        }
        n_seen as f64 / n_slices as f64
    }

    pub(crate) fn read_is_empty(&self) -> bool {
        self.read.findings.is_empty() && self.read.impression.trim().is_empty()
    }

    fn check_not_empty(&self) -> SealCheck {
        let met = !self.read_is_empty();
        let text = if met {
            "The read has an impression or a finding"
        } else {
            "The read has neither an impression nor a finding"
        };
        SealCheck {
            code: "impression_or_finding".into(),
            text: text.into(),
            met,
            blocks: !met,
        }
    }

    fn check_sides(&self) -> SealCheck {
        let open = self.named(|finding| needs_side(finding) && finding.side.is_none());
        check(
            "sides_stated",
            open,
            "Every finding states its side",
            "No side is stated for",
        )
    }

    fn check_evidence(&self) -> SealCheck {
        let open = self.named(|finding| {
            let is_marked = self
                .read
                .annotations
                .iter()
                .any(|a| a.finding == Some(finding.id));
            is_seen(finding) && !is_marked && finding.key_image.is_none()
        });
        check(
            "evidence_given",
            open,
            "Every finding has a mark or a key image",
            "Neither a mark nor a key image shows",
        )
    }

    fn check_coverage(&self, series: &RequiredSeries) -> SealCheck {
        let uid = &series.series_instance_uid;
        let share = self.coverage_share(uid, series.lane.as_deref(), series.n_slices);
        let (suffix, lane) = match &series.lane {
            Some(lane) => (format!(":{lane}"), format!(" in the {lane} window")),
            None => (String::new(), String::new()),
        };
        // Rounded down, so that 100 % is said of a complete series only.
        let percent = (share * 100.0 + 1e-9).floor();
        let required_percent = f64::from(self.rules.required.coverage_percent);
        // Who read in other planes went through the volume all the same.
        let volume = self.read.coverage.volumes.get(uid);
        let in_planes = volume.map(|volume| f64::from(volume.percent));
        if let Some(in_planes) = in_planes.filter(|p| series.counts_any_lane() && percent < *p) {
            return SealCheck {
                code: format!("coverage:{uid}{suffix}"),
                text: format!(
                    "{in_planes} % of the volume of {} was seen in planes",
                    series.name
                ),
                met: required_percent <= in_planes,
                blocks: false,
            };
        }
        SealCheck {
            code: format!("coverage:{uid}{suffix}"),
            text: format!(
                "{percent} % of the {} slices of {} were seen{lane}",
                series.n_slices, series.name
            ),
            met: required_percent <= share * 100.0 + 1e-9,
            blocks: false,
        }
    }

    fn check_prior(&self, required: &[RequiredSeries]) -> SealCheck {
        let met = required
            .iter()
            .filter(|series| series.of == SeriesOf::Prior)
            .any(|s| 0.0 < self.coverage_share(&s.series_instance_uid, None, s.n_slices));
        let text = if met {
            "The prior study was opened"
        } else {
            "The prior study was not opened"
        };
        SealCheck {
            code: "prior_opened".into(),
            text: text.into(),
            met,
            blocks: false,
        }
    }

    fn named(&self, which: impl Fn(&Finding) -> bool) -> Vec<String> {
        let open = self.read.findings.iter().filter(|finding| which(finding));
        open.map(|finding| finding.id.to_string()).collect()
    }
}

/// The limitations that a seal made now would record: every check that is not met.
pub fn limitations(checks: &[SealCheck]) -> Vec<String> {
    let unmet = checks.iter().filter(|check| !check.met);
    unmet.map(|check| check.text.clone()).collect()
}

fn check(code: &str, open: Vec<String>, met: &str, unmet: &str) -> SealCheck {
    SealCheck {
        code: code.into(),
        text: if open.is_empty() {
            met.into()
        } else {
            format!("{unmet} {}", open.join(", "))
        },
        met: open.is_empty(),
        blocks: false,
    }
}

fn is_seen(finding: &Finding) -> bool {
    matches!(finding.assertion, Assertion::Present | Assertion::Possible)
}

fn needs_side(finding: &Finding) -> bool {
    let places = [
        Some(&finding.concept),
        finding.site.as_ref(),
        finding.level.as_ref(),
    ];
    let is_unpaired = places.into_iter().flatten().any(|place| {
        let place = place.to_lowercase();
        UNPAIRED.iter().any(|word| place.contains(word)) || is_vertebra(&place)
    });
    is_seen(finding) && !is_unpaired
}

/// Is it the name of a vertebra or a disc, such as `t11` or `l4/5`?
fn is_vertebra(place: &str) -> bool {
    let mut chars = place.chars();
    let is_region = chars.next().is_some_and(|c| "ctls".contains(c));
    let rest = chars.as_str();
    is_region && rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() <= 5
}
