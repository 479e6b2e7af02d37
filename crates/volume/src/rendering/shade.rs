//! How a lit surface looks.

use space::{PatientVector, PlaneFrame};

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

    /// The colour of a place with a change of value per voxel.
    #[inline(always)]
    pub fn shaded(&self, table: &TransferTable, colour: [f32; 3], per_voxel: [f32; 3]) -> [f32; 3] {
        let Shading {
            ambient,
            diffuse,
            specular,
            shininess,
        } = table.shading;
        // The chain rule: index i is rows[i] · p, so the change per mm is the sum of the rows, weighted.
        let per_mm: [f32; 3] = std::array::from_fn(|axis| {
            per_voxel
                .iter()
                .zip(&self.voxel_from_patient)
                .map(|(g, row)| g * row[axis])
                .sum()
        });
        let length = dot(per_mm, per_mm).sqrt();
        // Where values hardly change there is no surface, only noise: it is lit evenly. A hole beside it counts as that.
        if length.is_nan() || length <= 0.0 {
            return colour.map(|c| c * (ambient + diffuse));
        }
        let surface = (length / table.surface_per_mm).min(1.0);
        let normal = per_mm.map(|c| c / length);
        // A surface is lit from either side: which side is inside depends on what is shown.
        let facing = dot(normal, self.to_lamp).abs();
        let glint = dot(normal, self.half_way).abs().powf(shininess);
        let matt = ambient + diffuse * (surface * facing + (1.0 - surface));
        colour.map(|c| c * matt + specular * glint * surface)
    }
}

fn unit(v: PatientVector, otherwise: PatientVector) -> PatientVector {
    v.unit().unwrap_or(otherwise)
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
