//! What leaves the house, from outside: certificate, letters, the two records, lists for learning, late reports.

use acceptance::{Desk, Reader, ReportForm, Sample, decide_all, enter_findings, sample};
use serde_json::{Value, json};

const SECOND: &str = "Ada Second";

fn begin(me: &Reader, sample: &Sample) -> String {
    let (current, report) = (sample.current(), sample.report(ReportForm::Text));
    let created = me.json(&[
        "case",
        "create",
        current.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ]);
    let id = created["id"].as_str().unwrap().to_owned();
    enter_findings(me, &id, &sample.truth);
    id
}

/// Exports one format and gives where the file lies.
fn exported(desk: &Desk, by: &Reader, id: &str, format: &str) -> String {
    let out = desk.path(&format!("out-{format}-{}", state_name(by, id)));
    let out = out.to_str().unwrap();
    let answer = by.json(&["case", "export", id, "--format", format, "--out", out]);
    answer["files"][0]["path"].as_str().unwrap().to_owned()
}

/// A folder of its own for each state of a case.
fn state_name(by: &Reader, id: &str) -> String {
    by.json(&["case", "show", id])["n_entries"].to_string()
}

#[test]
fn a_certificate_given_away_before_the_reveal_fits_what_came_of_the_case() {
    let (desk, sample) = (Desk::new(), sample(3));
    let me = desk.reader(SECOND);
    let id = begin(&me, &sample);
    let out = desk.path("out");
    let out = out.to_str().unwrap();
    let export = [
        "case",
        "export",
        &id,
        "--format",
        "certificate",
        "--out",
        out,
    ];
    me.refused(&export, 4);
    me.json(&["case", "seal", &id, "--accept"]);
    for format in [
        "letter",
        "plain-letter",
        "clinical-ledger",
        "learning-ledger",
    ] {
        me.refused(
            &["case", "export", &id, "--format", format, "--out", out],
            4,
        );
    }
    let early = exported(&desk, &me, &id, "certificate");
    me.json(&["case", "reveal", &id]);
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    let late = exported(&desk, &me, &id, "certificate");
    let package = exported(&desk, &me, &id, "package");
    for with in [&late, &package, &id] {
        let verified = me.json(&["verify", &early, "--with", with]);
        assert_eq!(verified["ok"], true, "{verified}");
        assert_eq!(verified["blinded"], true);
    }
    let text = std::fs::read_to_string(&late).unwrap();
    let patient = me.show(&id)["study"]["patient_id"].clone();
    assert!(!text.contains(patient.as_str().unwrap()));
    std::fs::write(&late, text.replacen("closed", "opened", 1)).unwrap();
    assert_eq!(me.run(&["verify", &late]).code, Some(1));
}

#[test]
fn letters_records_and_lists_leave_by_the_right_door() {
    let (desk, sample) = (Desk::new(), sample(5));
    let (me, office, audit) = (
        desk.reader(SECOND),
        desk.reader("Office"),
        desk.reader("Audit"),
    );
    let id = begin(&me, &sample);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    me.json(&[
        "case",
        "flag",
        &id,
        "--for",
        "conference",
        "--reason",
        "Bandicootreason",
    ]);
    let roster = desk.path("roster.json");
    let member = |name: &str, role: &str| json!({ "actor": name, "roles": [role] });
    let members = json!({ "members": [
        member("Office", "coordinator"), member(SECOND, "second_reader"), member("Audit", "auditor"),
    ]});
    std::fs::write(&roster, members.to_string()).unwrap();
    office.json(&["roster", "set", roster.to_str().unwrap()]);
    for format in ["letter", "plain-letter"] {
        let bytes = std::fs::read(exported(&desk, &me, &id, format)).unwrap();
        assert!(bytes.starts_with(b"%PDF"), "{format}");
    }
    let clinical = std::fs::read_to_string(exported(&desk, &me, &id, "clinical-ledger")).unwrap();
    assert!(!clinical.contains("score") && !clinical.contains("Bandicootreason"));
    let out = desk.path("learned");
    let out = out.to_str().unwrap();
    me.refused(
        &[
            "case",
            "export",
            &id,
            "--format",
            "learning-ledger",
            "--out",
            out,
        ],
        4,
    );
    me.refused(&["case", "collect", "conference", "--out", out], 4);
    let learning = exported(&desk, &audit, &id, "learning-ledger");
    assert!(!learning.contains(&id), "{learning}");
    let learning = std::fs::read_to_string(learning).unwrap();
    assert!(learning.contains("Bandicootreason") && !learning.contains(&id));
    office.json(&["case", "collect", "conference", "--out", out]);
    let list = std::fs::read_to_string(desk.path("learned").join("conference.json")).unwrap();
    let shown = me.show(&id);
    for known in ["patient_name", "patient_id", "study_instance_uid"] {
        let known = shown["study"][known].as_str().unwrap();
        assert!(!list.contains(known), "{known}: {list}");
    }
    assert!(!list.contains(&id) && !list.contains(SECOND));
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["n_cases"], 1, "{list}");
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}

#[test]
fn a_closed_case_takes_a_correction_and_compares_anew() {
    let (desk, sample) = (Desk::new(), sample(2));
    let me = desk.reader(SECOND);
    let id = begin(&me, &sample);
    me.json(&["case", "seal", &id, "--accept"]);
    me.json(&["case", "reveal", &id]);
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    me.json(&["case", "close", &id]);
    let plain = std::fs::read_to_string(sample.report(ReportForm::Text)).unwrap();
    let write = |name: &str, words: &str| {
        let path = desk.path(name);
        std::fs::write(&path, format!("{plain}\n{words}\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let corrected = write(
        "corrected.txt",
        "There is a small quollsentence in the left kidney.",
    );
    let state = me.json(&["case", "attach", &id, &corrected, "--replaces"]);
    assert_eq!(state["state"], "comparing");
    let shown = me.show(&id);
    assert_eq!(shown["earlier_comparisons"][0]["reopened"], "corrected");
    assert!(
        shown["comparison"].is_object(),
        "the corrected version is paired at once"
    );
    assert!(
        shown["correction"]["new"]
            .to_string()
            .contains("quollsentence"),
        "{}",
        shown["correction"]
    );
    let state = me.json(&["case", "withdraw", &id, "2", "--reason", "another patient"]);
    assert_eq!(state["state"], "comparing");
    let shown = me.show(&id);
    assert_eq!(shown["earlier_comparisons"][1]["reopened"], "withdrawn");
    assert_eq!(
        shown["comparison"]["report_version"], 1,
        "the version before stands again"
    );
    decide_all(&me, &id);
    me.json(&["case", "sign", &id]);
    me.json(&["case", "close", &id]);
    let addendum = write("addendum.txt", "Addendum: seen again.");
    let state = me.json(&["case", "attach", &id, &addendum]);
    assert_eq!(state["state"], "closed");
    assert_eq!(me.json(&["verify", &id])["ok"], true);
}
