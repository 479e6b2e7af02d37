/// Values at which lengths and counters are apt to go wrong.
const EDGES: [u32; 12] = [
    0,
    1,
    7,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFF,
];
/// Longest input made by doubling parts, bytes.
const MAX_BYTES: usize = 1 << 20;

/// Changes good inputs; the same seed gives the same changes.
#[derive(Clone, Debug)]
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed ^ 0x9E37_79B9_7F4A_7C15,
        }
    }

    /// SplitMix64: short, and good enough to choose places.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// One to eight changes of one of the inputs.
    pub fn changed(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = inputs
            .get(self.below(inputs.len()))
            .cloned()
            .unwrap_or_default();
        for _ in 0..=self.below(8) {
            self.change(&mut bytes, inputs);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(16)).min(bytes.len());
        match self.below(9) {
            0 => {
                let bit = 1 << self.below(8);
                bytes.iter_mut().skip(at).take(1).for_each(|b| *b ^= bit);
            }
            1 => {
                let value = self.next() as u8;
                bytes.iter_mut().skip(at).take(1).for_each(|b| *b = value);
            }
            2 | 3 => {
                let edge = EDGES.get(self.below(EDGES.len())).copied().unwrap_or(0);
                let n = [1, 2, 4].get(self.below(3)).copied().unwrap_or(4);
                let (little, big) = (edge.to_le_bytes(), edge.to_be_bytes());
                let value = match self.below(2) {
                    0 => little.get(..n),
                    _ => big.get(4 - n..),
                };
                for (place, new) in bytes.iter_mut().skip(at).zip(value.unwrap_or_default()) {
                    *place = *new;
                }
            }
            4 => drop(bytes.drain(at.min(end)..end)),
            5 if bytes.len() < MAX_BYTES => {
                let part: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
                bytes.splice(at..at, part);
            }
            6 => bytes.truncate(at),
            7 => {
                let other = inputs.get(self.below(inputs.len()));
                let from = other.map_or(0, |o| self.below(o.len()));
                let part = other.and_then(|o| o.get(from..(from + 32).min(o.len())));
                let part = part.unwrap_or_default().to_vec();
                bytes.splice(at..end.max(at), part);
            }
            _ => {
                let part: Vec<u8> = (0..self.below(8)).map(|_| self.next() as u8).collect();
                bytes.splice(at..at, part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_inputs_again_and_another_seed_others() {
        let inputs = [b"DICM and more".to_vec(), vec![0; 64]];
        let made = |seed| -> Vec<Vec<u8>> {
            let mut mutator = Mutator::new(seed);
            (0..50).map(|_| mutator.changed(&inputs)).collect()
        };
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
    }

    #[test]
    fn nothing_to_change_is_no_panic() {
        let mut mutator = Mutator::new(1);
        for _ in 0..200 {
            mutator.changed(&[]);
            mutator.changed(&[Vec::new()]);
        }
    }
}
