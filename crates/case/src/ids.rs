use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);
        impl $name {
            /// Wraps the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                text.strip_prefix($letter)
                    .unwrap_or(text)
                    .parse()
                    .map(Self)
                    .map_err(|_| format!(concat!("'{}' is not a name like ", $letter, "1"), text))
            }
        }
    };
}

text_id! {
    /// Names a case in the worklist, on the command line and in file names, for instance `OR-7F3A21C4`.
    CaseId
}
text_id! {
    /// Names a person who acts: a reader, a coordinator.
    Actor
}
text_id! {
    /// A time as RFC 3339 text with offset, made outside this crate. It labels; the sequence number orders.
    Timestamp
}
text_id! {
    /// A SHA-256 digest as 64 lower-case hexadecimal digits.
    Sha256
}
number_id! {
    /// A finding of the second read: F1, F2, … in order of entry, never used twice in a case.
    FindingId, "F"
}
number_id! {
    /// A drawn mark: A1, A2, …
    AnnotationId, "A"
}
number_id! {
    /// A statement of a report: S1, S2, … in order of the text.
    StatementId, "S"
}
number_id! {
    /// A row of the comparison: P1, P2, …
    PairId, "P"
}

impl Sha256 {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts(&[bytes])
    }

    /// The digest of several pieces of bytes, one after the other.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self::from_bytes(&hasher.finalize().into())
    }

    /// Writes 32 bytes as a digest.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// 64 zeros: what stands before the first entry of a log.
    pub fn zero() -> Self {
        Self("0".repeat(64))
    }

    /// The 32 bytes; `None` when the text is not 64 lower-case hexadecimal digits.
    pub fn to_bytes(&self) -> Option<[u8; 32]> {
        let text = self.0.as_bytes();
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Some(bytes)
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_abc_is_that_of_fips_180() {
        let digest = Sha256::of(b"abc");
        assert_eq!(
            digest.as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digest.to_bytes().map(|b| Sha256::from_bytes(&b)),
            Some(digest)
        );
    }

    #[test]
    fn what_is_not_a_digest_has_no_bytes() {
        for text in ["", "ab", &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(Sha256::new(text).to_bytes(), None, "{text}");
        }
    }

    #[test]
    fn ids_read_with_and_without_their_letter() {
        assert_eq!("F12".parse(), Ok(FindingId(12)));
        assert_eq!("12".parse(), Ok(FindingId(12)));
        assert!("P3".parse::<FindingId>().is_err());
    }
}
