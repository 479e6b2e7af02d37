use std::sync::Arc;

use serde::{Serialize, Serializer};
use space::{Grid, PatientPoint};
use volume::{
    GeometryKind, MaskSubtraction, ModalityLut, Placement, SmallValues, SpacingSource, Stored,
    ValueUnit, Voi,
};

use crate::instance::Instance;
use crate::palette::Palette;
use crate::pixel_format::PixelFormat;
use crate::source::Source;
use crate::warning::Warning;

/// Everything that was found below the named paths.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scan {
    /// Newest first. One study of two patients is two studies here.
    pub studies: Vec<Study>,
    /// Files that were refused, guesses that were made: each names its file where there is one.
    pub warnings: Vec<Warning>,
    /// Files looked at.
    pub n_files: usize,
}

/// Whose images they are. Every field is as in the file; empty where it is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Patient {
    /// Patient's Name (0010,0010), up to three groups `family^given=…=…`.
    pub name: String,
    /// Patient ID (0010,0020).
    pub id: String,
    /// Issuer of Patient ID (0010,0021).
    pub issuer: String,
    /// Patient's Birth Date (0010,0030), `YYYYMMDD`.
    pub birth_date: String,
    /// Patient's Sex (0010,0040).
    pub sex: String,
    /// Patient's Age (0010,1010), for instance `061Y`.
    pub age: String,
}

impl Patient {
    /// May both be the same person? Fields that one side leaves empty do not count against it; age never does.
    pub fn may_be(&self, other: &Self) -> bool {
        let agree = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        agree(&self.id, &other.id)
            && agree(&self.issuer, &other.issuer)
            && agree(&plain_name(&self.name), &plain_name(&other.name))
            && agree(&self.birth_date, &other.birth_date)
    }
}

/// A name without the differences that writers make for one person: case, trailing delimiters, double spaces.
pub(crate) fn plain_name(name: &str) -> String {
    let alphabetic = name.split('=').next().unwrap_or_default();
    let words = alphabetic.split(['^', ' ', ',']).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The objects of one patient that share a Study Instance UID.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Study {
    /// Study Instance UID (0020,000D); empty when the files have none.
    pub study_instance_uid: String,
    /// Whose study it is.
    pub patient: Patient,
    /// Study Date, `YYYYMMDD`; empty when unknown.
    pub date: String,
    /// Study Time, `HHMMSS…`; empty when unknown.
    pub time: String,
    /// Study Description.
    pub description: String,
    /// Accession Number.
    pub accession: String,
    /// Images, by series number.
    pub series: Vec<Series>,
    /// Everything that is no image, or that is both.
    pub documents: Vec<Document>,
}

/// The images of a study that share a Series Instance UID.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Series {
    /// Series Instance UID (0020,000E).
    pub series_instance_uid: String,
    /// Series Number.
    pub number: Option<i64>,
    /// Modality, for instance `CT`.
    pub modality: String,
    /// Series Description, or the protocol's name where it is empty.
    pub description: String,
    /// Body Part Examined.
    pub body_part: String,
    /// Laterality or Image Laterality: `L`, `R`, `B`, `U`; empty when unknown.
    pub laterality: String,
    /// View Position (0018,5101) of projections; empty when unknown.
    pub view_position: String,
    /// Frame of Reference UID; `None` when absent. Equal ones share patient space.
    pub frame_of_reference_uid: Option<String>,
    /// Objects.
    pub n_instances: usize,
    /// Frames of all objects.
    pub n_frames: usize,
    /// Transfer Syntax UIDs that occur.
    pub transfer_syntaxes: Vec<String>,
    /// Modality's date of the series, else of the acquisition; empty when unknown.
    pub date: String,
    /// What can be shown, largest first within the series' order.
    pub volumes: Vec<VolumePlan>,
}

/// Slices that belong together, in geometric order: all that is needed to make and fill a [`volume::Volume`].
#[derive(Clone, Debug, Serialize)]
pub struct VolumePlan {
    /// What the slices are to each other.
    #[serde(serialize_with = "kind_name")]
    pub kind: GeometryKind,
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// Why it is apart from the series' other volumes, for the thumbnail; empty when it is not.
    pub label: String,
    /// One entry a slice position, ascending along row direction × column direction. `None`: the slice is missing.
    pub slices: Vec<Option<SliceSource>>,
    /// Layout of every slice.
    pub format: PixelFormat,
    /// Where the pixels are. Of no unit for [`SpacingSource::Unknown`].
    pub grid: Grid,
    /// Is the grid in patient space?
    #[serde(skip)]
    pub placed: Placement,
    /// Centre of the first pixel of each slice, for stacks that are placed; otherwise empty.
    pub slice_origins: Vec<PatientPoint>,
    /// Where the spacing came from.
    #[serde(serialize_with = "spacing_source_name")]
    pub spacing_source: SpacingSource,
    /// From stored to modality values.
    #[serde(skip)]
    pub modality_lut: ModalityLut,
    /// The unit of modality values.
    #[serde(skip)]
    pub unit: ValueUnit,
    /// Windows and VOI LUTs, first the default.
    #[serde(skip)]
    pub voi: Vec<Voi>,
    /// The colours of PALETTE COLOR indices.
    #[serde(skip)]
    pub palette: Option<Arc<Palette>>,
    /// Is the picture a scanned or captured one (Secondary Capture)?
    pub capture: Capture,
    /// Are decoded values allowed to differ from the original ones (lossy compression)?
    pub fidelity: Fidelity,
    /// The slices are shown less their mask; `None`: as they were acquired.
    #[serde(skip)]
    pub subtraction: Option<Arc<MaskSubtraction>>,
    /// What the reader must know about these slices.
    pub warnings: Vec<Warning>,
}

/// Is an image acquired, or captured from something else?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// Made by a modality.
    Acquired,
    /// Secondary Capture, a screen or a film.
    Secondary,
}

/// Is what is shown what was acquired?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fidelity {
    /// Bit for bit.
    Lossless,
    /// A lossy transfer syntax, or Lossy Image Compression (0028,2110) says so.
    Lossy,
}

/// The frame of an object that makes a slice.
#[derive(Clone, Debug, Serialize)]
pub struct SliceSource {
    #[serde(flatten, serialize_with = "instance_fields")]
    pub(crate) instance: Arc<Instance>,
    /// 1-based frame number as the object has it: 1 for every tile of a mosaic, which is one stored frame.
    pub frame_number: u32,
    /// 1-based number of the tile of a mosaic that makes the slice; `None` where the frame is the slice. It is no number
    /// of DICOM's, so no reference to an object holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tile_number: Option<u32>,
}

impl SliceSource {
    /// Where the bytes are.
    pub fn source(&self) -> &Source {
        &self.instance.source
    }

    /// SOP Instance UID.
    pub fn sop_instance_uid(&self) -> &str {
        &self.instance.sop_instance_uid
    }

    /// SOP Class UID.
    pub fn sop_class_uid(&self) -> &str {
        &self.instance.sop_class_uid
    }

    /// Transfer Syntax UID.
    pub fn transfer_syntax_uid(&self) -> &str {
        &self.instance.transfer_syntax_uid
    }

    /// Instance Number.
    pub fn instance_number(&self) -> Option<i64> {
        self.instance.instance_number
    }

    /// Laterality or Image Laterality: `L`, `R`, `B`, `U`; empty when unknown.
    pub fn laterality(&self) -> &str {
        &self.instance.about.laterality
    }

    /// View Position (0018,5101) of projections; empty when unknown.
    pub fn view_position(&self) -> &str {
        &self.instance.about.view_position
    }

    /// Body Part Examined (0018,0015); empty when unknown.
    pub fn body_part(&self) -> &str {
        &self.instance.about.body_part
    }
}

impl VolumePlan {
    /// Slice positions, missing ones included.
    pub fn n_slices(&self) -> usize {
        self.slices.len()
    }

    /// Missing slices.
    pub fn n_missing(&self) -> usize {
        self.slices.iter().filter(|s| s.is_none()).count()
    }

    /// The element type of decoded values.
    pub fn stored(&self) -> Stored {
        self.format.stored()
    }

    /// Bytes of all voxels that are there.
    pub fn voxel_bytes(&self) -> u64 {
        let slices = (self.n_slices() - self.n_missing()) as u64;
        slices * self.format.n_pixels() as u64 * self.stored().n_bytes() as u64
    }

    /// MONOCHROME1?
    pub fn small_values_are(&self) -> SmallValues {
        match self.format.photometric {
            crate::Photometric::Monochrome1 => SmallValues::White,
            _ => SmallValues::Black,
        }
    }

    /// Row, column and slice directions, unit vectors; the last along the slice step.
    pub fn direction(&self) -> [f64; 9] {
        let steps = [
            self.grid.column_step,
            self.grid.row_step,
            self.grid.slice_step,
        ];
        let mut all = [0.0; 9];
        for (axis, step) in steps.into_iter().enumerate() {
            let unit = step.unit().unwrap_or_default().to_array();
            for (i, value) in unit.into_iter().enumerate() {
                if let Some(place) = all.get_mut(3 * axis + i) {
                    *place = value;
                }
            }
        }
        all
    }

    /// Transfer Syntax UIDs that occur.
    pub fn transfer_syntaxes(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .slices
            .iter()
            .flatten()
            .map(|s| s.transfer_syntax_uid().to_owned())
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

/// An object that is no picture to be read, or not only one.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its own title, content label, or series description. Of a blinded case this is part of what is hidden.
    pub title: String,
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// SOP Class UID.
    pub sop_class_uid: String,
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// Modality.
    pub modality: String,
    /// Whose it says it is.
    pub patient: Patient,
    /// Content or series date, `YYYYMMDD`; empty when unknown.
    pub date: String,
    /// MIME type of an encapsulated document; empty otherwise.
    pub mime_type: String,
    /// Where the bytes are.
    pub source: Source,
}

/// The kinds of objects that are not plain images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A structured report.
    StructuredReport,
    /// A structured report made by computer-aided detection.
    Cad,
    /// A radiation dose report.
    DoseReport,
    /// An encapsulated PDF.
    Pdf,
    /// An encapsulated CDA or other document.
    Cda,
    /// A presentation state.
    PresentationState,
    /// Key object selection.
    KeyObjects,
    /// A segmentation (also listed as images).
    Segmentation,
    /// RT structure set.
    RtStructureSet,
    /// RT plan or treatment record.
    RtPlan,
    /// A registration.
    Registration,
    /// A waveform.
    Waveform,
    /// A video: it cannot be shown.
    Video,
    /// Anything else.
    Other,
}

/// The name of a kind in `scan --json`.
pub fn geometry_kind_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Volume => "volume",
        GeometryKind::Stack => "stack",
        GeometryKind::Multiframe => "multiframe",
        GeometryKind::Single => "single",
    }
}

fn kind_name<S: Serializer>(kind: &GeometryKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(geometry_kind_name(*kind))
}

fn spacing_source_name<S: Serializer>(
    source: &SpacingSource,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match source {
        SpacingSource::PixelSpacing => "pixel_spacing",
        SpacingSource::CalibratedPixelSpacing => "calibrated_pixel_spacing",
        SpacingSource::ImagerPixelSpacing => "imager_pixel_spacing",
        SpacingSource::ImagerPixelSpacingMagnificationCorrected => {
            "imager_pixel_spacing_magnification_corrected"
        }
        SpacingSource::ImagerPixelSpacingDistanceCorrected => {
            "imager_pixel_spacing_distance_corrected"
        }
        SpacingSource::NominalScannedPixelSpacing => "nominal_scanned_pixel_spacing",
        SpacingSource::UltrasoundRegion => "ultrasound_region",
        SpacingSource::Unknown => "unknown",
    })
}

#[derive(Serialize)]
struct InstanceFields<'a> {
    sop_instance_uid: &'a str,
    transfer_syntax_uid: &'a str,
    source: &'a Source,
}

fn instance_fields<S: Serializer>(instance: &Instance, serializer: S) -> Result<S::Ok, S::Error> {
    InstanceFields {
        sop_instance_uid: &instance.sop_instance_uid,
        transfer_syntax_uid: &instance.transfer_syntax_uid,
        source: &instance.source,
    }
    .serialize(serializer)
}
