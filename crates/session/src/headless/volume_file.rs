//! A decoded volume as files: its values for NumPy, and a JSON beside them that says what they are.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use series::{SliceSource, VolumePlan};
use volume::{ModalityLut, Stored, Volume, Voxels};

use crate::SessionError;
use crate::headless::decode::Values;
use crate::headless::npy;
use crate::headless::scan::warnings_json;

/// The two files of a volume while slices are added, in volume order.
pub(crate) struct VolumeFile {
    path: PathBuf,
    out: BufWriter<File>,
    values: Values,
    /// Bytes of the header, which is written again once it is known how many slices there are.
    n_header_bytes: usize,
    written: Vec<usize>,
}

impl VolumeFile {
    /// Begins the file `name.npy` in a folder.
    pub(crate) fn create(
        folder: &Path,
        name: &str,
        volume: &Volume,
        values: Values,
    ) -> Result<Self, SessionError> {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e, folder))?;
        let path = folder.join(format!("{name}.npy"));
        let begin = || {
            let mut out = BufWriter::new(File::create(&path)?);
            let header = header_of(volume, values, volume.n_slices());
            out.write_all(&header)?;
            Ok((out, header.len()))
        };
        let (out, n_header_bytes) = begin().map_err(|e| failed(&e, &path))?;
        Ok(Self {
            path,
            out,
            values,
            n_header_bytes,
            written: Vec::new(),
        })
    }

    /// Adds a slice; a hole is left out.
    pub(crate) fn put(&mut self, volume: &Volume, slice_idx: usize) -> Result<(), SessionError> {
        let bytes = match self.values {
            Values::Modality if !volume.voxels.stored().is_colour() => {
                volume.slice_values(slice_idx).map(|values| {
                    let values = values.into_iter();
                    values.flat_map(|v| (v as f32).to_le_bytes()).collect()
                })
            }
            Values::Modality | Values::Stored => slice_bytes(volume, slice_idx),
        };
        if let Some(bytes) = bytes {
            let written = self.out.write_all(&bytes);
            written.map_err(|e| failed(&e, &self.path))?;
            self.written.push(slice_idx);
        }
        Ok(())
    }

    /// Ends both files and names them.
    pub(crate) fn finish(
        mut self,
        plan: &VolumePlan,
        volume: &Volume,
    ) -> Result<Value, SessionError> {
        let header = header_of(volume, self.values, self.written.len());
        self.set_header(&header)
            .map_err(|e| failed(&e, &self.path))?;
        let side = sidecar(plan, volume, &self.written);
        let side_path = self.path.with_extension("json");
        let text = serde_json::to_vec_pretty(&side).unwrap_or_default();
        std::fs::write(&side_path, text).map_err(|e| failed(&e, &side_path))?;
        Ok(json!({ "npy": self.path, "json": side_path }))
    }

    /// The header with the number of slices that came: a smaller number never needs more room.
    fn set_header(&mut self, header: &[u8]) -> std::io::Result<()> {
        let mut header = header.to_vec();
        // Spaces before the line end fill a header up (NumPy format 1.0); its length is in bytes 8 and 9.
        if header.len() < self.n_header_bytes {
            header.pop();
            header.resize(self.n_header_bytes - 1, b' ');
            header.push(b'\n');
            let n_text = u16::try_from(self.n_header_bytes - 10).unwrap_or(u16::MAX);
            if let Some(place) = header.get_mut(8..10) {
                place.copy_from_slice(&n_text.to_le_bytes());
            }
        }
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header)?;
        self.out.flush()
    }
}

fn failed(error: &std::io::Error, path: &Path) -> SessionError {
    SessionError::Write {
        reason: error.kind().to_string(),
        path: path.to_path_buf(),
    }
}

fn header_of(volume: &Volume, values: Values, n_slices: usize) -> Vec<u8> {
    let [columns, rows, _] = volume.grid.size;
    let stored = volume.voxels.stored();
    let mut shape = vec![n_slices, rows, columns];
    if stored.is_colour() {
        shape.push(3);
        return npy::header(descr(stored), &shape);
    }
    match values {
        Values::Stored => npy::header(descr(stored), &shape),
        Values::Modality => npy::header("<f4", &shape),
    }
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

/// The stored values of a slice as little-endian bytes; `None` for a hole.
pub(crate) fn slice_bytes(volume: &Volume, slice_idx: usize) -> Option<Vec<u8>> {
    macro_rules! bytes {
        ($planes:expr) => {
            $planes
                .slice(slice_idx)?
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect()
        };
    }
    Some(match &volume.voxels {
        Voxels::U8(p) => bytes!(p),
        Voxels::I8(p) => bytes!(p),
        Voxels::U16(p) => bytes!(p),
        Voxels::I16(p) => bytes!(p),
        Voxels::U32(p) => bytes!(p),
        Voxels::I32(p) => bytes!(p),
        Voxels::F32(p) => bytes!(p),
        Voxels::F64(p) => bytes!(p),
        Voxels::Rgb8(p) => p.slice(slice_idx)?.iter().flatten().copied().collect(),
        Voxels::Rgb16(p) => p
            .slice(slice_idx)?
            .iter()
            .flatten()
            .flat_map(|v| v.to_le_bytes())
            .collect(),
    })
}

/// Which frame of which object a slice is; of a slice that is a tile of a mosaic, its number too.
fn frame_json(slice: &SliceSource) -> Value {
    let mut frame = json!({
        "sop_instance_uid": slice.sop_instance_uid(),
        "frame_number": slice.frame_number,
        "file": slice.source(),
    });
    if let Some(number) = slice.tile_number {
        frame["tile_number"] = json!(number);
    }
    frame
}

fn sidecar(plan: &VolumePlan, volume: &Volume, filled: &[usize]) -> Value {
    let frames: Vec<Value> = filled
        .iter()
        .filter_map(|k| plan.slices.get(*k)?.as_ref())
        .map(frame_json)
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
