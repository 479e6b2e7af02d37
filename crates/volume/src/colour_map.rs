use std::sync::LazyLock;

/// The colours that the 256 grey levels of a picture are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColourMap {
    /// Grey as it is.
    #[default]
    Grey,
    /// Black, red, yellow, white: HOT_IRON of PS3.6 B.1.1.
    HotIron,
    /// Black, blue, red, yellow, white: PET of PS3.6 B.1.2.
    Pet,
    /// Black, blue, red, yellow, white with a darker start: HOT_METAL_BLUE of PS3.6 B.1.3.
    HotMetalBlue,
    /// Twenty even colours: PET_20_STEP of PS3.6 B.1.4.
    Pet20Step,
    /// Blue over green to red.
    Rainbow,
    /// Through all hues with even growth of lightness, so that it can be read without seeing colours: the cubehelix of
    /// Green, Bulletin of the Astronomical Society of India 39 (2011) 289.
    EvenLightness,
}

/// 256 colours, red, green and blue each.
type Table = [[u8; 3]; 256];
/// A level, 0 to 255, and the part of one colour there; straight lines lie between.
type Knot = (u8, u8);

impl ColourMap {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 7] = [
        Self::Grey,
        Self::HotIron,
        Self::Pet,
        Self::HotMetalBlue,
        Self::Pet20Step,
        Self::Rainbow,
        Self::EvenLightness,
    ];

    /// The colour of a grey level.
    pub fn colour(self, level: u8) -> [u8; 3] {
        match self {
            Self::Grey => [level; 3],
            _ => self.table()[usize::from(level)],
        }
    }

    /// The colours of all grey levels, dark to bright.
    pub fn table(self) -> &'static [[u8; 3]; 256] {
        static TABLES: LazyLock<[Table; 7]> = LazyLock::new(|| ColourMap::ALL.map(made));
        let at = Self::ALL.iter().position(|map| *map == self);
        &TABLES[at.unwrap_or(0)]
    }
}

fn made(map: ColourMap) -> Table {
    std::array::from_fn(|level| match map {
        ColourMap::Grey => [level as u8; 3],
        ColourMap::HotIron => between(&HOT_IRON, level),
        ColourMap::Pet => between(&PET, level),
        ColourMap::HotMetalBlue => between(&HOT_METAL_BLUE, level),
        // The steps share 255 levels; the last level belongs to the last step.
        ColourMap::Pet20Step => PET_20_STEP[(level * 20 / 255).min(19)],
        ColourMap::Rainbow => rainbow(level as f64 / 255.0),
        ColourMap::EvenLightness => cubehelix(level as f64 / 255.0),
    })
}

/// Knots of red, green and blue, of the curves that PS3.6 B.1 tabulates.
const HOT_IRON: [&[Knot]; 3] = [
    &[(0, 0), (127, 254), (128, 255), (255, 255)],
    &[(0, 0), (128, 0), (255, 255)],
    &[(0, 0), (191, 0), (254, 252), (255, 255)],
];
const PET: [&[Knot]; 3] = [
    &[(0, 0), (64, 1), (106, 85), (192, 255), (255, 255)],
    &[(0, 0), (63, 128), (128, 0), (255, 255)],
    &[(0, 0), (128, 255), (129, 252), (192, 0), (255, 255)],
];
const HOT_METAL_BLUE: [&[Knot]; 3] = [
    &[
        (0, 0),
        (85, 0),
        (93, 24),
        (102, 50),
        (104, 55),
        (120, 93),
        (127, 114),
        (144, 164),
        (153, 190),
        (155, 198),
        (167, 244),
        (170, 255),
        (255, 255),
    ],
    &[
        (0, 0),
        (119, 0),
        (123, 8),
        (225, 200),
        (233, 215),
        (240, 228),
        (252, 250),
        (255, 255),
    ],
    &[
        (0, 0),
        (8, 16),
        (42, 83),
        (77, 151),
        (93, 183),
        (102, 200),
        (111, 174),
        (119, 150),
        (124, 121),
        (132, 74),
        (136, 50),
        (145, 24),
        (153, 0),
        (170, 0),
        (178, 24),
        (229, 174),
        (240, 206),
        (241, 210),
        (253, 249),
        (255, 255),
    ],
];
const PET_20_STEP: [[u8; 3]; 20] = [
    [0, 0, 0],
    [96, 0, 80],
    [48, 48, 80],
    [48, 48, 112],
    [80, 80, 128],
    [96, 96, 176],
    [112, 112, 192],
    [128, 128, 224],
    [48, 96, 48],
    [48, 144, 48],
    [80, 192, 80],
    [64, 224, 64],
    [224, 224, 80],
    [208, 208, 96],
    [208, 176, 64],
    [208, 144, 0],
    [192, 96, 0],
    [176, 48, 0],
    [255, 0, 0],
    [255, 255, 255],
];

fn between(knots: &[&[Knot]; 3], level: usize) -> [u8; 3] {
    knots.map(|knots| {
        let pairs = knots.iter().zip(knots.iter().skip(1));
        let mut around = pairs.filter(|(_, to)| level <= usize::from(to.0));
        around.next().map_or(0, |(from, to)| {
            let [x0, y0, x1, y1] = [from.0, from.1, to.0, to.1].map(usize::from);
            // Rounded down, as the tables of the standard are. The cast is safe: the result lies between two u8.
            ((y0 * (x1 - level) + y1 * (level - x0)) / (x1 - x0)) as u8
        })
    })
}

/// Hues from blue (240°) to red (0°), full and bright.
fn rainbow(part: f64) -> [u8; 3] {
    let sixth = 4.0 * (1.0 - part);
    // Each colour is full within a sixth of its hue and gone two sixths away.
    let full_at = [0.0, 2.0, 4.0];
    full_at.map(|hue: f64| to_u8(2.0 - (sixth - hue).abs()))
}

/// Start 0.5, rotations −1.5, hue 1, gamma 1: the default of its author.
fn cubehelix(part: f64) -> [u8; 3] {
    let (sin, cos) = (std::f64::consts::TAU * (0.5 / 3.0 + 1.0 - 1.5 * part)).sin_cos();
    let amplitude = part * (1.0 - part) / 2.0;
    let weights = [[-0.14861, 1.78277], [-0.29227, -0.90649], [1.97294, 0.0]];
    weights.map(|[of_cos, of_sin]| to_u8(part + amplitude * (of_cos * cos + of_sin * sin)))
}

fn to_u8(part: f64) -> u8 {
    // The cast saturates.
    (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_goes_from_its_first_to_its_last_colour() {
        let white = [255; 3];
        for (map, first, middle, last) in [
            (ColourMap::Grey, [0; 3], [128; 3], white),
            (ColourMap::HotIron, [0; 3], [255, 0, 0], white),
            (ColourMap::Pet, [0; 3], [43 + 85, 0, 255], white),
            (ColourMap::HotMetalBlue, [0; 3], [116, 17, 97], white),
            (ColourMap::Pet20Step, [0; 3], [80, 192, 80], white),
            (ColourMap::Rainbow, [0, 0, 255], [2, 255, 0], [255, 0, 0]),
            (ColourMap::EvenLightness, [0; 3], [161, 121, 74], white),
        ] {
            assert_eq!(map.colour(0), first, "{map:?}");
            assert_eq!(map.colour(128), middle, "{map:?}");
            assert_eq!(map.colour(255), last, "{map:?}");
        }
    }

    #[test]
    fn even_lightness_grows_with_every_level() {
        // Luma by the weights that the map is built for; rounding to 8 bits may hold it for a level.
        let luma =
            |[r, g, b]: [u8; 3]| 0.30 * f64::from(r) + 0.59 * f64::from(g) + 0.11 * f64::from(b);
        let all: Vec<f64> = ColourMap::EvenLightness
            .table()
            .iter()
            .map(|c| luma(*c))
            .collect();
        for (level, value) in all.iter().enumerate() {
            assert!((value - level as f64).abs() < 1.5, "level {level}: {value}");
        }
    }

    #[test]
    fn the_steps_are_as_wide_as_the_standard_has_them() {
        let table = ColourMap::Pet20Step.table();
        let starts: Vec<usize> = (1..256).filter(|i| table[*i] != table[*i - 1]).collect();
        let expected = [
            13, 26, 39, 51, 64, 77, 90, 102, 115, 128, 141, 153, 166, 179, 192, 204, 217, 230, 243,
        ];
        // Level 255 would be the 21st step of 255 levels.
        assert_eq!(starts, expected);
    }
}
