//! Ribbons between two columns: cubic sides, a waist in the middle.

use egui::epaint::{Mesh, PathStroke};
use egui::{Color32, Painter, Pos2, Rangef, Shape, Stroke, pos2};

use crate::control::faint;
use crate::tokens::Theme;

/// Half of the height at the waist, in points.
const WAIST_HALF: f32 = 10.0;
/// Points along each half of a side.
const STEPS: usize = 20;

/// How much a ribbon calls for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    /// Both sides say the same.
    Quiet,
    /// The sides differ.
    Normal,
    /// The chosen one.
    Strong,
}

impl Emphasis {
    /// Opacity of fill and edge, and the width of the edge.
    fn look(self) -> (f32, f32, f32) {
        match self {
            Self::Quiet => (0.10, 0.30, 1.0),
            Self::Normal => (0.15, 0.50, 1.0),
            Self::Strong => (0.26, 0.95, 1.5),
        }
    }
}

/// One end of a ribbon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RibbonEnd {
    /// The ribbon reaches a card that spans these heights.
    Card(Rangef),
    /// Nothing is there: a dashed line leads to the empty place at this height.
    Absent(f32),
}

impl RibbonEnd {
    fn middle(self) -> f32 {
        match self {
            Self::Card(span) => span.center(),
            Self::Absent(y) => y,
        }
    }
}

/// A ribbon from the right edge of a left card to the left edge of a right card, in screen points.
#[derive(Clone, Copy, Debug)]
pub struct Ribbon {
    /// Where the left card ends.
    pub left_x: f32,
    /// Where the right card starts.
    pub right_x: f32,
    /// Left end.
    pub left: RibbonEnd,
    /// Right end.
    pub right: RibbonEnd,
    /// Colour of fill and edge.
    pub color: Color32,
    /// How much it calls for the eye.
    pub emphasis: Emphasis,
}

impl Ribbon {
    /// The middle of the waist, where a chip belongs.
    #[must_use]
    pub fn waist(&self) -> Pos2 {
        pos2(
            (self.left_x + self.right_x) / 2.0,
            (self.left.middle() + self.right.middle()) / 2.0,
        )
    }

    /// Upper and lower side of the part that has cards, left to right; both have the same number of points.
    fn sides(&self) -> (Vec<Pos2>, Vec<Pos2>) {
        let waist = self.waist();
        let mut upper = Vec::new();
        let mut lower = Vec::new();
        if let RibbonEnd::Card(span) = self.left {
            let start = self.left_x;
            upper.extend(half(
                pos2(start, span.min),
                pos2(waist.x, waist.y - WAIST_HALF),
            ));
            lower.extend(half(
                pos2(start, span.max),
                pos2(waist.x, waist.y + WAIST_HALF),
            ));
        }
        if let RibbonEnd::Card(span) = self.right {
            let end = self.right_x;
            upper.extend(half(
                pos2(waist.x, waist.y - WAIST_HALF),
                pos2(end, span.min),
            ));
            lower.extend(half(
                pos2(waist.x, waist.y + WAIST_HALF),
                pos2(end, span.max),
            ));
        }
        (upper, lower)
    }

    /// Paints the ribbon.
    pub fn paint(&self, painter: &Painter) {
        let (fill_opacity, edge_opacity, edge_width) = self.emphasis.look();
        let (upper, lower) = self.sides();
        painter.add(Shape::mesh(strip(
            &upper,
            &lower,
            faint(self.color, fill_opacity),
        )));
        let edge = PathStroke::new(edge_width, faint(self.color, edge_opacity));
        painter.line(upper, edge.clone());
        painter.line(lower, edge);
        self.paint_absent(painter);
    }

    fn paint_absent(&self, painter: &Painter) {
        let stroke = Stroke::new(1.0, Theme::of(painter.ctx()).st3);
        let waist = self.waist();
        for (end, edge_x) in [(self.left, self.left_x), (self.right, self.right_x)] {
            if let RibbonEnd::Absent(y) = end {
                let path = [pos2(edge_x, y), waist];
                painter.extend(Shape::dashed_line(&path, stroke, 3.0, 4.0));
            }
        }
    }
}

/// Points of a cubic that leaves and arrives level.
fn half(from: Pos2, to: Pos2) -> Vec<Pos2> {
    let middle = (from.x + to.x) / 2.0;
    (0..=STEPS)
        .map(|step| {
            let t = step as f32 / STEPS as f32;
            let s = 1.0 - t;
            let (b0, b1, b2, b3) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
            pos2(
                b0 * from.x + (b1 + b2) * middle + b3 * to.x,
                (b0 + b1) * from.y + (b2 + b3) * to.y,
            )
        })
        .collect()
}

fn strip(upper: &[Pos2], lower: &[Pos2], color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for (point_idx, (top, bottom)) in upper.iter().zip(lower).enumerate() {
        mesh.colored_vertex(*top, color);
        mesh.colored_vertex(*bottom, color);
        if 0 < point_idx {
            let last = 2 * point_idx as u32;
            mesh.add_triangle(last - 2, last - 1, last);
            mesh.add_triangle(last - 1, last, last + 1);
        }
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::{Emphasis, Ribbon, RibbonEnd, WAIST_HALF};
    use egui::{Color32, Rangef};

    fn ribbon(left: RibbonEnd, right: RibbonEnd) -> Ribbon {
        Ribbon {
            left_x: 100.0,
            right_x: 300.0,
            left,
            right,
            color: Color32::WHITE,
            emphasis: Emphasis::Normal,
        }
    }

    #[test]
    fn a_ribbon_meets_both_cards_and_is_twenty_points_high_at_the_waist() {
        let card = |min, max| RibbonEnd::Card(Rangef::new(min, max));
        let (upper, lower) = ribbon(card(10.0, 60.0), card(40.0, 120.0)).sides();
        assert_eq!(upper.first().map(|p| (p.x, p.y)), Some((100.0, 10.0)));
        assert_eq!(lower.first().map(|p| (p.x, p.y)), Some((100.0, 60.0)));
        assert_eq!(upper.last().map(|p| (p.x, p.y)), Some((300.0, 40.0)));
        assert_eq!(lower.last().map(|p| (p.x, p.y)), Some((300.0, 120.0)));
        let waist = upper
            .iter()
            .zip(&lower)
            .map(|(top, bottom)| bottom.y - top.y)
            .fold(f32::MAX, f32::min);
        assert!((waist - 2.0 * WAIST_HALF).abs() < 0.01, "{waist}");
    }

    #[test]
    fn a_one_sided_ribbon_ends_at_the_waist() {
        let present = RibbonEnd::Card(Rangef::new(10.0, 60.0));
        let (upper, _) = ribbon(present, RibbonEnd::Absent(35.0)).sides();
        assert_eq!(upper.last().map(|p| p.x), Some(200.0));
        let (upper, _) = ribbon(RibbonEnd::Absent(35.0), present).sides();
        assert_eq!(upper.first().map(|p| p.x), Some(200.0));
    }
}
