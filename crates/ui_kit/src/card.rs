//! Cards: a thing of a list that can be chosen, with any contents.

use egui::{
    Color32, CornerRadius, Frame, InnerResponse, Margin, Role, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo,
};

use crate::control::{Selected, focus_ring, mix};
use crate::tokens::{Theme, radius};

/// A card that can be pressed as a whole; controls inside it keep their own presses.
#[must_use = "a card that is not shown does nothing"]
pub struct Card<'a> {
    name: &'a str,
    selected: Selected,
    edge: Option<Color32>,
    margin: Margin,
    corner: u8,
    sense: Sense,
}

impl<'a> Card<'a> {
    /// A card with an accessible name that is unique among its neighbours.
    pub fn new(name: &'a str) -> Self {
        Self {
            name,
            selected: Selected::No,
            edge: None,
            margin: Margin::same(8),
            corner: radius::CARD,
            sense: Sense::click(),
        }
    }

    /// A card that only holds things.
    pub fn plain(name: &'a str) -> Self {
        Self {
            sense: Sense::hover(),
            ..Self::new(name)
        }
    }

    /// Shows the card as the chosen one.
    pub fn selected(mut self, selected: impl Into<Selected>) -> Self {
        self.selected = selected.into();
        self
    }

    /// The colour of the edge, and 4 % of it in the fill, when the card is selected.
    pub fn edge(mut self, color: Color32) -> Self {
        self.edge = Some(color);
        self
    }

    /// The room between edge and contents.
    pub fn margin(mut self, margin: impl Into<Margin>) -> Self {
        self.margin = margin.into();
        self
    }

    /// The corner radius, in points.
    pub fn corner(mut self, corner: u8) -> Self {
        self.corner = corner;
        self
    }

    /// Shows the card over the available width. The response is the card's own.
    pub fn show<R>(self, ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        let theme = Theme::of(ui.ctx());
        let builder = UiBuilder::new()
            .id_salt(("card", self.name))
            .sense(self.sense);
        let mut inner = ui.scope_builder(builder, |ui| {
            let hovered = ui.response().contains_pointer() && self.sense.senses_click();
            let (fill, edge) = match (self.selected, self.edge) {
                (Selected::Yes, Some(edge)) => (mix(theme.bg3, edge, 0.06), edge),
                (Selected::Yes, None) => (theme.card_selected, theme.acst),
                (Selected::No, _) if hovered => (theme.bg4, theme.st2),
                (Selected::No, _) => (theme.bg3, theme.st1),
            };
            let frame = Frame::new()
                .fill(fill)
                .stroke(Stroke::new(1.0, edge))
                .corner_radius(CornerRadius::same(self.corner))
                .inner_margin(self.margin);
            frame
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    add_contents(ui)
                })
                .inner
        });
        if self.sense.senses_click() {
            let enabled = ui.is_enabled();
            inner.response.widget_info(|| {
                WidgetInfo::selected(
                    Role::ListBoxOption,
                    enabled,
                    self.selected.is_yes(),
                    self.name,
                )
            });
        }
        inner.response.rect = inner.response.rect.intersect(ui.clip_rect().expand(4.0));
        focus_ring(ui, &inner.response, self.corner);
        inner
    }
}
