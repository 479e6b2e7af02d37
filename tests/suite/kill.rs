//! A process may die at any moment: what it had acknowledged is kept, and the record is whole.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use acceptance::{Desk, ReportForm, numbers, sample};
use phantom::Random;

const N_ROUNDS: usize = 80;
const SEED: u64 = 20_261_121;

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    println!("seed {SEED}");
    let mut random = Random::new(SEED, 1);
    let (desk, sample) = (Desk::new(), sample(1));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, "");
    me.json(&["case", "read", &id, "start"]);
    let ends = numbers(&sample.truth.second_read[0].length_mm.unwrap().concat());
    let add = |concept: &str| {
        let words = [
            "case",
            "read",
            &id,
            "finding",
            "add",
            "--concept",
            concept,
            "--length-mm",
            &ends,
        ];
        let mut command = me.command(&words);
        command
            .arg("--json")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    };
    let start = Instant::now();
    assert!(add("undisturbed").status().unwrap().success());
    // Kills fall around the moment of the acknowledgement: later while too few come through, earlier while too many do.
    let mut reach = start.elapsed();
    let mut fates: BTreeMap<String, bool> = BTreeMap::from([("undisturbed".to_owned(), true)]);
    let mut n_killed = 0;
    for round in 0..N_ROUNDS {
        let concept = format!("round {round}");
        let mut child = add(&concept).spawn().unwrap();
        sleep(reach.mul_f64(random.between(0.2, 1.3)));
        child.kill().unwrap();
        let acknowledged = child.wait().unwrap().success();
        n_killed += usize::from(!acknowledged);
        reach = reach.mul_f64(if acknowledged { 0.9 } else { 1.1 });
        fates.insert(concept, acknowledged);
        if round % 10 == 9 {
            assert_eq!(me.json(&["verify", &id])["ok"], true, "round {round}");
        }
    }
    println!(
        "{n_killed} of {N_ROUNDS} killed before they acknowledged, within {reach:?} at the end"
    );
    let both = N_ROUNDS / 8..=N_ROUNDS - N_ROUNDS / 8;
    assert!(
        both.contains(&n_killed),
        "too few of one kind to try anything: {n_killed} of {N_ROUNDS} were killed in time"
    );
    let shown = me.show(&id);
    let mut n_there: BTreeMap<String, usize> = BTreeMap::new();
    for finding in shown["read"]["findings"].as_array().unwrap() {
        *n_there
            .entry(finding["concept"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    for (concept, acknowledged) in &fates {
        let n = n_there.remove(concept).unwrap_or(0);
        let right = if *acknowledged { n == 1 } else { n <= 1 };
        assert!(
            right,
            "'{concept}' is there {n} times, acknowledged: {acknowledged}"
        );
    }
    assert!(n_there.is_empty(), "{n_there:?}");
    assert_eq!(me.json(&["store", "check"])["ok"], true);
    // The read goes on where it was left.
    me.json(&["case", "seal", &id, "--accept"]);
}
