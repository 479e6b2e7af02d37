use case::{Case, Entry, Sha256, StudyRef};
use serde_json::{Value, json};

use crate::ExchangeError;
use crate::container::{self, Part};
use crate::json::seals;
use crate::seal::hex_from_bytes;

/// Names of the parts that every package has.
pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const LOG: &str = "log.jsonl";
pub(crate) const SEALS: &str = "seal.json";
pub(crate) const STUDY: &str = "study-manifest.json";
/// Name of the JSON export inside a package; its content is checked against the log.
pub(crate) const CASE_JSON: &str = "case.json";
pub(crate) const SCHEMA: &str = "overread.package/1";

/// The first report as the store keeps it, sealed with ChaCha20-Poly1305.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPart {
    /// Which version it is.
    pub version: u32,
    /// The number used once.
    pub nonce: [u8; 12],
    /// The sealed bytes with the tag at the end.
    pub ciphertext: Vec<u8>,
    /// Additional data that the seal of the bytes covers; empty for none.
    pub associated_data: Vec<u8>,
    /// The key; only after the reveal.
    pub key: Option<[u8; 32]>,
}

/// A further file of the package, such as the PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// Plain file name. `case.json` is the JSON export, whose content is checked against the log by `verify`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// SHA-256 over the instances of a study: one line `<SOP Instance UID> <SHA-256>` with a line feed for each, sorted.
pub fn manifest_digest(study: &StudyRef) -> Sha256 {
    study.manifest_digest()
}

/// Packs a case so that anybody can check it with [`crate::verify_package`]: its log, its seals, the digests of its images,
/// the sealed first report, and the files that were made from it.
///
/// `entries` is the whole log of the case. The package names the patient, since the log does; it cannot be de-identified
/// without breaking its chain.
///
/// # Errors
/// When the log is not that of the case, when a key is offered while the case is blinded, when a name cannot be a part or
/// when everything together is too large.
pub fn package(
    case: &Case,
    entries: &[Entry],
    report: Option<&ReportPart>,
    extras: &[Extra],
) -> Result<Vec<u8>, ExchangeError> {
    match entries.last() {
        Some(last) if last.case == *case.id() => {
            if last.hash != *case.log_head() || entries.len() as u64 != case.n_entries() {
                return Err(ExchangeError::LogDiffers);
            }
        }
        _ => return Err(ExchangeError::NoLog),
    }
    if case.is_blinded() && report.is_some_and(|report| report.key.is_some()) {
        return Err(ExchangeError::Blinded);
    }
    let mut parts = vec![
        (LOG.to_owned(), log_lines(entries)?),
        (SEALS.to_owned(), lines_of(&seals_json(case))?),
        (STUDY.to_owned(), lines_of(&study_manifest(case))?),
    ];
    if let Some(report) = report {
        parts.push((
            report_json_name(report.version),
            lines_of(&report_json(report))?,
        ));
        parts.push((report_bytes_name(report.version), report.ciphertext.clone()));
    }
    parts.extend(
        extras
            .iter()
            .map(|extra| (extra.name.clone(), extra.bytes.clone())),
    );
    let manifest = lines_of(&manifest(case, &parts))?;
    parts.insert(0, (MANIFEST.to_owned(), manifest));
    container::write(&parts)
}

/// The list of the parts with their digests.
fn manifest(case: &Case, parts: &[Part]) -> Value {
    let part = |(name, bytes): &Part| json!({ "name": name, "sha256": Sha256::of(bytes), "n_bytes": bytes.len() });
    json!({
        "schema": SCHEMA,
        "case": case.id(),
        "log": { "n_entries": case.n_entries(), "head": case.log_head() },
        "parts": parts.iter().map(part).collect::<Vec<_>>(),
    })
}

/// The seals as they follow from the log.
pub(crate) fn seals_json(case: &Case) -> Value {
    json!({ "schema": "overread.seals/1", "case": case.id(), "seals": seals(case) })
}

/// The images as they follow from the log.
pub(crate) fn study_manifest(case: &Case) -> Value {
    let study = |study: &StudyRef| {
        let mut items: Vec<_> = study.manifest.iter().collect();
        items.sort();
        json!({
            "study_instance_uid": study.study_instance_uid,
            "manifest_sha256": manifest_digest(study),
            "instances": items,
        })
    };
    json!({
        "schema": "overread.study-manifest/1",
        "current": case.study().map(study),
        "priors": case.priors().iter().map(study).collect::<Vec<_>>(),
    })
}

pub(crate) fn report_json_name(version: u32) -> String {
    format!("first-report-{version}.json")
}

pub(crate) fn report_bytes_name(version: u32) -> String {
    format!("first-report-{version}.sealed")
}

/// How the sealed bytes of a report are opened.
pub(crate) fn report_json(report: &ReportPart) -> Value {
    json!({
        "schema": "overread.sealed-report/1",
        "version": report.version,
        "cipher": "ChaCha20-Poly1305",
        "nonce": hex_from_bytes(&report.nonce),
        "associated_data": hex_from_bytes(&report.associated_data),
        "key": report.key.as_ref().map(|key| hex_from_bytes(key)),
    })
}

/// One entry a line, each in the one form that [`crate::verify_package`] accepts.
fn log_lines(entries: &[Entry]) -> Result<Vec<u8>, ExchangeError> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// JSON as the parts of a package hold it: for people to read, with a line feed at the end.
pub(crate) fn lines_of(value: &Value) -> Result<Vec<u8>, ExchangeError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
