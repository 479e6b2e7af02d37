//! The inverse wavelet transforms (ISO/IEC 15444-1 Annex F), one resolution at a time.
//!
//! Rows go through in one sweep: each is synthesised horizontally into its place and then lifted vertically while its
//! neighbours are still at hand. All loops run along rows, so that they become vector code.

/// The two wavelets as arithmetic on rows.
pub(super) trait Lifting: Copy + Default {
    /// Lifting steps. Odd steps (counted from 1) change the even samples.
    const N_STEPS: usize;

    /// Changes samples by their two neighbours, in the given step.
    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]);

    /// Scales low-pass and high-pass samples before the steps.
    fn scale(low: &mut [Self], high: &mut [Self]);

    /// A single sample that stands at an odd place.
    fn halve(self) -> Self;
}

#[inline(always)]
fn zip3<T: Copy>(targets: &mut [T], before: &[T], after: &[T], change: impl Fn(T, T, T) -> T) {
    let n = targets.len().min(before.len()).min(after.len());
    let (targets, before, after) = (&mut targets[..n], &before[..n], &after[..n]);
    for i in 0..n {
        targets[i] = change(targets[i], before[i], after[i]);
    }
}

impl Lifting for i32 {
    const N_STEPS: usize = 2;

    #[inline]
    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]) {
        if step == 1 {
            zip3(targets, before, after, |t, b, a| {
                t.wrapping_sub(b.wrapping_add(a).wrapping_add(2) >> 2)
            });
        } else {
            zip3(targets, before, after, |t, b, a| {
                t.wrapping_add(b.wrapping_add(a) >> 1)
            });
        }
    }

    fn scale(_: &mut [Self], _: &mut [Self]) {}

    fn halve(self) -> Self {
        self >> 1
    }
}

/// Table F.4, in the order of the inverse.
const STEPS_97: [f32; 4] = [0.443_506_87, 0.882_911_1, -0.052_980_12, -1.586_134_3];
/// The scaling factor K.
const SCALE_97: f32 = 1.230_174_1;

impl Lifting for f32 {
    const N_STEPS: usize = 4;

    #[inline]
    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]) {
        let factor = STEPS_97[(step - 1) & 3];
        zip3(targets, before, after, |t, b, a| t - factor * (b + a));
    }

    fn scale(low: &mut [Self], high: &mut [Self]) {
        low.iter_mut().for_each(|v| *v *= SCALE_97);
        high.iter_mut().for_each(|v| *v *= 1.0 / SCALE_97);
    }

    fn halve(self) -> Self {
        0.5 * self
    }
}

/// Where the samples of a row or column start on the grid of their resolution, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub start: u32,
    pub len: usize,
}

impl Span {
    fn starts_odd(self) -> bool {
        self.start % 2 == 1
    }

    /// Samples at even places: the low-pass ones.
    pub(super) fn n_low(self) -> usize {
        (self.len + usize::from(!self.starts_odd())) / 2
    }
}

/// The four sub-bands that make a resolution, each with its distance from row to row.
pub(super) struct Bands<'a, T> {
    pub ll: (&'a [T], usize),
    pub hl: (&'a [T], usize),
    pub lh: (&'a [T], usize),
    pub hh: (&'a [T], usize),
}

/// Makes a resolution from the one below and the three sub-bands; `out` gets its rows without gaps.
pub(super) fn synthesise<T: Lifting>(
    bands: &Bands<'_, T>,
    columns: Span,
    rows: Span,
    out: &mut [T],
) {
    let width = columns.len;
    if width == 0 || rows.len == 0 {
        return;
    }
    let mut line = Line::new(columns);
    let first_odd = usize::from(rows.starts_odd());
    let row_of = |(band, stride): (&'_ [T], usize), n: usize, len: usize| -> (usize, usize) {
        let from = (n * stride).min(band.len());
        (from, (from + len).min(band.len()))
    };
    // Rows are counted as places with the parity of the grid: `first_odd` is the first one.
    let end = first_odd + rows.len;
    for place in first_odd..end + T::N_STEPS + 1 {
        if place < end {
            let (low, high) = if place % 2 == 0 {
                (bands.ll, bands.hl)
            } else {
                (bands.lh, bands.hh)
            };
            // The n-th even place, and the n-th odd one, from the first that the resolution has.
            let n = (place - first_odd) / 2;
            let (low_from, low_to) = row_of(low, n, columns.n_low());
            let (high_from, high_to) = row_of(high, n, width - columns.n_low());
            let at = (place - first_odd) * width;
            line.synthesise(
                &low.0[low_from..low_to],
                &high.0[high_from..high_to],
                &mut out[at..at + width],
            );
        }
        if rows.len == 1 {
            if first_odd == 1 {
                out[..width].iter_mut().for_each(|v| *v = v.halve());
            }
            return;
        }
        if place % 2 == 1 {
            scale_rows(out, width, place, first_odd, end);
            for step in 1..=T::N_STEPS {
                let Some(target) = place.checked_sub(step) else {
                    break;
                };
                if (first_odd..end).contains(&target) {
                    lift_row(out, width, target, first_odd, end, step);
                }
            }
        }
    }
}

/// Scales the rows that a pair of places has brought.
fn scale_rows<T: Lifting>(out: &mut [T], width: usize, odd: usize, first: usize, end: usize) {
    if (first..end).contains(&(odd - 1)) {
        let at = (odd - 1 - first) * width;
        T::scale(&mut out[at..at + width], &mut []);
    }
    if (first..end).contains(&odd) {
        let at = (odd - first) * width;
        T::scale(&mut [], &mut out[at..at + width]);
    }
}

/// Lifts a row by the rows above and below; beyond the edge stands the mirrored one.
fn lift_row<T: Lifting>(
    out: &mut [T],
    width: usize,
    target: usize,
    first: usize,
    end: usize,
    step: usize,
) {
    let at = (target - first) * width;
    let (before, rest) = out.split_at_mut(at);
    let (row, after) = rest.split_at_mut(width);
    let above = first < target;
    let below = target + 1 < end;
    let above = if above {
        &before[at - width..]
    } else {
        &after[..width]
    };
    let below = if below { &after[..width] } else { above };
    T::lift(step, row, above, below);
}

/// A row while it is put together: both halves with room for a mirrored sample at each end.
struct Line<T> {
    columns: Span,
    low: Vec<T>,
    high: Vec<T>,
}

impl<T: Lifting> Line<T> {
    fn new(columns: Span) -> Self {
        Self {
            columns,
            low: vec![T::default(); columns.n_low() + 2],
            high: vec![T::default(); columns.len - columns.n_low() + 2],
        }
    }

    fn synthesise(&mut self, low: &[T], high: &[T], out: &mut [T]) {
        let (n_low, n_high) = (low.len(), high.len());
        let odd_first = usize::from(self.columns.starts_odd());
        if self.columns.len == 1 {
            if let (Some(o), Some(v)) = (out.first_mut(), low.first()) {
                *o = *v;
            }
            if let (Some(o), Some(v)) = (out.first_mut(), high.first()) {
                *o = v.halve();
            }
            return;
        }
        self.low[1..=n_low].copy_from_slice(low);
        self.high[1..=n_high].copy_from_slice(high);
        T::scale(&mut self.low[1..=n_low], &mut self.high[1..=n_high]);
        for step in 1..=T::N_STEPS {
            // Even places have the odd ones n - 1 and n beside them where an even one comes first, else n and n + 1.
            if step % 2 == 1 {
                mirror(&mut self.high, n_high);
                let before = &self.high[odd_first..];
                let (before, after) = (&before[..n_low], &before[1..=n_low]);
                T::lift(step, &mut self.low[1..=n_low], before, after);
            } else {
                mirror(&mut self.low, n_low);
                let before = &self.low[1 - odd_first..];
                let (before, after) = (&before[..n_high], &before[1..=n_high]);
                T::lift(step, &mut self.high[1..=n_high], before, after);
            }
        }
        let (first, second) = if odd_first == 0 {
            (&self.low[1..], &self.high[1..])
        } else {
            (&self.high[1..], &self.low[1..])
        };
        let (pairs, last) = out.as_chunks_mut::<2>();
        for (pair, (a, b)) in pairs.iter_mut().zip(first.iter().zip(second)) {
            *pair = [*a, *b];
        }
        if let (Some(last), Some(v)) = (last.first_mut(), first.get(self.columns.len / 2)) {
            *last = *v;
        }
    }
}

/// Fills the places before the first and behind the last of `n` samples.
fn mirror<T: Copy>(padded: &mut [T], n: usize) {
    padded[0] = padded[1];
    padded[n + 1] = padded[n];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The low and the high half of a line by the standard's forward equations (F.4.8.1), which share no code with the
    /// above.
    fn analyse(line: &[i32], start: u32) -> [Vec<i32>; 2] {
        let n = line.len() as i64;
        let start = i64::from(start);
        if n == 1 && start % 2 == 0 {
            return [line.to_vec(), vec![]];
        }
        if n == 1 {
            return [vec![], vec![2 * line[0]]];
        }
        let mirrored = |i: i64| {
            let i = (i - start).rem_euclid(2 * n - 2);
            line[i.min(2 * n - 2 - i) as usize]
        };
        let high = |i: i64| mirrored(i) - (mirrored(i - 1) + mirrored(i + 1)).div_euclid(2);
        let low = |i: i64| mirrored(i) + (high(i - 1) + high(i + 1) + 2).div_euclid(4);
        let places = start..start + n;
        [
            places.clone().filter(|i| i % 2 == 0).map(low).collect(),
            places.filter(|i| i % 2 != 0).map(high).collect(),
        ]
    }

    /// The low and the high half of each column.
    fn analyse_columns(image: &[i32], width: usize, start: u32) -> [Vec<i32>; 2] {
        let columns: Vec<[Vec<i32>; 2]> = (0..width)
            .map(|x| {
                let column: Vec<i32> = image.iter().skip(x).step_by(width).copied().collect();
                analyse(&column, start)
            })
            .collect();
        [0, 1].map(|half| {
            let n_rows = columns.first().map_or(0, |c| c[half].len());
            (0..n_rows)
                .flat_map(|y| columns.iter().map(move |c| c[half][y]))
                .collect()
        })
    }

    /// The low and the high half of each row.
    fn analyse_rows(image: &[i32], width: usize, start: u32) -> [Vec<i32>; 2] {
        let rows: Vec<[Vec<i32>; 2]> = image.chunks(width).map(|r| analyse(r, start)).collect();
        [0, 1].map(|half| rows.iter().flat_map(|r| r[half].clone()).collect())
    }

    #[test]
    fn the_reversible_transform_gives_back_what_was_analysed() {
        let mut state = 7_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i32 - 32768
        };
        let sizes = [
            (1, 1),
            (1, 7),
            (7, 1),
            (2, 2),
            (2, 3),
            (5, 4),
            (16, 9),
            (33, 34),
        ];
        for (x0, y0) in [(0, 0), (1, 0), (0, 1), (3, 5)] {
            for (width, height) in sizes {
                let image: Vec<i32> = (0..width * height).map(|_| random()).collect();
                // The forward transform takes the columns first (F.4.2), the inverse one the rows.
                let [low, high] = analyse_columns(&image, width, y0);
                let [ll, hl] = analyse_rows(&low, width, x0);
                let [lh, hh] = analyse_rows(&high, width, x0);
                let columns = Span {
                    start: x0,
                    len: width,
                };
                let rows = Span {
                    start: y0,
                    len: height,
                };
                let n_low = columns.n_low();
                let bands = Bands {
                    ll: (&ll[..], n_low),
                    hl: (&hl[..], width - n_low),
                    lh: (&lh[..], n_low),
                    hh: (&hh[..], width - n_low),
                };
                let mut out = vec![0; width * height];
                synthesise(&bands, columns, rows, &mut out);
                assert_eq!(out, image, "{width} x {height} from {x0}, {y0}");
            }
        }
    }

    #[test]
    fn the_irreversible_transform_keeps_a_constant() {
        // The low-pass gain is 1 (F.3.8.2): a constant has no high-pass part.
        for (width, height) in [(1, 1), (2, 2), (9, 6), (32, 17)] {
            let columns = Span {
                start: 0,
                len: width,
            };
            let rows = Span {
                start: 0,
                len: height,
            };
            let (w, h) = (columns.n_low(), rows.n_low());
            let low = vec![100.0_f32; w * h];
            let zeros = vec![0.0_f32; width * height];
            let bands = Bands {
                ll: (&low[..], w),
                hl: (&zeros[..], width - w),
                lh: (&zeros[..], w),
                hh: (&zeros[..], width - w),
            };
            let mut out = vec![0.0; width * height];
            synthesise(&bands, columns, rows, &mut out);
            assert!(out.iter().all(|v| (v - 100.0).abs() < 1e-3), "{out:?}");
        }
    }
}
