use egui::{Rect, pos2};
use ui_kit::size;

/// Below this width of the window, in points, bars fold and panels narrow.
const COMPACT_BELOW: f32 = 1500.0;
/// Width of the list of what a third reader decides, points.
const RAIL_OF_THIRD: f32 = 272.0;
const RAIL_OF_THIRD_COMPACT: f32 = 220.0;
/// The smallest window, points.
pub(crate) const MIN_WINDOW: [f32; 2] = [1180.0, 680.0];

/// What the panel at the right holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RightPanel {
    /// The sealed report and the second read.
    Blinded,
    /// Both reads, side by side.
    Revealed,
    /// A third read: one decision at a time.
    Third,
    /// What is written to the first reader.
    FirstReader,
}

/// Where the parts of a screen lie, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts {
    pub(crate) top_bar: Rect,
    /// Empty where it folds into the toolbar.
    pub(crate) case_bar: Rect,
    pub(crate) toolbar: Rect,
    pub(crate) rail: Rect,
    pub(crate) views: Rect,
    pub(crate) panel: Rect,
    /// All between the top bar and the status bar.
    pub(crate) body: Rect,
    pub(crate) status: Rect,
}

/// Is the window so narrow that bars fold?
pub(crate) fn is_compact(window: Rect) -> bool {
    window.width() < COMPACT_BELOW
}

/// The usual width of the panel at the right, points.
pub(crate) fn panel_width(window: Rect, panel: RightPanel) -> f32 {
    let is_wide = 2400.0 <= window.width();
    match (panel, is_compact(window), is_wide) {
        (RightPanel::Third, true, _) => 400.0,
        (RightPanel::Third, false, false) => 500.0,
        (RightPanel::Third, false, true) => 560.0,
        (RightPanel::Blinded | RightPanel::Revealed | RightPanel::FirstReader, true, _) => 340.0,
        (RightPanel::Blinded | RightPanel::FirstReader, false, false) => 440.0,
        (RightPanel::Blinded | RightPanel::FirstReader, false, true) => 520.0,
        (RightPanel::Revealed, false, false) => 784.0,
        (RightPanel::Revealed, false, true) => 900.0,
    }
}

/// Divides the window for the reading room. `messages` is the height of the message bars under the toolbar.
pub(crate) fn reading_parts(
    window: Rect,
    panel: RightPanel,
    panel_width: f32,
    messages: f32,
) -> Parts {
    let compact = is_compact(window);
    let row = |top: f32, height: f32| {
        Rect::from_min_max(pos2(window.left(), top), pos2(window.right(), top + height))
    };
    let top_bar = row(window.top(), size::BAR);
    let case_bar = row(top_bar.bottom(), if compact { 0.0 } else { size::BAR });
    let toolbar = row(case_bar.bottom(), size::BAR);
    let status = row(window.bottom() - size::STATUS, size::STATUS);
    let body = Rect::from_min_max(top_bar.left_bottom(), pos2(window.right(), status.top()));
    let top = toolbar.bottom() + messages;
    let rail_width = match (compact, panel) {
        (true, RightPanel::Third) => RAIL_OF_THIRD_COMPACT,
        (false, RightPanel::Third) => RAIL_OF_THIRD,
        (true, _) | (false, RightPanel::Revealed) => size::RAIL_NARROW,
        (false, RightPanel::Blinded | RightPanel::FirstReader) => size::RAIL,
    };
    let column =
        |left: f32, right: f32| Rect::from_min_max(pos2(left, top), pos2(right, status.top()));
    let panel_left = (window.right() - panel_width).max(window.left() + rail_width + 200.0);
    Parts {
        top_bar,
        case_bar,
        toolbar,
        rail: column(window.left(), window.left() + rail_width),
        views: column(window.left() + rail_width, panel_left),
        panel: column(panel_left, window.right()),
        body,
        status,
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    fn window(width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height))
    }

    #[test]
    fn parts_tile_the_window_at_every_size() {
        for (width, height) in [
            (1180.0, 680.0),
            (1366.0, 768.0),
            (1499.0, 900.0),
            (1920.0, 1080.0),
            (2560.0, 1440.0),
        ] {
            for panel in [
                RightPanel::Blinded,
                RightPanel::Revealed,
                RightPanel::Third,
                RightPanel::FirstReader,
            ] {
                for messages in [0.0, 36.0] {
                    let all = window(width, height);
                    let parts = reading_parts(all, panel, panel_width(all, panel), messages);
                    let area = |r: Rect| r.width() * r.height();
                    let rows = [parts.top_bar, parts.case_bar, parts.toolbar, parts.status];
                    let columns = [parts.rail, parts.views, parts.panel];
                    let sum: f32 =
                        rows.into_iter().chain(columns).map(area).sum::<f32>() + width * messages;
                    assert!((sum - area(all)).abs() < 1.0, "{width}×{height} {panel:?}");
                    assert!(
                        300.0 < parts.views.width(),
                        "{width}×{height} {panel:?}: {}",
                        parts.views.width()
                    );
                }
            }
        }
    }

    #[test]
    fn the_case_bar_folds_below_1500_points() {
        for (width, height) in [(1499.0, 0.0), (1500.0, 40.0)] {
            let all = window(width, 800.0);
            assert_eq!(
                reading_parts(all, RightPanel::Blinded, 440.0, 0.0)
                    .case_bar
                    .height(),
                height
            );
        }
    }
}
