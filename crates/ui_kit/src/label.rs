//! Words and icons that are read and not pressed, and the one word that is pressed: a link.

use egui::{
    Align, FontId, Label, Response, RichText, Role, Sense, TextWrapMode, Ui, WidgetInfo,
    WidgetText, vec2,
};

use crate::control::focus_ring;
use crate::icon::{Icon, IconWeight};
use crate::key_cap::plain_keys;
use crate::line::Line;
use crate::tokens::{Theme, radius};
use crate::typography::Kind;

/// One line of text; where room is short it ends in an ellipsis and shows itself whole under the pointer.
pub fn text_label(ui: &mut Ui, text: &str, kind: Kind, color: egui::Color32) -> Response {
    ui.add(Label::new(kind.rich(text, color)).wrap_mode(TextWrapMode::Truncate))
}

/// Text over as many lines as it needs.
pub fn wrapped_label(ui: &mut Ui, text: &str, kind: Kind, color: egui::Color32) -> Response {
    let label = Label::new(kind.rich(text, color)).wrap_mode(TextWrapMode::Wrap);
    // Menus spread what is in them over their width; words are not to be spread.
    ui.add(label.halign(Align::LEFT))
}

/// An icon beside text. Its meaning must also be in the text: assistive devices do not see it.
pub fn icon_label(
    ui: &mut Ui,
    icon: Icon,
    weight: IconWeight,
    size: f32,
    color: egui::Color32,
) -> Response {
    let galley = ui.painter().layout_no_wrap(
        icon.glyph(weight).to_string(),
        FontId::new(size, weight.family()),
        color,
    );
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    crate::line::paint_galley(ui.painter(), rect.center(), &galley, color);
    response
}

/// The state of a thing: an icon in its own colour and a word, without a plate, so that tables stay calm.
pub fn status_word(
    ui: &mut Ui,
    (icon, weight): (Icon, IconWeight),
    icon_color: egui::Color32,
    (word, kind): (&str, Kind),
    color: egui::Color32,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let mut line = Line::new(ui);
    line.icon_of_weight(icon, weight, 15.0, icon_color);
    line.gap(7.0);
    line.word(word, kind, color);
    let (rect, response) = ui.allocate_exact_size(vec2(line.width(), 18.0), Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, word));
    line.paint(ui.painter(), rect.left_center(), color, plain_keys(theme));
    response
}

/// A word in the accent colour that does something, such as "Details".
pub fn hyperlink_word(ui: &mut Ui, text: &str, kind: Kind) -> Response {
    let theme = Theme::of(ui.ctx());
    let galley = WidgetText::from(RichText::new(text).font(kind.font_id()).color(theme.ac))
        .into_galley(
            ui,
            Some(TextWrapMode::Extend),
            f32::INFINITY,
            egui::TextStyle::Body,
        );
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), text));
    ui.painter().galley(rect.min, galley, theme.ac);
    if response.hovered() {
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 1.0,
            egui::Stroke::new(1.0, theme.ac),
        );
    }
    focus_ring(ui, &response, radius::BADGE);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}
