//! Files of which it is not clear whose or what they are.

use dicom_dictionary_std::tags;

use super::slices::second;
use super::{Hazard, both, changed, hazard, part, plain, sound, volume};
use crate::patient::Patient;
use crate::raw::SeriesSpec;

pub(super) const HAZARDS: &[Hazard] = &[
    hazard(
        "the same files twice",
        &["duplicate_file"],
        &[volume(6)],
        || both(plain(&sound()), plain(&sound())),
    ),
    hazard(
        "the same pictures with other words",
        &["duplicate_same_picture"],
        &[volume(6)],
        || {
            let renamed = changed(&sound(), |_, d| {
                d.put(tags::STUDY_DESCRIPTION, "sent again");
            });
            both(plain(&sound()), renamed)
        },
    ),
    hazard(
        "one identifier, two pictures",
        &["duplicate_uid_differs"],
        &[volume(6)],
        || {
            plain(&SeriesSpec {
                same_uid: Some((2, 4)),
                ..sound()
            })
        },
    ),
    hazard(
        "two patients in one series",
        &["two_patients"],
        &[volume(6), volume(6)],
        || {
            let other = SeriesSpec {
                patient: Patient {
                    name: "OTHER^PERSON".into(),
                    id: "PH-999999".into(),
                    birth_date: "19700101".into(),
                    ..Patient::default()
                },
                ..second()
            };
            both(plain(&sound()), plain(&other))
        },
    ),
    hazard(
        "no study identifier",
        // Three files may have an oddity before they are counted.
        &["study_uid_missing", "uid_odd"],
        &[volume(6)],
        || {
            plain(&SeriesSpec {
                study_uid: String::new(),
                ..sound()
            })
        },
    ),
    hazard(
        "two modalities in one series",
        &["mixed_modality", "suv_unavailable"],
        &[part("volume", 6, 0, "CT"), part("volume", 6, 0, "PT")],
        || {
            let other = changed(&second(), |_, d| {
                d.put(tags::MODALITY, "PT");
            });
            both(plain(&sound()), other)
        },
    ),
];
