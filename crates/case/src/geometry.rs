use serde::{Deserialize, Serialize};
use space::{
    Bidirectional, CardiothoracicWidths, Ellipse, FlatRegion, PatientPoint, PatientVector, Polygon,
    Rectangle,
};

use crate::Vertebra;

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
    /// The way through places, one after the other.
    Polyline {
        /// They, at least two.
        corners: Vec<PatientPoint>,
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
    /// The angle between two lines that need not meet, each from its first end to its second.
    OpenAngle {
        /// Ends of one line.
        first: [PatientPoint; 2],
        /// Ends of the other line.
        second: [PatientPoint; 2],
    },
    /// Two diameters at right angles.
    Bidirectional(Bidirectional),
    /// The angle between two lines, as between two end plates: the acute one.
    CobbAngle {
        /// Ends of one line.
        first: [PatientPoint; 2],
        /// Ends of the other line.
        second: [PatientPoint; 2],
    },
    /// The widths of heart and thorax.
    CardiothoracicRatio(CardiothoracicWidths),
    /// A flat region.
    Ellipse(Ellipse),
    /// A flat region with right angles.
    Rectangle(Rectangle),
    /// A flat region through corners; its inside follows the even-odd rule.
    Polygon {
        /// They, at least three, in one plane.
        corners: Vec<PatientPoint>,
    },
    /// A flat region drawn by hand; its inside follows the even-odd rule.
    Freehand {
        /// Places on the outline, at least three, in one plane.
        corners: Vec<PatientPoint>,
    },
    /// A body grown from the values inside an outline, over the slices beside it.
    GrownBody {
        /// Places on the outline, at least three, on one slice.
        corners: Vec<PatientPoint>,
        /// Smallest value that belongs to it; `None`: no limit.
        low: Option<f64>,
        /// Largest value that belongs to it; `None`: no limit.
        high: Option<f64>,
        /// How far it may reach to both sides of the outline, mm.
        reach_mm: f64,
    },
    /// A body between outlines on several slices.
    ContourBody {
        /// The outlines, each of at least three places in one plane; the planes are parallel.
        contours: Vec<Vec<PatientPoint>>,
    },
    /// A pointer with words.
    Arrow {
        /// What it points at.
        tip: PatientPoint,
        /// Where it starts.
        tail: PatientPoint,
        /// The words; may be empty.
        text: String,
    },
    /// Words at a place.
    Text {
        /// The place.
        at: PatientPoint,
        /// They.
        text: String,
    },
    /// A level of the spine.
    SpineLabel {
        /// The place.
        at: PatientPoint,
        /// Which.
        level: Vertebra,
    },
    /// The value at a place.
    Probe {
        /// The place.
        at: PatientPoint,
    },
    /// A distance whose length the reader knows. Lengths on the same image follow it.
    Calibration {
        /// One end.
        from: PatientPoint,
        /// The other end.
        to: PatientPoint,
        /// Its length, mm, above zero.
        known_mm: f64,
    },
}

impl Geometry {
    /// The places that make it up, in the order of its fields. Of an ellipse, its outermost ones.
    pub fn places(&self) -> Vec<PatientPoint> {
        match self {
            Self::Length { from, to } | Self::Calibration { from, to, .. } => vec![*from, *to],
            Self::Polyline { corners }
            | Self::Polygon { corners }
            | Self::Freehand { corners }
            | Self::GrownBody { corners, .. } => corners.clone(),
            Self::ContourBody { contours } => contours.concat(),
            Self::Angle { from, vertex, to } => vec![*from, *vertex, *to],
            Self::Bidirectional(diameters) => diameters.ends().to_vec(),
            Self::CardiothoracicRatio(widths) => widths.ends().to_vec(),
            Self::CobbAngle { first, second } | Self::OpenAngle { first, second } => {
                [*first, *second].concat()
            }
            Self::Ellipse(ellipse) => vec![
                ellipse.centre + ellipse.half_axis_a,
                ellipse.centre + ellipse.half_axis_b,
                ellipse.centre - ellipse.half_axis_a,
                ellipse.centre - ellipse.half_axis_b,
            ],
            Self::Rectangle(rectangle) => rectangle.corners().to_vec(),
            Self::Arrow { tip, tail, .. } => vec![*tip, *tail],
            Self::Text { at, .. } | Self::SpineLabel { at, .. } | Self::Probe { at } => vec![*at],
        }
    }

    /// What it is about: the middle of its places, the vertex of an angle, the tip of an arrow. Of a body between
    /// outlines, the middle of the last one drawn.
    pub fn centre(&self) -> PatientPoint {
        match self {
            Self::Angle { vertex, .. } => *vertex,
            Self::Ellipse(ellipse) => ellipse.centre,
            Self::Arrow { tip, .. } => *tip,
            Self::ContourBody { contours } => {
                middle(contours.last().map_or(&[][..], Vec::as_slice))
            }
            Self::Polygon { corners }
            | Self::Freehand { corners }
            | Self::GrownBody { corners, .. } => {
                Polygon::new(corners).map_or_else(|| middle(corners), |p| p.centre())
            }
            Self::Length { .. }
            | Self::Polyline { .. }
            | Self::OpenAngle { .. }
            | Self::Bidirectional(_)
            | Self::CobbAngle { .. }
            | Self::CardiothoracicRatio(_)
            | Self::Rectangle(_)
            | Self::Text { .. }
            | Self::SpineLabel { .. }
            | Self::Probe { .. }
            | Self::Calibration { .. } => middle(&self.places()),
        }
    }

    /// The flat region whose values are counted; `None` for shapes without one, and for an outline that has no area.
    pub fn region(&self) -> Option<FlatRegion> {
        match self {
            Self::Ellipse(ellipse) => Some(FlatRegion::Ellipse(*ellipse)),
            Self::Rectangle(rectangle) => Some(FlatRegion::Rectangle(*rectangle)),
            Self::Polygon { corners } | Self::Freehand { corners } => {
                Polygon::new(corners).map(FlatRegion::Polygon)
            }
            Self::Length { .. }
            | Self::Polyline { .. }
            | Self::Angle { .. }
            | Self::OpenAngle { .. }
            | Self::Bidirectional(_)
            | Self::CobbAngle { .. }
            | Self::CardiothoracicRatio(_)
            | Self::GrownBody { .. }
            | Self::ContourBody { .. }
            | Self::Arrow { .. }
            | Self::Text { .. }
            | Self::SpineLabel { .. }
            | Self::Probe { .. }
            | Self::Calibration { .. } => None,
        }
    }

    /// The reader's own words on it; `None` for shapes that have none.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Arrow { text, .. } | Self::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Moved as a whole.
    pub fn moved(&self, by: PatientVector) -> Self {
        let mut moved = self.clone();
        let all = |places: &mut [PatientPoint]| places.iter_mut().for_each(|p| *p = *p + by);
        match &mut moved {
            Self::Length { from, to } | Self::Calibration { from, to, .. } => {
                (*from, *to) = (*from + by, *to + by);
            }
            Self::Polyline { corners }
            | Self::Polygon { corners }
            | Self::Freehand { corners }
            | Self::GrownBody { corners, .. } => all(corners),
            Self::ContourBody { contours } => contours.iter_mut().for_each(|c| all(c)),
            Self::Angle { from, vertex, to } => {
                (*from, *vertex, *to) = (*from + by, *vertex + by, *to + by);
            }
            Self::Bidirectional(diameters) => *diameters = diameters.moved(by),
            Self::CardiothoracicRatio(widths) => *widths = widths.moved(by),
            Self::CobbAngle { first, second } | Self::OpenAngle { first, second } => {
                all(first);
                all(second);
            }
            Self::Ellipse(ellipse) => ellipse.centre = ellipse.centre + by,
            Self::Rectangle(rectangle) => rectangle.centre = rectangle.centre + by,
            Self::Arrow { tip, tail, .. } => (*tip, *tail) = (*tip + by, *tail + by),
            Self::Text { at, .. } | Self::SpineLabel { at, .. } | Self::Probe { at } => {
                *at = *at + by;
            }
        }
        moved
    }
}

/// The middle of some places.
fn middle(places: &[PatientPoint]) -> PatientPoint {
    let sum = places
        .iter()
        .fold(PatientVector::default(), |sum, p| sum + p.from_origin());
    PatientPoint::default() + sum * (1.0 / places.len().max(1) as f64)
}
