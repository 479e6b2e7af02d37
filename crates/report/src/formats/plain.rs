use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Extracted;
use crate::error::ReadError;

/// More control characters than this share of the text: it is no text.
const MAX_CONTROL_SHARE: f64 = 0.02;

/// Text in UTF-8, UTF-16 (with or without a byte order mark) or Windows-1252, of which Latin-1 is a part.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ReadError> {
    let (text, warning) = decode(bytes);
    let n_control = text
        .chars()
        .filter(|c| c.is_control() && !c.is_whitespace())
        .count();
    if MAX_CONTROL_SHARE * text.chars().count() as f64 <= n_control as f64 && 0 < n_control {
        return Err(ReadError::Binary);
    }
    let mut extracted = Extracted::new("text", text);
    extracted.warnings.extend(warning);
    Ok(extracted)
}

/// Decodes text of an unknown character set; the second value says when that was a guess.
pub(crate) fn decode(bytes: &[u8]) -> (String, Option<String>) {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return (String::from_utf8_lossy(rest).into_owned(), None);
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return (UTF_16LE.decode(bytes).0.into_owned(), None);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return (UTF_16BE.decode(bytes).0.into_owned(), None);
    }
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let quarter = head.len() / 4;
    if 8 <= head.len() && quarter <= zeros(1) && zeros(0) == 0 {
        return (UTF_16LE.decode(bytes).0.into_owned(), Some(guess("UTF-16")));
    }
    if 8 <= head.len() && quarter <= zeros(0) && zeros(1) == 0 {
        return (UTF_16BE.decode(bytes).0.into_owned(), Some(guess("UTF-16")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (
            WINDOWS_1252.decode(bytes).0.into_owned(),
            Some(guess("Windows-1252")),
        ),
    }
}

fn guess(name: &str) -> String {
    format!("the character set is not stated and was taken for {name}; check letters with accents")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_usual_character_set_is_read() {
        let words = "Erguß links 5 mm";
        let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_marked: Vec<u8> = b"\xFE\xFF"
            .iter()
            .copied()
            .chain(words.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        let latin1 = b"Ergu\xDF links 5 mm".to_vec();
        for bytes in [words.as_bytes().to_vec(), utf16, utf16_marked, latin1] {
            assert_eq!(extract(&bytes).unwrap().text, words);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let bytes: Vec<u8> = (0..2000_u32).map(|n| (n * 7 % 251) as u8).collect();
        assert_eq!(extract(&bytes).unwrap_err(), ReadError::Binary);
    }
}
