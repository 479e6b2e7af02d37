//! What lists, and guards of raw commands, need of every case of a store. It is kept beside the logs, so that a store of
//! many cases is listed without reading them; whatever is not of the log as it is now is made anew.

use case::{
    Actor, Blinding, Case, CaseId, Disclosure, Onlooker, Outcome, Sha256, Significance, Stage,
};
use rayon::prelude::*;
use serde::ser::SerializeTuple;
use serde::{Deserialize, Serialize, Serializer};
use store::{KeptCase, ListedCase, Store, StoreError};

use crate::people::{age_sex, iso_date, shown_name};
use crate::worklist::gravest;
use crate::{SessionError, WorklistRow};

/// Raised with each change of [`CaseRow`]; rows of another form are made anew.
const FORM: u32 = 2;

/// A case without its log. It is kept as an array in the order of its fields: their names would be read 100,000 times.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct CaseRow {
    form: u32,
    pub(crate) id: CaseId,
    pub(crate) stage: Stage,
    pub(crate) is_blinded: bool,
    pub(crate) unblinded_early: bool,
    pub(crate) study_instance_uid: String,
    pub(crate) patient_name: String,
    pub(crate) age_sex: String,
    pub(crate) patient_id: String,
    pub(crate) study_date: String,
    pub(crate) modality: String,
    pub(crate) description: String,
    pub(crate) accession: String,
    pub(crate) first_reader: String,
    pub(crate) reader: Option<Actor>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) significance: Option<Significance>,
    /// Digests of the versions of the first report.
    reports: Vec<Sha256>,
    /// Priors that are closed at this stage of the read.
    closed_priors: Vec<String>,
    /// Who sees the reads with names while the third read is open; `None` while it is not.
    third: Option<ThirdOpen>,
    /// Who made the first read and sees nothing of the second; `None` where nobody is named.
    barred: Option<Actor>,
}

/// Of an open third read: who makes it, and who knows the two reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ThirdOpen {
    reader: Option<Actor>,
    knows: Vec<Actor>,
}

impl Serialize for CaseRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_tuple(21)?;
        fields.serialize_element(&self.form)?;
        fields.serialize_element(&self.id)?;
        fields.serialize_element(&self.stage)?;
        fields.serialize_element(&self.is_blinded)?;
        fields.serialize_element(&self.unblinded_early)?;
        let texts = [
            &self.study_instance_uid,
            &self.patient_name,
            &self.age_sex,
            &self.patient_id,
            &self.study_date,
            &self.modality,
            &self.description,
            &self.accession,
            &self.first_reader,
        ];
        for text in texts {
            fields.serialize_element(text)?;
        }
        fields.serialize_element(&self.reader)?;
        fields.serialize_element(&self.outcome)?;
        fields.serialize_element(&self.significance)?;
        fields.serialize_element(&self.reports)?;
        fields.serialize_element(&self.closed_priors)?;
        fields.serialize_element(&self.third)?;
        fields.serialize_element(&self.barred)?;
        fields.end()
    }
}

impl CaseRow {
    pub(crate) fn of(case: &Case) -> Self {
        let study = case.study();
        let text =
            |get: fn(&case::StudyRef) -> &String| study.map(get).cloned().unwrap_or_default();
        let closed_priors = match case.discloses(Disclosure::Priors) {
            true => Vec::new(),
            false => {
                let priors = case.priors().iter();
                priors
                    .map(|prior| prior.study_instance_uid.clone())
                    .collect()
            }
        };
        let third = case.third_read().filter(|third| third.seal.is_none());
        Self {
            form: FORM,
            id: case.id().clone(),
            stage: case.stage(),
            is_blinded: case.is_blinded(),
            unblinded_early: matches!(case.blinding(), Blinding::RevealedEarly { .. }),
            study_instance_uid: text(|s| &s.study_instance_uid),
            patient_name: shown_name(&text(|s| &s.patient_name)),
            age_sex: study
                .map(|s| {
                    age_sex(
                        &s.patient_age,
                        &s.patient_birth_date,
                        &s.study_date,
                        &s.patient_sex,
                    )
                })
                .unwrap_or_default(),
            patient_id: text(|s| &s.patient_id),
            study_date: iso_date(&text(|s| &s.study_date)),
            modality: study.map(|s| s.modalities.join(", ")).unwrap_or_default(),
            description: text(|s| &s.description),
            accession: text(|s| &s.accession_number),
            first_reader: case
                .comparison()
                .map(|c| shown_name(&c.first_author))
                .unwrap_or_default(),
            reader: case.reader().cloned(),
            outcome: case.comparison().and_then(|_| case.outcome()),
            significance: gravest(case),
            reports: case.reports().iter().map(|r| r.sha256.clone()).collect(),
            closed_priors,
            third: third.map(|third| ThirdOpen {
                reader: third.reader.clone(),
                knows: [case.reader(), case.created_by()]
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect(),
            }),
            barred: case
                .first_reader()
                .filter(|first| case.onlooker(first) == Onlooker::FirstReader)
                .cloned(),
        }
    }

    /// The row of the worklist that an actor sees.
    pub(crate) fn listed_for(mut self, actor: &Actor) -> WorklistRow {
        if self.is_anonymous_for(actor) || self.barred.as_ref() == Some(actor) {
            // Who must see two reads without names sees neither whose they are nor how far they differ; nor does whoever
            // made the first.
            self.reader = None;
            self.first_reader.clear();
            self.outcome = None;
            self.significance = None;
        }
        let is_over = matches!(
            self.stage,
            Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic
        );
        WorklistRow {
            needs_you: !is_over && self.reader.as_ref() == Some(actor),
            id: self.id,
            study_instance_uid: self.study_instance_uid,
            stage: self.stage,
            unblinded_early: self.unblinded_early,
            patient_name: self.patient_name,
            age_sex: self.age_sex,
            patient_id: self.patient_id,
            study_date: self.study_date,
            modality: self.modality,
            description: self.description,
            accession: self.accession,
            first_reader: self.first_reader,
            second_reader: self
                .reader
                .map(|reader| reader.to_string())
                .unwrap_or_default(),
            outcome: self.outcome,
            significance: self.significance,
        }
    }

    /// Did it end without a read?
    fn ended(&self) -> bool {
        matches!(self.stage, Stage::Withdrawn | Stage::NonDiagnostic)
    }

    /// As [`Case::is_anonymous_for`].
    fn is_anonymous_for(&self, actor: &Actor) -> bool {
        self.third.as_ref().is_some_and(|third| {
            third.reader.as_ref() == Some(actor) || !third.knows.contains(actor)
        })
    }

    fn may_be_read_by(&self, actor: &Actor) -> bool {
        self.reader.as_ref().is_none_or(|reader| reader == actor)
    }

    /// Digests of first reports that an actor must not open by a side door; none where nothing is closed.
    pub(crate) fn closed_reports(&self, actor: &Actor) -> &[Sha256] {
        let anonymous = self.is_anonymous_for(actor);
        let blinded = self.is_blinded && self.may_be_read_by(actor);
        match (blinded || anonymous) && !self.ended() {
            true => &self.reports,
            false => &[],
        }
    }

    /// Priors that an actor must not open by a side door.
    pub(crate) fn closed_priors(&self, actor: &Actor) -> &[String] {
        match self.may_be_read_by(actor) && !self.ended() {
            true => &self.closed_priors,
            false => &[],
        }
    }
}

/// Every case of a store, in order of creation, and what is wrong with those whose log is broken.
///
/// # Errors
/// When the store cannot be read. That what was made anew could not be kept is none: the next list makes it again.
pub(crate) fn case_rows(
    store: &mut dyn Store,
) -> Result<(Vec<CaseRow>, Vec<StoreError>), SessionError> {
    let listed = store.listing()?;
    let kept: Vec<Option<CaseRow>> = listed.par_iter().map(known).collect();
    let (mut rows, mut broken, mut fresh) =
        (Vec::with_capacity(listed.len()), Vec::new(), Vec::new());
    for (ListedCase { case: id, .. }, kept) in listed.iter().zip(kept) {
        if let Some(row) = kept {
            rows.push(row);
            continue;
        }
        match store.load(id) {
            Ok(case) => {
                let row = CaseRow::of(&case);
                if let Ok(body) = serde_json::to_vec(&row) {
                    fresh.push(KeptCase {
                        case: id.clone(),
                        head: case.log_head().clone(),
                        body,
                    });
                }
                rows.push(row);
            }
            Err(error) => broken.push(error),
        }
    }
    let _ = store.keep_listing(&fresh);
    Ok((rows, broken))
}

/// What is kept of a case, when it is of this form and about this case.
fn known(listed: &ListedCase) -> Option<CaseRow> {
    let row: CaseRow = serde_json::from_slice(listed.kept.as_deref()?).ok()?;
    (row.form == FORM && row.id == listed.case).then_some(row)
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
        let list = |store: &mut SqliteStore| {
            let (rows, broken) = case_rows(store).unwrap();
            assert!(broken.is_empty());
            rows
        };
        let kept = |store: &SqliteStore| -> Vec<bool> {
            let listing = store.listing().unwrap();
            listing
                .iter()
                .map(|listed| known(listed).is_some())
                .collect()
        };
        assert_eq!(kept(&store), [false, false]);
        let first = list(&mut store);
        assert_eq!(first, [CaseRow::of(&case), CaseRow::of(&other)]);
        assert_eq!(kept(&store), [true, true]);
        assert_eq!(list(&mut store), first, "from what is kept");
        let reason = "later".into();
        perform(&mut store, &mut case, Command::Hold { reason });
        assert_eq!(kept(&store), [false, true]);
        assert_eq!(list(&mut store)[0].stage, Stage::OnHold);
        for row in list(&mut store) {
            let text = serde_json::to_string(&row).unwrap();
            assert_eq!(serde_json::from_str::<CaseRow>(&text).unwrap(), row);
        }
        // A row of another form, of another case, or no row at all.
        let row = serde_json::to_string(&CaseRow::of(&case)).unwrap();
        for body in [
            row.replacen("[2,", "[9,", 1),
            row.replace("OR-1", "OR-22"),
            "nonsense".into(),
        ] {
            let wrong = KeptCase {
                case: case.id().clone(),
                head: case.log_head().clone(),
                body: body.into_bytes(),
            };
            store.keep_listing(&[wrong]).unwrap();
            assert_eq!(kept(&store), [false, true]);
            assert_eq!(list(&mut store)[0], CaseRow::of(&case));
        }
    }
}
