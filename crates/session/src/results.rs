use std::path::PathBuf;
use std::sync::Arc;

use case::{CaseId, ManifestItem, Sha256};
use series::Scan;

use crate::VolumeKey;

/// What the background can say: one closed list.
pub(crate) enum JobResult {
    /// The headers are read.
    Scanned {
        /// What was named.
        paths: Vec<PathBuf>,
        /// The case it was opened for, if it was one of the worklist.
        for_case: Option<CaseId>,
        /// What was found.
        scan: Scan,
    },
    /// All volumes are decoded as far as they can be, and as far as there is memory.
    Decoded,
    /// Every instance has its digest, and the documents that may be first reports are read.
    Hashed {
        /// By Study Instance UID.
        manifests: Vec<(String, Vec<ManifestItem>)>,
        /// Reports found among the documents of the current study.
        reports: Vec<FoundReport>,
    },
    /// The overlays over one slice, or why they cannot be read.
    Graphics {
        key: VolumeKey,
        slice_idx: usize,
        read: Result<series::SliceOverlays, String>,
    },
    /// A body that was drawn is counted, or why it cannot be.
    Body(Result<Box<crate::bodies::StandingBody>, String>),
    /// A body on record is grown again, for its borders; `None` where nothing grows.
    Section {
        of: Box<case::Geometry>,
        grown: Option<volume::Grown>,
        n_decoded: usize,
    },
    /// The elements of one image or two are read, or why they cannot be.
    Headers {
        generation: u64,
        read: crate::look_up::ReadHeaders,
    },
    /// The first report is split and paired.
    Paired(Box<Paired>),
    /// Files were written.
    Exported {
        /// Format, digest and place of each.
        files: Vec<(String, Sha256, PathBuf)>,
    },
    /// The worklist as it was asked for.
    Listed(Arc<crate::ListedCases>),
    /// A job ended with nothing to show.
    Stopped,
    /// A job failed.
    Failed {
        /// Stable name.
        code: &'static str,
        /// One sentence.
        text: String,
    },
}

impl JobResult {
    /// What a job that stopped in the middle is taken to have said.
    pub(crate) fn of_panic() -> Self {
        Self::Failed {
            code: "job_stopped",
            text: "work in the background stopped unexpectedly; open the study again, and report it if it comes back".into(),
        }
    }
}

/// A first report found among the opened files; it goes into the store sealed and is seen by nobody before.
pub(crate) struct FoundReport {
    pub(crate) bytes: Arc<Vec<u8>>,
    pub(crate) format: String,
    pub(crate) status: case::ReportStatus,
}

/// Statements of both reads and the rows.
pub(crate) struct Paired {
    pub(crate) case: CaseId,
    pub(crate) report_version: u32,
    pub(crate) first_text: String,
    pub(crate) first_author: String,
    pub(crate) first_issued: String,
    pub(crate) first: Vec<case::Statement>,
    pub(crate) second: Vec<case::Statement>,
    pub(crate) pairs: Vec<case::Pair>,
}
