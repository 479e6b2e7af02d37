//! How much of a case somebody may look at.

use serde::Serialize;

use crate::{Actor, Case, Class, FeedbackAnswer, FeedbackKind, Pair, PairId, Sender, Timestamp};

/// How much of a case an actor may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Onlooker {
    /// All that is open at this stage.
    Reviewer,
    /// Both reads without names: whoever may still make its third read.
    ThirdReader,
    /// What was written to them, and nothing else of either read: whoever made the first read.
    FirstReader,
}

impl Case {
    /// How much an actor may look at. Whoever made the case knows it; whoever made its first read learns from it what is
    /// written to them, without learning whose the second read is.
    pub fn onlooker(&self, actor: &Actor) -> Onlooker {
        let is_first = self.first_reader.as_ref() == Some(actor);
        let runs_it = [self.reader(), self.created_by()].contains(&Some(actor));
        if is_first && !runs_it {
            Onlooker::FirstReader
        } else if self.is_anonymous_for(actor) {
            Onlooker::ThirdReader
        } else {
            Onlooker::Reviewer
        }
    }

    /// Messages to the first reader, who does not see who wrote the anonymous ones. Nobody else needs them while the
    /// first report is closed or a third read goes on.
    pub fn feedback_view(&self, actor: &Actor) -> Vec<FeedbackView<'_>> {
        let onlooker = self.onlooker(actor);
        let is_first = onlooker == Onlooker::FirstReader || self.first_reader() == Some(actor);
        if onlooker == Onlooker::ThirdReader || (self.is_blinded() && !is_first) {
            return Vec::new();
        }
        let view = self.feedback.iter().map(|feedback| FeedbackView {
            number: feedback.number,
            kind: feedback.kind,
            pair: feedback.pair,
            row: feedback.pair.and_then(|id| self.feedback_row(id)),
            text: &feedback.text,
            by: (!is_first || feedback.sender == Sender::Named).then_some(&feedback.by),
            at: &feedback.at,
            answers: &feedback.answers,
        });
        view.collect()
    }

    /// What both reads say in a row; `None` once its comparison no longer counts, and while the one that counts is not
    /// signed. Older logs have rows of one number in two comparisons: a message about such a number is shown without row.
    fn feedback_row(&self, id: PairId) -> Option<FeedbackRow> {
        let signed = self.comparison.as_ref().is_some_and(|c| c.seal.is_some());
        if !signed || id.0 <= self.last_pair_number_aside {
            return None;
        }
        let pair: &Pair = self.pairs().iter().find(|pair| pair.id == id)?;
        let classes: Vec<Class> = pair
            .verdict
            .iter()
            .filter(|verdict| !verdict.agrees())
            .flat_map(|verdict| verdict.classes.clone())
            .collect();
        Some(FeedbackRow {
            first: pair.first.and_then(|id| self.statement_text(id)),
            second: pair.second.and_then(|item| self.item_text(item)),
            differs: classes.iter().map(|class| class.label()).collect(),
            classes,
        })
    }
}

/// A message to the first reader as an actor may see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedbackView<'a> {
    /// Which.
    pub number: u32,
    /// What it is.
    pub kind: FeedbackKind,
    /// The row that it is about.
    pub pair: Option<PairId>,
    /// What both reads say there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<FeedbackRow>,
    /// Its words.
    pub text: &'a str,
    /// Who wrote it; `None` for the first reader where it is anonymous.
    pub by: Option<&'a Actor>,
    /// When.
    pub at: &'a Timestamp,
    /// What came back.
    pub answers: &'a [FeedbackAnswer],
}

/// The row that a message is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedbackRow {
    /// What the first report says; `None`: nothing.
    pub first: Option<String>,
    /// What the second read says; `None`: nothing.
    pub second: Option<String>,
    /// Where they differ, in words; empty where they agree.
    pub differs: Vec<&'static str>,
    /// The same as classes.
    #[serde(skip)]
    pub classes: Vec<Class>,
}
