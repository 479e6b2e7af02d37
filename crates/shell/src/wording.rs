//! Words, icons and colours of stages, outcomes and scales: in one place, so that every screen says the same.

use egui::Color32;
use session::{Outcome, Significance, Stage};
use ui_kit::{Icon, IconWeight, Theme, t, t_args};

/// How a state is told: by an icon in its own colour and a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) icon: Icon,
    pub(crate) weight: IconWeight,
    pub(crate) color: Color32,
    pub(crate) word: &'static str,
}

/// The text key of a stage.
pub(crate) fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "state.draft",
        Stage::Intake => "state.intake",
        Stage::Ready => "state.ready",
        Stage::Reading => "state.reading",
        Stage::UnblindedEarly => "state.reading_unblinded",
        Stage::Sealed => "state.sealed",
        Stage::Comparing => "state.comparing",
        Stage::Adjudicating => "state.adjudication",
        Stage::Feedback => "state.feedback",
        Stage::Closed => "state.closed",
        Stage::NonDiagnostic => "state.non_diagnostic",
        Stage::Withdrawn => "state.withdrawn",
        Stage::OnHold => "state.on_hold",
    }
}

/// How the stage of a case is told.
pub(crate) fn stage_look(stage: Stage, theme: &Theme) -> Look {
    let (icon, color) = match stage {
        Stage::Draft | Stage::Ready => (Icon::CircleDashed, theme.t2),
        Stage::Intake => (Icon::CircleDashed, theme.warn.ink),
        Stage::Reading => (Icon::EyeSlash, theme.ac),
        Stage::UnblindedEarly => (Icon::Eye, theme.r1.ink),
        Stage::Sealed => (Icon::LockKey, theme.verdict('U').ink),
        Stage::Comparing => (Icon::GitDiff, theme.verdict('S').ink),
        Stage::Adjudicating => (Icon::Scales, theme.verdict('M').ink),
        Stage::Feedback => (Icon::ChatText, theme.t2),
        Stage::Closed => (Icon::CheckCircle, theme.t3),
        Stage::NonDiagnostic => (Icon::Prohibit, theme.t3),
        Stage::Withdrawn => (Icon::MinusCircle, theme.t3),
        Stage::OnHold => (Icon::Pause, theme.t3),
    };
    let weight = if stage == Stage::Closed {
        IconWeight::Filled
    } else {
        IconWeight::Regular
    };
    Look {
        icon,
        weight,
        color,
        word: t(stage_key(stage)),
    }
}

/// How an outcome is told.
pub(crate) fn outcome_look(outcome: Outcome, theme: &Theme) -> Look {
    let (icon, letter, key) = match outcome {
        Outcome::Confirmed => (Icon::Equals, 'A', "outcome.confirmed"),
        Outcome::Refined => (Icon::PlusMinus, 'S', "outcome.refined"),
        Outcome::Changed => (Icon::Swap, 'M', "outcome.changed"),
    };
    Look {
        icon,
        weight: IconWeight::Regular,
        color: theme.verdict(letter).ink,
        word: t(key),
    }
}

/// Filled bars and the word of a significance.
pub(crate) fn significance_bars(significance: Significance) -> (usize, &'static str) {
    match significance {
        Significance::None => (0, t("significance.none")),
        Significance::Minor => (1, t("significance.minor")),
        Significance::Moderate => (2, t("significance.moderate")),
        Significance::Major => (3, t("significance.major")),
    }
}

/// Grades that the reader chooses from, as the percent that is stored, with their words.
pub(crate) const CONFIDENCES: [(u8, &str); 3] = [
    (30, "confidence.low"),
    (60, "confidence.moderate"),
    (90, "confidence.high"),
];

/// Which of [`CONFIDENCES`] a stored percent is nearest to.
pub(crate) fn confidence_idx(percent: u8) -> usize {
    match percent {
        0..=45 => 0,
        46..=75 => 1,
        76.. => 2,
    }
}

/// A time of reading: `40 s`, `11 min 20 s`.
pub(crate) fn duration_words(seconds: u64) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    if minutes == 0 {
        t_args("time.seconds", &[("n", &rest.to_string())])
    } else {
        t_args(
            "time.minutes_seconds",
            &[("min", &minutes.to_string()), ("s", &rest.to_string())],
        )
    }
}

/// How long ago something was: `4 s`, `3 min`, `2 h`.
pub(crate) fn ago_words(seconds: u64) -> String {
    let (key, n) = match seconds {
        0..60 => ("time.seconds", seconds),
        60..3600 => ("time.minutes", seconds / 60),
        3600.. => ("time.hours", seconds / 3600),
    };
    t_args(key, &[("n", &n.to_string())])
}

/// A word with a capital in front, for a sentence that the record keeps in lower case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The initials of a person, two at most.
pub(crate) fn initials(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let firsts: String = words
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    firsts.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_of_confidence_is_read_back_as_itself() {
        for (choice_idx, (percent, _)) in CONFIDENCES.iter().enumerate() {
            assert_eq!(confidence_idx(*percent), choice_idx);
        }
    }

    #[test]
    fn times_have_their_unit() {
        assert_eq!(duration_words(40), "40 s");
        assert_eq!(duration_words(680), "11 min 20 s");
        assert_eq!(ago_words(4), "4 s");
        assert_eq!(ago_words(7260), "2 h");
    }

    #[test]
    fn a_person_has_two_initials_at_most() {
        for (name, expected) in [
            ("S. Iyer", "SI"),
            ("reader", "R"),
            ("", ""),
            ("Ada de Vries", "AD"),
        ] {
            assert_eq!(initials(name), expected);
        }
    }
}
