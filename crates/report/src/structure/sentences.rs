use case::TextSpan;

/// Splits a range of a text into sentences; each span is without blanks, bullets and numbering at its start.
///
/// A line break ends a sentence when the next line starts like one (capital, number, bullet) or after an empty line.
pub(crate) fn split_sentences(text: &str, range: TextSpan) -> Vec<TextSpan> {
    let Some(body) = text.get(range[0]..range[1]) else {
        return Vec::new();
    };
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in body.char_indices() {
        let next = at + c.len_utf8();
        let ends = match c {
            '.' | '!' | '?' => mark_ends(body, at, next),
            '\n' => newline_ends(body, start, at, next),
            _ => false,
        };
        if ends {
            push(&mut sentences, body, range[0], start, next);
            start = next;
        }
    }
    push(&mut sentences, body, range[0], start, body.len());
    sentences
}

fn push(sentences: &mut Vec<TextSpan>, body: &str, offset: usize, start: usize, end: usize) {
    let words = body.get(start..end).unwrap_or_default();
    let skipped = enumerator_len(words);
    let trimmed = words.get(skipped..).unwrap_or_default().trim_end();
    if trimmed.chars().any(char::is_alphanumeric) || trimmed.contains("___") {
        let start = start + skipped;
        sentences.push([offset + start, offset + start + trimmed.len()]);
    }
}

/// Bytes of blanks, bullets and "1." or "2)" at the start.
fn enumerator_len(words: &str) -> usize {
    let is_bullet =
        |c: char| c.is_whitespace() || matches!(c, '-' | '*' | '•' | '·' | '>' | '–' | '#' | '.');
    let rest = words.trim_start_matches(is_bullet);
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let n_digits = rest.len() - after_digits.len();
    let numbered = (1..=2).contains(&n_digits)
        && after_digits
            .strip_prefix(['.', ')'])
            .is_some_and(|tail| tail.is_empty() || tail.starts_with(char::is_whitespace));
    let rest = if numbered {
        after_digits.get(1..).unwrap_or_default().trim_start()
    } else {
        rest
    };
    words.len() - rest.len()
}

fn mark_ends(body: &str, at: usize, next: usize) -> bool {
    let rest = body.get(next..).unwrap_or_default();
    let Some(following) = rest.chars().next() else {
        return true;
    };
    if !following.is_whitespace() && !matches!(following, '"' | ')' | ']' | '*') {
        // "lobe.No effusion": a lost blank between a lower-case letter and a capital.
        return following.is_uppercase()
            && body
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_some_and(char::is_lowercase);
    }
    let before = body.get(..at).unwrap_or_default();
    let word_start = before
        .rfind(|c: char| c.is_whitespace() || c == '(')
        .map_or(0, |space| space + 1);
    let word = before.get(word_start..).unwrap_or_default();
    let next_char = rest.trim_start().chars().next();
    if is_abbreviation(word, next_char) {
        return false;
    }
    // "1." numbers an item: the item is the sentence.
    let numbers_item =
        word.len() <= 2 && !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let item_start = before.get(..word_start).unwrap_or_default().trim_end();
    !(numbers_item
        && (item_start.is_empty() || item_start.ends_with(['.', '\n', ':', ';', '!', '?'])))
}

fn is_abbreviation(word: &str, next: Option<char>) -> bool {
    let lower = word.to_ascii_lowercase();
    let always = [
        "dr", "drs", "mr", "mrs", "ms", "prof", "vs", "e.g", "i.e", "approx", "fig", "st", "ca",
        "resp", "incl", "cf", "dept",
    ];
    let before_lower_case = [
        "cm", "mm", "max", "min", "no", "seg", "ser", "im", "temp", "est", "etc", "yrs", "wt",
        "ht", "vol", "dx", "hx", "p.o", "b.i.d", "a.m", "p.m",
    ];
    if always.contains(&lower.as_str()) {
        return true;
    }
    let is_initial = word.chars().count() == 1 && word.chars().all(|c| c.is_ascii_uppercase());
    let continues = next.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
    (before_lower_case.contains(&lower.as_str()) && next.is_some_and(char::is_lowercase))
        || (lower == "no" && next.is_some_and(|c| c.is_ascii_digit()))
        || (is_initial && !continues && next.is_some_and(char::is_alphabetic) && word != "I")
}

fn newline_ends(body: &str, start: usize, at: usize, next: usize) -> bool {
    let rest = body.get(next..).unwrap_or_default();
    if rest.starts_with('\n') {
        return true;
    }
    let line = body.get(start..at).unwrap_or_default().trim_end();
    let Some(first) = rest.trim_start().chars().next() else {
        return true;
    };
    let continues_line = line.ends_with(',') || ends_with_joining_word(line);
    let new_item = first.is_ascii_digit() && 0 < enumerator_len(rest.trim_start())
        || matches!(first, '-' | '*' | '•');
    new_item || (first.is_uppercase() && !continues_line)
}

fn ends_with_joining_word(line: &str) -> bool {
    let last = line
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "and",
        "or",
        "with",
        "without",
        "no",
        "to",
        "is",
        "are",
        "at",
        "by",
        "from",
        "for",
        "dr.",
        "dr",
        "new",
        "small",
        "large",
        "mild",
        "left",
        "right",
        "measuring",
        "than",
        "be",
        "may",
        "was",
        "were",
        "within",
    ]
    .contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::split_sentences;

    fn check(text: &str, expected: &[&str]) {
        let got: Vec<_> = split_sentences(text, [0, text.len()])
            .into_iter()
            .map(|[a, b]| text.get(a..b).unwrap_or("?"))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        check(
            "No effusion. No pneumothorax.",
            &["No effusion.", "No pneumothorax."],
        );
        check(
            "A 1.4 cm nodule. Seen by Dr. Smith.",
            &["A 1.4 cm nodule.", "Seen by Dr. Smith."],
        );
        check("1. Nodule. 2. Effusion.", &["Nodule.", "Effusion."]);
        check("1) Nodule\n2) Effusion", &["Nodule", "Effusion"]);
        check("- Nodule\n- Effusion", &["Nodule", "Effusion"]);
        check(
            "There is a\nsmall nodule in the\nRight lung. Clear",
            &["There is a\nsmall nodule in the\nRight lung.", "Clear"],
        );
        check(
            "No effusion\nNo pneumothorax",
            &["No effusion", "No pneumothorax"],
        );
        check(
            "no effusion. no pneumothorax.",
            &["no effusion.", "no pneumothorax."],
        );
        check(
            "Nodule of 4 cm. in the lobe.",
            &["Nodule of 4 cm. in the lobe."],
        );
        check("Right lobe.No effusion.", &["Right lobe.", "No effusion."]);
        check("Is there XXXX? ___ seen.", &["Is there XXXX?", "___ seen."]);
        check("", &[]);
    }
}
