use super::Damage;
use super::bits::{BitReader, signed};

/// Codes up to this length are found with one look.
const FAST_BITS: u32 = 10;

/// How a code's value splits into zeros that are skipped and bits that follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// The value is the number of bits that follow: DC and lossless differences.
    Category,
    /// The upper half is a run of zeros: AC coefficients.
    RunAndCategory,
}

/// Code lengths and values as the stream defines them (B.2.4.2).
#[derive(Clone, Debug)]
pub(super) struct CodeSpec {
    counts: [u8; 16],
    values: Vec<u8>,
}

impl CodeSpec {
    /// Takes the 16 counts and the values in code order; refuses what is no prefix code.
    pub(super) fn new(counts: [u8; 16], values: &[u8]) -> Result<Self, Damage> {
        let mut n_free: i64 = 1;
        for count in counts {
            n_free = 2 * n_free - i64::from(count);
            if n_free < 0 {
                return Err("a code table holds more codes than there are");
            }
        }
        Ok(Self {
            counts,
            values: values.to_vec(),
        })
    }
}

/// What one look at the next bits tells.
#[derive(Clone, Copy, Default)]
struct Entry {
    /// Bits of the code and of the value behind it; 0 where the code is longer, unknown or out of the ordinary.
    n_bits: u8,
    code_bits: u8,
    category: u8,
    run: u8,
}

/// Codes of one table, ready to be read (annex C).
pub(super) struct Codes {
    fast: Box<[Entry; 1 << FAST_BITS]>,
    /// For each length: the first code, how many there are, and where their values begin.
    lengths: [(u32, u32, usize); 16],
    values: Vec<u8>,
}

impl Codes {
    pub(super) fn new(spec: &CodeSpec, kind: ValueKind) -> Self {
        let mut lengths = [(0, 0, 0); 16];
        let mut fast = Box::new([Entry::default(); 1 << FAST_BITS]);
        let (mut code, mut first_value) = (0_u32, 0);
        for ((length, count), n_bits) in lengths.iter_mut().zip(spec.counts).zip(1_u32..) {
            let count = u32::from(count);
            *length = (code, count, first_value);
            let values = spec.values.iter().skip(first_value).take(count as usize);
            for (code, value) in (code..).zip(values).filter(|_| n_bits <= FAST_BITS) {
                let (run, category) = match kind {
                    ValueKind::Category => (0, *value),
                    ValueKind::RunAndCategory => (value >> 4, value & 15),
                };
                // Category 16 has no bits behind it (H.1.2.2), and larger ones do not exist.
                if 15 < category {
                    continue;
                }
                let width = 1 << (FAST_BITS - n_bits);
                let places = fast.iter_mut().skip(code as usize * width).take(width);
                places.for_each(|entry| {
                    *entry = Entry {
                        n_bits: n_bits as u8 + category,
                        code_bits: n_bits as u8,
                        category,
                        run,
                    };
                });
            }
            code = (code + count) << 1;
            first_value += count as usize;
        }
        Self {
            fast,
            lengths,
            values: spec.values.clone(),
        }
    }

    #[inline(always)]
    fn look(&self, bits: u64) -> Entry {
        self.fast[(bits >> (64 - FAST_BITS)) as usize]
    }

    /// Reads a code and the difference behind it, for up to 16 bits (H.1.2.2).
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut BitReader<'_>) -> Result<i32, Damage> {
        bits.refill();
        let entry = self.look(bits.peek());
        if entry.n_bits == 0 {
            let value;
            (*bits, value) = self.rare_difference(*bits)?;
            return Ok(value);
        }
        let value = signed(bits.peek() << entry.code_bits, u32::from(entry.category));
        bits.drop(u32::from(entry.n_bits));
        Ok(value)
    }

    /// Takes the reader by value and gives it back, so that it needs no address and stays in registers elsewhere.
    #[cold]
    #[inline(never)]
    fn rare_difference<'a>(&self, mut bits: BitReader<'a>) -> Result<(BitReader<'a>, i32), Damage> {
        let value = match self.long_code(&mut bits)? {
            16 => 32768,
            category @ 0..16 => bits.take_signed(u32::from(category)),
            _ => return Err("a difference has too many bits"),
        };
        Ok((bits, value))
    }

    /// Reads a code and the coefficient behind it: the zeros before it, its number of bits, and its value (F.1.2.2).
    #[inline(always)]
    pub(super) fn coefficient(&self, bits: &mut BitReader<'_>) -> Result<(u8, u8, i32), Damage> {
        bits.refill();
        let entry = self.look(bits.peek());
        if entry.n_bits == 0 {
            let rare;
            (*bits, rare) = self.rare_coefficient(*bits)?;
            return Ok(rare);
        }
        let value = signed(bits.peek() << entry.code_bits, u32::from(entry.category));
        bits.drop(u32::from(entry.n_bits));
        Ok((entry.run, entry.category, value))
    }

    /// By value, as [`Self::rare_difference`].
    #[cold]
    #[inline(never)]
    fn rare_coefficient<'a>(
        &self,
        mut bits: BitReader<'a>,
    ) -> Result<(BitReader<'a>, (u8, u8, i32)), Damage> {
        let value = self.long_code(&mut bits)?;
        let (run, category) = (value >> 4, value & 15);
        let value = bits.take_signed(u32::from(category));
        Ok((bits, (run, category, value)))
    }

    /// Reads a code of any length; the caller has refilled.
    fn long_code(&self, bits: &mut BitReader<'_>) -> Result<u8, Damage> {
        let next = (bits.peek() >> 48) as u32;
        for ((first, count, first_value), n_bits) in self.lengths.iter().zip(1_u32..) {
            let code = next >> (16 - n_bits);
            if *first <= code && code - first < *count {
                bits.drop(n_bits);
                let value = self.values.get(first_value + (code - first) as usize);
                return value.copied().ok_or("a code has no value");
            }
        }
        Err("a code is unknown")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn counts(of: &[(usize, u8)]) -> [u8; 16] {
        let mut counts = [0; 16];
        of.iter().for_each(|(length, n)| counts[length - 1] = *n);
        counts
    }

    #[test]
    fn short_and_long_codes_give_their_differences() {
        // 0, 10, then one code each of 12 and 16 bits.
        let spec = CodeSpec::new(counts(&[(1, 1), (2, 1), (12, 1), (16, 1)]), &[0, 3, 5, 16]);
        let codes = Codes::new(&spec.unwrap(), ValueKind::Category);
        // 0 | 10 010 | 110000000000 10001 | 1100000000010000 | 111
        let plain = [
            0b0100_1011,
            0b0000_0000,
            0b0010_0011,
            0b1000_0000,
            0b0010_0001,
            0b1100_0000,
        ];
        let plain = [&plain[..], &[0; 8]].concat();
        let mut bits = BitReader::new(&plain);
        let mut next = || codes.difference(&mut bits);
        assert_eq!(
            [next(), next(), next(), next()],
            [Ok(0), Ok(-5), Ok(17), Ok(32768)]
        );
        assert!(next().is_err());
    }

    #[test]
    fn more_codes_than_a_length_has_are_refused() {
        assert!(CodeSpec::new(counts(&[(1, 2)]), &[0, 1]).is_ok());
        for of in [&[(1, 3)][..], &[(1, 2), (2, 1)], &[(1, 1), (2, 3)]] {
            assert!(CodeSpec::new(counts(of), &[0; 4]).is_err());
        }
    }
}
