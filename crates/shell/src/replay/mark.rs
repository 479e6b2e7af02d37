use egui::{Align2, Painter, Rect, Stroke, StrokeKind, pos2, vec2};
use session::{ReplaySnapshot, Snapshot};
use ui_kit::{Kind, over_image, t, t_args};

use super::{clock, lane_word, now};

/// Room about the words on their plate, points.
const ROOM: egui::Vec2 = vec2(10.0, 4.0);

/// Room at the foot of a view for the letter of its side, which stays readable, points.
const LETTER: f32 = 30.0;

/// Says over a picture that it is shown again: an edge about it and a plate on it, whatever else is written there.
pub(crate) fn paint_mark(painter: &Painter, s: &Snapshot, rect: Rect) {
    let Some(replay) = &s.replay else { return };
    let edge = Stroke::new(3.0, over_image::WARNING);
    painter.rect_stroke(rect, 0, edge, StrokeKind::Inside);
    let words = words(replay, rect.width());
    let job = Kind::LABEL.semibold().job(&words, over_image::WARNING);
    let galley = painter.layout_job(job);
    let at = pos2(rect.center().x, rect.bottom() - LETTER);
    let plate = Align2::CENTER_BOTTOM.anchor_size(at, galley.size() + 2.0 * ROOM);
    painter.rect(
        plate,
        4,
        over_image::PLATE,
        Stroke::new(1.0, over_image::WARNING),
        StrokeKind::Inside,
    );
    painter.galley(plate.min + ROOM, galley, over_image::WARNING);
}

/// `REPLAY · second reader · 3:07 · no input`; in a narrow view only the first word and the time.
fn words(replay: &ReplaySnapshot, width: f32) -> String {
    let time = clock(replay.at.at_ms);
    let short = format!("{} · {time}", t("replay.word"));
    let who = now(replay).map_or("", |line| lane_word(line.of));
    if width < 340.0 {
        return short;
    }
    let long = t_args(
        "replay.over",
        &[("word", t("replay.word")), ("who", who), ("time", &time)],
    );
    match state_word(replay) {
        Some(state) => format!("{long} · {state}"),
        None => long,
    }
}

/// What has to be said of the moment besides its time.
pub(super) fn state_word(replay: &ReplaySnapshot) -> Option<&'static str> {
    use case::PauseWhy;
    Some(match replay.at.pause {
        Some(PauseWhy::NoInput) => t("replay.no_input"),
        Some(PauseWhy::OtherProgram) => t("replay.other_program"),
        Some(PauseWhy::Covered) => t("replay.covered"),
        None if !replay.at.has_picture => t("replay.no_picture"),
        None if replay.at.is_passing => t("replay.passing"),
        None => return None,
    })
}
