//! What is computed from the images about a row, and what the third reader measured.

use egui::{Frame, Margin, Stroke, Ui, vec2};
use session::{
    AnonymousRead, ReadCommand, Side, ThirdCheck, ThirdReadSnapshot, ThirdRowSnapshot, ViewCommand,
};
use ui_kit::{
    Icon, IconButton, IconWeight, Kind, Theme, icon_label, radius, size, t, t_args, text_label,
    wrapped_label,
};

use crate::Action;
use crate::bar::sides;
use crate::wording::capitalised;

/// Width of the names of the checks, points.
const NAME: f32 = 148.0;

pub(super) fn checks_ui(
    (third, row): (&ThirdReadSnapshot, &ThirdRowSnapshot),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    Frame::new()
        .fill(theme.bg3)
        .stroke(Stroke::new(1.0, theme.st1))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            sides(
                ui,
                18.0,
                &mut (),
                |ui, ()| {
                    text_label(ui, t("third.checks"), Kind::LABEL.medium(), theme.t1);
                },
                |ui, ()| {
                    text_label(ui, t("third.checks.how"), Kind::HINT, theme.t3);
                },
            );
            for check in &third.checks {
                let (name, text) = words(check);
                let text = capitalised(&text);
                let (icon, weight, color) = match check {
                    _ if check.contradicts() => (Icon::Warning, IconWeight::Filled, theme.warn.ink),
                    // Two sizes beside each other are no judgement of either.
                    ThirdCheck::NoMark { .. } | ThirdCheck::MeasuredAgain { .. } => {
                        (Icon::Info, IconWeight::Regular, theme.t3)
                    }
                    ThirdCheck::SidesKnown { .. } | ThirdCheck::MarkLies { .. } => {
                        (Icon::CheckCircle, IconWeight::Filled, theme.ok)
                    }
                };
                line_ui((icon, weight, color), &name, &text, ui, theme);
            }
            for mark in &row.own_marks {
                ui.horizontal(|ui| {
                    let sign = (Icon::Ruler, IconWeight::Regular, size::ICON_INLINE);
                    icon_label(ui, sign.0, sign.1, sign.2, theme.t2);
                    let label = text_label(ui, t("third.your_mark"), Kind::LABEL, theme.t2);
                    ui.add_space((NAME - label.rect.width()).max(0.0));
                    let words = format!("{} · {}", mark.label, mark.image_text);
                    let go = text_label(ui, &words, Kind::LABEL, theme.t1);
                    if go.interact(egui::Sense::click()).clicked() {
                        out.push(ViewCommand::GoToMark(mark.id).into());
                    }
                    let remove = IconButton::small(Icon::Trash, t("action.delete"));
                    if ui.add(remove).clicked() {
                        out.push(ReadCommand::RemoveMark(mark.id).into());
                    }
                });
            }
        });
}

fn line_ui(
    (icon, weight, color): (Icon, IconWeight, egui::Color32),
    name: &str,
    text: &str,
    ui: &mut Ui,
    theme: &Theme,
) {
    ui.horizontal_top(|ui| {
        icon_label(ui, icon, weight, size::ICON_INLINE, color);
        let label = text_label(ui, name, Kind::LABEL, theme.t2);
        ui.add_space((NAME - label.rect.width()).max(0.0));
        ui.vertical(|ui| wrapped_label(ui, text, Kind::LABEL, theme.t1));
    });
}

fn read_word(read: AnonymousRead) -> &'static str {
    match read {
        AnonymousRead::A => t("third.read_a"),
        AnonymousRead::B => t("third.read_b"),
    }
}

fn side_word(side: Side) -> &'static str {
    t(match side {
        Side::Left => "third.side.left",
        Side::Right => "third.side.right",
        Side::Bilateral => "third.side.both",
    })
}

/// The name of a check and what came out.
fn words(check: &ThirdCheck) -> (String, String) {
    match check {
        ThirdCheck::SidesKnown { n_known, n_series } => {
            let (n, total) = (n_known.to_string(), n_series.to_string());
            (
                t("third.check.orientation").to_owned(),
                t_args("third.check.sides_known", &[("n", &n), ("total", &total)]),
            )
        }
        ThirdCheck::MarkLies {
            read,
            side,
            from_middle_mm,
            named,
        } => {
            let mm = format!("{from_middle_mm:.0}");
            let lies = match side {
                Some(side) => t_args(
                    "third.check.lies",
                    &[("side", side_word(*side)), ("mm", &mm)],
                ),
                None => t_args("third.check.middle", &[("mm", &mm)]),
            };
            let text = match named.filter(|_| check.contradicts()) {
                Some(named) => t_args(
                    "third.check.contradicts",
                    &[("lies", &lies), ("side", side_word(named))],
                ),
                None => lies,
            };
            let name = t_args("third.check.mark", &[("read", read_word(*read))]);
            (name, text)
        }
        ThirdCheck::NoMark { read, named } => {
            let text = match named {
                Some(side) => t_args("third.check.no_mark_side", &[("side", side_word(*side))]),
                None => t("third.check.no_mark").to_owned(),
            };
            let name = t_args("third.check.mark", &[("read", read_word(*read))]);
            (name, text)
        }
        ThirdCheck::MeasuredAgain {
            read,
            yours,
            theirs,
        } => {
            let letter = match read {
                AnonymousRead::A => "A",
                AnonymousRead::B => "B",
            };
            let arguments = [
                ("yours", yours.as_str()),
                ("read", letter),
                ("theirs", theirs),
            ];
            (
                t("third.check.measured_again").to_owned(),
                t_args("third.check.sizes", &arguments),
            )
        }
    }
}
