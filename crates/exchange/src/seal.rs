use case::{SealRecord, Sha256, signed_bytes};
use ed25519_dalek::{Signature, VerifyingKey};

/// The bytes that a reader signs: the 32 bytes of the digest, then the 32 bytes of the log head.
///
/// Empty when one of them is not a SHA-256 digest; no signature over nothing is ever accepted.
pub fn seal_message(digest: &Sha256, log_head: &Sha256) -> Vec<u8> {
    signed_bytes(digest, log_head).unwrap_or_default()
}

/// Does the signature of a seal fit its digest, its log head and its key? The error says what does not.
pub(crate) fn check_signature(seal: &SealRecord) -> Result<(), &'static str> {
    let message = seal
        .signed_bytes()
        .ok_or("its digests are not SHA-256 digests")?;
    let key =
        fixed_bytes::<32>(&seal.public_key).ok_or("its public key is not 64 hexadecimal digits")?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| "its public key is not an Ed25519 key")?;
    let signature =
        fixed_bytes::<64>(&seal.signature).ok_or("its signature is not 128 hexadecimal digits")?;
    key.verify_strict(&message, &Signature::from_bytes(&signature))
        .map_err(|_| "its signature does not fit its digest and its key")
}

/// Lower-case hexadecimal digits of some bytes.
pub(crate) fn hex_from_bytes(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|&byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// The bytes of lower-case hexadecimal digits; `None` for anything else. Upper case is refused, so that one value has one
/// form.
pub(crate) fn bytes_from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|&[high, low]| Some(nibble(high)? << 4 | nibble(low)?))
        .collect()
}

fn fixed_bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    bytes_from_hex(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_signed_message_is_digest_then_log_head() {
        let (digest, head) = (Sha256::new("01".repeat(32)), Sha256::new("ab".repeat(32)));
        let expected: Vec<u8> = [[1u8; 32], [0xab; 32]].concat();
        assert_eq!(seal_message(&digest, &head), expected);
        assert!(seal_message(&Sha256::new("xy"), &head).is_empty());
    }

    #[test]
    fn hexadecimal_has_one_form() {
        for (text, expected) in [
            ("", Some(vec![])),
            ("00ff10", Some(vec![0, 255, 16])),
            ("0", None),
            ("0G", None),
            ("FF", None),
            ("é", None),
        ] {
            assert_eq!(bytes_from_hex(text), expected, "{text}");
        }
        assert_eq!(hex_from_bytes(&[0, 255, 16]), "00ff10");
    }

    /// The key and the signature are those of RFC 8032 section 7.1 test 1, a valid signature over an empty message.
    #[test]
    fn a_seal_without_digests_is_refused() {
        let seal = SealRecord {
            stage: case::SealStage::SecondRead,
            digest: Sha256::new(""),
            log_head: Sha256::new(""),
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b".into(),
            public_key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".into(),
            key_protected: false,
            claims: None,
        };
        assert_eq!(
            check_signature(&seal),
            Err("its digests are not SHA-256 digests")
        );
    }
}
