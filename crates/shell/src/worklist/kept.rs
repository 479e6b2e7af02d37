/// Something that is made again only when what it is made of has changed: a list of many cases is filtered, counted and
/// put in order once, not at every drawing.
#[derive(Debug)]
pub(super) struct Kept<K, V> {
    made: Option<(K, V)>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { made: None }
    }
}

impl<K: PartialEq, V: Clone> Kept<K, V> {
    /// What was made of this key, or is made now.
    pub(super) fn get(&mut self, key: K, make: impl FnOnce(&K) -> V) -> V {
        match &self.made {
            Some((of, value)) if *of == key => value.clone(),
            _ => {
                let value = make(&key);
                self.made = Some((key, value.clone()));
                value
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_for_each_key_in_a_row() {
        let mut kept = Kept::default();
        let mut n_made = 0;
        for (key, expected) in [(1, 1), (1, 1), (2, 2), (2, 2), (1, 3)] {
            let value = kept.get(key, |key| {
                n_made += 1;
                key * 10
            });
            assert_eq!((value, n_made), (key * 10, expected));
        }
    }
}
