use serde::{Deserialize, Serialize};

use crate::{Affine, PatientPoint, PatientVector};

/// Where the voxel centres of a regular volume lie in patient space.
///
/// Index (i, j, k) is column, row, slice; its centre is `origin + i·column_step + j·row_step + k·slice_step`.
/// The slice step may be oblique to the slices (gantry tilt): the grid is then sheared and still exact.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Number of columns, rows and slices.
    pub size: [usize; 3],
    /// Centre of voxel (0, 0, 0).
    pub origin: PatientPoint,
    /// From a voxel centre to that of the next column, mm.
    pub column_step: PatientVector,
    /// From a voxel centre to that of the next row, mm.
    pub row_step: PatientVector,
    /// From a voxel centre to that of the next slice, mm.
    pub slice_step: PatientVector,
}

impl Grid {
    /// The map from voxel indices (column, row, slice) to patient space.
    pub fn patient_from_voxel(&self) -> Affine {
        Affine {
            columns: [self.column_step, self.row_step, self.slice_step],
            origin: self.origin,
        }
    }

    /// Centre of the voxel at a fractional index (column, row, slice).
    pub fn patient(&self, voxel: [f64; 3]) -> PatientPoint {
        self.patient_from_voxel().apply(voxel)
    }

    /// Fractional index (column, row, slice) of a place; `None` when the grid is degenerate.
    pub fn voxel(&self, point: PatientPoint) -> Option<[f64; 3]> {
        self.patient_from_voxel().invert(point)
    }

    /// Is the place inside the cuboid of voxel cells (half a voxel beyond the outer centres)?
    pub fn contains(&self, point: PatientPoint) -> bool {
        self.voxel(point).is_some_and(|v| {
            v.iter()
                .zip(self.size)
                .all(|(c, n)| -0.5 - 1e-9 <= *c && *c <= n as f64 - 0.5 + 1e-9)
        })
    }

    /// Distance between columns, between rows, and between slices *along the slice normal*, mm.
    pub fn spacing_mm(&self) -> [f64; 3] {
        let between_slices = self
            .slice_normal()
            .map_or(self.slice_step.length_mm(), |n| {
                self.slice_step.dot(n).abs()
            });
        [
            self.column_step.length_mm(),
            self.row_step.length_mm(),
            between_slices,
        ]
    }

    /// Unit normal of the slices, row direction × column direction of DICOM (PS3.3 C.7.6.2.1.1).
    pub fn slice_normal(&self) -> Option<PatientVector> {
        self.column_step.unit()?.cross(self.row_step.unit()?).unit()
    }

    /// Place of the middle of the whole grid.
    pub fn centre(&self) -> PatientPoint {
        self.patient(self.size.map(|n| (n.max(1) - 1) as f64 / 2.0))
    }

    /// The eight corners of the cuboid of voxel cells.
    pub fn corners(&self) -> [PatientPoint; 8] {
        std::array::from_fn(|c| {
            self.patient(std::array::from_fn(|axis| {
                if c >> axis & 1 == 0 {
                    -0.5
                } else {
                    self.size[axis] as f64 - 0.5
                }
            }))
        })
    }

    /// Extent of the cuboid of cells along a unit direction, mm.
    pub fn extent_mm(&self, direction: PatientVector) -> f64 {
        let along = self.corners().map(|c| c.from_origin().dot(direction));
        along.iter().cloned().fold(f64::MIN, f64::max)
            - along.iter().cloned().fold(f64::MAX, f64::min)
    }

    /// Largest angle between the slice step and the slice normal, degrees: the gantry tilt.
    pub fn tilt_deg(&self) -> f64 {
        match (self.slice_normal(), self.slice_step.unit()) {
            (Some(n), Some(s)) => n.dot(s).abs().min(1.0).acos().to_degrees(),
            _ => 0.0,
        }
    }

    /// Number of voxels.
    pub fn n_voxels(&self) -> usize {
        self.size.iter().product()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tilted(deg: f64) -> Grid {
        let rad = deg.to_radians();
        Grid {
            size: [4, 5, 6],
            origin: PatientPoint::new(-10.0, 20.0, -300.0),
            column_step: PatientVector::new(0.5, 0.0, 0.0),
            row_step: PatientVector::new(0.0, 0.75, 0.0),
            slice_step: PatientVector::new(0.0, 3.0 * rad.sin(), 3.0 * rad.cos()),
        }
    }

    #[test]
    fn tilt_is_measured_and_the_spacing_is_that_along_the_normal() {
        for deg in [0.0, 0.5, 12.0, 25.0, -20.0] {
            let grid = tilted(deg);
            assert!(
                (grid.tilt_deg() - deg.abs()).abs() < 1e-6,
                "{deg}: {}",
                grid.tilt_deg()
            );
            let expected = 3.0 * deg.to_radians().cos();
            assert!((grid.spacing_mm()[2] - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn sheared_grids_map_there_and_back() {
        let grid = tilted(17.0);
        for voxel in [[0.0, 0.0, 0.0], [3.0, 4.0, 5.0], [1.25, -0.5, 2.875]] {
            let back = grid.voxel(grid.patient(voxel)).unwrap();
            for (a, b) in back.into_iter().zip(voxel) {
                assert!((a - b).abs() < 1e-12, "{back:?} is not {voxel:?}");
            }
        }
    }

    #[test]
    fn the_cuboid_of_cells_ends_half_a_voxel_beyond_the_centres() {
        let grid = tilted(0.0);
        for (voxel, inside) in [
            ([-0.5, -0.5, -0.5], true),
            ([3.5, 4.5, 5.5], true),
            ([-0.501, 0.0, 0.0], false),
            ([0.0, 4.501, 0.0], false),
            ([0.0, 0.0, 5.501], false),
        ] {
            assert_eq!(grid.contains(grid.patient(voxel)), inside, "{voxel:?}");
        }
        let extents =
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|d| grid.extent_mm(d.into()));
        assert_eq!(extents, [2.0, 3.75, 18.0]);
        assert_eq!(grid.n_voxels(), 120);
        assert_eq!(grid.centre(), grid.patient([1.5, 2.0, 2.5]));
    }

    #[test]
    fn a_flat_grid_has_no_inverse() {
        let flat = Grid {
            row_step: PatientVector::new(2.0, 0.0, 0.0),
            ..tilted(0.0)
        };
        assert_eq!(flat.voxel(flat.origin), None);
        assert!(!flat.contains(flat.origin));
        assert_eq!(flat.slice_normal(), None);
    }
}
