//! The lungs: their border, fissures and lobes, and the trees inside them.

use super::outline::{cage, diaphragm, spine_y};
use super::shape::{Point, Shape, dot, minus, smooth_max};
use super::tree::{Calibre, Twig, grow};
use crate::random::Random;

/// Side of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Negative x.
    Right,
    /// Positive x.
    Left,
}

impl Side {
    /// Word in a report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
        }
    }

    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Right => Self::Left,
            Self::Left => Self::Right,
        }
    }

    /// −1 for right, 1 for left.
    pub fn sign(self) -> f32 {
        match self {
            Self::Right => -1.0,
            Self::Left => 1.0,
        }
    }

    /// Side of a place.
    pub fn of(x: f32) -> Self {
        if x < 0.0 { Self::Right } else { Self::Left }
    }
}

/// Distance to the border of the space between the lungs, positive outside it (towards a lung).
pub fn mediastinum_distance(p: Point) -> f32 {
    let [x, y, z] = p;
    let round = |x0: f32, y0: f32, wide: f32, deep: f32| {
        let (u, v) = ((x - x0) / wide, (y - y0) / deep);
        let reach = u.hypot(v);
        if reach < 1e-3 {
            -wide.min(deep)
        } else {
            (reach - 1.0) * reach / (u / wide).hypot(v / deep)
        }
    };
    let upper = 1.0 - ((z + 10.0) / 60.0).clamp(0.0, 1.0) * 0.25;
    let lower = 1.0 - ((-70.0 - z) / 40.0).clamp(0.0, 1.0) * 0.45;
    let middle = round(2.0, -8.0, 34.0 * upper * lower, 44.0 * lower);
    let front = round(0.0, -62.0, 13.0, 40.0);
    let back = round(4.0, spine_y(z) - 24.0, 24.0, 20.0);
    let spine = round(0.0, spine_y(z) + 14.0, 25.0, 33.0);
    middle.min(front).min(back).min(spine)
}

/// Signed distance to the border of the pleural spaces, before heart and vessels are cut out.
pub fn distance(p: Point) -> f32 {
    let [x, y, z] = p;
    let (dome, steepness) = diaphragm(x, y);
    let above_diaphragm = (dome - z) / (1.0 + steepness * steepness).sqrt();
    let in_cage = cage(z).distance(x, y);
    smooth_max(
        smooth_max(in_cage, above_diaphragm, 6.0),
        -mediastinum_distance(p),
        5.0,
    )
}

/// Distance to the oblique fissure, positive above and in front of it.
pub fn oblique_fissure(side: Side, p: Point) -> f32 {
    let bow = 0.0016 * (p[0].abs() - 65.0).powi(2);
    match side {
        Side::Right => dot(minus(p, [0.0, 5.0, -42.0 - bow]), [0.0, -0.72, 0.694]),
        Side::Left => dot(minus(p, [0.0, 5.0, -34.0 - bow]), [0.0, -0.76, 0.65]),
    }
}

/// Distance to the right lung's horizontal fissure, positive above it.
pub fn horizontal_fissure(p: Point) -> f32 {
    p[2] + 26.0 + 0.002 * (p[0] + 70.0).powi(2) + 0.05 * (p[1] + 40.0)
}

/// Lobes of the lungs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lobe {
    /// Right upper.
    RightUpper,
    /// Right middle.
    RightMiddle,
    /// Right lower.
    RightLower,
    /// Left upper.
    LeftUpper,
    /// Left lower.
    LeftLower,
}

impl Lobe {
    /// All lobes.
    pub const ALL: [Self; 5] = [
        Self::RightUpper,
        Self::RightMiddle,
        Self::RightLower,
        Self::LeftUpper,
        Self::LeftLower,
    ];

    /// Lobe of a place in a lung.
    pub fn of(p: Point) -> Self {
        match Side::of(p[0]) {
            Side::Right if oblique_fissure(Side::Right, p) < 0.0 => Self::RightLower,
            Side::Right if horizontal_fissure(p) < 0.0 => Self::RightMiddle,
            Side::Right => Self::RightUpper,
            Side::Left if oblique_fissure(Side::Left, p) < 0.0 => Self::LeftLower,
            Side::Left => Self::LeftUpper,
        }
    }

    /// Side that the lobe is on.
    pub fn side(self) -> Side {
        match self {
            Self::RightUpper | Self::RightMiddle | Self::RightLower => Side::Right,
            Self::LeftUpper | Self::LeftLower => Side::Left,
        }
    }

    /// Words without the side, `upper lobe`.
    pub fn words(self) -> &'static str {
        match self {
            Self::RightUpper | Self::LeftUpper => "upper lobe",
            Self::RightMiddle => "middle lobe",
            Self::RightLower | Self::LeftLower => "lower lobe",
        }
    }
}

/// Distance to the nearest fissure of the lung that a place is in, mm.
pub fn fissure_distance(p: Point) -> f32 {
    let side = Side::of(p[0]);
    let oblique = oblique_fissure(side, p);
    match side {
        Side::Right if 0.0 < oblique => oblique.min(horizontal_fissure(p).abs()),
        _ => oblique.abs(),
    }
}

/// Vessels and airways inside one lung.
pub struct Trees {
    /// Pulmonary arteries.
    pub arteries: Vec<Twig>,
    /// Pulmonary veins.
    pub veins: Vec<Twig>,
    /// Bronchi.
    pub airways: Vec<Twig>,
}

/// Grows the trees of one lung. `keep_out` are solids that no leaf may lie in.
pub fn trees(side: Side, keep_out: &[Shape], n_leaves: usize, random: &mut Random) -> Trees {
    let mut leaves = |n: usize, depth: f32| {
        let mut found = Vec::with_capacity(n);
        let mut tries = 0;
        while found.len() < n && tries < 60 * n {
            tries += 1;
            let p = [
                side.sign() * random.between(12.0, 130.0) as f32,
                random.between(-85.0, 84.0) as f32,
                random.between(-150.0, 106.0) as f32,
            ];
            if distance(p) < -depth
                && fissure_distance(p) > 2.0
                && keep_out.iter().all(|shape| 4.0 < shape.distance(p))
            {
                found.push(p);
            }
        }
        found
    };
    let (artery_leaves, vein_leaves, airway_leaves) = (
        leaves(n_leaves, 5.0),
        leaves(n_leaves, 6.0),
        leaves(n_leaves / 22, 28.0),
    );
    let (hilum, venous_hilum, bronchus): (Point, Point, Point) = match side {
        Side::Right => (
            [-40.0, -4.0, -14.0],
            [-34.0, -2.0, -34.0],
            [-43.0, 13.0, -24.0],
        ),
        Side::Left => ([52.0, 16.0, -10.0], [36.0, 6.0, -32.0], [50.0, 21.0, -25.0]),
    };
    let vessel = Calibre {
        leaf_radius: 0.42,
        exponent: 0.335,
    };
    let airway = Calibre {
        leaf_radius: 1.0,
        exponent: 0.36,
    };
    Trees {
        arteries: grow(hilum, artery_leaves, vessel, random),
        veins: grow(venous_hilum, vein_leaves, vessel, random),
        airways: grow(bronchus, airway_leaves, airway, random),
    }
}
