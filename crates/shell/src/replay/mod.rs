//! Reading paths shown again: the timeline under the views, and the words over each picture that say so.

mod mark;
mod timeline;

use egui::{Rect, Ui, pos2};
use session::{Command, LaneOf, PathLine, ReplayCommand, ReplaySnapshot, Snapshot};
use ui_kit::{Icon, MenuItem, menu_separator, t};

use crate::Action;

pub(crate) use mark::paint_mark;
pub(crate) use timeline::timeline_ui;

/// Height of the row of buttons, of a path's name, of a series, and of the axis, points.
const HEAD: f32 = 36.0;
const NAME: f32 = 18.0;
const SERIES: f32 = 12.0;
const AXIS: f32 = 20.0;
/// Rows of series that a path shows at most; those that came later share the last one.
const MAX_ROWS: usize = 6;

/// Divides the area of the views: the pictures above, the timeline below while there is one.
pub(crate) fn divide(s: &Snapshot, views: Rect) -> (Rect, Option<Rect>) {
    let Some(replay) = &s.replay else {
        return (views, None);
    };
    let lines = replay.lines.iter().map(line_height).sum::<f32>();
    let height = (HEAD + lines + AXIS).min(views.height() / 2.0);
    let top = views.bottom() - height;
    let above = Rect::from_min_max(views.min, pos2(views.right(), top));
    let below = Rect::from_min_max(pos2(views.left(), top), views.max);
    (above, Some(below))
}

fn n_rows(line: &PathLine) -> usize {
    line.series.len().clamp(1, MAX_ROWS)
}

fn line_height(line: &PathLine) -> f32 {
    NAME + SERIES * n_rows(line) as f32 + 4.0
}

fn lane_word(of: LaneOf) -> &'static str {
    match of {
        LaneOf::SecondReader => t("replay.second"),
        LaneOf::ThirdReader => t("replay.third"),
        LaneOf::OneOfTheReads => t("replay.one_of_the_reads"),
        LaneOf::Yours => t("replay.yours"),
    }
}

/// Minutes and seconds, with hours where there are any: `3:07`, `1:03:07`.
fn clock(ms: u64) -> String {
    let s = ms / 1000;
    match s / 3600 {
        0 => format!("{}:{:02}", s / 60, s % 60),
        hours => format!("{hours}:{:02}:{:02}", s / 60 % 60, s % 60),
    }
}

fn now(replay: &ReplaySnapshot) -> Option<&PathLine> {
    replay.lines.get(replay.at.lane_idx)
}

fn ask(command: ReplayCommand) -> Action {
    Action::Session(Command::Replay(command))
}

/// The entry of the menu of layouts.
pub(crate) fn menu_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    menu_separator(ui);
    let (word, command) = match s.replay {
        None => (t("command.replay_open"), ReplayCommand::Open),
        Some(_) => (t("command.replay_close"), ReplayCommand::Close),
    };
    let row = MenuItem::new(word).icon(Icon::ClockCounterClockwise);
    let enabled = s.may_replay || s.replay.is_some();
    if ui.add_enabled(enabled, row).clicked() {
        out.push(ask(command));
    }
}

/// What Esc does first while there is a replay.
pub(crate) fn cancel(s: &Snapshot, out: &mut Vec<Action>) {
    if s.replay.is_some() {
        out.push(ask(ReplayCommand::Close));
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_are_told_in_minutes_and_seconds() {
        for (ms, told) in [
            (0, "0:00"),
            (59_999, "0:59"),
            (187_000, "3:07"),
            (3_787_000, "1:03:07"),
        ] {
            assert_eq!(clock(ms), told);
        }
    }
}
