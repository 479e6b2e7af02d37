use case::{Disclosure, Entry, FirstReportThen, SealRecord, SealStage, Sha256};

use super::{Certificate, Reveal};
use crate::words::time;

/// What a certificate proves and what it does not, in sentences that follow from its facts.
pub(crate) fn sentences(certificate: &Certificate) -> (Vec<String>, Vec<String>) {
    (proves(certificate), does_not_prove(certificate))
}

fn proves(certificate: &Certificate) -> Vec<String> {
    let course = certificate.course();
    let mut lines = Vec::new();
    for (idx, (at, seal)) in course.stages.iter().enumerate() {
        lines.push(format!(
            "Stage {} of the read was sealed at {}{}.",
            idx + 1,
            time(at),
            opened(seal)
        ));
    }
    if let Some((at, seal)) = course.read {
        lines.push(format!(
            "The second read of case {} was sealed at {} with the key that begins with {}; what is sealed has the SHA-256 {}.",
            certificate.case,
            time(at),
            start(&seal.public_key),
            content(seal),
        ));
        lines.extend(blinding(certificate, seal));
        if seal.claims.is_some() {
            lines.push(format!(
                "The same seal covers the images that were read and the protocol, {} of version {}.",
                certificate.protocol.id, certificate.protocol.version
            ));
        }
    }
    for (at, seal) in course.later {
        let what = match seal.stage {
            SealStage::ThirdRead => "The third read",
            _ => "The comparison",
        };
        lines.push(format!(
            "{what} was signed at {} with the key that begins with {}.",
            time(at),
            start(&seal.public_key)
        ));
    }
    lines
}

fn blinding(certificate: &Certificate, seal: &SealRecord) -> Vec<String> {
    let then = seal.claims.as_ref().map(|claims| claims.first_report);
    let mut lines = Vec::new();
    match then {
        Some(FirstReportThen::Closed) => lines.push(
            "The seal itself says that the first report was closed when it was made.".to_owned(),
        ),
        Some(FirstReportThen::OpenedEarly | FirstReportThen::OpenedAfterSeal) => lines.push(
            "The seal itself says that the first report had been opened before: this read was not blinded.".to_owned(),
        ),
        None => {}
    }
    match certificate.course().reveal {
        Reveal::Closed => {
            lines.push("The first report was still closed when this was written.".to_owned())
        }
        Reveal::Early(at) => lines.push(format!(
            "The first report was opened at {}, before the seal: this read was not blinded.",
            time(at)
        )),
        Reveal::AfterSeal(body) => {
            let Some(at) = entry_of(body).map(|entry| time(&entry.at)) else {
                return lines;
            };
            lines.push(if then.is_some() {
                format!(
                    "The first report was opened at {at}. The entry of the reveal names the seal, so the seal was there before."
                )
            } else {
                format!("By the log the first report was opened at {at}, after the seal.")
            });
        }
    }
    lines
}

fn does_not_prove(certificate: &Certificate) -> Vec<String> {
    let course = certificate.course();
    let mut lines = vec![
        "The record is kept on one machine whose administrator could have made another one from the start: this is \
         tamper-evident, not tamper-proof. A copy of a certificate that somebody else had before the reveal settles that."
            .to_owned(),
        "It does not prove who held the key, nor that the reader learned nothing of the first report outside the program."
            .to_owned(),
        "Times are those of the machine's clock. The order rests on the links between the seals and the reveal, not on the \
         times."
            .to_owned(),
        "It says nothing of whether the read is right.".to_owned(),
    ];
    let seals = || {
        course
            .stages
            .iter()
            .chain(&course.read)
            .chain(&course.later)
    };
    if seals().any(|(_, seal)| !seal.key_protected) {
        lines.push("No passphrase protects the key that sealed.".to_owned());
    }
    if seals().any(|(_, seal)| seal.claims.is_none()) {
        lines.push(
            "An older version of the program made seals of this record, which name neither what was open nor what came \
             before. For them the order is quoted from the log and not shown by links; check the package for that."
                .to_owned(),
        );
    }
    lines
}

/// SHA-256 of what is sealed.
pub(super) fn content(seal: &SealRecord) -> &Sha256 {
    seal.claims
        .as_ref()
        .map_or(&seal.digest, |claims| &claims.content)
}

/// The entry that a body is of, without its hashes.
pub(super) fn entry_of(body: &str) -> Option<Entry> {
    Entry::from_canonical(body.as_bytes(), Sha256::zero(), Sha256::zero()).ok()
}

fn start(key: &str) -> &str {
    key.get(..16).unwrap_or(key)
}

fn opened(seal: &SealRecord) -> String {
    let Some(claims) = &seal.claims else {
        return String::new();
    };
    let names: Vec<&str> = claims
        .opened
        .iter()
        .map(|what| match what {
            Disclosure::Images => "the images",
            Disclosure::Question => "the question",
            Disclosure::Priors => "the earlier studies",
        })
        .collect();
    format!(", with open to the reader: {}", names.join(", "))
}
