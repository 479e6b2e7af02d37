use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro_syntax::Pdf;

use super::Extracted;
use super::pdf_layout::{PlacedGlyph, lines_of};
use crate::error::ReadError;

/// A report may have so many pages and glyphs; the rest is left out with a warning.
const MAX_PAGES: usize = 300;
const MAX_GLYPHS: usize = 2_000_000;

/// The text of a PDF, line by line as it stands on the pages. Scripts and forms are not run. Runs on a large stack.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ReadError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        hayro_syntax::LoadPdfError::Decryption(_) => ReadError::Protected,
        hayro_syntax::LoadPdfError::Invalid => ReadError::Damaged {
            what: "PDF",
            why: "its structure is broken".to_owned(),
        },
    })?;
    let pages = pdf.pages();
    let mut extracted = Extracted::new("pdf", String::new());
    let mut n_empty = 0;
    let mut n_glyphs_left = MAX_GLYPHS;
    for page in pages.iter().take(MAX_PAGES) {
        let cache = InterpreterCache::new();
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            area,
            &cache,
            pdf.xref(),
            InterpreterSettings::default(),
        );
        let mut collector = Collector {
            glyphs: Vec::new(),
            n_left: n_glyphs_left,
        };
        interpret_page(page, &mut context, &mut collector);
        n_glyphs_left = collector.n_left;
        let text = lines_of(collector.glyphs);
        if text.trim().is_empty() {
            n_empty += 1;
        }
        extracted.text.push_str(&text);
        extracted.text.push('\n');
    }
    let n_pages = pages.len();
    if extracted.text.trim().is_empty() {
        return Err(ReadError::NoText { n_pages });
    }
    if 0 < n_empty {
        extracted.warnings.push(format!(
            "{n_empty} of {n_pages} pages have no text and may be scanned; look at them"
        ));
    }
    if MAX_PAGES < n_pages || n_glyphs_left == 0 {
        extracted
            .warnings
            .push("the PDF is larger than the limit; its end is missing".to_owned());
    }
    Ok(extracted)
}

/// A device that draws nothing and keeps where each character stands.
struct Collector {
    glyphs: Vec<PlacedGlyph>,
    n_left: usize,
}

impl Collector {
    fn put(&mut self, glyph: &Glyph<'_>, page_from_glyph: Affine) {
        if self.n_left == 0 {
            return;
        }
        self.n_left -= 1;
        let Some(unicode) = glyph.as_unicode() else {
            return;
        };
        let text = match unicode {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        };
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let start = page_from_glyph * Point::ZERO;
        let end = page_from_glyph * Point::new(f64::from(advance.unwrap_or(500.0)), 0.0);
        let up = page_from_glyph * Point::new(0.0, 1000.0) - start;
        if [start.x, start.y, end.x, end.y, up.x, up.y]
            .iter()
            .all(|number| number.is_finite())
        {
            self.glyphs.push(PlacedGlyph {
                text,
                x: start.x,
                y: start.y,
                width: end.x - start.x,
                size: up.hypot(),
            });
        }
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.put(glyph, props.transform * glyph.transform());
        }
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
