//! Is a series whole? Gaps between slices are seen from their places; what is missing at the ends only the counts of
//! those who wrote the images can tell.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::instance::Instance;
use crate::model::VolumePlan;
use crate::warning::{Severity, Warning};

/// Fewer images than this have no run of numbers worth the name.
const FEWEST_IMAGES: usize = 5;

/// Where more than one number in so many is missing, the numbers count something else.
const ONE_IN: usize = 5;

/// Compares the images of a series with their numbers and with what they say of their count.
pub(crate) fn completeness_warnings(
    series_uid: &str,
    instances: &[Arc<Instance>],
    plans: &[VolumePlan],
) -> Vec<Warning> {
    let n_images = instances.len();
    let stated = fewer_in_series(instances).map(|w| w.in_series(series_uid));
    let is_plain = instances.iter().all(|i| i.frames.len() == 1);
    if n_images < FEWEST_IMAGES || !is_plain {
        return stated.into_iter().collect();
    }
    let n_holes = plans.iter().map(VolumePlan::n_missing).sum();
    let missing = missing_numbers(instances, n_holes);
    let by_number = (!missing.is_empty()).then(|| {
        let named: Vec<String> = missing.iter().take(20).map(i64::to_string).collect();
        let more = if 20 < missing.len() { " …" } else { "" };
        let text = format!(
            "{n_images} images are here, and by their numbers {} are missing (number {}{more}). Ask for the whole series.",
            missing.len(),
            named.join(", ")
        );
        Warning::new("instance_numbers_missing", Severity::Warning, text)
    });
    let by_count = stated_count(instances)
        .filter(|stated| n_images < *stated && missing.is_empty() && n_holes == 0)
        .map(|stated| {
            let text = format!(
                "{n_images} images are here and the acquisition is said to have made {stated}. Check that the series is whole."
            );
            Warning::new("images_fewer_than_stated", Severity::Info, text)
        });
    let by_count = by_count.filter(|_| stated.is_none());
    let all = by_number.into_iter().chain(by_count);
    let all = all.map(|w| w.in_series(series_uid));
    stated.into_iter().chain(all).collect()
}

/// Compares the images of a series with the count that came with them (PS3.4 C.3.4: archives answer with it).
fn fewer_in_series(instances: &[Arc<Instance>]) -> Option<Warning> {
    let n_here = instances.len();
    let stated = greatest(instances.iter().map(|i| i.n_in_series))?;
    (n_here < stated).then(|| {
        let text = format!(
            "{n_here} images are here and the series is said to hold {stated}. Ask for the whole series."
        );
        Warning::new("series_fewer_than_stated", Severity::Warning, text)
    })
}

/// Compares the objects of a study, documents included, with the count that came with them.
pub(crate) fn fewer_in_study(instances: &[Arc<Instance>]) -> Option<Warning> {
    let stated = greatest(instances.iter().map(|i| i.n_in_study))?;
    let uids: BTreeSet<&str> = instances
        .iter()
        .map(|i| i.sop_instance_uid.as_str())
        .collect();
    let n_here = uids.len();
    (n_here < stated).then(|| {
        let text = format!(
            "{n_here} objects are here and the study is said to hold {stated}. Ask for the whole study."
        );
        Warning::new("study_fewer_than_stated", Severity::Warning, text)
    })
}

/// The greatest of what the objects say: a count that was written while the others were still coming is too small.
fn greatest(counts: impl Iterator<Item = Option<i64>>) -> Option<usize> {
    counts
        .flatten()
        .filter_map(|n| usize::try_from(n).ok())
        .max()
}

/// Instance numbers that are missing in the run from 1, unless the gaps that were seen already explain them.
fn missing_numbers(instances: &[Arc<Instance>], n_holes: usize) -> Vec<i64> {
    let numbers: BTreeSet<i64> = instances.iter().filter_map(|i| i.instance_number).collect();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return Vec::new();
    };
    // Numbers that occur twice, or are missing in some, are no run.
    if numbers.len() < instances.len() {
        return Vec::new();
    }
    let most = i64::try_from(numbers.len() / ONE_IN).unwrap_or(0);
    // A run that begins far from 1 goes on from another series.
    let from = if first - 1 <= most { 1 } else { *first };
    if most < last - from + 1 - numbers.len() as i64 {
        return Vec::new();
    }
    if from == *first && last - from + 1 == numbers.len() as i64 {
        return Vec::new();
    }
    let missing: Vec<i64> = (from..=*last).filter(|n| !numbers.contains(n)).collect();
    if missing.len() <= n_holes {
        return Vec::new();
    }
    missing
}

/// Images in Acquisition (0020,1002), where all images are of one acquisition and agree.
fn stated_count(instances: &[Arc<Instance>]) -> Option<usize> {
    let first = instances.first()?;
    let is_same = |i: &Arc<Instance>| {
        i.n_images_in_acquisition == first.n_images_in_acquisition
            && i.acquisition_number == first.acquisition_number
    };
    let stated = first.n_images_in_acquisition?;
    instances
        .iter()
        .all(is_same)
        .then(|| usize::try_from(stated).ok())
        .flatten()
}
