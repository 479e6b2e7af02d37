use std::sync::Arc;

use space::PatientPoint;

use crate::frame::Frame;
use crate::instance::{Instance, Pixels};
use crate::pixel_format::{Photometric, PixelFormat};
use crate::spacing::is_projection;

/// A frame of an object on its way to a place in a volume.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) instance: Arc<Instance>,
    pub(crate) frame_idx: usize,
}

impl Slot {
    /// All frames of an object that has pixels.
    pub(crate) fn all(instance: &Arc<Instance>) -> impl Iterator<Item = Self> {
        (0..instance.frames.len()).map(|frame_idx| Self {
            instance: Arc::clone(instance),
            frame_idx,
        })
    }

    pub(crate) fn frame(&self) -> Option<&Frame> {
        self.instance.frames.get(self.frame_idx)
    }

    pub(crate) fn format(&self) -> Option<&PixelFormat> {
        let whole = self.instance.pixels.as_ref();
        let tile = self.instance.mosaic.as_ref().map(|m| &m.tile);
        tile.or(whole.map(|Pixels { format, .. }| format))
    }

    /// 1-based frame number within the object, or within the whole that it is a part of.
    pub(crate) fn frame_number(&self) -> usize {
        let concatenation = self.instance.concatenation.as_ref();
        let before = concatenation.map_or(0, |c| c.n_frames_before as usize);
        before + self.frame_idx + 1
    }

    /// What the object is counted by among those of its series; parts of one object count as one.
    pub(crate) fn order_number(&self) -> i64 {
        match self.instance.concatenation {
            Some(_) => 0,
            None => self.instance.instance_number.unwrap_or(i64::MAX),
        }
    }

    pub(crate) fn position(&self) -> Option<PatientPoint> {
        let frame = self.frame()?;
        frame.position.filter(|_| frame.orientation.is_some())
    }

    pub(crate) fn is_multiframe(&self) -> bool {
        1 < self.instance.frames.len()
    }

    pub(crate) fn is_localizer(&self) -> bool {
        self.instance.image_type_has("LOCALIZER")
    }

    /// What both must have in common to be slices of one volume, position and time apart.
    pub(crate) fn belongs_with(&self, other: &Self) -> bool {
        let (Some(a), Some(b), Some(fa), Some(fb)) =
            (self.frame(), other.frame(), self.format(), other.format())
        else {
            return false;
        };
        self.mixes_with(other)
            && self.instance.about.modality == other.instance.about.modality
            && alike(fa, fb)
            && self.is_localizer() == other.is_localizer()
            && self.position().is_some() == other.position().is_some()
            && a.space == b.space
            && self.instance.about.frame_of_reference_uid
                == other.instance.about.frame_of_reference_uid
            && (self.position().is_some()
                || self.instance.about.sides == other.instance.about.sides)
            && a.keys.stack == b.keys.stack
            && (Arc::ptr_eq(&a.lie, &b.lie) || self.lies_like(a, b))
            && self.instance.palette == other.instance.palette
    }

    /// Do both frames have pixels of one size, and, where they are placed, one orientation?
    fn lies_like(&self, a: &Frame, b: &Frame) -> bool {
        a.spacing.source == b.spacing.source
            && a.spacing
                .rows_columns_mm
                .iter()
                .zip(b.spacing.rows_columns_mm)
                .all(|(x, y)| (x - y).abs() <= 1e-4 * y)
            && self.position().is_none_or(|_| same_orientation(a, b))
    }

    /// May frames of both objects be mixed? Of a multi-frame object and of a projection without a place they may not.
    fn mixes_with(&self, other: &Self) -> bool {
        let (mine, theirs) = (&self.instance, &other.instance);
        let uid = |instance: &Instance| instance.concatenation.as_ref().map(|c| c.uid.clone());
        if mine.concatenation.is_some() || theirs.concatenation.is_some() {
            return uid(mine) == uid(theirs);
        }
        Arc::ptr_eq(mine, theirs) || !self.stands_alone() && !other.stands_alone()
    }

    fn stands_alone(&self) -> bool {
        let is_flat = is_projection(&self.instance.about.modality);
        self.is_multiframe() || is_flat && self.position().is_none()
    }

    /// The object whose frames belong with no others', as a number that no other object has; `None` where they may.
    pub(crate) fn lone(&self) -> Option<usize> {
        let is_lone = self.instance.concatenation.is_none() && self.stands_alone();
        is_lone.then(|| Arc::as_ptr(&self.instance).addr())
    }
}

/// The largest angle between slices that still count as parallel, degrees.
const PARALLEL_DEG: f64 = 0.1;

fn same_orientation(a: &Frame, b: &Frame) -> bool {
    a.orientation
        .zip(b.orientation)
        .is_some_and(|(a, b)| a.angle_deg(b) <= PARALLEL_DEG)
}

fn alike(a: &PixelFormat, b: &PixelFormat) -> bool {
    let is_white_zero = |f: &PixelFormat| f.photometric == Photometric::Monochrome1;
    let is_palette = |f: &PixelFormat| f.photometric == Photometric::Palette;
    a.rows == b.rows
        && a.columns == b.columns
        && a.stored() == b.stored()
        && is_white_zero(a) == is_white_zero(b)
        && is_palette(a) == is_palette(b)
}
