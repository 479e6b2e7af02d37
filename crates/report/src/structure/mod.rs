//! From characters to sections, sentences and words.

mod clean;
mod sections;
mod sentences;
mod tokens;

pub(crate) use clean::clean_text;
pub(crate) use sections::split_sections;
pub(crate) use sentences::split_sentences;
pub(crate) use tokens::{Token, TokenKind, tokenise};
