//! Are the images those that the case was begun with? What came, changed or went is said and goes on record.

use case::{Case, CompletenessItem, ManifestItem, Settled, Stage};

use crate::intake::{counted, item};
use crate::reopening::Difference;
use crate::{NoticeKind, Session, SessionError};

/// Codes of the items of the intake that speak of a difference.
const CHANGED: &str = "images_changed";
const GONE: &str = "images_gone";
const ADDED: &str = "images_added";

impl Session {
    /// Compares the images with the list of the case (RELIABILITY H12). A case whose read is open takes the difference on
    /// record; one that is sealed stays as it is.
    pub(crate) fn compare_manifests(
        &mut self,
        manifests: &[(String, Vec<ManifestItem>)],
    ) -> Result<(), SessionError> {
        let Some(case) = self.case() else {
            return Ok(());
        };
        let mut difference = Difference::default();
        for study in case.study().into_iter().chain(case.priors()) {
            let uid = &study.study_instance_uid;
            // A study that was not opened now is not judged.
            if let Some((_, now)) = manifests.iter().find(|(of, _)| of == uid) {
                difference.take_study(uid, &study.manifest, now);
            }
        }
        let spoke_of = |code| case.completeness().iter().any(|item| item.code == code);
        let speaks = difference != Difference::default() || spoke_of(CHANGED) || spoke_of(GONE);
        let takes = may_take(case);
        self.library.difference = difference.clone();
        self.say_difference(&difference);
        if !speaks || !takes {
            return Ok(());
        }
        for (study_instance_uid, added) in difference.added {
            let n_images = self.n_images_of(&study_instance_uid);
            self.record(case::Command::AddImages {
                study_instance_uid,
                added,
                n_images,
            })?;
        }
        self.check_intake()
    }

    fn n_images_of(&self, study_instance_uid: &str) -> usize {
        let mut studies = self.library.study.iter().chain(&self.library.priors);
        let study = studies.find(|s| s.study_instance_uid == study_instance_uid);
        study.map_or(0, |s| s.series.iter().map(|s| s.n_frames).sum())
    }

    fn say_difference(&mut self, difference: &Difference) {
        let n_added: usize = difference.added.iter().map(|(_, added)| added.len()).sum();
        let Difference {
            n_changed, n_gone, ..
        } = *difference;
        if 0 < n_changed + n_gone {
            let text = match (n_changed, n_gone) {
                (0, gone) => counted(gone, "image is gone", "images are gone"),
                (changed, 0) => counted(changed, "image has changed", "images have changed"),
                (changed, gone) => format!("{changed} images have changed and {gone} are gone"),
            };
            self.notify(
                NoticeKind::Warning,
                CHANGED,
                &format!("{text} since this case was begun."),
                "Measure again before you rely on earlier marks.",
            );
        }
        if 0 < n_added {
            let text = counted(n_added, "image or document", "images or documents");
            let is_sealed = self.case().is_some_and(|case| case.read().seal.is_some());
            let (kind, hint) = if is_sealed {
                (
                    NoticeKind::Warning,
                    "The sealed read was made without them; make a new case to read them.",
                )
            } else {
                (NoticeKind::Info, "")
            };
            let text = format!("{text} came after this case was begun.");
            self.notify(kind, ADDED, &text, hint);
        }
    }

    /// Items of the intake for what differs, and for what was added on the way.
    pub(crate) fn differences(&self) -> Vec<CompletenessItem> {
        let Difference {
            n_changed, n_gone, ..
        } = self.library.difference;
        let mut items = Vec::new();
        for (n, code, one, many) in [
            (
                n_changed,
                CHANGED,
                "image has changed",
                "images have changed",
            ),
            (n_gone, GONE, "image is gone", "images are gone"),
        ] {
            if 0 < n {
                let text = format!("{} since this case was begun", counted(n, one, many));
                items.push(item(code, "warning", text, Settled::No));
            }
        }
        let additions = self.case().map(Case::additions).unwrap_or_default();
        for (at, n) in additions {
            let what = counted(*n, "image or document", "images or documents");
            let text = format!(
                "{what} came on {} {}, after this case was begun",
                crate::snap::day(at),
                crate::snap::clock_time(at)
            );
            items.push(item(ADDED, "info", text, Settled::Yes));
        }
        items
    }
}

/// May what differs go on record: is the case going on, and its read not sealed?
fn may_take(case: &Case) -> bool {
    match case.stage() {
        Stage::Draft | Stage::Intake | Stage::Ready | Stage::Reading | Stage::UnblindedEarly => {
            case.read().seal.is_none()
        }
        Stage::Sealed
        | Stage::Comparing
        | Stage::Adjudicating
        | Stage::Feedback
        | Stage::Closed
        | Stage::NonDiagnostic
        | Stage::Withdrawn
        | Stage::OnHold => false,
    }
}
