use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A level of the spine, `C1` to `S5`.
///
/// Spines with a thirteenth rib or a sixth lumbar level are labelled by what they are counted from; the note says so.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Vertebra(u8);

/// The regions from the head down: their letter and how many levels they have.
const REGIONS: [(char, u8); 4] = [('C', 7), ('T', 12), ('L', 5), ('S', 5)];

impl Vertebra {
    /// Every level, from the head down.
    pub fn all() -> impl Iterator<Item = Self> {
        let n: u8 = REGIONS.iter().map(|(_, n)| n).sum();
        (0..n).map(Self)
    }

    /// The level above; `None` above `C1`.
    pub fn above(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The level below; `None` below `S5`.
    pub fn below(self) -> Option<Self> {
        Self::all().nth(usize::from(self.0) + 1)
    }
}

impl fmt::Display for Vertebra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut idx = self.0;
        for (letter, n) in REGIONS {
            if idx < n {
                return write!(f, "{letter}{}", idx + 1);
            }
            idx -= n;
        }
        Ok(())
    }
}

impl FromStr for Vertebra {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim();
        Self::all()
            .find(|level| level.to_string().eq_ignore_ascii_case(wanted))
            .ok_or_else(|| "this is no level of the spine; name one of C1 to S5".to_owned())
    }
}

impl TryFrom<String> for Vertebra {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Vertebra> for String {
    fn from(level: Vertebra) -> Self {
        level.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levels_follow_each_other_from_the_neck_to_the_sacrum() {
        let names: Vec<String> = Vertebra::all().map(|level| level.to_string()).collect();
        assert_eq!(names.len(), 29);
        for (idx, name) in [
            (0, "C1"),
            (6, "C7"),
            (7, "T1"),
            (18, "T12"),
            (19, "L1"),
            (24, "S1"),
            (28, "S5"),
        ] {
            assert_eq!(names.get(idx).map(String::as_str), Some(name));
        }
        for name in &names {
            let level: Result<Vertebra, _> = name.parse();
            assert_eq!(level.map(|l| l.to_string()).as_ref(), Ok(name));
        }
        for (from, below) in [("C7", Some("T1")), ("L5", Some("S1")), ("S5", None)] {
            let found = from.parse::<Vertebra>().ok().and_then(Vertebra::below);
            assert_eq!(found.map(|l| l.to_string()).as_deref(), below);
        }
        assert_eq!(
            "c1".parse::<Vertebra>().ok().and_then(Vertebra::above),
            None
        );
        for wrong in ["", "C0", "C8", "L6", "T", "12"] {
            assert!(wrong.parse::<Vertebra>().is_err(), "{wrong}");
        }
    }
}
