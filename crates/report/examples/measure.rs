//! Measures the rules on corpora that lie outside the project. Not a test: it prints figures for whoever works on the
//! rules. `cargo run --release -p overread-report --example measure -- FOLDER [misses]`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use case::Assertion;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .unwrap_or_else(|| "../shared/data/reports".to_owned());
    let shows_misses = arguments.next().is_some();
    let folder = |name: &str| Path::new(&folder).join(name);
    match std::fs::read(folder("negation_context_dev.tsv")) {
        Ok(bytes) => negation(&String::from_utf8_lossy(&bytes), shows_misses),
        Err(_) => println!("1 corpus skipped: negation_context_dev.tsv is not in the folder"),
    }
    match (
        std::fs::read_to_string(folder("chest_xray_reports_dev.csv")),
        std::fs::read_to_string(folder("chest_xray_gold_dev.csv")),
    ) {
        (Ok(reports), Ok(gold)) => labels(&reports, &gold),
        _ => println!("1 corpus skipped: the chest reports are not in the folder"),
    }
}

fn negation(table: &str, shows_misses: bool) {
    let (mut n_right, mut n_all, mut n_unread) = (0, 0, 0);
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').map(|cell| cell.trim_matches('"')).collect();
        let [_, phrase, sentence, status, ..] = cells.as_slice() else {
            continue;
        };
        n_all += 1;
        let report = report::read_text(sentence, report::Source::default());
        let Some(fact) = report::read_phrase(&report, phrase) else {
            n_unread += 1;
            if shows_misses {
                println!("UNREAD {phrase} | {sentence}");
            }
            continue;
        };
        let is_negated = *status == "Negated";
        if is_negated == (fact.assertion == Assertion::Absent) {
            n_right += 1;
        } else if shows_misses {
            println!("{status} {:?} | {phrase} | {sentence}", fact.assertion);
        }
    }
    println!(
        "negation: {n_right} of {n_all} right, {n_unread} phrases not found, accuracy {:.4}",
        f64::from(n_right) / f64::from(n_all)
    );
}

/// Label of the gold standard, concepts that give it.
const LABELS: [(&str, &[&str]); 14] = [
    ("Atelectasis", &["atelectasis"]),
    ("Cardiomegaly", &["cardiomegaly", "chamber_enlargement"]),
    (
        "Effusion",
        &["pleural_effusion", "effusion", "costophrenic_blunting"],
    ),
    ("Infiltration", &["infiltrate"]),
    ("Mass", &["pulmonary_mass", "mass", "mediastinal_mass"]),
    ("Nodule", &["pulmonary_nodule", "nodule"]),
    ("Pneumonia", &["pneumonia"]),
    ("Pneumothorax", &["pneumothorax"]),
    ("Consolidation", &["consolidation"]),
    ("Edema", &["pulmonary_edema", "edema"]),
    ("Emphysema", &["emphysema", "copd"]),
    ("Fibrosis", &["pulmonary_fibrosis"]),
    ("Pleural_Thickening", &["pleural_thickening"]),
    ("Hernia", &["hiatal_hernia", "hernia"]),
];

fn labels(reports: &str, gold: &str) {
    let gold_rows = csv(gold);
    let Some((head, rows)) = gold_rows.split_first() else {
        return;
    };
    let truth: HashMap<&str, &Vec<String>> = rows
        .iter()
        .filter_map(|row| Some((row.first()?.strip_prefix("CXR")?, row)))
        .collect();
    let mut counts: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for row in csv(reports).iter().skip(1) {
        let (Some(uid), Some(findings), Some(impression)) = (row.first(), row.get(6), row.get(7))
        else {
            continue;
        };
        let Some(gold) = truth.get(uid.as_str()) else {
            continue;
        };
        let report = report::read_text(
            &format!("FINDINGS: {findings}\n\nIMPRESSION: {impression}"),
            report::Source::default(),
        );
        for (label, concepts) in LABELS {
            let said = report.facts().any(|(_, fact)| {
                matches!(fact.assertion, Assertion::Present | Assertion::Possible)
                    && !fact.normal
                    && fact
                        .concept
                        .as_deref()
                        .is_some_and(|concept| concepts.contains(&concept))
            });
            let column_idx = head.iter().position(|name| name == label);
            let is_true = column_idx
                .and_then(|idx| gold.get(idx))
                .is_some_and(|cell| cell == "1");
            let count = counts.entry(label).or_default();
            match (said, is_true) {
                (true, true) => count[0] += 1,
                (true, false) => count[1] += 1,
                (false, true) => count[2] += 1,
                (false, false) => {}
            }
        }
    }
    let f1 = |[hit, extra, missed]: [u32; 3]| {
        f64::from(2 * hit) / f64::from(2 * hit + extra + missed).max(1.0)
    };
    let mut all = [0; 3];
    for (label, count) in &counts {
        println!(
            "{label:20} hit {:4} extra {:4} missed {:4} F1 {:.3}",
            count[0],
            count[1],
            count[2],
            f1(*count)
        );
        for (sum, part) in all.iter_mut().zip(count) {
            *sum += part;
        }
    }
    println!("labels: micro-F1 {:.3}", f1(all));
}

/// Rows of comma-separated values with quotes.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            ('\r', false) => {}
            _ => cell.push(c),
        }
    }
    rows
}
