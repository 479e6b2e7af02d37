//! The tabs of the top bar.

use egui::{Color32, CornerRadius, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::control::{Selected, faded, focus_ring};
use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, radius, size};
use crate::typography::Kind;

/// Width that the cross takes at the end of a tab.
const CROSS: f32 = 20.0;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab<'a> {
    /// The word on the tab.
    pub label: &'a str,
    /// The icon before the word.
    pub icon: Option<Icon>,
    /// Colour of the icon; `None` is the colour of the word.
    pub icon_color: Option<Color32>,
    /// Accessible name of the cross; `None` for a tab that cannot be closed.
    pub close_name: Option<&'a str>,
}

/// What the reader did to the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabEvent {
    /// Chose the tab with this index.
    Select(usize),
    /// Closed the tab with this index, by its cross or the middle button.
    Close(usize),
}

/// Shows tabs in a line.
pub fn tab_strip(ui: &mut Ui, tabs: &[Tab<'_>], selected_idx: Option<usize>) -> Option<TabEvent> {
    let mut event = None;
    ui.spacing_mut().item_spacing.x = 2.0;
    for (tab_idx, tab) in tabs.iter().enumerate() {
        let selected = Selected::from(selected_idx == Some(tab_idx));
        let (response, cross) = tab_ui(ui, tab, selected);
        if cross.is_some_and(|cross| cross.clicked())
            || (tab.close_name.is_some() && response.middle_clicked())
        {
            event = Some(TabEvent::Close(tab_idx));
        } else if response.clicked() {
            event = Some(TabEvent::Select(tab_idx));
        }
    }
    event
}

fn tab_ui(ui: &mut Ui, tab: &Tab<'_>, selected: Selected) -> (Response, Option<Response>) {
    let theme = Theme::of(ui.ctx());
    let mut line = Line::new(ui);
    if let Some(icon) = tab.icon {
        line.icon(
            icon,
            size::ICON_INLINE,
            tab.icon_color.unwrap_or(FOREGROUND),
        );
        line.gap(7.0);
    }
    line.word(tab.label, Kind::CONTROL, FOREGROUND);
    let cross_width = if tab.close_name.is_some() { CROSS } else { 0.0 };
    let width = (line.width() + 20.0 + cross_width).ceil();
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Tab, enabled, selected.is_yes(), tab.label));
    let (fill, ink) = match selected {
        Selected::Yes => (theme.bg4, theme.t1),
        Selected::No => {
            let ink = if response.hovered() {
                theme.t1
            } else {
                theme.t2
            };
            (faded(ui, &response, Color32::TRANSPARENT, theme.bg3), ink)
        }
    };
    let corner = CornerRadius::same(radius::CONTROL);
    ui.painter().rect_filled(rect, corner, fill);
    let start = rect.left_center() + vec2(10.0, 0.0);
    line.paint(ui.painter(), start, ink, plain_keys(theme));
    focus_ring(ui, &response, radius::CONTROL);
    let cross = tab
        .close_name
        .map(|name| cross_ui(ui, &response, rect, name));
    (response, cross)
}

fn cross_ui(ui: &Ui, tab: &Response, rect: Rect, name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let center = pos2(rect.right() - 16.0, rect.center().y);
    let area = Rect::from_center_size(center, Vec2::splat(20.0));
    let cross = ui.interact(area, tab.id.with("close"), Sense::click());
    let enabled = ui.is_enabled();
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let fill = faded(ui, &cross, Color32::TRANSPARENT, theme.bg5);
    ui.painter()
        .rect_filled(area.shrink(1.0), CornerRadius::same(radius::KEY), fill);
    let ink = if cross.hovered() { theme.t1 } else { theme.t3 };
    let mut line = Line::new(ui);
    line.icon(Icon::X, size::ICON_CARET, ink);
    let start = pos2(center.x - line.width() / 2.0, center.y);
    line.paint(ui.painter(), start, ink, plain_keys(theme));
    focus_ring(ui, &cross, radius::KEY);
    cross
}
