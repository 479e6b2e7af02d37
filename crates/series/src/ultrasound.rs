use std::sync::Arc;

use volume::{RegionAxis, RegionExtent, RegionFormat, RegionUnit, UltrasoundRegion};

use crate::dataset::Node;
use crate::tags;

/// Most regions of one picture that are taken in.
const MAX_REGIONS: usize = 64;

/// The regions of the Sequence of Ultrasound Regions (PS3.3 C.8.5.5) that can be read.
pub(crate) fn regions(root: Node<'_>) -> Arc<[UltrasoundRegion]> {
    let items = root.items(tags::SEQUENCE_OF_ULTRASOUND_REGIONS);
    items
        .into_iter()
        .take(MAX_REGIONS)
        .filter_map(region)
        .collect()
}

fn region(item: Node<'_>) -> Option<UltrasoundRegion> {
    let u32_of = |tag| item.u32s(tag)?.first().copied();
    let extent = RegionExtent {
        first: [u32_of(tags::REGION_MIN_X0)?, u32_of(tags::REGION_MIN_Y0)?],
        last: [u32_of(tags::REGION_MAX_X1)?, u32_of(tags::REGION_MAX_Y1)?],
    };
    if (0..2).any(|a| extent.last[a] < extent.first[a]) {
        return None;
    }
    // Reference pixels are signed: the baseline of a spectrum may lie outside of its region.
    let reference = |tag| u32_of(tag).map(|bits| f64::from(bits as i32));
    let x0 = reference(tags::REFERENCE_PIXEL_X0);
    let y0 = reference(tags::REFERENCE_PIXEL_Y0);
    let axis = |unit_tag, delta_tag, value_tag| {
        let float = |tag| item.floats(tag)?.ok()?.first().copied();
        let per_pixel = float(delta_tag).filter(|d| *d != 0.0);
        RegionAxis {
            // Without a distance between pixels there is nothing to measure in.
            unit: per_pixel.map_or(RegionUnit::Other, |_| unit(item.u16(unit_tag))),
            per_pixel: per_pixel.unwrap_or(1.0),
            at_reference: float(value_tag).unwrap_or(0.0),
        }
    };
    Some(UltrasoundRegion {
        format: match item.u16(tags::REGION_SPATIAL_FORMAT) {
            Some(1) => RegionFormat::TwoDimensional,
            Some(2) => RegionFormat::MotionMode,
            Some(3) => RegionFormat::Spectral,
            Some(4) => RegionFormat::Waveform,
            Some(5) => RegionFormat::Graphics,
            _ => RegionFormat::Other,
        },
        data_type: item.u16(tags::REGION_DATA_TYPE).unwrap_or(0),
        extent,
        has_priority: u32_of(tags::REGION_FLAGS).is_some_and(|flags| flags & 1 == 1),
        axes: [
            axis(
                tags::PHYSICAL_UNITS_X_DIRECTION,
                tags::PHYSICAL_DELTA_X,
                tags::REFERENCE_PIXEL_VALUE_X,
            ),
            axis(
                tags::PHYSICAL_UNITS_Y_DIRECTION,
                tags::PHYSICAL_DELTA_Y,
                tags::REFERENCE_PIXEL_VALUE_Y,
            ),
        ],
        reference_pixel: x0.zip(y0).map(|(x, y)| [x, y]),
    })
}

fn unit(code: Option<u16>) -> RegionUnit {
    match code {
        Some(1) => RegionUnit::Percent,
        Some(2) => RegionUnit::Decibel,
        Some(3) => RegionUnit::Centimetre,
        Some(4) => RegionUnit::Second,
        Some(5) => RegionUnit::Hertz,
        Some(7) => RegionUnit::CentimetrePerSecond,
        Some(0xC) => RegionUnit::Degree,
        _ => RegionUnit::Other,
    }
}
