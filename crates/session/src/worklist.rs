//! Rows of the worklist and the preview beside it.

use std::sync::Arc;

use case::{Case, CaseId, Class, Entry, Event, Significance};

use crate::case_list::{CaseTable, Packed, Tabled};
use crate::case_rows::{case_table, packed};
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
        self.changed_rows.clear();
        self.list.is_stale = true;
        if self.roster.allow_look(&self.actor).is_err() {
            // Whoever has no role that sees cases has an empty list.
            self.worklist = Some(Arc::default());
            return Ok(());
        }
        let (mut table, broken) = case_table(self.store.as_mut(), &self.actor)?;
        for error in broken {
            let text = error.to_string();
            self.notify(NoticeKind::Warning, "case_damaged", &text, "");
        }
        table.put_in_order();
        self.worklist = Some(Arc::new(table));
        Ok(())
    }

    /// The worklist, read when it is first asked for: most commands need one case alone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn worklist(&mut self) -> Result<Arc<CaseTable>, SessionError> {
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
        let (id, bytes) = (case.id().clone(), packed(case));
        if let Some(row) = self.as_listed(&bytes) {
            self.open_rows.insert(id.clone(), Arc::new(row));
        }
        self.changed_rows.insert(id, bytes);
    }

    /// A packed row as the actor sees it.
    fn as_listed(&self, bytes: &[u8]) -> Option<WorklistRow> {
        Some(Tabled::new(Packed::of(bytes)?, &self.actor).shown())
    }

    /// Reads the worklist for the screen when there is none yet, and puts it right where somebody looks at it.
    pub(crate) fn keep_worklist(&mut self) {
        let is_long = self
            .worklist
            .as_ref()
            .is_some_and(|table| LONG_LIST < table.len());
        if is_long && self.screen != Screen::Worklist {
            return;
        }
        if let Err(error) = self.worklist() {
            // An empty list stands for it; the sentence says why.
            self.worklist = Some(Arc::default());
            self.list.is_stale = true;
            self.notify(NoticeKind::Warning, error.code(), &error.to_string(), "");
        }
        self.keep_listed();
    }

    /// Puts the rows right that changed since the list was made.
    fn settle_worklist(&mut self) {
        if self.changed_rows.is_empty() {
            return;
        }
        let Some(mut table) = self.worklist.take() else {
            return;
        };
        let rows = Arc::make_mut(&mut table);
        for row in std::mem::take(&mut self.changed_rows).into_values() {
            rows.put(row);
        }
        self.list.is_stale = true;
        self.worklist = Some(table);
    }

    pub(crate) fn select_case(&mut self, id: Option<CaseId>) -> Result<(), SessionError> {
        self.preview = match id {
            Some(id) => {
                self.roster.allow_look(&self.actor)?;
                let entries = self.store.entries(&id)?;
                let case = Case::replay(id, &entries).map_err(store::StoreError::from)?;
                self.preview_of(&case, &entries).map(Arc::new)
            }
            None => None,
        };
        Ok(())
    }

    fn preview_of(&self, case: &Case, entries: &[Entry]) -> Option<CasePreview> {
        let row = self.as_listed(&packed(case))?;
        let study = case.study();
        let n_images = study.map_or(0, |s| s.n_images);
        let seen: usize = case
            .as_seen_by(&self.actor)
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
        Some(CasePreview {
            row,
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
        })
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
