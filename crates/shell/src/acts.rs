//! One act a frame.
//!
//! Where a frame takes long, a click, a key and the next press arrive together, and the interface would look at all of
//! them with the widgets of the frame before: a click would be lost on a menu that it should have opened, and a word
//! would be typed into a picture whose keys it then presses. What begins a new act therefore waits for the next frame.

use std::collections::{HashMap, HashSet};

use egui::{Context, Event, Key, RawInput, ViewportId};

/// Holds back what belongs to a later frame, for each window.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    windows: HashMap<ViewportId, Waiting>,
}

/// What one window has not seen yet.
#[derive(Debug, Default)]
struct Waiting {
    events: Vec<Event>,
    /// The keys that are down, as the frames saw them: a key that is pressed while it is down repeats.
    down: HashSet<Key>,
}

/// So many events wait at most: a hand that is faster than the frames for longer is not put off further.
const WAITING_EVENTS: usize = 200;

impl Acts {
    /// Leaves one act in an input; what follows it comes with the next ones.
    pub(crate) fn part(&mut self, ctx: &Context, input: &mut RawInput) {
        let window = self.windows.entry(input.viewport_id).or_default();
        let mut events = std::mem::take(&mut window.events);
        events.append(&mut input.events);
        let end = window.end_of_act(&events);
        let rest = events.split_off(end);
        input.events = events;
        if rest.len() > WAITING_EVENTS {
            rest.iter().for_each(|event| window.note(event));
            input.events.extend(rest);
        } else if !rest.is_empty() {
            window.events = rest;
            ctx.request_repaint_of(input.viewport_id);
        }
    }
}

impl Waiting {
    /// How many events make the first act. The keys of that act are noted as down or up.
    fn end_of_act(&mut self, events: &[Event]) -> usize {
        let mut last = Kind::Other;
        let mut way = Way::None;
        for (index, event) in events.iter().enumerate() {
            let belongs_to_key = matches!(event, Event::Text(_))
                && matches!(
                    index.checked_sub(1).and_then(|before| events.get(before)),
                    Some(Event::Key { pressed: true, .. })
                );
            let kind = if belongs_to_key {
                Kind::Other
            } else {
                self.kind(event)
            };
            if begins_anew(last, kind, way) {
                return index;
            }
            self.note(event);
            way = match event {
                Event::PointerButton { .. } => Way::None,
                Event::PointerMoved(_) => Way::Some,
                _ => way,
            };
            if kind != Kind::Other {
                last = kind;
            }
        }
        events.len()
    }

    fn kind(&self, event: &Event) -> Kind {
        match event {
            Event::PointerButton { pressed: true, .. } => Kind::Press,
            Event::PointerButton { pressed: false, .. } => Kind::Release,
            Event::Key { pressed: false, .. } => Kind::Other,
            // A key that is held down must not fall behind the hand.
            Event::Key { key, .. } if self.down.contains(key) => Kind::Other,
            Event::Key { key, modifiers, .. } => {
                let leads_elsewhere = matches!(
                    key,
                    Key::Enter | Key::Escape | Key::Tab | Key::F1 | Key::F6 | Key::F11
                );
                if leads_elsewhere || modifiers.command || modifiers.ctrl || modifiers.alt {
                    Kind::Order
                } else {
                    Kind::Typed
                }
            }
            Event::Text(_) | Event::Paste(_) => Kind::Typed,
            _ => Kind::Other,
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Key { key, pressed, .. } if *pressed => {
                self.down.insert(*key);
            }
            Event::Key { key, .. } => {
                self.down.remove(key);
            }
            // What is released elsewhere is not told.
            Event::WindowFocused(_) => self.down.clear(),
            _ => {}
        }
    }
}

/// What an event does to the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A button goes down.
    Press,
    /// It comes up again: what was clicked may change what is on screen.
    Release,
    /// A key that may open something, close it or lead elsewhere.
    Order,
    /// Another key, or a text.
    Typed,
    /// Movements, turns, and the rest.
    Other,
}

/// Was the pointer moved since a button went down or came up?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    None,
    Some,
}

/// Does `next` begin an act after `last`?
fn begins_anew(last: Kind, next: Kind, way: Way) -> bool {
    match (last, next) {
        (Kind::Other, _) | (_, Kind::Other) | (Kind::Typed, Kind::Typed) => false,
        // A drag is known as one in the frame after its press; a click is pressed and let go in one.
        (Kind::Press, Kind::Release) => way == Way::Some,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, PointerButton, Pos2};

    use super::*;

    fn button(pressed: bool) -> Event {
        Event::PointerButton {
            pos: Pos2::new(10.0, 20.0),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        }
    }

    fn key(key: Key, pressed: bool, modifiers: Modifiers) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers,
        }
    }

    fn typed(letter: Key, text: &str) -> Vec<Event> {
        vec![
            key(letter, true, Modifiers::NONE),
            Event::Text(text.into()),
            key(letter, false, Modifiers::NONE),
        ]
    }

    /// How many events each of the following frames gets when all come with the first.
    fn frames(acts: &mut Acts, events: Vec<Event>) -> Vec<usize> {
        let ctx = Context::default();
        let mut sizes = Vec::new();
        let mut events = Some(events);
        loop {
            let mut input = RawInput {
                events: events.take().unwrap_or_default(),
                ..RawInput::default()
            };
            acts.part(&ctx, &mut input);
            if input.events.is_empty() {
                return sizes;
            }
            sizes.push(input.events.len());
        }
    }

    #[test]
    fn what_begins_a_new_act_waits_for_the_next_frame() {
        let moved = || Event::PointerMoved(Pos2::new(1.0, 2.0));
        let palette = || key(Key::K, true, Modifiers::CTRL);
        let enter = || key(Key::Enter, true, Modifiers::NONE);
        let ab = || [typed(Key::A, "a"), typed(Key::B, "b")].concat();
        let rows: Vec<(&str, Vec<Event>, Vec<usize>)> = vec![
            (
                "a click",
                vec![moved(), button(true), button(false), moved()],
                vec![4],
            ),
            (
                "a click on a menu and the beginning of a drag",
                vec![button(true), button(false), moved(), button(true), moved()],
                vec![3, 2],
            ),
            (
                "a short drag",
                vec![button(true), moved(), moved(), button(false)],
                vec![3, 1],
            ),
            (
                "a double click",
                vec![button(true), button(false), button(true), button(false)],
                vec![2, 2],
            ),
            ("a word", ab(), vec![6]),
            (
                "the palette, a word and the choice",
                [vec![palette()], ab(), vec![enter()]].concat(),
                vec![1, 6, 1],
            ),
            (
                "a tool by its key and a press",
                [typed(Key::L, "l"), vec![button(true)]].concat(),
                vec![3, 1],
            ),
            (
                "a click into a field and a word",
                [vec![button(true), button(false)], ab()].concat(),
                vec![2, 6],
            ),
            (
                "turns of the wheel and movements",
                vec![moved(), moved(), moved()],
                vec![3],
            ),
        ];
        for (name, events, expected) in rows {
            assert_eq!(frames(&mut Acts::default(), events), expected, "{name}");
        }
    }

    #[test]
    fn a_key_that_is_held_down_does_not_fall_behind() {
        let step = || key(Key::ArrowRight, true, Modifiers::CTRL);
        let mut acts = Acts::default();
        assert_eq!(frames(&mut acts, vec![step(), step(), step()]), [3]);
        assert_eq!(
            frames(&mut acts, vec![step(), step()]),
            [2],
            "in the next frame"
        );
        let up = key(Key::ArrowRight, false, Modifiers::CTRL);
        assert_eq!(
            frames(&mut acts, vec![up, step(), step()]),
            [3],
            "pressed anew"
        );
        let again = vec![
            key(Key::ArrowRight, false, Modifiers::CTRL),
            step(),
            key(Key::ArrowRight, false, Modifiers::CTRL),
            step(),
        ];
        assert_eq!(frames(&mut acts, again), [3, 1], "two presses are two acts");
    }

    #[test]
    fn events_come_in_their_order_and_none_is_lost() {
        let ctx = Context::default();
        let mut acts = Acts::default();
        let all: Vec<Event> = (0..150)
            .flat_map(|_| [button(true), button(false)])
            .collect();
        let mut seen = Vec::new();
        let mut input = RawInput {
            events: all.clone(),
            ..RawInput::default()
        };
        acts.part(&ctx, &mut input);
        seen.append(&mut input.events);
        assert_eq!(seen.len(), all.len(), "more than may wait comes at once");
        let few = &all[..20];
        let mut input = RawInput {
            events: few.to_vec(),
            ..RawInput::default()
        };
        let mut seen = Vec::new();
        for _ in 0..10 {
            acts.part(&ctx, &mut input);
            seen.append(&mut input.events);
        }
        assert_eq!(seen, few);
    }

    #[test]
    fn windows_wait_each_for_their_own() {
        let ctx = Context::default();
        let mut acts = Acts::default();
        let other = ViewportId::from_hash_of("torn off");
        let mut input = RawInput {
            viewport_id: other,
            events: vec![button(true), button(false), button(true)],
            ..RawInput::default()
        };
        acts.part(&ctx, &mut input);
        let mut root = RawInput::default();
        acts.part(&ctx, &mut root);
        assert!(root.events.is_empty());
        input.events.clear();
        acts.part(&ctx, &mut input);
        assert_eq!(input.events, [button(true)]);
    }
}
