//! The drawing of a key.

use egui::{Response, Sense, Ui, vec2};

use crate::line::{KeyLook, Line};
use crate::tokens::Theme;

/// Key caps on panels, cards and dialogs.
pub(crate) fn plain_keys(theme: &Theme) -> KeyLook {
    KeyLook {
        text: theme.t2,
        fill: theme.bg4,
        edge: theme.st2,
    }
}

/// Key caps on the main button.
pub(crate) fn keys_on_accent(theme: &Theme) -> KeyLook {
    KeyLook {
        text: theme.on_acf,
        fill: theme.on_acf.gamma_multiply(0.14),
        edge: egui::Color32::TRANSPARENT,
    }
}

/// Shows one key, such as `Esc`.
pub fn key_cap(ui: &mut Ui, key: &str) -> Response {
    key_caps(ui, &[key])
}

/// Shows keys that are pressed together, such as `Ctrl` and `K`.
pub fn key_caps(ui: &mut Ui, keys: &[&str]) -> Response {
    let theme = Theme::of(ui.ctx());
    let mut line = Line::new(ui);
    line.keys(keys);
    let (rect, response) = ui.allocate_exact_size(vec2(line.width(), 18.0), Sense::hover());
    line.paint(
        ui.painter(),
        rect.left_center(),
        theme.t2,
        plain_keys(theme),
    );
    response
}
