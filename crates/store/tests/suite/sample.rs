//! A small case, made through the rules of `case`.

use case::{
    Actor, Case, CaseId, Command, Entry, Finding, ReportStatus, SealRecord, SealStage, Sha256,
    StudyRef, Timestamp,
};
use store::{SqliteStore, Store};

pub const REPORT: &str = "IMPRESSION: Zwiebelkanarienvogel nodule of the left upper lobe, 14 mm.";
/// A word that no other byte of a store can hold by chance.
pub const CANARY: &str = "Zwiebelkanarienvogel";

pub fn id() -> CaseId {
    CaseId::new("OR-00000001")
}

pub fn reader() -> Actor {
    Actor::new("iyer")
}

pub fn study() -> StudyRef {
    StudyRef {
        study_instance_uid: "1.2.3".into(),
        patient_name: "Doe, Jane".into(),
        patient_id: "DEMO-1".into(),
        patient_birth_date: String::new(),
        patient_sex: "F".into(),
        patient_age: String::new(),
        study_date: "20260101".into(),
        study_time: String::new(),
        description: "CT chest".into(),
        accession_number: String::new(),
        modalities: vec!["CT".into()],
        body_parts: Vec::new(),
        paths: Vec::new(),
        n_images: 1,
        manifest: Vec::new(),
    }
}

/// Decides, keeps, then applies: the order that the application follows.
pub fn perform(
    store: &mut dyn Store,
    case: &mut Case,
    command: Command,
) -> Result<(), store::StoreError> {
    let entries = entries(case, command);
    if case.n_entries() == 0 {
        store.create_case(case.id(), &entries)?;
    } else {
        store.append(case.id(), &entries)?;
    }
    entries.iter().for_each(|entry| case.apply(entry));
    Ok(())
}

pub fn entries(case: &Case, command: Command) -> Vec<Entry> {
    let at = Timestamp::new("2026-01-01T10:00:00+00:00");
    case.record(&reader(), &at, "0.1.0", command).unwrap()
}

/// A case that is ready to be read, with a sealed report.
pub fn ready(store: &mut SqliteStore) -> Case {
    let mut case = Case::new(id());
    let create = Command::CreateCase {
        study: study(),
        priors: Vec::new(),
        question: "Nodule?".into(),
        protocol: "second-opinion".into(),
        rules: None,
    };
    perform(store, &mut case, create).unwrap();
    let sha256 = store.put_report(&id(), 1, REPORT.as_bytes()).unwrap();
    let attach = Command::AttachReport {
        sha256,
        n_bytes: REPORT.len() as u64,
        format: "text".into(),
        status: ReportStatus::Final,
        replaces: None,
        intake: Vec::new(),
    };
    perform(store, &mut case, attach).unwrap();
    let completeness = Vec::new();
    perform(store, &mut case, Command::CheckIntake { completeness }).unwrap();
    case
}

pub fn add_finding(case: &Case) -> Command {
    let mut finding = Finding::empty(case.next_finding_id());
    finding.concept = "nodule".into();
    finding.note = format!("entered as {}", finding.id);
    Command::AddFinding { finding }
}

pub fn seal(store: &mut dyn Store, case: &Case, stage: SealStage) -> SealRecord {
    let mut seal = SealRecord {
        stage,
        digest: case.seal_digest(stage),
        log_head: case.log_head().clone(),
        signature: String::new(),
        public_key: String::new(),
        key_protected: false,
        claims: None,
    };
    let signed = store
        .sign(&reader(), &seal.signed_bytes().unwrap())
        .unwrap();
    seal.signature = signed.signature;
    seal.public_key = signed.public_key;
    seal.key_protected = signed.key_protected;
    seal
}

/// A case with three findings whose read is sealed.
pub fn sealed(store: &mut SqliteStore) -> Case {
    let mut case = ready(store);
    for _ in 0..3 {
        let add = add_finding(&case);
        perform(store, &mut case, add).unwrap();
    }
    let record = seal(store, &case, SealStage::SecondRead);
    let limitations = Vec::new();
    let command = Command::SealRead {
        seal: record,
        limitations,
    };
    perform(store, &mut case, command).unwrap();
    case
}

pub fn digest_of_report() -> Sha256 {
    Sha256::of(REPORT.as_bytes())
}
