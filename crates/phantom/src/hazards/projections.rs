//! Projections, whose millimetres are those of a plane that is not always the patient's.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::{Hazard, changed, hazard, part, sound};
use crate::broken::BrokenFile;
use crate::raw::SeriesSpec;

pub(super) const HAZARDS: &[Hazard] = &[
    hazard(
        "detector spacing alone",
        &["spacing_at_detector"],
        ONE,
        || view("DX", &[(tags::IMAGER_PIXEL_SPACING, "0.2\\0.2")]),
    ),
    hazard(
        "pixel spacing repeats that of the detector",
        &["spacing_at_detector"],
        ONE,
        || {
            view(
                "DX",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.2\\0.2"),
                    (tags::PIXEL_SPACING, "0.2\\0.2"),
                ],
            )
        },
    ),
    hazard("calibrated on a ball", &["spacing_calibrated"], ONE, || {
        view(
            "DX",
            &[
                (tags::IMAGER_PIXEL_SPACING, "0.2\\0.2"),
                (tags::PIXEL_SPACING, "0.18\\0.18"),
                (tags::PIXEL_SPACING_CALIBRATION_TYPE, "FIDUCIAL"),
            ],
        )
    }),
    hazard(
        "magnified",
        &["spacing_magnification_corrected"],
        ONE,
        || {
            view(
                "MG",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.1\\0.1"),
                    (tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, "1.5"),
                ],
            )
        },
    ),
    hazard(
        "distances of the source",
        &["spacing_distance_corrected"],
        ONE,
        || {
            view(
                "XA",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.3\\0.3"),
                    (tags::DISTANCE_SOURCE_TO_DETECTOR, "1200"),
                    (tags::DISTANCE_SOURCE_TO_PATIENT, "800"),
                ],
            )
        },
    ),
    hazard(
        "the distance to the table is none to the patient's middle",
        &["spacing_at_detector"],
        ONE,
        || {
            view(
                "DX",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.3\\0.3"),
                    (tags::DISTANCE_SOURCE_TO_DETECTOR, "1200"),
                    (tags::DISTANCE_SOURCE_TO_PATIENT, "800"),
                ],
            )
        },
    ),
    hazard(
        "magnification and distances disagree",
        &[
            "magnification_contradicts",
            "spacing_magnification_corrected",
        ],
        ONE,
        || {
            view(
                "XA",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.3\\0.3"),
                    (tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, "1.1"),
                    (tags::DISTANCE_SOURCE_TO_DETECTOR, "1200"),
                    (tags::DISTANCE_SOURCE_TO_PATIENT, "800"),
                ],
            )
        },
    ),
    hazard(
        "pixel spacing of an unknown plane",
        &["spacing_plane_unknown"],
        ONE,
        || view("CR", &[(tags::PIXEL_SPACING, "0.2\\0.2")]),
    ),
    hazard("a scanned film", &["spacing_nominal"], ONE, || {
        view("RG", &[(tags::NOMINAL_SCANNED_PIXEL_SPACING, "0.1\\0.1")])
    }),
    hazard(
        "an angiography from the left and from above",
        &["spacing_at_detector"],
        &[part("single", 1, 0, "LAO 30°, CAU 15°")],
        || {
            view(
                "XA",
                &[
                    (tags::IMAGER_PIXEL_SPACING, "0.3\\0.3"),
                    (tags::POSITIONER_PRIMARY_ANGLE, "30.2"),
                    (tags::POSITIONER_SECONDARY_ANGLE, "-15"),
                ],
            )
        },
    ),
    hazard("nothing", &["spacing_missing"], ONE, || view("CR", &[])),
];

const ONE: &[super::Part] = &[part("single", 1, 0, "")];

/// A projection with the given attributes and no others that tell a distance.
fn view(modality: &'static str, stated: &[(Tag, &str)]) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        n_slices: 1,
        modality: modality.into(),
        sop_class_uid: "1.2.840.10008.5.1.4.1.1.1".into(),
        pixel_spacing_mm: None,
        slice_thickness_mm: None,
        ..sound()
    };
    changed(&spec, |_, d| {
        d.remove(tags::IMAGE_POSITION_PATIENT)
            .remove(tags::IMAGE_ORIENTATION_PATIENT);
        for (tag, value) in stated {
            d.put(*tag, *value);
        }
    })
}
