//! Opening studies and cases: headers, voxels, and what the background brings back.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use case::{Case, CaseId};
use series::{Password, ScanOptions, ScanProgress, Severity, Study};

use crate::arrivals::{FolderNews, Opened};
use crate::coverage::CoverageTracker;
use crate::file_access::{LockedArchive, WaitsForPassword};
use crate::intake::digests;
use crate::jobs::JobHandle;
use crate::library::Library;
use crate::open_case::OpenCase;
use crate::results::JobResult;
use crate::room::Room;
use crate::{JobId, NoticeKind, PicturesBy, Screen, Session, SessionError, ViewIdx};

impl Session {
    /// Starts to read what lies under the paths. The pictures come as soon as the headers are known.
    pub(crate) fn open_paths(
        &mut self,
        paths: Vec<PathBuf>,
        for_case: Option<CaseId>,
    ) -> Result<(), SessionError> {
        if paths.is_empty() {
            return Err(SessionError::Usage(
                "no folder or file was named; choose one".into(),
            ));
        }
        self.put_coverage_on_record()?;
        self.read_own_files();
        self.jobs.cancel_all();
        self.named_at = Some(Instant::now());
        self.scan_began = SystemTime::now();
        self.watch.stop();
        self.tell_folder_news(&FolderNews::default());
        self.waits_for_password = None;
        let options = self.access.scan_options();
        self.jobs.spawn("job.scan", true, move |job, _| {
            scan(job, paths, for_case, &options)
        });
        Ok(())
    }

    /// Leaves the processors to a window until it has drawn its first picture, but not longer than `limit`: until then only
    /// what is looked at is decoded.
    pub fn hold_back_for_screen(&mut self, limit: Duration) {
        self.holds_back_until = Some(Instant::now() + limit);
        if let Some(agenda) = &self.library.agenda {
            agenda.hold_back_until(self.holds_back_until);
        }
    }

    /// The window has drawn its first picture: everything may be decoded.
    pub fn screen_is_drawn(&mut self) {
        self.holds_back_until = None;
        if let Some(agenda) = &self.library.agenda {
            agenda.hold_back_until(None);
        }
    }

    /// Is something being opened of which there is no picture yet, and may there soon be one?
    pub fn awaits_first_picture(&self) -> bool {
        let is_drawn = |idx| self.pictures.picture(idx).is_some();
        let has_picture = match self.pictures_by {
            PicturesBy::Session => (0..self.room.views.len()).map(ViewIdx).any(is_drawn),
            PicturesBy::Window => !self.waits_for_first_image,
        };
        !self.is_idle() && !has_picture && self.waits_for_password.is_none()
    }

    /// Opens a case of the worklist: its record at once, its images in the background.
    pub(crate) fn open_case(&mut self, id: &CaseId) -> Result<(), SessionError> {
        self.open_record(id)?;
        let case = self
            .case()
            .ok_or_else(|| SessionError::Usage("the case has no record".into()))?;
        let paths: BTreeSet<PathBuf> = case
            .study()
            .into_iter()
            .chain(case.priors())
            .flat_map(|s| s.paths.iter().map(PathBuf::from))
            .collect();
        let comparing = case.comparison().is_some() && case.stage() == case::Stage::Comparing;
        let case_uid = case.study().map(|s| s.study_instance_uid.clone());
        self.screen = if comparing {
            Screen::Compare
        } else {
            Screen::Reading
        };
        if self
            .library
            .study
            .as_ref()
            .map(|s| s.study_instance_uid.clone())
            == case_uid
        {
            return Ok(());
        }
        self.watch.stop();
        self.tell_folder_news(&FolderNews::default());
        self.library = Library::default();
        self.room = Room::new();
        if paths.is_empty() {
            return Ok(());
        }
        self.open_paths(paths.into_iter().collect(), Some(id.clone()))
    }

    /// Opens the record of a case without its images.
    pub(crate) fn open_record(&mut self, id: &CaseId) -> Result<(), SessionError> {
        self.put_coverage_on_record()?;
        self.roster.allow_look(&self.actor)?;
        let entries = self.store.entries(id)?;
        if entries.is_empty() {
            return Err(SessionError::Usage(format!(
                "there is no case {id} in this store; `overread case list` names them"
            )));
        }
        let case = Case::replay(id.clone(), &entries).map_err(store::StoreError::from)?;
        let open = OpenCase::new(case, entries, &self.actor);
        let case = open.seen();
        self.coverage = CoverageTracker::resume(&case.read().coverage);
        self.coverage_dirty = false;
        self.give_up_bodies();
        self.selected_finding = None;
        self.selected_pair = case
            .comparison()
            .and_then(|c| c.pairs.first())
            .map(|p| p.id);
        self.open = Some(open);
        self.selected_pair = self.next_third_row().or(self.selected_pair);
        if !self.tabs.contains(id) {
            self.tabs.push(id.clone());
        }
        self.refresh_row();
        self.touch();
        Ok(())
    }

    pub(crate) fn close_tab(&mut self, id: &CaseId) -> Result<(), SessionError> {
        self.put_coverage_on_record()?;
        self.tabs.retain(|t| t != id);
        self.open_rows.remove(id);
        if self.case().is_some_and(|c| c.id() == id) {
            self.give_up_bodies();
            self.jobs.cancel_all();
            self.open = None;
            self.watch.stop();
            self.tell_folder_news(&FolderNews::default());
            self.library = Library::default();
            self.room = Room::new();
            self.screen = Screen::Worklist;
        }
        self.refresh_worklist()
    }

    pub(crate) fn take_result(&mut self, job: JobId, result: JobResult) {
        let outcome = match result {
            JobResult::Scanned {
                paths,
                for_case,
                scan,
            } => self.take_scan(paths, for_case, scan),
            JobResult::Decoded => {
                self.take_decoded();
                Ok(())
            }
            JobResult::Hashed { manifests, reports } => self.take_hashes(manifests, reports),
            JobResult::Graphics {
                key,
                slice_idx,
                read,
            } => {
                self.graphics_read(key, slice_idx, read);
                Ok(())
            }
            JobResult::Body(found) => self.take_body(job, found),
            JobResult::Section {
                of,
                grown,
                n_decoded,
            } => {
                self.take_section(*of, grown, n_decoded);
                Ok(())
            }
            JobResult::Headers { generation, read } => {
                self.headers_read(generation, read);
                Ok(())
            }
            JobResult::Paired(paired) => self.take_pairs(*paired),
            JobResult::Exported { files } => self.take_exported(&files),
            JobResult::Listed(answer) => {
                self.take_listed(job, answer);
                Ok(())
            }
            JobResult::Stopped => {
                self.give_up_body(job);
                Ok(())
            }
            JobResult::Failed { code, text } => {
                self.give_up_body(job);
                self.give_up_listing(job);
                self.notify(NoticeKind::Refused, code, &text, "");
                Ok(())
            }
        };
        self.jobs.finish(job);
        if let Err(error) = outcome {
            self.notify(NoticeKind::Refused, error.code(), &error.to_string(), "");
        }
    }

    /// Scans the locked archive again with a password, or leaves it closed.
    pub(crate) fn give_password(&mut self, password: Option<Password>) -> Result<(), SessionError> {
        let (Some(waiting), Some(password)) = (self.waits_for_password.take(), password) else {
            return Ok(());
        };
        // One that did not fit is forgotten with the next: only the last and those of the start are tried.
        self.access.passwords.retain(|known| *known != password);
        self.access.passwords.insert(0, password);
        self.open_paths(waiting.paths, waiting.for_case)
    }

    fn take_scan(
        &mut self,
        paths: Vec<PathBuf>,
        for_case: Option<CaseId>,
        scan: series::Scan,
    ) -> Result<(), SessionError> {
        if let Some(from) = self.named_at {
            self.trace.span("scan", from);
        }
        self.waits_for_password =
            LockedArchive::among(&scan.warnings).map(|archive| WaitsForPassword {
                archive,
                paths: paths.clone(),
                for_case: for_case.clone(),
            });
        self.waits_for_first_image = true;
        let kept = self.keep();
        let known = for_case.clone().or_else(|| self.case_of_scan(&scan));
        let newest = scan.studies.iter().find(|s| !s.series.is_empty());
        if let (None, Some(study)) = (&known, newest) {
            let uid = study.study_instance_uid.clone();
            self.check_no_closed_prior(&uid)?;
        }
        let current = match &known {
            Some(id) => {
                self.open_record(id)?;
                self.case()
                    .and_then(|c| c.study())
                    .map(|s| s.study_instance_uid.clone())
            }
            None => {
                self.open = None;
                self.coverage = CoverageTracker::default();
                None
            }
        };
        let files = scan.stamped_files();
        let sop_instance_uids = scan.sop_instance_uids();
        let library = Library::from_scan(scan, current.as_deref(), &self.budget);
        let Some(study) = &library.study else {
            let is_again = self.library.paths == paths && self.library.study.is_some();
            let nothing_opened = nothing_opened(&library);
            // What is on the screen stays when it is gone from where it was opened.
            if !is_again {
                self.library = library;
            }
            // The question for the password says it all.
            return match self.waits_for_password {
                Some(_) => Ok(()),
                None => Err(nothing_opened),
            };
        };
        self.watch_scanned(Opened {
            paths: paths.clone(),
            scan_began: self.scan_began,
            study_instance_uid: study.study_instance_uid.clone(),
            sop_instance_uids,
            files,
        });
        self.library = library;
        self.settle(kept);
        if self.reads_are_open() && !self.room.is_side_by_side() {
            self.hang_side_by_side();
        }
        // Who named a folder wants to see it; a case of the worklist has its screen already.
        let is_compared = self.case().is_some_and(|c| c.comparison().is_some());
        let was_named = for_case.is_none() && self.screen == Screen::Worklist;
        if !is_compared || was_named {
            self.screen = Screen::Reading;
        }
        for warning in self.library.warnings.clone() {
            if warning.severity != Severity::Info {
                self.notify(NoticeKind::Warning, warning.code, &warning.text, "");
            }
        }
        self.library.paths = paths;
        let agenda = self.library.begin_agenda(&self.budget);
        agenda.hold_back_until(self.holds_back_until);
        self.follow_looks();
        Ok(())
    }

    /// The case of this store that the scanned study belongs to, if it is still going on.
    fn case_of_scan(&mut self, scan: &series::Scan) -> Option<CaseId> {
        let newest = scan.studies.iter().find(|s| !s.series.is_empty())?;
        let rows = self.worklist().ok()?;
        rows.iter()
            .find(|row| {
                row.study_instance_uid == newest.study_instance_uid
                    && row.stage != case::Stage::Closed
            })
            .map(|row| row.id)
    }

    fn take_decoded(&mut self) {
        if std::mem::replace(&mut self.library.was_decoded, true) {
            return;
        }
        if let Some(from) = self.named_at {
            self.trace.span("volume_ready", from);
        }
        let current = self.library.study.clone();
        let studies: Vec<Study> = current
            .iter()
            .chain(&self.library.priors)
            .cloned()
            .collect();
        let read_reports = self.case().is_none();
        self.jobs.spawn("job.digests", true, move |job, _| {
            match digests(&studies, read_reports, &|| job.cancelled()) {
                _ if job.cancelled() => JobResult::Stopped,
                Ok((manifests, reports)) => JobResult::Hashed { manifests, reports },
                Err(refusal) => JobResult::Failed {
                    code: "images_unreadable",
                    text: refusal.to_string(),
                },
            }
        });
    }
}

fn nothing_opened(library: &Library) -> SessionError {
    let told = |w: &&series::Warning| w.severity != Severity::Info;
    let mut warnings = library.warnings.iter().filter(told);
    match warnings.next() {
        Some(warning) => SessionError::NothingRead {
            code: warning.code,
            text: match warnings.count() {
                0 => warning.text.clone(),
                1 => format!("{} Another file does not open either.", warning.text),
                n => format!("{} {n} more files do not open either.", warning.text),
            },
        },
        None => SessionError::NothingRead {
            code: "no_images",
            text: "no DICOM images were found there; choose the folder, archive or disc that holds them".into(),
        },
    }
}

fn scan(
    job: &JobHandle,
    paths: Vec<PathBuf>,
    for_case: Option<CaseId>,
    options: &ScanOptions,
) -> JobResult {
    let progress = |progress: ScanProgress| match progress {
        ScanProgress::Found { n_files } => job.progress(0, n_files as u64),
        ScanProgress::Headers { n_done, n_files } => job.progress(n_done as u64, n_files as u64),
    };
    let scan = series::scan(&paths, options, &progress, &|| job.cancelled());
    if job.cancelled() {
        JobResult::Stopped
    } else {
        JobResult::Scanned {
            paths,
            for_case,
            scan,
        }
    }
}

#[cfg(test)]
mod tests {
    use series::Warning;

    use super::*;

    #[test]
    fn files_that_do_not_open_are_counted() {
        let video = || Warning::new("video_unsupported", Severity::Warning, "This is a video.");
        let note = || Warning::new("not_dicom", Severity::Info, "This is a text.");
        for (warnings, text) in [
            (vec![video()], "This is a video."),
            (vec![note(), video(), note()], "This is a video."),
            (
                vec![video(), video()],
                "This is a video. Another file does not open either.",
            ),
            (
                vec![video(), video(), video()],
                "This is a video. 2 more files do not open either.",
            ),
        ] {
            let mut library = Library::default();
            library.warnings = warnings;
            assert_eq!(nothing_opened(&library).to_string(), text);
        }
    }
}
