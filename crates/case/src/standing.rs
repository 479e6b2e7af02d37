use crate::Geometry;

/// What a mark stands for in a read. One table for every tool: a mark that shows no lesion makes no finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It shows something that was found: without a selected finding it makes one.
    Evidence,
    /// It measures something that may well be normal: it belongs to the selected finding, and without one stands by itself.
    Measurement,
    /// It says what the image is, as a calibration or the level of a vertebra: it never belongs to a finding.
    OfImage,
}

impl Geometry {
    /// Is it a body over several slices?
    pub fn is_body(&self) -> bool {
        matches!(self, Self::GrownBody { .. } | Self::ContourBody { .. })
    }

    /// What a mark of this shape stands for.
    pub fn standing(&self) -> Standing {
        match self {
            // Drawn along, around or at what was found.
            Self::Length { .. }
            | Self::Polyline { .. }
            | Self::Bidirectional(_)
            | Self::Ellipse(_)
            | Self::Rectangle(_)
            | Self::Polygon { .. }
            | Self::Freehand { .. }
            | Self::GrownBody { .. }
            | Self::ContourBody { .. }
            | Self::Arrow { .. } => Standing::Evidence,
            // An angle, a ratio, a value or a word are asked of healthy parts as well.
            Self::Angle { .. }
            | Self::OpenAngle { .. }
            | Self::CobbAngle { .. }
            | Self::CardiothoracicRatio(_)
            | Self::Probe { .. }
            | Self::Text { .. } => Standing::Measurement,
            Self::SpineLabel { .. } | Self::Calibration { .. } => Standing::OfImage,
        }
    }
}
