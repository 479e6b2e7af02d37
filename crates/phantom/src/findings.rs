//! What is planted in a body and what the first report makes of it.

use crate::anatomy::Effusion;
use crate::anatomy::canvas::{Clip, Part};
use crate::anatomy::lung::{Lobe, Side};
use crate::anatomy::shape::{Point, Shape};

/// What the first report does with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Is silent about it.
    Missed,
    /// Measures it wrong.
    WrongSize,
    /// Puts it on the other side.
    WrongSide,
    /// Describes it rightly.
    Right,
    /// Says that there is none.
    Negated,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Solid nodule of the lung.
    Nodule,
    /// Fluid in a pleural space.
    Effusion,
    /// Calcified plaque of the pleura.
    Plaque,
    /// Consolidated lung.
    Consolidation,
    /// Thin-walled cyst of the lung.
    LungCyst,
    /// Simple cyst of the liver.
    LiverCyst,
    /// Dense spot in a vertebral body.
    BoneIsland,
    /// Displaced break of a rib.
    RibFracture,
    /// Enlarged node beside the windpipe or below the arch of the aorta.
    LymphNode,
}

/// A planted finding, in the body's own space; sizes in patient mm.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// `F1`, `F2`, …
    pub id: String,
    pub role: Role,
    pub kind: Kind,
    pub side: Option<Side>,
    /// Lobe, for findings inside lung.
    pub lobe: Option<Lobe>,
    /// Vertebra, rib, segment or station in words; empty when there is none.
    pub level: String,
    pub centre: Point,
    /// Extent along x, y, z; equal numbers for a sphere.
    pub extent_mm: [f64; 3],
    /// Turn of an ellipsoid about z.
    pub turn_rad: f32,
    /// Mean density inside.
    pub hu: f32,
    /// Largest extent that the first report states, if it states one.
    pub reported_mm: Option<f64>,
    /// Size in the earlier study as a share of the present one; 0 when it was not there.
    pub prior_share: f64,
}

impl Finding {
    /// Diameter of a spherical finding.
    pub fn diameter_mm(&self) -> Option<f64> {
        let [x, y, z] = self.extent_mm;
        (x == y && y == z).then_some(x)
    }

    /// Solids of the finding, `share` of its size; `scale` is patient mm per mm of the body's own space.
    pub fn parts(&self, share: f64, scale: f64) -> Vec<Part> {
        let radii: Point = self
            .extent_mm
            .map(|extent| (0.5 * extent * share / scale) as f32);
        let solid = Shape::ellipsoid(self.centre, radii, self.turn_rad);
        match self.kind {
            Kind::Nodule | Kind::BoneIsland => vec![Part::new(solid, self.hu)],
            Kind::LiverCyst => vec![Part::within(Clip::Belly, solid, self.hu)],
            Kind::Plaque => vec![Part::within(Clip::Skin, solid, self.hu)],
            Kind::LungCyst => vec![
                Part::new(solid, -120.0),
                Part::new(solid.grown(-1.3), self.hu),
            ],
            Kind::LymphNode => vec![
                Part::new(solid.grown(2.0), -95.0),
                Part::new(solid, self.hu),
            ],
            Kind::Consolidation => self.consolidation(radii),
            Kind::Effusion | Kind::RibFracture => Vec::new(),
        }
    }

    /// Lobules round a core, which reach the stated extents on each axis, with a hazy rim and open bronchi.
    fn consolidation(&self, radii: Point) -> Vec<Part> {
        let [a, b, c] = radii;
        let at = |u: f32, v: f32, w: f32| -> Point {
            [
                self.centre[0] + a * u,
                self.centre[1] + b * v,
                self.centre[2] + c * w,
            ]
        };
        let lobule = |u: f32, v: f32, w: f32, size: f32| {
            Shape::ellipsoid(at(u, v, w), [a * size, b * size, c * size], 0.0)
        };
        let mut solids = vec![lobule(0.0, 0.0, 0.0, 0.72)];
        for (axis, sign) in [
            (0, -1.0),
            (0, 1.0),
            (1, -1.0),
            (1, 1.0),
            (2, -1.0),
            (2, 1.0),
        ] {
            let mut way = [0.0; 3];
            way[axis] = 0.54 * sign;
            solids.push(lobule(way[0], way[1], way[2], 0.46));
        }
        // Smaller ones between the axes, unlike each other, make the outline uneven; none reaches beyond the extents.
        for corner in 0..8u32 {
            let sign = |bit: u32| if corner >> bit & 1 == 0 { -0.34 } else { 0.34 };
            let size = 0.2 + 0.055 * ((corner * 5 + 3) % 8) as f32 * 0.5;
            solids.push(lobule(sign(0), sign(1), sign(2), size));
        }
        let mut parts = Vec::new();
        for (margin, hu) in [
            (6.0, -800.0),
            (4.5, -740.0),
            (3.0, -640.0),
            (1.5, -430.0),
            (0.0, self.hu),
        ] {
            parts.extend(
                solids
                    .iter()
                    .map(|solid| Part::within(Clip::Lung, solid.grown(margin), hu)),
            );
        }
        for (from, to) in [
            ((-0.7, 0.1, 0.3), (0.5, -0.3, -0.1)),
            ((0.1, -0.1, 0.1), (0.3, 0.5, -0.4)),
        ] {
            let rod = Shape::rod(at(from.0, from.1, from.2), at(to.0, to.1, to.2), 1.3, 0.8);
            parts.push(Part::new(rod, -900.0));
        }
        parts
    }

    /// Fluid of the finding, if that is what it is.
    pub fn effusion(&self, scale: f64) -> Option<Effusion> {
        let side = self.side?;
        (self.kind == Kind::Effusion).then(|| Effusion {
            side,
            depth: (self.extent_mm[1] / scale) as f32,
            z: self.centre[2],
            hu: self.hu,
        })
    }
}
