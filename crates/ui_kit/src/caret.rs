//! The small arrow that says: more opens here.

use crate::icon::Icon;
use crate::line::Line;
use crate::tokens::size;
use egui::Color32;

/// Adds the arrow of a drop-down to a line.
pub(crate) fn push_caret(line: &mut Line, color: Color32) {
    line.icon(Icon::CaretDown, size::ICON_CARET, color);
}
