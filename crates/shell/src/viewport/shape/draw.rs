use case::Geometry;
use session::{SpineLabels, Tool};
use space::{Bidirectional, CardiothoracicWidths, Ellipse, PatientPoint, Rectangle, ViewPlane};

/// How a tool that leaves a mark is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// So many places, by clicks or at the ends of drags.
    Places(usize),
    /// Two lines, each by a drag or by two clicks.
    TwoLines,
    /// Corners by clicks, at least so many; a second press on the last or on the first ends it.
    Corners(usize),
    /// The way of the pointer while the button is down.
    Trail,
}

/// How a tool is drawn; `None` for those that leave no mark.
pub(crate) fn drawing(tool: Tool) -> Option<Drawing> {
    match tool {
        Tool::Length | Tool::Ellipse | Tool::Rectangle | Tool::Arrow | Tool::Calibration => {
            Some(Drawing::Places(2))
        }
        Tool::Angle => Some(Drawing::Places(3)),
        Tool::Bidirectional | Tool::CobbAngle | Tool::OpenAngle | Tool::CardiothoracicRatio => {
            Some(Drawing::TwoLines)
        }
        Tool::Probe | Tool::Text | Tool::SpineLabel => Some(Drawing::Places(1)),
        Tool::Polyline => Some(Drawing::Corners(2)),
        Tool::Polygon => Some(Drawing::Corners(3)),
        Tool::Freehand | Tool::GrownBody | Tool::ContourBody => Some(Drawing::Trail),
        Tool::Window
        | Tool::Pan
        | Tool::Zoom
        | Tool::Scroll
        | Tool::Crosshair
        | Tool::Magnifier
        | Tool::WindowBox => None,
    }
}

/// The shape that a tool makes of places in a plane; `None` while there are too few, or when it has no size.
pub(crate) fn shape_of(
    (tool, spine): (Tool, SpineLabels),
    places: &[PatientPoint],
    plane: &ViewPlane,
) -> Option<Geometry> {
    let ends = |from: &PatientPoint, to: &PatientPoint| Geometry::Length {
        from: *from,
        to: *to,
    };
    match (tool, places) {
        (Tool::Length, [from, to, ..]) => Some(ends(from, to)),
        // Until the third place is there the second arm lies on the first.
        (Tool::Angle, [from, vertex]) => Some(ends(from, vertex)),
        (Tool::Angle, [from, vertex, to, ..]) => Some(Geometry::Angle {
            from: *from,
            vertex: *vertex,
            to: *to,
        }),
        // While the first line grows, and while the second begins, the first alone is there.
        (
            Tool::Bidirectional | Tool::CobbAngle | Tool::OpenAngle | Tool::CardiothoracicRatio,
            [from, to] | [from, to, _],
        ) => Some(ends(from, to)),
        (
            Tool::Bidirectional | Tool::CobbAngle | Tool::OpenAngle | Tool::CardiothoracicRatio,
            [a, b, c, d, ..],
        ) => two_lines(tool, [*a, *b], [*c, *d], plane),
        (Tool::Polyline, [_, _, ..]) => Some(Geometry::Polyline {
            corners: places.to_vec(),
        }),
        (Tool::Polygon, [from, to]) => Some(ends(from, to)),
        (Tool::Polygon, [_, _, _, ..]) => Some(Geometry::Polygon {
            corners: places.to_vec(),
        }),
        (Tool::Freehand | Tool::GrownBody | Tool::ContourBody, [_, _, _, ..]) => {
            Some(Geometry::Freehand {
                corners: places.to_vec(),
            })
        }
        (Tool::Rectangle, [a, b, ..]) => {
            Rectangle::between(*a, *b, &plane.frame).map(Geometry::Rectangle)
        }
        // The length is asked for when the line is done.
        (Tool::Calibration, [from, to, ..]) => Some(Geometry::Calibration {
            from: *from,
            to: *to,
            known_mm: 0.0,
        }),
        (Tool::Text, [at, ..]) => Some(Geometry::Text {
            at: *at,
            text: String::new(),
        }),
        (Tool::SpineLabel, [at, ..]) => Some(Geometry::SpineLabel {
            at: *at,
            level: spine.next,
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

/// The shape of two lines; `None` when it has no size, and for other tools.
fn two_lines(
    tool: Tool,
    first: [PatientPoint; 2],
    second: [PatientPoint; 2],
    plane: &ViewPlane,
) -> Option<Geometry> {
    match tool {
        Tool::OpenAngle => Some(Geometry::OpenAngle { first, second }),
        Tool::CobbAngle => Some(Geometry::CobbAngle { first, second }),
        Tool::CardiothoracicRatio => {
            let widths = CardiothoracicWidths::new(first, second, &plane.frame);
            widths.map(Geometry::CardiothoracicRatio)
        }
        Tool::Bidirectional => {
            Bidirectional::new(first, second, &plane.frame).map(Geometry::Bidirectional)
        }
        _ => None,
    }
}
