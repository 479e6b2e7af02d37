//! The broken files are what their names say.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;

use dicom_object::from_reader;
use phantom::broken::{BrokenCase, Expect, ZipEntry, all, by_id, zip_bytes};

/// Cases that end the process or eat the memory of a reader without guards.
const NOT_FOR_A_BARE_READER: [&str; 12] = [
    "C14", "C18d", "C19", "C20", "C21", "C22", "C24d", "C25", "C26", "C27", "C28", "C33",
];

fn is_one_image(case: &BrokenCase) -> bool {
    let files = case.files();
    files.len() == 1 && files[0].name.ends_with(".dcm")
}

#[test]
fn at_least_sixty_cases_have_ids_of_their_own_and_files() {
    let cases = all();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id).collect();
    assert_eq!(ids.len(), cases.len());
    assert!(60 <= cases.len(), "{} cases", cases.len());
    for case in &cases {
        let files = case.files();
        assert!(!files.is_empty(), "{}", case.id);
        assert_eq!(
            files.len(),
            files
                .iter()
                .map(|file| &file.name)
                .collect::<BTreeSet<_>>()
                .len(),
            "{}",
            case.id
        );
    }
    println!("{} broken cases", cases.len());
}

#[test]
fn cases_are_the_same_each_time() {
    for case in all()
        .into_iter()
        .filter(|case| !["C27", "C33", "C65", "K02"].contains(&case.id))
    {
        assert_eq!(case.files(), case.files(), "{}", case.id);
    }
}

#[test]
fn files_to_be_shown_are_mostly_read_by_a_plain_reader() {
    let cases: Vec<BrokenCase> = all()
        .into_iter()
        .filter(|case| case.expect == Expect::Display && !NOT_FOR_A_BARE_READER.contains(&case.id))
        .filter(is_one_image)
        .collect();
    let unread: Vec<&str> = cases
        .iter()
        .filter(|case| {
            let bytes = &case.files()[0].bytes;
            from_reader(&bytes[bytes.len().min(128)..]).is_err()
        })
        .map(|case| case.id)
        .collect();
    // Known to be too strict in the plain reader: group length 0 or short, bytes after the end.
    assert!(
        unread.iter().all(|id| ["C10", "C13", "C17"].contains(id)),
        "{unread:?}"
    );
}

#[test]
fn containers_without_a_data_set_are_refused_by_a_plain_reader() {
    for id in ["C01", "C02", "C03", "C05", "C18a", "C18b", "C18e"] {
        let bytes = by_id(id).unwrap().files().remove(0).bytes;
        let tail = &bytes[bytes.len().min(128)..];
        assert!(
            from_reader(tail)
                .map(|object| object.iter().count())
                .unwrap_or(0)
                == 0,
            "{id}"
        );
    }
}

#[test]
fn archives_carry_their_entries() {
    let bytes = zip_bytes(&[ZipEntry::file("123456789", b"123456789".to_vec())]);
    assert_eq!(&bytes[..4], b"PK\x03\x04");
    // The check value of the CRC that zip uses.
    assert_eq!(bytes[14..18], 0xCBF4_3926u32.to_le_bytes());
    let slip = by_id("C94a").unwrap().files().remove(0).bytes;
    assert!(
        slip.windows(17)
            .any(|window| window == b"../../outside.dcm")
    );
}

#[test]
fn nothing_is_written_outside_of_the_case_folder() {
    let dir = tempfile::tempdir().unwrap();
    by_id("C87")
        .unwrap()
        .write(&dir.path().join("case"))
        .unwrap();
    let names: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["case"]);
}
