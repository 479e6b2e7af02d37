//! Charts of marks: values along a way, or how often they occur in a region.

use std::sync::Arc;

use case::{Annotation, AnnotationId, Geometry};
use volume::{GeometryKind, Volume, profile, region_values};

use crate::measure::{MeasuredOn, length_on, unit_text};
use crate::{ByHand, Session};

/// Bars of a histogram.
const N_BARS: usize = 64;

/// The chart of one mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Of which.
    pub mark: AnnotationId,
    /// The finding and the number that stand on it.
    pub title: String,
    /// What it shows.
    pub kind: ChartKind,
    /// Unit of the values.
    pub unit: String,
}

/// What a chart shows.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartKind {
    /// Values along a way, from its first place to its last.
    Profile {
        /// Length of the way.
        length: f64,
        /// `mm` or `px`.
        length_unit: String,
        /// Values at even distances; `None` where there are none.
        values: Vec<Option<f64>>,
    },
    /// How often values occur in a region.
    Histogram {
        /// Lower edge of the first bar.
        min: f64,
        /// Upper edge of the last bar, which counts it.
        max: f64,
        /// How many values are in each bar, all equally wide.
        counts: Vec<u64>,
    },
}

/// The last chart that was made, with the mark it was made of.
pub(crate) type KeptChart = Option<(Annotation, Arc<Chart>)>;

impl Session {
    /// The chart that is asked for; `None` without one, and for marks that have none.
    pub(crate) fn chart(&self) -> Option<Arc<Chart>> {
        let id = self.chart_of?;
        let case = self.case()?;
        let mark = case.read().annotations.iter().find(|mark| mark.id == id)?;
        if let Some((kept, chart)) = self.kept_chart.borrow().as_ref()
            && kept == mark
        {
            return Some(chart.clone());
        }
        let (key, slice_idx) = self.library.find_image(&mark.image)?;
        let shelved = self.library.get(&key)?;
        let slice_idx = Some(slice_idx).filter(|_| shelved.volume.kind != GeometryKind::Volume);
        let kind = kind_of(
            mark,
            (&shelved.volume, slice_idx),
            self.by_hand_on(&mark.image),
        )?;
        let chart = Arc::new(Chart {
            mark: id,
            title: crate::snap_view::mark_label(mark),
            kind,
            unit: unit_text(&shelved.volume.unit),
        });
        *self.kept_chart.borrow_mut() = Some((mark.clone(), chart.clone()));
        Some(chart)
    }
}

/// Does a shape have a chart?
pub fn has_chart(geometry: &Geometry) -> bool {
    let is_way = matches!(
        geometry,
        Geometry::Length { .. } | Geometry::Polyline { .. }
    );
    is_way || geometry.region().is_some()
}

fn kind_of(
    mark: &Annotation,
    (volume, slice_idx): (&Volume, Option<usize>),
    by_hand: Option<ByHand>,
) -> Option<ChartKind> {
    if let Some(region) = mark.geometry.region() {
        let values = region_values(volume, slice_idx, &region).ok()?;
        return Some(histogram_of(&values));
    }
    let places = mark.geometry.places();
    if !has_chart(&mark.geometry) {
        return None;
    }
    let found = profile(volume, slice_idx, &places)?;
    let on = MeasuredOn {
        volume,
        slice_idx,
        by_hand,
    };
    let grid_mm = found.step_mm * found.values.len().saturating_sub(1) as f64;
    let (length, length_unit) = length_on(&on, &places, grid_mm);
    Some(ChartKind::Profile {
        length,
        length_unit: length_unit.into(),
        values: found.values,
    })
}

fn histogram_of(values: &[f64]) -> ChartKind {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut counts = vec![0; N_BARS];
    let per_value = if min < max {
        N_BARS as f64 / (max - min)
    } else {
        0.0
    };
    for value in values {
        // Not negative; the largest value belongs to the last bar.
        let bar = (((value - min) * per_value) as usize).min(N_BARS - 1);
        if let Some(count) = counts.get_mut(bar) {
            *count += 1;
        }
    }
    ChartKind::Histogram { min, max, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_bar_and_the_largest_in_the_last() {
        let values: Vec<f64> = (0..=640).map(|v| f64::from(v) / 10.0).collect();
        let ChartKind::Histogram { min, max, counts } = histogram_of(&values) else {
            unreachable!()
        };
        assert_eq!((min, max), (0.0, 64.0));
        assert_eq!(counts.iter().sum::<u64>(), 641);
        assert_eq!((counts.first(), counts.last()), (Some(&10), Some(&11)));
        let ChartKind::Histogram { counts, .. } = histogram_of(&[5.0; 7]) else {
            unreachable!()
        };
        assert_eq!(counts.first(), Some(&7));
    }
}
