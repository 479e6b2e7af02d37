use egui::{Color32, Painter, Pos2, Rect, Stroke, Vec2};
use session::{Snapshot, ViewKind, ViewSnapshot};

use super::on_screen::{OnScreen, to_pixel_middle, unit};
use super::overlay::{STRIP_ROOM, plane_color};

/// Half of the open centre, points.
const OPEN_HALF: f32 = 7.0;
/// Opacity of the lines.
const OPACITY: f32 = 0.8;

/// Draws where the other planes of the same volume cut this one, open at the crosshair.
pub(crate) fn paint(painter: &Painter, s: &Snapshot, view: &ViewSnapshot, screen: &OnScreen) {
    let Some(cursor) = s.cursor else { return };
    let centre = screen.pos(cursor);
    let area = Rect::from_min_max(
        screen.rect.min,
        screen.rect.max - egui::vec2(STRIP_ROOM, 0.0),
    );
    for other in &s.views {
        if other.idx == view.idx
            || other.key != view.key
            || !is_plane(other.kind)
            || view.kind.is_projection()
        {
            continue;
        }
        let Some(plane) = &other.plane else { continue };
        let along = plane.frame.away.cross(screen.plane.frame.away);
        let Some(along) = along.unit() else { continue };
        let direction = screen.pos(cursor + along * 100.0) - centre;
        let Some(direction) = unit(direction) else {
            continue;
        };
        paint_line(
            painter,
            (centre, direction),
            area,
            plane_color(other.kind),
            screen.pixels_per_point,
        );
    }
}

fn is_plane(kind: ViewKind) -> bool {
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
