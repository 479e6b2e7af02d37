use super::entropy::PADDING_BYTES;

/// Bits of an entropy-coded segment without its stuffing, the most significant first.
///
/// Behind the last byte come zeros without end; [`BitReader::is_overrun`] tells that some of them were taken.
#[derive(Clone, Copy)]
pub(super) struct BitReader<'a> {
    /// Ends with the padding.
    plain: &'a [u8],
    /// The byte that is loaded next.
    at: usize,
    /// The next bits, from the top.
    held: u64,
    /// How many of them count.
    n_held: u32,
}

impl<'a> BitReader<'a> {
    /// Begins at the first bit of what [`super::entropy::unstuff`] gave.
    pub(super) fn new(plain: &'a [u8]) -> Self {
        Self {
            plain,
            at: 0,
            held: 0,
            n_held: 0,
        }
    }

    /// Makes sure that at least 56 bits are held.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let word = match self.plain.get(self.at..self.at + 8) {
            Some(&[a, b, c, d, e, f, g, h]) => u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            _ => 0,
        };
        // Bits that are loaded twice are the same bits in the same place.
        self.held |= word >> self.n_held;
        self.at += ((63 - self.n_held) >> 3) as usize;
        self.n_held |= 56;
    }

    /// The next bits from the top of the word; those behind the last one held are undefined.
    #[inline(always)]
    pub(super) fn peek(&self) -> u64 {
        self.held
    }

    /// Drops bits, at most as many as are held.
    #[inline(always)]
    pub(super) fn drop(&mut self, n_bits: u32) {
        self.held <<= n_bits;
        self.n_held -= n_bits;
    }

    /// Takes up to 16 bits that are held.
    #[inline(always)]
    pub(super) fn take(&mut self, n_bits: u32) -> u32 {
        let value = (self.held >> 1 >> (63 - n_bits)) as u32;
        self.drop(n_bits);
        value
    }

    /// Takes a value of up to 16 bits that are held, whose leading zero means negative (F.2.2.1).
    #[inline(always)]
    pub(super) fn take_signed(&mut self, n_bits: u32) -> i32 {
        let value = signed(self.held, n_bits);
        self.drop(n_bits);
        value
    }

    fn n_plain_bits(&self) -> usize {
        8 * self.plain.len().saturating_sub(PADDING_BYTES)
    }

    fn n_taken_bits(&self) -> usize {
        8 * self.at - self.n_held as usize
    }

    /// Were more bits taken than there are?
    #[inline]
    pub(super) fn is_overrun(&self) -> bool {
        self.n_plain_bits() < self.n_taken_bits()
    }

    /// Is everything that was not taken mere filling: less than a byte, or bytes of zeros or ones alone?
    pub(super) fn is_at_end(&self) -> bool {
        let n_bytes = self.n_taken_bits().div_ceil(8);
        let to = self.plain.len().saturating_sub(PADDING_BYTES);
        let rest = self.plain.get(n_bytes..to).unwrap_or_default();
        rest.iter().all(|b| matches!(b, 0 | 0xFF))
    }
}

/// The topmost bits as a value whose leading zero means negative (F.2.2.1), for 0 to 16 bits.
#[inline(always)]
pub(super) fn signed(bits: u64, n_bits: u32) -> i32 {
    // All ones for a negative value, whose complement is its magnitude.
    let sign = !(bits as i64 >> 63) as u64;
    let magnitude = ((bits ^ sign) >> 1 >> (63 - n_bits)) as i32;
    (magnitude ^ sign as i32) - sign as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_values_follow_table_f1() {
        for (n_bits, bits, value) in [
            (0, 0, 0),
            (0, 1, 0),
            (1, 0b0, -1),
            (1, 0b1, 1),
            (2, 0b00, -3),
            (2, 0b01, -2),
            (2, 0b10, 2),
            (3, 0b011, -4),
            (15, 0, -32767),
            (15, 0x7FFF, 32767),
        ] {
            let top = if n_bits == 0 {
                bits << 63
            } else {
                bits << (64 - n_bits)
            };
            assert_eq!(signed(top, n_bits), value, "{n_bits} bits {bits:b}");
            assert_eq!(
                signed(top | 1, n_bits),
                value,
                "{n_bits} bits {bits:b} and more"
            );
        }
    }

    #[test]
    fn bits_behind_the_end_are_zeros_that_are_noticed() {
        let plain = [0b1010_0001, 0b1100_0000, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut bits = BitReader::new(&plain);
        bits.refill();
        assert_eq!((bits.take(3), bits.take(7)), (0b101, 0b00_0011 << 1 | 1));
        assert!(!bits.is_overrun() && bits.is_at_end());
        assert_eq!(bits.take(6), 0);
        assert!(!bits.is_overrun());
        for _ in 0..100 {
            bits.refill();
            assert_eq!(bits.take(16), 0);
            assert!(bits.is_overrun());
        }
    }

    #[test]
    fn data_behind_the_last_code_are_noticed() {
        for (rest, is_at_end) in [([0, 0], true), ([0xFF, 0], true), ([0, 1], false)] {
            let plain = [&[0x12][..], &rest, &[0; PADDING_BYTES]].concat();
            let mut bits = BitReader::new(&plain);
            bits.refill();
            bits.drop(5);
            assert_eq!(bits.is_at_end(), is_at_end, "{rest:?}");
        }
    }
}
