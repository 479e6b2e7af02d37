//! What of the worklist is shown: asked for as a view, answered in the background where there are many cases.

use std::sync::Arc;

use crate::case_list::{CaseTable, Listed, SavedViews, listed};
use crate::results::JobResult;
use crate::{JobId, ListCommand, ListView, NoticeKind, SavedView, Session, SessionError};

/// Up to so many cases are listed at once; more in the background.
const AT_ONCE: usize = 2_000;
/// Title of the job.
const TITLE_KEY: &str = "job.list";

/// A list and the cases that its places mean.
#[derive(Clone, Debug, Default)]
pub struct ListedCases {
    /// The cases.
    pub table: Arc<CaseTable>,
    /// What is listed of them.
    pub listed: Arc<Listed>,
}

impl ListedCases {
    /// The row at a place of the list.
    pub fn row(&self, at: usize) -> Option<crate::WorklistRow> {
        let row_idx = self.listed.rows.get(at)?;
        self.table.row(*row_idx as usize)
    }

    /// The place of a case in the list; `None` when it is not listed.
    pub fn position(&self, id: &case::CaseId) -> Option<usize> {
        let row_idx = u32::try_from(self.table.position(id)?).ok()?;
        self.listed.rows.iter().position(|other| *other == row_idx)
    }
}

/// The list on the screen.
#[derive(Default)]
pub(crate) struct ListOnScreen {
    /// What is asked for.
    pub(crate) view: ListView,
    /// The newest answer.
    pub(crate) answer: Arc<ListedCases>,
    /// Is the answer to something else than what is asked now, or of cases as they were?
    pub(crate) is_stale: bool,
    /// What is being asked in the background.
    asked: Option<JobId>,
    pub(crate) saved: SavedViews,
}

impl Session {
    pub(crate) fn apply_list(&mut self, command: ListCommand) -> Result<(), SessionError> {
        let mut saved = self.list.saved.clone();
        match command {
            ListCommand::Show(view) => {
                self.show_view(*view);
                return Ok(());
            }
            ListCommand::Use(name) => {
                let view = saved.named(&name)?.clone();
                self.show_view(view);
                return Ok(());
            }
            ListCommand::Save(name) => saved.save(&name, self.list.view.clone())?,
            ListCommand::Rename { from, to } => saved.rename(&from, &to)?,
            ListCommand::Delete(name) => saved.delete(&name)?,
            ListCommand::StartWith(name) => saved.start_with(name)?,
        }
        saved.write(&self.own_folder, &self.actor)?;
        self.list.saved = saved;
        Ok(())
    }

    fn show_view(&mut self, view: ListView) {
        if self.list.view != view {
            self.list.view = view;
            self.list.is_stale = true;
        }
    }

    /// Reads the views that the actor saved, and begins with the one that they chose.
    pub(crate) fn read_saved_views(&mut self) {
        let (saved, damaged) = SavedViews::read(&self.own_folder, &self.actor);
        if let Some(text) = damaged {
            self.notify(NoticeKind::Warning, "views_damaged", &text, "");
        }
        let start = saved.start().and_then(|name| saved.named(name).ok());
        let view = start.cloned().unwrap_or_default();
        self.list.saved = saved;
        self.show_view(view);
    }

    /// Sees to it that what is asked for is listed. Where there are many cases the list before stays until then, but for
    /// the first.
    pub(crate) fn keep_listed(&mut self) {
        let Some(table) = self.worklist.clone().filter(|_| self.list.is_stale) else {
            return;
        };
        let (view, today) = (self.list.view.clone(), self.today());
        let is_first = self.list.answer.table.is_empty();
        if is_first || table.len() <= AT_ONCE {
            let listed = Arc::new(listed(&table, &view, &today));
            self.list.answer = Arc::new(ListedCases { table, listed });
            self.list.is_stale = false;
            return;
        }
        if self.list.asked.is_some() {
            // What is asked by then is asked when that is done.
            return;
        }
        self.list.is_stale = false;
        let job = self.jobs.spawn(TITLE_KEY, false, move |_, _| {
            let listed = Arc::new(listed(&table, &view, &today));
            JobResult::Listed(Arc::new(ListedCases { table, listed }))
        });
        self.list.asked = Some(job);
    }

    pub(crate) fn take_listed(&mut self, job: JobId, answer: Arc<ListedCases>) {
        if self.list.asked == Some(job) {
            self.list.asked = None;
        }
        let is_of_now = |table: &Arc<CaseTable>| Arc::ptr_eq(table, &answer.table);
        // A list of somebody else's cases, or of cases that were read anew meanwhile, is made again.
        match self.worklist.as_ref().is_some_and(is_of_now) {
            true => self.list.answer = answer,
            false => self.list.is_stale = true,
        }
    }

    /// A job that ended without an answer: the list is made again when it is next looked at.
    pub(crate) fn give_up_listing(&mut self, job: JobId) {
        if self.list.asked == Some(job) {
            self.list.asked = None;
            self.list.is_stale = true;
        }
    }

    /// Lists cases at once, for callers without a window.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn list_now(&mut self, view: &ListView) -> Result<ListedCases, SessionError> {
        let table = self.worklist()?;
        let listed = Arc::new(listed(&table, view, &self.today()));
        Ok(ListedCases { table, listed })
    }

    /// The views that the actor saved, and the name of the one that the list begins with.
    pub fn saved_views(&self) -> (&[SavedView], Option<&str>) {
        (self.list.saved.all(), self.list.saved.start())
    }

    /// The day by the clock of the session, `YYYY-MM-DD`.
    fn today(&self) -> String {
        let now = (self.clock)();
        now.as_str().get(..10).unwrap_or_default().to_owned()
    }

    /// Nothing of a list is shown to another actor.
    pub(crate) fn forget_list(&mut self) {
        self.list = ListOnScreen::default();
    }
}
