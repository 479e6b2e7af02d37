use case::{CaseId, Event, IntakeFinding, IntakePermit, RevealPermit, Sha256};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::{StoreError, keys::SecretKey};

/// A first report as it lies in the store: ciphertext (ChaCha20-Poly1305, tag at the end).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedReport {
    /// Number of the version.
    pub version: u32,
    /// Digest of the plain bytes.
    pub sha256: Sha256,
    /// The number used once.
    pub nonce: [u8; 12],
    /// Ciphertext and tag.
    pub ciphertext: Vec<u8>,
    /// What must be given besides key and nonce to open it.
    pub associated: String,
}

fn about_report(case: &CaseId, version: u32, sha256: &Sha256) -> String {
    format!("report\noverread.report/1\n{case}\n{version}\n{sha256}")
}

fn about_key(case: &CaseId, version: u32) -> String {
    format!("report key\noverread.report_key/1\n{case}\n{version}")
}

pub(crate) fn put(
    connection: &mut Connection,
    store_key: &SecretKey,
    case: &CaseId,
    version: u32,
    plain: &[u8],
) -> Result<Sha256, StoreError> {
    let sha256 = Sha256::of(plain);
    let key = SecretKey::random()?;
    let report = key.seal(plain, &about_report(case, version, &sha256))?;
    let wrapped = store_key.seal(key.bytes(), &about_key(case, version))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match attached(&transaction, case, version)? {
        Some(recorded) if recorded == sha256 && sealed(&transaction, case, version).is_ok() => {
            return Ok(sha256);
        }
        // The log names these bytes but they are gone: they may be put back.
        Some(recorded) if recorded == sha256 => {}
        Some(_) => {
            return Err(StoreError::ReportRecorded {
                case: case.clone(),
                version,
            });
        }
        None => {}
    }
    let row = params![case.as_str(), version];
    transaction.execute(
        "DELETE FROM sealed_report WHERE case_id = ?1 AND version = ?2",
        row,
    )?;
    transaction.execute(
        "INSERT INTO sealed_report (case_id, version, sha256, nonce, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![case.as_str(), version, sha256.as_str(), &report.nonce[..], report.ciphertext],
    )?;
    transaction.execute(
        "INSERT INTO report_key (case_id, version, nonce, wrapped) VALUES (?1, ?2, ?3, ?4)",
        params![
            case.as_str(),
            version,
            &wrapped.nonce[..],
            wrapped.ciphertext
        ],
    )?;
    transaction.commit()?;
    Ok(sha256)
}

/// The digest that the log names for a version of the report; `None` when no entry attaches it.
fn attached(
    connection: &Connection,
    case: &CaseId,
    version: u32,
) -> Result<Option<Sha256>, StoreError> {
    let mut statement = connection
        .prepare("SELECT body FROM event WHERE case_id = ?1 AND kind = 'report_attached'")?;
    let bodies = statement.query_map([case.as_str()], |row| row.get::<_, Vec<u8>>(0))?;
    for body in bodies {
        let entry = case::Entry::from_canonical(&body?, Sha256::zero(), Sha256::zero());
        if let Ok(entry) = entry
            && let Event::ReportAttached {
                version: number,
                sha256,
                ..
            } = entry.event
            && number == version
        {
            return Ok(Some(sha256));
        }
    }
    Ok(None)
}

/// A row of `sealed_report`: digest, nonce, ciphertext.
type ReportRow = (String, Vec<u8>, Vec<u8>);

pub(crate) fn sealed(
    connection: &Connection,
    case: &CaseId,
    version: u32,
) -> Result<SealedReport, StoreError> {
    let row: Option<ReportRow> = connection
        .prepare(
            "SELECT sha256, nonce, ciphertext FROM sealed_report WHERE case_id = ?1 AND version = ?2",
        )?
        .query_row(params![case.as_str(), version], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (sha256, nonce, ciphertext) = row.ok_or_else(|| StoreError::NoSuchReport {
        case: case.clone(),
        version,
    })?;
    let sha256 = Sha256::new(sha256);
    Ok(SealedReport {
        version,
        associated: about_report(case, version, &sha256),
        sha256,
        nonce: nonce.try_into().map_err(|_| StoreError::SealedDamaged {
            what: "report".into(),
        })?,
        ciphertext,
    })
}

fn report_key(
    connection: &Connection,
    store_key: &SecretKey,
    case: &CaseId,
    version: u32,
) -> Result<SecretKey, StoreError> {
    let row: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare("SELECT nonce, wrapped FROM report_key WHERE case_id = ?1 AND version = ?2")?
        .query_row(params![case.as_str(), version], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (nonce, wrapped) = row.ok_or_else(|| StoreError::NoSuchReport {
        case: case.clone(),
        version,
    })?;
    let key = store_key.open(&nonce, &wrapped, &about_key(case, version))?;
    let key = key.try_into().map_err(|_| StoreError::SealedDamaged {
        what: "report key".into(),
    })?;
    Ok(SecretKey::from_bytes(key))
}

/// Without a permit: only for the functions below, and for the check of the store, which drops what it reads.
pub(crate) fn plain(
    connection: &Connection,
    store_key: &SecretKey,
    case: &CaseId,
    version: u32,
) -> Result<Vec<u8>, StoreError> {
    let report = sealed(connection, case, version)?;
    let key = report_key(connection, store_key, case, version)?;
    key.open(&report.nonce, &report.ciphertext, &report.associated)
}

pub(crate) fn open(
    connection: &Connection,
    store_key: &SecretKey,
    version: u32,
    permit: &RevealPermit,
) -> Result<Vec<u8>, StoreError> {
    plain(connection, store_key, permit.case(), version)
}

pub(crate) fn key_of(
    connection: &Connection,
    store_key: &SecretKey,
    version: u32,
    permit: &RevealPermit,
) -> Result<[u8; 32], StoreError> {
    Ok(*report_key(connection, store_key, permit.case(), version)?.bytes())
}

pub(crate) fn inspect(
    connection: &Connection,
    store_key: &SecretKey,
    version: u32,
    permit: &IntakePermit,
    look: &mut dyn FnMut(&[u8]) -> Vec<IntakeFinding>,
) -> Result<Vec<IntakeFinding>, StoreError> {
    Ok(look(&plain(connection, store_key, permit.case(), version)?))
}
