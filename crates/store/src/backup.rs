use std::{fs, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, backup::Backup};

use crate::{
    CheckReport, SqliteStore, Store, StoreError,
    folder::{self, DATABASE, KEY_FILE},
};

/// All pages in one round: the copy is of one moment, and in WAL mode a reader holds up no writer.
const PAGES_A_ROUND: i32 = i32::MAX;

/// Name of the copy while it is not known to be good.
const DRAFT: &str = "overread.db.copying";

impl SqliteStore {
    /// Copies the whole store, key included, into a new folder while it is in use, then opens the copy and checks every
    /// hash in it. Only a copy that passes gets its name. Keep it as safe as the store: its key opens its reports.
    ///
    /// # Errors
    /// [`StoreError::BackupExists`], [`StoreError::BackupDiffers`], what the disk says.
    pub fn backup(&self, to: &Path) -> Result<CheckReport, StoreError> {
        let unusable = |error: std::io::Error| folder::unusable(to, &error);
        if to.join(DATABASE).exists() || to.join(KEY_FILE).exists() {
            return Err(StoreError::BackupExists {
                folder: to.to_owned(),
            });
        }
        let database = folder::prepare(to)?;
        fs::rename(&database, to.join(DRAFT)).map_err(unusable)?;
        self.copy_to(&to.join(DRAFT))?;
        fs::OpenOptions::new()
            .write(true)
            .open(to.join(DRAFT))
            .and_then(|file| file.sync_all())
            .map_err(unusable)?;
        folder::write_once(to, KEY_FILE, self.key().bytes()).map_err(unusable)?;
        fs::rename(to.join(DRAFT), &database).map_err(unusable)?;
        folder::sync_folder(to).map_err(unusable)?;
        let kept = Self::open(to).and_then(|copy| self.compare(&copy));
        if kept.is_err() {
            // Named back, so that nobody takes it for a good one.
            fs::rename(&database, to.join(DRAFT)).map_err(unusable)?;
        }
        kept
    }

    fn copy_to(&self, draft: &Path) -> Result<(), StoreError> {
        let mut copy = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let backup = Backup::new(self.connection(), &mut copy)?;
        backup.run_to_completion(PAGES_A_ROUND, Duration::ZERO, None)?;
        drop(backup);
        copy.close().map_err(|(_, error)| error.into())
    }

    /// The copy may lack what was written after it began, never anything else.
    fn compare(&self, copy: &Self) -> Result<CheckReport, StoreError> {
        let differs = |what: String| StoreError::BackupDiffers { what };
        let report = copy.check()?;
        if let Some(problem) = report.problems.first() {
            return Err(differs(problem.clone()));
        }
        for id in copy.case_ids()? {
            let copied = copy.entries(&id)?;
            let here = self.entries(&id)?;
            if !here.starts_with(&copied) {
                return Err(differs(format!("the log of case {id} is another one")));
            }
        }
        Ok(report)
    }
}
