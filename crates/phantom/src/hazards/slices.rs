//! Slices that do not lie as they seem to.

use dicom_dictionary_std::tags;

use super::{Hazard, both, changed, hazard, part, plain, sound, volume};
use crate::raw::{FileOrder, Rescale, SeriesSpec, ds};

pub(super) const HAZARDS: &[Hazard] = &[
    hazard("sound", &[], &[volume(6)], || plain(&sound())),
    hazard("tilt of 15°", &["gantry_tilt"], &[volume(6)], || {
        plain(&tilted(15.0))
    }),
    hazard("tilt of −30°", &["gantry_tilt"], &[volume(6)], || {
        plain(&tilted(-30.0))
    }),
    hazard(
        "tilt stated, slices upright",
        &["tilt_contradicts"],
        &[volume(6)],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::GANTRY_DETECTOR_TILT, "-20");
            })
        },
    ),
    hazard(
        "one gap",
        &["missing_slices"],
        &[part("volume", 12, 1, "")],
        || {
            plain(&SeriesSpec {
                n_slices: 12,
                dropped: vec![5],
                ..sound()
            })
        },
    ),
    hazard(
        "every second slice from the third on is missing, the spacing is stated",
        &["missing_slices"],
        &[part("volume", 10, 4, "")],
        || {
            let spec = SeriesSpec {
                n_slices: 10,
                dropped: vec![2, 4, 6, 8],
                ..sound()
            };
            changed(&spec, |_, d| {
                d.put(tags::SPACING_BETWEEN_SLICES, "1");
            })
        },
    ),
    hazard(
        "uneven",
        &["uneven_spacing"],
        &[part("stack", 6, 0, "")],
        || {
            plain(&SeriesSpec {
                slice_positions: vec![0.0, 1.0, 2.3, 3.1, 4.0, 5.7],
                ..sound()
            })
        },
    ),
    hazard("overlapping", &["slices_overlap"], &[volume(6)], || {
        plain(&SeriesSpec {
            slice_thickness_mm: Some(3.0),
            ..sound()
        })
    }),
    hazard("apart", &["slices_apart"], &[volume(6)], || {
        plain(&SeriesSpec {
            slice_step_mm: [0.0, 0.0, 1.5],
            ..sound()
        })
    }),
    hazard("far apart", &["slices_far_apart"], &[volume(6)], || {
        plain(&SeriesSpec {
            slice_step_mm: [0.0, 0.0, 5.0],
            ..sound()
        })
    }),
    hazard(
        "the first slice is missing",
        &["instance_numbers_missing"],
        &[volume(11)],
        || {
            plain(&SeriesSpec {
                n_slices: 12,
                dropped: vec![0],
                ..sound()
            })
        },
    ),
    hazard(
        "the last slices are missing",
        &["images_fewer_than_stated"],
        &[volume(6)],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::IMAGES_IN_ACQUISITION, "8");
            })
        },
    ),
    hazard(
        "thickness differs",
        &["thickness_varies"],
        &[volume(6)],
        || {
            changed(&sound(), |k, d| {
                d.put(tags::SLICE_THICKNESS, if k == 3 { "2" } else { "1" });
            })
        },
    ),
    hazard(
        "stated spacing is another",
        &["slice_spacing_contradicts"],
        &[volume(6)],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::SPACING_BETWEEN_SLICES, "2.5");
            })
        },
    ),
    hazard(
        "slice location is another",
        &["slice_location_contradicts"],
        &[volume(6)],
        || {
            changed(&sound(), |k, d| {
                d.put(tags::SLICE_LOCATION, ds(3.0 * k as f64 - 500.0));
            })
        },
    ),
    hazard(
        "slice location counts from elsewhere and downwards",
        &[],
        &[volume(6)],
        || {
            changed(&sound(), |k, d| {
                d.put(tags::SLICE_LOCATION, ds(700.0 - k as f64));
            })
        },
    ),
    hazard(
        "one slice shifted sideways",
        &["slices_shifted"],
        &[part("stack", 6, 0, "")],
        || {
            changed(&sound(), |k, d| {
                if k == 2 {
                    d.put(tags::IMAGE_POSITION_PATIENT, "5\\0\\2");
                }
            })
        },
    ),
    hazard("one slice", &[], &[part("single", 1, 0, "")], || {
        plain(&SeriesSpec {
            n_slices: 1,
            ..sound()
        })
    }),
    hazard("numbers mixed up", &["unsorted"], &[volume(6)], || {
        changed(&sound(), |k, d| {
            d.put(tags::INSTANCE_NUMBER, ((5 * k + 2) % 6 + 1).to_string());
        })
    }),
    hazard("numbers backwards", &[], &[volume(6)], || {
        let spec = SeriesSpec {
            file_order: FileOrder::Reversed,
            ..sound()
        };
        changed(&spec, |k, d| {
            d.put(tags::INSTANCE_NUMBER, (6 - k).to_string());
        })
    }),
    hazard(
        "two orientations",
        &["mixed_orientation"],
        &[
            part("volume", 6, 0, "axial"),
            part("volume", 6, 0, "coronal"),
        ],
        || both(plain(&sound()), plain(&coronal())),
    ),
    hazard(
        "orientation off by 1° in half of the slices",
        &["mixed_orientation"],
        &[
            part("volume", 6, 0, "group 1 of 2"),
            part("volume", 6, 0, "group 2 of 2"),
        ],
        || both(plain(&sound()), plain(&drifted(1.0))),
    ),
    hazard(
        "orientation off by 0.01° in half of the slices",
        &["unsorted"],
        &[volume(12)],
        || both(plain(&sound()), plain(&drifted(0.01))),
    ),
    hazard(
        "two matrices",
        &["mixed_matrix"],
        &[part("volume", 6, 0, "8 × 8"), part("volume", 6, 0, "8 × 4")],
        || {
            let other = SeriesSpec {
                n_rows: 4,
                ..second()
            };
            both(plain(&sound()), plain(&other))
        },
    ),
    hazard(
        "two pixel spacings",
        &["mixed_spacing"],
        &[
            part("volume", 6, 0, "pixels of 1.00 mm"),
            part("volume", 6, 0, "pixels of 0.50 mm"),
        ],
        || {
            let other = SeriesSpec {
                pixel_spacing_mm: Some([0.5, 0.5]),
                ..second()
            };
            both(plain(&sound()), plain(&other))
        },
    ),
    hazard(
        "two frames of reference",
        &["mixed_frame_of_reference"],
        &[
            part("volume", 6, 0, "group 1 of 2"),
            part("volume", 6, 0, "group 2 of 2"),
        ],
        || {
            let other = SeriesSpec {
                frame_of_reference_uid: Some("2.25.77".into()),
                ..second()
            };
            both(plain(&sound()), plain(&other))
        },
    ),
    hazard(
        "a localizer inside",
        &["localizer_apart"],
        &[
            part("volume", 6, 0, "axial"),
            part("single", 1, 0, "localizer, coronal"),
        ],
        || {
            let one = SeriesSpec {
                n_slices: 1,
                ..coronal()
            };
            let localizer = changed(&one, |_, d| {
                d.put(tags::INSTANCE_NUMBER, "7")
                    .put(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER");
            });
            both(plain(&sound()), localizer)
        },
    ),
    hazard(
        "directions not quite orthogonal",
        &["orientation_adjusted"],
        &[volume(6)],
        || {
            changed(&sound(), |_, d| {
                d.put(
                    tags::IMAGE_ORIENTATION_PATIENT,
                    "1\\0\\0\\0.005\\0.99999\\0",
                );
            })
        },
    ),
    hazard(
        "directions zero",
        &["orientation_unusable", "position_missing"],
        &[part("stack", 6, 0, "")],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::IMAGE_ORIENTATION_PATIENT, "0\\0\\0\\0\\0\\0");
            })
        },
    ),
    hazard(
        "position a hundred quintillion metres away",
        &["position_missing", "position_unusable"],
        &[part("stack", 6, 0, "")],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::IMAGE_POSITION_PATIENT, "1e38\\0\\0");
            })
        },
    ),
    hazard(
        "position no number in one slice",
        &[
            "missing_slices",
            "position_missing",
            "position_missing_in_some",
            "position_unusable",
        ],
        &[part("volume", 6, 1, "axial"), part("single", 1, 0, "")],
        || {
            changed(&sound(), |k, d| {
                if k == 3 {
                    d.put(tags::IMAGE_POSITION_PATIENT, "NaN\\0\\3");
                }
            })
        },
    ),
    hazard(
        "no position",
        &["position_missing"],
        &[part("stack", 6, 0, "")],
        || {
            changed(&sound(), |_, d| {
                d.remove(tags::IMAGE_POSITION_PATIENT);
            })
        },
    ),
    hazard(
        "no spacing",
        &["spacing_missing"],
        &[part("stack", 6, 0, "")],
        || {
            plain(&SeriesSpec {
                pixel_spacing_mm: None,
                ..sound()
            })
        },
    ),
    hazard(
        "no spacing and a gap",
        &["missing_slices", "spacing_missing"],
        &[part("stack", 6, 1, "")],
        || {
            plain(&SeriesSpec {
                pixel_spacing_mm: None,
                dropped: vec![2],
                ..sound()
            })
        },
    ),
    hazard(
        "spacing negative",
        &["spacing_missing", "spacing_unreadable"],
        &[part("stack", 6, 0, "")],
        || {
            changed(&sound(), |_, d| {
                d.put(tags::PIXEL_SPACING, "-1\\1");
            })
        },
    ),
    hazard(
        "no frame of reference",
        &["frame_of_reference_missing"],
        &[volume(6)],
        || {
            plain(&SeriesSpec {
                frame_of_reference_uid: None,
                ..sound()
            })
        },
    ),
    hazard("a slope a slice", &["rescale_varies"], &[volume(6)], || {
        plain(&SeriesSpec {
            rescale: Rescale::PerSlice(vec![(1.0, 0.0), (2.0, -10.0), (0.5, 3.0)]),
            ..sound()
        })
    }),
    hazard(
        "a film of one place",
        &["one_place"],
        &[part("stack", 6, 0, "")],
        || {
            plain(&SeriesSpec {
                slice_positions: vec![2.0; 6],
                ..sound()
            })
        },
    ),
    hazard(
        "each place twice and nothing tells why",
        &["duplicate_positions", "duplicate_positions"],
        &[
            part("volume", 6, 0, "repetition 1 of 2"),
            part("volume", 6, 0, "repetition 2 of 2"),
        ],
        || both(plain(&sound()), plain(&second())),
    ),
    hazard(
        "two reconstructions in one series",
        &[],
        &[
            part("volume", 6, 0, "kernel LUNG"),
            part("volume", 6, 0, "kernel STANDARD"),
        ],
        || {
            let with = |spec: &SeriesSpec, kernel: &'static str| {
                changed(spec, |_, d| {
                    d.put(tags::CONVOLUTION_KERNEL, kernel);
                })
            };
            both(with(&sound(), "STANDARD"), with(&second(), "LUNG"))
        },
    ),
    hazard(
        "two acquisitions at places that do not fit each other",
        &[],
        &[
            part("volume", 6, 0, "acquisition 1 of 2"),
            part("volume", 6, 0, "acquisition 2 of 2"),
        ],
        || {
            let other = SeriesSpec {
                origin_mm: [0.0, 0.0, 2.3],
                ..second()
            };
            let second = changed(&other, |_, d| {
                d.put(tags::ACQUISITION_NUMBER, "2");
            });
            both(plain(&sound()), second)
        },
    ),
];

/// Other objects of the same series at the same places.
pub(super) fn second() -> SeriesSpec {
    SeriesSpec {
        uid_salt: "second".into(),
        ..sound()
    }
}

fn coronal() -> SeriesSpec {
    SeriesSpec {
        column_direction: [0.0, 0.0, -1.0],
        slice_step_mm: [0.0, 1.0, 0.0],
        origin_mm: [0.0, 2.0, 20.0],
        ..second()
    }
}

fn drifted(angle_deg: f64) -> SeriesSpec {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    SeriesSpec {
        column_direction: [0.0, cos, sin],
        slice_step_mm: [0.0, -sin, cos],
        origin_mm: [0.0, 0.0, 6.0],
        ..second()
    }
}

fn tilted(angle_deg: f64) -> SeriesSpec {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    SeriesSpec {
        column_direction: [0.0, cos, sin],
        slice_step_mm: [0.0, 0.0, 2.0],
        slice_thickness_mm: Some(2.0),
        ..sound()
    }
}
