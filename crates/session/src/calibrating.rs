//! Lengths that the reader knows: what they say of their image, and what rests on them.

use case::{Annotation, AnnotationId, Geometry, ImageRef};
use space::distance_mm;
use volume::{GeometryKind, Placement, Volume};

use crate::measure::{ByHand, MeasuredOn, by_hand, measure, say_holes};
use crate::{Session, SessionError, View, ViewKind, VolumeKey};

impl Session {
    /// What the reader calibrated on an image; the last one counts.
    pub(crate) fn by_hand_on(&self, image: &ImageRef) -> Option<ByHand> {
        let marks = self.case()?.read().annotations.iter().rev();
        marks
            .filter(|mark| mark.image == *image)
            .find_map(|mark| by_hand_of(&mark.geometry))
    }

    /// What the reader calibrated on the image that a stack shows.
    pub(crate) fn by_hand_in(&self, key: &VolumeKey, view: &View) -> Option<ByHand> {
        if view.kind != ViewKind::Stack {
            return None;
        }
        self.by_hand_on(&self.library.image_ref(key, view.slice_idx)?)
    }

    /// The calibration that a new one on an image takes the place of.
    pub(crate) fn calibration_on(&self, image: &ImageRef) -> Option<AnnotationId> {
        let marks = &self.case()?.read().annotations;
        let calibrates = |mark: &&Annotation| matches!(mark.geometry, Geometry::Calibration { .. });
        let on_image = marks.iter().filter(|mark| mark.image == *image);
        on_image.filter(calibrates).map(|mark| mark.id).next_back()
    }

    /// The marks on an image whose numbers change when it is calibrated so, with the numbers they have then.
    pub(crate) fn remeasured(&self, image: &ImageRef, by_hand: Option<ByHand>) -> Vec<Annotation> {
        let (Some(case), Some((key, slice_idx))) = (self.case(), self.library.find_image(image))
        else {
            return Vec::new();
        };
        let Some(shelved) = self.library.get(&key) else {
            return Vec::new();
        };
        let on = MeasuredOn {
            volume: &shelved.volume,
            slice_idx: Some(slice_idx).filter(|_| shelved.volume.kind != GeometryKind::Volume),
            by_hand,
        };
        let marks = case.read().annotations.iter();
        let others =
            marks.filter(|mark| mark.image == *image && by_hand_of(&mark.geometry).is_none());
        others
            .filter_map(|mark| {
                let mut values = measure(&on, &mark.geometry).ok()?;
                say_holes(&mut values, on.volume, &shelved.holes(), &mark.geometry);
                (values != mark.values).then(|| Annotation {
                    values,
                    ..mark.clone()
                })
            })
            .collect()
    }
}

/// What a mark calibrates; `None` for all but calibrations.
pub(crate) fn by_hand_of(geometry: &Geometry) -> Option<ByHand> {
    match geometry {
        Geometry::Calibration { from, to, known_mm } => {
            by_hand(distance_mm(*from, *to), *known_mm).ok()
        }
        _ => None,
    }
}

/// Refuses to calibrate where the scanner has said what a millimetre is.
pub(crate) fn check_may_calibrate(volume: &Volume) -> Result<(), SessionError> {
    if volume.placed == Placement::InPatient {
        return Err(SessionError::Usage(
            "this image has millimetres in the patient already; calibrate projections and pictures without a spacing".into(),
        ));
    }
    Ok(())
}
