use case::{CaseId, Sha256};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::StoreError;

/// A case as a list of all cases needs it, without its log. Lent for a moment: a list of 100,000 cases makes no text for
/// each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedCase<'a> {
    /// Its name.
    pub case: &'a str,
    /// What was kept about the case as it is now; `None` where nothing was, or the log has gone on since. It is a copy of
    /// what the log says and proves nothing.
    pub kept: Option<&'a [u8]>,
}

/// What is kept about a case, so that a list need not read its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCase {
    /// Its name.
    pub case: CaseId,
    /// Hash of the newest entry that it was made of.
    pub head: Sha256,
    /// What is kept, in a form that the caller knows.
    pub body: Vec<u8>,
}

pub(crate) fn listing(
    connection: &Connection,
    each: &mut dyn FnMut(ListedCase<'_>),
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(
        "SELECT case_id, CASE WHEN kept_head = hash THEN kept END FROM case_head ORDER BY number",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let unreadable = |error: rusqlite::types::FromSqlError| StoreError::Damaged {
            reason: error.to_string(),
        };
        each(ListedCase {
            case: row.get_ref(0)?.as_str().map_err(unreadable)?,
            kept: row.get_ref(1)?.as_blob_or_null().map_err(unreadable)?,
        });
    }
    Ok(())
}

pub(crate) fn keep(connection: &mut Connection, cases: &[KeptCase]) -> Result<(), StoreError> {
    if cases.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement = transaction
            .prepare("UPDATE case_head SET kept_head = ?2, kept = ?3 WHERE case_id = ?1")?;
        for KeptCase { case, head, body } in cases {
            statement.execute(params![case.as_str(), head.as_str(), body])?;
        }
    }
    transaction.commit()?;
    Ok(())
}
