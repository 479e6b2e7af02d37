use case::TextSpan;

use crate::taxonomy::{Taxonomy, WordId, normalise_word};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// Letters, or letters and digits that start with a letter.
    Word,
    /// A number; the decimal mark may be a comma.
    Number(f64),
    /// A de-identification mask such as `XXXX` or `___`.
    Mask,
    /// Any other character.
    Mark(char),
}

/// A word, number, mask or mark of a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Token {
    pub kind: TokenKind,
    /// Its number in the vocabulary; 0 for a word that no phrase has, and for everything that is no word.
    pub word: WordId,
    /// Is it a word of which the rules know that it names no finding?
    pub common: bool,
    /// Bytes in the report's text.
    pub span: TextSpan,
    /// Does it follow a hyphen or dash without a blank? The hyphen itself is no token.
    pub joined: bool,
}

/// Splits a range of a text into tokens.
pub(crate) fn tokenise(text: &str, range: TextSpan) -> Vec<Token> {
    let Some(body) = text.get(range[0]..range[1]) else {
        return Vec::new();
    };
    let taxonomy = Taxonomy::get();
    let mut tokens = Vec::with_capacity(body.len() / 5 + 1);
    let mut form = String::new();
    let mut joined = false;
    let mut at = 0;
    while let Some(c) = body.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = body.get(at..).unwrap_or_default();
        if c.is_whitespace() {
            at += c.len_utf8();
            joined = false;
            continue;
        }
        if c == '-' {
            at += 1;
            joined = true;
            continue;
        }
        let (kind, n_bytes) = next_token(rest, c);
        let (mut word, mut common) = (0, false);
        if kind == TokenKind::Word {
            normalise_word(rest.get(..n_bytes).unwrap_or_default(), &mut form);
            word = taxonomy.word(&form);
            common = taxonomy.is_common(&form);
        }
        tokens.push(Token {
            kind,
            word,
            common,
            span: [range[0] + at, range[0] + at + n_bytes],
            joined,
        });
        joined = false;
        at += n_bytes;
    }
    tokens
}

fn next_token(rest: &str, first: char) -> (TokenKind, usize) {
    if first.is_ascii_digit() {
        return number(rest);
    }
    if let Some(n_bytes) = mask_len(rest) {
        return (TokenKind::Mask, n_bytes);
    }
    if matches!(first, 'x' | 'X')
        && rest
            .get(1..)
            .is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_digit()))
    {
        return (TokenKind::Word, 1);
    }
    if first.is_alphanumeric() {
        let n_bytes = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '\''))
            .unwrap_or(rest.len());
        let n_bytes = rest
            .get(..n_bytes)
            .map_or(n_bytes, |word| word.trim_end_matches('\'').len());
        return (TokenKind::Word, n_bytes.max(first.len_utf8()));
    }
    (TokenKind::Mark(first), first.len_utf8())
}

fn number(rest: &str) -> (TokenKind, usize) {
    let digits = |from: usize| {
        rest.get(from..).map_or(0, |tail| {
            tail.bytes().take_while(u8::is_ascii_digit).count()
        })
    };
    let n_whole = digits(0);
    let mark = rest.as_bytes().get(n_whole).copied();
    let n_part = digits(n_whole + 1);
    // "1,200" groups thousands, "2,5" is a decimal comma.
    let has_part = 0 < n_part && (mark == Some(b'.') || (mark == Some(b',') && n_part != 3));
    let n_bytes = if has_part {
        n_whole + 1 + n_part
    } else {
        n_whole
    };
    let value = rest
        .get(..n_bytes)
        .unwrap_or_default()
        .replace(',', ".")
        .parse()
        .unwrap_or(f64::NAN);
    (TokenKind::Number(value), n_bytes)
}

/// `XXXX`, `____`, `**NAME[ZZZ]`, `[redacted]`.
fn mask_len(rest: &str) -> Option<usize> {
    let run = |c: char| rest.chars().take_while(|other| *other == c).count();
    if 3 <= run('X') && !rest.get(run('X')..)?.starts_with(char::is_alphanumeric) {
        return Some(run('X'));
    }
    if 2 <= run('_') {
        return Some(run('_'));
    }
    let tail = rest.strip_prefix("**")?;
    let n_name = tail
        .find(|c: char| !c.is_ascii_uppercase())
        .unwrap_or(tail.len());
    let bracket = tail.get(n_name..)?;
    let n_bracket = if bracket.starts_with('[') {
        bracket.find(']')? + 1
    } else {
        0
    };
    (0 < n_name).then_some(2 + n_name + n_bracket)
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokenise};

    fn check(text: &str, expected: &[&str]) {
        let got: Vec<_> = tokenise(text, [0, text.len()])
            .iter()
            .map(|t| text.get(t.span[0]..t.span[1]).unwrap_or("?"))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn words_numbers_units_and_masks_are_told_apart() {
        check(
            "A 12-mm right-sided nodule.",
            &["A", "12", "mm", "right", "sided", "nodule", "."],
        );
        check("2.5x1,2cm L4-L5", &["2.5", "x", "1,2", "cm", "L4", "L5"]);
        check("2.5 x 1,2 cm", &["2.5", "x", "1,2", "cm"]);
        check(
            "XXXX seen by **NAME[ZZZ], ___",
            &["XXXX", "seen", "by", "**NAME[ZZZ]", ",", "___"],
        );
        check("doesn't 7th", &["doesn't", "7", "th"]);
    }

    #[test]
    fn decimal_comma_is_a_number() {
        assert_eq!(
            tokenise("2,5", [0, 3]).first().map(|t| t.kind),
            Some(TokenKind::Number(2.5))
        );
        assert_eq!(
            tokenise("1,200", [0, 5]).first().map(|t| t.kind),
            Some(TokenKind::Number(1.0))
        );
    }
}
