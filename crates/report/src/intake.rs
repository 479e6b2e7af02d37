use case::{IntakeFinding, SectionKind, Side};

use crate::document::Report;

/// What the case knows of its study, to hold a report against it. Empty fields are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudyHeader {
    /// Patient's name, DICOM style or as spoken.
    pub patient_name: String,
    /// Patient ID.
    pub patient_id: String,
    /// Accession number.
    pub accession: String,
    /// Study Instance UID.
    pub study_instance_uid: String,
    /// Study date, `YYYYMMDD`.
    pub study_date: String,
    /// Does the case hold an earlier study?
    pub n_priors: usize,
    /// The side that was ordered, where the order names one.
    pub ordered_side: Option<Side>,
}

/// What intake may know of a report: a closed list, never words (DECISIONS 10).
pub fn intake_findings(report: &Report, study: &StudyHeader) -> Vec<IntakeFinding> {
    let mut found = vec![patient(report, study), date(report, study)];
    if study.n_priors == 0 && names_prior(report) {
        found.push(IntakeFinding::PriorNamedButAbsent);
    }
    if side_differs(report, study) {
        found.push(IntakeFinding::SideDiffersFromOrder);
    }
    if report.statements.is_empty() {
        found.push(IntakeFinding::NoText);
    }
    found
}

fn patient(report: &Report, study: &StudyHeader) -> IntakeFinding {
    let source = &report.source;
    let id = agreement(source.patient_id.as_deref(), &study.patient_id, |text| {
        text.trim().to_uppercase()
    });
    let name = agreement(
        source.patient_name.as_deref(),
        &study.patient_name,
        name_key,
    );
    let accession = agreement(source.accession.as_deref(), &study.accession, |text| {
        text.trim().to_uppercase()
    });
    let uid = agreement(
        source.study_instance_uid.as_deref(),
        &study.study_instance_uid,
        |text| text.trim().to_owned(),
    );
    // Names are spelt in many ways: an equal ID outweighs a different name.
    match (id, name, accession, uid) {
        (Some(false), _, _, _) | (None, Some(false), _, _) => IntakeFinding::PatientDiffers,
        (Some(true), _, _, _)
        | (_, Some(true), _, _)
        | (_, _, Some(true), _)
        | (_, _, _, Some(true)) => IntakeFinding::PatientMatches,
        (None, None, _, _) => IntakeFinding::PatientUnknown,
    }
}

fn agreement(said: Option<&str>, known: &str, key: impl Fn(&str) -> String) -> Option<bool> {
    let (said, known) = (key(said?), key(known));
    (!said.is_empty() && !known.is_empty()).then(|| said == known)
}

/// The words of a name in order of the alphabet, so that "Doe^Jane" and "Jane Doe" meet.
fn name_key(name: &str) -> String {
    let first_group = name.split('=').next().unwrap_or_default();
    let mut words: Vec<String> = first_group
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .filter(|word| !["MR", "MRS", "MS", "DR"].contains(&word.as_str()))
        .collect();
    words.sort();
    words.join(" ")
}

fn date(report: &Report, study: &StudyHeader) -> IntakeFinding {
    match report.source.study_date.as_deref() {
        Some(said) if !study.study_date.is_empty() && said != study.study_date => {
            IntakeFinding::DateDiffers
        }
        _ => IntakeFinding::DateMatches,
    }
}

fn names_prior(report: &Report) -> bool {
    let negative = [
        "none",
        "no prior",
        "no previous",
        "not available",
        "unavailable",
        "no comparison",
        "n/a",
        "nil",
    ];
    report
        .statements
        .iter()
        .filter(|statement| statement.section == SectionKind::Comparison)
        .map(|statement| statement.text.to_lowercase())
        .any(|text| {
            text.chars().any(|c| c.is_ascii_digit())
                && !negative.iter().any(|word| text.contains(word))
        })
}

fn side_differs(report: &Report, study: &StudyHeader) -> bool {
    let Some(ordered) = study.ordered_side.filter(|side| *side != Side::Bilateral) else {
        return false;
    };
    let mut sides = report
        .facts()
        .filter(|(statement, _)| is_body(statement.section))
        .filter_map(|(_, fact)| fact.laterality)
        .peekable();
    sides.peek().is_some() && sides.all(|side| side != ordered && side != Side::Bilateral)
}

fn is_body(kind: SectionKind) -> bool {
    matches!(
        kind,
        SectionKind::Findings | SectionKind::Impression | SectionKind::Other
    )
}
