use super::planes::Plane;

/// Brings the rows of a sub-sampled component to the picture's size.
///
/// Samples lie in the middle of the pixels that they stand for. Between halved samples the levels are interpolated, as
/// the common decoders do; those of other ratios are repeated.
#[derive(Default)]
pub(super) struct Upsampler {
    /// Sums of the nearer row three times and the farther one, or the row alone.
    blended: Vec<u16>,
    row: Vec<u16>,
}

impl Upsampler {
    /// The picture's row `row_idx`, `width` pixels long.
    pub(super) fn row<'a>(
        &'a mut self,
        plane: &'a Plane,
        row_idx: usize,
        width: usize,
    ) -> &'a [u16] {
        let row = match plane.layout().ratio {
            [1, 1] => return plane.row(row_idx),
            [1, 2] => {
                // Rounded down and up in turns, so that the mean stays.
                let rounding = 1 + (row_idx & 1) as u16;
                self.blend(plane, row_idx);
                self.blended
                    .iter_mut()
                    .for_each(|v| *v = (*v + rounding) >> 2);
                &self.blended
            }
            [2, 1] => {
                self.blended.clear();
                self.blended.extend_from_slice(plane.row(row_idx));
                double::<2>(&self.blended, &mut self.row, [1, 2]);
                &self.row
            }
            [2, 2] => {
                self.blend(plane, row_idx);
                double::<4>(&self.blended, &mut self.row, [8, 7]);
                &self.row
            }
            [across, down] => {
                let from = plane.row(row_idx / down).iter();
                self.row.clear();
                self.row
                    .extend(from.flat_map(|v| std::iter::repeat_n(*v, across)));
                &self.row
            }
        };
        row.get(..width).unwrap_or(row)
    }

    /// Four times the levels between two rows, a quarter of their distance from the nearer one.
    fn blend(&mut self, plane: &Plane, row_idx: usize) {
        let near = row_idx / 2;
        let far = if row_idx.is_multiple_of(2) {
            near.saturating_sub(1)
        } else {
            near + 1
        };
        let pairs = plane.row(near).iter().zip(plane.row(far));
        self.blended.clear();
        self.blended.extend(pairs.map(|(near, far)| 3 * near + far));
    }
}

/// Two levels for each, a quarter of the distance to its neighbours away from it, divided by `1 << BITS`.
fn double<const BITS: u32>(from: &[u16], to: &mut Vec<u16>, rounding: [u16; 2]) {
    let pair = |before: u16, own: u16, behind: u16| {
        [
            (3 * own + before + rounding[0]) >> BITS,
            (3 * own + behind + rounding[1]) >> BITS,
        ]
    };
    let &[first, ref inner @ ..] = from else {
        return;
    };
    let last = inner.last().copied().unwrap_or(first);
    to.resize(2 * from.len(), 0);
    let pairs = to.as_chunks_mut::<2>().0;
    for (place, around) in pairs.iter_mut().skip(1).zip(from.windows(3)) {
        if let [before, own, behind] = around {
            *place = pair(*before, *own, *behind);
        }
    }
    // Beyond its ends a row goes on as it is there.
    if let Some(place) = pairs.last_mut() {
        *place = pair(
            from.iter().rev().nth(1).copied().unwrap_or(last),
            last,
            last,
        );
    }
    if let Some(place) = pairs.first_mut() {
        *place = pair(first, first, inner.first().copied().unwrap_or(first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_row_lies_between_its_neighbours() {
        for (from, to) in [
            (&[8][..], &[8, 8][..]),
            (&[8, 16], &[8, 10, 14, 16]),
            (&[8, 16, 0, 4], &[8, 10, 14, 12, 4, 1, 3, 4]),
        ] {
            let mut row = vec![];
            double::<2>(from, &mut row, [1, 2]);
            assert_eq!(row, to);
            let four_times: Vec<u16> = from.iter().map(|v| 4 * v).collect();
            double::<4>(&four_times, &mut row, [8, 7]);
            assert_eq!(row, to);
        }
    }
}
