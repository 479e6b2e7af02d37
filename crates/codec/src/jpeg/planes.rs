use super::frame::Frame;
use crate::error::Fault;

/// How the blocks and samples of one component lie (A.1.1, A.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Sampling factors: blocks of an MCU, across and down.
    pub(super) factors: [usize; 2],
    /// Samples that the picture needs, across and down.
    pub(super) size: [usize; 2],
    /// Blocks that hold them.
    pub(super) n_own_blocks: [usize; 2],
    /// Blocks with those that fill up the last MCUs.
    pub(super) n_blocks: [usize; 2],
    /// Pixels of the picture to a sample, across and down.
    pub(super) ratio: [usize; 2],
}

/// The layouts of a frame's components.
pub(super) struct Geometry {
    pub(super) layouts: Vec<Layout>,
    /// MCUs of an interleaved scan, across and down.
    pub(super) n_mcus: [usize; 2],
}

impl Geometry {
    pub(super) fn new(frame: &Frame) -> Result<Self, Fault> {
        let factors = |i: usize| {
            frame
                .components
                .iter()
                .map(move |c| usize::from([c.across, c.down][i]))
        };
        if (0..2).any(|i| factors(i).any(|f| !(1..=4).contains(&f))) {
            return Err(Fault::Damaged("a sampling factor is not 1 to 4"));
        }
        let largest: [usize; 2] = std::array::from_fn(|i| factors(i).max().unwrap_or(1));
        if (0..2).any(|i| factors(i).any(|f| !largest[i].is_multiple_of(f))) {
            return Err(Fault::Unsupported("components sampled in broken ratios"));
        }
        let picture = [frame.width, frame.height];
        let n_mcus: [usize; 2] = std::array::from_fn(|i| picture[i].div_ceil(8 * largest[i]));
        let layout = |factors: [usize; 2]| {
            let size: [usize; 2] =
                std::array::from_fn(|i| (picture[i] * factors[i]).div_ceil(largest[i]));
            Layout {
                factors,
                size,
                n_own_blocks: size.map(|n| n.div_ceil(8)),
                n_blocks: std::array::from_fn(|i| n_mcus[i] * factors[i]),
                ratio: std::array::from_fn(|i| largest[i] / factors[i]),
            }
        };
        let components = frame.components.iter();
        Ok(Self {
            layouts: components
                .map(|c| layout([usize::from(c.across), usize::from(c.down)]))
                .collect(),
            n_mcus,
        })
    }
}

/// The samples of one component, whole blocks of them.
pub(super) struct Plane {
    layout: Layout,
    samples: Vec<u16>,
}

impl Plane {
    pub(super) fn new(layout: Layout) -> Self {
        let [across, down] = layout.n_blocks;
        Self {
            layout,
            samples: vec![0; 64 * across * down],
        }
    }

    /// Puts a block where its number says, counted by rows.
    #[inline]
    pub(super) fn put(&mut self, block_idx: usize, block: &[[u16; 8]; 8]) {
        let across = self.layout.n_blocks[0];
        let at = block_idx / across * 64 * across + block_idx % across * 8;
        let rows = self.samples.get_mut(at..).unwrap_or_default();
        for (row, from) in rows.chunks_mut(8 * across).zip(block) {
            if let Some(place) = row.first_chunk_mut() {
                *place = *from;
            }
        }
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The samples of a row that the picture needs; the last row for what lies below.
    pub(super) fn row(&self, row_idx: usize) -> &[u16] {
        let [width, height] = self.layout.size;
        let at = row_idx.min(height.saturating_sub(1)) * 8 * self.layout.n_blocks[0];
        self.samples.get(at..at + width).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::frame::Component;
    use super::*;

    fn frame(width: usize, height: usize, factors: &[[u8; 2]]) -> Frame {
        let component = |[across, down]: &[u8; 2]| Component {
            id: 0,
            across: *across,
            down: *down,
            quantisation: 0,
        };
        Frame {
            precision: 8,
            height,
            width,
            components: factors.iter().map(component).collect(),
        }
    }

    #[test]
    fn subsampled_components_have_fewer_samples_and_whole_mcus() {
        let geometry = Geometry::new(&frame(17, 9, &[[2, 1], [1, 1], [1, 1]])).unwrap();
        assert_eq!(geometry.n_mcus, [2, 2]);
        let [y, cb, _] = geometry.layouts[..] else {
            panic!()
        };
        assert_eq!(
            (y.size, y.n_own_blocks, y.n_blocks, y.ratio),
            ([17, 9], [3, 2], [4, 2], [1, 1])
        );
        assert_eq!(
            (cb.size, cb.n_own_blocks, cb.n_blocks, cb.ratio),
            ([9, 9], [2, 2], [2, 2], [2, 1])
        );
    }

    #[test]
    fn a_lone_component_has_its_own_size_whatever_its_factors() {
        let geometry = Geometry::new(&frame(17, 9, &[[2, 2]])).unwrap();
        assert_eq!(geometry.layouts[0].n_own_blocks, [3, 2]);
    }

    #[test]
    fn factors_that_do_not_divide_are_refused() {
        for factors in [
            [[0, 1], [1, 1]],
            [[5, 1], [1, 1]],
            [[3, 1], [2, 1]],
            [[1, 3], [1, 2]],
        ] {
            assert!(
                Geometry::new(&frame(8, 8, &factors)).is_err(),
                "{factors:?}"
            );
        }
    }

    #[test]
    fn blocks_are_put_by_rows() {
        let geometry = Geometry::new(&frame(12, 10, &[[1, 1]])).unwrap();
        let mut plane = Plane::new(geometry.layouts[0]);
        for block_idx in 0..4 {
            plane.put(block_idx, &[[block_idx as u16; 8]; 8]);
        }
        assert_eq!(plane.row(0), [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
        assert_eq!(plane.row(9), [2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3]);
        assert_eq!(plane.row(9), plane.row(99));
    }
}
