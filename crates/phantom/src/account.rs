//! The account of what is in a case, from what was planted.

use crate::findings::{Finding, Kind, Role};
use crate::patient::Patient;
use crate::scan::{Placing, round4};
use crate::study::{SeriesKind, Slice, Study};
use crate::truth::{ReadFinding, TRUTH_SCHEMA, TrueFinding, Truth};
use crate::uid::uid_of;
use crate::words::{self, Report};

/// What the account is made from.
pub(crate) struct Facts<'a> {
    pub seed: u64,
    pub patient: &'a Patient,
    pub current: &'a Study,
    pub prior: &'a Study,
    pub findings: &'a [Finding],
    pub report: &'a Report,
    /// Place of the body in the current study.
    pub placing: Placing,
}

/// Writes the truth of a case down.
pub(crate) fn truth(facts: &Facts) -> Truth {
    let Facts {
        seed,
        patient,
        current,
        prior,
        findings,
        report,
        placing,
    } = *facts;
    let axial_uid = |study: &Study| {
        study
            .series
            .iter()
            .find(|series| series.kind == SeriesKind::Axial)
            .map_or(String::new(), |series| series.series_uid.clone())
    };
    Truth {
        schema: TRUTH_SCHEMA.into(),
        seed,
        patient_id: patient.id.clone(),
        patient_name: patient.name.clone(),
        current_study_uid: current.study_uid.clone(),
        current_series_uid: axial_uid(current),
        prior_study_uid: prior.study_uid.clone(),
        prior_series_uid: axial_uid(prior),
        report_sop_uid: uid_of(&format!("{}/report", current.study_uid)),
        findings: findings
            .iter()
            .map(|finding| true_finding(finding, report, placing))
            .collect(),
        second_read: findings
            .iter()
            .filter_map(|finding| read_finding(finding, current, placing))
            .collect(),
    }
}

fn true_finding(finding: &Finding, report: &Report, placing: Placing) -> TrueFinding {
    let (first_report, expected_class) = match finding.role {
        Role::Missed => ("missed", "D1"),
        Role::WrongSize => ("wrong_size", "D6"),
        Role::WrongSide => ("wrong_side", "D4"),
        Role::Right => ("right", "agree"),
        Role::Negated => ("negated", "D3"),
    };
    let sentence = report
        .sentences()
        .find(|sentence| sentence.finding_id.as_ref() == Some(&finding.id));
    let diameter_mm = finding.diameter_mm().filter(|diameter| 0.0 < *diameter);
    let has_extent = diameter_mm.is_none() && finding.extent_mm != [0.0; 3];
    TrueFinding {
        id: finding.id.clone(),
        concept: concept(finding.kind).into(),
        side: finding.side.map(|side| side.word().into()),
        site: site(finding),
        level: level(finding),
        centre_mm: placing.in_patient(finding.centre),
        diameter_mm,
        extent_mm: has_extent.then_some(finding.extent_mm),
        mean_hu: f64::from(finding.hu),
        prior_diameter_mm: diameter_mm.map(|diameter| diameter * finding.prior_share),
        first_report: first_report.into(),
        reported_mm: finding.reported_mm,
        report_sentence: sentence.map(|sentence| sentence.text.clone()),
        expected_class: expected_class.into(),
    }
}

fn read_finding(finding: &Finding, current: &Study, placing: Placing) -> Option<ReadFinding> {
    let series = current
        .series
        .iter()
        .find(|series| series.kind == SeriesKind::Axial)?;
    let centre_mm = placing.in_patient(finding.centre);
    let off = |slice: &&Slice| (slice.position_mm[2] - centre_mm[2]).abs();
    let slice = series
        .slices
        .iter()
        .min_by(|a, b| off(a).total_cmp(&off(b)))?;
    let plane_mm = slice.position_mm[2];
    let half_mm = 0.5 * finding.extent_mm[0];
    // The ends lie where the surface is met along the finding's first axis, drawn on the slice.
    let (sin, cos) = f64::from(finding.turn_rad).sin_cos();
    let length_mm = (0.0 < half_mm && finding.kind != Kind::Effusion).then(|| {
        [-1.0, 1.0].map(|sign| {
            [
                centre_mm[0] + sign * half_mm * cos,
                centre_mm[1] + sign * half_mm * sin,
                plane_mm,
            ]
            .map(round4)
        })
    });
    let size = if length_mm.is_some() {
        format!("{} mm ", crate::raw::ds(finding.extent_mm[0]))
    } else {
        String::new()
    };
    Some(ReadFinding {
        finding_id: finding.id.clone(),
        concept: concept(finding.kind).into(),
        side: finding.side.map(|side| side.word().into()),
        site: site(finding),
        level: level(finding),
        sentence: sentence(&format!("{size}{}", spoken(finding))),
        length_mm,
        key_sop_uid: slice.sop_uid.clone(),
        series_uid: series.series_uid.clone(),
    })
}

fn sentence(phrase: &str) -> String {
    format!(
        "There is {} {phrase}.",
        words::article(phrase).to_lowercase()
    )
}

fn concept(kind: Kind) -> &'static str {
    match kind {
        Kind::Nodule => "solid pulmonary nodule",
        Kind::Effusion => "pleural effusion",
        Kind::Plaque => "calcified pleural plaque",
        Kind::Consolidation => "consolidation",
        Kind::LungCyst => "thin-walled lung cyst",
        Kind::LiverCyst => "simple hepatic cyst",
        Kind::BoneIsland => "bone island",
        Kind::RibFracture => "rib fracture",
        Kind::LymphNode => "enlarged mediastinal lymph node",
    }
}

fn site(finding: &Finding) -> String {
    match finding.kind {
        Kind::Nodule | Kind::Consolidation | Kind::LungCyst => {
            finding.lobe.map_or("lung", |lobe| lobe.words()).into()
        }
        Kind::Effusion | Kind::Plaque => "pleura".into(),
        Kind::LiverCyst => "liver".into(),
        Kind::BoneIsland => "vertebra".into(),
        Kind::RibFracture => "rib".into(),
        Kind::LymphNode => "mediastinum".into(),
    }
}

fn level(finding: &Finding) -> Option<String> {
    (!finding.level.is_empty()).then(|| finding.level.clone())
}

fn spoken(finding: &Finding) -> String {
    let side = finding.side.map_or("", |side| side.word());
    match finding.kind {
        Kind::Nodule => format!("solid nodule in the {side} {}", site(finding)),
        Kind::Consolidation => format!("consolidation in the {side} {}", site(finding)),
        Kind::LungCyst => format!("thin-walled cyst in the {side} {}", site(finding)),
        Kind::Effusion => format!("small {side} pleural effusion"),
        Kind::Plaque => format!("calcified pleural plaque on the {side}"),
        Kind::LiverCyst => format!("simple cyst in {} of the liver", finding.level),
        Kind::BoneIsland => format!("bone island in the {} vertebral body", finding.level),
        Kind::RibFracture => format!("displaced fracture of the {side} {} rib", finding.level),
        Kind::LymphNode => format!("enlarged mediastinal lymph node in {}", finding.level),
    }
}
