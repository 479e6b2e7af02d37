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
