//! The ends of the loop that a view plays, as handles on its strip.

use egui::{CursorIcon, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use session::{ViewCommand, ViewSnapshot};
use ui_kit::{over_image, t};

use crate::Action;

/// Height of a handle across the strip, and of what answers to the pointer, points.
const HANDLE: f32 = 5.0;
const GRIP: f32 = 13.0;

/// Shows the handles while the view plays, and while a part of its pictures is left out; moves the ends with them.
pub(super) fn trim_ui(ui: &Ui, view: &ViewSnapshot, strip: Rect, out: &mut Vec<Action>) {
    let [_, n] = view.slice;
    let Some(playing) = view.playing.as_ref() else {
        return;
    };
    if !(view.cine || playing.is_trimmed) || n < 2 {
        return;
    }
    let ends = playing.first_to_last;
    let rail = strip.left() - 2.0;
    let width = strip.right() - rail;
    let line = Stroke::new(1.0, over_image::TEXT);
    ui.painter().vline(
        rail,
        edge(strip, ends[0], n)..=edge(strip, ends[1] + 1, n),
        line,
    );
    for (which, key) in ["cine.first_handle", "cine.last_handle"]
        .into_iter()
        .enumerate()
    {
        // The first picture begins at its upper edge, the last ends at its lower.
        let y = edge(strip, ends[which] + which, n);
        let centre = pos2(rail + width / 2.0, y);
        let id = ui.scope_id().with(("trim", view.idx, which));
        let response = ui.interact(
            Rect::from_center_size(centre, vec2(width + 6.0, GRIP)),
            id,
            Sense::click_and_drag(),
        );
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Slider, true, t(key));
            info.value = Some((ends[which] + 1) as f64);
            info
        });
        let is_held = response.hovered() || response.dragged();
        if is_held {
            ui.set_cursor_icon(CursorIcon::ResizeVertical);
        }
        let color = match is_held {
            true => over_image::SECOND,
            false => over_image::TEXT,
        };
        let plate = Rect::from_center_size(centre, vec2(width, HANDLE));
        ui.painter().rect_filled(plate, 2, color);
        if let Some(pos) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            let moved = moved(ends, which, step_at(strip, pos.y, n), n);
            if moved != ends {
                out.push(ViewCommand::SetCineTrim(view.idx, Some(moved)).into());
            }
        }
        if response.double_clicked() {
            out.push(ViewCommand::SetCineTrim(view.idx, None).into());
        }
    }
}

/// Where the upper edge of a step lies.
fn edge(strip: Rect, step_idx: usize, n: usize) -> f32 {
    strip.top() + strip.height() * step_idx as f32 / n.max(1) as f32
}

/// The edge between steps that is nearest to a height: 0 above the first, `n` below the last.
fn step_at(strip: Rect, y: f32, n: usize) -> usize {
    let share = ((y - strip.top()) / strip.height().max(1.0)).clamp(0.0, 1.0);
    // Rounded to a step; the share limits it.
    (share * n as f32).round() as usize
}

/// The ends after one was moved to an edge; the other stays, and two pictures are left at least.
fn moved([first, last]: [usize; 2], which: usize, edge_idx: usize, n: usize) -> [usize; 2] {
    match which {
        0 => [edge_idx.min(last.saturating_sub(1)), last],
        _ => {
            let to = edge_idx.saturating_sub(1).min(n.saturating_sub(1));
            [first, to.max(first + 1)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_follows_the_hand_and_keeps_two_pictures() {
        let strip = Rect::from_min_max(pos2(0.0, 100.0), pos2(14.0, 200.0));
        for (which, y, expected) in [
            (0, 100.0, [0, 7]),
            (0, 128.0, [3, 7]),
            (0, 199.0, [6, 7]),
            (1, 200.0, [2, 9]),
            (1, 152.0, [2, 4]),
            (1, 90.0, [2, 3]),
            (1, 900.0, [2, 9]),
        ] {
            let to = step_at(strip, y, 10);
            assert_eq!(moved([2, 7], which, to, 10), expected, "{which} at {y}");
        }
    }
}
