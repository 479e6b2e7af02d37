use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

/// A place in patient space, millimetres, LPS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 3]", into = "[f64; 3]")]
pub struct PatientPoint {
    /// Towards the patient's left.
    pub x_mm: f64,
    /// Towards the patient's back.
    pub y_mm: f64,
    /// Towards the patient's head.
    pub z_mm: f64,
}

/// A displacement or direction in patient space, millimetres, LPS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 3]", into = "[f64; 3]")]
pub struct PatientVector {
    /// Towards the patient's left.
    pub x_mm: f64,
    /// Towards the patient's back.
    pub y_mm: f64,
    /// Towards the patient's head.
    pub z_mm: f64,
}

impl PatientPoint {
    /// Makes a point from its three LPS coordinates in millimetres.
    pub const fn new(x_mm: f64, y_mm: f64, z_mm: f64) -> Self {
        Self { x_mm, y_mm, z_mm }
    }

    /// Is every coordinate a finite number?
    pub fn is_finite(self) -> bool {
        self.x_mm.is_finite() && self.y_mm.is_finite() && self.z_mm.is_finite()
    }

    /// The vector from the origin of patient space to this point.
    pub const fn from_origin(self) -> PatientVector {
        PatientVector::new(self.x_mm, self.y_mm, self.z_mm)
    }
}

impl PatientVector {
    /// Makes a vector from its three LPS components in millimetres.
    pub const fn new(x_mm: f64, y_mm: f64, z_mm: f64) -> Self {
        Self { x_mm, y_mm, z_mm }
    }

    /// Scalar product, mm².
    pub fn dot(self, other: Self) -> f64 {
        self.x_mm * other.x_mm + self.y_mm * other.y_mm + self.z_mm * other.z_mm
    }

    /// Vector product.
    pub fn cross(self, other: Self) -> Self {
        Self::new(
            self.y_mm * other.z_mm - self.z_mm * other.y_mm,
            self.z_mm * other.x_mm - self.x_mm * other.z_mm,
            self.x_mm * other.y_mm - self.y_mm * other.x_mm,
        )
    }

    /// Euclidean length in millimetres.
    pub fn length_mm(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The unit vector of the same direction; `None` for a zero or non-finite vector.
    pub fn unit(self) -> Option<Self> {
        let length = self.length_mm();
        (length.is_finite() && 1e-12 < length).then(|| self * (1.0 / length))
    }

    /// The three components, x y z.
    pub const fn to_array(self) -> [f64; 3] {
        [self.x_mm, self.y_mm, self.z_mm]
    }
}

impl From<[f64; 3]> for PatientPoint {
    fn from([x_mm, y_mm, z_mm]: [f64; 3]) -> Self {
        Self { x_mm, y_mm, z_mm }
    }
}
impl From<PatientPoint> for [f64; 3] {
    fn from(p: PatientPoint) -> Self {
        [p.x_mm, p.y_mm, p.z_mm]
    }
}
impl From<[f64; 3]> for PatientVector {
    fn from([x_mm, y_mm, z_mm]: [f64; 3]) -> Self {
        Self { x_mm, y_mm, z_mm }
    }
}
impl From<PatientVector> for [f64; 3] {
    fn from(v: PatientVector) -> Self {
        v.to_array()
    }
}
impl Add<PatientVector> for PatientPoint {
    type Output = Self;
    fn add(self, v: PatientVector) -> Self {
        Self::new(self.x_mm + v.x_mm, self.y_mm + v.y_mm, self.z_mm + v.z_mm)
    }
}
impl Sub<PatientVector> for PatientPoint {
    type Output = Self;
    fn sub(self, v: PatientVector) -> Self {
        self + -v
    }
}
impl Sub for PatientPoint {
    type Output = PatientVector;
    fn sub(self, other: Self) -> PatientVector {
        PatientVector::new(
            self.x_mm - other.x_mm,
            self.y_mm - other.y_mm,
            self.z_mm - other.z_mm,
        )
    }
}
impl Add for PatientVector {
    type Output = Self;
    fn add(self, v: Self) -> Self {
        Self::new(self.x_mm + v.x_mm, self.y_mm + v.y_mm, self.z_mm + v.z_mm)
    }
}
impl Sub for PatientVector {
    type Output = Self;
    fn sub(self, v: Self) -> Self {
        self + -v
    }
}
impl Mul<f64> for PatientVector {
    type Output = Self;
    fn mul(self, s: f64) -> Self {
        Self::new(self.x_mm * s, self.y_mm * s, self.z_mm * s)
    }
}
impl Neg for PatientVector {
    type Output = Self;
    fn neg(self) -> Self {
        self * -1.0
    }
}
