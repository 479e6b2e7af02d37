use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use series::{VolumePlan, Warning};
use volume::{ModalityLut, Stored, Volume, Voxels};

use crate::SessionError;
use crate::headless::Guard;
use crate::headless::guard::blinded;
use crate::headless::npy;
use crate::headless::scan::{scan_paths, warnings_json, with_path};

/// Which values go into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// As stored (DECISIONS 2).
    Stored,
    /// After the modality LUT, 32-bit float.
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
    let mut volumes = Vec::new();
    let mut warnings: Vec<Warning> = scan.warnings.clone();
    let mut kept = Vec::new();
    for study in &scan.studies {
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
                let captured = plan.capture == series::Capture::Secondary;
                if guard.is_blinded(&study.study_instance_uid) && captured && acquired {
                    return Err(blinded());
                }
                let volume = plan.empty_volume();
                let order: Vec<usize> = (0..plan.n_slices()).collect();
                let step = |_: usize| progress(volume.voxels.n_filled(), plan.n_slices());
                warnings.extend(series::decode_into(plan, &volume, &order, &step, &|| false));
                if request.hash {
                    n_values += hash_voxels(&volume, &mut hash);
                }
                if let Some(out) = &request.out {
                    let name = format!("{}-{volume_idx}", series.series_instance_uid);
                    volumes.push(write_volume(out, &name, plan, &volume, request.values)?);
                }
                // Everything stays in memory until the end, as the contract says.
                kept.push(volume);
            }
        }
    }
    let n_slices: usize = kept.iter().map(|v| v.voxels.n_filled()).sum();
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

/// Type of the stored values in NumPy's words.
fn descr(stored: Stored) -> &'static str {
    match stored {
        Stored::U8 | Stored::Rgb8 => "|u1",
        Stored::I8 => "|i1",
        Stored::U16 | Stored::Rgb16 => "<u2",
        Stored::I16 => "<i2",
        Stored::U32 => "<u4",
        Stored::I32 => "<i4",
        Stored::F32 => "<f4",
        Stored::F64 => "<f8",
    }
}

/// Calls `each` with the little-endian bytes of every filled slice, in volume order.
fn each_slice(
    volume: &Volume,
    mut each: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    for slice_idx in 0..volume.n_slices() {
        bytes.clear();
        macro_rules! put {
            ($planes:expr) => {
                if let Some(values) = $planes.slice(slice_idx) {
                    bytes.extend(values.iter().flat_map(|v| v.to_le_bytes()));
                    each(&bytes)?;
                }
            };
        }
        match &volume.voxels {
            Voxels::U8(p) => put!(p),
            Voxels::I8(p) => put!(p),
            Voxels::U16(p) => put!(p),
            Voxels::I16(p) => put!(p),
            Voxels::U32(p) => put!(p),
            Voxels::I32(p) => put!(p),
            Voxels::F32(p) => put!(p),
            Voxels::F64(p) => put!(p),
            Voxels::Rgb8(p) => {
                if let Some(values) = p.slice(slice_idx) {
                    bytes.extend(values.iter().flatten());
                    each(&bytes)?;
                }
            }
            Voxels::Rgb16(p) => {
                if let Some(values) = p.slice(slice_idx) {
                    bytes.extend(values.iter().flatten().flat_map(|v| v.to_le_bytes()));
                    each(&bytes)?;
                }
            }
        }
    }
    Ok(())
}

fn hash_voxels(volume: &Volume, hash: &mut sha2::Sha256) -> u64 {
    use sha2::Digest;
    let mut n_bytes = 0_u64;
    let done = each_slice(volume, |bytes| {
        hash.update(bytes);
        n_bytes += bytes.len() as u64;
        Ok(())
    });
    // Hashing in memory has nothing that could fail.
    debug_assert!(done.is_ok());
    let channels = if volume.voxels.stored().is_colour() {
        3
    } else {
        1
    };
    n_bytes / (volume.voxels.stored().n_bytes() as u64 / channels).max(1)
}

fn write_volume(
    out: &Path,
    name: &str,
    plan: &VolumePlan,
    volume: &Volume,
    values: Values,
) -> Result<Value, SessionError> {
    let failed = |e: &std::io::Error, path: &Path| SessionError::Write {
        reason: e.kind().to_string(),
        path: path.to_path_buf(),
    };
    std::fs::create_dir_all(out).map_err(|e| failed(&e, out))?;
    let filled: Vec<usize> = (0..volume.n_slices())
        .filter(|k| volume.voxels.is_filled(*k))
        .collect();
    let path = out.join(format!("{name}.npy"));
    write_npy(&path, volume, &filled, values).map_err(|e| failed(&e, &path))?;
    let side = sidecar(plan, volume, &filled);
    let side_path = out.join(format!("{name}.json"));
    let text = serde_json::to_vec_pretty(&side).unwrap_or_default();
    std::fs::write(&side_path, text).map_err(|e| failed(&e, &side_path))?;
    Ok(json!({ "npy": path, "json": side_path }))
}

fn write_npy(
    path: &Path,
    volume: &Volume,
    filled: &[usize],
    values: Values,
) -> std::io::Result<()> {
    let [columns, rows, _] = volume.grid.size;
    let stored = volume.voxels.stored();
    let mut shape = vec![filled.len(), rows, columns];
    let mut file = BufWriter::new(File::create(path)?);
    if values == Values::Stored || stored.is_colour() {
        if stored.is_colour() {
            shape.push(3);
        }
        file.write_all(&npy::header(descr(stored), &shape))?;
        each_slice(volume, |bytes| file.write_all(bytes))?;
        return file.flush();
    }
    file.write_all(&npy::header("<f4", &shape))?;
    for slice_idx in filled {
        for value in volume.slice_values(*slice_idx).unwrap_or_default() {
            file.write_all(&(value as f32).to_le_bytes())?;
        }
    }
    file.flush()
}

fn sidecar(plan: &VolumePlan, volume: &Volume, filled: &[usize]) -> Value {
    let frames: Vec<Value> = filled
        .iter()
        .filter_map(|k| plan.slices.get(*k)?.as_ref())
        .map(|s| json!({ "sop_instance_uid": s.sop_instance_uid(), "frame_number": s.frame_number, "file": s.source() }))
        .collect();
    let rescale = match &volume.modality_lut {
        ModalityLut::Identity => json!([{ "slope": 1.0, "intercept": 0.0 }]),
        ModalityLut::Rescale(all) => all
            .iter()
            .map(|r| json!({ "slope": r.slope, "intercept": r.intercept }))
            .collect(),
        ModalityLut::Table {
            first_value,
            entries,
        } => json!({ "first_value": first_value, "n_entries": entries.len() }),
    };
    json!({
        "schema": "overread.volume/1",
        "series_instance_uid": plan.series_instance_uid,
        "kind": series::geometry_kind_name(plan.kind),
        "frames": frames,
        "spacing_mm": plan.grid.spacing_mm(),
        "origin_mm": <[f64; 3]>::from(plan.grid.origin),
        "direction": plan.direction(),
        "transfer_syntaxes": plan.transfer_syntaxes(),
        "rescale": rescale,
        "warnings": warnings_json(plan.warnings.iter()),
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
