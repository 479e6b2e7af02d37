//! Synthetic cases with known truth: a perfect second read against the first report must give the class that the case
//! was made for, with no row that asks for an answer beyond the planted errors.
#![allow(clippy::unwrap_used)]

use case::{Class, Finding, FindingId, Pair, SecondRef, Side, Statement};
use compare::{SecondItem, Tolerance, compare};

fn finding(number: u32, told: &phantom::ReadFinding) -> Finding {
    let mut finding = Finding::empty(FindingId(number));
    finding.concept = told.concept.clone();
    finding.side = match told.side.as_deref() {
        Some("left") => Some(Side::Left),
        Some("right") => Some(Side::Right),
        _ => None,
    };
    finding.site = Some(told.site.clone());
    finding.level = told.level.clone();
    if let Some([a, b]) = told.length_mm {
        let mm = a
            .iter()
            .zip(b)
            .map(|(a, b)| (a - b) * (a - b))
            .sum::<f64>()
            .sqrt();
        finding.note = format!("{mm:.1} mm");
    }
    finding
}

fn rows(case: &phantom::Case) -> (Vec<Statement>, Vec<Pair>) {
    let first = report::read(case.report.plain_text().as_bytes(), None)
        .unwrap()
        .statements;
    let items: Vec<SecondItem> = (1..)
        .zip(&case.truth.second_read)
        .map(|(number, told)| finding(number, told))
        .map(|finding| SecondItem {
            reference: SecondRef::Finding(finding.id),
            statement: report::statement_of_finding(&finding, &[]),
        })
        .collect();
    let pairs = compare(&first, &items, &Tolerance::default());
    (first, pairs)
}

fn class(name: &str) -> Class {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).unwrap()
}

#[test]
fn a_perfect_second_read_finds_each_planted_error() {
    let mut wrong = Vec::new();
    let mut n_findings = 0;
    for seed in 1..=12 {
        let case = phantom::Case::generate(seed, &phantom::Options::small()).unwrap();
        let (first, pairs) = rows(&case);
        for (number, truth) in (1..).zip(&case.truth.findings) {
            n_findings += 1;
            let wanted = class(&truth.expected_class);
            let own: Vec<&Pair> = pairs
                .iter()
                .filter(|pair| pair.second == Some(SecondRef::Finding(FindingId(number))))
                .collect();
            let hit = own.iter().any(|pair| pair.proposed.contains(&wanted));
            // A missed finding whose organ the report calls normal is a contradiction as well.
            let allowed = |class: &Class| {
                *class == wanted
                    || *class == Class::Agree
                    || (wanted == Class::D1 && *class == Class::D3)
            };
            let clean = own.iter().flat_map(|pair| &pair.proposed).all(allowed);
            if !hit || !clean {
                let got: Vec<_> = own
                    .iter()
                    .map(|pair| (&pair.proposed, pair.rule.as_str(), pair.first))
                    .collect();
                wrong.push(format!(
                    "seed {seed} {} {:?} {} wanted {wanted:?} got {got:?} ({:?})",
                    truth.concept, truth.side, truth.site, truth.report_sentence
                ));
            }
        }
        for pair in pairs
            .iter()
            .filter(|pair| pair.second.is_none() && !pair.proposed.is_empty())
        {
            let words = first
                .iter()
                .find(|statement| Some(statement.id) == pair.first)
                .map(|statement| statement.text.as_str());
            let advises = pair.proposed == [Class::D2]
                && first.iter().any(|s| {
                    Some(s.id) == pair.first
                        && s.facts.iter().any(|fact| fact.recommendation.is_some())
                });
            if !advises {
                wrong.push(format!(
                    "seed {seed} extra row {:?} {} for {words:?}",
                    pair.proposed, pair.rule
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {n_findings}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
