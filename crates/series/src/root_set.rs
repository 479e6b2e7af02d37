use std::cell::Cell;

/// Outermost elements of a header, by their place in the ascending order of their tags.
///
/// What was made of a header depends on the elements that were asked for; what two headers differ in is such a set too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RootSet {
    words: [u64; Self::N_WORDS],
    /// Whatever cannot be said in places: meets every set.
    is_everything: bool,
}

impl RootSet {
    /// Headers of images have a hundred or two outermost elements; what lies beyond counts as everything.
    const N_WORDS: usize = 8;

    /// The set that meets every other, the empty one included.
    pub(crate) const EVERYTHING: Self = Self {
        words: [0; Self::N_WORDS],
        is_everything: true,
    };

    pub(crate) fn insert(&mut self, place: usize) {
        match self.words.get_mut(place / 64) {
            Some(word) => *word |= 1 << (place % 64),
            None => self.is_everything = true,
        }
    }

    pub(crate) fn unite(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(other.words) {
            *word |= more;
        }
        self.is_everything |= other.is_everything;
    }

    /// The places in ascending order; one beyond all of them stands for everything.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        let n_places = 64 * Self::N_WORDS;
        let is_in = |place: &usize| match self.words.get(place / 64) {
            Some(word) => word >> (place % 64) & 1 == 1,
            None => self.is_everything,
        };
        (0..=n_places).filter(is_in)
    }

    /// Have both an element in common?
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.is_everything
            || other.is_everything
            || self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }
}

/// A set that grows while it is lent, one element at a time: each attribute that is asked for is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct AskedSet {
    words: [Cell<u64>; RootSet::N_WORDS],
    is_everything: Cell<bool>,
}

impl AskedSet {
    pub(crate) fn insert(&self, place: usize) {
        match self.words.get(place / 64) {
            Some(word) => word.set(word.get() | 1 << (place % 64)),
            None => self.is_everything.set(true),
        }
    }

    pub(crate) fn set(&self, set: RootSet) {
        for (word, new) in self.words.iter().zip(set.words) {
            word.set(new);
        }
        self.is_everything.set(set.is_everything);
    }

    pub(crate) fn get(&self) -> RootSet {
        RootSet {
            words: self.words.each_ref().map(Cell::get),
            is_everything: self.is_everything.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_were_put_in_and_everything_is_one_beyond() {
        for places in [vec![], vec![0], vec![3, 63, 64, 511], vec![7, 512]] {
            let (mut one, mut other) = (RootSet::default(), RootSet::default());
            for (n, place) in places.iter().enumerate() {
                [&mut one, &mut other][n % 2].insert(*place);
            }
            one.unite(&other);
            assert_eq!(one.places().collect::<Vec<_>>(), places);
        }
        let mut set = RootSet::default();
        set.unite(&RootSet::EVERYTHING);
        assert_eq!(set, RootSet::EVERYTHING);
        assert_eq!(set.places().collect::<Vec<_>>(), [512]);
    }

    #[test]
    fn sets_meet_in_a_common_place_and_everything_meets_all() {
        let of = |places: &[usize]| {
            let mut set = RootSet::default();
            let asked = AskedSet::default();
            for place in places {
                set.insert(*place);
                asked.insert(*place);
            }
            assert_eq!(asked.get(), set);
            asked.set(RootSet::EVERYTHING);
            assert_eq!(asked.get(), RootSet::EVERYTHING);
            set
        };
        for (a, b, want) in [
            (of(&[0, 63, 64]), of(&[64]), true),
            (of(&[0, 63, 64]), of(&[1, 65, 511]), false),
            (of(&[511]), of(&[511]), true),
            (of(&[512]), of(&[3]), true),
            (of(&[]), of(&[]), false),
            (RootSet::EVERYTHING, of(&[]), true),
        ] {
            assert_eq!((a.meets(&b), b.meets(&a)), (want, want), "{a:?} {b:?}");
        }
    }
}
