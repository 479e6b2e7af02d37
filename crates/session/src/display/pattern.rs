//! Test patterns of our own, drawn after what AAPM TG 18 and TG 270 describe, in code values of 8 bits.

use super::response::{LEVELS, N_LEVELS};

/// Line pairs of the pattern of quality: dark and bright code values, at full and at low contrast.
const LINE_PAIRS: [[u8; 2]; 2] = [[0, 255], [124, 132]];
/// The ground of the pattern of quality.
const GROUND: u8 = 128;
/// The frame between light and dark parts.
const MIDDLE: u8 = 102;
/// The code values nearest to 5 % and 95 % of white.
const FIVE_PERCENT: u8 = 13;
const NINETY_FIVE_PERCENT: u8 = 242;
/// The patches of the ladder of luminance.
const LADDER: [u8; 16] = [
    8, 24, 40, 56, 72, 88, 104, 120, 136, 152, 168, 184, 200, 216, 232, 248,
];
/// By how many code values the inserts of a patch differ from it.
const INSERT: u8 = 4;
/// Squares of falling contrast, code values above or below their ground.
const FALLING: [u8; 10] = [20, 16, 12, 10, 8, 6, 4, 3, 2, 1];

/// A test pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestPattern {
    /// Patches, squares of low contrast, line pairs and ramps in one picture.
    Quality,
    /// All code values from black to white, across and down.
    Ramps,
    /// Lines one pixel wide, crossing; circles of pixels would need no more.
    Grid,
    /// Line pairs of one, two and three pixels over the whole display.
    LinePairs,
    /// One of the 18 levels over the whole display, 0-based.
    Uniform(usize),
}

/// A picture of 8-bit code values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GreyLevels {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row.
    pub codes: Vec<u8>,
}

/// A rectangle of one code value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch {
    /// First pixel across and down.
    pub from: [usize; 2],
    /// Pixels across and down.
    pub size: [usize; 2],
    /// The code value of all its pixels that no later patch covers.
    pub code: u8,
}

impl TestPattern {
    /// All patterns, in the order in which they are stepped through.
    pub fn all() -> Vec<Self> {
        let first = [Self::Quality, Self::Ramps, Self::Grid, Self::LinePairs];
        let uniform = (0..N_LEVELS).map(Self::Uniform);
        first.into_iter().chain(uniform).collect()
    }

    /// The code value of a uniform pattern; `None` for all others.
    pub fn level(self) -> Option<u8> {
        match self {
            Self::Uniform(idx) => LEVELS.get(idx).copied(),
            Self::Quality | Self::Ramps | Self::Grid | Self::LinePairs => None,
        }
    }

    /// Draws the pattern for so many pixels across and down. Nothing is scaled, smoothed or dithered.
    pub fn draw(self, [width, height]: [usize; 2]) -> GreyLevels {
        let mut levels = GreyLevels {
            width,
            height,
            codes: vec![self.level().unwrap_or(GROUND); width * height],
        };
        match self {
            Self::Quality => draw_quality(&mut levels),
            Self::Ramps => draw_ramps(&mut levels),
            Self::Grid => draw_grid(&mut levels),
            Self::LinePairs => draw_line_pairs(&mut levels),
            Self::Uniform(_) => {}
        }
        levels
    }

    /// The patches of the pattern in the order in which they are painted, for so many pixels across and down; empty for
    /// patterns of lines and ramps.
    pub fn patches(self, size: [usize; 2]) -> Vec<Patch> {
        match self {
            Self::Quality => quality_patches(size),
            Self::Uniform(_) => {
                let code = self.level().unwrap_or(GROUND);
                let from = [0, 0];
                vec![Patch { from, size, code }]
            }
            Self::Ramps | Self::Grid | Self::LinePairs => Vec::new(),
        }
    }
}

impl GreyLevels {
    /// The code value of a pixel; `None` outside.
    pub fn code(&self, x: usize, y: usize) -> Option<u8> {
        let at = (x < self.width).then(|| y * self.width + x)?;
        self.codes.get(at).copied()
    }

    fn fill(&mut self, patch: &Patch) {
        let code = patch.code;
        self.set(patch.from, patch.size, |_, _| code);
    }

    /// Sets the pixels of a rectangle, as far as it lies inside, by their place in it.
    fn set(&mut self, from: [usize; 2], size: [usize; 2], code: impl Fn(usize, usize) -> u8) {
        let [x_end, y_end] = [
            (from[0] + size[0]).min(self.width),
            (from[1] + size[1]).min(self.height),
        ];
        for y in from[1]..y_end {
            for x in from[0]..x_end {
                if let Some(pixel) = self.codes.get_mut(y * self.width + x) {
                    *pixel = code(x - from[0], y - from[1]);
                }
            }
        }
    }
}

/// The side of a patch: ten fit across and down with room between.
fn unit(size: [usize; 2]) -> usize {
    (size[0].min(size[1]) / 12).max(8)
}

/// Sixteen patches of the ladder about the middle, with inserts; black and white with 5 % and 95 %; squares of falling
/// contrast on dark, middle and light ground.
fn quality_patches(size: [usize; 2]) -> Vec<Patch> {
    let u = unit(size);
    let middle = [size[0] / 2, size[1] / 2];
    let mut patches = Vec::new();
    let corner = [
        middle[0].saturating_sub(4 * u),
        middle[1].saturating_sub(4 * u),
    ];
    let mut add =
        |from: [usize; 2], size: [usize; 2], code: u8| patches.push(Patch { from, size, code });
    add(corner, [8 * u, 8 * u], MIDDLE);
    for (i, code) in LADDER.iter().enumerate() {
        // Four rows of four, each row turned back at its end so that neighbours differ little.
        let row = i / 4;
        let column = match row % 2 {
            0 => i % 4,
            _ => 3 - i % 4,
        };
        let from = [
            corner[0] + u / 2 + column * (7 * u / 4),
            corner[1] + u / 2 + row * (5 * u / 4),
        ];
        let patch = [7 * u / 4, 5 * u / 4];
        add(from, patch, *code);
        let insert = (u / 4).max(2);
        let far = [
            from[0] + patch[0] - 2 * insert,
            from[1] + patch[1] - 2 * insert,
        ];
        add(
            [from[0] + insert, from[1] + insert],
            [insert; 2],
            code - INSERT,
        );
        add(far, [insert; 2], code + INSERT);
    }
    // Black with 5 % and white with 95 %, below the ladder.
    let below = corner[1] + 23 * u / 4;
    for (from_x, outer, inner) in [
        (corner[0] + u / 2, 0, FIVE_PERCENT),
        (corner[0] + 4 * u, 255, NINETY_FIVE_PERCENT),
    ] {
        add([from_x, below], [7 * u / 2, 3 * u / 2], outer);
        add([from_x + u, below + u / 2], [3 * u / 2, u / 2], inner);
    }
    // Falling contrast in three bands above the ladder.
    let side = (8 * u / FALLING.len()).max(2);
    for (band, ground) in [24_u8, GROUND, 232].into_iter().enumerate() {
        let top = (corner[1] + band * side / 2).saturating_sub(3 * side / 2 + u / 4);
        add([corner[0], top], [8 * u, side / 2], ground);
        for (i, step) in FALLING.iter().enumerate() {
            let code = match ground < GROUND {
                true => ground + step,
                false => ground - step,
            };
            let from = [corner[0] + i * side + side / 4, top + side / 8];
            add(from, [side / 2, side / 4], code);
        }
    }
    patches
}

fn draw_quality(levels: &mut GreyLevels) {
    let size = [levels.width, levels.height];
    for patch in quality_patches(size) {
        levels.fill(&patch);
    }
    let u = unit(size);
    // Line pairs of one pixel, upright and lying, at both contrasts, in the corners and in the middle of the lower edge.
    let edge = u / 2;
    let far = [0, 1].map(|axis| [size[0], size[1]][axis].saturating_sub(edge + 2 * u));
    let mid = (size[0] / 2).saturating_sub(u);
    for from in [
        [edge, edge],
        [far[0], edge],
        [edge, far[1]],
        [far[0], far[1]],
        [mid, far[1] + u / 2],
    ] {
        for (i, [dark, bright]) in LINE_PAIRS.into_iter().enumerate() {
            let pick = |odd: usize| [dark, bright][odd % 2];
            let at = [from[0], from[1] + i * u];
            levels.set(at, [u, u], |x, _| pick(x));
            levels.set([at[0] + u, at[1]], [u, u], |_, y| pick(y));
        }
    }
    // Ramps at both sides: every code value in turn, upwards at the left and downwards at the right.
    let top = 3 * u;
    let ramp = size[1].saturating_sub(2 * top).max(1);
    let code = |y: usize| u8::try_from(y * 255 / ramp.saturating_sub(1).max(1)).unwrap_or(255);
    levels.set([edge, top], [u, ramp], |_, y| code(y));
    levels.set(
        [size[0].saturating_sub(edge + u), top],
        [u, ramp],
        |_, y| 255 - code(y),
    );
}

fn draw_ramps(levels: &mut GreyLevels) {
    let (width, height) = (levels.width, levels.height);
    let code = |at: usize, n: usize| u8::try_from(at * 256 / n.max(1)).unwrap_or(255);
    let half = height / 2;
    levels.set([0, 0], [width, half], |x, _| code(x, width));
    levels.set([0, half], [width, height - half], |x, _| {
        255 - code(x, width)
    });
    let side = width / 8;
    levels.set([0, 0], [side, height], |_, y| code(y, height));
    levels.set([width - side, 0], [side, height], |_, y| {
        255 - code(y, height)
    });
}

fn draw_grid(levels: &mut GreyLevels) {
    let (width, height) = (levels.width, levels.height);
    let step = unit([width, height]);
    // The lines lie about the middle, and the outermost pixels are lines too, so that nothing of the edge is cut unseen.
    let is_line =
        |at: usize, n: usize| at.abs_diff(n / 2).is_multiple_of(step) || at == 0 || at + 1 == n;
    levels.set([0, 0], [width, height], |x, y| {
        match is_line(x, width) || is_line(y, height) {
            true => 255,
            false => 0,
        }
    });
}

fn draw_line_pairs(levels: &mut GreyLevels) {
    let (width, height) = (levels.width, levels.height);
    let band = height.div_ceil(3);
    for (i, line) in [1, 2, 3].into_iter().enumerate() {
        let [dark, bright] = LINE_PAIRS[0];
        let pick = |at: usize| [dark, bright][at / line % 2];
        let half = width / 2;
        levels.set([0, i * band], [half, band], |x, _| pick(x));
        levels.set([half, i * band], [width - half, band], |_, y| pick(y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [[usize; 2]; 4] = [[1920, 1080], [1366, 768], [640, 1136], [101, 99]];

    #[test]
    fn every_patch_has_its_code_where_nothing_lies_over_it() {
        for size in SIZES {
            for pattern in TestPattern::all() {
                let drawn = pattern.draw(size);
                let patches = pattern.patches(size);
                for (i, patch) in patches.iter().enumerate() {
                    let later = patches.get(i + 1..).unwrap_or_default();
                    let is_covered = |x: usize, y: usize| {
                        later.iter().any(|p| {
                            (p.from[0]..p.from[0] + p.size[0]).contains(&x)
                                && (p.from[1]..p.from[1] + p.size[1]).contains(&y)
                        })
                    };
                    let [x, y] = patch.from;
                    if size == SIZES[0] && !is_covered(x, y) {
                        assert_eq!(drawn.code(x, y), Some(patch.code), "{pattern:?} {patch:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_pattern_of_quality_holds_what_is_asked_about() {
        let size = SIZES[0];
        let codes: Vec<u8> = TestPattern::Quality
            .patches(size)
            .iter()
            .map(|p| p.code)
            .collect();
        for code in LADDER.into_iter().chain([0, 13, 242, 255]) {
            assert!(codes.contains(&code), "{code}");
            assert!(
                TestPattern::Quality.draw(size).codes.contains(&code),
                "{code}"
            );
        }
    }

    #[test]
    fn lines_are_one_pixel_wide_and_alternate() {
        let drawn = TestPattern::LinePairs.draw([200, 90]);
        let row: Vec<u8> = (0..6).filter_map(|x| drawn.code(x, 0)).collect();
        assert_eq!(row, [0, 255, 0, 255, 0, 255]);
        let two: Vec<u8> = (0..6).filter_map(|x| drawn.code(x, 30)).collect();
        assert_eq!(two, [0, 0, 255, 255, 0, 0]);
        let lying: Vec<u8> = (0..4).filter_map(|y| drawn.code(150, y)).collect();
        assert_eq!(lying, [0, 255, 0, 255]);
    }

    #[test]
    fn a_ramp_has_every_code_value() {
        let drawn = TestPattern::Ramps.draw([1024, 512]);
        for code in 0..=255 {
            assert!(drawn.codes.contains(&code), "{code}");
        }
        let row: Vec<u8> = (200..800).filter_map(|x| drawn.code(x, 3)).collect();
        assert!(row.is_sorted());
    }

    #[test]
    fn uniform_fields_are_the_levels_that_are_measured() {
        for (idx, level) in LEVELS.into_iter().enumerate() {
            let drawn = TestPattern::Uniform(idx).draw([30, 20]);
            assert!(drawn.codes.iter().all(|c| *c == level));
            assert_eq!(drawn.codes.len(), 600);
        }
    }

    #[test]
    fn a_window_of_no_size_is_no_danger() {
        for pattern in TestPattern::all() {
            for size in [[0, 0], [1, 1], [3, 200]] {
                assert_eq!(pattern.draw(size).codes.len(), size[0] * size[1]);
            }
        }
    }
}
