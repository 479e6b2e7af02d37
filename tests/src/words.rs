use std::collections::BTreeSet;

use crate::{Answer, Reader};

/// Shorter words stand in every text.
const SHORTEST: usize = 5;

/// The words of a text of at least five letters, in small letters.
pub fn words_of(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| SHORTEST <= word.chars().count())
        .map(str::to_lowercase)
        .collect()
}

/// The digits that a text leaves in Base64 whatever stands before and behind it: one row for each of the three places
/// at which it may begin.
pub fn base64_cores(text: &str) -> [Vec<u8>; 3] {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|n_before| {
        let bytes: Vec<u8> = std::iter::repeat_n(0, n_before)
            .chain(text.bytes())
            .collect();
        let digits = bytes.chunks_exact(3).flat_map(|three| {
            let bits = three
                .iter()
                .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| DIGITS[bits >> shift & 63])
        });
        // The first four digits depend on what stands before.
        digits.skip(4).collect()
    })
}

/// The text of a PDF, read back by the reader of first reports with a store that knows nothing.
pub fn pdf_text(path: &std::path::Path) -> String {
    let desk = crate::Desk::new();
    let reader: Reader = desk.reader("somebody else");
    let answer: Answer = reader.run(&["report".as_ref(), "read".as_ref(), path.as_os_str()]);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    answer.json()["text"].as_str().unwrap().to_owned()
}
