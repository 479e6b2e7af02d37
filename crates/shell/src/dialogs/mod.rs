//! What floats over every screen and asks for something: a path, a folder for exports, a reason.

mod amend;
mod attributes;
mod critical;
mod dictate;
mod display;
mod draw;
mod editor;
mod export;
mod hands;
mod hanging;
mod open;
mod password;
mod patterns;
mod picker;
mod protocols;
mod reveal;
mod roster;
mod views;
mod windows;

use egui::Ui;
use session::Snapshot;
use session::commands::ShellAction;
use ui_kit::{Theme, paint_scrim};

use crate::Action;
use crate::compare::AgreeQuestion;
use crate::palette::Palette;
use crate::shortcuts::ShortcutSheet;
pub(crate) use display::{check_words, statement};
use picker::{Picker, Purpose};

/// Everything that floats, each closed at first.
#[derive(Default)]
pub(crate) struct Dialogs {
    palette: Palette,
    sheet: ShortcutSheet,
    open: open::OpenBox,
    password: password::PasswordBox,
    export: export::ExportPanel,
    reveal: reveal::RevealPanel,
    critical: critical::CriticalPanel,
    amend: amend::AmendPanel,
    dictate: dictate::DictatePanel,
    roster: roster::RosterEditor,
    protocols: protocols::ProtocolEditor,
    draw: draw::DrawPanel,
    agree: AgreeQuestion,
    hands: hands::HandsPanel,
    hanging: hanging::HangingEditor,
    attributes: attributes::Attributes,
    display: display::DisplayPanel,
    patterns: patterns::PatternScreen,
    windows: windows::WindowEditor,
    views: views::ViewsPanel,
    picker: Picker,
    /// Did the last pass dim what is behind?
    dimmed: bool,
}

impl Dialogs {
    /// Holds an action back where it has to be asked about first.
    pub(crate) fn hold_back(&mut self, action: Action, s: &Snapshot) -> Option<Action> {
        self.agree.hold_back(action, s)
    }

    /// Opens and closes what the action names.
    pub(crate) fn take_shell(&mut self, action: ShellAction, s: &Snapshot) {
        match action {
            ShellAction::Palette => {
                self.sheet.close();
                self.palette.toggle();
            }
            ShellAction::Shortcuts => {
                self.palette.close();
                self.sheet.toggle();
            }
            ShellAction::OpenFolder => self.ask(Purpose::Folder),
            ShellAction::OpenArchive => self.ask(Purpose::Archive),
            ShellAction::AttachReport => self.ask(Purpose::Report),
            ShellAction::Export => self.export.open(s),
            ShellAction::EditHanging => self.hanging.open(s),
            ShellAction::TestPatterns => self.patterns.open(),
            ShellAction::Display => self.display.open(s),
            ShellAction::EditWindows => self.windows.open(s),
            ShellAction::EditBindings => {
                self.palette.close();
                self.sheet.close();
                self.hands.open();
            }
            ShellAction::ListViews => self.views.open(),
            ShellAction::RevealEarly => self.reveal.open(),
            ShellAction::Critical => self.critical.open(s),
            ShellAction::Amend => self.amend.open(s),
            ShellAction::Dictate => self.dictate.open(),
            ShellAction::Roster => self.roster.open(s),
            ShellAction::Protocols => self.protocols.open(s),
            ShellAction::Draw => self.draw.open(s),
            ShellAction::Cancel => {
                // The topmost goes first; those that are dialogs close themselves with the same key.
                self.palette.close();
                self.sheet.close();
                self.agree.close();
            }
            ShellAction::FullScreen
            | ShellAction::NextRegion
            | ShellAction::PreviousRegion
            | ShellAction::MainAction
            | ShellAction::AskSeal
            | ShellAction::Checklist
            | ShellAction::ToggleTheme
            | ShellAction::CopyNarrative => {}
        }
    }

    /// Are all keys for what floats?
    pub(crate) fn takes_keys(&self) -> bool {
        self.covers_window() || self.hands.takes_keys()
    }

    /// Is something open that is typed into from wherever the keyboard is?
    pub(crate) fn takes_text(&self) -> bool {
        self.palette.is_open()
    }

    /// Does something cover the whole window?
    pub(crate) fn covers_window(&self) -> bool {
        self.patterns.is_open()
    }

    /// Did the last pass dim the pictures behind a dialog?
    pub(crate) fn dimmed_pictures(&self) -> bool {
        self.dimmed
    }

    fn ask(&mut self, purpose: Purpose) {
        self.open.open(purpose);
        self.picker.ask(purpose);
    }

    /// Draws what is open.
    pub(crate) fn dialogs_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if let Some((purpose, answer)) = self.picker.poll(ui.ctx()) {
            match purpose {
                Purpose::ExportFolder => self.export.take_folder(answer),
                Purpose::Folder
                | Purpose::Archive
                | Purpose::Report
                | Purpose::ImportBindings
                | Purpose::ExportBindings => self.open.take_answer(purpose, answer, out),
            }
        }
        self.dimmed = self.sheet.is_open()
            || self.open.is_open()
            || self.hands.is_open()
            || self.password.is_open()
            || self.export.is_open()
            || self.critical.is_open()
            || self.amend.is_open()
            || self.dictate.is_open()
            || self.roster.is_open()
            || self.protocols.is_open()
            || self.draw.is_open()
            || self.hanging.is_open()
            || self.display.is_open()
            || s.look_up.is_some()
            || self.windows.is_open()
            || self.views.is_open();
        if self.dimmed {
            paint_scrim(ui, theme.scrim);
        }
        self.open.open_ui(&mut self.picker, ui, theme, out);
        self.password.password_ui(s, ui, theme, out);
        self.export.export_ui(s, &mut self.picker, ui, theme, out);
        // A path is asked for on top of it, and Escape belongs to that.
        if !self.open.is_open()
            && let Some(purpose) = self.hands.hands_ui(s, ui, theme, out)
        {
            self.ask(purpose);
        }
        self.hanging.editor_ui(s, ui, theme, out);
        self.attributes.attributes_ui(s, ui, theme, out);
        if !self.patterns.is_open() {
            self.display.display_ui(s, ui, theme, out);
        }
        self.windows.editor_ui(s, ui, theme, out);
        self.views.views_ui(s, ui, theme, out);
        self.reveal.reveal_ui(s, ui, theme, out);
        self.critical.critical_ui(s, ui, theme, out);
        self.amend.amend_ui(s, ui, theme, out);
        self.dictate.dictate_ui(s, ui, theme, out);
        self.roster.editor_ui(s, ui, theme, out);
        self.protocols.editor_ui(s, ui, theme, out);
        self.draw.draw_ui(s, ui, theme, out);
        self.agree.question_ui(s, ui, theme, out);
        self.sheet.shortcuts_ui(s, ui, theme, out);
        self.palette.palette_ui(s, ui, theme, out);
        self.patterns.patterns_ui(ui, theme, out);
    }
}
