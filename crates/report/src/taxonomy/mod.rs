//! The lexicon and the rule words, read once from `assets/taxonomy`.

mod load;
mod trie;
mod words;

pub(crate) use load::{
    Concept, ConceptIdx, ConceptKind, ContextKind, Modifier, Reach, Taxonomy, Trigger,
};
pub(crate) use trie::WordId;
pub(crate) use words::normalise_word;
