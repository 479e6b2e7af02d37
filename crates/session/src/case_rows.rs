//! What lists, and guards of raw commands, need of every case of a store. It is kept beside the logs, so that a store of
//! many cases is listed without reading them; whatever is not of the log as it is now is made anew.

use case::{
    Actor, Blinding, Case, CaseId, Disclosure, LearningList, Onlooker, Outcome, Sha256,
    Significance, Stage,
};
use store::{KeptCase, Store, StoreError};

use crate::SessionError;
use crate::case_list::{CaseTable, Packed, Packer, field, list_of, mark};
use crate::people::{age_sex, iso_date, shown_name};
use crate::worklist::gravest;

/// What is kept of a case, made of its log.
pub(crate) fn packed(case: &Case) -> Vec<u8> {
    let study = case.study();
    let text = |get: fn(&case::StudyRef) -> &String| study.map(get).cloned().unwrap_or_default();
    let third = case.third_read().filter(|third| third.seal.is_none());
    let comparison = case.comparison();
    let actor = |who: Option<&Actor>| who.map(ToString::to_string).unwrap_or_default();
    let mut texts: [String; field::N] = std::array::from_fn(|_| String::new());
    let mut put = |idx: usize, text: String| {
        if let Some(place) = texts.get_mut(idx) {
            *place = text;
        }
    };
    let name = shown_name(&text(|s| &s.patient_name));
    let found = [
        name.as_str(),
        &text(|s| &s.patient_id),
        &text(|s| &s.accession_number),
        &text(|s| &s.description),
        case.id().as_str(),
    ];
    put(field::FOUND, found.join("\n").to_lowercase());
    put(field::ID, case.id().to_string());
    put(field::STUDY, text(|s| &s.study_instance_uid));
    put(field::PATIENT_NAME, name);
    put(field::AGE_SEX, study.map(age_and_sex).unwrap_or_default());
    put(field::PATIENT_ID, text(|s| &s.patient_id));
    put(field::STUDY_DATE, iso_date(&text(|s| &s.study_date)));
    put(
        field::MODALITY,
        study.map(|s| s.modalities.join(", ")).unwrap_or_default(),
    );
    put(field::DESCRIPTION, text(|s| &s.description));
    put(field::ACCESSION, text(|s| &s.accession_number));
    put(
        field::FIRST_AUTHOR,
        comparison
            .map(|c| shown_name(&c.first_author))
            .unwrap_or_default(),
    );
    let first = case.first_reader();
    let barred = first.filter(|first| case.onlooker(first) == Onlooker::FirstReader);
    put(field::BARRED, actor(barred));
    put(field::READER, actor(case.reader()));
    put(
        field::ASSIGNED,
        actor(case.assignment().map(|assignment| &assignment.reader)),
    );
    put(
        field::DUE,
        case.assignment().map(|a| a.due.clone()).unwrap_or_default(),
    );
    put(field::PROTOCOL, case.protocol().to_owned());
    put(
        field::REPORTS,
        list_of(case.reports().iter().map(|r| r.sha256.as_str())),
    );
    put(field::CLOSED_PRIORS, closed_priors(case));
    put(
        field::THIRD_READER,
        actor(third.and_then(|third| third.reader.as_ref())),
    );
    if third.is_some() {
        let knows = [case.reader(), case.created_by()];
        put(
            field::KNOWS,
            list_of(knows.into_iter().flatten().map(Actor::as_str)),
        );
    }
    Packer {
        stage: place_in(Stage::ALL, &case.stage()),
        outcome: one_more(
            Outcome::ALL,
            comparison.and_then(|_| case.outcome()).as_ref(),
        ),
        significance: one_more(Significance::ALL, gravest(case).as_ref()),
        marks: marks(case),
        priority: match case.assignment().map(|a| a.priority) {
            Some(case::Priority::Urgent) => 2,
            Some(case::Priority::Soon) => 1,
            Some(case::Priority::Routine) | None => 0,
        },
        texts,
    }
    .pack()
}

fn age_and_sex(study: &case::StudyRef) -> String {
    age_sex(
        &study.patient_age,
        &study.patient_birth_date,
        &study.study_date,
        &study.patient_sex,
    )
}

fn closed_priors(case: &Case) -> String {
    match case.discloses(Disclosure::Priors) {
        true => String::new(),
        false => {
            let priors = case.priors().iter();
            list_of(priors.map(|prior| prior.study_instance_uid.as_str()))
        }
    }
}

fn marks(case: &Case) -> u16 {
    let third = case.third_read().filter(|third| third.seal.is_none());
    let is_on = |list| case.flags().iter().any(|flag| flag.list == list);
    let rows = [
        (mark::BLINDED, case.is_blinded()),
        (
            mark::EARLY,
            matches!(case.blinding(), Blinding::RevealedEarly { .. }),
        ),
        (mark::HAS_READER, case.reader().is_some()),
        (mark::THIRD_OPEN, third.is_some()),
        (
            mark::THIRD_TAKEN,
            third.is_some_and(|third| third.reader.is_some()),
        ),
        (mark::THIRD_DUE, third.is_none() && case.awaits_third_read()),
        (
            mark::LIMITED_INTAKE,
            case.shown_completeness()
                .any(|item| item.severity == "warning"),
        ),
        (mark::LIMITED_READ, !case.read().limitations.is_empty()),
        (mark::CRITICAL, !case.criticals().is_empty()),
        (mark::CONFERENCE, is_on(LearningList::Conference)),
        (mark::TEACHING, is_on(LearningList::Teaching)),
    ];
    rows.iter()
        .filter(|(_, is_so)| *is_so)
        .fold(0, |marks, (mark, _)| marks | mark)
}

fn place_in<T: PartialEq>(all: &[T], value: &T) -> u8 {
    let place = all.iter().position(|other| other == value).unwrap_or(0);
    u8::try_from(place).unwrap_or(0)
}

fn one_more<T: PartialEq>(all: &[T], value: Option<&T>) -> u8 {
    value.map_or(0, |value| place_in(all, value) + 1)
}

/// What guards ask of a row.
impl<'a> Packed<'a> {
    /// Did it end without a read?
    fn ended(self) -> bool {
        let stage = Stage::ALL.get(usize::from(self.stage()));
        matches!(stage, Some(Stage::Withdrawn | Stage::NonDiagnostic))
    }

    fn may_be_read_by(self, actor: &Actor) -> bool {
        !self.has(mark::HAS_READER) || self.text(field::READER) == actor.as_str()
    }

    /// Digests of first reports that an actor must not open by a side door; none where nothing is closed.
    pub(crate) fn closed_reports(self, actor: &Actor) -> Vec<Sha256> {
        let makes = self.text(field::THIRD_READER) == actor.as_str();
        let knows = self.items(field::KNOWS).any(|who| who == actor.as_str());
        let anonymous = self.has(mark::THIRD_OPEN) && (makes || !knows);
        let blinded = self.has(mark::BLINDED) && self.may_be_read_by(actor);
        match (blinded || anonymous) && !self.ended() {
            true => self.items(field::REPORTS).map(Sha256::new).collect(),
            false => Vec::new(),
        }
    }

    /// Priors that an actor must not open by a side door.
    pub(crate) fn closed_priors(self, actor: &Actor) -> Vec<String> {
        match self.may_be_read_by(actor) && !self.ended() {
            true => self
                .items(field::CLOSED_PRIORS)
                .map(ToOwned::to_owned)
                .collect(),
            false => Vec::new(),
        }
    }
}

/// Every case of a store as an actor sees it, in order of creation, and what is wrong with those whose log is broken. What had to be made anew
/// is kept for the next list.
///
/// # Errors
/// When the store cannot be read. That what was made anew could not be kept is none: the next list makes it again.
pub(crate) fn case_table(
    store: &mut dyn Store,
    actor: &Actor,
) -> Result<(CaseTable, Vec<StoreError>), SessionError> {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    // Rows to be made anew, by the place that they have in the list.
    let mut unknown: Vec<(usize, CaseId)> = Vec::new();
    store.listing(&mut |listed| {
        let row = listed.kept.and_then(Packed::of);
        match row.filter(|row| row.raw(field::ID) == listed.case.as_bytes()) {
            Some(row) => bytes.extend_from_slice(row.bytes()),
            None => unknown.push((ends.len(), CaseId::new(listed.case))),
        }
        ends.push(bytes.len());
    })?;
    let (mut fresh, mut broken) = (Vec::with_capacity(unknown.len()), Vec::new());
    for (_, id) in &unknown {
        fresh.push(match store.load(id) {
            Ok(case) => Some(KeptCase {
                case: id.clone(),
                head: case.log_head().clone(),
                body: packed(&case),
            }),
            Err(error) => {
                broken.push(error);
                None
            }
        });
    }
    if !unknown.is_empty() {
        (bytes, ends) = put_in(&bytes, &ends, &unknown, &fresh);
    }
    let fresh: Vec<KeptCase> = fresh.into_iter().flatten().collect();
    let _ = store.keep_listing(&fresh);
    let mut table = CaseTable::new(actor);
    table.fill(bytes, &ends);
    Ok((table, broken))
}

/// The same rows with those made anew in their places; a broken one has none.
fn put_in(
    bytes: &[u8],
    ends: &[usize],
    unknown: &[(usize, CaseId)],
    fresh: &[Option<KeptCase>],
) -> (Vec<u8>, Vec<usize>) {
    let n_fresh: usize = fresh.iter().flatten().map(|kept| kept.body.len()).sum();
    let mut all = Vec::with_capacity(bytes.len() + n_fresh);
    let mut all_ends = Vec::with_capacity(ends.len());
    let mut waiting = unknown.iter().zip(fresh).peekable();
    let mut start = 0;
    for (idx, end) in ends.iter().enumerate() {
        match waiting.next_if(|((at, _), _)| *at == idx) {
            Some((_, None)) => continue,
            Some((_, Some(kept))) => all.extend_from_slice(&kept.body),
            None => all.extend_from_slice(bytes.get(start..*end).unwrap_or_default()),
        }
        all_ends.push(all.len());
        start = *end;
    }
    (all, all_ends)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use case::{Command, StudyRef, Timestamp};
    use store::SqliteStore;

    use super::*;

    fn perform(store: &mut SqliteStore, case: &mut Case, command: Command) {
        let (actor, at) = (Actor::new("iyer"), Timestamp::new("2026-01-01T10:00:00Z"));
        let entries = case.record(&actor, &at, "0.1.0", command).unwrap();
        match case.n_entries() {
            0 => store.create_case(case.id(), &entries).unwrap(),
            _ => store.append(case.id(), &entries).unwrap(),
        }
        entries.iter().for_each(|entry| case.apply(entry));
    }

    fn begun(store: &mut SqliteStore, name: &str) -> Case {
        let mut case = Case::new(CaseId::new(name));
        let study = StudyRef {
            study_instance_uid: format!("1.2.{}", name.len()),
            patient_name: "Doe^Jane".into(),
            ..StudyRef::default()
        };
        let create = Command::CreateCase {
            study,
            priors: Vec::new(),
            question: String::new(),
            protocol: String::new(),
            rules: None,
        };
        perform(store, &mut case, create);
        case
    }

    #[test]
    fn a_kept_row_is_what_the_log_says_and_one_that_is_not_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(folder.path()).unwrap();
        let mut case = begun(&mut store, "OR-1");
        let other = begun(&mut store, "OR-22");
        let list = |store: &mut SqliteStore| -> Vec<Vec<u8>> {
            let (table, broken) = case_table(store, &Actor::new("iyer")).unwrap();
            assert!(broken.is_empty());
            (0..table.len())
                .map(|idx| table.packed(idx).unwrap().bytes().to_vec())
                .collect()
        };
        let kept = |store: &SqliteStore| -> Vec<bool> {
            let mut known = Vec::new();
            let mut each = |listed: store::ListedCase<'_>| {
                let row = listed.kept.and_then(Packed::of);
                known.push(row.is_some_and(|row| row.text(field::ID) == listed.case));
            };
            store.listing(&mut each).unwrap();
            known
        };
        assert_eq!(kept(&store), [false, false]);
        let first = list(&mut store);
        assert_eq!(first, [packed(&case), packed(&other)]);
        assert_eq!(kept(&store), [true, true]);
        assert_eq!(list(&mut store), first, "from what is kept");
        let reason = "later".into();
        perform(&mut store, &mut case, Command::Hold { reason });
        assert_eq!(kept(&store), [false, true]);
        assert_eq!(list(&mut store), [packed(&case), packed(&other)]);
        // A row of another form, of another case, or no row at all.
        let row = packed(&case);
        let mut of_other_form = row.clone();
        of_other_form[0] = 9;
        for body in [
            of_other_form,
            packed(&other),
            b"nonsense".to_vec(),
            Vec::new(),
        ] {
            let wrong = KeptCase {
                case: case.id().clone(),
                head: case.log_head().clone(),
                body,
            };
            store.keep_listing(&[wrong]).unwrap();
            assert_eq!(kept(&store), [false, true]);
            assert_eq!(list(&mut store), [row.clone(), packed(&other)]);
        }
    }
}
