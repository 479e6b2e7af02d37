use std::path::PathBuf;

use case::{CaseId, ChainBroken};

/// Why the store did not do something. No message holds patient data; a path stands last.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made, read or written.
    #[error(
        "the store's folder cannot be used ({reason}); choose a folder that you may write to, not {folder}"
    )]
    Folder {
        /// What the system says.
        reason: String,
        /// Where.
        folder: PathBuf,
    },
    /// The file is not a store of this program.
    #[error("the database is not a store of this program; choose another folder than {folder}")]
    NotAStore {
        /// Where.
        folder: PathBuf,
    },
    /// The store was written by a newer version.
    #[error(
        "the store has format {found}, this version knows formats up to {known}; update the program"
    )]
    Newer {
        /// Format of the store.
        found: i64,
        /// Newest format that this version knows.
        known: i64,
    },
    /// The SQLite in this build has known defects in its write-ahead log.
    #[error(
        "SQLite {found} is older than {needed}, which the store needs; use a build with a newer SQLite"
    )]
    SqliteTooOld {
        /// Version in use.
        found: String,
        /// Oldest version that is good.
        needed: &'static str,
    },
    /// A setting that durability rests on did not take.
    #[error(
        "the database did not accept {name} = {wanted} (it says {found}); move the store to a local disk"
    )]
    Pragma {
        /// Which.
        name: &'static str,
        /// As it must be.
        wanted: String,
        /// As it is.
        found: String,
    },
    /// Another program wrote to the case since it was loaded.
    #[error(
        "case {case} was changed by another window or command; load it again and repeat the step"
    )]
    Conflict {
        /// Which.
        case: CaseId,
    },
    /// Another program keeps the store locked.
    #[error(
        "another program{} keeps the store locked; wait until it is done and repeat the step",
        holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default()
    )]
    Busy {
        /// Who, where the system tells.
        holder: Option<crate::Holder>,
    },
    /// The disk is full. Nothing of the change was kept.
    #[error("nothing was saved, the disk is full; free some space and repeat the step")]
    DiskFull,
    /// The disk failed. The change counts as not saved.
    #[error(
        "nothing was saved, the disk failed ({reason}); export the case to another disk and check this one"
    )]
    NotSaved {
        /// What the system says.
        reason: String,
    },
    /// There is no such case.
    #[error("there is no case {case} in this store; list the cases to see their names")]
    NoSuchCase {
        /// Which.
        case: CaseId,
    },
    /// The case exists already.
    #[error("the case {case} exists already; choose another name")]
    CaseExists {
        /// Which.
        case: CaseId,
    },
    /// Entries that do not fit together were to be written.
    #[error("these entries cannot be written: {what}; load the case again")]
    BadEntries {
        /// What does not fit.
        what: String,
    },
    /// A log is not as it was written.
    #[error(transparent)]
    ChainBroken(#[from] ChainBroken),
    /// There is no such sealed report.
    #[error("case {case} has no sealed report of version {version}; attach it again")]
    NoSuchReport {
        /// Which case.
        case: CaseId,
        /// Which version.
        version: u32,
    },
    /// A report version was to be overwritten.
    #[error(
        "version {version} of the first report of case {case} is recorded already; attach the file as a new version"
    )]
    ReportRecorded {
        /// Which case.
        case: CaseId,
        /// Which version.
        version: u32,
    },
    /// A reading path would be longer than one may be.
    #[error("the reading path of case {case} is as long as one may be; seal the read, it is kept")]
    PathTooLong {
        /// Which.
        case: CaseId,
    },
    /// Sealed bytes do not open: they, their key or the store's key were altered.
    #[error(
        "the sealed {what} does not open, it or its key was altered; restore the newest backup that verifies"
    )]
    SealedDamaged {
        /// What.
        what: String,
    },
    /// The key file is gone.
    #[error(
        "the key file of the store is missing; put back store.key from the backup into {folder}"
    )]
    KeyMissing {
        /// Where it should be.
        folder: PathBuf,
    },
    /// The key file belongs to another store, or was altered.
    #[error(
        "the key file does not fit the store; put back store.key from the backup into {folder}"
    )]
    WrongKey {
        /// Where it is.
        folder: PathBuf,
    },
    /// The operating system gave no random bytes.
    #[error(
        "the operating system gave no random bytes for a key ({reason}); restart it and try again"
    )]
    NoRandom {
        /// What the system says.
        reason: String,
    },
    /// A signature does not fit.
    #[error(transparent)]
    BadSignature(#[from] crate::BadSignature),
    /// The target of a backup holds something already.
    #[error(
        "the backup was not made, its folder holds a store already; name a new folder, not {folder}"
    )]
    BackupExists {
        /// Where.
        folder: PathBuf,
    },
    /// The copy is not the same as the store.
    #[error(
        "the backup does not match the store ({what}) and was not kept; check the disk and back up again"
    )]
    BackupDiffers {
        /// What differs.
        what: String,
    },
    /// The database file is damaged.
    #[error("the database is damaged ({reason}); restore the newest backup that verifies")]
    Damaged {
        /// What SQLite says.
        reason: String,
    },
    /// Anything else that SQLite says.
    #[error("the database refused ({reason}); check the disk and repeat the step")]
    Database {
        /// What SQLite says.
        reason: String,
    },
}

impl StoreError {
    /// The same with who keeps the store locked, where that is why.
    pub(crate) fn with_holder(self, database: &std::path::Path) -> Self {
        match self {
            Self::Busy { holder: None } => Self::Busy {
                holder: crate::holder::holder_of(database),
            },
            other => other,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let reason = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy { holder: None },
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::SystemIoFailure | Code::ReadOnly | Code::CannotOpen) => {
                Self::NotSaved { reason }
            }
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged { reason },
            _ => Self::Database { reason },
        }
    }
}
