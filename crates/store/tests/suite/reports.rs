use case::{Command, IntakeFinding, SealStage};
use rusqlite::Connection;
use store::{SqliteStore, Store, StoreError};

use crate::sample::{self, CANARY, REPORT};

/// The canary in any file of the store, as it is or in UTF-16, hexadecimal or base64.
fn leaks(folder: &std::path::Path) -> Vec<String> {
    let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    let base64 = "WndpZWJlbGthbmFyaWVudm9nZW";
    let shapes: [&[u8]; 4] = [CANARY.as_bytes(), &utf16, hex.as_bytes(), base64.as_bytes()];
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        for shape in shapes {
            let shape = shape.to_ascii_lowercase();
            if bytes.windows(shape.len()).any(|window| window == shape) {
                found.push(format!("{path:?}"));
            }
        }
    }
    found
}

#[test]
fn no_word_of_the_report_is_on_the_disk_while_blinded() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::sealed(&mut store);
    let permit = case.intake_permit(&sample::reader()).unwrap();
    store
        .inspect_report(1, &permit, &mut |_| Vec::new())
        .unwrap();
    assert_eq!(leaks(folder.path()), Vec::<String>::new());
    drop(store);
    assert_eq!(leaks(folder.path()), Vec::<String>::new());
    // The search itself finds what is there.
    std::fs::write(folder.path().join("leak"), CANARY.to_uppercase()).unwrap();
    assert_eq!(leaks(folder.path()).len(), 1);
}

#[test]
fn the_report_opens_after_the_reveal_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::sealed(&mut store);
    assert_eq!(
        case.reveal_permit(&sample::reader()).unwrap_err().code,
        "blinded"
    );
    sample::perform(&mut store, &mut case, Command::Reveal { urgent: None }).unwrap();
    let permit = case.reveal_permit(&sample::reader()).unwrap();
    assert_eq!(store.open_report(1, &permit).unwrap(), REPORT.as_bytes());
    let missing = store.open_report(2, &permit).unwrap_err();
    assert!(
        matches!(missing, StoreError::NoSuchReport { version: 2, .. }),
        "{missing}"
    );
    // What a package needs opens it with an independent hand.
    let sealed = store.sealed_report(case.id(), 1).unwrap();
    assert_eq!(sealed.sha256, sample::digest_of_report());
    let key = store.report_key(1, &permit).unwrap();
    use chacha20poly1305::aead::{Aead, KeyInit, Payload};
    let cipher = chacha20poly1305::ChaCha20Poly1305::new(&key.into());
    let payload = Payload {
        msg: &sealed.ciphertext,
        aad: sealed.associated.as_bytes(),
    };
    assert_eq!(
        cipher.decrypt(&sealed.nonce.into(), payload).unwrap(),
        REPORT.as_bytes()
    );
}

#[test]
fn intake_gets_its_closed_list_out_and_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::ready(&mut store);
    let permit = case.intake_permit(&sample::reader()).unwrap();
    let found = store
        .inspect_report(1, &permit, &mut |bytes| {
            assert_eq!(bytes, REPORT.as_bytes());
            vec![IntakeFinding::PatientUnknown]
        })
        .unwrap();
    assert_eq!(found, [IntakeFinding::PatientUnknown]);
}

#[test]
fn a_recorded_report_is_not_overwritten_and_an_unrecorded_one_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::ready(&mut store);
    store.put_report(case.id(), 1, REPORT.as_bytes()).unwrap();
    let refused = store.put_report(case.id(), 1, b"another").unwrap_err();
    assert!(
        matches!(refused, StoreError::ReportRecorded { version: 1, .. }),
        "{refused}"
    );
    // A program that was killed between sealing and recording leaves a version that no entry names.
    store.put_report(case.id(), 2, b"one").unwrap();
    store.put_report(case.id(), 2, b"two").unwrap();
    assert_eq!(
        store.sealed_report(case.id(), 2).unwrap().sha256,
        case::Sha256::of(b"two")
    );
}

#[test]
fn an_altered_report_or_key_does_not_open() {
    for sql in [
        "UPDATE sealed_report SET ciphertext = zeroblob(length(ciphertext))",
        "UPDATE sealed_report SET ciphertext = substr(ciphertext, 1, length(ciphertext) - 1)",
        "UPDATE sealed_report SET sha256 = replace(sha256, 'a', 'b')",
        "UPDATE sealed_report SET nonce = zeroblob(12)",
        "UPDATE sealed_report SET nonce = zeroblob(3)",
        "UPDATE report_key SET wrapped = zeroblob(length(wrapped))",
        "PRAGMA foreign_keys = OFF; UPDATE sealed_report SET version = 2; UPDATE report_key SET version = 2",
        "DELETE FROM report_key",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(folder.path()).unwrap();
        let mut case = sample::sealed(&mut store);
        sample::perform(&mut store, &mut case, Command::Reveal { urgent: None }).unwrap();
        let permit = case.reveal_permit(&sample::reader()).unwrap();
        let database = Connection::open(folder.path().join("overread.db")).unwrap();
        database.execute_batch(sql).unwrap();
        for version in [1, 2] {
            let refused = store.open_report(version, &permit).unwrap_err();
            let fits = matches!(
                refused,
                StoreError::SealedDamaged { .. } | StoreError::NoSuchReport { .. }
            );
            assert!(fits, "{sql}: {refused}");
        }
        assert!(!store.check().unwrap().problems.is_empty(), "{sql}");
    }
}

#[test]
fn a_sealed_read_verifies_from_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case = sample::sealed(&mut store);
    let verified = store.verify_case(case.id()).unwrap();
    assert_eq!(verified.seals.len(), 1);
    assert_eq!(verified.seals[0].seal.stage, SealStage::SecondRead);
    assert_eq!(&verified.case, &case);
}
