//! Measures the rules on corpora that lie outside the project. Not a test: it prints figures for whoever works on the
//! rules. `cargo run --release -p overread-report --example measure -- FOLDER [misses]`.

use std::path::Path;

use case::Assertion;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .unwrap_or_else(|| "../shared/data/reports".to_owned());
    let shows_misses = arguments.next().is_some();
    let path = Path::new(&folder).join("negation_context_dev.tsv");
    match std::fs::read(&path) {
        Ok(bytes) => negation(&String::from_utf8_lossy(&bytes), shows_misses),
        Err(_) => println!("1 corpus skipped: negation_context_dev.tsv is not in the folder"),
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
