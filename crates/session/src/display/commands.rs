use super::journal::{DailyCheck, DisplayJournal, KeptResponse, Seeing, is_same_day};
use super::response::{N_LEVELS, contrast_response};
use crate::{Session, SessionError};

/// Under which name the store keeps the journal of the display.
const SETTING: &str = "display";

/// Keeps what was seen or measured of the display.
#[derive(Clone, Debug, PartialEq)]
pub enum DisplayCommand {
    /// The daily look at the test pattern.
    RecordCheck {
        /// Pixels across and down of the pattern.
        size_px: [u32; 2],
        /// Could the squares be told from their ground?
        patches: Seeing,
        /// Could lines one pixel wide be told apart?
        lines: Seeing,
        /// Was grey even?
        evenness: Seeing,
    },
    /// The 18 levels as they were measured.
    KeepResponse {
        /// In the dark, cd/m², black first.
        measured_cd_m2: Box<[f64; N_LEVELS]>,
        /// What the display reflects of the room, cd/m².
        ambient_cd_m2: f64,
    },
}

/// What is known of the display, for the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisplaySnapshot {
    /// The last look at the test pattern; `None`: there was none on this machine.
    pub last_check: Option<DailyCheck>,
    /// Was the last look today?
    pub is_checked_today: bool,
    /// The last measurement; `None`: the display was never measured here, so it counts as not calibrated.
    pub response: Option<KeptResponse>,
}

impl Session {
    /// Reads what the store keeps. A setting of another version of the program is left as it is.
    pub(crate) fn read_display(&mut self) -> Result<(), SessionError> {
        let kept = self.store.setting(SETTING)?;
        let kept: Option<DisplayJournal> = kept.and_then(|text| serde_json::from_str(&text).ok());
        self.display = kept.unwrap_or_default();
        Ok(())
    }

    pub(crate) fn apply_display(&mut self, command: DisplayCommand) -> Result<(), SessionError> {
        let mut journal = self.display.clone();
        let (at, by) = ((self.clock)(), self.actor.clone());
        match command {
            DisplayCommand::RecordCheck {
                size_px,
                patches,
                lines,
                evenness,
            } => journal.add(DailyCheck {
                at,
                by,
                size_px,
                patches,
                lines,
                evenness,
            }),
            DisplayCommand::KeepResponse {
                measured_cd_m2,
                ambient_cd_m2,
            } => {
                let response = contrast_response(&measured_cd_m2, ambient_cd_m2)
                    .map_err(|e| SessionError::Usage(e.to_string()))?;
                journal.keep(KeptResponse {
                    at,
                    by,
                    measured_cd_m2: measured_cd_m2.to_vec(),
                    ambient_cd_m2,
                    largest_percent: response.largest_percent,
                });
            }
        }
        let text = serde_json::to_string(&journal)
            .map_err(|e| SessionError::Usage(format!("the check cannot be kept: {e}")))?;
        self.store.set_setting(SETTING, &text)?;
        self.display = journal;
        Ok(())
    }

    pub(crate) fn display_snapshot(&self) -> DisplaySnapshot {
        let last_check = self.display.last_check().cloned();
        let now = (self.clock)();
        DisplaySnapshot {
            is_checked_today: last_check
                .as_ref()
                .is_some_and(|c| is_same_day(&c.at, &now)),
            last_check,
            response: self.display.response().cloned(),
        }
    }
}
