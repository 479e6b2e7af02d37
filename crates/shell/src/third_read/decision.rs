//! One row of a third read: what A and B say, which of them the images support, how sure, how grave, and why.

use egui::{Align, Frame, Layout, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};
use session::{
    Command, PairId, Significance, Snapshot, Sureness, ThirdCommand, ThirdReadSnapshot,
    ThirdRowSnapshot, ThirdSide, Upheld,
};
use ui_kit::{
    Button, Choice, Icon, IconButton, IconWeight, Kind, Reader, Segment, Segmented, TextArea,
    Theme, Tone, icon_label, inline_message, panel_header, radius, reader_mark, size, space, t,
    t_args, text_label, wrapped_label,
};

use super::checks::checks_ui;
use super::{save_and_next, selected, skip};
use crate::Action;
use crate::bar::sides_in;
use crate::draft::Draft;
use crate::keys::{as_caps, keys_of};
use crate::verdict::saved_ui;
use crate::wording::significance_bars;

/// Height of the foot with the buttons, and of the choices, points.
const FOOT: f32 = 52.0;
const CHOICE: f32 = 56.0;

pub(super) fn decision_ui(
    reason: &mut Draft,
    (s, third): (&Snapshot, &ThirdReadSnapshot),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let whole = ui.max_rect();
    ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
    let Some(row) = selected(s) else {
        let inner = whole.shrink(16.0);
        let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
        text_label(&mut child, t("third.choose_row"), Kind::BODY, theme.t3);
        return;
    };
    header_ui((s, third, row), ui, theme, out);
    let body = Rect::from_min_max(ui.cursor().min, pos2(whole.right(), whole.bottom() - FOOT));
    let inner = body.shrink2(vec2(space::PANEL, 0.0));
    let builder = UiBuilder::new().id_salt("decision body").max_rect(inner);
    let mut child = ui.new_child(builder.layout(Layout::top_down(Align::Min)));
    child.set_clip_rect(body.intersect(ui.clip_rect()));
    ScrollArea::vertical()
        .id_salt("decision")
        .auto_shrink([false, false])
        .show(&mut child, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
            ui.set_width(ui.available_width());
            ui.add_space(12.0);
            reads_ui(row, ui, theme);
            ui.add_space(12.0);
            choice_ui(row, ui, theme, out);
            ui.add_space(12.0);
            weight_ui(row, ui, theme, out);
            ui.add_space(12.0);
            text_label(ui, t("third.reason"), Kind::LABEL.medium(), theme.t1);
            ui.add_space(6.0);
            reason_ui(reason, row.pair, ui, out);
            ui.add_space(12.0);
            checks_ui((third, row), ui, theme, out);
            ui.add_space(8.0);
            inline_message(ui, Tone::Info, t("third.editable"));
            ui.add_space(12.0);
        });
    let foot = Rect::from_min_max(pos2(whole.left(), whole.bottom() - FOOT), whole.max);
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter().hline(foot.x_range(), foot.top() + 0.5, edge);
    foot_ui(
        (s, third, row),
        reason,
        foot.shrink2(vec2(12.0, 0.0)),
        ui,
        out,
    );
}

fn header_ui(
    (s, third, row): (&Snapshot, &ThirdReadSnapshot, &ThirdRowSnapshot),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let at = third.rows.iter().position(|other| other.pair == row.pair);
    let (n, total) = (at.map_or(0, |at| at + 1), third.rows.len());
    let (n, total) = (n.to_string(), total.to_string());
    let title = t_args("third.decision", &[("n", &n), ("total", &total)]);
    panel_header(ui, |ui| {
        icon_label(ui, Icon::Scales, IconWeight::Regular, size::ICON, theme.t2);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // Laid out from the right, so the next comes first.
            for (icon, id, by) in [
                (Icon::CaretDown, "third_next", 1),
                (Icon::CaretUp, "third_previous", -1),
            ] {
                let keys = keys_of(s, id);
                let caps = as_caps(&keys);
                let name = match by {
                    1 => t("command.third_next"),
                    _ => t("command.third_previous"),
                };
                if ui.add(IconButton::small(icon, name).keys(&caps)).clicked() {
                    out.push(ThirdCommand::Step(by).into());
                }
            }
            saved_ui(s, ui, theme);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text_label(ui, &title, Kind::CONTROL.semibold(), theme.t1);
            });
        });
    });
}

/// What A and B say, side by side, each with what it shows for it.
fn reads_ui(row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme) {
    let width = (ui.available_width() - space::MEDIUM) / 2.0;
    ui.horizontal_top(|ui| {
        for (reader, side) in [(Reader::A, &row.a), (Reader::B, &row.b)] {
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                side_ui(reader, side, ui, theme);
            });
        }
    });
}

fn side_ui(reader: Reader, side: &ThirdSide, ui: &mut Ui, theme: &Theme) {
    let (name, tint) = match reader {
        Reader::B => (t("third.read_b"), theme.rb),
        _ => (t("third.read_a"), theme.ra),
    };
    Frame::new()
        .fill(theme.bg3)
        .stroke(Stroke::new(1.0, tint.edge))
        .corner_radius(radius::CARD)
        .inner_margin(Margin::same(10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(76.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.horizontal(|ui| {
                reader_mark(ui, reader, name);
                text_label(ui, name, Kind::LABEL.medium(), theme.t1);
            });
            match &side.text {
                Some(text) => wrapped_label(ui, text, Kind::BODY, theme.t1),
                None => wrapped_label(ui, t("third.says_nothing"), Kind::BODY, theme.t3),
            };
            if side.text.is_some() {
                shown_ui(side, ui, theme);
            }
        });
}

/// The image that a read names, and whether it measured, marked or only wrote.
fn shown_ui(side: &ThirdSide, ui: &mut Ui, theme: &Theme) {
    let (icon, words) = match (side.size_text.is_empty(), side.is_marked) {
        (false, _) => (
            Icon::Ruler,
            t_args("third.measured", &[("size", &side.size_text)]),
        ),
        (true, true) => (Icon::MapPin, t("third.marked").to_owned()),
        (true, false) => (Icon::TextAlignLeft, t("third.text_only").to_owned()),
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        if !side.image_text.is_empty() {
            icon_label(
                ui,
                Icon::ImageSquare,
                IconWeight::Regular,
                size::ICON_INLINE,
                theme.t3,
            );
            text_label(ui, &side.image_text, Kind::LABEL, theme.t3);
            ui.add_space(4.0);
        }
        icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t3);
        text_label(ui, &words, Kind::LABEL, theme.t3);
    });
}

fn choice_ui(row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    text_label(ui, t("third.which"), Kind::LABEL.medium(), theme.t1);
    ui.add_space(6.0);
    let gap = 6.0;
    let each = vec2((ui.available_width() - 4.0 * gap) / 5.0, CHOICE);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let choices = [
            (
                Upheld::A,
                Choice::reader(t("third.read_a"), Reader::A, each),
            ),
            (
                Upheld::B,
                Choice::reader(t("third.read_b"), Reader::B, each),
            ),
            (
                Upheld::BothPartly,
                Choice::icon(t("third.both"), Icon::Intersect, each),
            ),
            (
                Upheld::Neither,
                Choice::icon(t("third.neither"), Icon::Prohibit, each),
            ),
            (
                Upheld::Indeterminate,
                Choice::icon(t("third.cannot_tell"), Icon::Question, each),
            ),
        ];
        for ((upheld, choice), figure) in choices.into_iter().zip(["1", "2", "3", "4", "5"]) {
            let is_chosen = row.decision.upheld == Some(upheld);
            if ui.add(choice.figure(figure).selected(is_chosen)).clicked() {
                out.push(match is_chosen {
                    true => ThirdCommand::Clear(row.pair).into(),
                    false => ThirdCommand::Uphold(row.pair, upheld).into(),
                });
            }
        }
    });
}

/// How sure, and whether care would change.
fn weight_ui(row: &ThirdRowSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let gap = space::MEDIUM;
    let (left, right) = {
        let all = ui.available_width() - gap;
        (all * 0.43, all * 0.57)
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.allocate_ui_with_layout(vec2(left, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(left);
            text_label(ui, t("third.sure"), Kind::LABEL.medium(), theme.t1);
            ui.add_space(6.0);
            let words = ["third.sure.low", "third.sure.moderate", "third.sure.high"].map(t);
            let segments = words.map(Segment::new);
            let chosen = Sureness::ALL
                .iter()
                .position(|sure| row.decision.sure == Some(*sure));
            let choices = Segmented::new(t("third.sure"), &segments, chosen);
            let pressed = choices.width(left).show(ui);
            if let Some(sure) = pressed.and_then(|idx| Sureness::ALL.get(idx)) {
                let next = (row.decision.sure != Some(*sure)).then_some(*sure);
                out.push(ThirdCommand::SetSure(row.pair, next).into());
            }
        });
        ui.allocate_ui_with_layout(vec2(right, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(right);
            text_label(ui, t("significance.title"), Kind::LABEL.medium(), theme.t1);
            ui.add_space(6.0);
            let segments: Vec<Segment<'_>> = Significance::ALL
                .iter()
                .map(|value| Segment::new(significance_bars(*value).1))
                .collect();
            let chosen = Significance::ALL
                .iter()
                .position(|value| row.decision.significance == Some(*value));
            let choices = Segmented::new(t("significance.title"), &segments, chosen);
            let pressed = choices.width(right).show(ui);
            if let Some(value) = pressed.and_then(|idx| Significance::ALL.get(idx)) {
                let next = (row.decision.significance != Some(*value)).then_some(*value);
                out.push(ThirdCommand::SetSignificance(row.pair, next).into());
            }
        });
    });
}

fn reason_ui(reason: &mut Draft, row: PairId, ui: &mut Ui, out: &mut Vec<Action>) {
    let field = TextArea::new(&mut reason.text, t("third.reason"), 112.0)
        .hint(t("third.reason.hint"))
        .kind(Kind::BODY)
        .show(ui);
    if let Some(text) = reason.after(&field) {
        out.push(ThirdCommand::SetNote(row, text).into());
    }
}

fn foot_ui(
    (s, third, row): (&Snapshot, &ThirdReadSnapshot, &ThirdRowSnapshot),
    reason: &mut Draft,
    foot: Rect,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    sides_in(
        ui,
        foot,
        &mut (reason, out),
        |ui, (_, out)| {
            let undo = Button::ghost(t("action.undo")).icon(Icon::ArrowUUpLeft);
            if ui.add_enabled(s.undo.is_some(), undo).clicked() {
                out.push(Command::Undo.into());
            }
            if ui.add(Button::ghost(t("third.skip"))).clicked() {
                skip(row.pair, third, out);
            }
        },
        |ui, (reason, out)| {
            let keys = keys_of(s, "main_action");
            let save = Button::primary(t("action.save_next"));
            if ui.add(save.keys(&as_caps(&keys))).clicked() {
                if let Some(text) = reason.take() {
                    out.push(ThirdCommand::SetNote(row.pair, text).into());
                }
                save_and_next(s, third, out);
            }
        },
    );
}
