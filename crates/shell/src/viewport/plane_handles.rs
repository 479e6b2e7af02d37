//! The handles of the crosshair: turn the planes that cross a view, move them, make their slabs thicker.

use egui::{CursorIcon, Painter, Pos2, Rect, Stroke, Vec2};
use session::{PatientPoint, Tool, ViewCommand, ViewIdx};
use ui_kit::over_image;

use super::crosshair::{PlaneLine, line_area};
use super::on_screen::OnScreen;
use crate::Action;

/// How near the pointer must be to a handle, points.
pub(crate) const REACH: f32 = 9.0;
/// How near it must be to a line to move it, points.
const LINE_REACH: f32 = 5.0;
/// Radius of the round handle that turns, points.
const TURN_RADIUS: f32 = 4.5;
/// Half of the square handle of a slab, points.
const SLAB_HALF: f32 = 3.5;
/// Where the handle of a slab that is off waits beside its line, points.
const SLAB_OFF: f32 = 10.0;
/// Of the way from the crosshair to the nearer edge, where the handles are.
const TURN_SHARE: f32 = 0.72;
const SLAB_SHARE: f32 = 0.38;
/// Shortest way from the crosshair to a handle, points; in smaller views there are none.
const MIN_WAY: f32 = 24.0;

/// What a handle does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PlaneHandle {
    /// Turns the planes, or with Ctrl the one whose line it is on.
    Turn(ViewIdx),
    /// Changes the slab of a plane.
    Slab(ViewIdx),
    /// Moves a plane along its normal.
    Move(ViewIdx),
}

/// A drag of a handle that goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PlaneDrag {
    pub(crate) handle: PlaneHandle,
    last: Pos2,
}

/// The handles of a line, at both ends.
struct Handles {
    turn: [Pos2; 2],
    slab: [Pos2; 2],
}

fn handles(line: &PlaneLine, rect: Rect) -> Option<Handles> {
    let area = line_area(rect).shrink(6.0);
    if !area.contains(line.centre) {
        return None;
    }
    let to_edge = |direction: Vec2| {
        let axis = |at: f32, d: f32, low: f32, high: f32| match d {
            d if 1e-4 < d => (high - at) / d,
            d if d < -1e-4 => (low - at) / d,
            _ => f32::MAX,
        };
        axis(line.centre.x, direction.x, area.left(), area.right()).min(axis(
            line.centre.y,
            direction.y,
            area.top(),
            area.bottom(),
        ))
    };
    let [ahead, behind] = [to_edge(line.direction), to_edge(-line.direction)];
    if ahead.min(behind) * SLAB_SHARE < MIN_WAY {
        return None;
    }
    let at = |share: f32| {
        [
            line.centre + line.direction * (ahead * share),
            line.centre - line.direction * (behind * share),
        ]
    };
    let across = Vec2::new(-line.direction.y, line.direction.x);
    let aside = across * line.slab_half.unwrap_or(0.0).max(SLAB_OFF);
    let [one, other] = at(SLAB_SHARE);
    Some(Handles {
        turn: at(TURN_SHARE),
        slab: [one + aside, other - aside],
    })
}

/// Do handles show while a tool is in hand? Not while something is drawn.
pub(crate) fn are_shown(tool: Tool) -> bool {
    matches!(
        tool,
        Tool::Window | Tool::Pan | Tool::Zoom | Tool::Scroll | Tool::Crosshair
    )
}

/// The handle under the pointer, which may be `reach` points away. A line itself can be moved with the crosshair tool only, so that other tools may begin
/// anywhere.
pub(crate) fn handle_at(
    lines: &[PlaneLine],
    rect: Rect,
    (pos, reach): (Pos2, f32),
    tool: Tool,
) -> Option<PlaneHandle> {
    if !are_shown(tool) {
        return None;
    }
    let mut found: Option<(f32, PlaneHandle)> = None;
    let mut offer = |distance: f32, reach: f32, handle: PlaneHandle| {
        if distance <= reach && found.is_none_or(|(least, _)| distance < least) {
            found = Some((distance, handle));
        }
    };
    for line in lines {
        if let Some(handles) = handles(line, rect) {
            for at in handles.turn {
                offer(at.distance(pos), reach, PlaneHandle::Turn(line.of));
            }
            for at in handles.slab {
                offer(at.distance(pos), reach, PlaneHandle::Slab(line.of));
            }
        }
    }
    let near_centre = |line: &PlaneLine| line.centre.distance(pos) < 2.0 * REACH;
    if found.is_none() && tool == Tool::Crosshair && !lines.iter().any(near_centre) {
        for line in lines {
            let way = pos - line.centre;
            let off = (way.x * line.direction.y - way.y * line.direction.x).abs();
            if off <= LINE_REACH {
                return Some(PlaneHandle::Move(line.of));
            }
        }
    }
    found.map(|(_, handle)| handle)
}

impl PlaneHandle {
    /// Begins a drag.
    pub(crate) fn grab(self, at: Pos2) -> PlaneDrag {
        PlaneDrag {
            handle: self,
            last: at,
        }
    }

    /// The shape of the pointer over it.
    pub(crate) fn cursor_icon(self) -> CursorIcon {
        match self {
            Self::Turn(_) => CursorIcon::Alias,
            Self::Slab(_) | Self::Move(_) => CursorIcon::Grab,
        }
    }
}

impl PlaneDrag {
    /// What the pointer at a new place does.
    pub(crate) fn go_on(
        &mut self,
        (view, screen): (ViewIdx, &OnScreen),
        lines: &[PlaneLine],
        cursor: Option<PatientPoint>,
        (pos, only_one): (Pos2, bool),
    ) -> Option<Action> {
        if pos == self.last {
            return None;
        }
        let last = std::mem::replace(&mut self.last, pos);
        match self.handle {
            PlaneHandle::Turn(of) => {
                let centre = lines.first()?.centre;
                let clockwise_deg = turned_deg(last - centre, pos - centre)?;
                let only = only_one.then_some(of);
                Some(
                    ViewCommand::TurnPlanes {
                        view,
                        only,
                        clockwise_deg,
                    }
                    .into(),
                )
            }
            PlaneHandle::Slab(of) => {
                let line = lines.iter().find(|line| line.of == of)?;
                let way = pos - line.centre;
                let off = (way.x * line.direction.y - way.y * line.direction.x).abs();
                let mm = f64::from(2.0 * off / screen.points_per_mm());
                // Whole millimetres, halves where they are thin.
                let mm = if mm < 5.0 {
                    (mm * 2.0).round() / 2.0
                } else {
                    mm.round()
                };
                Some(ViewCommand::SetSlabThickness(of, mm).into())
            }
            PlaneHandle::Move(of) => {
                let line = lines.iter().find(|line| line.of == of)?;
                let cursor = cursor?;
                let way_mm = (screen.place(pos) - cursor).dot(line.normal);
                Some(ViewCommand::SetCursor(view, cursor + line.normal * way_mm).into())
            }
        }
    }
}

/// The angle from one direction to another on the screen, clockwise, degrees; `None` too near the centre to tell.
fn turned_deg(from: Vec2, to: Vec2) -> Option<f64> {
    if from.length() < 2.0 || to.length() < 2.0 {
        return None;
    }
    // y points down, so the angle of the plane runs clockwise.
    let cross = f64::from(from.x * to.y - from.y * to.x);
    let dot = f64::from(from.dot(to));
    Some(cross.atan2(dot).to_degrees())
}

/// Draws the handles, and the edges of slabs.
pub(crate) fn paint(
    painter: &Painter,
    lines: &[PlaneLine],
    rect: Rect,
    pointed: Option<PlaneHandle>,
) {
    for line in lines {
        let Some(handles) = handles(line, rect) else {
            continue;
        };
        let lit = |handle: PlaneHandle| match pointed == Some(handle) {
            true => over_image::TEXT_STRONG,
            false => line.color,
        };
        let clipped = painter.with_clip_rect(line_area(rect).intersect(painter.clip_rect()));
        if let Some(half) = line.slab_half.filter(|half| 1.0 <= *half) {
            let across = Vec2::new(-line.direction.y, line.direction.x) * half;
            let reach = line.direction * (rect.width() + rect.height());
            for side in [across, -across] {
                let ends = [line.centre + side - reach, line.centre + side + reach];
                let stroke = Stroke::new(1.0, line.color.gamma_multiply(0.55));
                clipped.extend(egui::Shape::dashed_line(&ends, stroke, 5.0, 5.0));
            }
        }
        for at in handles.turn {
            let color = lit(PlaneHandle::Turn(line.of));
            clipped.circle_filled(at, TURN_RADIUS + 1.0, over_image::UNDER_STROKE);
            clipped.circle_stroke(at, TURN_RADIUS, Stroke::new(1.5, color));
        }
        for at in handles.slab {
            let color = lit(PlaneHandle::Slab(line.of));
            let square = Rect::from_center_size(at, Vec2::splat(2.0 * SLAB_HALF));
            clipped.rect_filled(square.expand(1.0), 0, over_image::UNDER_STROKE);
            clipped.rect_stroke(square, 0, Stroke::new(1.5, color), egui::StrokeKind::Middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};
    use session::PatientVector;

    use super::*;

    fn line(of: usize, direction: Vec2) -> PlaneLine {
        PlaneLine {
            of: ViewIdx(of),
            centre: pos2(200.0, 150.0),
            direction,
            normal: PatientVector::new(0.0, 1.0, 0.0),
            slab_half: None,
            color: over_image::AXIAL,
        }
    }

    #[test]
    fn a_turn_is_positive_clockwise_on_the_screen() {
        for (from, to, expected) in [
            (vec2(10.0, 0.0), vec2(0.0, 10.0), Some(90.0)),
            (vec2(10.0, 0.0), vec2(0.0, -10.0), Some(-90.0)),
            (vec2(-10.0, 0.1), vec2(-10.0, -0.1), Some(1.146)),
            (vec2(1.0, 0.0), vec2(0.0, 10.0), None),
        ] {
            let turned = turned_deg(from, to);
            match expected {
                None => assert_eq!(turned, None),
                Some(deg) => assert!(
                    (turned.unwrap_or(f64::NAN) - deg).abs() < 1e-3,
                    "{turned:?}"
                ),
            }
        }
    }

    #[test]
    fn handles_lie_on_their_lines_and_only_looking_tools_find_them() {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(420.0, 300.0));
        let lines = [line(1, vec2(1.0, 0.0)), line(2, vec2(0.0, 1.0))];
        let turn = handles(&lines[0], rect).map(|h| h.turn[0]);
        let at = turn.unwrap_or(pos2(0.0, 0.0));
        assert_eq!(
            handle_at(&lines, rect, (at, REACH), Tool::Window),
            Some(PlaneHandle::Turn(ViewIdx(1)))
        );
        assert_eq!(handle_at(&lines, rect, (at, REACH), Tool::Length), None);
        let slab = handles(&lines[1], rect)
            .map(|h| h.slab[1])
            .unwrap_or_default();
        assert_eq!(
            handle_at(&lines, rect, (slab, REACH), Tool::Pan),
            Some(PlaneHandle::Slab(ViewIdx(2)))
        );
        // Lines are moved with the crosshair tool only, and not next to the crosshair itself.
        let on_line = pos2(201.0, 240.0);
        assert_eq!(
            handle_at(&lines, rect, (on_line, REACH), Tool::Window),
            None
        );
        let moved = Some(PlaneHandle::Move(ViewIdx(2)));
        assert_eq!(
            handle_at(&lines, rect, (on_line, REACH), Tool::Crosshair),
            moved
        );
        assert_eq!(
            handle_at(&lines, rect, (pos2(202.0, 152.0), REACH), Tool::Crosshair),
            None
        );
        // A view that is too small has none.
        let small = Rect::from_center_size(pos2(200.0, 150.0), vec2(90.0, 60.0));
        assert!(handles(&lines[0], small).is_none());
    }
}
