//! Pixel descriptions that do not fit the pixels.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::Expect::{Display, MetadataOnly, Refuse, RefuseOrDisplay};
use super::{BrokenCase, BrokenFile, case, changed, changed_each, many, one, sound, value};
use crate::data_set::{DataSet, Value};
use crate::part10::{Syntax, file_bytes};
use crate::raw::{Layout, Photometric, SeriesSpec, Signedness};

pub(super) const CASES: &[BrokenCase] = &[
    case("C39", "no rows", MetadataOnly, || {
        one(changed(|data_set| {
            data_set.put(tags::ROWS, 0u16);
        }))
    }),
    case("C40", "65535 × 65535 pixels in 32 bytes", Refuse, || {
        one(changed(|data_set| {
            data_set
                .put(tags::ROWS, 65535u16)
                .put(tags::COLUMNS, 65535u16)
                .put_as(tags::PIXEL_DATA, VR::OW, Value::Bytes(vec![0; 32]));
        }))
    }),
    case("C41", "2147483647 frames", Refuse, || {
        one(changed(|data_set| {
            data_set.put(tags::NUMBER_OF_FRAMES, "2147483647");
        }))
    }),
    case(
        "C42",
        "number of frames −1, 0, abc, 99999999999",
        RefuseOrDisplay,
        || {
            changed_each(["-1", "0", "abc", "99999999999"], |data_set, text| {
                data_set.put(tags::NUMBER_OF_FRAMES, text);
            })
        },
    ),
    case(
        "C43",
        "rows, bits, sign or photometric interpretation missing",
        MetadataOnly,
        || {
            let missing = [
                tags::ROWS,
                tags::BITS_ALLOCATED,
                tags::PIXEL_REPRESENTATION,
                tags::PHOTOMETRIC_INTERPRETATION,
            ];
            changed_each(missing, |data_set, tag| {
                data_set.remove(tag);
            })
        },
    ),
    case("C44", "more bits stored than allocated", Refuse, || {
        one(changed(|data_set| {
            data_set.put(tags::BITS_STORED, 24u16);
        }))
    }),
    case("C45", "high bit is not bits stored − 1", Display, || {
        one(changed(|data_set| {
            data_set
                .put(tags::BITS_STORED, 12u16)
                .put(tags::HIGH_BIT, 15u16);
        }))
    }),
    case("C46", "bits allocated 0, 12, 65535", MetadataOnly, || {
        changed_each([0u16, 12, 65535], |data_set, bits| {
            data_set.put(tags::BITS_ALLOCATED, bits);
        })
    }),
    case("C47", "one bit a pixel", Display, || {
        let spec = SeriesSpec {
            bits_allocated: 1,
            bits_stored: 1,
            signedness: Signedness::Unsigned,
            ..sound()
        };
        many(spec.files(value).into_iter().map(|file| file.bytes))
    }),
    case("C48", "pixel data too short", MetadataOnly, || {
        one(changed(|data_set| put_pixels(data_set, 64)))
    }),
    case("C49", "pixel data too long", Display, || {
        one(changed(|data_set| put_pixels(data_set, 512)))
    }),
    case("C50a", "pixel data empty", MetadataOnly, || {
        one(changed(|data_set| put_pixels(data_set, 0)))
    }),
    case("C50b", "pixel data missing", MetadataOnly, || {
        one(changed(|data_set| {
            data_set.remove(tags::PIXEL_DATA);
        }))
    }),
    case(
        "C51",
        "rescale slope NaN, 1e400, abc, 1,5 or empty",
        Display,
        || {
            changed_each(["NaN", "1e400", "abc", "1,5", ""], |data_set, text| {
                data_set.put(tags::RESCALE_SLOPE, text);
            })
        },
    ),
    case("C52", "rescale slope 0", Display, || {
        one(changed(|data_set| {
            data_set.put(tags::RESCALE_SLOPE, "0");
        }))
    }),
    case(
        "C53",
        "window width 0, negative, several, no number",
        Display,
        || {
            changed_each(["0", "-400", "400\\0", "wide"], |data_set, text| {
                data_set.put(tags::WINDOW_WIDTH, text);
            })
        },
    ),
    case("C54a", "palette missing", MetadataOnly, || palette(None)),
    case("C54b", "palette too short", MetadataOnly, || {
        palette(Some(4))
    }),
    case("C55", "planar configuration 7", Refuse, || {
        colour(|data_set| {
            data_set.put(tags::PLANAR_CONFIGURATION, 7u16);
        })
    }),
    case("C56", "YBR_FULL_422 with odd columns", MetadataOnly, || {
        colour(|data_set| {
            data_set
                .put(tags::PHOTOMETRIC_INTERPRETATION, "YBR_FULL_422")
                .put(tags::COLUMNS, 7u16);
        })
    }),
    case("C57", "65535 samples a pixel", Refuse, || {
        one(changed(|data_set| {
            data_set.put(tags::SAMPLES_PER_PIXEL, 65535u16);
        }))
    }),
    case("C58", "floating point pixel data", Display, || {
        one(changed(|data_set| {
            data_set
                .remove(tags::PIXEL_DATA)
                .remove(tags::PIXEL_REPRESENTATION)
                .remove(tags::BITS_STORED)
                .remove(tags::HIGH_BIT);
            data_set.put(tags::BITS_ALLOCATED, 32u16);
            data_set.put_as(
                tags::FLOAT_PIXEL_DATA,
                VR::OF,
                Value::F32((0..64).map(|i| 0.25 * i as f32).collect()),
            );
        }))
    }),
    case("C59", "unsigned label on signed values", Display, || {
        one(changed(|data_set| {
            data_set.put(tags::PIXEL_REPRESENTATION, 0u16);
        }))
    }),
    case(
        "C59b",
        "enhanced file without functional groups",
        RefuseOrDisplay,
        || {
            let spec = SeriesSpec {
                layout: Layout::PlainMultiFrame,
                sop_class_uid: "1.2.840.10008.5.1.4.1.1.2.1".into(),
                n_slices: 3,
                ..sound()
            };
            many(spec.files(value).into_iter().map(|file| file.bytes))
        },
    ),
];

fn put_pixels(data_set: &mut DataSet, n_bytes: usize) {
    data_set.put_as(tags::PIXEL_DATA, VR::OW, Value::Bytes(vec![0x11; n_bytes]));
}

fn palette(n_entries: Option<u16>) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        photometric: Photometric::Palette,
        bits_allocated: 8,
        bits_stored: 8,
        signedness: Signedness::Unsigned,
        ..sound()
    };
    let mut data_set = spec.slice_data_set(0, 1, &value);
    if let Some(n_entries) = n_entries {
        let tables = [
            (
                tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            ),
            (
                tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            ),
            (
                tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
                tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            ),
        ];
        for (descriptor, data) in tables {
            data_set.put_as(descriptor, VR::US, Value::U16(vec![256, 0, 16]));
            data_set.put_as(data, VR::OW, Value::U16((0..n_entries).collect()));
        }
    }
    one(file_bytes(&data_set, Syntax::ExplicitLe))
}

fn colour(change: impl FnOnce(&mut DataSet)) -> Vec<BrokenFile> {
    let spec = SeriesSpec {
        photometric: Photometric::Rgb,
        bits_allocated: 8,
        bits_stored: 8,
        signedness: Signedness::Unsigned,
        ..sound()
    };
    let mut data_set = spec.slice_data_set(0, 1, &value);
    change(&mut data_set);
    one(file_bytes(&data_set, Syntax::ExplicitLe))
}
