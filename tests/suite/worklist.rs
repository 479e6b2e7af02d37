//! The worklist from outside: what each condition lists, views with names, whom a case waits for, and that no search
//! finds what is closed.

use acceptance::{Desk, Reader, ReportForm, sample};
use serde_json::{Value, json};

use crate::programme::signed;

const OFFICE: &str = "Office";
const SECOND: &str = "Ada Second";

/// The names of what is listed, in order.
fn listed(by: &Reader, args: &[&str]) -> Vec<String> {
    let answer = by.json(&[&["case", "list"], args].concat());
    let rows = answer["cases"].as_array().unwrap().iter();
    let ids: Vec<String> = rows
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(answer["n_listed"], json!(ids.len()));
    ids
}

fn row(by: &Reader, id: &str) -> Value {
    let answer = by.json(&["case", "list"]);
    let mut rows = answer["cases"].as_array().unwrap().iter();
    rows.find(|row| row["id"] == id).unwrap().clone()
}

/// Two blinded cases with the same first report; the first is given to a reader.
fn begun(desk: &Desk) -> [String; 2] {
    let (office, sample) = (desk.reader(OFFICE), sample(1));
    let report = sample.report(ReportForm::Text);
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let current = path(&sample.current());
    let ids = [0, 1].map(|_| {
        let made = office.json(&["case", "create", &current, "--report", &path(&report)]);
        made["id"].as_str().unwrap().to_owned()
    });
    office.json(&[
        "case",
        "assign",
        &ids[0],
        SECOND,
        "--due",
        "2020-02-29",
        "--priority",
        "urgent",
    ]);
    ids
}

#[test]
fn a_list_is_asked_for_and_kept_under_a_name() {
    let desk = Desk::new();
    let [given, free] = begun(&desk);
    let (office, me) = (desk.reader(OFFICE), desk.reader(SECOND));
    let rows: [(&[&str], &[&String]); 12] = [
        (&["--queue", "mine"], &[&given]),
        (&["--queue", "unassigned"], &[&free]),
        (&["--due", "overdue"], &[&given]),
        (&["--due", "none"], &[&free]),
        (&["--priority", "soon,urgent"], &[&given]),
        (
            &["--reader", SECOND, "--state", "intake,ready,reading"],
            &[&given],
        ),
        (&["--state", "closed"], &[]),
        (
            &["--protocol", "second-opinion", "--search", &given],
            &[&given],
        ),
        (&["--modality", "CT", "--queue", "unassigned"], &[&free]),
        (&["--outcome", "changed"], &[]),
        (&["--mark", "third_read,critical"], &[]),
        (&["--group-by", "due", "--order", "due"], &[&given, &free]),
    ];
    for (args, expected) in rows {
        let expected: Vec<String> = expected.iter().map(|id| (*id).clone()).collect();
        assert_eq!(listed(&me, args), expected, "{args:?}");
    }
    let groups = me.json(&["case", "list", "--group-by", "reader"])["groups"].clone();
    assert_eq!(
        groups,
        json!([
            { "by": "reader", "word": "", "start": 0, "n": 1 },
            { "by": "reader", "word": SECOND, "start": 1, "n": 1 },
        ])
    );
    // A view is kept, used with a change, listed as a table, renamed and deleted; it is nobody else's.
    me.json(&["case", "list", "--due", "overdue", "--save-view", "Late"]);
    assert_eq!(listed(&me, &["--view", "Late"]), [given.as_str()]);
    assert_eq!(
        listed(&me, &["--view", "Late", "--due", "none"]),
        [free.as_str()]
    );
    let table = desk.path("late.csv");
    me.json(&[
        "case",
        "list",
        "--view",
        "Late",
        "--csv",
        table.to_str().unwrap(),
    ]);
    let lines = std::fs::read_to_string(&table).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(
        lines.contains(",2020-02-29,urgent,second-opinion,"),
        "{lines}"
    );
    me.json(&["case", "views", "rename", "Late", "Too late"]);
    let views = me.json(&["case", "views", "start", "Too late"]);
    assert_eq!(
        (&views["start"], views["views"][0]["name"].as_str()),
        (&json!("Too late"), Some("Too late"))
    );
    office.refused(&["case", "list", "--view", "Too late"], 2);
    me.refused(&["case", "list", "--view", "Late"], 2);
    me.refused(&["case", "list", "--due", "soon"], 2);
    me.json(&["case", "views", "delete", "Too late"]);
    assert_eq!(me.json(&["case", "views"])["views"], json!([]));
}

#[test]
fn no_search_group_or_filter_finds_what_is_closed() {
    let desk = Desk::new();
    let [given, _] = begun(&desk);
    let (office, me) = (desk.reader(OFFICE), desk.reader(SECOND));
    let sample = sample(1);
    let report = std::fs::read_to_string(sample.report(ReportForm::Text)).unwrap();
    let all = office.json(&["case", "show", &given]);
    let known = format!("{}{}", all["study"], all["question"]).to_lowercase();
    let mut words: Vec<String> = report
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| 5 <= word.len())
        .map(str::to_lowercase)
        .filter(|word| !known.contains(word.as_str()))
        .collect();
    words.sort();
    words.dedup();
    assert!(5 < words.len(), "the report has words of its own");
    for word in words.iter().step_by(1 + words.len() / 12) {
        for by in [&me, &office] {
            assert_eq!(
                listed(by, &["--search", word]),
                Vec::<String>::new(),
                "{word}"
            );
            assert_eq!(
                listed(by, &["--reader", word]),
                Vec::<String>::new(),
                "{word}"
            );
        }
    }
}

#[test]
fn a_case_says_that_it_waits_for_a_third_reader_and_never_for_whom() {
    let desk = Desk::new();
    let (me, third) = (desk.reader(SECOND), desk.reader("Cleo Third"));
    let id = signed(&me, &sample(1));
    assert_eq!(row(&me, &id)["waits_for"], Value::Null);
    me.json(&[
        "case",
        "flag",
        &id,
        "--for",
        "teaching",
        "--reason",
        "Well seen",
    ]);
    assert_eq!(me.show(&id)["flags"][0]["list"], "teaching");
    assert_eq!(listed(&me, &["--mark", "teaching"]), [id.as_str()]);
    me.json(&["case", "adjudicate", &id, "ask"]);
    for (step, expected) in [(None, "third_reader"), (Some("take"), "third_decision")] {
        if let Some(step) = step {
            third.json(&["case", "adjudicate", &id, step]);
        }
        let shown = row(&me, &id);
        assert_eq!(
            (&shown["waits_for"], &shown["needs_you"]),
            (&json!(expected), &json!(false))
        );
        assert_eq!(me.show(&id)["waits_for"], expected);
        assert_eq!(listed(&me, &["--mark", "third_read"]), [id.as_str()]);
        assert!(!shown.to_string().contains("Cleo Third"), "{shown}");
    }
    assert_eq!(listed(&third, &["--queue", "mine"]), [id.as_str()]);
    assert_eq!(row(&third, &id)["needs_you"], true);
    // Nothing of either read, and nothing that others learn from, for whoever decides.
    for by in [third, desk.reader("Somebody")] {
        let shown = row(&by, &id).to_string();
        assert!(
            !shown.contains(SECOND) && !shown.contains("teaching"),
            "{shown}"
        );
        assert_eq!(by.show(&id)["flags"], json!([]));
        for narrowed in [
            ["--reader", SECOND],
            ["--mark", "teaching"],
            ["--mark", "limitation"],
        ] {
            assert_eq!(listed(&by, &narrowed), Vec::<String>::new(), "{narrowed:?}");
        }
    }
}
