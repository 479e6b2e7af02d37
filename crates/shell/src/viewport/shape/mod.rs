//! Shapes of marks on the screen: their strokes, how they are drawn, and how their handles change them.

mod draw;
mod edit;
mod strokes;
#[cfg(test)]
mod tests;

pub(crate) use draw::{Drawing, drawing, shape_of};
pub(crate) use edit::with_handle_at;
pub(crate) use strokes::{Strokes, strokes};
