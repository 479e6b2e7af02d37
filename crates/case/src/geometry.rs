use serde::{Deserialize, Serialize};
use space::{Bidirectional, Ellipse, PatientPoint, PatientVector};

/// The shape of a mark, in patient space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Geometry {
    /// A straight distance.
    Length {
        /// One end.
        from: PatientPoint,
        /// The other end.
        to: PatientPoint,
    },
    /// An angle at `vertex`.
    Angle {
        /// End of one arm.
        from: PatientPoint,
        /// Where the arms meet.
        vertex: PatientPoint,
        /// End of the other arm.
        to: PatientPoint,
    },
    /// Two diameters at right angles.
    Bidirectional(Bidirectional),
    /// The angle between two lines, as between two end plates.
    CobbAngle {
        /// Ends of one line.
        first: [PatientPoint; 2],
        /// Ends of the other line.
        second: [PatientPoint; 2],
    },
    /// A flat region.
    Ellipse(Ellipse),
    /// A pointer with words.
    Arrow {
        /// What it points at.
        tip: PatientPoint,
        /// Where it starts.
        tail: PatientPoint,
        /// The words; may be empty.
        text: String,
    },
    /// The value at a place.
    Probe {
        /// The place.
        at: PatientPoint,
    },
}

impl Geometry {
    /// The places that make it up, in the order of its fields. Of a region, its outermost ones.
    pub fn places(&self) -> Vec<PatientPoint> {
        match self {
            Self::Length { from, to } => vec![*from, *to],
            Self::Angle { from, vertex, to } => vec![*from, *vertex, *to],
            Self::Bidirectional(diameters) => diameters.ends().to_vec(),
            Self::CobbAngle { first, second } => [*first, *second].concat(),
            Self::Ellipse(ellipse) => vec![
                ellipse.centre + ellipse.half_axis_a,
                ellipse.centre + ellipse.half_axis_b,
                ellipse.centre - ellipse.half_axis_a,
                ellipse.centre - ellipse.half_axis_b,
            ],
            Self::Arrow { tip, tail, .. } => vec![*tip, *tail],
            Self::Probe { at } => vec![*at],
        }
    }

    /// What it is about: the middle of its places, the vertex of an angle, the tip of an arrow.
    pub fn centre(&self) -> PatientPoint {
        match self {
            Self::Angle { vertex, .. } => *vertex,
            Self::Ellipse(ellipse) => ellipse.centre,
            Self::Arrow { tip, .. } => *tip,
            Self::Probe { at } => *at,
            Self::Length { .. } | Self::Bidirectional(_) | Self::CobbAngle { .. } => {
                middle(&self.places())
            }
        }
    }

    /// Moved as a whole.
    pub fn moved(&self, by: PatientVector) -> Self {
        match self.clone() {
            Self::Length { from, to } => Self::Length {
                from: from + by,
                to: to + by,
            },
            Self::Angle { from, vertex, to } => Self::Angle {
                from: from + by,
                vertex: vertex + by,
                to: to + by,
            },
            Self::Bidirectional(diameters) => Self::Bidirectional(diameters.moved(by)),
            Self::CobbAngle { first, second } => Self::CobbAngle {
                first: first.map(|end| end + by),
                second: second.map(|end| end + by),
            },
            Self::Ellipse(ellipse) => Self::Ellipse(Ellipse {
                centre: ellipse.centre + by,
                ..ellipse
            }),
            Self::Arrow { tip, tail, text } => Self::Arrow {
                tip: tip + by,
                tail: tail + by,
                text,
            },
            Self::Probe { at } => Self::Probe { at: at + by },
        }
    }
}

/// The middle of some places.
fn middle(places: &[PatientPoint]) -> PatientPoint {
    let sum = places
        .iter()
        .fold(PatientVector::default(), |sum, p| sum + p.from_origin());
    PatientPoint::default() + sum * (1.0 / places.len().max(1) as f64)
}
