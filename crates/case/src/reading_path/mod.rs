//! The reading path: what was on the screen of a reader, step by step, as pure data.
//!
//! A path says what was on the screen, not what was looked at: nobody followed the eyes. A picture that stood for less than
//! [`SETTLED_MS`] is no step of its own; while pictures change without a rest, one a second is kept as passing, and the
//! others are only counted. So between two steps at most one second of change is missing.

mod dwell;
mod read;
mod wire;
mod write;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use space::{PatientPoint, PatientVector, PlaneFrame};

use crate::Sha256;

pub use dwell::{LOOKED_MS, Looked, LookedAt, PathSummary, PlaceOnScreen, SeriesTime};
pub use read::PathProblem;
pub use write::PathWriter;

/// A picture that stood for so long is a step, ms (as for coverage).
pub const SETTLED_MS: u64 = 250;
/// While pictures change without a rest, one is kept after so long, ms.
pub const PASSING_MS: u64 = 1000;
/// The most bytes of one part of a path. From half of it on, only pictures that stood longer become steps.
pub const MAX_PATH_BYTES: usize = 1 << 20;
/// The most steps of one part of a path.
pub const MAX_PATH_STEPS: usize = 1 << 16;
/// The most cells of a screen.
pub const MAX_PATH_CELLS: usize = 16;

/// Whose path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathRead {
    /// The second reader's.
    Second,
    /// The third reader's.
    Third,
}

/// A part of a path: what one seal closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct PathKey {
    /// Whose.
    pub read: PathRead,
    /// How many seals of that read stood before it.
    pub part: u32,
}

impl fmt::Display for PathKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = match self.read {
            PathRead::Second => "second",
            PathRead::Third => "third",
        };
        write!(f, "{read}-{}", self.part)
    }
}

/// What a seal says of the path that it closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathSeal {
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// How many.
    pub n_bytes: u64,
}

impl PathSeal {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: Sha256::of(bytes),
            n_bytes: bytes.len() as u64,
        }
    }
}

/// A part of a path, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingPath {
    /// In the order of time.
    pub steps: Vec<PathStep>,
    /// When it ends, ms since the part began: how long the last step stood.
    pub end_ms: u64,
}

impl ReadingPath {
    /// Reads a path from its bytes.
    ///
    /// # Errors
    /// What is wrong with them, and where. Nothing is allocated that the limits of this module do not allow.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PathProblem> {
        read::read(bytes)
    }

    /// What was on the screen at a time, and whether it was paused then; `None` before the first picture.
    pub fn at(&self, at_ms: u64) -> Option<(&PathScene, Option<PauseWhy>)> {
        let until = self.steps.partition_point(|step| step.at_ms <= at_ms);
        let before = self.steps.get(..until)?;
        let mut pause = None;
        let mut scene = None;
        for step in before.iter().rev() {
            match &step.what {
                PathEvent::Scene(found) => {
                    scene = Some(found);
                    break;
                }
                PathEvent::Paused(why) => pause = pause.or(Some(Some(*why))),
                PathEvent::Resumed => pause = pause.or(Some(None)),
                PathEvent::Sitting
                | PathEvent::ReadsOpened
                | PathEvent::Coarser { .. }
                | PathEvent::Full => {}
            }
        }
        Some((scene?, pause.flatten()))
    }

    /// Its pictures with when each came and how long it stood, pauses left out.
    pub fn shown(&self) -> Vec<Stood<'_>> {
        let mut shown: Vec<Stood<'_>> = Vec::new();
        let mut paused = false;
        let mut open: Option<(&PathScene, u64)> = None;
        let ends = self.steps.iter().skip(1).map(|step| step.at_ms);
        let ends = ends.chain([self.end_ms]);
        for (step, end_ms) in self.steps.iter().zip(ends) {
            match &step.what {
                PathEvent::Scene(scene) => {
                    shown.push(Stood {
                        scene,
                        from_ms: step.at_ms,
                        stood_ms: 0,
                    });
                    open = Some((scene, step.at_ms));
                    paused = false;
                }
                PathEvent::Paused(_) => paused = true,
                PathEvent::Resumed => paused = false,
                PathEvent::Sitting => open = None,
                PathEvent::ReadsOpened | PathEvent::Coarser { .. } | PathEvent::Full => {}
            }
            let stands = open.is_some() && !paused;
            if let Some(last) = shown.last_mut().filter(|_| stands) {
                last.stood_ms += end_ms.saturating_sub(step.at_ms);
            }
        }
        shown
    }
}

/// A picture of a path and how long it stood.
#[derive(Clone, Copy, Debug)]
pub struct Stood<'a> {
    /// It.
    pub scene: &'a PathScene,
    /// When it came, ms since the part began.
    pub from_ms: u64,
    /// How long it was on the screen while the reader was there, ms.
    pub stood_ms: u64,
}

/// Something on a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// When, ms since the part began, by a clock that never jumps. The time between two sittings is not known and counts as
    /// none.
    pub at_ms: u64,
    /// What.
    pub what: PathEvent,
}

/// What happened on a path.
#[derive(Clone, Debug, PartialEq)]
pub enum PathEvent {
    /// The case was opened to be read.
    Sitting,
    /// Other pictures came on the screen.
    Scene(PathScene),
    /// The reader was away from here on.
    Paused(PauseWhy),
    /// The reader is back, with the pictures as they were.
    Resumed,
    /// Both reads were opened to a third reader.
    ReadsOpened,
    /// The path grew long: from here on a picture is a step only when it stood for so long.
    Coarser {
        /// ms.
        settled_ms: u32,
    },
    /// The path is as long as it may be; nothing was kept from here on.
    Full,
}

/// Why pictures on the screen did not count as being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseWhy {
    /// There was no input for a minute.
    NoInput,
    /// Another program had the keyboard, and there was no input here.
    OtherProgram,
    /// Another screen of the program, or something over the pictures.
    Covered,
}

/// Everything on the screen at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathScene {
    /// Entries of the log by then: they say which marks there were.
    pub n_entries: u64,
    /// Pictures since the step before that stood too briefly to be kept.
    pub n_passed: u32,
    /// Did it stand?
    pub is_passing: bool,
    /// Columns and rows of the cells; zeros: one large above, two small below.
    pub cells_across: [u8; 2],
    /// The cell in use, 0-based.
    pub active: u8,
    /// The cell that fills the area, if one does.
    pub one_up: Option<u8>,
    /// How values between voxels are found: 0 nearest, 1 linear, 2 cubic.
    pub interpolation: u8,
    /// The crosshair.
    pub cursor: Option<PatientPoint>,
    /// The cells.
    pub cells: Vec<Arc<PathCell>>,
}

/// One cell of the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathCell {
    /// Was it on the screen, or behind another?
    pub in_sight: bool,
    /// What it showed; `None`: nothing.
    pub volume: Option<Arc<PathVolume>>,
    /// How it cut.
    pub plane: PathPlane,
    /// The slice of a stack, 0-based.
    pub slice_idx: u32,
    /// The stored image, where it showed one.
    pub image: Option<Arc<PathImage>>,
    /// Magnification relative to fit.
    pub zoom: f64,
    /// The middle of the picture, if it was moved.
    pub centre: Option<PatientPoint>,
    /// The directions, if it was turned.
    pub turned: Option<PlaneFrame>,
    /// Size on the screen, pixels.
    pub size_px: [u32; 2],
    /// The window.
    pub voi: PathVoi,
    /// Its other looks.
    pub look: PathLook,
    /// Thickness of the slab, mm.
    pub slab_mm: f64,
    /// The scale that it shared with others, mm per pixel at magnification 1.
    pub shared_fit_mm: Option<f64>,
    /// How a rendering was lit and cut; `None` for every other.
    pub light: Option<PathLight>,
    /// Where in the patient it lay.
    pub lay: PathLay,
}

/// A volume as a path names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PathVolume {
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// Number of the volume in it, 0-based.
    pub volume_idx: u32,
    /// The space that it lies in; empty where it is in none.
    pub frame_of_reference_uid: String,
}

/// An image as a path names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PathImage {
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// From 1.
    pub frame_number: u32,
}

/// How a cell cut its volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PathPlane {
    /// The slices as stored.
    #[default]
    Stack,
    /// Axial.
    Axial,
    /// Coronal.
    Coronal,
    /// Sagittal.
    Sagittal,
    /// Maximum intensity projection of the whole.
    Mip,
    /// Light through the whole.
    Rendering,
}

impl PathPlane {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Stack,
        Self::Axial,
        Self::Coronal,
        Self::Sagittal,
        Self::Mip,
        Self::Rendering,
    ];

    /// Is it a picture of a whole volume, in which no place has a depth?
    pub fn is_projection(self) -> bool {
        matches!(self, Self::Mip | Self::Rendering)
    }
}

/// The window of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PathVoi {
    /// As the volume opens.
    #[default]
    Opening,
    /// A window, in the unit of the values.
    Window {
        /// Middle.
        center: f64,
        /// From black to white.
        width: f64,
        /// 0 linear, 1 linear exact, 2 sigmoid (PS3.3 C.11.2.1.3).
        function: u8,
    },
    /// The nth window or table of the file, 0-based; `None`: a table that the file does not have.
    Table(Option<u8>),
}

/// Small choices of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathLook {
    /// In negative?
    pub is_inverted: bool,
    /// Digit of the preset of the window.
    pub preset: Option<u8>,
    /// Number of the colours.
    pub colours: u8,
    /// 0 none, 1 mean, 2 largest, 3 smallest.
    pub slab: u8,
    /// 0 middle, 1 left, 2 right.
    pub align: u8,
}

/// How a rendering is lit and cut.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PathLight {
    /// Number of the preset; `None`: what the volume opens with.
    pub preset: Option<u8>,
    /// Stretch of its values.
    pub stretch: f64,
    /// Their move.
    pub offset_share: f64,
    /// What is shown, shares of the sides: lower, then upper corner.
    pub crop: [f64; 6],
}

/// Where a picture lay in the patient, rounded: so that a path can be judged without the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathLay {
    /// Middle of the picture, hundredths of a mm.
    pub centre_hmm: [i64; 3],
    /// Directions to the right and up, ten-thousandths.
    pub right_e4: [i32; 3],
    /// Up.
    pub up_e4: [i32; 3],
    /// Of a screen pixel, nm.
    pub pixel_nm: u64,
    /// Half of what it was thick: of the slab, or of the slices, hundredths of a mm.
    pub half_depth_hmm: u32,
}

impl PathLay {
    /// Of a plane.
    pub fn of(
        centre: PatientPoint,
        frame: &PlaneFrame,
        mm_per_pixel: f64,
        half_depth_mm: f64,
    ) -> Self {
        let e4 = |v: PatientVector| v.to_array().map(|n| (n * 1e4).round() as i32);
        Self {
            centre_hmm: <[f64; 3]>::from(centre).map(|mm| (mm * 100.0).round() as i64),
            right_e4: e4(frame.right()),
            up_e4: e4(frame.up),
            pixel_nm: (mm_per_pixel * 1e6).round() as u64,
            half_depth_hmm: (half_depth_mm * 100.0).round() as u32,
        }
    }

    /// Middle of the picture, mm.
    pub fn centre_mm(&self) -> [f64; 3] {
        self.centre_hmm.map(|n| n as f64 / 100.0)
    }

    /// Does a place lie in the picture, which is so many pixels large?
    pub fn holds(&self, place: PatientPoint, size_px: [u32; 2]) -> bool {
        let [x, y, z] = self.centre_mm();
        let [dx, dy, dz] = (place - PatientPoint::new(x, y, z)).to_array();
        let along = |v: [i32; 3]| {
            let [a, b, c] = v.map(|n| f64::from(n) / 1e4);
            dx * a + dy * b + dz * c
        };
        let [rx, ry, rz] = self.right_e4.map(|n| f64::from(n) / 1e4);
        let [ux, uy, uz] = self.up_e4.map(|n| f64::from(n) / 1e4);
        let away = [ry * uz - rz * uy, rz * ux - rx * uz, rx * uy - ry * ux];
        let depth_mm = dx * away[0] + dy * away[1] + dz * away[2];
        let half_mm = size_px.map(|n| f64::from(n) / 2.0 * self.pixel_nm as f64 / 1e6);
        // What was rounded must not hide what was there.
        let half_depth_mm = f64::from(self.half_depth_hmm) / 100.0 + 0.02;
        along(self.right_e4).abs() <= half_mm[0]
            && along(self.up_e4).abs() <= half_mm[1]
            && depth_mm.abs() <= half_depth_mm
    }
}
