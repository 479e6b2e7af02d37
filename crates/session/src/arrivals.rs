//! What came into the folders of the open study, changed in them, and left them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use series::{FileStamp, FolderLook, Scan};

/// Headers read after one look at most; the rest waits for the next.
const MAX_READ: usize = 5000;
/// A file that is cut is still being written, unless it lay still for so many looks.
const PATIENCE: u32 = 15;
/// The clocks of a file server and of this machine may differ by so much.
const CLOCK_SLACK: Duration = Duration::from_secs(2);

/// How the folders differ from what was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderNews {
    /// Images of the open study that are not among the opened ones.
    pub(crate) n_new_images: usize,
    /// Documents and priors of the same study or patient, and further copies of images that are open.
    pub(crate) n_new_others: usize,
    /// Images that ended before their end for so long that nobody seems to write them any more.
    pub(crate) n_cut: usize,
    /// Images of studies that are not open.
    pub(crate) n_other_studies: usize,
    /// Files of opened images that were written to.
    pub(crate) n_changed: usize,
    /// Files of opened images that are no longer there.
    pub(crate) n_gone: usize,
    /// Are files still being written?
    pub(crate) is_arriving: bool,
    /// Can the folders no longer be reached?
    pub(crate) is_out_of_reach: bool,
}

impl FolderNews {
    /// Is there anything to tell? Files that are still being written are told once they are whole.
    pub(crate) fn is_something(&self) -> bool {
        let Self {
            n_new_images,
            n_new_others,
            n_cut,
            n_other_studies,
            n_changed,
            n_gone,
            is_arriving: _,
            is_out_of_reach,
        } = *self;
        let n_all = n_new_images + n_new_others + n_cut + n_other_studies + n_changed + n_gone;
        0 < n_all || is_out_of_reach
    }
}

/// What was opened, and from where.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// What was named.
    pub(crate) paths: Vec<PathBuf>,
    /// When its scan began, so that what came since can be told from what lay there.
    pub(crate) scan_began: SystemTime,
    /// Study Instance UID of the current study.
    pub(crate) study_instance_uid: String,
    /// SOP Instance UIDs of everything that was found.
    pub(crate) sop_instance_uids: BTreeSet<String>,
    /// The files behind what was found.
    pub(crate) files: BTreeMap<PathBuf, Option<FileStamp>>,
}

/// The kinds of news that a settled file may be.
#[derive(Clone, Debug, Default)]
struct InFile {
    new_images: BTreeSet<String>,
    n_new_others: usize,
    n_other_studies: usize,
    is_cut: bool,
}

/// Compares looks at the folders with what was opened. A file counts once it lay still for two looks and its header
/// can be read, so that a running transfer is never taken for damage.
pub(crate) struct Arrivals {
    opened: Opened,
    /// Files that are nothing to tell of: they lay there before, or are no images.
    set_aside: BTreeMap<PathBuf, FileStamp>,
    /// Files that came, with what is in them.
    came: BTreeMap<PathBuf, (FileStamp, InFile)>,
    /// Files that differed at the last look, as they were then, and for how many looks they lay still.
    unsettled: BTreeMap<PathBuf, (FileStamp, u32)>,
    /// Opened files that were not there at the last look.
    missed: BTreeSet<PathBuf>,
    has_looked: bool,
}

impl Arrivals {
    pub(crate) fn since(opened: Opened) -> Self {
        Self {
            opened,
            set_aside: BTreeMap::new(),
            came: BTreeMap::new(),
            unsettled: BTreeMap::new(),
            missed: BTreeSet::new(),
            has_looked: false,
        }
    }

    /// What is to be looked at: the named paths, and the opened files that may lie beside them.
    pub(crate) fn look(&self, cancel: &dyn Fn() -> bool) -> FolderLook {
        FolderLook::of(&self.opened.paths, self.opened.files.keys(), cancel)
    }

    /// Takes note of a look. `read_headers` is asked about files that came and lie still.
    pub(crate) fn take(
        &mut self,
        look: &FolderLook,
        read_headers: &dyn Fn(&[PathBuf]) -> Scan,
    ) -> FolderNews {
        if look.is_out_of_reach {
            return FolderNews {
                is_out_of_reach: true,
                ..FolderNews::default()
            };
        }
        let mut news = FolderNews::default();
        let before = std::mem::take(&mut self.unsettled);
        let mut to_read = Vec::new();
        for (path, stamp) in &look.files {
            let bearing = self.bearing(path, stamp);
            if bearing == Bearing::Nothing {
                continue;
            }
            let n_still = match before.get(path) {
                Some((then, n_still)) if then.is_same_content(stamp) => n_still + 1,
                _ => 0,
            };
            let is_time_to_read = bearing == Bearing::Came && (n_still == 1 || PATIENCE <= n_still);
            if is_time_to_read && MAX_READ <= to_read.len() {
                // Its turn comes with the next look.
                self.unsettled.insert(path.clone(), (*stamp, n_still - 1));
                news.is_arriving = true;
                continue;
            }
            self.unsettled.insert(path.clone(), (*stamp, n_still));
            match bearing {
                Bearing::Changed if 0 < n_still => news.n_changed += 1,
                Bearing::Came if is_time_to_read => {
                    to_read.push((path.clone(), *stamp, n_still));
                }
                Bearing::Came | Bearing::Changed | Bearing::Nothing => news.is_arriving = true,
            }
        }
        self.has_looked = true;
        news.is_arriving |= self.read(to_read, read_headers);
        self.count_came(look, &mut news);
        self.count_gone(look, &mut news);
        news
    }

    fn bearing(&mut self, path: &PathBuf, stamp: &FileStamp) -> Bearing {
        if let Some(opened) = self.opened.files.get_mut(path) {
            return match opened {
                // The stamp of an archive is not known from its scan: it is taken at the first look.
                None => {
                    *opened = Some(*stamp);
                    Bearing::Nothing
                }
                Some(then) if then.is_same_content(stamp) => Bearing::Nothing,
                Some(_) => Bearing::Changed,
            };
        }
        let came = self.came.get(path).map(|(stamp, _)| stamp);
        if let Some(known) = came.or_else(|| self.set_aside.get(path)) {
            return match known.is_same_content(stamp) {
                true => Bearing::Nothing,
                false => Bearing::Came,
            };
        }
        let lay_there = self
            .opened
            .scan_began
            .checked_sub(CLOCK_SLACK)
            .is_some_and(|began| !stamp.was_touched_after(began));
        if !self.has_looked && lay_there {
            self.set_aside.insert(path.clone(), *stamp);
            return Bearing::Nothing;
        }
        Bearing::Came
    }

    /// Looks into files that lie still. What cannot be read is set aside until it is written to again. `true` when one of
    /// them is cut and may still be written.
    fn read(
        &mut self,
        files: Vec<(PathBuf, FileStamp, u32)>,
        read_headers: &dyn Fn(&[PathBuf]) -> Scan,
    ) -> bool {
        if files.is_empty() {
            return false;
        }
        let paths: Vec<PathBuf> = files.iter().map(|(path, ..)| path.clone()).collect();
        let mut found: BTreeMap<PathBuf, InFile> = BTreeMap::new();
        for study in &read_headers(&paths).studies {
            let is_open = study.study_instance_uid == self.opened.study_instance_uid;
            let slices = study.series.iter().flat_map(|s| &s.volumes);
            for slice in slices.flat_map(|v| v.slices.iter().flatten()) {
                let in_file = found.entry(slice.source().path().to_owned()).or_default();
                let uid = slice.sop_instance_uid();
                in_file.is_cut = in_file.is_cut || !slice.is_whole();
                match (is_open, self.opened.sop_instance_uids.contains(uid)) {
                    (_, true) => in_file.n_new_others = 1,
                    (true, false) => drop(in_file.new_images.insert(uid.to_owned())),
                    (false, false) => in_file.n_other_studies += 1,
                }
            }
            for document in &study.documents {
                let in_file = found.entry(document.source.path().to_owned()).or_default();
                match is_open {
                    true => in_file.n_new_others += 1,
                    false => in_file.n_other_studies += 1,
                }
            }
        }
        let mut waits = false;
        for (path, stamp, n_still) in files {
            match found.remove(&path) {
                Some(in_file) if in_file.is_cut && n_still < PATIENCE => {
                    waits = true;
                    continue;
                }
                Some(in_file) => {
                    self.set_aside.remove(&path);
                    self.came.insert(path.clone(), (stamp, in_file));
                }
                None => {
                    self.came.remove(&path);
                    self.set_aside.insert(path.clone(), stamp);
                }
            }
            self.unsettled.remove(&path);
        }
        waits
    }

    fn count_came(&mut self, look: &FolderLook, news: &mut FolderNews) {
        if look.is_whole {
            self.came.retain(|path, _| look.files.contains_key(path));
            self.set_aside
                .retain(|path, _| look.files.contains_key(path));
        }
        let mut new_images: BTreeSet<&String> = BTreeSet::new();
        for (_, in_file) in self.came.values() {
            if in_file.is_cut {
                news.n_cut += 1;
                continue;
            }
            new_images.extend(&in_file.new_images);
            news.n_new_others += in_file.n_new_others;
            news.n_other_studies += in_file.n_other_studies;
        }
        news.n_new_images = new_images.len();
    }

    /// A file that is replaced is gone for a moment, so it must be missed twice.
    fn count_gone(&mut self, look: &FolderLook, news: &mut FolderNews) {
        if !look.is_whole {
            return;
        }
        let missed: BTreeSet<PathBuf> = self
            .opened
            .files
            .keys()
            .filter(|path| !look.files.contains_key(*path))
            .cloned()
            .collect();
        news.n_gone = missed.intersection(&self.missed).count();
        self.missed = missed;
    }
}

/// What a file means beside what was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bearing {
    Nothing,
    Changed,
    Came,
}
