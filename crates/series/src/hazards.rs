//! What attributes say about the distance and tilt of slices against what their positions say. Positions are believed;
//! a contradiction is told, because one of the two is wrong.

use space::{PatientPoint, PatientVector};

use crate::frame::Frame;
use crate::slot::Slot;
use crate::warning::Severity;

/// A thing to say about a regular volume.
pub(crate) type Remark = (&'static str, Severity, String);

/// Distances this close are the same, as a part of the larger …
const SAME_PART: f64 = 0.05;
/// … or in mm, whichever is more.
const SAME_MM: f64 = 0.1;

fn same(a_mm: f64, b_mm: f64) -> bool {
    (a_mm - b_mm).abs() <= (SAME_PART * a_mm.abs().max(b_mm.abs())).max(SAME_MM)
}

/// Compares the step of a regular volume with what its slices state.
pub(crate) fn grid_remarks(
    slots: &[Slot],
    step: PatientVector,
    normal: PatientVector,
) -> Vec<Remark> {
    let along_mm = step.dot(normal).abs();
    let path_mm = step.length_mm();
    let frames: Vec<&Frame> = slots.iter().filter_map(Slot::frame).collect();
    let mut remarks = Vec::new();
    let stated = |read: fn(&Frame) -> Option<f64>| frames.first().copied().and_then(read);
    if let Some(between) = stated(|f| f.between_slices_mm).map(f64::abs)
        && !same(between, along_mm)
        && !same(between, path_mm)
    {
        let text = format!(
            "Spacing Between Slices says {between:.2} mm and the positions of the slices say {along_mm:.2} mm; the positions were believed."
        );
        remarks.push(("slice_spacing_contradicts", Severity::Info, text));
    }
    if let Some(thickness) = stated(|f| f.thickness_mm)
        && !same(thickness, along_mm)
        && !same(thickness, path_mm)
    {
        remarks.push(thickness_remark(thickness, along_mm));
    }
    if frames.windows(2).any(differ) {
        let text = "Slice Thickness differs from slice to slice, so that neighbours average over different depths.";
        remarks.push(("thickness_varies", Severity::Info, text.to_owned()));
    }
    remarks
}

/// Says what a thickness that is not the distance of the slices means for what lies between them.
fn thickness_remark(thickness_mm: f64, apart_mm: f64) -> Remark {
    /// From here on most of what a reformat shows was never imaged.
    const FAR: f64 = 2.0;
    if apart_mm < thickness_mm {
        let text = format!(
            "The slices are {thickness_mm:.2} mm thick and {apart_mm:.2} mm apart: neighbours overlap."
        );
        return ("slices_overlap", Severity::Info, text);
    }
    let gap_mm = apart_mm - thickness_mm;
    let text = format!(
        "The slices are {thickness_mm:.2} mm thick and {apart_mm:.2} mm apart, so {gap_mm:.2} mm between them were never imaged; what reformats show there is interpolated."
    );
    if FAR * thickness_mm <= apart_mm {
        ("slices_far_apart", Severity::Warning, text)
    } else {
        ("slices_apart", Severity::Info, text)
    }
}

fn differ(pair: &[&Frame]) -> bool {
    match pair {
        [a, b] => match (a.thickness_mm, b.thickness_mm) {
            (Some(a), Some(b)) => !same(a, b),
            _ => false,
        },
        _ => false,
    }
}

/// Compares Slice Location with the positions: the order it gives, and the distance between neighbours.
///
/// Its zero is anybody's (PS3.3 C.7.6.2.1.2), so only differences count; of sheared slices it may follow the table.
pub(crate) fn location_remark(
    slots: &[Slot],
    origins: &[PatientPoint],
    normal: PatientVector,
) -> Option<Remark> {
    let located: Vec<(f64, PatientPoint)> = slots
        .iter()
        .zip(origins)
        .filter_map(|(s, o)| Some((s.frame()?.slice_location_mm?, *o)))
        .collect();
    let contradicts = |pair: &[(f64, PatientPoint)]| match pair {
        [(a, from), (b, to)] => {
            let way = *to - *from;
            let stated = (b - a).abs();
            !same(stated, way.dot(normal).abs()) && !same(stated, way.length_mm())
        }
        _ => false,
    };
    let n = located.windows(2).filter(|pair| contradicts(pair)).count();
    (0 < n).then(|| {
        let text =
            "Slice Location does not fit the positions of the slices; the positions were believed.";
        (
            "slice_location_contradicts",
            Severity::Info,
            text.to_owned(),
        )
    })
}

/// Compares Gantry/Detector Tilt with the shear of the slices.
pub(crate) fn tilt_remark(stated_deg: Option<f64>, shear_deg: f64) -> Option<Remark> {
    const SAME_DEG: f64 = 1.0;
    let stated = stated_deg
        .filter(|t| t.is_finite() && t.abs() < 90.0)?
        .abs();
    // Slices that were turned upright, or that were acquired on a slanting path, are not sheared: that is no error
    // of theirs, but whoever corrects for the stated tilt again would shear them.
    (SAME_DEG < stated && SAME_DEG < (stated - shear_deg).abs()).then(|| {
        let text = format!(
            "The gantry's tilt is stated as {stated:.1}° and the positions show {shear_deg:.1}°; the positions were believed."
        );
        ("tilt_contradicts", Severity::Info, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilt_is_compared_with_the_shear_whatever_its_sign() {
        for (stated, shear, warned) in [
            (None, 20.0, false),
            (Some(0.0), 0.0, false),
            (Some(-20.0), 20.1, false),
            (Some(20.0), 0.0, true),
            (Some(0.0), 20.0, false),
            (Some(f64::NAN), 20.0, false),
        ] {
            assert_eq!(
                tilt_remark(stated, shear).is_some(),
                warned,
                "{stated:?} {shear}"
            );
        }
    }
}
