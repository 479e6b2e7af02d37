//! The whole body of one seed, drawn slice by slice.

use super::canvas::{Canvas, Clip, Grid, Part};
use super::lung::{self, Side};
use super::outline::cage;
use super::shape::{Point, Shape};
use super::skeleton::RibBreak;
use super::texture::scanner_noise;
use super::tree::Twig;
use super::wall::{self, Build};
use super::{belly, mediastinum, skeleton};
use crate::random::Random;

/// Fluid that lies in the back of a pleural space, deepest at one height.
#[derive(Clone, Copy, Debug)]
pub struct Effusion {
    /// Side of the fluid.
    pub side: Side,
    /// Depth from the pleura of the back where it is deepest, mm.
    pub depth: f32,
    /// Height where it is deepest.
    pub z: f32,
    /// Density, HU.
    pub hu: f32,
}

impl Effusion {
    /// Distance from the middle plane at which the depth is stated, mm.
    pub const GUTTER_X: f32 = 54.0;

    /// y of the pleura of the back beside the spine at a height.
    pub fn pleura_y(z: f32) -> f32 {
        let section = cage(z);
        let share = Self::GUTTER_X / section.half_width;
        section.centre_y() + section.half_depth() * (1.0 - share.powf(2.5)).powf(0.4)
    }

    /// Signed distance to the fluid's surface.
    pub fn distance(&self, p: Point, to_lung: f32) -> f32 {
        let spread = (p[2] - self.z) / 34.0;
        if p[0] * self.side.sign() < 0.0 || 1.8 < spread.abs() {
            return 1e3;
        }
        let level = Self::pleura_y(p[2]) - self.depth * (-spread * spread).exp();
        to_lung.max(level - p[1])
    }
}

/// Shape of the chest wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// With breasts.
    Female,
    /// Without.
    Male,
}

/// A body without lesions that need their own solids; lesions are painted over it.
pub struct Body {
    build: Build,
    seed: u64,
    /// Solids under the lung trees, the trees, and the solids over them, in the order of painting.
    layers: Vec<Part>,
    n_before_ribs: usize,
    /// Solids that lesions of the lung keep away from.
    keep_out: Vec<Shape>,
    /// Larger vessels and airways of the lungs.
    large_twigs: Vec<Shape>,
}

impl Body {
    /// Builds the body of `seed`; `n_leaves` is the number of ends of each vessel tree.
    pub fn new(seed: u64, sex: Sex, broken: Option<RibBreak>, n_leaves: usize) -> Self {
        let mut random = Random::new(seed, 2);
        let build = Build {
            seed,
            fat: random.between(9.0, 16.0) as f32,
            breast: (sex == Sex::Female).then(|| random.between(44.0, 56.0) as f32),
        };
        let keep_out = mediastinum::keep_out();
        let mut layers = belly::parts();
        let mut large_twigs = Vec::new();
        for side in [Side::Right, Side::Left] {
            let trees = lung::trees(side, &keep_out, n_leaves, &mut random);
            add_twigs(&mut layers, &trees.veins, 0.0, 44.0);
            add_twigs(&mut layers, &trees.arteries, 0.0, 46.0);
            add_twigs(&mut layers, &trees.airways, 0.7, -250.0);
            add_twigs(&mut layers, &trees.airways, 0.0, -985.0);
            for twig in trees
                .veins
                .iter()
                .chain(&trees.arteries)
                .chain(&trees.airways)
            {
                if 0.9 < twig.radii[0] {
                    large_twigs.push(twig_shape(twig));
                }
            }
        }
        layers.extend(mediastinum::parts());
        layers.extend(skeleton::spine());
        layers.extend(skeleton::shoulders());
        let n_before_ribs = layers.len();
        layers.extend(skeleton::ribs(broken));
        layers.extend(skeleton::sternum());
        Self {
            build,
            seed,
            layers,
            n_before_ribs,
            keep_out,
            large_twigs,
        }
    }

    /// Returns the same body with all ribs whole.
    pub fn with_whole_ribs(&self) -> Self {
        let mut layers = self.layers.clone();
        layers.truncate(self.n_before_ribs);
        layers.extend(skeleton::ribs(None));
        layers.extend(skeleton::sternum());
        Self {
            layers,
            keep_out: self.keep_out.clone(),
            large_twigs: self.large_twigs.clone(),
            ..*self
        }
    }

    /// Free distance from a place in the lungs to whatever a lesion must not touch, mm; negative outside of lung.
    pub fn lung_clearance(&self, p: Point) -> f32 {
        let solids = self
            .keep_out
            .iter()
            .chain(&self.large_twigs)
            .map(|shape| shape.distance(p))
            .fold(f32::MAX, f32::min);
        (-lung::distance(p))
            .min(solids)
            .min(lung::fissure_distance(p))
    }

    /// Draws the slice at height `z`, without noise, HU.
    pub fn slice(&self, grid: Grid, z: f32, effusions: &[Effusion], lesions: &[Part]) -> Vec<f32> {
        let mut canvas = Canvas::new(grid, z);
        wall::paint(&mut canvas, &self.build, effusions.first());
        self.layers
            .iter()
            .chain(lesions)
            .for_each(|part| canvas.paint(part));
        canvas.hu
    }

    /// Adds the scanner's noise to a slice and rounds it to stored HU. `sd` is the standard deviation in soft tissue.
    pub fn stored(&self, hu: &[f32], grid: Grid, slice_idx: usize, sd: f32) -> Vec<i16> {
        let noise = scanner_noise(
            self.seed ^ 0x4E4F_4953,
            slice_idx as u64,
            grid.n_cols,
            grid.n_rows,
        );
        let middle = [0.5 * grid.n_cols as f32, 0.5 * grid.n_rows as f32];
        let mut out = Vec::with_capacity(hu.len());
        for (at, (hu, noise)) in hu.iter().zip(&noise).enumerate() {
            let (col, row) = (at % grid.n_cols, at / grid.n_cols);
            let off =
                ((col as f32 - middle[0]) / middle[0]).hypot((row as f32 - middle[1]) / middle[1]);
            // Rays through the middle of the body are the most weakened ones.
            let here = sd * (1.15 - 0.45 * off.min(1.2)) * if *hu < -950.0 { 0.6 } else { 1.0 };
            out.push((hu + noise * here).round().clamp(-1024.0, 3071.0) as i16);
        }
        out
    }
}

fn twig_shape(twig: &Twig) -> Shape {
    Shape::rod(twig.ends[0], twig.ends[1], twig.radii[0], twig.radii[1])
}

fn add_twigs(layers: &mut Vec<Part>, twigs: &[Twig], margin: f32, hu: f32) {
    layers.extend(
        twigs
            .iter()
            .map(|twig| Part::within(Clip::Lung, twig_shape(twig).grown(margin), hu)),
    );
}
