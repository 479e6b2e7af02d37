//! The bit streams of an HT block (ISO/IEC 15444-15 7.1), freed of their stuffing bits before anything reads them.
//!
//! Once the stuffing is gone a place in a stream is a number, so that reading needs no state but that number: any 57
//! bits are one load away, and loads of later samples do not wait for those of earlier ones.

/// What lies behind the last byte of a stream (7.1.2 to 7.1.5).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    Zeros,
    Ones,
}

/// What a set bit means where a stuffing bit should be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StuffingBit {
    /// The stream is damaged.
    MustBeZero,
    /// The byte belongs to another stream that shares the segment, and nobody reads it.
    MayBeAnything,
}

/// A stuffing bit was not zero.
#[derive(Debug)]
pub(super) struct Damaged;

/// Bytes that a load may reach past its first one.
pub(super) const SLACK: usize = 8;

/// Bits without stuffing, the first one lowest. `SIZE` is a power of two, more bytes than any block can ask for, and
/// [`SLACK`]; what a stream has beyond that is left out.
pub(super) struct Bits<const SIZE: usize> {
    bytes: Box<[u8; SIZE]>,
    n_bits: usize,
}

impl<const SIZE: usize> Default for Bits<SIZE> {
    fn default() -> Self {
        Self {
            bytes: Box::new([0; SIZE]),
            n_bits: 0,
        }
    }
}

/// Where bits are appended: `held` has the bits that do not fill a byte yet.
struct Writer<'a> {
    bytes: &'a mut [u8],
    at: usize,
    held: u64,
    n_held: u32,
}

impl Writer<'_> {
    /// Appends the lowest `n` bits, 1 to 64; those above must be zero. The caller sees to the room.
    #[inline(always)]
    fn append(&mut self, bits: u64, n: u32) {
        let word = self.held | bits << self.n_held;
        self.bytes[self.at..self.at + 8].copy_from_slice(&word.to_le_bytes());
        let total = self.n_held + n;
        self.at += (total >> 3) as usize;
        // What did not fit into the word, or into its whole bytes, is held.
        self.held = if total >= 64 {
            bits >> 1 >> (63 - self.n_held)
        } else {
            word >> (total & !7)
        };
        self.n_held = total & 7;
    }

    fn full(&self) -> bool {
        self.at + 2 * SLACK > self.bytes.len()
    }

    fn finish(self, beyond: Beyond) -> usize {
        let fill = if beyond == Beyond::Ones { u64::MAX } else { 0 };
        let word = self.held | fill << self.n_held;
        let tail = &mut self.bytes[self.at..];
        for (to, byte) in tail.iter_mut().zip(word.to_le_bytes()) {
            *to = byte;
        }
        for to in tail.iter_mut().skip(8).take(SLACK) {
            *to = fill as u8;
        }
        self.at * 8 + self.n_held as usize
    }
}

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The high bit of each zero byte, exact up to the first (lowest) of them.
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW_BITS) & !word & HIGH_BITS
}

impl<const SIZE: usize> Bits<SIZE> {
    fn writer(&mut self) -> Writer<'_> {
        Writer {
            bytes: self.bytes.as_mut_slice(),
            at: 0,
            held: 0,
            n_held: 0,
        }
    }

    /// How many bits the stream has; a load beyond them gives what lies beyond.
    pub(super) fn len(&self) -> usize {
        self.n_bits
    }

    /// Takes a stream that is read forwards: the byte after 0xFF has seven bits (7.1.2).
    pub(super) fn fill_forwards(
        &mut self,
        mut from: &[u8],
        beyond: Beyond,
        stuffing: StuffingBit,
    ) -> Result<(), Damaged> {
        let mut to = self.writer();
        while !from.is_empty() && !to.full() {
            let mut n_plain = match from.first_chunk::<8>() {
                Some(chunk) => {
                    let word = u64::from_le_bytes(*chunk);
                    let full_bytes = zero_bytes(!word);
                    if full_bytes == 0 {
                        to.append(word, 64);
                        from = &from[8..];
                        continue;
                    }
                    let n = full_bytes.trailing_zeros() + 1;
                    to.append(word & (u64::MAX >> (64 - n)), n);
                    n as usize / 8
                }
                None => {
                    to.append(u64::from(from[0]), 8);
                    1
                }
            };
            if from[n_plain - 1] == 0xff
                && let Some(&byte) = from.get(n_plain)
            {
                if byte > 0x7f && stuffing == StuffingBit::MustBeZero {
                    return Err(Damaged);
                }
                to.append(u64::from(byte & 0x7f), 7);
                n_plain += 1;
                // A byte whose stuffing bit is set ends what can be read: 0xFF twice is a marker, not data.
                if byte > 0x7f {
                    break;
                }
            }
            from = &from[n_plain..];
        }
        self.n_bits = to.finish(beyond);
        Ok(())
    }

    /// Takes a stream that is read from its last byte backwards: a byte that is 0x7F or 0xFF and read after one above
    /// 0x8F has seven bits (7.1.4, 7.1.5). `n_skipped` bits of the last byte belong to somebody else and count as ones;
    /// the byte read before it counts as 0xFF.
    pub(super) fn fill_backwards(&mut self, mut from: &[u8], n_skipped: u32) {
        let mut to = self.writer();
        let mut after_high = true;
        if n_skipped > 0
            && let [rest @ .., last] = from
        {
            let byte = *last | (0xff_u8 >> (8 - n_skipped));
            let n = if byte & 0x7f == 0x7f { 7 } else { 8 } - n_skipped;
            to.append(u64::from(byte >> n_skipped) & ((1 << n) - 1), n);
            after_high = byte > 0x8f;
            from = rest;
        }
        while let [rest @ .., last] = from
            && !to.full()
        {
            if let Some((before, chunk)) = from.split_last_chunk::<8>() {
                let word = u64::from_be_bytes(*chunk);
                if zero_bytes(!(word | HIGH_BITS)) == 0 {
                    to.append(word, 64);
                    after_high = chunk[0] > 0x8f;
                    from = before;
                    continue;
                }
            }
            let n = if after_high && last & 0x7f == 0x7f {
                7
            } else {
                8
            };
            to.append(u64::from(*last) & ((1 << n) - 1), n);
            after_high = *last > 0x8f;
            from = rest;
        }
        self.n_bits = to.finish(Beyond::Zeros);
    }

    /// At least 57 bits from `place` on. A place past the buffer gives some bits of it; the caller compares its places
    /// with [`Bits::len`] in the end.
    #[inline(always)]
    pub(super) fn load(&self, place: usize) -> u64 {
        self.load_bytes(place >> 3) >> (place & 7)
    }

    /// The same of a stream behind which there are zeros without end.
    pub(super) fn load_or_zeros(&self, place: usize) -> u64 {
        if place < self.n_bits {
            self.load(place)
        } else {
            0
        }
    }

    /// The eight bytes from `first` on, on the terms of [`Bits::load`].
    #[inline(always)]
    pub(super) fn load_bytes(&self, first: usize) -> u64 {
        // The remainder costs one instruction and makes every further check superfluous.
        let first = first % (SIZE - SLACK);
        let mut word = [0; 8];
        word.copy_from_slice(&self.bytes[first..first + 8]);
        u64::from_le_bytes(word)
    }
}

/// Lengths of the runs of the adaptive run-length code, as powers of two, by its state (7.3.3).
const RUN_EXPONENTS: [u8; 13] = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];

/// The MEL stream: says of each quad in an empty neighbourhood whether anything in it is significant (7.1.3, 7.3.3).
pub(super) struct Mel<'a> {
    bytes: &'a [u8],
    bits: u64,
    n_bits: u32,
    after_full: bool,
    state: u8,
    /// Twice the zeros still to come, plus one if a one follows them.
    run: u32,
}

impl<'a> Mel<'a> {
    /// Reads the suffix of a cleanup segment; its last twelve bits are its own length and count as ones.
    pub(super) fn new(suffix: &'a [u8]) -> Self {
        Self {
            bytes: suffix,
            bits: 0,
            n_bits: 0,
            after_full: false,
            state: 0,
            run: 0,
        }
    }

    /// The next event.
    #[inline(always)]
    pub(super) fn event(&mut self) -> bool {
        if self.run == 0 {
            self.run = self.next_run();
        }
        if self.run == 1 {
            self.run = 0;
            true
        } else {
            self.run -= 2;
            false
        }
    }

    #[inline(never)]
    fn next_run(&mut self) -> u32 {
        self.refill();
        let exponent = u32::from(RUN_EXPONENTS[usize::from(self.state.min(12))]);
        let hit = self.bits >> 63 == 0;
        if !hit {
            self.take(1);
            self.state = (self.state + 1).min(12);
            return 2 << exponent;
        }
        let n_zeros = (self.bits >> (63 - exponent)) as u32;
        self.take(1 + exponent);
        self.state = self.state.saturating_sub(1);
        2 * n_zeros + 1
    }

    fn take(&mut self, n: u32) {
        self.bits <<= n;
        self.n_bits -= n;
    }

    fn refill(&mut self) {
        while self.n_bits <= 56 {
            let byte = match self.bytes {
                [] => 0xff,
                [_] => 0xff,
                [byte, _] => byte | 0x0f,
                [byte, ..] => *byte,
            };
            self.bytes = self.bytes.get(1..).unwrap_or(&[]);
            let n = if self.after_full { 7 } else { 8 };
            self.after_full = byte == 0xff;
            self.bits |= u64::from(byte & (0xff >> (8 - n))) << (64 - self.n_bits - n);
            self.n_bits += n;
        }
    }
}
