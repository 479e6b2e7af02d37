use serde::{Deserialize, Serialize};

use crate::{Actor, FindingId, Timestamp};

/// How soon somebody must be told, by the categories of actionable findings of the American College of Radiology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Within minutes.
    Minutes,
    /// Within hours.
    Hours,
    /// Within days.
    Days,
}

/// How somebody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Face to face.
    InPerson,
    /// By telephone.
    Telephone,
    /// By a message that was answered.
    Message,
}

/// Did the one who was told repeat it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadBack {
    /// Yes, and rightly.
    Confirmed,
    /// No.
    NotDone,
}

/// That somebody was told of a critical finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// Who was told, by name or office.
    pub to: String,
    /// How.
    pub medium: Medium,
    /// Did they repeat it?
    pub read_back: ReadBack,
    /// When, as the one who told it says; the log has the time of the entry besides.
    pub told_at: String,
}

/// A finding that cannot wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CriticalFinding {
    /// 1, 2, 3, … in the case.
    pub number: u32,
    /// What it is, in one sentence.
    pub text: String,
    /// How soon somebody must be told.
    pub urgency: Urgency,
    /// The finding of the second read that it is, if it is one.
    pub finding: Option<FindingId>,
    /// Who raised it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Whoever was told, in order.
    pub communications: Vec<Communication>,
}

impl CriticalFinding {
    /// Was somebody told who repeated it?
    pub fn is_communicated(&self) -> bool {
        self.communications
            .iter()
            .any(|told| told.read_back == ReadBack::Confirmed)
    }
}

/// What was done about a finding that cannot wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum CriticalEvent {
    /// It was raised.
    Raised {
        /// Its number.
        number: u32,
        /// What it is.
        text: String,
        /// How soon somebody must be told.
        urgency: Urgency,
        /// The finding that it is.
        finding: Option<FindingId>,
    },
    /// Somebody was told.
    Communicated {
        /// Which.
        number: u32,
        /// Who, how, and whether they repeated it.
        communication: Communication,
    },
}

/// What somebody wants done about a finding that cannot wait.
#[derive(Clone, Debug, PartialEq)]
pub enum CriticalCommand {
    /// Raise it; at any stage, and the first report stays as closed as it is.
    Raise {
        /// What it is, in one sentence.
        text: String,
        /// How soon somebody must be told.
        urgency: Urgency,
        /// The finding of the second read that it is, if it is one.
        finding: Option<FindingId>,
    },
    /// Record that somebody was told.
    Communicate {
        /// Which.
        number: u32,
        /// Who, how, and whether they repeated it.
        communication: Communication,
    },
}
