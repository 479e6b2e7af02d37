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

/// A slice may lie this part of the spacing off its place and still count as regular.
const TOLERANCE: f64 = 0.05;

/// Looks for the regular grid of slices that are sorted along their normal; two at least, no two at one place.
///
/// `max_holes` bounds the missing ones: with more, the series is no volume with gaps but a scattered one.
pub(crate) fn arrange(
    origins: &[PatientPoint],
    normal: PatientVector,
    pixel_mm: f64,
    max_holes: usize,
) -> Option<Arrangement> {
    let (first, last) = (*origins.first()?, *origins.last()?);
    let along: Vec<f64> = origins.iter().map(|o| (*o - first).dot(normal)).collect();
    let gaps: Vec<f64> = along.windows(2).map(|w| w[1] - w[0]).collect();
    let median = median(&gaps)?;
    let uneven = || Arrangement::Uneven {
        smallest_mm: gaps.iter().copied().fold(f64::MAX, f64::min),
        largest_mm: gaps.iter().copied().fold(0.0, f64::max),
    };
    let mut place_of = vec![0];
    let mut place = 0;
    for gap in &gaps {
        let steps = (gap / median).round();
        // Over a longer gap the rounding of positions weighs no more than over a short one.
        if steps < 1.0
            || TOLERANCE < (gap / median - steps).abs()
            || (max_holes + 2) as f64 <= steps
        {
            return Some(uneven());
        }
        place += steps as usize;
        place_of.push(place);
    }
    let n_places = place + 1;
    if max_holes < n_places - origins.len() {
        return Some(uneven());
    }
    let step = (last - first) * (1.0 / place as f64);
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
    if 2.0 * TOLERANCE * median < worst_along {
        return Some(uneven());
    }
    if (pixel_mm / 4.0).max(0.05) < worst_aside {
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

    fn places(z: &[f64]) -> Option<Vec<usize>> {
        match arrange(&at(z), NORMAL, 1.0, z.len()).unwrap() {
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
            assert_eq!(places(z), want, "{z:?}");
        }
    }

    #[test]
    fn a_sheared_grid_is_regular_and_a_shifted_slice_is_not() {
        let sheared: Vec<_> = (0..5)
            .map(|k| PatientPoint::new(0.0, 0.4 * f64::from(k), 1.5 * f64::from(k)))
            .collect();
        match arrange(&sheared, NORMAL, 1.0, 5).unwrap() {
            Arrangement::Regular { step, .. } => {
                assert!((step - PatientVector::new(0.0, 0.4, 1.5)).length_mm() < 1e-12)
            }
            other => panic!("{other:?}"),
        }
        let mut shifted = at(&[0.0, 1.0, 2.0, 3.0]);
        shifted[1].x_mm = 5.0;
        assert!(matches!(
            arrange(&shifted, NORMAL, 1.0, 4).unwrap(),
            Arrangement::Shifted { .. }
        ));
    }
}
