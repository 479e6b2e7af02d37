use std::path::Path;

use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit, Payload},
};

use crate::{
    StoreError,
    folder::{self, KEY_FILE},
};

/// A 256-bit key of the store or of one report. Never shown.
pub(crate) struct SecretKey([u8; 32]);

/// A sealed box: ciphertext with its tag, and the number used once that it needs.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; 12],
    pub(crate) ciphertext: Vec<u8>,
}

/// Does a folder have its key file already?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstUse {
    /// The store is new: make the key.
    Yes,
    /// The store has things that need the old key.
    No,
}

impl SecretKey {
    pub(crate) fn random() -> Result<Self, StoreError> {
        Ok(Self(random_bytes()?))
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads the key file of a store, or makes it.
    pub(crate) fn of_store(store_folder: &Path, first_use: FirstUse) -> Result<Self, StoreError> {
        let path = store_folder.join(KEY_FILE);
        let unusable = |error: std::io::Error| folder::unusable(store_folder, &error);
        if !path.exists() {
            if first_use == FirstUse::No {
                return Err(StoreError::KeyMissing {
                    folder: store_folder.to_owned(),
                });
            }
            let key: [u8; 32] = random_bytes()?;
            folder::write_once(store_folder, KEY_FILE, &key).map_err(unusable)?;
        }
        folder::own_only(&path, 0o600).map_err(unusable)?;
        // Read back in any case: another program may have been faster.
        let bytes = std::fs::read(&path).map_err(unusable)?;
        let key = bytes.try_into().map_err(|_| StoreError::WrongKey {
            folder: store_folder.to_owned(),
        })?;
        Ok(Self(key))
    }

    /// Seals some bytes; `about` must be given again to open them, so that a box cannot be moved to another place.
    pub(crate) fn seal(&self, plain: &[u8], about: &str) -> Result<Sealed, StoreError> {
        let nonce: [u8; 12] = random_bytes()?;
        let payload = Payload {
            msg: plain,
            aad: about.as_bytes(),
        };
        let ciphertext = self.cipher().encrypt(&Nonce::from(nonce), payload);
        Ok(Sealed {
            nonce,
            ciphertext: ciphertext.map_err(|_| damaged(about))?,
        })
    }

    pub(crate) fn open(
        &self,
        nonce: &[u8],
        ciphertext: &[u8],
        about: &str,
    ) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| damaged(about))?;
        let payload = Payload {
            msg: ciphertext,
            aad: about.as_bytes(),
        };
        let plain = self.cipher().decrypt(&Nonce::from(nonce), payload);
        plain.map_err(|_| damaged(about))
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(self.0))
    }
}

/// The first line of what a box is about is its kind; only that is said to the reader.
fn damaged(about: &str) -> StoreError {
    StoreError::SealedDamaged {
        what: about.lines().next().unwrap_or("box").to_owned(),
    }
}

pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::NoRandom {
        reason: error.to_string(),
    })?;
    Ok(bytes)
}
