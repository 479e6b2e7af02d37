use super::typeface::{Line, Style, Typefaces};

/// Breaks a text into lines that are no wider than `width_pt`.
///
/// Line feeds are kept, other control characters become blanks. A word that is wider than the line is cut.
pub(super) fn wrap(faces: &Typefaces, text: &str, style: Style, width_pt: f32) -> Vec<Line> {
    let printable = printable(text);
    let mut lines = Vec::new();
    for paragraph in printable.split('\n') {
        wrap_one(faces, paragraph, style, width_pt, &mut lines);
    }
    lines
}

/// The text in one line, cut with an ellipsis where it would be wider than `width_pt`.
pub(super) fn cut(faces: &Typefaces, text: &str, style: Style, width_pt: f32) -> Line {
    let text = printable(text).replace('\n', " ");
    let whole = faces.line(&text, style);
    if whole.width_pt <= width_pt {
        return whole;
    }
    let room_pt = (width_pt - faces.width_pt("…", style)).max(0.0);
    let (head, _) = split_at_width(faces, &text, style, room_pt);
    faces.line(&format!("{}…", head.trim_end()), style)
}

fn wrap_one(
    faces: &Typefaces,
    paragraph: &str,
    style: Style,
    width_pt: f32,
    lines: &mut Vec<Line>,
) {
    let blank_pt = faces.width_pt(" ", style);
    let mut current = String::new();
    let mut current_pt = 0.0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let mut rest = word;
        let mut rest_pt = faces.width_pt(rest, style);
        let gap_pt = if current.is_empty() { 0.0 } else { blank_pt };
        if !current.is_empty() && width_pt < current_pt + gap_pt + rest_pt {
            lines.push(faces.line(&current, style));
            current.clear();
            current_pt = 0.0;
        }
        while width_pt < rest_pt {
            let (head, tail) = split_at_width(faces, rest, style, width_pt);
            if tail.is_empty() {
                break;
            }
            lines.push(faces.line(head, style));
            rest = tail;
            rest_pt = faces.width_pt(rest, style);
        }
        if !current.is_empty() {
            current.push(' ');
            current_pt += blank_pt;
        }
        current.push_str(rest);
        current_pt += rest_pt;
    }
    lines.push(faces.line(&current, style));
}

/// The longest head that fits, never less than one character, and what is left.
fn split_at_width<'t>(
    faces: &Typefaces,
    text: &'t str,
    style: Style,
    width_pt: f32,
) -> (&'t str, &'t str) {
    let mut end = text.chars().next().map_or(0, char::len_utf8);
    let mut used_pt = 0.0;
    for (start, c) in text.char_indices() {
        used_pt += faces.width_pt(c.encode_utf8(&mut [0; 4]), style);
        if width_pt < used_pt && 0 < start {
            break;
        }
        end = start + c.len_utf8();
    }
    text.split_at(end)
}

/// The text without characters that have no picture.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .map(|c| match c {
            '\n' | '\u{2028}' | '\u{2029}' | '\u{000B}' | '\u{000C}' | '\r' => '\n',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::typeface::Face;
    use super::*;

    const STYLE: Style = Style {
        face: Face::Regular,
        size_pt: 10.0,
        leading_pt: 14.0,
        colour: [0, 0, 0],
    };

    #[test]
    fn no_line_is_wider_than_asked_and_no_character_is_lost() {
        let faces = Typefaces::load().unwrap();
        let long = "Pneumonoultramicroscopicsilicovolcanoconiosis".repeat(8);
        let rows = [
            "",
            "one",
            "a b  c",
            "first\nsecond\n\nfourth",
            &long,
            "mixed 日本語の名前 text \u{7} with bell",
            "Ж".repeat(90).as_str(),
        ]
        .map(str::to_owned);
        for text in rows {
            for width_pt in [30.0, 120.0, 480.0] {
                let lines = wrap(&faces, &text, STYLE, width_pt);
                for line in &lines {
                    assert!(
                        line.width_pt <= width_pt + 0.5,
                        "{} > {width_pt}: {}",
                        line.width_pt,
                        line.text
                    );
                }
                let letters = |text: &str| {
                    text.chars()
                        .filter(|c| !c.is_whitespace() && !c.is_control())
                        .collect::<String>()
                };
                assert_eq!(
                    letters(
                        &lines
                            .iter()
                            .map(|line| line.text.as_str())
                            .collect::<String>()
                    ),
                    letters(&text)
                );
            }
        }
    }

    #[test]
    fn a_character_the_font_lacks_is_a_visible_square() {
        let faces = Typefaces::load().unwrap();
        let line = faces.line("日", STYLE);
        assert_eq!(line.glyphs.len(), 1);
        assert_ne!(line.glyphs[0].glyph_id.to_u32(), 0);
        assert!(3.0 < line.width_pt);
        assert_eq!(line.glyphs[0].text_range, 0..3);
    }

    #[test]
    fn a_cut_line_says_so() {
        let faces = Typefaces::load().unwrap();
        let line = cut(&faces, "A long title that does not fit", STYLE, 60.0);
        assert!(line.text.ends_with('…') && line.width_pt <= 60.0);
        assert_eq!(cut(&faces, "short", STYLE, 60.0).text, "short");
    }
}
