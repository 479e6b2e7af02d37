//! Series whose files are sound one by one and do not belong together.

use dicom_dictionary_std::tags;

use super::Expect::{Display, Split};
use super::{BrokenCase, BrokenFile, case, changed_each, value};
use crate::patient::Patient;
use crate::raw::{FileOrder, Rescale, SeriesSpec};

pub(super) const CASES: &[BrokenCase] = &[
    case(
        "C70",
        "two patients under one series identifier",
        Split,
        || {
            two(
                &base(),
                &SeriesSpec {
                    patient: other_patient(),
                    origin_mm: [0.0, 0.0, 6.0],
                    ..base()
                },
            )
        },
    ),
    case("C71", "same instance twice, same bytes", Display, || {
        two(&base(), &base())
    }),
    case("C72", "same identifier, different pixels", Display, || {
        files(
            "a",
            &SeriesSpec {
                same_uid: Some((2, 4)),
                ..base()
            },
        )
    }),
    case(
        "C73",
        "same study identifier, different name",
        Split,
        || {
            let other = SeriesSpec {
                patient: other_patient(),
                series_uid: "2.25.73".into(),
                ..base()
            };
            two(&base(), &other)
        },
    ),
    case("C74", "no study identifier", Split, || {
        two(
            &base(),
            &SeriesSpec {
                study_uid: String::new(),
                series_uid: "2.25.74".into(),
                ..base()
            },
        )
    }),
    case("C75", "localizer inside the series", Split, || {
        two(&base(), &turned(1))
    }),
    case("C76", "two orientations in one series", Split, || {
        two(&base(), &turned(6))
    }),
    case(
        "C77a",
        "orientation off by 1° in half of the slices",
        Split,
        || two(&base(), &drifted(1.0)),
    ),
    case(
        "C77b",
        "orientation off by 0.01° in half of the slices",
        Display,
        || two(&base(), &drifted(0.01)),
    ),
    case("C78a", "one slice missing", Display, || {
        files(
            "a",
            &SeriesSpec {
                dropped: vec![5],
                n_slices: 12,
                ..base()
            },
        )
    }),
    case("C78b", "ten slices missing", Display, || {
        files(
            "a",
            &SeriesSpec {
                dropped: (8..18).collect(),
                n_slices: 30,
                ..base()
            },
        )
    }),
    case("C78c", "first slice missing", Display, || {
        files(
            "a",
            &SeriesSpec {
                dropped: vec![0],
                n_slices: 12,
                ..base()
            },
        )
    }),
    case("C79", "two phases at the same positions", Split, || {
        two_phases()
    }),
    case("C80", "uneven spacing", Display, || {
        files(
            "a",
            &SeriesSpec {
                slice_positions: vec![0.0, 1.0, 2.3, 3.1, 4.0, 5.7],
                ..base()
            },
        )
    }),
    case("C81", "overlapping slices", Display, || {
        files(
            "a",
            &SeriesSpec {
                slice_thickness_mm: Some(3.0),
                ..base()
            },
        )
    }),
    case("C82a", "gantry tilted by 15°", Display, || {
        files("a", &tilted(15.0))
    }),
    case("C82b", "gantry tilted by −30°", Display, || {
        files("a", &tilted(-30.0))
    }),
    case(
        "C83",
        "pixel spacing negative, zero, no number",
        Display,
        || {
            changed_each(["-1\\-1", "0\\0", "a\\b", "1"], |data_set, text| {
                data_set.put(tags::PIXEL_SPACING, text);
            })
        },
    ),
    case("C85", "slope differs from slice to slice", Display, || {
        files(
            "a",
            &SeriesSpec {
                rescale: Rescale::PerSlice(vec![(1.0, 0.0), (2.0, -10.0), (0.5, 3.0)]),
                ..base()
            },
        )
    }),
    case(
        "C86a",
        "direction cosines zero, skewed, no number",
        Display,
        || {
            changed_each(
                [
                    "0\\0\\0\\0\\0\\0",
                    "1\\0\\0\\1\\0\\0",
                    "2\\0\\0\\0\\3\\0",
                    "NaN\\0\\0\\0\\1\\0",
                ],
                |data_set, text| {
                    data_set.put(tags::IMAGE_ORIENTATION_PATIENT, text);
                },
            )
        },
    ),
    case("C86c", "position NaN, 1e38, incomplete", Display, || {
        changed_each(["NaN\\0\\0", "1e38\\0\\0", "1\\2"], |data_set, text| {
            data_set.put(tags::IMAGE_POSITION_PATIENT, text);
        })
    }),
    case("C86d", "instance numbers run backwards", Display, || {
        files(
            "a",
            &SeriesSpec {
                file_order: FileOrder::Reversed,
                ..base()
            },
        )
    }),
    case("C86e", "no frame of reference", Display, || {
        files(
            "a",
            &SeriesSpec {
                frame_of_reference_uid: None,
                ..base()
            },
        )
    }),
    case(
        "C86f",
        "slice location contradicts the position",
        Display,
        || {
            changed_each(["-500"], |data_set, text| {
                data_set.put(tags::SLICE_LOCATION, text);
            })
        },
    ),
    case("C86g", "no patient position", Display, || {
        files(
            "a",
            &SeriesSpec {
                patient_position: None,
                ..base()
            },
        )
    }),
];

fn base() -> SeriesSpec {
    SeriesSpec::ct("broken series", 16, 16, 6)
}

fn other_patient() -> Patient {
    Patient {
        name: "OTHER^PERSON".into(),
        id: "PH-999999".into(),
        birth_date: "19700101".into(),
        ..Patient::default()
    }
}

fn files(folder: &str, spec: &SeriesSpec) -> Vec<BrokenFile> {
    spec.files(value)
        .into_iter()
        .map(|file| BrokenFile {
            name: format!("{folder}/{}", file.name),
            bytes: file.bytes,
        })
        .collect()
}

/// Files of two series in two folders. Instances of the second have identifiers of their own where it differs.
fn two(first: &SeriesSpec, second: &SeriesSpec) -> Vec<BrokenFile> {
    let mut second = second.clone();
    let is_copy = second.origin_mm == first.origin_mm
        && second.patient == first.patient
        && second.series_uid == first.series_uid;
    if !is_copy {
        second.uid_salt = "second".into();
    }
    [files("a", first), files("b", &second)].concat()
}

/// Coronal slices under the identifier of the axial series.
fn turned(n_slices: usize) -> SeriesSpec {
    SeriesSpec {
        column_direction: [0.0, 0.0, -1.0],
        slice_step_mm: [0.0, 1.0, 0.0],
        origin_mm: [0.0, 2.0, 20.0],
        n_slices,
        ..base()
    }
}

fn drifted(angle_deg: f64) -> SeriesSpec {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    SeriesSpec {
        column_direction: [0.0, cos, sin],
        slice_step_mm: [0.0, -sin, cos],
        origin_mm: [0.0, 0.0, 6.0],
        ..base()
    }
}

fn two_phases() -> Vec<BrokenFile> {
    let second = SeriesSpec {
        uid_salt: "second phase".into(),
        ..base()
    };
    [files("a", &base()), files("b", &second)].concat()
}

fn tilted(angle_deg: f64) -> SeriesSpec {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    SeriesSpec {
        column_direction: [0.0, cos, sin],
        slice_step_mm: [0.0, 0.0, 2.0],
        ..base()
    }
}
