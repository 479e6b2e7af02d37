//! What follows from a path: how long each series and each place was on the screen.

use std::collections::BTreeSet;

use serde::Serialize;
use space::PatientPoint;

use super::{PathCell, PathEvent, PathScene, ReadingPath};
use crate::ImageRef;

/// A place that was on the screen for so long altogether could have been recognised, ms. One second is the limit that
/// Kundel, Nodine and Carmody used for where the eyes rested (Investigative Radiology 13 (1978) 175); here it is used for
/// what was on the screen, which is longer.
pub const LOOKED_MS: u64 = 1000;

/// A path in numbers. Times are ms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PathSummary {
    /// From beginning to end, over all parts, without what lay between sittings.
    pub whole_ms: u64,
    /// With pictures on the screen and the reader there.
    pub reading_ms: u64,
    /// With the reader away.
    pub paused_ms: u64,
    /// Pictures that were kept.
    pub n_pictures: usize,
    /// Pictures that stood too briefly to be kept.
    pub n_passed: u64,
    /// How often the case was opened to be read.
    pub n_sittings: usize,
    /// How long a picture had to stand at the end to be kept: more than [`super::SETTLED_MS`] where the path grew long.
    pub settled_ms: u64,
    /// Was the path as long as it may be before it ended?
    pub is_full: bool,
    /// The series in the order in which they were first on the screen.
    pub series: Vec<SeriesTime>,
}

/// How long a series was on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeriesTime {
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// When it came first.
    pub first_ms: u64,
    /// For how long, in any cell; two cells at once count once.
    pub on_screen_ms: u64,
}

/// Somewhere that might have been on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaceOnScreen {
    /// The place; `None` where only an image is known.
    pub place: Option<PatientPoint>,
    /// The space that it lies in; empty where it is in none.
    pub frame_of_reference_uid: String,
    /// The image that it is on.
    pub image: Option<ImageRef>,
}

/// How a place was on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// When it was there first, ms since the read began; `None`: never.
    pub first_ms: Option<u64>,
    /// For how long altogether, ms.
    pub on_screen_ms: u64,
    /// In a word.
    pub looked: LookedAt,
}

/// How a place was on the screen, in a word. What was not reported there was missed by searching, by recognising or by
/// deciding, if the reader looked at what was shown: which nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedAt {
    /// Never: an error of search.
    Never,
    /// For less than [`LOOKED_MS`]: an error of recognition.
    Briefly,
    /// For as long or longer: an error of decision.
    Longer,
}

impl PathSummary {
    /// Of the parts of a path, in their order.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a ReadingPath>) -> Self {
        let mut summary = Self {
            settled_ms: super::SETTLED_MS,
            ..Self::default()
        };
        for path in parts {
            summary.add(path);
        }
        summary.paused_ms = summary.whole_ms.saturating_sub(summary.reading_ms);
        summary
    }

    fn add(&mut self, path: &ReadingPath) {
        for step in &path.steps {
            match &step.what {
                PathEvent::Sitting => self.n_sittings += 1,
                PathEvent::Coarser { settled_ms } => self.settled_ms = u64::from(*settled_ms),
                PathEvent::Full => self.is_full = true,
                PathEvent::Scene(scene) => self.n_passed += u64::from(scene.n_passed),
                PathEvent::Paused(_) | PathEvent::Resumed | PathEvent::ReadsOpened => {}
            }
        }
        for stood in path.shown() {
            self.n_pictures += 1;
            self.reading_ms += stood.stood_ms;
            let cells = stood.scene.in_sight();
            let shown: BTreeSet<&str> = cells
                .filter_map(|cell| cell.volume.as_ref())
                .map(|volume| volume.series_instance_uid.as_str())
                .collect();
            for uid in shown {
                let first_ms = self.whole_ms + stood.from_ms;
                self.series_mut(uid, first_ms).on_screen_ms += stood.stood_ms;
            }
        }
        self.whole_ms += path.end_ms;
    }

    fn series_mut(&mut self, uid: &str, first_ms: u64) -> &mut SeriesTime {
        let known = self
            .series
            .iter()
            .position(|s| s.series_instance_uid == uid);
        let idx = known.unwrap_or(self.series.len());
        if known.is_none() {
            self.series.push(SeriesTime {
                series_instance_uid: uid.to_owned(),
                first_ms,
                on_screen_ms: 0,
            });
        }
        // It was found or pushed just before.
        &mut self.series[idx]
    }
}

impl PathScene {
    /// The cells that were on the screen with something in them.
    pub fn in_sight(&self) -> impl Iterator<Item = &PathCell> {
        let cells = self.cells.iter().map(|cell| &**cell);
        cells.filter(|cell| cell.in_sight && cell.volume.is_some())
    }
}

impl PlaceOnScreen {
    /// Is anything known of where it is?
    pub fn is_known(&self) -> bool {
        self.image.is_some() || self.place.is_some() && !self.frame_of_reference_uid.is_empty()
    }

    /// Was it in a picture? In one that lies in its space: inside the picture, and not deeper than half of what the
    /// picture was thick. Else: on its image. A projection of a whole volume shows no place.
    pub fn is_in(&self, scene: &PathScene) -> bool {
        scene.in_sight().any(|cell| self.is_in_cell(cell))
    }

    fn is_in_cell(&self, cell: &PathCell) -> bool {
        let Some(volume) = cell.volume.as_ref().filter(|_| !cell.plane.is_projection()) else {
            return false;
        };
        let space = &self.frame_of_reference_uid;
        if let Some(place) = self.place
            && !space.is_empty()
            && volume.frame_of_reference_uid == *space
        {
            return cell.lay.holds(place, cell.size_px);
        }
        self.image
            .as_ref()
            .zip(cell.image.as_ref())
            .is_some_and(|(wanted, shown)| {
                wanted.sop_instance_uid == shown.sop_instance_uid
                    && wanted.frame_number == shown.frame_number
            })
    }

    /// How it was on the screen, over the parts of a path.
    pub fn looked<'a>(&self, parts: impl IntoIterator<Item = &'a ReadingPath>) -> Looked {
        let (mut before_ms, mut first_ms, mut on_screen_ms) = (0, None, 0);
        for path in parts {
            for stood in path.shown() {
                if 0 < stood.stood_ms && self.is_in(stood.scene) {
                    first_ms = first_ms.or(Some(before_ms + stood.from_ms));
                    on_screen_ms += stood.stood_ms;
                }
            }
            before_ms += path.end_ms;
        }
        let looked = match on_screen_ms {
            _ if first_ms.is_none() => LookedAt::Never,
            ..LOOKED_MS => LookedAt::Briefly,
            _ => LookedAt::Longer,
        };
        Looked {
            first_ms,
            on_screen_ms,
            looked,
        }
    }
}
