//! How a lit surface looks.

use space::{PatientVector, PlaneFrame};

use super::field::{Field, Grey, Mapping, Places};
use super::march::Sample;
use super::transfer::{Shading, TransferTable};

/// The lamp and the eye of a picture, in patient space.
pub(super) struct Light {
    /// From a surface towards the lamp.
    to_lamp: [f32; 3],
    /// Half way between lamp and eye.
    half_way: [f32; 3],
    /// Rows of the matrix from patient millimetres to voxel indices.
    voxel_from_patient: [[f32; 3]; 3],
}

impl Light {
    /// The lamp stands above the viewer's left shoulder, so that relief reads as it does on paper: lit from above.
    pub fn of(frame: &PlaneFrame, rows: [PatientVector; 3]) -> Self {
        let to_eye = -frame.away;
        let to_lamp = unit(to_eye + frame.up * 0.45 - frame.right() * 0.35, to_eye);
        let narrow = |v: PatientVector| v.to_array().map(|c| c as f32);
        Self {
            to_lamp: narrow(to_lamp),
            half_way: narrow(unit(to_lamp + to_eye, to_eye)),
            voxel_from_patient: rows.map(narrow),
        }
    }
}

/// The highlight of a surface by how far it faces half way between lamp and eye: a power, in a table, since it is taken of
/// every sample that holds light back.
pub(super) struct Glint(Vec<f32>);

impl Glint {
    const N_PARTS: usize = 2048;

    pub fn new(shading: &Shading) -> Self {
        let power = |idx: usize| (idx as f32 / Self::N_PARTS as f32).powf(shading.shininess);
        // One more than is looked up, so that each has a next one.
        Self((0..Self::N_PARTS + 2).map(power).collect())
    }

    /// Between two entries runs a straight line, which is off by less than a thirtieth of a grey level.
    #[inline(always)]
    fn at(&self, facing: f32) -> f32 {
        let place = facing * Self::N_PARTS as f32;
        // The cast saturates and takes NaN to zero.
        let idx = (place as usize).min(Self::N_PARTS);
        let [low, high] = [self.0[idx], self.0[idx + 1]];
        low + (high - low) * (place - idx as f32)
    }
}

/// Samples that wait until they are enough to be lit together.
pub(super) struct Unlit<const N: usize> {
    n: usize,
    at: [[f32; N]; 3],
    share: [f32; N],
    entry_idx: [usize; N],
    /// The pixel of each.
    of_pixel: [usize; N],
}

impl<const N: usize> Unlit<N> {
    pub fn new() -> Self {
        Self {
            n: 0,
            at: [[0.0; N]; 3],
            share: [0.0; N],
            entry_idx: [0; N],
            of_pixel: [0; N],
        }
    }

    /// Takes a sample in; are there enough now?
    #[inline(always)]
    pub fn push(&mut self, sample: &Sample, pixel_idx: usize) -> Enough {
        let lane = self.n;
        for axis in 0..3 {
            self.at[axis][lane] = sample.at[axis];
        }
        self.share[lane] = sample.share;
        self.entry_idx[lane] = sample.entry_idx;
        self.of_pixel[lane] = pixel_idx;
        self.n += 1;
        if self.n < N { Enough::No } else { Enough::Yes }
    }

    /// Lights all that wait, and adds each to its pixel.
    #[inline(always)]
    pub fn light<T: Grey, M: Mapping<T>>(
        &mut self,
        field: &Field<T, M>,
        (light, table, glint): (&Light, &TransferTable, &Glint),
        pixels: &mut [[f32; 3]],
    ) {
        let places = Places::new(&self.at, field.size());
        let change = field.gradient(&places, self.n);
        let Shading {
            ambient,
            diffuse,
            specular,
            shininess: _,
        } = table.shading;
        let rows = &light.voxel_from_patient;
        let (mut matt, mut surfaces, mut facing_half_way) = ([0.0; N], [0.0; N], [0.0; N]);
        for lane in 0..N {
            // The chain rule: index i is rows[i] · p, so the change per mm is the sum of the rows, weighted.
            let mut per_mm = [0.0; 3];
            for axis in 0..3 {
                per_mm[axis] = change[0][lane] * rows[0][axis]
                    + change[1][lane] * rows[1][axis]
                    + change[2][lane] * rows[2][axis];
            }
            let length = dot(per_mm, per_mm).sqrt();
            // Where values hardly change there is no surface, only noise: it is lit evenly. A hole beside it counts as that,
            // and NaN is not above zero.
            let is_surface = 0.0 < length;
            let by = if is_surface { 1.0 / length } else { 0.0 };
            let surface = (length / table.surface_per_mm).min(1.0);
            let surface = if is_surface { surface } else { 0.0 };
            // A surface is lit from either side: which side is inside depends on what is shown.
            let facing = if is_surface {
                dot(per_mm, light.to_lamp).abs() * by
            } else {
                0.0
            };
            facing_half_way[lane] = if is_surface {
                dot(per_mm, light.half_way).abs() * by
            } else {
                0.0
            };
            matt[lane] = ambient + diffuse * (surface * facing + (1.0 - surface));
            surfaces[lane] = surface;
        }
        for lane in 0..self.n {
            let [r, g, b, _] = table.entries()[self.entry_idx[lane]];
            let bright = specular * glint.at(facing_half_way[lane]) * surfaces[lane];
            if let Some(pixel) = pixels.get_mut(self.of_pixel[lane]) {
                for (sum, colour) in pixel.iter_mut().zip([r, g, b]) {
                    *sum += self.share[lane] * (colour * matt[lane] + bright);
                }
            }
        }
        self.n = 0;
    }
}

/// Are there enough samples to light them together?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Enough {
    No,
    Yes,
}

fn unit(v: PatientVector, otherwise: PatientVector) -> PatientVector {
    v.unit().unwrap_or(otherwise)
}

#[inline(always)]
fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
