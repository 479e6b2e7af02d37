use super::Extracted;
use super::plain::decode;

/// Elements whose words are no text of the document.
const SILENT: [&str; 6] = ["script", "style", "head", "template", "noscript", "svg"];
/// Elements that end a line.
const BLOCKS: [&str; 22] = [
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    "section", "article", "header", "footer", "dt", "dd", "pre", "body",
];

/// The words of an HTML page; scripts and styles are left out and never run.
pub(crate) fn extract(bytes: &[u8]) -> Extracted {
    Extracted::new("html", text_of(&decode(bytes).0))
}

/// The words of marked-up text.
pub(crate) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push_words(&mut text, rest.get(..open).unwrap_or_default());
        let tail = rest.get(open..).unwrap_or_default();
        rest = after_tag(&mut text, tail);
    }
    push_words(&mut text, rest);
    text
}

/// Handles the tag at the start and returns what follows it.
fn after_tag<'a>(text: &mut String, tail: &'a str) -> &'a str {
    if let Some(comment) = tail.strip_prefix("<!--") {
        return comment
            .find("-->")
            .and_then(|end| comment.get(end + 3..))
            .unwrap_or_default();
    }
    let is_tag = tail.get(1..).is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    });
    let Some(close) = tail.find('>').filter(|_| is_tag) else {
        // "<5 mm" is text.
        push_words(text, "&lt;");
        return tail.get(1..).unwrap_or_default();
    };
    let inside = tail.get(1..close).unwrap_or_default();
    let name: String = inside
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let rest = tail.get(close + 1..).unwrap_or_default();
    if SILENT.contains(&name.as_str()) && !inside.starts_with('/') && !inside.ends_with('/') {
        return after_element(rest, &name);
    }
    if BLOCKS.contains(&name.as_str()) {
        text.push('\n');
    } else if name == "td" || name == "th" {
        text.push(' ');
    }
    rest
}

fn after_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let at = rest.char_indices().map(|(at, _)| at).find(|at| {
        rest.get(*at..at + end.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(&end))
    });
    let tail = at.and_then(|at| rest.get(at..)).unwrap_or_default();
    tail.find('>')
        .and_then(|close| tail.get(close + 1..))
        .unwrap_or_default()
}

/// Appends words with character references replaced and runs of blanks as one.
fn push_words(text: &mut String, words: &str) {
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let (put, n_bytes) = if c == '&' {
            reference(rest)
        } else {
            (c, c.len_utf8())
        };
        let blank = put.is_whitespace();
        if !blank {
            text.push(put);
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
        rest = rest.get(n_bytes..).unwrap_or_default();
    }
}

fn reference(rest: &str) -> (char, usize) {
    let known = rest
        .get(1..)
        .and_then(|tail| tail.find(';').filter(|end| *end <= 10))
        .and_then(|end| {
            let name = rest.get(1..=end)?;
            let c = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                "times" => '×',
                "ndash" | "mdash" => '-',
                "auml" => 'ä',
                "ouml" => 'ö',
                "uuml" => 'ü',
                "szlig" => 'ß',
                "plusmn" => '±',
                _ => {
                    let digits = name.strip_prefix('#')?;
                    let code = match digits.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => digits.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((c, end + 2))
        });
    known.unwrap_or(('&', 1))
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn words_come_without_markup_and_scripts() {
        for (html, words) in [
            (
                "<p>Lungs <b>clear</b>.</p><p>No effusion.</p>",
                "\nLungs clear.\n\nNo effusion.\n",
            ),
            (
                "<script>alert('left')</script>Nodule &lt;5&nbsp;mm",
                "Nodule <5 mm",
            ),
            ("nodule <5 mm <!-- left --> stable", "nodule <5 mm stable"),
            ("a<br/>b &#228; &bogus; &", "a\nb ä &bogus; &"),
            ("<style>p{}</style", ""),
        ] {
            assert_eq!(text_of(html), words, "{html}");
        }
    }
}
