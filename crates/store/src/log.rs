use case::{CaseId, ChainBroken, Entry, Sha256, chain_hash};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::{StoreError, keys::SecretKey};

/// How a log must stand for entries to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// There is none yet.
    NewCase,
    /// There is one.
    Case,
}

/// The newest entry of a case, and how many there are.
struct Head {
    n_entries: u64,
    hash: String,
}

pub(crate) fn append(
    connection: &mut Connection,
    key: &SecretKey,
    case: &CaseId,
    entries: &[Entry],
    expect: Expect,
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    append_within(&transaction, key, case, (entries, expect))?;
    transaction.commit()?;
    Ok(())
}

/// Keeps the first entries of many new cases in one step, all or none.
pub(crate) fn create_many(
    connection: &mut Connection,
    key: &SecretKey,
    cases: &[(CaseId, Vec<Entry>)],
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (case, entries) in cases {
        append_within(&transaction, key, case, (entries, Expect::NewCase))?;
    }
    transaction.commit()?;
    Ok(())
}

/// Keeps further entries of many cases in one step, all or none.
pub(crate) fn append_many(
    connection: &mut Connection,
    key: &SecretKey,
    cases: &[(CaseId, Vec<Entry>)],
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (case, entries) in cases {
        append_within(&transaction, key, case, (entries, Expect::Case))?;
    }
    transaction.commit()?;
    Ok(())
}

fn append_within(
    transaction: &Transaction<'_>,
    key: &SecretKey,
    case: &CaseId,
    (entries, expect): (&[Entry], Expect),
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return Ok(());
    };
    check_among_themselves(case, entries)?;
    let head = head(transaction, key, case)?;
    match (&head, expect) {
        (Some(_), Expect::NewCase) => return Err(StoreError::CaseExists { case: case.clone() }),
        (None, Expect::Case) => return Err(StoreError::NoSuchCase { case: case.clone() }),
        _ => {}
    }
    let zero = Sha256::zero();
    let (n_entries, hash) = head.as_ref().map_or((0, zero.as_str()), |head| {
        (head.n_entries, head.hash.as_str())
    });
    if first.seq != n_entries + 1 || first.prev.as_str() != hash {
        return Err(StoreError::Conflict { case: case.clone() });
    }
    for entry in entries {
        insert(transaction, entry)?;
    }
    write_head(transaction, key, case, last)
}

fn check_among_themselves(case: &CaseId, entries: &[Entry]) -> Result<(), StoreError> {
    let bad = |what: &str| StoreError::BadEntries { what: what.into() };
    if entries.iter().any(|entry| entry.case != *case) {
        return Err(bad("one belongs to another case"));
    }
    if entries
        .iter()
        .any(|entry| entry.hash != entry.compute_hash())
    {
        return Err(bad("the content of one does not fit its hash"));
    }
    let follows = |pair: &[Entry]| match pair {
        [a, b] => b.seq == a.seq + 1 && b.prev == a.hash,
        _ => true,
    };
    if entries.windows(2).all(follows) {
        return Ok(());
    }
    Err(bad("they do not follow one another"))
}

/// Is this very entry in the log?
pub(crate) fn is_there(
    connection: &Connection,
    case: &CaseId,
    entry: Option<&Entry>,
) -> Result<bool, StoreError> {
    let Some(entry) = entry else {
        return Ok(true);
    };
    let found: Option<String> = connection
        .prepare("SELECT hash FROM event WHERE case_id = ?1 AND seq = ?2")?
        .query_row(params![case.as_str(), entry.seq as i64], |row| row.get(0))
        .optional()?;
    Ok(found.as_deref() == Some(entry.hash.as_str()))
}

fn insert(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), StoreError> {
    transaction
        .prepare(
            "INSERT INTO event (case_id, seq, kind, actor, body, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            entry.case.as_str(),
            entry.seq as i64,
            entry.event.kind(),
            entry.actor.as_str(),
            entry.canonical_bytes(),
            entry.prev.as_str(),
            entry.hash.as_str(),
        ])?;
    Ok(())
}

/// What the head's tag covers. A chain alone cannot show that its end was cut off; the head does, and its tag needs the
/// key of the store.
fn about_head(case: &CaseId, n_entries: u64, hash: &str) -> String {
    format!("end of the log\noverread.head/1\n{case}\n{n_entries}\n{hash}")
}

fn write_head(
    transaction: &Transaction<'_>,
    key: &SecretKey,
    case: &CaseId,
    last: &Entry,
) -> Result<(), StoreError> {
    let tag = key.seal(&[], &about_head(case, last.seq, last.hash.as_str()))?;
    transaction
        .prepare(
            "INSERT INTO case_head (case_id, n_entries, hash, nonce, tag) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (case_id) DO UPDATE SET
                n_entries = excluded.n_entries, hash = excluded.hash, nonce = excluded.nonce, tag = excluded.tag",
        )?
        .execute(params![
            case.as_str(),
            last.seq as i64,
            last.hash.as_str(),
            &tag.nonce[..],
            tag.ciphertext
        ])?;
    Ok(())
}

/// A row of `case_head`: number of entries, hash, nonce, tag.
type HeadRow = (i64, String, Vec<u8>, Vec<u8>);

fn head(
    connection: &Connection,
    key: &SecretKey,
    case: &CaseId,
) -> Result<Option<Head>, StoreError> {
    let row: Option<HeadRow> = connection
        .prepare("SELECT n_entries, hash, nonce, tag FROM case_head WHERE case_id = ?1")?
        .query_row([case.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((n_entries, hash, nonce, tag)) = row else {
        return Ok(None);
    };
    let n_entries = u64::try_from(n_entries).unwrap_or(0);
    key.open(&nonce, &tag, &about_head(case, n_entries, &hash))
        .map_err(|_| broken(case, n_entries, "the record of the log's end was altered"))?;
    Ok(Some(Head { n_entries, hash }))
}

/// Number of entries that the head names, unchecked; 0 without a case.
pub(crate) fn n_entries(connection: &Connection, case: &CaseId) -> Result<u64, StoreError> {
    let found: Option<i64> = connection
        .prepare("SELECT n_entries FROM case_head WHERE case_id = ?1")?
        .query_row([case.as_str()], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

pub(crate) fn entries(
    connection: &Connection,
    key: &SecretKey,
    case: &CaseId,
) -> Result<Vec<Entry>, StoreError> {
    // One reading transaction, so that the entries and the head are of the same moment.
    let snapshot = connection.unchecked_transaction()?;
    let head = head(&snapshot, key, case)?;
    let mut statement = snapshot.prepare(
        "SELECT seq, kind, actor, body, prev, hash FROM event WHERE case_id = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([case.as_str()])?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut prev = Sha256::zero();
    while let Some(row) = rows.next()? {
        let seq = entries.len() as u64 + 1;
        let entry = checked(row, case, seq, &prev)?;
        prev = entry.hash.clone();
        entries.push(entry);
    }
    match head {
        None if entries.is_empty() => Err(StoreError::NoSuchCase { case: case.clone() }),
        None => Err(broken(case, 1, "the record of the log's end is missing")),
        Some(head) if head.n_entries != entries.len() as u64 => {
            let first_missing = head.n_entries.min(entries.len() as u64) + 1;
            Err(broken(
                case,
                first_missing,
                "the log does not end where it was ended",
            ))
        }
        Some(head) if head.hash != prev.as_str() => Err(broken(
            case,
            head.n_entries,
            "it is not the entry that was written last",
        )),
        Some(_) => Ok(entries),
    }
}

/// Reads a row and checks that it is the entry that was written in its place.
fn checked(
    row: &rusqlite::Row<'_>,
    case: &CaseId,
    seq: u64,
    prev: &Sha256,
) -> Result<Entry, StoreError> {
    let unreadable = |_| broken(case, seq, "it cannot be read");
    let found_seq: i64 = row.get(0).map_err(unreadable)?;
    let kind: String = row.get(1).map_err(unreadable)?;
    let actor: String = row.get(2).map_err(unreadable)?;
    let body: Vec<u8> = row.get(3).map_err(unreadable)?;
    let found_prev: String = row.get(4).map_err(unreadable)?;
    let hash: String = row.get(5).map_err(unreadable)?;
    if u64::try_from(found_seq) != Ok(seq) {
        return Err(broken(case, seq, "it is missing"));
    }
    if found_prev != prev.as_str() {
        return Err(broken(case, seq, "it does not follow the entry before"));
    }
    if chain_hash(&body, prev).as_str() != hash {
        return Err(broken(case, seq, "its content does not fit its hash"));
    }
    let entry = Entry::from_canonical(&body, prev.clone(), Sha256::new(hash)).map_err(|_| {
        broken(
            case,
            seq,
            "this version of the program does not know its kind",
        )
    })?;
    let fits = entry.case == *case
        && entry.seq == seq
        && entry.event.kind() == kind
        && entry.actor.as_str() == actor;
    if !fits {
        return Err(broken(case, seq, "its row and its content differ"));
    }
    Ok(entry)
}

fn broken(case: &CaseId, seq: u64, what: &str) -> StoreError {
    StoreError::ChainBroken(ChainBroken {
        case: case.clone(),
        seq,
        what: what.to_owned(),
    })
}

pub(crate) fn case_ids(connection: &Connection) -> Result<Vec<CaseId>, StoreError> {
    // A case whose head was removed still shows, and then says that it is broken.
    let mut statement = connection.prepare(
        "SELECT case_id, number FROM case_head UNION ALL
         SELECT DISTINCT case_id, 9e15 FROM event WHERE case_id NOT IN (SELECT case_id FROM case_head)
         ORDER BY 2, 1",
    )?;
    let ids = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(ids
        .map(|id| id.map(CaseId::new))
        .collect::<Result<_, _>>()?)
}
