//! Documents of every form, good and bad, and what is read from them.
#![allow(clippy::unwrap_used)]

use case::{Assertion, Change, IntakeFinding, SectionKind, Severity, Side};
use dicom_dictionary_std::tags;
use phantom::{DataSet, Syntax, Value, file_bytes};
use report::{
    Format, ReadError, Report, StudyHeader, add_phrase, intake_findings, read, read_phrase,
    read_text,
};

fn text(words: &str) -> Report {
    read_text(words, report::Source::default())
}

fn code(value: &str, meaning: &str) -> Value {
    let mut item = DataSet::new();
    item.put(tags::CODE_VALUE, value)
        .put(tags::CODING_SCHEME_DESIGNATOR, "LN")
        .put(tags::CODE_MEANING, meaning);
    Value::Items(vec![item])
}

fn node(kind: &str, name: &str) -> DataSet {
    let mut item = DataSet::new();
    item.put(tags::RELATIONSHIP_TYPE, "CONTAINS")
        .put(tags::VALUE_TYPE, kind)
        .put(tags::CONCEPT_NAME_CODE_SEQUENCE, code("1", name));
    item
}

fn text_node(name: &str, words: &str) -> DataSet {
    let mut item = node("TEXT", name);
    item.put(tags::TEXT_VALUE, words);
    item
}

fn structured_report() -> Vec<u8> {
    let mut findings = node("CONTAINER", "Findings");
    let mut measured = DataSet::new();
    measured.put(tags::NUMERIC_VALUE, "12").put(
        tags::MEASUREMENT_UNITS_CODE_SEQUENCE,
        code("mm", "millimeter"),
    );
    let mut finding = node("CODE", "Finding");
    finding.put(tags::CONCEPT_CODE_SEQUENCE, code("2", "Lung nodule"));
    let mut number = node("NUM", "Long axis");
    number.put(tags::MEASURED_VALUE_SEQUENCE, vec![measured]);
    let mut group = node("CONTAINER", "Measurement Group");
    group.put(tags::CONTENT_SEQUENCE, vec![finding, number]);
    findings.put(
        tags::CONTENT_SEQUENCE,
        vec![text_node("Finding", "Small left pleural effusion."), group],
    );
    let mut impression = node("CONTAINER", "Impressions");
    impression.put(
        tags::CONTENT_SEQUENCE,
        vec![text_node("Impression", "Effusion links, Erguß.")],
    );
    let mut verifier = DataSet::new();
    verifier.put(tags::VERIFYING_OBSERVER_NAME, "Who^Ann");
    let mut root = DataSet::new();
    root.put(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
        .put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.88.22")
        .put(tags::SOP_INSTANCE_UID, "1.2.3.4")
        .put(tags::STUDY_INSTANCE_UID, "1.2.3")
        .put(tags::PATIENT_NAME, "Doe^Jane")
        .put(tags::PATIENT_ID, "77")
        .put(tags::STUDY_DATE, "20260102")
        .put(tags::VERIFICATION_FLAG, "VERIFIED")
        .put(tags::COMPLETION_FLAG, "COMPLETE")
        .put(tags::VALUE_TYPE, "CONTAINER")
        .put(
            tags::CONCEPT_NAME_CODE_SEQUENCE,
            code("18748-4", "Diagnostic imaging report"),
        )
        .put(tags::VERIFYING_OBSERVER_SEQUENCE, vec![verifier])
        .put(tags::CONTENT_SEQUENCE, vec![findings, impression]);
    file_bytes(&root, Syntax::ExplicitLe)
}

#[test]
fn structured_report_gives_sections_header_and_numbers() {
    let report = read(&structured_report(), None).unwrap();
    assert_eq!(report.source.format, "sr");
    assert_eq!(report.source.author.as_deref(), Some("Who^Ann"));
    assert_eq!(report.source.patient_id.as_deref(), Some("77"));
    assert_eq!(report.source.status, Some(case::ReportStatus::Final));
    let (_, effusion) = report
        .facts()
        .find(|(_, fact)| fact.concept.as_deref() == Some("pleural_effusion"))
        .unwrap();
    assert_eq!(
        (effusion.laterality, effusion.severity),
        (Some(Side::Left), Some(Severity::Mild))
    );
    let (statement, nodule) = report
        .facts()
        .find(|(_, fact)| fact.concept.as_deref() == Some("pulmonary_nodule"))
        .unwrap();
    assert_eq!(statement.section, SectionKind::Findings);
    assert_eq!(nodule.measurements[0].mm, [12.0]);
    assert!(report.text.contains("Erguß"));
    assert!(
        report
            .statements
            .iter()
            .any(|statement| statement.section == SectionKind::Impression)
    );
}

/// A PDF of one page that shows the given content stream in Helvetica.
fn pdf(content: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(out.len());
        out.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        out.push_str(&format!("{place:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}

/// Lines in an order other than that of reading, one with a wide gap made by moving instead of a blank.
const PAGE: &str = "BT /F1 11 Tf 50 700 Td (IMPRESSION: Stable nodule.) Tj ET BT /F1 11 Tf 50 760 Td (FINDINGS:) Tj ET \
    BT /F1 11 Tf 50 745 Td (A 12 mm) Tj 48 0 Td (nodule in the right) Tj ET BT /F1 11 Tf 50 731 Td (upper lobe. No effusion.) Tj ET";

#[test]
fn pdf_text_comes_in_reading_order_with_words_apart() {
    let report = read(&pdf(PAGE), None).unwrap();
    assert_eq!(report.source.format, "pdf");
    assert_eq!(
        report.text,
        "FINDINGS:\nA 12 mm nodule in the right\nupper lobe. No effusion.\n\nIMPRESSION: Stable nodule."
    );
    let (_, nodule) = report
        .facts()
        .find(|(_, fact)| fact.concept.as_deref() == Some("pulmonary_nodule"))
        .unwrap();
    assert_eq!(
        (nodule.laterality, nodule.level.as_deref()),
        (Some(Side::Right), Some("upper_lobe"))
    );
}

#[test]
fn encapsulated_pdf_is_opened() {
    let mut root = DataSet::new();
    let mut document = pdf(PAGE);
    document.push(b' ');
    root.put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.104.1")
        .put(tags::SOP_INSTANCE_UID, "1.2.3.4")
        .put(tags::PATIENT_ID, "77")
        .put(tags::ENCAPSULATED_DOCUMENT, Value::Bytes(document));
    let report = read(&file_bytes(&root, Syntax::ExplicitLe), None).unwrap();
    assert_eq!(report.source.format, "encapsulated_pdf");
    assert_eq!(report.source.patient_id.as_deref(), Some("77"));
    assert!(report.text.contains("Stable nodule."));
}

#[test]
fn bad_input_is_a_sentence() {
    let deep_dicom = structured_report()
        .into_iter()
        .take(600)
        .collect::<Vec<u8>>();
    for (bytes, starts) in [
        (Vec::new(), "the report is empty"),
        (b" \n\t".to_vec(), "the report is empty"),
        (
            pdf("0 0 m 10 10 l S"),
            "the document has 1 page(s) without text",
        ),
        (b"%PDF-1.4 broken".to_vec(), "the PDF could not be parsed"),
        (
            b"PK\x03\x04zip".to_vec(),
            "a Word document or archive is not yet read here",
        ),
        (
            b"<?xml version='1.0'?><ClinicalDocument/>".to_vec(),
            "a CDA or other XML document is not yet read here",
        ),
        (
            [0x00, 0x01, 0xFF, 0x02].repeat(99),
            "the file is neither text",
        ),
        (vec![b'a'; 17 << 20], "the report has 17825792 bytes"),
        (deep_dicom, "the DICOM file"),
    ] {
        let error = read(&bytes, None).unwrap_err().to_string();
        assert!(error.starts_with(starts), "{error}");
    }
    assert!(matches!(
        read(b"x", Some(Format::Dicom)),
        Err(ReadError::Damaged { .. })
    ));
}

#[test]
fn cut_and_flipped_documents_never_panic() {
    for whole in [
        structured_report(),
        pdf(PAGE),
        br"{\rtf1 {\b x}\u8364?\'e4 }".to_vec(),
        b"MSH|^~\\&|\rOBX|1|TX|a^b||c\\.br\\d".to_vec(),
    ] {
        let step = (whole.len() / 60).max(1);
        for n_bytes in (0..whole.len()).step_by(step) {
            let _ = read(whole.get(..n_bytes).unwrap(), Some(Format::sniff(&whole)));
            let mut flipped = whole.clone();
            flipped[n_bytes] ^= 0x55;
            let _ = read(&flipped, Some(Format::sniff(&whole)));
        }
    }
}

#[test]
fn facts_have_assertion_side_place_size_and_change() {
    use Assertion::{Absent, Historical, Hypothetical, OtherPerson, Possible, Present};
    for (words, concept, assertion) in [
        (
            "No pleural or pericardial effusion.",
            "pleural_effusion",
            Absent,
        ),
        (
            "No pleural or pericardial effusion.",
            "pericardial_effusion",
            Absent,
        ),
        ("Pneumothorax cannot be excluded.", "pneumothorax", Possible),
        ("Pneumonia is not excluded.", "pneumonia", Possible),
        (
            "No significant change in the left pleural effusion.",
            "pleural_effusion",
            Present,
        ),
        ("Lungs are clear of consolidation.", "consolidation", Absent),
        (
            "Interval resolution of the pneumothorax.",
            "pneumothorax",
            Absent,
        ),
        (
            "Evaluate for pulmonary embolism.",
            "pulmonary_embolism",
            Hypothetical,
        ),
        ("History of lung cancer.", "lung_cancer", Historical),
        (
            "Family history of breast cancer.",
            "breast_cancer",
            OtherPerson,
        ),
        (
            "No effusion, but a large hiatal hernia.",
            "hiatal_hernia",
            Present,
        ),
        ("The heart is enlarged.", "cardiomegaly", Present),
    ] {
        let report = text(words);
        let fact = report
            .facts()
            .map(|(_, fact)| fact)
            .find(|fact| fact.concept.as_deref() == Some(concept));
        assert_eq!(
            fact.map(|fact| fact.assertion),
            Some(assertion),
            "{words} {:?}",
            report.statements
        );
    }
    let report = text(
        "Stable 2.1 x 1.9 cm cyst in segment VII of the liver. It measured 8 mm. Mild left basilar atelectasis, increased.",
    );
    let facts: Vec<_> = report.facts().map(|(_, fact)| fact).collect();
    assert_eq!(facts[0].concept.as_deref(), Some("liver_cyst"));
    assert_eq!(
        (facts[0].level.as_deref(), facts[0].change),
        (Some("segment_7"), Some(Change::Stable))
    );
    assert_eq!(facts[0].measurements[0].mm, [21.0, 19.0]);
    let atelectasis = facts
        .iter()
        .find(|fact| fact.concept.as_deref() == Some("atelectasis"))
        .unwrap();
    assert_eq!(
        (atelectasis.laterality, atelectasis.severity),
        (Some(Side::Left), Some(Severity::Mild))
    );
    assert_eq!(atelectasis.change, Some(Change::Increased));
}

#[test]
fn every_span_is_the_words_it_stands_for() {
    let report = text(
        "FINDINGS: Größe 5–6 mm nodule in the left lung — “stable”.\nÖdem: none. Zorblax noted. Clear lungs.",
    );
    for (statement, fact) in report.facts() {
        assert_eq!(
            report.text.get(fact.span[0]..fact.span[1]),
            Some(fact.text.as_str())
        );
        assert!(statement.span[0] <= fact.span[0] && fact.span[1] <= statement.span[1]);
        for size in &fact.measurements {
            assert_eq!(
                report.text.get(size.span[0]..size.span[1]),
                Some(size.text.as_str())
            );
        }
    }
    assert!(
        report
            .facts()
            .any(|(_, fact)| fact.concept.is_none() && fact.text == "Zorblax")
    );
    assert!(
        report
            .facts()
            .any(|(_, fact)| fact.normal && fact.site.as_deref() == Some("lung"))
    );
}

#[test]
fn a_phrase_of_the_users_choice_gets_a_fact() {
    let mut report = text("The patient denies chest   pain. There is a fleeting glimmer.");
    assert_eq!(
        read_phrase(&report, "CHEST PAIN").unwrap().assertion,
        Assertion::Absent
    );
    assert_eq!(
        read_phrase(&report, "fleeting glimmer").unwrap().concept,
        None
    );
    assert!(read_phrase(&report, "elbow").is_none());
    assert!(add_phrase(&mut report, "fleeting glimmer"));
    assert!(
        report
            .facts()
            .any(|(_, fact)| fact.text == "fleeting glimmer")
    );
}

#[test]
fn intake_learns_a_closed_list_only() {
    let study = StudyHeader {
        patient_name: "DOE^JANE".to_owned(),
        patient_id: "77".to_owned(),
        study_date: "20260102".to_owned(),
        ordered_side: Some(Side::Right),
        ..StudyHeader::default()
    };
    let same = read(&structured_report(), None).unwrap();
    assert_eq!(
        intake_findings(&same, &study),
        [
            IntakeFinding::PatientMatches,
            IntakeFinding::DateMatches,
            IntakeFinding::SideDiffersFromOrder
        ]
    );
    let other = StudyHeader {
        patient_id: "78".to_owned(),
        study_date: "20250101".to_owned(),
        ..study
    };
    assert_eq!(
        intake_findings(&same, &other)[..2],
        [IntakeFinding::PatientDiffers, IntakeFinding::DateDiffers]
    );
    let prior = read_text(
        "COMPARISON: CT of 12 May 2020.\nFINDINGS: Clear lungs.",
        report::Source::default(),
    );
    assert!(
        intake_findings(&prior, &StudyHeader::default())
            .contains(&IntakeFinding::PriorNamedButAbsent)
    );
}
