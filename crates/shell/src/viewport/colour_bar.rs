//! The colours of a view that is not shown in grey, and the values at their ends.

use egui::{Align2, Color32, Painter, Rect, Stroke, StrokeKind, pos2, vec2};
use session::{ColourMap, ViewSnapshot, significant};
use ui_kit::{Kind, outlined_text, over_image};
use volume::{Invert, Presentation};

/// Width of the bar and its largest height, points.
const WIDTH: f32 = 10.0;
const MAX_HEIGHT: f32 = 160.0;
/// Between the bar and the left edge of the view, points.
const MARGIN: f32 = 26.0;
/// Steps that the bar is drawn in.
const N_STEPS: usize = 64;

/// Draws the bar at the left, in the middle of the height; gives what it took.
pub(super) fn paint_colour_bar(painter: &Painter, view: &ViewSnapshot, rect: Rect) -> Option<Rect> {
    let presentation = view.presentation.as_ref()?;
    let is_grey_image = view
        .volume
        .as_ref()
        .is_some_and(|volume| !volume.voxels.stored().is_colour());
    if presentation.colours == ColourMap::Grey || !is_grey_image {
        return None;
    }
    let height = (rect.height() * 0.4).min(MAX_HEIGHT);
    let at = pos2(rect.left() + MARGIN, rect.center().y - height / 2.0);
    let bar = Rect::from_min_size(at, vec2(WIDTH, height));
    let step = height / N_STEPS as f32;
    for i in 0..N_STEPS {
        let [r, g, b] = presentation.colours.colour(level_at(presentation, i));
        let top = bar.bottom() - step * (i + 1) as f32;
        let part = Rect::from_min_size(pos2(bar.left(), top), vec2(WIDTH, step + 0.5));
        painter.rect_filled(part, 0, Color32::from_rgb(r, g, b));
    }
    painter.rect_stroke(
        bar,
        0,
        Stroke::new(1.0, over_image::TEXT),
        StrokeKind::Outside,
    );
    let [low, high] = presentation.voi.ends();
    let mut taken = bar;
    let with_unit = format!("{} {}", significant(high), view.value_unit);
    for (text, y, align) in [
        (with_unit, bar.top(), Align2::LEFT_TOP),
        (significant(low), bar.bottom(), Align2::LEFT_BOTTOM),
    ] {
        let at = pos2(bar.right() + 5.0, y);
        taken = taken.union(outlined_text(
            painter,
            at,
            align,
            (&text, Kind::MONO_SMALL),
            over_image::TEXT,
        ));
    }
    Some(taken)
}

/// The level of a step of the bar, small values at the bottom.
fn level_at(presentation: &Presentation, step_idx: usize) -> u8 {
    // The cast is safe: the step is below 64.
    let level = (step_idx * 255 / (N_STEPS - 1)) as u8;
    match presentation.invert {
        Invert::No => level,
        Invert::Yes => 255 - level,
    }
}
