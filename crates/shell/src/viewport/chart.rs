use egui::{Color32, CornerRadius, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};
use session::{Chart, ChartKind, Snapshot, ViewCommand, significant};
use ui_kit::{Kind, Theme, t};

use super::panel::{Corner, Panel, ends_ui};
use crate::Action;

/// Width of the panel and height of what is drawn, points.
const WIDTH: f32 = 300.0;
const HEIGHT: f32 = 110.0;

/// The chart that is open, at the lower left of the active view.
pub(super) fn chart_ui(s: &Snapshot, ui: &Ui, places: (Rect, Rect), out: &mut Vec<Action>) {
    let Some(chart) = &s.chart else { return };
    let panel = Panel {
        name: "chart of a mark",
        corner: Corner::LowerLeft,
        heading: match chart.kind {
            ChartKind::Profile { .. } => t("chart.profile"),
            ChartKind::Histogram { .. } => t("chart.histogram"),
        },
        of: &chart.title,
        close: t("chart.close"),
        width: WIDTH,
        height: HEIGHT,
    };
    if panel.show(ui, places, |ui, theme| drawing_ui(chart, ui, theme)) {
        out.push(ViewCommand::ShowChart(None).into());
    }
}

fn drawing_ui(chart: &Chart, ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter()
        .rect_filled(rect, CornerRadius::ZERO, theme.bg0);
    let (below, over) = match &chart.kind {
        ChartKind::Profile {
            length,
            length_unit,
            values,
        } => {
            let range = paint_profile(ui, rect, values, theme.r2.ink);
            let below = [
                "0".to_owned(),
                format!("{} {length_unit}", significant(*length)),
            ];
            (below, range_words(range, &chart.unit))
        }
        ChartKind::Histogram { min, max, counts } => {
            paint_bars(ui, rect, counts, theme.r2.ink);
            let most = counts.iter().copied().max().unwrap_or(0);
            let below = [
                significant(*min),
                format!("{} {}", significant(*max), chart.unit),
            ];
            (below, format!("{most} {}", t("chart.at_most")))
        }
    };
    let corner = rect.left_top() + vec2(4.0, 2.0);
    ui.painter().text(
        corner,
        egui::Align2::LEFT_TOP,
        over,
        Kind::MONO_SMALL.font_id(),
        theme.t2,
    );
    ends_ui(ui, theme, below.each_ref().map(String::as_str));
}

/// `-12 to 240 HU`; empty without values.
fn range_words(range: Option<[f64; 2]>, unit: &str) -> String {
    range.map_or(String::new(), |[low, high]| {
        let (low, high) = (significant(low), significant(high));
        ui_kit::t_args(
            "chart.range",
            &[("low", &low), ("high", &high), ("unit", unit)],
        )
    })
}

/// A line through the values that are there, from the lowest to the highest; gives both.
fn paint_profile(ui: &Ui, rect: Rect, values: &[Option<f64>], ink: Color32) -> Option<[f64; 2]> {
    let known = || values.iter().flatten().copied();
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        return None;
    }
    let inner = rect.shrink2(vec2(2.0, 16.0));
    let span = if low < high { high - low } else { 1.0 };
    let last = values.len().saturating_sub(1).max(1) as f32;
    let at = |idx: usize, value: f64| -> Pos2 {
        let share = ((value - low) / span) as f32;
        pos2(
            inner.left() + inner.width() * idx as f32 / last,
            inner.bottom() - inner.height() * share,
        )
    };
    let mut line = Vec::new();
    for (idx, value) in values.iter().enumerate() {
        match value {
            Some(value) => line.push(at(idx, *value)),
            // A gap stays a gap.
            None => paint_line(ui, std::mem::take(&mut line), ink),
        }
    }
    paint_line(ui, line, ink);
    Some([low, high])
}

fn paint_line(ui: &Ui, line: Vec<Pos2>, ink: Color32) {
    if 2 <= line.len() {
        ui.painter().add(Shape::line(line, Stroke::new(1.5, ink)));
    }
}

fn paint_bars(ui: &Ui, rect: Rect, counts: &[u64], ink: Color32) {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let inner = rect.shrink2(vec2(2.0, 0.0));
    let width = inner.width() / counts.len().max(1) as f32;
    for (idx, count) in counts.iter().enumerate() {
        let height = (rect.height() - 18.0) * *count as f32 / most;
        let left = inner.left() + width * idx as f32;
        let bar = Rect::from_min_max(
            pos2(left, rect.bottom() - height),
            pos2(left + width - 0.5, rect.bottom()),
        );
        ui.painter().rect_filled(bar, CornerRadius::ZERO, ink);
    }
}
