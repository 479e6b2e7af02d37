use space::{PatientPoint, PatientVector};

/// How the slices of one orientation follow each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arrangement {
    /// Equal steps; `place_of[i]` is the grid index of the i-th slice, so that missing ones are left out.
    Regular {
        step: PatientVector,
        place_of: Vec<usize>,
        n_places: usize,
    },
    /// Distances differ.
    Uneven { smallest_mm: f64, largest_mm: f64 },
    /// Equal distances, but slices are shifted sideways against each other.
    Shifted { largest_mm: f64 },
}

/// What is expected of the slices besides their places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    /// The smaller pixel spacing: what lies sideways by a quarter of it is shifted.
    pub(crate) pixel_mm: f64,
    /// With more missing ones than this the series is no volume with gaps but a scattered one.
    pub(crate) max_holes: usize,
    /// Spacing Between Slices, where it is stated.
    pub(crate) stated: StatedStep,
}

/// How far a stated distance between slices is believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StatedStep {
    None,
    /// Only where two slices really lie that far apart: some writers state the gap between slices instead.
    IfSeen(f64),
    /// Also where none do: frames that hold nothing are left out of a segmentation.
    Always(f64),
}

/// A slice may lie this part of the spacing off its place and still count as regular.
const TOLERANCE: f64 = 0.05;

/// Looks for the regular grid of slices that are sorted along their normal; two at least, no two at one place.
pub(crate) fn arrange(
    origins: &[PatientPoint],
    normal: PatientVector,
    expected: &Expected,
) -> Option<Arrangement> {
    let (first, last) = (*origins.first()?, *origins.last()?);
    let along: Vec<f64> = origins.iter().map(|o| (*o - first).dot(normal)).collect();
    let gaps: Vec<f64> = along.windows(2).map(|w| w[1] - w[0]).collect();
    let median = median(&gaps)?;
    let uneven = || Arrangement::Uneven {
        smallest_mm: gaps.iter().copied().fold(f64::MAX, f64::min),
        largest_mm: gaps.iter().copied().fold(0.0, f64::max),
    };
    let places = candidates(&gaps, median, (last - first, normal), expected.stated)
        .into_iter()
        .find_map(|base_mm| places(&gaps, base_mm, expected.max_holes));
    let Some((place_of, n_places)) = places else {
        return Some(uneven());
    };
    let step = (last - first) * (1.0 / (n_places - 1).max(1) as f64);
    let step_mm = step.dot(normal);
    let off = |i: usize, origin: &PatientPoint| {
        let expected = first + step * place_of.get(i).copied().unwrap_or(0) as f64;
        let off = *origin - expected;
        let along = off.dot(normal);
        (along.abs(), (off - normal * along).length_mm())
    };
    let (mut worst_along, mut worst_aside) = (0.0_f64, 0.0_f64);
    for (i, origin) in origins.iter().enumerate() {
        let (along, aside) = off(i, origin);
        (worst_along, worst_aside) = (worst_along.max(along), worst_aside.max(aside));
    }
    if 2.0 * TOLERANCE * step_mm < worst_along {
        return Some(uneven());
    }
    if (expected.pixel_mm / 4.0).max(0.05) < worst_aside {
        return Some(Arrangement::Shifted {
            largest_mm: worst_aside,
        });
    }
    Some(Arrangement::Regular {
        step,
        place_of,
        n_places,
    })
}

/// Distances along the normal that may be one step, the likeliest first.
fn candidates(
    gaps: &[f64],
    median: f64,
    (whole, normal): (PatientVector, PatientVector),
    stated: StatedStep,
) -> Vec<f64> {
    let is_seen = |step: f64| gaps.iter().any(|g| (g / step - 1.0).abs() <= TOLERANCE);
    // Sheared slices may state their distance along the table; along the normal it is shorter.
    let shear = whole.unit().map_or(1.0, |w| w.dot(normal).abs());
    let mut all = match stated {
        StatedStep::IfSeen(step) => [step, step * shear]
            .into_iter()
            .filter(|s| is_seen(*s))
            .collect(),
        StatedStep::Always(step) => vec![step],
        StatedStep::None => Vec::new(),
    };
    all.push(median);
    all
}

/// Grid index of each slice when one step is `base_mm`, and how many places there are; `None` when it does not fit.
fn places(gaps: &[f64], base_mm: f64, max_holes: usize) -> Option<(Vec<usize>, usize)> {
    let mut place_of = vec![0];
    let mut place = 0_usize;
    for gap in gaps {
        let steps = (gap / base_mm).round();
        // Over a longer gap the rounding of positions weighs no more than over a short one.
        if steps < 1.0
            || TOLERANCE < (gap / base_mm - steps).abs()
            || (max_holes + 2) as f64 <= steps
        {
            return None;
        }
        place += steps as usize;
        place_of.push(place);
    }
    let n_places = place + 1;
    (n_places - place_of.len() <= max_holes).then_some((place_of, n_places))
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().filter(|m| 0.0 < *m)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NORMAL: PatientVector = PatientVector::new(0.0, 0.0, 1.0);

    fn at(z: &[f64]) -> Vec<PatientPoint> {
        z.iter().map(|z| PatientPoint::new(0.0, 0.0, *z)).collect()
    }

    fn expecting(max_holes: usize, stated: StatedStep) -> Expected {
        Expected {
            pixel_mm: 1.0,
            max_holes,
            stated,
        }
    }

    fn arranged(z: &[f64]) -> Option<Vec<usize>> {
        stated(z, StatedStep::None)
    }

    fn stated(z: &[f64], stated: StatedStep) -> Option<Vec<usize>> {
        match arrange(&at(z), NORMAL, &expecting(z.len(), stated)).unwrap() {
            Arrangement::Regular { place_of, .. } => Some(place_of),
            _ => None,
        }
    }

    #[test]
    fn gaps_of_whole_steps_are_holes_and_others_are_uneven() {
        for (z, want) in [
            (&[0.0, 1.5, 3.0, 4.5][..], Some(vec![0, 1, 2, 3])),
            (&[0.0, 1.5, 4.5, 6.0, 7.5], Some(vec![0, 1, 3, 4, 5])),
            (&[0.0, 0.7, 1.3, 2.0, 2.7, 3.3], None),
            (
                &[0.0, 0.67, 1.33, 2.0, 2.67, 3.33],
                Some(vec![0, 1, 2, 3, 4, 5]),
            ),
            (&[0.0, 1.0, 2.0, 3.5], None),
            (&[0.0, 1.0, 2.0, 3.0, 99.0], None),
            (&[-4.0, 6.0], Some(vec![0, 1])),
        ] {
            assert_eq!(arranged(z), want, "{z:?}");
        }
    }

    #[test]
    fn a_sheared_grid_is_regular_and_a_shifted_slice_is_not() {
        let sheared: Vec<_> = (0..5)
            .map(|k| PatientPoint::new(0.0, 0.4 * f64::from(k), 1.5 * f64::from(k)))
            .collect();
        match arrange(&sheared, NORMAL, &expecting(5, StatedStep::None)).unwrap() {
            Arrangement::Regular { step, .. } => {
                assert!((step - PatientVector::new(0.0, 0.4, 1.5)).length_mm() < 1e-12)
            }
            other => panic!("{other:?}"),
        }
        let mut shifted = at(&[0.0, 1.0, 2.0, 3.0]);
        shifted[1].x_mm = 5.0;
        assert!(matches!(
            arrange(&shifted, NORMAL, &expecting(4, StatedStep::None)).unwrap(),
            Arrangement::Shifted { .. }
        ));
    }

    #[test]
    fn a_stated_step_is_believed_where_it_is_seen_and_for_segments_always() {
        use StatedStep::{Always, IfSeen, None as Nothing};
        let every_second = [0.0, 1.0, 3.0, 5.0, 7.0, 9.0];
        for (z, step, want) in [
            (&every_second[..], Nothing, None),
            (&every_second, IfSeen(1.0), Some(vec![0, 1, 3, 5, 7, 9])),
            // The gap between slices was stated instead of their distance: no slice is missing.
            (&[0.0, 6.0, 12.0], IfSeen(1.0), Some(vec![0, 1, 2])),
            (&[0.0, 6.0, 12.0], IfSeen(-3.0), Some(vec![0, 1, 2])),
            (&[0.0, 2.0, 5.0, 7.0], IfSeen(1.0), None),
            (&[0.0, 2.0, 5.0, 7.0], Always(1.0), Some(vec![0, 2, 5, 7])),
            (&[0.0, 2.0, 4.0, 5.0], Always(1.0), Some(vec![0, 2, 4, 5])),
        ] {
            assert_eq!(stated(z, step), want, "{z:?} {step:?}");
        }
    }
}
