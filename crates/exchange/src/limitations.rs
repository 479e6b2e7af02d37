use case::{Blinding, Case, Settled};

use crate::words::{self, NOT_FOR_DIAGNOSIS, PROGRAM};

/// The lines that every output of a case carries: what it is not for, which program made it, whether the read was blinded,
/// what was not as it should be, and how far its record can be trusted.
pub fn limitations(case: &Case) -> Vec<String> {
    limitations_by(case, env!("CARGO_PKG_VERSION"))
}

/// The same for an output that another build makes or made.
pub(crate) fn limitations_by(case: &Case, build: &str) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{NOT_FOR_DIAGNOSIS}. This document serves the comparison of two reads; it does not replace the report of the responsible radiologist."
        ),
        format!("Made with {PROGRAM} {build}."),
        blinding_line(case),
    ];
    lines.extend(comparison_line(case));
    lines.extend(late_report_lines(case));
    lines.extend(case.read().limitations.iter().cloned());
    // What was accepted before the seal usually stands in the limitations of the seal already.
    let warnings = case
        .completeness()
        .iter()
        .filter(|item| item.severity == "warning");
    for item in warnings.filter(|item| {
        !case
            .read()
            .limitations
            .iter()
            .any(|line| line.contains(&item.text))
    }) {
        let settled = match item.settled {
            Settled::Yes => "accepted before the read",
            Settled::No => "not settled",
        };
        lines.push(format!(
            "Study as received: {} ({settled}).",
            item.text.trim_end_matches('.')
        ));
    }
    lines.extend(key_line(case));
    lines.push(
        "The record is kept on one machine. It is tamper-evident, not tamper-proof: a change after signing is found by \
         'overread verify', but whoever holds the machine and the key could make another record."
            .to_owned(),
    );
    lines
}

/// What an output says at its very top when the read was not blinded; `None` otherwise.
pub(crate) fn not_blinded_line(case: &Case) -> Option<String> {
    match case.blinding() {
        Blinding::RevealedEarly { at, reason } => Some(format!(
            "The first report was opened before the seal at {}: this read was not blinded. Reason given: {}",
            words::time(at),
            ended(reason)
        )),
        Blinding::Blinded | Blinding::RevealedAfterSeal { .. } => None,
    }
}

fn blinding_line(case: &Case) -> String {
    let sealed = case.read().seal.as_ref().map(|(_, at)| words::time(at));
    match (case.blinding(), sealed) {
        (Blinding::RevealedEarly { .. }, _) => not_blinded_line(case).unwrap_or_default(),
        (Blinding::RevealedAfterSeal { at }, Some(sealed)) => format!(
            "The read was blinded: it was sealed at {sealed}, the first report was opened at {}.",
            words::time(at)
        ),
        (Blinding::RevealedAfterSeal { at }, None) => {
            format!("The first report was opened at {}, and the record holds no seal before it.", words::time(at))
        }
        (Blinding::Blinded, Some(sealed)) => {
            format!("The read was sealed at {sealed}. The first report is still closed, so nothing of it is in here.")
        }
        (Blinding::Blinded, None) => {
            "The read is not sealed yet and may still change. The first report is closed, so nothing of it is in here."
                .to_owned()
        }
    }
}

/// Versions of the first report that came after the comparison.
pub(crate) fn late_report_lines(case: &Case) -> Vec<String> {
    let compared = case
        .comparison()
        .filter(|_| !case.is_blinded())
        .map(|comparison| comparison.report_version);
    let Some(compared) = compared else {
        return Vec::new();
    };
    let late = case.reports_not_compared().map(|report| {
        format!(
            "Version {} of the first report ({}) came after the comparison, which speaks of version {compared}.",
            report.version,
            words::report_status(report.status)
        )
    });
    late.collect()
}

fn comparison_line(case: &Case) -> Option<String> {
    let comparison = case.comparison().filter(|_| !case.is_blinded())?;
    if comparison.seal.is_some() {
        return None;
    }
    Some(match case.n_pending_verdicts() {
        0 => "The comparison is not signed yet and may still change.".to_owned(),
        1 => "The comparison is not signed yet: one row has no verdict of the reader.".to_owned(),
        n => format!("The comparison is not signed yet: {n} rows have no verdict of the reader."),
    })
}

fn key_line(case: &Case) -> Option<String> {
    let read = case.read().seal.as_ref();
    let comparison = case
        .comparison()
        .and_then(|comparison| comparison.seal.as_ref());
    let unprotected = read
        .into_iter()
        .chain(comparison)
        .any(|(seal, _)| !seal.key_protected);
    unprotected.then(|| "Unprotected key: no passphrase protects the key that signed.".to_owned())
}

/// The words with a full stop.
fn ended(text: &str) -> String {
    let text = text.trim();
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{text}{stop}")
}
