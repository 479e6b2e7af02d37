//! Folders, links, archives and DICOMDIR.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::builder::{Object, codes, element, file, header, item, scan_path, scan_paths, volumes};

fn archive(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A raw deflate stream of these bytes.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let all = archive(&[("a", bytes.to_vec())]);
    let mut reader = zip::ZipArchive::new(Cursor::new(all)).unwrap();
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut reader.by_index_raw(0).unwrap(), &mut out).unwrap();
    out
}

#[test]
fn a_deflated_data_set_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(
        &path,
        file(
            "1.2.840.10008.1.2.1.99",
            &deflated(&Object::ct(1, 0.0).dataset()),
        ),
    )
    .unwrap();
    let scan = scan_path(&path);
    assert!(series::decode_slice(volumes(&scan)[0], 0).is_ok());
}

#[test]
fn an_archive_is_read_in_memory_and_names_outside_it_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.zip");
    let entries = [
        ("CT/1", Object::ct(1, 0.0).file()),
        ("CT\\2.dcm", Object::ct(2, 1.0).file()),
        ("../escape.dcm", Object::ct(3, 2.0).file()),
        ("/root.dcm", Object::ct(4, 3.0).file()),
        ("a/../../b.dcm", Object::ct(5, 4.0).file()),
        ("readme.txt", b"not an image".to_vec()),
    ];
    std::fs::write(&path, archive(&entries)).unwrap();
    let scan = scan_path(&path);
    let plan = volumes(&scan)[0];
    assert_eq!(plan.n_slices(), 2);
    assert_eq!(
        codes(&scan),
        [
            "not_dicom",
            "zip_path_refused",
            "zip_path_refused",
            "zip_path_refused"
        ]
    );
    let volume = plan.empty_volume();
    assert!(series::decode_into(plan, &volume, &[1, 0], &|_| {}, &|| false).is_empty());
    assert_eq!(volume.voxels.n_filled(), 2);
    assert_eq!(
        plan.slices[0].as_ref().unwrap().source().entry(),
        Some("CT/1")
    );
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "nothing was extracted");
}

#[test]
fn a_broken_archive_and_a_missing_path_are_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.zip");
    let whole = archive(&[("a", Object::ct(1, 0.0).file())]);
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(codes(&scan_path(&path)), ["zip_unreadable"]);
    assert_eq!(
        codes(&scan_path(&folder.path().join("nowhere"))),
        ["path_unreadable"]
    );
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(codes(&scan_path(empty.path())), ["nothing_found"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder_only() {
    use std::os::unix::fs::symlink;
    let (outside, inside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(outside.path().join("secret.dcm"), Object::ct(1, 0.0).file()).unwrap();
    std::fs::write(inside.path().join("a.dcm"), Object::ct(2, 0.0).file()).unwrap();
    symlink(
        outside.path().join("secret.dcm"),
        inside.path().join("b.dcm"),
    )
    .unwrap();
    symlink(inside.path().join("gone.dcm"), inside.path().join("c.dcm")).unwrap();
    symlink(inside.path(), inside.path().join("loop")).unwrap();
    let scan = scan_path(inside.path());
    assert_eq!(volumes(&scan)[0].n_slices(), 1);
    assert_eq!(codes(&scan), ["link_broken", "link_outside"]);
    assert_eq!(
        codes(&scan_path(std::path::Path::new("/dev/zero"))),
        ["not_a_file"]
    );
}

pub fn dicomdir(file_ids: &[&str]) -> Vec<u8> {
    let mut records = Vec::new();
    for id in file_ids {
        let mut id = id.as_bytes().to_vec();
        if id.len() % 2 == 1 {
            id.push(b' ');
        }
        let record = element(0x0004_1500, b"CS", &id);
        records.extend(item(0xFFFE_E000, record.len() as u32));
        records.extend(record);
    }
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(element(0x0002_0002, b"UI", b"1.2.840.10008.1.3.10"));
    bytes.extend(element(0x0002_0010, b"UI", b"1.2.840.10008.1.2.1\0"));
    bytes.extend(header(0x0004_1220, b"SQ", records.len() as u32));
    bytes.extend(records);
    bytes
}

#[test]
fn a_dicomdir_is_followed_beneath_its_folder_and_nowhere_else() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("media");
    std::fs::create_dir_all(folder.join("images")).unwrap();
    std::fs::write(above.path().join("SECRET"), Object::ct(9, 9.0).file()).unwrap();
    std::fs::write(folder.join("images/im1"), Object::ct(1, 0.0).file()).unwrap();
    std::fs::write(folder.join("unlisted"), Object::ct(2, 1.0).file()).unwrap();
    let path = folder.join("DICOMDIR");
    std::fs::write(
        &path,
        dicomdir(&["IMAGES\\IM1", "..\\SECRET", "IMAGES\\IM2", "/etc/passwd"]),
    )
    .unwrap();
    let scan = scan_path(&path);
    assert_eq!(volumes(&scan)[0].n_slices(), 1);
    assert_eq!(
        codes(&scan),
        ["dicomdir_file_missing", "dicomdir_path_refused"]
    );
    let text = |code| {
        let named = scan.warnings.iter().find(|w| w.code == code);
        named.map(|w| w.text.as_str()).unwrap_or_default()
    };
    assert!(text("dicomdir_file_missing").contains("names 2 files and 1 of them"));
    assert!(text("dicomdir_path_refused").contains("names 2 files outside"));
    std::fs::write(&path, b"not a directory record").unwrap();
    let fallback = scan_path(&path);
    assert_eq!(volumes(&fallback)[0].n_slices(), 2);
    assert!(codes(&fallback).contains(&"dicomdir_unreadable"));
}

#[test]
fn a_file_named_twice_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dcm");
    std::fs::write(&path, Object::ct(1, 0.0).file()).unwrap();
    let scan = scan_paths(&[path.clone(), folder.path().to_owned(), path]);
    assert_eq!((scan.n_files, codes(&scan)), (1, vec![]));
}

#[test]
fn a_document_is_listed_and_its_bytes_are_given_whole() {
    let mut object = Object::ct(1, 0.0);
    object
        .text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.88.11")
        .text(0x0008_0060, b"CS", "SR")
        .without(0x7FE0_0010);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sr.dcm"), object.file()).unwrap();
    let scan = scan_path(folder.path());
    let document = &scan.studies[0].documents[0];
    assert_eq!(document.kind, series::DocumentKind::StructuredReport);
    assert_eq!(series::read_document(document).unwrap(), object.file());
}
