//! What is kept about cases, so that a list need not read their logs.

use case::{CaseId, Command};
use store::{KeptCase, SqliteStore, Store, StoreError};

use crate::sample;

fn bodies(store: &SqliteStore) -> Vec<Option<Vec<u8>>> {
    let mut found = Vec::new();
    let mut each = |listed: store::ListedCase<'_>| found.push(listed.kept.map(<[u8]>::to_vec));
    store.listing(&mut each).unwrap();
    found
}

#[test]
fn what_is_kept_counts_until_the_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut case = sample::sealed(&mut store);
    assert_eq!(bodies(&store), [None]);
    let keep = |store: &mut SqliteStore, case: &case::Case, body: &[u8]| {
        let kept = KeptCase {
            case: case.id().clone(),
            head: case.log_head().clone(),
            body: body.to_vec(),
        };
        store.keep_listing(&[kept]).unwrap();
    };
    keep(&mut store, &case, b"first");
    assert_eq!(bodies(&store), [Some(b"first".to_vec())]);
    let reason = "later".into();
    sample::perform(&mut store, &mut case, Command::Hold { reason }).unwrap();
    assert_eq!(bodies(&store), [None]);
    keep(&mut store, &case, b"second");
    drop(store);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(bodies(&store), [Some(b"second".to_vec())]);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn many_cases_are_created_all_or_none_in_the_order_given() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let case_of = |name: &str| {
        let case = case::Case::new(CaseId::new(name));
        let create = Command::CreateCase {
            study: sample::study(),
            priors: Vec::new(),
            question: String::new(),
            protocol: String::new(),
            rules: None,
        };
        (case.id().clone(), sample::entries(&case, create))
    };
    let names = ["OR-B", "OR-A", "OR-C"];
    store.create_cases(&names.map(case_of)).unwrap();
    let names_in = |store: &SqliteStore| {
        let mut found = Vec::new();
        let mut each = |listed: store::ListedCase<'_>| found.push(listed.case.to_owned());
        store.listing(&mut each).unwrap();
        found
    };
    assert_eq!(names_in(&store), names);
    let again = store.create_cases(&["OR-D", "OR-A"].map(case_of));
    assert!(
        matches!(again, Err(StoreError::CaseExists { .. })),
        "{again:?}"
    );
    assert_eq!(names_in(&store), names, "none of them was kept");
    for name in names {
        assert_eq!(store.load(&CaseId::new(name)).unwrap().n_entries(), 1);
    }
}
