//! Remembers whether keyboard focus was moved by the keyboard, because only then a ring is drawn.

use egui::{Context, Event, Key, Plugin, RawInput};

/// Watches the input of every pass.
#[derive(Default)]
pub(crate) struct FocusSource {
    from_keyboard: Source,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Source {
    #[default]
    Pointer,
    Keyboard,
}

impl Plugin for FocusSource {
    fn debug_name(&self) -> &'static str {
        "focus source"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        for event in &input.events {
            match event {
                Event::PointerButton { pressed: true, .. } => {
                    self.from_keyboard = Source::Pointer;
                }
                Event::Key {
                    key: Key::Tab | Key::F6,
                    pressed: true,
                    ..
                } => self.from_keyboard = Source::Keyboard,
                Event::AccessKitActionRequest(_) => self.from_keyboard = Source::Keyboard,
                _ => {}
            }
        }
    }
}

/// True when the last move of focus came from Tab, F6 or an assistive device.
///
/// False in a window that [`crate::install`] has not prepared.
#[must_use]
pub fn focus_is_from_keyboard(ctx: &Context) -> bool {
    ctx.with_plugin(|source: &mut FocusSource| source.from_keyboard == Source::Keyboard)
        .unwrap_or(false)
}
