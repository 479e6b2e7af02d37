use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use series::{VolumePlan, Warning};
use volume::{Volume, VoxelBudget};

use crate::headless::Guard;
use crate::headless::guard::blinded;
use crate::headless::scan::{scan_paths, warnings_json, with_path};
use crate::headless::volume_file::{VolumeFile, slice_bytes};
use crate::{SessionError, memory_limit};

/// Which values go into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// As stored (DECISIONS 2), each picture whole as its object has it: a mosaic is one frame.
    Stored,
    /// After the modality LUT, 32-bit float; a mosaic is unpacked into its slices.
    Modality,
}

/// What `decode` is asked for.
#[derive(Clone, Debug)]
pub struct DecodeRequest {
    /// What to read.
    pub paths: Vec<PathBuf>,
    /// Where the files go; `None` writes nothing.
    pub out: Option<PathBuf>,
    /// Only this series.
    pub series: Option<String>,
    /// Stored or modality values.
    pub values: Values,
    /// Also give the SHA-256 of the stored values in volume order.
    pub hash: bool,
}

/// Decodes everything that was named. With `out`, one NumPy file and one JSON beside it for each volume.
///
/// # Errors
/// When nothing could be decoded, or the files cannot be written.
pub fn decode(
    request: &DecodeRequest,
    guard: &Guard,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Value, SessionError> {
    use sha2::Digest;
    let scan = scan_paths(&request.paths, &guard.access, &|_, _| {})?;
    let mut hash = sha2::Sha256::new();
    let mut n_values = 0_u64;
    let budget = VoxelBudget::new(memory_limit().limit_bytes);
    let mut volumes = Vec::new();
    let mut warnings: Vec<Warning> = scan.warnings.clone();
    let mut kept = Vec::new();
    for study in &scan.studies {
        guard.check_open(&study.study_instance_uid)?;
        let acquired = study
            .series
            .iter()
            .flat_map(|s| &s.volumes)
            .any(|v| v.capture == series::Capture::Acquired);
        for series in &study.series {
            if request
                .series
                .as_ref()
                .is_some_and(|uid| *uid != series.series_instance_uid)
            {
                continue;
            }
            for (volume_idx, plan) in series.volumes.iter().enumerate() {
                let as_stored = match request.values {
                    Values::Stored => plan.as_stored(),
                    Values::Modality => None,
                };
                let plan = as_stored.as_ref().unwrap_or(plan);
                let captured = plan.capture == series::Capture::Secondary;
                if guard.is_blinded(&study.study_instance_uid) && captured && acquired {
                    return Err(blinded());
                }
                let volume = plan.volume_within(budget.clone());
                let file = request.out.as_ref().map(|out| {
                    let name = format!("{}-{volume_idx}", series.series_instance_uid);
                    VolumeFile::create(out, &name, &volume, request.values)
                });
                let mut sinks = Sinks {
                    hash: request.hash.then_some(&mut hash),
                    n_values: 0,
                    file: file.transpose()?,
                };
                let step = |_: usize| progress(volume.voxels.n_decoded(), plan.n_slices());
                let found = decode_volume(plan, &volume, &budget, (&mut sinks, &step))?;
                warnings.extend(found);
                n_values += sinks.n_values;
                if let Some(file) = sinks.file {
                    volumes.push(file.finish(plan, &volume)?);
                }
                // What fits stays in memory until the end, as the contract says.
                kept.push(volume);
            }
        }
    }
    let n_slices: usize = kept.iter().map(|v| v.voxels.n_decoded()).sum();
    if n_slices == 0 {
        let worst = warnings.iter().max_by_key(|w| w.severity);
        return Err(match worst {
            Some(w) => SessionError::NothingRead {
                code: w.code,
                text: with_path(&w.text, w.path.as_deref()),
            },
            None => SessionError::NothingRead {
                code: "no_pixels",
                text: "nothing there has pixel data; name images".into(),
            },
        });
    }
    let mut answer = json!({
        "schema": "overread.decode/1",
        "n_volumes": kept.len(),
        "n_slices": n_slices,
        "files": volumes,
        "warnings": warnings_json(warnings.iter()),
    });
    if request.hash {
        answer["sha256"] = json!(hex(&hash.finalize()));
        answer["n_values"] = json!(n_values);
    }
    Ok(answer)
}

/// Where decoded slices go, in volume order.
struct Sinks<'a> {
    hash: Option<&'a mut sha2::Sha256>,
    n_values: u64,
    file: Option<VolumeFile>,
}

impl Sinks<'_> {
    fn is_idle(&self) -> bool {
        self.hash.is_none() && self.file.is_none()
    }

    fn put(&mut self, volume: &Volume, slice_idx: usize) -> Result<(), SessionError> {
        use sha2::Digest;
        if let Some(hash) = &mut self.hash
            && let Some(bytes) = slice_bytes(volume, slice_idx)
        {
            let stored = volume.voxels.stored();
            let n_channels = if stored.is_colour() { 3 } else { 1 };
            self.n_values += bytes.len() as u64 / (stored.n_bytes() as u64 / n_channels).max(1);
            hash.update(&bytes);
        }
        match &mut self.file {
            Some(file) => file.put(volume, slice_idx),
            None => Ok(()),
        }
    }
}

/// Decodes a volume whole where it fits the budget, else a window of slices after the other, each let go once it has been
/// put where it goes.
fn decode_volume(
    plan: &VolumePlan,
    volume: &Volume,
    budget: &Arc<VoxelBudget>,
    (sinks, on_slice): (&mut Sinks<'_>, &(dyn Fn(usize) + Sync)),
) -> Result<Vec<Warning>, SessionError> {
    let n_slices = plan.n_slices();
    let fits = budget.fits(plan.voxel_bytes());
    // Half of what is free, so that what is being decoded has room beside what is there.
    let free_bytes = budget.limit_bytes().saturating_sub(budget.used_bytes()) / 2;
    let slice_bytes =
        (plan.format.n_pixels() as u64 * volume.voxels.stored().n_bytes() as u64).max(1);
    let n_window = if fits {
        n_slices
    } else {
        usize::try_from(free_bytes / slice_bytes).unwrap_or(n_slices)
    };
    let mut warnings = Vec::new();
    let all: Vec<usize> = (0..n_slices).collect();
    for window in all.chunks(n_window.max(1)) {
        warnings.extend(series::decode_into(plan, volume, window, on_slice, &|| {
            false
        }));
        for slice_idx in window {
            if !sinks.is_idle() {
                sinks.put(volume, *slice_idx)?;
            }
            if !fits {
                volume.voxels.let_go(*slice_idx);
            }
        }
    }
    Ok(series::merge_slice_warnings(warnings))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
