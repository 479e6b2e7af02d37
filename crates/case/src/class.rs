use std::{fmt, str::FromStr};

use crate::Class;

/// One row for each class: code in the log, letter that is also the key, label (DECISIONS 15).
const TABLE: [(Class, &str, char, &str); 16] = [
    (Class::Agree, "agree", 'A', "Agree"),
    (Class::D1, "D1", 'M', "Missed in first read"),
    (Class::D1Second, "D1'", 'X', "Missed in second read"),
    (Class::D2, "D2", 'U', "Not confirmed"),
    (Class::D3, "D3", 'N', "Negation"),
    (Class::D4, "D4", 'L', "Laterality"),
    (Class::D5, "D5", 'P', "Place or level"),
    (Class::D6, "D6", 'S', "Measurement"),
    (Class::D7, "D7", 'V', "Severity"),
    (Class::D8, "D8", 'C', "Change against prior"),
    (Class::D9, "D9", 'D', "Diagnosis"),
    (Class::D10, "D10", 'D', "Category"),
    (Class::D11, "D11", 'R', "Recommendation"),
    (Class::D12, "D12", 'K', "Critical result"),
    (Class::D13, "D13", 'I', "Inside one report"),
    (Class::D14, "D14", 'T', "Technique"),
];

impl Class {
    /// Every class, `Agree` first.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (Self, &'static str, char, &'static str) {
        // The variants are numbered in the order of the table, which a test holds.
        &TABLE[self as usize]
    }

    /// The code in JSON and on the command line: `agree`, `D1` to `D14`, `D1'`.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The letter on its chip, which is also the key that sets it. `D9` and `D10` share `D`.
    pub fn letter(self) -> char {
        self.row().2
    }

    /// The words on screen.
    pub fn label(self) -> &'static str {
        self.row().3
    }

    /// The class of a letter, in either case; `D` is a diagnosis (`D9`).
    pub fn from_letter(letter: char) -> Option<Self> {
        let letter = letter.to_ascii_uppercase();
        TABLE.iter().find(|row| row.2 == letter).map(|row| row.0)
    }
}

impl FromStr for Class {
    type Err = String;

    /// Reads a code in either case.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().replace(['’', '′'], "'");
        let found = TABLE.iter().find(|row| row.1.eq_ignore_ascii_case(&text));
        found
            .map(|row| row.0)
            .ok_or_else(|| format!("'{text}' is not a class; use agree, D1 to D14 or D1'"))
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_finds_its_own_row_and_its_code_reads_back() {
        for (row, class) in TABLE.iter().zip(Class::all()) {
            assert_eq!(class.row(), row);
            assert_eq!(class.code().parse(), Ok(class));
            assert_eq!(serde_json::to_value(class).ok(), Some(class.code().into()));
        }
    }

    #[test]
    fn letters_are_those_of_the_keys() {
        let letters: String = Class::all().map(Class::letter).collect();
        assert_eq!(letters, "AMXUNLPSVCDDRKIT");
        assert_eq!(Class::from_letter('l'), Some(Class::D4));
        assert_eq!(Class::from_letter('D'), Some(Class::D9));
        assert_eq!(Class::from_letter('Z'), None);
        assert_eq!("d4".parse(), Ok(Class::D4));
        assert!("D15".parse::<Class>().is_err());
    }
}
