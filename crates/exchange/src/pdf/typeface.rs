use std::ops::Range;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};

use crate::ExchangeError;

/// Which of the embedded faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// Inter, for reading.
    Regular,
    /// Inter SemiBold, for titles.
    SemiBold,
    /// JetBrains Mono, for numbers and digests.
    Mono,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub face: Face,
    pub size_pt: f32,
    /// From line to line.
    pub leading_pt: f32,
    pub colour: [u8; 3],
}

/// A line of text with the place of each of its glyphs.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width_pt: f32,
    pub style: Style,
}

/// One embedded font, able to be drawn and to be measured.
struct Typeface {
    font: Font,
    shaper: rustybuzz::Face<'static>,
    units_per_em: f32,
    /// Shown for a character that the font lacks: an empty square where the font has one.
    replacement: u32,
}

/// The fonts of the report.
pub(super) struct Typefaces {
    regular: Typeface,
    semi_bold: Typeface,
    mono: Typeface,
}

const REGULAR: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/fonts/Inter-Regular.ttf"
));
const SEMI_BOLD: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/fonts/Inter-SemiBold.ttf"
));
const MONO: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../assets/fonts/JetBrainsMono-Regular.ttf"
));

impl Typefaces {
    pub(super) fn load() -> Result<Self, ExchangeError> {
        Ok(Self {
            regular: Typeface::load("Inter Regular", REGULAR)?,
            semi_bold: Typeface::load("Inter SemiBold", SEMI_BOLD)?,
            mono: Typeface::load("JetBrains Mono Regular", MONO)?,
        })
    }

    fn get(&self, face: Face) -> &Typeface {
        match face {
            Face::Regular => &self.regular,
            Face::SemiBold => &self.semi_bold,
            Face::Mono => &self.mono,
        }
    }

    pub(super) fn font(&self, face: Face) -> Font {
        self.get(face).font.clone()
    }

    /// Places the glyphs of one line.
    pub(super) fn line(&self, text: &str, style: Style) -> Line {
        let (glyphs, width_em) = self.get(style.face).shape(text);
        Line {
            text: text.to_owned(),
            glyphs,
            width_pt: width_em * style.size_pt,
            style,
        }
    }

    /// How wide a text is on one line.
    pub(super) fn width_pt(&self, text: &str, style: Style) -> f32 {
        self.get(style.face).shape(text).1 * style.size_pt
    }
}

impl Typeface {
    fn load(name: &'static str, bytes: &'static [u8]) -> Result<Self, ExchangeError> {
        let font = Font::new(bytes.to_vec().into(), 0).ok_or(ExchangeError::Font(name))?;
        let shaper = rustybuzz::Face::from_slice(bytes, 0).ok_or(ExchangeError::Font(name))?;
        let replacement = ['□', '\u{FFFD}', '?']
            .into_iter()
            .find_map(|c| shaper.glyph_index(c));
        let units_per_em = font.units_per_em();
        Ok(Self {
            font,
            units_per_em,
            replacement: replacement.map_or(0, |glyph| glyph.0.into()),
            shaper,
        })
    }

    /// Glyphs from left to right, and their width in em.
    ///
    /// The embedded fonts hold Latin, Greek and Cyrillic. Every other character becomes a visible square which still
    /// stands for the character when the text is copied out of the PDF.
    fn shape(&self, text: &str) -> (Vec<KrillaGlyph>, f32) {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let infos = shaped.glyph_infos();
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut width_em = 0.0;
        for (idx, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
            let later = infos
                .iter()
                .skip(idx + 1)
                .find(|later| later.cluster != info.cluster);
            let range = cluster_range(
                text,
                info.cluster as usize,
                later.map(|later| later.cluster as usize),
            );
            let missing = info.glyph_id == 0;
            let glyph_id = if missing {
                self.replacement
            } else {
                info.glyph_id
            };
            let advance_units = if missing {
                self.advance_units(glyph_id)
            } else {
                position.x_advance as f32
            };
            let advance_em = advance_units / self.units_per_em;
            width_em += advance_em;
            let (x_em, y_em) = (
                position.x_offset as f32 / self.units_per_em,
                position.y_offset as f32 / self.units_per_em,
            );
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph_id),
                advance_em,
                x_em,
                y_em,
                0.0,
                range,
                None,
            ));
        }
        (glyphs, width_em)
    }

    fn advance_units(&self, glyph_id: u32) -> f32 {
        let id = rustybuzz::ttf_parser::GlyphId(u16::try_from(glyph_id).unwrap_or(0));
        self.shaper
            .glyph_hor_advance(id)
            .map_or(self.units_per_em, f32::from)
    }
}

/// The bytes of the text that a glyph stands for. Never a range that is not one of the text.
fn cluster_range(text: &str, start: usize, later: Option<usize>) -> Range<usize> {
    let end = later.unwrap_or(text.len());
    if text.get(start..end).is_some() {
        start..end
    } else {
        0..0
    }
}
