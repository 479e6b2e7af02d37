//! Small panels that stand in a corner of the active view: charts and histograms.

use egui::{Area, CornerRadius, Frame, Id, Margin, Order, Rect, Stroke, Ui, pos2};
use ui_kit::{Icon, IconButton, Kind, Theme, radius, text_label};

use crate::bar::sides;

/// Between the panel and the edges of the view, points; below, the scale and the strip go on.
const MARGIN: f32 = 12.0;
const BELOW: f32 = 44.0;
/// Between the frame and what is in it, points.
const INSET: i8 = 8;
/// Height of all that is not the drawing: head, numbers below, insets.
const AROUND: f32 = 66.0;

/// Which corner of the view.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Corner {
    LowerLeft,
    LowerRight,
}

/// A panel over a view.
pub(super) struct Panel<'a> {
    /// What tells it from others.
    pub name: &'static str,
    pub corner: Corner,
    pub heading: &'a str,
    /// What it is of.
    pub of: &'a str,
    /// Words of the cross.
    pub close: &'a str,
    /// Of the frame, points.
    pub width: f32,
    /// Of what is drawn, points.
    pub height: f32,
}

impl Panel<'_> {
    /// Draws it within `cell`, or as near as it fits into `area`. Did the reader close it?
    pub(super) fn show(
        &self,
        ui: &Ui,
        (cell, area): (Rect, Rect),
        add_contents: impl FnOnce(&mut Ui, &Theme),
    ) -> bool {
        let theme = Theme::of(ui.ctx());
        let mut is_closed = false;
        Area::new(Id::unique(self.name))
            .order(Order::Middle)
            .fixed_pos(self.place(cell, area).min)
            .show(ui.ctx(), |ui| {
                let frame = Frame::new()
                    .fill(theme.bg3)
                    .stroke(Stroke::new(1.0, theme.st1))
                    .corner_radius(CornerRadius::same(radius::CONTROL))
                    .inner_margin(Margin::same(INSET));
                frame.show(ui, |ui| {
                    ui.set_width(self.width - 2.0 * f32::from(INSET));
                    self.head_ui(ui, theme, &mut is_closed);
                    add_contents(ui, theme);
                });
            });
        is_closed
    }

    fn head_ui(&self, ui: &mut Ui, theme: &Theme, is_closed: &mut bool) {
        sides(
            ui,
            22.0,
            is_closed,
            |ui, _| {
                text_label(ui, self.heading, Kind::LABEL.medium(), theme.t1);
                text_label(ui, self.of, Kind::MONO_SMALL, theme.t2);
            },
            |ui, is_closed| {
                let close = IconButton::small(Icon::X, self.close);
                *is_closed |= ui.add(close).clicked();
            },
        );
    }

    fn place(&self, cell: Rect, area: Rect) -> Rect {
        let height = self.height + AROUND;
        let left = match self.corner {
            Corner::LowerLeft => cell.left() + MARGIN,
            Corner::LowerRight => cell.right() - MARGIN - 28.0 - self.width,
        };
        let top = cell.bottom() - BELOW - height;
        // A cell that is too small is left rather than the window.
        let left = left.min(area.right() - self.width).max(area.left());
        let top = top.min(area.bottom() - height).max(area.top());
        Rect::from_min_size(pos2(left, top), egui::vec2(self.width, height))
    }
}

/// A number at the left and one at the right, below a drawing.
pub(super) fn ends_ui(ui: &mut Ui, theme: &Theme, [first, last]: [&str; 2]) {
    sides(
        ui,
        18.0,
        &mut (),
        |ui, ()| {
            text_label(ui, first, Kind::MONO_SMALL, theme.t2);
        },
        |ui, ()| {
            text_label(ui, last, Kind::MONO_SMALL, theme.t2);
        },
    );
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[test]
    fn a_panel_stands_in_its_view_or_at_least_in_the_window() {
        let area = Rect::from_min_size(pos2(100.0, 50.0), vec2(1000.0, 800.0));
        for corner in [Corner::LowerLeft, Corner::LowerRight] {
            let panel = Panel {
                name: "",
                corner,
                heading: "",
                of: "",
                close: "",
                width: 320.0,
                height: 90.0,
            };
            let large = Rect::from_min_size(pos2(600.0, 50.0), vec2(500.0, 400.0));
            assert!(large.contains_rect(panel.place(large, area)));
            for at in [area.min, area.max - vec2(80.0, 60.0)] {
                let small = Rect::from_min_size(at, vec2(80.0, 60.0));
                assert!(area.contains_rect(panel.place(small, area)));
            }
        }
    }
}
