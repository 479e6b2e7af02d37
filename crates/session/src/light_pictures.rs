//! Light through volumes for the thread that makes pictures.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use space::{PatientPoint, ViewPlane};
use volume::{
    ColourPicture, CropBox, Occupancy, RayCastView, ResliceError, SampleStep, TransferFunction,
    Volume, ray_cast, surface_point,
};

use crate::PictureKind;
use crate::pictures::Detail;

/// How long a picture that follows the hand may take; the next one gets as many pixels as the last one says can be made.
const AIM: Duration = Duration::from_millis(60);
/// Pixels of the screen along the side of a coarse pixel: before any was made, and at most.
const FIRST_COARSE_PX: f64 = 3.0;
const MAX_COARSE_PX: f64 = 6.0;

/// From values to light, and what is cut off.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LightCut {
    pub(crate) transfer: TransferFunction,
    pub(crate) crop: CropBox,
}

/// Draws light through volumes; remembers where the last one is empty, and how coarse is quick enough.
pub(crate) struct LightMaker {
    occupancy: Mutex<Option<Known>>,
    /// What a pixel of the last coarse picture took; 0 before there was one.
    coarse_pixel_ns: AtomicU64,
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
            coarse_pixel_ns: AtomicU64::new(0),
        }
    }

    /// The plane of a coarse picture: the same place with fewer pixels, as few as it takes to follow the hand.
    pub(crate) fn coarse(&self, plane: ViewPlane) -> ViewPlane {
        with_pixels_of(plane, self.coarse_px(plane))
    }

    /// The plane of the picture between the coarse and the fine one.
    pub(crate) fn better(&self, plane: ViewPlane) -> ViewPlane {
        with_pixels_of(plane, (self.coarse_px(plane) / 2.0).max(1.0))
    }

    /// Is there one? Not where even the coarse one has nearly every pixel.
    pub(crate) fn has_better(&self, plane: ViewPlane) -> bool {
        1.5 < self.coarse_px(plane)
    }

    /// Pixels of the screen along the side of a coarse pixel.
    fn coarse_px(&self, plane: ViewPlane) -> f64 {
        match self.coarse_pixel_ns.load(Ordering::Relaxed) {
            0 => FIRST_COARSE_PX,
            ns => coarse_px(plane.size_px, ns),
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
            Detail::Coarse | Detail::Better => SampleStep::Coarse,
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
                self.learn(begin.elapsed(), plane.size_px);
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

    fn learn(&self, took: Duration, [width, height]: [usize; 2]) {
        let n_pixels = (width * height).max(1) as f64;
        // The cast saturates.
        let ns = (took.as_nanos() as f64 / n_pixels) as u64;
        self.coarse_pixel_ns.store(ns.max(1), Ordering::Relaxed);
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

/// Pixels of the screen along the side of a pixel that takes so long, so that a picture of this size comes in time.
fn coarse_px([width, height]: [usize; 2], pixel_ns: u64) -> f64 {
    let whole_ns = (width * height) as f64 * pixel_ns as f64;
    let px = (whole_ns / AIM.as_nanos() as f64).sqrt();
    px.clamp(1.0, MAX_COARSE_PX)
}

/// The same place with pixels of so many pixels of the screen.
fn with_pixels_of(plane: ViewPlane, px: f64) -> ViewPlane {
    ViewPlane {
        mm_per_pixel: plane.mm_per_pixel * px,
        // Not negative and no more than before; the cast keeps whole numbers.
        size_px: plane.size_px.map(|n| (n as f64 / px).ceil() as usize),
        ..plane
    }
}

fn black([width, height]: [usize; 2]) -> ColourPicture {
    ColourPicture {
        width,
        height,
        values: vec![[0, 0, 0, 255]; width * height],
    }
}

#[cfg(test)]
mod tests {
    use space::{Orientation, PatientPoint};

    use super::*;

    #[test]
    fn a_coarse_picture_has_as_many_pixels_as_can_be_made_in_time() {
        // Size, time of a pixel, pixels of the screen along the side of a coarse one.
        for (size_px, pixel_ns, expected) in [
            ([1000, 600], 10, 1.0),
            ([1000, 600], 100, 1.0),
            ([1000, 600], 400, 2.0),
            ([1000, 600], 625, 2.5),
            ([1000, 600], 900_000, MAX_COARSE_PX),
        ] {
            let px = coarse_px(size_px, pixel_ns);
            assert!((px - expected).abs() < 1e-9, "{size_px:?} {pixel_ns}: {px}");
        }
    }

    #[test]
    fn coarser_pixels_cover_the_same_place() {
        let plane = ViewPlane {
            centre: PatientPoint::new(1.0, 2.0, 3.0),
            frame: Orientation::Coronal.frame(),
            mm_per_pixel: 0.5,
            size_px: [901, 500],
        };
        for px in [1.0, 1.7, 3.0, 6.0] {
            let coarse = with_pixels_of(plane, px);
            for axis in 0..2 {
                let wide_mm = |plane: &ViewPlane| plane.size_px[axis] as f64 * plane.mm_per_pixel;
                let more_mm = wide_mm(&coarse) - wide_mm(&plane);
                assert!(-1e-9 <= more_mm && more_mm < coarse.mm_per_pixel, "{px}");
            }
        }
        assert_eq!(with_pixels_of(plane, 1.0), plane);
    }

    #[test]
    fn the_next_picture_follows_what_the_last_one_took_and_refines_in_steps_where_it_is_coarse() {
        let maker = LightMaker::new();
        let plane = ViewPlane {
            centre: PatientPoint::new(0.0, 0.0, 0.0),
            frame: Orientation::Coronal.frame(),
            mm_per_pixel: 0.5,
            size_px: [600, 600],
        };
        assert_eq!(maker.coarse(plane).size_px, [200, 200]);
        for (took_ms, coarse, better) in [
            (60, [200, 200], Some([400, 400])),
            (240, [100, 100], Some([200, 200])),
            (15, [200, 200], Some([400, 400])),
            (20, [347, 347], Some([600, 600])),
            (1, [600, 600], None),
        ] {
            let drawn = maker.coarse(plane).size_px;
            maker.learn(Duration::from_millis(took_ms), drawn);
            assert_eq!(maker.coarse(plane).size_px, coarse, "{took_ms} ms");
            let next = maker.has_better(plane).then(|| maker.better(plane).size_px);
            assert_eq!(next, better, "{took_ms} ms");
        }
    }
}
