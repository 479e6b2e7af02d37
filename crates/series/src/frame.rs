use std::ops::Deref;
use std::sync::Arc;

use space::{PatientPoint, PatientVector};
use volume::{Placement, ValueUnit, Voi};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::real_world::{RealWorld, real_world};
use crate::spacing::Spacing;
use crate::split_key::SplitKeys;
use crate::tags;
use crate::value_mapping::{Mapping, Signedness, is_localizer, mapping, unit, voi};

/// What is known of one frame of an object, single-frame or not.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) position: Option<PatientPoint>,
    pub(crate) space: Space,
    /// How it lies; frames share it.
    pub(crate) lie: Arc<Lie>,
    /// Slice Location, for comparing with the position only.
    pub(crate) slice_location_mm: Option<f64>,
    pub(crate) values: Arc<FrameValues>,
    pub(crate) keys: Arc<SplitKeys>,
}

impl Deref for Frame {
    type Target = Lie;

    fn deref(&self) -> &Lie {
        &self.lie
    }
}

/// Which space a position is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Patient,
    /// The object's own: that of the transducer for ultrasound volumes.
    Own,
}

impl Space {
    pub(crate) fn placement(self) -> Placement {
        match self {
            Self::Patient => Placement::InPatient,
            Self::Own => Placement::Unplaced,
        }
    }
}

/// How a frame lies, wherever it lies: most frames of a series lie alike.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lie {
    pub(crate) orientation: Option<Orientation>,
    pub(crate) spacing: Spacing,
    /// Slice Thickness, when it is a positive number.
    pub(crate) thickness_mm: Option<f64>,
    /// Spacing Between Slices, when it is a number and not zero; it may be negative (NM).
    pub(crate) between_slices_mm: Option<f64>,
}

/// The frames of an object: mostly one, which then lies within the object.
#[derive(Debug)]
pub(crate) enum Frames {
    One(Frame),
    Many(Vec<Frame>),
}

impl Frames {
    pub(crate) const NONE: Self = Self::Many(Vec::new());
}

impl Deref for Frames {
    type Target = [Frame];

    fn deref(&self) -> &[Frame] {
        match self {
            Self::One(frame) => std::slice::from_ref(frame),
            Self::Many(frames) => frames,
        }
    }
}

/// Row and column direction (PS3.3 C.7.6.2.1.1), orthonormal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Orientation {
    /// From a pixel to the next in its row: the direction in which columns are counted.
    pub(crate) along_row: PatientVector,
    /// From a pixel to the next in its column: the direction in which rows are counted.
    pub(crate) along_column: PatientVector,
}

impl Orientation {
    /// `None` when the cosines are not two orthogonal unit vectors (to 1 %). What is off by less is put right evenly:
    /// both directions turn by half of what they lack to a right angle.
    pub(crate) fn from_cosines([a, b, c, d, e, f]: [f64; 6]) -> Option<Self> {
        let (row, column) = (PatientVector::new(a, b, c), PatientVector::new(d, e, f));
        let is_unit = |v: PatientVector| (v.length_mm() - 1.0).abs() < 0.01;
        if !is_unit(row) || !is_unit(column) || 0.01 < row.dot(column).abs() {
            return None;
        }
        let (row, column) = (row.unit()?, column.unit()?);
        // The sum and the difference of unit vectors are orthogonal; halfway between them lie the two directions.
        let (sum, difference) = ((row + column).unit()?, (row - column).unit()?);
        Some(Self {
            along_row: (sum + difference).unit()?,
            along_column: (sum - difference).unit()?,
        })
    }

    /// Are the stated cosines further from orthonormal than the rounding of decimal strings explains?
    pub(crate) fn was_skewed([a, b, c, d, e, f]: [f64; 6]) -> bool {
        const ROUNDING: f64 = 2e-3;
        let (row, column) = (PatientVector::new(a, b, c), PatientVector::new(d, e, f));
        let off = |v: PatientVector| (v.length_mm() - 1.0).abs();
        ROUNDING < off(row) || ROUNDING < off(column) || ROUNDING < row.dot(column).abs()
    }

    pub(crate) fn normal(self) -> PatientVector {
        self.along_row.cross(self.along_column)
    }

    /// Largest angle between the two directions of both, degrees.
    pub(crate) fn angle_deg(self, other: Self) -> f64 {
        let angle = |a: PatientVector, b: PatientVector| {
            a.cross(b).length_mm().atan2(a.dot(b)).to_degrees()
        };
        angle(self.along_row, other.along_row).max(angle(self.along_column, other.along_column))
    }
}

/// Could an attribute be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Fine,
    /// Read, and put right by less than one per cent.
    Adjusted,
    Unreadable,
}

/// Modality and VOI mapping of a frame; frames share it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrameValues {
    pub(crate) mapping: Mapping,
    pub(crate) unit: ValueUnit,
    pub(crate) voi: Vec<Voi>,
    pub(crate) n_voi_refused: usize,
    pub(crate) real_world: Vec<RealWorld>,
    pub(crate) n_real_world_refused: usize,
}

/// A level at which an attribute of a frame may stand: its own functional groups, the shared ones, the object itself.
pub(crate) struct Levels<'a> {
    pub(crate) own: Option<Node<'a>>,
    pub(crate) shared: Option<Node<'a>>,
    pub(crate) root: Node<'a>,
}

impl<'a> Levels<'a> {
    /// The first item of a functional group, the frame's own before the shared one.
    pub(crate) fn group(&self, sequence: u32) -> Option<Node<'a>> {
        self.own
            .and_then(|n| n.item(sequence))
            .or_else(|| self.shared.and_then(|n| n.item(sequence)))
    }

    /// All items of a sequence, the frame's own before the shared ones before the object's.
    fn items(&self, sequence: u32) -> Vec<Node<'a>> {
        [self.own, self.shared, Some(self.root)]
            .into_iter()
            .flatten()
            .map(|node| node.items(sequence))
            .find(|items| !items.is_empty())
            .unwrap_or_default()
    }

    pub(crate) fn group_or_root(&self, sequence: u32) -> Node<'a> {
        self.group(sequence).unwrap_or(self.root)
    }

    /// The levels of an object's first frame; for a single-frame object the object alone.
    pub(crate) fn of_first_frame(root: Node<'a>) -> Self {
        let shared = root.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        // Only objects that share something describe their frames.
        let own = shared.and_then(|_| root.item(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE));
        Self { own, shared, root }
    }

    /// An attribute of single-frame objects: as converted ones keep it a frame or for all frames (PS3.3 C.7.6.16.2.25),
    /// else as it stands in the object itself.
    pub(crate) fn single<T>(&self, read: impl Fn(Node<'a>) -> Option<T>) -> Option<T> {
        let own = self
            .own
            .and_then(|n| n.item(tags::UNASSIGNED_PER_FRAME_SEQUENCE));
        let shared = self
            .shared
            .and_then(|n| n.item(tags::UNASSIGNED_SHARED_SEQUENCE));
        own.and_then(&read)
            .or_else(|| shared.and_then(&read))
            .or_else(|| read(self.root))
    }

    /// How the frame lies, and how well its directions could be read.
    pub(crate) fn lie(&self, modality: &str) -> (Lie, Reading) {
        let (orientation, how_turned) = self.orientation();
        let lie = Lie {
            orientation,
            spacing: self.spacing(modality),
            thickness_mm: self.thickness_mm(),
            between_slices_mm: self.between_slices_mm(),
        };
        (lie, how_turned)
    }

    /// Place of the first pixel, in which space it is, and whether one was stated that cannot be.
    pub(crate) fn position(&self) -> (Option<PatientPoint>, Space, Reading) {
        let in_volume = self.group(tags::PLANE_POSITION_VOLUME_SEQUENCE);
        let (node, tag, space) = match in_volume {
            Some(node) => (node, tags::IMAGE_POSITION_VOLUME, Space::Own),
            None => {
                let node = self.group_or_root(tags::PLANE_POSITION_SEQUENCE);
                (node, tags::IMAGE_POSITION_PATIENT, Space::Patient)
            }
        };
        let stated = match space {
            Space::Patient => node.decimals(tag),
            Space::Own => node.floats(tag),
        };
        let Some(stated) = stated else {
            return (None, space, Reading::Fine);
        };
        let xyz: Option<[f64; 3]> = stated.ok().and_then(|v| v.try_into().ok());
        // A hundred metres from the origin is no place in a patient.
        let place = xyz
            .filter(|xyz| xyz.iter().all(|v| v.abs() < 1e5))
            .map(PatientPoint::from);
        let reading = if place.is_some() {
            Reading::Fine
        } else {
            Reading::Unreadable
        };
        (place, space, reading)
    }

    /// Row and column directions, in the space of [`Self::position`].
    fn orientation(&self) -> (Option<Orientation>, Reading) {
        let in_volume = self.group(tags::PLANE_ORIENTATION_VOLUME_SEQUENCE);
        let stated = match in_volume {
            Some(node) => node.floats(tags::IMAGE_ORIENTATION_VOLUME),
            None => self
                .group_or_root(tags::PLANE_ORIENTATION_SEQUENCE)
                .decimals(tags::IMAGE_ORIENTATION_PATIENT),
        };
        let Some(cosines) = stated else {
            return (None, Reading::Fine);
        };
        let cosines: Option<[f64; 6]> = cosines.ok().and_then(|c| c.try_into().ok());
        let orientation = cosines.and_then(Orientation::from_cosines);
        let reading = match (orientation, cosines) {
            (None, _) => Reading::Unreadable,
            (Some(_), Some(cosines)) if Orientation::was_skewed(cosines) => Reading::Adjusted,
            (Some(_), _) => Reading::Fine,
        };
        (orientation, reading)
    }

    fn thickness_mm(&self) -> Option<f64> {
        let node = self.group_or_root(tags::PIXEL_MEASURES_SEQUENCE);
        node.decimal(tags::SLICE_THICKNESS)
            .filter(|t| 1e-3 < *t && *t < 1e3)
    }

    fn between_slices_mm(&self) -> Option<f64> {
        let node = self.group_or_root(tags::PIXEL_MEASURES_SEQUENCE);
        node.decimal(tags::SPACING_BETWEEN_SLICES)
            .filter(|t| 1e-3 < t.abs() && t.abs() < 1e3)
    }

    pub(crate) fn slice_location_mm(&self) -> Option<f64> {
        self.single(|n| n.decimal(tags::SLICE_LOCATION))
            .filter(|l| l.abs() < 1e5)
    }

    pub(crate) fn values(
        &self,
        modality: &str,
        charset: &Charset,
        signedness: Signedness,
    ) -> FrameValues {
        let node = self.group_or_root(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
        let mapping = mapping(node, signedness);
        let units = self
            .single(|n| n.ascii(tags::UNITS))
            .or_else(|| self.root.ascii(tags::DOSE_UNITS));
        let unit = match is_localizer(self.root) {
            // The values of a localizer are no attenuation of a voxel (PS3.3 C.8.2.1.1.4).
            true if modality == "CT" && !node.has(tags::RESCALE_TYPE) => ValueUnit::Stored,
            _ => unit(node, &mapping, modality, units.as_deref()),
        };
        // The first value of a VOI LUT is signed where the modality values may be negative (PS3.3 C.11.2.1.1).
        let voi_signedness = match &mapping {
            Mapping::Rescale(r) if r.intercept < 0.0 => Signedness::Signed,
            Mapping::Table(_) => Signedness::Unsigned,
            _ => signedness,
        };
        let (voi, n_voi_refused) = voi(
            self.group_or_root(tags::FRAME_VOI_LUT_SEQUENCE),
            charset,
            voi_signedness,
        );
        let mappings = self.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE);
        let (real_world, n_real_world_refused) = real_world(&mappings, charset, signedness);
        FrameValues {
            mapping,
            unit,
            voi,
            n_voi_refused,
            real_world,
            n_real_world_refused,
        }
    }
}
