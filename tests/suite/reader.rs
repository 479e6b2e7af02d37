//! Who may do what with a read, over processes and days.

use std::collections::BTreeSet;
use std::process::Stdio;

use acceptance::{Answer, Desk, Reader, ReportForm, add_finding, sample};
use serde_json::Value;

fn concepts(by: &Reader, id: &str) -> Vec<String> {
    let shown = by.show(id);
    let findings = shown["read"]["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| f["concept"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_read_belongs_to_who_took_it() {
    let (desk, sample) = (Desk::new(), sample(2));
    let (me, other) = (desk.reader("Ada Second"), desk.reader("Ben Other"));
    let id = sample.create(&me, ReportForm::Text, "");
    me.json(&add_finding(&id, &sample.truth.second_read[0]));
    let add = ["case", "read", &id, "finding", "add", "--concept", "scar"];
    let rows: [&[&str]; 9] = [
        &add,
        &[
            "case", "read", &id, "finding", "edit", "F1", "--note", "changed",
        ],
        &["case", "read", &id, "finding", "remove", "F1"],
        &["case", "read", &id, "start"],
        &["case", "read", &id, "pause"],
        &["case", "undo", &id],
        &["case", "seal", &id, "--accept"],
        &["case", "reveal", &id],
        &["case", "reveal", &id, "--urgent", "I was curious."],
    ];
    let before = me.show(&id);
    for args in rows {
        other.refused(args, 4);
        assert_eq!(
            me.show(&id)["log_head"],
            before["log_head"],
            "{args:?} changed the record"
        );
    }
    assert_eq!(other.impression(&id, "mine").code, Some(4));
    assert_eq!(me.show(&id), before);
}

#[test]
fn a_paused_read_is_taken_up_by_the_same_reader() {
    let (desk, sample) = (Desk::new(), sample(2));
    let (me, other) = (desk.reader("Ada Second"), desk.reader("Ben Other"));
    let id = sample.create(&me, ReportForm::Sr, "");
    me.json(&["case", "read", &id, "start"]);
    me.json(&add_finding(&id, &sample.truth.second_read[0]));
    me.json(&["case", "read", &id, "pause"]);
    other.refused(&["case", "read", &id, "start"], 4);
    me.json(&["case", "read", &id, "start"]);
    me.json(&add_finding(&id, &sample.truth.second_read[1]));
    let expected: Vec<_> = sample.truth.second_read[..2]
        .iter()
        .map(|r| r.concept.clone())
        .collect();
    assert_eq!(concepts(&me, &id), expected);
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}

#[test]
fn undo_and_redo_reach_over_processes() {
    let (desk, sample) = (Desk::new(), sample(2));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, "");
    let state = || {
        let shown = me.show(&id);
        (
            shown["read"]["findings"].clone(),
            shown["read"]["impression"].clone(),
        )
    };
    let add = |concept: &str| {
        drop(me.json(&["case", "read", &id, "finding", "add", "--concept", concept]))
    };
    let mut states: Vec<(Value, Value)> = vec![state()];
    add("scar");
    states.push(state());
    add("nodule");
    states.push(state());
    me.json(&[
        "case", "read", &id, "finding", "edit", "F1", "--note", "old",
    ]);
    states.push(state());
    assert_eq!(me.impression(&id, "A scar.").code, Some(0));
    states.push(state());
    me.json(&["case", "read", &id, "finding", "remove", "F2"]);
    states.push(state());
    for (k, before) in states.iter().enumerate().rev().skip(1) {
        me.json(&["case", "undo", &id]);
        assert_eq!(state(), *before, "after undoing step {}", k + 1);
    }
    me.refused(&["case", "undo", &id], 4);
    for (k, after) in states.iter().enumerate().skip(1) {
        me.json(&["case", "redo", &id]);
        assert_eq!(state(), *after, "after doing step {k} again");
    }
    me.refused(&["case", "redo", &id], 4);
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}

#[test]
fn a_sealed_read_stays_as_it_is() {
    let (desk, sample) = (Desk::new(), sample(3));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, "");
    me.json(&add_finding(&id, &sample.truth.second_read[0]));
    me.json(&["case", "seal", &id, "--accept"]);
    let read = me.show(&id)["read"].clone();
    let rows: [&[&str]; 6] = [
        &["case", "read", &id, "finding", "add", "--concept", "scar"],
        &[
            "case", "read", &id, "finding", "edit", "F1", "--note", "changed",
        ],
        &["case", "read", &id, "finding", "remove", "F1"],
        &["case", "read", &id, "start"],
        &["case", "undo", &id],
        &["case", "seal", &id, "--accept"],
    ];
    for stage in ["sealed", "comparing"] {
        assert_eq!(me.show(&id)["state"], stage);
        for args in rows {
            me.refused(args, 4);
        }
        assert_eq!(me.impression(&id, "changed").code, Some(4));
        assert_eq!(me.show(&id)["read"], read, "{stage}");
        if stage == "sealed" {
            me.json(&["case", "reveal", &id]);
        }
    }
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}

#[test]
fn two_processes_at_once_lose_nothing_that_was_acknowledged() {
    const N_AT_ONCE: usize = 6;
    const N_ROUNDS: usize = 5;
    let (desk, sample) = (Desk::new(), sample(2));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, "");
    me.json(&["case", "read", &id, "start"]);
    let (mut acknowledged, mut n_refused) = (BTreeSet::new(), 0);
    for round in 0..N_ROUNDS {
        let children: Vec<_> = (0..N_AT_ONCE)
            .map(|k| {
                let concept = format!("finding {round}-{k}");
                let mut command =
                    me.command(&["case", "read", &id, "finding", "add", "--concept", &concept]);
                command
                    .arg("--json")
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped());
                (concept, command.spawn().unwrap())
            })
            .collect();
        for (concept, child) in children {
            let output = child.wait_with_output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => assert!(acknowledged.insert(concept)),
                // Somebody else wrote in between: said so, nothing written.
                Some(4 | 5) => {
                    assert!(
                        error.starts_with("overread: ") && !error.contains("panicked"),
                        "{error}"
                    );
                    n_refused += 1;
                }
                code => panic!("{concept} ended with {code:?}: {error}"),
            }
        }
    }
    println!("{} acknowledged, {n_refused} refused", acknowledged.len());
    let kept = concepts(&me, &id);
    assert_eq!(kept.iter().cloned().collect::<BTreeSet<_>>(), acknowledged);
    assert_eq!(kept.len(), acknowledged.len(), "a finding is there twice");
    assert!(
        N_ROUNDS <= acknowledged.len(),
        "each round somebody must come through"
    );
    assert_eq!(me.json(&["verify", &id])["ok"], true);
    let checked: Answer = me.run(&["store", "check"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stdout);
}
