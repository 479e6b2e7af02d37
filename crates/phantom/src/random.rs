//! Repeatable chance: a small generator for choices, and hashes of positions for noise.

/// Mixes 64 bits so that every input bit moves about half of the output bits.
pub fn hash64(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stream of numbers that depends on nothing but its seed.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// Starts the stream of `seed` for one purpose; other purposes have other streams.
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self {
            state: hash64(seed ^ hash64(purpose)),
        }
    }

    /// Next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        hash64(self.state)
    }

    /// Next number in 0..1.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Next number in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Next index in `0..n`; 0 when `n` is 0.
    pub fn index(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// One of `choices`.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.index(choices.len())]
    }
}

/// Brings `items` into an order that depends on `seed` alone.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut random = Random::new(seed, 0x5348_5546);
    for i in (1..items.len()).rev() {
        items.swap(i, random.index(i + 1));
    }
}
