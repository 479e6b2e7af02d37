//! When the place of a finding was on the screen of a reader.

use case::{Annotation, Case, FindingId, ImageRef, Looked, PairId, PlaceOnScreen, SecondRef};
use serde::Serialize;

use super::{Lane, NO_PATH};
use crate::{NoticeKind, Session, SessionError};

/// How the place of a finding was on the screen over one path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstLook {
    /// The finding.
    pub finding: FindingId,
    /// What it is, in words.
    pub title: String,
    /// How; `None` where nothing says where it is.
    pub on_screen: Option<Looked>,
}

/// How the place of a row of the comparison was on the screen over one path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookOfRow {
    /// The row.
    pub row: PairId,
    /// Did the second read say nothing of it? Only then the word speaks of an error of the second reader.
    pub missed_by_second: bool,
    /// How; `None` where nothing says where it is.
    pub on_screen: Option<Looked>,
}

impl Lane {
    fn looked(&self, place: &PlaceOnScreen) -> Option<Looked> {
        let parts = self.parts.iter().map(|part| &**part);
        place.is_known().then(|| place.looked(parts))
    }

    /// How the places of the findings of the second read were on the screen.
    pub(crate) fn first_looks(&self, case: &Case) -> Vec<FirstLook> {
        let findings = case.read().findings.iter();
        let looks = findings.map(|finding| FirstLook {
            finding: finding.id,
            title: finding.title(),
            on_screen: self.looked(&place_of_finding(case, finding.id)),
        });
        looks.collect()
    }

    /// How the places of the rows of the comparison were on the screen.
    pub(crate) fn looks_of_rows(&self, case: &Case) -> Vec<LookOfRow> {
        let pairs = case.comparison().map(|comparison| &comparison.pairs);
        let rows = pairs.into_iter().flatten();
        let looks = rows.map(|pair| LookOfRow {
            row: pair.id,
            missed_by_second: pair.second.is_none(),
            on_screen: self.looked(&place_of_row(case, pair.id)),
        });
        looks.collect()
    }
}

fn place_of_mark(mark: &Annotation) -> PlaceOnScreen {
    PlaceOnScreen {
        place: Some(mark.geometry.centre()),
        frame_of_reference_uid: mark.frame_of_reference_uid.clone(),
        image: Some(mark.image.clone()),
    }
}

fn place_of_image(image: Option<ImageRef>) -> PlaceOnScreen {
    PlaceOnScreen {
        image,
        ..PlaceOnScreen::default()
    }
}

/// Where a finding is: its first mark, else its key image.
fn place_of_finding(case: &Case, id: FindingId) -> PlaceOnScreen {
    let mut marks = case.read().annotations.iter();
    match marks.find(|mark| mark.finding == Some(id)) {
        Some(mark) => place_of_mark(mark),
        None => place_of_image(case.finding(id).and_then(|f| f.key_image.clone())),
    }
}

/// Where a row is: what a third reader measured for it, else its finding, else the image that shows it.
fn place_of_row(case: &Case, id: PairId) -> PlaceOnScreen {
    let third = case.third_read().and_then(|third| third.verdict(id));
    if let Some(mark) = third.and_then(|verdict| verdict.marks.first()) {
        return place_of_mark(mark);
    }
    let pairs = case.comparison().map(|comparison| &comparison.pairs);
    let pair = pairs.into_iter().flatten().find(|pair| pair.id == id);
    let Some(pair) = pair else {
        return PlaceOnScreen::default();
    };
    if let Some(SecondRef::Finding(finding)) = pair.second {
        let place = place_of_finding(case, finding);
        if place.is_known() {
            return place;
        }
    }
    let shown = third.and_then(|verdict| verdict.evidence.clone());
    let evidence = || pair.verdict.as_ref().and_then(|v| v.evidence.clone());
    place_of_image(shown.or_else(evidence))
}

impl Session {
    /// The place that is asked about: of the selected row, else of the selected finding.
    fn selected_place(&self) -> Option<PlaceOnScreen> {
        let case = self.whole_case()?;
        match (self.selected_pair, self.selected_finding) {
            (Some(row), _) => Some(place_of_row(case, row)),
            (None, Some(finding)) => Some(place_of_finding(case, finding)),
            (None, None) => None,
        }
    }

    /// How it was on the screen over the path that is shown; `None` where nothing is selected or its place is not known.
    pub(super) fn selected_look(&self) -> Option<Looked> {
        let place = self.selected_place()?;
        self.replay.as_ref()?.lane()?.looked(&place)
    }

    pub(super) fn go_to_first_look(&mut self) -> Result<(), SessionError> {
        if self.replay.is_none() {
            self.open_replay()?;
        }
        let place = self.selected_place().filter(PlaceOnScreen::is_known);
        let Some(place) = place else {
            return Err(SessionError::Usage(
                "nothing is selected whose place on the images is known; select a row with a mark or a key image"
                    .into(),
            ));
        };
        let Some(replay) = &self.replay else {
            return Err(SessionError::Usage(NO_PATH.into()));
        };
        let lane_idx = replay.lane_idx;
        let looked = replay.lane().and_then(|lane| lane.looked(&place));
        match looked.and_then(|looked| looked.first_ms) {
            Some(first_ms) => self.go_to_moment(lane_idx, first_ms),
            None => self.notify(
                NoticeKind::Info,
                "never_on_screen",
                "This place was never on the screen for as long as a quarter of a second on this path.",
                "",
            ),
        }
        Ok(())
    }
}
