use case::{Case, Entry, Event, SealRecord, SealStage, Sha256};

use crate::seal::check_signature;
use crate::verify::Verification;

/// Checks the log of a case: its chain, its seals, its signatures and the order of seal and reveal.
///
/// An empty log does not verify: there is nothing that it could prove.
pub fn verify_log(entries: &[Entry]) -> Verification {
    let mut verification = Verification::default();
    if let Some(case) = replayed(entries, &mut verification) {
        verification.set_facts(&case);
    }
    verification.finish()
}

/// Replays a log while checking it. `None` when it does not even chain.
pub(crate) fn replayed(entries: &[Entry], verification: &mut Verification) -> Option<Case> {
    let Some(first) = entries.first() else {
        verification.add("chain", Err("the log is empty".to_owned()));
        return None;
    };
    let mut case = Case::new(first.case.clone());
    let mut seals = Vec::new();
    for entry in entries {
        if let Err(broken) = case.check_next(entry) {
            verification.add(
                "chain",
                Err(format!(
                    "entry {} of the log is not as it was written: {}",
                    broken.seq, broken.what
                )),
            );
            return None;
        }
        if let (Some(seal), Some(stage)) = (entry.event.seal(), entry.event.seals()) {
            seals.push(seal_check(&case, entry, (seal, stage)));
        }
        case.apply(entry);
    }
    let n_entries = entries.len();
    verification.add(
        "chain",
        Ok(format!(
            "{n_entries} entries follow each other without a gap, each fits its hash"
        )),
    );
    add_seal_checks(seals, entries, verification);
    verification.add("order", order(entries));
    verification.add("one_reader", one_reader(entries));
    verification.add("sealed_read", sealed_read_is_left_alone(entries));
    Some(case)
}

/// Does a seal cover the case as it was when it was made, and does its signature fit?
fn seal_check(
    case: &Case,
    entry: &Entry,
    (seal, stage): (&SealRecord, SealStage),
) -> Result<String, String> {
    let what = match stage {
        SealStage::ReadingStage => "seal of a stage of the second read",
        SealStage::SecondRead => "seal of the second read",
        SealStage::Comparison => "signature of the comparison",
        SealStage::ThirdRead => "signature of the third read",
    };
    if seal.stage != stage {
        return Err(format!("the {what} names another stage"));
    }
    if !case.is_covered_by(seal, stage) {
        return Err(format!("the {what} was made over other content"));
    }
    if seal.log_head != entry.prev || seal.log_head != *case.log_head() {
        return Err(format!("the {what} was made over another history"));
    }
    check_signature(seal).map_err(|reason| format!("the {what} does not hold: {reason}"))?;
    let key = seal.public_key.get(..16).unwrap_or_default();
    Ok(format!(
        "the {what} fits its content, its history and the key that begins with {key}"
    ))
}

fn add_seal_checks(
    seals: Vec<Result<String, String>>,
    entries: &[Entry],
    verification: &mut Verification,
) {
    if seals.is_empty() {
        verification.add(
            "seal",
            Ok("nothing is sealed yet, so only the chain could be checked".to_owned()),
        );
        return;
    }
    for seal in seals {
        verification.add("seal", seal);
    }
    let is_signed = |entry: &Entry| entry.event.seal().is_some();
    let n_unsigned = entries
        .iter()
        .rev()
        .take_while(|entry| !is_signed(entry))
        .count();
    let text = match n_unsigned {
        0 => "the newest entry is a signature".to_owned(),
        1 => {
            "one entry after the newest signature is chained, but no signature covers it".to_owned()
        }
        n => format!(
            "{n} entries after the newest signature are chained, but no signature covers them"
        ),
    };
    verification.add("covered", Ok(text));
}

/// The first report opens after the seal, or early and said so; nothing speaks of it before.
fn order(entries: &[Entry]) -> Result<String, String> {
    let position =
        |wanted: fn(&Event) -> bool| entries.iter().position(|entry| wanted(&entry.event));
    let sealed = position(|event| matches!(event, Event::ReadSealed { .. }));
    let revealed = position(|event| matches!(event, Event::Revealed { .. }));
    let early = position(|event| matches!(event, Event::RevealedEarly { .. }));
    let compared = position(|event| matches!(event, Event::ComparisonProposed { .. }));
    let signed = position(|event| matches!(event, Event::ComparisonSigned { .. }));
    let opened = revealed.into_iter().chain(early).min();
    if let Some(revealed) = revealed
        && sealed.is_none_or(|sealed| revealed < sealed)
    {
        return Err("the first report was opened before the seal without saying so".to_owned());
    }
    if let Some(compared) = compared
        && opened.is_none_or(|opened| compared < opened)
    {
        return Err("a comparison stands in the log before the first report was opened".to_owned());
    }
    if let Some(signed) = signed
        && (sealed.is_none_or(|sealed| signed < sealed)
            || compared.is_none_or(|compared| signed < compared))
    {
        return Err(
            "the comparison was signed before the second read was sealed and compared".to_owned(),
        );
    }
    match (early, revealed, sealed) {
        (Some(early), _, sealed) if sealed.is_none_or(|sealed| early < sealed) => Ok(
            "the first report was opened before the seal, with a reason: the read was not blinded"
                .to_owned(),
        ),
        (_, Some(_), _) | (Some(_), _, _) => {
            Ok("the first report was opened after the seal".to_owned())
        }
        (None, None, Some(_)) => Ok("the read is sealed and the first report is closed".to_owned()),
        (None, None, None) => Ok("the first report is closed".to_owned()),
    }
}

/// The read is one person's: whoever started it made every change of it and sealed it.
fn one_reader(entries: &[Entry]) -> Result<String, String> {
    let started = entries
        .iter()
        .find(|entry| matches!(entry.event, Event::ReadStarted {}));
    let Some(reader) = started.map(|entry| &entry.actor) else {
        return match entries.iter().find(|entry| changes_read(&entry.event)) {
            Some(entry) => Err(format!(
                "entry {} changes a read that nobody took",
                entry.seq
            )),
            None => Ok("nobody has taken the read".to_owned()),
        };
    };
    match entries
        .iter()
        .find(|entry| changes_read(&entry.event) && entry.actor != *reader)
    {
        Some(entry) => Err(format!(
            "entry {} of the read is by another person than the one who took it",
            entry.seq
        )),
        None => Ok("every entry of the read is by the person who took it".to_owned()),
    }
}

fn sealed_read_is_left_alone(entries: &[Entry]) -> Result<String, String> {
    let after = entries
        .iter()
        .skip_while(|entry| !matches!(entry.event, Event::ReadSealed { .. }))
        .skip(1);
    let changes = |event: &Event| changes_read(event) || changes_its_grounds(event);
    match after.into_iter().find(|entry| changes(&entry.event)) {
        Some(entry) => Err(format!(
            "entry {} changes the second read after its seal",
            entry.seq
        )),
        None => Ok("nothing changes the second read after a seal".to_owned()),
    }
}

/// What the read was made on. Anybody may change it, until the seal.
fn changes_its_grounds(event: &Event) -> bool {
    matches!(
        event,
        Event::QuestionWritten { .. } | Event::ImagesAdded { .. }
    )
}

fn changes_read(event: &Event) -> bool {
    match event {
        Event::FindingAdded { .. }
        | Event::FindingEdited { .. }
        | Event::FindingRemoved { .. }
        | Event::AnnotationAdded { .. }
        | Event::AnnotationEdited { .. }
        | Event::AnnotationRemoved { .. }
        | Event::ImpressionWritten { .. }
        | Event::AnatomyReviewed { .. }
        | Event::CoverageRecorded { .. }
        | Event::StageSealed { .. }
        | Event::ReadSealed { .. } => true,
        Event::QuestionWritten { .. }
        | Event::ImagesAdded { .. }
        | Event::Assigned { .. }
        | Event::FirstReaderNamed { .. }
        | Event::ConflictDeclared { .. }
        | Event::AuditCommitted { .. }
        | Event::ReadAmended { .. }
        | Event::ThirdRead(_)
        | Event::Critical(_)
        | Event::Learning(_)
        | Event::CaseCreated { .. }
        | Event::ReportAttached { .. }
        | Event::ReportWithdrawn { .. }
        | Event::IntakeChecked { .. }
        | Event::LimitationAccepted { .. }
        | Event::ReadStarted {}
        | Event::ReadPaused { .. }
        | Event::ReadResumed {}
        | Event::Revealed { .. }
        | Event::RevealedEarly { .. }
        | Event::ComparisonProposed { .. }
        | Event::VerdictSet { .. }
        | Event::PairsRealigned { .. }
        | Event::OutcomeSet { .. }
        | Event::SummaryWritten { .. }
        | Event::ComparisonSigned { .. }
        | Event::ComparisonReopened { .. }
        | Event::CaseClosed {}
        | Event::PutOnHold { .. }
        | Event::TakenOffHold {}
        | Event::Ended { .. }
        | Event::Exported { .. } => false,
    }
}

/// Is a digest among the files that the log says were handed over?
pub(crate) fn was_exported(entries: &[Entry], digest: &Sha256) -> bool {
    entries
        .iter()
        .any(|entry| matches!(&entry.event, Event::Exported { sha256, .. } if sha256 == digest))
}
