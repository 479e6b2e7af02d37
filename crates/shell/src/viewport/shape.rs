use case::Geometry;
use egui::Pos2;
use session::Tool;
use space::{Bidirectional, Ellipse, PatientPoint, PatientVector, ViewPlane};

use super::on_screen::{OnScreen, unit};

/// Points of the outline of an ellipse.
const N_OUTLINE: usize = 72;
/// Half of the cross that stands for a probed place, points.
const PROBE_HALF: f32 = 6.0;
/// Length of an arrow's head, points.
const HEAD: f32 = 9.0;
/// Half of the tick at the end of a distance, points.
const TICK_HALF: f32 = 4.0;

/// A shape as strokes on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Strokes {
    /// Lines through points.
    pub(crate) lines: Vec<Vec<Pos2>>,
    /// Where it can be taken to change its shape, in the order of [`with_handle_at`].
    pub(crate) handles: Vec<Pos2>,
}

impl Strokes {
    /// Distance of a point from the nearest stroke, points.
    pub(crate) fn distance(&self, pos: Pos2) -> f32 {
        self.lines
            .iter()
            .flat_map(|line| line.windows(2))
            .filter_map(|pair| match pair {
                [a, b] => Some(segment_distance(*a, *b, pos)),
                _ => None,
            })
            .fold(f32::INFINITY, f32::min)
    }

    /// The handle within reach of a point.
    pub(crate) fn handle_at(&self, pos: Pos2, reach: f32) -> Option<usize> {
        let near = self
            .handles
            .iter()
            .enumerate()
            .map(|(i, handle)| (i, handle.distance(pos)));
        near.filter(|(_, d)| *d <= reach)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(i, _)| i)
    }

    /// The rectangle that holds it.
    pub(crate) fn bounds(&self) -> egui::Rect {
        egui::Rect::from_points(&self.lines.concat())
    }
}

/// The strokes of a shape in a view.
pub(crate) fn strokes(geometry: &Geometry, screen: &OnScreen) -> Strokes {
    let pos = |place: PatientPoint| screen.pos(place);
    match geometry {
        Geometry::Length { from, to } => {
            let (a, b) = (pos(*from), pos(*to));
            Strokes {
                lines: distance(a, b),
                handles: vec![a, b],
            }
        }
        Geometry::Bidirectional(diameters) => {
            let [a, b, c, d] = diameters.ends().map(pos);
            Strokes {
                lines: [distance(a, b), distance(c, d)].concat(),
                handles: vec![a, b, c, d],
            }
        }
        Geometry::CobbAngle { first, second } => {
            let ([a, b], [c, d]) = (first.map(pos), second.map(pos));
            Strokes {
                lines: vec![vec![a, b], vec![c, d]],
                handles: vec![a, b, c, d],
            }
        }
        Geometry::Angle { from, vertex, to } => {
            let (a, v, b) = (pos(*from), pos(*vertex), pos(*to));
            Strokes {
                lines: vec![vec![a, v, b], arc(a, v, b)],
                handles: vec![a, v, b],
            }
        }
        Geometry::Ellipse(ellipse) => {
            let at = |k: usize| {
                pos(ellipse.outline(k as f64 / N_OUTLINE as f64 * std::f64::consts::TAU))
            };
            let outline = (0..=N_OUTLINE).map(at).collect();
            let quarter = N_OUTLINE / 4;
            Strokes {
                lines: vec![outline],
                handles: (0..4).map(|k| at(k * quarter)).collect(),
            }
        }
        Geometry::Arrow { tip, tail, .. } => {
            let (tip, tail) = (pos(*tip), pos(*tail));
            let mut lines = vec![vec![tail, tip]];
            if let Some(back) = unit(tail - tip) {
                let side = back.rot90() * (HEAD * 0.45);
                lines.push(vec![
                    tip + back * HEAD + side,
                    tip,
                    tip + back * HEAD - side,
                ]);
            }
            Strokes {
                lines,
                handles: vec![tip, tail],
            }
        }
        Geometry::Probe { at } => {
            let at = pos(*at);
            let arm = |x: f32, y: f32| {
                vec![
                    at + egui::vec2(x, y) * 2.0,
                    at + egui::vec2(x, y) * PROBE_HALF,
                ]
            };
            Strokes {
                lines: vec![arm(-1.0, 0.0), arm(1.0, 0.0), arm(0.0, -1.0), arm(0.0, 1.0)],
                handles: vec![at],
            }
        }
    }
}

/// A line with a tick at each end.
fn distance(a: Pos2, b: Pos2) -> Vec<Vec<Pos2>> {
    let mut lines = vec![vec![a, b]];
    if let Some(along) = unit(b - a) {
        let tick = along.rot90() * TICK_HALF;
        lines.extend([vec![a - tick, a + tick], vec![b - tick, b + tick]]);
    }
    lines
}

/// A small arc between the arms of an angle.
fn arc(a: Pos2, vertex: Pos2, b: Pos2) -> Vec<Pos2> {
    let (u, v) = (a - vertex, b - vertex);
    let radius = (u.length().min(v.length()) * 0.4).min(18.0);
    let start = u.angle();
    let tau = std::f32::consts::TAU;
    let mut sweep = (v.angle() - start).rem_euclid(tau);
    if tau / 2.0 < sweep {
        sweep -= tau;
    }
    (0..=12)
        .map(|k| vertex + egui::Vec2::angled(start + sweep * k as f32 / 12.0) * radius)
        .collect()
}

fn segment_distance(a: Pos2, b: Pos2, pos: Pos2) -> f32 {
    let along = b - a;
    let share = ((pos - a).dot(along) / along.length_sq().max(1e-6)).clamp(0.0, 1.0);
    (a + along * share).distance(pos)
}

/// The shape with one handle moved by a vector.
pub(crate) fn with_handle_at(
    geometry: &Geometry,
    handle_idx: usize,
    by: PatientVector,
) -> Geometry {
    let mut moved = geometry.clone();
    match (&mut moved, handle_idx) {
        (Geometry::Length { from, .. }, 0) => *from = *from + by,
        (Geometry::Length { to, .. }, _) => *to = *to + by,
        (Geometry::Angle { from, .. }, 0) => *from = *from + by,
        (Geometry::Angle { vertex, .. }, 1) => *vertex = *vertex + by,
        (Geometry::Angle { to, .. }, _) => *to = *to + by,
        (Geometry::Arrow { tip, .. }, 0) => *tip = *tip + by,
        (Geometry::Arrow { tail, .. }, _) => *tail = *tail + by,
        (Geometry::Probe { at }, _) => *at = *at + by,
        (Geometry::Bidirectional(diameters), handle_idx) => {
            *diameters = diameters.with_end_moved(handle_idx, by);
        }
        (Geometry::CobbAngle { first, .. }, 0 | 1) => first[handle_idx] = first[handle_idx] + by,
        (Geometry::CobbAngle { second, .. }, _) => {
            if let Some(end) = second.get_mut(handle_idx - 2) {
                *end = *end + by;
            }
        }
        (Geometry::Ellipse(ellipse), handle_idx) => *ellipse = stretched(ellipse, handle_idx, by),
    }
    moved
}

/// The ellipse with one end of an axis moved; the other axis keeps its length and stays at a right angle.
fn stretched(ellipse: &Ellipse, handle_idx: usize, by: PatientVector) -> Ellipse {
    let Ellipse {
        centre,
        half_axis_a: a,
        half_axis_b: b,
    } = *ellipse;
    let sign = if handle_idx < 2 { 1.0 } else { -1.0 };
    let (taken, other) = if handle_idx.is_multiple_of(2) {
        (a, b)
    } else {
        (b, a)
    };
    let taken = taken + by * sign;
    // The normal keeps its sense whichever axis is taken, so that the outline runs on the same way round.
    let turned = a.cross(b).unit().and_then(|normal| {
        let beside = if handle_idx.is_multiple_of(2) {
            normal.cross(taken)
        } else {
            taken.cross(normal)
        };
        beside.unit()
    });
    let Some(beside) = turned else {
        return *ellipse;
    };
    let other = beside * other.length_mm();
    if handle_idx.is_multiple_of(2) {
        Ellipse {
            centre,
            half_axis_a: taken,
            half_axis_b: other,
        }
    } else {
        Ellipse {
            centre,
            half_axis_a: other,
            half_axis_b: taken,
        }
    }
}

/// The shape moved as a whole.
pub(crate) fn moved(geometry: &Geometry, by: PatientVector) -> Geometry {
    match geometry {
        Geometry::Length { from, to } => Geometry::Length {
            from: *from + by,
            to: *to + by,
        },
        Geometry::Angle { from, vertex, to } => Geometry::Angle {
            from: *from + by,
            vertex: *vertex + by,
            to: *to + by,
        },
        Geometry::Bidirectional(diameters) => Geometry::Bidirectional(diameters.moved(by)),
        Geometry::CobbAngle { first, second } => Geometry::CobbAngle {
            first: first.map(|end| end + by),
            second: second.map(|end| end + by),
        },
        Geometry::Ellipse(ellipse) => Geometry::Ellipse(Ellipse {
            centre: ellipse.centre + by,
            ..*ellipse
        }),
        Geometry::Arrow { tip, tail, text } => Geometry::Arrow {
            tip: *tip + by,
            tail: *tail + by,
            text: text.clone(),
        },
        Geometry::Probe { at } => Geometry::Probe { at: *at + by },
    }
}

/// Is the tool one that leaves a mark, and how many places does it need?
pub(crate) fn n_places(tool: Tool) -> Option<usize> {
    match tool {
        Tool::Length | Tool::Ellipse | Tool::Arrow => Some(2),
        Tool::Angle => Some(3),
        Tool::Bidirectional | Tool::CobbAngle => Some(4),
        Tool::Probe => Some(1),
        Tool::Window | Tool::Pan | Tool::Zoom | Tool::Scroll | Tool::Crosshair => None,
    }
}

/// The shape that a tool makes of places in a plane; `None` while there are too few, or when it has no size.
pub(crate) fn shape_of(tool: Tool, places: &[PatientPoint], plane: &ViewPlane) -> Option<Geometry> {
    match (tool, places) {
        (Tool::Length, [from, to, ..]) => Some(Geometry::Length {
            from: *from,
            to: *to,
        }),
        // Until the third place is there the second arm lies on the first.
        (Tool::Angle, [from, vertex]) => Some(Geometry::Length {
            from: *from,
            to: *vertex,
        }),
        (Tool::Angle, [from, vertex, to, ..]) => Some(Geometry::Angle {
            from: *from,
            vertex: *vertex,
            to: *to,
        }),
        // While the first line grows, and while the second begins, the first alone is there.
        (Tool::Bidirectional | Tool::CobbAngle, [from, to] | [from, to, _]) => {
            Some(Geometry::Length {
                from: *from,
                to: *to,
            })
        }
        (Tool::Bidirectional, [a, b, c, d, ..]) => {
            Bidirectional::new([*a, *b], [*c, *d], &plane.frame).map(Geometry::Bidirectional)
        }
        (Tool::CobbAngle, [a, b, c, d, ..]) => Some(Geometry::CobbAngle {
            first: [*a, *b],
            second: [*c, *d],
        }),
        (Tool::Ellipse, [a, b, ..]) => {
            let diagonal = *b - *a;
            let (right, up) = (plane.frame.right(), plane.frame.up);
            let half_axis_a = right * (diagonal.dot(right) / 2.0);
            let half_axis_b = up * (diagonal.dot(up) / 2.0);
            let has_size = 1e-6 < half_axis_a.length_mm() && 1e-6 < half_axis_b.length_mm();
            has_size.then(|| {
                Geometry::Ellipse(Ellipse {
                    centre: *a + diagonal * 0.5,
                    half_axis_a,
                    half_axis_b,
                })
            })
        }
        (Tool::Arrow, [tip, tail, ..]) => Some(Geometry::Arrow {
            tip: *tip,
            tail: *tail,
            text: String::new(),
        }),
        (Tool::Probe, [at, ..]) => Some(Geometry::Probe { at: *at }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use egui::{Rect, pos2, vec2};
    use space::{Orientation, acute_angle_deg, angle_deg, distance_mm};

    use super::*;

    fn screen() -> OnScreen {
        let plane = ViewPlane {
            centre: PatientPoint::default(),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.5,
            size_px: [400, 400],
        };
        OnScreen {
            plane,
            rect: Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 400.0)),
            pixels_per_point: 1.0,
        }
    }

    fn places(points: &[(f32, f32)]) -> Vec<PatientPoint> {
        points
            .iter()
            .map(|(x, y)| screen().place(pos2(*x, *y)))
            .collect()
    }

    /// Millimetres or degrees of a shape, to a thousandth.
    fn sizes(geometry: &Geometry) -> Vec<f64> {
        let all = match geometry {
            Geometry::Length { from, to } => vec![distance_mm(*from, *to)],
            Geometry::Angle { from, vertex, to } => {
                vec![angle_deg(*from, *vertex, *to).unwrap_or(f64::NAN)]
            }
            Geometry::Bidirectional(diameters) => diameters.diameters_mm().to_vec(),
            Geometry::CobbAngle { first, second } => {
                vec![acute_angle_deg(*first, *second).unwrap_or(f64::NAN)]
            }
            Geometry::Ellipse(ellipse) => ellipse.diameters_mm().to_vec(),
            Geometry::Arrow { .. } | Geometry::Probe { .. } => Vec::new(),
        };
        all.into_iter().map(|v| (v * 1e3).round() / 1e3).collect()
    }

    #[test]
    fn a_drag_across_a_hundred_pixels_of_half_a_millimetre_measures_fifty() {
        let at = places(&[(100.0, 100.0), (200.0, 100.0)]);
        let length = shape_of(Tool::Length, &at, &screen().plane).unwrap();
        assert_eq!(sizes(&length), [50.0]);
        let at = places(&[(100.0, 100.0), (180.0, 160.0)]);
        let ellipse = shape_of(Tool::Ellipse, &at, &screen().plane).unwrap();
        assert_eq!(sizes(&ellipse), [40.0, 30.0]);
        let at = places(&[(100.0, 100.0), (100.0, 200.0), (200.0, 200.0)]);
        let angle = shape_of(Tool::Angle, &at, &screen().plane).unwrap();
        assert_eq!(sizes(&angle), [90.0]);
        let at = places(&[
            (100.0, 100.0),
            (160.0, 100.0),
            (120.0, 90.0),
            (131.0, 130.0),
        ]);
        let diameters = shape_of(Tool::Bidirectional, &at, &screen().plane).unwrap();
        assert_eq!(sizes(&diameters), [30.0, 20.0]);
        let at = places(&[
            (100.0, 100.0),
            (160.0, 100.0),
            (100.0, 200.0),
            (160.0, 260.0),
        ]);
        let cobb = shape_of(Tool::CobbAngle, &at, &screen().plane).unwrap();
        assert_eq!(sizes(&cobb), [45.0]);
    }

    #[test]
    fn too_few_places_make_no_shape() {
        for tool in [
            Tool::Length,
            Tool::Ellipse,
            Tool::Arrow,
            Tool::Angle,
            Tool::Bidirectional,
            Tool::CobbAngle,
        ] {
            assert_eq!(
                shape_of(tool, &places(&[(10.0, 10.0)]), &screen().plane),
                None,
                "{tool:?}"
            );
        }
        let flat = places(&[(10.0, 10.0), (50.0, 10.0)]);
        assert_eq!(
            shape_of(Tool::Ellipse, &flat, &screen().plane),
            None,
            "an ellipse without height"
        );
    }

    #[test]
    fn handles_lie_on_the_shape_and_move_only_their_own_end() {
        let at = places(&[
            (100.0, 100.0),
            (180.0, 160.0),
            (120.0, 140.0),
            (150.0, 100.0),
        ]);
        for tool in [
            Tool::Length,
            Tool::Ellipse,
            Tool::Arrow,
            Tool::Bidirectional,
            Tool::CobbAngle,
        ] {
            let shape = shape_of(tool, &at, &screen().plane).unwrap();
            let before = strokes(&shape, &screen());
            for (i, handle) in before.handles.iter().enumerate() {
                assert!(before.distance(*handle) < 1.0, "{tool:?} handle {i}");
                let by = screen().place(*handle + vec2(7.0, -3.0)) - screen().place(*handle);
                let after = strokes(&with_handle_at(&shape, i, by), &screen());
                let moved = after
                    .handles
                    .iter()
                    .map(|h| h.distance(*handle + vec2(7.0, -3.0)))
                    .fold(f32::MAX, f32::min);
                assert!(moved < 0.01, "{tool:?} handle {i} does not follow");
            }
        }
    }

    #[test]
    fn an_ellipse_keeps_its_other_axis_and_its_right_angle() {
        let at = places(&[(100.0, 100.0), (180.0, 160.0)]);
        let Some(Geometry::Ellipse(before)) = shape_of(Tool::Ellipse, &at, &screen().plane) else {
            panic!()
        };
        for handle_idx in 0..4 {
            let by = PatientVector::new(3.0, 1.0, 0.0);
            let after = stretched(&before, handle_idx, by);
            assert!(
                after.half_axis_a.dot(after.half_axis_b).abs() < 1e-9,
                "handle {handle_idx}"
            );
            assert_eq!(after.centre, before.centre);
            let kept = if handle_idx % 2 == 0 {
                (
                    after.half_axis_b.length_mm(),
                    before.half_axis_b.length_mm(),
                )
            } else {
                (
                    after.half_axis_a.length_mm(),
                    before.half_axis_a.length_mm(),
                )
            };
            assert!((kept.0 - kept.1).abs() < 1e-9, "handle {handle_idx}");
        }
    }

    #[test]
    fn moving_a_shape_moves_every_point_of_it() {
        let by = PatientVector::new(5.0, -2.0, 1.0);
        let at = places(&[
            (100.0, 100.0),
            (180.0, 160.0),
            (120.0, 200.0),
            (160.0, 150.0),
        ]);
        for tool in [
            Tool::Length,
            Tool::Angle,
            Tool::Bidirectional,
            Tool::CobbAngle,
            Tool::Ellipse,
            Tool::Arrow,
            Tool::Probe,
        ] {
            let shape = shape_of(tool, &at, &screen().plane).unwrap();
            let (before, after) = (
                strokes(&shape, &screen()),
                strokes(&moved(&shape, by), &screen()),
            );
            for (a, b) in before.handles.iter().zip(&after.handles) {
                let shift =
                    screen().pos(screen().plane.centre + by) - screen().pos(screen().plane.centre);
                assert!((*b - *a - shift).length() < 1e-2, "{tool:?}");
            }
            assert_eq!(sizes(&shape), sizes(&moved(&shape, by)), "{tool:?}");
        }
    }

    #[test]
    fn the_halo_of_a_stroke_reaches_to_both_sides_and_beyond_its_ends() {
        let line = Strokes {
            lines: vec![vec![pos2(0.0, 0.0), pos2(10.0, 0.0)]],
            handles: Vec::new(),
        };
        for (pos, expected) in [
            (pos2(5.0, 3.0), 3.0),
            (pos2(5.0, -3.0), 3.0),
            (pos2(13.0, 4.0), 5.0),
        ] {
            assert!((line.distance(pos) - expected).abs() < 1e-5, "{pos:?}");
        }
    }
}
