use case::SealRecord;
use ed25519_dalek::{Signature, VerifyingKey};

/// A signature and the key it can be checked with, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Ed25519 signature.
    pub signature: String,
    /// Ed25519 public key.
    pub public_key: String,
    /// Is the secret key protected by a passphrase? Not yet: it lies under the key of the store (DECISIONS 9).
    pub key_protected: bool,
}

/// A signature that is not one of these bytes by this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// It is not written as a signature.
    #[error(
        "the signature is not 128 hexadecimal digits; the record was altered, ask its author for another copy"
    )]
    NotASignature,
    /// The key is not written as a key, or is a weak one.
    #[error(
        "the public key is not an Ed25519 key; the record was altered, ask its author for another copy"
    )]
    NotAKey,
    /// What was signed is not written as two digests.
    #[error(
        "the seal does not name two digests; the record was altered, ask its author for another copy"
    )]
    NotASeal,
    /// It was made with a key that is not the reader's key in this store.
    #[error(
        "the seal was made with another key than the reader's; the record was altered, restore a backup that verifies"
    )]
    NotTheReader,
    /// It belongs to other bytes, or to another key.
    #[error(
        "the signature does not fit what was signed; the record was altered, ask its author for another copy"
    )]
    DoesNotFit,
}

/// Checks an Ed25519 signature (strictly: weak keys and malleable signatures are refused).
///
/// # Errors
/// What is wrong.
pub fn verify_signature(
    bytes: &[u8],
    signature: &str,
    public_key: &str,
) -> Result<(), BadSignature> {
    let signature: [u8; 64] = from_hex(signature).ok_or(BadSignature::NotASignature)?;
    let key: [u8; 32] = from_hex(public_key).ok_or(BadSignature::NotAKey)?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| BadSignature::NotAKey)?;
    key.verify_strict(bytes, &Signature::from_bytes(&signature))
        .map_err(|_| BadSignature::DoesNotFit)
}

/// Checks the signature of a seal.
///
/// # Errors
/// What is wrong.
pub fn verify_seal(seal: &SealRecord) -> Result<(), BadSignature> {
    let bytes = seal.signed_bytes().ok_or(BadSignature::NotASeal)?;
    verify_signature(&bytes, &seal.signature, &seal.public_key)
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let mut value = 0;
        for digit in pair {
            value = value * 16 + char::from(*digit).to_digit(16)?;
        }
        *byte = u8::try_from(value).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// RFC 8032, 7.1, test 2: a message of one byte.
    const PUBLIC: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

    #[test]
    fn the_vector_of_rfc_8032_verifies_and_its_neighbours_do_not() {
        assert_eq!(verify_signature(&[0x72], SIGNATURE, PUBLIC), Ok(()));
        let altered = SIGNATURE.replacen('9', "8", 1);
        let rows: [(&[u8], &str, &str, BadSignature); 5] = [
            (&[0x73], SIGNATURE, PUBLIC, BadSignature::DoesNotFit),
            (&[0x72], &altered, PUBLIC, BadSignature::DoesNotFit),
            (&[0x72], "92a0", PUBLIC, BadSignature::NotASignature),
            (&[0x72], SIGNATURE, "3d", BadSignature::NotAKey),
            // The identity point is a weak key.
            (
                &[0x72],
                SIGNATURE,
                "0100000000000000000000000000000000000000000000000000000000000000",
                BadSignature::DoesNotFit,
            ),
        ];
        for (message, signature, key, expected) in rows {
            assert_eq!(verify_signature(message, signature, key), Err(expected));
        }
    }

    #[test]
    fn hexadecimal_reads_back_and_nothing_else_does() {
        let bytes = [0x00, 0x7f, 0xff];
        assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        for text in ["", "00", "zz0000", "+10000", "é0000"] {
            assert_eq!(from_hex::<3>(text), None, "{text}");
        }
    }
}
