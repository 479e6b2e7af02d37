//! Phrases of words, found longest first.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A word as a number; 0 is a word that no phrase has.
pub(crate) type WordId = u32;

/// Phrases as paths of words, each with a value.
#[derive(Debug)]
pub(crate) struct Trie<V> {
    edges: HashMap<(u32, WordId), u32, BuildHasherDefault<PairHasher>>,
    values: Vec<Option<V>>,
}

impl<V: Copy> Trie<V> {
    /// Makes an empty one.
    pub fn new() -> Self {
        Self {
            edges: HashMap::default(),
            values: vec![None],
        }
    }

    /// Adds a phrase. The first value of a phrase stays; returns the one that stands.
    pub fn add(&mut self, phrase: &[WordId], value: V) -> V {
        let mut node = 0;
        for word in phrase {
            let next = self.values.len() as u32;
            node = *self.edges.entry((node, *word)).or_insert(next);
            if node == next {
                self.values.push(None);
            }
        }
        match self.values.get_mut(node as usize) {
            Some(slot) => *slot.get_or_insert(value),
            None => value,
        }
    }

    /// The longest phrase at the start of `words`: how many words, and its value.
    pub fn longest(&self, words: impl Iterator<Item = WordId>) -> Option<(usize, V)> {
        let mut node = 0;
        let mut best = None;
        for (word_idx, word) in words.enumerate() {
            match self.edges.get(&(node, word)) {
                Some(next) if word != 0 => node = *next,
                _ => break,
            }
            if let Some(value) = self.values.get(node as usize).copied().flatten() {
                best = Some((word_idx + 1, value));
            }
        }
        best
    }
}

/// Mixes the two numbers of an edge; the keys come from our own files, so nobody can choose collisions.
#[derive(Default)]
pub(crate) struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }
    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
