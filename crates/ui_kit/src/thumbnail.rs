//! The frame of a series: picture, coverage, name, count.

use egui::{
    Color32, CornerRadius, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, TextureId, Ui,
    Widget, WidgetInfo, pos2, vec2,
};

use crate::control::{Selected, focus_ring};
use crate::icon::{Icon, IconWeight};
use crate::key_cap::plain_keys;
use crate::line::{Line, paint_galley};
use crate::mark::count_badge;
use crate::progress::{coverage_color, paint_bar};
use crate::tokens::{Theme, over_image, radius};
use crate::typography::Kind;

/// Height of bar, name and count below the picture.
const CAPTION_HEIGHT: f32 = 46.0;

/// A thumbnail over the available width.
#[must_use = "a thumbnail that is not added does not show"]
pub struct Thumbnail<'a> {
    name: &'a str,
    count: &'a str,
    picture: Option<(TextureId, Rect)>,
    icon: Icon,
    coverage: Option<f32>,
    badge: Option<&'a str>,
    selected: Selected,
    picture_height: f32,
    caption_tint: Option<Color32>,
}

impl<'a> Thumbnail<'a> {
    /// A frame with an icon in place of the picture.
    pub fn new(name: &'a str, count: &'a str) -> Self {
        Self {
            name,
            count,
            picture: None,
            icon: Icon::Image,
            coverage: None,
            badge: None,
            selected: Selected::No,
            picture_height: 76.0,
            caption_tint: None,
        }
    }

    /// The picture, and the part of it to show in texture coordinates 0 to 1.
    pub fn picture(mut self, texture: TextureId, uv: Rect) -> Self {
        self.picture = Some((texture, uv));
        self
    }

    /// The icon to show while there is no picture.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// The share that was looked at, 0 to 1.
    pub fn coverage(mut self, share: f32) -> Self {
        self.coverage = Some(share);
        self
    }

    /// A count on the picture.
    pub fn badge(mut self, badge: &'a str) -> Self {
        self.badge = Some(badge);
        self
    }

    /// Shows the frame as the chosen one.
    pub fn selected(mut self, selected: impl Into<Selected>) -> Self {
        self.selected = selected.into();
        self
    }

    /// The height of the picture, in points; 76 unless said otherwise.
    pub fn picture_height(mut self, height: f32) -> Self {
        self.picture_height = height;
        self
    }

    /// The colour of the count, when it says something.
    pub fn caption_tint(mut self, color: Color32) -> Self {
        self.caption_tint = Some(color);
        self
    }

    fn picture_ui(&self, ui: &Ui, frame: Rect) {
        let area = Rect::from_min_size(
            frame.min + vec2(1.0, 1.0),
            vec2(frame.width() - 2.0, self.picture_height),
        );
        let corner = CornerRadius {
            nw: radius::CHIP,
            ne: radius::CHIP,
            sw: 0,
            se: 0,
        };
        let painter = ui.painter();
        painter.rect_filled(area, corner, Theme::of(ui.ctx()).bg0);
        match self.picture {
            Some((texture, uv)) => {
                painter.image(texture, area, uv, Color32::WHITE);
            }
            None => {
                let galley = painter.layout_no_wrap(
                    self.icon.glyph(IconWeight::Regular).to_string(),
                    FontId::new(26.0, IconWeight::Regular.family()),
                    over_image::LETTER,
                );
                paint_galley(painter, area.center(), &galley, over_image::LETTER);
            }
        }
        if let Some(badge) = self.badge {
            let corner = area.right_top() + vec2(-4.0, 4.0);
            count_badge(
                painter,
                corner,
                badge,
                over_image::SECOND,
                over_image::BADGE_TEXT,
            );
        }
    }

    fn caption_ui(&self, ui: &Ui, frame: Rect) {
        let theme = Theme::of(ui.ctx());
        let top = frame.top() + 1.0 + self.picture_height;
        let left = frame.left() + 7.0;
        let right = frame.right() - 7.0;
        if let Some(share) = self.coverage {
            let bar = Rect::from_min_max(pos2(left, top + 5.0), pos2(right, top + 9.0));
            paint_bar(ui, bar, share, coverage_color(theme, share));
        }
        let mut name = Line::new(ui);
        name.elided_word(self.name, Kind::HINT, theme.t1, right - left);
        name.paint(
            ui.painter(),
            pos2(left, top + 20.0),
            theme.t1,
            plain_keys(theme),
        );
        let mut count = Line::new(ui);
        let count_color = self.caption_tint.unwrap_or(theme.t3);
        count.word(self.count, Kind::MONO_SMALL, count_color);
        count.paint(
            ui.painter(),
            pos2(left, top + 34.0),
            theme.t3,
            plain_keys(theme),
        );
        if let Some(share) = self.coverage {
            let color = if coverage_color(theme, share) == theme.ok {
                theme.ok
            } else {
                theme.t2
            };
            let mut percent = Line::new(ui);
            percent.word(&format!("{:.0}%", share * 100.0), Kind::MONO_SMALL, color);
            let start = pos2(right - percent.width(), top + 34.0);
            percent.paint(ui.painter(), start, color, plain_keys(theme));
        }
    }
}

impl Widget for Thumbnail<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let theme = Theme::of(ui.ctx());
        let wanted = vec2(ui.available_width(), self.picture_height + CAPTION_HEIGHT);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click_and_drag());
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            let mut info = WidgetInfo::selected(
                Role::ListBoxOption,
                enabled,
                self.selected.is_yes(),
                self.name,
            );
            info.current_text_value = Some(match self.coverage {
                Some(share) => format!("{}, {:.0}%", self.count, share * 100.0),
                None => self.count.to_owned(),
            });
            info
        });
        let corner = CornerRadius::same(radius::CONTROL);
        let (fill, edge) = match (self.selected, response.hovered()) {
            (Selected::Yes, _) => (theme.bg3, theme.ac),
            (Selected::No, true) => (theme.bg4, theme.st2),
            (Selected::No, false) => (theme.bg3, theme.st1),
        };
        ui.painter().rect_filled(rect, corner, fill);
        self.picture_ui(ui, rect);
        self.caption_ui(ui, rect);
        ui.painter()
            .rect_stroke(rect, corner, Stroke::new(1.0, edge), StrokeKind::Inside);
        focus_ring(ui, &response, radius::CONTROL);
        response
    }
}
