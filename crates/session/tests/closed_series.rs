//! What a first reader may have drawn stays closed with the report that lies beside it.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::time::Duration;

use phantom::{DataSet, Syntax, file_bytes, tags};
use session::{Actor, Command, PicturesBy, Session, SessionOptions, system_clock};

fn open(dir: &Path, store: &str) -> Session {
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join(store),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    let images = dir.join("images");
    session.dispatch(Command::OpenPaths(vec![images])).unwrap();
    session.run_until_idle(Duration::from_secs(60)).unwrap();
    session
}

#[test]
fn a_segmentation_is_closed_beside_a_report_and_open_alone() {
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    let hazards = phantom::hazards::all();
    let segmentation = hazards
        .iter()
        .find(|hazard| hazard.name.starts_with("segmentation"))
        .unwrap();
    for (idx, file) in segmentation.files().iter().enumerate() {
        std::fs::write(images.join(format!("{idx}.dcm")), &file.bytes).unwrap();
    }
    let mut session = open(dir.path(), "alone");
    let snapshot = session.snapshot();
    assert!(snapshot.rail.iter().any(|item| item.key.is_some()));
    let keyed = |snapshot: &session::Snapshot| {
        let items = snapshot.rail.iter().filter(|item| item.key.is_some());
        items.map(|item| item.sealed).collect::<Vec<_>>()
    };
    assert!(keyed(&snapshot).iter().all(|sealed| !sealed));
    let study = session.case().unwrap().study().unwrap().clone();
    let mut report = DataSet::new();
    report
        .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.11")
        .put(tags::SOP_INSTANCE_UID, "1.2.3.4.5")
        .put(tags::STUDY_INSTANCE_UID, study.study_instance_uid.as_str())
        .put(tags::SERIES_INSTANCE_UID, "1.2.3.4")
        .put(tags::MODALITY, "SR")
        .put(tags::PATIENT_NAME, study.patient_name.as_str())
        .put(tags::PATIENT_ID, study.patient_id.as_str());
    let bytes = file_bytes(&report, Syntax::ExplicitLe);
    std::fs::write(images.join("report.dcm"), bytes).unwrap();
    let mut session = open(dir.path(), "beside");
    let snapshot = session.snapshot();
    let sealed = keyed(&snapshot);
    assert!(
        !sealed.is_empty() && sealed.iter().all(|sealed| *sealed),
        "{sealed:?}"
    );
    assert!(
        snapshot
            .views
            .iter()
            .all(|view| view.volume.is_none() && view.picture.is_none())
    );
    assert!(snapshot.rail.iter().all(|item| item.title.is_empty()));
    let words = format!("{:?} {:?}", snapshot.views, snapshot.import);
    assert!(!words.contains("Liver"), "the label of a segment is shown");
}
