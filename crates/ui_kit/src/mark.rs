//! Small marks: who read, which item, whose session, and the two rings of the brand.

use egui::{
    Color32, CornerRadius, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, vec2,
};

use crate::icon::Icon;
use crate::key_cap::plain_keys;
use crate::line::{Line, paint_galley};
use crate::tokens::{Theme, radius, size};
use crate::typography::Kind;

/// Side of the mark of a reader, points.
const MARK: f32 = 16.0;

/// Whose read something belongs to. Shape differs as well as colour: square, round, square, round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// "1", square.
    First,
    /// "2", round.
    Second,
    /// "A", square.
    A,
    /// "B", round.
    B,
}

impl Reader {
    fn figure(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Second => "2",
            Self::A => "A",
            Self::B => "B",
        }
    }

    fn corner(self) -> u8 {
        match self {
            Self::First | Self::A => radius::BADGE,
            Self::Second | Self::B => 8,
        }
    }

    fn colors(self, theme: &Theme) -> (Color32, Color32) {
        let [first, second, a, b] = theme.on_reader;
        match self {
            Self::First => (theme.r1.ink, first),
            Self::Second => (theme.r2.ink, second),
            Self::A => (theme.ra.ink, a),
            Self::B => (theme.rb.ink, b),
        }
    }
}

fn named(ui: &mut Ui, size: Vec2, name: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, name));
    (rect, response)
}

/// The 16 point mark of a reader; `name` says in words whose it is.
pub fn reader_mark(ui: &mut Ui, reader: Reader, name: &str) -> Response {
    let (rect, response) = named(ui, Vec2::splat(MARK), name);
    paint_reader_mark(ui.painter(), rect.center(), reader, Theme::of(ui.ctx()));
    response
}

/// Paints the mark of a reader about a point.
pub(crate) fn paint_reader_mark(painter: &Painter, at: Pos2, reader: Reader, theme: &Theme) {
    let (fill, ink) = reader.colors(theme);
    let rect = Rect::from_center_size(at, Vec2::splat(MARK));
    painter.rect_filled(rect, CornerRadius::same(reader.corner()), fill);
    let figure = reader.figure().to_owned();
    let galley = painter.layout_no_wrap(figure, Kind::BADGE.font_id(), ink);
    paint_galley(painter, rect.center(), &galley, ink);
}

/// The badge of a numbered item, such as "F1", in the colours given.
pub fn id_badge(ui: &mut Ui, id: &str, fill: Color32, ink: Color32) -> Response {
    let galley = ui
        .painter()
        .layout_no_wrap(id.to_owned(), Kind::BADGE.font_id(), ink);
    let (rect, response) = named(ui, vec2((galley.size().x + 8.0).ceil(), 16.0), id);
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::BADGE), fill);
    paint_galley(ui.painter(), rect.center(), &galley, ink);
    response
}

/// Paints a round count at the top right of a picture, ending at `right_top`.
pub fn count_badge(painter: &Painter, right_top: Pos2, count: &str, fill: Color32, ink: Color32) {
    let galley = painter.layout_no_wrap(count.to_owned(), Kind::BADGE.font_id(), ink);
    let width = (galley.size().x + 10.0).max(16.0);
    let rect = Rect::from_min_size(right_top - vec2(width, 0.0), vec2(width, 15.0));
    painter.rect_filled(rect, CornerRadius::same(8), fill);
    paint_galley(painter, rect.center(), &galley, ink);
}

/// A badge of the top bar, 22 points high: an icon in its own colour and a word.
pub fn outlined_badge(ui: &mut Ui, icon: Icon, icon_color: Color32, word: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let mut line = Line::new(ui);
    line.icon(icon, size::ICON_INLINE, icon_color);
    line.gap(5.0);
    line.word(word, Kind::LABEL, theme.t2);
    let (rect, response) = named(ui, vec2((line.width() + 16.0).ceil(), 22.0), word);
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(radius::CHIP),
        Stroke::new(1.0, theme.st2),
        StrokeKind::Inside,
    );
    line.paint(
        ui.painter(),
        rect.left_center() + vec2(8.0, 0.0),
        theme.t2,
        plain_keys(theme),
    );
    response
}

/// The round mark of the person at the desk: initials, 24 points wide.
pub fn avatar(ui: &mut Ui, initials: &str, name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = named(ui, Vec2::splat(24.0), name);
    ui.painter().circle_filled(rect.center(), 12.0, theme.bg5);
    let galley = ui.painter().layout_no_wrap(
        initials.to_owned(),
        Kind::BADGE.semibold().font_id(),
        theme.t1,
    );
    paint_galley(ui.painter(), rect.center(), &galley, theme.t1);
    response
}

/// The brand: two overlapping rings, first and second read. `height` is 16 in the top bar.
pub fn brand_rings(ui: &mut Ui, height: f32) -> Response {
    let theme = Theme::of(ui.ctx());
    let scale = height / 16.0;
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 16.0) * scale, Sense::hover());
    let width = if 2.0 < scale { 1.0 } else { 1.8 };
    for (x, color) in [(8.0, theme.r1.ink), (14.0, theme.r2.ink)] {
        ui.painter().circle_stroke(
            rect.min + vec2(x, 8.0) * scale,
            6.6 * scale,
            Stroke::new(width * scale, color),
        );
    }
    response
}
