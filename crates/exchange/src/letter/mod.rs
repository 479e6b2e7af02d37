//! The two letters about a second read: one for the clinician, one in plain language for the patient. Both come from the
//! same signed statements, and each line names the signed items that it comes from.
//!
//! They are of the clinical record: no score, no cause of an error, no message to the first reader, no reader's name but
//! that of the second reader who answers for the letter.

mod clinician;
mod glossary;
mod plain;
mod reference;
mod standing;

use case::{Case, Ledger, Outcome, Refusal, Stage};

pub(crate) use reference::{Reference, Source};
pub(crate) use standing::letter_outcome;

use crate::content::{Content, SealWords};
use crate::identifiers::Identifiers;
use crate::{ExchangeError, OutputContext};

/// Whom a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterFor {
    /// Who asked for the second opinion.
    Clinician,
    /// The patient, in plain language.
    Patient,
}

/// What a letter says, before it is laid out.
pub(crate) struct Letter {
    pub title: &'static str,
    /// Whose letter it is and about what, a line each.
    pub head: Vec<(&'static str, String)>,
    pub outcome: Option<Outcome>,
    /// Under the title, before the first section.
    pub opening: Vec<Line>,
    pub sections: Vec<Section>,
    /// Where each reference leads, in the order of the closing table.
    pub sources: Vec<Source>,
    pub seals: Vec<SealWords>,
    pub case_id: String,
    pub build: String,
}

/// A part of a letter. It stands only where there is something to say.
pub(crate) struct Section {
    pub title: &'static str,
    pub lines: Vec<Line>,
}

/// A line with the items that it comes from; never without one.
pub(crate) struct Line {
    pub text: String,
    pub from: Vec<Reference>,
}

impl Line {
    pub(crate) fn new(text: impl Into<String>, from: Vec<Reference>) -> Self {
        Self {
            text: text.into(),
            from,
        }
    }

    /// The text with its references: `Right lower lobe nodule. [F1, P2]`.
    pub(crate) fn traced(&self) -> String {
        let names: Vec<String> = self.from.iter().map(ToString::to_string).collect();
        format!("{} [{}]", self.text, names.join(", "))
    }
}

/// What a letter says of a case.
///
/// # Errors
/// [`ExchangeError::Refused`] where [`may_be_told`] refuses it.
pub(crate) fn letter(
    case: &Case,
    whom: LetterFor,
    context: &OutputContext,
) -> Result<Letter, ExchangeError> {
    may_be_told(case)?;
    let identifiers = Identifiers::of(case, context.deidentify);
    let content = Content::of(case, context);
    let mut sections = match whom {
        LetterFor::Clinician => clinician::sections(case),
        LetterFor::Patient => plain::sections(case),
    };
    sections.retain(|section| !section.lines.is_empty());
    let mut opening = match whom {
        LetterFor::Clinician => clinician::opening(case),
        LetterFor::Patient => plain::opening(case),
    };
    let lines = sections.iter_mut().flat_map(|section| &mut section.lines);
    for line in lines.chain(&mut opening) {
        line.text = identifiers.clean(&line.text);
    }
    Ok(Letter {
        title: match whom {
            LetterFor::Clinician => "Second opinion",
            LetterFor::Patient => "What the second look at your pictures found",
        },
        head: head(&content, whom),
        outcome: letter_outcome(case),
        sources: reference::sources(
            case,
            opening.iter().chain(sections.iter().flat_map(|s| &s.lines)),
        ),
        opening,
        sections,
        seals: content
            .seals
            .into_iter()
            .map(without_third_reader)
            .collect(),
        case_id: content.case_id,
        build: content.build,
    })
}

/// Who decided between two readers is not named to those who are told.
fn without_third_reader(seal: SealWords) -> SealWords {
    match seal.title {
        "Third read" => SealWords {
            reader: "the third reader".to_owned(),
            ..seal
        },
        _ => seal,
    }
}

/// May letters be written of this case: is everything that they speak of signed, and is its record for the clinic?
///
/// # Errors
/// `sequestered`, `not_sealed`, `blinded`, `not_signed`, `third_read_open`, `third_read_missing`.
pub(crate) fn may_be_told(case: &Case) -> Result<(), Refusal> {
    if case.rules().ledger == Ledger::PeerLearning {
        return Err(Refusal::new(
            "sequestered",
            "the protocol keeps this case apart from the patient's record, so nothing of it is told",
            "make a case by a clinical protocol for a second opinion",
        ));
    }
    if case.read().seal.is_none() {
        return Err(Refusal::new(
            "not_sealed",
            "the second read is not sealed and may still change",
            "seal it first",
        ));
    }
    if case.is_blinded() && case.current_report().is_some() {
        return Err(Refusal::new(
            "blinded",
            "this speaks of both reads, and the first report is closed",
            "reveal it, compare and sign first",
        ));
    }
    let signed = case.comparison().is_some_and(|c| c.seal.is_some());
    if case.current_report().is_some() && !signed {
        return Err(Refusal::new(
            "not_signed",
            "the comparison is not signed and may still change",
            "sign it first",
        ));
    }
    let third_is_open = case.third_read().is_some_and(|third| third.seal.is_none());
    if third_is_open || case.stage() == Stage::Adjudicating {
        return Err(Refusal::new(
            "third_read_open",
            "the third read of this case is not signed, and its decisions are what stands",
            "wait until it is signed",
        ));
    }
    if case.awaits_third_read() {
        return Err(Refusal::new(
            "third_read_missing",
            "the protocol asks for a third read of these discrepancies before anything is told",
            "ask for it first",
        ));
    }
    Ok(())
}

fn head(content: &Content, whom: LetterFor) -> Vec<(&'static str, String)> {
    let patient: Vec<&str> = content
        .patient
        .iter()
        .chain(&content.patient_details)
        .map(String::as_str)
        .collect();
    let first = content.first.as_ref().map(|first| {
        let parts = [first.issued.as_str(), first.document.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    });
    let first = first.unwrap_or_else(|| "None is compared here".to_owned());
    let sealed = content.read_sealed.clone().unwrap_or_default();
    let second = format!("{} · sealed {sealed}", content.reader);
    let rows = [
        ("Patient", patient.join(" · ")),
        (
            "Study",
            format!(
                "{} · {}",
                content.title.trim_start_matches("Second read: "),
                content.study_details.join(" · ")
            ),
        ),
        ("First report", first),
        ("Second read", second),
        ("Question", content.question.trim().to_owned()),
    ];
    let rows = rows.into_iter().filter(|(name, value)| {
        let is_for = whom == LetterFor::Clinician || *name != "Question";
        is_for && !value.is_empty()
    });
    rows.collect()
}
