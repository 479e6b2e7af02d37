//! Measures the comparison on pairs of reports that lie outside the project: recall of each injected error and false
//! alerts on pairs without one. `cargo run --release -p overread-compare --example measure_pairs -- FILE [misses]`.

use std::collections::BTreeMap;
use std::time::Instant;

use case::{Class, Statement};
use serde_json::Value;

/// Rows below this are hints.
const MIN_CONFIDENCE: f64 = 0.3;

fn statements(read: &Value) -> Vec<Statement> {
    let part = |name: &str| {
        read.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let text = format!(
        "FINDINGS: {}\n\nIMPRESSION: {}",
        part("findings"),
        part("impression")
    );
    report::read_text(&text, report::Source::default()).statements
}

/// The classes that show the injected error.
fn expected(kind: &str) -> &'static [Class] {
    match kind {
        "laterality" => &[Class::D4],
        "measurement" => &[Class::D6],
        "missed_finding" => &[Class::D1, Class::D3],
        "false_finding" => &[Class::D2, Class::D3],
        _ => &[],
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .unwrap_or_else(|| "../shared/data/reports/pairs_dev.jsonl".to_owned());
    let shows_misses = arguments.next().is_some();
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("1 corpus skipped: the pairs are not there");
        return;
    };
    let mut counts: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    let start = Instant::now();
    for row in text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
    {
        let kind = row
            .get("discrepancy_type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let (first, second) = (
            row.get("first_read").map(statements),
            row.get("second_read").map(statements),
        );
        let (Some(first), Some(second)) = (first, second) else {
            continue;
        };
        let pairs = compare::compare_reports(&first, &second, &compare::Tolerance::default());
        let alerts: Vec<_> = pairs
            .iter()
            .filter(|pair| {
                MIN_CONFIDENCE <= pair.confidence
                    && pair.proposed.iter().any(|class| *class != Class::Agree)
            })
            .collect();
        let hit = alerts.iter().any(|pair| {
            pair.proposed
                .iter()
                .any(|class| expected(&kind).contains(class))
        });
        let count = counts.entry(kind.clone()).or_default();
        count.0 += 1;
        count.1 += u32::from(hit);
        count.2 += alerts.len() as u32;
        let is_control = expected(&kind).is_empty();
        if shows_misses && ((is_control && !alerts.is_empty()) || (!is_control && !hit)) {
            println!(
                "--- {kind}: {}",
                row.get("reference_sentence")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            );
            for pair in alerts {
                let words =
                    |statements: &[Statement], spans: &[(Class, case::TextSpan)]| -> Vec<String> {
                        let holds = |span: &case::TextSpan| {
                            statements
                                .iter()
                                .find(|s| s.span[0] <= span[0] && span[1] <= s.span[1])
                        };
                        spans
                            .iter()
                            .filter_map(|(_, span)| holds(span))
                            .map(|s| s.text.clone())
                            .collect()
                    };
                println!(
                    "    {:?} {} | {:?} | {:?}",
                    pair.proposed,
                    pair.rule,
                    words(&first, &pair.first_spans),
                    words(&second, &pair.second_spans)
                );
            }
        }
    }
    let elapsed_s = start.elapsed().as_secs_f64();
    let n_pairs: u32 = counts.values().map(|count| count.0).sum();
    for (kind, (n, n_hit, n_alerts)) in &counts {
        println!("{kind:16} {n:4} pairs, error found in {n_hit}, {n_alerts} alerts in all");
    }
    println!(
        "{:.0} pairs a second, reading included",
        f64::from(n_pairs) / elapsed_s
    );
}
