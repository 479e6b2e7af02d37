//! The password of an archive that is locked. It goes to the session and nowhere else.

use egui::{Key, Margin, Ui};
use session::{Command, LockedArchive, Password, Snapshot};
use ui_kit::{
    Button, Dialog, Icon, Kind, TextField, Theme, Tone, inline_message, space, t, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// The field, with what is typed, while an archive waits for it.
#[derive(Default)]
pub(super) struct PasswordBox {
    asked_for: Option<LockedArchive>,
    typed: String,
    wants_focus: bool,
}

impl PasswordBox {
    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.asked_for.is_some()
    }

    /// Opens with the archive that the session cannot open, and draws the field.
    pub(super) fn password_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if self.asked_for != s.locked {
            self.forget();
            self.asked_for = s.locked.clone();
            self.wants_focus = self.asked_for.is_some();
        }
        let Some(archive) = self.asked_for.clone() else {
            return;
        };
        let mut open = true;
        let entered = Dialog::new(t("password.title"), t("action.close"))
            .icon(Icon::FileZip)
            .width(520.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new()
                    .inner_margin(margin)
                    .show(ui, |ui| self.body_ui(&archive, ui, theme))
                    .inner
            });
        if entered == Some(true) {
            let password = Password::new(std::mem::take(&mut self.typed));
            out.push(Command::GivePassword(Some(password)).into());
        } else if !open {
            self.forget();
            out.push(Command::GivePassword(None).into());
        }
    }

    /// Was a password entered?
    fn body_ui(&mut self, archive: &LockedArchive, ui: &mut Ui, theme: &Theme) -> bool {
        ui.spacing_mut().item_spacing.y = 8.0;
        wrapped_label(ui, &archive.name, Kind::BODY, theme.t1);
        wrapped_label(ui, t("password.text"), Kind::BODY, theme.t2);
        let field = TextField::new(&mut self.typed, t("password.field"))
            .hidden()
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let has_text = !self.typed.is_empty();
        let mut is_pressed = false;
        sides(
            ui,
            36.0,
            &mut is_pressed,
            |ui, _| {
                if archive.was_wrong {
                    inline_message(ui, Tone::Warning, t("password.wrong"));
                }
            },
            |ui, is_pressed| {
                *is_pressed = ui
                    .add_enabled(has_text, Button::primary(t("action.open")))
                    .clicked();
            },
        );
        has_text && (is_entered || is_pressed)
    }

    fn forget(&mut self) {
        // A password wipes its bytes when it is let go.
        drop(Password::new(std::mem::take(&mut self.typed)));
    }
}
