//! Enhanced multi-frame objects: order, stacks, dimensions, parts.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::{
    Hazard, each_frame, hazard, item, items, object, part, shared, sound, value, volume, written,
};
use crate::broken::BrokenFile;
use crate::data_set::{DataSet, Value};
use crate::raw::{Layout, SeriesSpec, ds_list};

/// Legacy Converted Enhanced CT and MR Image Storage (PS3.4 B.5).
const LEGACY_CONVERTED_CT: &str = "1.2.840.10008.5.1.4.1.1.2.2";
const LEGACY_CONVERTED_MR: &str = "1.2.840.10008.5.1.4.1.1.4.4";

pub(super) const HAZARDS: &[Hazard] = &[
    hazard("enhanced, sound", &[], &[volume(6)], || {
        object(&enhanced(6), |_| {})
    }),
    hazard("enhanced, frames out of order", &[], &[volume(6)], || {
        let spec = SeriesSpec {
            slice_positions: vec![3.0, 0.0, 5.0, 1.0, 4.0, 2.0],
            ..enhanced(6)
        };
        object(&spec, |_| {})
    }),
    hazard(
        "enhanced, the last frames are not described",
        &[
            "frame_groups_missing",
            "frame_groups_missing",
            "position_missing",
            "position_missing_in_some",
        ],
        &[
            part("volume", 4, 0, "axial, stack 1"),
            part("multiframe", 2, 0, ""),
        ],
        || {
            object(&enhanced(6), |d| {
                let mut groups = items(d, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
                groups.truncate(4);
                d.put(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups);
            })
        },
    ),
    hazard(
        "enhanced, two stacks of two orientations",
        &["mixed_orientation"],
        &[
            part("volume", 3, 0, "axial, stack 1"),
            part("volume", 3, 0, "coronal, stack 2"),
        ],
        || {
            object(&enhanced(6), |d| {
                each_frame(d, |k, groups| {
                    if 3 <= k {
                        let place = ds_list(&[0.0, k as f64, 9.0]);
                        groups
                            .put(
                                tags::PLANE_POSITION_SEQUENCE,
                                item(tags::IMAGE_POSITION_PATIENT, place),
                            )
                            .put(
                                tags::PLANE_ORIENTATION_SEQUENCE,
                                item(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\0\\-1"),
                            );
                        content(groups, tags::STACK_ID, "2");
                    }
                })
            })
        },
    ),
    hazard(
        "enhanced, two times",
        &[],
        &[
            part("volume", 3, 0, "temporal position 1 of 2"),
            part("volume", 3, 0, "temporal position 2 of 2"),
        ],
        || {
            object(&twice(), |d| {
                each_frame(d, |k, groups| {
                    content(groups, tags::TEMPORAL_POSITION_INDEX, 1 + k as u32 / 3);
                });
            })
        },
    ),
    hazard(
        "enhanced, two b-values",
        &[],
        &[
            part("volume", 3, 0, "b = 0 s/mm²"),
            part("volume", 3, 0, "b = 800 s/mm²"),
        ],
        || {
            magnetic(|k, groups| {
                let b = if k < 3 { 0.0 } else { 800.0 };
                groups.put(
                    tags::MR_DIFFUSION_SEQUENCE,
                    item(tags::DIFFUSION_B_VALUE, b),
                );
            })
        },
    ),
    hazard(
        "enhanced, two echoes",
        &[],
        &[
            part("volume", 3, 0, "echo 1 of 2 · TE 10 ms"),
            part("volume", 3, 0, "echo 2 of 2 · TE 92.5 ms"),
        ],
        || {
            magnetic(|k, groups| {
                let echo_ms = if k < 3 { 10.0 } else { 92.5 };
                groups.put(
                    tags::MR_ECHO_SEQUENCE,
                    item(tags::EFFECTIVE_ECHO_TIME, echo_ms),
                );
            })
        },
    ),
    hazard(
        "enhanced, magnitude and phase",
        &[],
        &[
            part("volume", 3, 0, "magnitude image"),
            part("volume", 3, 0, "phase image"),
        ],
        || {
            magnetic(|k, groups| {
                let component = if k < 3 { "MAGNITUDE" } else { "PHASE" };
                groups.put(
                    tags::MR_IMAGE_FRAME_TYPE_SEQUENCE,
                    item(tags::COMPLEX_IMAGE_COMPONENT, component),
                );
            })
        },
    ),
    hazard(
        "enhanced, two phases of the heart",
        &[],
        &[
            part("volume", 3, 0, "cardiac phase 1 of 2 · 40 % of the cycle"),
            part("volume", 3, 0, "cardiac phase 2 of 2 · 75 % of the cycle"),
        ],
        || {
            object(&twice(), |d| {
                each_frame(d, |k, groups| {
                    let percent = if k < 3 { 75.0 } else { 40.0 };
                    let mut phase = DataSet::new();
                    phase.put(
                        tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE,
                        Value::F32(vec![percent]),
                    );
                    groups.put(tags::CARDIAC_SYNCHRONIZATION_SEQUENCE, vec![phase]);
                });
            })
        },
    ),
    hazard(
        "enhanced, only a dimension of its own tells frames apart",
        &[],
        &[
            part("volume", 3, 0, "Bolus 1 of 2"),
            part("volume", 3, 0, "Bolus 2 of 2"),
        ],
        || {
            object(&twice(), |d| {
                let dimension = |label: &str| {
                    let mut dimension = DataSet::new();
                    dimension.put(tags::DIMENSION_DESCRIPTION_LABEL, label);
                    dimension
                };
                d.put(
                    tags::DIMENSION_INDEX_SEQUENCE,
                    vec![dimension("Bolus"), dimension("Place")],
                );
                each_frame(d, |k, groups| {
                    let values = vec![1 + k as u32 / 3, 1 + k as u32 % 3];
                    content(groups, tags::DIMENSION_INDEX_VALUES, Value::U32(values));
                });
            })
        },
    ),
    hazard(
        "converted from single slices, out of order, each with its own rescale",
        &["rescale_varies"],
        &[volume(6)],
        || {
            let spec = SeriesSpec {
                slice_positions: vec![3.0, 0.0, 5.0, 1.0, 4.0, 2.0],
                ..enhanced(6)
            };
            object(&spec, |d| {
                d.put(tags::SOP_CLASS_UID, LEGACY_CONVERTED_CT);
                each_frame(d, |k, groups| {
                    let mut rescale = DataSet::new();
                    rescale
                        .put(tags::RESCALE_SLOPE, ds_list(&[1.0 + k as f64]))
                        .put(tags::RESCALE_INTERCEPT, "-1024")
                        .put(tags::RESCALE_TYPE, "HU");
                    groups.put(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, vec![rescale]);
                });
            })
        },
    ),
    hazard(
        "converted from single slices, echoes told apart by what no group is for",
        &[],
        &[
            part("volume", 3, 0, "echo 1 of 2 · TE 10 ms"),
            part("volume", 3, 0, "echo 2 of 2 · TE 92.5 ms"),
        ],
        || {
            object(&twice(), |d| {
                d.put(tags::MODALITY, "MR")
                    .put(tags::SOP_CLASS_UID, LEGACY_CONVERTED_MR);
                each_frame(d, |k, groups| {
                    let echo_ms = if k < 3 { "10" } else { "92.5" };
                    groups.put(
                        tags::UNASSIGNED_PER_FRAME_CONVERTED_ATTRIBUTES_SEQUENCE,
                        item(tags::ECHO_TIME, echo_ms),
                    );
                });
            })
        },
    ),
    hazard("enhanced, in two parts", &[], &[volume(6)], || {
        concatenation(&[0, 1])
    }),
    hazard(
        "enhanced, the middle one of three parts is missing",
        &["concatenation_incomplete", "missing_slices"],
        &[part("volume", 6, 2, "")],
        || {
            let spec = enhanced(6);
            written([0, 2].map(|idx| part_of(&spec, idx, 3, &[2 * idx, 2 * idx + 1])))
        },
    ),
    hazard(
        "enhanced, in the transducer's space",
        &["volume_space_only"],
        &[volume(6)],
        || {
            object(&enhanced(6), |d| {
                d.put(tags::MODALITY, "US");
                shared(d, |groups| {
                    let axes = vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
                    groups.remove(tags::PLANE_ORIENTATION_SEQUENCE).put(
                        tags::PLANE_ORIENTATION_VOLUME_SEQUENCE,
                        item(tags::IMAGE_ORIENTATION_VOLUME, Value::F64(axes)),
                    );
                });
                each_frame(d, |k, groups| {
                    let place = vec![0.0, 0.0, k as f64];
                    groups.remove(tags::PLANE_POSITION_SEQUENCE).put(
                        tags::PLANE_POSITION_VOLUME_SEQUENCE,
                        item(tags::IMAGE_POSITION_VOLUME, Value::F64(place)),
                    );
                });
            })
        },
    ),
];

fn enhanced(n_slices: usize) -> SeriesSpec {
    SeriesSpec {
        n_slices,
        layout: Layout::Enhanced,
        ..sound()
    }
}

/// Three places, each twice.
fn twice() -> SeriesSpec {
    SeriesSpec {
        slice_positions: vec![0.0, 1.0, 2.0, 0.0, 1.0, 2.0],
        ..enhanced(6)
    }
}

/// Three places, each twice, of magnetic resonance; what tells them apart is for the caller to say.
fn magnetic(change: impl Fn(usize, &mut DataSet)) -> Vec<BrokenFile> {
    object(&twice(), |d| {
        d.put(tags::MODALITY, "MR")
            .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.4.1");
        each_frame(d, change);
    })
}

/// Sets an element of a frame's Frame Content Sequence.
fn content(groups: &mut DataSet, tag: Tag, value: impl Into<Value>) {
    let mut content = items(groups, tags::FRAME_CONTENT_SEQUENCE);
    if let Some(first) = content.first_mut() {
        first.put(tag, value);
    }
    groups.put(tags::FRAME_CONTENT_SEQUENCE, content);
}

/// The named parts of an object that was cut in two.
fn concatenation(parts: &[usize]) -> Vec<BrokenFile> {
    let spec = enhanced(6);
    written(parts.iter().map(|idx| {
        let frames: Vec<usize> = (3 * idx..3 * idx + 3).collect();
        part_of(&spec, *idx, 2, &frames)
    }))
}

fn part_of(spec: &SeriesSpec, idx: usize, n_parts: u16, frames: &[usize]) -> DataSet {
    let mut data_set = spec.multi_frame_data_set(frames, &value);
    data_set
        .put(tags::SOP_INSTANCE_UID, format!("2.25.300{idx}"))
        .put(tags::CONCATENATION_UID, "2.25.300")
        .put(tags::IN_CONCATENATION_NUMBER, idx as u16 + 1)
        .put(tags::IN_CONCATENATION_TOTAL_NUMBER, n_parts)
        .put(
            tags::CONCATENATION_FRAME_OFFSET_NUMBER,
            frames.first().map_or(0, |first| *first as u32),
        );
    data_set
}
