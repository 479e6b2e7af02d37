//! The catalogue of every word that the interface says.
//!
//! A catalogue is lines of `key = value`. Empty lines and lines that start with `#` are skipped. `{name}` in a value
//! is a place for an argument.

use std::collections::HashMap;
use std::sync::OnceLock;

const ENGLISH: &str = include_str!("../../../assets/text/en.txt");

/// Why a catalogue could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueError {
    /// A line is neither empty, nor a comment, nor `key = value`.
    NotAPair {
        /// 1-based number of the line.
        line_number: usize,
    },
    /// A key stands twice.
    Twice {
        /// 1-based number of the second line.
        line_number: usize,
    },
}

impl std::fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAPair { line_number } => {
                write!(
                    f,
                    "line {line_number} of the text catalogue is not `key = value`; correct the line"
                )
            }
            Self::Twice { line_number } => {
                write!(
                    f,
                    "line {line_number} of the text catalogue repeats a key; remove one of the two"
                )
            }
        }
    }
}

impl std::error::Error for CatalogueError {}

/// Words by key.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    words: HashMap<String, String>,
}

impl Catalogue {
    /// The English catalogue, read once. A test keeps it free of faults.
    #[must_use]
    pub fn english() -> &'static Self {
        static ENGLISH_CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        ENGLISH_CATALOGUE.get_or_init(|| Self::parse(ENGLISH).unwrap_or_default())
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// Names the first line that is not `key = value`, or that repeats a key.
    pub fn parse(source: &str) -> Result<Self, CatalogueError> {
        let mut words = HashMap::new();
        for (line_idx, line) in source.lines().enumerate() {
            let line_number = line_idx + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((key, value)) = line.split_once('=') else {
                return Err(CatalogueError::NotAPair { line_number });
            };
            let (key, value) = (key.trim(), value.trim());
            if key.is_empty() || value.is_empty() {
                return Err(CatalogueError::NotAPair { line_number });
            }
            if words.insert(key.to_owned(), value.to_owned()).is_some() {
                return Err(CatalogueError::Twice { line_number });
            }
        }
        Ok(Self { words })
    }

    /// The value of a key, or `None` when the catalogue does not have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// Every key with its value, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// The English text of a key. A key without a text shows as itself.
#[must_use]
pub fn t(key: &str) -> &str {
    Catalogue::english().get(key).unwrap_or(key)
}

/// The English text of a key, with each `{name}` replaced by its argument.
///
/// Arguments are put in once; braces inside an argument stay as they are.
#[must_use]
pub fn t_args(key: &str, args: &[(&str, &str)]) -> String {
    let text = t(key);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match args.iter().find(|(arg, _)| *arg == name) {
                    Some((_, value)) => filled.push_str(value),
                    None => {
                        filled.push('{');
                        filled.push_str(name);
                        filled.push('}');
                    }
                }
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
