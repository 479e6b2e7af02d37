//! Places of frames that have no functional groups: dose grids and reconstructed nuclear medicine.

use std::sync::Arc;

use space::PatientPoint;

use crate::dataset::Node;
use crate::frame::{Frame, Orientation};
use crate::tags;

/// How the places of frames could be had from a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offsets {
    Fine,
    /// There is a vector and it does not fit the frames, so that their places are unknown.
    Unusable,
    /// The vector and the position of the image disagree about the first frame; the position was believed.
    Contradict,
}

/// Places the frames of RT Dose (PS3.3 C.8.8.3.2) and of NM reconstructions (PS3.3 C.8.4.8 and C.8.4.15).
pub(crate) fn place_frames(
    root: Node<'_>,
    modality: &str,
    image_type: &str,
    frames: &mut [Frame],
) -> Offsets {
    if frames.len() < 2 || root.has(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE) {
        return Offsets::Fine;
    }
    let is_reconstruction = ["RECON TOMO", "RECON GATED TOMO"]
        .iter()
        .any(|kind| image_type.contains(kind));
    let placed = match modality {
        "RTDOSE" => dose_planes(root, frames),
        "NM" | "PT" if is_reconstruction => reconstructed(root, frames),
        // One position for all frames is that of the first only; the others are then unknown.
        _ => {
            frames.iter_mut().for_each(|f| f.position = None);
            return Offsets::Fine;
        }
    };
    placed.unwrap_or_else(|| {
        frames.iter_mut().for_each(|f| f.position = None);
        Offsets::Unusable
    })
}

fn dose_planes(root: Node<'_>, frames: &mut [Frame]) -> Option<Offsets> {
    let first = frames.first()?;
    let (origin, normal) = (first.position?, first.orientation?.normal());
    let offsets = root.decimals(tags::GRID_FRAME_OFFSET_VECTOR)?.ok()?;
    if offsets.len() != frames.len() {
        return None;
    }
    // Relative offsets begin with zero. Otherwise they are patient z coordinates, which the standard allows for
    // axial planes alone; the first one is then the z of the image.
    let first_offset = *offsets.first()?;
    let is_relative = first_offset == 0.0;
    if !is_relative && normal.z_mm.abs() < 0.999 {
        return None;
    }
    let contradicts = !is_relative && 0.01 < (first_offset - origin.z_mm).abs();
    for (frame, offset) in frames.iter_mut().zip(offsets) {
        let along = if is_relative {
            offset
        } else {
            (offset - first_offset) * normal.z_mm.signum()
        };
        frame.position = Some(origin + normal * along);
    }
    Some(if contradicts {
        Offsets::Contradict
    } else {
        Offsets::Fine
    })
}

/// The first slice lies at the detector's position; the others follow along the normal by Spacing Between Slices,
/// which is negative where they run against it (PS3.3 C.8.4.15).
fn reconstructed(root: Node<'_>, frames: &mut [Frame]) -> Option<Offsets> {
    let detector = root.item(tags::DETECTOR_INFORMATION_SEQUENCE);
    let of = |tag| {
        detector
            .and_then(|d| d.decimals(tag))
            .or_else(|| root.decimals(tag))
    };
    let position: [f64; 3] = of(tags::IMAGE_POSITION_PATIENT)?.ok()?.try_into().ok()?;
    let cosines: [f64; 6] = of(tags::IMAGE_ORIENTATION_PATIENT)?.ok()?.try_into().ok()?;
    if position.iter().any(|c| 1e5 < c.abs()) {
        return None;
    }
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
        Arc::make_mut(&mut frame.lie).orientation = Some(orientation);
    }
    Some(Offsets::Fine)
}
