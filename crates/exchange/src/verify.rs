use std::collections::BTreeMap;

use case::{Actor, Blinding, Case, CaseId, Entry, Sha256, Timestamp};
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use serde::Serialize;
use serde_json::Value;

use crate::chain::{replayed, was_exported};
use crate::container;
use crate::package::{self, CASE_JSON, LOG, MANIFEST, SEALS, STUDY};
use crate::seal::bytes_from_hex;
use crate::{Deidentify, OutputContext, ReportPart};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable name, for instance `chain`, `seal`, `part:report.pdf`.
    pub name: String,
    /// Is it as it should be?
    pub ok: bool,
    /// What was found, one clause.
    pub text: String,
}

/// What checking a package or a log came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Did every check pass?
    pub ok: bool,
    /// The case; `None` when its log cannot be read.
    pub case_id: Option<CaseId>,
    /// Whose read it is, by the log; `None` when unread or not readable.
    pub reader: Option<Actor>,
    /// The key that sealed a certificate's read, hexadecimal; `None` elsewhere, where each seal names its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// When the second read was sealed; `None` when it was not.
    pub sealed_at: Option<Timestamp>,
    /// When the comparison was signed; `None` when it was not.
    pub signed_at: Option<Timestamp>,
    /// Was the first report closed until the seal? `None` while that is still open.
    pub blinded: Option<bool>,
    /// In the order they were made.
    pub checks: Vec<Check>,
}

impl Verification {
    pub(crate) fn add(&mut self, name: impl Into<String>, result: Result<String, String>) {
        let ok = result.is_ok();
        self.checks.push(Check {
            name: name.into(),
            ok,
            text: result.unwrap_or_else(|text| text),
        });
    }

    pub(crate) fn set_facts(&mut self, case: &Case) {
        self.case_id = Some(case.id().clone());
        self.reader = case.reader().cloned();
        self.sealed_at = case.read().seal.as_ref().map(|(_, at)| at.clone());
        let signed = case
            .comparison()
            .and_then(|comparison| comparison.seal.as_ref());
        self.signed_at = signed.map(|(_, at)| at.clone());
        let early = matches!(case.blinding(), Blinding::RevealedEarly { .. });
        self.blinded = (early || self.sealed_at.is_some()).then_some(!early);
    }

    pub(crate) fn finish(mut self) -> Self {
        self.ok = !self.checks.is_empty() && self.checks.iter().all(|check| check.ok);
        self
    }
}

/// Checks a package: that no byte of it is other than it was written, that its log chains, that its seals cover what they
/// say and are signed, that the first report was opened after the seal, and that its files say what the log says.
///
/// Never fails: what cannot be read does not verify.
pub fn verify_package(bytes: &[u8]) -> Verification {
    let mut verification = Verification::default();
    let parts = match container::read(bytes) {
        Ok(parts) => parts,
        Err(reason) => {
            verification.add(
                "container",
                Err(format!("this is not an unaltered package: {reason}")),
            );
            return verification.finish();
        }
    };
    verification.add(
        "container",
        Ok(format!(
            "the package has {} parts and no byte besides them",
            parts.len()
        )),
    );
    let parts: BTreeMap<String, Vec<u8>> = parts.into_iter().collect();
    check_part_digests(&parts, &mut verification);
    match log_entries(&parts) {
        Ok(entries) => check_content(&parts, &entries, &mut verification),
        Err(reason) => verification.add("log", Err(reason)),
    }
    verification.finish()
}

/// Every part has the digest that the manifest says, and the manifest names every part.
fn check_part_digests(parts: &BTreeMap<String, Vec<u8>>, verification: &mut Verification) {
    let manifest = match canonical_json(parts, MANIFEST) {
        Ok(manifest) => manifest,
        Err(reason) => return verification.add("manifest", Err(reason)),
    };
    if manifest.get("schema").and_then(Value::as_str) != Some(package::SCHEMA) {
        return verification.add(
            "manifest",
            Err(format!("it is not of the form {}", package::SCHEMA)),
        );
    }
    let listed = manifest
        .get("parts")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let digest_of = |name: &str| {
        let part = listed
            .iter()
            .find(|part| part.get("name").and_then(Value::as_str) == Some(name))?;
        part.get("sha256").and_then(Value::as_str)
    };
    for (name, bytes) in parts.iter().filter(|(name, _)| name.as_str() != MANIFEST) {
        let result = match digest_of(name) {
            Some(digest) if digest == Sha256::of(bytes).as_str() => {
                Ok(format!("{} bytes with the digest listed", bytes.len()))
            }
            Some(_) => Err("its digest is not the one listed".to_owned()),
            None => Err("the manifest does not list it".to_owned()),
        };
        verification.add(format!("part:{name}"), result);
    }
    let complete = listed.len() + 1 == parts.len();
    let text = format!("the manifest lists {} parts", listed.len());
    verification.add(
        "manifest",
        if complete {
            Ok(text)
        } else {
            Err(format!("{text}, the package has others"))
        },
    );
}

/// The log, each line in the one form it is written in.
pub(crate) fn log_entries(parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Entry>, String> {
    let bytes = parts
        .get(LOG)
        .ok_or_else(|| format!("the package has no {LOG}"))?;
    let text = std::str::from_utf8(bytes).map_err(|_| "the log is not text".to_owned())?;
    let body = text
        .strip_suffix('\n')
        .ok_or_else(|| "the log does not end with a whole line".to_owned())?;
    let mut entries = Vec::new();
    for (idx, line) in body.split('\n').enumerate() {
        let entry: Entry = serde_json::from_str(line)
            .map_err(|_| format!("line {} of the log is not an entry", idx + 1))?;
        // Unknown fields, other numbers of the same value and the like would be outside the hash.
        if serde_json::to_string(&entry).ok().as_deref() != Some(line) {
            return Err(format!(
                "line {} of the log is not in the form it was written in",
                idx + 1
            ));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn check_content(
    parts: &BTreeMap<String, Vec<u8>>,
    entries: &[Entry],
    verification: &mut Verification,
) {
    let Some(case) = replayed(entries, verification) else {
        return;
    };
    verification.set_facts(&case);
    verification.add("log_head", log_head(parts, &case));
    verification.add(
        "seals_listed",
        derived(parts, SEALS, &package::seals_json(&case)),
    );
    verification.add(
        "study_manifest",
        derived(parts, STUDY, &package::study_manifest(&case)),
    );
    for report in case.reports() {
        if let Some(result) = report_check(parts, &case, report.version, &report.sha256) {
            verification.add(format!("first_report:{}", report.version), result);
        }
    }
    verification.add("first_report_listed", reports_belong(parts, &case));
    if parts.contains_key(CASE_JSON) {
        verification.add("case_json", case_json(parts, entries));
    }
    for (name, bytes) in parts.iter().filter(|(name, _)| name.ends_with(".pdf")) {
        let text = if was_exported(entries, &Sha256::of(bytes)) {
            "the log records a file with this digest"
        } else {
            "only the manifest vouches for this file, the log does not record it"
        };
        verification.add(format!("recorded:{name}"), Ok(text.to_owned()));
    }
}

fn log_head(parts: &BTreeMap<String, Vec<u8>>, case: &Case) -> Result<String, String> {
    let manifest = canonical_json(parts, MANIFEST)?;
    let log = manifest.get("log");
    let head = log.and_then(|log| log.get("head")).and_then(Value::as_str);
    let n_entries = log
        .and_then(|log| log.get("n_entries"))
        .and_then(Value::as_u64);
    let id = manifest.get("case").and_then(Value::as_str);
    if head == Some(case.log_head().as_str())
        && n_entries == Some(case.n_entries())
        && id == Some(case.id().as_str())
    {
        return Ok("the log ends where the manifest says".to_owned());
    }
    Err("the log does not end where the manifest says, or is of another case".to_owned())
}

/// A part that follows from the log must be what follows.
fn derived(
    parts: &BTreeMap<String, Vec<u8>>,
    name: &str,
    expected: &Value,
) -> Result<String, String> {
    if canonical_json(parts, name)? == *expected {
        return Ok(format!("{name} says what the log says"));
    }
    Err(format!("{name} says other than the log"))
}

/// The first report, when the package has it: with its key, the bytes must be those that were attached.
fn report_check(
    parts: &BTreeMap<String, Vec<u8>>,
    case: &Case,
    version: u32,
    attached: &Sha256,
) -> Option<Result<String, String>> {
    let ciphertext = parts.get(&package::report_bytes_name(version))?;
    let name = package::report_json_name(version);
    let envelope = match canonical_json(parts, &name) {
        Ok(envelope) => envelope,
        Err(reason) => return Some(Err(reason)),
    };
    let hex = |field: &str| {
        let text = envelope.get(field).and_then(Value::as_str);
        text.and_then(bytes_from_hex)
    };
    let sealed = ReportPart {
        version,
        nonce: hex("nonce")
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or_default(),
        ciphertext: ciphertext.clone(),
        associated_data: hex("associated_data").unwrap_or_default(),
        key: hex("key").and_then(|bytes| bytes.try_into().ok()),
    };
    // Rebuilding it also finds fields that were added and values that are no hexadecimal digits.
    if package::report_json(&sealed) != envelope {
        return Some(Err(format!(
            "{name} is not of the form that it should have"
        )));
    }
    Some(match opened(&sealed) {
        Opened::NoKey => Ok(
            "the sealed bytes are here, the key is not: their content was not checked".to_owned(),
        ),
        _ if case.is_blinded() => Err("the key is here although the case is blinded".to_owned()),
        Opened::Plain(plain) if Sha256::of(&plain) == *attached => {
            Ok("its bytes are those that were attached".to_owned())
        }
        Opened::Plain(_) => Err("its bytes are not those that were attached".to_owned()),
        Opened::Refused => Err("its sealed bytes do not open with the key that is here".to_owned()),
    })
}

/// What trying to open sealed bytes came to.
enum Opened {
    NoKey,
    Plain(Vec<u8>),
    /// Key, nonce or bytes do not fit each other.
    Refused,
}

fn opened(report: &ReportPart) -> Opened {
    let Some(key) = report.key else {
        return Opened::NoKey;
    };
    let payload = Payload {
        msg: &report.ciphertext,
        aad: &report.associated_data,
    };
    let plain = ChaCha20Poly1305::new(&key.into()).decrypt(&report.nonce.into(), payload);
    plain.map_or(Opened::Refused, Opened::Plain)
}

/// No report stands in the package that the log does not know.
fn reports_belong(parts: &BTreeMap<String, Vec<u8>>, case: &Case) -> Result<String, String> {
    let known: Vec<String> = case
        .reports()
        .iter()
        .flat_map(|report| {
            [
                package::report_json_name(report.version),
                package::report_bytes_name(report.version),
            ]
        })
        .collect();
    let names = parts
        .keys()
        .filter(|name| name.starts_with("first-report-"));
    match names.into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(format!("{name} is of a report that the log does not know")),
        None => Ok("every report in the package is one that the log knows".to_owned()),
    }
}

/// The JSON export must be what its case said when it was made: it is made again from the log up to that entry.
fn case_json(parts: &BTreeMap<String, Vec<u8>>, entries: &[Entry]) -> Result<String, String> {
    let packed = parts
        .get(CASE_JSON)
        .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let packed = packed.ok_or_else(|| format!("{CASE_JSON} is not JSON"))?;
    let text = |path: &str| {
        packed
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let n_entries = packed
        .pointer("/log/n_entries")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n).ok());
    let upto = n_entries
        .and_then(|n| entries.get(..n))
        .ok_or_else(|| format!("{CASE_JSON} is not of this log"))?;
    let id = entries
        .first()
        .map(|entry| entry.case.clone())
        .unwrap_or_else(|| CaseId::new(""));
    let case = Case::replay(id, upto).map_err(|broken| broken.to_string())?;
    let context = OutputContext {
        build: text("/program/version").to_owned(),
        printed_at: Timestamp::new(text("/printed/at")),
        actor: Actor::new(text("/printed/by")),
        deidentify: if packed.get("deidentified") == Some(&Value::Bool(true)) {
            Deidentify::Yes
        } else {
            Deidentify::No
        },
    };
    match first_difference(&packed, &crate::json(&case, &context), "") {
        None => Ok(format!("{CASE_JSON} says what the log says")),
        Some(path) => Err(format!("{CASE_JSON} says other than the log at '{path}'")),
    }
}

/// Where something in `packed` is not in `expected`. A later version may say more, never less or other.
fn first_difference(packed: &Value, expected: &Value, path: &str) -> Option<String> {
    match (packed, expected) {
        (Value::Object(packed), Value::Object(expected)) => {
            packed.iter().find_map(|(name, value)| {
                let path = format!("{path}/{name}");
                match expected.get(name) {
                    Some(expected) => first_difference(value, expected, &path),
                    None => Some(path),
                }
            })
        }
        (Value::Array(packed), Value::Array(expected)) if packed.len() == expected.len() => packed
            .iter()
            .zip(expected)
            .enumerate()
            .find_map(|(idx, (packed, expected))| {
                first_difference(packed, expected, &format!("{path}/{idx}"))
            }),
        (packed, expected) => (packed != expected).then(|| path.to_owned()),
    }
}

/// A JSON part, refused unless its bytes are the one form that it is written in.
fn canonical_json(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> Result<Value, String> {
    let bytes = parts
        .get(name)
        .ok_or_else(|| format!("the package has no {name}"))?;
    let value: Value = serde_json::from_slice(bytes).map_err(|_| format!("{name} is not JSON"))?;
    match package::lines_of(&value) {
        Ok(written) if written == *bytes => Ok(value),
        _ => Err(format!("{name} is not in the form it was written in")),
    }
}
