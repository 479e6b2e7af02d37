//! Kinds of images whose frames lie in ways of their own.

use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;

use super::{Hazard, changed, each_frame, hazard, item, object, part, sound, volume};
use crate::broken::BrokenFile;
use crate::data_set::{DataSet, Value};
use crate::raw::{Layout, SeriesSpec};

pub(super) const HAZARDS: &[Hazard] = &[
    hazard("mosaic", &[], &[volume(5)], || {
        mosaic(|d| {
            d.put_as(
                Tag(0x0029, 0x1010),
                VR::OB,
                Value::Bytes(csa_header(&[
                    ("NumberOfImagesInMosaic", &["5"]),
                    ("SliceNormalVector", &["0", "0", "-1"]),
                ])),
            );
        })
    }),
    hazard(
        "mosaic whose header is gone",
        &["mosaic_packed"],
        &[part("single", 1, 0, "")],
        || mosaic(|_| {}),
    ),
    hazard(
        "supplemental palette",
        &["supplemental_palette"],
        &[volume(6)],
        supplemental_palette,
    ),
    hazard("dose, offsets", &[], &[volume(6)], || {
        dose("0\\1\\2\\3\\4\\5")
    }),
    hazard("dose, absolute places", &[], &[volume(6)], || {
        dose("7\\8\\9\\10\\11\\12")
    }),
    hazard(
        "dose, places that contradict the position",
        &["frame_offsets_contradict"],
        &[volume(6)],
        || dose("17\\18\\19\\20\\21\\22"),
    ),
    hazard(
        "dose, uneven",
        &["uneven_spacing"],
        &[part("multiframe", 6, 0, "")],
        || dose("0\\1\\2\\3.4\\4\\5"),
    ),
    hazard(
        "dose, too few places",
        &["frame_offsets_unusable"],
        &[part("multiframe", 6, 0, "")],
        || dose("0\\1\\2"),
    ),
    hazard(
        "nuclear tomography, slices downwards",
        &[],
        &[volume(6)],
        || nuclear("RECON TOMO", &[1, 2, 3, 4, 5, 6], &[]),
    ),
    hazard(
        "nuclear tomography, gated",
        &[],
        &[
            part("volume", 3, 0, "time slot 1 of 2"),
            part("volume", 3, 0, "time slot 2 of 2"),
        ],
        || nuclear("RECON GATED TOMO", &[1, 2, 3, 1, 2, 3], &[1, 1, 1, 2, 2, 2]),
    ),
    hazard(
        "segmentation, nothing stored where nothing is marked",
        &["segment_frames_absent"],
        &[
            part("volume", 4, 1, "segment 1 · Liver"),
            part("volume", 3, 0, "segment 2"),
        ],
        segmentation,
    ),
    hazard("tomosynthesis", &["depth_blurred"], &[volume(6)], || {
        object(&frames(6), |d| {
            d.put(tags::MODALITY, "MG")
                .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.13.1.3");
        })
    }),
    hazard("tomography of the retina", &[], &[volume(6)], || {
        let spec = SeriesSpec {
            pixel_spacing_mm: Some([0.0039, 0.0117]),
            slice_step_mm: [0.0, 0.0, 0.012],
            slice_thickness_mm: Some(0.012),
            ..frames(6)
        };
        object(&spec, |d| {
            d.put(tags::MODALITY, "OPT")
                .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.77.1.5.4");
        })
    }),
    hazard(
        "whole slide",
        &["whole_slide_tiles"],
        &[part("volume", 6, 0, "")],
        || {
            object(&frames(6), |d| {
                d.put(tags::MODALITY, "SM")
                    .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.77.1.6")
                    .put(tags::TOTAL_PIXEL_MATRIX_COLUMNS, 24u32)
                    .put(tags::TOTAL_PIXEL_MATRIX_ROWS, 16u32);
            })
        },
    ),
    hazard(
        "a captured film of screens",
        &["spacing_missing"],
        &[part("multiframe", 6, 0, "")],
        || {
            let spec = SeriesSpec {
                layout: Layout::PlainMultiFrame,
                modality: "OT".into(),
                sop_class_uid: "1.2.840.10008.5.1.4.1.1.7.2".into(),
                ..sound()
            };
            object(&spec, |_| {})
        },
    ),
];

fn frames(n_slices: usize) -> SeriesSpec {
    SeriesSpec {
        n_slices,
        layout: Layout::Enhanced,
        ..sound()
    }
}

/// Descriptor and data of a channel, and the level of an entry.
type Channel = (Tag, Tag, fn(u16) -> u16);

/// Values from 250 on stand for colours: red is the value less 250, green the same from above, blue 77.
fn supplemental_palette() -> Vec<BrokenFile> {
    let spec = sound();
    // The rescale is the identity, so that stored values are modality values.
    let first_stored = 250_u16;
    changed(&spec, |_, d| {
        let channels: [Channel; 3] = [
            (
                tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
                |entry| entry,
            ),
            (
                tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
                |entry| 255 - entry,
            ),
            (
                tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
                |_| 77,
            ),
        ];
        for (descriptor, data, level) in channels {
            d.put_as(descriptor, VR::US, Value::U16(vec![256, first_stored, 16]));
            let levels = (0..256).map(|entry| level(entry) << 8).collect();
            d.put_as(data, VR::OW, Value::U16(levels));
        }
    })
}

/// Five tiles of 4 × 4 in a picture of 12 × 12.
fn mosaic(change: impl Fn(&mut DataSet)) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        n_slices: 1,
        n_cols: 12,
        n_rows: 12,
        modality: "MR".into(),
        sop_class_uid: "1.2.840.10008.5.1.4.1.1.4".into(),
        ..sound()
    };
    changed(&spec, |_, d| {
        d.put(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC")
            .put(tags::SPACING_BETWEEN_SLICES, "1");
        change(d);
    })
}

/// A private header of the second kind with text fields.
fn csa_header(fields: &[(&str, &[&str])]) -> Vec<u8> {
    let mut bytes = b"SV10\x04\x03\x02\x01".to_vec();
    let word = |bytes: &mut Vec<u8>, value: usize| bytes.extend((value as u32).to_le_bytes());
    word(&mut bytes, fields.len());
    word(&mut bytes, 77);
    for (name, values) in fields {
        let mut label = name.as_bytes().to_vec();
        label.resize(64, 0);
        bytes.extend(label);
        word(&mut bytes, values.len());
        bytes.extend(b"FD\0\0");
        word(&mut bytes, 4);
        word(&mut bytes, values.len());
        word(&mut bytes, 77);
        for value in *values {
            for number in [value.len(), value.len(), 77, value.len()] {
                word(&mut bytes, number);
            }
            bytes.extend(value.as_bytes());
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
    }
    bytes
}

fn dose(offsets: &'static str) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        layout: Layout::PlainMultiFrame,
        modality: "RTDOSE".into(),
        sop_class_uid: "1.2.840.10008.5.1.4.1.1.481.2".into(),
        ..sound()
    };
    object(&spec, |d| {
        d.put(tags::IMAGE_POSITION_PATIENT, "0\\0\\7")
            .put(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0")
            .put(tags::PIXEL_SPACING, "1\\1")
            .put(tags::GRID_FRAME_OFFSET_VECTOR, offsets);
    })
}

fn nuclear(kind: &str, slices: &[u16], slots: &[u16]) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        layout: Layout::PlainMultiFrame,
        modality: "NM".into(),
        sop_class_uid: "1.2.840.10008.5.1.4.1.1.20".into(),
        ..sound()
    };
    object(&spec, |d| {
        let mut detector = DataSet::new();
        detector
            .put(tags::IMAGE_POSITION_PATIENT, "0\\0\\50")
            .put(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0");
        d.put(
            tags::IMAGE_TYPE,
            format!("ORIGINAL\\PRIMARY\\{kind}\\EMISSION"),
        )
        .put(tags::DETECTOR_INFORMATION_SEQUENCE, vec![detector])
        .put(tags::PIXEL_SPACING, "1\\1")
        .put(tags::SLICE_THICKNESS, "1")
        .put(tags::SPACING_BETWEEN_SLICES, "-1")
        .put(tags::SLICE_VECTOR, Value::U16(slices.to_vec()));
        if !slots.is_empty() {
            d.put(tags::TIME_SLOT_VECTOR, Value::U16(slots.to_vec()));
        }
    })
}

/// Segment 1 at the places 0, 2 and 3; segment 2 at 1, 2 and 3.
fn segmentation() -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        slice_positions: vec![0.0, 2.0, 3.0, 1.0, 2.0, 3.0],
        bits_allocated: 1,
        bits_stored: 1,
        signedness: crate::raw::Signedness::Unsigned,
        rescale: crate::raw::Rescale::Absent,
        window: None,
        ..frames(6)
    };
    object(&spec, |d| {
        let mut first = DataSet::new();
        first
            .put(tags::SEGMENT_NUMBER, 1u16)
            .put(tags::SEGMENT_LABEL, "Liver");
        d.put(tags::MODALITY, "SEG")
            .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.66.4")
            .put(tags::SEGMENT_SEQUENCE, vec![first]);
        super::shared(d, |groups| {
            let mut measures = super::items(groups, tags::PIXEL_MEASURES_SEQUENCE);
            for group in &mut measures {
                group.put(tags::SPACING_BETWEEN_SLICES, "1");
            }
            groups.put(tags::PIXEL_MEASURES_SEQUENCE, measures);
        });
        each_frame(d, |k, groups| {
            let number = if k < 3 { 1u16 } else { 2 };
            groups.put(
                tags::SEGMENT_IDENTIFICATION_SEQUENCE,
                item(tags::REFERENCED_SEGMENT_NUMBER, number),
            );
        });
    })
}
