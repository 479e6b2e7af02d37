use egui::{Pos2, Rect, Vec2, pos2, vec2};
use space::{PatientPoint, ViewPlane};

/// Where a plane lies on the screen: maps places of the patient to points of the window and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OnScreen {
    /// The plane that is shown.
    pub(crate) plane: ViewPlane,
    /// Its rectangle, points.
    pub(crate) rect: Rect,
    /// Pixels of the screen in a point.
    pub(crate) pixels_per_point: f32,
}

impl OnScreen {
    /// The point of the window that shows a place, projected onto the plane.
    pub(crate) fn pos(&self, place: PatientPoint) -> Pos2 {
        let [column, row] = self.plane.pixel(place);
        let [width, height] = self.plane.size_px.map(|n| n as f64);
        // From the middle, so that a plane made for another size stays in place until the next one.
        let from_middle = vec2(
            (column - (width - 1.0) / 2.0) as f32,
            (row - (height - 1.0) / 2.0) as f32,
        );
        self.rect.center() + from_middle / self.pixels_per_point
    }

    /// The pixel of the plane under a point of the window, fractions of pixels included.
    pub(crate) fn pixel(&self, pos: Pos2) -> [f64; 2] {
        let from_middle = (pos - self.rect.center()) * self.pixels_per_point;
        let [width, height] = self.plane.size_px.map(|n| n as f64);
        [
            f64::from(from_middle.x) + (width - 1.0) / 2.0,
            f64::from(from_middle.y) + (height - 1.0) / 2.0,
        ]
    }

    /// The place in the plane under a point of the window.
    pub(crate) fn place(&self, pos: Pos2) -> PatientPoint {
        self.plane.patient(self.pixel(pos))
    }

    /// Points of the window in a millimetre of the plane.
    pub(crate) fn points_per_mm(&self) -> f32 {
        (1.0 / self.plane.mm_per_pixel) as f32 / self.pixels_per_point
    }

    /// The corners on screen of a picture that was made for another plane, from the top left clockwise; `None` when
    /// that plane looks another way, so that its pixels have no place here.
    pub(crate) fn corners_of(&self, picture: &ViewPlane) -> Option<[Pos2; 4]> {
        let across = picture.frame.away.dot(self.plane.frame.away).abs();
        if across < 0.99 {
            return None;
        }
        let [width, height] = picture.size_px.map(|n| n as f64);
        // Pixel centres lie on whole numbers, so the picture's edges lie half a pixel outside of them.
        let (left, top, right, bottom) = (-0.5, -0.5, width - 0.5, height - 0.5);
        let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
        Some(corners.map(|corner| self.pos(picture.patient(corner))))
    }
}

/// The rectangle, moved to whole pixels of the screen.
pub(crate) fn to_pixels(rect: Rect, pixels_per_point: f32) -> Rect {
    let snap = |v: f32| (v * pixels_per_point).round() / pixels_per_point;
    Rect::from_min_max(
        pos2(snap(rect.left()), snap(rect.top())),
        pos2(snap(rect.right()), snap(rect.bottom())),
    )
}

/// Width and height in pixels of the screen, at least one of each.
pub(crate) fn size_px(rect: Rect, pixels_per_point: f32) -> [usize; 2] {
    let n = |v: f32| (v * pixels_per_point).round().max(1.0) as usize;
    [n(rect.width()), n(rect.height())]
}

/// A line at a whole pixel: the middle of the pixel nearest to `at`, so that one point stays one sharp line.
pub(crate) fn to_pixel_middle(at: f32, pixels_per_point: f32) -> f32 {
    ((at * pixels_per_point).floor() + 0.5) / pixels_per_point
}

/// The unit vector of a direction on screen; `None` for no direction.
pub(crate) fn unit(v: Vec2) -> Option<Vec2> {
    let length = v.length();
    (1e-3 < length).then(|| v / length)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use space::{Orientation, PatientVector};

    use super::*;

    fn on_screen(pixels_per_point: f32) -> OnScreen {
        let rect = Rect::from_min_size(pos2(100.0, 50.0), vec2(300.0, 200.0));
        let plane = ViewPlane {
            centre: PatientPoint::new(10.0, 20.0, 30.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.5,
            size_px: size_px(rect, pixels_per_point),
        };
        OnScreen {
            plane,
            rect,
            pixels_per_point,
        }
    }

    #[test]
    fn places_go_to_the_screen_and_back_at_every_scale() {
        for pixels_per_point in [1.0, 1.25, 1.5, 2.0] {
            let screen = on_screen(pixels_per_point);
            for pos in [
                pos2(100.0, 50.0),
                pos2(250.0, 150.0),
                pos2(399.5, 249.5),
                pos2(133.3, 77.7),
            ] {
                let back = screen.pos(screen.place(pos));
                assert!(
                    (back - pos).length() < 1e-3,
                    "{pos:?} came back as {back:?} at {pixels_per_point}"
                );
            }
            assert_eq!(screen.pos(screen.plane.centre), screen.rect.center());
        }
    }

    #[test]
    fn the_first_pixel_fills_the_corner_of_the_rectangle() {
        let screen = on_screen(2.0);
        let first = screen.pos(screen.plane.patient([0.0, 0.0]));
        assert!((first - pos2(100.25, 50.25)).length() < 1e-4, "{first:?}");
    }

    #[test]
    fn a_picture_of_the_same_plane_fills_the_rectangle() {
        let screen = on_screen(1.5);
        let [a, _, c, _] = screen.corners_of(&screen.plane).unwrap();
        assert!((a - screen.rect.min).length() < 1e-3 && (c - screen.rect.max).length() < 1e-3);
    }

    #[test]
    fn an_older_picture_lies_where_its_pixels_are() {
        let screen = on_screen(1.0);
        // Magnified twice since: the old picture is drawn at twice its size about the middle.
        let older = ViewPlane {
            mm_per_pixel: 1.0,
            ..screen.plane
        };
        let [a, _, c, _] = screen.corners_of(&older).unwrap();
        assert!((c - a - screen.rect.size() * 2.0).length() < 1e-3);
        // Moved 5 mm to the patient's left since, which is 10 pixels to the right on an axial picture.
        let older = ViewPlane {
            centre: screen.plane.centre - PatientVector::new(5.0, 0.0, 0.0),
            ..screen.plane
        };
        let [a, ..] = screen.corners_of(&older).unwrap();
        assert!((a - (screen.rect.min - vec2(10.0, 0.0))).length() < 1e-3);
        // Turned to another plane: its pixels have no place.
        let older = ViewPlane {
            frame: Orientation::Coronal.frame(),
            ..screen.plane
        };
        assert_eq!(screen.corners_of(&older), None);
    }

    #[test]
    fn a_mirrored_view_mirrors_the_older_picture() {
        let screen = on_screen(1.0);
        let frame = screen.plane.frame;
        let mirrored = space::PlaneFrame {
            away: -frame.away,
            up: frame.up,
        };
        let now = OnScreen {
            plane: ViewPlane {
                frame: mirrored,
                ..screen.plane
            },
            ..screen
        };
        let [a, b, ..] = now.corners_of(&screen.plane).unwrap();
        assert!(
            b.x < a.x,
            "the left edge of the older picture is on the right now"
        );
    }
}
