//! The cases of a store as a list: kept compactly, asked for as a reader wants them, answered without a log being read.

mod answer;
mod ask;
mod days;
mod packed;
mod saved;
mod table;
#[cfg(test)]
mod tests;

pub use answer::{Counts, Group, GroupKey, Listed};
pub use ask::{CaseMark, Due, Grouping, ListView, Order, Queue};
pub use saved::SavedView;
pub use table::CaseTable;

pub(crate) use answer::listed;
pub(crate) use packed::{Packed, Packer, field, list_of, mark};
pub(crate) use saved::SavedViews;
pub(crate) use table::Tabled;
