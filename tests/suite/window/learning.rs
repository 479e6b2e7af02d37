//! What is learned, on the screens: causes, questions to the first reader, changes of mind, findings from text.

use acceptance::ReportForm;
use egui::{Key, Modifiers};
use session::{
    Actor, Amendment, Assertion, CaseSnapshot, Cause, Class, Command, CompareCommand, Direction,
    FeedbackKind, FindingField, LearningCommand, LearningList, ReadCommand, Screen,
};

use super::bench::Bench;

const FIRST: &str = "Dora First";
const SECOND: &str = "Ada Second";

fn case(bench: &mut Bench) -> CaseSnapshot {
    bench.snapshot().case.as_deref().unwrap().clone()
}

/// Gives the selected row a class, and its cause through the menu.
fn with_cause(bench: &mut Bench) {
    bench.dispatch(Command::Show(Screen::Compare));
    bench.key(Key::L, Modifiers::NONE);
    bench.open_menu("Error type");
    bench.press(Cause::PoorCommunication.label());
}

#[test]
fn a_cause_chosen_from_the_menu_names_its_type_and_is_taken_back_by_pressing_it_again() {
    let mut bench = Bench::revealed(1);
    with_cause(&mut bench);
    let id = bench.snapshot().selected_pair.unwrap();
    let verdict = |bench: &mut Bench| {
        let comparison = case(bench).comparison.unwrap();
        let row = comparison.rows.into_iter().find(|row| row.pair.id == id);
        row.unwrap().verdict.unwrap()
    };
    let cause = Some(Cause::PoorCommunication);
    assert_eq!(verdict(&mut bench).cause, cause);
    assert_eq!(
        verdict(&mut bench).error_type,
        cause.map(Cause::error_type),
        "a cause says its type"
    );
    bench.open_menu("Error type");
    bench.press(Cause::PoorCommunication.label());
    assert_eq!(verdict(&mut bench).cause, None);
    assert_eq!(verdict(&mut bench).error_type, cause.map(Cause::error_type));
}

#[test]
fn a_question_leaves_with_the_signature_and_the_first_reader_answers_without_a_name_in_sight() {
    let mut bench = Bench::revealed_of(2, FIRST);
    bench.dispatch(Command::Show(Screen::Compare));
    bench.key(Key::L, Modifiers::NONE);
    bench.press_switch("Ask the first reader for a comment");
    let asked = bench.snapshot().selected_pair.unwrap();
    assert!(case(&mut bench).learning.messages.is_empty());
    let open: Vec<_> = case(&mut bench)
        .comparison
        .unwrap()
        .rows
        .iter()
        .filter(|row| row.asks && row.verdict.is_none())
        .map(|row| row.pair.id)
        .collect();
    for row in open {
        let agree = CompareCommand::SetClasses(row, vec![Class::Agree]);
        bench.dispatch(Command::Compare(agree));
    }
    bench.dispatch(Command::Compare(CompareCommand::Sign));
    bench.settle();
    let learning = case(&mut bench).learning;
    assert!(learning.may_write);
    let question = learning.messages.first().unwrap();
    assert_eq!(
        (question.kind, question.pair),
        (FeedbackKind::Question, Some(asked))
    );
    // Nothing that the second reader had on screen is left for whoever acts next in the same window.
    let id = bench.id.clone();
    bench.dispatch(Command::SelectCase(Some(id.clone())));
    assert!(bench.snapshot().preview.is_some());
    bench.dispatch(Command::SetActor(Actor::new(FIRST)));
    assert_eq!(bench.snapshot().preview, None);
    assert!(case(&mut bench).learning.is_first_reader);
    bench.dispatch(Command::SelectCase(Some(id.clone())));
    let preview = bench.snapshot().preview.clone().unwrap();
    assert_eq!(
        (preview.row.second_reader.as_str(), preview.viewed_percent),
        ("", 0)
    );
    // Nor can they do more than answer, or learn a name from a check or a refusal.
    let unflag = LearningCommand::Unflag {
        list: LearningList::Teaching,
    };
    for command in [
        Command::Read(ReadCommand::WriteImpression("Mine".into())),
        Command::Learn(unflag),
    ] {
        assert_eq!(bench.refusal(command), "first_reader");
    }
    let verified = bench.desk.reader(FIRST).json(&["verify", id.as_str()]);
    assert_eq!(verified["ok"], true);
    assert!(verified["reader"].is_null() && !verified.to_string().contains(SECOND));
    let mut theirs = bench.handed_to(FIRST);
    let case = case(&mut theirs);
    assert!(case.learning.is_first_reader && case.findings.is_empty());
    assert!(theirs.shows(&case.learning.messages[0].text));
    let names = theirs.names();
    assert!(
        !names.iter().any(|name| name.contains(SECOND)),
        "{SECOND} is named"
    );
    theirs.press("Acknowledge");
    let answered = &self::case(&mut theirs).learning.messages[0];
    assert_eq!(answered.answers.len(), 1);
}

#[test]
fn a_change_of_mind_is_shown_over_the_sealed_read_with_where_it_leads() {
    let mut bench = Bench::revealed(3);
    bench.dispatch(Command::Show(Screen::Compare));
    let sealed = case(&mut bench).findings;
    let amended = case(&mut bench).amended.unwrap();
    assert!(amended.editable && amended.changes.is_empty());
    let mut finding = amended.findings[0].clone();
    finding.assertion = Assertion::Possible;
    let amendment = Amendment {
        change: session::AmendedFinding::Changed { finding },
        pair: None,
        direction: Direction::TowardsFirst,
        reason: "The first report is right about the artefact".into(),
    };
    bench.dispatch(Command::Compare(CompareCommand::Amend(Box::new(amendment))));
    let after = case(&mut bench);
    assert_eq!(after.findings.len(), sealed.len());
    assert_eq!(
        after.findings[0].finding, sealed[0].finding,
        "what was sealed stays"
    );
    let amended = after.amended.unwrap();
    assert_eq!(amended.findings[0].assertion, Assertion::Possible);
    assert_eq!(amended.anchoring.n_towards_first, 1);
    assert!(bench.shows("Towards the first report"));
    assert!(bench.shows(&format!(
        "1 of {} findings moved towards the first report",
        amended.anchoring.n_findings
    )));
}

#[test]
fn only_what_is_chosen_of_a_text_goes_on_record_and_nothing_twice() {
    let mut bench = Bench::reading(4, ReportForm::Sr);
    bench.dispatch(Command::Read(ReadCommand::Start));
    let text = "9 mm solid nodule in the right lower lobe. No pleural effusion. Mild emphysema.";
    bench.dispatch(Command::Read(ReadCommand::WriteImpression(text.into())));
    let before = case(&mut bench).findings.len();
    bench.press("Findings from text");
    let offered = bench.snapshot().dictated.to_vec();
    assert_eq!(offered.len(), 3);
    assert!(
        bench.shows("Put 2 findings on record"),
        "what is absent is not offered"
    );
    bench.press("Put 2 findings on record");
    let findings = case(&mut bench).findings;
    assert_eq!(findings.len(), before + 2);
    bench.press("Findings from text");
    let known = bench.snapshot().dictated.to_vec();
    assert_eq!(known.iter().filter(|row| row.known_as.is_some()).count(), 2);
    assert!(bench.shows("Put 0 findings on record"));
}

#[test]
fn a_scheme_without_a_chosen_category_puts_nothing_on_record() {
    let mut bench = Bench::reading(5, ReportForm::Sr);
    bench.dispatch(Command::Read(ReadCommand::Start));
    bench.dispatch(Command::Read(ReadCommand::NewFindingHere));
    let id = case(&mut bench).findings.last().unwrap().finding.id;
    let concept = FindingField::Concept("nodule".into());
    bench.dispatch(Command::Read(ReadCommand::SetField(id, concept)));
    bench.open_menu("Reporting scheme");
    bench.press("Lung-RADS 2022");
    let category = |bench: &mut Bench| {
        let cards = case(bench).findings;
        cards.last().unwrap().finding.category.clone()
    };
    assert_eq!(category(&mut bench), None);
    bench.open_menu("Category of the scheme");
    bench.press("4A");
    assert_eq!(category(&mut bench).unwrap().to_string(), "Lung-RADS 4A");
}

#[test]
fn what_is_typed_in_one_case_never_goes_into_another() {
    let mut bench = Bench::revealed(6);
    let other = bench.another_revealed();
    bench.dispatch(Command::Show(Screen::Compare));
    bench.key(Key::L, Modifiers::NONE);
    let row = bench.snapshot().selected_pair;
    bench.type_into("Note", "Said of the first case");
    bench.dispatch(Command::OpenCase(other.clone()));
    bench.dispatch(Command::Show(Screen::Compare));
    bench.settle();
    assert_eq!(case(&mut bench).id, other);
    assert_eq!(
        bench.snapshot().selected_pair,
        row,
        "the same number names a row here"
    );
    let comparison = case(&mut bench).comparison.unwrap();
    assert!(comparison.rows.iter().all(|row| row.verdict.is_none()));
    assert!(!bench.shows("Said of the first case"));
}
