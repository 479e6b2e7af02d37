use case::ReportStatus;
use serde_json::Value;

use super::{Extracted, html};
use crate::error::ReadError;

/// A FHIR DiagnosticReport as JSON, alone or in a bundle: conclusion, narrative, observations beside it.
pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ReadError> {
    let damaged = |why: String| ReadError::Damaged {
        what: "FHIR document",
        why,
    };
    // serde_json refuses nesting beyond 128 levels, so a hostile document ends here.
    let root: Value =
        serde_json::from_slice(bytes).map_err(|error| damaged(format!("line {}", error.line())))?;
    let resources: Vec<&Value> = match root.get("entry").and_then(Value::as_array) {
        Some(entries) => entries
            .iter()
            .filter_map(|entry| entry.get("resource"))
            .collect(),
        None => vec![&root],
    };
    let report = resources
        .iter()
        .find(|resource| kind(resource) == "DiagnosticReport")
        .ok_or_else(|| damaged("it holds no DiagnosticReport".to_owned()))?;
    let contained = report
        .get("contained")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut extracted = Extracted::new("fhir", String::new());
    read_header(report, &resources, &mut extracted);
    let observations: Vec<String> = contained
        .iter()
        .chain(resources.iter().copied())
        .filter(|resource| kind(resource) == "Observation")
        .filter_map(observation)
        .collect();
    let narrative = report
        .pointer("/text/div")
        .and_then(Value::as_str)
        .map(html::text_of)
        .unwrap_or_default();
    let conclusion = report
        .get("conclusion")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !narrative.trim().is_empty() {
        extracted.text.push_str(&narrative);
    } else if !observations.is_empty() {
        extracted.text.push_str("Findings:\n");
        extracted.text.push_str(&observations.join("\n"));
    }
    if !conclusion.trim().is_empty() && !narrative.contains(conclusion.trim()) {
        extracted.text.push_str("\n\nImpression:\n");
        extracted.text.push_str(conclusion);
    }
    if report.get("presentedForm").is_some() {
        extracted.warnings.push(
            "the report also carries an attached document that was not read; attach that as well"
                .to_owned(),
        );
    }
    if extracted.text.trim().is_empty() {
        return Err(ReadError::NoText { n_pages: 0 });
    }
    Ok(extracted)
}

fn kind(resource: &Value) -> &str {
    resource
        .get("resourceType")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .filter(|text| !text.trim().is_empty())
}

fn read_header(report: &Value, resources: &[&Value], extracted: &mut Extracted) {
    let source = &mut extracted.source;
    source.issued = text_at(report, "/issued").or(text_at(report, "/effectiveDateTime"));
    source.study_date = text_at(report, "/effectiveDateTime")
        .map(|date| date.chars().filter(char::is_ascii_digit).take(8).collect());
    source.author = text_at(report, "/resultsInterpreter/0/display")
        .or(text_at(report, "/performer/0/display"));
    source.accession = text_at(report, "/identifier/0/value");
    source.status = match report.get("status").and_then(Value::as_str) {
        Some("registered" | "partial" | "preliminary") => Some(ReportStatus::Preliminary),
        Some("appended") => Some(ReportStatus::Addendum),
        Some("final" | "amended" | "corrected" | "modified") => Some(ReportStatus::Final),
        _ => None,
    };
    source.patient_name = text_at(report, "/subject/display");
    source.patient_id = text_at(report, "/subject/identifier/value");
    if let Some(patient) = resources
        .iter()
        .find(|resource| kind(resource) == "Patient")
    {
        let family = text_at(patient, "/name/0/family").unwrap_or_default();
        let given = text_at(patient, "/name/0/given/0").unwrap_or_default();
        let name = format!("{family}^{given}");
        source.patient_name = source
            .patient_name
            .take()
            .or(Some(name).filter(|name| name != "^"));
        source.patient_id = source
            .patient_id
            .take()
            .or(text_at(patient, "/identifier/0/value"));
    }
}

/// An observation as a sentence.
fn observation(resource: &Value) -> Option<String> {
    let name = text_at(resource, "/code/text").or(text_at(resource, "/code/coding/0/display"))?;
    let value = text_at(resource, "/valueString")
        .or(text_at(resource, "/valueCodeableConcept/text"))
        .or(text_at(resource, "/valueCodeableConcept/coding/0/display"))
        .or_else(|| {
            let number = resource
                .pointer("/valueQuantity/value")
                .and_then(Value::as_f64)?;
            Some(format!(
                "{number} {}",
                text_at(resource, "/valueQuantity/unit").unwrap_or_default()
            ))
        });
    Some(match value {
        Some(value) => format!("{name}, {value}."),
        None => format!("{name}."),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn conclusion_observations_and_header_are_read() {
        let json = r#"{"resourceType":"DiagnosticReport","status":"final","issued":"2026-01-02T03:04:05Z",
            "subject":{"display":"Jane Doe"},"conclusion":"Right lower lobe nodule.",
            "contained":[{"resourceType":"Observation","code":{"text":"Nodule diameter"},"valueQuantity":{"value":12,"unit":"mm"}}]}"#;
        let extracted = extract(json.as_bytes()).unwrap();
        assert_eq!(
            extracted.text,
            "Findings:\nNodule diameter, 12 mm.\n\nImpression:\nRight lower lobe nodule."
        );
        assert_eq!(extracted.source.patient_name.as_deref(), Some("Jane Doe"));
        assert_eq!(extracted.source.status, Some(ReportStatus::Final));
    }

    #[test]
    fn hostile_nesting_is_an_error() {
        let deep = "[".repeat(100_000);
        assert!(matches!(
            extract(deep.as_bytes()),
            Err(ReadError::Damaged { .. })
        ));
    }
}
