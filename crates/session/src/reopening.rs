//! Opening the same study again: what the reader did and where the reader looks stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use case::{CaseId, FindingId, ManifestItem};

use crate::arrivals::{FolderNews, Opened};
use crate::coverage::CoverageTracker;
use crate::library::Library;
use crate::notice::NoticeAction;
use crate::room::{Room, Shelf};
use crate::{NoticeKind, Session, SessionError, ViewKind, VolumeKey, may_reslice};

/// The notice about the folders: there is one of it at most.
const FOLDER_CHANGED: &str = "folder_changed";

/// An image, by SOP Instance UID, frame number and tile of a mosaic.
type Image = (String, u32, Option<u32>);

/// What stays when the same study is opened again.
pub(crate) struct Kept {
    case: Option<CaseId>,
    study_instance_uid: Option<String>,
    coverage: CoverageTracker,
    selected_finding: Option<FindingId>,
    images: BTreeMap<VolumeKey, Vec<Option<Image>>>,
}

/// How the images on disk differ from those that the case lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Objects that the case does not list, by study.
    pub(crate) added: Vec<(String, Vec<ManifestItem>)>,
    /// Objects with other bytes than when the case was begun.
    pub(crate) n_changed: usize,
    /// Objects that are not where they were looked for.
    pub(crate) n_gone: usize,
}

impl Difference {
    /// Compares what a case lists of one study with what is there now.
    pub(crate) fn take_study(&mut self, uid: &str, listed: &[ManifestItem], now: &[ManifestItem]) {
        let listed_exactly: BTreeSet<&ManifestItem> = listed.iter().collect();
        let now_exactly: BTreeSet<&ManifestItem> = now.iter().collect();
        let now_uids: BTreeSet<&str> = now.iter().map(|i| i.sop_instance_uid.as_str()).collect();
        let mut changed: BTreeSet<&str> = BTreeSet::new();
        for item in listed_exactly.difference(&now_exactly) {
            match now_uids.contains(item.sop_instance_uid.as_str()) {
                true => drop(changed.insert(&item.sop_instance_uid)),
                false => self.n_gone += 1,
            }
        }
        self.n_changed += changed.len();
        let added: Vec<ManifestItem> = now_exactly
            .difference(&listed_exactly)
            .filter(|item| !changed.contains(item.sop_instance_uid.as_str()))
            .map(|item| (*item).clone())
            .collect();
        if !added.is_empty() {
            self.added.push((uid.to_owned(), added));
        }
    }
}

impl Session {
    /// Opens again what is open, from where it was opened.
    pub(crate) fn open_again(&mut self) -> Result<(), SessionError> {
        if self.library.paths.is_empty() {
            return Err(SessionError::Usage(
                "no study is open that could be opened again; open one first".into(),
            ));
        }
        let for_case = self.case().map(|case| case.id().clone());
        self.open_paths(self.library.paths.clone(), for_case)
    }

    /// Looks from time to time whether the folders of the open study have changed, and says so.
    pub fn watch_folders(&mut self) {
        self.watch.run();
    }

    /// Looks once, now, whether the folders of the open study have changed. What came counts from the second look on.
    pub fn look_at_folders(&mut self) {
        self.watch.look();
        self.poll();
    }

    /// Watches the folders of what was scanned.
    pub(crate) fn watch_scanned(&self, opened: Opened) {
        let mut options = self.access.scan_options();
        options.index = None;
        self.watch.begin(opened, options);
    }

    /// Says what is new in the folders; what is on the screen stays.
    pub(crate) fn tell_folder_news(&mut self, news: &FolderNews) {
        self.notices.retain(|notice| notice.code != FOLDER_CHANGED);
        if !news.is_something() {
            return;
        }
        let kind = if 0 < news.n_changed + news.n_gone || news.is_out_of_reach {
            NoticeKind::Warning
        } else {
            NoticeKind::Info
        };
        self.notify(kind, FOLDER_CHANGED, &sentence(news), hint(news));
        if let Some(notice) = self.notices.last_mut().filter(|_| !news.is_out_of_reach) {
            notice.action = Some(NoticeAction::OpenAgain);
        }
    }

    pub(crate) fn keep(&self) -> Kept {
        Kept {
            case: self.case().map(|case| case.id().clone()),
            study_instance_uid: study_uid(&self.library),
            coverage: self.coverage.clone(),
            selected_finding: self.selected_finding,
            images: images_of(&self.library),
        }
    }

    /// After a scan: goes on where the reader was when it is the same study again, else begins with its main series.
    pub(crate) fn settle(&mut self, kept: Kept) {
        self.close_replay();
        let is_again = kept.study_instance_uid.is_some()
            && kept.study_instance_uid == study_uid(&self.library)
            && kept.case == self.case().map(|case| case.id().clone());
        if is_again {
            self.coverage = kept.coverage;
            self.selected_finding = kept
                .selected_finding
                .filter(|id| self.case().is_some_and(|case| case.finding(*id).is_some()));
        }
        if !is_again || !self.stay_in_room(&kept.images) {
            self.room = Room::new();
            self.hang_first();
        }
        self.follow_slices(if is_again { &kept.images } else { NOTHING });
    }

    /// Keeps the views as they are, each on the image it showed. `false` where one cannot be kept.
    fn stay_in_room(&mut self, before: &BTreeMap<VolumeKey, Vec<Option<Image>>>) -> bool {
        let now = images_of(&self.library);
        let mut slices = Vec::new();
        for view in &self.room.views {
            let Some(key) = &view.volume else {
                slices.push(0);
                continue;
            };
            let Some(shown) = self.library.shown(key) else {
                return false;
            };
            if view.kind != ViewKind::Stack && !may_reslice(&shown.volume) {
                return false;
            }
            let image = before
                .get(key)
                .and_then(|images| images.get(view.slice_idx));
            let found = image
                .filter(|image| image.is_some())
                .zip(now.get(key))
                .and_then(|(image, images)| images.iter().position(|other| other == image));
            let last = shown.volume.n_slices().saturating_sub(1);
            slices.push(found.unwrap_or_else(|| view.slice_idx.min(last)));
        }
        for (view, slice_idx) in self.room.views.iter_mut().zip(slices) {
            view.slice_idx = slice_idx;
        }
        true
    }

    /// What was seen moves with its slices. Where it is not known which slices were seen, they count as not seen.
    fn follow_slices(&mut self, before: &BTreeMap<VolumeKey, Vec<Option<Image>>>) {
        let now = images_of(&self.library);
        let mut n_forgotten = 0_usize;
        for (key, images) in &now {
            let name = key.coverage_name();
            match before.get(key) {
                Some(old) if old == images => {}
                Some(old) => {
                    let places: HashMap<&Image, usize> = old
                        .iter()
                        .enumerate()
                        .filter_map(|(idx, image)| Some((image.as_ref()?, idx)))
                        .collect();
                    let lay = |image: &Option<Image>| places.get(image.as_ref()?).copied();
                    let lay: Vec<Option<usize>> = images.iter().map(lay).collect();
                    self.coverage.rearrange(&name, &lay);
                    self.coverage_dirty = true;
                }
                None if self.coverage.is_of_other_length(&name, images.len()) => {
                    self.coverage.forget(&name);
                    self.coverage_dirty = true;
                    n_forgotten += 1;
                }
                None => {}
            }
        }
        if 0 < n_forgotten {
            self.notify(
                NoticeKind::Warning,
                "coverage_forgotten",
                "A series has another number of slices than when it was read, so what was seen of it is not known.",
                "Go through it again.",
            );
        }
    }
}

const NOTHING: &BTreeMap<VolumeKey, Vec<Option<Image>>> = &BTreeMap::new();

fn study_uid(library: &Library) -> Option<String> {
    let study = library.study.as_ref();
    study.map(|study| study.study_instance_uid.clone())
}

fn images_of(library: &Library) -> BTreeMap<VolumeKey, Vec<Option<Image>>> {
    let of = |plan: &series::VolumePlan| {
        let image = |slice: &series::SliceSource| {
            (
                slice.sop_instance_uid().to_owned(),
                slice.frame_number,
                slice.tile_number,
            )
        };
        let slices = plan.slices.iter();
        slices.map(|slice| slice.as_ref().map(image)).collect()
    };
    let volumes = library.iter();
    volumes.map(|(key, s)| (key.clone(), of(&s.plan))).collect()
}

/// `12 new images and 1 changed image in the folder of this study.`
fn sentence(news: &FolderNews) -> String {
    if news.is_out_of_reach {
        return "The folder of this study can no longer be reached.".into();
    }
    let counts = [
        (news.n_new_images, "new image", "new images"),
        (news.n_new_others, "further file", "further files"),
        (
            news.n_cut,
            "image that is cut off",
            "images that are cut off",
        ),
        (
            news.n_other_studies,
            "image of another study",
            "images of other studies",
        ),
        (news.n_changed, "changed file", "changed files"),
        (news.n_gone, "file that is gone", "files that are gone"),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(n, ..)| 0 < *n)
        .map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
        .collect();
    let joined = match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    };
    format!("In the folder of this study: {joined}.")
}

fn hint(news: &FolderNews) -> &'static str {
    match (news.is_out_of_reach, news.is_arriving) {
        (true, _) => {
            "Images in memory stay on the screen; connect the disc or share again to see the rest."
        }
        (false, true) => "More is arriving. What is on the screen stays as it was opened.",
        (false, false) => "What is on the screen stays as it was opened.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_told_in_a_sentence() {
        let news = |n_new_images, n_changed, n_gone| FolderNews {
            n_new_images,
            n_changed,
            n_gone,
            ..FolderNews::default()
        };
        for (news, told) in [
            (news(12, 0, 0), "12 new images"),
            (news(1, 0, 0), "1 new image"),
            (news(2, 1, 0), "2 new images and 1 changed file"),
            (
                news(1, 2, 3),
                "1 new image, 2 changed files and 3 files that are gone",
            ),
        ] {
            assert_eq!(
                sentence(&news),
                format!("In the folder of this study: {told}.")
            );
        }
    }

    #[test]
    fn a_study_is_compared_object_by_object() {
        let items = |named: &[&str]| -> Vec<ManifestItem> {
            let item = |name: &&str| ManifestItem {
                sop_instance_uid: name.chars().take(1).collect(),
                sha256: case::Sha256::of(name.as_bytes()),
            };
            named.iter().map(item).collect()
        };
        // One letter is an object, the digit behind it its bytes.
        for (listed, now, added, n_changed, n_gone) in [
            (&["a1", "b1"][..], &["b1", "a1"][..], &[][..], 0, 0),
            (&["a1"], &["a1", "b1"], &["b1"], 0, 0),
            (&["a1", "b1"], &["a1"], &[], 0, 1),
            (&["a1", "b1"], &["a2", "b1"], &[], 1, 0),
            // One object twice with different bytes, at both times.
            (&["a1", "a2"], &["a1", "a2"], &[], 0, 0),
            (&["a1"], &["a1", "a2"], &["a2"], 0, 0),
            (&["a1", "a2"], &["a1"], &[], 1, 0),
            (&[], &["a1"], &["a1"], 0, 0),
        ] {
            let mut difference = Difference::default();
            difference.take_study("1", &items(listed), &items(now));
            let told: Vec<_> = difference
                .added
                .iter()
                .flat_map(|(_, items)| items)
                .collect();
            assert_eq!(
                told,
                items(added).iter().collect::<Vec<_>>(),
                "{listed:?} {now:?}"
            );
            let counts = (difference.n_changed, difference.n_gone);
            assert_eq!(counts, (n_changed, n_gone), "{listed:?} {now:?}");
        }
    }
}
