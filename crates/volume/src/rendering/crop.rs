/// The part of a volume that is shown, in shares of its sides from 0 to 1: along the columns, the rows and the slices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CropBox {
    /// The lower corner.
    pub low: [f64; 3],
    /// The upper corner.
    pub high: [f64; 3],
}

impl CropBox {
    /// Nothing is cut off.
    pub const WHOLE: Self = Self {
        low: [0.0; 3],
        high: [1.0; 3],
    };

    /// Is anything cut off?
    pub fn is_whole(&self) -> bool {
        self.low.iter().all(|c| *c <= 0.0) && self.high.iter().all(|c| 1.0 <= *c)
    }

    /// The box in voxel indices, from the centre of the first voxel it may hold to that of the last.
    pub fn in_voxels(&self, size: [usize; 3]) -> [[f64; 2]; 3] {
        std::array::from_fn(|axis| {
            let last = size[axis].saturating_sub(1) as f64;
            [self.low[axis], self.high[axis]].map(|share| share.clamp(0.0, 1.0) * last)
        })
    }
}
