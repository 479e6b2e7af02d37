//! The checklist of regions: unfolded, ticked, on record, and taken back as one step.

use acceptance::ReportForm;
use egui::{Key, Modifiers};
use session::{Command, ReadCommand};

use super::bench::Bench;

#[test]
fn a_tick_on_the_checklist_is_on_record_and_undo_takes_it_back() {
    let mut bench = Bench::reading(1, ReportForm::Text);
    bench.dispatch(Command::Read(ReadCommand::Start));
    let list = bench.snapshot().case.as_ref().unwrap().checklist.clone();
    let list = list.unwrap();
    let region = list.regions[0].name.clone();
    let head = format!("Anatomy 0 of {}", list.regions.len());
    assert!(!bench.names().contains(&region), "the list begins folded");
    bench.press(&head);
    let n_reviewed = |bench: &mut Bench| {
        let case = bench.snapshot().case.clone().unwrap();
        case.checklist.as_ref().unwrap().n_reviewed()
    };
    bench.press(&region);
    assert_eq!(n_reviewed(&mut bench), 1);
    bench.key(Key::Z, Modifiers::COMMAND);
    assert_eq!(n_reviewed(&mut bench), 0);
    bench.press(&head);
    assert!(!bench.names().contains(&region));
}
