//! The crosshair that a pointer carries: where a view cannot follow because nobody knows how it lies to the one under the
//! pointer, that is said in both.

use egui::{Align2, Painter, Pos2, pos2, vec2};
use session::{Link, Snapshot, ViewIdx, ViewSnapshot};
use ui_kit::{Kind, over_image, t, t_args};
use volume::Placement;

/// Says in a view what does not follow. `carried_in` is the view under the pointer, while the crosshair is carried.
pub(super) fn paint(
    painter: &Painter,
    s: &Snapshot,
    view: &ViewSnapshot,
    (carried_in, pointer): (Option<ViewIdx>, Option<Pos2>),
) {
    let from = carried_in.and_then(|idx| s.views.iter().find(|v| v.idx == idx));
    let Some(from) = from.filter(|_| s.links.contains(&Link::Crosshair)) else {
        return;
    };
    if from.idx != view.idx {
        if !knows(view, from) {
            let rect = painter.clip_rect();
            let at = pos2(rect.center().x, rect.bottom() - 44.0);
            plate(painter, at, t("cursor.unknown_here"));
        }
        return;
    }
    let n = s.views.iter().filter(|other| !knows(other, from)).count();
    let words = match n {
        0 => return,
        1 => t("cursor.unknown_in").to_owned(),
        n => t_args("cursor.unknown_in_many", &[("n", &n.to_string())]),
    };
    if let Some(at) = pointer {
        plate(painter, at + vec2(0.0, 26.0), &words);
    }
}

/// Is a place of one view known in another? An empty view waits for nothing.
fn knows(view: &ViewSnapshot, from: &ViewSnapshot) -> bool {
    if view.key.is_none() || view.key == from.key {
        return true;
    }
    let is_placed = |v: &ViewSnapshot| {
        let volume = v.volume.as_ref();
        volume.is_some_and(|volume| volume.placed == Placement::InPatient)
    };
    let is_same =
        !from.frame_of_reference.is_empty() && from.frame_of_reference == view.frame_of_reference;
    let is_laid_over = view.laid_over.contains(&from.frame_of_reference);
    is_placed(view) && is_placed(from) && (is_same || is_laid_over)
}

/// Words on a plate over a picture, their middle at a place but within what is painted on.
pub(super) fn plate(painter: &Painter, middle: Pos2, words: &str) {
    let galley = painter.layout_no_wrap(
        words.to_owned(),
        Kind::LABEL.font_id(),
        over_image::PLATE_TEXT,
    );
    let size = galley.size() + vec2(16.0, 8.0);
    let room = painter.clip_rect().shrink(4.0);
    let least = room.min + size / 2.0;
    let most = (room.max - size / 2.0).max(least);
    let place = Align2::CENTER_CENTER.anchor_size(middle.clamp(least, most), size);
    painter.rect_filled(place, 4, over_image::PLATE);
    painter.galley(place.min + vec2(8.0, 4.0), galley, over_image::PLATE_TEXT);
}
