use crate::Sha256;

/// Chance that anybody can follow: from a seed, the same numbers everywhere. Number k is the first 8 bytes of
/// SHA-256(`overread.chance/1` ‖ seed ‖ k), both as 8 bytes, the highest first.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
    n_used: u64,
}

impl Chance {
    /// From a seed, which whoever asks records.
    pub fn new(seed: u64) -> Self {
        Self { seed, n_used: 0 }
    }

    fn next(&mut self) -> u64 {
        let digest = Sha256::of_parts(&[
            b"overread.chance/1",
            &self.seed.to_be_bytes(),
            &self.n_used.to_be_bytes(),
        ]);
        self.n_used = self.n_used.wrapping_add(1);
        u64::from_str_radix(digest.as_str().get(..16).unwrap_or("0"), 16).unwrap_or(0)
    }

    /// A whole number from 0 below `n`, each as likely; 0 for `n` = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // What lies above the last whole multiple would favour the small numbers.
        let n_spare = (u64::MAX % n.max(1) + 1) % n.max(1);
        loop {
            let number = self.next();
            if number <= u64::MAX - n_spare {
                return number % n.max(1);
            }
        }
    }

    /// Does something of this probability, 0 to 1, happen?
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        // 53 bits, which an `f64` holds whole.
        ((self.next() >> 11) as f64) < probability * (1_u64 << 53) as f64
    }

    /// So many of the items, each set of them as likely; all where there are no more.
    pub(crate) fn some_of(&mut self, items: &[usize], n: usize) -> Vec<usize> {
        let mut items = items.to_vec();
        let n = n.min(items.len());
        for k in 0..n {
            let left = (items.len() - k) as u64;
            // Below the number of items, which is a `usize`.
            let other = k + self.below(left) as usize;
            items.swap(k, other);
        }
        items.truncate(n);
        items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's `hashlib` from the same definition.
    #[test]
    fn the_numbers_are_those_of_the_definition() {
        let mut chance = Chance::new(1);
        let found = [chance.next(), chance.next()];
        assert_eq!(found, [0xd5a7_68a5_650e_e04f, 0x4218_9b3b_4711_207a]);
    }

    #[test]
    fn each_number_below_a_limit_is_as_likely() {
        let (n, n_draws) = (6_u64, 30_000);
        let mut chance = Chance::new(7);
        let mut counts = [0_u32; 6];
        for _ in 0..n_draws {
            counts[chance.below(n) as usize] += 1;
        }
        let expected = f64::from(n_draws) / n as f64;
        let chi2: f64 = counts
            .iter()
            .map(|c| (f64::from(*c) - expected).powi(2) / expected)
            .sum();
        // The 99.99 % point of chi-square with 5 degrees of freedom is 25.7.
        assert!(chi2 < 25.7, "{counts:?}");
        assert_eq!((chance.below(0), chance.below(1)), (0, 0));
    }
}
