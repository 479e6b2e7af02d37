//! The judgement of the selected row: pictures, classes, error type, score, significance, note.

use case::SecondRef;
use egui::{Align, Layout, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};
use session::{
    Class, Command, CompareCommand, ComparisonSnapshot, Detectability, PairRow, Screen, Snapshot,
};
use ui_kit::{
    Button, Dropdown, Icon, IconWeight, Kind, MenuItem, Segment, Segmented, Theme, icon_label,
    panel_header, size, space, t, t_args, text_label, wrapped_label,
};

use super::amended::amended_ui;
use super::pictures::{Pictures, pictures_ui};
use crate::Action;
use crate::bar::{sides, sides_in};
use crate::keys::{as_caps, keys_of};
use crate::learning::PeerCard;
use crate::verdict::{
    Editing, NoteField, agrees, biases_ui, chips_ui, class_menu_ui, comparison, differs,
    error_type_ui, impact_ui, one_line, place_among_differing, save_and_next, saved_ui,
    selected_row, significance_ui, step_buttons_ui,
};

/// Height of the foot with the buttons.
const FOOT: f32 = 52.0;
/// Height of what stands below the note, points.
const PEER: f32 = 172.0;

/// Draws the form over the whole of `ui`.
pub(super) fn form_ui(
    (note, pictures, peer): (&mut NoteField, &mut Pictures, &mut PeerCard),
    s: &Snapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let whole = ui.max_rect();
    let shown = s.case.as_deref().zip(comparison(s).zip(selected_row(s)));
    let Some((case, (comparison, row))) = shown else {
        let inner = whole.shrink(16.0);
        text_label(
            &mut ui.new_child(UiBuilder::new().max_rect(inner)),
            t("note.choose"),
            Kind::BODY,
            theme.t3,
        );
        return;
    };
    ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
    header_ui(s, comparison, row, ui, theme, out);
    let editing = Editing::from(comparison.editable);
    let body = Rect::from_min_max(ui.cursor().min, pos2(whole.right(), whole.bottom() - FOOT));
    let builder = UiBuilder::new()
        .id_salt("form body")
        .max_rect(body.shrink2(vec2(12.0, 0.0)));
    let mut child = ui.new_child(builder.layout(Layout::top_down(Align::Min)));
    child.set_clip_rect(body.intersect(ui.clip_rect()));
    ScrollArea::vertical()
        .id_salt("form")
        .auto_shrink([false, false])
        .show(&mut child, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
            ui.add_space(12.0);
            ui.set_width(ui.available_width());
            let height = body.height();
            let picture_height = (height - 576.0).clamp(112.0, 300.0);
            pictures_ui(pictures, (s, row), picture_height, ui, theme);
            ui.add_space(8.0);
            evidence_ui(row, editing, ui, theme, out);
            ui.add_space(12.0);
            verdict_ui((comparison, row), editing, ui, theme, out);
            if row.asks {
                judgement_ui(row, editing, ui, theme, out);
                label_ui(ui, theme, (t("compare.note"), ""), None);
                let used = ui.min_rect().height();
                note.note_ui(s, (height - used - PEER).clamp(84.0, 200.0), ui, out);
                ui.add_space(12.0);
                peer.peer_ui((case, row), editing, ui, theme, out);
            } else {
                wrapped_label(ui, t("compare.not_addressed_text"), Kind::BODY, theme.t2);
            }
            if let Some(amended) = &case.amended {
                ui.add_space(12.0);
                amended_ui(amended, ui, theme, out);
            }
            ui.add_space(12.0);
        });
    let foot = Rect::from_min_max(pos2(whole.left(), whole.bottom() - FOOT), whole.max);
    ui.painter().hline(
        foot.x_range(),
        foot.top() + 0.5,
        Stroke::new(1.0, theme.st1),
    );
    foot_ui(note, s, row, foot.shrink2(vec2(12.0, 0.0)), ui, out);
}

fn header_ui(
    s: &Snapshot,
    comparison: &ComparisonSnapshot,
    row: &PairRow,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let title = match place_among_differing(comparison, row.pair.id) {
        Some((number, total)) => {
            let (number, total) = (number.to_string(), total.to_string());
            t_args("compare.discrepancy", &[("n", &number), ("total", &total)])
        }
        None if agrees(row) => t("compare.agreement").to_owned(),
        None => t("compare.not_addressed_title").to_owned(),
    };
    panel_header(ui, |ui| {
        icon_label(
            ui,
            Icon::NotePencil,
            IconWeight::Regular,
            size::ICON,
            theme.t2,
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            step_buttons_ui(s, ui, out);
            saved_ui(s, ui, theme);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text_label(ui, &title, Kind::CONTROL.semibold(), theme.t1);
            });
        });
    });
}

/// The classes of the row, how they are changed, and how the error came about.
fn verdict_ui(
    (comparison, row): (&ComparisonSnapshot, &PairRow),
    editing: Editing,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    if row.asks {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            chips_ui(row, ui, theme);
        });
        ui.add_space(8.0);
    }
    sides(
        ui,
        size::CONTROL,
        out,
        |ui, out| {
            class_menu_ui(row, editing, ui, out);
            align_ui(comparison, row, editing, ui, out);
        },
        |ui, out| {
            if row.asks {
                error_type_ui(row, editing, ui, out);
                text_label(ui, t("note.error_type"), Kind::LABEL, theme.t2);
            }
        },
    );
    ui.add_space(12.0);
}

/// Score and significance.
fn judgement_ui(
    row: &PairRow,
    editing: Editing,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    label_ui(
        ui,
        theme,
        (t("compare.score"), t("compare.score.hint")),
        row.score.as_deref(),
    );
    score_ui(row, editing, ui, theme, out);
    ui.add_space(12.0);
    label_ui(
        ui,
        theme,
        (t("significance.title"), t("significance.question")),
        None,
    );
    let width = ui.available_width();
    significance_ui(row, Some(width), editing, ui, out);
    ui.add_space(12.0);
    sides(
        ui,
        size::CONTROL,
        out,
        |ui, out| {
            text_label(ui, t("bias.title"), Kind::LABEL, theme.t2);
            biases_ui(row, editing, ui, out);
        },
        |ui, out| {
            impact_ui(row, editing, ui, out);
            text_label(ui, t("impact.title"), Kind::LABEL, theme.t2);
        },
    );
    ui.add_space(12.0);
}

fn label_ui(ui: &mut Ui, theme: &Theme, (name, hint): (&str, &str), value: Option<&str>) {
    ui.horizontal(|ui| {
        text_label(ui, name, Kind::LABEL.medium(), theme.t1);
        text_label(ui, hint, Kind::LABEL, theme.t3);
        if let Some(value) = value {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                text_label(ui, value, Kind::MONO.medium(), theme.t1);
            });
        }
    });
    ui.add_space(6.0);
}

/// Key image and the way back to the views.
fn evidence_ui(row: &PairRow, editing: Editing, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let evidence = row.verdict.as_ref().and_then(|v| v.evidence.as_ref());
    ui.horizontal(|ui| {
        icon_label(
            ui,
            Icon::ImageSquare,
            IconWeight::Regular,
            size::ICON_INLINE,
            theme.t2,
        );
        let words = match (evidence, row.finding) {
            (Some(_), _) => t("note.key_image_kept").to_owned(),
            (None, Some(id)) => t_args("compare.key_image", &[("where", &id.to_string())]),
            (None, None) => t("compare.no_key_image").to_owned(),
        };
        text_label(ui, &words, Kind::LABEL, theme.t2);
        if evidence.is_some() {
            let remove = Button::ghost(t("compare.key_image.remove")).small();
            if ui.add_enabled(editing.is_open(), remove).clicked() {
                out.push(CompareCommand::SetEvidence(row.pair.id, None).into());
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .add(Button::link(t("compare.open_reading")).small())
                .clicked()
            {
                out.push(CompareCommand::Select(row.pair.id).into());
                out.push(Command::Show(Screen::Reading).into());
            }
        });
    });
}

/// Joins a row that has one side with something of the other, or parts a row that has both.
fn align_ui(
    comparison: &ComparisonSnapshot,
    row: &PairRow,
    editing: Editing,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    ui.add_enabled_ui(editing.is_open(), |ui| {
        match (row.pair.first, row.pair.second) {
            (Some(_), Some(_)) => {
                let part = Button::ghost(t("compare.part"))
                    .icon(Icon::LinkSimpleBreak)
                    .small();
                if ui.add(part).clicked() {
                    out.push(CompareCommand::Part(row.pair.id).into());
                }
            }
            (Some(first), None) => {
                let items = comparison
                    .rows
                    .iter()
                    .filter_map(|other| Some((other.pair.second?, other.second_text.as_deref()?)));
                let items: Vec<(SecondRef, &str)> = items.collect();
                join_menu_ui(&items, ui, |second| {
                    out.push(CompareCommand::Join(first, second).into());
                });
            }
            (None, Some(second)) => {
                let items = comparison.rows.iter().filter_map(|other| {
                    let statement = other.first.as_ref()?;
                    Some((statement.id, statement.text.as_str()))
                });
                let items: Vec<_> = items.collect();
                join_menu_ui(&items, ui, |first| {
                    out.push(CompareCommand::Join(first, second).into());
                });
            }
            (None, None) => {}
        }
    });
}

fn join_menu_ui<T: Copy>(items: &[(T, &str)], ui: &mut Ui, mut join: impl FnMut(T)) {
    Dropdown::new(t("compare.join.name"), t("compare.join"))
        .icon(Icon::LinkSimple)
        .menu_width(420.0)
        .show(ui, |ui| {
            ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
                for (item, text) in items {
                    let words = shortened(&one_line(text), 64);
                    if ui.add(MenuItem::new(&words)).clicked() {
                        join(*item);
                    }
                }
            });
        });
}

/// At most so many letters, with an ellipsis where some are left out.
fn shortened(text: &str, n_max: usize) -> String {
    if text.chars().count() <= n_max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(n_max.saturating_sub(1)).collect();
    cut.trim_end().to_owned() + "…"
}

/// The score is derived; the control says whether it should have been seen.
fn score_ui(row: &PairRow, editing: Editing, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let segments = [
        Segment::new(t("compare.detect.agree")).figure("1"),
        Segment::new(t("compare.detect.understandable")).figure("2"),
        Segment::new(t("compare.detect.usually_seen")).figure("3"),
    ];
    let detectability = row.verdict.as_ref().and_then(|v| v.detectability);
    let chosen_idx = match (agrees(row), detectability) {
        (true, _) => Some(0),
        (false, Some(Detectability::Understandable)) => Some(1),
        (false, Some(Detectability::UsuallySeen)) => Some(2),
        (false, None) => None,
    };
    let width = ui.available_width();
    ui.add_enabled_ui(editing.is_open(), |ui| {
        let choices = Segmented::new(t("compare.score"), &segments, chosen_idx);
        let detectability = match choices.accent().width(width).show(ui) {
            None => return,
            Some(0) => {
                out.push(CompareCommand::SetClasses(row.pair.id, vec![Class::Agree]).into());
                return;
            }
            Some(1) => Detectability::Understandable,
            Some(_) => Detectability::UsuallySeen,
        };
        if differs(row) {
            out.push(CompareCommand::SetDetectability(row.pair.id, Some(detectability)).into());
        }
    });
    if agrees(row) {
        ui.add_space(4.0);
        wrapped_label(ui, t("compare.score.agrees"), Kind::HINT, theme.t3);
    }
}

fn foot_ui(
    note: &mut NoteField,
    s: &Snapshot,
    row: &PairRow,
    foot: Rect,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    sides_in(
        ui,
        foot,
        &mut (note, out),
        |ui, (_, out)| {
            let undo = Button::ghost(t("action.undo")).icon(Icon::ArrowUUpLeft);
            if ui.add_enabled(s.undo.is_some(), undo).clicked() {
                out.push(Command::Undo.into());
            }
        },
        |ui, (note, out)| {
            let keys = keys_of(s, "main_action");
            let label = match (row.asks, row.verdict.is_some()) {
                (true, false) => t("compare.confirm_next"),
                (true, true) => t("action.save_next"),
                (false, _) => t("action.next"),
            };
            if ui
                .add(Button::primary(label).keys(&as_caps(&keys)))
                .clicked()
            {
                note.flush(out);
                save_and_next(s, out);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn long_words_end_in_an_ellipsis() {
        assert_eq!(shortened("short", 8), "short");
        assert_eq!(shortened("much too long", 8), "much to…");
        assert_eq!(shortened("größe größe", 6), "größe…");
    }
}
