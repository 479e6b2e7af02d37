use std::collections::BTreeMap;

use case::{
    AnnotationId, Command, Coverage, FindingId, RequiredSeries, SealStage, SeriesOf, Sha256, Side,
    Stage, Step, limitations,
};

use crate::sample::{Desk, finding, image, warning};

#[test]
fn only_an_empty_read_cannot_be_sealed() {
    let mut desk = Desk::ready();
    assert_eq!(desk.refusal(desk.seal_command()), "empty_read");
    desk.perform(Command::WriteImpression { text: " \n".into() });
    assert_eq!(desk.refusal(desk.seal_command()), "empty_read");
    desk.perform(Command::WriteImpression {
        text: "Normal.".into(),
    });
    desk.seal();
    assert_eq!(
        (desk.case.stage(), desk.case.step()),
        (Stage::Sealed, Step::Seal)
    );
    assert!(desk.case.was_blinded_until_sealed());
    assert_eq!(
        desk.case.read().limitations,
        ["The prior study was not opened"]
    );
}

#[test]
fn a_sealed_read_stays_as_it_is() {
    let desk = Desk::sealed();
    let text = "More.".to_owned();
    for command in [
        Command::StartRead,
        Command::PauseRead { active_ms: 1 },
        Command::AddFinding {
            finding: finding(3, "x"),
        },
        Command::EditFinding {
            finding: finding(1, "x"),
        },
        Command::RemoveFinding { id: FindingId(1) },
        Command::RemoveAnnotation {
            id: AnnotationId(1),
        },
        Command::WriteImpression { text },
        Command::RecordCoverage {
            coverage: Coverage::default(),
        },
        desk.seal_command(),
    ] {
        assert_eq!(desk.refusal(command.clone()), "sealed_read", "{command:?}");
    }
    let end = Command::End {
        kind: "withdrawn".into(),
        reason: "x".into(),
    };
    assert_eq!(desk.refusal(end), "sealed_read");
}

#[test]
fn a_seal_must_cover_this_state_and_this_log() {
    let desk = Desk::read();
    let good = desk.seal_record(SealStage::SecondRead);
    let mut stale = Desk::read();
    stale.perform(Command::WriteImpression {
        text: "Later.".into(),
    });
    let seals = [
        case::SealRecord {
            stage: SealStage::Comparison,
            ..good.clone()
        },
        case::SealRecord {
            digest: Sha256::of(b"x"),
            ..good.clone()
        },
        case::SealRecord {
            log_head: Sha256::zero(),
            ..good.clone()
        },
    ];
    for seal in seals {
        let command = Command::SealRead {
            seal,
            limitations: Vec::new(),
        };
        assert_eq!(desk.refusal(command), "seal_does_not_fit");
    }
    let command = Command::SealRead {
        seal: good,
        limitations: Vec::new(),
    };
    assert_eq!(desk.refusal(command.clone()), "");
    assert_eq!(stale.refusal(command), "seal_does_not_fit");
}

#[test]
fn the_digest_covers_every_part_of_the_read() {
    let digest = |desk: &Desk| desk.case.seal_digest(SealStage::SecondRead);
    let base = Desk::read();
    let mut nodule = base.case.read().findings[0].clone();
    nodule.side = Some(Side::Left);
    let mut mark = base.case.read().annotations[0].clone();
    mark.values[0].value += 1e-9;
    let coverage = Coverage {
        active_ms: 1,
        ..Coverage::default()
    };
    for command in [
        Command::EditFinding { finding: nodule },
        Command::EditAnnotation { annotation: mark },
        Command::WriteImpression {
            text: "Nodule.".into(),
        },
        Command::RecordCoverage { coverage },
        crate::sample::attach(2, None),
        Command::PauseRead { active_ms: 1 },
    ] {
        let mut desk = base.clone();
        desk.perform(command.clone());
        assert_ne!(digest(&desk), digest(&base), "{command:?}");
    }
    let bytes = base.case.seal_bytes(SealStage::SecondRead);
    assert!(bytes.starts_with(b"{\"schema\":\"overread.seal/1\",\"stage\":\"second_read\""));
}

#[test]
fn the_digest_of_the_comparison_covers_verdicts_outcome_summary_and_the_sealed_read() {
    let digest = |desk: &Desk| desk.case.seal_digest(SealStage::Comparison);
    let base = Desk::comparing();
    let agree = case::Verdict::agree();
    let changed = Some(case::Outcome::Changed);
    for command in [
        crate::sample::verdict(1, Some(agree)),
        Command::SetOutcome { outcome: changed },
        Command::WriteSummary {
            text: Some("Mine.".into()),
        },
        crate::sample::attach(2, None),
    ] {
        let mut desk = base.clone();
        desk.perform(command.clone());
        assert_ne!(digest(&desk), digest(&base), "{command:?}");
    }
    let bytes = String::from_utf8(base.case.seal_bytes(SealStage::Comparison)).unwrap();
    let read_seal = base.case.read().seal.as_ref().unwrap();
    assert!(bytes.contains(read_seal.0.digest.as_str()));
    // What the read's seal covers does not change when the comparison grows.
    let later = Desk::signed();
    let read_bytes = String::from_utf8(later.case.seal_bytes(SealStage::SecondRead)).unwrap();
    assert!(read_bytes.contains("\"comparison\":null"));
}

fn required(uid: &str, lane: Option<&str>, of: SeriesOf) -> RequiredSeries {
    RequiredSeries {
        series_instance_uid: uid.into(),
        name: "Series 2".into(),
        lane: lane.map(str::to_owned),
        n_slices: 100,
        of,
    }
}

fn seen(rows: &[(&str, &str, usize)]) -> Coverage {
    let mut series: BTreeMap<String, BTreeMap<String, Vec<bool>>> = BTreeMap::new();
    for (uid, lane, n) in rows {
        let flags = (0..100).map(|idx| idx < *n).collect();
        series
            .entry((*uid).into())
            .or_default()
            .insert((*lane).into(), flags);
    }
    Coverage {
        series,
        active_ms: 0,
        ..Coverage::default()
    }
}

#[test]
fn before_you_seal_says_what_is_not_as_it_should_be() {
    let mut desk = Desk::ready();
    let completeness = vec![warning("missing_slices")];
    desk.perform(Command::CheckIntake { completeness });
    let mut heart = finding(2, "cardiomegaly");
    heart.site = Some("heart".into());
    let mut vertebra = finding(3, "fracture");
    vertebra.level = Some("T11".into());
    let mut sided = finding(4, "nodule");
    sided.side = Some(Side::Right);
    sided.key_image = Some(image());
    let mut absent = finding(5, "effusion");
    absent.assertion = case::Assertion::Absent;
    for finding in [finding(1, "nodule"), heart, vertebra, sided, absent] {
        desk.perform(Command::AddFinding { finding });
    }
    let coverage = seen(&[
        ("1.1", "lung", 95),
        ("1.1", "soft", 94),
        ("1.2", "lung", 40),
    ]);
    desk.perform(Command::RecordCoverage { coverage });
    let required = [
        required("1.1", Some("lung"), SeriesOf::Current),
        required("1.1", Some("soft"), SeriesOf::Current),
        required("1.2", None, SeriesOf::Current),
        required("0.1", None, SeriesOf::Prior),
    ];
    let checks = desk.case.checks_before_seal(&required);
    let rows: Vec<_> = checks
        .iter()
        .map(|c| (c.code.as_str(), c.met, c.text.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (
                "impression_or_finding",
                true,
                "The read has an impression or a finding"
            ),
            ("sides_stated", false, "No side is stated for F1"),
            (
                "evidence_given",
                false,
                "Neither a mark nor a key image shows F1, F2, F3"
            ),
            (
                "coverage:1.1:lung",
                true,
                "95 % of the 100 slices of Series 2 were seen in the lung window"
            ),
            (
                "coverage:1.1:soft",
                false,
                "94 % of the 100 slices of Series 2 were seen in the soft window"
            ),
            (
                "coverage:1.2",
                false,
                "40 % of the 100 slices of Series 2 were seen"
            ),
            ("prior_opened", false, "The prior study was not opened"),
            (
                "completeness:missing_slices",
                false,
                "Something is amiss: missing_slices"
            ),
        ]
    );
    assert!(checks.iter().all(|check| !check.blocks));
    assert_eq!(limitations(&checks).len(), 6);
    desk.perform(Command::RecordCoverage {
        coverage: seen(&[("0.1", "lung", 1)]),
    });
    let checks = desk.case.checks_before_seal(&required);
    assert!(
        checks
            .iter()
            .any(|check| check.code == "prior_opened" && check.met)
    );
    let empty = Desk::ready().case.checks_before_seal(&[]);
    assert!(empty[0].blocks && !empty[0].met);
}

#[test]
fn lanes_add_up_when_none_is_asked_for() {
    let mut desk = Desk::read();
    let mut coverage = seen(&[("1.1", "lung", 50)]);
    let soft: Vec<bool> = (0..80).map(|idx| 50 <= idx).collect();
    coverage
        .series
        .get_mut("1.1")
        .unwrap()
        .insert("soft".into(), soft);
    desk.perform(Command::RecordCoverage { coverage });
    for (lane, n_slices, share) in [
        (None, 100, 0.8),
        (Some("lung"), 100, 0.5),
        (Some("bone"), 100, 0.0),
        (None, 0, 0.0),
        (None, 50, 1.0),
    ] {
        assert_eq!(
            desk.case.coverage_share("1.1", lane, n_slices),
            share,
            "{lane:?} {n_slices}"
        );
    }
    assert_eq!(desk.case.coverage_share("9.9", None, 100), 0.0);
}
