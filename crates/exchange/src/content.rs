use case::{
    Annotation, Case, Class, Comparison, Finding, FindingId, Outcome, Pair, SecondRef,
    Significance, StudyRef,
};

use crate::identifiers::Identifiers;
use crate::limitations::{limitations_by, not_blinded_line};
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
    pub first: Option<FirstRead>,
    pub not_blinded: Option<String>,
    pub outcome: Option<Outcome>,
    pub summary: String,
    pub rows: Vec<Row>,
    pub findings: Vec<FindingWords>,
    pub impression: String,
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

/// A row of the comparison.
pub(crate) struct Row {
    pub first: Option<String>,
    pub second: Option<String>,
    pub standing: Standing,
    pub significance: Option<Significance>,
    pub score: Option<String>,
    /// How it came about, how easily it was seen.
    pub circumstances: Vec<&'static str>,
    pub note: String,
}

/// What has been decided about a row.
pub(crate) enum Standing {
    Agree,
    Differs(Vec<Class>),
    /// The rules propose something, the reader has not decided.
    Proposed(Vec<Class>),
    /// Nothing asks for a decision.
    NotAddressed,
}

/// A finding of the second reader.
pub(crate) struct FindingWords {
    pub id: FindingId,
    pub title: String,
    /// Side, place, grade, change, confidence.
    pub details: Vec<String>,
    /// Each measurement with its source.
    pub measured: Vec<String>,
    pub note: String,
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

impl Row {
    pub(crate) fn is_discrepancy(&self) -> bool {
        matches!(self.standing, Standing::Differs(_))
    }
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
            impression: clean(&case.read().impression),
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

/// `8.2 mm` or `33.0 × 22.0 mm`: the sizes among the measurements of a finding. Lengths only where no mark gives two
/// diameters, since a reader draws them to find these.
pub(crate) fn sizes(case: &Case, id: FindingId) -> Vec<String> {
    let value = |mark: &Annotation, name: &str| {
        mark.values.iter().find(|value| value.name == name).cloned()
    };
    let marks = || {
        case.read()
            .annotations
            .iter()
            .filter(|mark| mark.finding == id)
    };
    let diameters: Vec<String> = marks()
        .filter_map(|mark| {
            let (long, short) = (
                value(mark, "long_diameter")?,
                value(mark, "short_diameter")?,
            );
            Some(format!(
                "{:.1} × {:.1} {}",
                long.value, short.value, long.unit
            ))
        })
        .collect();
    if !diameters.is_empty() {
        return diameters;
    }
    let lengths = marks().filter_map(|mark| value(mark, "length"));
    lengths
        .map(|length| format!("{:.1} {}", length.value, length.unit))
        .collect()
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

fn row(case: &Case, comparison: &Comparison, pair: &Pair, identifiers: &Identifiers) -> Row {
    let verdict = pair.verdict.as_ref();
    let standing = match verdict {
        Some(verdict) if verdict.agrees() => Standing::Agree,
        Some(verdict) => Standing::Differs(verdict.classes.clone()),
        None if pair.proposed.is_empty() => Standing::NotAddressed,
        None => Standing::Proposed(pair.proposed.clone()),
    };
    let error_type = verdict
        .and_then(|verdict| verdict.error_type)
        .map(case::ErrorType::label);
    let detectability = verdict
        .and_then(|verdict| verdict.detectability)
        .map(case::Detectability::label);
    Row {
        first: first_text(comparison, pair).map(|text| identifiers.clean(&text)),
        second: second_text(case, comparison, pair).map(|text| identifiers.clean(&text)),
        standing,
        significance: verdict.and_then(|verdict| verdict.significance),
        score: verdict.and_then(score),
        circumstances: error_type.into_iter().chain(detectability).collect(),
        note: verdict
            .map(|verdict| identifiers.clean(verdict.note.trim()))
            .unwrap_or_default(),
    }
}

/// The words of a row's statement in the first report.
pub(crate) fn first_text(comparison: &Comparison, pair: &Pair) -> Option<String> {
    let id = pair.first?;
    let statement = comparison.first.iter().find(|statement| statement.id == id);
    Some(statement.map_or_else(
        || id.to_string(),
        |statement| statement.text.trim().to_owned(),
    ))
}

/// The words of a row's item in the second read.
pub(crate) fn second_text(case: &Case, comparison: &Comparison, pair: &Pair) -> Option<String> {
    Some(match pair.second? {
        SecondRef::Finding(id) => match case.finding(id) {
            Some(finding) => {
                let mut parts = vec![format!("{id} {}", finding.title())];
                parts.extend(sizes(case, id));
                parts.extend(
                    finding
                        .severity
                        .map(|severity| severity.label().to_lowercase()),
                );
                parts.extend(finding.change.map(|change| change.label().to_lowercase()));
                parts.join(", ")
            }
            None => id.to_string(),
        },
        SecondRef::Sentence(id) => {
            let sentence = comparison.second.iter().find(|sentence| sentence.id == id);
            sentence.map_or_else(
                || id.to_string(),
                |sentence| sentence.text.trim().to_owned(),
            )
        }
    })
}

/// The derived score of a verdict, such as `3b`; `None` while it cannot be derived.
pub(crate) fn score(verdict: &case::Verdict) -> Option<String> {
    case::score(verdict).map(|score| score.to_string())
}

fn finding_words(case: &Case, finding: &Finding, identifiers: &Identifiers) -> FindingWords {
    let mut details = vec![finding.assertion.label().to_owned()];
    details.extend(finding.side.map(|side| side.label().to_lowercase()));
    details.extend(finding.site.clone());
    details.extend(finding.level.clone());
    details.extend(
        finding
            .severity
            .map(|severity| severity.label().to_lowercase()),
    );
    details.extend(
        finding
            .change
            .map(|change| format!("{} against the prior", change.label().to_lowercase())),
    );
    details.extend(sizes(case, finding.id));
    details.extend(
        finding
            .confidence
            .map(|percent| format!("confidence {percent} %")),
    );
    let marks = case
        .read()
        .annotations
        .iter()
        .filter(|annotation| annotation.finding == finding.id);
    FindingWords {
        id: finding.id,
        title: identifiers.clean(&finding.title()),
        details: details
            .iter()
            .map(|detail| identifiers.clean(detail))
            .collect(),
        measured: marks
            .map(|mark| identifiers.clean(&mark_words(mark)))
            .collect(),
        note: identifiers.clean(finding.note.trim()),
    }
}

/// `A1 Length: length 8.2 mm (Pixel Spacing (0028,0030))`.
fn mark_words(mark: &Annotation) -> String {
    let mut text = format!("{} {}", mark.id, words::geometry(&mark.geometry));
    if let case::Geometry::Arrow { text: words, .. } = &mark.geometry
        && !words.trim().is_empty()
    {
        text.push_str(&format!(": {}", words.trim()));
    }
    let values: Vec<String> = mark.values.iter().map(words::measured).collect();
    if !values.is_empty() {
        text.push_str(&format!(": {}", values.join(", ")));
    }
    let mut sources: Vec<&str> = mark
        .values
        .iter()
        .map(|value| value.source.as_str())
        .filter(|source| !source.is_empty())
        .collect();
    sources.dedup();
    if !sources.is_empty() {
        text.push_str(&format!(" (from {})", sources.join("; ")));
    }
    text
}

fn seals(case: &Case, comparison: Option<&Comparison>) -> Vec<SealWords> {
    let reader = case.reader().map(ToString::to_string).unwrap_or_default();
    let read = case.read().seal.as_ref().map(|seal| ("Second read", seal));
    let signed = comparison
        .and_then(|comparison| comparison.seal.as_ref())
        .map(|seal| ("Comparison", seal));
    read.into_iter()
        .chain(signed)
        .map(|(title, (seal, at))| SealWords {
            title,
            reader: reader.clone(),
            at: words::time(at),
            digest: seal.digest.to_string(),
            log_head: seal.log_head.to_string(),
            signature: seal.signature.clone(),
            public_key: seal.public_key.clone(),
        })
        .collect()
}
