//! The third read on the screens: nothing of either read before it is asked for, no name before the signature.

use egui::{Key, Modifiers};
use serde_json::json;
use session::{
    Actor, Command, Geometry, MarkOf, ReadCommand, Snapshot, ThirdCommand, ThirdReadSnapshot,
    ThirdRowSnapshot, Upheld, ViewIdx,
};

use super::bench::Bench;

const SECOND: &str = "Ada Second";
const THIRD: &str = "Cleo Third";

fn third(snapshot: &Snapshot) -> ThirdReadSnapshot {
    snapshot.case.as_ref().unwrap().third.clone().unwrap()
}

/// Names of readers, and of findings of the second read.
fn names_of_readers(bench: &Bench) -> Vec<String> {
    let text = bench.sample.report_text();
    let author = text
        .lines()
        .find_map(|line| line.split_once("Reported by "));
    let author = author.map(|(_, name)| name.trim().to_owned());
    [SECOND.to_owned()].into_iter().chain(author).collect()
}

fn main_action(bench: &mut Bench) {
    bench.key(Key::Enter, Modifiers::COMMAND);
    bench.settle();
}

/// Presses the card of a row, which gives its list the keyboard.
fn press_card(bench: &mut Bench, row: &ThirdRowSnapshot) {
    let text = row.a.text.as_deref().or(row.b.text.as_deref());
    bench.press(&format!("{} {}", row.pair, text.unwrap_or_default()));
}

fn assert_no_names(bench: &mut Bench, when: &str) {
    let shown = bench.names();
    for name in names_of_readers(bench) {
        let found = shown.iter().find(|words| words.contains(&name));
        assert_eq!(found, None, "{when}");
    }
    let snapshot = bench.snapshot();
    let case = snapshot.case.as_ref().unwrap();
    assert!(
        case.findings.is_empty() && case.loose_marks.is_empty(),
        "{when}"
    );
    assert!(
        case.comparison.is_none() && case.impression.is_empty(),
        "{when}"
    );
    assert_eq!(
        (case.reader.as_str(), &case.sealed_at),
        ("", &None),
        "{when}"
    );
    let marks = snapshot.views.iter().flat_map(|view| &view.marks);
    for mark in marks {
        assert!(mark.of != MarkOf::SecondRead && mark.annotation.finding.is_none());
    }
}

#[test]
fn a_third_reader_sees_nothing_of_either_read_before_opening_them() {
    let mut bench = Bench::third_read(2, THIRD);
    assert_no_names(&mut bench, "before it is taken");
    let before = bench.names();
    main_action(&mut bench);
    assert_no_names(&mut bench, "once taken");
    main_action(&mut bench);
    assert_no_names(&mut bench, "once open");
    let third = third(&bench.snapshot());
    assert!(2 <= third.rows.len() && third.rows.len() == third.n_rows);
    let texts = third.rows.iter().flat_map(|row| [&row.a.text, &row.b.text]);
    let texts: Vec<&String> = texts.flatten().collect();
    assert!(texts.len() > third.rows.len());
    for text in &texts {
        let early = before.iter().any(|words| words.contains(text.as_str()));
        assert!(
            !early,
            "{text} was on the screen before the reads were opened"
        );
    }
    let first = third.rows[0]
        .a
        .text
        .clone()
        .or(third.rows[0].b.text.clone());
    assert!(bench.shows(&first.unwrap()));
}

#[test]
fn a_third_read_is_made_with_keys_marks_and_a_signature_that_shows_the_names() {
    let mut bench = Bench::third_read(2, THIRD);
    main_action(&mut bench);
    main_action(&mut bench);
    let begun = bench.snapshot();
    let rows = third(&begun).rows;
    let (_, looked_at) = third(&begun).opened.unwrap();
    assert_eq!(begun.selected_pair, Some(rows[0].pair));
    // A mark before the decision is kept for it.
    let plane = begun.views[0].plane.unwrap();
    let [from, to] = [-5.0, 7.0].map(|mm| plane.centre + plane.frame.right() * mm);
    bench.dispatch(Command::Read(ReadCommand::AddMark {
        view: ViewIdx(0),
        geometry: Geometry::Length { from, to },
    }));
    let own = third(&bench.snapshot()).rows[0].own_marks.clone();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].label, "12 mm");
    press_card(&mut bench, &rows[0]);
    bench.key(Key::Num2, Modifiers::NONE);
    bench.dispatch(Command::Third(ThirdCommand::SetNote(
        rows[0].pair,
        "Measured on two planes".into(),
    )));
    main_action(&mut bench);
    let now = bench.snapshot();
    assert_eq!(
        now.selected_pair,
        Some(rows[1].pair),
        "on to the next that waits"
    );
    assert_eq!(third(&now).rows[0].decision.upheld, Some(Upheld::B));
    assert_no_names(&mut bench, "after a decision");
    for (row, key) in rows
        .iter()
        .skip(1)
        .zip([Key::Num1, Key::Num3, Key::Num4, Key::Num5].iter().cycle())
    {
        press_card(&mut bench, row);
        bench.key(*key, Modifiers::NONE);
    }
    let decided = third(&bench.snapshot());
    assert_eq!(decided.n_decided, decided.n_rows);
    bench.dispatch(Command::Third(ThirdCommand::Sign));
    let signed = bench.snapshot();
    let case = signed.case.as_ref().unwrap();
    assert!(case.third.is_none() && case.comparison.is_some());
    assert_eq!(case.reader, SECOND);
    let view = bench.desk.reader(SECOND).show(bench.id.as_str());
    let third = &view["third_read"];
    let verdict = third["verdicts"].as_array().unwrap().iter();
    let of_first = verdict
        .clone()
        .find(|entry| entry[0] == json!(rows[0].pair));
    let of_first = &of_first.unwrap()[1];
    assert_eq!(of_first["note"], "Measured on two planes");
    let value = of_first["marks"][0]["values"][0]["value"].as_f64().unwrap();
    assert!((value - 12.0).abs() < 1e-9, "{value}");
    assert_eq!(third["opened"]["viewed_percent"], json!(looked_at));
}

#[test]
fn whoever_knows_the_readers_keeps_the_comparison_while_a_third_read_is_open() {
    let mut bench = Bench::third_read(5, SECOND);
    let snapshot = bench.snapshot();
    let case = snapshot.case.as_ref().unwrap();
    assert!(case.third.is_none() && case.comparison.is_some());
    let refused = bench.with(|shell| {
        let session = shell.session_mut();
        session.dispatch(Command::Third(ThirdCommand::Take))
    });
    assert_eq!(refused.unwrap_err().code(), "own_read");
    // Another person at the same screens sees what they may see.
    bench.dispatch(Command::SetActor(Actor::new(THIRD)));
    assert_no_names(&mut bench, "for the next person");
    assert!(bench.snapshot().case.as_ref().unwrap().third.is_some());
}
