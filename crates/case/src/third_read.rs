use serde::{Deserialize, Serialize};

use crate::{
    Actor, Annotation, ImageRef, PairId, SealRecord, Significance, ThirdReadMode, Timestamp,
};

/// One of the two reads, without saying which: the third reader must not know who was first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AnonymousRead {
    /// The one that is called A in this case.
    A,
    /// The other.
    B,
}

/// Which of the two reads is called A. Whoever asks for a third read draws it at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadA {
    /// The first read.
    First,
    /// The second.
    Second,
}

/// Why a case goes to a third reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralReason {
    /// The protocol asks for it because of a discrepancy.
    Discrepancy,
    /// It agrees, and was drawn for the audit of agreeing cases.
    ConcordanceAudit,
    /// Somebody wants it.
    Requested,
}

/// Whom the third reader bears out about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upheld {
    /// The read that is called A.
    A,
    /// The read that is called B.
    B,
    /// Both, in part.
    BothPartly,
    /// Neither.
    Neither,
    /// It cannot be told.
    Indeterminate,
}

/// How sure a third reader is of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// It could well be otherwise.
    Low,
    /// It is likely so.
    Moderate,
    /// There is no reasonable doubt.
    High,
}

/// What the third reader decided about a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThirdVerdict {
    /// Whom it bears out.
    pub upheld: Upheld,
    /// How sure the third reader is; `None`: not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure: Option<Sureness>,
    /// Whether care would change by it, as the third reader sees it; `None`: not said. What the second reader said of
    /// the same stays beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub significance: Option<Significance>,
    /// What counts, in the third reader's words; may be empty.
    pub note: String,
    /// The image that shows it.
    pub evidence: Option<ImageRef>,
    /// What the third reader measured for it, in order of drawing. The numbers of the marks are their own count: they
    /// are no marks of the second read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Annotation>,
}

/// When the third reader looked at both reads, and how much of the study was looked at before: who reads for themselves
/// first is not led by either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdOpening {
    /// When.
    pub at: Timestamp,
    /// Viewed before over the whole current study, percent.
    pub viewed_percent: u8,
}

/// The third read of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThirdRead {
    /// How it is made.
    pub mode: ThirdReadMode,
    /// Why.
    pub reason: ReferralReason,
    /// Which read is called A.
    pub read_a: ReadA,
    /// The rows in the order in which the third reader sees them.
    pub order: Vec<PairId>,
    /// Who makes it, once taken.
    pub reader: Option<Actor>,
    /// When both reads were looked at first; `None`: not yet, or not in a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<ThirdOpening>,
    /// What was decided, in order of the decisions.
    pub verdicts: Vec<(PairId, ThirdVerdict)>,
    /// The seal, once signed, and when.
    pub seal: Option<(SealRecord, Timestamp)>,
}

impl ThirdRead {
    /// What was decided about a row; `None`: nothing yet.
    pub fn verdict(&self, pair: PairId) -> Option<&ThirdVerdict> {
        self.verdicts
            .iter()
            .find(|(id, _)| *id == pair)
            .map(|(_, verdict)| verdict)
    }

    /// Rows without a decision.
    pub fn n_pending(&self) -> usize {
        let open = |id: &&PairId| self.verdict(**id).is_none();
        self.order.iter().filter(open).count()
    }

    /// Which of the two reads a decision bears out; `None` for decisions that bear out neither alone.
    pub fn upheld_read(&self, verdict: &ThirdVerdict) -> Option<ReadA> {
        let other = match self.read_a {
            ReadA::First => ReadA::Second,
            ReadA::Second => ReadA::First,
        };
        match verdict.upheld {
            Upheld::A => Some(self.read_a),
            Upheld::B => Some(other),
            Upheld::BothPartly | Upheld::Neither | Upheld::Indeterminate => None,
        }
    }
}

/// What was done in a third read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum ThirdReadEvent {
    /// It was asked for.
    Asked {
        /// How it is made.
        mode: ThirdReadMode,
        /// Why.
        reason: ReferralReason,
        /// Which read is called A.
        read_a: ReadA,
        /// The rows in the order in which the third reader sees them.
        order: Vec<PairId>,
    },
    /// A reader took it; from here on it is theirs.
    Taken {},
    /// The third reader looked at both reads for the first time.
    Opened {
        /// Viewed before over the whole current study, percent.
        viewed_percent: u8,
    },
    /// The third reader decided about a row, changed it, or took it back.
    VerdictSet {
        /// Which row.
        pair: PairId,
        /// As it was.
        before: Option<ThirdVerdict>,
        /// As it is.
        after: Option<ThirdVerdict>,
    },
    /// It was signed.
    Signed {
        /// The signature.
        seal: SealRecord,
    },
}

/// What somebody wants done in a third read.
#[derive(Clone, Debug, PartialEq)]
pub enum ThirdReadCommand {
    /// Ask for one, about the rows of the signed comparison.
    Ask {
        /// How; `None`: as the protocol has it.
        mode: Option<ThirdReadMode>,
        /// Why.
        reason: ReferralReason,
        /// Which read is called A; drawn at random by the caller.
        read_a: ReadA,
        /// The rows in the order in which the third reader sees them; drawn at random by the caller.
        order: Vec<PairId>,
    },
    /// Take it.
    Take,
    /// Look at both reads. Taken as well when nobody has; the first time counts.
    Open {
        /// Viewed before over the whole current study, percent.
        viewed_percent: u8,
    },
    /// Decide about a row, or take the decision back.
    SetVerdict {
        /// Which row.
        pair: PairId,
        /// The decision.
        verdict: Option<ThirdVerdict>,
    },
    /// Sign it with a signature made over [`crate::Case::seal_digest`].
    Sign {
        /// The signature.
        seal: SealRecord,
    },
}
