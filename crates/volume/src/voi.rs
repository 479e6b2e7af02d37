use thiserror::Error;

/// The function of a window (PS3.3 C.11.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoiFunction {
    /// LINEAR, the default: the ends of the ramp lie half a value inside (PS3.3 C.11.2.1.2.1).
    Linear,
    /// LINEAR_EXACT: the ramp spans exactly the width (PS3.3 C.11.2.1.3.2).
    LinearExact,
    /// SIGMOID: a logistic curve (PS3.3 C.11.2.1.3.1).
    Sigmoid,
}

/// The step from modality values to what is shown: a window or a table.
///
/// Made by [`Voi::window`] and [`Voi::table`], which refuse what the standard forbids.
#[derive(Clone, Debug, PartialEq)]
pub enum Voi {
    /// Window Center and Width.
    Window {
        /// Window Center (0028,1050), modality values.
        center: f64,
        /// Window Width (0028,1051), modality values.
        width: f64,
        /// VOI LUT Function (0028,1056).
        function: VoiFunction,
        /// Window Center & Width Explanation (0028,1055), when given.
        explanation: Option<String>,
    },
    /// VOI LUT Sequence (0028,3010).
    Table {
        /// The modality value of the first entry.
        first_value: i64,
        /// Output of `first_value`, `first_value + 1`, and so on.
        entries: Vec<u16>,
        /// Bits of an output value: the brightest is 2^bits − 1.
        bits: u8,
        /// LUT Explanation (0028,3003), when given.
        explanation: Option<String>,
    },
}

/// Why a window or VOI LUT cannot be used.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum VoiError {
    /// The centre or the width is not a finite number.
    #[error(
        "window centre {center} and width {width} are not both finite numbers; choose another window"
    )]
    NotFinite {
        /// The centre given.
        center: f64,
        /// The width given.
        width: f64,
    },
    /// The width is below what its function allows.
    #[error(
        "window width {width} is below what {function:?} allows (1 for Linear, above 0 for the others); choose a wider window"
    )]
    TooNarrow {
        /// The width given.
        width: f64,
        /// The function given.
        function: VoiFunction,
    },
    /// The table has no entries, or more bits than its entries hold.
    #[error(
        "a VOI LUT of {n_entries} entries of {bits} bits cannot be used; choose a window instead"
    )]
    BadTable {
        /// Number of entries given.
        n_entries: usize,
        /// Bits given.
        bits: u8,
    },
}

impl Voi {
    /// Makes a window.
    ///
    /// # Errors
    /// When a number is not finite, when the width of LINEAR is below 1, or that of another function is not above 0
    /// (PS3.3 C.11.2.1.2.1).
    pub fn window(
        center: f64,
        width: f64,
        function: VoiFunction,
        explanation: Option<String>,
    ) -> Result<Self, VoiError> {
        if !center.is_finite() || !width.is_finite() {
            return Err(VoiError::NotFinite { center, width });
        }
        let wide_enough = match function {
            VoiFunction::Linear => 1.0 <= width,
            VoiFunction::LinearExact | VoiFunction::Sigmoid => 0.0 < width,
        };
        if !wide_enough {
            return Err(VoiError::TooNarrow { width, function });
        }
        Ok(Self::Window {
            center,
            width,
            function,
            explanation,
        })
    }

    /// The window whose ramp goes exactly from the lowest to the highest value; one value alone gets the least width of
    /// LINEAR, which is a threshold there.
    pub fn spanning([low, high]: [f64; 2], function: VoiFunction) -> Self {
        let (center, width, function) = match function {
            VoiFunction::LinearExact | VoiFunction::Sigmoid if low < high => {
                ((low + high) / 2.0, high - low, function)
            }
            // LINEAR shows center − 0.5 ± (width − 1) / 2, so that is solved for the two ends.
            _ => (
                (low + high) / 2.0 + 0.5,
                (high - low).max(0.0) + 1.0,
                VoiFunction::Linear,
            ),
        };
        Self::Window {
            center,
            width,
            function,
            explanation: None,
        }
    }

    /// This window after a hand moved `right_px` pixels, which widen it, and `down_px`, which raise its centre; the gain
    /// follows the width. `own` is the function of windows that the object does not give
    /// ([`crate::Volume::window_function`]). `None` where the numbers leave what a window may have.
    pub fn dragged(&self, [right_px, down_px]: [f64; 2], own: VoiFunction) -> Option<Self> {
        let (mut center, mut width) = self.center_width();
        let function = match (self, own) {
            // Where values lie closer than 1 the same ramp goes on as LINEAR_EXACT, which may become that narrow.
            (
                Self::Window {
                    function: VoiFunction::Linear,
                    ..
                },
                VoiFunction::LinearExact,
            ) if 1.0 < width => {
                (center, width) = (center - 0.5, width - 1.0);
                VoiFunction::LinearExact
            }
            (Self::Window { function, .. }, _) => *function,
            (Self::Table { .. }, own) => own,
        };
        let (gain, least) = match function {
            VoiFunction::Linear => ((width / 256.0).max(1.0 / 256.0), 1.0),
            VoiFunction::LinearExact | VoiFunction::Sigmoid => (width / 256.0, width / 16.0),
        };
        let width = (width + right_px * gain).max(least);
        Self::window(center + down_px * gain, width, function, None).ok()
    }

    /// Makes a table of `bits`-bit outputs whose ends hold for everything beyond them (PS3.3 C.11.2.1.1).
    ///
    /// # Errors
    /// When it has no entries, or `bits` is not 1 to 16.
    pub fn table(
        first_value: i64,
        entries: Vec<u16>,
        bits: u8,
        explanation: Option<String>,
    ) -> Result<Self, VoiError> {
        if entries.is_empty() || !(1..=16).contains(&bits) {
            return Err(VoiError::BadTable {
                n_entries: entries.len(),
                bits,
            });
        }
        Ok(Self::Table {
            first_value,
            entries,
            bits,
            explanation,
        })
    }

    /// What a modality value is shown as, from 0 (black) to 1 (white); NaN gives 0.
    pub fn display(&self, value: f64) -> f64 {
        if value.is_nan() {
            return 0.0;
        }
        match self {
            Self::Window {
                center,
                width,
                function,
                ..
            } => window_display(*center, *width, *function, value),
            Self::Table {
                first_value,
                entries,
                bits,
                ..
            } => {
                let last_idx = entries.len().saturating_sub(1) as f64;
                // The nearest entry; the cast is safe because the clamp leaves 0 ..= last_idx.
                let entry_idx = (value - *first_value as f64 + 0.5)
                    .floor()
                    .clamp(0.0, last_idx) as usize;
                let brightest = f64::from((1u32 << (*bits).min(16)) - 1);
                entries
                    .get(entry_idx)
                    .map_or(0.0, |y| (f64::from(*y) / brightest).min(1.0))
            }
        }
    }

    /// The explanation that the object gives, if any.
    pub fn explanation(&self) -> Option<&str> {
        match self {
            Self::Window { explanation, .. } | Self::Table { explanation, .. } => {
                explanation.as_deref()
            }
        }
    }

    /// The values that are shown darkest and brightest, or inverted: where the ramp of a linear window ends, the nominal
    /// ends of a sigmoid, and the first and last input of a table.
    pub fn ends(&self) -> [f64; 2] {
        let (center, width) = self.center_width();
        let (middle, half) = match self {
            Self::Window {
                function: VoiFunction::Linear,
                ..
            }
            | Self::Table { .. } => (center - 0.5, (width - 1.0) / 2.0),
            Self::Window { .. } => (center, width / 2.0),
        };
        [middle - half, middle + half]
    }

    /// Centre and width of a window; for a table, the middle and length of its input range.
    pub fn center_width(&self) -> (f64, f64) {
        match self {
            Self::Window { center, width, .. } => (*center, *width),
            Self::Table {
                first_value,
                entries,
                ..
            } => {
                let n = entries.len() as f64;
                (*first_value as f64 + n / 2.0, n)
            }
        }
    }
}

/// The three functions of PS3.3 C.11.2.1.2 and C.11.2.1.3 with the output range 0 to 1.
fn window_display(center: f64, width: f64, function: VoiFunction, value: f64) -> f64 {
    match function {
        VoiFunction::Linear => {
            // Written as the standard does, so that a width of 1 is a threshold and never divides by zero.
            let (middle, half) = (center - 0.5, (width - 1.0) / 2.0);
            if value <= middle - half {
                0.0
            } else if middle + half < value {
                1.0
            } else {
                (value - middle) / (width - 1.0) + 0.5
            }
        }
        VoiFunction::LinearExact => {
            if value <= center - width / 2.0 {
                0.0
            } else if center + width / 2.0 < value {
                1.0
            } else {
                (value - center) / width + 0.5
            }
        }
        VoiFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - center) / width).exp()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn windows_follow_the_standard_at_their_edges() {
        use VoiFunction::{Linear, LinearExact, Sigmoid};
        let half_of_4095 = 2047.0 / 4095.0;
        // The first three rows are the notes of PS3.3 C.11.2.1.2.1: c 2048 w 4096; c 2048 w 1; c 0 w 100.
        let rows: &[(f64, f64, VoiFunction, f64, f64)] = &[
            (2048.0, 4096.0, Linear, 0.0, 0.0),
            (2048.0, 4096.0, Linear, 4095.0, 1.0),
            (2048.0, 4096.0, Linear, 2047.0, half_of_4095),
            (2048.0, 1.0, Linear, 2047.0, 0.0),
            (2048.0, 1.0, Linear, 2047.5, 0.0),
            (2048.0, 1.0, Linear, 2048.0, 1.0),
            (0.0, 100.0, Linear, -50.0, 0.0),
            (0.0, 100.0, Linear, 49.0, 1.0),
            (0.0, 100.0, Linear, -0.5, 0.5),
            (2048.0, 4096.0, LinearExact, 0.0, 0.0),
            (2048.0, 4096.0, LinearExact, 4096.0, 1.0),
            (2048.0, 4096.0, LinearExact, 2048.0, 0.5),
            (0.5, 0.25, LinearExact, 0.5625, 0.75),
            (40.0, 400.0, Sigmoid, 40.0, 0.5),
            (40.0, 400.0, Sigmoid, 140.0, 1.0 / (1.0 + (-1.0f64).exp())),
            (40.0, 400.0, Linear, f64::NAN, 0.0),
            (40.0, 400.0, Sigmoid, f64::NEG_INFINITY, 0.0),
            (40.0, 400.0, Sigmoid, f64::INFINITY, 1.0),
        ];
        for &(center, width, function, value, expected) in rows {
            let voi = Voi::window(center, width, function, None).unwrap();
            let got = voi.display(value);
            assert!(
                (got - expected).abs() < 1e-12,
                "{center}/{width} {function:?} at {value}: {got}, not {expected}"
            );
        }
    }

    #[test]
    fn widths_the_standard_forbids_are_refused() {
        use VoiFunction::{Linear, LinearExact, Sigmoid};
        for (width, function, ok) in [
            (1.0, Linear, true),
            (0.999, Linear, false),
            (0.001, LinearExact, true),
            (0.0, LinearExact, false),
            (0.001, Sigmoid, true),
            (-4.0, Sigmoid, false),
            (f64::NAN, Linear, false),
            (f64::INFINITY, Linear, false),
        ] {
            assert_eq!(
                Voi::window(0.0, width, function, None).is_ok(),
                ok,
                "{width} {function:?}"
            );
        }
        assert!(Voi::window(f64::NAN, 5.0, Linear, None).is_err());
        assert!(Voi::table(0, vec![], 8, None).is_err());
        assert!(Voi::table(0, vec![1], 17, None).is_err());
    }

    #[test]
    fn voi_table_clamps_takes_the_nearest_entry_and_scales_by_its_bits() {
        let voi = Voi::table(-1, vec![0, 1023, 4095], 12, None).unwrap();
        for (value, expected) in [
            (-500.0, 0.0),
            (-1.0, 0.0),
            (0.0, 1023.0 / 4095.0),
            (0.49, 1023.0 / 4095.0),
            (0.5, 1.0),
            (77.0, 1.0),
        ] {
            assert_eq!(voi.display(value), expected, "value {value}");
        }
        assert_eq!(voi.display(f64::NAN), 0.0);
    }
}
