//! Rectangles of the reference grid, of tile components, resolutions and sub-bands (ISO/IEC 15444-1 Annex B).

/// A rectangle, the upper and left bounds in, the lower and right ones out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub x0: u32,
    pub y0: u32,
    pub x1: u32,
    pub y1: u32,
}

impl Rect {
    /// Columns.
    pub(super) fn width(&self) -> usize {
        self.x1.saturating_sub(self.x0) as usize
    }

    /// Rows.
    pub(super) fn height(&self) -> usize {
        self.y1.saturating_sub(self.y0) as usize
    }

    /// Nothing in it?
    pub(super) fn is_empty(&self) -> bool {
        self.width() == 0 || self.height() == 0
    }

    /// What it has in common with another.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// Each bound divided and rounded up.
    pub(super) fn div_ceil(&self, dx: u32, dy: u32) -> Self {
        Self {
            x0: self.x0.div_ceil(dx),
            y0: self.y0.div_ceil(dy),
            x1: self.x1.div_ceil(dx),
            y1: self.y1.div_ceil(dy),
        }
    }

    /// The rectangle of a sub-band that is `n` decompositions down (equation B-15).
    pub(super) fn sub_band(&self, n: u32, orientation: Orientation) -> Self {
        let (high_x, high_y) = orientation.is_high();
        let bound = |at: u32, is_high: bool| {
            let offset = if is_high { (1_u64 << n) >> 1 } else { 0 };
            (u64::from(at).saturating_sub(offset)).div_ceil(1 << n) as u32
        };
        Self {
            x0: bound(self.x0, high_x),
            y0: bound(self.y0, high_y),
            x1: bound(self.x1, high_x),
            y1: bound(self.y1, high_y),
        }
    }
}

/// The kind of a sub-band: horizontally, then vertically low or high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orientation {
    Ll,
    Hl,
    Lh,
    Hh,
}

impl Orientation {
    /// High-pass horizontally, vertically?
    pub(super) fn is_high(self) -> (bool, bool) {
        match self {
            Self::Ll => (false, false),
            Self::Hl => (true, false),
            Self::Lh => (false, true),
            Self::Hh => (true, true),
        }
    }

    /// The gain as a power of two (Table E.1).
    pub(super) fn gain_bits(self) -> u32 {
        match self {
            Self::Ll => 0,
            Self::Hl | Self::Lh => 1,
            Self::Hh => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_bands_share_the_samples_of_their_resolution() {
        for (x0, y0, x1, y1) in [
            (0, 0, 512, 512),
            (3, 5, 18, 6),
            (7, 8, 8, 9),
            (1, 1, 2, 200),
        ] {
            let tile = Rect { x0, y0, x1, y1 };
            for n in 1..6 {
                let parent = tile.sub_band(n - 1, Orientation::Ll);
                let children = [
                    Orientation::Ll,
                    Orientation::Hl,
                    Orientation::Lh,
                    Orientation::Hh,
                ]
                .map(|o| tile.sub_band(n, o));
                assert_eq!(parent.width(), children[0].width() + children[1].width());
                assert_eq!(parent.height(), children[0].height() + children[2].height());
                assert_eq!(children[3].width(), children[1].width());
                assert_eq!(children[3].height(), children[2].height());
            }
        }
    }
}
