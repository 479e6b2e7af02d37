/// Brings a text into the form that all spans refer to: `\n` line ends, plain blanks, quotes and dashes, no control
/// or direction characters, no blanks at line ends, at most one empty line in a row.
pub(crate) fn clean_text(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut n_newlines = 2;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\u{000b}' | '\u{000c}' | '\u{0085}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' | '\u{00a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
                ' '
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
            '\u{201c}'..='\u{201f}' => '"',
            '\u{fb00}' => push_as(&mut text, "ff"),
            '\u{fb01}' => push_as(&mut text, "fi"),
            '\u{fb02}' => push_as(&mut text, "fl"),
            _ => c,
        };
        match c {
            '\n' => {
                text.truncate(text.trim_end_matches(' ').len());
                if n_newlines < 2 {
                    text.push('\n');
                }
                n_newlines += 1;
            }
            '\0' => {}
            _ if c.is_control() || is_invisible(c) => {}
            _ => {
                n_newlines = 0;
                text.push(c);
            }
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Writes a ligature as letters; the caller drops the returned NUL.
fn push_as(text: &mut String, letters: &str) -> char {
    text.push_str(letters);
    '\0'
}

/// Direction marks and zero-width characters can make a text look different from what it says.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

#[cfg(test)]
mod tests {
    use super::clean_text;

    #[test]
    fn unusual_characters_become_plain() {
        for (raw, clean) in [
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\u{00a0}b\tc  \nd", "a b c\nd"),
            ("\u{202e}left\u{202c} lung", "left lung"),
            ("\n\n\n\na\n\n\n\nb\n\n", "a\n\nb"),
            ("5\u{2013}6 mm \u{fb01}lm", "5-6 mm film"),
        ] {
            assert_eq!(clean_text(raw), clean);
        }
    }
}
