//! Dialogs: panels that can be moved and that do not block what is behind them.

use egui::{
    Align, Context, CornerRadius, Frame, Id, Key, LayerId, Layout, Margin, Order, Pos2, Sense,
    Stroke, Ui, UiBuilder, Window, vec2,
};

use crate::icon::{Icon, IconWeight};
use crate::icon_button::IconButton;
use crate::label::{icon_label, text_label};
use crate::tokens::{Theme, radius, size, space};
use crate::typography::Kind;

/// Height of the head of a dialog.
const HEAD: f32 = 50.0;

/// A dialog with a title and a cross. Esc closes it.
#[must_use = "a dialog that is not shown does nothing"]
pub struct Dialog<'a> {
    title: &'a str,
    close_name: &'a str,
    subtitle: &'a str,
    icon: Option<Icon>,
    width: f32,
    top_left: Option<Pos2>,
}

impl<'a> Dialog<'a> {
    /// `close_name` is the accessible name and tooltip of the cross.
    pub fn new(title: &'a str, close_name: &'a str) -> Self {
        Self {
            title,
            close_name,
            subtitle: "",
            icon: None,
            width: 520.0,
            top_left: None,
        }
    }

    /// A hint after the title.
    pub fn subtitle(mut self, subtitle: &'a str) -> Self {
        self.subtitle = subtitle;
        self
    }

    /// An icon before the title.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The width, in points; less where the window is narrower.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Where it opens first; the middle of the window unless said otherwise.
    pub fn top_left(mut self, top_left: Pos2) -> Self {
        self.top_left = Some(top_left);
        self
    }

    /// Shows the dialog while `open`; the cross and Esc set it to false. `None` while it is closed.
    ///
    /// Contents reach from edge to edge, so that a foot can have its own ground; give them a margin of
    /// [`space::DIALOG`].
    pub fn show<R>(
        self,
        ctx: &Context,
        open: &mut bool,
        add_contents: impl FnOnce(&mut Ui) -> R,
    ) -> Option<R> {
        if !*open {
            return None;
        }
        let theme = Theme::of(ctx);
        let room = ctx.content_rect();
        let width = self.width.min(room.width() - 2.0 * space::DIALOG);
        let frame = Frame::new()
            .fill(theme.bg3)
            .stroke(Stroke::new(1.0, theme.st2))
            .corner_radius(CornerRadius::same(radius::DIALOG))
            .shadow(ctx.global_style().visuals.window_shadow)
            .inner_margin(Margin::ZERO);
        let first_pos = self.top_left.unwrap_or_else(|| {
            Pos2::new(
                room.center().x - width / 2.0,
                room.top() + room.height() * 0.14,
            )
        });
        let shown = Window::new(self.title)
            .id(Id::unique(("dialog", self.title)))
            .order(Order::Foreground)
            .title_bar(false)
            .resizable(false)
            .collapsible(false)
            .frame(frame)
            .default_pos(first_pos)
            // What scrolls inside has this room; a dialog with less in it is as high as that.
            .default_height(room.height() * 0.76)
            .min_width(width)
            .max_width(width)
            .show(ctx, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.set_width(width);
                let closed = self.head(ui);
                ui.spacing_mut().item_spacing.y = space::MEDIUM;
                (add_contents(ui), closed)
            });
        let (inner, closed) = shown?.inner?;
        let has_popup = egui::Popup::is_any_open(ctx);
        if closed || (!has_popup && ctx.input(|i| i.key_pressed(Key::Escape))) {
            *open = false;
        }
        Some(inner)
    }

    fn head(&self, ui: &mut Ui) -> bool {
        let theme = Theme::of(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, theme.st1),
        );
        let builder = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(space::DIALOG, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut head = ui.new_child(builder);
        if let Some(icon) = self.icon {
            icon_label(
                &mut head,
                icon,
                IconWeight::Regular,
                size::ICON_TOOL,
                theme.t2,
            );
        }
        text_label(&mut head, self.title, Kind::TITLE, theme.t1);
        if !self.subtitle.is_empty() {
            text_label(&mut head, self.subtitle, Kind::LABEL, theme.t3);
        }
        head.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(IconButton::new(Icon::X, self.close_name).keys(&["Esc"]))
                .clicked()
        })
        .inner
    }
}

/// Darkens the window and what floats in it, behind a palette or a dialog.
pub fn paint_scrim(ui: &Ui, color: egui::Color32) {
    // A layer that is no area is painted after all areas of its order.
    let layer = LayerId::new(Order::Middle, Id::unique("scrim"));
    let painter = ui.ctx().layer_painter(layer);
    painter.rect_filled(ui.ctx().content_rect(), 0, color);
}
