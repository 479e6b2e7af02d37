use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Most columns and rows of an arrangement.
pub const MAX_CELLS_ACROSS: u8 = 4;

/// How the cells of the views lie on the area. Written as `3x2` (columns × rows) or `1+2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Arrangement {
    /// Equal cells, row by row; 1 to [`MAX_CELLS_ACROSS`] each way.
    Grid {
        /// Cells side by side.
        columns: u8,
        /// Cells above one another.
        rows: u8,
    },
    /// One large above, two small below.
    OneAndTwo,
}

impl Arrangement {
    /// One view.
    pub const ONE: Self = Self::Grid {
        columns: 1,
        rows: 1,
    };
    /// Two views side by side.
    pub const TWO: Self = Self::Grid {
        columns: 2,
        rows: 1,
    };
    /// Two by two.
    pub const FOUR: Self = Self::Grid {
        columns: 2,
        rows: 2,
    };

    /// A grid; counts outside 1 to [`MAX_CELLS_ACROSS`] are moved to the nearest that is allowed.
    pub fn grid(columns: u8, rows: u8) -> Self {
        let [columns, rows] = [columns, rows].map(|n| n.clamp(1, MAX_CELLS_ACROSS));
        Self::Grid { columns, rows }
    }

    /// The number of views that it holds.
    pub fn n_cells(self) -> usize {
        match self {
            Self::Grid { columns, rows } => usize::from(columns) * usize::from(rows),
            Self::OneAndTwo => 3,
        }
    }
}

impl fmt::Display for Arrangement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid { columns, rows } => write!(f, "{columns}x{rows}"),
            Self::OneAndTwo => f.write_str("1+2"),
        }
    }
}

/// The arrangement is not one of those that exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no arrangement \"{0}\"; write columns and rows as 2x2, each from 1 to 4, or 1+2")]
pub struct UnknownArrangement(String);

impl FromStr for Arrangement {
    type Err = UnknownArrangement;

    fn from_str(text: &str) -> Result<Self, UnknownArrangement> {
        let unknown = || UnknownArrangement(text.to_owned());
        if text == "1+2" {
            return Ok(Self::OneAndTwo);
        }
        let (columns, rows) = text.split_once('x').ok_or_else(unknown)?;
        let count = |n: &str| {
            n.parse()
                .ok()
                .filter(|n| (1..=MAX_CELLS_ACROSS).contains(n))
        };
        match (count(columns), count(rows)) {
            (Some(columns), Some(rows)) => Ok(Self::Grid { columns, rows }),
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<String> for Arrangement {
    type Error = UnknownArrangement;

    fn try_from(text: String) -> Result<Self, UnknownArrangement> {
        text.parse()
    }
}

impl From<Arrangement> for String {
    fn from(arrangement: Arrangement) -> Self {
        arrangement.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_arrangement_is_read_as_it_is_written_and_no_other_is() {
        let grids = (1..=4).flat_map(|c| (1..=4).map(move |r| Arrangement::grid(c, r)));
        for arrangement in grids.chain([Arrangement::OneAndTwo]) {
            let text = arrangement.to_string();
            assert_eq!(text.parse(), Ok(arrangement), "{text}");
            assert!(0 < arrangement.n_cells() && arrangement.n_cells() <= 16);
        }
        for text in [
            "", "0x1", "5x1", "2x", "x2", "2x2x2", "1+3", "-1x2", "2 x 2",
        ] {
            assert_eq!(
                text.parse::<Arrangement>(),
                Err(UnknownArrangement(text.into()))
            );
        }
    }
}
