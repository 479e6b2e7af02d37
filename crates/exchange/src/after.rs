use case::{
    AmendedFinding, Case, CriticalFinding, Direction, Finding, Medium, ReadA, ReadBack, Reopened,
    Significance, Sureness, ThirdRead, ThirdReadMode, ThirdVerdict, Upheld, Urgency,
};

use crate::content::open_comparison;
use crate::identifiers::Identifiers;
use crate::rows::{first_text, second_text};
use crate::words;

/// A part of an output with a title and lines; it stands only where there is something to say.
pub(crate) struct Section {
    pub title: &'static str,
    pub lines: Vec<String>,
}

/// What happened besides the two reads: findings that could not wait, changes of mind after the reveal, the third read.
///
/// Feedback to the first reader stays out: it is for learning, not for the referrer.
pub(crate) fn sections(case: &Case, identifiers: &Identifiers) -> Vec<Section> {
    let all = [
        Section {
            title: "Versions of the first report",
            lines: version_lines(case),
        },
        Section {
            title: "Earlier comparisons",
            lines: earlier_lines(case),
        },
        Section {
            title: "Critical findings",
            lines: case.criticals().iter().map(critical_line).collect(),
        },
        Section {
            title: "Changes after the first report was seen",
            lines: amendment_lines(case),
        },
        Section {
            title: "Third read",
            lines: third_lines(case),
        },
    ];
    let cleaned = all.into_iter().map(|section| Section {
        title: section.title,
        lines: section
            .lines
            .iter()
            .map(|line| identifiers.clean(line))
            .collect(),
    });
    cleaned
        .filter(|section| !section.lines.is_empty())
        .collect()
}

/// Each version in the order of arrival, where there is more than one or one was withdrawn. While the case is blinded
/// without reasons, which are free text.
fn version_lines(case: &Case) -> Vec<String> {
    let reports = case.reports();
    if reports.len() < 2 && reports.iter().all(|report| report.withdrawn.is_none()) {
        return Vec::new();
    }
    let compared = open_comparison(case).map(|comparison| comparison.report_version);
    let line = |report: &case::ReportVersion| {
        let replaced = reports
            .iter()
            .find(|other| other.replaces == Some(report.version) && other.withdrawn.is_none());
        let standing = match (&report.withdrawn, replaced) {
            (Some(reason), _) if !case.is_blinded() => {
                format!("withdrawn: {}", reason.trim_end_matches('.'))
            }
            (Some(_), _) => "withdrawn".to_owned(),
            (None, Some(other)) => format!("replaced by version {}", other.version),
            (None, None) if compared == Some(report.version) => "compared here".to_owned(),
            (None, None)
                if case
                    .reports_not_compared()
                    .any(|r| r.version == report.version) =>
            {
                "came after the comparison, which does not speak of it".to_owned()
            }
            (None, None) => "stands".to_owned(),
        };
        format!(
            "Version {}, {}, {}: {standing}.",
            report.version,
            words::report_status(report.status),
            report.format
        )
    };
    reports.iter().map(line).collect()
}

/// What became of comparisons that no longer count, and how the report changed.
fn earlier_lines(case: &Case) -> Vec<String> {
    if case.is_blinded() {
        return Vec::new();
    }
    let mut lines: Vec<String> = case
        .earlier_comparisons()
        .iter()
        .map(|earlier| {
            let signed = match &earlier.signed_at {
                Some(at) => format!("signed {}", words::time(at)),
                None => "not signed".to_owned(),
            };
            let outcome = earlier
                .outcome
                .map(|outcome| format!(", {}", outcome.label().to_lowercase()))
                .unwrap_or_default();
            let third = match &earlier.third_read {
                None => String::new(),
                Some(third) if third.signed_at.is_some() => " A third read of it was signed.".to_owned(),
                Some(third) => format!(
                    " A third read of it was ended with {} decisions.",
                    third.n_verdicts
                ),
            };
            let why = match earlier.reopened {
                Reopened::Corrected => "was corrected",
                Reopened::Withdrawn => "was withdrawn",
            };
            format!(
                "Comparison {} with version {} ({signed}{outcome}, {} verdicts) no longer counts: the report {why} ({}).{third}",
                earlier.number,
                earlier.report_version,
                earlier.n_verdicts,
                words::time(&earlier.at)
            )
        })
        .collect();
    if let Some(correction) = case.correction() {
        let quoted = |text: &String| format!("“{text}”");
        let gone = correction.gone.iter().map(quoted);
        let new = correction.new.iter().map(|(_, text)| quoted(text));
        lines.extend(gone.map(|text| format!("No longer in the report: {text}")));
        lines.extend(new.map(|text| format!("New in the report: {text}")));
    }
    lines
}

fn critical_line(critical: &CriticalFinding) -> String {
    let within = match critical.urgency {
        Urgency::Minutes => "minutes",
        Urgency::Hours => "hours",
        Urgency::Days => "days",
    };
    let raised = format!(
        "{} (to be told within {within}, raised {}).",
        critical.text,
        words::time(&critical.at)
    );
    let told = critical.communications.iter().map(|told| {
        let medium = match told.medium {
            Medium::InPerson => "in person",
            Medium::Telephone => "by telephone",
            Medium::Message => "by message",
        };
        let read_back = match told.read_back {
            ReadBack::Confirmed => "repeated rightly",
            ReadBack::NotDone => "not repeated",
        };
        let at = match told.told_at.as_str() {
            "" => String::new(),
            at => format!(" at {at}"),
        };
        format!("Told {} {medium}{at}, {read_back}.", told.to)
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => format!("{raised} Nobody was told yet."),
        false => format!("{raised} {}", told.join(" ")),
    }
}

fn amendment_lines(case: &Case) -> Vec<String> {
    if case.is_blinded() || case.amendments().is_empty() {
        return Vec::new();
    }
    let name = |finding: &Finding| format!("{} {}", finding.id, finding.title());
    let mut lines: Vec<String> = case
        .amendments()
        .iter()
        .map(|amended| {
            let amendment = &amended.amendment;
            let what = match &amendment.change {
                AmendedFinding::Added { finding } => format!("Added: {}", name(finding)),
                AmendedFinding::Changed { finding } => format!("Now reads: {}", name(finding)),
                AmendedFinding::Retracted { id } => match case.finding(*id) {
                    Some(finding) => format!("Taken back: {}", name(finding)),
                    None => format!("Taken back: {id}"),
                },
            };
            let direction = match amendment.direction {
                Direction::TowardsFirst => "towards the first report",
                Direction::AwayFromFirst => "away from the first report",
                Direction::Unrelated => "the first report says nothing of it",
            };
            format!(
                "{what} ({direction}; {}). {}",
                words::time(&amended.at),
                amendment.reason
            )
        })
        .collect();
    let index = case.anchoring_index();
    lines.push(format!(
        "{} of {} findings moved towards the first report after it was seen. The sealed read stays as it was.",
        index.n_towards_first, index.n_findings
    ));
    lines
}

fn third_lines(case: &Case) -> Vec<String> {
    let signed = case.third_read().filter(|third| third.seal.is_some());
    let (Some(third), Some(comparison)) = (signed, open_comparison(case)) else {
        return Vec::new();
    };
    let mode = match third.mode {
        ThirdReadMode::None => "Third read",
        ThirdReadMode::Arbitration => "Arbitration",
        ThirdReadMode::PseudoArbitration => "Arbitration without naming the differences",
        ThirdReadMode::Consensus => "Consensus",
        ThirdReadMode::Majority => "Majority of three reads",
    };
    let reader = case
        .third_reader()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut lines = vec![format!(
        "{mode} by {reader}, who saw both reads without names."
    )];
    lines.extend(case.audit().filter(|draw| draw.drawn).map(|draw| {
        format!(
            "Chance drew this case for the audit of agreeing cases (probability {} %).",
            (draw.probability() * 100.0).round()
        )
    }));
    lines.extend(third.verdicts.iter().filter_map(|(id, verdict)| {
        let pair = comparison.pairs.iter().find(|pair| pair.id == *id)?;
        let said = [
            first_text(comparison, pair),
            second_text(case, comparison, pair),
        ];
        let about = said.into_iter().flatten().next().unwrap_or_default();
        let note = match verdict.note.trim() {
            "" => String::new(),
            note => format!(" {note}"),
        };
        let said = [
            Some(upheld(third, verdict)),
            sureness(verdict),
            weight(verdict),
        ];
        let said: Vec<&str> = said.into_iter().flatten().collect();
        Some(format!("{about}: {}.{note}", said.join(", ")))
    }));
    lines
}

fn sureness(verdict: &ThirdVerdict) -> Option<&'static str> {
    Some(match verdict.sure? {
        Sureness::Low => "with little certainty",
        Sureness::Moderate => "with moderate certainty",
        Sureness::High => "with high certainty",
    })
}

fn weight(verdict: &ThirdVerdict) -> Option<&'static str> {
    Some(match verdict.significance? {
        Significance::None => "of no significance for care",
        Significance::Minor => "of minor significance for care",
        Significance::Moderate => "of moderate significance for care",
        Significance::Major => "of major significance for care",
    })
}

fn upheld(third: &ThirdRead, verdict: &ThirdVerdict) -> &'static str {
    match (third.upheld_read(verdict), verdict.upheld) {
        (Some(ReadA::First), _) => "the first read is borne out",
        (Some(ReadA::Second), _) => "the second read is borne out",
        (None, Upheld::BothPartly) => "both are borne out in part",
        (None, Upheld::Neither) => "neither is borne out",
        (None, _) => "it cannot be told",
    }
}
