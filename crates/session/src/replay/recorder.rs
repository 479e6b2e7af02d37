use case::{CaseId, PathEvent, PathKey, PathScene, PathWriter, PauseWhy};

use crate::coverage::IDLE_MS;
use crate::{InputSeen, PicturesAre};

/// Another program has the keyboard: after so long without input here the reader counts as away.
const ELSEWHERE_MS: u64 = 5_000;
/// The path goes to the disk after so long, so that a crash loses no more than this.
pub(super) const KEPT_EVERY_MS: u64 = 10_000;

/// Writes the path of whoever reads the open case, tick by tick.
pub(crate) struct PathRecorder {
    pub(super) case: CaseId,
    pub(super) key: PathKey,
    /// How many chunks the store has of it.
    pub(super) n_chunks: u32,
    writer: PathWriter,
    now_ms: u64,
    pending: Option<Pending>,
    last_kept_ms: u64,
    n_passed: u32,
    idle_ms: u64,
    pause: Option<PauseWhy>,
    kept_at_ms: u64,
    reads_opened: bool,
}

/// A picture on the screen.
struct Pending {
    scene: PathScene,
    since_ms: u64,
    is_kept: bool,
}

/// What is known of the reader and the pictures since the last tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attention {
    pub(crate) elapsed_ms: u64,
    pub(crate) input: InputSeen,
    /// `Covered` also where another screen of the program is shown.
    pub(crate) pictures: PicturesAre,
}

/// What the store has of a part.
pub(super) struct Earlier {
    pub(super) n_chunks: u32,
    pub(super) n_bytes: usize,
    pub(super) n_steps: usize,
    pub(super) end_ms: u64,
    pub(super) reads_opened: bool,
}

impl PathRecorder {
    pub(super) fn begin(case: CaseId, key: PathKey, earlier: &Earlier) -> Self {
        Self {
            case,
            key,
            n_chunks: earlier.n_chunks,
            writer: PathWriter::begin(earlier.n_bytes, earlier.n_steps, earlier.end_ms),
            now_ms: earlier.end_ms,
            pending: None,
            last_kept_ms: earlier.end_ms,
            n_passed: 0,
            idle_ms: 0,
            pause: None,
            kept_at_ms: earlier.end_ms,
            reads_opened: earlier.reads_opened,
        }
    }

    /// Time passed with this on the screen.
    pub(super) fn tick(&mut self, attention: Attention, scene: Option<PathScene>) {
        let Attention {
            elapsed_ms, input, ..
        } = attention;
        let from_ms = self.now_ms;
        self.now_ms += elapsed_ms;
        self.idle_ms = self.idle_ms.saturating_add(elapsed_ms);
        match self.away(attention.pictures, scene.is_some()) {
            Some((why, since_ms)) => self.pause(why, since_ms.clamp(from_ms, self.now_ms), scene),
            None => self.see(scene, from_ms),
        }
        if input == InputSeen::Yes {
            self.idle_ms = 0;
            // Whoever moves is back with the next tick; what covers the pictures must go first.
            if self.pause.is_some_and(|why| why != PauseWhy::Covered) {
                self.resume();
            }
        }
    }

    /// Why the reader does not count as reading, and since when.
    fn away(&self, pictures: PicturesAre, has_scene: bool) -> Option<(PauseWhy, u64)> {
        let since = |limit_ms: u64| self.now_ms.saturating_sub(self.idle_ms - limit_ms);
        match pictures {
            PicturesAre::Covered => Some((PauseWhy::Covered, 0)),
            _ if !has_scene => Some((PauseWhy::Covered, 0)),
            _ if IDLE_MS <= self.idle_ms => Some((PauseWhy::NoInput, since(IDLE_MS))),
            PicturesAre::BesideOtherProgram if ELSEWHERE_MS <= self.idle_ms => {
                Some((PauseWhy::OtherProgram, since(ELSEWHERE_MS)))
            }
            PicturesAre::BesideOtherProgram | PicturesAre::InSight => None,
        }
    }

    fn pause(&mut self, why: PauseWhy, since_ms: u64, scene: Option<PathScene>) {
        // Before the first picture there was nothing to be away from.
        let is_first = self.pending.is_none() && scene.is_none();
        if self.pause.is_some() || is_first {
            return;
        }
        // Until then it was looked at.
        let until_ms = self.now_ms;
        self.now_ms = since_ms;
        if why != PauseWhy::Covered {
            self.see(scene, since_ms);
        }
        self.settle();
        self.writer.push(since_ms, PathEvent::Paused(why));
        self.now_ms = until_ms;
        self.pause = Some(why);
    }

    fn resume(&mut self) {
        if self.pause.take().is_some() {
            self.writer.push(self.now_ms, PathEvent::Resumed);
            if let Some(pending) = &mut self.pending
                && !pending.is_kept
            {
                pending.since_ms = self.now_ms;
            }
        }
    }

    fn see(&mut self, scene: Option<PathScene>, from_ms: u64) {
        let Some(scene) = scene else { return };
        if self.pause.is_some() {
            // The pictures are back; they were not read before.
            let now_ms = std::mem::replace(&mut self.now_ms, from_ms);
            self.resume();
            self.now_ms = now_ms;
        }
        let is_same = |pending: &Pending| pending.scene == scene;
        if !self.pending.as_ref().is_some_and(is_same) {
            self.let_pass();
            self.pending = Some(Pending {
                scene,
                since_ms: from_ms,
                is_kept: false,
            });
        }
        self.settle();
    }

    /// Keeps the picture on the screen once it stood long enough.
    fn settle(&mut self) {
        let settled_ms = self.writer.settled_ms();
        if let Some(pending) = &self.pending
            && !pending.is_kept
            && settled_ms <= self.now_ms.saturating_sub(pending.since_ms)
        {
            self.keep(Stands::Yes);
        }
    }

    /// The picture goes. While none stands, one is kept from time to time; the others are counted.
    fn let_pass(&mut self) {
        let Some(pending) = self.pending.as_ref().filter(|pending| !pending.is_kept) else {
            return;
        };
        let since_last = pending.since_ms.saturating_sub(self.last_kept_ms);
        if self.writer.passing_ms() <= since_last {
            self.keep(Stands::Passing);
        } else {
            self.n_passed = self.n_passed.saturating_add(1);
        }
    }

    fn keep(&mut self, stands: Stands) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        pending.is_kept = true;
        let since_ms = pending.since_ms;
        let scene = PathScene {
            n_passed: std::mem::take(&mut self.n_passed),
            is_passing: matches!(stands, Stands::Passing),
            ..pending.scene.clone()
        };
        self.last_kept_ms = since_ms;
        self.writer.push(since_ms, PathEvent::Scene(scene));
    }

    /// Both reads were opened to the third reader.
    pub(super) fn note_reads_opened(&mut self) {
        if !self.reads_opened {
            self.reads_opened = true;
            self.writer.push(self.now_ms, PathEvent::ReadsOpened);
        }
    }

    /// Should it go to the disk?
    pub(super) fn is_due(&self) -> bool {
        self.pause.is_none() && self.kept_at_ms + KEPT_EVERY_MS <= self.now_ms
    }

    /// What goes to the disk.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.kept_at_ms = self.now_ms;
        self.settle();
        self.writer.take(self.now_ms)
    }
}

/// Did a picture stand, or pass?
enum Stands {
    Yes,
    Passing,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use case::{
        MAX_PATH_BYTES, PathCell, PathImage, PathRead, PathSummary, PathVolume, ReadingPath,
    };
    use space::PatientPoint;

    use super::*;

    fn recorder() -> PathRecorder {
        let key = PathKey {
            read: PathRead::Second,
            part: 0,
        };
        let earlier = Earlier {
            n_chunks: 0,
            n_bytes: 0,
            n_steps: 0,
            end_ms: 0,
            reads_opened: false,
        };
        PathRecorder::begin(CaseId::new("OR-1"), key, &earlier)
    }

    fn slice(slice_idx: u32) -> PathScene {
        let volume = PathVolume {
            series_instance_uid: "1.2.826.0.1.3680043.8.498.1".into(),
            ..PathVolume::default()
        };
        let image = PathImage {
            sop_instance_uid: format!("1.2.826.0.1.3680043.8.498.1.{}", 1000 + slice_idx),
            frame_number: 1,
        };
        let cell = |k: u8| {
            Arc::new(PathCell {
                in_sight: true,
                volume: Some(Arc::new(volume.clone())),
                slice_idx,
                image: (k == 0).then(|| Arc::new(image.clone())),
                zoom: 1.5,
                ..PathCell::default()
            })
        };
        PathScene {
            cells_across: [2, 2],
            cursor: Some(PatientPoint::new(0.25, -1.0, f64::from(slice_idx) * 1.25)),
            cells: (0..4).map(cell).collect(),
            ..PathScene::default()
        }
    }

    fn see(recorder: &mut PathRecorder, elapsed_ms: u64, input: InputSeen, scene: PathScene) {
        let attention = Attention {
            elapsed_ms,
            input,
            pictures: PicturesAre::InSight,
        };
        recorder.tick(attention, Some(scene));
    }

    fn path(mut recorder: PathRecorder) -> ReadingPath {
        ReadingPath::from_bytes(&recorder.take()).unwrap()
    }

    #[test]
    fn what_stood_a_quarter_of_a_second_is_a_step_and_what_passed_is_counted() {
        let mut r = recorder();
        for _ in 0..3 {
            see(&mut r, 100, InputSeen::No, slice(0));
        }
        for k in 1..5 {
            see(&mut r, 100, InputSeen::Yes, slice(k));
        }
        see(&mut r, 400, InputSeen::Yes, slice(9));
        let path = path(r);
        let shown: Vec<(u64, u64, u32)> = (path.shown().iter())
            .map(|s| (s.from_ms, s.stood_ms, s.scene.n_passed))
            .collect();
        assert_eq!(shown, [(0, 700, 0), (700, 400, 4)]);
    }

    #[test]
    fn a_long_scroll_leaves_one_picture_a_second() {
        let mut r = recorder();
        for k in 0..200 {
            see(&mut r, 50, InputSeen::Yes, slice(k));
        }
        let path = path(r);
        let scenes = path.shown();
        assert_eq!(scenes.len(), 9, "{:?}", path.end_ms);
        assert!(scenes.iter().all(|stood| stood.scene.is_passing));
        let passed: u32 = scenes.iter().map(|s| s.scene.n_passed).sum();
        assert!((170..=190).contains(&passed), "{passed}");
    }

    #[test]
    fn a_minute_without_input_is_a_pause_from_that_minute_on() {
        let mut r = recorder();
        see(&mut r, 1000, InputSeen::Yes, slice(0));
        see(&mut r, 100_000, InputSeen::Yes, slice(0));
        see(&mut r, 1000, InputSeen::Yes, slice(0));
        let path = path(r);
        let summary = PathSummary::of([&path]);
        assert_eq!((summary.whole_ms, summary.reading_ms), (102_000, 62_000));
        assert_eq!(path.at(30_000).unwrap().1, None);
        assert_eq!(path.at(70_000).unwrap().1, Some(PauseWhy::NoInput));
        assert_eq!(path.at(101_500).unwrap().1, None);
    }

    #[test]
    fn covered_pictures_and_another_program_are_pauses() {
        let mut r = recorder();
        let tick = |r: &mut PathRecorder, elapsed_ms, pictures| {
            let attention = Attention {
                elapsed_ms,
                input: InputSeen::No,
                pictures,
            };
            r.tick(attention, Some(slice(0)));
        };
        tick(&mut r, 1000, PicturesAre::InSight);
        tick(&mut r, 2000, PicturesAre::Covered);
        tick(&mut r, 1000, PicturesAre::InSight);
        tick(&mut r, 4000, PicturesAre::BesideOtherProgram);
        tick(&mut r, 4000, PicturesAre::BesideOtherProgram);
        let path = path(r);
        let whys: Vec<_> = (path.steps.iter())
            .filter_map(|step| match step.what {
                PathEvent::Paused(why) => Some((step.at_ms, Some(why))),
                PathEvent::Resumed => Some((step.at_ms, None)),
                _ => None,
            })
            .collect();
        assert_eq!(
            whys,
            [
                (1000, Some(PauseWhy::Covered)),
                (3000, None),
                (5000, Some(PauseWhy::OtherProgram))
            ]
        );
    }

    #[test]
    fn two_hours_of_reading_stay_under_a_megabyte() {
        // A step every 500 ms, through 600 slices and back, in four cells, kept every ten seconds.
        let mut r = recorder();
        let mut bytes = Vec::new();
        for k in 0..14_400_u32 {
            see(
                &mut r,
                500,
                InputSeen::Yes,
                slice((k % 1200).min(1199 - k % 1200)),
            );
            if r.is_due() {
                bytes.extend(r.take());
            }
        }
        bytes.extend(r.take());
        let path = ReadingPath::from_bytes(&bytes).unwrap();
        println!(
            "two hours, {} steps: {} bytes",
            path.steps.len(),
            bytes.len()
        );
        assert!(14_000 < path.shown().len(), "{}", path.shown().len());
        assert!(bytes.len() <= 1 << 20, "{}", bytes.len());
        assert!(!PathSummary::of([&path]).is_full);
    }

    #[test]
    fn a_path_that_grows_too_long_gets_coarser_and_then_ends_and_says_so() {
        let mut r = recorder();
        let mut bytes = Vec::new();
        for k in 0..200_000_u32 {
            let mut scene = slice(k % 500);
            let cells = scene.cells.iter().map(|cell| {
                let zoom = 1.0 + f64::from(k) / 1e3;
                Arc::new(PathCell {
                    zoom,
                    centre: Some(PatientPoint::new(zoom, zoom, zoom)),
                    ..(**cell).clone()
                })
            });
            scene.cells = cells.collect();
            see(&mut r, 5000, InputSeen::Yes, scene);
            bytes.extend(r.take());
        }
        let path = ReadingPath::from_bytes(&bytes).unwrap();
        let summary = PathSummary::of([&path]);
        assert!(summary.is_full && summary.settled_ms == 4000);
        assert!(bytes.len() <= MAX_PATH_BYTES);
    }
}
