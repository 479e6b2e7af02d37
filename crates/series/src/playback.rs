use std::sync::Arc;

use crate::dataset::Node;
use crate::model::VolumePlan;
use crate::tags;

/// Frames a second at most; faster ones are writing errors.
const MAX_PER_SECOND: f64 = 1000.0;

/// How the frames of an object are to be played (PS3.3 C.7.6.5, C.12.1.1.1 of Frame Increment Pointer).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Playback {
    /// Frames a second, and what says so; `None` where nothing does.
    pub rate: Option<(f64, RateFrom)>,
    /// How long each slice is shown, ms, in the order of the slices, where Frame Time Vector makes them differ; otherwise
    /// empty.
    pub slice_ms: Vec<f64>,
    /// What follows the last frame.
    pub order: PlaybackOrder,
}

/// The attribute that a rate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateFrom {
    /// Recommended Display Frame Rate (0008,2144).
    RecommendedDisplayFrameRate,
    /// Cine Rate (0018,0040).
    CineRate,
    /// Frame Time (0018,1063).
    FrameTime,
    /// Frame Time Vector (0018,1065), its mean.
    FrameTimeVector,
}

impl RateFrom {
    /// Its name in PS3.6.
    pub fn name(self) -> &'static str {
        match self {
            Self::RecommendedDisplayFrameRate => "Recommended Display Frame Rate",
            Self::CineRate => "Cine Rate",
            Self::FrameTime => "Frame Time",
            Self::FrameTimeVector => "Frame Time Vector",
        }
    }
}

/// Preferred Playback Sequencing (0018,1244).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlaybackOrder {
    /// Looping: after the last comes the first. Also where nothing is said.
    #[default]
    Loop,
    /// Sweeping: after the last they come backwards.
    Sweep,
}

/// What one object says, frame by frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StatedPlayback {
    rate: Option<(f64, RateFrom)>,
    /// Of each frame of the object; empty where they do not differ.
    frame_ms: Vec<f64>,
    order: PlaybackOrder,
}

impl StatedPlayback {
    /// `None` where nothing is said.
    pub(crate) fn read(root: Node<'_>, n_frames: u32) -> Option<Arc<Self>> {
        let usable = |rate: f64| (0.0 < rate && rate <= MAX_PER_SECOND).then_some(rate);
        let of_rate = |tag, from| {
            root.decimal(tag)
                .or_else(|| root.integer(tag)?.ok().map(|n| n as f64))
                .and_then(usable)
                .map(|rate| (rate, from))
        };
        let frame_ms = frame_ms(root, n_frames);
        let of_vector = || {
            let sum: f64 = frame_ms.iter().sum();
            let rate = usable(1000.0 * frame_ms.len() as f64 / sum)?;
            Some((rate, RateFrom::FrameTimeVector))
        };
        let of_time = || {
            let rate = usable(1000.0 / root.decimal(tags::FRAME_TIME)?)?;
            Some((rate, RateFrom::FrameTime))
        };
        // Where both are there, Frame Increment Pointer says which one tells the frames apart.
        let points_at_time = pointer(root) == Some(tags::FRAME_TIME);
        let of_times = || match points_at_time {
            true => of_time().or_else(of_vector),
            false => of_vector().or_else(of_time),
        };
        let rate = of_rate(
            tags::RECOMMENDED_DISPLAY_FRAME_RATE,
            RateFrom::RecommendedDisplayFrameRate,
        )
        .or_else(|| of_rate(tags::CINE_RATE, RateFrom::CineRate))
        .or_else(of_times);
        let order = match root.u16(tags::PREFERRED_PLAYBACK_SEQUENCING) {
            Some(1) => PlaybackOrder::Sweep,
            Some(_) | None => PlaybackOrder::Loop,
        };
        let differ = frame_ms.windows(2).any(|pair| pair[0] != pair[1]);
        let stated = Self {
            rate,
            frame_ms: if differ && !points_at_time {
                frame_ms
            } else {
                Vec::new()
            },
            order,
        };
        (stated != Self::default()).then(|| Arc::new(stated))
    }
}

/// Frame Increment Pointer (0028,0009), the first tag of it.
fn pointer(root: Node<'_>) -> Option<u32> {
    let pair = root.u16s(tags::FRAME_INCREMENT_POINTER)?;
    Some(u32::from(*pair.first()?) << 16 | u32::from(*pair.get(1)?))
}

/// How long each frame stays, ms. Each entry of Frame Time Vector is the time from the frame before (PS3.3 C.7.6.5), so a
/// frame stays for the entry of the next; the last one, of which nothing is said, for the mean of the others. Empty where
/// there is no usable vector.
fn frame_ms(root: Node<'_>, n_frames: u32) -> Vec<f64> {
    let vector = root.decimals(tags::FRAME_TIME_VECTOR).and_then(Result::ok);
    let vector = vector.unwrap_or_default();
    let fits = usize::try_from(n_frames).is_ok_and(|n| n == vector.len() && 1 < n);
    let Some((_, increments)) = vector.split_first().filter(|_| fits) else {
        return Vec::new();
    };
    let sum: f64 = increments.iter().sum();
    let usable = increments.iter().all(|ms| 0.0 <= *ms) && 0.0 < sum && sum.is_finite();
    if !usable {
        return Vec::new();
    }
    let mean = sum / increments.len() as f64;
    increments.iter().copied().chain([mean]).collect()
}

impl VolumePlan {
    /// How its slices are to be played: what their first object says, and the times of its frames where all slices are
    /// frames of it.
    pub fn playback(&self) -> Playback {
        let mut sources = self.slices.iter().flatten();
        let Some(first) = sources.next() else {
            return Playback::default();
        };
        let Some(stated) = &first.instance.facts.playback else {
            return Playback::default();
        };
        let of_one = sources.all(|s| Arc::ptr_eq(&s.instance, &first.instance));
        let ms_of = |slice: &Option<crate::SliceSource>| {
            let frame_idx = usize::try_from(slice.as_ref()?.frame_number)
                .ok()?
                .checked_sub(1)?;
            stated.frame_ms.get(frame_idx).copied()
        };
        let slice_ms: Option<Vec<f64>> = self.slices.iter().map(ms_of).collect();
        Playback {
            rate: stated.rate,
            slice_ms: slice_ms.filter(|_| of_one).unwrap_or_default(),
            order: stated.order,
        }
    }
}
