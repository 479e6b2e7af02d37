//! The one thing that a screen is for now: the filled button, and Ctrl+Enter.

use session::commands::ShellAction;
use session::{Command, ReadCommand, Screen, Snapshot, Stage};
use ui_kit::{Icon, t};

use crate::{Action, UiAction};

/// The main action of a screen.
pub(crate) struct MainAction {
    pub(crate) icon: Icon,
    /// The words on the button.
    pub(crate) label: &'static str,
    /// The same where room is short.
    pub(crate) short: &'static str,
    pub(crate) action: Action,
}

/// What the open case is waiting for; `None` when it waits for nothing that the reader can do here.
pub(crate) fn of_case(s: &Snapshot) -> Option<MainAction> {
    let case = s.case.as_ref()?;
    let make = |icon, label, short, action| {
        Some(MainAction {
            icon,
            label: t(label),
            short: t(short),
            action,
        })
    };
    if case.learning.is_first_reader {
        return None;
    }
    if let Some(third) = &case.third {
        return crate::third_read::main_action(third);
    }
    match case.stage {
        Stage::Ready | Stage::Intake | Stage::Draft if case.yours => make(
            Icon::Play,
            "preview.start",
            "reading.start_short",
            ReadCommand::Start.into(),
        ),
        Stage::Reading if case.yours && case.reading_stage.has_next() => make(
            Icon::LockKey,
            "reading.seal_stage",
            "reading.seal_short",
            UiAction::AskSeal.into(),
        ),
        Stage::Reading | Stage::UnblindedEarly if case.yours => make(
            Icon::LockKey,
            "reading.seal",
            "reading.seal_short",
            UiAction::AskSeal.into(),
        ),
        Stage::Sealed if case.report_attached => make(
            Icon::Eye,
            "reading.open_report",
            "reading.open_report_short",
            ReadCommand::Reveal { urgent: None }.into(),
        ),
        Stage::Sealed => make(
            Icon::NotePencil,
            "preview.attach_report",
            "reading.attach_short",
            Action::Shell(ShellAction::AttachReport),
        ),
        Stage::Comparing => {
            let action = Command::Show(Screen::Compare).into();
            make(
                Icon::GitDiff,
                "preview.open_comparison",
                "reading.compare_short",
                action,
            )
        }
        Stage::Feedback | Stage::Closed => make(
            Icon::Export,
            "compare.export",
            "compare.export",
            Action::Shell(ShellAction::Export),
        ),
        Stage::Draft
        | Stage::Intake
        | Stage::Ready
        | Stage::Reading
        | Stage::UnblindedEarly
        | Stage::Adjudicating
        | Stage::NonDiagnostic
        | Stage::Withdrawn
        | Stage::OnHold => None,
    }
}

/// What Ctrl+Enter does on worklist and reading room.
pub(crate) fn of_screen(s: &Snapshot) -> Option<Action> {
    match s.screen {
        Screen::Worklist => s
            .preview
            .as_ref()
            .map(|preview| Command::OpenCase(preview.row.id.clone()).into()),
        Screen::Reading => of_case(s).map(|main| main.action),
        Screen::Compare => None,
    }
}
