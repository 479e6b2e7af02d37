use case::{Actor, Timestamp};
use serde::{Deserialize, Serialize};

/// Daily checks that are kept; the oldest go.
const MAX_CHECKS: usize = 1000;

/// What a reader saw of one thing on the test pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seeing {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
}

/// One look at the test pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyCheck {
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub by: Actor,
    /// Pixels across and down of the pattern, which fills the window.
    pub size_px: [u32; 2],
    /// The squares of 5 % and 95 %, and the low-contrast ones, could be told from their ground.
    pub patches: Seeing,
    /// Lines one pixel wide could be told apart.
    pub lines: Seeing,
    /// Grey was even from edge to edge.
    pub evenness: Seeing,
}

impl DailyCheck {
    /// Was everything as it should be?
    pub fn is_passed(&self) -> bool {
        [self.patches, self.lines, self.evenness]
            .iter()
            .all(|s| *s == Seeing::Good)
    }
}

/// Measured luminances that were kept, with what they came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptResponse {
    /// When.
    pub at: Timestamp,
    /// Who measured.
    pub by: Actor,
    /// The 18 levels in the dark, cd/m², black first.
    pub measured_cd_m2: Vec<f64>,
    /// What the display reflects of the room, cd/m².
    pub ambient_cd_m2: f64,
    /// Largest deviation of the contrast response, percent.
    pub largest_percent: f64,
}

/// What is known of the display of this machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DisplayJournal {
    /// The newest last.
    checks: Vec<DailyCheck>,
    response: Option<KeptResponse>,
}

impl DisplayJournal {
    pub(crate) fn add(&mut self, check: DailyCheck) {
        self.checks.push(check);
        let n_over = self.checks.len().saturating_sub(MAX_CHECKS);
        self.checks.drain(..n_over);
    }

    pub(crate) fn keep(&mut self, response: KeptResponse) {
        self.response = Some(response);
    }

    pub(crate) fn last_check(&self) -> Option<&DailyCheck> {
        self.checks.last()
    }

    pub(crate) fn response(&self) -> Option<&KeptResponse> {
        self.response.as_ref()
    }
}

/// Is a time of the same day as another? Both are RFC 3339 text, which begins with the date.
pub(super) fn is_same_day(a: &Timestamp, b: &Timestamp) -> bool {
    let day = |at: &Timestamp| at.to_string().get(..10).map(str::to_owned);
    day(a).is_some() && day(a) == day(b)
}
