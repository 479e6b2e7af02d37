//! The strip beside an image stack: what was looked at, where the reader is, what is missing.

use egui::{
    Color32, CornerRadius, Painter, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::control::faint;
use crate::tokens::{over_image, size};

/// How well a stretch was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Long enough.
    Fully,
    /// In passing.
    Briefly,
}

/// One column of the strip: stretches from start to end, each as a share of the stack from its top, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct CoverageLane {
    /// Start, end and how well it was seen.
    pub stretches: Vec<(f32, f32, Seen)>,
}

/// A triangle beside the strip.
#[derive(Clone, Copy, Debug)]
pub struct CoverageMark {
    /// Share of the stack from its top, 0 to 1.
    pub at: f32,
    /// Colour of the one who made the mark.
    pub color: Color32,
}

/// What the strip shows. Everything is a share of the stack, so that the strip needs no slice numbers.
#[must_use = "a strip that is not shown does nothing"]
pub struct CoverageStrip<'a> {
    /// Accessible name, with the facts in words: "81 percent viewed, gap 31 to 37".
    pub name: &'a str,
    /// Where the reader is.
    pub current: f32,
    /// One or more lanes.
    pub lanes: &'a [CoverageLane],
    /// Triangles.
    pub marks: &'a [CoverageMark],
    /// Missing stretches, start to end.
    pub missing: &'a [(f32, f32)],
}

/// The response of a strip.
pub struct CoverageResponse {
    /// The response of the whole strip, for a tooltip.
    pub response: Response,
    /// Share of the stack under the pointer, or `None` when the pointer is elsewhere.
    pub pointed: Option<f32>,
    /// Share of the stack that was pressed or dragged to in this pass.
    pub chosen: Option<f32>,
}

impl CoverageStrip<'_> {
    /// Shows the strip in a rectangle that is 14 points wide; it may be over an image.
    pub fn show(self, ui: &Ui, rect: Rect) -> CoverageResponse {
        // Its name tells what was seen and changes under the hand; a drag needs an id that stays.
        let id = ui.make_persistent_id("coverage strip");
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ScrollBar, enabled, self.name);
            info.value = Some(f64::from(self.current));
            info
        });
        self.paint(ui.painter(), rect);
        let share_at =
            |pos: egui::Pos2| ((pos.y - rect.top()) / rect.height().max(1.0)).clamp(0.0, 1.0);
        let pointed = response.hover_pos().map(share_at);
        let is_pressed = response.clicked() || response.dragged();
        let chosen = response
            .interact_pointer_pos()
            .filter(|_| is_pressed)
            .map(share_at);
        CoverageResponse {
            response,
            pointed,
            chosen,
        }
    }

    fn paint(&self, painter: &Painter, rect: Rect) {
        let lane_width = if 1 < self.lanes.len() { 5.0 } else { 8.0 };
        let stretch = |left: f32, start: f32, end: f32, width: f32| {
            let top = rect.top() + rect.height() * start.clamp(0.0, 1.0);
            let bottom = rect.top() + rect.height() * end.clamp(0.0, 1.0);
            Rect::from_min_max(pos2(left, top), pos2(left + width, bottom.max(top + 1.0)))
        };
        for (lane_idx, lane) in self.lanes.iter().enumerate() {
            let left = rect.left() + 1.0 + lane_idx as f32 * (lane_width + 1.0);
            painter.rect_filled(stretch(left, 0.0, 1.0, lane_width), 0, over_image::LANE);
            for (start, end, seen) in &lane.stretches {
                let opacity = match seen {
                    Seen::Fully => 0.72,
                    Seen::Briefly => 0.35,
                };
                let area = stretch(left, *start, *end, lane_width);
                painter.rect_filled(area, 0, faint(over_image::SEEN, opacity));
            }
        }
        for (start, end) in self.missing {
            paint_hatch(
                painter,
                stretch(rect.left() - 2.0, *start, *end, size::COVERAGE_STRIP + 4.0),
            );
        }
        for mark in self.marks {
            let tip = pos2(
                rect.left() + 1.0,
                rect.top() + rect.height() * mark.at.clamp(0.0, 1.0),
            );
            painter.add(Shape::convex_polygon(
                vec![tip + vec2(-5.0, -4.0), tip, tip + vec2(-5.0, 4.0)],
                mark.color,
                Stroke::NONE,
            ));
        }
        let notch_y = rect.top() + rect.height() * self.current.clamp(0.0, 1.0);
        let notch = Rect::from_center_size(
            pos2(rect.left() + size::COVERAGE_STRIP / 2.0 - 0.75, notch_y),
            vec2(size::COVERAGE_STRIP + 1.5, 6.0),
        );
        painter.rect(
            notch,
            CornerRadius::same(2),
            over_image::NOTCH,
            Stroke::new(1.0, Color32::BLACK),
            StrokeKind::Outside,
        );
    }
}

/// Yellow stripes on a dark ground, clipped to the rectangle.
fn paint_hatch(painter: &Painter, rect: Rect) {
    painter.rect(
        rect,
        CornerRadius::same(2),
        over_image::GAP_GROUND,
        Stroke::new(1.0, over_image::GAP),
        StrokeKind::Inside,
    );
    let clipped = painter.with_clip_rect(rect.shrink(1.0).intersect(painter.clip_rect()));
    let height = rect.height();
    let mut x = rect.left() - height;
    while x < rect.right() {
        clipped.line_segment(
            [pos2(x, rect.bottom()), pos2(x + height, rect.top())],
            Stroke::new(2.0, over_image::GAP),
        );
        x += 7.0;
    }
}
