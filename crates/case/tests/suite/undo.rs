use case::{
    AnatomyReview, AnnotationId, Class, Command, Finding, FindingId, Geometry, Outcome, Side,
    Significance, Verdict,
};
use proptest::prelude::*;

use crate::sample::{Desk, finding, iyer, length, novak, pair, pairs, verdict};

/// Everything that undo can touch, as text.
fn content(desk: &Desk) -> String {
    let read = desk.case.read();
    serde_json::to_string(&(
        &read.findings,
        &read.annotations,
        &read.impression,
        &read.anatomy,
        desk.case.comparison(),
    ))
    .unwrap()
}

/// A command of the read that the desk accepts now, chosen by three numbers.
fn reading_command(desk: &Desk, kind: u8, which: usize, value: u16) -> Option<Command> {
    let read = desk.case.read();
    let some_finding = || {
        read.findings
            .get(which % read.findings.len().max(1))
            .cloned()
    };
    let some_mark = || {
        read.annotations
            .get(which % read.annotations.len().max(1))
            .cloned()
    };
    Some(match kind % 9 {
        0 => Command::AddFinding {
            finding: Finding {
                concept: format!("thing {value}"),
                ..Finding::empty(desk.case.next_finding_id())
            },
        },
        1 => {
            let mut finding = some_finding()?;
            finding.side = [None, Some(Side::Left), Some(Side::Right)][usize::from(value) % 3];
            finding.note = format!("note {value}");
            Command::EditFinding { finding }
        }
        2 => Command::RemoveFinding {
            id: some_finding()?.id,
        },
        3 => {
            let of = some_finding().map_or(desk.case.next_finding_id(), |f| f.id);
            let mm = f64::from(value) / 7.0;
            let annotation = length(desk.case.next_annotation_id().0, of.0, mm);
            Command::AddAnnotation { annotation }
        }
        4 => {
            let mut annotation = some_mark()?;
            annotation.geometry = Geometry::Probe {
                at: space::PatientPoint::new(f64::from(value) / 3.0, 1e-9, -0.0),
            };
            Command::EditAnnotation { annotation }
        }
        5 => Command::RemoveAnnotation {
            id: some_mark()?.id,
        },
        6 => Command::WriteImpression {
            text: format!("text {value}"),
        },
        7 => {
            let asked = ["Lungs", "Pleura", "Bones"].map(str::to_owned).to_vec();
            let reviewed = asked.iter().take(usize::from(value) % 4).cloned();
            Command::ReviewAnatomy {
                review: AnatomyReview {
                    checklist: "CT of the chest".into(),
                    version: 1,
                    reviewed: reviewed.collect(),
                    asked,
                },
            }
        }
        _ => Command::PauseRead {
            active_ms: u64::from(value),
        },
    })
}

fn comparing_command(desk: &Desk, kind: u8, which: usize, value: u16) -> Option<Command> {
    let comparison = desk.case.comparison()?;
    let classes = [Class::Agree, Class::D4, Class::D6, Class::D1];
    Some(match kind % 6 {
        0 => verdict(
            comparison.pairs[which % comparison.pairs.len()].id.0,
            Some(Verdict {
                significance: [None, Some(Significance::Major)][usize::from(value) % 2],
                ..Verdict::of(vec![classes[usize::from(value) % 4]])
            }),
        ),
        1 => verdict(comparison.pairs[which % comparison.pairs.len()].id.0, None),
        2 => Command::AgreeWithRemaining,
        3 => {
            let mut pairs = comparison.pairs.clone();
            let rows = pairs.len();
            pairs.swap(which % rows, usize::from(value) % rows);
            Command::Realign { pairs }
        }
        4 => Command::SetOutcome {
            outcome: [None, Some(Outcome::Changed)][usize::from(value) % 2],
        },
        _ => Command::WriteSummary {
            text: Some(format!("summary {value}")),
        },
    })
}

type Choose = fn(&Desk, u8, usize, u16) -> Option<Command>;

/// Performs the chosen commands; after each undoable step, remembers the content before it.
fn check_undo(mut desk: Desk, choices: &[(u8, usize, u16)], choose: Choose) {
    let mut contents = vec![content(&desk)];
    for &(kind, which, value) in choices {
        let Some(command) = choose(&desk, kind, which, value) else {
            continue;
        };
        desk.perform(command);
        if content(&desk) != contents[contents.len() - 1] {
            contents.push(content(&desk));
        }
    }
    for before in contents.iter().rev().skip(1) {
        assert!(desk.case.can_undo(&iyer()));
        desk.perform(Command::Undo);
        assert_eq!(&content(&desk), before);
    }
    assert!(!desk.case.can_undo(&iyer()));
    for after in contents.iter().skip(1) {
        assert!(desk.case.can_redo(&iyer()));
        desk.perform(Command::Redo);
        assert_eq!(&content(&desk), after);
    }
    assert!(!desk.case.can_redo(&iyer()));
    let replayed = case::Case::replay(desk.case.id().clone(), &desk.log).unwrap();
    assert_eq!(replayed, desk.case);
    assert_eq!(replayed.can_undo(&iyer()), 1 < contents.len());
}

fn choices() -> impl Strategy<Value = Vec<(u8, usize, u16)>> {
    proptest::collection::vec((any::<u8>(), 0..20_usize, any::<u16>()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn undoing_everything_and_redoing_it_passes_through_the_same_reads(choices in choices()) {
        let mut desk = Desk::ready();
        desk.perform(Command::StartRead);
        check_undo(desk, &choices, reading_command);
    }

    #[test]
    fn undoing_everything_and_redoing_it_passes_through_the_same_comparisons(choices in choices()) {
        check_undo(Desk::comparing(), &choices, comparing_command);
    }
}

#[test]
fn undo_takes_a_whole_step_back_and_names_it_in_the_log() {
    let mut desk = Desk::ready();
    desk.perform(Command::AddAnnotation {
        annotation: length(1, 1, 8.0),
    });
    let step = desk.log.last().unwrap().step;
    desk.perform(Command::Undo);
    // Taking back the first edit does not un-start the read.
    assert_eq!(
        desk.kinds_of_last_step(),
        ["annotation_removed", "finding_removed"]
    );
    assert!(
        desk.log
            .iter()
            .rev()
            .take(2)
            .all(|entry| entry.undoes == Some(step))
    );
    assert_eq!(desk.case.reader(), Some(&iyer()));
    desk.perform(Command::Redo);
    assert_eq!(
        desk.kinds_of_last_step(),
        ["finding_added", "annotation_added"]
    );
    assert_eq!(desk.log.last().unwrap().undoes, Some(step));
}

#[test]
fn a_new_edit_ends_what_could_be_done_again() {
    let mut desk = Desk::read();
    desk.perform(Command::Undo);
    desk.perform(Command::AddFinding {
        finding: finding(3, "mass"),
    });
    assert_eq!(desk.refusal(Command::Redo), "nothing_to_redo");
    // What is no edit leaves it.
    desk.perform(Command::Undo);
    desk.perform(Command::PauseRead { active_ms: 5 });
    desk.perform(Command::Redo);
    assert_eq!(desk.kinds_of_last_step(), ["read_resumed", "finding_added"]);
}

#[test]
fn undo_never_goes_behind_a_seal_a_signature_or_a_new_comparison() {
    for desk in [
        Desk::ready(),
        Desk::sealed(),
        Desk::revealed(),
        Desk::comparing(),
        Desk::signed(),
    ] {
        assert_eq!(desk.refusal(Command::Undo), "nothing_to_undo");
        assert_eq!(desk.refusal(Command::Redo), "nothing_to_redo");
    }
    let mut desk = Desk::comparing();
    desk.perform(verdict(1, Some(Verdict::agree())));
    desk.perform(Command::Undo);
    assert_eq!(desk.refusal(Command::Undo), "nothing_to_undo");
    assert!(desk.case.read().seal.is_some());
}

#[test]
fn nobody_takes_back_the_steps_of_another() {
    let desk = Desk::read();
    assert_eq!(desk.refusal_to(&novak(), Command::Undo), "nothing_to_undo");
    assert!(!desk.case.can_undo(&novak()));
}

#[test]
fn a_removed_finding_comes_back_in_its_place_with_its_marks() {
    let mut desk = Desk::read();
    let before = content(&desk);
    desk.perform(Command::RemoveFinding { id: FindingId(1) });
    assert!(
        !desk
            .case
            .read()
            .annotations
            .iter()
            .any(|a| a.id == AnnotationId(1))
    );
    desk.perform(Command::Undo);
    assert_eq!(content(&desk), before);
}

#[test]
fn realigning_is_one_step_back() {
    let mut desk = Desk::comparing();
    let mut rows = pairs();
    rows[0].second = None;
    rows.push(pair(4, None, Some(1), vec![Class::D1]));
    desk.perform(Command::Realign { pairs: rows });
    desk.perform(Command::Undo);
    assert_eq!(desk.case.comparison().unwrap().pairs, pairs());
}

#[test]
fn exactly_the_events_with_an_inverse_are_undoable() {
    for entry in Desk::signed().log {
        let has_inverse = entry.event.inverse().is_some();
        let is_edit = entry.event.kind().starts_with("finding")
            || entry.event.kind().starts_with("annotation")
            || ["impression_written", "verdict_set"].contains(&entry.event.kind());
        assert_eq!(has_inverse, is_edit, "{}", entry.event.kind());
        if let Some(inverse) = entry.event.inverse() {
            assert_eq!(inverse.inverse().as_ref(), Some(&entry.event));
        }
    }
}
