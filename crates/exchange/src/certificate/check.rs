use case::{Event, FirstReportThen, SealRecord, SealStage, Sha256, chain_hash};
use ed25519_dalek::{Signature, VerifyingKey};

use super::words::{entry_of, sentences};
use super::{Certificate, Milestone, Reveal, SCHEMA};
use crate::seal::{bytes_from_hex, check_signature};
use crate::verify::Verification;

/// Checks an independence certificate by itself: that no byte is other than it was written, that its seals are signed and
/// say what it says, that they and the reveal name each other in order, and that its sentences follow from that.
///
/// Never fails: what cannot be read does not verify.
pub fn verify_certificate(bytes: &[u8]) -> Verification {
    let mut verification = Verification::default();
    if let Some(certificate) = read(bytes, &mut verification) {
        check(&certificate, &mut verification);
    }
    verification.finish()
}

/// The certificate in some bytes, with the check of its form.
pub(super) fn read(bytes: &[u8], verification: &mut Verification) -> Option<Certificate> {
    let certificate = match serde_json::from_slice::<Certificate>(bytes) {
        Ok(certificate) if certificate.schema == SCHEMA => certificate,
        Ok(_) => {
            verification.add("form", Err(format!("it is not of the form {SCHEMA}")));
            return None;
        }
        Err(_) => {
            verification.add(
                "form",
                Err("this is no certificate, or a part of it was removed or added".to_owned()),
            );
            return None;
        }
    };
    let same = certificate.bytes().is_ok_and(|written| written == bytes);
    verification.add(
        "form",
        match same {
            true => Ok("every byte is in the form it was written in".to_owned()),
            false => Err("some bytes are not in the form they were written in".to_owned()),
        },
    );
    Some(certificate)
}

pub(super) fn check(certificate: &Certificate, verification: &mut Verification) {
    facts(certificate, verification);
    verification.add("issuer", issuer(certificate));
    verification.add("protocol", protocol(certificate));
    for milestone in &certificate.milestones {
        match milestone {
            Milestone::Seal { record, .. } => {
                let name = match record.stage {
                    SealStage::ReadingStage => "seal:stage",
                    SealStage::SecondRead => "seal:second_read",
                    SealStage::Comparison => "seal:comparison",
                    SealStage::ThirdRead => "seal:third_read",
                };
                verification.add(name, seal(certificate, record));
            }
            Milestone::Reveal {
                seq,
                entry,
                prev,
                body,
            } => verification.add("reveal", reveal(certificate, *seq, (entry, prev, body))),
            Milestone::EarlyReveal { .. } => verification.add(
                "reveal",
                Ok(
                    "the first report was opened before the seal; the entry is given by its hash"
                        .to_owned(),
                ),
            ),
        }
    }
    verification.add("links", links(certificate));
    verification.add("between", between(certificate));
    verification.add("order", order(certificate));
    let (proves, does_not) = sentences(certificate);
    let same = certificate.proves == proves && certificate.does_not_prove == does_not;
    verification.add(
        "words",
        match same {
            true => Ok("its sentences follow from what it shows".to_owned()),
            false => Err("its sentences say other than what it shows".to_owned()),
        },
    );
}

fn facts(certificate: &Certificate, verification: &mut Verification) {
    let course = certificate.course();
    verification.case_id = Some(certificate.case.clone());
    verification.reader = Some(certificate.reader.clone());
    verification.sealed_at = course.read.map(|(at, _)| at.clone());
    verification.public_key = course.read.map(|(_, seal)| seal.public_key.clone());
    let signed = course.later.iter().rev();
    let mut signed = signed.filter(|(_, seal)| seal.stage == SealStage::Comparison);
    verification.signed_at = signed.next().map(|(at, _)| (*at).clone());
    verification.blinded = course.read.map(|(_, seal)| {
        let closed_then = seal
            .claims
            .as_ref()
            .is_none_or(|claims| claims.first_report == FirstReportThen::Closed);
        closed_then && !matches!(course.reveal, Reveal::Early(_))
    });
}

fn issuer(certificate: &Certificate) -> Result<String, String> {
    let issuer = certificate
        .issuer
        .as_ref()
        .ok_or("nobody signed this certificate")?;
    let fixed = |text: &str| bytes_from_hex(text).unwrap_or_default();
    let key: [u8; 32] = fixed(&issuer.public_key)
        .try_into()
        .map_err(|_| "the issuer's key is not 64 hexadecimal digits")?;
    let signature: [u8; 64] = fixed(&issuer.signature)
        .try_into()
        .map_err(|_| "the issuer's signature is not 128 hexadecimal digits")?;
    let key =
        VerifyingKey::from_bytes(&key).map_err(|_| "the issuer's key is not an Ed25519 key")?;
    let message = certificate.message().map_err(|error| error.to_string())?;
    key.verify_strict(&message, &Signature::from_bytes(&signature))
        .map_err(|_| "something in the file is other than when its issuer signed it")?;
    let same = certificate
        .course()
        .read
        .is_some_and(|(_, seal)| seal.public_key == issuer.public_key);
    Ok(match same {
        true => "the whole file is signed with the key that sealed the read".to_owned(),
        false => "the whole file is signed, with another key than the one that sealed the read"
            .to_owned(),
    })
}

fn protocol(certificate: &Certificate) -> Result<String, String> {
    if certificate.protocol.digest() != certificate.protocol_sha256 {
        return Err("the protocol does not fit its hash".to_owned());
    }
    Ok(format!(
        "the protocol is {} with the hash given",
        certificate.protocol.label()
    ))
}

fn seal(certificate: &Certificate, seal: &SealRecord) -> Result<String, String> {
    check_signature(seal)?;
    let Some(claims) = &seal.claims else {
        return Ok("its signature holds; it is of an older form that says nothing else".to_owned());
    };
    if seal.digest != claims.digest() {
        return Err("what it says is not what was signed".to_owned());
    }
    if claims.case != certificate.case {
        return Err("it is the seal of another case".to_owned());
    }
    if claims.stage != seal.stage {
        return Err("it is the seal of something else".to_owned());
    }
    if claims.protocol_sha256 != certificate.protocol_sha256 {
        return Err("it was made under another protocol".to_owned());
    }
    Ok("its signature holds, and covers case, protocol, images and what was open".to_owned())
}

fn reveal(
    certificate: &Certificate,
    seq: u64,
    (entry, prev, body): (&Sha256, &Sha256, &str),
) -> Result<String, String> {
    if chain_hash(body.as_bytes(), prev) != *entry {
        return Err("its entry does not fit its hash".to_owned());
    }
    let event = entry_of(body).filter(|read| read.case == certificate.case && read.seq == seq);
    match event.map(|read| read.event) {
        Some(Event::Revealed { .. }) => {
            Ok("its entry fits its hash and is of this case".to_owned())
        }
        Some(_) => Err("its entry is not that of a reveal".to_owned()),
        None => Err("its entry is of another case or place".to_owned()),
    }
}

/// Each milestone names the one before it.
fn links(certificate: &Certificate) -> Result<String, String> {
    let mut before: Option<Sha256> = None;
    let mut last_seq = 0;
    let mut n_links = 0;
    for (idx, milestone) in certificate.milestones.iter().enumerate() {
        let (seq, named, name) = match milestone {
            Milestone::Seal { seq, record, .. } => (
                *seq,
                record.claims.as_ref().map(|claims| claims.follows.clone()),
                record.name(),
            ),
            Milestone::Reveal {
                seq, entry, body, ..
            } => (*seq, Some(follows(body)), entry.clone()),
            Milestone::EarlyReveal { seq, entry, .. } => (*seq, None, entry.clone()),
        };
        if seq <= last_seq || certificate.log.n_entries < seq {
            return Err(format!("milestone {} is not in its place", idx + 1));
        }
        // Of what was made by an older version nothing is named, neither by itself nor by the reveal after it.
        let of_older = before.is_none() && idx == 0;
        match named {
            Some(named) if named == before => n_links += usize::from(!of_older),
            Some(None) if matches!(milestone, Milestone::Reveal { .. }) && !shown(certificate) => {}
            Some(_) => return Err(format!("milestone {} names another one before it", idx + 1)),
            None => {}
        }
        (before, last_seq) = (Some(name), seq);
    }
    Ok(format!("{n_links} milestones name the one before them"))
}

/// Does the seal of the read say what came before?
fn shown(certificate: &Certificate) -> bool {
    let read = certificate.course().read;
    read.is_some_and(|(_, seal)| seal.claims.is_some())
}

fn follows(body: &str) -> Option<Sha256> {
    match entry_of(body)?.event {
        Event::Revealed { follows } => follows,
        _ => None,
    }
}

/// Entries between seal and reveal follow each other as far as they are shown.
fn between(certificate: &Certificate) -> Result<String, String> {
    let place = |milestone: &Milestone| match milestone {
        Milestone::Seal {
            seq, entry, record, ..
        } if record.stage == SealStage::SecondRead => Some((*seq, entry.clone())),
        _ => None,
    };
    let Some((mut seq, mut prev)) = certificate.milestones.iter().find_map(place) else {
        return Err("the certificate holds no seal of a second read".to_owned());
    };
    let mut n_shown = 0;
    for link in &certificate.between {
        seq += 1;
        if link.seq != seq {
            return Err(format!("entry {} is missing or out of place", seq));
        }
        if let Some(body) = &link.body {
            let fits = entry_of(body).is_some_and(|entry| {
                entry.case == certificate.case
                    && entry.seq == seq
                    && entry.event.kind() == link.kind
            });
            if !fits || chain_hash(body.as_bytes(), &prev) != link.entry {
                return Err(format!("entry {seq} does not fit its hash"));
            }
            n_shown += 1;
        }
        prev = link.entry.clone();
    }
    let reveal = certificate
        .milestones
        .iter()
        .find_map(|milestone| match milestone {
            Milestone::Reveal { seq, prev, .. } => Some((*seq, prev)),
            _ => None,
        });
    match reveal {
        Some((at, before)) if at != seq + 1 || *before != prev => {
            Err("the entries listed do not lead from the seal to the reveal".to_owned())
        }
        None if !certificate.between.is_empty() => {
            Err("entries are listed before a reveal that is not there".to_owned())
        }
        Some(_) => Ok(format!(
            "{} entries stand between seal and reveal, {n_shown} of them shown whole",
            certificate.between.len()
        )),
        None => Ok("there is no reveal after the seal".to_owned()),
    }
}

fn order(certificate: &Certificate) -> Result<String, String> {
    let course = certificate.course();
    let Some((_, read)) = course.read else {
        return Err("the certificate holds no seal of a second read".to_owned());
    };
    let then = read.claims.as_ref().map(|claims| claims.first_report);
    match (course.reveal, then) {
        (Reveal::Early(_), Some(FirstReportThen::OpenedEarly) | None) => {
            Ok("the first report was opened before the seal: the read was not blinded".to_owned())
        }
        (Reveal::AfterSeal(_), Some(FirstReportThen::Closed)) => Ok(
            "the seal says the first report was closed, and the reveal names the seal: sealed before it was opened".to_owned(),
        ),
        (Reveal::Closed, Some(FirstReportThen::Closed)) => {
            Ok("the seal says the first report was closed, and it has not been opened since".to_owned())
        }
        (Reveal::AfterSeal(_), None) => Ok(
            "the log has the reveal after the seal; older seals do not show it by themselves".to_owned(),
        ),
        (Reveal::Closed, None) => Ok("the read is sealed and the log has no reveal".to_owned()),
        (Reveal::Early(_) | Reveal::AfterSeal(_) | Reveal::Closed, Some(_)) => {
            Err("the seal says otherwise than the milestones when the first report was opened".to_owned())
        }
    }
}
