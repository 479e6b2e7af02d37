use crate::jpeg::Damage;

/// Zero bytes behind the last real one, so that a window is whole wherever a valid code can begin.
const PADDING: usize = 16;

/// The longest code, in bits, that one window surely holds: eight bytes less the bits before the place in the first.
const WINDOW_BITS: u32 = 57;

/// Zeros of a prefix up to which prefix and remainder are taken from one window; 25 bits are left for the remainder.
const SHORT_PREFIX: u32 = 32;

/// One entropy-coded segment with its stuffed bits taken out (ISO/IEC 14495-1 A.1).
pub(super) struct Unstuffed {
    /// The bits, first in the highest place, and [`PADDING`].
    bytes: Vec<u8>,
    /// Real bits.
    n_bits: usize,
    /// Stuffed bytes that they came from: the offset of the marker behind them.
    pub(super) n_stuffed: usize,
}

impl Unstuffed {
    /// Takes the bits up to the next marker, or up to the end where there is none.
    ///
    /// Behind a byte 0xFF comes either a byte whose highest bit is a stuffed 0, or the rest of a marker.
    pub(super) fn read(stuffed: &[u8]) -> Self {
        let mut out = Writer {
            bytes: vec![0; stuffed.len() + PADDING],
            at: 0,
            pending: 0,
            n_pending: 0,
        };
        let mut at = 0;
        let mut before = 0;
        while let Some(&byte) = stuffed.get(at) {
            if before != 0xFF
                && let Some(word) = stuffed.get(at..).and_then(|s| s.first_chunk::<8>())
            {
                let word = u64::from_be_bytes(*word);
                if !has_byte_of_ones(word) {
                    out.push_word(word);
                    before = 0;
                    at += 8;
                    continue;
                }
            }
            if byte == 0xFF && stuffed.get(at + 1).is_none_or(|next| 0x80 <= *next) {
                // The first byte of a marker, or of nothing.
                break;
            }
            out.push(byte, if before == 0xFF { 7 } else { 8 });
            before = byte;
            at += 1;
        }
        let n_bits = out.finish();
        Self {
            bytes: out.bytes,
            n_bits,
            n_stuffed: at,
        }
    }

    /// A reader at the first bit.
    pub(super) fn bits(&self) -> Bits<'_> {
        Bits {
            bytes: &self.bytes,
            n_bits: self.n_bits,
            at: 0,
        }
    }
}

/// Is one of the eight bytes 0xFF?
fn has_byte_of_ones(word: u64) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The low seven bits carry into the eighth when all are set; no byte carries into its neighbour.
    ((word & !HIGH) + (HIGH >> 7)) & word & HIGH != 0
}

/// Packs bits behind one another.
struct Writer {
    bytes: Vec<u8>,
    /// Bytes written.
    at: usize,
    /// Bits not yet written, in the low places.
    pending: u64,
    /// Fewer than 8 between two calls.
    n_pending: u32,
}

impl Writer {
    #[inline(always)]
    fn push_word(&mut self, word: u64) {
        // Split in two, since no bit may be pending and a shift by 64 is none.
        let high = self.pending << 1 << (63 - self.n_pending);
        self.pending = word & ((1 << self.n_pending) - 1);
        let whole = (high | (word >> self.n_pending)).to_be_bytes();
        if let Some(place) = self.bytes.get_mut(self.at..self.at + 8) {
            place.copy_from_slice(&whole);
        }
        self.at += 8;
    }

    fn push(&mut self, low_bits: u8, n: u32) {
        self.pending = self.pending << n | u64::from(low_bits);
        self.n_pending += n;
        if 8 <= self.n_pending {
            self.n_pending -= 8;
            if let Some(place) = self.bytes.get_mut(self.at) {
                *place = (self.pending >> self.n_pending) as u8;
            }
            self.at += 1;
            self.pending &= (1 << self.n_pending) - 1;
        }
    }

    /// Writes the bits of the last byte. Gives how many bits there are in all.
    fn finish(&mut self) -> usize {
        let n_bits = 8 * self.at + self.n_pending as usize;
        if let Some(place) = self.bytes.get_mut(self.at) {
            *place = (self.pending << (8 - self.n_pending)) as u8;
        }
        n_bits
    }
}

/// A place in the bits of a segment.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    n_bits: usize,
    /// The next bit.
    at: usize,
}

/// How the codes of one kind of sample are limited (ISO/IEC 14495-1 A.5.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeLimit {
    /// Zeros that say that the value follows as it is.
    escape: u32,
    /// Zeros from which on the code is not taken from one window.
    long: u32,
    /// Bits of a value that follows as it is.
    n_escaped_bits: u32,
}

impl CodeLimit {
    /// Codes of at most `n_code_bits` whose escaped values have `n_escaped_bits`.
    pub(super) fn new(n_code_bits: u32, n_escaped_bits: u32) -> Self {
        let escape = n_code_bits.saturating_sub(n_escaped_bits + 1);
        Self {
            escape,
            long: escape.min(SHORT_PREFIX),
            n_escaped_bits,
        }
    }
}

/// What every truncated segment comes to.
const ENDS_EARLY: &str = "it ends early";

impl Bits<'_> {
    /// The next bits from the highest place down, [`WINDOW_BITS`] of them at least.
    #[inline(always)]
    fn window(self) -> Result<u64, Damage> {
        let first = self.at >> 3;
        let window = self
            .bytes
            .get(first..first + 8)
            .and_then(|b| b.first_chunk());
        let window = window.ok_or(ENDS_EARLY)?;
        Ok(u64::from_be_bytes(*window) << (self.at & 7))
    }

    /// The next `n` bits as a number; at most 25.
    #[inline]
    pub(super) fn take(&mut self, n: u32) -> Result<u32, Damage> {
        debug_assert!(n < WINDOW_BITS);
        let window = self.window()?;
        self.at += n as usize;
        Ok((window >> 1 >> (63 - n)) as u32)
    }

    /// A value under Golomb's code of parameter `k`, at most 24, with a limited prefix (ISO/IEC 14495-1 A.5.3).
    #[inline(always)]
    pub(super) fn golomb(&mut self, k: u32, limit: &CodeLimit) -> Result<u32, Damage> {
        let window = self.window()?;
        let n_zeros = (window | 1).leading_zeros();
        if limit.long <= n_zeros {
            let (value, after) = self.long_golomb(n_zeros, k, limit)?;
            *self = after;
            return Ok(value);
        }
        let rest = window << (n_zeros + 1);
        let low = (rest >> 1) >> (63 - k);
        self.at += (n_zeros + 1 + k) as usize;
        Ok(n_zeros << k | low as u32)
    }

    #[cold]
    #[inline(never)]
    fn long_golomb(
        mut self,
        n_zeros: u32,
        k: u32,
        limit: &CodeLimit,
    ) -> Result<(u32, Self), Damage> {
        // A whole window of zeros cannot be: the longest prefix is that of 16-bit samples, 47.
        if limit.escape < n_zeros {
            return Err("a code is longer than the format allows");
        }
        self.at += n_zeros as usize + 1;
        let value = if n_zeros == limit.escape {
            self.take(limit.n_escaped_bits)? + 1
        } else {
            n_zeros << k | self.take(k)?
        };
        Ok((value, self))
    }

    /// Have more bits been taken than there are?
    pub(super) fn check(self) -> Result<(), Damage> {
        if self.n_bits < self.at {
            return Err(ENDS_EARLY);
        }
        Ok(())
    }

    /// Checks at the end of a segment that nothing is left over but the rest of a byte, or zeros: some encoders fill up.
    pub(super) fn finish(self) -> Result<(), Damage> {
        self.check()?;
        // Up to 7 bits of the last byte may be anything.
        let behind = self.at + 7;
        let first = self.bytes.get(behind / 8).map(|b| b << (behind % 8));
        let rest = self.bytes.get(behind / 8 + 1..).unwrap_or_default();
        let is_whole = first.unwrap_or_default() == 0 && rest.iter().all(|byte| *byte == 0);
        if !is_whole {
            return Err("more data follow than the picture has samples");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Bit by bit, as the standard words it.
    fn plain_bits(stuffed: &[u8]) -> (Vec<u8>, usize) {
        let mut bits = Vec::new();
        let mut at = 0;
        while at < stuffed.len() {
            let is_behind_ones = 0 < at && stuffed[at - 1] == 0xFF;
            let next = stuffed.get(at + 1).copied().unwrap_or(0xFF);
            if stuffed[at] == 0xFF && 0x80 <= next {
                break;
            }
            let n = if is_behind_ones { 7 } else { 8 };
            bits.extend((0..n).rev().map(|i| stuffed[at] >> i & 1));
            at += 1;
        }
        (bits, at)
    }

    #[test]
    fn stuffed_bits_are_taken_out_wherever_they_stand() {
        let mut seed = 1_u32;
        for len in 0..120 {
            for ones_in_8 in 0..8 {
                let stuffed: Vec<u8> = (0..len)
                    .map(|_| {
                        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        match seed >> 24 & 7 {
                            r if r < ones_in_8 => 0xFF,
                            7 => (seed >> 16) as u8,
                            _ => (seed >> 16 & 0x7F) as u8,
                        }
                    })
                    .collect();
                let (expected, n_stuffed) = plain_bits(&stuffed);
                let unstuffed = Unstuffed::read(&stuffed);
                assert_eq!(unstuffed.n_stuffed, n_stuffed, "{stuffed:02X?}");
                assert_eq!(unstuffed.n_bits, expected.len(), "{stuffed:02X?}");
                let mut bits = unstuffed.bits();
                let read: Vec<u8> = expected
                    .iter()
                    .map(|_| bits.take(1).unwrap() as u8)
                    .collect();
                assert_eq!(read, expected, "{stuffed:02X?}");
                bits.finish().unwrap();
            }
        }
    }

    #[test]
    fn a_code_gives_prefix_and_remainder_or_the_escaped_value() {
        let limit = CodeLimit::new(32, 8);
        for (name, bytes, k, value) in [
            ("no zero, k 0", &[0x80][..], 0, 0),
            ("two zeros, k 3", &[0b0011_0100], 3, 2 << 3 | 5),
            (
                "last prefix below the escape",
                &[0, 0, 0b0000_0011, 0],
                1,
                22 << 1 | 1,
            ),
            (
                "escape",
                &[0, 0, 0b0000_0001, 0b1010_1010],
                2,
                0b1010_1010 + 1,
            ),
        ] {
            let unstuffed = Unstuffed::read(bytes);
            assert_eq!(unstuffed.bits().golomb(k, &limit), Ok(value), "{name}");
        }
        for zeros in [&[0, 0, 0, 1][..], &[0; 8]] {
            let unstuffed = Unstuffed::read(zeros);
            assert!(unstuffed.bits().golomb(2, &limit).is_err());
        }
    }

    #[test]
    fn only_fill_may_be_left_over() {
        for (name, bytes, n_taken, is_whole) in [
            ("all taken", &[0xAA, 0xAA][..], 16, true),
            ("the rest of a byte", &[0xAA, 0xAA], 9, true),
            ("a byte of zeros", &[0xAA, 0], 8, true),
            ("zeros behind the rest of a byte", &[0xA0, 0, 0, 0], 4, true),
            ("a byte of data", &[0xAA, 0x11], 8, false),
            ("one bit too many taken", &[0xAA], 9, false),
        ] {
            let unstuffed = Unstuffed::read(bytes);
            let mut bits = unstuffed.bits();
            bits.take(n_taken).unwrap();
            assert_eq!(bits.finish().is_ok(), is_whole, "{name}");
        }
    }
}
