//! Wheels whose turns arrive twice.
//!
//! On an X display the window library takes turns from the axes that a pointer scrolls with. Where no pointer has such an
//! axis (virtual and remote displays), a turn is the press of a button and its release, and the library reports both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::{Event, MouseWheelUnit, RawInput};

/// Leaves out the second of each pair.
#[derive(Debug, Default)]
pub(crate) struct WheelPairs {
    come_twice: Arc<AtomicBool>,
    /// Was the last turn the first of a pair?
    is_second: bool,
}

impl WheelPairs {
    /// Asks the display on a thread of its own, so that no frame waits for it. The window must stand already.
    pub(crate) fn ask() -> Self {
        let come_twice = Arc::new(AtomicBool::new(false));
        let answer = Arc::clone(&come_twice);
        // Without the thread turns count as they come.
        let _ = std::thread::Builder::new()
            .name("wheel".into())
            .spawn(move || answer.store(display::has_no_scroll_axis(), Ordering::Relaxed));
        Self {
            come_twice,
            is_second: false,
        }
    }

    /// Takes the second turn of each pair out of an input.
    pub(crate) fn thin(&mut self, input: &mut RawInput) {
        if !self.come_twice.load(Ordering::Relaxed) {
            return;
        }
        input.events.retain(|event| {
            let is_turn = matches!(
                event,
                Event::MouseWheel {
                    unit: MouseWheelUnit::Line,
                    ..
                }
            );
            if !is_turn {
                return true;
            }
            self.is_second = !self.is_second;
            self.is_second
        });
    }
}

#[cfg(target_os = "linux")]
mod display {
    use x11rb::protocol::xinput::{ConnectionExt, Device, DeviceClassData};

    /// Is it an X display none of whose pointers scrolls with an axis? `false` where that cannot be found out.
    pub(super) fn has_no_scroll_axis() -> bool {
        let is_x = std::env::var_os("WAYLAND_DISPLAY").is_none();
        is_x && ask() == Some(false)
    }

    fn ask() -> Option<bool> {
        let (display, _) = x11rb::connect(None).ok()?;
        display.xinput_xi_query_version(2, 1).ok()?.reply().ok()?;
        let all = display.xinput_xi_query_device(Device::ALL).ok()?;
        let devices = all.reply().ok()?.infos;
        let mut classes = devices.iter().flat_map(|device| &device.classes);
        Some(classes.any(|class| matches!(class.data, DeviceClassData::Scroll(_))))
    }
}

/// Elsewhere turns come once.
#[cfg(not(target_os = "linux"))]
mod display {
    pub(super) fn has_no_scroll_axis() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, MouseWheelSource, TouchPhase, vec2};

    use super::*;

    fn input(turns: &[f32]) -> RawInput {
        let turn = |y: &f32| Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, *y),
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: MouseWheelSource::Unknown,
        };
        let mut events: Vec<Event> = turns.iter().map(turn).collect();
        events.insert(0, Event::Copy);
        RawInput {
            events,
            ..RawInput::default()
        }
    }

    #[test]
    fn of_turns_that_come_twice_one_stays_also_when_a_pair_is_split() {
        for (twice, inputs, expected) in [
            (false, vec![vec![1.0, 1.0], vec![1.0]], vec![2, 1]),
            (true, vec![vec![1.0, 1.0], vec![-1.0, -1.0]], vec![1, 1]),
            (
                true,
                vec![vec![1.0], vec![1.0, 1.0], vec![1.0]],
                vec![1, 1, 0],
            ),
        ] {
            let mut pairs = WheelPairs::default();
            pairs.come_twice.store(twice, Ordering::Relaxed);
            let n_turns = |turns: &Vec<f32>| {
                let mut input = input(turns);
                pairs.thin(&mut input);
                assert_eq!(input.events.first(), Some(&Event::Copy));
                input.events.len() - 1
            };
            let left: Vec<usize> = inputs.iter().map(n_turns).collect();
            assert_eq!(left, expected, "twice: {twice}, {inputs:?}");
        }
    }
}
