//! The comparison by keyboard: letters are verdicts, digits are their weight, one step agrees with the rest.

use egui::{Key, Modifiers};
use session::{Class, Command, Screen, Significance};

use super::bench::Bench;

/// A case whose read is sealed and whose first report is open, on the screen of the comparison.
fn comparing(seed: u64) -> Bench {
    let mut bench = Bench::revealed(seed);
    bench.dispatch(Command::Show(Screen::Compare));
    bench
}

fn verdict_of_selected(bench: &mut Bench) -> Option<(Vec<Class>, Option<Significance>)> {
    let snapshot = bench.snapshot();
    let selected = snapshot.selected_pair?;
    let comparison = snapshot.case.as_ref()?.comparison.as_ref()?;
    let row = comparison.rows.iter().find(|row| row.pair.id == selected)?;
    row.verdict
        .as_ref()
        .map(|v| (v.classes.clone(), v.significance))
}

#[test]
fn letters_give_the_selected_statement_its_verdict() {
    let mut bench = comparing(1);
    let rows = [
        (Key::A, Modifiers::NONE, Class::Agree),
        (Key::M, Modifiers::NONE, Class::D1),
        (Key::X, Modifiers::NONE, Class::D1Second),
        (Key::U, Modifiers::NONE, Class::D2),
        (Key::N, Modifiers::NONE, Class::D3),
        (Key::L, Modifiers::NONE, Class::D4),
        (Key::P, Modifiers::NONE, Class::D5),
        (Key::S, Modifiers::NONE, Class::D6),
        (Key::V, Modifiers::NONE, Class::D7),
        (Key::C, Modifiers::NONE, Class::D8),
        (Key::D, Modifiers::NONE, Class::D9),
        (Key::R, Modifiers::NONE, Class::D11),
        (Key::K, Modifiers::SHIFT, Class::D12),
        (Key::I, Modifiers::NONE, Class::D13),
        (Key::T, Modifiers::NONE, Class::D14),
    ];
    for (key, modifiers, class) in rows {
        let before = verdict_of_selected(&mut bench);
        assert_eq!(before, None, "{key:?}: the row has a verdict already");
        bench.key(key, modifiers);
        let (classes, _) =
            verdict_of_selected(&mut bench).unwrap_or_else(|| panic!("{key:?} gives no verdict"));
        assert_eq!(classes, [class], "{key:?}");
        bench.key(Key::Z, Modifiers::COMMAND);
        assert_eq!(verdict_of_selected(&mut bench), None, "undo after {key:?}");
    }
}

#[test]
fn digits_give_the_verdict_its_weight() {
    let mut bench = comparing(2);
    bench.key(Key::L, Modifiers::NONE);
    let rows = [
        (Key::Num0, Significance::None),
        (Key::Num1, Significance::Minor),
        (Key::Num2, Significance::Moderate),
        (Key::Num3, Significance::Major),
    ];
    for (key, significance) in rows {
        bench.key(key, Modifiers::NONE);
        let (classes, given) = verdict_of_selected(&mut bench).unwrap();
        assert_eq!(
            (classes, given),
            (vec![Class::D4], Some(significance)),
            "{key:?}"
        );
    }
}

#[test]
fn j_and_k_go_through_the_statements() {
    let mut bench = comparing(1);
    let selected = |bench: &mut Bench| bench.snapshot().selected_pair;
    let first = selected(&mut bench);
    assert!(first.is_some());
    bench.key(Key::J, Modifiers::NONE);
    let second = selected(&mut bench);
    assert_ne!(first, second);
    bench.key(Key::K, Modifiers::NONE);
    assert_eq!(selected(&mut bench), first);
}

#[test]
fn one_step_agrees_with_all_that_remain_and_is_undone_as_one() {
    let mut bench = comparing(1);
    let counts = |bench: &mut Bench| {
        let snapshot = bench.snapshot();
        let comparison = snapshot.case.as_ref().unwrap().comparison.as_ref().unwrap();
        let is_agreement = |row: &&session::PairRow| row.pair.proposed == [Class::Agree];
        let agreed = comparison
            .rows
            .iter()
            .filter(|row| row.verdict.is_some())
            .count();
        (agreed, comparison.rows.iter().filter(is_agreement).count())
    };
    let (decided, n) = counts(&mut bench);
    assert_eq!(decided, 0);
    assert!(1 <= n, "no agreement is proposed");
    bench.key(Key::A, Modifiers::SHIFT);
    assert_eq!(counts(&mut bench).0, 0, "it asks before it agrees");
    bench.press(&format!("Agree with {n}"));
    assert_eq!(counts(&mut bench).0, n);
    bench.key(Key::Z, Modifiers::COMMAND);
    assert_eq!(counts(&mut bench).0, 0);
}

#[test]
fn the_window_is_never_wiser_than_the_record() {
    let mut bench = comparing(3);
    bench.key(Key::M, Modifiers::NONE);
    let (classes, _) = verdict_of_selected(&mut bench).unwrap();
    let selected = bench.snapshot().selected_pair.unwrap().to_string();
    let id = bench.id.to_string();
    let rows = bench
        .desk
        .reader("Ada Second")
        .json(&["case", "discrepancy", &id, "list"]);
    let row = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["row"] == selected)
        .unwrap();
    assert_eq!(classes, [Class::D1]);
    assert_eq!(row["verdict"]["classes"][0], "D1", "{row}");
}
