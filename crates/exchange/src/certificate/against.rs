use case::{CaseId, Entry, SealStage, Sha256};
use serde_json::Value;

use super::check::{check, read};
use super::{Certificate, Milestone, SCHEMA};
use crate::container;
use crate::verify::{Verification, log_entries};

/// Checks a certificate and whether another file is of the same record: a package, the JSON export, or another
/// certificate. That file is not checked itself; [`crate::verify_package`] does.
///
/// Never fails: what cannot be read does not verify.
pub fn verify_certificate_with(bytes: &[u8], other: &[u8]) -> Verification {
    matched(bytes, counterpart(other))
}

/// The same with the log of a stored case.
pub fn verify_certificate_with_log(bytes: &[u8], entries: &[Entry]) -> Verification {
    let other = entries
        .first()
        .map(|_| of_log(entries))
        .ok_or_else(|| "the log is empty".to_owned());
    matched(bytes, other)
}

/// What another file says of a record.
struct Counterpart {
    case: CaseId,
    /// Signature and key of every seal of the second read and its stages, in order.
    seals: Vec<(String, String)>,
    /// Hash of each entry, as far as they are known: number and hash.
    hashes: Vec<(u64, Sha256)>,
}

fn matched(bytes: &[u8], other: Result<Counterpart, String>) -> Verification {
    let mut verification = Verification::default();
    let Some(certificate) = read(bytes, &mut verification) else {
        return verification.finish();
    };
    check(&certificate, &mut verification);
    match other {
        Err(reason) => verification.add("other", Err(reason)),
        Ok(other) => {
            verification.add(
                "other:case",
                match other.case == certificate.case {
                    true => Ok("both are of the same case".to_owned()),
                    false => Err("the other file is of another case".to_owned()),
                },
            );
            verification.add("other:seals", same_seals(&certificate, &other));
            verification.add("other:log", same_log(&certificate, &other));
        }
    }
    verification.finish()
}

fn same_seals(certificate: &Certificate, other: &Counterpart) -> Result<String, String> {
    let seals = read_seals(certificate);
    if seals == other.seals {
        return Ok("both hold the same seals of the second read".to_owned());
    }
    let keys = |seals: &[(String, String)]| seals.iter().map(|s| s.1.clone()).collect::<Vec<_>>();
    Err(match keys(&seals) == keys(&other.seals) {
        true => "the other file holds another seal of the second read".to_owned(),
        false => "the other file is sealed with another key".to_owned(),
    })
}

fn same_log(certificate: &Certificate, other: &Counterpart) -> Result<String, String> {
    let mine = hashes(certificate);
    let mut n_same = 0;
    for (seq, hash) in &other.hashes {
        match mine.iter().find(|(known, _)| known == seq) {
            Some((_, known)) if known == hash => n_same += 1,
            Some(_) => {
                return Err(format!(
                    "entry {seq} of the log is another one in the other file"
                ));
            }
            None => {}
        }
    }
    Ok(format!(
        "{n_same} entries of the log were compared and are the same"
    ))
}

fn read_seals(certificate: &Certificate) -> Vec<(String, String)> {
    let course = certificate.course();
    let seals = course.stages.iter().chain(&course.read);
    seals
        .map(|(_, seal)| (seal.signature.clone(), seal.public_key.clone()))
        .collect()
}

/// Hashes of entries that a certificate gives.
fn hashes(certificate: &Certificate) -> Vec<(u64, Sha256)> {
    let milestones = certificate
        .milestones
        .iter()
        .map(|milestone| match milestone {
            Milestone::Seal { seq, entry, .. }
            | Milestone::Reveal { seq, entry, .. }
            | Milestone::EarlyReveal { seq, entry, .. } => (*seq, entry.clone()),
        });
    let links = certificate
        .between
        .iter()
        .map(|link| (link.seq, link.entry.clone()));
    let end = (certificate.log.n_entries, certificate.log.head.clone());
    milestones.chain(links).chain([end]).collect()
}

fn counterpart(bytes: &[u8]) -> Result<Counterpart, String> {
    if !bytes.starts_with(b"{") {
        let parts = container::read(bytes)
            .map_err(|reason| format!("the other file is not an unaltered package: {reason}"))?;
        let entries = log_entries(&parts.into_iter().collect())?;
        return Ok(of_log(&entries));
    }
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|_| "the other file is neither package nor JSON".to_owned())?;
    match value.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => {
            let other: Certificate = serde_json::from_value(value)
                .map_err(|_| "the other file is no whole certificate".to_owned())?;
            Ok(Counterpart {
                seals: read_seals(&other),
                hashes: hashes(&other),
                case: other.case,
            })
        }
        Some(crate::json::SCHEMA) => {
            of_json(&value).ok_or_else(|| "the JSON export lacks case, seals or log".to_owned())
        }
        _ => Err("the other file is no package, no JSON export and no certificate".to_owned()),
    }
}

fn of_json(value: &Value) -> Option<Counterpart> {
    let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let seals = value.get("seals")?.as_array()?;
    let of_read = |seal: &&Value| {
        let stage = seal.get("stage").and_then(Value::as_str);
        matches!(stage, Some("second_read" | "reading_stage"))
    };
    let log = value.get("log")?;
    Some(Counterpart {
        case: CaseId::new(text(value.get("case")?, "id")?),
        seals: seals
            .iter()
            .filter(of_read)
            .map(|seal| Some((text(seal, "signature")?, text(seal, "public_key")?)))
            .collect::<Option<Vec<_>>>()?,
        hashes: vec![(
            log.get("n_entries")?.as_u64()?,
            Sha256::new(text(log, "head")?),
        )],
    })
}

fn of_log(entries: &[Entry]) -> Counterpart {
    let of_read = |entry: &&Entry| {
        matches!(
            entry.event.seals(),
            Some(SealStage::ReadingStage | SealStage::SecondRead)
        )
    };
    let seals = entries.iter().filter(of_read);
    Counterpart {
        case: entries
            .first()
            .map_or_else(|| CaseId::new(""), |entry| entry.case.clone()),
        seals: seals
            .filter_map(|entry| entry.event.seal())
            .map(|seal| (seal.signature.clone(), seal.public_key.clone()))
            .collect(),
        hashes: entries
            .iter()
            .map(|entry| (entry.seq, entry.hash.clone()))
            .collect(),
    }
}
