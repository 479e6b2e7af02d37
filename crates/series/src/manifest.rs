use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use volume::SliceVoxels;

use crate::model::{Series, Study};
use crate::refusal::Refusal;
use crate::source::{Content, Source};

/// What a read was made on: one entry an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// SOP Instance UID.
    pub sop_instance_uid: String,
    /// SHA-256 of the object's bytes as they lie in the file or archive, lower-case hexadecimal.
    pub sha256: String,
}

/// SHA-256 of a file's bytes, lower-case hexadecimal.
///
/// # Errors
/// When the file cannot be read.
pub fn file_sha256(path: &Path) -> Result<String, Refusal> {
    content_sha256(&Content::open(path)?)
}

/// SHA-256 of an object's bytes, in a file or in an archive, lower-case hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub fn source_sha256(source: &Source) -> Result<String, Refusal> {
    content_sha256(&source.open()?)
}

fn content_sha256(content: &Content) -> Result<String, Refusal> {
    const BLOCK_BYTES: u64 = 1 << 20;
    let mut hash = Sha256::new();
    let mut at = 0;
    while at < content.len() {
        let len = BLOCK_BYTES.min(content.len() - at);
        hash.update(content.read_range(at, len as usize)?);
        at += len;
    }
    Ok(hex(&hash.finalize()))
}

/// The manifest of a study's images and documents, by SOP Instance UID.
///
/// # Errors
/// When a file that was scanned can no longer be read.
pub fn manifest(study: &Study) -> Result<Vec<ManifestEntry>, Refusal> {
    use rayon::prelude::*;
    let of_series = |s: &Series| -> Vec<(String, Source)> {
        let slices = s.volumes.iter().flat_map(|v| v.slices.iter().flatten());
        slices
            .map(|s| (s.sop_instance_uid().to_owned(), s.source().clone()))
            .collect()
    };
    let mut objects: Vec<(String, Source)> = study.series.iter().flat_map(of_series).collect();
    objects.extend(
        study
            .documents
            .iter()
            .map(|d| (d.sop_instance_uid.clone(), d.source.clone())),
    );
    objects.sort_by(|a, b| (&a.0, a.1.shown_path()).cmp(&(&b.0, b.1.shown_path())));
    objects.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    let entry = |(sop_instance_uid, source): (String, Source)| {
        source_sha256(&source).map(|sha256| ManifestEntry {
            sop_instance_uid,
            sha256,
        })
    };
    crate::threads::pool().install(|| objects.into_par_iter().map(entry).collect())
}

/// SHA-256 of the decoded stored values in little-endian order, lower-case hexadecimal.
pub fn pixel_sha256<'a>(slices: impl IntoIterator<Item = &'a SliceVoxels>) -> String {
    let mut hash = Sha256::new();
    slices
        .into_iter()
        .for_each(|slice| update(&mut hash, slice));
    hex(&hash.finalize())
}

fn update(hash: &mut Sha256, slice: &SliceVoxels) {
    macro_rules! each {
        ($values:expr) => {
            if cfg!(target_endian = "little") {
                hash.update(bytemuck::cast_slice::<_, u8>($values))
            } else {
                $values.iter().for_each(|v| hash.update(v.to_le_bytes()))
            }
        };
    }
    match slice {
        SliceVoxels::U8(v) => hash.update(v),
        SliceVoxels::I8(v) => each!(v),
        SliceVoxels::U16(v) => each!(v),
        SliceVoxels::I16(v) => each!(v),
        SliceVoxels::U32(v) => each!(v),
        SliceVoxels::I32(v) => each!(v),
        SliceVoxels::F32(v) => each!(v),
        SliceVoxels::F64(v) => each!(v),
        SliceVoxels::Rgb8(v) => hash.update(bytemuck::cast_slice::<_, u8>(v)),
        SliceVoxels::Rgb16(v) => each!(v.as_flattened()),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
