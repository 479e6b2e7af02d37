//! Where the windows of views are: opened where they were, on a screen that is there, and remembered when they moved.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use egui::{Context, Rect, Vec2, pos2, vec2};
use session::{Snapshot, ViewCommand, ViewIdx, WindowPlace};

use crate::Action;

/// A window that stays for so long where it is, is put there.
const REST: Duration = Duration::from_millis(400);
/// What of the upper edge of a window must lie on a screen, so that a hand can take it, points.
const GRIP: Vec2 = vec2(96.0, 24.0);

/// The windows that views have now.
#[derive(Default)]
pub(in crate::viewport) struct OwnWindows {
    screens: Vec<Rect>,
    /// Where each was opened: a builder that changes would move a window under the hand.
    opened_at: BTreeMap<ViewIdx, Option<WindowPlace>>,
    /// Where each is, and since when.
    is_at: BTreeMap<ViewIdx, (WindowPlace, Instant)>,
}

impl OwnWindows {
    /// Says where the screens are, points.
    pub(in crate::viewport) fn set_screens(&mut self, screens: Vec<Rect>) {
        self.screens = screens;
    }

    /// Forgets windows that are gone.
    pub(in crate::viewport) fn keep_only(&mut self, torn: &[ViewIdx]) {
        self.opened_at.retain(|idx, _| torn.contains(idx));
        self.is_at.retain(|idx, _| torn.contains(idx));
    }

    /// Where the window of a view opens; `None`: wherever the desktop puts it.
    pub(in crate::viewport) fn opened_at(
        &mut self,
        idx: ViewIdx,
        s: &Snapshot,
    ) -> Option<WindowPlace> {
        let screens = &self.screens;
        *self.opened_at.entry(idx).or_insert_with(|| {
            let place = remembered(idx, s)?;
            // Without a word about the screens the desktop knows better.
            (!screens.is_empty()).then(|| on_a_screen(place, screens))
        })
    }

    /// Asks to remember where a window came to rest.
    pub(in crate::viewport) fn follow(
        &mut self,
        ctx: &Context,
        (idx, s): (ViewIdx, &Snapshot),
    ) -> Option<Action> {
        let place = ctx.input(|input| {
            let viewport = input.viewport();
            let fills = [viewport.fullscreen, viewport.maximized, viewport.minimized];
            let is_free = fills.iter().all(|fills| *fills != Some(true));
            let (outer, inner) = (viewport.outer_rect?, viewport.inner_rect?);
            is_free.then(|| place_of(outer, inner))
        })?;
        let now = Instant::now();
        let (at, since) = self.is_at.entry(idx).or_insert((place, now));
        if *at != place {
            (*at, *since) = (place, now);
        }
        if remembered(idx, s) == Some(place) {
            return None;
        }
        match REST.checked_sub(since.elapsed()) {
            Some(rest) if !rest.is_zero() => {
                ctx.request_repaint_after(rest);
                None
            }
            Some(_) | None => Some(ViewCommand::PlaceOwnWindow(idx, place).into()),
        }
    }
}

fn remembered(idx: ViewIdx, s: &Snapshot) -> Option<WindowPlace> {
    let mut places = s.window_places.iter();
    places.find(|(of, _)| *of == idx).map(|(_, place)| *place)
}

/// The casts saturate; no screen is that large.
fn place_of(outer: Rect, inner: Rect) -> WindowPlace {
    WindowPlace {
        at_points: [outer.left(), outer.top()].map(|at| at.round() as i32),
        size_points: [inner.width(), inner.height()].map(|side| side.round() as u32),
    }
}

/// The place itself where a hand can take the window there, else the same window on the nearest screen.
fn on_a_screen(place: WindowPlace, screens: &[Rect]) -> WindowPlace {
    let at = pos2(place.at_points[0] as f32, place.at_points[1] as f32);
    let size = vec2(place.size_points[0] as f32, place.size_points[1] as f32);
    let upper_edge = Rect::from_min_size(at, vec2(size.x, GRIP.y));
    let can_be_taken = |screen: &&Rect| {
        let shown = screen.intersect(upper_edge);
        GRIP.x.min(size.x) <= shown.width() && GRIP.y <= shown.height()
    };
    if screens.iter().any(|screen| can_be_taken(&screen)) {
        return place;
    }
    let middle = Rect::from_min_size(at, size).center();
    let nearest = screens.iter().min_by(|a, b| {
        let [a, b] = [a, b].map(|screen| screen.distance_sq_to_pos(middle));
        a.total_cmp(&b)
    });
    let Some(screen) = nearest else { return place };
    let size = size.min(screen.size());
    let at = at.clamp(screen.min, (screen.max - size).max(screen.min));
    WindowPlace {
        at_points: [at.x, at.y].map(|at| at.round() as i32),
        size_points: [size.x, size.y].map(|side| side.round() as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(at_points: [i32; 2], size_points: [u32; 2]) -> WindowPlace {
        WindowPlace {
            at_points,
            size_points,
        }
    }

    #[test]
    fn a_window_comes_back_onto_a_screen_that_is_there() {
        let screen = |x: f32, y: f32, w: f32, h: f32| Rect::from_min_size(pos2(x, y), vec2(w, h));
        let main = screen(0.0, 0.0, 1920.0, 1080.0);
        let left = screen(-1280.0, 0.0, 1280.0, 1024.0);
        for (was, screens, expected) in [
            // As it was, also partly beyond an edge.
            (
                place([100, 50], [900, 700]),
                vec![main],
                place([100, 50], [900, 700]),
            ),
            (
                place([1800, 900], [900, 700]),
                vec![main],
                place([1800, 900], [900, 700]),
            ),
            (
                place([-1200, 10], [900, 700]),
                vec![main, left],
                place([-1200, 10], [900, 700]),
            ),
            // The monitor is gone.
            (
                place([-1200, 10], [900, 700]),
                vec![main],
                place([0, 10], [900, 700]),
            ),
            (
                place([2500, 300], [900, 700]),
                vec![main],
                place([1020, 300], [900, 700]),
            ),
            (
                place([2500, 300], [900, 700]),
                vec![main, left],
                place([1020, 300], [900, 700]),
            ),
            // Nothing of its upper edge can be taken.
            (
                place([100, -200], [900, 700]),
                vec![main],
                place([100, 0], [900, 700]),
            ),
            (
                place([1900, 100], [900, 700]),
                vec![main],
                place([1020, 100], [900, 700]),
            ),
            // Larger than the screen that is left.
            (
                place([-6000, 0], [3840, 2160]),
                vec![left],
                place([-1280, 0], [1280, 1024]),
            ),
        ] {
            assert_eq!(
                on_a_screen(was, &screens),
                expected,
                "{was:?} on {screens:?}"
            );
        }
    }
}
