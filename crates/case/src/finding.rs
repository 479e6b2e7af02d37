use serde::{Deserialize, Serialize};
use space::{PatientPoint, PlaneFrame};

use crate::{
    AnnotationId, Assertion, Category, Change, Criticality, FindingId, Geometry, Severity, Side,
};

/// One image: a frame of an instance, or a tile of it where one stored picture holds many slices.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageRef {
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// 1 for single-frame images.
    pub frame_number: u32,
    /// 1-based number of the tile in a mosaic; `None` where the frame is one image. DICOM has no word for it, so what
    /// leaves the house refers to the frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile_number: Option<u32>,
}

/// A number that was measured on the images, with where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredValue {
    /// `length`, `angle`, `mean`, `sd`, `min`, `max`, `median`, `count`, `area`, `value`, `long_diameter`, `volume`, …
    pub name: String,
    /// The number.
    pub value: f64,
    /// `mm`, `px`, `deg`, `HU`, `mm2`, `px2`, `ml`, `ratio`, `voxels`, or the unit of the modality values; `stored` where none is known.
    pub unit: String,
    /// The attribute or rule it came from, for instance `Pixel Spacing (0028,0030)`.
    pub source: String,
}

/// How the picture was shown when a mark was made or a key image taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Place of the middle of the picture.
    pub centre: PatientPoint,
    /// Directions of the picture.
    pub frame: PlaneFrame,
    /// Scale of the picture, mm per pixel.
    pub mm_per_pixel: f64,
    /// Window centre in modality units; `None` when a VOI LUT was in use.
    pub window_center: Option<f64>,
    /// Window width in modality units.
    pub window_width: Option<f64>,
}

/// A drawn mark: evidence of a finding, or something said of the image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// Its number in the case.
    pub id: AnnotationId,
    /// The finding it is evidence of; `None` for one that stands by itself, as its [`crate::Standing`] has it.
    pub finding: Option<FindingId>,
    /// Its shape.
    pub geometry: Geometry,
    /// Frame of Reference UID its coordinates are in; empty when the image has none (then it belongs to `image` only).
    pub frame_of_reference_uid: String,
    /// The image nearest to it, on which it was drawn.
    pub image: ImageRef,
    /// How the picture was shown.
    pub shown: Shown,
    /// What was measured, computed in `f64` on the CPU.
    pub values: Vec<MeasuredValue>,
}

/// One observation of the second reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Its number in the case.
    pub id: FindingId,
    /// What it is, in the reader's words.
    pub concept: String,
    /// There, not there, or possible.
    pub assertion: Assertion,
    /// Side of the body.
    pub side: Option<Side>,
    /// Organ or region.
    pub site: Option<String>,
    /// Lobe, segment, vertebra …
    pub level: Option<String>,
    /// Grade.
    pub severity: Option<Severity>,
    /// Change against the prior study.
    pub change: Option<Change>,
    /// How sure the reader is that it is there, 0 to 100: the rating that an observer study is counted from. A rating
    /// from 1 to 5 is kept as 0, 25, 50, 75 or 100, so that its order stays.
    pub confidence: Option<u8>,
    /// Free words.
    pub note: String,
    /// The picture that shows it best.
    pub key_image: Option<ImageRef>,
    /// Category of a reporting scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// How soon the referrer must know; `None`: in its turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticality: Option<Criticality>,
}

impl Finding {
    /// An empty finding that is said to be present.
    pub fn empty(id: FindingId) -> Self {
        Self {
            id,
            concept: String::new(),
            assertion: Assertion::Present,
            side: None,
            site: None,
            level: None,
            severity: None,
            change: None,
            confidence: None,
            note: String::new(),
            key_image: None,
            category: None,
            criticality: None,
        }
    }
}
