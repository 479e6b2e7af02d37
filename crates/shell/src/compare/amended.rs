//! What the second reader changed after the reveal, and how far that led towards the first report.

use egui::{Margin, Ui};
use session::commands::ShellAction;
use session::{AmendedSnapshot, AmendmentKind, AmendmentRow, Direction};
use ui_kit::{Button, Card, Icon, Kind, Theme, id_badge, t, t_args, text_label, wrapped_label};

use crate::Action;
use crate::bar::sides;

/// Draws the card.
pub(super) fn amended_ui(
    amended: &AmendedSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    Card::plain(t("amended.title"))
        .margin(Margin::symmetric(12, 10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 6.0;
            sides(
                ui,
                24.0,
                out,
                |ui, _| {
                    text_label(ui, t("amended.title"), Kind::LABEL.medium(), theme.t1);
                },
                |ui, out| {
                    let change = Button::ghost(t("amended.change"))
                        .icon(Icon::PencilSimple)
                        .small();
                    if ui.add_enabled(amended.editable, change).clicked() {
                        out.push(Action::Shell(ShellAction::Amend));
                    }
                },
            );
            if amended.changes.is_empty() {
                wrapped_label(ui, t("amended.none"), Kind::HINT, theme.t3);
                return;
            }
            for row in &amended.changes {
                change_ui(row, ui, theme);
            }
            let (n, total) = (
                amended.anchoring.n_towards_first.to_string(),
                amended.anchoring.n_findings.to_string(),
            );
            let words = t_args("amended.anchoring", &[("n", &n), ("total", &total)]);
            wrapped_label(ui, &words, Kind::LABEL, theme.t2);
        });
}

fn change_ui(row: &AmendmentRow, ui: &mut Ui, theme: &Theme) {
    ui.horizontal(|ui| {
        let id = row.id.to_string();
        id_badge(ui, &id, theme.r2.ink, theme.on_reader[1]);
        let kind = t(match row.kind {
            AmendmentKind::Added => "amended.added",
            AmendmentKind::Changed => "amended.changed",
            AmendmentKind::Retracted => "amended.retracted",
        });
        text_label(ui, kind, Kind::LABEL.medium(), theme.t1);
        let direction = t(match row.direction {
            Direction::TowardsFirst => "amend.towards",
            Direction::AwayFromFirst => "amend.away",
            Direction::Unrelated => "amend.unrelated",
        });
        text_label(ui, direction, Kind::LABEL, theme.t3);
        text_label(ui, &row.at, Kind::MONO_SMALL, theme.t3);
    });
    wrapped_label(ui, &row.text, Kind::BODY, theme.t1);
    wrapped_label(ui, &row.reason, Kind::HINT, theme.t2);
}
