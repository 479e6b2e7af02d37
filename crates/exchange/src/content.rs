use case::{Case, Comparison, Outcome, SealStage, StudyRef};

use crate::after::{Section, sections};
use crate::findings::{FindingWords, finding_words, loose_marks};
use crate::identifiers::Identifiers;
use crate::limitations::{limitations_by, not_blinded_line};
use crate::rows::{Row, row};
use crate::{OutputContext, words};

/// What the PDF and the plain text say, in words, before either is laid out.
///
/// While the case is blinded, everything about the first read is `None` or empty.
pub(crate) struct Content {
    pub case_id: String,
    pub stage: &'static str,
    pub title: String,
    /// `None` when identifiers are left out.
    pub patient: Option<String>,
    pub patient_details: Vec<String>,
    pub study_details: Vec<String>,
    pub question: String,
    pub reader: String,
    pub read_sealed: Option<String>,
    /// Is the first report closed?
    pub blinded: bool,
    /// `None` while blinded, and until both reads are paired.
    pub first: Option<FirstRead>,
    pub not_blinded: Option<String>,
    pub outcome: Option<Outcome>,
    pub summary: String,
    pub rows: Vec<Row>,
    pub findings: Vec<FindingWords>,
    /// Marks that belong to no finding, a line each.
    pub loose_marks: Vec<String>,
    pub impression: String,
    /// What happened besides the two reads.
    pub after: Vec<Section>,
    pub limitations: Vec<String>,
    pub seals: Vec<SealWords>,
    pub log_head: String,
    pub n_entries: u64,
    pub printed: String,
    pub build: String,
}

/// Whose the first report is.
pub(crate) struct FirstRead {
    /// `None` when unknown or left out.
    pub author: Option<String>,
    pub issued: String,
    /// Version, standing and format.
    pub document: String,
}

/// A signature.
pub(crate) struct SealWords {
    pub title: &'static str,
    pub reader: String,
    pub at: String,
    pub digest: String,
    pub log_head: String,
    pub signature: String,
    pub public_key: String,
}

impl Content {
    pub(crate) fn of(case: &Case, context: &OutputContext) -> Self {
        let identifiers = Identifiers::of(case, context.deidentify);
        let comparison = open_comparison(case);
        let clean = |text: &str| identifiers.clean(text);
        let study = case.study();
        let reader = case
            .reader()
            .map_or_else(|| context.actor.to_string(), ToString::to_string);
        Self {
            case_id: case.id().to_string(),
            stage: case.stage().label(),
            title: study.map_or_else(
                || "Second read".to_owned(),
                |study| format!("Second read: {}", study_name(study, &identifiers)),
            ),
            patient: study
                .and_then(|study| identifiers.field(&words::person_name(&study.patient_name))),
            patient_details: study
                .map_or_else(Vec::new, |study| patient_details(study, &identifiers)),
            study_details: study.map_or_else(Vec::new, |study| study_details(study, &identifiers)),
            question: clean(case.question()),
            reader,
            read_sealed: case.read().seal.as_ref().map(|(_, at)| {
                let blinded = if case.was_blinded_until_sealed() {
                    "blinded"
                } else {
                    "not blinded"
                };
                format!("{}, {blinded}", words::time(at))
            }),
            blinded: case.is_blinded(),
            first: comparison.map(|comparison| first_read(case, comparison, &identifiers)),
            not_blinded: not_blinded_line(case).map(|line| clean(&line)),
            outcome: comparison.and_then(|_| case.outcome()),
            summary: comparison
                .and_then(|_| case.summary())
                .map(|text| clean(&text))
                .unwrap_or_default(),
            rows: comparison.map_or_else(Vec::new, |comparison| {
                comparison
                    .pairs
                    .iter()
                    .map(|pair| row(case, comparison, pair, &identifiers))
                    .collect()
            }),
            findings: case
                .read()
                .findings
                .iter()
                .map(|finding| finding_words(case, finding, &identifiers))
                .collect(),
            loose_marks: loose_marks(case, &identifiers),
            impression: clean(&case.read().impression),
            after: sections(case, &identifiers),
            limitations: limitation_lines(case, context, &identifiers),
            seals: seals(case, comparison),
            log_head: case.log_head().to_string(),
            n_entries: case.n_entries(),
            printed: words::time(&context.printed_at),
            build: context.build.clone(),
        }
    }
}

/// The comparison, unless the case is blinded.
pub(crate) fn open_comparison(case: &Case) -> Option<&Comparison> {
    case.comparison().filter(|_| !case.is_blinded())
}

/// All limitation lines of an output, with the one about what was left out.
pub(crate) fn limitation_lines(
    case: &Case,
    context: &OutputContext,
    identifiers: &Identifiers,
) -> Vec<String> {
    let mut lines: Vec<String> = limitations_by(case, &context.build)
        .iter()
        .map(|line| identifiers.clean(line))
        .collect();
    if identifiers.are_left_out() {
        lines.push(
            "Patient name, patient ID, date of birth, accession number, file paths and the first reader's name were left out, \
             also where they stand word for word in free text. Dates, UIDs and other free text are unchanged, and pictures were \
             not searched for burned-in text."
                .to_owned(),
        );
    }
    lines
}

fn study_name(study: &StudyRef, identifiers: &Identifiers) -> String {
    if study.description.trim().is_empty() {
        return format!("{} study", study.modalities.join(", "));
    }
    identifiers.clean(study.description.trim())
}

fn patient_details(study: &StudyRef, identifiers: &Identifiers) -> Vec<String> {
    let sex = match study.patient_sex.as_str() {
        "F" => "female",
        "M" => "male",
        "O" => "other",
        sex => sex,
    };
    let born = identifiers
        .field(&words::dicom_date(&study.patient_birth_date))
        .map(|date| format!("born {date}"));
    let id = identifiers
        .field(&study.patient_id)
        .map(|id| format!("ID {id}"));
    let age_and_sex = [words::dicom_age(&study.patient_age), sex.to_owned()];
    age_and_sex
        .into_iter()
        .chain(born)
        .chain(id)
        .filter(|detail| !detail.is_empty())
        .collect()
}

fn study_details(study: &StudyRef, identifiers: &Identifiers) -> Vec<String> {
    let images = match study.n_images {
        1 => "1 image".to_owned(),
        n => format!("{n} images"),
    };
    let accession = identifiers
        .field(&study.accession_number)
        .map(|number| format!("accession {number}"));
    [
        words::dicom_date(&study.study_date),
        study.modalities.join(", "),
        images,
    ]
    .into_iter()
    .chain(accession)
    .filter(|detail| !detail.is_empty())
    .collect()
}

fn first_read(case: &Case, comparison: &Comparison, identifiers: &Identifiers) -> FirstRead {
    let version = case
        .reports()
        .iter()
        .find(|report| report.version == comparison.report_version);
    let document = version.map_or_else(
        || format!("version {}", comparison.report_version),
        |report| {
            format!(
                "version {}, {}, {}",
                report.version,
                words::report_status(report.status),
                report.format
            )
        },
    );
    let issued = &comparison.first_issued;
    let issued = if issued.len() == 8 {
        words::dicom_date(issued)
    } else {
        words::time(&case::Timestamp::new(issued.as_str()))
    };
    FirstRead {
        author: identifiers.field(&words::person_name(&comparison.first_author)),
        issued,
        document,
    }
}

fn seals(case: &Case, comparison: Option<&Comparison>) -> Vec<SealWords> {
    let reader = case.reader().map(ToString::to_string).unwrap_or_default();
    let third_reader = case
        .third_reader()
        .map(ToString::to_string)
        .unwrap_or_default();
    let stages = case
        .read()
        .stages
        .iter()
        .map(|s| ("Stage of the second read", (&s.seal, &s.at)));
    let read = case
        .read()
        .seal
        .as_ref()
        .map(|(seal, at)| ("Second read", (seal, at)));
    let signed = comparison
        .and_then(|comparison| comparison.seal.as_ref())
        .map(|(seal, at)| ("Comparison", (seal, at)));
    let third = comparison
        .and(case.third_read())
        .and_then(|third| third.seal.as_ref())
        .map(|(seal, at)| ("Third read", (seal, at)));
    stages
        .chain(read)
        .chain(signed)
        .chain(third)
        .map(|(title, (seal, at))| SealWords {
            title,
            reader: match seal.stage {
                SealStage::ThirdRead => third_reader.clone(),
                _ => reader.clone(),
            },
            at: words::time(at),
            digest: seal.digest.to_string(),
            log_head: seal.log_head.to_string(),
            signature: seal.signature.clone(),
            public_key: seal.public_key.clone(),
        })
        .collect()
}
