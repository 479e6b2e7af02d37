/// A character on a page, in points, y downwards.
#[derive(Clone, Debug)]
pub(super) struct PlacedGlyph {
    pub text: String,
    pub x: f64,
    /// Baseline.
    pub y: f64,
    /// Advance to the right.
    pub width: f64,
    /// Size of the font.
    pub size: f64,
}

/// Baselines closer than this share of the font size are one line.
const SAME_LINE: f64 = 0.4;
/// A gap wider than this share of the font size is a blank.
const BLANK: f64 = 0.18;
/// A gap wider than this share of the font size parts columns of one line.
const COLUMN: f64 = 4.0;
/// Lines farther apart than this share of the font size are paragraphs.
const PARAGRAPH: f64 = 1.9;

/// The words of a page in reading order, one line a line, paragraphs parted by an empty line.
pub(super) fn lines_of(mut glyphs: Vec<PlacedGlyph>) -> String {
    glyphs.retain(|glyph| 0.0 < glyph.size && !glyph.text.is_empty());
    glyphs.sort_by(|one, other| one.y.total_cmp(&other.y));
    let mut text = String::new();
    let mut last: Option<(f64, f64)> = None;
    let mut rest = glyphs.as_slice();
    while let Some(first) = rest.first() {
        let reach = first.y + SAME_LINE * first.size;
        let n_in_line = rest.iter().take_while(|glyph| glyph.y <= reach).count();
        let (line, others) = rest.split_at(n_in_line);
        rest = others;
        let words = words_of(line.to_vec());
        if words.trim().is_empty() {
            continue;
        }
        let size = line.iter().map(|glyph| glyph.size).fold(0.0, f64::max);
        if let Some((last_y, last_size)) = last
            && PARAGRAPH * size.max(last_size) < first.y - last_y
        {
            text.push('\n');
        }
        last = Some((first.y, size));
        text.push_str(words.trim());
        text.push('\n');
    }
    text
}

fn words_of(mut line: Vec<PlacedGlyph>) -> String {
    line.sort_by(|one, other| one.x.total_cmp(&other.x));
    let mut words = String::new();
    let mut end: Option<f64> = None;
    for (glyph_idx, glyph) in line.iter().enumerate() {
        // Bold by printing twice: the same character at the same place.
        let repeats = glyph_idx
            .checked_sub(1)
            .and_then(|before| line.get(before))
            .is_some_and(|before| {
                before.text == glyph.text && (glyph.x - before.x).abs() < 0.05 * glyph.size
            });
        if repeats {
            continue;
        }
        if let Some(end) = end {
            let gap = (glyph.x - end) / glyph.size;
            if COLUMN < gap {
                words.push_str("  ");
            } else if BLANK < gap && !words.ends_with(' ') {
                words.push(' ');
            }
        }
        if glyph.text.trim().is_empty() {
            if !words.ends_with(' ') {
                words.push(' ');
            }
        } else {
            words.push_str(&glyph.text);
        }
        end = Some(glyph.x + glyph.width);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(text: &str, x: f64, y: f64) -> PlacedGlyph {
        PlacedGlyph {
            text: text.to_owned(),
            x,
            y,
            width: 5.0,
            size: 10.0,
        }
    }

    #[test]
    fn gaps_make_words_and_baselines_make_lines() {
        let glyphs = vec![
            glyph("b", 5.0, 0.0),
            glyph("a", 0.0, 0.0),
            glyph("c", 13.0, 0.3),
            glyph("d", 0.0, 12.0),
            glyph("e", 0.0, 40.0),
        ];
        assert_eq!(lines_of(glyphs), "ab c\nd\n\ne\n");
    }
}
