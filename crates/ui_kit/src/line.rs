//! One line of icons, words and key caps, measured first and painted centred on a height.

use std::sync::Arc;

use egui::{
    Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, Vec2, pos2,
    vec2,
};

use crate::icon::{Icon, IconWeight};
use crate::tokens::{radius, space};
use crate::typography::Kind;

/// Stands for "the foreground of the control", which is known only after the control has its phase.
pub(crate) const FOREGROUND: Color32 = Color32::PLACEHOLDER;

/// Height of a key cap.
const KEY_HEIGHT: f32 = 18.0;

enum Piece {
    Word(Arc<Galley>),
    Key(Arc<Galley>),
    Letter { galley: Arc<Galley>, plate: Color32 },
    Dot(Color32),
    Gap(f32),
}

/// How key caps look on the control that carries them.
#[derive(Clone, Copy)]
pub(crate) struct KeyLook {
    pub(crate) text: Color32,
    pub(crate) fill: Color32,
    pub(crate) edge: Color32,
}

/// Pieces from left to right.
pub(crate) struct Line {
    painter: Painter,
    pieces: Vec<Piece>,
}

impl Line {
    pub(crate) fn new(ui: &Ui) -> Self {
        Self {
            painter: ui.painter().clone(),
            pieces: Vec::new(),
        }
    }

    pub(crate) fn icon(&mut self, icon: Icon, size: f32, color: Color32) {
        self.icon_of_weight(icon, IconWeight::Regular, size, color);
    }

    pub(crate) fn icon_of_weight(
        &mut self,
        icon: Icon,
        weight: IconWeight,
        size: f32,
        color: Color32,
    ) {
        let font = FontId::new(size, weight.family());
        let galley = self
            .painter
            .layout_no_wrap(icon.glyph(weight).to_string(), font, color);
        self.pieces.push(Piece::Word(galley));
    }

    pub(crate) fn word(&mut self, text: &str, kind: Kind, color: Color32) {
        let mut job = kind.job(text, color);
        job.wrap.max_width = f32::INFINITY;
        job.break_on_newline = false;
        self.pieces.push(Piece::Word(self.painter.layout_job(job)));
    }

    /// A word that gives way to an ellipsis when it is wider than `max_width`.
    pub(crate) fn elided_word(&mut self, text: &str, kind: Kind, color: Color32, max_width: f32) {
        let mut job = kind.job(text, color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(max_width.max(0.0));
        self.pieces.push(Piece::Word(self.painter.layout_job(job)));
    }

    pub(crate) fn key(&mut self, key: &str) {
        let galley = self
            .painter
            .layout_no_wrap(key.to_owned(), Kind::KEY.font_id(), FOREGROUND);
        self.pieces.push(Piece::Key(galley));
    }

    /// Key caps with the distance that belongs between them, after a gap to what stands before.
    pub(crate) fn keys(&mut self, keys: &[&str]) {
        for (key_idx, key) in keys.iter().enumerate() {
            if 0 < key_idx || !self.pieces.is_empty() {
                self.gap(space::SMALL);
            }
            self.key(key);
        }
    }

    /// A letter in its own small plate, as on a chip.
    pub(crate) fn letter(&mut self, letter: char, ink: Color32, plate: Color32) {
        let galley = self
            .painter
            .layout_no_wrap(letter.to_string(), Kind::BADGE.font_id(), ink);
        self.pieces.push(Piece::Letter { galley, plate });
    }

    pub(crate) fn dot(&mut self, color: Color32) {
        self.pieces.push(Piece::Dot(color));
    }

    pub(crate) fn gap(&mut self, width: f32) {
        self.pieces.push(Piece::Gap(width));
    }

    pub(crate) fn width(&self) -> f32 {
        self.pieces.iter().map(piece_width).sum()
    }

    /// Paints the line with its middle height at `left_center.y`, and returns the right end.
    pub(crate) fn paint(
        &self,
        painter: &Painter,
        left_center: Pos2,
        foreground: Color32,
        key_look: KeyLook,
    ) -> f32 {
        let mut x = left_center.x;
        for piece in &self.pieces {
            let width = piece_width(piece);
            let center = pos2(x + width / 2.0, left_center.y);
            match piece {
                Piece::Word(galley) => paint_galley(painter, center, galley, foreground),
                Piece::Key(galley) => {
                    let cap = Rect::from_center_size(center, vec2(width, KEY_HEIGHT));
                    painter.rect(
                        cap,
                        CornerRadius::same(radius::KEY),
                        key_look.fill,
                        Stroke::new(1.0, key_look.edge),
                        StrokeKind::Inside,
                    );
                    paint_galley(painter, center, galley, key_look.text);
                }
                Piece::Letter { galley, plate } => {
                    let plate_rect = Rect::from_center_size(center, Vec2::splat(14.0));
                    painter.rect_filled(plate_rect, CornerRadius::same(radius::BADGE), *plate);
                    paint_galley(painter, center, galley, foreground);
                }
                Piece::Dot(color) => {
                    painter.circle_filled(center, width / 2.0, *color);
                }
                Piece::Gap(_) => {}
            }
            x += width;
        }
        x
    }
}

fn piece_width(piece: &Piece) -> f32 {
    match piece {
        Piece::Word(galley) => galley.size().x,
        Piece::Key(galley) => (galley.size().x + 10.0).max(18.0).ceil(),
        Piece::Letter { .. } => 14.0,
        Piece::Dot(_) => 7.0,
        Piece::Gap(width) => *width,
    }
}

/// Paints a galley with its middle at `center`, on whole pixels so that the letters stay sharp.
pub(crate) fn paint_galley(painter: &Painter, center: Pos2, galley: &Arc<Galley>, color: Color32) {
    let scale = painter.pixels_per_point();
    let corner = center - galley.size() / 2.0;
    let snapped = pos2(
        (corner.x * scale).round() / scale,
        (corner.y * scale).round() / scale,
    );
    painter.galley(snapped, Arc::clone(galley), color);
}
