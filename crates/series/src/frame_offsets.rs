//! Places of frames that have no functional groups: dose grids and reconstructed nuclear medicine.

use space::PatientPoint;

use crate::dataset::Node;
use crate::frame::{Frame, Orientation};
use crate::tags;

/// Places the frames of RT Dose (PS3.3 C.8.8.3.2) and of NM reconstructions (PS3.3 C.8.4.8 and C.8.4.15).
pub(crate) fn place_frames(root: Node<'_>, modality: &str, image_type: &str, frames: &mut [Frame]) {
    if frames.len() < 2 || root.has(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE) {
        return;
    }
    let placed = match modality {
        "RTDOSE" => dose_planes(root, frames),
        "NM" if image_type.contains("RECON TOMO") => reconstructed(root, frames),
        _ => None,
    };
    // One position for all frames is that of the first only; the others are then unknown.
    if placed.is_none() {
        frames.iter_mut().for_each(|f| f.position = None);
    }
}

fn dose_planes(root: Node<'_>, frames: &mut [Frame]) -> Option<()> {
    let first = frames.first()?;
    let (origin, normal) = (first.position?, first.orientation?.normal());
    let offsets = root.decimals(tags::GRID_FRAME_OFFSET_VECTOR)?.ok()?;
    if offsets.len() != frames.len() {
        return None;
    }
    // Relative offsets begin with zero; otherwise they are patient z coordinates.
    let is_relative = offsets.first() == Some(&0.0);
    for (frame, offset) in frames.iter_mut().zip(offsets) {
        let along = if is_relative {
            offset
        } else {
            (offset - origin.z_mm) * normal.z_mm.signum()
        };
        frame.position = Some(origin + normal * along);
    }
    Some(())
}

fn reconstructed(root: Node<'_>, frames: &mut [Frame]) -> Option<()> {
    let detector = root.item(tags::DETECTOR_INFORMATION_SEQUENCE);
    let of = |tag| {
        detector
            .and_then(|d| d.decimals(tag))
            .or_else(|| root.decimals(tag))
    };
    let position: [f64; 3] = of(tags::IMAGE_POSITION_PATIENT)?.ok()?.try_into().ok()?;
    let cosines: [f64; 6] = of(tags::IMAGE_ORIENTATION_PATIENT)?.ok()?.try_into().ok()?;
    let orientation = Orientation::from_cosines(cosines)?;
    let step_mm = root
        .decimal(tags::SPACING_BETWEEN_SLICES)
        .filter(|s| 1e-6 < s.abs())?;
    let slices = root
        .u16s(tags::SLICE_VECTOR)
        .filter(|v| v.len() == frames.len())?;
    for (frame, slice_number) in frames.iter_mut().zip(slices) {
        let along = f64::from(slice_number) - 1.0;
        frame.position =
            Some(PatientPoint::from(position) + orientation.normal() * (along * step_mm));
        frame.orientation = Some(orientation);
    }
    Some(())
}
