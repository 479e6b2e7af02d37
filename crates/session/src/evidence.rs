//! The pictures beside the selected row of the comparison.

use std::sync::Arc;

use case::{Annotation, Pair, SecondRef, Shown};
use space::ViewPlane;
use volume::{Voi, Volume};

use crate::key_picture::key_picture;

use crate::{ColourImage, EvidencePicture, Screen, Session, VolumeKey};

/// Size of each picture, pixels.
const SIZE_PX: [usize; 2] = [480, 600];

/// How much larger than the whole slice a mark is shown at least.
const MAGNIFIED: f64 = 2.2;

/// What the pictures were made from, so that they are made once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EvidenceKey {
    volume: VolumeKey,
    shown: Shown,
    slice_idx: Option<usize>,
    marks: Vec<Annotation>,
}

/// The last pictures that were made.
pub(crate) type Evidence = Option<(EvidenceKey, Arc<EvidencePicture>)>;

impl Session {
    /// The pictures of the selected row; `None` away from the comparison, without an image, and while it is not decoded.
    pub(crate) fn evidence(&self) -> Option<Arc<EvidencePicture>> {
        if self.screen != Screen::Compare {
            return None;
        }
        let pair = self
            .case()?
            .comparison()?
            .pairs
            .iter()
            .find(|p| Some(p.id) == self.selected_pair)?;
        let (key, volume) = self.evidence_of(pair)?;
        if let Some((kept, pictures)) = self.evidence.borrow().as_ref()
            && *kept == key
        {
            return Some(pictures.clone());
        }
        if !self.library.has_slices(&key.volume, key.slice_idx) {
            return None;
        }
        let marks: Vec<&Annotation> = key.marks.iter().collect();
        let picture = |marks: &[&Annotation]| {
            let picture = key_picture(&volume, &key.shown, key.slice_idx, marks, SIZE_PX);
            ColourImage {
                width: picture.width,
                height: picture.height,
                rgb: picture.rgb,
            }
        };
        let pictures = Arc::new(EvidencePicture {
            plain: picture(&[]),
            marked: picture(&marks),
        });
        *self.evidence.borrow_mut() = Some((key, pictures.clone()));
        Some(pictures)
    }

    /// The image that the reader chose for the row, else that of the finding.
    fn evidence_of(&self, pair: &Pair) -> Option<(EvidenceKey, Arc<Volume>)> {
        let read = self.case()?.read();
        let finding = match pair.second {
            Some(SecondRef::Finding(id)) => read.findings.iter().find(|f| f.id == id),
            Some(SecondRef::Sentence(_)) | None => None,
        };
        let marks: Vec<Annotation> = read
            .annotations
            .iter()
            .filter(|a| finding.is_some_and(|f| Some(f.id) == a.finding))
            .cloned()
            .collect();
        let chosen = pair.verdict.as_ref().and_then(|v| v.evidence.clone());
        let drawn = marks.first().map(|mark| mark.image.clone());
        let image = chosen
            .or(drawn)
            .or_else(|| finding.and_then(|f| f.key_image.clone()))?;
        let (volume_key, slice_idx) = self.library.find_image(&image)?;
        let volume = self.library.get(&volume_key)?.volume.clone();
        let marks: Vec<Annotation> = marks
            .into_iter()
            .filter(|mark| mark.image == image)
            .collect();
        let shown = match marks.first() {
            Some(mark) => close_up(&volume, mark),
            None => self.slice_shown(&volume_key, slice_idx)?,
        };
        let shown = self.in_window_on_screen(&volume_key, shown);
        let native = space::PlaneFrame::native(&volume.grid);
        let along_slices = native.is_some_and(|n| 0.999 < n.away.dot(shown.frame.away).abs());
        let key = EvidenceKey {
            volume: volume_key,
            shown,
            slice_idx: along_slices.then_some(slice_idx),
            marks,
        };
        Some((key, volume))
    }

    /// The window in which the reader looks at the volume now, where the active view shows it: a lesion of the lung does
    /// not show in the window of soft tissue.
    fn in_window_on_screen(&self, key: &VolumeKey, shown: Shown) -> Shown {
        let view = self
            .room
            .view(self.room.active)
            .filter(|view| view.volume.as_ref() == Some(key));
        match view
            .and_then(|view| view.presentation.as_ref())
            .map(|presentation| &presentation.voi)
        {
            Some(Voi::Window { center, width, .. }) => Shown {
                window_center: Some(*center),
                window_width: Some(*width),
                ..shown
            },
            Some(Voi::Table { .. }) | None => shown,
        }
    }
}

/// As the reader had it, but near enough that the mark is seen, with the mark in the middle.
fn close_up(volume: &Volume, mark: &Annotation) -> Shown {
    let fit = ViewPlane::fit_mm_per_pixel(&volume.grid, &mark.shown.frame, SIZE_PX);
    let mm_per_pixel = mark.shown.mm_per_pixel.min(fit / MAGNIFIED);
    Shown {
        centre: mark.geometry.centre(),
        mm_per_pixel,
        ..mark.shown.clone()
    }
}
