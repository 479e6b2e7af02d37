use case::{Case, FollowUpSource, LearningList};
use serde_json::{Value, json};

use crate::content::open_comparison;
use crate::identifiers::Identifiers;
use crate::ledgers::{learning_name, may_be_learned_from};
use crate::letter::letter_outcome;
use crate::rows::{first_text, second_text};
use crate::words;
use crate::{ExchangeError, KeyPicture};

/// From this age on people are so few that the age itself may name them, years (PS3.15 E.1.1, HIPAA safe harbour).
const OLDEST_SAID_YEARS: u16 = 89;

/// A case for a conference or a teaching file, without what leads to a person: no name, no id, no accession number, no
/// institution, no date, no UID, no reader. Free text was searched for what is known of the patient and the readers, and
/// for what is written like a date; more is not known of it, and the list says so.
///
/// `pictures` are those that hold no burned-in text, with the names of their files in the same order.
///
/// # Errors
/// [`ExchangeError::Refused`] until the comparison is signed, while a third read is open, and for a case that is not on the
/// list.
pub fn learning_case(
    case: &Case,
    list: LearningList,
    pictures: &[(String, &KeyPicture)],
) -> Result<Value, ExchangeError> {
    may_be_learned_from(case)?;
    let flag = case.flags().iter().find(|flag| flag.list == list);
    let flag = flag.ok_or_else(|| {
        case::Refusal::new(
            "not_on_the_list",
            "this case is not on that list",
            "put it there with a reason first",
        )
    })?;
    let identifiers = Identifiers::for_strangers(case);
    let clean = |text: &str| identifiers.clean(text);
    let findings = case.findings_now();
    Ok(json!({
        "record": learning_name(case),
        "why": clean(&flag.reason),
        "modalities": case.study().map(|study| &study.modalities),
        "examination": case.study().map(|study| clean(&study.description)),
        "age": case.study().map(|study| age(&study.patient_age)),
        "sex": case.study().map(|study| &study.patient_sex),
        "question": clean(case.question()),
        "findings": findings.iter().map(|finding| clean(&finding.fact_text())).collect::<Vec<_>>(),
        "rows": rows(case, &identifiers),
        "outcome": letter_outcome(case),
        "follow_ups": case.follow_ups().iter().map(|known| json!({
            "source": match known.source {
                FollowUpSource::Pathology => "pathology",
                FollowUpSource::Imaging => "imaging",
                FollowUpSource::Clinical => "clinical",
            },
            "text": clean(&known.text),
        })).collect::<Vec<_>>(),
        "pictures": pictures.iter().map(|(file, picture)| json!({
            "file": file,
            "caption": clean(&picture.caption),
        })).collect::<Vec<_>>(),
    }))
}

/// The list of such cases. Their order says nothing: it is that of names that were drawn from signatures.
pub fn learning_list(list: LearningList, mut cases: Vec<Value>, n_left_out: usize) -> Value {
    cases.sort_by_key(|case| case["record"].as_str().unwrap_or_default().to_owned());
    json!({
        "schema": "overread.learning-list/1",
        "notice": "For learning. It names nobody, ranks nobody and is no part of a patient's record.",
        "searched": "Names, ids, accession numbers and UIDs of patients, names of readers and whatever is written like a date were taken out. \
                     Free text was searched for these alone; pictures with a warning of burned-in text were left out.",
        "list": list,
        "n_cases": cases.len(),
        "n_left_out": n_left_out,
        "cases": cases,
    })
}

fn rows(case: &Case, identifiers: &Identifiers) -> Vec<Value> {
    let Some(comparison) = open_comparison(case) else {
        return Vec::new();
    };
    let third = case.third_read();
    let rows = comparison.pairs.iter().filter_map(|pair| {
        let verdict = pair.verdict.as_ref()?;
        let decision = third.and_then(|third| Some((third, third.verdict(pair.id)?)));
        Some(json!({
            "one_read": first_text(comparison, pair).map(|text| identifiers.clean(&text)),
            "other_read": second_text(case, comparison, pair).map(|text| identifiers.clean(&text)),
            "differ_in": verdict.classes.iter().filter(|_| !verdict.agrees()).map(|class| class.label()).collect::<Vec<_>>(),
            "significance": verdict.significance,
            "note": identifiers.clean(&verdict.note),
            "third_read": decision.map(|(third, decision)| json!({
                "bears_out": third.upheld_read(decision),
                "note": identifiers.clean(&decision.note),
            })),
        }))
    });
    rows.collect()
}

/// `58 y`; the oldest are said together.
fn age(dicom: &str) -> String {
    let years = dicom.strip_suffix('Y').and_then(|n| n.parse::<u16>().ok());
    match years {
        Some(years) if OLDEST_SAID_YEARS < years => format!("over {OLDEST_SAID_YEARS} y"),
        _ => words::dicom_age(dicom),
    }
}
