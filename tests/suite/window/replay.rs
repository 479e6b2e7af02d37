//! Reading paths shown again on the screens: by palette, buttons and keys, and gone with Esc.

use acceptance::ReportForm;
use egui::{Event, Key, Modifiers, Pos2, pos2};
use session::{
    Class, Command, CompareCommand, InputSeen, LaneOf, PicturesAre, ReadCommand, ReplayCommand,
    ReplaySnapshot, Screen, ThirdCommand, ViewCommand, ViewIdx,
};

use super::bench::Bench;

const FIRST: ViewIdx = ViewIdx(0);

/// Time passes with what is on the screen.
fn look(bench: &mut Bench, elapsed_ms: u64) {
    bench.dispatch(Command::View(ViewCommand::Tick {
        elapsed_ms,
        input: InputSeen::Yes,
        pictures: PicturesAre::InSight,
    }));
}

fn palette(bench: &mut Bench, words: &str) {
    bench.key(Key::K, Modifiers::COMMAND);
    bench.event(Event::Text(words.into()));
    bench.settle();
    bench.key(Key::Enter, Modifiers::NONE);
}

fn replay(bench: &mut Bench) -> Option<ReplaySnapshot> {
    bench.snapshot().replay.as_deref().cloned()
}

fn slice(bench: &mut Bench) -> usize {
    bench.snapshot().views[0].slice[0]
}

/// A read of three places, sealed and revealed, with the reading room on the screen.
fn read() -> Bench {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::Read(ReadCommand::Start));
    for by in [0, 3, 2] {
        bench.dispatch(Command::View(ViewCommand::Scroll(FIRST, by)));
        look(&mut bench, 60_000);
    }
    let impression = ReadCommand::WriteImpression("No nodule.".into());
    for command in [
        impression,
        ReadCommand::Seal,
        ReadCommand::Reveal { urgent: None },
    ] {
        bench.dispatch(Command::Read(command));
    }
    bench.dispatch(Command::Show(Screen::Reading));
    bench
}

#[test]
fn a_path_is_shown_again_from_the_palette_and_esc_gives_the_own_views_back() {
    let mut bench = read();
    assert!(
        !bench
            .names()
            .contains(&"Reading path: Second reader".to_owned())
    );
    let own = slice(&mut bench);
    palette(&mut bench, "replay of reading");
    let first = replay(&mut bench).unwrap();
    assert_eq!(first.lines.len(), 1);
    assert!(
        180_000 <= first.lines[0].end_ms,
        "{:?}",
        first.lines[0].end_ms
    );
    assert!(
        bench
            .names()
            .contains(&"Reading path: Second reader".to_owned())
    );
    let from = slice(&mut bench);
    bench.press("Next picture of the replay");
    bench.press("Next picture of the replay");
    let later = replay(&mut bench).unwrap();
    assert!(first.at.at_ms < later.at.at_ms && later.at.has_picture);
    assert_ne!(slice(&mut bench), from);
    // Nothing can be changed while it is on.
    let at: Pos2 = pos2(500.0, 300.0);
    let before = slice(&mut bench);
    bench.wheel(at, 3.0);
    assert_eq!(slice(&mut bench), before);
    bench.key(Key::Escape, Modifiers::NONE);
    assert_eq!(replay(&mut bench), None);
    assert_eq!(slice(&mut bench), own);
}

#[test]
fn a_press_on_the_timeline_goes_to_that_time_and_it_plays_by_itself() {
    let mut bench = read();
    palette(&mut bench, "replay of reading");
    let track = bench.rect_of("Reading path: Second reader");
    bench.quick_click(track.center());
    let end_ms = replay(&mut bench).unwrap().lines[0].end_ms;
    let at_ms = replay(&mut bench).unwrap().at.at_ms;
    assert!(
        at_ms.abs_diff(end_ms / 2) < end_ms / 50,
        "{at_ms} of {end_ms}"
    );
    palette(&mut bench, "play the replay");
    look(&mut bench, 900);
    let moved = replay(&mut bench).unwrap().at;
    assert!(moved.speed == 1 && at_ms + 900 <= moved.at_ms, "{moved:?}");
}

#[test]
fn a_blinded_reader_is_offered_no_replay() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::Read(ReadCommand::Start));
    look(&mut bench, 5000);
    palette(&mut bench, "replay of reading");
    assert!(!bench.snapshot().may_replay);
    assert_eq!(replay(&mut bench), None);
}

/// The same, compared and signed, with a third read asked for.
fn referred() -> Bench {
    let mut bench = read();
    let rows = bench.snapshot().case.as_ref().unwrap().comparison.clone();
    for row in rows.unwrap().rows.iter().filter(|row| row.asks) {
        let class = CompareCommand::SetClasses(row.pair.id, vec![Class::D1Second]);
        bench.dispatch(Command::Compare(class));
    }
    bench.dispatch(Command::Compare(CompareCommand::Sign));
    bench.dispatch(Command::Compare(CompareCommand::AskThirdRead));
    bench
}

#[test]
fn a_third_reader_sees_a_path_without_a_name_once_both_reads_are_open() {
    let mut bench = referred().handed_to("Cleo Third");
    bench.dispatch(Command::Third(ThirdCommand::Take));
    look(&mut bench, 4000);
    let lines = |bench: &mut Bench| -> Vec<LaneOf> {
        bench.dispatch(Command::Replay(ReplayCommand::Open));
        let shown = replay(bench).unwrap();
        shown.lines.iter().map(|line| line.of).collect()
    };
    assert!(!bench.snapshot().may_replay, "their own look comes first");
    bench.dispatch(Command::Third(ThirdCommand::OpenReads));
    let shown = lines(&mut bench);
    assert!(shown.contains(&LaneOf::OneOfTheReads), "{shown:?}");
    assert!(!shown.contains(&LaneOf::SecondReader), "{shown:?}");
    let names = bench.names();
    assert!(names.contains(&"Reading path: One of the two reads".to_owned()));
    let named = names.iter().find(|name| name.contains("Ada Second"));
    assert_eq!(named, None);
    bench.key(Key::Escape, Modifiers::NONE);
    assert_eq!(replay(&mut bench), None);
}
