//! Offers to undo, at the foot of the window. Never for faults: those stay.

use std::collections::VecDeque;

use egui::{Align2, Area, Context, CornerRadius, Frame, Id, Margin, Order, Stroke, vec2};

use crate::button::Button;
use crate::icon::{Icon, IconWeight};
use crate::label::{icon_label, text_label};
use crate::tokens::{Theme, duration_s, radius, size};
use crate::typography::Kind;

/// More than this many offers at once would hide the picture; older ones make way.
const MAX_SHOWN: usize = 3;

#[derive(Clone, Debug)]
struct Toast {
    number: u64,
    icon: Icon,
    text: String,
    undo: Option<String>,
    until_s: Option<f64>,
}

/// What the reader did with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastEvent {
    /// Pressed the undo of the offer with this number.
    Undo(u64),
}

/// The offers that are on screen.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    shown: VecDeque<Toast>,
    next_number: u64,
}

/// From the foot of a toast to that of the one above, points.
const STEP: f32 = 48.0;

impl Toasts {
    /// Adds an offer: what was done, and the word of the button that takes it back (`None` shows no button).
    ///
    /// Returns the number that [`ToastEvent::Undo`] will carry.
    pub fn push(&mut self, icon: Icon, text: impl Into<String>, undo: Option<&str>) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.shown.push_back(Toast {
            number,
            icon,
            text: text.into(),
            undo: undo.map(str::to_owned),
            until_s: None,
        });
        while MAX_SHOWN < self.shown.len() {
            self.shown.pop_front();
        }
        number
    }

    /// Takes one offer away, because what it offers was done another way.
    pub fn remove(&mut self, number: u64) {
        self.shown.retain(|toast| toast.number != number);
    }

    /// True when nothing is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Shows the offers, each for eight seconds, with the keys that undo the newest; the lowest ends `above_bottom` points
    /// over the bottom of the window.
    pub fn show(&mut self, ctx: &Context, above_bottom: f32, keys: &[&str]) -> Option<ToastEvent> {
        let now_s = ctx.input(|i| i.time);
        for toast in &mut self.shown {
            toast.until_s.get_or_insert(now_s + duration_s::TOAST);
        }
        self.shown
            .retain(|toast| toast.until_s.is_none_or(|until_s| now_s < until_s));
        let next_end = self
            .shown
            .iter()
            .filter_map(|toast| toast.until_s)
            .fold(f64::MAX, f64::min);
        if next_end < f64::MAX {
            ctx.request_repaint_after_secs((next_end - now_s) as f32);
        }
        let mut event = None;
        for (place, toast) in self.shown.iter().rev().enumerate() {
            let keys = if place == 0 { keys } else { &[] };
            if toast_ui(ctx, toast, above_bottom + place as f32 * STEP, keys) {
                event = Some(ToastEvent::Undo(toast.number));
            }
        }
        if let Some(ToastEvent::Undo(number)) = event {
            self.remove(number);
        }
        event
    }
}

fn toast_ui(ctx: &Context, toast: &Toast, lift: f32, keys: &[&str]) -> bool {
    let theme = Theme::of(ctx);
    Area::new(Id::unique(("toast", toast.number)))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -lift))
        .show(ctx, |ui| {
            Frame::new()
                .fill(theme.bg3)
                .stroke(Stroke::new(1.0, theme.st2))
                .corner_radius(CornerRadius::same(radius::CARD))
                .inner_margin(Margin::symmetric(12, 7))
                .shadow(ui.visuals().popup_shadow)
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        icon_label(ui, toast.icon, IconWeight::Regular, size::ICON, theme.t2);
                        text_label(ui, &toast.text, Kind::BODY, theme.t1);
                        ui.add_space(24.0);
                        toast.undo.as_ref().is_some_and(|undo| {
                            ui.add(Button::link(undo).small().keys(keys)).clicked()
                        })
                    })
                    .inner
                })
                .inner
        })
        .inner
}
