//! The reason for opening the first report before the seal. It cannot be taken back, so it is held.

use egui::{Margin, Ui};
use session::{ReadCommand, Snapshot};
use ui_kit::{
    Dialog, HoldButton, Icon, Kind, TextField, Theme, Tone, inline_message, space, t, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// The panel, with what is typed.
#[derive(Debug, Default)]
pub(super) struct RevealPanel {
    is_open: bool,
    reason: String,
    wants_focus: bool,
}

impl RevealPanel {
    /// Shows the panel with an empty reason.
    pub(super) fn open(&mut self) {
        *self = Self {
            is_open: true,
            wants_focus: true,
            reason: String::new(),
        };
    }

    /// Draws the panel while it is open and there is something to reveal.
    pub(super) fn reveal_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let can_reveal = s
            .case
            .as_ref()
            .is_some_and(|case| case.blinded && case.report_attached);
        let mut open = self.is_open && can_reveal;
        let revealed = Dialog::new(t("reveal.title"), t("action.close"))
            .icon(Icon::Eye)
            .width(520.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new()
                    .inner_margin(margin)
                    .show(ui, |ui| self.body_ui(ui, theme))
                    .inner
            });
        self.is_open = open;
        if revealed == Some(true) {
            self.is_open = false;
            let urgent = Some(self.reason.trim().to_owned());
            out.push(ReadCommand::Reveal { urgent }.into());
        }
    }

    /// Was the button held long enough?
    fn body_ui(&mut self, ui: &mut Ui, theme: &Theme) -> bool {
        ui.spacing_mut().item_spacing.y = 8.0;
        wrapped_label(ui, t("reveal.text"), Kind::BODY, theme.t2);
        let field = TextField::new(&mut self.reason, t("reading.reveal_reason"))
            .hint(t("reading.reveal_reason.hint"))
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        let has_reason = !self.reason.trim().is_empty();
        let mut held = false;
        sides(
            ui,
            36.0,
            &mut held,
            |ui, _| inline_message(ui, Tone::Warning, t("reading.reveal_consequence")),
            |ui, held| {
                ui.add_enabled_ui(has_reason, |ui| {
                    let button = HoldButton::new(t("reading.hold_reveal"))
                        .icon(Icon::Eye)
                        .large();
                    *held = button.show(ui).completed();
                });
            },
        );
        held
    }
}
