use egui::{CornerRadius, Frame, Margin, ScrollArea, Stroke, Ui};
use session::ReadCommand;
use session::commands::ShellAction;
use ui_kit::{
    Button, Icon, IconWeight, Kind, TextArea, Theme, dashed_card, icon_label, radius, size, t,
    text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;
use crate::draft::Draft;

/// Room for the hint below the impression.
const HINT: f32 = 54.0;
/// The impression is at least this high.
const MIN_HEIGHT: f32 = 72.0;

/// The impression, over what room is left.
pub(super) fn impression_ui(
    draft: &mut Draft,
    may_write: bool,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    ui.add_space(6.0);
    sides(
        ui,
        22.0,
        out,
        |ui, _| {
            text_label(ui, t("reading.impression"), Kind::LABEL.medium(), theme.t1);
        },
        |ui, out| {
            let from_text = Button::ghost(t("dictate.button"))
                .icon(Icon::TextAlignLeft)
                .small();
            if may_write && ui.add(from_text).clicked() {
                out.extend(
                    draft
                        .take()
                        .map(|text| Action::from(ReadCommand::WriteImpression(text))),
                );
                out.push(Action::Shell(ShellAction::Dictate));
            }
        },
    );
    ui.add_space(4.0);
    if !may_write {
        written_ui(&draft.text, ui, theme);
        return;
    }
    let has_hint = !compact && MIN_HEIGHT + HINT + 10.0 < ui.available_height();
    let below = if has_hint { HINT + 10.0 } else { 8.0 };
    let height = (ui.available_height() - below).max(MIN_HEIGHT);
    let area =
        TextArea::new(&mut draft.text, t("reading.impression"), height).kind(Kind::STATEMENT);
    let response = area.hint(t("reading.impression.hint")).show(ui);
    out.extend(
        draft
            .after(&response)
            .map(|text| Action::from(ReadCommand::WriteImpression(text))),
    );
    if has_hint {
        ui.add_space(10.0);
        dashed_card(ui, |ui| {
            ui.horizontal(|ui| {
                icon_label(ui, Icon::Note, IconWeight::Regular, size::ICON, theme.t3);
                wrapped_label(ui, t("reading.notes_later"), Kind::LABEL, theme.t3);
            });
        });
    }
}

/// The impression as it was sealed, or as another reader wrote it so far.
fn written_ui(text: &str, ui: &mut Ui, theme: &Theme) {
    let frame = Frame::new()
        .fill(theme.bg3)
        .stroke(Stroke::new(1.0, theme.st1))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::symmetric(12, 10));
    let room = (ui.available_height() - 30.0).max(MIN_HEIGHT);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::vertical()
            .id_salt("impression")
            .max_height(room)
            .show(ui, |ui| {
                if text.is_empty() {
                    wrapped_label(
                        ui,
                        t("reading.check.no_impression"),
                        Kind::STATEMENT,
                        theme.t3,
                    );
                } else {
                    wrapped_label(ui, text, Kind::STATEMENT, theme.t1);
                }
            });
    });
}
