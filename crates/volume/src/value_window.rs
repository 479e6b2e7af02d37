use crate::{Histogram, Picture, Voi, VoiFunction};

/// What is left out at the dark and at the bright end of the values that a window is made for.
const LEFT_OUT: f64 = 0.005;

/// Which of the values a window is to span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// From the smallest to the largest.
    All,
    /// Without the darkest and the brightest 0.5 %, so that a clip or a stray pixel decides nothing.
    Robust,
}

impl Picture {
    /// The measured values of a picture: neither what lies outside of the volume nor padding.
    pub fn measured(&self) -> impl Iterator<Item = f64> + '_ {
        let finite = self.values.iter().filter(|value| value.is_finite());
        finite.map(|value| f64::from(*value))
    }
}

/// A window over values, of LINEAR or LINEAR_EXACT as `function` says; `None` without any.
pub fn window_of_values(
    values: impl IntoIterator<Item = f64>,
    span: Span,
    function: VoiFunction,
) -> Option<Voi> {
    let mut values: Vec<f64> = values.into_iter().collect();
    let last_idx = values.len().checked_sub(1)?;
    let left_out = match span {
        Span::All => 0.0,
        Span::Robust => LEFT_OUT,
    };
    let mut at = |part: f64| {
        // The cast is safe: the part is within 0 ..= 1.
        let rank = (part * last_idx as f64).round() as usize;
        *values.select_nth_unstable_by(rank, f64::total_cmp).1
    };
    Some(Voi::spanning([at(left_out), at(1.0 - left_out)], function))
}

/// How often values occur, in up to 65536 equal bins from the smallest to the largest; `None` without any, and for zero
/// bins.
pub fn histogram_of_values(values: &[f64], n_bins: usize) -> Option<Histogram> {
    let last_bin = n_bins.min(1 << 16).checked_sub(1)?;
    if values.is_empty() {
        return None;
    }
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let per_value = match min < max {
        true => (last_bin + 1) as f64 / (max - min),
        false => 0.0,
    };
    let mut counts = vec![0; last_bin + 1];
    for value in values {
        // Not negative; the largest value belongs to the last bin.
        let bin_idx = (((value - min) * per_value) as usize).min(last_bin);
        counts[bin_idx] += 1;
    }
    Some(Histogram { min, max, counts })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_window_spans_the_values_it_is_made_of() {
        let ramp = || (0..=1000).map(f64::from);
        for function in [VoiFunction::Linear, VoiFunction::LinearExact] {
            let ends = |values: &mut dyn Iterator<Item = f64>, span| {
                window_of_values(values, span, function).unwrap().ends()
            };
            assert_eq!(ends(&mut ramp(), Span::All), [0.0, 1000.0]);
            assert_eq!(ends(&mut ramp(), Span::Robust), [5.0, 995.0]);
            let mut with_clip = ramp().chain([30_000.0; 3]);
            assert_eq!(ends(&mut with_clip, Span::Robust)[1], 998.0);
            assert_eq!(ends(&mut [7.0].into_iter(), Span::Robust), [7.0, 7.0]);
            assert!(window_of_values([], Span::All, function).is_none());
        }
    }

    #[test]
    fn padding_and_what_lies_outside_are_no_values() {
        let picture = Picture {
            width: 4,
            height: 1,
            values: vec![f32::NAN, f32::NEG_INFINITY, -3.0, 8.0],
        };
        assert_eq!(picture.measured().collect::<Vec<_>>(), [-3.0, 8.0]);
    }

    #[test]
    fn every_value_is_in_one_bin() {
        let values: Vec<f64> = (0..=64).map(f64::from).collect();
        let histogram = histogram_of_values(&values, 64).unwrap();
        assert_eq!(histogram.counts.iter().sum::<u64>(), 65);
        assert_eq!(histogram.counts.last(), Some(&2));
        assert!(histogram_of_values(&[], 4).is_none() && histogram_of_values(&values, 0).is_none());
    }
}
