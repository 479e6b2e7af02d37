//! Negation on clinical sentences that lie outside the project; skipped, and counted, where they are not there.

use std::path::PathBuf;

use case::Assertion;

#[test]
fn negation_of_given_phrases_is_right_in_97_of_100() {
    let folder = std::env::var("OVERREAD_TEST_REPORTS").map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reports"),
        PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(folder.join("negation_context_dev.tsv")) else {
        println!("1 data test skipped: no negation sentences in OVERREAD_TEST_REPORTS");
        return;
    };
    let table = String::from_utf8_lossy(&bytes);
    let (mut n_all, mut n_right) = (0, 0);
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').map(|cell| cell.trim_matches('"')).collect();
        let [_, phrase, sentence, status, ..] = cells.as_slice() else {
            continue;
        };
        let report = report::read_text(sentence, report::Source::default());
        let said =
            report::read_phrase(&report, phrase).map(|fact| fact.assertion == Assertion::Absent);
        n_all += 1;
        n_right += usize::from(said == Some(*status == "Negated"));
    }
    assert!(97 * n_all <= 100 * n_right, "{n_right} of {n_all} right");
}
