//! One slice that solids are painted on, with soft edges where a pixel is partly covered.

use super::shape::{Point, Shape};

/// Where a solid may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clip {
    /// Everywhere.
    Open,
    /// Inside aerated lung.
    Lung,
    /// Inside the belly, below the diaphragm.
    Belly,
    /// Inside the skin.
    Skin,
}

/// A solid with its density and the region it is limited to.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Solid.
    pub shape: Shape,
    /// Density inside, HU.
    pub hu: f32,
    /// Region.
    pub clip: Clip,
}

impl Part {
    /// Makes a part that shows everywhere.
    pub fn new(shape: Shape, hu: f32) -> Self {
        Self {
            shape,
            hu,
            clip: Clip::Open,
        }
    }

    /// Makes a part that shows in one region only.
    pub fn within(clip: Clip, shape: Shape, hu: f32) -> Self {
        Self { shape, hu, clip }
    }
}

/// Pixel grid of axial slices in the body's own space.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Columns.
    pub n_cols: usize,
    /// Rows.
    pub n_rows: usize,
    /// Distance of pixels, mm.
    pub spacing: f32,
    /// Centre of pixel (0, 0).
    pub corner: [f32; 2],
    /// Width over which an edge goes from full to none, mm.
    pub edge: f32,
}

/// A slice under work.
pub struct Canvas {
    /// Pixel grid.
    pub grid: Grid,
    /// Height of the slice.
    pub z: f32,
    /// Density, HU, row by row.
    pub hu: Vec<f32>,
    /// Share of aerated lung in each pixel, 0 to 1.
    pub lung: Vec<f32>,
    /// Share of belly in each pixel, 0 to 1.
    pub belly: Vec<f32>,
    /// Share of body in each pixel, 0 to 1.
    pub skin: Vec<f32>,
}

impl Canvas {
    /// Starts a slice of air.
    pub fn new(grid: Grid, z: f32) -> Self {
        let n = grid.n_cols * grid.n_rows;
        Self {
            grid,
            z,
            hu: vec![-1000.0; n],
            lung: vec![0.0; n],
            belly: vec![0.0; n],
            skin: vec![0.0; n],
        }
    }

    /// Share of a pixel that lies inside a surface at this signed distance.
    pub fn cover(&self, distance: f32) -> f32 {
        (0.5 - distance / self.grid.edge).clamp(0.0, 1.0)
    }

    /// Paints a part.
    pub fn paint(&mut self, part: &Part) {
        let [low, high] = part.shape.bounds();
        let edge = self.grid.edge;
        if self.z < low[2] - edge || high[2] + edge < self.z {
            return;
        }
        let range = |axis: usize, n: usize| {
            let first = ((low[axis] - edge - self.grid.corner[axis]) / self.grid.spacing)
                .ceil()
                .max(0.0) as usize;
            let end =
                ((high[axis] + edge - self.grid.corner[axis]) / self.grid.spacing).floor() + 1.0;
            first..(end.max(0.0) as usize).min(n)
        };
        // A solid thinner than the edge would be drawn too strong at its middle: weaken it by its share of the edge.
        let strength = match part.shape {
            Shape::Rod { radii, .. } => (2.0 * radii[0].max(radii[1]) / edge).min(1.0),
            Shape::Ellipsoid { .. } | Shape::Plate { .. } => 1.0,
        };
        for row in range(1, self.grid.n_rows) {
            for col in range(0, self.grid.n_cols) {
                let p = self.place(col, row);
                let mut cover = self.cover(part.shape.distance(p)) * strength;
                if cover <= 0.0 {
                    continue;
                }
                let at = row * self.grid.n_cols + col;
                cover *= match part.clip {
                    Clip::Open => 1.0,
                    Clip::Lung => self.lung[at],
                    Clip::Belly => self.belly[at],
                    Clip::Skin => self.skin[at],
                };
                self.hu[at] += (part.hu - self.hu[at]) * cover;
            }
        }
    }

    /// Place of a pixel in the body's own space.
    pub fn place(&self, col: usize, row: usize) -> Point {
        [
            self.grid.corner[0] + col as f32 * self.grid.spacing,
            self.grid.corner[1] + row as f32 * self.grid.spacing,
            self.z,
        ]
    }
}
