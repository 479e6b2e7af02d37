//! Rows of tables and lists.

use egui::{
    Align, InnerResponse, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, vec2,
};

use crate::control::{Selected, focus_ring};
use crate::tokens::{Theme, radius, size};

/// A row over the full width: hover, selection bar at the left, divider below.
#[must_use = "a row that is not shown does nothing"]
pub struct ListRow<'a> {
    name: &'a str,
    selected: Selected,
    height: f32,
    padding: f32,
}

impl<'a> ListRow<'a> {
    /// A row with an accessible name that is unique in its list.
    pub fn new(name: &'a str) -> Self {
        Self {
            name,
            selected: Selected::No,
            height: size::TABLE_ROW,
            padding: 12.0,
        }
    }

    /// Shows the row as the chosen one.
    pub fn selected(mut self, selected: impl Into<Selected>) -> Self {
        self.selected = selected.into();
        self
    }

    /// The height, in points.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Shows the row; contents are laid out from the left, centred on the height. The response is the row's own.
    pub fn show<R>(self, ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        let theme = Theme::of(ui.ctx());
        let wanted = vec2(ui.available_width(), self.height);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            WidgetInfo::selected(Role::Row, enabled, self.selected.is_yes(), self.name)
        });
        if self.selected.is_yes() {
            ui.painter().rect_filled(rect, 0, theme.acbg);
            let bar = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
            ui.painter().rect_filled(bar, 0, theme.ac);
        } else if response.contains_pointer() {
            ui.painter().rect_filled(rect, 0, theme.bg3);
        }
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(1.0, theme.st1),
        );
        let builder = UiBuilder::new()
            .id_salt(("row", self.name))
            .max_rect(rect.shrink2(vec2(self.padding, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut child = ui.new_child(builder);
        child.set_clip_rect(rect.intersect(ui.clip_rect()));
        let inner = add_contents(&mut child);
        let ring = response.clone().with_new_rect(rect.shrink(3.0));
        focus_ring(ui, &ring, radius::BADGE);
        InnerResponse::new(inner, response)
    }
}
