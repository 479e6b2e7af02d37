use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use space::{PatientPoint, ViewPlane};
use volume::{
    Interpolation, Slab, SliceView, Volume, colour_layer, reslice, sample_colour_slice,
    sample_slice,
};

use crate::jobs::Waker;
use crate::light_pictures::{LightCut, LightMaker};
use crate::{PictureKind, ViewIdx, ViewPicture};

mod waiting;
pub use waiting::Patience;

/// What a view needs drawn. Two equal requests give the same picture.
#[derive(Clone, Debug)]
pub(crate) struct PictureRequest {
    pub(crate) volume: Arc<Volume>,
    pub(crate) cut: Cut,
    pub(crate) plane: ViewPlane,
    pub(crate) interpolation: Interpolation,
    /// Grows when slices that the picture shows were decoded.
    pub(crate) epoch: u64,
    /// The view under the hand goes first.
    pub(crate) urgent: bool,
}

/// A request on its way to the thread, with how finely it is drawn next.
#[derive(Clone)]
struct Waiting {
    sequence: u64,
    request: PictureRequest,
    detail: Detail,
}

/// How a picture is taken from the volume.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cut {
    /// One slice as it lies.
    Slice(usize),
    /// A plane or slab through all.
    Plane(Option<Slab>),
    /// Light through all.
    Light(Arc<LightCut>),
}

/// Light through a volume comes first coarse, so that it follows the hand, and then finer in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Few pixels and samples.
    Coarse,
    /// More pixels: what a rest of the hand brings first.
    Better,
    /// All of them. Planes have no other.
    Fine,
}

impl PictureRequest {
    fn same_picture(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.volume, &other.volume)
            && self.cut == other.cut
            && self.plane == other.plane
            && self.interpolation == other.interpolation
            && self.epoch == other.epoch
    }
}

/// Makes pictures on a thread of its own; of each view only the newest request counts.
pub(crate) struct PictureMaker {
    shared: Arc<Shared>,
    asked: BTreeMap<ViewIdx, PictureRequest>,
    sequence: u64,
}

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    /// Told when a picture is made.
    made: Condvar,
    /// Sequence of the newest request of any view; a slower picture looks at it and yields.
    newest: AtomicU64,
    /// Pictures made so far; tells an older picture of a view from a newer one.
    n_made: AtomicU64,
    light: LightMaker,
    waker: Mutex<Waker>,
}

#[derive(Default)]
struct Queue {
    waiting: BTreeMap<ViewIdx, Waiting>,
    done: BTreeMap<ViewIdx, ViewPicture>,
    /// When a picture was asked for last.
    asked_at: Option<Instant>,
    /// The picture in the making: of which view, and does it come soon?
    making: Option<(ViewIdx, bool)>,
    /// How long the last picture of a view took.
    took: BTreeMap<ViewIdx, Duration>,
    /// The view under the hand.
    hand: Option<ViewIdx>,
    /// Is somebody waiting, who then needs no waking?
    is_awaited: bool,
    closed: bool,
}

impl PictureMaker {
    pub(crate) fn new(waker: Waker) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            changed: Condvar::new(),
            made: Condvar::new(),
            newest: AtomicU64::new(0),
            n_made: AtomicU64::new(0),
            light: LightMaker::new(),
            waker: Mutex::new(waker),
        });
        let worker = shared.clone();
        let run = move || work(&worker);
        // Without a thread there would be no pictures; requests then run where they are asked for.
        let spawned = std::thread::Builder::new()
            .name("pictures".into())
            .spawn(run);
        if let Err(error) = spawned {
            eprintln!(
                "overread: no thread for pictures ({error}); close other programs and start again"
            );
        }
        Self {
            shared,
            asked: BTreeMap::new(),
            sequence: 0,
        }
    }

    pub(crate) fn set_waker(&self, waker: Waker) {
        *self
            .shared
            .waker
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = waker;
    }

    /// Asks for a picture unless the same one was asked for last.
    pub(crate) fn ask(&mut self, view: ViewIdx, request: PictureRequest) {
        if self
            .asked
            .get(&view)
            .is_some_and(|last| last.same_picture(&request))
        {
            return;
        }
        self.sequence += 1;
        self.asked.insert(view, request.clone());
        let detail = match request.cut {
            Cut::Light(_) => Detail::Coarse,
            Cut::Slice(_) | Cut::Plane(_) => Detail::Fine,
        };
        let sequence = self.sequence;
        let mut queue = self.lock();
        queue.asked_at = Some(Instant::now());
        queue.waiting.insert(
            view,
            Waiting {
                sequence,
                request,
                detail,
            },
        );
        self.shared.newest.store(self.sequence, Ordering::Release);
        drop(queue);
        self.shared.changed.notify_one();
    }

    /// Forgets a view that shows nothing any more.
    pub(crate) fn forget(&mut self, view: ViewIdx) {
        self.asked.remove(&view);
        let mut queue = self.lock();
        queue.waiting.remove(&view);
        queue.done.remove(&view);
        queue.took.remove(&view);
    }

    /// The newest picture of a view.
    pub(crate) fn picture(&self, view: ViewIdx) -> Option<ViewPicture> {
        self.lock().done.get(&view).cloned()
    }

    /// The place of the surface under a pixel of light through a volume; `None` beside it, and before it was drawn.
    pub(crate) fn surface(
        &self,
        volume: &Arc<Volume>,
        cut: &LightCut,
        plane: ViewPlane,
        pixel: [f64; 2],
    ) -> Option<PatientPoint> {
        self.shared.light.surface(volume, cut, plane, pixel)
    }

    /// Is a picture of a view on its way that is made of more slices than the one there is?
    pub(crate) fn is_behind(&self, view: ViewIdx, n_filled: usize) -> bool {
        let queue = self.lock();
        let is_made = queue.making.is_some_and(|(made, _)| made == view);
        let is_older = queue
            .done
            .get(&view)
            .is_some_and(|made| made.n_slices_there < n_filled);
        is_older && (is_made || queue.waiting.contains_key(&view))
    }

    /// Is every picture that was asked for made?
    pub(crate) fn is_idle(&self) -> bool {
        let queue = self.lock();
        queue.waiting.is_empty() && queue.making.is_none()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.shared
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PictureMaker {
    fn drop(&mut self) {
        self.lock().closed = true;
        self.shared.changed.notify_one();
    }
}

fn work(shared: &Shared) {
    let mut queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if queue.closed {
            return;
        }
        let next = next_view(&queue);
        let Some((view, waiting)) = next.and_then(|v| Some((v, queue.waiting.remove(&v)?))) else {
            queue = shared
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let rest = rest_before(&waiting).saturating_sub(
            queue
                .asked_at
                .map_or(Duration::MAX, |asked_at| asked_at.elapsed()),
        );
        if !rest.is_zero() {
            queue.waiting.entry(view).or_insert(waiting);
            let waited = shared.changed.wait_timeout(queue, rest);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
            continue;
        }
        queue.making = Some((view, waiting.comes_soon()));
        drop(queue);
        let begun = Instant::now();
        let n_slices_there = waiting.request.volume.voxels.n_filled();
        let made = draw(shared, view, &waiting);
        queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.making = None;
        match made {
            Some((picture, plane)) => {
                let generation = shared.n_made.fetch_add(1, Ordering::Relaxed) + 1;
                if waiting.comes_soon() {
                    queue.took.insert(view, begun.elapsed());
                }
                queue.done.insert(
                    view,
                    ViewPicture {
                        picture,
                        plane,
                        generation,
                        n_slices_there,
                    },
                );
                if let Some(detail) = finer(shared, &waiting) {
                    let finer = Waiting { detail, ..waiting };
                    queue.waiting.entry(view).or_insert(finer);
                }
                shared.made.notify_all();
                if !queue.is_awaited {
                    let waker = shared
                        .waker
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone();
                    waker();
                }
            }
            // It made room for a newer one of another view: its turn comes again.
            None => {
                queue.waiting.entry(view).or_insert(waiting);
            }
        }
    }
}

/// How finely a picture is drawn next, once it is drawn; `None` when it was drawn as finely as it can be.
fn finer(shared: &Shared, waiting: &Waiting) -> Option<Detail> {
    match waiting.detail {
        Detail::Coarse if shared.light.has_better(waiting.request.plane) => Some(Detail::Better),
        Detail::Coarse | Detail::Better => Some(Detail::Fine),
        Detail::Fine => None,
    }
}

/// How long nothing else must have been asked for before a picture is begun. Light takes all processors for a second:
/// begun at once, it would keep the planes, and the screen itself, from what the reader does.
fn rest_before(waiting: &Waiting) -> Duration {
    match (&waiting.request.cut, waiting.request.urgent, waiting.detail) {
        (Cut::Slice(_) | Cut::Plane(_), ..) | (Cut::Light(_), true, Detail::Coarse) => {
            Duration::ZERO
        }
        (Cut::Light(_), true, Detail::Better | Detail::Fine) => Duration::from_millis(100),
        (Cut::Light(_), false, _) => Duration::from_millis(300),
    }
}

/// The view under the hand first, then the urgent one, then thin planes before projections, then the oldest request.
fn next_view(queue: &Queue) -> Option<ViewIdx> {
    queue
        .waiting
        .iter()
        .min_by_key(|(view, w)| {
            let under_hand = queue.hand == Some(**view);
            (
                !under_hand,
                !w.request.urgent,
                is_thick(&w.request),
                w.sequence,
            )
        })
        .map(|(view, _)| *view)
}

fn is_thick(request: &PictureRequest) -> bool {
    match request.cut {
        Cut::Slice(_) | Cut::Plane(None) => false,
        Cut::Plane(Some(_)) | Cut::Light(_) => true,
    }
}

/// Makes one picture and says on which plane it lies; `None` when a thick one gave way to a newer request.
fn draw(shared: &Shared, view: ViewIdx, waiting: &Waiting) -> Option<(PictureKind, ViewPlane)> {
    let Waiting {
        sequence,
        request,
        detail,
    } = waiting;
    let gives_way = || is_thick(request) && newer_waits(shared, view, *sequence);
    if let Cut::Light(cut) = &request.cut {
        let (light, volume, plane) = (&shared.light, &request.volume, request.plane);
        // A coarse picture is soon made, and without it nothing would follow the hand.
        return match detail {
            Detail::Coarse => light.draw(volume, cut, light.coarse(plane), *detail, &|| false),
            Detail::Better => light.draw(volume, cut, light.better(plane), *detail, &gives_way),
            Detail::Fine => light.draw(volume, cut, plane, *detail, &gives_way),
        };
    }
    cut_picture(request, &gives_way).map(|picture| (picture, request.plane))
}

/// A slice, a plane or a slab; `None` when it gave way.
fn cut_picture(
    request: &PictureRequest,
    gives_way: &(dyn Fn() -> bool + Sync),
) -> Option<PictureKind> {
    let volume = &request.volume;
    let empty = || {
        let [width, height] = request.plane.size_px;
        PictureKind::Grey(Arc::new(volume::Picture {
            width,
            height,
            values: vec![f32::NAN; width * height],
        }))
    };
    match request.cut {
        Cut::Slice(slice_idx) => {
            let Some(slice_view) = SliceView::of_plane(volume, slice_idx, &request.plane) else {
                return Some(empty());
            };
            if volume.voxels.stored().is_colour() {
                let picture =
                    sample_colour_slice(volume, slice_idx, &slice_view, request.interpolation);
                return Some(picture.map_or_else(empty, |p| PictureKind::Colour(Arc::new(p))));
            }
            let picture = sample_slice(volume, slice_idx, &slice_view, request.interpolation);
            let Ok(grey) = picture.map(Arc::new) else {
                return Some(empty());
            };
            Some(match colour_layer(volume, slice_idx, &slice_view) {
                Some(layer) => PictureKind::GreyUnderColours(grey, Arc::new(layer)),
                None => PictureKind::Grey(grey),
            })
        }
        Cut::Plane(slab) => match reslice(
            volume,
            &request.plane,
            request.interpolation,
            slab,
            gives_way,
        ) {
            Ok(picture) => Some(PictureKind::Grey(Arc::new(picture))),
            Err(volume::ResliceError::Cancelled) => None,
            Err(_) => Some(empty()),
        },
        Cut::Light(_) => Some(empty()),
    }
}

fn newer_waits(shared: &Shared, view: ViewIdx, sequence: u64) -> bool {
    if shared.newest.load(Ordering::Acquire) <= sequence {
        return false;
    }
    let queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
    // A newer request of this view makes this picture stale; a thin one of another view overtakes it.
    queue.closed
        || queue.waiting.iter().any(|(other, newer)| {
            sequence < newer.sequence && (*other == view || !is_thick(&newer.request))
        })
}
