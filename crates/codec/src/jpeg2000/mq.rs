//! The arithmetic decoder of ISO/IEC 15444-1 Annex C, and the raw bits of D.6 that may stand in its place.
//!
//! Code register and interval keep their meaning, but stand at the top of 64 bits, so that several bytes are taken in
//! at once: they only ever add to the register, and a sum does not depend on when its terms come.

/// First of the five contexts of signs; those of significance are the nine before it (Table D.7).
pub(super) const SIGN_CONTEXTS: usize = 9;
/// First of the three contexts of the refinement pass.
pub(super) const REFINEMENT_CONTEXTS: usize = 14;
/// Context of the run mode.
pub(super) const RUN_CONTEXT: usize = 17;
/// Context of the bits that are equally probable.
pub(super) const UNIFORM_CONTEXT: usize = 18;

/// Table C.2: probability of the less probable symbol, next state after the more and after the less probable one, and
/// whether the latter exchanges them.
const STATES: [(u32, u32, u32, u32); 47] = [
    (0x5601, 1, 1, 1),
    (0x3401, 2, 6, 0),
    (0x1801, 3, 9, 0),
    (0x0AC1, 4, 12, 0),
    (0x0521, 5, 29, 0),
    (0x0221, 38, 33, 0),
    (0x5601, 7, 6, 1),
    (0x5401, 8, 14, 0),
    (0x4801, 9, 14, 0),
    (0x3801, 10, 14, 0),
    (0x3001, 11, 17, 0),
    (0x2401, 12, 18, 0),
    (0x1C01, 13, 20, 0),
    (0x1601, 29, 21, 0),
    (0x5601, 15, 14, 1),
    (0x5401, 16, 14, 0),
    (0x5101, 17, 15, 0),
    (0x4801, 18, 16, 0),
    (0x3801, 19, 17, 0),
    (0x3401, 20, 18, 0),
    (0x3001, 21, 19, 0),
    (0x2801, 22, 19, 0),
    (0x2401, 23, 20, 0),
    (0x2201, 24, 21, 0),
    (0x1C01, 25, 22, 0),
    (0x1801, 26, 23, 0),
    (0x1601, 27, 24, 0),
    (0x1401, 28, 25, 0),
    (0x1201, 29, 26, 0),
    (0x1101, 30, 27, 0),
    (0x0AC1, 31, 28, 0),
    (0x09C1, 32, 29, 0),
    (0x08A1, 33, 30, 0),
    (0x0521, 34, 31, 0),
    (0x0441, 35, 32, 0),
    (0x02A1, 36, 33, 0),
    (0x0221, 37, 34, 0),
    (0x0141, 38, 35, 0),
    (0x0111, 39, 36, 0),
    (0x0085, 40, 37, 0),
    (0x0049, 41, 38, 0),
    (0x0025, 42, 39, 0),
    (0x0015, 43, 40, 0),
    (0x0009, 44, 41, 0),
    (0x0005, 45, 42, 0),
    (0x0001, 45, 43, 0),
    (0x5601, 46, 46, 0),
];

/// A state in one word: the probability in bits 0 to 15, the more probable symbol in bit 16, the row of `STATES` in
/// bits 17 and up.
const fn packed(row: u32, symbol: u32) -> u32 {
    STATES[row as usize].0 | symbol << 16 | row << 17
}

/// The states that follow state and symbol (`packed >> 16`): at twice that index after the more probable symbol, one
/// behind it after the less probable one.
const NEXT: [u64; 128] = {
    let mut next = [0; 128];
    let mut row = 0;
    while row < 47 {
        let (_, after_more, after_less, exchange) = STATES[row];
        let mut symbol = 0;
        while symbol < 2 {
            let more = packed(after_more, symbol as u32) as u64;
            let less = packed(after_less, symbol as u32 ^ exchange) as u64;
            next[2 * row + symbol] = more | (more ^ less) << 32;
            symbol += 1;
        }
        row += 1;
    }
    next
};

/// The adaptive states of all contexts.
#[derive(Clone, Copy)]
pub(super) struct Contexts([u32; 32]);

impl Contexts {
    /// As they are at the start of a code block (Table D.7).
    pub(super) fn new() -> Self {
        let mut states = [packed(0, 0); 32];
        states[0] = packed(4, 0);
        states[RUN_CONTEXT] = packed(3, 0);
        states[UNIFORM_CONTEXT] = packed(46, 0);
        Self(states)
    }
}

/// What the coding passes draw their decisions from.
pub(super) trait Decisions: Clone {
    /// A decision on which the next step depends.
    fn decide(&mut self, context: usize) -> bool;
    /// A decision that is only a value, `0` or `1`.
    fn draw(&mut self, context: usize) -> u32;
    /// A sign bit, coded as its difference from `expected`, `0` or `1`.
    fn draw_sign(&mut self, context: usize, expected: u32) -> u32;
}

/// The bytes of a code word and how far they were taken.
#[derive(Clone, Copy)]
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
    previous: u8,
}

/// The arithmetic decoder at some place of a code word.
#[derive(Clone)]
pub(super) struct Mq<'a> {
    /// The interval (A), in the top 16 bits.
    interval: u64,
    /// The code register (C), its upper half in the top 16 bits.
    code: u64,
    /// Where in `code` the lowest bit of the next byte belongs; negative while there is no room for it.
    next_at: i32,
    input: Input<'a>,
    /// The states, kept from code word to code word of a block.
    pub contexts: Contexts,
}

/// The highest `next_at` at which a shift by 15 bits still leaves the upper half of the code register whole.
const REFILL_ABOVE: i32 = 24;

impl<'a> Mq<'a> {
    /// Starts a code word (C.3.5).
    pub(super) fn new(bytes: &'a [u8], contexts: Contexts) -> Self {
        let input = Input {
            bytes,
            at: 0,
            previous: 0,
        };
        let (input, code, next_at) = refill(input, 0, 55);
        Self {
            interval: 0x8000 << 48,
            code,
            next_at,
            input,
            contexts,
        }
    }

    #[inline(always)]
    fn renormalise(&mut self) {
        let n = self.interval.leading_zeros();
        self.interval <<= n;
        self.code <<= n;
        self.next_at += n as i32;
        if REFILL_ABOVE < self.next_at {
            (self.input, self.code, self.next_at) = refill(self.input, self.code, self.next_at);
        }
    }
}

impl Decisions for Mq<'_> {
    #[inline(always)]
    fn decide(&mut self, context: usize) -> bool {
        self.draw(context) != 0
    }

    #[inline(always)]
    fn draw(&mut self, context: usize) -> u32 {
        // Without branches: the outcome is close to chance, and nothing that follows waits for it.
        let state = self.contexts.0[context & 31];
        let less = u64::from(state) << 48;
        let rest = self.interval - less;
        let is_below = self.code < less;
        let is_less = is_below ^ (rest < less);
        let next = NEXT[(state >> 16) as usize & 127];
        let change = (next >> 32) as u32 & 0_u32.wrapping_sub(u32::from(is_less));
        let next = next as u32 ^ change;
        self.code -= if is_below { 0 } else { less };
        self.interval = if is_below { less } else { rest };
        let is_whole = self.interval >> 63 != 0;
        self.contexts.0[context & 31] = if is_whole { state } else { next };
        self.renormalise();
        ((state >> 16) & 1) ^ u32::from(is_less)
    }

    #[inline(always)]
    fn draw_sign(&mut self, context: usize, expected: u32) -> u32 {
        self.draw(context) ^ expected
    }
}

/// Takes in as many bytes as there is room for (C.3.4): the byte after 0xFF stands one bit higher, and behind a marker
/// or the end come ones.
#[inline(never)]
fn refill(mut input: Input<'_>, mut code: u64, mut next_at: i32) -> (Input<'_>, u64, i32) {
    if let Some(four) = input.bytes.get(input.at..input.at + 4)
        && REFILL_ABOVE <= next_at
    {
        let word = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        if !has_ff(word) && input.previous != 0xFF {
            input.at += 4;
            input.previous = four[3];
            code = code.wrapping_add(u64::from(word) << (next_at - 24));
            return (input, code, next_at - 32);
        }
    }
    while 0 <= next_at {
        let byte = input.bytes.get(input.at).copied().unwrap_or(0xFF);
        if input.previous != 0xFF {
            code = code.wrapping_add(u64::from(byte) << next_at);
            next_at -= 8;
        } else if byte <= 0x8F {
            code = code.wrapping_add(u64::from(byte) << (next_at + 1));
            next_at -= 7;
        } else {
            code = code.wrapping_add(0xFF << next_at);
            next_at -= 8;
            continue;
        }
        input.previous = byte;
        input.at += 1;
    }
    (input, code, next_at)
}

fn has_ff(word: u32) -> bool {
    let inverted = !word;
    inverted.wrapping_sub(0x0101_0101) & word & 0x8080_8080 != 0
}

/// The raw bits of the selective bypass (D.6).
#[derive(Clone)]
pub(super) struct RawBits<'a> {
    input: Input<'a>,
    n_left: u32,
}

impl<'a> RawBits<'a> {
    /// Starts a raw segment.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let input = Input {
            bytes,
            at: 0,
            previous: 0,
        };
        Self { input, n_left: 0 }
    }

    #[inline(always)]
    fn bit(&mut self) -> u32 {
        if self.n_left == 0 {
            // A bit is stuffed after 0xFF.
            self.n_left = if self.input.previous == 0xFF { 7 } else { 8 };
            let byte = self.input.bytes.get(self.input.at).copied();
            self.input.previous = byte.unwrap_or(0xFF);
            self.input.at += 1;
        }
        self.n_left -= 1;
        u32::from(self.input.previous >> self.n_left) & 1
    }
}

impl Decisions for RawBits<'_> {
    #[inline(always)]
    fn decide(&mut self, _: usize) -> bool {
        self.bit() != 0
    }

    #[inline(always)]
    fn draw(&mut self, _: usize) -> u32 {
        self.bit()
    }

    #[inline(always)]
    fn draw_sign(&mut self, _: usize, _: u32) -> u32 {
        self.bit()
    }
}
