//! Reading paths: written while somebody reads, and shown again at the decision.
//!
//! A replay shows the pictures of a path in a room of its own; the reader's own views wait and come back. Nothing that is
//! shown again counts as seen, nothing of it goes on anybody's path, and no mark can be drawn on it.

mod keeping;
mod looks;
mod recorder;
mod scene;
mod snapshot;

use std::sync::Arc;

use case::{Annotation, Case, PathKey, PathRead, ReadingPath};

use crate::room::Room;
use crate::{Command, MarkOf, Screen, Session, SessionError, ViewCommand};

pub use looks::{FirstLook, LookOfRow};
pub(crate) use recorder::PathRecorder;
pub use snapshot::{
    LaneOf, PathLine, ReplayMoment, ReplaySnapshot, Shading, Stretch, TimelineSeries,
};

/// What can be asked of a replay.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplayCommand {
    /// Show the paths of this case, and the first picture of the first of them.
    Open,
    /// Back to the own views.
    Close,
    /// Show a path, by its number from 0, as it was at a time, ms from its beginning.
    GoTo(usize, u64),
    /// Show the next (1) or previous (−1) picture.
    Step(i32),
    /// Go on by itself, so many times as fast as it was; 0 stops.
    Play(u32),
    /// Go to where the place of the selected row, or finding, was first on the screen.
    FirstLook,
}

/// What may be said of a path that nobody recorded.
const NO_PATH: &str = "no path was recorded for this case; there is none to show again";

/// The paths of a case, and which of their pictures is on the screen.
pub(crate) struct Replay {
    lanes: Vec<Lane>,
    lane_idx: usize,
    at_ms: u64,
    /// Times as fast as it was; 0 stands.
    speed: u32,
    /// The views of whoever looks.
    own: Room,
    /// The scene in the room, as its lane, part and step.
    shown: Option<[usize; 3]>,
    marks: Vec<(Annotation, MarkOf)>,
    lines: Arc<[PathLine]>,
}

/// The path of one reader over all its parts.
pub(crate) struct Lane {
    pub(crate) read: PathRead,
    pub(crate) parts: Vec<Arc<ReadingPath>>,
}

impl Lane {
    pub(crate) fn end_ms(&self) -> u64 {
        self.parts.iter().map(|part| part.end_ms).sum()
    }

    /// The part that a time lies in, its number, and the time within it.
    fn part_at(&self, at_ms: u64) -> Option<(usize, &ReadingPath, u64)> {
        let last = self.parts.len().checked_sub(1)?;
        let mut rest_ms = at_ms;
        for (idx, part) in self.parts.iter().enumerate() {
            if rest_ms < part.end_ms || idx == last {
                return Some((idx, part, rest_ms.min(part.end_ms)));
            }
            rest_ms -= part.end_ms;
        }
        None
    }

    /// Where a part begins, ms.
    fn part_from_ms(&self, part_idx: usize) -> u64 {
        let before = self.parts.iter().take(part_idx);
        before.map(|part| part.end_ms).sum()
    }

    /// When pictures came, ms.
    fn scene_times(&self) -> Vec<u64> {
        let mut times = Vec::new();
        for (idx, part) in self.parts.iter().enumerate() {
            let from_ms = self.part_from_ms(idx);
            let scenes = part.steps.iter();
            let scenes = scenes.filter(|step| matches!(step.what, case::PathEvent::Scene(_)));
            times.extend(scenes.map(|step| from_ms + step.at_ms));
        }
        times
    }
}

impl Session {
    pub(crate) fn apply_replay(&mut self, command: ReplayCommand) -> Result<(), SessionError> {
        match command {
            ReplayCommand::Open => return self.open_replay(),
            ReplayCommand::Close => self.close_replay(),
            ReplayCommand::GoTo(lane_idx, at_ms) => self.go_to_moment(lane_idx, at_ms),
            ReplayCommand::Step(by) => self.step_replay(by),
            ReplayCommand::Play(speed) => {
                if let Some(replay) = &mut self.replay {
                    let end_ms = replay.lane().map_or(0, Lane::end_ms);
                    if 0 < speed && end_ms <= replay.at_ms {
                        replay.at_ms = 0;
                    }
                    replay.speed = speed.min(64);
                    self.show_moment();
                }
            }
            ReplayCommand::FirstLook => return self.go_to_first_look(),
        }
        Ok(())
    }

    /// The paths that who acts may see, those without a step left out.
    pub(crate) fn open_lanes(&self) -> Result<Vec<Lane>, SessionError> {
        let case = self.whole_case_ref()?;
        let mut lanes = Vec::new();
        for read in [PathRead::Second, PathRead::Third] {
            let sealed = case.sealed_paths().iter().map(|(key, _)| *key);
            let unsealed = case.path_being_made(&self.actor);
            let keys = sealed.chain(unsealed).filter(|key| key.read == read);
            let mut parts = Vec::new();
            for key in keys {
                parts.extend(self.open_part(case, key)?);
            }
            if !parts.is_empty() {
                lanes.push(Lane { read, parts });
            }
        }
        Ok(lanes)
    }

    /// A part of a path; `None` where it is closed to who acts, or was not recorded.
    fn open_part(
        &self,
        case: &Case,
        key: PathKey,
    ) -> Result<Option<Arc<ReadingPath>>, SessionError> {
        let Ok(permit) = case.path_permit(&self.actor, key) else {
            return Ok(None);
        };
        let kept = self.store.open_path(&permit)?;
        if kept.bytes.is_empty() {
            return Ok(None);
        }
        let seal = case.sealed_paths().iter().find(|(k, _)| *k == key);
        if let Some((_, seal)) = seal
            && seal.as_ref() != Some(&case::PathSeal::of(&kept.bytes))
        {
            return Err(SessionError::Usage(format!(
                "the reading path {key} is not the one that its seal names, so it is not shown; check the store"
            )));
        }
        Ok(Some(Arc::new(keeping::read_path(&kept.bytes)?)))
    }

    /// May the paths of the open case be shown again now: after the reveal, and at the decision of a third read?
    pub(crate) fn may_replay(&self) -> bool {
        let revealed = self.case().is_some_and(|case| case.comparison().is_some());
        self.screen == Screen::Reading && (revealed || self.reads_are_open())
    }

    fn open_replay(&mut self) -> Result<(), SessionError> {
        if self.replay.is_some() {
            return Ok(());
        }
        if self.whole_case_ref()?.comparison().is_none() || !(self.may_replay()) {
            return Err(SessionError::Usage(
                "reading paths are shown again in the reading room, once both reads are open; reveal the first report, or open both reads, first"
                    .into(),
            ));
        }
        self.keep_path();
        let lanes = self.open_lanes()?;
        if lanes.is_empty() {
            return Err(SessionError::Usage(NO_PATH.into()));
        }
        let own = std::mem::replace(&mut self.room, Room::new());
        let first = lanes.first().map(Lane::scene_times).unwrap_or_default();
        self.replay = Some(Replay {
            lines: self.path_lines(&lanes),
            lanes,
            lane_idx: 0,
            at_ms: first.first().copied().unwrap_or(0),
            speed: 0,
            own,
            shown: None,
            marks: Vec::new(),
        });
        self.show_moment();
        Ok(())
    }

    /// The own views come back.
    pub(crate) fn close_replay(&mut self) {
        if let Some(replay) = self.replay.take() {
            self.room = replay.own;
            self.touch();
        }
    }

    pub(crate) fn go_to_moment(&mut self, lane_idx: usize, at_ms: u64) {
        if let Some(replay) = &mut self.replay
            && let Some(lane) = replay.lanes.get(lane_idx)
        {
            replay.at_ms = at_ms.min(lane.end_ms());
            replay.lane_idx = lane_idx;
            self.show_moment();
        }
    }

    fn step_replay(&mut self, by: i32) {
        let Some(replay) = &mut self.replay else {
            return;
        };
        let times = replay.lane().map(Lane::scene_times).unwrap_or_default();
        let to = match by {
            1.. => times.iter().find(|at| replay.at_ms < **at),
            // Back from the middle of a picture is to its beginning.
            _ => times.iter().rev().find(|at| **at < replay.at_ms),
        };
        if let Some(to) = to {
            replay.at_ms = *to;
            replay.speed = 0;
            self.show_moment();
        }
    }

    /// Time passed while it goes on by itself.
    pub(crate) fn tick_replay(&mut self, elapsed_ms: u64) {
        let Some(replay) = self.replay.as_mut().filter(|replay| 0 < replay.speed) else {
            return;
        };
        let end_ms = replay.lane().map_or(0, Lane::end_ms);
        let passed_ms = elapsed_ms.min(1000) * u64::from(replay.speed);
        replay.at_ms = (replay.at_ms + passed_ms).min(end_ms);
        if replay.at_ms == end_ms {
            replay.speed = 0;
        }
        self.show_moment();
    }

    /// Puts the picture of this moment into the views.
    fn show_moment(&mut self) {
        self.touch();
        let Some(replay) = &self.replay else { return };
        let Some((part_idx, part, at_ms)) =
            replay.lane().and_then(|lane| lane.part_at(replay.at_ms))
        else {
            return;
        };
        let step_idx = part.steps.partition_point(|step| step.at_ms <= at_ms);
        let place = [replay.lane_idx, part_idx, step_idx];
        if replay.shown == Some(place) {
            return;
        }
        let Some((scene, _)) = part.at(at_ms) else {
            // Before the first picture there was none.
            self.room = Room::of_scene(&case::PathScene::default(), &replay.own, &self.library);
            self.note_shown(place, Vec::new());
            return;
        };
        let sizes: Vec<[usize; 2]> = self.room.views.iter().map(|view| view.size_px).collect();
        let mut room = Room::of_scene(scene, &replay.own, &self.library);
        // The window says how large its cells are, and goes on with that.
        let is_as_before = room.arrangement == self.room.arrangement && replay.shown.is_some();
        for (view, size_px) in room.views.iter_mut().zip(sizes).filter(|_| is_as_before) {
            view.size_px = size_px;
        }
        let marks = self.marks_then(replay.lanes.get(replay.lane_idx), scene.n_entries);
        self.room = room;
        self.note_shown(place, marks);
    }

    fn note_shown(&mut self, place: [usize; 3], marks: Vec<(Annotation, MarkOf)>) {
        if let Some(replay) = &mut self.replay {
            replay.shown = Some(place);
            replay.marks = marks;
        }
    }

    /// The marks that there were when the log had so many entries. Whoever must not know whose a read is sees none of it.
    fn marks_then(&self, lane: Option<&Lane>, n_entries: u64) -> Vec<(Annotation, MarkOf)> {
        let Some((open, lane)) = self.open.as_ref().zip(lane) else {
            return Vec::new();
        };
        let anonymous = open.whole().is_anonymous_for(&self.actor);
        if anonymous && lane.read == PathRead::Second {
            return Vec::new();
        }
        let n = usize::try_from(n_entries).unwrap_or(usize::MAX);
        let until = open.entries.get(..n.min(open.entries.len()));
        let Ok(then) = Case::replay(open.whole().id().clone(), until.unwrap_or_default()) else {
            return Vec::new();
        };
        match lane.read {
            PathRead::Second => {
                let marks = then.read().annotations.iter();
                marks.map(|m| (m.clone(), MarkOf::SecondRead)).collect()
            }
            PathRead::Third => {
                let third = then.third_read();
                let orders = third.map(|third| third.order.clone()).unwrap_or_default();
                let verdicts = orders.iter().filter_map(|row| third?.verdict(*row));
                let marks = verdicts.flat_map(|verdict| &verdict.marks);
                marks.map(|m| (m.clone(), MarkOf::ThirdRead)).collect()
            }
        }
    }

    /// The marks of the moment that is shown again; `None` while nothing is.
    pub(crate) fn replayed_marks(&self) -> Option<&[(Annotation, MarkOf)]> {
        self.replay.as_ref().map(|replay| replay.marks.as_slice())
    }

    /// Makes way for a command while pictures are shown again: what would change them is refused, so that nobody takes
    /// something else for a replay; what leads elsewhere leaves the replay first.
    ///
    /// # Errors
    /// Code `replay_open`.
    pub(crate) fn make_way(&mut self, command: &Command) -> Result<(), SessionError> {
        if self.replay.is_none() {
            return Ok(());
        }
        match command {
            Command::Replay(_)
            | Command::DismissNotice(_)
            | Command::CancelJob(_)
            | Command::Bind(_)
            | Command::UseBindings(_)
            | Command::InvertLevel
            | Command::Display(_)
            | Command::View(
                ViewCommand::Tick { .. }
                | ViewCommand::Resize(..)
                | ViewCommand::Focus(_)
                | ViewCommand::FocusStep(_)
                | ViewCommand::CycleOverlay
                | ViewCommand::PlaceOwnWindow(..),
            ) => Ok(()),
            Command::View(_) | Command::LookUp(_) | Command::Undo | Command::Redo => {
                Err(SessionError::Refused(case::Refusal::new(
                    "replay_open",
                    "this is a replay of what a reader had on the screen; it cannot be changed",
                    "press Esc to go back to your own views",
                )))
            }
            _ => {
                self.close_replay();
                Ok(())
            }
        }
    }
}

impl Replay {
    pub(crate) fn lane(&self) -> Option<&Lane> {
        self.lanes.get(self.lane_idx)
    }
}
