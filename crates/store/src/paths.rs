use case::{Case, CaseId, MAX_PATH_BYTES, PathKey, PathPermit, PathSeal};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::{StoreError, keys::SecretKey};

fn about_chunk(case: &CaseId, part: &str, chunk: u32) -> String {
    format!("reading path\noverread.path/1\n{case}\n{part}\n{chunk}")
}

/// A part of a reading path as it was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptPath {
    /// All of it.
    pub bytes: Vec<u8>,
    /// In how many pieces it was kept.
    pub n_chunks: u32,
}

/// Keeps the bytes of a part behind the `after` chunks that it has.
pub(crate) fn append(
    connection: &mut Connection,
    key: &SecretKey,
    (case, part, after): (&CaseId, PathKey, u32),
    plain: &[u8],
) -> Result<(), StoreError> {
    let part = part.to_string();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let [chunk, n_bytes] = transaction.query_row(
        "SELECT count(*), coalesce(sum(length(ciphertext)), 0) FROM path_chunk WHERE case_id = ?1 AND part = ?2",
        params![case.as_str(), part],
        |row| Ok([row.get::<_, i64>(0)?, row.get::<_, i64>(1)?]),
    )?;
    let n_bytes = usize::try_from(n_bytes).unwrap_or(usize::MAX);
    // Twice what a path may be, for the tags of its chunks.
    if 2 * MAX_PATH_BYTES < n_bytes.saturating_add(plain.len()) {
        return Err(StoreError::PathTooLong { case: case.clone() });
    }
    let chunk = u32::try_from(chunk).unwrap_or(u32::MAX);
    if chunk != after {
        return Err(StoreError::Conflict { case: case.clone() });
    }
    let sealed = key.seal(plain, &about_chunk(case, &part, chunk))?;
    transaction.execute(
        "INSERT INTO path_chunk (case_id, part, chunk, nonce, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![case.as_str(), part, chunk, &sealed.nonce[..], sealed.ciphertext],
    )?;
    transaction.commit()?;
    Ok(())
}

/// A part; empty where there is none.
fn plain(
    connection: &Connection,
    key: &SecretKey,
    case: &CaseId,
    part: &str,
) -> Result<KeptPath, StoreError> {
    let mut statement = connection.prepare(
        "SELECT chunk, nonce, ciphertext FROM path_chunk WHERE case_id = ?1 AND part = ?2 ORDER BY chunk",
    )?;
    let rows = statement.query_map(params![case.as_str(), part], |row| {
        Ok((
            row.get::<_, u32>(0)?,
            row.get::<_, Vec<u8>>(1)?,
            row.get::<_, Vec<u8>>(2)?,
        ))
    })?;
    let mut kept = KeptPath::default();
    for row in rows {
        let (chunk, nonce, ciphertext) = row?;
        let plain = key.open(&nonce, &ciphertext, &about_chunk(case, part, chunk))?;
        kept.bytes.extend(plain);
        kept.n_chunks = kept.n_chunks.saturating_add(1);
    }
    Ok(kept)
}

pub(crate) fn open(
    connection: &Connection,
    key: &SecretKey,
    permit: &PathPermit,
) -> Result<KeptPath, StoreError> {
    plain(connection, key, permit.case(), &permit.key().to_string())
}

/// What is not as its seal says, a sentence each: parts that were changed, that are missing, and that no read has.
pub(crate) fn problems(
    connection: &Connection,
    key: &SecretKey,
    case: &Case,
) -> Result<Vec<String>, StoreError> {
    let id = case.id();
    let mut statement = connection
        .prepare("SELECT DISTINCT part FROM path_chunk WHERE case_id = ?1 ORDER BY part")?;
    let parts = statement.query_map([id.as_str()], |row| row.get::<_, String>(0))?;
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let mut problems = Vec::new();
    let mut say = |part: &str, what: &str| {
        problems.push(format!("case {id}, reading path {part}: {what}"));
    };
    let sealed = case.sealed_paths();
    for (part_key, seal) in sealed {
        let part = part_key.to_string();
        let kept = plain(connection, key, id, &part).map(|kept| kept.bytes);
        match (kept, seal) {
            (Err(StoreError::SealedDamaged { .. }), _) => {
                say(&part, "it does not open, so it was changed")
            }
            (Err(error), _) => return Err(error),
            (Ok(kept), None) if kept.is_empty() => {}
            (Ok(_), None) => say(&part, "its seal names none, so it was put there later"),
            (Ok(kept), Some(_)) if kept.is_empty() => {
                say(&part, "it is missing, and its seal names one");
            }
            (Ok(kept), Some(seal)) if PathSeal::of(&kept) != *seal => {
                say(&part, "it is not the one that its seal names");
            }
            (Ok(_), Some(_)) => {}
        }
    }
    let may_be = case.unsealed_paths();
    for part in &parts {
        let is_sealed = sealed.iter().any(|(key, _)| key.to_string() == *part);
        if is_sealed {
            continue;
        }
        match may_be.iter().any(|key| key.to_string() == *part) {
            false => say(part, "no read of this case has it"),
            true => {
                if plain(connection, key, id, part).is_err() {
                    say(part, "it does not open, so it was changed");
                }
            }
        }
    }
    Ok(problems)
}

/// Parts of cases that are not there.
pub(crate) fn strays(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT case_id FROM path_chunk WHERE case_id NOT IN (SELECT case_id FROM case_head)",
    )?;
    let cases = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut problems = Vec::new();
    for case in cases {
        problems.push(format!(
            "case {}: there is a reading path and no case",
            case?
        ));
    }
    Ok(problems)
}
