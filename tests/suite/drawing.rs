//! Cases drawn by a rule, and lists as tables, from outside.

use acceptance::{Desk, Reader};
use phantom::raw::SeriesSpec;
use serde_json::{Value, json};

/// Begins a case of two small images with a name and a description of its own.
fn begin(desk: &Desk, by: &Reader, name: &str, modality: &str, description: &str) -> String {
    let folder = desk.path(name);
    std::fs::create_dir_all(&folder).unwrap();
    let mut spec = SeriesSpec::ct(name, 8, 8, 2);
    spec.modality = modality.into();
    spec.patient.name = "=HYPERLINK(A1)^Eve".into();
    spec.extra
        .put(phantom::tags::STUDY_DESCRIPTION, description);
    spec.write(&folder, |_| 0).unwrap();
    let report = desk.path(&format!("{name}.txt"));
    let text = "FINDINGS:\nThere is a 9 mm nodule in the right upper lobe, Lung-RADS 4A.\n";
    std::fs::write(&report, text).unwrap();
    by.create(&[folder.as_path()], Some(&report), "")
}

fn list<'a>(answer: &'a Value, name: &str, field: &str) -> Vec<&'a str> {
    let rows = answer[name].as_array().unwrap().iter();
    rows.map(|row| row[field].as_str().unwrap()).collect()
}

#[test]
fn who_may_not_read_a_case_is_never_given_it_and_why_is_said() {
    let desk = Desk::new();
    let office = desk.reader("Office");
    let chest = begin(&desk, &office, "chest", "CT", "CT chest");
    let brain = begin(&desk, &office, "brain", "MR", "MR brain");
    let own = begin(&desk, &office, "own", "CT", "CT chest");
    office.json(&["case", "first-reader", &own, "Ada"]);
    desk.reader("Ben")
        .json(&["case", "conflict", &own, "--declare", "A relative"]);
    let members = json!({ "members": [
        { "actor": "Office", "roles": ["coordinator"] },
        { "actor": "Ada", "roles": ["second_reader"], "specialities": [{ "modality": "CT", "body_part": "chest" }] },
        { "actor": "Ben", "roles": ["second_reader"], "specialities": [{ "body_part": "BRAIN" }, { "modality": "ct" }] },
        { "actor": "Audit", "roles": ["auditor"] },
    ]});
    let file = desk.path("roster.json");
    std::fs::write(&file, members.to_string()).unwrap();
    office.json(&["roster", "set", file.to_str().unwrap()]);
    let all = [
        "case", "draw", "--rule", "random", "--share", "100", "--seed", "5",
    ];
    desk.reader("Audit").refused(&all, 4);
    for reader in ["Ada", "Ben"] {
        desk.reader(reader).refused(&all, 4);
    }
    let answer = office.json(&all);
    let mut drawn: Vec<(&str, &str)> = list(&answer, "drawn", "id")
        .into_iter()
        .zip(list(&answer, "drawn", "reader"))
        .collect();
    drawn.sort();
    let mut expected = vec![(chest.as_str(), "Ada"), (brain.as_str(), "Ben")];
    expected.sort();
    assert_eq!(drawn, expected, "{answer}");
    assert_eq!(list(&answer, "left_out", "id"), [own.as_str()]);
    assert_eq!(list(&answer, "left_out", "code"), ["no_reader"]);
    let shown = office.show(&chest);
    assert_eq!(shown["assignment"]["draw"]["seed"], 5);
    assert_eq!(shown["assignment"]["draw"]["n_frame"], 2);
    // What has a reader is said so when it is asked for by name, and left in peace.
    let again = office.json(&[&all[..], &["--cases", &chest]].concat());
    assert_eq!(
        (
            list(&again, "drawn", "id").len(),
            list(&again, "left_out", "code")
        ),
        (0, vec!["taken"])
    );
    assert_eq!(office.show(&chest)["assignment"], shown["assignment"]);
}

#[test]
fn a_rule_that_makes_no_sense_draws_nothing() {
    let desk = Desk::new();
    let office = desk.reader("Office");
    let id = begin(&desk, &office, "one", "CT", "CT chest");
    let rows: [(&[&str], i32); 8] = [
        (&["--rule", "random", "--readers", "Ada"], 2),
        (&["--rule", "random", "--share", "0", "--readers", "Ada"], 2),
        (
            &["--rule", "random", "--share", "101", "--readers", "Ada"],
            2,
        ),
        (&["--rule", "every_nth", "--n", "0", "--readers", "Ada"], 2),
        (&["--rule", "dice", "--readers", "Ada"], 2),
        (&["--rule", "quota", "--n", "1"], 2),
        (
            &[
                "--rule",
                "quota",
                "--n",
                "1",
                "--readers",
                "Ada",
                "--cases",
                "OR-NOBODY",
            ],
            2,
        ),
        (
            &[
                "--rule",
                "quota",
                "--n",
                "1",
                "--readers",
                "Ada",
                "--due",
                "soon",
            ],
            4,
        ),
    ];
    for (rest, code) in rows {
        office.refused(&[&["case", "draw"], rest].concat(), code);
        assert_eq!(office.show(&id)["assignment"], Value::Null, "{rest:?}");
    }
}

#[test]
fn tables_hold_what_the_actor_may_see_and_no_formula() {
    let desk = Desk::new();
    let (office, me, third) = (
        desk.reader("Office"),
        desk.reader("Ada"),
        desk.reader("Cleo"),
    );
    let id = begin(&desk, &office, "case", "CT", "+CT chest");
    let table = |by: &Reader, what: &str| {
        let file = desk.path("table.csv");
        by.json(&["case", what, "--csv", file.to_str().unwrap()]);
        std::fs::read_to_string(file).unwrap()
    };
    let listed = table(&office, "list");
    assert!(listed.starts_with("id,state,unblinded_early,"), "{listed}");
    assert!(
        !listed.contains(",=") && !listed.contains(",+") && listed.contains("'+CT chest"),
        "{listed}"
    );
    assert_eq!(
        table(&office, "discrepancies").lines().count(),
        1,
        "blinded"
    );
    me.json(&[
        "case",
        "read",
        &id,
        "finding",
        "add",
        "--concept",
        "nodule",
        "--side",
        "right",
        "--level",
        "upper lobe",
        "--site",
        "lung",
        "--category",
        "lung_rads=3",
    ]);
    me.json(&["case", "seal", &id, "--accept"]);
    assert_eq!(
        table(&me, "discrepancies").lines().count(),
        1,
        "still blinded"
    );
    me.json(&["case", "reveal", &id]);
    let row = me.json(&["case", "discrepancy", &id, "list"])["rows"][0].clone();
    assert!(row["proposed"].to_string().contains("D10"), "{row}");
    let set = [
        "case",
        "discrepancy",
        &id,
        "set",
        "P1",
        "--class",
        "D10",
        "--note",
        "@SUM(A1)",
    ];
    let wrong = ["--cause", "technique", "--error-type", "perception"];
    me.refused(&[&set[..], &wrong].concat(), 4);
    me.json(&[&set[..], &["--cause", "technique", "--impact", "3"]].concat());
    me.json(&["case", "sign", &id]);
    let rows = table(&me, "discrepancies");
    for part in [
        ",D10,technique,technique,",
        ",3,",
        "'@SUM(A1)",
        "Lung-RADS 4A",
    ] {
        assert!(rows.contains(part), "{part}: {rows}");
    }
    // Who may still make the third read sees neither whose reads they are nor how they differ.
    me.json(&["case", "adjudicate", &id, "ask"]);
    assert_eq!(table(&third, "discrepancies").lines().count(), 1);
    assert!(!table(&third, "list").contains("Ada"));
    let nowhere = desk.path("no/such/folder.csv");
    me.refused(&["case", "list", "--csv", nowhere.to_str().unwrap()], 5);
}

#[test]
fn a_response_is_counted_from_the_marks_of_a_read() {
    let (desk, sample) = (Desk::new(), acceptance::sample(3));
    let me = desk.reader("Ada");
    let id = sample.create(&me, acceptance::ReportForm::Text, "");
    let add = |rest: &[&str]| {
        let base = [
            "case",
            "read",
            &id,
            "finding",
            "add",
            "--concept",
            "metastasis",
            "--site",
            "liver",
        ];
        me.json(&[&base[..], rest].concat())
    };
    let ends = sample
        .truth
        .second_read
        .iter()
        .find_map(|read| read.length_mm);
    let [x, y, z] = ends.unwrap()[0];
    let line = acceptance::numbers(&[x, y, z, x + 30.0, y, z]);
    add(&["--length-mm", &line]);
    add(&["--assertion", "absent"]);
    let shown = me.show(&id);
    let mm = shown["read"]["titles"][0]["size_mm"][0].as_f64().unwrap();
    assert!((mm - 30.0).abs() < 0.01, "{shown}");
    let targets = ["case", "recist", &id, "--target", "F1,F2"];
    let start = me.json(&["case", "recist", &id, "--target", "F1"]);
    assert_eq!(
        (&start["problems"], &start["overall"]),
        (&json!([]), &Value::Null)
    );
    let rows: [(&[&str], &str, &str); 6] = [
        (&["--baseline-mm", "50"], "pr", "pr"),
        (&["--baseline-mm", "40"], "sd", "sd"),
        (&["--baseline-mm", "60", "--nadir-mm", "24"], "pd", "pd"),
        (&["--baseline-mm", "50", "--new-lesion"], "pr", "pd"),
        (&["--baseline-mm", "50", "--non-target", "pd"], "pr", "pd"),
        (
            &["--baseline-mm", "50", "--not-evaluable", "F2"],
            "ne",
            "ne",
        ),
    ];
    for (rest, target, overall) in rows {
        let answer = me.json(&[&targets[..], rest].concat());
        assert_eq!(
            (&answer["target"], &answer["overall"]),
            (&json!(target), &json!(overall)),
            "{answer}"
        );
    }
    for wrong in [
        &["--node", "F1"][..],
        &["--target", "F9"],
        &["--target", "F1,F1"],
        &["--nadir-mm", "3"],
    ] {
        me.refused(&[&["case", "recist", &id], wrong].concat(), 2);
    }
}
