//! Every class from two short reports, controls that must stay quiet, and what holds for every report.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use case::{Class, Finding, FindingId, Outcome, SecondRef, Side, Statement};
use compare::{
    SecondItem, Tolerance, answer, compare, compare_reports, internal, outcome_suggested,
};

fn statements(text: &str) -> Vec<Statement> {
    report::read_text(text, report::Source::default()).statements
}

/// The classes of all rows that ask for an answer.
fn alerts(first: &str, second: &str) -> Vec<Vec<Class>> {
    compare_reports(
        &statements(first),
        &statements(second),
        &Tolerance::default(),
    )
    .into_iter()
    .map(|pair| pair.proposed)
    .filter(|classes| !classes.is_empty() && *classes != [Class::Agree])
    .collect()
}

#[test]
fn every_kind_of_difference_gets_its_class() {
    use Class::{D1, D2, D3, D4, D5, D6, D7, D8, D9, D11};
    for (first, second, expected) in [
        (
            "Lungs are hyperinflated.",
            "Lungs are hyperinflated. Left rib fracture.",
            vec![vec![D1]],
        ),
        (
            "Left rib fracture. No effusion.",
            "No effusion.",
            vec![vec![D2]],
        ),
        (
            "No pneumothorax.",
            "Small right pneumothorax.",
            vec![vec![D3]],
        ),
        (
            "There is a pneumothorax.",
            "There is no pneumothorax.",
            vec![vec![D3]],
        ),
        (
            "No fracture.",
            "Fracture of the left seventh rib.",
            vec![vec![D3]],
        ),
        (
            "Calvarium intact.",
            "Calvarial defect on the left.",
            vec![vec![D3, D1]],
        ),
        (
            "Right pleural effusion.",
            "Left pleural effusion.",
            vec![vec![D4]],
        ),
        (
            "Nodule in the right upper lobe.",
            "Nodule in the right lower lobe.",
            vec![vec![D5]],
        ),
        (
            "Disc herniation at L4-L5.",
            "Disc herniation at L2-L3.",
            vec![vec![D5]],
        ),
        (
            "A 12 mm nodule in the right lung.",
            "A 19 mm nodule in the right lung.",
            vec![vec![D6]],
        ),
        (
            "A 1.2 cm nodule in the right lung.",
            "A 12 cm nodule in the right lung.",
            vec![vec![D6]],
        ),
        ("Mild cardiomegaly.", "Severe cardiomegaly.", vec![vec![D7]]),
        (
            "Pleural effusion has increased.",
            "Pleural effusion has decreased.",
            vec![vec![D8]],
        ),
        (
            "Left lower lobe pneumonia.",
            "Left lower lobe atelectasis.",
            vec![vec![D9]],
        ),
        (
            "Follow-up CT in 3 months is recommended.",
            "Follow-up CT in 12 months is recommended.",
            vec![vec![D11]],
        ),
        (
            "No follow-up imaging is needed.",
            "Follow-up CT in 3 months is recommended.",
            vec![vec![D11]],
        ),
        (
            "A 12 mm nodule in the right lung.",
            "A 19 mm nodule in the left lung.",
            vec![vec![D4, D6]],
        ),
    ] {
        assert_eq!(alerts(first, second), expected, "{first} / {second}");
    }
}

#[test]
fn reads_that_say_the_same_stay_quiet() {
    for (first, second) in [
        (
            "No pneumothorax. Small left effusion.",
            "Small left effusion. No pneumothorax.",
        ),
        ("Cardiomegaly.", "The heart is enlarged."),
        (
            "The heart size is normal.",
            "Heart size within normal limits.",
        ),
        (
            "No pleural effusion or pneumothorax.",
            "There is neither pneumothorax nor pleural effusion.",
        ),
        (
            "Bilateral pleural effusions.",
            "Left pleural effusion and right pleural effusion.",
        ),
        (
            "A 12 mm nodule in the right upper lobe.",
            "Right upper lobe nodule measuring 1.3 cm.",
        ),
        ("Disc protrusion at L4/5.", "L4-L5 disc protrusion."),
        ("Trace pericardial effusion.", "Small pericardial effusion."),
        (
            "FINDINGS: Right effusion.\nIMPRESSION: Right effusion.",
            "IMPRESSION: Right pleural effusion.",
        ),
        (
            "Oedema of the lungs. Tumour of the liver.",
            "Pulmonary edema. Hepatic tumor.",
        ),
        (
            "No right pleural effusion. Left pleural effusion.",
            "Left pleural effusion. No right pleural effusion.",
        ),
        ("History of pneumonia. Lungs are clear.", "Lungs are clear."),
    ] {
        assert_eq!(
            alerts(first, second),
            Vec::<Vec<Class>>::new(),
            "{first} / {second}"
        );
        assert_eq!(
            alerts(second, first),
            Vec::<Vec<Class>>::new(),
            "{second} / {first}"
        );
    }
}

const LONG: &str = "CLINICAL HISTORY: Cough.\nCOMPARISON: CT of 3 May 2020.\nFINDINGS:\nThere is a 12 mm nodule in the right upper \
    lobe, unchanged. A 4 mm nodule is seen in the left lower lobe. Small left pleural effusion. No pneumothorax. The heart \
    is enlarged. Old fracture of the left 7th rib and the right 8th rib. Hepatic cyst in segment 7 measuring 2.1 x 1.9 cm. \
    The spleen, pancreas and adrenal glands are unremarkable. Zorblax of the quux.\nIMPRESSION:\n1. Right upper lobe nodule. \
    2. Left effusion.\nRECOMMENDATION: Follow-up CT in 6 months is recommended.";

#[test]
fn a_report_agrees_with_itself() {
    let all = statements(LONG);
    let pairs = compare_reports(&all, &all, &Tolerance::default());
    assert!(
        pairs
            .iter()
            .all(|pair| pair.proposed.is_empty() || pair.proposed == [Class::Agree]),
        "{pairs:#?}"
    );
    assert!(
        5 < pairs
            .iter()
            .filter(|pair| pair.proposed == [Class::Agree])
            .count()
    );
    assert_eq!(outcome_suggested(&pairs, &all, &all), Outcome::Confirmed);
    assert_eq!(internal(&all), []);
}

#[test]
fn each_statement_and_item_has_a_row_and_spans_lie_in_the_text() {
    let (first, second) = (
        statements(LONG),
        statements("Left lung nodule. No effusion. Rib fracture on the left."),
    );
    let pairs = compare_reports(&first, &second, &Tolerance::default());
    assert!(
        first
            .iter()
            .all(|statement| pairs.iter().any(|pair| pair.first == Some(statement.id)))
    );
    assert!(second.iter().all(|statement| {
        pairs
            .iter()
            .any(|pair| pair.second == Some(SecondRef::Sentence(statement.id)))
    }));
    assert!(
        pairs
            .iter()
            .zip(1..)
            .all(|(pair, number)| pair.id.0 == number)
    );
    for pair in &pairs {
        let statement = first
            .iter()
            .find(|statement| Some(statement.id) == pair.first);
        assert!(
            pair.first_spans
                .iter()
                .all(|(_, span)| statement.unwrap().span[0] <= span[0]
                    && span[1] <= statement.unwrap().span[1])
        );
    }
    assert_eq!(
        pairs,
        compare_reports(&first, &second, &Tolerance::default()),
        "the same answer each time"
    );
}

#[test]
fn a_structured_finding_is_compared_without_its_words() {
    let first = statements(
        "FINDINGS: 8 mm nodule in the left upper lobe. No pleural effusion. Calvarium intact.",
    );
    let mut nodule = Finding::empty(FindingId(1));
    nodule.concept = "Pulmonary nodule".to_owned();
    nodule.side = Some(Side::Right);
    nodule.level = Some("upper lobe".to_owned());
    nodule.note = "measures 14 mm".to_owned();
    let mut effusion = Finding::empty(FindingId(2));
    effusion.concept = "Pleural effusion".to_owned();
    effusion.side = Some(Side::Left);
    let items: Vec<SecondItem> = [nodule, effusion]
        .iter()
        .map(|finding| SecondItem {
            reference: SecondRef::Finding(finding.id),
            statement: report::statement_of_finding(finding, &[]),
        })
        .collect();
    let pairs = compare(&first, &items, &Tolerance::default());
    let of = |number| {
        pairs
            .iter()
            .find(|pair| pair.second == Some(SecondRef::Finding(FindingId(number))))
            .unwrap()
    };
    assert_eq!(of(1).proposed, [Class::D4, Class::D6]);
    assert_eq!(of(2).proposed, [Class::D3]);
    let calvarium = pairs
        .iter()
        .find(|pair| pair.first == Some(first[2].id))
        .unwrap();
    assert!(
        calvarium.proposed.is_empty(),
        "a normal statement that nobody contradicts needs no answer"
    );
    let seconds: Vec<_> = items
        .iter()
        .map(|item| (item.reference, item.statement.clone()))
        .collect();
    let json = serde_json::to_value(answer(&pairs, &first, &seconds)).unwrap();
    assert_eq!(json["schema"], "overread.compare/1");
    assert_eq!(json["pairs"][0]["class"], "D4");
    assert_eq!(json["outcome_suggested"], "refined");
}

#[test]
fn a_report_that_contradicts_itself_is_found() {
    for (text, rule) in [
        (
            "FINDINGS: Left pleural effusion.\nIMPRESSION: Right pleural effusion.",
            Some("internal.laterality"),
        ),
        (
            "FINDINGS: No pneumothorax.\nIMPRESSION: Pneumothorax.",
            Some("internal.negation"),
        ),
        (
            "FINDINGS: Left and right pleural effusions.\nIMPRESSION: Right pleural effusion.",
            None,
        ),
        (
            "FINDINGS: No right effusion. Left effusion.\nIMPRESSION: Left effusion.",
            None,
        ),
    ] {
        let found = internal(&statements(text));
        assert_eq!(
            found
                .first()
                .map(|contradiction| contradiction.rule.as_str()),
            rule,
            "{text}"
        );
    }
}

/// Pairs of reports that lie outside the project; skipped, and counted, where they are not there.
#[test]
fn injected_errors_are_found_and_controls_stay_quiet() {
    let folder = std::env::var("OVERREAD_TEST_REPORTS").map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reports"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(folder.join("pairs_dev.jsonl")) else {
        println!("1 data test skipped: no report pairs in OVERREAD_TEST_REPORTS");
        return;
    };
    let read = |row: &serde_json::Value, name: &str| {
        let part = |part: &str| row[name][part].as_str().unwrap_or_default().to_owned();
        statements(&format!(
            "FINDINGS: {}\n\nIMPRESSION: {}",
            part("findings"),
            part("impression")
        ))
    };
    let (mut n_errors, mut n_found, mut n_controls, mut n_false) = (0, 0, 0, 0);
    for row in text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
    {
        let pairs = compare_reports(
            &read(&row, "first_read"),
            &read(&row, "second_read"),
            &Tolerance::default(),
        );
        let has = |wanted: &[Class]| {
            pairs
                .iter()
                .any(|pair| pair.proposed.iter().any(|class| wanted.contains(class)))
        };
        let n_alerts = pairs
            .iter()
            .filter(|pair| pair.proposed.iter().any(|class| *class != Class::Agree))
            .count();
        let wanted: &[Class] = match row["discrepancy_type"].as_str().unwrap() {
            "laterality" => &[Class::D4],
            "measurement" => &[Class::D6],
            "false_finding" => &[Class::D2, Class::D3],
            // What the impression still says is not missed, so this kind is measured by the example only.
            "missed_finding" => continue,
            _ => {
                n_controls += 1;
                n_false += n_alerts;
                continue;
            }
        };
        n_errors += 1;
        n_found += usize::from(has(wanted));
    }
    assert!(
        95 * n_errors <= 100 * n_found,
        "{n_found} of {n_errors} errors found"
    );
    assert!(
        100 * n_false <= n_controls,
        "{n_false} false alerts on {n_controls} controls"
    );
}
