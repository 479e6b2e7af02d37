//! Light through volumes for the thread that makes pictures.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use space::{PatientPoint, ViewPlane};
use volume::{
    ColourPicture, CropBox, Occupancy, RayCastView, ResliceError, SampleStep, TransferFunction,
    Volume, ray_cast, surface_point,
};

use crate::PictureKind;
use crate::pictures::Detail;

/// A coarse picture that takes longer gets fewer pixels the next time.
const SLOW: Duration = Duration::from_millis(120);
/// One that takes less gets more.
const QUICK: Duration = Duration::from_millis(40);
/// Pixels of the screen along the side of a coarse pixel: at first, and at most.
const COARSE_PX: usize = 3;
const MAX_COARSE_PX: usize = 6;

/// From values to light, and what is cut off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LightCut {
    pub(crate) transfer: TransferFunction,
    pub(crate) crop: CropBox,
}

/// Draws light through volumes; remembers where the last one is empty, and how coarse is quick enough.
pub(crate) struct LightMaker {
    occupancy: Mutex<Option<Known>>,
    coarse_px: AtomicUsize,
}

/// Where a volume is empty, as far as its slices were here.
struct Known {
    of: Weak<Volume>,
    n_filled: usize,
    occupancy: Arc<Occupancy>,
}

impl LightMaker {
    pub(crate) fn new() -> Self {
        Self {
            occupancy: Mutex::new(None),
            coarse_px: AtomicUsize::new(COARSE_PX),
        }
    }

    /// The plane of a coarse picture: the same place with fewer pixels.
    pub(crate) fn coarse(&self, plane: ViewPlane) -> ViewPlane {
        let px = self.coarse_px.load(Ordering::Relaxed);
        ViewPlane {
            mm_per_pixel: plane.mm_per_pixel * px as f64,
            size_px: plane.size_px.map(|n| n.div_ceil(px)),
            ..plane
        }
    }

    /// Draws; `None` when it was cancelled. What cannot be drawn is black.
    pub(crate) fn draw(
        &self,
        volume: &Arc<Volume>,
        cut: &LightCut,
        plane: ViewPlane,
        detail: Detail,
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Option<(PictureKind, ViewPlane)> {
        let step = match detail {
            Detail::Coarse => SampleStep::Coarse,
            Detail::Fine => SampleStep::Fine,
        };
        let view = RayCastView {
            plane,
            transfer: &cut.transfer,
            crop: cut.crop,
            step,
        };
        let made = self.occupancy(volume).and_then(|occupancy| {
            let begin = Instant::now();
            let made = ray_cast(volume, &occupancy, &view, cancel);
            if detail == Detail::Coarse {
                self.learn(begin.elapsed());
            }
            made
        });
        let picture = match made {
            Ok(picture) => picture,
            Err(ResliceError::Cancelled) => return None,
            Err(_) => black(plane.size_px),
        };
        Some((PictureKind::Colour(Arc::new(picture)), plane))
    }

    /// The place of the surface under a pixel, in a volume that was drawn last.
    pub(crate) fn surface(
        &self,
        volume: &Arc<Volume>,
        cut: &LightCut,
        plane: ViewPlane,
        pixel: [f64; 2],
    ) -> Option<PatientPoint> {
        let occupancy = self.known(volume)?;
        let view = RayCastView {
            plane,
            transfer: &cut.transfer,
            crop: cut.crop,
            step: SampleStep::Fine,
        };
        surface_point(volume, &occupancy, &view, pixel)
    }

    fn learn(&self, took: Duration) {
        let px = self.coarse_px.load(Ordering::Relaxed);
        let next = if SLOW < took {
            (px + 1).min(MAX_COARSE_PX)
        } else if took < QUICK {
            px.saturating_sub(1).max(1)
        } else {
            px
        };
        self.coarse_px.store(next, Ordering::Relaxed);
    }

    fn known(&self, volume: &Arc<Volume>) -> Option<Arc<Occupancy>> {
        let known = self
            .occupancy
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        let same = std::ptr::eq(known.of.as_ptr(), Arc::as_ptr(volume))
            && known.n_filled == volume.voxels.n_filled();
        same.then(|| known.occupancy.clone())
    }

    fn occupancy(&self, volume: &Arc<Volume>) -> Result<Arc<Occupancy>, ResliceError> {
        if let Some(known) = self.known(volume) {
            return Ok(known);
        }
        let n_filled = volume.voxels.n_filled();
        let occupancy = Arc::new(Occupancy::of(volume)?);
        let known = Known {
            of: Arc::downgrade(volume),
            n_filled,
            occupancy: occupancy.clone(),
        };
        *self
            .occupancy
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(occupancy)
    }
}

fn black([width, height]: [usize; 2]) -> ColourPicture {
    ColourPicture {
        width,
        height,
        values: vec![[0, 0, 0, 255]; width * height],
    }
}
