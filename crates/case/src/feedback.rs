use serde::{Deserialize, Serialize};

use crate::{Actor, PairId, Timestamp};

/// What a message to the first reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// A good call.
    Praise,
    /// Something to learn from.
    LearningPoint,
    /// Something to ask.
    Question,
}

/// Does a message name who wrote it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// No: the rule of peer learning.
    Anonymous,
    /// Yes.
    Named,
}

/// What the first reader did with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackAnswer {
    /// Who answered.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// The reply; empty for a mere acknowledgement.
    pub text: String,
}

/// A message to the first reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// 1, 2, 3, … in the case.
    pub number: u32,
    /// What it is.
    pub kind: FeedbackKind,
    /// Does it name who wrote it?
    pub sender: Sender,
    /// The row that it is about, if it is about one.
    pub pair: Option<PairId>,
    /// Its words.
    pub text: String,
    /// Who wrote it; the record knows, the first reader need not.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What came back.
    pub answers: Vec<FeedbackAnswer>,
}

/// What became known later about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The row that it is about; `None`: the whole case.
    pub pair: Option<PairId>,
    /// What tells it.
    pub source: FollowUpSource,
    /// In words.
    pub text: String,
    /// Which read it bears out.
    pub bears_out: BorneOut,
    /// Who wrote it down.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// What tells the truth later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpSource {
    /// Tissue.
    Pathology,
    /// A later examination.
    Imaging,
    /// The course of the illness.
    Clinical,
}

/// Which read the truth bears out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BorneOut {
    /// The first.
    First,
    /// The second.
    Second,
    /// Both.
    Both,
    /// Neither.
    Neither,
    /// It cannot be told.
    Indeterminate,
}

/// A list of cases that others learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearningList {
    /// For the next conference.
    Conference,
    /// For the teaching file.
    Teaching,
}

/// That a case is on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Which list.
    pub list: LearningList,
    /// Why.
    pub reason: String,
    /// Who put it there.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// What was done to learn from a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum LearningEvent {
    /// A message was written to the first reader.
    FeedbackGiven {
        /// Its number.
        number: u32,
        /// What it is.
        kind: FeedbackKind,
        /// Does it name who wrote it?
        sender: Sender,
        /// The row that it is about.
        pair: Option<PairId>,
        /// Its words.
        text: String,
    },
    /// It was acknowledged or answered.
    FeedbackAnswered {
        /// Which.
        number: u32,
        /// The reply; empty for a mere acknowledgement.
        text: String,
    },
    /// The case was put on a list, or its reason was changed.
    Flagged {
        /// Which.
        list: LearningList,
        /// Why.
        reason: String,
    },
    /// It was taken off a list.
    Unflagged {
        /// Which.
        list: LearningList,
    },
    /// Something became known later.
    FollowedUp {
        /// The row that it is about.
        pair: Option<PairId>,
        /// What tells it.
        source: FollowUpSource,
        /// In words.
        text: String,
        /// Which read it bears out.
        bears_out: BorneOut,
    },
}

/// What somebody wants done to learn from a case.
#[derive(Clone, Debug, PartialEq)]
pub enum LearningCommand {
    /// Write to the first reader.
    GiveFeedback {
        /// What it is.
        kind: FeedbackKind,
        /// Does it name who wrote it?
        sender: Sender,
        /// The row that it is about, if it is about one.
        pair: Option<PairId>,
        /// Its words.
        text: String,
    },
    /// Acknowledge or answer.
    AnswerFeedback {
        /// Which.
        number: u32,
        /// The reply; empty for a mere acknowledgement.
        text: String,
    },
    /// Put the case on a list.
    Flag {
        /// Which.
        list: LearningList,
        /// Why.
        reason: String,
    },
    /// Take it off a list.
    Unflag {
        /// Which.
        list: LearningList,
    },
    /// Write down what became known.
    FollowUp {
        /// The row that it is about; `None`: the whole case.
        pair: Option<PairId>,
        /// What tells it.
        source: FollowUpSource,
        /// In words.
        text: String,
        /// Which read it bears out.
        bears_out: BorneOut,
    },
}
