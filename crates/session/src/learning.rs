//! What the open case teaches: messages to its first reader, lists that it is on, and what changed after the reveal.

use case::{
    Amended, AmendedFinding, AnchoringIndex, Case, Direction, FeedbackKind, FeedbackRow, Finding,
    FindingId, LearningList, Onlooker, PairId, Stage,
};

use crate::Session;
use crate::snap::{clock_time, day};

/// Messages to the first reader and lists, as the actor may see and change them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearningSnapshot {
    /// Did the actor make the first read, so that this is all they see?
    pub is_first_reader: bool,
    /// Messages to the first reader, in order.
    pub messages: Vec<MessageRow>,
    /// May the actor write one now?
    pub may_write: bool,
    /// Lists that the case is on.
    pub lists: Vec<LearningList>,
    /// May the actor put it on one?
    pub may_list: bool,
}

/// A message to the first reader.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    /// Which.
    pub number: u32,
    /// What it is.
    pub kind: FeedbackKind,
    /// The row that it is about.
    pub pair: Option<PairId>,
    /// What both reads say there.
    pub row: Option<FeedbackRow>,
    /// Its words.
    pub text: String,
    /// Who wrote it; empty for the first reader where it is anonymous.
    pub by: String,
    /// When, local time.
    pub at: String,
    /// What came back.
    pub answers: Vec<AnswerRow>,
    /// May the actor answer it?
    pub may_answer: bool,
}

/// What came back to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// When, local time.
    pub at: String,
    /// The reply; empty for a mere acknowledgement.
    pub text: String,
}

/// The layer of changes over the sealed read.
#[derive(Clone, Debug, PartialEq)]
pub struct AmendedSnapshot {
    /// The findings as the second reader holds them now.
    pub findings: Vec<Finding>,
    /// The name that a finding added now gets.
    pub next_id: FindingId,
    /// What changed, in order.
    pub changes: Vec<AmendmentRow>,
    /// How far that led towards the first report.
    pub anchoring: AnchoringIndex,
    /// May the actor change anything now?
    pub editable: bool,
}

/// A change after the reveal.
#[derive(Clone, Debug, PartialEq)]
pub struct AmendmentRow {
    /// The finding.
    pub id: FindingId,
    /// What became of it.
    pub kind: AmendmentKind,
    /// As it reads now, or read before it was taken back.
    pub text: String,
    /// The row that it is about.
    pub pair: Option<PairId>,
    /// Where it leads.
    pub direction: Direction,
    /// Why.
    pub reason: String,
    /// When, local time.
    pub at: String,
}

/// What became of a finding after the reveal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AmendmentKind {
    /// It is new.
    Added,
    /// It reads otherwise.
    Changed,
    /// It was taken back.
    Retracted,
}

impl Session {
    /// Of the whole case: what the actor may see of its messages is left to [`Case::feedback_view`].
    pub(crate) fn learning_snapshot(&self) -> LearningSnapshot {
        let Some(case) = self.whole_case() else {
            return LearningSnapshot::default();
        };
        let onlooker = case.onlooker(&self.actor);
        let reviews = onlooker == Onlooker::Reviewer;
        let answers = case.first_reader().is_none_or(|first| *first == self.actor);
        let messages = case.feedback_view(&self.actor).into_iter();
        let messages = messages.map(|message| MessageRow {
            number: message.number,
            kind: message.kind,
            pair: message.pair,
            row: message.row,
            text: message.text.to_owned(),
            by: message.by.map(ToString::to_string).unwrap_or_default(),
            at: format!("{} {}", day(message.at), clock_time(message.at)),
            answers: message
                .answers
                .iter()
                .map(|answer| AnswerRow {
                    at: format!("{} {}", day(&answer.at), clock_time(&answer.at)),
                    text: answer.text.clone(),
                })
                .collect(),
            may_answer: answers,
        });
        let signed = matches!(
            case.stage(),
            Stage::Feedback | Stage::Adjudicating | Stage::Closed
        ) && case.comparison().is_some_and(|c| c.seal.is_some());
        LearningSnapshot {
            is_first_reader: onlooker == Onlooker::FirstReader,
            messages: messages.collect(),
            may_write: reviews && signed,
            lists: match reviews {
                true => case.flags().iter().map(|flag| flag.list).collect(),
                false => Vec::new(),
            },
            may_list: reviews && !case.is_blinded() && case.read().seal.is_some(),
        }
    }

    /// The layer over the sealed read; `None` while the first report is closed.
    pub(crate) fn amended_snapshot(&self, case: &Case) -> Option<AmendedSnapshot> {
        let is_open = !case.is_blinded() && case.comparison().is_some();
        is_open.then(|| AmendedSnapshot {
            findings: case.findings_now(),
            next_id: case.next_amended_id(),
            changes: case
                .amendments()
                .iter()
                .map(|amended| amendment_row(case, amended))
                .collect(),
            anchoring: case.anchoring_index(),
            editable: case.stage() == Stage::Comparing && case.reader() == Some(&self.actor),
        })
    }
}

fn amendment_row(case: &Case, Amended { amendment, at }: &Amended) -> AmendmentRow {
    let (kind, id, text) = match &amendment.change {
        AmendedFinding::Added { finding } => {
            (AmendmentKind::Added, finding.id, finding.fact_text())
        }
        AmendedFinding::Changed { finding } => {
            (AmendmentKind::Changed, finding.id, finding.fact_text())
        }
        AmendedFinding::Retracted { id } => {
            let added = case
                .amendments()
                .iter()
                .find_map(|other| match &other.amendment.change {
                    AmendedFinding::Added { finding } if finding.id == *id => Some(finding),
                    _ => None,
                });
            let text = case.finding(*id).or(added).map(Finding::fact_text);
            (AmendmentKind::Retracted, *id, text.unwrap_or_default())
        }
    };
    AmendmentRow {
        id,
        kind,
        text,
        pair: amendment.pair,
        direction: amendment.direction,
        reason: amendment.reason.clone(),
        at: clock_time(at),
    }
}
