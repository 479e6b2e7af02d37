//! Cases that others learn from: lists over the whole store, without what leads to a person.

use std::path::Path;

use case::{CaseId, LearningList, Sha256};
use exchange::KeyPicture;
use serde_json::Value;

use crate::case_list::{field, mark};
use crate::case_rows::case_table;
use crate::exporting::write_whole;
use crate::{ExportedFile, Session, SessionError};

impl Session {
    /// Writes the cases that are on a list as one JSON file and their key pictures as PNG files into a folder, and records
    /// that in each case. Pictures with a warning of burned-in text stay away. A case whose reads are not open to learn
    /// from, or whose third read is open, is counted and left out.
    ///
    /// # Errors
    /// When the roster gives the actor no leave, or a file cannot be written.
    pub fn write_learning_list(
        &mut self,
        list: LearningList,
        dir: &Path,
    ) -> Result<Vec<ExportedFile>, SessionError> {
        let format = match list {
            LearningList::Conference => "conference",
            LearningList::Teaching => "teaching",
        };
        let formats = [format.to_owned()];
        let mut cases: Vec<Value> = Vec::new();
        let mut told = Vec::new();
        let mut files = Vec::new();
        let mut n_left_out = 0;
        for id in self.flagged(list)? {
            let case = self.store.load(&id)?;
            self.open_record(&id)?;
            self.allow_leaving(&formats)?;
            let pictures = match self.check_not_anonymous() {
                Ok(()) => self.pictures_without_text(),
                Err(_) => Vec::new(),
            };
            let name = exchange::learning_name(&case).unwrap_or_default();
            let named: Vec<(String, &KeyPicture)> = pictures
                .iter()
                .enumerate()
                .map(|(idx, picture)| (format!("{name}-{}.png", idx + 1), picture))
                .collect();
            let is_open = self.check_may_leave(&formats).is_ok();
            let Some(value) = is_open
                .then(|| exchange::learning_case(&case, list, &named).ok())
                .flatten()
            else {
                n_left_out += 1;
                continue;
            };
            for (file, picture) in &named {
                files.push((file.clone(), picture.png.clone()));
            }
            cases.push(value);
            told.push(id);
        }
        let list = exchange::learning_list(list, cases, n_left_out);
        let bytes = serde_json::to_vec_pretty(&list).unwrap_or_default();
        files.insert(0, (format!("{format}.json"), bytes));
        self.keep_list(dir, format, &told, files)
    }

    /// Cases that are on a list, in order of creation, from what is kept about each beside its log.
    fn flagged(&mut self, list: LearningList) -> Result<Vec<CaseId>, SessionError> {
        let (table, broken) = case_table(self.store.as_mut(), &self.actor)?;
        // Whether a broken log puts its case on the list is not known.
        if let Some(error) = broken.into_iter().next() {
            return Err(error.into());
        }
        let which = match list {
            LearningList::Conference => mark::CONFERENCE,
            LearningList::Teaching => mark::TEACHING,
        };
        let rows = (0..table.len()).filter_map(|idx| table.packed(idx));
        let flagged = rows.filter(|row| row.has(which));
        Ok(flagged
            .map(|row| CaseId::new(row.text(field::ID)))
            .collect())
    }

    fn keep_list(
        &mut self,
        dir: &Path,
        format: &str,
        told: &[case::CaseId],
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<Vec<ExportedFile>, SessionError> {
        std::fs::create_dir_all(dir).map_err(|e| SessionError::Write {
            reason: e.kind().to_string(),
            path: dir.to_path_buf(),
        })?;
        let mut written = Vec::new();
        for (name, bytes) in files {
            let path = dir.join(name);
            write_whole(&path, &bytes)?;
            written.push(ExportedFile {
                format: format.to_owned(),
                sha256: Sha256::of(&bytes).to_string(),
                path,
            });
        }
        let digest = written.first().map(|file| Sha256::new(file.sha256.clone()));
        for id in told {
            self.open_record(id)?;
            self.record(case::Command::RecordExport {
                format: format.to_owned(),
                sha256: digest.clone().unwrap_or_else(Sha256::zero),
            })?;
        }
        Ok(written)
    }
}
