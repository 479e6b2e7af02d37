//! Objects that share their SOP Instance UID: copies are left out, different pictures are kept and named.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use volume::SliceVoxels;

use crate::decode::decode_instance_frame;
use crate::frame::Frame;
use crate::instance::Instance;
use crate::manifest::pixel_sha256;
use crate::warning::{Severity, Warning};

/// Pictures larger than this are not decoded during a scan only to compare them, bytes.
const MAX_COMPARED_BYTES: u64 = 256 * 1024 * 1024;

/// Leaves out files that are copies of others, and files that differ only in words or in how they are compressed;
/// objects that share their UID and show something else stay, with a warning.
pub(crate) fn without_copies(
    series_uid: &str,
    instances: Vec<Arc<Instance>>,
    warnings: &mut Vec<Warning>,
) -> Vec<Arc<Instance>> {
    let uids: HashSet<&str> = instances
        .iter()
        .map(|i| i.sop_instance_uid.as_str())
        .collect();
    if uids.len() == instances.len() {
        return instances;
    }
    drop(uids);
    let mut seen: HashMap<String, Vec<Twin>> = HashMap::new();
    let mut kept = Vec::with_capacity(instances.len());
    let (mut n_copies, mut n_same_pictures, mut conflict) = (0, 0, None);
    for instance in instances {
        let twins = seen.entry(instance.sop_instance_uid.clone()).or_default();
        let mut new = Twin::new(&instance);
        if instance.sop_instance_uid.is_empty() || twins.is_empty() {
            twins.push(new);
            kept.push(instance);
        } else if twins.iter_mut().any(|t| t.file() == new.file()) {
            n_copies += 1;
        } else if twins.iter_mut().any(|t| t.shows_the_same_as(&mut new)) {
            n_same_pictures += 1;
        } else {
            conflict = Some(instance.source.shown_path());
            twins.push(new);
            kept.push(instance);
        }
    }
    let mut warn = |code, severity, text: String| {
        warnings.push(Warning::new(code, severity, text).in_series(series_uid));
    };
    if 0 < n_copies {
        let text = format!("{n_copies} files are exact copies of others and were left out.");
        warn("duplicate_file", Severity::Info, text);
    }
    if 0 < n_same_pictures {
        let text = format!(
            "{n_same_pictures} files hold the same pictures at the same places as others of their UID and were left out; their other attributes differ."
        );
        warn("duplicate_same_picture", Severity::Info, text);
    }
    if let Some(path) = conflict {
        let text = "Different images share one SOP Instance UID; all are shown. Findings on them cannot be told apart by their UID.";
        warnings.push(
            Warning::new("duplicate_uid_differs", Severity::Warning, text)
                .at(path)
                .in_series(series_uid),
        );
    }
    kept
}

/// An object, and the hashes of its file and of its pixels, stored and decoded, once they were needed.
struct Twin {
    instance: Arc<Instance>,
    file: Option<[u8; 32]>,
    stored: Option<Option<[u8; 32]>>,
    pixels: Option<Option<String>>,
}

impl Twin {
    fn new(instance: &Arc<Instance>) -> Self {
        Self {
            instance: Arc::clone(instance),
            file: None,
            stored: None,
            pixels: None,
        }
    }

    fn file(&mut self) -> [u8; 32] {
        *self.file.get_or_insert_with(|| {
            let content = self.instance.source.open();
            let bytes = content.and_then(|c| c.read_all()).unwrap_or_default();
            Sha256::digest(bytes).into()
        })
    }

    fn pixels(&mut self) -> Option<&str> {
        let pixels = self
            .pixels
            .get_or_insert_with(|| pixel_hash(&self.instance));
        pixels.as_deref()
    }

    /// The same values at the same places. What cannot be decoded shows nothing and is never the same.
    fn shows_the_same_as(&mut self, other: &mut Self) -> bool {
        let (a, b) = (&self.instance, &other.instance);
        let is_alike = a.frames.len() == b.frames.len()
            && a.about.frame_of_reference_uid == b.about.frame_of_reference_uid
            && a.frames
                .iter()
                .zip(b.frames.iter())
                .all(|(a, b)| same_frame(a, b));
        if !is_alike {
            return false;
        }
        // Of one syntax equal pictures have equal bytes nearly always; only what was compressed anew must be decoded.
        if self.instance.transfer_syntax_uid == other.instance.transfer_syntax_uid {
            return self
                .stored()
                .is_some_and(|hash| other.stored() == Some(hash));
        }
        self.pixels()
            .is_some_and(|hash| other.pixels() == Some(hash))
    }

    /// The hash of the pixels as they are stored, to the end of the file where they are in fragments.
    fn stored(&mut self) -> Option<[u8; 32]> {
        *self.stored.get_or_insert_with(|| {
            let element = &self.instance.pixels.as_ref()?.element;
            let content = self.instance.source.open().ok()?;
            let left = content.len().checked_sub(element.offset)?;
            let len = element.len.map_or(left, |len| left.min(u64::from(len)));
            if MAX_COMPARED_BYTES < len {
                return None;
            }
            let bytes = content.read_range(element.offset, usize::try_from(len).ok()?);
            Some(Sha256::digest(bytes.ok()?).into())
        })
    }
}

fn same_frame(a: &Frame, b: &Frame) -> bool {
    a.position == b.position
        && a.orientation == b.orientation
        && a.spacing == b.spacing
        && a.values == b.values
        && a.keys == b.keys
}

/// The hash of all decoded frames; `None` when they are too many or any cannot be decoded.
fn pixel_hash(instance: &Arc<Instance>) -> Option<String> {
    let format = &instance.pixels.as_ref()?.format;
    let bytes = format
        .frame_bytes()
        .saturating_mul(u64::from(format.n_frames));
    if MAX_COMPARED_BYTES < bytes {
        return None;
    }
    let frames: Option<Vec<SliceVoxels>> = (1..=format.n_frames)
        .map(|number| decode_instance_frame(instance, number, &mut Vec::new()).ok())
        .collect();
    frames.map(|frames| pixel_sha256(frames.iter()))
}
