use super::segments::marker;

/// Zero bytes behind the unstuffed ones, so that eight can be read at once up to the last.
pub(super) const PADDING_BYTES: usize = 8;

/// Copies entropy-coded bytes up to the next marker, the zero behind each 0xFF taken out (B.1.1.5), and pads them.
///
/// Gives the number of bytes in `coded` before the marker; all of them where there is none.
pub(super) fn unstuff(coded: &[u8], plain: &mut Vec<u8>) -> usize {
    plain.clear();
    let mut at = 0;
    loop {
        let rest = coded.get(at..).unwrap_or_default();
        let n = len_before_ff(rest);
        plain.extend_from_slice(rest.get(..n).unwrap_or_default());
        at += n;
        if rest.get(n..n + 2) != Some(&[0xFF, 0]) {
            break;
        }
        plain.push(0xFF);
        at += 2;
    }
    plain.extend([0; PADDING_BYTES]);
    at
}

/// Takes the restart marker of an interval's end, `expected` being its number modulo 8; gives the bytes it took, `None`
/// where another marker or none stands there.
pub(super) fn restart_marker(coded: &[u8], expected: usize) -> Option<usize> {
    let n_fill = coded.iter().take_while(|b| **b == 0xFF).count();
    let found = *coded.get(n_fill)?;
    (0 < n_fill && found == marker::RST0 + (expected % 8) as u8).then_some(n_fill + 1)
}

/// Bytes before the first 0xFF, eight at a step.
fn len_before_ff(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, _) = bytes.as_chunks::<8>();
    let n_words = words
        .iter()
        .take_while(|word| {
            // A byte of ones is a zero byte of the complement, which borrows into its top bit.
            let inverse = !u64::from_ne_bytes(**word);
            inverse.wrapping_sub(ONES) & !inverse & (ONES << 7) == 0
        })
        .count();
    let tail = bytes.get(8 * n_words..).unwrap_or_default();
    8 * n_words + tail.iter().take_while(|b| **b != 0xFF).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_zeros_go_and_a_marker_ends() {
        for (name, coded, plain, taken) in [
            ("nothing", &[][..], &[][..], 0),
            ("no marker", &[1, 2, 3], &[1, 2, 3], 3),
            ("stuffed", &[1, 0xFF, 0, 0, 0xFF, 0xD9], &[1, 0xFF, 0], 4),
            ("long", &[7; 40], &[7; 40], 40),
            ("ends in 0xFF", &[9, 0xFF], &[9], 1),
            ("marker at once", &[0xFF, 0xD0, 5], &[], 0),
        ] {
            let mut got = vec![];
            assert_eq!(unstuff(coded, &mut got), taken, "{name}");
            assert_eq!(got, [plain, &[0; PADDING_BYTES]].concat(), "{name}");
        }
    }

    #[test]
    fn restarts_are_counted_modulo_eight() {
        assert_eq!(restart_marker(&[0xFF, 0xD1, 3], 9), Some(2));
        assert_eq!(restart_marker(&[0xFF, 0xFF, 0xD1], 1), Some(3));
        for bytes in [&[0xFF, 0xD2][..], &[0xD1], &[0xFF], &[]] {
            assert_eq!(restart_marker(bytes, 1), None);
        }
    }
}
