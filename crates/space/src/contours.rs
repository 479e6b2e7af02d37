use thiserror::Error;

use crate::{PatientPoint, PatientVector, Polygon};

/// A volume between contours on parallel planes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContourVolume {
    /// The volume, mm³.
    pub volume_mm3: f64,
    /// How many of its planes were drawn.
    pub n_drawn: usize,
    /// How many planes between them were interpolated.
    pub n_interpolated: usize,
}

/// Why contours enclose no volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ContourError {
    /// A contour has no area.
    #[error("a contour has no area; draw it larger and on one slice")]
    NoArea,
    /// The planes are not parallel.
    #[error("the contours do not lie on parallel planes; draw them all in the same kind of view")]
    NotParallel,
    /// Two contours lie in one plane.
    #[error("two contours lie on one slice; keep one of them")]
    SamePlane,
    /// The spacing is no distance.
    #[error("the distance of the slices is not known, so there is no volume")]
    NoSpacing,
    /// More planes than [`MAX_CONTOUR_PLANES`].
    #[error("the contours lie too far apart; draw some between them")]
    TooMany,
}

/// The most planes that a volume may have, drawn and interpolated.
pub const MAX_CONTOUR_PLANES: usize = 4096;

/// Directions within this sine of each other (0.06°) count as parallel.
const PARALLEL_SINE: f64 = 1e-3;
/// Points of the lattice of distances along the longer side.
const N_LATTICE: usize = 160;
/// Corners of a contour that distances are taken from; one with more is thinned evenly.
const MAX_CORNERS: usize = 400;

/// The volume of a body that was outlined on some of its slices, `slice_spacing_mm` apart.
///
/// Between drawn planes that lie further apart than the slices, a contour is interpolated for each slice from the signed
/// distances to the two drawn ones, in proportion to its place between them (shape-based interpolation). Each plane
/// stands for half of the way to its neighbours, the outermost for half a slice beyond as well. The area of a drawn
/// plane is exact, by the even-odd rule.
///
/// # Errors
/// See [`ContourError`].
pub fn contour_volume(
    contours: &[Vec<PatientPoint>],
    slice_spacing_mm: f64,
) -> Result<ContourVolume, ContourError> {
    if !slice_spacing_mm.is_finite() || slice_spacing_mm <= 1e-9 {
        return Err(ContourError::NoSpacing);
    }
    let drawn = ordered(contours, slice_spacing_mm)?;
    // Height and area of each plane, from one end to the other.
    let mut planes: Vec<[f64; 2]> = Vec::new();
    for (idx, (height_mm, polygon)) in drawn.iter().enumerate() {
        planes.push([*height_mm, polygon.area_mm2()]);
        let Some((next_mm, next)) = drawn.get(idx + 1) else {
            continue;
        };
        // A ratio of two finite lengths; the cast saturates and the limit is checked.
        let n_steps = ((next_mm - height_mm) / slice_spacing_mm).round() as usize;
        if MAX_CONTOUR_PLANES < planes.len() + n_steps {
            return Err(ContourError::TooMany);
        }
        if 1 < n_steps {
            let between = Between::new(polygon, next);
            planes.extend((1..n_steps).map(|step| {
                let share = step as f64 / n_steps as f64;
                let at_mm = height_mm + (next_mm - height_mm) * share;
                [at_mm, between.area_mm2(share)]
            }));
        }
    }
    let stands_for_mm = |idx: usize| {
        let height = |k: usize| planes.get(k).map(|p| p[0]);
        let here = planes[idx][0];
        let below = idx.checked_sub(1).and_then(height);
        let above = height(idx + 1);
        let half = |other: Option<f64>| other.map_or(slice_spacing_mm, |o| (o - here).abs()) / 2.0;
        half(below) + half(above)
    };
    Ok(ContourVolume {
        volume_mm3: (0..planes.len())
            .map(|idx| planes[idx][1] * stands_for_mm(idx))
            .sum(),
        n_drawn: drawn.len(),
        n_interpolated: planes.len() - drawn.len(),
    })
}

/// The contours by their height along the common normal, mm.
fn ordered(
    contours: &[Vec<PatientPoint>],
    slice_spacing_mm: f64,
) -> Result<Vec<(f64, Polygon)>, ContourError> {
    let mut drawn = Vec::with_capacity(contours.len());
    let mut normal: Option<PatientVector> = None;
    for corners in contours {
        let polygon = Polygon::new(corners).ok_or(ContourError::NoArea)?;
        let common = *normal.get_or_insert(polygon.normal());
        if PARALLEL_SINE < common.cross(polygon.normal()).length_mm() {
            return Err(ContourError::NotParallel);
        }
        drawn.push((polygon.centre().from_origin().dot(common), polygon));
    }
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    let too_near = |pair: &[(f64, Polygon)]| match pair {
        [(low, _), (high, _)] => high - low < slice_spacing_mm * 1e-3,
        _ => false,
    };
    match (drawn.is_empty(), drawn.windows(2).any(too_near)) {
        (true, _) => Err(ContourError::NoArea),
        (_, true) => Err(ContourError::SamePlane),
        (false, false) => Ok(drawn),
    }
}

/// Signed distances to two contours on one lattice, inside negative.
struct Between {
    from: Vec<f64>,
    to: Vec<f64>,
    step_mm: f64,
}

impl Between {
    fn new(from: &Polygon, to: &Polygon) -> Self {
        let [u, v] = from.axes();
        let flat = |polygon: &Polygon| -> Vec<[f64; 2]> {
            let all: Vec<_> = polygon.corners().map(|c| c.from_origin()).collect();
            let every = all.len().div_ceil(MAX_CORNERS).max(1);
            let kept = all.iter().step_by(every);
            kept.map(|c| [c.dot(u), c.dot(v)]).collect()
        };
        let (a, b) = (flat(from), flat(to));
        let range = |axis: usize| {
            let values = a.iter().chain(&b).map(|c| c[axis]);
            values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| {
                [low.min(v), high.max(v)]
            })
        };
        let ([x0, x1], [y0, y1]) = (range(0), range(1));
        let step_mm = (x1 - x0).max(y1 - y0) / (N_LATTICE - 4) as f64;
        // Two steps of margin, so that the border of a contour is never at the border of the lattice.
        let count = |extent: f64| ((extent / step_mm).ceil() as usize + 5).min(N_LATTICE + 2);
        let (n_x, n_y) = (count(x1 - x0), count(y1 - y0));
        let distances = |corners: &[[f64; 2]]| {
            let at = |k: usize| {
                let (i, j) = (k % n_x, k / n_x);
                [
                    x0 + (i as f64 - 2.0) * step_mm,
                    y0 + (j as f64 - 2.0) * step_mm,
                ]
            };
            (0..n_x * n_y)
                .map(|k| signed_distance(corners, at(k)))
                .collect()
        };
        Self {
            from: distances(&a),
            to: distances(&b),
            step_mm,
        }
    }

    /// Area of the contour at a share of the way.
    fn area_mm2(&self, share: f64) -> f64 {
        let cells = self.from.iter().zip(&self.to).map(|(a, b)| {
            let distance = a + (b - a) * share;
            // A cell that the border runs through counts by the part of it that is inside.
            (0.5 - distance / self.step_mm).clamp(0.0, 1.0)
        });
        cells.sum::<f64>() * self.step_mm * self.step_mm
    }
}

/// Distance of a place to a closed outline, negative inside by the even-odd rule.
fn signed_distance(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> f64 {
    let mut nearest = f64::INFINITY;
    let mut inside = false;
    let mut before = corners.last().copied().unwrap_or([0.0; 2]);
    for &[bx, by] in corners {
        let [ax, ay] = before;
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let share = match square {
            s if 0.0 < s => (((x - ax) * dx + (y - ay) * dy) / s).clamp(0.0, 1.0),
            _ => 0.0,
        };
        let (px, py) = (x - ax - dx * share, y - ay - dy * share);
        nearest = nearest.min(px * px + py * py);
        if (ay <= y) != (by <= y) && x < ax + dx * ((y - ay) / dy) {
            inside = !inside;
        }
        before = [bx, by];
    }
    let distance = nearest.sqrt();
    if inside { -distance } else { distance }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::f64::consts::{PI, TAU};

    /// A frame tilted about two axes: two directions in the slices and one across.
    const U: PatientVector = PatientVector::new(0.6, 0.64, 0.48);
    const V: PatientVector = PatientVector::new(-0.8, 0.48, 0.36);

    fn ellipse_at(height_mm: f64, [a, b]: [f64; 2]) -> Vec<PatientPoint> {
        let n = 360;
        let origin = PatientPoint::new(3.0, -70.0, 20.0) + U.cross(V) * height_mm;
        (0..n)
            .map(|k| {
                let (sin, cos) = (TAU * k as f64 / n as f64).sin_cos();
                origin + U * (a * cos) + V * (b * sin)
            })
            .collect()
    }

    #[test]
    fn an_ellipsoid_outlined_on_every_slice_has_its_volume_to_half_a_percent() {
        // Half axes 12, 9 and 20 mm; slices of 1.25 mm through the middle.
        for spacing_mm in [0.5, 1.25, 2.0] {
            let contours: Vec<_> = (-100..=100)
                .map(|k| f64::from(k) * spacing_mm)
                .filter(|z| z.abs() < 20.0 * 0.999)
                .map(|z| {
                    let scale = (1.0 - (z / 20.0) * (z / 20.0)).sqrt();
                    ellipse_at(z, [12.0 * scale, 9.0 * scale])
                })
                .collect();
            let found = contour_volume(&contours, spacing_mm).unwrap();
            let exact = 4.0 / 3.0 * PI * 12.0 * 9.0 * 20.0;
            assert!(
                (found.volume_mm3 / exact - 1.0).abs() < 5e-3,
                "{spacing_mm} mm: {found:?}"
            );
            assert_eq!((found.n_drawn, found.n_interpolated), (contours.len(), 0));
        }
    }

    #[test]
    fn a_cone_between_two_outlines_is_interpolated_to_a_percent() {
        // Distances grow in proportion, so circles stay circles whose radius does too: a frustum, and half a slice
        // beyond each end.
        let contours = [ellipse_at(30.0, [6.0; 2]), ellipse_at(0.0, [15.0; 2])];
        let found = contour_volume(&contours, 1.0).unwrap();
        let frustum = PI * 30.0 / 3.0 * (6.0 * 6.0 + 6.0 * 15.0 + 15.0 * 15.0);
        let ends = PI * (36.0 + 225.0) * 0.5;
        assert!(
            (found.volume_mm3 / (frustum + ends) - 1.0).abs() < 1e-2,
            "{found:?}"
        );
        assert_eq!((found.n_drawn, found.n_interpolated), (2, 29));
    }

    #[test]
    fn an_ellipsoid_outlined_on_every_fourth_slice_is_right_to_four_percent() {
        let contours: Vec<_> = (-4..=4)
            .map(|k| f64::from(k) * 4.8)
            .map(|z| {
                let scale = (1.0 - (z / 20.0) * (z / 20.0)).sqrt();
                ellipse_at(z, [12.0 * scale, 9.0 * scale])
            })
            .collect();
        let found = contour_volume(&contours, 1.2).unwrap();
        let exact = 4.0 / 3.0 * PI * 12.0 * 9.0 * 20.0;
        assert!(
            (found.volume_mm3 / exact - 1.0).abs() < 4e-2,
            "{found:?} {exact}"
        );
        assert_eq!(found.n_interpolated, 8 * 3);
    }

    #[test]
    fn what_encloses_no_volume_says_why() {
        let ring = || ellipse_at(0.0, [5.0; 2]);
        let far = ellipse_at(1e9, [5.0; 2]);
        let aslant: Vec<_> = ring()
            .into_iter()
            .map(|p| p + U.cross(V) * (0.1 * (p.from_origin()).dot(U)))
            .collect();
        for (contours, spacing_mm, expected) in [
            (vec![], 1.0, ContourError::NoArea),
            (
                vec![vec![PatientPoint::default(); 4]],
                1.0,
                ContourError::NoArea,
            ),
            (vec![ring(), aslant], 1.0, ContourError::NotParallel),
            (vec![ring(), ring()], 1.0, ContourError::SamePlane),
            (vec![ring(), far], 1.0, ContourError::TooMany),
            (vec![ring()], 0.0, ContourError::NoSpacing),
            (vec![ring()], f64::NAN, ContourError::NoSpacing),
        ] {
            assert_eq!(contour_volume(&contours, spacing_mm), Err(expected));
        }
    }
}
