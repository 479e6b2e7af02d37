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
        "SELECT h.case_id, h.hash, CASE WHEN k.head = h.hash THEN k.body END
         FROM case_head h LEFT JOIN kept_case k ON k.case_id = h.case_id ORDER BY h.number",
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
        let mut statement = transaction.prepare(
            "INSERT INTO kept_case (case_id, head, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (case_id) DO UPDATE SET head = excluded.head, body = excluded.body",
        )?;
        for KeptCase { case, head, body } in cases {
            statement.execute(params![case.as_str(), head.as_str(), body])?;
        }
    }
    transaction.commit()?;
    Ok(())
}
