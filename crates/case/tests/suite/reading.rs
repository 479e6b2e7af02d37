use case::{AnatomyReview, Annotation, AnnotationId, Command, Coverage, FindingId, Stage, Step};

use crate::sample::{Desk, finding, iyer, length, novak, warning};

#[test]
fn a_case_becomes_ready_when_its_warnings_are_accepted() {
    let mut desk = Desk::empty();
    assert_eq!(desk.refusal(Command::StartRead), "not_created");
    desk.perform(crate::sample::create());
    assert_eq!(desk.case.stage(), Stage::Draft);
    assert_eq!(desk.refusal(Command::StartRead), "not_checked");
    assert_eq!(desk.refusal(crate::sample::create()), "already_created");
    let completeness = vec![warning("missing_slices"), warning("mixed_spacing")];
    desk.perform(Command::CheckIntake { completeness });
    assert_eq!(desk.case.stage(), Stage::Intake);
    desk.perform(Command::AcceptLimitation {
        code: "missing_slices".into(),
    });
    assert_eq!(desk.case.stage(), Stage::Intake);
    // A second look keeps what was accepted while it reads the same.
    let mut again = vec![
        warning("missing_slices"),
        warning("mixed_spacing"),
        warning("new"),
    ];
    desk.perform(Command::CheckIntake {
        completeness: again.clone(),
    });
    desk.perform(Command::AcceptLimitation {
        code: "mixed_spacing".into(),
    });
    desk.perform(Command::AcceptLimitation { code: "new".into() });
    assert_eq!(desk.case.stage(), Stage::Ready);
    again[0].text = "12 slices are missing".into();
    desk.perform(Command::CheckIntake {
        completeness: again,
    });
    assert_eq!(desk.case.stage(), Stage::Intake);
    let unknown = Command::AcceptLimitation {
        code: "other".into(),
    };
    assert_eq!(desk.refusal(unknown), "no_such_limitation");
}

#[test]
fn an_edit_starts_the_read_and_resumes_it_for_its_reader_only() {
    let mut desk = Desk::ready();
    desk.perform(Command::AddFinding {
        finding: finding(1, "nodule"),
    });
    assert_eq!(desk.kinds_of_last_step(), ["read_started", "finding_added"]);
    assert_eq!(desk.case.reader(), Some(&iyer()));
    assert_eq!(
        (desk.case.stage(), desk.case.step()),
        (Stage::Reading, Step::Read)
    );
    desk.perform(Command::PauseRead { active_ms: 90_000 });
    assert!(desk.case.read().paused);
    desk.perform(Command::WriteImpression {
        text: "Nodule.".into(),
    });
    assert_eq!(
        desk.kinds_of_last_step(),
        ["read_resumed", "impression_written"]
    );
    desk.perform(Command::PauseRead { active_ms: 10_000 });
    assert_eq!(desk.case.read().active_ms, 100_000);
    let text = "Mine.".to_owned();
    for command in [
        Command::StartRead,
        Command::WriteImpression { text },
        Command::AddFinding {
            finding: finding(2, "x"),
        },
        Command::RemoveFinding { id: FindingId(1) },
        Command::PauseRead { active_ms: 1 },
        Command::RecordCoverage {
            coverage: Coverage::default(),
        },
        Command::Reveal {
            urgent: Some("bleeding".into()),
        },
        desk.seal_command(),
    ] {
        assert_eq!(
            desk.refusal_to(&novak(), command.clone()),
            "not_your_read",
            "{command:?}"
        );
    }
}

#[test]
fn what_changes_nothing_is_not_recorded() {
    let desk = Desk::read();
    let first = desk.case.read().findings[0].clone();
    let mark = desk.case.read().annotations[0].clone();
    for command in [
        Command::StartRead,
        Command::EditFinding { finding: first },
        Command::EditAnnotation { annotation: mark },
        Command::WriteImpression {
            text: "Nodule. No effusion.".into(),
        },
        Command::RecordCoverage {
            coverage: Coverage::default(),
        },
    ] {
        assert_eq!(
            desk.case.decide(&iyer(), command.clone()),
            Ok(Vec::new()),
            "{command:?}"
        );
    }
}

#[test]
fn names_are_never_used_twice() {
    let mut desk = Desk::read();
    assert_eq!(
        desk.refusal(Command::AddFinding {
            finding: finding(2, "x")
        }),
        "wrong_id"
    );
    assert_eq!(
        desk.refusal(Command::AddFinding {
            finding: finding(4, "x")
        }),
        "wrong_id"
    );
    desk.perform(Command::RemoveFinding { id: FindingId(2) });
    assert_eq!(desk.case.next_finding_id(), FindingId(3));
    desk.perform(Command::AddFinding {
        finding: finding(3, "mass"),
    });
    desk.perform(Command::Undo);
    desk.perform(Command::AddFinding {
        finding: finding(4, "mass"),
    });
    assert_eq!(desk.case.next_finding_id(), FindingId(5));
    let mark = |number| Command::AddAnnotation {
        annotation: length(number, 4, 5.0),
    };
    assert_eq!(desk.refusal(mark(1)), "wrong_id");
    assert_eq!(desk.refusal(mark(2)), "");
}

#[test]
fn a_mark_without_a_finding_makes_one_and_a_finding_takes_its_marks_along() {
    let mut desk = Desk::ready();
    desk.perform(Command::AddAnnotation {
        annotation: length(1, 1, 8.0),
    });
    assert_eq!(
        desk.kinds_of_last_step(),
        ["read_started", "finding_added", "annotation_added"]
    );
    let far = Command::AddAnnotation {
        annotation: length(2, 7, 8.0),
    };
    assert_eq!(desk.refusal(far), "wrong_id");
    desk.perform(Command::RemoveFinding { id: FindingId(1) });
    assert_eq!(
        desk.kinds_of_last_step(),
        ["annotation_removed", "finding_removed"]
    );
    assert!(desk.case.read().annotations.is_empty());
}

#[test]
fn a_mark_by_itself_makes_no_finding_until_it_is_made_one() {
    let mut desk = Desk::ready();
    let by_itself = Annotation {
        finding: None,
        ..length(1, 1, 8.0)
    };
    desk.perform(Command::AddAnnotation {
        annotation: by_itself.clone(),
    });
    assert_eq!(
        desk.kinds_of_last_step(),
        ["read_started", "annotation_added"]
    );
    assert_eq!(desk.case.read().findings, []);
    // With the next free id it becomes one, in one step of the record.
    desk.perform(Command::EditAnnotation {
        annotation: length(1, 1, 8.0),
    });
    assert_eq!(
        desk.kinds_of_last_step(),
        ["finding_added", "annotation_edited"]
    );
    desk.perform(Command::Undo);
    assert_eq!(desk.case.read().findings, []);
    assert_eq!(desk.case.read().annotations, [by_itself]);
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let desk = Desk::read();
    let mut loose = length(1, 1, 8.0);
    loose.finding = Some(FindingId(9));
    for (command, code) in [
        (
            Command::EditFinding {
                finding: finding(9, "x"),
            },
            "no_such_finding",
        ),
        (
            Command::RemoveFinding { id: FindingId(9) },
            "no_such_finding",
        ),
        (
            Command::EditAnnotation {
                annotation: length(9, 1, 1.0),
            },
            "no_such_annotation",
        ),
        (Command::EditAnnotation { annotation: loose }, "wrong_id"),
        (
            Command::RemoveAnnotation {
                id: AnnotationId(9),
            },
            "no_such_annotation",
        ),
    ] {
        assert_eq!(desk.refusal(command.clone()), code, "{command:?}");
    }
    let mut sure = finding(3, "x");
    sure.confidence = Some(101);
    assert_eq!(
        desk.refusal(Command::AddFinding { finding: sure }),
        "confidence_out_of_range"
    );
}

#[test]
fn a_finding_reads_side_first_with_its_size() {
    let mut desk = Desk::read();
    let mut nodule = finding(1, "nodule");
    nodule.side = Some(case::Side::Right);
    nodule.level = Some("lower lobe".into());
    nodule.change = Some(case::Change::Increased);
    nodule.note = "Spiculated".into();
    desk.perform(Command::EditFinding { finding: nodule });
    assert_eq!(desk.case.finding_size_mm(FindingId(1)), Some(vec![8.26]));
    assert_eq!(
        desk.case.finding_text(FindingId(1)),
        "Right lower lobe nodule, 8.3 mm, increased. Spiculated"
    );
    assert_eq!(desk.case.finding_text(FindingId(9)), "");
}

fn review(asked: &[&str], reviewed: &[&str]) -> AnatomyReview {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    AnatomyReview {
        checklist: "CT of the chest".into(),
        version: 1,
        asked: owned(asked),
        reviewed: owned(reviewed),
    }
}

#[test]
fn a_checklist_that_was_begun_is_a_limitation_until_it_is_done_and_one_never_begun_is_none() {
    let mut desk = Desk::ready();
    let said = |desk: &Desk| {
        let checks = desk.case.checks_before_seal(&[]);
        let check = checks.into_iter().find(|c| c.code == "anatomy_reviewed");
        check.map(|check| (check.text, check.met, check.blocks))
    };
    let asked = ["Lungs", "Pleura", "Bones"];
    assert_eq!(said(&desk), None);
    for (reviewed, text, met) in [
        (
            &["Pleura"][..],
            "1 of the 3 regions of the checklist were gone through; not: Lungs, Bones",
            false,
        ),
        (
            &asked[..],
            "All 3 regions of the checklist were gone through",
            true,
        ),
        (
            &[][..],
            "0 of the 3 regions of the checklist were gone through; not: Lungs, Pleura, Bones",
            false,
        ),
    ] {
        let review = review(&asked, reviewed);
        desk.perform(Command::ReviewAnatomy { review });
        assert_eq!(said(&desk), Some((text.to_owned(), met, false)));
    }
    desk.perform(Command::Undo);
    assert!(said(&desk).is_some_and(|(_, met, _)| met));
    for _ in 0..2 {
        desk.perform(Command::Undo);
    }
    assert_eq!(said(&desk), None);
}

#[test]
fn a_checklist_that_does_not_hold_together_is_refused() {
    let desk = Desk::ready();
    let many: Vec<String> = (0..65).map(|i| format!("Region {i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = "x".repeat(81);
    for unsound in [
        review(&["Lungs", "Lungs"], &[]),
        review(&["Lungs"], &["Bones"]),
        review(&["Lungs", "Bones"], &["Bones", "Lungs"]),
        review(&["Lungs"], &["Lungs", "Lungs"]),
        review(&[" "], &[]),
        review(&[&long], &[]),
        review(&many, &[]),
    ] {
        let command = Command::ReviewAnatomy { review: unsound };
        assert_eq!(desk.refusal(command), "unsound_checklist");
    }
    assert!(desk.case.read().anatomy.is_empty());
}
