use case::Geometry;
use session::Tool;
use space::{Bidirectional, Ellipse, PatientPoint, ViewPlane};

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
