use case::MeasuredValue;
use space::PatientPoint;
use volume::{SpacingSource, UltrasoundRegion, region_at};

use super::MeasuredOn;
use super::words::short_number;

/// A spacing that the reader gave by a known length on one image. It holds for that image alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByHand {
    /// Millimetres in a millimetre (or pixel) of the grid.
    pub mm_per_grid_mm: f64,
    /// The length that the reader gave, mm.
    pub known_mm: f64,
}

/// How distances on a grid become lengths: their unit, and the attribute that says so.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ruler {
    /// `None`: nothing says what a pixel is.
    mm_per_grid_mm: Option<f64>,
    source: String,
}

impl Ruler {
    /// The ruler for a shape through some places: the reader's own calibration, that of the ultrasound region which holds
    /// them all, or what the image says.
    pub(super) fn at(on: &MeasuredOn<'_>, places: &[PatientPoint]) -> Self {
        if let Some(by_hand) = on.by_hand {
            return Self {
                mm_per_grid_mm: Some(by_hand.mm_per_grid_mm),
                source: by_hand_text(&by_hand),
            };
        }
        if !on.regions().is_empty() {
            return Self::in_region(on, places);
        }
        let has_mm = on.volume.spacing_source != SpacingSource::Unknown;
        Self {
            mm_per_grid_mm: has_mm.then_some(1.0),
            source: spacing_source_text(on.volume.spacing_source).into(),
        }
    }

    fn in_region(on: &MeasuredOn<'_>, places: &[PatientPoint]) -> Self {
        let pixels = |source: &str| Self {
            mm_per_grid_mm: None,
            source: source.into(),
        };
        let regions: Vec<Option<&UltrasoundRegion>> = places
            .iter()
            .map(|place| region_at(on.regions(), on.pixel(*place)?))
            .collect();
        let Some(Some(first)) = regions.first() else {
            return pixels("outside of the calibrated regions: pixels");
        };
        if !regions
            .iter()
            .all(|r| r.is_some_and(|r| std::ptr::eq(r, *first)))
        {
            return pixels("in regions of different calibration: pixels");
        }
        match first.spacing_mm() {
            Some([x, y]) if (x - y).abs() <= 1e-6 * x.max(y) => Self {
                mm_per_grid_mm: Some(x / on.volume.grid.spacing_mm()[0].max(1e-12)),
                source: spacing_source_text(SpacingSource::UltrasoundRegion).into(),
            },
            Some(_) => pixels("the pixels of this region are not square: pixels"),
            None => pixels("the axes of this region are no lengths: pixels"),
        }
    }

    /// `mm` or `px`.
    pub(super) fn unit(&self) -> &'static str {
        self.named(["mm", "px"])
    }

    /// A distance on the grid.
    pub(super) fn length(&self, name: &str, grid_mm: f64) -> MeasuredValue {
        self.value(name, grid_mm * self.scale(), self.unit())
    }

    /// An area on the grid.
    pub(super) fn area(&self, name: &str, grid_mm2: f64) -> MeasuredValue {
        let area = grid_mm2 * self.scale().powi(2);
        self.value(name, area, self.named(["mm2", "px2"]))
    }

    /// A volume on the grid, in millilitres where there are millimetres.
    pub(super) fn volume(&self, name: &str, grid_mm3: f64) -> MeasuredValue {
        let volume = grid_mm3 * self.scale().powi(3);
        match self.mm_per_grid_mm {
            Some(_) => self.value(name, volume / 1000.0, "ml"),
            None => self.value(name, volume, "px3"),
        }
    }

    /// An angle, degrees. It rests on the spacing as well: on the ratio of that along rows and along columns.
    pub(super) fn angle(&self, name: &str, angle_deg: f64) -> MeasuredValue {
        self.value(name, angle_deg, "deg")
    }

    fn named(&self, [mm, px]: [&'static str; 2]) -> &'static str {
        if self.mm_per_grid_mm.is_some() {
            mm
        } else {
            px
        }
    }

    fn scale(&self) -> f64 {
        self.mm_per_grid_mm.unwrap_or(1.0)
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

/// How the source of every number begins that the reader calibrated.
pub(super) const BY_HAND: &str = "calibrated by hand";

fn by_hand_text(by_hand: &ByHand) -> String {
    format!(
        "{BY_HAND} with a known length of {} mm",
        short_number(by_hand.known_mm)
    )
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
pub(super) fn spacing_source_text(source: SpacingSource) -> &'static str {
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
