//! One row: a card on each side, the ribbon between them, and the verdict on its waist.

use case::{SecondRef, StatementId};
use egui::{
    Align, Color32, CornerRadius, DragAndDrop, Galley, Id, LayerId, Layout, Order, Rangef, Rect,
    Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{Class, CompareCommand, ComparisonSnapshot, PairRow, Snapshot};
use std::sync::Arc;
use ui_kit::{
    Emphasis, Kind, Ribbon, RibbonEnd, Theme, focus_is_from_keyboard, id_badge, paint_dashed_rect,
    radius, t, t_args,
};

use super::columns::Columns;
use crate::Action;
use crate::metrics::is_compact;
use crate::verdict::{chips_ui, classes_words, marked_job, one_line, row_color};

/// Should the list scroll to the row?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    Scroll,
    Stay,
}

/// Where a row is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowPlace {
    pub(super) columns: Columns,
    /// Number of the second read's item, counted down the list.
    pub(super) n_second: u32,
    pub(super) follow: Follow,
}

/// What is being dragged to be joined with something of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dragged {
    First(StatementId),
    Second(SecondRef),
}

/// Room in a card left and right of its words.
const LEFT_ROOM: f32 = 36.0;
const RIGHT_ROOM: f32 = 16.0;
/// Room for the badge of a finding.
const BADGE_ROOM: f32 = 40.0;

struct Side<'a> {
    rect: Rect,
    galley: Option<Arc<Galley>>,
    number: String,
    name: String,
    absent: &'a str,
}

/// Draws a row over the available width.
pub(super) fn row_ui(
    s: &Snapshot,
    (comparison, row): (&ComparisonSnapshot, &PairRow),
    place: RowPlace,
    (ui, theme): (&mut Ui, &Theme),
    out: &mut Vec<Action>,
) {
    let RowPlace {
        columns,
        n_second,
        follow,
    } = place;
    let is_selected = Some(row.pair.id) == s.selected_pair;
    let galleys = galleys(comparison, row, columns, ui, theme);
    // What needs no verdict stays low, so that what differs is found at a glance.
    let (min_height, air): (f32, f32) = match (row.asks, is_compact(ui.ctx().content_rect())) {
        (false, _) => (34.0, 12.0),
        (true, true) => (48.0, 20.0),
        (true, false) => (58.0, 20.0),
    };
    let text_height = galleys
        .iter()
        .flatten()
        .map(|g| g.size().y)
        .fold(0.0, f32::max);
    let chips_height = 24.0 * row.classes.len() as f32 + 8.0;
    let height = min_height.max(text_height + air).max(chips_height);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    if follow == Follow::Scroll {
        ui.scroll_to_rect(rect.expand(48.0), None);
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let [first, second] = galleys;
    let color = row_color(row, theme);
    let left = Side {
        rect: Rect::from_x_y_ranges(columns.left, rect.y_range()),
        galley: first,
        number: row
            .first
            .as_ref()
            .map_or(String::new(), |f| f.id.0.to_string()),
        name: row.first.as_ref().map_or(String::new(), |f| {
            t_args(
                "compare.first_item",
                &[("n", &f.id.0.to_string()), ("text", &one_line(&f.text))],
            )
        }),
        absent: t("compare.absent_first"),
    };
    let right = Side {
        rect: Rect::from_x_y_ranges(columns.right, rect.y_range()),
        galley: second,
        number: n_second.to_string(),
        name: row.second_text.as_ref().map_or(String::new(), |text| {
            t_args(
                "compare.second_item",
                &[("n", &n_second.to_string()), ("text", &one_line(text))],
            )
        }),
        absent: if row.asks {
            t("compare.absent_second")
        } else {
            t("compare.not_addressed")
        },
    };
    ribbon_ui(row, (&left, &right), is_selected, color, ui);
    let first_card = side_ui(row, &left, (is_selected, "first"), color, (ui, theme));
    let second_card = side_ui(row, &right, (is_selected, "second"), color, (ui, theme));
    if let Some(finding) = row.finding {
        let at = pos2(right.rect.right() - BADGE_ROOM, rect.center().y - 8.0);
        let area = Rect::from_min_size(at, vec2(BADGE_ROOM - 12.0, 16.0));
        let layout = Layout::right_to_left(Align::Center);
        let salt = ("badge", row.pair.id);
        let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(area).layout(layout));
        id_badge(
            &mut child,
            &finding.to_string(),
            theme.r2.fill,
            theme.r2.ink,
        );
    }
    waist_ui(
        row,
        Rect::from_x_y_ranges(columns.gutter(), rect.y_range()),
        ui,
        theme,
    );
    for card in [&first_card, &second_card].into_iter().flatten() {
        if card.clicked() {
            out.push(CompareCommand::Select(row.pair.id).into());
        }
    }
    if comparison.editable {
        drag_ui(row, (first_card, second_card), ui, theme, out);
    }
}

/// The words of both sides, laid out with what differs marked.
fn galleys(
    comparison: &ComparisonSnapshot,
    row: &PairRow,
    columns: Columns,
    ui: &Ui,
    theme: &Theme,
) -> [Option<Arc<Galley>>; 2] {
    let layout = |text: &str, spans: &[(Class, [usize; 2])], start: usize, width: f32| {
        let mut job = marked_job(text, (spans, start), Kind::STATEMENT, theme.t1, theme);
        job.wrap.max_width = width;
        ui.painter().layout_job(job)
    };
    let first_width = columns.left.span() - LEFT_ROOM - RIGHT_ROOM;
    let first = row.first.as_ref().map(|statement| {
        layout(
            &statement.text,
            &row.pair.first_spans,
            statement.span[0],
            first_width,
        )
    });
    let start = match row.pair.second {
        Some(SecondRef::Sentence(id)) => {
            let sentence = comparison
                .second
                .iter()
                .find(|statement| statement.id == id);
            sentence.map_or(0, |statement| statement.span[0])
        }
        Some(SecondRef::Finding(_)) | None => 0,
    };
    let badge = if row.finding.is_some() {
        BADGE_ROOM
    } else {
        RIGHT_ROOM
    };
    let second_width = columns.right.span() - LEFT_ROOM - badge;
    let second = row
        .second_text
        .as_ref()
        .map(|text| layout(text, &row.pair.second_spans, start, second_width));
    [first, second]
}

/// Draws one card, or the empty place that says what is not there. The response is that of a card.
fn side_ui(
    row: &PairRow,
    side: &Side<'_>,
    (is_selected, salt): (bool, &str),
    color: Color32,
    (ui, theme): (&mut Ui, &Theme),
) -> Option<Response> {
    let rect = side.rect;
    let Some(galley) = &side.galley else {
        paint_dashed_rect(ui.painter(), rect, radius::CARD, theme.st2);
        let inner = rect.shrink2(vec2(12.0, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let builder = UiBuilder::new()
            .id_salt(("absent", row.pair.id, salt))
            .max_rect(inner);
        let mut child = ui.new_child(builder.layout(layout));
        ui_kit::text_label(&mut child, side.absent, Kind::CONTROL, theme.t3);
        return None;
    };
    let id = ui.scope_id().with(("item", row.pair.id, salt));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let name = &side.name;
    let verdict = classes_words(row);
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::ListBoxOption, true, is_selected, name);
        info.current_text_value = Some(verdict.clone());
        info
    });
    let corner = CornerRadius::same(radius::CARD);
    let (fill, edge) = match (is_selected, response.hovered()) {
        (true, _) => (theme.bg3, color),
        (false, true) => (theme.bg4, theme.st2),
        (false, false) => (theme.bg3, theme.st1),
    };
    ui.painter().rect_filled(rect, corner, fill);
    if is_selected {
        ui.painter()
            .rect_filled(rect, corner, color.gamma_multiply(0.05));
    }
    let stroke = Stroke::new(1.0, edge);
    ui.painter()
        .rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    let number =
        ui.painter()
            .layout_no_wrap(side.number.clone(), Kind::MONO_SMALL.font_id(), theme.t3);
    let number_at = pos2(
        rect.left() + 26.0 - number.size().x,
        rect.center().y - number.size().y / 2.0,
    );
    ui.painter().galley(number_at, number, theme.t3);
    let text_at = pos2(
        rect.left() + LEFT_ROOM,
        rect.center().y - galley.size().y / 2.0,
    );
    ui.painter().galley(text_at, galley.clone(), theme.t1);
    if response.has_focus() && focus_is_from_keyboard(ui.ctx()) {
        let ring = Stroke::new(1.5, theme.ac);
        ui.painter()
            .rect_stroke(rect.expand(2.0), corner, ring, StrokeKind::Outside);
    }
    Some(response)
}

fn ribbon_ui(
    row: &PairRow,
    (left, right): (&Side<'_>, &Side<'_>),
    is_selected: bool,
    color: Color32,
    ui: &Ui,
) {
    if !row.asks {
        return;
    }
    let emphasis = match (is_selected, row.classes.first()) {
        (true, _) => Emphasis::Strong,
        (false, Some(Class::Agree) | None) => Emphasis::Quiet,
        (false, Some(_)) => Emphasis::Normal,
    };
    let end = |side: &Side<'_>| match side.galley {
        Some(_) => RibbonEnd::Card(Rangef::new(side.rect.top() + 5.0, side.rect.bottom() - 5.0)),
        None => RibbonEnd::Absent(side.rect.center().y),
    };
    let ribbon = Ribbon {
        left_x: left.rect.right(),
        right_x: right.rect.left(),
        left: end(left),
        right: end(right),
        color,
        emphasis,
    };
    ribbon.paint(ui.painter());
}

/// The chips of the row in the middle of the gap.
fn waist_ui(row: &PairRow, gap: Rect, ui: &mut Ui, theme: &Theme) {
    if !row.asks {
        return;
    }
    let n = row.classes.len() as f32;
    let height = 20.0 * n + 4.0 * (n - 1.0).max(0.0);
    let area = Rect::from_center_size(gap.center(), vec2(gap.width(), height));
    let builder = UiBuilder::new()
        .id_salt(("chips", row.pair.id))
        .max_rect(area)
        .layout(Layout::top_down(Align::Center));
    let mut child = ui.new_child(builder);
    child.spacing_mut().item_spacing = vec2(4.0, 4.0);
    chips_ui(row, &mut child, theme);
}

/// Drags a card of one side onto a card of the other to join the two.
fn drag_ui(
    row: &PairRow,
    (first, second): (Option<Response>, Option<Response>),
    ui: &Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let edge = |rect: Rect| {
        let stroke = Stroke::new(1.5, theme.ac);
        let corner = CornerRadius::same(radius::CARD);
        ui.painter()
            .rect_stroke(rect, corner, stroke, StrokeKind::Inside);
    };
    if let (Some(card), Some(statement)) = (&first, row.pair.first) {
        card.dnd_set_drag_payload(Dragged::First(statement));
        if let Some(Dragged::Second(_)) = card.dnd_hover_payload::<Dragged>().as_deref() {
            edge(card.rect);
            if let Some(Dragged::Second(second)) = card.dnd_release_payload::<Dragged>().as_deref()
            {
                out.push(CompareCommand::Join(statement, *second).into());
            }
        }
    }
    if let (Some(card), Some(item)) = (&second, row.pair.second) {
        card.dnd_set_drag_payload(Dragged::Second(item));
        if let Some(Dragged::First(_)) = card.dnd_hover_payload::<Dragged>().as_deref() {
            edge(card.rect);
            if let Some(Dragged::First(first)) = card.dnd_release_payload::<Dragged>().as_deref() {
                out.push(CompareCommand::Join(*first, item).into());
            }
        }
    }
}

/// The words of what is dragged, beside the pointer.
pub(super) fn ghost_ui(comparison: &ComparisonSnapshot, ui: &Ui, theme: &Theme) {
    let Some(dragged) = DragAndDrop::payload::<Dragged>(ui.ctx()) else {
        return;
    };
    let Some(pointer) = ui.ctx().pointer_interact_pos() else {
        return;
    };
    let row = comparison.rows.iter().find(|row| match *dragged {
        Dragged::First(statement) => row.pair.first == Some(statement),
        Dragged::Second(item) => row.pair.second == Some(item),
    });
    let text = row.and_then(|row| match *dragged {
        Dragged::First(_) => row.first.as_ref().map(|statement| statement.text.clone()),
        Dragged::Second(_) => row.second_text.clone(),
    });
    let layer = LayerId::new(Order::Tooltip, Id::unique("dragged statement"));
    let painter = ui.ctx().layer_painter(layer);
    let mut job = Kind::BODY.job(one_line(&text.unwrap_or_default()), theme.t1);
    job.wrap = egui::text::TextWrapping::truncate_at_width(320.0);
    let galley = painter.layout_job(job);
    let rect = Rect::from_min_size(pointer + vec2(14.0, 10.0), galley.size() + vec2(20.0, 12.0));
    let stroke = Stroke::new(1.0, theme.ac);
    painter.rect(
        rect,
        CornerRadius::same(radius::CARD),
        theme.bg3,
        stroke,
        StrokeKind::Inside,
    );
    painter.galley(rect.min + vec2(10.0, 6.0), galley, theme.t1);
    ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
}
