use std::path::Path;

use serde_json::{Value, json};
use store::{SqliteStore, Store};

use crate::{BUILD, SessionError, memory_limit};

/// Transfer syntaxes whose pixels are decoded.
const CODECS: &[&str] = &[
    "Implicit VR Little Endian",
    "Explicit VR Little Endian",
    "Explicit VR Big Endian",
    "Deflated Explicit VR Little Endian",
    "Encapsulated Uncompressed",
    "RLE Lossless",
    "JPEG Baseline",
    "JPEG Lossless",
    "JPEG-LS",
    "JPEG 2000",
    "High-Throughput JPEG 2000",
];

/// `doctor --json`: what a support question needs. `adapter` comes from whoever can ask the GPU.
pub fn doctor(store_dir: &Path, adapter: Value) -> Value {
    let store = match SqliteStore::open(store_dir).and_then(|s| Ok((s.health()?, s.check()?))) {
        Ok((health, check)) => {
            json!({ "ok": check.problems.is_empty(), "folder": store_dir, "health": health, "check": check })
        }
        Err(error) => json!({ "ok": false, "folder": store_dir, "problem": error.to_string() }),
    };
    let memory = memory_limit();
    json!({
        "schema": "overread.doctor/1",
        "version": BUILD,
        "system": { "os": std::env::consts::OS, "architecture": std::env::consts::ARCH, "cores": cores() },
        "adapter": adapter,
        "codecs": CODECS,
        "limits": {
            "max_document_bytes": series::limits::MAX_DOCUMENT_BYTES,
            "max_picture_pixels": volume::MAX_PICTURE_PIXELS,
        },
        "memory": {
            "voxel_limit_bytes": memory.limit_bytes,
            "physical_bytes": memory.physical_bytes,
            "limit_set_by": memory.set_by.name(),
        },
        "fonts": ["Inter Regular", "Inter Medium", "Inter SemiBold", "JetBrains Mono Regular", "JetBrains Mono Medium", "Phosphor"],
        "store": store,
        "network": "off: this version has no network code",
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// `store check`: reads everything. The second value says whether all is as it was written.
///
/// # Errors
/// When the store cannot be opened.
pub fn store_check(dir: &Path) -> Result<(Value, bool), SessionError> {
    let report = SqliteStore::open(dir)?.check()?;
    let ok = report.problems.is_empty();
    Ok((
        json!({ "schema": "overread.store-check/1", "ok": ok, "report": report }),
        ok,
    ))
}

/// `store backup DIR`: copies the store and checks the copy.
///
/// # Errors
/// When the copy cannot be made or differs.
pub fn store_backup(dir: &Path, to: &Path) -> Result<Value, SessionError> {
    SqliteStore::open(dir)?.backup(to)?;
    Ok(json!({ "schema": "overread.store-backup/1", "folder": to }))
}

/// `store forget-headers`: removes what scans kept of headers in this folder. `None`: nothing is kept.
///
/// # Errors
/// When a file cannot be removed.
pub fn forget_headers(folder: Option<&Path>) -> Result<Value, SessionError> {
    if let Some(folder) = folder {
        series::HeaderIndex::clear(folder).map_err(|error| SessionError::Write {
            reason: error.kind().to_string(),
            path: folder.to_owned(),
        })?;
    }
    Ok(json!({ "schema": "overread.store-forget-headers/1", "folder": folder }))
}
