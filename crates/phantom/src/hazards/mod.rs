//! Sound files that mislead a careless reader, each with what a careful one must make of it: the codes of its
//! warnings, and the volumes that it finds.

mod enhanced;
mod identity;
mod kinds;
mod projections;
mod slices;

use crate::broken::BrokenFile;
use crate::data_set::{DataSet, Value};
use crate::part10::{Syntax, file_bytes};
use crate::raw::{SeriesSpec, Voxel};
use dicom_dictionary_std::tags;

/// One way of misleading.
#[derive(Clone, Copy, Debug)]
pub struct Hazard {
    /// What is odd, as a name.
    pub name: &'static str,
    /// The codes of all warnings, sorted, each as often as it is said.
    pub codes: &'static [&'static str],
    /// What there is to be seen, in the order of studies, series and volumes.
    pub parts: &'static [Part],
    build: fn() -> Vec<BrokenFile>,
}

impl Hazard {
    /// Builds the files in memory.
    pub fn files(&self) -> Vec<BrokenFile> {
        (self.build)()
    }
}

/// One volume, stack or picture that must be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// `volume`, `stack`, `multiframe` or `single`.
    pub kind: &'static str,
    /// Places, those of missing slices included.
    pub n_slices: usize,
    /// Places without a slice.
    pub n_missing: usize,
    /// What the thumbnail says of it.
    pub label: &'static str,
}

/// Returns all hazards.
pub fn all() -> Vec<Hazard> {
    [
        slices::HAZARDS,
        identity::HAZARDS,
        projections::HAZARDS,
        enhanced::HAZARDS,
        kinds::HAZARDS,
    ]
    .concat()
}

/// A row of a table of hazards.
const fn hazard(
    name: &'static str,
    codes: &'static [&'static str],
    parts: &'static [Part],
    build: fn() -> Vec<BrokenFile>,
) -> Hazard {
    Hazard {
        name,
        codes,
        parts,
        build,
    }
}

const fn part(kind: &'static str, n_slices: usize, n_missing: usize, label: &'static str) -> Part {
    Part {
        kind,
        n_slices,
        n_missing,
        label,
    }
}

/// A whole volume of slices without a label.
const fn volume(n_slices: usize) -> Part {
    part("volume", n_slices, 0, "")
}

/// The sound series that hazards are made from: six axial slices 1 mm apart.
fn sound() -> SeriesSpec {
    SeriesSpec::ct("hazard", 8, 8, 6)
}

fn value(voxel: Voxel) -> i64 {
    10 * voxel.col_idx as i64 + voxel.row_idx as i64 + 100 * voxel.slice_idx as i64
}

/// The files of a series as they are.
fn plain(spec: &SeriesSpec) -> Vec<BrokenFile> {
    changed(spec, |_, _| {})
}

/// The files of a series, each data set changed by `change`, which is told the 0-based slice.
fn changed(spec: &SeriesSpec, change: impl Fn(usize, &mut DataSet)) -> Vec<BrokenFile> {
    let kept = (0..spec.n_slices).filter(|k| !spec.dropped.contains(k));
    let data_sets = kept.map(|k| {
        let mut data_set = spec.slice_data_set(k, k + 1, &value);
        change(k, &mut data_set);
        data_set
    });
    written(data_sets)
}

/// One object of all slices as frames, changed by `change`.
fn object(spec: &SeriesSpec, change: impl FnOnce(&mut DataSet)) -> Vec<BrokenFile> {
    let slice_idxs: Vec<usize> = (0..spec.n_slices).collect();
    let mut data_set = spec.multi_frame_data_set(&slice_idxs, &value);
    change(&mut data_set);
    written([data_set])
}

fn written(data_sets: impl IntoIterator<Item = DataSet>) -> Vec<BrokenFile> {
    data_sets
        .into_iter()
        .enumerate()
        .map(|(idx, data_set)| BrokenFile {
            name: format!("{idx:03}.dcm"),
            bytes: file_bytes(&data_set, Syntax::ExplicitLe),
        })
        .collect()
}

/// Two sets of files side by side, each in a folder of its own.
fn both(first: Vec<BrokenFile>, second: Vec<BrokenFile>) -> Vec<BrokenFile> {
    let inside = |folder: &str, files: Vec<BrokenFile>| -> Vec<BrokenFile> {
        let moved = files.into_iter().map(|file| BrokenFile {
            name: format!("{folder}/{}", file.name),
            ..file
        });
        moved.collect()
    };
    [inside("a", first), inside("b", second)].concat()
}

/// The items of a sequence; empty where there is none.
fn items(data_set: &DataSet, tag: dicom_core::Tag) -> Vec<DataSet> {
    match data_set.get(tag) {
        Some(Value::Items(items)) => items.clone(),
        _ => Vec::new(),
    }
}

/// Changes the functional groups of each frame, 0-based.
fn each_frame(data_set: &mut DataSet, change: impl Fn(usize, &mut DataSet)) {
    let mut groups = items(data_set, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    groups
        .iter_mut()
        .enumerate()
        .for_each(|(idx, group)| change(idx, group));
    data_set.put(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups);
}

/// Changes the shared functional groups.
fn shared(data_set: &mut DataSet, change: impl Fn(&mut DataSet)) {
    let mut groups = items(data_set, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    groups.iter_mut().for_each(change);
    data_set.put(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, groups);
}

/// One item with one element.
fn item(tag: dicom_core::Tag, value: impl Into<Value>) -> Vec<DataSet> {
    let mut data_set = DataSet::new();
    data_set.put(tag, value);
    vec![data_set]
}
