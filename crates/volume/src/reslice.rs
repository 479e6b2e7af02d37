use space::{Grid, PatientPoint, PlaneFrame, ViewPlane};
use thiserror::Error;

use crate::tiles::{self, Job};
use crate::values::for_grey;
use crate::{GeometryKind, Picture, Volume};

/// How a value between voxel centres is found. Within half a voxel of the edge the edge voxel repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// The nearest voxel; in the middle between two the one of the higher index.
    Nearest,
    /// Linear along each of the three axes.
    Linear,
    /// Catmull-Rom along each of the three axes; may overshoot at edges.
    Cubic,
}

/// How the samples through a slab become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlabMode {
    /// Their mean.
    Mean,
    /// The largest: maximum intensity projection.
    Mip,
    /// The smallest: minimum intensity projection.
    MinIp,
}

/// A slab about the plane of a picture.
///
/// It is cut into the fewest equal layers that are not thicker than the smallest voxel spacing, and sampled in the
/// middle of each: a slab of three slices' thickness about a slice averages exactly these three. A thickness up to
/// one spacing, zero included, is the plane itself. Samples outside the volume and in padding are left out; a sample in a
/// hole makes the pixel NaN, because the hole might have held the extreme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slab {
    /// How samples are combined.
    pub mode: SlabMode,
    /// Whole thickness, half on each side of the plane, mm.
    pub thickness_mm: f64,
}

impl Slab {
    /// The most layers a slab may have.
    pub const MAX_LAYERS: usize = 16_384;

    /// A slab about `centre` that holds the whole volume, for a full projection.
    pub fn whole(grid: &Grid, frame: &PlaneFrame, centre: PatientPoint, mode: SlabMode) -> Self {
        let reach_mm = grid
            .corners()
            .map(|corner| (corner - centre).dot(frame.away).abs())
            .into_iter()
            .fold(0.0, f64::max);
        Self {
            mode,
            thickness_mm: 2.0 * reach_mm,
        }
    }

    /// Distances of the layers' middles from the plane, mm, away from the viewer.
    ///
    /// # Errors
    /// When the thickness is negative or not finite, or asks for more than [`Self::MAX_LAYERS`].
    pub fn layers_mm(&self, grid: &Grid) -> Result<Vec<f64>, ResliceError> {
        let thickness_mm = self.thickness_mm;
        let refused = ResliceError::BadSlab { thickness_mm };
        if !thickness_mm.is_finite() || thickness_mm < 0.0 {
            return Err(refused);
        }
        let spacing_mm = smallest_spacing_mm(grid).ok_or(ResliceError::DegenerateGrid)?;
        // The tolerance keeps three slices three when the division comes out as 3.0000000001.
        let n_layers = (thickness_mm / spacing_mm - 1e-6).ceil().max(1.0);
        if Self::MAX_LAYERS as f64 <= n_layers {
            return Err(refused);
        }
        let layer = |n: usize| ((n as f64 + 0.5) / n_layers - 0.5) * thickness_mm;
        Ok((0..n_layers as usize).map(layer).collect())
    }
}

/// Why a plane was not computed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ResliceError {
    /// The slices are no regular volume.
    #[error(
        "these slices do not form a regular volume ({kind:?}) and cannot be resliced; show them one by one"
    )]
    NotAVolume {
        /// What they are instead.
        kind: GeometryKind,
    },
    /// The voxels are colour.
    #[error("colour voxels cannot be resliced; show the slices one by one")]
    Colour,
    /// The grid has no voxels, or its steps do not span space.
    #[error(
        "the voxel grid does not span space and cannot be resliced; show the slices one by one"
    )]
    DegenerateGrid,
    /// The plane has a part that is not finite, or a scale that is not above zero.
    #[error("the view plane is not finite or has no scale; reset the view")]
    BadPlane,
    /// The slab cannot be computed.
    #[error("a slab of {thickness_mm} mm cannot be computed here; choose a thinner one")]
    BadSlab {
        /// The thickness asked for.
        thickness_mm: f64,
    },
    /// The picture is larger than [`MAX_PICTURE_PIXELS`].
    #[error("a picture of {width} by {height} pixels is too large; choose a smaller one")]
    TooLarge {
        /// Columns asked for.
        width: usize,
        /// Rows asked for.
        height: usize,
    },
    /// It was cancelled.
    #[error("the reslice was cancelled")]
    Cancelled,
}

/// The most pixels a computed picture may have.
pub const MAX_PICTURE_PIXELS: usize = 1 << 28;

/// Computes the picture of a plane, or of a slab about it, in modality values.
///
/// Any orientation and any grid, sheared ones (gantry tilt) included. Rows run in parallel; `cancel` is asked before each.
/// A sample next to a hole, with a weight above zero, is NaN; so is everything beyond half a voxel around the volume.
/// Nothing is interpolated with padding: beside it the nearest value is taken, and where nothing but padding lies −∞.
///
/// # Errors
/// See [`ResliceError`].
pub fn reslice(
    volume: &Volume,
    plane: &ViewPlane,
    interpolation: Interpolation,
    slab: Option<Slab>,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<Picture, ResliceError> {
    if volume.kind != GeometryKind::Volume {
        return Err(ResliceError::NotAVolume { kind: volume.kind });
    }
    let [width, height] = plane.size_px;
    check_picture_size(width, height)?;
    let finite = plane.centre.is_finite() && plane.mm_per_pixel.is_finite();
    if !finite || plane.mm_per_pixel <= 0.0 {
        return Err(ResliceError::BadPlane);
    }
    let rows = volume
        .grid
        .patient_from_voxel()
        .inverse_rows()
        .ok_or(ResliceError::DegenerateGrid)?;
    let layers_mm = match slab {
        Some(slab) => slab.layers_mm(&volume.grid)?,
        None => vec![0.0],
    };
    let in_voxels = |v: space::PatientVector| rows.map(|row| row.dot(v));
    let job = Job {
        start: in_voxels(plane.patient([0.0, 0.0]) - volume.grid.origin),
        right: in_voxels(plane.frame.right() * plane.mm_per_pixel),
        down: in_voxels(-(plane.frame.up * plane.mm_per_pixel)),
        away_per_mm: in_voxels(plane.frame.away),
        layers_mm,
        mode: slab.map_or(SlabMode::Mean, |s| s.mode),
        interpolation,
        size_px: plane.size_px,
    };
    for_grey!(&volume.voxels, planes => tiles::compute(planes, volume, &job, cancel), colour => Err(ResliceError::Colour))
}

/// Refuses pictures above the limit.
pub(crate) fn check_picture_size(width: usize, height: usize) -> Result<(), ResliceError> {
    match width.checked_mul(height) {
        Some(n_pixels) if n_pixels <= MAX_PICTURE_PIXELS => Ok(()),
        _ => Err(ResliceError::TooLarge { width, height }),
    }
}

/// The smallest distance between neighbouring voxels, mm; `None` for a degenerate grid.
pub fn smallest_spacing_mm(grid: &Grid) -> Option<f64> {
    let smallest = grid.spacing_mm().into_iter().fold(f64::INFINITY, f64::min);
    (smallest.is_finite() && 1e-9 < smallest).then_some(smallest)
}
