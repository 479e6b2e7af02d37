use rayon::prelude::*;

use crate::{ColourMap, SmallValues, Stored, Voi, VoiFunction, Volume};

/// Is the picture shown in negative?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invert {
    /// Small values are black.
    No,
    /// Small values are white; the default of MONOCHROME1.
    Yes,
}

impl Invert {
    /// The other one.
    pub fn toggled(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
        }
    }
}

/// How modality values become grey or coloured: a window or table, whether it is shown in negative, and in which colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Presentation {
    /// Window or table.
    pub voi: Voi,
    /// Negative or not; already holds what MONOCHROME1 asks for.
    pub invert: Invert,
    /// What the grey levels are shown in.
    pub colours: ColourMap,
}

impl Presentation {
    /// In grey.
    pub fn grey(voi: Voi, invert: Invert) -> Self {
        Self {
            voi,
            invert,
            colours: ColourMap::Grey,
        }
    }

    /// What a modality value is shown as, 0 (black) to 1 (white). NaN, which is no value, and −∞, which pictures hold for
    /// padding, are black in both senses.
    pub fn display(&self, value: f64) -> f64 {
        match (value.is_nan() || value == f64::NEG_INFINITY, self.invert) {
            (true, _) => 0.0,
            (false, Invert::No) => self.voi.display(value),
            (false, Invert::Yes) => 1.0 - self.voi.display(value),
        }
    }

    /// The same in 256 grey levels, rounded half up.
    pub fn display_u8(&self, value: f64) -> u8 {
        // The cast saturates and display is within 0 ..= 1.
        (self.display(value) * 255.0 + 0.5) as u8
    }

    /// The colour of a modality value on the screen. No value, and padding, are black in all colours.
    pub fn colour(&self, value: f64) -> [u8; 3] {
        match value.is_nan() || value == f64::NEG_INFINITY {
            true => [0; 3],
            false => self.colours.colour(self.display_u8(value)),
        }
    }
}

/// A named window that a digit key calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// The digit, 0 to 9.
    pub digit: u8,
    /// Its name on screen.
    pub name: &'static str,
    /// Centre and width in modality values; `None` for those that depend on the object (0 and 9).
    pub center_width: Option<(f64, f64)>,
}

const fn preset(digit: u8, name: &'static str, center_width: Option<(f64, f64)>) -> Preset {
    Preset {
        digit,
        name,
        center_width,
    }
}

/// The named windows, in the order of their digits. Their numbers never change.
pub const PRESETS: [Preset; 10] = [
    preset(0, "DICOM default", None),
    preset(1, "Soft tissue", Some((40.0, 400.0))),
    preset(2, "Lung", Some((-600.0, 1500.0))),
    preset(3, "Liver", Some((90.0, 150.0))),
    preset(4, "Bone", Some((480.0, 2500.0))),
    preset(5, "Brain", Some((40.0, 80.0))),
    preset(6, "Mediastinum", Some((50.0, 350.0))),
    preset(7, "Angio", Some((300.0, 600.0))),
    preset(8, "Stroke", Some((40.0, 40.0))),
    preset(9, "Full range", None),
];

/// Where a default window came from; the reader is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowOrigin {
    /// The first window or table that the object gives.
    Object,
    /// The object gives none: 0.5 % to 99.5 % of the values in up to three filled slices about the middle.
    MiddleSlices,
    /// The object gives none and no slice is filled yet: 0 to 255.
    Nothing,
}

/// The presentation a volume opens with, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct DefaultPresentation {
    /// What to show.
    pub presentation: Presentation,
    /// Where its window came from.
    pub origin: WindowOrigin,
}

impl Volume {
    /// The presentation to open with: the object's first window or table, else one estimated from its middle slices.
    pub fn default_presentation(&self) -> DefaultPresentation {
        let (voi, origin) = match self.voi.first() {
            Some(voi) => (voi.clone(), WindowOrigin::Object),
            None => match self.middle_range() {
                Some(range) => (
                    Voi::spanning(range, self.window_function()),
                    WindowOrigin::MiddleSlices,
                ),
                None => (
                    Voi::spanning([0.0, 255.0], self.window_function()),
                    WindowOrigin::Nothing,
                ),
            },
        };
        DefaultPresentation {
            presentation: Presentation::grey(voi, self.default_invert()),
            origin,
        }
    }

    /// The presentation that a slice asks for itself, when slices ask for different ones; `None` when they do not, and
    /// when it asks for none.
    pub fn slice_presentation(&self, slice_idx: usize) -> Option<Presentation> {
        let voi = self.meaning.slice_windows.get(slice_idx)?.clone()?;
        Some(Presentation::grey(voi, self.default_invert()))
    }

    /// The presentation of a digit key; `None` for a digit above 9, and for full range while no slice is filled.
    pub fn preset_presentation(&self, digit: u8) -> Option<Presentation> {
        let preset = PRESETS.iter().find(|p| p.digit == digit)?;
        let voi = match (preset.center_width, digit) {
            (Some((center, width)), _) => {
                let explanation = Some(preset.name.to_owned());
                Voi::Window {
                    center,
                    width,
                    function: VoiFunction::Linear,
                    explanation,
                }
            }
            (None, 0) => return Some(self.default_presentation().presentation),
            (None, _) => self
                .full_range()
                .map(|range| Voi::spanning(range, self.window_function()))?,
        };
        Some(Presentation::grey(voi, self.default_invert()))
    }

    /// The function of a window that the object does not give itself. LINEAR counts whole steps: it takes one from the
    /// width and half of one from the centre (PS3.3 C.11.2.1.2.1), which is wrong where values lie closer than that.
    pub fn window_function(&self) -> VoiFunction {
        let is_float = matches!(self.voxels.stored(), Stored::F32 | Stored::F64);
        match !is_float && self.modality_lut.keeps_whole_numbers() {
            true => VoiFunction::Linear,
            false => VoiFunction::LinearExact,
        }
    }

    /// MONOCHROME1 is shown in negative.
    pub fn default_invert(&self) -> Invert {
        match self.small_values_are {
            SmallValues::Black => Invert::No,
            SmallValues::White => Invert::Yes,
        }
    }

    /// Smallest and largest finite modality value of all filled slices; `None` for colour, or when none is filled.
    ///
    /// Reads every voxel: not for the thread that draws.
    pub fn full_range(&self) -> Option<[f64; 2]> {
        (0..self.n_slices())
            .into_par_iter()
            .filter_map(|slice_idx| self.slice_range(slice_idx))
            .reduce_with(|a, b| [a[0].min(b[0]), a[1].max(b[1])])
    }
}
