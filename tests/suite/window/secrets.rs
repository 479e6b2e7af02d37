//! No control of a blinded screen has a name with words of the first report.

use std::collections::BTreeSet;

use acceptance::{ReportForm, words_of};
use egui::{Key, Modifiers};
use session::{Command, ReadCommand, Screen};

use super::bench::Bench;

/// Words that the screens have of themselves: those of the same screens on a report without words.
fn words_on_screens(bench: &mut Bench) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut take =
        |bench: &mut Bench| words.extend(bench.names().iter().flat_map(|name| words_of(name)));
    take(bench);
    bench.key(Key::K, Modifiers::COMMAND);
    take(bench);
    bench.key(Key::Escape, Modifiers::NONE);
    bench.key(Key::F1, Modifiers::NONE);
    take(bench);
    bench.key(Key::Escape, Modifiers::NONE);
    bench.dispatch(Command::Show(Screen::Worklist));
    let id = bench.id.clone();
    bench.dispatch(Command::SelectCase(Some(id)));
    take(bench);
    bench.dispatch(Command::Show(Screen::Reading));
    words
}

#[test]
fn a_blinded_screen_names_nothing_of_the_first_report() {
    for form in ReportForm::ALL {
        let mut bench = Bench::reading(1, form);
        let text = bench.sample.report_text();
        let shown = words_on_screens(&mut bench);
        assert!(
            40 < shown.len(),
            "there is hardly anything on the screens: {shown:?}"
        );
        let mut control = Bench::with_report(1, "Qq zz.\n");
        let own = words_on_screens(&mut control);
        let leaked: Vec<String> = words_of(&text)
            .intersection(&shown)
            .filter(|w| !own.contains(*w))
            .cloned()
            .collect();
        assert!(leaked.is_empty(), "{form:?}: {leaked:?}");
    }
}

#[test]
fn once_revealed_the_screen_names_the_report() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::Read(ReadCommand::WriteImpression(
        "Nothing new.".into(),
    )));
    bench.dispatch(Command::Read(ReadCommand::Seal));
    bench.dispatch(Command::Read(ReadCommand::Reveal { urgent: None }));
    let snapshot = bench.snapshot();
    let comparison = snapshot.case.as_ref().unwrap().comparison.clone().unwrap();
    let text = bench.sample.report_text();
    let secret = words_of(&text);
    let shown: BTreeSet<String> = bench
        .names()
        .iter()
        .flat_map(|name| words_of(name))
        .collect();
    let n = secret.intersection(&shown).count();
    assert!(
        10 < n,
        "only {n} words of the revealed report are on the screen"
    );
    assert!(!comparison.rows.is_empty());
}
