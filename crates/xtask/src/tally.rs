//! Adds up what the test programs print.

/// Sums over all test programs of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed, those that skipped their data among them.
    pub(crate) n_passed: u64,
    /// Tests that failed.
    pub(crate) n_failed: u64,
    /// Tests marked `#[ignore]`.
    pub(crate) n_ignored: u64,
    /// Tests that said "N data tests skipped", because the studies they read are not on this machine.
    pub(crate) n_data_skipped: u64,
}

impl Tally {
    /// Looks at one line of a test program's output.
    pub(crate) fn see(&mut self, line: &str) {
        if let Some(counts) = line.split_once("test result: ").map(|(_, counts)| counts) {
            self.n_passed += count_before(counts, " passed");
            self.n_failed += count_before(counts, " failed");
            self.n_ignored += count_before(counts, " ignored");
        }
        self.n_data_skipped +=
            count_before(line, " data tests skipped") + count_before(line, " data test skipped");
    }
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
            "4 data tests skipped: the folder of studies is not there",
            "decode: 1 data test skipped",
            "a sentence with data tests skipped but no number",
        ] {
            tally.see(line);
        }
        let expected = Tally {
            n_passed: 15,
            n_failed: 2,
            n_ignored: 1,
            n_data_skipped: 5,
        };
        assert_eq!(tally, expected);
    }
}
