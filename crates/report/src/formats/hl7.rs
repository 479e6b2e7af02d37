use case::ReportStatus;

use super::plain::decode;
use super::{Extracted, html, rtf};
use crate::error::ReadError;

/// An HL7 v2 message with observations (ORU^R01): the text of its OBX segments of type TX, FT, ST and CE.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ReadError> {
    let (message, warning) = decode(bytes);
    let mut extracted = Extracted::new("hl7", String::new());
    extracted.warnings.extend(warning);
    let mut last_heading = String::new();
    let mut n_other = 0_usize;
    for segment in message.split(['\r', '\n']) {
        let fields: Vec<&str> = segment.split('|').collect();
        let field = |number: usize| fields.get(number).copied().unwrap_or_default();
        let source = &mut extracted.source;
        match field(0) {
            "PID" => {
                source.patient_id = some(component(field(3), 0));
                let (family, given) = (component(field(5), 0), component(field(5), 1));
                source.patient_name =
                    some(format!("{family}^{given}").trim_end_matches('^').to_owned());
            }
            "OBR" => {
                source.accession = source
                    .accession
                    .take()
                    .or(some(component(field(18), 0)))
                    .or(some(component(field(3), 0)));
                source.issued = some(field(22).to_owned());
                source.study_date = some(field(7).chars().take(8).collect());
                source.author = some(name(field(32)));
                source.status = match field(25) {
                    "P" | "R" | "I" => Some(ReportStatus::Preliminary),
                    "A" => Some(ReportStatus::Addendum),
                    "F" | "C" => Some(ReportStatus::Final),
                    _ => None,
                };
            }
            "OBX" => match field(2) {
                "TX" | "FT" | "ST" | "CE" | "CWE" => {
                    put_observation(
                        &mut extracted.text,
                        &mut last_heading,
                        field(2),
                        field(3),
                        field(5),
                        field(11),
                    );
                    if field(11) == "B" {
                        extracted.source.status = Some(ReportStatus::Addendum);
                    }
                }
                _ => n_other += 1,
            },
            _ => {}
        }
    }
    if 0 < n_other {
        extracted.warnings.push(format!(
            "{n_other} observation(s) of the message hold no text and were left out"
        ));
    }
    if extracted.text.trim().is_empty() {
        return Err(ReadError::NoText { n_pages: 0 });
    }
    Ok(extracted)
}

fn put_observation(
    text: &mut String,
    last_heading: &mut String,
    kind: &str,
    identifier: &str,
    value: &str,
    status: &str,
) {
    // D: deleted, W: wrong, X: not obtained (HL7 table 0085).
    if matches!(status, "D" | "W" | "X") {
        return;
    }
    let heading = component(identifier, 1);
    if *last_heading != heading && !heading.is_empty() {
        text.push_str(&format!("\n{heading}:\n"));
        *last_heading = heading;
    }
    for repetition in value.split('~') {
        let words = if kind.starts_with('C') {
            component(repetition, 1)
        } else {
            unescape(repetition)
        };
        let words = if words.starts_with("{\\rtf") {
            rtf::extract(words.as_bytes()).text
        } else if words.contains("</") {
            html::text_of(&words)
        } else {
            words
        };
        text.push_str(&words);
        text.push('\n');
    }
}

fn component(field: &str, component_idx: usize) -> String {
    unescape(
        field
            .split('~')
            .next()
            .unwrap_or_default()
            .split('^')
            .nth(component_idx)
            .unwrap_or_default(),
    )
}

/// "12^Who^Ann" or "12&Who&Ann" as "Who, Ann".
fn name(field: &str) -> String {
    let parts: Vec<&str> = field
        .split(['^', '&'])
        .filter(|part| part.chars().any(char::is_alphabetic))
        .take(2)
        .collect();
    parts.join(", ")
}

fn some(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

/// Escape sequences of HL7 v2 chapter 2.7: delimiters, hexadecimal, line breaks.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at + 1..).unwrap_or_default();
        let Some(end) = tail.find('\\').filter(|end| *end <= 12) else {
            text.push('\\');
            rest = tail;
            continue;
        };
        let code = tail.get(..end).unwrap_or_default();
        match code {
            "F" => text.push('|'),
            "S" => text.push('^'),
            "T" => text.push('&'),
            "R" => text.push('~'),
            "E" => text.push('\\'),
            _ if code.starts_with(".br") || code.starts_with(".sp") => text.push('\n'),
            "X0D" | "X0A" | "X0D0A" => text.push('\n'),
            "H" | "N" => {}
            _ if code.starts_with('.') || code.starts_with('X') => text.push(' '),
            _ => {
                text.push('\\');
                rest = tail;
                continue;
            }
        }
        rest = tail.get(end + 1..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_status_and_header_are_read() {
        let message = "MSH|^~\\&|RIS|H|S|H|20260102||ORU^R01|1|P|2.5\rPID|1||77^^^H||Doe^Jane\rOBR|1|A1|F1|71260^CT Chest|||20260101|||||||||||ACC9||||20260102||CT|F|||||||12&Who&Ann\r\
            OBX|1|FT|19005-8^Impression||1. Nodule \\T\\ effusion.\\.br\\2. No rib fracture.||||||F\rOBX|2|ED|x||zzz||||||F\r";
        let extracted = extract(message.as_bytes()).unwrap();
        assert_eq!(
            extracted.text,
            "\nImpression:\n1. Nodule & effusion.\n2. No rib fracture.\n"
        );
        assert_eq!(extracted.source.patient_name.as_deref(), Some("Doe^Jane"));
        assert_eq!(extracted.source.accession.as_deref(), Some("ACC9"));
        assert_eq!(extracted.source.author.as_deref(), Some("Who, Ann"));
        assert_eq!(extracted.source.status, Some(ReportStatus::Final));
        assert_eq!(extracted.warnings.len(), 1);
    }
}
