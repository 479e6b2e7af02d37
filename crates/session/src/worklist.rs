//! Rows of the worklist and the preview beside it.

use std::sync::Arc;

use rayon::prelude::*;

use case::{Case, CaseId, Class, Entry, Event, Significance, Stage};

use crate::case_rows::{CaseRow, case_rows};
use crate::snap::{clock_time, day};
use crate::{CasePreview, NoticeKind, Screen, Session, SessionError, WorklistRow};

/// A list of more cases than this is put right only while it is on the screen.
const LONG_LIST: usize = 2_000;

impl Session {
    /// Reads the worklist from the store anew.
    ///
    /// # Errors
    /// When the store cannot be read. A case whose own log is broken is left out and said so.
    pub(crate) fn refresh_worklist(&mut self) -> Result<(), SessionError> {
        if self.roster.allow_look(&self.actor).is_err() {
            // Whoever has no role that sees cases has an empty list.
            self.worklist = Some(Arc::default());
            return Ok(());
        }
        let (rows, broken) = case_rows(self.store.as_mut())?;
        for error in broken {
            let text = error.to_string();
            self.notify(NoticeKind::Warning, "case_damaged", &text, "");
        }
        let actor = self.actor.clone();
        let mut rows: Vec<_> = rows
            .into_par_iter()
            .map(|row| Arc::new(row.listed_for(&actor)))
            .collect();
        rows.par_sort_unstable_by(|a, b| order(a).cmp(&order(b)));
        self.worklist = Some(Arc::new(rows));
        self.changed_rows.clear();
        Ok(())
    }

    /// The worklist, read when it is first asked for: most commands need one case alone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn worklist(&mut self) -> Result<Arc<Vec<Arc<WorklistRow>>>, SessionError> {
        if self.worklist.is_none() {
            self.refresh_worklist()?;
        }
        self.settle_worklist();
        Ok(self.worklist.clone().unwrap_or_default())
    }

    /// The log of a case in the store.
    pub(crate) fn stored_entries(&self, id: &CaseId) -> Result<Vec<Entry>, SessionError> {
        self.roster.allow_look(&self.actor)?;
        Ok(self.store.entries(id)?)
    }

    /// Takes note of a change of the open case. The list itself follows when somebody looks at it: no step of a read waits
    /// for a list of any length.
    pub(crate) fn refresh_row(&mut self) {
        let Some(case) = self.whole_case() else {
            return;
        };
        let row = Arc::new(CaseRow::of(case).listed_for(&self.actor));
        self.open_rows.insert(row.id.clone(), Arc::clone(&row));
        self.changed_rows.insert(row.id.clone(), row);
    }

    /// Reads the worklist for the screen when there is none yet, and puts it right where somebody looks at it.
    pub(crate) fn keep_worklist(&mut self) {
        let is_long = self
            .worklist
            .as_ref()
            .is_some_and(|rows| LONG_LIST < rows.len());
        if is_long && self.screen != Screen::Worklist {
            return;
        }
        if let Err(error) = self.worklist() {
            // An empty list stands for it; the sentence says why.
            self.worklist = Some(Arc::default());
            self.notify(NoticeKind::Warning, error.code(), &error.to_string(), "");
        }
    }

    /// Puts the rows right that changed since the list was made.
    fn settle_worklist(&mut self) {
        if self.changed_rows.is_empty() {
            return;
        }
        let Some(mut rows) = self.worklist.take() else {
            return;
        };
        let changed = std::mem::take(&mut self.changed_rows);
        let all = Arc::make_mut(&mut rows);
        all.retain(|row| !changed.contains_key(&row.id));
        for row in changed.into_values() {
            let place = all.partition_point(|other| order(other) < order(&row));
            all.insert(place, row);
        }
        self.worklist = Some(rows);
    }

    pub(crate) fn select_case(&mut self, id: Option<CaseId>) -> Result<(), SessionError> {
        self.preview = match id {
            Some(id) => {
                self.roster.allow_look(&self.actor)?;
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
            row: CaseRow::of(case).listed_for(&self.actor),
            question: Self::open_question(case).to_owned(),
            completeness: case.shown_completeness().cloned().collect(),
            n_images,
            viewed_percent: u8::try_from((seen * 100).checked_div(n_images).unwrap_or(0).min(100))
                .unwrap_or(100),
            n_priors: match case.discloses(case::Disclosure::Priors) {
                true => case.priors().len(),
                false => 0,
            },
            report_attached: case.current_report().is_some(),
            history: entries.iter().filter_map(history_line).collect(),
        }
    }
}

/// The gravest significance of the discrepancies of a case; `None` while it is open.
pub(crate) fn gravest(case: &Case) -> Option<Significance> {
    let comparison = case.comparison()?;
    let verdicts = comparison.pairs.iter().filter_map(|p| p.verdict.as_ref());
    let differs = |v: &&case::Verdict| v.classes.iter().any(|c| *c != Class::Agree);
    let worst = verdicts
        .clone()
        .filter(differs)
        .filter_map(|v| v.significance)
        .max();
    worst.or_else(|| {
        // A comparison without any discrepancy has none; one that is not graded yet stays open.
        let agrees = case.n_pending_verdicts() == 0 && verdicts.filter(differs).count() == 0;
        agrees.then_some(Significance::None)
    })
}

/// Those that wait for the actor first, then open ones, then closed ones; the newest study first in each group.
fn order(row: &WorklistRow) -> (u8, std::cmp::Reverse<&str>, &CaseId) {
    let group = match (row.needs_you, row.stage) {
        (_, Stage::Closed | Stage::Withdrawn | Stage::NonDiagnostic) => 2,
        (true, _) => 0,
        (false, _) => 1,
    };
    (group, std::cmp::Reverse(&row.study_date), &row.id)
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
        Event::Revealed { .. } => "First report revealed".into(),
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
