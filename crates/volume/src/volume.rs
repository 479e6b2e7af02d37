use space::{EdgeLetters, Grid, PatientPoint, PlaneFrame, StatedDirections, edge_letters};

use crate::{Meaning, ModalityLut, Voi, Voxels};

/// What the slices of a volume are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// Parallel, equally spaced slices of one orientation: may be resliced.
    Volume,
    /// Slices that share a size but not a regular grid: only shown one by one.
    Stack,
    /// Frames of one multi-frame object without a regular grid (time, views).
    Multiframe,
    /// One picture.
    Single,
}

/// Which attribute the distance between pixels came from (PS3.3 10.7.1.3). Every millimetre shown names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpacingSource {
    /// Pixel Spacing (0028,0030), at the patient.
    PixelSpacing,
    /// Pixel Spacing that differs from Imager Pixel Spacing: corrected or calibrated at the patient.
    CalibratedPixelSpacing,
    /// Imager Pixel Spacing (0018,1164) at the detector: lengths are those on the detector.
    ImagerPixelSpacing,
    /// Imager Pixel Spacing divided by Estimated Radiographic Magnification Factor (0018,1114).
    ImagerPixelSpacingMagnificationCorrected,
    /// Imager Pixel Spacing divided by the ratio of Distance Source to Detector (0018,1110) to Distance Source to
    /// Patient (0018,1111): lengths are those at the isocentre.
    ImagerPixelSpacingDistanceCorrected,
    /// Nominal Scanned Pixel Spacing (0018,2010).
    NominalScannedPixelSpacing,
    /// Sequence of Ultrasound Regions (0018,6011).
    UltrasoundRegion,
    /// Nothing says so: lengths are pixels, never mm.
    Unknown,
}

/// The unit of values after the modality LUT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueUnit {
    /// Hounsfield units.
    Hounsfield,
    /// Any other named unit, for instance `BQML`, `OD`.
    Named(String),
    /// No unit is known: "stored units".
    Stored,
}

/// A decoded (or decoding) volume: where its voxels lie, and their stored values.
#[derive(Debug)]
pub struct Volume {
    /// Where the voxel centres lie. For [`SpacingSource::Unknown`] the steps are one unit a pixel.
    pub grid: Grid,
    /// What the slices are to each other.
    pub kind: GeometryKind,
    /// Where the spacing came from.
    pub spacing_source: SpacingSource,
    /// Whether the place and orientation in patient space are known; without them there are no letters and no patient mm.
    pub placed: Placement,
    /// For stacks: the centre of each slice's first pixel. Empty for a regular grid.
    pub slice_origins: Vec<PatientPoint>,
    /// From stored values to modality values, one for all slices or one a slice.
    pub modality_lut: ModalityLut,
    /// The unit of modality values.
    pub unit: ValueUnit,
    /// Windows and VOI LUTs the object offers, first the default. Empty: none is given.
    pub voi: Vec<Voi>,
    /// MONOCHROME1: small values are white.
    pub small_values_are: SmallValues,
    /// What the stored values mean beyond that.
    pub meaning: Meaning,
    /// The stored values.
    pub voxels: Voxels,
}

/// How a photometric interpretation maps the smallest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallValues {
    /// MONOCHROME2 and everything else.
    Black,
    /// MONOCHROME1.
    White,
}

/// Is the place in patient space known?
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Image Position and Orientation (Patient) are given.
    InPatient,
    /// They are not, but Patient Orientation tells the sides: the grid is in a space of its own, x along the rows and y
    /// along the columns.
    SidesOnly(StatedDirections),
    /// They are not: the grid is in a space of its own.
    Unplaced,
}

impl Placement {
    /// The letters at the edges of a picture that lies on the screen as `frame`; `None` where no side is known.
    pub fn edge_letters(&self, frame: &PlaneFrame) -> Option<EdgeLetters> {
        match self {
            Self::InPatient => Some(edge_letters(frame)),
            Self::SidesOnly(stated) => Some(stated.edge_letters(frame)),
            Self::Unplaced => None,
        }
    }
}
