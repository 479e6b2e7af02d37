use thiserror::Error;

/// A calibrated part of an ultrasound picture (PS3.3 C.8.5.5).
#[derive(Clone, Debug, PartialEq)]
pub struct UltrasoundRegion {
    /// What its two axes are.
    pub format: RegionFormat,
    /// Region Data Type (0018,6014) as it is written: 1 tissue, 2 colour flow, 3 PW, 4 CW spectral Doppler, and so on.
    pub data_type: u16,
    /// Where it lies.
    pub extent: RegionExtent,
    /// Does it win where regions overlap (bit 0 of Region Flags)?
    pub has_priority: bool,
    /// Along the rows (x) and along the columns (y).
    pub axes: [RegionAxis; 2],
    /// Reference Pixel x0 and y0, relative to the region's first pixel; `None`: not given, physical values have no zero.
    pub reference_pixel: Option<[f64; 2]>,
}

/// First and last column and row of a region, 0-based, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionExtent {
    /// Column and row of the first pixel.
    pub first: [u32; 2],
    /// Column and row of the last pixel.
    pub last: [u32; 2],
}

/// Region Spatial Format (0018,6012).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegionFormat {
    /// 1: a picture in space.
    TwoDimensional,
    /// 2: depth against time.
    MotionMode,
    /// 3: velocity or frequency against time.
    Spectral,
    /// 4: a physiological curve.
    Waveform,
    /// 5: graphics.
    Graphics,
    /// 0 or anything else.
    Other,
}

/// One axis of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionAxis {
    /// The unit of its values.
    pub unit: RegionUnit,
    /// Physical units from a pixel to the next, never zero; its sign says which way they grow.
    pub per_pixel: f64,
    /// The physical value at the reference pixel; zero where none is given.
    pub at_reference: f64,
}

/// Physical Units X and Y Direction (0018,6024) and (0018,6026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegionUnit {
    /// 3.
    Centimetre,
    /// 4.
    Second,
    /// 5.
    Hertz,
    /// 7.
    CentimetrePerSecond,
    /// 1.
    Percent,
    /// 2.
    Decibel,
    /// C.
    Degree,
    /// None, or one that no length or time is measured in.
    Other,
}

impl RegionUnit {
    /// As it is written behind a number; empty for [`RegionUnit::Other`].
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Centimetre => "cm",
            Self::Second => "s",
            Self::Hertz => "Hz",
            Self::CentimetrePerSecond => "cm/s",
            Self::Percent => "%",
            Self::Decibel => "dB",
            Self::Degree => "°",
            Self::Other => "",
        }
    }
}

/// What lies between two points of one region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RegionMeasure {
    /// Both axes are space: a length.
    LengthMm(f64),
    /// Depth against time: how far apart in each, both positive.
    MotionMode {
        /// Seconds.
        time_s: f64,
        /// Millimetres of depth.
        depth_mm: f64,
    },
    /// Velocity against time.
    Velocity {
        /// Seconds.
        time_s: f64,
        /// Velocity at the first and at the second point; differences where no reference is given.
        cm_per_s: [f64; 2],
    },
    /// Doppler frequency against time.
    Frequency {
        /// Seconds.
        time_s: f64,
        /// Frequency at the first and at the second point, Hz.
        hertz: [f64; 2],
    },
}

/// Why nothing can be measured between two points of an ultrasound picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RegionProblem {
    /// A point lies in no region.
    #[error("a point lies outside of every calibrated region; put both into the picture itself")]
    Outside,
    /// The points lie in two regions.
    #[error("the points lie in two regions of different calibration; put both into one")]
    TwoRegions,
    /// The region has no units to measure in.
    #[error(
        "the region has no calibration for lengths, times or velocities; measure in another region"
    )]
    Uncalibrated,
}

impl UltrasoundRegion {
    /// Does it hold a (column, row) of the picture? A pixel reaches half a pixel beyond its centre.
    pub fn contains(&self, at: [f64; 2]) -> bool {
        (0..2).all(|a| {
            f64::from(self.extent.first[a]) - 0.5 <= at[a]
                && at[a] <= f64::from(self.extent.last[a]) + 0.5
        })
    }

    /// Millimetres from a column to the next and from a row to the next; `None` when both axes are not space.
    pub fn spacing_mm(&self) -> Option<[f64; 2]> {
        let is_space = self.axes.iter().all(|a| a.unit == RegionUnit::Centimetre);
        is_space.then(|| self.axes.map(|a| 10.0 * a.per_pixel.abs()))
    }

    /// The physical values at a (column, row) of the picture, in the axes' units.
    pub fn physical(&self, at: [f64; 2]) -> [f64; 2] {
        std::array::from_fn(|a| {
            let from_first = at[a] - f64::from(self.extent.first[a]);
            let reference = self.reference_pixel.map_or(0.0, |r| r[a]);
            self.axes[a].at_reference + (from_first - reference) * self.axes[a].per_pixel
        })
    }
}

/// The region of a (column, row): of several the one with priority, else the smallest.
pub fn region_at(regions: &[UltrasoundRegion], at: [f64; 2]) -> Option<&UltrasoundRegion> {
    let area = |r: &UltrasoundRegion| -> u64 {
        let side = |a: usize| u64::from(r.extent.last[a].abs_diff(r.extent.first[a])) + 1;
        side(0) * side(1)
    };
    regions
        .iter()
        .filter(|r| r.contains(at))
        .min_by_key(|r| (!r.has_priority, area(r)))
}

/// What lies between two (column, row) points of a picture.
///
/// # Errors
/// When they do not lie in one calibrated region: see [`RegionProblem`].
pub fn measure_in_regions(
    regions: &[UltrasoundRegion],
    from: [f64; 2],
    to: [f64; 2],
) -> Result<RegionMeasure, RegionProblem> {
    let (first, second) = region_at(regions, from)
        .zip(region_at(regions, to))
        .ok_or(RegionProblem::Outside)?;
    if !std::ptr::eq(first, second) {
        return Err(RegionProblem::TwoRegions);
    }
    use RegionUnit::{Centimetre, CentimetrePerSecond, Hertz, Second};
    let (a, b) = (first.physical(from), first.physical(to));
    let [dx, dy] = [(b[0] - a[0]).abs(), (b[1] - a[1]).abs()];
    match first.axes.map(|axis| axis.unit) {
        [Centimetre, Centimetre] => Ok(RegionMeasure::LengthMm(10.0 * dx.hypot(dy))),
        [Second, Centimetre] => Ok(RegionMeasure::MotionMode {
            time_s: dx,
            depth_mm: 10.0 * dy,
        }),
        [Second, CentimetrePerSecond] => Ok(RegionMeasure::Velocity {
            time_s: dx,
            cm_per_s: [a[1], b[1]],
        }),
        [Second, Hertz] => Ok(RegionMeasure::Frequency {
            time_s: dx,
            hertz: [a[1], b[1]],
        }),
        _ => Err(RegionProblem::Uncalibrated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(
        first: [u32; 2],
        last: [u32; 2],
        axes: [(RegionUnit, f64, f64); 2],
    ) -> UltrasoundRegion {
        UltrasoundRegion {
            format: RegionFormat::Other,
            data_type: 1,
            extent: RegionExtent { first, last },
            has_priority: false,
            axes: axes.map(|(unit, per_pixel, at_reference)| RegionAxis {
                unit,
                per_pixel,
                at_reference,
            }),
            reference_pixel: None,
        }
    }

    #[test]
    fn what_two_points_give_depends_on_their_region() {
        use RegionUnit::{Centimetre, CentimetrePerSecond, Other, Second};
        let mut spectral = region(
            [0, 200],
            [299, 399],
            [(Second, 0.01, 0.0), (CentimetrePerSecond, -2.0, 0.0)],
        );
        // The base line lies 100 rows below the region's first row.
        spectral.reference_pixel = Some([0.0, 100.0]);
        let regions = [
            region(
                [0, 0],
                [99, 99],
                [(Centimetre, 0.02, 0.0), (Centimetre, 0.05, 0.0)],
            ),
            region(
                [100, 0],
                [199, 99],
                [(Second, 0.005, 0.0), (Centimetre, 0.03, 0.0)],
            ),
            spectral,
            region([200, 0], [299, 99], [(Other, 1.0, 0.0), (Other, 1.0, 0.0)]),
        ];
        let rows = [
            (
                [10.0, 10.0],
                [40.0, 26.0],
                Ok(RegionMeasure::LengthMm(10.0)),
            ),
            (
                [100.0, 10.0],
                [180.0, 20.0],
                Ok(RegionMeasure::MotionMode {
                    time_s: 0.4,
                    depth_mm: 3.0,
                }),
            ),
            (
                [10.0, 250.0],
                [60.0, 320.0],
                Ok(RegionMeasure::Velocity {
                    time_s: 0.5,
                    cm_per_s: [100.0, -40.0],
                }),
            ),
            ([10.0, 10.0], [110.0, 10.0], Err(RegionProblem::TwoRegions)),
            ([10.0, 10.0], [10.0, 150.0], Err(RegionProblem::Outside)),
            (
                [210.0, 10.0],
                [220.0, 10.0],
                Err(RegionProblem::Uncalibrated),
            ),
        ];
        let round = |v: f64| (v * 1e9).round() / 1e9;
        for (from, to, want) in rows {
            let got = measure_in_regions(&regions, from, to).map(|m| match m {
                RegionMeasure::LengthMm(v) => RegionMeasure::LengthMm(round(v)),
                RegionMeasure::MotionMode { time_s, depth_mm } => RegionMeasure::MotionMode {
                    time_s: round(time_s),
                    depth_mm: round(depth_mm),
                },
                RegionMeasure::Velocity { time_s, cm_per_s } => RegionMeasure::Velocity {
                    time_s: round(time_s),
                    cm_per_s: cm_per_s.map(round),
                },
                other => other,
            });
            assert_eq!(got, want, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn of_overlapping_regions_the_one_with_priority_wins_and_else_the_smaller() {
        use RegionUnit::Centimetre;
        let cm = |per_pixel| [(Centimetre, per_pixel, 0.0); 2];
        let mut large = region([0, 0], [99, 99], cm(0.1));
        let small = region([40, 40], [59, 59], cm(0.2));
        let at = [50.0, 50.0];
        let chosen =
            |regions: &[UltrasoundRegion]| region_at(regions, at).and_then(|r| r.spacing_mm());
        assert_eq!(chosen(&[large.clone(), small.clone()]), Some([2.0, 2.0]));
        large.has_priority = true;
        assert_eq!(chosen(&[large, small]), Some([1.0, 1.0]));
    }
}
