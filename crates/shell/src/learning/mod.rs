//! What is learned from a case: messages to its first reader, their answers, and lists that it is put on.

mod first_reader;
mod messages;
mod peer;

use session::{CaseSnapshot, FeedbackKind, Snapshot};
use ui_kit::{Icon, t};

pub(crate) use first_reader::FirstReaderPanel;
pub(crate) use peer::PeerCard;

/// The open case, where the actor made its first read and sees only what is written to them.
pub(crate) fn first_readers_case(s: &Snapshot) -> Option<&CaseSnapshot> {
    s.case
        .as_deref()
        .filter(|case| case.learning.is_first_reader)
}

const KINDS: [(FeedbackKind, &str, Icon); 3] = [
    (FeedbackKind::Praise, "message.praise", Icon::SealCheck),
    (
        FeedbackKind::LearningPoint,
        "message.learning_point",
        Icon::GraduationCap,
    ),
    (FeedbackKind::Question, "message.question", Icon::Question),
];

fn kind_word(kind: FeedbackKind) -> &'static str {
    let found = KINDS.iter().find(|(one, ..)| *one == kind);
    found.map_or("", |(_, key, _)| t(key))
}

fn kind_icon(kind: FeedbackKind) -> Icon {
    let found = KINDS.iter().find(|(one, ..)| *one == kind);
    found.map_or(Icon::ChatText, |(.., icon)| *icon)
}
