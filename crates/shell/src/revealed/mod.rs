//! The panel of the reading room after the reveal: what the first report says, what the second read says, and the note
//! on where they differ.

mod link;
mod note;
mod report;
mod second;

use case::FindingId;
use egui::{Rangef, Rect, Ui, UiBuilder, pos2, vec2};
use session::{PairId, Snapshot};
use ui_kit::{Emphasis, Ribbon, RibbonEnd, Segmented, Theme, t};

use crate::verdict::{NoteField, comparison, row_color, save_and_next, selected_row};
use crate::viewport::MarkPlace;
use crate::{Action, UiAction};

/// Width of the gap that the ribbon crosses, points.
const GUTTER: f32 = 44.0;
/// Below this width the two reads are tabs.
const TABS_BELOW: f32 = 560.0;

/// Which read shows where there is room for one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    #[default]
    First,
    Second,
}

/// The panel, with what only the window knows.
#[derive(Default)]
pub(crate) struct RevealedPanel {
    note: NoteField,
    side: Side,
    /// Where the statement of the selected row was drawn, if it was.
    statement: Option<Rect>,
    /// Where the finding of the selected row was drawn, if it was.
    finding: Option<Rect>,
    /// The finding that is lit because the pointer rests on its statement or its card.
    pointed: Option<FindingId>,
    /// The row that the lists have been scrolled to.
    scrolled_to: Option<PairId>,
}

/// Should a list scroll to the selected row? Once for each new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scroll {
    ToSelected,
    Stay,
}

/// What a list was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    /// The note of the selected row.
    Note,
}

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Both reads side by side.
    Wide,
    /// One at a time.
    Narrow,
}

/// What the lists of one pass found out.
#[derive(Default)]
struct Seen {
    pointed: Option<FindingId>,
    statement: Option<Rect>,
    finding: Option<Rect>,
}

impl RevealedPanel {
    /// What Ctrl+Enter does while rows wait for a verdict: save and next.
    pub(crate) fn main_action(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        self.note.flush(out);
        save_and_next(s, out);
    }

    /// Draws the panel over the whole of `ui`.
    pub(crate) fn revealed_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if comparison(s).is_none() {
            return;
        }
        self.note.follow(s, out);
        let whole = ui.max_rect();
        let room = if whole.width() < TABS_BELOW {
            Room::Narrow
        } else {
            Room::Wide
        };
        let note_height = note::height(whole, room);
        let split = whole.bottom() - note_height;
        let body = Rect::from_min_max(whole.min, pos2(whole.right(), split));
        let foot = Rect::from_min_max(pos2(whole.left(), split), whole.max);
        let mut seen = Seen::default();
        match room {
            Room::Narrow => self.tabs_ui(s, body, (ui, theme), &mut seen, out),
            Room::Wide => self.columns_ui(s, body, (ui, theme), &mut seen, out),
        }
        self.scrolled_to = s.selected_pair;
        self.statement = seen.statement;
        self.finding = seen.finding;
        if room == Room::Wide {
            self.ribbon_ui(s, body, ui, theme);
        }
        if self.pointed != seen.pointed {
            self.pointed = seen.pointed;
            out.push(UiAction::Point(seen.pointed).into());
        }
        part_ui(ui, foot, "note", |ui| {
            note::note_ui(&mut self.note, s, ui, theme, out)
        });
    }

    fn columns_ui(
        &mut self,
        s: &Snapshot,
        body: Rect,
        (ui, theme): (&mut Ui, &Theme),
        seen: &mut Seen,
        out: &mut Vec<Action>,
    ) {
        let column = (body.width() - GUTTER) / 2.0;
        let left = Rect::from_min_size(body.min, vec2(column, body.height()));
        let right = left.translate(vec2(column + GUTTER, 0.0));
        let line = egui::Stroke::new(1.0, theme.st1);
        ui.painter().vline(left.right(), body.y_range(), line);
        ui.painter().vline(right.left(), body.y_range(), line);
        let scroll = self.scroll(s);
        part_ui(ui, left, "first read", |ui| {
            if report::report_ui(s, scroll, ui, theme, seen, out) == Asked::Note {
                self.note.focus();
            }
        });
        part_ui(ui, right, "second read", |ui| {
            second::second_ui(s, scroll, ui, theme, seen, out)
        });
    }

    fn tabs_ui(
        &mut self,
        s: &Snapshot,
        body: Rect,
        (ui, theme): (&mut Ui, &Theme),
        seen: &mut Seen,
        out: &mut Vec<Action>,
    ) {
        let (top, rest) = body.split_top_bottom_at_y(body.top() + 40.0);
        part_ui(ui, top.shrink2(vec2(12.0, 6.0)), "reads", |ui| {
            let names = [t("reader.first").into(), t("reader.second").into()];
            let chosen_idx = match self.side {
                Side::First => 0,
                Side::Second => 1,
            };
            let choices = Segmented::new(t("revealed.which"), &names, Some(chosen_idx));
            match choices.width(ui.available_width()).show(ui) {
                Some(0) => self.side = Side::First,
                Some(_) => self.side = Side::Second,
                None => {}
            }
        });
        let scroll = self.scroll(s);
        part_ui(
            ui,
            rest,
            ("one read", self.side == Side::First),
            |ui| match self.side {
                Side::First => {
                    if report::report_ui(s, scroll, ui, theme, seen, out) == Asked::Note {
                        self.note.focus();
                    }
                }
                Side::Second => second::second_ui(s, scroll, ui, theme, seen, out),
            },
        );
    }

    fn scroll(&self, s: &Snapshot) -> Scroll {
        if self.scrolled_to == s.selected_pair {
            Scroll::Stay
        } else {
            Scroll::ToSelected
        }
    }

    fn ribbon_ui(&self, s: &Snapshot, body: Rect, ui: &Ui, theme: &Theme) {
        let (Some(row), Some(left), Some(right)) = (selected_row(s), self.statement, self.finding)
        else {
            return;
        };
        let color = row_color(row, theme);
        let end = |rect: Rect| RibbonEnd::Card(Rangef::new(rect.top(), rect.bottom()));
        let ribbon = Ribbon {
            left_x: left.right(),
            right_x: right.left(),
            left: end(left),
            right: end(right),
            color,
            emphasis: Emphasis::Normal,
        };
        let painter = ui.painter().with_clip_rect(body);
        ribbon.paint(&painter);
        if let Some(class) = row.classes.first() {
            link::letter(&painter, ribbon.waist(), class.letter(), color, theme);
        }
    }

    /// Over views and panel: the line from the selected statement to the mark of its finding, while both show.
    pub(crate) fn link_ui(&self, s: &Snapshot, places: &[MarkPlace], ui: &Ui) {
        let (Some(statement), Some(row)) = (self.statement.or(self.finding), selected_row(s))
        else {
            return;
        };
        let place = row
            .finding
            .and_then(|finding| places.iter().find(|place| place.finding == Some(finding)));
        if let Some(place) = place.filter(|place| place.view.contains(place.at)) {
            // Images are black in both modes, so the line has the colours that are made for black.
            let color = row_color(row, &Theme::DARK);
            link::line(ui.painter(), statement.left_center(), place.at, color);
        }
    }
}

/// Draws into a part of the panel and clips to it.
fn part_ui<R>(
    ui: &mut Ui,
    rect: Rect,
    salt: impl std::hash::Hash + std::fmt::Debug,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut child)
}
