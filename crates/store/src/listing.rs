use case::{CaseId, Sha256};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::StoreError;

/// A case as a list of all cases needs it, without its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    /// Its name.
    pub case: CaseId,
    /// Hash of the newest entry of its log.
    pub head: Sha256,
    /// What was kept about the case as it is now; `None` where nothing was, or the log has gone on since. It is a copy of
    /// what the log says and proves nothing.
    pub kept: Option<Vec<u8>>,
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

pub(crate) fn listing(connection: &Connection) -> Result<Vec<ListedCase>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT case_id, hash, CASE WHEN kept_head = hash THEN kept END FROM case_head ORDER BY number",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(ListedCase {
            case: CaseId::new(row.get::<_, String>(0)?),
            head: Sha256::new(row.get::<_, String>(1)?),
            kept: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
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
