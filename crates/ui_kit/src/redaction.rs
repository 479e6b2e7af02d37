//! Bars in place of text that must not be shown.

use egui::{CornerRadius, Rect, Sense, Ui, vec2};

use crate::tokens::Theme;

/// Lengths as shares of the width. They are constants on purpose: a length taken from the text would tell of it.
const LENGTHS: [f32; 4] = [0.96, 0.82, 0.90, 0.48];

/// Shows four bars of fixed length over the available width.
///
/// Takes no text and no length, so that nothing about the hidden text can be read off.
pub fn redaction_bars(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(
        vec2(width, LENGTHS.len() as f32 * 15.0 - 7.0),
        Sense::hover(),
    );
    for (bar_idx, length) in LENGTHS.iter().enumerate() {
        let corner = rect.min + vec2(0.0, bar_idx as f32 * 15.0);
        let bar = Rect::from_min_size(corner, vec2(width * length, 8.0));
        ui.painter()
            .rect_filled(bar, CornerRadius::same(3), theme.redaction);
    }
}
