//! Text that does not keep to its character set or its form.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::Expect::{Display, Refuse};
use super::{BrokenCase, case, changed, changed_each, data_set, one};
use crate::data_set::Value;
use crate::part10::{Syntax, file_bytes};

pub(super) const CASES: &[BrokenCase] = &[
    case("C60", "unknown character set", Display, || {
        one(changed(|data_set| {
            data_set.put(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 999");
        }))
    }),
    case("C61", "invalid UTF-8 in the name", Display, || {
        one(changed(|data_set| {
            put_name(data_set, b"TEST\xFF\xFE\xC3^A")
        }))
    }),
    case("C62", "bad escape of ISO 2022", Display, || {
        one(changed(|data_set| {
            data_set.put(tags::SPECIFIC_CHARACTER_SET, "\\ISO 2022 IR 87");
            put_name(data_set, b"TEST^A=\x1b$Z\x21\x21\x1b(J");
        }))
    }),
    case(
        "C63",
        "bidirectional and invisible marks in the name",
        Display,
        || {
            one(changed(|data_set| {
                data_set.put(tags::PATIENT_NAME, "TEST\u{202E}RETSET\u{200B}^A");
            }))
        },
    ),
    case(
        "C64",
        "control characters and terminal escapes",
        Display,
        || {
            one(changed(|data_set| {
                data_set.put(tags::PATIENT_NAME, "TEST\u{7}\u{1b}[2J^A\u{1b}]0;x\u{7}");
            }))
        },
    ),
    case("C65", "comment of 64 MB", Refuse, || {
        one(changed(|data_set| {
            data_set.put_as(tags::PATIENT_COMMENTS, VR::UT, "A".repeat(64 << 20));
        }))
    }),
    case("C65b", "name of 1 MB", Display, || {
        let mut data_set = data_set();
        data_set.put(tags::PATIENT_NAME, "A".repeat(1 << 20));
        one(file_bytes(&data_set, Syntax::ImplicitLe))
    }),
    case("C66", "dates and times out of range", Display, || {
        changed_each(
            [
                ("00000000", "240000"),
                ("99991399", "996199"),
                ("today", "noon"),
            ],
            |data_set, (date, time)| {
                data_set
                    .put(tags::STUDY_DATE, date)
                    .put(tags::STUDY_TIME, time)
                    .put(tags::PATIENT_BIRTH_DATE, date);
            },
        )
    }),
];

fn put_name(data_set: &mut crate::data_set::DataSet, bytes: &[u8]) {
    data_set.put_as(tags::PATIENT_NAME, VR::PN, Value::Bytes(bytes.to_vec()));
}
