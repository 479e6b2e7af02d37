//! What a screen may show of a replay.

use std::collections::BTreeMap;
use std::sync::Arc;

use case::{Looked, PathEvent, PathRead, PauseWhy, ReadingPath};

use super::{Lane, Replay};
use crate::{Session, VolumeKey};

/// A replay as the window draws it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplaySnapshot {
    /// The paths.
    pub lines: Arc<[PathLine]>,
    /// The path and the time that are shown.
    pub at: ReplayMoment,
    /// How the selected row was on the screen over this path; `None` where its place is not known.
    pub look: Option<Looked>,
}

/// A moment of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayMoment {
    /// Number of the path, from 0.
    pub lane_idx: usize,
    /// ms from its beginning.
    pub at_ms: u64,
    /// Times as fast as it was; 0: it stands.
    pub speed: u32,
    /// Was the reader away then, and why?
    pub pause: Option<PauseWhy>,
    /// Did the picture pass while others came without a rest?
    pub is_passing: bool,
    /// Was there a picture yet?
    pub has_picture: bool,
}

/// Whose path, in the words of who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneOf {
    /// The second reader's.
    SecondReader,
    /// The third reader's.
    ThirdReader,
    /// That of one of two reads without names; which of them is not said, as it would say whose it is.
    OneOfTheReads,
    /// The looker's own third read.
    Yours,
}

/// A path on the axis of time. Times are ms from its beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct PathLine {
    /// Whose.
    pub of: LaneOf,
    /// Where it ends.
    pub end_ms: u64,
    /// What was on the screen, a row each, in the order in which they came.
    pub series: Vec<TimelineSeries>,
    /// When marks came, went or changed.
    pub marks_ms: Vec<u64>,
    /// Where a stage was sealed, and where both reads were opened.
    pub bounds_ms: Vec<u64>,
    /// When the case was opened to be read.
    pub sittings_ms: Vec<u64>,
    /// When the reader was away.
    pub pauses: Vec<[u64; 2]>,
    /// Were fewer pictures kept, or none, because the path grew long?
    pub is_cut: bool,
}

/// A series on the axis of time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineSeries {
    /// Its title; empty where the images are not open.
    pub title: String,
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// When it was on the screen.
    pub stretches: Vec<Stretch>,
}

/// When something was on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// From.
    pub from_ms: u64,
    /// Until.
    pub to_ms: u64,
    /// How.
    pub shading: Shading,
}

/// How a stretch is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shading {
    /// In the cell in use.
    InUse,
    /// In another cell only.
    Beside,
}

impl Session {
    /// The replay as a screen may show it; `None` while there is none.
    pub(crate) fn replay_snapshot(&self) -> Option<Arc<ReplaySnapshot>> {
        let replay = self.replay.as_ref()?;
        Some(Arc::new(ReplaySnapshot {
            lines: replay.lines.clone(),
            at: replay.moment(),
            look: self.selected_look(),
        }))
    }

    /// The paths as they are drawn.
    pub(super) fn path_lines(&self, lanes: &[Lane]) -> Arc<[PathLine]> {
        lanes.iter().map(|lane| self.path_line(lane)).collect()
    }

    fn path_line(&self, lane: &Lane) -> PathLine {
        let anonymous = self
            .whole_case()
            .is_some_and(|case| case.is_anonymous_for(&self.actor));
        let of = match (lane.read, anonymous) {
            (PathRead::Second, false) => LaneOf::SecondReader,
            (PathRead::Second, true) => LaneOf::OneOfTheReads,
            (PathRead::Third, false) => LaneOf::ThirdReader,
            (PathRead::Third, true) => LaneOf::Yours,
        };
        let mut line = PathLine {
            of,
            end_ms: lane.end_ms(),
            series: Vec::new(),
            marks_ms: Vec::new(),
            bounds_ms: Vec::new(),
            sittings_ms: Vec::new(),
            pauses: Vec::new(),
            is_cut: false,
        };
        let mark_events = self.mark_events(lane.read);
        for (idx, part) in lane.parts.iter().enumerate() {
            let from_ms = lane.part_from_ms(idx);
            if 0 < idx {
                line.bounds_ms.push(from_ms);
            }
            add_part(&mut line, part, from_ms);
            line.marks_ms.extend(marks_of(part, from_ms, &mark_events));
        }
        for series in &mut line.series {
            series.title = self.title_of_series(&series.series_instance_uid);
        }
        line
    }

    fn title_of_series(&self, uid: &str) -> String {
        let key = VolumeKey {
            series_instance_uid: uid.to_owned(),
            volume_idx: 0,
        };
        let shelved = self.library.get(&key).filter(|s| !self.is_closed(s));
        shelved.map_or_else(String::new, |s| match s.series_number {
            Some(number) => format!("S{number} {}", s.title),
            None => s.title.clone(),
        })
    }

    /// The numbers of the entries that changed marks of a read.
    fn mark_events(&self, read: PathRead) -> Vec<u64> {
        use case::{Event, ThirdReadEvent};
        let entries = self.open.as_ref().map(|open| open.entries.as_slice());
        let changes = |event: &Event| match read {
            PathRead::Second => matches!(
                event,
                Event::AnnotationAdded { .. }
                    | Event::AnnotationEdited { .. }
                    | Event::AnnotationRemoved { .. }
            ),
            PathRead::Third => matches!(event, Event::ThirdRead(ThirdReadEvent::VerdictSet { .. })),
        };
        let entries = entries.unwrap_or_default().iter();
        let changed = entries.filter(|entry| changes(&entry.event));
        changed.map(|entry| entry.seq).collect()
    }
}

/// When pictures came that were the first to have an entry of these.
fn marks_of(part: &ReadingPath, from_ms: u64, entries: &[u64]) -> Vec<u64> {
    let mut times = Vec::new();
    let mut before = None;
    for step in &part.steps {
        let PathEvent::Scene(scene) = &step.what else {
            continue;
        };
        let came =
            |seq: &u64| before.is_some_and(|before| before < *seq) && *seq <= scene.n_entries;
        if entries.iter().any(came) {
            times.push(from_ms + step.at_ms);
        }
        before = Some(scene.n_entries);
    }
    times
}

fn add_part(line: &mut PathLine, part: &ReadingPath, from_ms: u64) {
    let mut paused_ms = None;
    for step in &part.steps {
        let at_ms = from_ms + step.at_ms;
        match &step.what {
            PathEvent::Sitting => line.sittings_ms.push(at_ms),
            PathEvent::ReadsOpened => line.bounds_ms.push(at_ms),
            PathEvent::Coarser { .. } | PathEvent::Full => line.is_cut = true,
            PathEvent::Paused(_) => paused_ms = Some(at_ms),
            PathEvent::Resumed | PathEvent::Scene(_) => {
                if let Some(since_ms) = paused_ms.take() {
                    line.pauses.push([since_ms, at_ms]);
                }
            }
        }
    }
    if let Some(since_ms) = paused_ms {
        line.pauses.push([since_ms, from_ms + part.end_ms]);
    }
    let shown = part.shown();
    let ends = shown.iter().skip(1).map(|stood| stood.from_ms);
    let ends = ends.chain([part.end_ms]);
    for (stood, end_ms) in shown.iter().zip(ends) {
        let mut now: BTreeMap<&str, Shading> = BTreeMap::new();
        for (idx, cell) in stood.scene.cells.iter().enumerate() {
            let Some(volume) = cell.volume.as_ref().filter(|_| cell.in_sight) else {
                continue;
            };
            let shading = match idx == usize::from(stood.scene.active) {
                true => Shading::InUse,
                false => Shading::Beside,
            };
            let known = now.entry(&volume.series_instance_uid).or_insert(shading);
            if shading == Shading::InUse {
                *known = shading;
            }
        }
        for (uid, shading) in now {
            let stretch = Stretch {
                from_ms: from_ms + stood.from_ms,
                to_ms: from_ms + end_ms,
                shading,
            };
            line.add(uid, stretch);
        }
    }
}

impl PathLine {
    fn add(&mut self, uid: &str, stretch: Stretch) {
        let known = self
            .series
            .iter_mut()
            .find(|s| s.series_instance_uid == uid);
        let Some(series) = known else {
            self.series.push(TimelineSeries {
                title: String::new(),
                series_instance_uid: uid.to_owned(),
                stretches: vec![stretch],
            });
            return;
        };
        match series.stretches.last_mut() {
            Some(last) if last.to_ms == stretch.from_ms && last.shading == stretch.shading => {
                last.to_ms = stretch.to_ms;
            }
            Some(_) | None => series.stretches.push(stretch),
        }
    }
}

impl Replay {
    fn moment(&self) -> ReplayMoment {
        let found = self.lane().and_then(|lane| lane.part_at(self.at_ms));
        let shown = found.and_then(|(_, part, at_ms)| part.at(at_ms));
        ReplayMoment {
            lane_idx: self.lane_idx,
            at_ms: self.at_ms,
            speed: self.speed,
            pause: shown.and_then(|(_, pause)| pause),
            is_passing: shown.is_some_and(|(scene, _)| scene.is_passing),
            has_picture: shown.is_some(),
        }
    }
}
