use case::{Actor, Command, SealStage};
use store::{SqliteStore, Store, StoreError, verify_signature};

use crate::sample;

#[test]
fn a_reader_has_one_key_and_each_reader_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let (iyer, novak) = (sample::reader(), Actor::new("novak"));
    assert_eq!(store.public_key(&iyer).unwrap(), None);
    let first = store.sign(&iyer, b"read").unwrap();
    drop(store);
    let mut store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.sign(&iyer, b"read").unwrap(), first);
    assert_eq!(
        store.public_key(&iyer).unwrap(),
        Some(first.public_key.clone())
    );
    assert_ne!(
        store.sign(&novak, b"read").unwrap().public_key,
        first.public_key
    );
    verify_signature(b"read", &first.signature, &first.public_key).unwrap();
    assert!(verify_signature(b"reed", &first.signature, &first.public_key).is_err());
    assert!(!first.key_protected);
}

#[test]
fn a_key_moved_to_another_reader_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    store.sign(&sample::reader(), b"x").unwrap();
    let database = rusqlite::Connection::open(folder.path().join("overread.db")).unwrap();
    database
        .execute_batch("UPDATE reader_key SET actor = 'novak'")
        .unwrap();
    let refused = store.sign(&Actor::new("novak"), b"x").unwrap_err();
    assert!(
        matches!(refused, StoreError::SealedDamaged { .. }),
        "{refused}"
    );
}

#[test]
fn a_seal_that_another_key_made_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::ready(&mut store);
    let add = sample::add_finding(&case);
    sample::perform(&mut store, &mut case, add).unwrap();
    let mut seal = sample::seal(&mut store, &case, SealStage::SecondRead);
    let forged = store
        .sign(&Actor::new("novak"), &seal.signed_bytes().unwrap())
        .unwrap();
    seal.signature = forged.signature;
    seal.public_key = forged.public_key;
    let limitations = Vec::new();
    sample::perform(
        &mut store,
        &mut case,
        Command::SealRead { seal, limitations },
    )
    .unwrap();
    let refused = store.verify_case(case.id()).unwrap_err();
    assert!(matches!(refused, StoreError::BadSignature(_)), "{refused}");
}
