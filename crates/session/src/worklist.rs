//! Rows of the worklist and the preview beside it.

use std::sync::Arc;

use case::{Blinding, Case, CaseId, Class, Entry, Event, Significance, Stage};

use crate::people::{age_sex, iso_date, shown_name};
use crate::snap::{clock_time, day};
use crate::{CasePreview, Session, SessionError, WorklistRow};

impl Session {
    /// Reads the worklist from the store anew.
    ///
    /// # Errors
    /// When the store cannot be read. A case whose own log is broken is left out and said so.
    pub(crate) fn refresh_worklist(&mut self) -> Result<(), SessionError> {
        let mut rows = Vec::new();
        for id in self.store.case_ids()? {
            match self.store.load(&id) {
                Ok(case) => rows.push(self.row(&case)),
                Err(error) => self.notify(
                    crate::NoticeKind::Warning,
                    "case_damaged",
                    &error.to_string(),
                    "",
                ),
            }
        }
        sort(&mut rows);
        self.worklist = Arc::new(rows);
        Ok(())
    }

    /// The log of a case in the store.
    pub(crate) fn stored_entries(&self, id: &CaseId) -> Result<Vec<Entry>, SessionError> {
        Ok(self.store.entries(id)?)
    }

    /// Puts the open case's row right after a change.
    pub(crate) fn refresh_row(&mut self) {
        let Some(row) = self.case().map(|c| self.row(c)) else {
            return;
        };
        let mut rows = self.worklist.as_ref().clone();
        rows.retain(|r| r.id != row.id);
        rows.push(row);
        sort(&mut rows);
        self.worklist = Arc::new(rows);
    }

    pub(crate) fn select_case(&mut self, id: Option<CaseId>) -> Result<(), SessionError> {
        self.preview = match id {
            Some(id) => {
                let entries = self.store.entries(&id)?;
                let case = Case::replay(id, &entries).map_err(store::StoreError::from)?;
                Some(Arc::new(self.preview_of(&case, &entries)))
            }
            None => None,
        };
        Ok(())
    }

    fn preview_of(&self, case: &Case, entries: &[Entry]) -> CasePreview {
        let study = case.study();
        let n_images = study.map_or(0, |s| s.n_images);
        let seen: usize = case
            .read()
            .coverage
            .series
            .values()
            .map(|lanes| {
                let n = lanes.values().map(Vec::len).max().unwrap_or(0);
                (0..n)
                    .filter(|k| lanes.values().any(|l| l.get(*k) == Some(&true)))
                    .count()
            })
            .sum();
        CasePreview {
            row: self.row(case),
            question: Self::open_question(case).to_owned(),
            completeness: case.completeness().to_vec(),
            n_images,
            viewed_percent: u8::try_from((seen * 100).checked_div(n_images).unwrap_or(0).min(100))
                .unwrap_or(100),
            n_priors: case.priors().len(),
            report_attached: case.current_report().is_some(),
            history: entries.iter().filter_map(history_line).collect(),
        }
    }

    fn row(&self, case: &Case) -> WorklistRow {
        let study = case.study();
        let text =
            |get: fn(&case::StudyRef) -> &String| study.map(get).cloned().unwrap_or_default();
        let verdicts = case
            .comparison()
            .into_iter()
            .flat_map(|c| c.pairs.iter())
            .filter_map(|p| p.verdict.as_ref());
        let differs = |v: &&case::Verdict| v.classes.iter().any(|c| *c != Class::Agree);
        let stage = case.stage();
        let ended = matches!(
            stage,
            Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic
        );
        let mine = case.reader().is_none_or(|r| *r == self.actor);
        WorklistRow {
            id: case.id().clone(),
            study_instance_uid: text(|s| &s.study_instance_uid),
            stage,
            unblinded_early: matches!(case.blinding(), Blinding::RevealedEarly { .. }),
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
            second_reader: case.reader().map(ToString::to_string).unwrap_or_default(),
            outcome: case.comparison().and_then(|_| case.outcome()),
            significance: verdicts
                .clone()
                .filter(differs)
                .filter_map(|v| v.significance)
                .max()
                .or_else(|| {
                    // A comparison without any discrepancy has none; one that is not graded yet stays open.
                    let decided = case.comparison().is_some() && case.n_pending_verdicts() == 0;
                    (decided && verdicts.filter(differs).count() == 0).then_some(Significance::None)
                }),
            needs_you: mine && !ended && case.reader().is_some(),
        }
    }
}

/// Those that wait for the actor first, then open ones, then closed ones; the newest study first in each group.
fn sort(rows: &mut [WorklistRow]) {
    let group = |r: &WorklistRow| match (r.needs_you, r.stage) {
        (_, Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic) => 2,
        (true, _) => 0,
        (false, _) => 1,
    };
    rows.sort_by(|a, b| {
        group(a)
            .cmp(&group(b))
            .then_with(|| b.study_date.cmp(&a.study_date))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// What happened, for the history; steps within a read are left out.
fn history_line(entry: &Entry) -> Option<(String, String)> {
    let text = match &entry.event {
        Event::CaseCreated { study, .. } => format!("Study opened, {} images", study.n_images),
        Event::ReportAttached { version: 1, .. } => "First report attached, sealed".into(),
        Event::ReportAttached { version, .. } => {
            format!("Version {version} of the first report attached")
        }
        Event::ReportWithdrawn { version, .. } => {
            format!("Version {version} of the first report withdrawn")
        }
        Event::ReadStarted {} => "Read started".into(),
        Event::ReadPaused { .. } => "Read paused".into(),
        Event::ReadResumed {} => "Read taken up again".into(),
        Event::ReadSealed { .. } => "Second read sealed".into(),
        Event::Revealed {} => "First report revealed".into(),
        Event::RevealedEarly { .. } => "First report revealed before the seal".into(),
        Event::ComparisonSigned { .. } => "Comparison signed".into(),
        Event::ComparisonReopened { .. } => "Comparison opened again".into(),
        Event::CaseClosed {} => "Case closed".into(),
        Event::PutOnHold { .. } => "Put on hold".into(),
        Event::TakenOffHold {} => "Taken off hold".into(),
        Event::Ended { .. } => "Case ended".into(),
        Event::Exported { format, .. } => format!("Exported as {format}"),
        _ => return None,
    };
    Some((
        format!("{} {}", day(&entry.at), clock_time(&entry.at)),
        text,
    ))
}
