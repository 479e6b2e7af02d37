//! Noise of the scanner and fine structure of tissue, both a pure function of place and seed.

use crate::random::hash64;

fn lattice(seed: u64, i: i64, j: i64, k: i64) -> f32 {
    let key = (i as u64).wrapping_mul(0x9E37_79B9)
        ^ (j as u64).wrapping_mul(0x85EB_CA6B_0001)
        ^ (k as u64).wrapping_mul(0x00C2_B2AE_3500_0001);
    (hash64(seed ^ key) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
}

/// A smooth random field in one plane z = const, values about −1 to 1.
pub struct Cloud {
    cell: f32,
    first: [i64; 2],
    n_cols: usize,
    values: Vec<f32>,
}

impl Cloud {
    /// Prepares the field over `low..high` (x, y) at height `z`, with cells of `cell` mm.
    pub fn new(seed: u64, cell: f32, low: [f32; 2], high: [f32; 2], z: f32) -> Self {
        let first = low.map(|axis| (axis / cell).floor() as i64);
        let last = high.map(|axis| (axis / cell).ceil() as i64 + 1);
        let layer = (z / cell).floor();
        let t = z / cell - layer;
        let t = t * t * (3.0 - 2.0 * t);
        let mut values = Vec::new();
        for j in first[1]..=last[1] {
            for i in first[0]..=last[0] {
                let below = lattice(seed, i, j, layer as i64);
                values.push(below + (lattice(seed, i, j, layer as i64 + 1) - below) * t);
            }
        }
        Self {
            cell,
            first,
            n_cols: (last[0] - first[0] + 1) as usize,
            values,
        }
    }

    /// Value at a place within the prepared area.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (u, v) = (
            x / self.cell - self.first[0] as f32,
            y / self.cell - self.first[1] as f32,
        );
        let (i, j) = (u as usize, v as usize);
        let (u, v) = (u - i as f32, v - j as f32);
        let (u, v) = (u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v));
        let at = |i: usize, j: usize| self.values.get(j * self.n_cols + i).copied().unwrap_or(0.0);
        let top = at(i, j) + (at(i + 1, j) - at(i, j)) * u;
        let bottom = at(i, j + 1) + (at(i + 1, j + 1) - at(i, j + 1)) * u;
        top + (bottom - top) * v
    }
}

fn white(seed: u64, plane: u64, voxel: u64) -> f32 {
    let bits = hash64(seed ^ (plane << 40) ^ voxel);
    let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xFFFF).sum();
    // Four even numbers of variance 1/12 each: their sum is close to a normal one of variance 1/3.
    (sum as f32 / 65536.0 - 2.0) * 1.732_05
}

/// Returns one plane of noise with standard deviation 1: neighbouring pixels and neighbouring planes are correlated,
/// as a soft reconstruction kernel leaves them.
pub fn scanner_noise(seed: u64, slice_idx: u64, n_cols: usize, n_rows: usize) -> Vec<f32> {
    let wide = n_cols + 2;
    let raw: Vec<f32> = (0..wide * (n_rows + 2))
        .map(|voxel| {
            white(seed, slice_idx, voxel as u64) + 0.5 * white(seed, slice_idx + 1, voxel as u64)
        })
        .collect();
    // Binomial weights 1 2 1 in both directions: the squares of the nine weights add up to 36.
    let scale = 1.0 / (1.25f32.sqrt() * 6.0);
    let mut out = Vec::with_capacity(n_cols * n_rows);
    for row in 0..n_rows {
        let column_sum = |at: usize| {
            raw[row * wide + at] + 2.0 * raw[(row + 1) * wide + at] + raw[(row + 2) * wide + at]
        };
        let (mut left, mut middle) = (column_sum(0), column_sum(1));
        for col in 0..n_cols {
            let right = column_sum(col + 2);
            out.push((left + 2.0 * middle + right) * scale);
            (left, middle) = (middle, right);
        }
    }
    out
}
