//! The value of an element as text for people.

use dicom_core::dictionary::VirtualVr;

use crate::charset::Charset;
use crate::limits::MAX_TEXT_CHARS;

/// Most numbers of one value that are written out.
const MAX_NUMBERS: usize = 64;
/// Most bytes of a value without meaning that are written out.
const MAX_HEX_BYTES: usize = 32;

/// How a value is written.
pub(crate) struct Written<'a> {
    pub(crate) vr: [u8; 2],
    pub(crate) big_endian: bool,
    pub(crate) charset: &'a Charset,
}

/// The representation that the dictionary gives, where it leaves a choice by what the object says of its pixels.
pub(crate) fn resolved(vr: VirtualVr, is_signed: bool) -> [u8; 2] {
    match vr {
        VirtualVr::Exact(vr) => vr.to_bytes(),
        VirtualVr::Xs if is_signed => *b"SS",
        VirtualVr::Xs => *b"US",
        _ => *b"OW",
    }
}

/// The text of a value, and whether it is all of it.
pub(crate) fn value_text(bytes: &[u8], written: &Written<'_>) -> (String, bool) {
    let numbers = |width: usize, shown: fn([u8; 8], usize) -> String| {
        let in_order = |piece: &[u8]| {
            let mut word = [0; 8];
            for (at, to) in word.iter_mut().enumerate().take(width) {
                let from = match written.big_endian {
                    true => width - 1 - at,
                    false => at,
                };
                *to = piece.get(from).copied().unwrap_or_default();
            }
            shown(word, width)
        };
        let pieces = bytes.chunks_exact(width);
        let n = pieces.len();
        let texts: Vec<String> = pieces.take(MAX_NUMBERS).map(in_order).collect();
        (texts.join("\\"), n <= MAX_NUMBERS)
    };
    match &written.vr {
        b"US" => numbers(2, |w, _| u16_of(w).to_string()),
        b"SS" => numbers(2, |w, _| i16::from_le_bytes([w[0], w[1]]).to_string()),
        b"UL" => numbers(4, |w, _| u32_of(w).to_string()),
        b"SL" => numbers(4, |w, _| u32_of(w).cast_signed().to_string()),
        b"UV" => numbers(8, |w, _| u64::from_le_bytes(w).to_string()),
        b"SV" => numbers(8, |w, _| i64::from_le_bytes(w).to_string()),
        b"FL" => numbers(4, |w, _| f32::from_bits(u32_of(w)).to_string()),
        b"FD" => numbers(8, |w, _| f64::from_le_bytes(w).to_string()),
        b"AT" => tag_pairs(bytes, written.big_endian),
        b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" => hex(bytes),
        b"UN" => unknown(bytes),
        b"PN" => text(written.charset.decode_name(bytes)),
        b"LO" | b"LT" | b"SH" | b"ST" | b"UC" | b"UT" => text(written.charset.decode(bytes)),
        // The default repertoire: codes, dates, UIDs, numbers as text.
        _ => text(Charset::new(&[]).decode(bytes)),
    }
}

fn u16_of(word: [u8; 8]) -> u16 {
    u16::from_le_bytes([word[0], word[1]])
}

fn u32_of(word: [u8; 8]) -> u32 {
    u32::from_le_bytes([word[0], word[1], word[2], word[3]])
}

/// Text without its padding; the character set caps its length.
fn text(decoded: String) -> (String, bool) {
    let is_all = decoded.chars().count() < MAX_TEXT_CHARS;
    (decoded.trim_matches([' ', '\0']).to_owned(), is_all)
}

fn tag_pairs(bytes: &[u8], big_endian: bool) -> (String, bool) {
    let half = |pair: &[u8]| match (pair, big_endian) {
        ([a, b], true) => u16::from_be_bytes([*a, *b]),
        ([a, b], false) => u16::from_le_bytes([*a, *b]),
        _ => 0,
    };
    let (pairs, _) = bytes.as_chunks::<4>();
    let shown = |pair: &[u8; 4]| {
        let (group, element) = pair.split_at(2);
        format!("({:04X},{:04X})", half(group), half(element))
    };
    let texts: Vec<String> = pairs.iter().take(MAX_NUMBERS).map(shown).collect();
    (texts.join("\\"), pairs.len() <= MAX_NUMBERS)
}

fn hex(bytes: &[u8]) -> (String, bool) {
    let texts: Vec<String> = bytes
        .iter()
        .take(MAX_HEX_BYTES)
        .map(|byte| format!("{byte:02X}"))
        .collect();
    (texts.join(" "), bytes.len() <= MAX_HEX_BYTES)
}

/// What nobody says the meaning of is text where it can be nothing else, and bytes otherwise.
fn unknown(bytes: &[u8]) -> (String, bool) {
    let content = bytes.trim_ascii_end();
    let content = content.strip_suffix(&[0]).unwrap_or(content);
    let is_text = content
        .iter()
        .all(|b| b.is_ascii_graphic() || matches!(b, b' ' | b'\r' | b'\n' | b'\t'));
    match is_text {
        true => text(Charset::new(&[]).decode(content)),
        false => hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        let charset = Charset::new(&["ISO_IR 100".to_owned()]);
        let rows: [(&[u8; 2], &[u8], bool, &str); 14] = [
            (b"US", &[1, 0, 2, 0], false, "1\\2"),
            (b"US", &[0, 1, 0, 2], true, "1\\2"),
            (b"SS", &[0xFF, 0xFF], false, "-1"),
            (b"UL", &[0, 0, 1, 0], true, "256"),
            (b"SL", &[0xFE, 0xFF, 0xFF, 0xFF], false, "-2"),
            (b"FL", &[0, 0, 0xC0, 0x3F], false, "1.5"),
            (b"FD", &[0, 0, 0, 0, 0, 0, 0xF8, 0xBF], false, "-1.5"),
            (b"AT", &[0x10, 0, 0x20, 0], false, "(0010,0020)"),
            (b"AT", &[0, 0x10, 0, 0x20], true, "(0010,0020)"),
            (b"PN", b"M\xFCller^A ", false, "Müller^A"),
            (b"DS", b"0.5\\0.5 ", false, "0.5\\0.5"),
            (b"UI", b"1.2.3\0", false, "1.2.3"),
            (b"OB", &[0, 0xFF], false, "00 FF"),
            (b"UN", b"SHUTTER ", false, "SHUTTER"),
        ];
        for (vr, bytes, big_endian, expected) in rows {
            let written = Written {
                vr: *vr,
                big_endian,
                charset: &charset,
            };
            let (text, is_all) = value_text(bytes, &written);
            assert_eq!((text.as_str(), is_all), (expected, true), "{vr:?}");
        }
    }

    #[test]
    fn a_long_value_says_that_it_goes_on() {
        let charset = Charset::new(&[]);
        let of = |vr: &[u8; 2], bytes: &[u8]| {
            let written = Written {
                vr: *vr,
                big_endian: false,
                charset: &charset,
            };
            value_text(bytes, &written).1
        };
        assert!(of(b"OB", &[7; 32]) && !of(b"OB", &[7; 33]));
        assert!(of(b"US", &[7; 128]) && !of(b"US", &[7; 130]));
        assert!(of(b"LT", &[b'a'; 1000]) && !of(b"LT", &[b'a'; 2000]));
    }
}
