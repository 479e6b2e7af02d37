use case::{AnnotationId, FindingId};
use session::Command;
use session::commands::{CommandSpec, Effect, ShellAction};

use crate::ScreenRegion;

/// What a panel asks for. Panels draw the snapshot and push these; they change nothing themselves.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Goes to the session.
    Session(Command),
    /// Goes to the window.
    Shell(ShellAction),
    /// Changes what only this window knows.
    Ui(UiAction),
}

/// Changes of the window that no session remembers.
#[derive(Clone, Debug, PartialEq)]
pub enum UiAction {
    /// Gives a region of the screen the keyboard.
    Focus(ScreenRegion),
    /// Puts text on the clipboard and says so.
    CopyText(String),
    /// Says in a toast what was done.
    Say(String),
    /// Lights a finding and its marks while the pointer rests on either.
    Point(Option<FindingId>),
    /// Selects a mark in the views.
    SelectMark(Option<AnnotationId>),
    /// Sets the width of the panel at the right, points; `None` goes back to the usual one.
    PanelWidth(Option<f32>),
    /// Shows what the seal means, and offers it.
    AskSeal,
}

impl Action {
    /// What a command of the table does now; `None` when it is off or has nothing to do it to.
    pub fn of_command(spec: &CommandSpec, snapshot: &session::Snapshot) -> Option<Self> {
        (spec.enabled)(snapshot)
            .then(|| (spec.effect)(snapshot))
            .flatten()
            .map(Self::from)
    }
}

impl From<Effect> for Action {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Session(command) => Self::Session(command),
            Effect::Shell(action) => Self::Shell(action),
        }
    }
}

impl From<Command> for Action {
    fn from(command: Command) -> Self {
        Self::Session(command)
    }
}

impl From<session::ViewCommand> for Action {
    fn from(command: session::ViewCommand) -> Self {
        Self::Session(Command::View(command))
    }
}

impl From<session::ReadCommand> for Action {
    fn from(command: session::ReadCommand) -> Self {
        Self::Session(Command::Read(command))
    }
}

impl From<session::CompareCommand> for Action {
    fn from(command: session::CompareCommand) -> Self {
        Self::Session(Command::Compare(command))
    }
}

impl From<session::ThirdCommand> for Action {
    fn from(command: session::ThirdCommand) -> Self {
        Self::Session(Command::Third(command))
    }
}

impl From<UiAction> for Action {
    fn from(action: UiAction) -> Self {
        Self::Ui(action)
    }
}
