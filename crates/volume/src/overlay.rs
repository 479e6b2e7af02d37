use rayon::prelude::*;
use thiserror::Error;

use crate::{ColourPicture, SliceView};

/// A plane of single bits over one slice (PS3.3 C.9.2): drawn marks, or a region of interest.
///
/// It may hold what a first reader drew, so nothing shows it before it is asked for, and it never changes a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// What the bits mean.
    pub kind: OverlayKind,
    /// Overlay Label (60xx,1500); empty when none is given.
    pub label: String,
    /// Overlay Description (60xx,0022); empty when none is given.
    pub description: String,
    /// Column and row of the slice under the overlay's first bit, 0-based; may be negative.
    pub origin: [i32; 2],
    n_columns: usize,
    n_rows: usize,
    bits: Vec<u8>,
}

/// Overlay Type (60xx,0040).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OverlayKind {
    /// G: marks and text.
    Graphics,
    /// R: a region of interest.
    Region,
}

/// Why bits make no overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OverlayError {
    /// There are fewer bits than pixels.
    #[error(
        "the overlay has {found} of the {expected} bytes that it needs; ask for the image to be sent again"
    )]
    Short {
        /// Bytes needed.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
}

impl Overlay {
    /// Makes an overlay without words of `[columns, rows]`, its first column and row at `origin`, from bits in rows, the
    /// first in the lowest bit and no padding between rows.
    ///
    /// # Errors
    /// When there are fewer bits than pixels.
    pub fn new(
        kind: OverlayKind,
        origin: [i32; 2],
        [n_columns, n_rows]: [usize; 2],
        bits: Vec<u8>,
    ) -> Result<Self, OverlayError> {
        let expected = (n_columns * n_rows).div_ceil(8);
        if bits.len() < expected {
            return Err(OverlayError::Short {
                expected,
                found: bits.len(),
            });
        }
        Ok(Self {
            kind,
            label: String::new(),
            description: String::new(),
            origin,
            n_columns,
            n_rows,
            bits,
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> [usize; 2] {
        [self.n_columns, self.n_rows]
    }

    /// Is the bit of a column and row of the overlay set? Beyond it none is.
    pub fn is_set(&self, column_idx: usize, row_idx: usize) -> bool {
        let at = row_idx * self.n_columns + column_idx;
        column_idx < self.n_columns
            && row_idx < self.n_rows
            && self
                .bits
                .get(at / 8)
                .is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// Number of bits that are set.
    pub fn n_set(&self) -> usize {
        let row = |row_idx| (0..self.n_columns).filter(move |c| self.is_set(*c, row_idx));
        (0..self.n_rows).map(|row_idx| row(row_idx).count()).sum()
    }

    /// Is any bit set within a box of slice pixels, its ends included?
    fn touches(&self, low: [f64; 2], high: [f64; 2]) -> bool {
        let range = |axis: usize, n: usize| {
            let first = f64::from(self.origin[axis]);
            let from = (low[axis] - first).max(0.0);
            let to = (high[axis] - first).min(n as f64 - 1.0);
            // The casts saturate; an empty range has its end before its start.
            (from <= to).then(|| from as usize..to as usize + 1)
        };
        let (Some(columns), Some(rows)) = (range(0, self.n_columns), range(1, self.n_rows)) else {
            return false;
        };
        rows.into_iter().any(|row_idx| {
            columns
                .clone()
                .any(|column_idx| self.is_set(column_idx, row_idx))
        })
    }
}

/// Draws the set bits of an overlay in a colour over a picture of the same view.
///
/// A pixel is coloured when any slice pixel under it has its bit set, so that a thin line outlives being made smaller.
/// A picture of another size than the view's is left as it is.
pub fn draw_overlay(
    picture: &mut ColourPicture,
    view: &SliceView,
    overlay: &Overlay,
    [red, green, blue]: [u8; 3],
) {
    let [width, height] = view.size_px;
    if [picture.width, picture.height] != [width, height] || width == 0 {
        return;
    }
    let reach: [f64; 2] =
        std::array::from_fn(|a| (view.per_column[a].abs() + view.per_row[a].abs()) / 2.0);
    picture
        .values
        .par_chunks_mut(width)
        .enumerate()
        .for_each(|(row_idx, out)| {
            for (column_idx, pixel) in out.iter_mut().enumerate() {
                let at = view.slice_at([column_idx as f64, row_idx as f64]);
                // Slice pixels whose centres the pixel covers, and always the nearest.
                let low =
                    std::array::from_fn(|a| (at[a] - reach[a]).ceil().min((at[a] + 0.5).floor()));
                let high = std::array::from_fn(|a| {
                    ((at[a] + reach[a]).ceil() - 1.0).max((at[a] + 0.5).floor())
                });
                if overlay.touches(low, high) {
                    *pixel = [red, green, blue, 255];
                }
            }
        });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn overlay(origin: [i32; 2], size: [usize; 2], set: &[[usize; 2]]) -> Overlay {
        let mut bits = vec![0; (size[0] * size[1]).div_ceil(8)];
        for [column, row] in set {
            let at = row * size[0] + column;
            bits[at / 8] |= 1 << (at % 8);
        }
        Overlay::new(OverlayKind::Graphics, origin, size, bits).unwrap()
    }

    fn drawn(view: &SliceView, overlay: &Overlay) -> Vec<usize> {
        let n = view.size_px[0] * view.size_px[1];
        let mut picture = ColourPicture {
            width: view.size_px[0],
            height: view.size_px[1],
            values: vec![[9, 9, 9, 255]; n],
        };
        draw_overlay(&mut picture, view, overlay, [255, 200, 0]);
        let coloured = |i: &usize| picture.values[*i] == [255, 200, 0, 255];
        (0..n).filter(coloured).collect()
    }

    #[test]
    fn bits_lie_at_their_origin_and_beyond_the_picture_they_are_cut() {
        let native = SliceView::native([4, 3]);
        type Row<'a> = ([i32; 2], &'a [[usize; 2]], &'a [usize]);
        let rows: [Row<'_>; 4] = [
            ([0, 0], &[[0, 0], [2, 1]], &[0, 6]),
            ([1, 1], &[[0, 0], [2, 1]], &[5, 11]),
            ([-2, 0], &[[0, 0], [2, 1]], &[4]),
            ([9, 9], &[[0, 0]], &[]),
        ];
        for (origin, set, want) in rows {
            assert_eq!(
                drawn(&native, &overlay(origin, [3, 2], set)),
                want,
                "{origin:?}"
            );
        }
    }

    #[test]
    fn a_thin_line_outlives_being_made_smaller() {
        let view = SliceView {
            size_px: [2, 2],
            at_first_pixel: [1.5, 1.5],
            per_column: [4.0, 0.0],
            per_row: [0.0, 4.0],
        };
        for column in 0..8 {
            let line: Vec<[usize; 2]> = (0..8).map(|row| [column, row]).collect();
            let want = if column < 4 { [0, 2] } else { [1, 3] };
            assert_eq!(
                drawn(&view, &overlay([0, 0], [8, 8], &line)),
                want,
                "{column}"
            );
        }
    }

    #[test]
    fn too_few_bits_are_refused() {
        let refused = Overlay::new(OverlayKind::Region, [0, 0], [5, 5], vec![0; 3]);
        assert_eq!(
            refused,
            Err(OverlayError::Short {
                expected: 4,
                found: 3
            })
        );
    }
}
