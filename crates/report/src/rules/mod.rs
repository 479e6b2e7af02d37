//! From the words of a sentence to facts: what, there or not, where, how large, what next.

mod advice;
mod attributes;
mod category;
mod context;
mod facts;
mod levels;
mod measure;
mod normality;
mod scan;
mod unknown;

pub(crate) use category::categories_of_sentence;
pub(crate) use facts::{facts_of_sentence, phrase_fact};
pub(crate) use measure::parse_sizes;
