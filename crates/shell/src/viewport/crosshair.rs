use egui::{Color32, Painter, Pos2, Rect, Stroke, Vec2};
use session::{PatientVector, Snapshot, ViewIdx, ViewKind, ViewSnapshot};

use super::on_screen::{OnScreen, to_pixel_middle, unit};
use super::overlay::{STRIP_ROOM, plane_color};

/// Half of the open centre, points.
const OPEN_HALF: f32 = 7.0;
/// Opacity of the lines.
const OPACITY: f32 = 0.8;

/// Where a plane of the same volume cuts a view: a line through the crosshair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaneLine {
    /// The view of that plane.
    pub(crate) of: ViewIdx,
    /// The crosshair on the screen.
    pub(crate) centre: Pos2,
    /// Unit vector along the line, on the screen.
    pub(crate) direction: Vec2,
    /// Unit vector of the plane's normal.
    pub(crate) normal: PatientVector,
    /// Half of its slab on the screen, points; `None` where it is off.
    pub(crate) slab_half: Option<f32>,
    pub(crate) color: Color32,
}

/// The lines of the other planes of the same volume. Two views of one plane in two windows make one line.
pub(crate) fn plane_lines(s: &Snapshot, view: &ViewSnapshot, screen: &OnScreen) -> Vec<PlaneLine> {
    let mut lines: Vec<PlaneLine> = Vec::new();
    let Some(cursor) = s.cursor.filter(|_| !view.kind.is_projection()) else {
        return lines;
    };
    let centre = screen.pos(cursor);
    for other in &s.views {
        if other.idx == view.idx || other.key != view.key || !is_plane(other.kind) {
            continue;
        }
        let Some(plane) = &other.plane else { continue };
        let along = plane.frame.away.cross(screen.plane.frame.away);
        let Some(along) = along.unit() else { continue };
        let Some(direction) = unit(screen.pos(cursor + along * 100.0) - centre) else {
            continue;
        };
        let is_drawn = |line: &PlaneLine| 0.9999 < line.normal.dot(plane.frame.away).abs();
        if lines.iter().any(is_drawn) {
            continue;
        }
        let slab_half = other
            .slab
            .map(|slab| (slab.thickness_mm / 2.0) as f32 * screen.points_per_mm());
        lines.push(PlaneLine {
            of: other.idx,
            centre,
            direction,
            normal: plane.frame.away,
            slab_half,
            color: plane_color(other.kind),
        });
    }
    lines
}

/// The part of a view that lines may be drawn in: not the strip.
pub(crate) fn line_area(rect: Rect) -> Rect {
    Rect::from_min_max(rect.min, rect.max - egui::vec2(STRIP_ROOM, 0.0))
}

/// Draws where the other planes of the same volume cut this one, open at the crosshair.
pub(crate) fn paint(painter: &Painter, lines: &[PlaneLine], screen: &OnScreen) {
    for line in lines {
        paint_line(
            painter,
            (line.centre, line.direction),
            line_area(screen.rect),
            line.color,
            screen.pixels_per_point,
        );
    }
}

pub(crate) fn is_plane(kind: ViewKind) -> bool {
    matches!(
        kind,
        ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal
    )
}

fn paint_line(
    painter: &Painter,
    (centre, direction): (Pos2, Vec2),
    area: Rect,
    color: Color32,
    pixels_per_point: f32,
) {
    let clipped = painter.with_clip_rect(area.intersect(painter.clip_rect()));
    let reach = area.width() + area.height() + centre.distance(area.center());
    let snap = |v: f32| to_pixel_middle(v, pixels_per_point);
    // Upright and level lines lie on whole pixels, so that they stay one pixel wide.
    let centre = match (direction.x.abs() < 1e-4, direction.y.abs() < 1e-4) {
        (true, _) => egui::pos2(snap(centre.x), centre.y),
        (_, true) => egui::pos2(centre.x, snap(centre.y)),
        (false, false) => centre,
    };
    for sense in [1.0, -1.0] {
        let from = centre + direction * (OPEN_HALF * sense);
        let to = centre + direction * (reach * sense);
        clipped.line_segment([from, to], Stroke::new(1.0, color.gamma_multiply(OPACITY)));
    }
}
