//! The histogram of what the active view shows, with its window as two edges that the hand moves.

use egui::{
    Area, Color32, CornerRadius, CursorIcon, Frame, Id, Margin, Order, Rect, Sense, Stroke, Ui,
    pos2, vec2,
};
use session::{Snapshot, ViewCommand, ViewHistogram, significant};
use ui_kit::{Icon, IconButton, Kind, Theme, radius, t, text_label};
use volume::{Voi, VoiFunction};

use crate::Action;
use crate::bar::sides;

/// Width of the panel and height of what is drawn, points.
const WIDTH: f32 = 320.0;
const HEIGHT: f32 = 90.0;
/// Between the panel and the edge of the views, points.
const MARGIN: f32 = 12.0;
/// Width of what the hand may take of an edge, points.
const GRIP: f32 = 10.0;

/// The histogram that is open, at the lower right of the views.
pub(super) fn histogram_ui(s: &Snapshot, ui: &Ui, area: Rect, out: &mut Vec<Action>) {
    let Some(shown) = &s.histogram else { return };
    let theme = Theme::of(ui.ctx());
    let at = pos2(
        area.right() - MARGIN - WIDTH - 40.0,
        area.bottom() - MARGIN - HEIGHT - 66.0,
    );
    Area::new(Id::unique("histogram of a view"))
        .order(Order::Middle)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            let frame = Frame::new()
                .fill(theme.bg3)
                .stroke(Stroke::new(1.0, theme.st1))
                .corner_radius(CornerRadius::same(radius::CONTROL))
                .inner_margin(Margin::same(8));
            frame.show(ui, |ui| {
                ui.set_width(WIDTH - 16.0);
                panel_ui(s, shown, ui, theme, out);
            });
        });
}

fn panel_ui(
    s: &Snapshot,
    shown: &ViewHistogram,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    sides(
        ui,
        22.0,
        out,
        |ui, _| {
            text_label(ui, t("window.histogram"), Kind::LABEL.medium(), theme.t1);
        },
        |ui, out| {
            if ui
                .add(IconButton::small(Icon::X, t("window.histogram_close")))
                .clicked()
            {
                out.push(ViewCommand::ToggleHistogram.into());
            }
        },
    );
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter()
        .rect_filled(rect, CornerRadius::ZERO, theme.bg0);
    paint_bars(ui, rect, &shown.histogram.counts, theme.t3);
    edges_ui(s, shown, ui, rect, theme, out);
    let low = significant(shown.histogram.min);
    let high = format!("{} {}", significant(shown.histogram.max), shown.unit);
    sides(
        ui,
        18.0,
        &mut (),
        |ui, ()| {
            text_label(ui, &low, Kind::MONO_SMALL, theme.t2);
        },
        |ui, ()| {
            text_label(ui, &high, Kind::MONO_SMALL, theme.t2);
        },
    );
}

/// The two edges of the window; each follows the hand and leaves the other where it is.
fn edges_ui(
    s: &Snapshot,
    shown: &ViewHistogram,
    ui: &mut Ui,
    rect: Rect,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let view = s.views.get(shown.view.0);
    let Some(Voi::Window {
        center,
        width,
        function,
        ..
    }) = view
        .and_then(|view| view.presentation.as_ref())
        .map(|presentation| &presentation.voi)
    else {
        return;
    };
    let span = (shown.histogram.max - shown.histogram.min).max(1e-9);
    let x_of = |value: f64| {
        let share = (value - shown.histogram.min) / span;
        rect.left() + rect.width() * share.clamp(0.0, 1.0) as f32
    };
    let ends = [center - width / 2.0, center + width / 2.0];
    let inside = Rect::from_x_y_ranges(x_of(ends[0])..=x_of(ends[1]), rect.y_range());
    ui.painter()
        .rect_filled(inside, CornerRadius::ZERO, theme.ac.gamma_multiply(0.18));
    for (which, end) in ends.iter().enumerate() {
        let x = x_of(*end);
        ui.painter()
            .vline(x, rect.y_range(), Stroke::new(2.0, theme.ac));
        let grip = Rect::from_center_size(pos2(x, rect.center().y), vec2(GRIP, rect.height()));
        let id = ui.scope_id().with(("edge of the window", which));
        let response = ui
            .interact(grip, id, Sense::drag())
            .on_hover_cursor(CursorIcon::ResizeHorizontal);
        let key = ["window.lower_edge", "window.upper_edge"][which];
        response
            .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Slider, true, t(key)));
        let by = f64::from(response.drag_delta().x) / f64::from(rect.width()) * span;
        if response.dragged()
            && by != 0.0
            && let Some(voi) = moved(ends, which, by, *function)
        {
            out.push(ViewCommand::SetVoi(shown.view, voi).into());
        }
    }
}

/// The window with one end moved; it keeps at least the least width, and its other end.
fn moved(mut ends: [f64; 2], which: usize, by: f64, function: VoiFunction) -> Option<Voi> {
    let other = ends[1 - which.min(1)];
    let end = ends.get_mut(which)?;
    *end = match which {
        0 => (*end + by).min(other - 1.0),
        _ => (*end + by).max(other + 1.0),
    };
    let [low, high] = ends;
    Voi::window((low + high) / 2.0, high - low, function, None).ok()
}

/// Bars by the logarithm, so that air does not flatten everything else.
fn paint_bars(ui: &Ui, rect: Rect, counts: &[u64], ink: Color32) {
    let height_of = |count: u64| (count as f32 + 1.0).ln();
    let most = counts.iter().copied().max().unwrap_or(0);
    let most = height_of(most).max(1e-3);
    let width = rect.width() / counts.len().max(1) as f32;
    for (idx, count) in counts.iter().enumerate() {
        let left = rect.left() + width * idx as f32;
        let top = rect.bottom() - (rect.height() - 4.0) * height_of(*count) / most;
        let bar = Rect::from_min_max(pos2(left, top), pos2(left + width, rect.bottom()));
        ui.painter().rect_filled(bar, CornerRadius::ZERO, ink);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_edge_moves_alone_and_never_past_the_other() {
        let ends = [0.0, 100.0];
        for (which, by, center, width) in [
            (0, 20.0, 60.0, 80.0),
            (1, 50.0, 75.0, 150.0),
            (0, 500.0, 99.5, 1.0),
            (1, -500.0, 0.5, 1.0),
        ] {
            let voi = moved(ends, which, by, VoiFunction::Linear).unwrap();
            assert_eq!(voi.center_width(), (center, width), "edge {which} by {by}");
        }
    }
}
