//! A row of choices of which one is on.

use egui::{
    Color32, CornerRadius, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::control::{faded, focus_ring};
use crate::key_cap::plain_keys;
use crate::line::{FOREGROUND, Line};
use crate::tokens::{Theme, radius, size, space};
use crate::typography::Kind;

/// One choice.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    label: &'a str,
    figure: Option<&'a str>,
    dot: Option<Color32>,
}

impl<'a> Segment<'a> {
    /// A choice with a word.
    #[must_use]
    pub fn new(label: &'a str) -> Self {
        Self {
            label,
            figure: None,
            dot: None,
        }
    }

    /// Puts a monospaced figure before the word.
    #[must_use]
    pub fn figure(mut self, figure: &'a str) -> Self {
        self.figure = Some(figure);
        self
    }

    /// Puts a coloured dot before the word while the choice is on.
    #[must_use]
    pub fn dot(mut self, color: Color32) -> Self {
        self.dot = Some(color);
        self
    }
}

impl<'a> From<&'a str> for Segment<'a> {
    fn from(label: &'a str) -> Self {
        Self::new(label)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    Quiet,
    Accent,
}

/// Choices side by side; exactly one is on, or none where nothing was chosen yet.
#[must_use = "choices that are not shown do nothing"]
pub struct Segmented<'a> {
    name: &'a str,
    segments: &'a [Segment<'a>],
    chosen_idx: Option<usize>,
    emphasis: Emphasis,
    width: Option<f32>,
}

impl<'a> Segmented<'a> {
    /// `name` keeps the choices apart from others on the screen; `chosen_idx` is `None` when nothing is chosen.
    pub fn new(name: &'a str, segments: &'a [Segment<'a>], chosen_idx: Option<usize>) -> Self {
        Self {
            name,
            segments,
            chosen_idx,
            emphasis: Emphasis::Quiet,
            width: None,
        }
    }

    /// Fills the chosen segment with the accent.
    pub fn accent(mut self) -> Self {
        self.emphasis = Emphasis::Accent;
        self
    }

    /// Spreads the choices evenly over a width, in points.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Shows the choices. Returns the index that was just pressed, also when it was on already.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let theme = Theme::of(ui.ctx());
        let lines: Vec<Line> = self
            .segments
            .iter()
            .enumerate()
            .map(|(segment_idx, segment)| {
                segment_line(ui, segment, self.chosen_idx == Some(segment_idx))
            })
            .collect();
        let inner_height = size::CONTROL_SMALL;
        let share = self
            .width
            .map(|width| (width - 4.0) / self.segments.len().max(1) as f32);
        let widths: Vec<f32> = lines
            .iter()
            .map(|line| share.unwrap_or((line.width() + 20.0).ceil()))
            .collect();
        let total = vec2(widths.iter().sum::<f32>() + 4.0, size::CONTROL);
        let (rect, group) = ui.allocate_exact_size(total, Sense::hover());
        let enabled = ui.is_enabled();
        group.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, enabled, self.name));
        ui.painter().rect(
            rect,
            CornerRadius::same(radius::CONTROL),
            theme.bg1,
            Stroke::new(1.0, theme.st2),
            StrokeKind::Inside,
        );
        let id = ui.make_persistent_id(("segmented", self.name));
        let mut pressed_idx = None;
        let mut left = rect.left() + 2.0;
        for (segment_idx, ((line, width), segment)) in
            lines.iter().zip(&widths).zip(self.segments).enumerate()
        {
            let area =
                Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(*width, inner_height));
            let clicked =
                self.segment_ui(ui, id.with(segment_idx), area, line, (segment_idx, segment));
            if clicked {
                pressed_idx = Some(segment_idx);
            }
            left += width;
        }
        pressed_idx
    }

    fn segment_ui(
        &self,
        ui: &Ui,
        id: Id,
        area: Rect,
        line: &Line,
        (segment_idx, segment): (usize, &Segment<'_>),
    ) -> bool {
        let theme = Theme::of(ui.ctx());
        let is_on = self.chosen_idx == Some(segment_idx);
        let response = ui.interact(area, id, Sense::click());
        let enabled = ui.is_enabled();
        response
            .widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, is_on, segment.label));
        let (fill, ink) = match (is_on, self.emphasis, enabled) {
            (_, _, false) => (Color32::TRANSPARENT, theme.td),
            (true, Emphasis::Quiet, true) => (theme.bg5, theme.t1),
            (true, Emphasis::Accent, true) => (theme.acf, theme.on_acf),
            (false, _, true) => {
                let ink = if response.hovered() {
                    theme.t1
                } else {
                    theme.t2
                };
                (faded(ui, &response, Color32::TRANSPARENT, theme.bg4), ink)
            }
        };
        ui.painter()
            .rect_filled(area, CornerRadius::same(radius::CHIP), fill);
        let start = pos2(area.center().x - line.width() / 2.0, area.center().y);
        line.paint(ui.painter(), start, ink, plain_keys(theme));
        focus_ring(ui, &response, radius::CHIP);
        response.clicked()
    }
}

fn segment_line(ui: &Ui, segment: &Segment<'_>, is_on: bool) -> Line {
    let mut line = Line::new(ui);
    if let Some(figure) = segment.figure {
        line.word(figure, Kind::MONO, FOREGROUND);
        line.gap(space::SMALL);
    }
    if let (Some(color), true) = (segment.dot, is_on) {
        line.dot(color);
        line.gap(space::SMALL);
    }
    let kind = if is_on {
        Kind::LABEL.medium()
    } else {
        Kind::LABEL
    };
    line.word(segment.label, kind, FOREGROUND);
    line
}
