//! The histogram of what the active view shows, with its window as two edges that the hand moves.

use egui::{Color32, CornerRadius, CursorIcon, Rect, Sense, Stroke, Ui, pos2, vec2};
use session::{Snapshot, ViewCommand, ViewHistogram, significant};
use ui_kit::{Theme, t};
use volume::{Voi, VoiFunction};

use super::panel::{Corner, Panel, ends_ui};
use crate::Action;

/// Width of the panel and height of what is drawn, points.
const WIDTH: f32 = 320.0;
const HEIGHT: f32 = 90.0;
/// Width of what the hand may take of an edge, points.
const GRIP: f32 = 10.0;

/// The histogram that is open, at the lower right of the view that it is of.
pub(super) fn histogram_ui(s: &Snapshot, ui: &Ui, places: (Rect, Rect), out: &mut Vec<Action>) {
    let Some(shown) = &s.histogram else { return };
    let view = s.views.get(shown.view.0);
    let panel = Panel {
        name: "histogram of a view",
        corner: Corner::LowerRight,
        heading: t("window.histogram"),
        of: view.map_or("", |view| &view.series_title),
        close: t("window.histogram_close"),
        width: WIDTH,
        height: HEIGHT,
    };
    let is_closed = panel.show(ui, places, |ui, theme| {
        let size = vec2(ui.available_width(), HEIGHT);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        ui.painter()
            .rect_filled(rect, CornerRadius::ZERO, theme.bg0);
        paint_bars(ui, rect, &shown.histogram.counts, theme.t3);
        edges_ui(s, shown, ui, rect, theme, out);
        let low = significant(shown.histogram.min);
        let high = format!("{} {}", significant(shown.histogram.max), shown.unit);
        ends_ui(ui, theme, [&low, &high]);
    });
    if is_closed {
        out.push(ViewCommand::ToggleHistogram.into());
    }
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
    let Some(voi @ Voi::Window { function, .. }) = view
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
    let ends = voi.ends();
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
        if response.dragged() && by != 0.0 {
            let voi = moved(ends, which, by, *function);
            out.push(ViewCommand::SetVoi(shown.view, voi).into());
        }
    }
}

/// The window with one end moved; the other stays where it is, and neither comes past it.
fn moved([low, high]: [f64; 2], which: usize, by: f64, function: VoiFunction) -> Voi {
    let ends = match which {
        0 => [(low + by).min(high), high],
        _ => [low, (high + by).max(low)],
    };
    Voi::spanning(ends, function)
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
    use super::*;

    #[test]
    fn an_edge_moves_alone_and_never_past_the_other() {
        for function in [VoiFunction::Linear, VoiFunction::LinearExact] {
            for (which, by, expected) in [
                (0, 20.0, [20.0, 100.0]),
                (1, 50.0, [0.0, 150.0]),
                (1, -99.75, [0.0, 0.25]),
                (0, 500.0, [100.0, 100.0]),
                (1, -500.0, [0.0, 0.0]),
            ] {
                let voi = moved([0.0, 100.0], which, by, function);
                assert_eq!(voi.ends(), expected, "edge {which} by {by}");
            }
        }
    }
}
