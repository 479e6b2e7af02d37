//! Windows of their own that views have on other monitors: where each was, so that it comes back there.

use serde::{Deserialize, Serialize};

use crate::room::Room;
use crate::{Session, SessionError, ViewIdx};

/// Under which name the store keeps them.
const SETTING: &str = "own_windows";
/// Places that are remembered at most; the one used longest ago goes first.
const MAX_PLACES: usize = 64;
/// Sides that a window may have, points.
const SIDES: std::ops::RangeInclusive<u32> = 160..=16_384;
/// How far a window may be from the corner of the main screen, points.
const MAX_AWAY: i32 = 65_536;

/// Where a window is among the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowPlace {
    /// Left and upper edge of the window with its frame, points; may lie before the main screen.
    pub at_points: [i32; 2],
    /// Width and height of what it holds, points.
    pub size_points: [u32; 2],
}

impl WindowPlace {
    /// Can a window be there at all?
    pub fn is_sound(&self) -> bool {
        let is_near = |at: &i32| (-MAX_AWAY..=MAX_AWAY).contains(at);
        self.at_points.iter().all(is_near) && self.size_points.iter().all(|n| SIDES.contains(n))
    }
}

/// Where the windows of views were, by layout and cell, the last used first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnWindows(Vec<(String, WindowPlace)>);

impl OwnWindows {
    fn of(&self, key: &str) -> Option<WindowPlace> {
        let found = self.0.iter().find(|(of, _)| of == key);
        found.map(|(_, place)| *place)
    }

    fn put(&mut self, key: String, place: WindowPlace) {
        self.0.retain(|(of, _)| *of != key);
        self.0.insert(0, (key, place));
        self.0.truncate(MAX_PLACES);
    }
}

/// A layout and a cell of it in a word: protocols and arrangements have their own.
fn key_of(room: &Room, idx: ViewIdx) -> String {
    let layout = match room.hanging.is_empty() {
        true => room.arrangement.to_string(),
        false => room.hanging.clone(),
    };
    format!("{layout}/{}", idx.0)
}

impl Session {
    /// Reads what the store keeps. A setting of another version of the program is left as it is.
    pub(crate) fn read_own_windows(&mut self) -> Result<(), SessionError> {
        let kept = self.store.setting(SETTING)?;
        let kept: Option<OwnWindows> = kept.and_then(|text| serde_json::from_str(&text).ok());
        self.own_windows = kept.unwrap_or_default();
        self.own_windows.0.retain(|(_, place)| place.is_sound());
        Ok(())
    }

    /// Remembers where the window of a view is.
    pub(crate) fn place_own_window(
        &mut self,
        idx: ViewIdx,
        place: WindowPlace,
    ) -> Result<(), SessionError> {
        if !self.room.torn.contains(&idx) || !place.is_sound() {
            return Ok(());
        }
        let key = key_of(&self.room, idx);
        if self.own_windows.of(&key) == Some(place) {
            return Ok(());
        }
        self.own_windows.put(key, place);
        let text = serde_json::to_string(&self.own_windows).map_err(|e| {
            SessionError::Usage(format!("the place of the window cannot be kept: {e}"))
        })?;
        self.store.set_setting(SETTING, &text)?;
        Ok(())
    }

    /// Takes the places that a protocol names for windows that were never anywhere else.
    pub(crate) fn take_hung_windows(&mut self, places: &[(ViewIdx, WindowPlace)]) {
        for (idx, place) in places {
            let key = key_of(&self.room, *idx);
            if self.own_windows.of(&key).is_none() {
                self.own_windows.put(key, *place);
            }
        }
    }

    /// Where the windows that are open now were in this layout, as far as that is known.
    pub(crate) fn window_places(&self) -> Vec<(ViewIdx, WindowPlace)> {
        let torn = self.room.torn.iter();
        torn.filter_map(|idx| Some((*idx, self.own_window_of(*idx)?)))
            .collect()
    }

    /// Where the window of a view was when it was last there in this layout; `None` where it never was.
    fn own_window_of(&self, idx: ViewIdx) -> Option<WindowPlace> {
        self.own_windows.of(&key_of(&self.room, idx))
    }
}
