//! Phrases outside the lexicon: runs of words that neither the lexicon nor the list of common words knows.

use super::scan::{Mark, Scan};
use crate::structure::TokenKind;

/// Runs of unknown words, at most four words each.
pub(super) fn unknown_phrases(scan: &Scan<'_>) -> Vec<Mark<()>> {
    let mut found: Vec<Mark<()>> = Vec::new();
    for (token_idx, token) in scan.tokens.iter().enumerate() {
        let n_letters = token.span[1] - token.span[0];
        let is_unknown =
            token.kind == TokenKind::Word && token.word == 0 && !token.common && 4 <= n_letters;
        let is_covered = scan
            .mentions
            .iter()
            .any(|mark| mark.first <= token_idx && token_idx < mark.end);
        if !is_unknown || is_covered {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == token_idx && last.end - last.first < 4 => last.end += 1,
            _ => found.push(Mark {
                value: (),
                first: token_idx,
                end: token_idx + 1,
            }),
        }
    }
    found
}
