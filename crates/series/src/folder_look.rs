use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::folder_walk::{Item, list_folder};
use crate::fragments::{End, FragmentTable};
use crate::instance::Problem;
use crate::limits;
use crate::listing::Ask;
use crate::model::{Scan, SliceSource};
use crate::stamp::{Stamp, nanoseconds};

/// What the file system says of a file at one moment, to be compared with what it says later. The file is not opened.
#[derive(Clone, Copy, Debug)]
pub struct FileStamp(Stamp);

impl FileStamp {
    /// Is it still the same content, as far as size, time of modification and identity tell?
    ///
    /// The time of the last change of attributes is left out: a backup program sets it without touching the content.
    pub fn is_same_content(&self, later: &Self) -> bool {
        let (now, then) = (&self.0, &later.0);
        now.len == then.len && now.modified_ns == then.modified_ns && now.identity == then.identity
    }

    /// Was the file written to, or its attributes changed, after a moment of this machine's clock?
    pub fn was_touched_after(&self, moment: SystemTime) -> bool {
        nanoseconds(moment) <= self.0.modified_ns.max(self.0.changed_ns)
    }
}

/// The regular files below the named paths at one moment.
#[derive(Clone, Debug, Default)]
pub struct FolderLook {
    /// Each file with its stamp.
    pub files: BTreeMap<PathBuf, FileStamp>,
    /// Could everything that was named be looked at? Where not, a file that is not listed may still be there.
    pub is_whole: bool,
    /// Can none of what was named be reached: a disc that was taken out, a share that is gone?
    pub is_out_of_reach: bool,
}

impl FolderLook {
    /// Looks at what lies below `inputs` now: folders are walked on the calling thread, files (`also` among them) asked
    /// for their stamps. Nothing is opened. Stops early when `cancel` answers true, and is then not whole.
    ///
    /// Hidden in here are the same rules as in [`crate::scan`]: links that lead outside are not followed.
    pub fn of<'p>(
        inputs: &[PathBuf],
        also: impl Iterator<Item = &'p PathBuf>,
        cancel: &dyn Fn() -> bool,
    ) -> Self {
        let mut look = Self {
            is_whole: true,
            is_out_of_reach: true,
            ..Self::default()
        };
        for input in inputs {
            match std::fs::metadata(input) {
                Ok(metadata) if metadata.is_dir() => {
                    look.is_out_of_reach = false;
                    look.walk(input, cancel);
                }
                Ok(_) => {
                    look.is_out_of_reach = false;
                    look.stamp(input);
                }
                Err(_) => {}
            }
        }
        for path in also {
            if cancel() {
                look.is_whole = false;
                break;
            }
            if !look.files.contains_key(path) {
                look.stamp(path);
            }
        }
        look
    }

    fn walk(&mut self, root: &Path, cancel: &dyn Fn() -> bool) {
        let resolved_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let mut waiting: Vec<(usize, Arc<Path>)> = vec![(0, Arc::from(root))];
        while let Some((depth, folder)) = waiting.pop() {
            if cancel() || limits::MAX_FILES < self.files.len() + waiting.len() {
                self.is_whole = false;
                return;
            }
            // A folder that cannot be listed any more may have been taken away, or may only be out of reach.
            if std::fs::metadata(&folder).is_err() && *folder == *root {
                self.is_whole = false;
            }
            for item in list_folder(&folder, &resolved_root, Ask::Names).items {
                match item {
                    Item::File(file) => self.stamp(&file.path),
                    Item::Folder(path) if depth < limits::MAX_FOLDER_DEPTH => {
                        waiting.push((depth + 1, path))
                    }
                    Item::Folder(_) => {}
                }
            }
        }
    }

    /// A file that is gone between its listing and this is simply not there.
    fn stamp(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => {
                let stamp = FileStamp(Stamp::of(&metadata));
                self.files.insert(path.to_owned(), stamp);
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(_) => self.is_whole = false,
        }
    }
}

impl SliceSource {
    /// Is everything there that the object says it has, down to the end of its pixels? A file that is still written ends
    /// before. Of compressed pixels the fragments are walked through, nothing is decoded.
    pub fn is_whole(&self) -> bool {
        if self.instance.problems.contains(&Problem::PixelsCut) {
            return false;
        }
        let Some(pixels) = &self.instance.pixels else {
            return true;
        };
        if pixels.element.len.is_some() {
            return true;
        }
        let Ok(content) = self.source().open() else {
            return false;
        };
        let table = FragmentTable::read(&content, pixels.element.offset, pixels.big_endian);
        table.is_ok_and(|table| table.end == End::Delimited)
    }
}

impl Scan {
    /// SOP Instance UIDs of everything that was found, images and documents.
    pub fn sop_instance_uids(&self) -> BTreeSet<String> {
        let mut uids = BTreeSet::new();
        for study in &self.studies {
            let volumes = study.series.iter().flat_map(|series| &series.volumes);
            let slices = volumes.flat_map(|volume| volume.slices.iter().flatten());
            uids.extend(slices.map(|slice| slice.sop_instance_uid().to_owned()));
            let documents = study.documents.iter();
            uids.extend(documents.map(|document| document.sop_instance_uid.clone()));
        }
        uids
    }

    /// The files that hold what was found, with their stamps when they were read; `None` where the stamp is not known
    /// (an archive). One file may hold several objects.
    pub fn stamped_files(&self) -> BTreeMap<PathBuf, Option<FileStamp>> {
        let slices = self
            .studies
            .iter()
            .flat_map(|study| &study.series)
            .flat_map(|series| &series.volumes)
            .flat_map(|volume| volume.slices.iter().flatten());
        let images = slices.map(|slice| {
            let stamp = slice.instance.stamp.map(FileStamp);
            (slice.source().path().to_owned(), stamp)
        });
        let documents = self
            .studies
            .iter()
            .flat_map(|study| &study.documents)
            .map(|document| (document.source.path().to_owned(), None));
        images.chain(documents).collect()
    }
}
