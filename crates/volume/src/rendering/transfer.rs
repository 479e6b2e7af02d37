/// A corner of a transfer function; between corners colour and opacity run in straight lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransferPoint {
    /// Modality value.
    pub value: f64,
    /// Red, green and blue, 0 to 1, as they are shown.
    pub colour: [f32; 3],
    /// Share of the light that one millimetre of this value holds back, 0 to 1.
    pub opacity_per_mm: f32,
}

/// How surfaces answer the light, which comes from above the viewer's left shoulder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shading {
    /// Light that every place has.
    pub ambient: f32,
    /// Light of surfaces that face the lamp.
    pub diffuse: f32,
    /// Light of the highlight.
    pub specular: f32,
    /// How narrow the highlight is, an exponent.
    pub shininess: f32,
}

/// From modality values to colour and opacity (PS3.3 C.11.24 calls it a classification).
#[derive(Clone, Debug, PartialEq)]
pub struct TransferFunction {
    /// Corners with rising values; the first also holds for all below it, the last for all above.
    pub points: Vec<TransferPoint>,
    /// How surfaces are lit.
    pub shading: Shading,
}

impl TransferFunction {
    /// Colour and opacity per mm of a value; all zero without points and where there is no value.
    pub fn at(&self, value: f64) -> [f32; 4] {
        let [first, .., last] = self.points.as_slice() else {
            return self.points.first().map_or([0.0; 4], |only| only.rgba());
        };
        if value.is_nan() {
            return [0.0; 4];
        }
        if value <= first.value {
            return first.rgba();
        }
        let pair = self.points.array_windows().find(|[_, b]| value <= b.value);
        let Some([a, b]) = pair else {
            return last.rgba();
        };
        let weight = ((value - a.value) / (b.value - a.value)) as f32;
        let (from, to) = (a.rgba(), b.rgba());
        std::array::from_fn(|i| from[i] + (to[i] - from[i]) * weight)
    }

    /// The function with all values moved, as a drag of the window does it: about `pivot` by a factor, then by an offset.
    pub fn moved(&self, pivot: f64, factor: f64, offset: f64) -> Self {
        let points = self.points.iter().map(|point| TransferPoint {
            value: pivot + (point.value - pivot) * factor + offset,
            ..*point
        });
        Self {
            points: points.collect(),
            shading: self.shading,
        }
    }

    /// Smallest and largest value of a corner; `None` without points.
    pub fn range(&self) -> Option<[f64; 2]> {
        Some([self.points.first()?.value, self.points.last()?.value])
    }
}

impl TransferPoint {
    fn rgba(&self) -> [f32; 4] {
        let [r, g, b] = self.colour;
        [r, g, b, self.opacity_per_mm]
    }
}

/// A transfer function as a table for samples that lie a certain distance apart: what both the CPU and the graphics
/// card look values up in.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferTable {
    /// The value of the first entry.
    pub(super) first_value: f32,
    /// Entries per unit of value.
    pub(super) per_value: f32,
    /// Red, green, blue, and the opacity of one step.
    entries: Vec<[f32; 4]>,
    /// `n_visible[i]` of the first `i` entries have an opacity above zero.
    n_visible: Vec<u32>,
    /// Entries from the first that holds light back to before the one after the last that does.
    shown: [f32; 2],
    /// Change of value in one mm from which on a place is lit as a surface.
    pub(super) surface_per_mm: f32,
    /// How surfaces are lit.
    pub shading: Shading,
}

impl TransferTable {
    /// Entries of a table: finer than the eye tells apart in any of the shipped functions.
    pub const N_ENTRIES: usize = 4096;
    /// Part of the function's range that must change in a millimetre to make a surface.
    const SURFACE_SHARE: f64 = 0.03;

    /// Makes the table for samples `step_mm` apart.
    pub fn new(function: &TransferFunction, step_mm: f64) -> Self {
        let [first, last] = function.range().unwrap_or([0.0, 0.0]);
        let span = (last - first).max(f64::MIN_POSITIVE);
        let last_idx = (Self::N_ENTRIES - 1) as f64;
        let entry = |idx: usize| {
            let [r, g, b, per_mm] = function.at(first + idx as f64 / last_idx * span);
            let through = (1.0 - f64::from(per_mm).clamp(0.0, 1.0)).powf(step_mm);
            [r, g, b, (1.0 - through) as f32]
        };
        let entries: Vec<[f32; 4]> = (0..Self::N_ENTRIES).map(entry).collect();
        let mut n_visible = vec![0];
        let mut n = 0;
        for [.., opacity] in &entries {
            n += u32::from(0.0 < *opacity);
            n_visible.push(n);
        }
        Self {
            first_value: first as f32,
            per_value: (last_idx / span) as f32,
            shown: shown(&entries),
            entries,
            n_visible,
            surface_per_mm: (span * Self::SURFACE_SHARE) as f32,
            shading: function.shading,
        }
    }

    /// The entry of a value, with what lies beyond the last one not yet taken to it; NaN for NaN.
    #[inline(always)]
    pub(super) fn entry(&self, value: f32) -> f32 {
        (value - self.first_value) * self.per_value + 0.5
    }

    /// Entries that hold light back lie from the first number to before the second.
    pub(super) fn shown(&self) -> [f32; 2] {
        self.shown
    }

    /// The index of an entry.
    #[inline(always)]
    pub(super) fn idx_of(entry: f32) -> usize {
        // The cast saturates and takes NaN to zero.
        (entry as usize).min(Self::N_ENTRIES - 1)
    }

    /// All entries: red, green, blue and the opacity of one step.
    pub fn entries(&self) -> &[[f32; 4]] {
        &self.entries
    }

    /// The value of the first entry, and entries per unit of value.
    pub fn scale(&self) -> [f32; 2] {
        [self.first_value, self.per_value]
    }

    /// Change of value in one mm from which on a place is lit as a surface.
    pub fn surface_per_mm(&self) -> f32 {
        self.surface_per_mm
    }

    /// Does any value of a range show?
    pub(super) fn shows(&self, [low, high]: [f32; 2]) -> bool {
        if low.is_nan() || high.is_nan() {
            return false;
        }
        self.n_visible[self.idx(low)] < self.n_visible[self.idx(high) + 1]
    }

    fn idx(&self, value: f32) -> usize {
        Self::idx_of(self.entry(value))
    }
}

/// The entries between which all lie that hold light back. The first entry also holds for all below it, the last for all
/// above.
fn shown(entries: &[[f32; 4]]) -> [f32; 2] {
    let holds = |[.., opacity]: &[f32; 4]| 0.0 < *opacity;
    let first = match entries.iter().position(holds) {
        Some(0) => f32::NEG_INFINITY,
        Some(idx) => idx as f32,
        None => return [f32::INFINITY, f32::NEG_INFINITY],
    };
    let end = match entries.iter().rposition(holds) {
        Some(idx) if idx + 1 < entries.len() => (idx + 1) as f32,
        _ => f32::INFINITY,
    };
    [first, end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> TransferFunction {
        let point = |value, opacity_per_mm, grey| TransferPoint {
            value,
            colour: [grey; 3],
            opacity_per_mm,
        };
        TransferFunction {
            points: vec![
                point(0.0, 0.0, 0.0),
                point(100.0, 0.0, 0.5),
                point(300.0, 0.4, 1.0),
            ],
            shading: Shading {
                ambient: 1.0,
                diffuse: 0.0,
                specular: 0.0,
                shininess: 1.0,
            },
        }
    }

    #[test]
    fn between_corners_runs_a_straight_line_and_beyond_them_the_end_holds() {
        for (value, [r, _, _, opacity]) in [
            (-50.0, [0.0, 0.0, 0.0, 0.0]),
            (50.0, [0.25, 0.0, 0.0, 0.0]),
            (200.0, [0.75, 0.0, 0.0, 0.2]),
            (900.0, [1.0, 0.0, 0.0, 0.4]),
        ] {
            let got = ramp().at(value);
            assert!(
                (got[0] - r).abs() < 1e-6 && (got[3] - opacity).abs() < 1e-6,
                "{value}: {got:?}"
            );
        }
        assert_eq!(ramp().at(f64::NAN), [0.0; 4]);
    }

    #[test]
    fn two_half_steps_hold_back_as_much_as_a_whole_one() {
        let (whole, half) = (
            TransferTable::new(&ramp(), 1.0),
            TransferTable::new(&ramp(), 0.5),
        );
        for value in [150.0, 220.0, 300.0] {
            let (a, b) = (
                whole.entries()[whole.idx(value)][3],
                half.entries()[half.idx(value)][3],
            );
            assert!(
                ((1.0 - b) * (1.0 - b) - (1.0 - a)).abs() < 1e-5,
                "{value}: {a} {b}"
            );
        }
    }

    #[test]
    fn a_range_shows_when_one_of_its_values_does() {
        let table = TransferTable::new(&ramp(), 1.0);
        for (range, shows) in [
            ([-1000.0, -10.0], false),
            ([0.0, 99.0], false),
            ([0.0, 102.0], true),
            ([250.0, 250.0], true),
            ([2000.0, 3000.0], true),
            ([f32::NAN, f32::NAN], false),
        ] {
            assert_eq!(table.shows(range), shows, "{range:?}");
        }
    }

    #[test]
    fn a_moved_function_gives_at_the_moved_value_what_it_gave_before() {
        let moved = ramp().moved(100.0, 2.0, -30.0);
        for value in [0.0, 60.0, 150.0, 300.0] {
            let at = 100.0 + (value - 100.0) * 2.0 - 30.0;
            let (a, b) = (ramp().at(value), moved.at(at));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6),
                "{value}"
            );
        }
    }
}
