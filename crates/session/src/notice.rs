use serde::Serialize;

/// Names a message on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct NoticeId(pub u64);

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// Something is done; may be taken back.
    Done,
    /// Something is not as it should be.
    Warning,
    /// Something could not be done.
    Refused,
}

/// What a message offers to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAction {
    /// Open the study again from where it was opened.
    OpenAgain,
}

/// A message to the reader: what happened, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its name for dismissal.
    pub id: NoticeId,
    /// How grave.
    pub kind: NoticeKind,
    /// Stable name, for instance `not_your_read`.
    pub code: String,
    /// One sentence.
    pub text: String,
    /// What to do next; may be empty.
    pub hint: String,
    /// What it offers to do; `None`: nothing.
    pub action: Option<NoticeAction>,
}
