//! How a discrepancy came about, how thinking went astray, and what it led to.

use serde::{Deserialize, Serialize};

use crate::{Class, ErrorType};

/// The cause of a discrepancy, finer than its [`ErrorType`]: the twelve of Kim and Mansfield (AJR 2014;202:465), in
/// words of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Seen, and made more of than it is: put down to the wrong thing.
    Complacency,
    /// Seen, and recognised as abnormal, but reasoned to the wrong conclusion.
    FaultyReasoning,
    /// Seen, but the reader did not know what it means.
    LackOfKnowledge,
    /// There to be seen, and not seen.
    UnderReading,
    /// Seen and understood, but not said so that it was understood.
    PoorCommunication,
    /// The examination could not show it as it was made.
    Technique,
    /// An earlier examination was not looked at.
    PriorNotReviewed,
    /// History or question were wanting or wrong.
    HistoryIncomplete,
    /// It lies where nobody looked: outside the region asked about, at the edge of the images.
    OutsideRegion,
    /// The search stopped with the first finding.
    SatisfactionOfSearch,
    /// It came of an intervention.
    Complication,
    /// An earlier report was believed.
    SatisfactionOfReport,
}

impl Cause {
    /// The broad type that the cause belongs to: a verdict never names another beside it.
    pub fn error_type(self) -> ErrorType {
        match self {
            Self::UnderReading | Self::OutsideRegion | Self::SatisfactionOfSearch => {
                ErrorType::Perception
            }
            // Who leans on an earlier report looks, and takes over its judgement.
            Self::Complacency
            | Self::FaultyReasoning
            | Self::LackOfKnowledge
            | Self::SatisfactionOfReport => ErrorType::Interpretation,
            Self::PoorCommunication => ErrorType::Communication,
            Self::Technique | Self::Complication => ErrorType::Technique,
            Self::PriorNotReviewed | Self::HistoryIncomplete => ErrorType::Information,
        }
    }

    /// Can a row of these classes come of it? Where both agree nothing came of anything; what was reported and is not
    /// confirmed was not overlooked; what was left out was not made too much of.
    pub fn fits(self, classes: &[Class]) -> bool {
        match classes {
            [Class::Agree] => false,
            [Class::D2] => self.error_type() != ErrorType::Perception,
            [Class::D1 | Class::D1Second] => self != Self::Complacency,
            _ => true,
        }
    }
}

/// What bends the judgement of whoever looks at a case again (RCR, Standards for learning from discrepancies meetings,
/// appendix 5), and of whoever reads with a report at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bias {
    /// The cases looked at are not those there are.
    Sampling,
    /// Somebody chose the case.
    Selection,
    /// How it was shown.
    Presentation,
    /// More, or less, was known than at the time.
    Information,
    /// It is known now what to look for.
    Hindsight,
    /// It is known how it ended.
    Outcome,
    /// Who was there, and who was not.
    Attendance,
    /// Readers differ, rightly, among themselves.
    Variation,
    /// An earlier report was repeated.
    Alliterative,
}

/// What a discrepancy led to, 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Impact {
    /// 1: nothing.
    None = 1,
    /// 2: further images or visits only.
    FollowUp,
    /// 3: another treatment, without lasting harm.
    Treatment,
    /// 4: another treatment, with harm.
    Harm,
    /// 5: a death that may be related.
    Death,
}

impl Impact {
    /// Every value, in order.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::FollowUp,
        Self::Treatment,
        Self::Harm,
        Self::Death,
    ];

    /// 1 to 5.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "No effect",
            Self::FollowUp => "Further tests only",
            Self::Treatment => "Other treatment, no lasting harm",
            Self::Harm => "Other treatment, with harm",
            Self::Death => "Death, possibly related",
        }
    }
}

impl TryFrom<u8> for Impact {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|i| i.number() == number);
        found.ok_or_else(|| format!("{number} is no impact; use a number from 1 to 5"))
    }
}

impl From<Impact> for u8 {
    fn from(impact: Impact) -> Self {
        impact.number()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_cause_belongs_to_one_broad_type_and_fits_what_it_can_lead_to() {
        use Class::{Agree, D1, D1Second, D2, D3, D9};
        for cause in Cause::ALL {
            assert!(!cause.fits(&[Agree]), "{cause}");
            assert!(cause.fits(&[D9]) && cause.fits(&[D2, D3]), "{cause}");
        }
        let not_seen = Cause::ALL.iter().filter(|cause| !cause.fits(&[D2])).count();
        assert_eq!(not_seen, 3);
        assert!(!Cause::Complacency.fits(&[D1]) && !Cause::Complacency.fits(&[D1Second]));
        assert!(Cause::UnderReading.fits(&[D1]));
        assert_eq!(Cause::ALL.len(), 12);
        // Nobody can be blamed for a judgement that can be defended either way.
        let types: Vec<_> = Cause::ALL.iter().map(|cause| cause.error_type()).collect();
        assert!(!types.contains(&ErrorType::Judgement));
    }

    #[test]
    fn an_impact_is_a_number_from_1_to_5() {
        for impact in Impact::ALL {
            let json = serde_json::to_string(&impact).unwrap();
            assert_eq!(json, impact.number().to_string());
            assert_eq!(serde_json::from_str::<Impact>(&json).unwrap(), impact);
        }
        for bad in ["0", "6", "-1", "2.5", "\"2\""] {
            assert!(serde_json::from_str::<Impact>(bad).is_err(), "{bad}");
        }
    }
}
