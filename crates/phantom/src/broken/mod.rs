//! Files that are broken in one named way each, with what a careful reader must make of them.

mod archive;
mod codec;
mod container;
mod lengths;
mod media;
mod pixels;
mod series;
mod text;

use std::path::Path;
use std::{fs, io};

pub use archive::{ZipEntry, zip_bytes};

use crate::data_set::DataSet;
use crate::part10::{Syntax, file_bytes};
use crate::raw::{SeriesSpec, Voxel};

/// What must become of a broken file; the rest of its study opens in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Refused with a reason.
    Refuse,
    /// Shown, with a warning where the value may mislead.
    Display,
    /// Listed without a picture.
    MetadataOnly,
    /// Shown in separate groups, nothing merged.
    Split,
    /// Either refused or shown with a warning: the standard leaves room.
    RefuseOrDisplay,
}

/// A file of a broken case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenFile {
    /// Path relative to the case's folder, `/` between parts.
    pub name: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// One named way of being broken.
#[derive(Clone, Copy, Debug)]
pub struct BrokenCase {
    /// Class, `C01` … `C113` and `K01` …, with a letter where a class has several cases.
    pub id: &'static str,
    /// What is wrong.
    pub title: &'static str,
    /// What must become of it.
    pub expect: Expect,
    build: fn() -> Vec<BrokenFile>,
}

impl BrokenCase {
    /// Builds the files in memory; some are tens of megabytes.
    pub fn files(&self) -> Vec<BrokenFile> {
        (self.build)()
    }

    /// Writes the files into `dir`, which is made when it is not there.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        for file in self.files() {
            let path = dir.join(&file.name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, file.bytes)?;
        }
        Ok(())
    }
}

/// Returns all cases in the order of their classes.
pub fn all() -> Vec<BrokenCase> {
    [
        container::CASES,
        lengths::CASES,
        pixels::CASES,
        text::CASES,
        codec::CASES,
        series::CASES,
        media::CASES,
    ]
    .concat()
}

/// Returns the case of an id.
pub fn by_id(id: &str) -> Option<BrokenCase> {
    all().into_iter().find(|case| case.id == id)
}

/// A row of a table of cases.
const fn case(
    id: &'static str,
    title: &'static str,
    expect: Expect,
    build: fn() -> Vec<BrokenFile>,
) -> BrokenCase {
    BrokenCase {
        id,
        title,
        expect,
        build,
    }
}

/// The sound series that all single files are made from.
fn sound() -> SeriesSpec {
    SeriesSpec::ct("broken", 8, 8, 1)
}

fn value(voxel: Voxel) -> i64 {
    10 * voxel.col_idx as i64 + voxel.row_idx as i64 + 100 * voxel.slice_idx as i64
}

/// The sound data set.
fn data_set() -> DataSet {
    sound().slice_data_set(0, 1, &value)
}

/// The sound file.
fn sound_bytes() -> Vec<u8> {
    file_bytes(&data_set(), Syntax::ExplicitLe)
}

/// A case of one file.
fn one(bytes: Vec<u8>) -> Vec<BrokenFile> {
    vec![BrokenFile {
        name: "broken.dcm".into(),
        bytes,
    }]
}

/// A case of several files of one kind.
fn many(files: impl IntoIterator<Item = Vec<u8>>) -> Vec<BrokenFile> {
    files
        .into_iter()
        .enumerate()
        .map(|(idx, bytes)| BrokenFile {
            name: format!("broken{idx:03}.dcm"),
            bytes,
        })
        .collect()
}

/// A file whose data set was changed by `change`.
fn changed(change: impl FnOnce(&mut DataSet)) -> Vec<u8> {
    let mut data_set = data_set();
    change(&mut data_set);
    file_bytes(&data_set, Syntax::ExplicitLe)
}

/// One file for each change.
fn changed_each<T>(
    values: impl IntoIterator<Item = T>,
    change: impl Fn(&mut DataSet, T),
) -> Vec<BrokenFile> {
    many(
        values
            .into_iter()
            .map(|value| changed(|data_set| change(data_set, value))),
    )
}
