//! Where the picture of the active view cuts the pictures of other views.

use egui::{Painter, Pos2, Stroke};
use session::{PatientPoint, Snapshot, ViewKind, ViewSnapshot};
use space::ViewPlane;
use volume::{Placement, Volume};

use super::crosshair::{is_plane, line_area};
use super::on_screen::OnScreen;
use super::overlay::plane_color;

/// Draws the line in a view of the same patient space. Planes of one volume have their crosshair instead.
pub(crate) fn paint(painter: &Painter, s: &Snapshot, view: &ViewSnapshot, screen: &OnScreen) {
    let active = s.views.iter().find(|v| v.idx == s.active);
    let Some(active) = active.filter(|active| active.idx != view.idx) else {
        return;
    };
    let has_crosshair = active.key == view.key && is_plane(active.kind) && is_plane(view.kind);
    if has_crosshair || !is_same_space(active, view) || view.kind.is_projection() {
        return;
    }
    let Some((volume, plane)) = active.volume.as_ref().zip(active.plane) else {
        return;
    };
    if let Some([from, to]) = cut(
        &corners(active.kind, volume, active.slice[0], &plane),
        screen,
    ) {
        let stroke = Stroke::new(1.0, plane_color(active.kind).gamma_multiply(0.8));
        let clipped = painter.with_clip_rect(line_area(screen.rect).intersect(painter.clip_rect()));
        clipped.extend(egui::Shape::dashed_line(&[from, to], stroke, 6.0, 3.0));
    }
}

fn is_same_space(one: &ViewSnapshot, other: &ViewSnapshot) -> bool {
    let is_placed = |v: &ViewSnapshot| {
        v.volume
            .as_ref()
            .is_some_and(|volume| volume.placed == Placement::InPatient)
    };
    !one.frame_of_reference.is_empty()
        && one.frame_of_reference == other.frame_of_reference
        && is_placed(one)
        && is_placed(other)
        && !one.kind.is_projection()
}

/// The corners of a picture in the patient: those of its slice, or of the plane as far as the volume reaches.
fn corners(
    kind: ViewKind,
    volume: &Volume,
    slice_idx: usize,
    plane: &ViewPlane,
) -> [PatientPoint; 4] {
    let grid = &volume.grid;
    if kind == ViewKind::Stack {
        let [columns, rows, _] = grid.size.map(|n| n as f64);
        let map = volume.slice_map(slice_idx);
        let at = |column: f64, row: f64| match &map {
            Some(map) => map.apply([column, row, 0.0]),
            None => grid.patient([column, row, slice_idx as f64]),
        };
        return [
            at(-0.5, -0.5),
            at(columns - 0.5, -0.5),
            at(columns - 0.5, rows - 0.5),
            at(-0.5, rows - 0.5),
        ];
    }
    let [right, up] = [plane.frame.right(), plane.frame.up];
    let middle = grid.centre();
    let middle = middle + plane.frame.away * (plane.centre - middle).dot(plane.frame.away);
    let [half_width, half_height] = [right, up].map(|d| grid.extent_mm(d) / 2.0);
    [(-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)]
        .map(|(x, y)| middle + right * (x * half_width) + up * (y * half_height))
}

/// The two points on the screen where the edges of a picture cross the plane of a view; `None` where they do not.
fn cut(corners: &[PatientPoint; 4], screen: &OnScreen) -> Option<[Pos2; 2]> {
    let distance_mm = corners.map(|corner| screen.plane.distance_mm(corner));
    let mut crossings = Vec::new();
    for i in 0..4 {
        let j = (i + 1) % 4;
        let (from, to) = (distance_mm[i], distance_mm[j]);
        if (from < 0.0) != (to < 0.0) && 1e-9 < (to - from).abs() {
            let share = from / (from - to);
            let place = corners[i] + (corners[j] - corners[i]) * share;
            crossings.push(screen.pos(place));
        }
    }
    match crossings.as_slice() {
        [from, to] => Some([*from, *to]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use egui::{Rect, pos2, vec2};
    use space::Orientation;

    use super::*;

    #[test]
    fn a_picture_is_cut_where_its_edges_cross_the_plane_and_no_further() {
        // A coronal view, 1 mm a point, its middle at the origin.
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(200.0, 200.0));
        let screen = OnScreen {
            plane: ViewPlane {
                centre: PatientPoint::default(),
                frame: Orientation::Coronal.frame(),
                mm_per_pixel: 1.0,
                size_px: [200, 200],
            },
            rect,
            pixels_per_point: 1.0,
        };
        // An axial slice 30 mm above it, from 40 mm right to 20 mm left, on both sides of the coronal plane.
        let slice = [[-40.0, -50.0], [20.0, -50.0], [20.0, 10.0], [-40.0, 10.0]]
            .map(|[x, y]| PatientPoint::new(x, y, 30.0));
        let mut ends = cut(&slice, &screen).unwrap();
        ends.sort_by(|a, b| a.x.total_cmp(&b.x));
        for (end, expected) in ends.iter().zip([pos2(60.0, 70.0), pos2(120.0, 70.0)]) {
            assert!(end.distance(expected) < 0.01, "{ends:?}");
        }
        // One that lies wholly behind is not cut.
        let behind = slice.map(|p| PatientPoint::new(p.x_mm, p.y_mm + 60.0, p.z_mm));
        assert_eq!(cut(&behind, &screen), None);
        // Nor is one that is parallel.
        let parallel = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]
            .map(|[x, z]| PatientPoint::new(x, 5.0, z));
        assert_eq!(cut(&parallel, &screen), None);
    }
}
