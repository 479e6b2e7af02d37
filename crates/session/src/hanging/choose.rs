use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{
    Applies, Condition, HangingProtocol, HungView, Need, PriorNeed, SeriesRule, SlicePlane,
    WhichStudy,
};
use crate::VolumeKey;

/// What rules can ask of one volume.
#[derive(Clone, Debug, Default)]
pub(crate) struct VolumeFacts {
    pub(crate) key: VolumeKey,
    /// `None` for the study that is read, else the place of the prior, 0 the newest.
    pub(crate) prior_idx: Option<usize>,
    pub(crate) modality: String,
    /// Description of the series and what sets the volume apart from others of it.
    pub(crate) description: String,
    pub(crate) body_part: String,
    pub(crate) laterality: String,
    pub(crate) view_position: String,
    pub(crate) plane: Option<SlicePlane>,
    pub(crate) may_reslice: bool,
    pub(crate) n_slices: usize,
}

/// What rules can ask of what is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct StudyFacts {
    /// Description of the study that is read.
    pub(crate) description: String,
    /// Volumes that may be shown now, in the order of the rail.
    pub(crate) volumes: Vec<VolumeFacts>,
}

/// A protocol with the volume of each of its views; `None` for a view that stays empty.
#[derive(Clone, Debug)]
pub(crate) struct Hung<'a> {
    pub(crate) protocol: &'a HangingProtocol,
    pub(crate) volumes: Vec<Option<VolumeKey>>,
}

impl Hung<'_> {
    /// Does more than half of the screen stay empty?
    fn is_mostly_empty(&self) -> bool {
        let n_filled = self.volumes.iter().flatten().count();
        2 * n_filled < self.volumes.len()
    }
}

/// What decides between protocols that fit: how lately it was chosen by hand, then how much it says.
type Claim = (Option<Reverse<usize>>, usize);

/// The protocol that says most about a study among those that apply by themselves and fill at least half of their views;
/// of equals the first. What the reader chose last for a study that it fits goes before all.
pub(crate) fn choose<'a>(
    protocols: impl IntoIterator<Item = &'a HangingProtocol>,
    chosen_before: &[String],
    facts: &StudyFacts,
) -> Option<Hung<'a>> {
    let mut best: Option<(Claim, Hung<'a>)> = None;
    for protocol in protocols {
        let chosen = chosen_before.iter().position(|name| *name == protocol.name);
        let applies = protocol.applies == Applies::ByItself || chosen.is_some();
        if !applies || !protocol.when.holds(facts) {
            continue;
        }
        let Some(hung) = protocol.fit(facts) else {
            continue;
        };
        if chosen.is_none() && hung.is_mostly_empty() {
            continue;
        }
        let says = (chosen.map(Reverse), protocol.when.n_stated());
        if best.as_ref().is_none_or(|(most, _)| *most < says) {
            best = Some((says, hung));
        }
    }
    best.map(|(_, hung)| hung)
}

impl HangingProtocol {
    /// The volume of each view; `None` where one that is required has none, or all stay empty.
    pub(crate) fn fit(&self, facts: &StudyFacts) -> Option<Hung<'_>> {
        let mut found: Vec<Option<&VolumeFacts>> = Vec::new();
        for view in &self.views {
            found.push(view.find(facts, &found));
        }
        let volumes: Vec<Option<VolumeKey>> =
            found.iter().map(|f| f.map(|v| v.key.clone())).collect();
        let is_whole = self
            .views
            .iter()
            .zip(&volumes)
            .all(|(view, found)| view.need == Need::Optional || found.is_some());
        let is_any = volumes.iter().any(Option::is_some);
        (is_whole && is_any).then_some(Hung {
            protocol: self,
            volumes,
        })
    }
}

impl Condition {
    /// Is the study one that the protocol is for?
    pub(crate) fn holds(&self, facts: &StudyFacts) -> bool {
        let current = || facts.volumes.iter().filter(|v| v.prior_idx.is_none());
        let has_prior = facts.volumes.iter().any(|v| v.prior_idx.is_some());
        let modality = any_or_none(&self.modality, |m| current().any(|v| same(&v.modality, m)));
        let body_part = any_or_none(&self.body_part, |part| {
            has_word(&facts.description, part)
                || current().any(|v| has_word(&v.body_part, part) || has_word(&v.description, part))
        });
        let description = any_or_none(&self.description, |word| has_word(&facts.description, word));
        let prior = match self.prior {
            None => true,
            Some(PriorNeed::Present) => has_prior,
            Some(PriorNeed::Absent) => !has_prior,
        };
        modality && body_part && description && prior
    }

    /// How much it asks for: what says more about a study goes before what says less.
    pub(crate) fn n_stated(&self) -> usize {
        [&self.modality, &self.body_part, &self.description]
            .into_iter()
            .filter(|list| !list.is_empty())
            .count()
            + usize::from(self.prior.is_some())
    }
}

impl HungView {
    /// The volume that the first rule with any finds: of several the one with the most slices, of equals the first.
    /// `before` is what the earlier views show.
    fn find<'a>(
        &self,
        facts: &'a StudyFacts,
        before: &[Option<&VolumeFacts>],
    ) -> Option<&'a VolumeFacts> {
        let needs_planes = self.show.kind().needs_planes();
        let of_study = |v: &&VolumeFacts| match self.study {
            WhichStudy::Current => v.prior_idx.is_none(),
            WhichStudy::Prior => v.prior_idx.is_some(),
        };
        let best = |rule: &SeriesRule| {
            let like = match rule.like_view {
                Some(nth) => Some(before.get(nth.checked_sub(1)?).copied().flatten()?),
                None => None,
            };
            let fitting = facts.volumes.iter().filter(of_study);
            let fitting = fitting
                .filter(|v| !needs_planes || v.may_reslice)
                .filter(|v| rule.holds(v) && like.is_none_or(|like| v.is_like(like)));
            // The newest prior first; `min_by_key` takes the first of equals.
            fitting.min_by_key(|v| {
                let n_words = like.map_or(0, |like| v.n_words_shared(like));
                (v.prior_idx, Reverse(n_words), Reverse(v.n_slices))
            })
        };
        let any = [SeriesRule::default()];
        let rules = match self.series.is_empty() {
            true => any.as_slice(),
            false => self.series.as_slice(),
        };
        rules.iter().find_map(best)
    }
}

impl VolumeFacts {
    fn is_like(&self, other: &Self) -> bool {
        same(&self.modality, &other.modality) && self.plane == other.plane
    }

    fn n_words_shared(&self, other: &Self) -> usize {
        let words: BTreeSet<String> = words(&self.description).into_iter().collect();
        words
            .intersection(&self::words(&other.description).into_iter().collect())
            .count()
    }
}

impl SeriesRule {
    fn holds(&self, v: &VolumeFacts) -> bool {
        any_or_none(&self.modality, |m| same(&v.modality, m))
            && any_or_none(&self.description, |word| has_word(&v.description, word))
            && !self
                .not_description
                .iter()
                .any(|word| has_word(&v.description, word))
            && any_or_none(&self.body_part, |part| {
                has_word(&v.body_part, part) || has_word(&v.description, part)
            })
            && self
                .laterality
                .as_ref()
                .is_none_or(|side| same(&v.laterality, side))
            && any_or_none(&self.view_position, |view| same(&v.view_position, view))
            && self.plane.is_none_or(|plane| v.plane == Some(plane))
            && self.at_least.is_none_or(|n| n <= v.n_slices)
    }
}

fn any_or_none(list: &[String], holds: impl FnMut(&String) -> bool) -> bool {
    list.is_empty() || list.iter().any(holds)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Do words of the text begin with the words of the pattern, one after the other? `t2` is in `AX T2W TSE`, and not in
/// `PET2`.
fn has_word(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (words(text), words(pattern));
    !pattern.is_empty()
        && text.windows(pattern.len()).any(|run| {
            run.iter()
                .zip(&pattern)
                .enumerate()
                .all(|(i, (word, wanted))| {
                    let is_last = i + 1 == pattern.len();
                    if is_last {
                        word.starts_with(wanted)
                    } else {
                        word == wanted
                    }
                })
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_word_is_found_at_the_beginning_of_words_in_any_case() {
        for (text, pattern, found) in [
            ("AX T2W TSE", "t2", true),
            ("Ax_T2-FLAIR", "flair", true),
            ("PET2", "t2", false),
            ("CT THORAX mit KM", "Thorax MIT", true),
            ("CT THORAX mit KM", "thor mit", false),
            ("", "t2", false),
            ("T1", "", false),
            ("Größe", "größe", true),
        ] {
            assert_eq!(has_word(text, pattern), found, "{text} / {pattern}");
        }
    }

    fn volume(number: usize, description: &str, n_slices: usize) -> VolumeFacts {
        VolumeFacts {
            key: VolumeKey {
                series_instance_uid: number.to_string(),
                volume_idx: 0,
            },
            modality: "MR".into(),
            description: description.into(),
            n_slices,
            ..VolumeFacts::default()
        }
    }

    fn found(view: &HungView, volumes: &[VolumeFacts]) -> Option<String> {
        let facts = StudyFacts {
            description: String::new(),
            volumes: volumes.to_vec(),
        };
        view.find(&facts, &[])
            .map(|v| v.key.series_instance_uid.clone())
    }

    fn rule(words: &[&str], not: &[&str]) -> SeriesRule {
        let owned = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
        SeriesRule {
            description: owned(words),
            not_description: owned(not),
            ..SeriesRule::default()
        }
    }

    #[test]
    fn the_first_rule_that_finds_decides_then_slices_then_order() {
        let volumes = [
            volume(1, "T2 FLAIR", 30),
            volume(2, "T2 TSE", 20),
            volume(3, "T2 TSE thin", 40),
            volume(4, "T2 TSE thin", 40),
            VolumeFacts {
                prior_idx: Some(1),
                ..volume(5, "T2 old", 90)
            },
            VolumeFacts {
                prior_idx: Some(0),
                ..volume(6, "T2 newer", 10)
            },
        ];
        let view = |rules: &[SeriesRule], study| HungView {
            series: rules.to_vec(),
            study,
            ..HungView::default()
        };
        let t2 = rule(&["t2"], &["flair"]);
        let none = rule(&["dwi"], &[]);
        for (rules, study, expected) in [
            (vec![t2.clone()], WhichStudy::Current, Some("3")),
            (
                vec![none.clone(), t2.clone()],
                WhichStudy::Current,
                Some("3"),
            ),
            (
                vec![rule(&["flair"], &[]), t2.clone()],
                WhichStudy::Current,
                Some("1"),
            ),
            (vec![none], WhichStudy::Current, None),
            (vec![], WhichStudy::Current, Some("3")),
            (vec![t2], WhichStudy::Prior, Some("6")),
        ] {
            assert_eq!(
                found(&view(&rules, study), &volumes).as_deref(),
                expected,
                "{rules:?}"
            );
        }
    }

    #[test]
    fn what_says_more_about_a_study_goes_before_what_says_less() {
        let protocol = |name: &str, when: Condition| HangingProtocol {
            name: name.into(),
            version: 1,
            applies: Applies::ByItself,
            arrangement: crate::Arrangement::ONE,
            links: None,
            when,
            views: vec![HungView::default()],
        };
        let mr = || vec!["MR".to_owned()];
        let protocols = [
            protocol("any", Condition::default()),
            protocol(
                "mr",
                Condition {
                    modality: mr(),
                    ..Condition::default()
                },
            ),
            protocol(
                "mr too",
                Condition {
                    modality: mr(),
                    ..Condition::default()
                },
            ),
            protocol(
                "head",
                Condition {
                    modality: mr(),
                    body_part: vec!["head".into()],
                    ..Condition::default()
                },
            ),
            protocol(
                "with prior",
                Condition {
                    modality: mr(),
                    body_part: vec!["head".into()],
                    prior: Some(PriorNeed::Present),
                    ..Condition::default()
                },
            ),
        ];
        let facts = |description: &str, volumes: &[VolumeFacts]| StudyFacts {
            description: description.into(),
            volumes: volumes.to_vec(),
        };
        let prior = VolumeFacts {
            prior_idx: Some(0),
            ..volume(2, "T1", 1)
        };
        let chosen = |facts: &StudyFacts| {
            choose(&protocols, &[], facts)
                .unwrap()
                .protocol
                .name
                .clone()
        };
        assert_eq!(chosen(&facts("MR HEAD", &[volume(1, "T1", 1)])), "head");
        assert_eq!(
            chosen(&facts("MR HEAD", &[volume(1, "T1", 1), prior])),
            "with prior"
        );
        assert_eq!(chosen(&facts("MR knee", &[volume(1, "T1", 1)])), "mr");
        let ct = VolumeFacts {
            modality: "CT".into(),
            ..volume(1, "", 1)
        };
        assert_eq!(chosen(&facts("", &[ct])), "any");
        assert!(choose(&protocols, &[], &facts("", &[])).is_none());
    }
}
