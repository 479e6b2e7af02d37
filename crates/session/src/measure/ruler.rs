use case::MeasuredValue;
use volume::{SpacingSource, Volume};

/// How distances on a grid become lengths: their unit, and the attribute that says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ruler {
    has_mm: bool,
    source: String,
}

impl Ruler {
    /// The ruler of a volume.
    pub(crate) fn of(volume: &Volume) -> Self {
        Self {
            has_mm: volume.spacing_source != SpacingSource::Unknown,
            source: spacing_source_text(volume.spacing_source).into(),
        }
    }

    /// A distance between places of the grid.
    pub(crate) fn length(&self, name: &str, grid_mm: f64) -> MeasuredValue {
        self.value(name, grid_mm, if self.has_mm { "mm" } else { "px" })
    }

    /// An area on the grid.
    pub(crate) fn area(&self, name: &str, grid_mm2: f64) -> MeasuredValue {
        self.value(name, grid_mm2, if self.has_mm { "mm2" } else { "px2" })
    }

    /// An angle, degrees. It rests on the spacing as well: on the ratio of that along rows and along columns.
    pub(crate) fn angle(&self, name: &str, angle_deg: f64) -> MeasuredValue {
        self.value(name, angle_deg, "deg")
    }

    fn value(&self, name: &str, value: f64, unit: &str) -> MeasuredValue {
        MeasuredValue {
            name: name.into(),
            value,
            unit: unit.into(),
            source: self.source.clone(),
        }
    }
}

/// `mm`, or `px` where no attribute gives a spacing.
pub(crate) fn length_unit(source: SpacingSource) -> &'static str {
    if source == SpacingSource::Unknown {
        "px"
    } else {
        "mm"
    }
}

/// The attribute that a distance came from.
pub(crate) fn spacing_source_text(source: SpacingSource) -> &'static str {
    match source {
        SpacingSource::PixelSpacing => "Pixel Spacing (0028,0030)",
        SpacingSource::CalibratedPixelSpacing => "Pixel Spacing (0028,0030), calibrated",
        SpacingSource::ImagerPixelSpacing => "Imager Pixel Spacing (0018,1164), at the detector",
        SpacingSource::ImagerPixelSpacingMagnificationCorrected => {
            "Imager Pixel Spacing (0018,1164) divided by magnification (0018,1114)"
        }
        SpacingSource::ImagerPixelSpacingDistanceCorrected => {
            "Imager Pixel Spacing (0018,1164) divided by the ratio of distances (0018,1110)/(0018,1111)"
        }
        SpacingSource::NominalScannedPixelSpacing => "Nominal Scanned Pixel Spacing (0018,2010)",
        SpacingSource::UltrasoundRegion => "Sequence of Ultrasound Regions (0018,6011)",
        SpacingSource::Unknown => "no spacing given: pixels",
    }
}
