//! Archives, DICOMDIR files and documents that point out of their place or to someone else.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::Expect::{Display, Refuse, RefuseOrDisplay, Split};
use super::{BrokenCase, BrokenFile, ZipEntry, case, sound, sound_bytes, zip_bytes};
use crate::data_set::{DataSet, Encoding, Value};
use crate::part10::{Syntax, file_bytes};
use crate::patient::Patient;
use crate::sr;
use crate::study::Study;
use crate::words::{Report, Section, Sentence};

pub(super) const CASES: &[BrokenCase] = &[
    case("C87", "DICOMDIR points above its folder", Refuse, || {
        dicomdir(&["..", "..", "OUTSIDE"])
    }),
    case(
        "C88a",
        "DICOMDIR points to an absolute path",
        Refuse,
        || dicomdir(&["/ETC/PASSWD"]),
    ),
    case("C88b", "DICOMDIR points to a drive", Refuse, || {
        dicomdir(&["C:", "IMAGE"])
    }),
    case(
        "C90",
        "DICOMDIR records form a loop",
        RefuseOrDisplay,
        looped_dicomdir,
    ),
    case(
        "C92",
        "DICOMDIR names a file that is not there",
        RefuseOrDisplay,
        || dicomdir(&["MISSING"]),
    ),
    case(
        "C94a",
        "zip entry above its folder",
        RefuseOrDisplay,
        || zip(vec![ZipEntry::file("../../outside.dcm", sound_bytes())]),
    ),
    case(
        "C94b",
        "zip entry with an absolute path",
        RefuseOrDisplay,
        || zip(vec![ZipEntry::file("/tmp/outside.dcm", sound_bytes())]),
    ),
    case(
        "C94c",
        "zip entry is a symbolic link",
        RefuseOrDisplay,
        || {
            zip(vec![ZipEntry {
                mode: 0o120_777,
                ..ZipEntry::file("link.dcm", b"/etc/passwd".to_vec())
            }])
        },
    ),
    case(
        "C94d",
        "zip entry with a drive and backslashes",
        RefuseOrDisplay,
        || zip(vec![ZipEntry::file("C:\\..\\outside.dcm", sound_bytes())]),
    ),
    case("C95", "zip within zip within zip", RefuseOrDisplay, || {
        let nested = (0..12).fold(sound_bytes(), |bytes, level| {
            zip_bytes(&[ZipEntry::file(&format!("level{level}.zip"), bytes)])
        });
        vec![BrokenFile {
            name: "broken.zip".into(),
            bytes: nested,
        }]
    }),
    case("C96", "zip entry claims 4 GB", Refuse, || {
        zip(vec![ZipEntry {
            claimed_size: Some(0xFFFF_FFF0),
            ..ZipEntry::file("big.dcm", sound_bytes())
        }])
    }),
    case(
        "C97",
        "two zip entries of one name",
        RefuseOrDisplay,
        || {
            zip(vec![
                ZipEntry::file("same.dcm", sound_bytes()),
                ZipEntry::file("same.dcm", b"not the same".to_vec()),
            ])
        },
    ),
    case("C98", "zip entry with a wrong checksum", Refuse, || {
        zip(vec![ZipEntry {
            claimed_crc: Some(1),
            ..ZipEntry::file("bad.dcm", sound_bytes())
        }])
    }),
    case("C98b", "zip cut in half", Refuse, || {
        let whole = zip_bytes(&[ZipEntry::file("image.dcm", sound_bytes())]);
        vec![BrokenFile {
            name: "broken.zip".into(),
            bytes: whole[..whole.len() / 2].to_vec(),
        }]
    }),
    case("C100", "folder named like a file", Display, || {
        vec![BrokenFile {
            name: "folder.dcm/image.dcm".into(),
            bytes: sound_bytes(),
        }]
    }),
    case(
        "C103",
        "structured report marked verified without an observer",
        Display,
        || {
            report(|data_set| {
                data_set.remove(tags::VERIFYING_OBSERVER_SEQUENCE);
            })
        },
    ),
    case(
        "C104",
        "report of another patient beside the images",
        Split,
        || {
            let mut files = report(|data_set| {
                let other = Patient {
                    name: "OTHER^PERSON".into(),
                    id: "PH-999999".into(),
                    ..Patient::default()
                };
                other.put_into(data_set);
            });
            files.push(BrokenFile {
                name: "image.dcm".into(),
                bytes: sound_bytes(),
            });
            files
        },
    ),
    case(
        "C105",
        "structured report refers to absent images",
        Display,
        || report(|_| {}),
    ),
    case("C108", "PDF with a script", Display, || {
        vec![BrokenFile {
            name: "report.pdf".into(),
            bytes: pdf_with_script(),
        }]
    }),
    case(
        "C110",
        "XML document with entities that multiply",
        Refuse,
        || {
            vec![BrokenFile {
                name: "report.xml".into(),
                bytes: multiplying_xml().into_bytes(),
            }]
        },
    ),
    case(
        "C113",
        "report text in another character set than it says",
        Display,
        || {
            report(|data_set| {
                data_set.put_as(
                    tags::SERIES_DESCRIPTION,
                    VR::LO,
                    Value::Bytes(b"R\xE9sum\xE9".to_vec()),
                );
            })
        },
    ),
];

fn zip(entries: Vec<ZipEntry>) -> Vec<BrokenFile> {
    let sound = ZipEntry::file("sound/image.dcm", sound_bytes());
    vec![BrokenFile {
        name: "broken.zip".into(),
        bytes: zip_bytes(&[vec![sound], entries].concat()),
    }]
}

fn record(next: u32, path: &[&str]) -> DataSet {
    let mut record = DataSet::new();
    record.put(tags::OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, next);
    record.put(tags::RECORD_IN_USE_FLAG, 0xFFFFu16);
    record.put(
        tags::OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY,
        0u32,
    );
    record.put(tags::DIRECTORY_RECORD_TYPE, "IMAGE");
    record.put(tags::REFERENCED_FILE_ID, path.join("\\"));
    record.put(
        tags::REFERENCED_SOP_CLASS_UID_IN_FILE,
        sound().sop_class_uid,
    );
    record.put(
        tags::REFERENCED_SOP_INSTANCE_UID_IN_FILE,
        sound().sop_uid(0),
    );
    record.put(
        tags::REFERENCED_TRANSFER_SYNTAX_UID_IN_FILE,
        Syntax::ExplicitLe.uid(),
    );
    record
}

fn directory(first: u32, next: u32, path: &[&str]) -> Vec<u8> {
    let mut directory = DataSet::new();
    directory.put(tags::SOP_CLASS_UID, "1.2.840.10008.1.3.10");
    directory.put(tags::SOP_INSTANCE_UID, "2.25.87");
    directory.put(tags::FILE_SET_ID, "BROKEN");
    directory.put(
        tags::OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY,
        first,
    );
    directory.put(
        tags::OFFSET_OF_THE_LAST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY,
        first,
    );
    directory.put(tags::FILE_SET_CONSISTENCY_FLAG, 0u16);
    directory.put(tags::DIRECTORY_RECORD_SEQUENCE, vec![record(next, path)]);
    // The identifiers of class and instance belong into the meta information alone.
    let whole = file_bytes(&directory, Syntax::ExplicitLe);
    let with_uids = directory.encode(Encoding::ExplicitLe).len();
    directory
        .remove(tags::SOP_CLASS_UID)
        .remove(tags::SOP_INSTANCE_UID);
    [
        whole[..whole.len() - with_uids].to_vec(),
        directory.encode(Encoding::ExplicitLe),
    ]
    .concat()
}

/// Offset of the only record of [`directory`]: where its item begins.
fn record_offset(path: &[&str]) -> u32 {
    let mut item = record(0, path).encode(Encoding::ExplicitLe).len();
    item += 8;
    (directory(0, 0, path).len() - item) as u32
}

fn dicomdir(path: &[&str]) -> Vec<BrokenFile> {
    let bytes = directory(record_offset(path), 0, path);
    vec![
        BrokenFile {
            name: "DICOMDIR".into(),
            bytes,
        },
        BrokenFile {
            name: "IMAGES/IMAGE".into(),
            bytes: sound_bytes(),
        },
    ]
}

fn looped_dicomdir() -> Vec<BrokenFile> {
    let path = ["IMAGES", "IMAGE"];
    let offset = record_offset(&path);
    let bytes = directory(offset, offset, &path);
    vec![
        BrokenFile {
            name: "DICOMDIR".into(),
            bytes,
        },
        BrokenFile {
            name: "IMAGES/IMAGE".into(),
            bytes: sound_bytes(),
        },
    ]
}

fn report(change: impl FnOnce(&mut DataSet)) -> Vec<BrokenFile> {
    let spec = sound();
    let study = Study {
        study_uid: spec.study_uid,
        date: spec.study_date.clone(),
        accession_number: spec.accession_number,
        description: "CT Chest".into(),
        series: Vec::new(),
    };
    let sentence = Sentence {
        text: "There is no rib fracture.".into(),
        finding_id: Some("F1".into()),
    };
    let report = Report {
        sections: vec![Section {
            heading: "Findings",
            sentences: vec![sentence],
        }],
        reader_name: "READER^ONE".into(),
        study_date: spec.study_date,
    };
    let image = sr::KeyImage {
        finding_id: "F1".into(),
        series_uid: "2.25.105".into(),
        sop_uid: "2.25.1051".into(),
    };
    let mut data_set = sr::data_set(&report, &study, &spec.patient, &[image]);
    change(&mut data_set);
    vec![BrokenFile {
        name: "report.dcm".into(),
        bytes: file_bytes(&data_set, Syntax::ExplicitLe),
    }]
}

fn pdf_with_script() -> Vec<u8> {
    let text = "BT /F1 12 Tf 72 720 Td (No rib fracture.) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >> >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (idx, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", idx + 1));
    }
    let table_offset = out.len();
    out.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    offsets
        .iter()
        .for_each(|offset| out.push_str(&format!("{offset:010} 00000 n \n")));
    out.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table_offset}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

fn multiplying_xml() -> String {
    let mut out =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE a [\n<!ENTITY e0 \"no rib fracture\">\n".to_owned();
    for level in 1..=9 {
        out.push_str(&format!(
            "<!ENTITY e{level} \"{}\">\n",
            format!("&e{};", level - 1).repeat(10)
        ));
    }
    out.push_str(
        "]>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&e9;</title></ClinicalDocument>\n",
    );
    out
}
