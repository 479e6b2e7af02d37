//! The note on the selected row, under both reads.

use egui::{Align, CornerRadius, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use session::{Command, CompareCommand, PairRow, Snapshot};
use ui_kit::{
    Button, Icon, IconWeight, Kind, Reader, Theme, Tint, icon_label, radius, reader_mark, size,
    space, t, t_args, text_label, with_tip,
};

use super::Room;
use crate::Action;
use crate::bar::sides;
use crate::keys::{as_caps, keys_of};
use crate::verdict::{
    Editing, NoteField, chips_ui, class_icon, class_menu_ui, comparison, error_type_ui, one_line,
    place_among_differing, row_color, save_and_next, saved_ui, selected_row, significance_ui,
    step_buttons_ui,
};

/// Height of the part, points.
pub(super) fn height(panel: Rect, room: Room) -> f32 {
    let wanted: f32 = match room {
        Room::Narrow => 272.0,
        Room::Wide => 252.0,
    };
    wanted.min(panel.height() * 0.48)
}

/// Draws the note over the whole of `ui`.
pub(super) fn note_ui(
    note: &mut NoteField,
    s: &Snapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let whole = ui.max_rect();
    let line = Stroke::new(1.0, theme.st1);
    ui.painter().hline(whole.x_range(), whole.top() + 0.5, line);
    let inner = whole.shrink2(vec2(space::PANEL, 0.0));
    let builder = UiBuilder::new()
        .max_rect(inner)
        .layout(Layout::top_down(Align::Min));
    let ui = &mut ui.new_child(builder);
    ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
    let (Some(comparison), Some(row)) = (comparison(s), selected_row(s)) else {
        ui.add_space(14.0);
        text_label(ui, t("note.choose"), Kind::BODY, theme.t3);
        return;
    };
    let editing = Editing::from(comparison.editable);
    let room = if whole.width() < super::TABS_BELOW {
        Room::Narrow
    } else {
        Room::Wide
    };
    head_ui(s, row, room, ui, theme, out);
    if room == Room::Wide {
        pair_ui(row, ui, theme);
        ui.add_space(10.0);
    }
    judgement_ui(row, (editing, room), ui, theme, out);
    ui.add_space(8.0);
    let foot_height = 40.0;
    let height = (inner.bottom() - ui.cursor().top() - foot_height).max(40.0);
    note.note_ui(s, height, ui, out);
    sides(
        ui,
        foot_height,
        out,
        |ui, _| {
            if room == Room::Wide {
                let icon = Icon::Info;
                icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t3);
                text_label(ui, t("note.hint"), Kind::LABEL, theme.t3);
            }
        },
        |ui, out| foot_ui(note, s, row, ui, out),
    );
}

fn head_ui(
    s: &Snapshot,
    row: &PairRow,
    room: Room,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let color = row_color(row, theme);
    let place = comparison(s).and_then(|c| place_among_differing(c, row.pair.id));
    sides(
        ui,
        40.0,
        out,
        |ui, out| {
            icon_label(ui, Icon::NotePencil, IconWeight::Regular, size::ICON, color);
            if room == Room::Wide {
                text_label(ui, t("note.title"), Kind::CONTROL.semibold(), theme.t1);
            }
            if let Some((number, total)) = place {
                let (number, total) = (number.to_string(), total.to_string());
                let words = t_args("note.of", &[("n", &number), ("total", &total)]);
                text_label(ui, &words, Kind::MONO_SMALL, theme.t3);
            }
            if row.asks {
                chips_ui(row, ui, theme);
            } else {
                text_label(ui, t("compare.not_addressed"), Kind::LABEL, theme.t3);
            }
            if room == Room::Wide {
                let editing = Editing::from(comparison(s).is_some_and(|c| c.editable));
                class_menu_ui(row, editing, ui, out);
            }
        },
        |ui, out| {
            step_buttons_ui(s, ui, out);
            if room == Room::Wide {
                saved_ui(s, ui, theme);
            }
        },
    );
}

/// Both sides of the row in their colours, with what they differ in between.
fn pair_ui(row: &PairRow, ui: &mut Ui, theme: &Theme) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 34.0));
    let gap = super::GUTTER;
    let width = (rect.width() - gap) / 2.0;
    let left = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    let right = left.translate(vec2(width + gap, 0.0));
    let first = row.first.as_ref().map(|statement| statement.text.as_str());
    let sides = [
        (
            left,
            Reader::First,
            "reader.first",
            first,
            theme.r1,
            "compare.absent_first",
        ),
        (
            right,
            Reader::Second,
            "reader.second",
            row.second_text.as_deref(),
            theme.r2,
            "compare.absent_second",
        ),
    ];
    for (rect, reader, name, text, tint, absent) in sides {
        side_ui(
            ui,
            rect,
            (reader, t(name)),
            text.unwrap_or(t(absent)),
            tint,
            theme,
        );
    }
    if let Some(class) = row.classes.first() {
        let icon = class_icon(*class).glyph(IconWeight::Regular).to_string();
        let font = egui::FontId::new(size::ICON, IconWeight::Regular.family());
        let center = pos2(left.right() + gap / 2.0, rect.center().y);
        let color = row_color(row, theme);
        let galley = ui.painter().layout_no_wrap(icon, font, color);
        ui.painter()
            .galley(center - galley.size() / 2.0, galley, color);
    }
}

fn side_ui(
    ui: &mut Ui,
    rect: Rect,
    (reader, name): (Reader, &str),
    text: &str,
    tint: Tint,
    theme: &Theme,
) {
    let corner = CornerRadius::same(radius::CONTROL);
    let edge = Stroke::new(1.0, tint.edge);
    ui.painter()
        .rect(rect, corner, tint.fill, edge, StrokeKind::Inside);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(10.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut row = ui.new_child(builder);
    reader_mark(&mut row, reader, name);
    let text = one_line(text);
    text_label(&mut row, &text, Kind::BODY, theme.t1);
}

fn judgement_ui(
    row: &PairRow,
    (editing, room): (Editing, Room),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    if room == Room::Narrow {
        ui.horizontal(|ui| {
            class_menu_ui(row, editing, ui, out);
            error_type_ui(row, editing, ui, out);
        });
        ui.add_space(6.0);
        let width = ui.available_width();
        significance_ui(row, Some(width), editing, ui, out);
        return;
    }
    sides(
        ui,
        size::CONTROL,
        out,
        |ui, out| {
            text_label(ui, t("note.error_type"), Kind::LABEL, theme.t2);
            error_type_ui(row, editing, ui, out);
            ui.add_space(6.0);
            text_label(ui, t("note.significance"), Kind::LABEL, theme.t2);
            significance_ui(row, None, editing, ui, out);
        },
        |ui, out| key_image_ui(row, editing, ui, out),
    );
}

fn key_image_ui(row: &PairRow, editing: Editing, ui: &mut Ui, out: &mut Vec<Action>) {
    let evidence = row
        .verdict
        .as_ref()
        .and_then(|verdict| verdict.evidence.as_ref());
    let label = match evidence {
        Some(_) => t("note.key_image_kept"),
        None => t("note.take_key_image"),
    };
    let enabled = editing.is_open() && row.asks;
    let button = ui.add_enabled(enabled, Button::new(label).icon(Icon::ImageSquare).small());
    let button = with_tip(button, t("note.take_key_image.tip"), &[]);
    if button.clicked() {
        out.push(CompareCommand::TakeEvidence(row.pair.id).into());
    }
}

fn foot_ui(note: &mut NoteField, s: &Snapshot, row: &PairRow, ui: &mut Ui, out: &mut Vec<Action>) {
    let keys = keys_of(s, "main_action");
    let label = match (row.asks, row.verdict.is_some()) {
        (true, false) => t("compare.confirm_next"),
        _ => t("action.next"),
    };
    if ui
        .add(Button::new(label).small().keys(&as_caps(&keys)))
        .clicked()
    {
        note.flush(out);
        save_and_next(s, out);
    }
    let keys = keys_of(s, "undo");
    let caps = as_caps(&keys);
    let undo = Button::ghost(t("action.undo")).small().keys(&caps);
    if ui.add_enabled(s.undo.is_some(), undo).clicked() {
        note.flush(out);
        out.push(Command::Undo.into());
    }
}
