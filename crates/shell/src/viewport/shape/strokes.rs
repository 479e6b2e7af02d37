use case::Geometry;
use egui::Pos2;
use space::PatientPoint;

use crate::viewport::on_screen::{OnScreen, unit};

/// Points of the outline of an ellipse.
const N_OUTLINE: usize = 72;
/// Half of the cross that stands for a probed place, points.
const PROBE_HALF: f32 = 6.0;
/// Length of an arrow's head, points.
const HEAD: f32 = 9.0;
/// Half of the dash under words, points.
const DOT: f32 = 2.0;
/// Handles of an outline drawn by hand at most.
const MAX_HANDLES: usize = 12;
/// An outline this far from a plane does not lie in it, mm.
const IN_PLANE_MM: f64 = 0.05;
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
        Geometry::Length { from, to } | Geometry::Calibration { from, to, .. } => {
            let (a, b) = (pos(*from), pos(*to));
            Strokes {
                lines: distance(a, b),
                handles: vec![a, b],
            }
        }
        Geometry::Bidirectional(diameters) => two_distances(diameters.ends().map(pos)),
        Geometry::CardiothoracicRatio(widths) => two_distances(widths.ends().map(pos)),
        Geometry::Polyline { corners } => {
            let corners: Vec<Pos2> = corners.iter().map(|p| pos(*p)).collect();
            Strokes {
                lines: vec![corners.clone()],
                handles: corners,
            }
        }
        Geometry::Rectangle(rectangle) => outline(&rectangle.corners().map(pos)),
        Geometry::Polygon { corners } => {
            outline(&corners.iter().map(|p| pos(*p)).collect::<Vec<_>>())
        }
        Geometry::Freehand { corners } | Geometry::GrownBody { corners, .. } => {
            by_hand(&corners.iter().map(|p| pos(*p)).collect::<Vec<_>>())
        }
        Geometry::ContourBody { contours } => contour_strokes(contours, screen),
        Geometry::CobbAngle { first, second } | Geometry::OpenAngle { first, second } => {
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
        Geometry::Arrow { tip, tail, .. } => arrow(pos(*tip), pos(*tail)),
        Geometry::Text { at, .. } | Geometry::SpineLabel { at, .. } => {
            let at = pos(*at);
            Strokes {
                lines: vec![vec![at - egui::vec2(DOT, 0.0), at + egui::vec2(DOT, 0.0)]],
                handles: vec![at],
            }
        }
        Geometry::Probe { at } => cross(pos(*at)),
    }
}

/// Two lines with ticks.
fn two_distances([a, b, c, d]: [Pos2; 4]) -> Strokes {
    Strokes {
        lines: [distance(a, b), distance(c, d)].concat(),
        handles: vec![a, b, c, d],
    }
}

/// A line with a head at its tip.
fn arrow(tip: Pos2, tail: Pos2) -> Strokes {
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

/// A cross that leaves its middle free.
fn cross(at: Pos2) -> Strokes {
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

/// A closed line with a handle at each corner.
fn outline(corners: &[Pos2]) -> Strokes {
    let closed = corners.iter().chain(corners.first()).copied().collect();
    Strokes {
        lines: vec![closed],
        handles: corners.to_vec(),
    }
}

/// A closed line drawn by hand, with as many handles as fit along it.
fn by_hand(corners: &[Pos2]) -> Strokes {
    let handles = handle_idxs(corners.len());
    Strokes {
        handles: handles
            .filter_map(|idx| corners.get(idx).copied())
            .collect(),
        ..outline(corners)
    }
}

/// The outlines of a body that lie in the plane; one from elsewhere shows nothing here but its place.
fn contour_strokes(contours: &[Vec<PatientPoint>], screen: &OnScreen) -> Strokes {
    let in_plane = |contour: &&Vec<PatientPoint>| {
        let far = contour.iter().map(|p| screen.plane.distance_mm(*p).abs());
        far.fold(0.0, f64::max) <= IN_PLANE_MM
    };
    let mut strokes = Strokes::default();
    for contour in contours.iter().filter(in_plane) {
        let corners: Vec<Pos2> = contour.iter().map(|p| screen.pos(*p)).collect();
        strokes.lines.extend(outline(&corners).lines);
    }
    strokes
}

/// Which corners of an outline drawn by hand can be taken.
pub(super) fn handle_idxs(n_corners: usize) -> impl Iterator<Item = usize> {
    let every = n_corners.div_ceil(MAX_HANDLES).max(1);
    (0..n_corners).step_by(every)
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
