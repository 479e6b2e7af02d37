//! The word in the log and on the command line, and the label on screen, of each small closed list.

use crate::{
    Assertion, Bias, Cause, Change, Detectability, ErrorType, Outcome, SamplingMethod, Scheme,
    Severity, Side, Significance, Stage, Sureness, Upheld,
};

macro_rules! words {
    ($name:ident, $what:literal, $($variant:ident $word:literal $label:literal),+ $(,)?) => {
        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in JSON and on the command line.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The words on screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let text = text.trim();
                let found = Self::ALL.iter().find(|value| value.word().eq_ignore_ascii_case(text));
                found.copied().ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.word()).collect();
                    format!(concat!("'{}' is not ", $what, "; use one of {}"), text, known.join(", "))
                })
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words!(Assertion, "an assertion",
    Present "present" "Present", Absent "absent" "Absent", Possible "possible" "Possible",
    Historical "historical" "In the past", Hypothetical "hypothetical" "Asked about",
    OtherPerson "other_person" "Another person");
words!(Side, "a side", Left "left" "Left", Right "right" "Right", Bilateral "bilateral" "Both sides");
words!(Severity, "a severity",
    Trace "trace" "Trace", Mild "mild" "Mild", Moderate "moderate" "Moderate", Severe "severe" "Severe");
words!(Change, "a change",
    New "new" "New", Increased "increased" "Increased", Stable "stable" "Stable",
    Decreased "decreased" "Decreased", Resolved "resolved" "Resolved");
words!(ErrorType, "an error type",
    Perception "perception" "Perception", Interpretation "interpretation" "Interpretation",
    Communication "communication" "Communication", Technique "technique" "Technique",
    Information "information" "Information", Judgement "judgement" "Judgement");
words!(Significance, "a significance",
    None "none" "None", Minor "minor" "Minor", Moderate "moderate" "Moderate", Major "major" "Major");
words!(Cause, "a cause",
    Complacency "complacency" "Made too much of", FaultyReasoning "faulty_reasoning" "Wrong conclusion",
    LackOfKnowledge "lack_of_knowledge" "Not known", UnderReading "under_reading" "Overlooked",
    PoorCommunication "poor_communication" "Not said clearly", Technique "technique" "Technique",
    PriorNotReviewed "prior_not_reviewed" "Prior not looked at",
    HistoryIncomplete "history_incomplete" "History wanting",
    OutsideRegion "outside_region" "Outside the region looked at",
    SatisfactionOfSearch "satisfaction_of_search" "Search stopped early",
    Complication "complication" "Complication",
    SatisfactionOfReport "satisfaction_of_report" "Earlier report believed");
words!(Bias, "a bias",
    Sampling "sampling" "Sampling", Selection "selection" "Selection", Presentation "presentation" "Presentation",
    Information "information" "Information", Hindsight "hindsight" "Hindsight", Outcome "outcome" "Outcome",
    Attendance "attendance" "Attendance", Variation "variation" "Variation",
    Alliterative "alliterative" "Earlier report repeated");
words!(SamplingMethod, "a way to come to a reader",
    Chosen "chosen" "Chosen", Random "random" "Random", EveryNth "every_nth" "Every nth", Quota "quota" "Quota");
words!(Scheme, "a reporting scheme",
    BiRads "bi_rads" "BI-RADS", LungRads "lung_rads" "Lung-RADS", LiRads "li_rads" "LI-RADS",
    PiRads "pi_rads" "PI-RADS", TiRads "ti_rads" "TI-RADS");
words!(Sureness, "how sure one can be", Low "low" "Low", Moderate "moderate" "Moderate", High "high" "High");
words!(Upheld, "a decision",
    A "a" "Read A", B "b" "Read B", BothPartly "both_partly" "Both", Neither "neither" "Neither",
    Indeterminate "indeterminate" "Can\u{2019}t tell");
words!(Detectability, "a detectability",
    Understandable "understandable" "Understandable", UsuallySeen "usually_seen" "Usually seen");
words!(Outcome, "an outcome",
    Confirmed "confirmed" "Confirmed", Refined "refined" "Refined", Changed "changed" "Changed");
words!(Stage, "a stage",
    Draft "draft" "Draft", Intake "intake" "Intake", Ready "ready" "Ready", Reading "reading" "Reading",
    Sealed "sealed" "Sealed", UnblindedEarly "unblinded_early" "Unblinded early", Comparing "comparing" "Comparing",
    Adjudicating "adjudicating" "Adjudication", Feedback "feedback" "Signed", Closed "closed" "Closed",
    NonDiagnostic "non_diagnostic" "Not diagnostic", Withdrawn "withdrawn" "Withdrawn", OnHold "on_hold" "On hold");

#[cfg(test)]
mod tests {
    use super::*;

    fn words_are_those_of_the_log<T>(all: &[T], word: impl Fn(T) -> &'static str)
    where
        T: Copy + serde::Serialize + std::str::FromStr<Err = String> + PartialEq + std::fmt::Debug,
    {
        for &value in all {
            assert_eq!(serde_json::to_value(value).ok(), Some(word(value).into()));
            assert_eq!(word(value).parse(), Ok(value));
        }
        assert!("sideways".parse::<T>().is_err());
    }

    #[test]
    fn every_word_is_the_one_in_the_log_and_reads_back() {
        words_are_those_of_the_log(Assertion::ALL, Assertion::word);
        words_are_those_of_the_log(Side::ALL, Side::word);
        words_are_those_of_the_log(Severity::ALL, Severity::word);
        words_are_those_of_the_log(Change::ALL, Change::word);
        words_are_those_of_the_log(ErrorType::ALL, ErrorType::word);
        words_are_those_of_the_log(Significance::ALL, Significance::word);
        words_are_those_of_the_log(Cause::ALL, Cause::word);
        words_are_those_of_the_log(SamplingMethod::ALL, SamplingMethod::word);
        words_are_those_of_the_log(Bias::ALL, Bias::word);
        words_are_those_of_the_log(Scheme::ALL, Scheme::word);
        words_are_those_of_the_log(Sureness::ALL, Sureness::word);
        words_are_those_of_the_log(Upheld::ALL, Upheld::word);
        words_are_those_of_the_log(Detectability::ALL, Detectability::word);
        words_are_those_of_the_log(Outcome::ALL, Outcome::word);
        words_are_those_of_the_log(Stage::ALL, Stage::word);
    }
}
