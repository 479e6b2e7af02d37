use case::Actor;
use ed25519_dalek::{Signer, SigningKey};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::{
    Signed, StoreError,
    keys::{SecretKey, random_bytes},
    signature::to_hex,
};

fn about(actor: &Actor) -> String {
    format!("reader's key\noverread.reader_key/1\n{actor}")
}

pub(crate) fn sign(
    connection: &mut Connection,
    store_key: &SecretKey,
    actor: &Actor,
    bytes: &[u8],
) -> Result<Signed, StoreError> {
    let key = signing_key(connection, store_key, actor)?;
    Ok(Signed {
        signature: to_hex(&key.sign(bytes).to_bytes()),
        public_key: to_hex(key.verifying_key().as_bytes()),
        key_protected: false,
    })
}

pub(crate) fn public_key(
    connection: &Connection,
    actor: &Actor,
) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare("SELECT public_key FROM reader_key WHERE actor = ?1")?
        .query_row([actor.as_str()], |row| row.get(0))
        .optional()?)
}

/// The key of an actor, made on first use. Two programs that do so at once end with the same one.
fn signing_key(
    connection: &mut Connection,
    store_key: &SecretKey,
    actor: &Actor,
) -> Result<SigningKey, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row: Option<(String, Vec<u8>, Vec<u8>)> = transaction
        .prepare("SELECT public_key, nonce, wrapped FROM reader_key WHERE actor = ?1")?
        .query_row([actor.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    if let Some((public_key, nonce, wrapped)) = row {
        let damaged = || StoreError::SealedDamaged {
            what: "reader's key".into(),
        };
        let secret = store_key.open(&nonce, &wrapped, &about(actor))?;
        let key = SigningKey::from_bytes(&secret.try_into().map_err(|_| damaged())?);
        if to_hex(key.verifying_key().as_bytes()) != public_key {
            return Err(damaged());
        }
        return Ok(key);
    }
    let key = SigningKey::from_bytes(&random_bytes()?);
    let wrapped = store_key.seal(&key.to_bytes(), &about(actor))?;
    transaction.execute(
        "INSERT INTO reader_key (actor, public_key, nonce, wrapped) VALUES (?1, ?2, ?3, ?4)",
        params![
            actor.as_str(),
            to_hex(key.verifying_key().as_bytes()),
            &wrapped.nonce[..],
            wrapped.ciphertext
        ],
    )?;
    transaction.commit()?;
    Ok(key)
}
