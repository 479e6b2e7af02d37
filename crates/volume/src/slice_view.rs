use rayon::prelude::*;
use space::ViewPlane;

use crate::counting::{Counting, NOT_MEASURED};
use crate::lattice::{EDGE_TOLERANCE_VOXELS, Lattice, Row, Straight, lerp, nearest_idx, split};
use crate::reslice::check_picture_size;
use crate::values::{Scalar, colour_u8, for_grey};
use crate::{ColourPicture, Interpolation, Picture, Planes, Rescale, ResliceError, Volume, Voxels};

/// A view of one slice: which place of the slice each pixel shows, in fractional (column, row) indices.
///
/// Pixel (i, j) shows `at_first_pixel + i · per_column + j · per_row`. Pan, zoom, turn and flip all live in these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SliceView {
    /// Width and height of the picture in pixels.
    pub size_px: [usize; 2],
    /// What the centre of the first pixel shows.
    pub at_first_pixel: [f64; 2],
    /// From one pixel to the next on its right.
    pub per_column: [f64; 2],
    /// From one pixel to the next below.
    pub per_row: [f64; 2],
}

impl SliceView {
    /// The view in which pixel and voxel are the same.
    pub fn native(size_px: [usize; 2]) -> Self {
        Self {
            size_px,
            at_first_pixel: [0.0, 0.0],
            per_column: [1.0, 0.0],
            per_row: [0.0, 1.0],
        }
    }

    /// The view of a slice under a plane of its own orientation (the plane's pixels are projected onto the slice);
    /// `None` when the grid is degenerate or the slice is seen edge-on.
    pub fn of_plane(volume: &Volume, slice_idx: usize, plane: &ViewPlane) -> Option<Self> {
        let map = volume.slice_map(slice_idx)?;
        let rows = map.inverse_rows()?;
        if plane.frame.away.dot(map.columns[2]).abs() < 1e-6 {
            return None;
        }
        let in_slice = |v: space::PatientVector| [rows[0].dot(v), rows[1].dot(v)];
        Some(Self {
            size_px: plane.size_px,
            at_first_pixel: in_slice(plane.patient([0.0, 0.0]) - map.origin),
            per_column: in_slice(plane.frame.right() * plane.mm_per_pixel),
            per_row: in_slice(-(plane.frame.up * plane.mm_per_pixel)),
        })
    }

    /// The fractional (column, row) of the slice that a pixel shows.
    pub fn slice_at(&self, [column, row]: [f64; 2]) -> [f64; 2] {
        std::array::from_fn(|a| {
            self.at_first_pixel[a] + column * self.per_column[a] + row * self.per_row[a]
        })
    }

    /// The pixel that shows a fractional (column, row) of the slice; `None` when the view has no area.
    pub fn pixel_of(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let [[a, c], [b, d]] = [self.per_column, self.per_row];
        let det = a * d - b * c;
        let [x, y] = [
            at[0] - self.at_first_pixel[0],
            at[1] - self.at_first_pixel[1],
        ];
        (det.is_finite() && 1e-18 < det.abs())
            .then(|| [(d * x - b * y) / det, (a * y - c * x) / det])
    }

    fn row(&self, row_idx: usize) -> Row {
        let [column, row] = self.slice_at([0.0, row_idx as f64]);
        Row {
            start: [column, row, 0.0],
            step: [self.per_column[0], self.per_column[1], 0.0],
        }
    }

    fn check(&self) -> Result<(), ResliceError> {
        check_picture_size(self.size_px[0], self.size_px[1])?;
        let parts = [self.at_first_pixel, self.per_column, self.per_row];
        if parts.iter().flatten().all(|c| c.is_finite()) {
            Ok(())
        } else {
            Err(ResliceError::BadPlane)
        }
    }
}

impl Volume {
    /// The map from (column, row, mm along the slice normal) of a slice to patient space; `None` when degenerate.
    pub fn slice_map(&self, slice_idx: usize) -> Option<space::Affine> {
        let normal = self.grid.slice_normal()?;
        let columns = [self.grid.column_step, self.grid.row_step, normal];
        Some(space::Affine {
            columns,
            origin: self.slice_origin(slice_idx),
        })
    }
}

/// The modality values of a slice as they are stored, without interpolation, −∞ for padding; `None` for a hole and for
/// colour.
pub fn native_slice(volume: &Volume, slice_idx: usize) -> Option<Picture> {
    let [width, height] = volume.slice_size();
    let values = volume.slice_values(slice_idx)?;
    if values.len() != width * height {
        return None;
    }
    // Pictures are 32-bit: 24 bits of mantissa hold every 16-bit value exactly.
    let mut values: Vec<f32> = values.into_iter().map(|v| v as f32).collect();
    if !volume.meaning.all_count() {
        let stored = volume.slice_stored_values(slice_idx)?;
        for (value, stored) in values.iter_mut().zip(stored) {
            if !volume.meaning.counts(slice_idx, stored) {
                *value = f32::NEG_INFINITY;
            }
        }
    }
    Some(Picture {
        width,
        height,
        values,
    })
}

/// Computes a view of one grey slice, whatever the slices are to each other. A hole gives a picture of NaN, padding −∞;
/// nothing is interpolated with padding: beside it the nearest value is taken.
///
/// # Errors
/// For colour, a view that is not finite, or one that is too large.
pub fn sample_slice(
    volume: &Volume,
    slice_idx: usize,
    view: &SliceView,
    interpolation: Interpolation,
) -> Result<Picture, ResliceError> {
    view.check()?;
    for_grey!(&volume.voxels, planes => {
        Ok(sample_grey(volume, planes, slice_idx, view, interpolation))
    }, colour => Err(ResliceError::Colour))
}

fn sample_grey<T: Scalar>(
    volume: &Volume,
    planes: &Planes<T>,
    slice_idx: usize,
    view: &SliceView,
    interpolation: Interpolation,
) -> Picture {
    let [width, height] = view.size_px;
    let mut values = vec![f32::NAN; width * height];
    let plane = planes.slice(slice_idx);
    let lattice = plane
        .as_ref()
        .and_then(|plane| Lattice::single(plane, volume.slice_size()));
    let Some(lattice) = lattice else {
        return Picture {
            width,
            height,
            values,
        };
    };
    let lut = &volume.modality_lut;
    values
        .par_chunks_mut(width.max(1))
        .enumerate()
        .for_each_init(
            || vec![0.0; width],
            |samples, (row_idx, out)| {
                let row = view.row(row_idx);
                let run = row.inside(lattice.size(), 0..width);
                let (Some(samples), Some(out)) =
                    (samples.get_mut(run.clone()), out.get_mut(run.clone()))
                else {
                    return;
                };
                // Every lattice slice is slice 0 here, so the slope of the real one is applied afterwards.
                let rescale = lut.rescale(slice_idx);
                let (of, all_count) = ((&row, run), volume.meaning.all_count());
                match (rescale, all_count) {
                    (Some(_), true) => lattice.sample(&Straight, interpolation, of, samples),
                    (Some(_), false) => {
                        let mapping = Counting::single(&Straight, &volume.meaning, slice_idx);
                        lattice.sample(&mapping, interpolation, of, samples);
                    }
                    (None, true) => lattice.sample(lut, interpolation, of, samples),
                    (None, false) => {
                        let mapping = Counting::single(lut, &volume.meaning, slice_idx);
                        lattice.sample(&mapping, interpolation, of, samples);
                    }
                }
                let rescale = rescale.unwrap_or(Rescale::IDENTITY);
                for (value, sample) in out.iter_mut().zip(samples) {
                    *value = match *sample {
                        NOT_MEASURED => NOT_MEASURED as f32,
                        measured => rescale.value(measured) as f32,
                    };
                }
            },
        );
    Picture {
        width,
        height,
        values,
    }
}

/// The colours of a slice as they are stored; `None` for a hole and for grey.
pub fn native_colour_slice(volume: &Volume, slice_idx: usize) -> Option<ColourPicture> {
    let [width, height] = volume.slice_size();
    let values: Vec<[u8; 4]> = match &volume.voxels {
        Voxels::Rgb8(planes) => planes
            .slice(slice_idx)?
            .iter()
            .map(|c| opaque(*c))
            .collect(),
        Voxels::Rgb16(planes) => planes
            .slice(slice_idx)?
            .iter()
            .map(|c| opaque(c.map(colour_u8)))
            .collect(),
        _ => return None,
    };
    (values.len() == width * height).then_some(ColourPicture {
        width,
        height,
        values,
    })
}

/// Computes a view of one colour slice, nearest or linear (cubic is taken as linear, because it would overshoot);
/// `None` for a hole, for grey, and for a view that is not finite or too large.
pub fn sample_colour_slice(
    volume: &Volume,
    slice_idx: usize,
    view: &SliceView,
    interpolation: Interpolation,
) -> Option<ColourPicture> {
    view.check().ok()?;
    let native = native_colour_slice(volume, slice_idx)?;
    let [width, height] = view.size_px;
    let mut values = vec![[0; 4]; width * height];
    values
        .par_chunks_mut(width.max(1))
        .enumerate()
        .for_each(|(row_idx, out)| {
            for (column_idx, pixel) in out.iter_mut().enumerate() {
                let at = view.slice_at([column_idx as f64, row_idx as f64]);
                *pixel = match interpolation {
                    Interpolation::Nearest => nearest_colour(&native, at),
                    Interpolation::Linear | Interpolation::Cubic => linear_colour(&native, at),
                };
            }
        });
    Some(ColourPicture {
        width,
        height,
        values,
    })
}

/// The colours of the stored values that stand for colours (supplemental palette), transparent elsewhere: what lies over
/// the grey picture of the same view. `None` where no stored values stand for colours, and for a view that is not finite
/// or too large.
pub fn colour_layer(volume: &Volume, slice_idx: usize, view: &SliceView) -> Option<ColourPicture> {
    view.check().ok()?;
    volume.meaning.colours.as_ref()?;
    let [width, height] = view.size_px;
    let mut layer = ColourPicture {
        width,
        height,
        values: vec![[0; 4]; width * height],
    };
    draw_colour_range(&mut layer, volume, slice_idx, view);
    Some(layer)
}

/// Draws the stored values that stand for colours (supplemental palette) over a picture of the same view.
///
/// Leaves everything else, and a picture of another size than the view's, as it is.
pub fn draw_colour_range(
    picture: &mut ColourPicture,
    volume: &Volume,
    slice_idx: usize,
    view: &SliceView,
) {
    let Some(range) = &volume.meaning.colours else {
        return;
    };
    let [n_columns, n_rows] = volume.slice_size();
    let width = view.size_px[0];
    if [picture.width, picture.height] != view.size_px || n_columns * n_rows * width == 0 {
        return;
    }
    let last = [n_columns as f64 - 0.5, n_rows as f64 - 0.5];
    picture
        .values
        .par_chunks_mut(width)
        .enumerate()
        .for_each(|(row_idx, out)| {
            for (column_idx, pixel) in out.iter_mut().enumerate() {
                let at = view.slice_at([column_idx as f64, row_idx as f64]);
                if (0..2).any(|a| at[a] < -0.5 || last[a] < at[a]) {
                    continue;
                }
                let (i, j) = (nearest_idx(at[0], n_columns), nearest_idx(at[1], n_rows));
                let stored = volume.stored_value(slice_idx, j, i);
                if let Some(colour) = stored.and_then(|stored| range.colour(stored)) {
                    *pixel = opaque(colour);
                }
            }
        });
}

fn opaque([r, g, b]: [u8; 3]) -> [u8; 4] {
    [r, g, b, 255]
}

fn inside(native: &ColourPicture, at: [f64; 2]) -> bool {
    at.into_iter()
        .zip([native.width, native.height])
        .all(|(c, n)| {
            0 < n
                && -0.5 - EDGE_TOLERANCE_VOXELS <= c
                && c <= n as f64 - 0.5 + EDGE_TOLERANCE_VOXELS
        })
}

fn nearest_colour(native: &ColourPicture, at: [f64; 2]) -> [u8; 4] {
    if !inside(native, at) {
        return [0; 4];
    }
    let (i, j) = (
        nearest_idx(at[0], native.width),
        nearest_idx(at[1], native.height),
    );
    native
        .values
        .get(j * native.width + i)
        .copied()
        .unwrap_or([0; 4])
}

fn linear_colour(native: &ColourPicture, at: [f64; 2]) -> [u8; 4] {
    if !inside(native, at) {
        return [0; 4];
    }
    let ((i, fi), (j, fj)) = (split(at[0], native.width), split(at[1], native.height));
    let (i1, j1) = (
        (i + 1).min(native.width - 1),
        (j + 1).min(native.height - 1),
    );
    let pixel = |i: usize, j: usize| {
        native
            .values
            .get(j * native.width + i)
            .copied()
            .unwrap_or([0; 4])
    };
    let corners = [pixel(i, j), pixel(i1, j), pixel(i, j1), pixel(i1, j1)];
    std::array::from_fn(|channel| {
        let [a, b, c, d] = corners.map(|corner| f64::from(corner[channel]));
        (lerp(lerp(a, b, fi), lerp(c, d, fi), fj) + 0.5) as u8
    })
}
