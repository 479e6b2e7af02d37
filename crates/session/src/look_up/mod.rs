//! Looking things up: the elements of the image in a view, how two images differ, and what is known of a series.

mod closed;
mod details;
mod differ;
mod row;
mod why;

use std::sync::Arc;

pub use details::{Detail, DetailKind, DetailValue};
pub use row::{AttributeRow, AttributeValue};
pub use why::WindowWhy;
pub(crate) use why::window_why;

use series::{HeaderList, Source, list_header};

use crate::library::Shelved;
use crate::results::JobResult;
use crate::{Session, SessionError, ViewIdx, VolumeKey};

/// The title of the job that reads the elements.
const TITLE_KEY: &str = "job.attributes";

/// What is to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUpCommand {
    /// The elements of the image that a view shows, alone or beside those of another image.
    Attributes {
        /// Which view.
        view: ViewIdx,
        /// The other image.
        beside: Option<Beside>,
    },
    /// Nothing any more.
    Close,
}

/// The image that another one is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The slice so many further on in the same volume; holes are stepped over.
    Step(i32),
    /// The first slice of another volume.
    FirstOf(VolumeKey),
    /// The slice that another view shows.
    View(ViewIdx),
}

/// The elements that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct LookUp {
    /// The view they were asked for from.
    pub view: ViewIdx,
    /// What it is compared with.
    pub beside: Option<Beside>,
    /// Which image it is: series, slice and slices in all.
    pub title: String,
    /// The other image.
    pub beside_title: Option<String>,
    /// The rows, once they are read.
    pub state: LookUpState,
    /// What is known of the series.
    pub details: Arc<[Detail]>,
}

/// How far the reading is.
#[derive(Clone, Debug, PartialEq)]
pub enum LookUpState {
    /// The file is being read.
    Reading,
    /// All rows; of two images those that differ.
    Read {
        /// The rows in the order of the file.
        rows: Arc<[AttributeRow]>,
        /// Elements whose values are kept back until the reveal.
        n_closed: usize,
        /// Elements that the list had no room for, or that stand in a damaged part behind the pixels.
        is_whole: bool,
    },
    /// Why it could not be read.
    Unreadable(String),
}

/// What is looked up, and under which rules it was read.
pub(crate) struct Asked {
    generation: u64,
    key: VolumeKey,
    beside_key: Option<VolumeKey>,
    was_closed: bool,
    shown: Arc<LookUp>,
}

/// The elements of one image or two.
pub(crate) type ReadHeaders = Result<(HeaderList, Option<HeaderList>), String>;

/// A slice of a volume that has a file.
struct Place {
    key: VolumeKey,
    slice_idx: usize,
    source: Source,
    title: String,
}

impl Session {
    pub(crate) fn apply_look_up(&mut self, command: LookUpCommand) -> Result<(), SessionError> {
        match command {
            LookUpCommand::Attributes { view, beside } => self.look_up(view, beside),
            LookUpCommand::Close => {
                self.looked_up = None;
                Ok(())
            }
        }
    }

    fn look_up(&mut self, view: ViewIdx, beside: Option<Beside>) -> Result<(), SessionError> {
        let here = self.place_of_view(view)?;
        let there = match &beside {
            None => None,
            Some(Beside::Step(by)) => Some(self.place_beside(&here, *by)?),
            Some(Beside::FirstOf(key)) => Some(self.place_from(key, 0, 1)?),
            Some(Beside::View(other)) => Some(self.place_of_view(*other)?),
        };
        let details = self.library.get(&here.key).map(details::details_of);
        self.n_looked_up += 1;
        let generation = self.n_looked_up;
        self.looked_up = Some(Asked {
            generation,
            key: here.key.clone(),
            beside_key: there.as_ref().map(|place| place.key.clone()),
            was_closed: self.graphics_are_closed(),
            shown: Arc::new(LookUp {
                view,
                beside,
                title: here.title,
                beside_title: there.as_ref().map(|place| place.title.clone()),
                state: LookUpState::Reading,
                details: details.unwrap_or_default().into(),
            }),
        });
        let other = there.map(|place| place.source);
        self.jobs.spawn(TITLE_KEY, false, move |_, _| {
            let read = |source: &Source| list_header(source).map_err(|refusal| refusal.to_string());
            let read = read(&here.source).and_then(|list| {
                let other = other.as_ref().map(read).transpose()?;
                Ok((list, other))
            });
            JobResult::Headers { generation, read }
        });
        Ok(())
    }

    /// The slice that a view shows; of a plane across the slices the one nearest to the crosshair.
    fn place_of_view(&self, idx: ViewIdx) -> Result<Place, SessionError> {
        let nothing =
            || SessionError::Usage("this view shows no image; put a series into it".into());
        let (view, shown) = self.room.shown(idx, &self.library).ok_or_else(nothing)?;
        let key = view.volume.clone().ok_or_else(nothing)?;
        let at_cursor = || volume::nearest_slice(&shown.volume, self.room.cursor_in(&shown.volume));
        let slice_idx = self.slice_of(&view, &shown.volume).or_else(at_cursor);
        let slice_idx = slice_idx.unwrap_or(shown.volume.n_slices() / 2);
        self.place(&key, slice_idx)?.ok_or_else(|| {
            SessionError::Usage(
                "this slice is missing, so it has no attributes; go to another".into(),
            )
        })
    }

    fn place_beside(&self, here: &Place, by: i32) -> Result<Place, SessionError> {
        let none = || SessionError::Usage("there is no further slice to compare with".into());
        let next = here
            .slice_idx
            .checked_add_signed(by as isize)
            .ok_or_else(none)?;
        self.place_from(&here.key, next, by.signum())
            .map_err(|_| none())
    }

    /// The first slice with a file from an index on, in one direction.
    fn place_from(&self, key: &VolumeKey, from: usize, by: i32) -> Result<Place, SessionError> {
        let mut at = Some(from);
        while let Some(slice_idx) = at {
            let n = self.library.get(key).map_or(0, |s| s.plan.n_slices());
            if n <= slice_idx {
                break;
            }
            if let Some(place) = self.place(key, slice_idx)? {
                return Ok(place);
            }
            at = slice_idx
                .checked_add_signed(by as isize)
                .filter(|_| by != 0);
        }
        Err(SessionError::Usage(
            "this series has no image to compare with; choose another".into(),
        ))
    }

    /// A slice with its file; `None` for a hole.
    ///
    /// # Errors
    /// When its series is closed now.
    fn place(&self, key: &VolumeKey, slice_idx: usize) -> Result<Option<Place>, SessionError> {
        let Some(shelved) = self.library.get(key) else {
            return Ok(None);
        };
        if shelved.sealed && self.graphics_are_closed() {
            return Err(crate::headless::guard::blinded());
        }
        let slice = shelved.plan.slices.get(slice_idx).and_then(Option::as_ref);
        Ok(slice.map(|slice| Place {
            key: key.clone(),
            slice_idx,
            source: slice.source().clone(),
            title: title_of(shelved, slice_idx),
        }))
    }

    /// Takes in what a job read. What is closed now goes no further than here.
    pub(crate) fn headers_read(&mut self, generation: u64, read: ReadHeaders) {
        let is_closed = self.graphics_are_closed();
        let Some(asked) = &mut self.looked_up else {
            return;
        };
        if asked.generation != generation {
            return;
        }
        asked.was_closed = is_closed;
        let state = match read {
            Err(text) => LookUpState::Unreadable(text),
            Ok((list, other)) => {
                let is_whole =
                    |list: &HeaderList| list.n_left_out == 0 && list.unread_tail.is_none();
                let all_whole = is_whole(&list) && other.as_ref().is_none_or(is_whole);
                let rows = row::rows_of(list, is_closed);
                let n_closed = rows
                    .iter()
                    .filter(|r| r.value == AttributeValue::Closed)
                    .count();
                let rows = match other {
                    Some(other) => differ::differences(&rows, &row::rows_of(other, is_closed)),
                    None => rows,
                };
                LookUpState::Read {
                    rows: rows.into(),
                    n_closed,
                    is_whole: all_whole,
                }
            }
        };
        let shown = LookUp {
            state,
            ..asked.shown.as_ref().clone()
        };
        asked.shown = Arc::new(shown);
    }

    /// What is looked up, unless something of it has been closed or taken away since it was read.
    pub(crate) fn look_up_snapshot(&self) -> Option<Arc<LookUp>> {
        let asked = self.looked_up.as_ref()?;
        let is_closed = self.graphics_are_closed();
        let may_be_seen = |key: &VolumeKey| {
            let shelved = self.library.get(key);
            shelved.is_some_and(|s| !(s.sealed && is_closed || self.is_closed(s)))
        };
        let keys = std::iter::once(&asked.key).chain(&asked.beside_key);
        let all_open = keys.into_iter().all(may_be_seen);
        (all_open && (asked.was_closed || !is_closed)).then(|| Arc::clone(&asked.shown))
    }
}

fn title_of(shelved: &Shelved, slice_idx: usize) -> String {
    let n = shelved.plan.n_slices();
    let series = match shelved.series_number {
        Some(number) => format!("S{number} {}", shelved.title),
        None => shelved.title.clone(),
    };
    let series = series.trim().to_owned();
    match &shelved.prior_date {
        Some(date) => format!("{series} ({date}) · {}/{n}", slice_idx + 1),
        None => format!("{series} · {}/{n}", slice_idx + 1),
    }
}
