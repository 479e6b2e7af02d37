use rayon::prelude::*;

use crate::Volume;

/// How often values occur.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Lower edge of the first bin, modality values.
    pub min: f64,
    /// Upper edge of the last bin, which counts it.
    pub max: f64,
    /// Number of voxels in each bin of equal width.
    pub counts: Vec<u64>,
}

/// Counts the finite modality values, padding left out, of all filled slices in up to 65536 equal bins over their full range; `None` for
/// colour, without values, and for zero bins. Reads every voxel: not for the thread that draws.
pub fn histogram(volume: &Volume, n_bins: usize) -> Option<Histogram> {
    let n_bins = n_bins.min(1 << 16);
    let last_bin = n_bins.checked_sub(1)?;
    let [min, max] = volume.full_range()?;
    let per_value = if min < max {
        n_bins as f64 / (max - min)
    } else {
        0.0
    };
    let count = |slice_idx: usize| -> Vec<u64> {
        let mut counts = vec![0; n_bins];
        for value in volume.slice_counted_values(slice_idx).unwrap_or_default() {
            let bin_idx = (((value - min) * per_value) as usize).min(last_bin);
            counts[bin_idx] += 1;
        }
        counts
    };
    let add = |mut a: Vec<u64>, b: Vec<u64>| {
        a.iter_mut().zip(b).for_each(|(x, y)| *x += y);
        a
    };
    let counts = (0..volume.n_slices())
        .into_par_iter()
        .map(count)
        .reduce(|| vec![0; n_bins], add);
    Some(Histogram { min, max, counts })
}
