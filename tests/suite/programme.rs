//! A programme of second reads from outside: protocols, stages, roles, third reads, what cannot wait, what is learned.

use std::path::Path;

use acceptance::{Desk, Reader, ReportForm, Sample, decide_all, enter_findings, sample};
use serde_json::{Value, json};

/// A word that nothing but the question holds.
const QUESTION: &str = "Quittengelee";
const SECOND: &str = "Ada Second";
const THIRD: &str = "Cleo Third";

fn text(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// Begins a case by a protocol.
fn begin(by: &Reader, sample: &Sample, protocol: &str) -> String {
    let (current, prior) = (sample.current(), sample.prior());
    let report = sample.report(ReportForm::Text);
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let created = by.json(&[
        "case".into(),
        "create".into(),
        path(&current),
        path(&prior),
        "--report".into(),
        path(&report),
        "--question".into(),
        QUESTION.into(),
        "--protocol".into(),
        protocol.to_owned(),
    ]);
    created["id"].as_str().unwrap().to_owned()
}

/// A read that is sealed, revealed, compared and signed.
pub(crate) fn signed(me: &Reader, sample: &Sample) -> String {
    let id = begin(me, sample, "second-opinion");
    enter_findings(me, &id, &sample.truth);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    decide_all(me, &id);
    me.json(&["case", "sign", &id]);
    id
}

/// The plain text and the JSON of what is handed over, on one line each.
fn handed_over(desk: &Desk, by: &Reader, id: &str) -> [String; 2] {
    let out = desk.path("handed-over");
    let name = out.to_str().unwrap();
    let formats = "narrative,json,pdf";
    by.json(&["case", "export", id, "--format", formats, "--out", name]);
    ["narrative.txt", "json.json"].map(|end| {
        let text = std::fs::read_to_string(out.join(format!("{id}-{end}"))).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn a_staged_read_opens_question_and_prior_stage_by_stage_and_nothing_leaves_before() {
    let (desk, sample) = (Desk::new(), sample(3));
    let (office, me) = (desk.reader("Office"), desk.reader(SECOND));
    let id = begin(&office, &sample, "observer-study");
    let early = me.refused(&["case", "read", &id, "start"], 4);
    assert!(early.contains("conflict of interest"), "{early}");
    me.json(&["case", "conflict", &id]);
    enter_findings(&me, &id, &sample.truth);
    let out = desk.path("out");
    let export = [
        "case",
        "export",
        &id,
        "--format",
        "json,package",
        "--out",
        out.to_str().unwrap(),
    ];
    let prior = &sample.truth.prior_study_uid;
    for (stage, open) in [(1, [false, false]), (2, [true, false]), (3, [true, true])] {
        let shown = me.show(&id);
        assert_eq!(shown["reading_stage"], json!([stage, 3]));
        let shown = text(&shown);
        assert_eq!(shown.contains("Prior of"), stage == 3, "{shown}");
        let found = [shown.contains(QUESTION), shown.contains(prior.as_str())];
        assert_eq!(found, open, "stage {stage}");
        let (files, picture) = (sample.prior(), desk.path("prior.png"));
        let (files, picture) = (files.to_str().unwrap(), picture.to_str().unwrap());
        let raw: [&[&str]; 3] = [
            &["scan", files],
            &["decode", files, "--discard"],
            &["render", files, "--out", picture],
        ];
        for args in raw {
            let answer = me.run(args);
            assert_eq!(answer.code == Some(4), stage < 3, "{args:?} {answer:?}");
        }
        if stage < 3 {
            me.refused(&["case", "create", files], 4);
            me.refused(&export, 4);
            me.json(&["case", "disclose", &id]);
        }
    }
    me.refused(&["case", "disclose", &id], 4);
    office.json(&["case", "first-reader", &id, "Nils First"]);
    me.json(&["case", "seal", &id, "--accept"]);
    // A package holds the log, which names the first reader.
    me.refused(&export, 4);
    me.json(&["case", "reveal", &id]);
    me.json(&export);
    let verified = me.json(&["verify", &id]);
    let seals = verified["checks"].as_array().unwrap().iter();
    assert_eq!(
        seals.filter(|check| check["name"] == "seal").count(),
        3,
        "{verified}"
    );
    assert_eq!(verified["ok"], true);
}

#[test]
fn a_third_reader_sees_two_reads_without_names_and_decides_every_row() {
    for seed in [2, 5] {
        let (desk, sample) = (Desk::new(), sample(seed));
        let (me, third, other) = (
            desk.reader(SECOND),
            desk.reader(THIRD),
            desk.reader("Dan Other"),
        );
        let id = signed(&me, &sample);
        me.json(&["case", "adjudicate", &id, "ask"]);
        let shown = third.json(&["case", "adjudicate", &id, "show"]);
        let rows = shown["third_read"]["rows"].as_array().unwrap().clone();
        assert!(2 <= rows.len(), "{shown}");
        for view in [shown, third.show(&id)] {
            let view = text(&view);
            assert!(!view.contains(SECOND), "{view}");
            assert!(
                !view.contains("missed") && !view.contains("Missed"),
                "{view}"
            );
        }
        let listed = third.json(&["case", "list"])["cases"][0].clone();
        assert_eq!(listed["second_reader"], "");
        assert_eq!(
            (&listed["outcome"], &listed["significance"]),
            (&Value::Null, &Value::Null)
        );
        // No way around: what would name the reads is refused to whoever may still decide.
        let (first, package) = (sample.report(ReportForm::Text), desk.path("out"));
        let rows_of: [&[&str]; 4] = [
            &["case", "discrepancy", &id, "list"],
            &[
                "case",
                "export",
                &id,
                "--format",
                "json",
                "--out",
                package.to_str().unwrap(),
            ],
            &["report", "read", first.to_str().unwrap()],
            &["case", "feedback", &id, "list"],
        ];
        for args in rows_of {
            third.refused(args, 4);
        }
        me.refused(
            &["case", "adjudicate", &id, "set", "P1", "--uphold", "A"],
            4,
        );
        third.refused(&["case", "adjudicate", &id, "sign"], 4);
        for row in &rows {
            let name = format!("P{}", row["pair"]);
            let set = ["case", "adjudicate", &id, "set", &name, "--uphold", "B"];
            let how = ["--sure", "high", "--significance", "minor"];
            third.refused(&[&set[..], &["--sure", "certain"]].concat(), 2);
            third.json(&[&set[..], &how].concat());
        }
        other.refused(&["case", "adjudicate", &id, "take"], 4);
        me.refused(&["case", "close", &id], 4);
        let done = third.json(&["case", "adjudicate", &id, "sign"]);
        assert_eq!(done["state"], "feedback");
        assert_eq!(done["third_read"]["reader"], THIRD);
        me.json(&["case", "close", &id]);
        let [narrative, json] = handed_over(&desk, &me, &id);
        assert!(
            narrative.contains("Third read - Arbitration by Cleo Third"),
            "{narrative}"
        );
        assert!(json.contains("\"upheld_read\""), "{json}");
        let how = "with high certainty, of minor significance for care";
        assert!(narrative.contains(how), "{narrative}");
        assert!(json.contains("\"sure\": \"high\""), "{json}");
        assert_eq!(me.json(&["verify", &id])["ok"], true);
        let checked = me.json(&["store", "check"]);
        assert_eq!(checked["report"]["problems"], json!([]), "{checked}");
    }
}

#[test]
fn with_a_roster_everybody_does_their_own_part_and_no_more() {
    let (desk, sample) = (Desk::new(), sample(4));
    let (office, me) = (desk.reader("Office"), desk.reader(SECOND));
    let (keeper, stranger) = (desk.reader("Keeper"), desk.reader("Stranger"));
    let roster = desk.path("roster.json");
    let member = |name: &str, role: &str| json!({ "actor": name, "roles": [role] });
    let nobody = json!({ "members": [member(SECOND, "second_reader")] });
    std::fs::write(&roster, text(&nobody)).unwrap();
    let file = roster.to_str().unwrap();
    keeper.refused(&["roster", "set", file], 4);
    let members = json!({ "members": [
        member("Office", "coordinator"), member(SECOND, "second_reader"), member("Keeper", "administrator"),
        member("Audit", "auditor"),
    ]});
    std::fs::write(&roster, text(&members)).unwrap();
    keeper.json(&["roster", "set", file]);
    let (current, report) = (sample.current(), sample.report(ReportForm::Text));
    let create = [
        "case",
        "create",
        current.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ];
    me.refused(&create, 4);
    let id = office.json(&create)["id"].as_str().unwrap().to_owned();
    let add = ["case", "read", &id, "finding", "add", "--concept", "nodule"];
    for (who, look) in [
        (&office, true),
        (&keeper, false),
        (&stranger, false),
        (&desk.reader("Audit"), true),
    ] {
        who.refused(&add, 4);
        let shown = who.run(&["case", "show", &id]);
        assert_eq!(shown.code, Some(if look { 0 } else { 4 }));
    }
    me.json(&add);
    me.refused(&["roster", "set", file], 4);
    let out = desk.path("audited");
    let export = [
        "case",
        "export",
        &id,
        "--format",
        "json",
        "--out",
        out.to_str().unwrap(),
    ];
    desk.reader("Audit").refused(&export, 4);
    assert!(!out.exists(), "nothing was written");
    stranger.refused(&["verify", &id], 4);
    assert_eq!(stranger.run(&["case", "list"]).code, Some(4));
}

#[test]
fn what_cannot_wait_is_told_before_a_case_closes_and_changes_of_mind_stay_a_layer() {
    let (desk, sample) = (Desk::new(), sample(2));
    let me = desk.reader(SECOND);
    let id = begin(&me, &sample, "second-opinion");
    enter_findings(&me, &id, &sample.truth);
    let raised = me.json(&[
        "case", "critical", &id, "raise", "Free air", "--within", "minutes",
    ]);
    assert_eq!(raised["critical_findings"][0]["number"], 1);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    let sealed = me.show(&id)["read"].clone();
    let why = ["--direction", "towards_first", "--reason", "Looked again"];
    let retract = ["case", "amend", &id, "retract", "F1"];
    let amended = me.json(&[&retract[..], &why].concat());
    assert_eq!(amended["anchoring"]["n_towards_first"], 1);
    me.refused(&[&retract[..], &why].concat(), 4);
    let add = [
        "case",
        "amend",
        &id,
        "add",
        "--concept",
        "rib fracture",
        "--side",
        "left",
    ];
    me.json(&[&add[..], &why].concat());
    let shown = me.show(&id);
    assert_eq!(shown["read"], sealed, "the sealed read stays as it was");
    assert_eq!(shown["amendments"].as_array().unwrap().len(), 2);
    decide_all(&me, &id);
    let give = [
        "case",
        "feedback",
        &id,
        "give",
        "--kind",
        "praise",
        "--text",
        "Well seen",
    ];
    me.refused(&give, 4);
    me.json(&["case", "sign", &id]);
    me.json(&["case", "first-reader", &id, "Nils First"]);
    me.json(&give);
    let first = desk.reader("Nils First");
    let letter = first.json(&[
        "case",
        "feedback",
        &id,
        "answer",
        "1",
        "--text",
        "Thank you",
    ]);
    assert_eq!(letter["feedback"][0]["by"], Value::Null, "it is anonymous");
    me.refused(&["case", "close", &id], 4);
    let told = [
        "case",
        "critical",
        &id,
        "told",
        "1",
        "--to",
        "Ward 3",
        "--by",
        "telephone",
    ];
    me.json(&told);
    me.refused(&["case", "close", &id], 4);
    me.json(&[&told[..], &["--read-back"]].concat());
    me.json(&["case", "close", &id]);
    me.json(&[
        "case",
        "follow-up",
        &id,
        "--source",
        "pathology",
        "--bears-out",
        "second",
        "--text",
        "Benign",
    ]);
    let outputs = handed_over(&desk, &me, &id);
    for expected in ["Free air", "Ward 3", "Looked again"] {
        for output in &outputs {
            assert!(output.contains(expected), "no {expected}: {output}");
        }
    }
    for output in &outputs {
        assert!(
            !output.contains("Well seen"),
            "feedback is not for the referrer: {output}"
        );
    }
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}

#[test]
fn a_table_makes_a_case_a_row_and_a_bad_row_stops_no_other() {
    let (desk, a, b) = (Desk::new(), sample(2), sample(3));
    let office = desk.reader("Office");
    let row = |sample: &Sample, rest: &str| {
        let (current, prior) = (sample.current(), sample.prior());
        let report = sample.report(ReportForm::Text);
        let (current, prior, report) = (current.display(), prior.display(), report.display());
        format!("{current};{prior},{report},{rest}\n")
    };
    let mut table = String::from("paths,report,protocol,first_reader,reader,method,probability\n");
    table += &row(&a, "peer-learning,Nils First,Ada Second,random,0.05");
    table += &row(&b, "no-such-protocol,,,,");
    table += &row(&b, "screening-arbitration,,Ada Second,every_nth,2");
    table += "/nowhere/at/all,,,,,,\n";
    table += &row(&b, ",,,,");
    // A study that is not there must not write into the case before.
    let (current, report) = (a.current(), a.report(ReportForm::Text));
    table.insert_str(0, "study,");
    table = table.replace("\n", "\n,").trim_end_matches(',').to_owned();
    table += &format!(
        "9.9.9,{},{},,Somebody,,,\n",
        current.display(),
        report.display()
    );
    let file = desk.path("cases.csv");
    std::fs::write(&file, table).unwrap();
    let answer = office.json(&["case", "create", "--from-csv", file.to_str().unwrap()]);
    let lines = |list: &str| -> Vec<u64> {
        let rows = answer[list].as_array().unwrap().iter();
        rows.map(|row| row["line"].as_u64().unwrap()).collect()
    };
    assert_eq!(
        (lines("created"), lines("failed")),
        (vec![2, 6], vec![3, 4, 5, 7])
    );
    let id = answer["created"][0]["id"].as_str().unwrap();
    let shown = office.show(id);
    assert_eq!(shown["protocol"], "peer-learning");
    assert_eq!(shown["assignment"]["inclusion_probability"], 0.05);
    assert_eq!(shown["first_reader"], Value::Null, "closed while blinded");
    let other = desk.reader("Ben Other");
    other.refused(&["case", "read", id, "start"], 4);
    let second = office.show(answer["created"][1]["id"].as_str().unwrap());
    assert_eq!(
        second["protocol"], "second-opinion",
        "a row without one has the usual one"
    );
    assert_eq!(
        second["reports"].as_array().unwrap().len(),
        1,
        "its own report alone"
    );
    let empty = desk.path("empty.csv");
    std::fs::write(&empty, "paths\n").unwrap();
    office.refused(
        &["case", "create", "--from-csv", empty.to_str().unwrap()],
        3,
    );
}

#[test]
fn protocols_are_listed_checked_and_replaced_by_those_beside_the_store() {
    let desk = Desk::new();
    let me = desk.reader(SECOND);
    let listed = me.json(&["protocol", "list"]);
    assert_eq!(listed["protocols"].as_array().unwrap().len(), 6);
    let shown = me.json(&["protocol", "show", "second-opinion"]);
    assert_eq!(shown["protocol"]["version"], 1);
    me.refused(&["protocol", "show", "nothing"], 2);
    let asset = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../assets/protocols/second_opinion.toml"
    );
    let shipped = std::fs::read_to_string(asset).unwrap();
    let good = desk.path("good.toml");
    std::fs::write(&good, shipped.replace("version = 1", "version = 7")).unwrap();
    me.json(&["protocol", "check", good.to_str().unwrap()]);
    let bad = desk.path("bad.toml");
    std::fs::write(&bad, shipped.replace("\"images\", ", "")).unwrap();
    let reason = me.refused(&["protocol", "check", bad.to_str().unwrap()], 3);
    assert!(
        reason.contains("first stage must open the images"),
        "{reason}"
    );
    let own = desk.store().join("protocols");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::copy(&good, own.join("own.toml")).unwrap();
    std::fs::copy(&bad, own.join("zz.toml")).unwrap();
    let listed = me.json(&["protocol", "list"]);
    assert_eq!(listed["protocols"].as_array().unwrap().len(), 6);
    assert_eq!(listed["protocols"][0]["version"], 7);
    assert_eq!(listed["left_out"].as_array().unwrap().len(), 1);
}
