//! Adds up what the test programs print.

use std::collections::BTreeMap;

/// Sums over all test programs of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed, those that skipped their data among them.
    pub(crate) n_passed: u64,
    /// Tests that failed.
    pub(crate) n_failed: u64,
    /// Tests marked `#[ignore]`.
    pub(crate) n_ignored: u64,
    /// Tests that said "N data tests skipped", because what they read is not on this machine.
    pub(crate) n_data_skipped: u64,
    /// How many of these named the variable in which they look for it.
    pub(crate) skipped_for: BTreeMap<String, u64>,
}

impl Tally {
    /// Looks at one line of a test program's output.
    pub(crate) fn see(&mut self, line: &str) {
        if let Some(counts) = line.split_once("test result: ").map(|(_, counts)| counts) {
            self.n_passed += count_before(counts, " passed");
            self.n_failed += count_before(counts, " failed");
            self.n_ignored += count_before(counts, " ignored");
        }
        let n_skipped =
            count_before(line, " data tests skipped") + count_before(line, " data test skipped");
        self.n_data_skipped += n_skipped;
        if let Some(name) = variable(line).filter(|_| 0 < n_skipped) {
            *self.skipped_for.entry(name.to_owned()).or_default() += n_skipped;
        }
    }

    /// The sentence on tests without their data: how many, and which variables would give it to them.
    pub(crate) fn skipped_in_words(&self) -> String {
        let named = self.skipped_for.iter();
        let named: Vec<String> = named.map(|(name, n)| format!("{name} ({n})")).collect();
        match (self.n_data_skipped, named.is_empty()) {
            (0, _) => "0 data tests skipped".to_owned(),
            (n, true) => format!("{n} data tests skipped: what they read is not here"),
            (n, false) => format!(
                "{n} data tests skipped: they read what these variables name: {}; tests/README.md says how to get it",
                named.join(", ")
            ),
        }
    }
}

/// The first name of one of our environment variables in a line.
fn variable(line: &str) -> Option<&str> {
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let words = line.split(|c| !is_name(c));
    words.into_iter().find(|word| word.starts_with("OVERREAD_"))
}

/// The number that stands right before the words, 0 when they are not there.
fn count_before(line: &str, words: &str) -> u64 {
    line.split_once(words)
        .and_then(|(before, _)| {
            before
                .rsplit(|character: char| !character.is_ascii_digit())
                .next()
        })
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_several_programs_add_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "4 data tests skipped: no studies (set OVERREAD_TEST_DATA)",
            "decode: 1 data test skipped",
            "1 data test skipped: OVERREAD_CODEC_STREAMS is not set",
            "OVERREAD_TEST_DATA names a folder",
            "a sentence with data tests skipped but no number",
        ] {
            tally.see(line);
        }
        let expected = Tally {
            n_passed: 15,
            n_failed: 2,
            n_ignored: 1,
            n_data_skipped: 6,
            skipped_for: BTreeMap::from([
                ("OVERREAD_CODEC_STREAMS".to_owned(), 1),
                ("OVERREAD_TEST_DATA".to_owned(), 4),
            ]),
        };
        assert_eq!(tally, expected);
        let words = tally.skipped_in_words();
        assert!(
            words.contains("OVERREAD_CODEC_STREAMS (1), OVERREAD_TEST_DATA (4)"),
            "{words}"
        );
        assert_eq!(Tally::default().skipped_in_words(), "0 data tests skipped");
    }
}
