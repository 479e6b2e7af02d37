use serde::{Deserialize, Serialize};

use crate::SealCheck;

/// Regions named at most on one checklist, and letters of a name at most; more is refused.
pub const MAX_REGIONS: usize = 64;
/// See [`MAX_REGIONS`].
pub const MAX_REGION_CHARS: usize = 80;

/// Which anatomic regions of a checklist the reader says to have gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnatomyReview {
    /// Name of the checklist.
    pub checklist: String,
    /// Its version.
    pub version: u32,
    /// What it asks for, in its order. Empty: no checklist was begun.
    pub asked: Vec<String>,
    /// What was gone through, in the same order.
    pub reviewed: Vec<String>,
}

impl AnatomyReview {
    /// Was none begun?
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// What is still open.
    pub fn open(&self) -> impl Iterator<Item = &str> {
        let is_open = |region: &&String| !self.reviewed.contains(region);
        self.asked.iter().filter(is_open).map(String::as_str)
    }

    /// Does it hold together: named regions, none twice, and only asked ones gone through, in the order of the list?
    pub fn is_sound(&self) -> bool {
        let is_name = |name: &String| {
            let n_chars = name.chars().count();
            !name.trim().is_empty() && n_chars <= MAX_REGION_CHARS
        };
        let mut rest = self.asked.iter();
        let in_order = self.reviewed.iter().all(|r| rest.any(|asked| asked == r));
        let once: std::collections::BTreeSet<&String> = self.asked.iter().collect();
        self.asked.len() <= MAX_REGIONS
            && once.len() == self.asked.len()
            && self.asked.iter().all(is_name)
            && in_order
    }

    /// What "Before you seal" says of it; `None` where no checklist was begun, which is no limitation.
    pub(crate) fn check(&self) -> Option<SealCheck> {
        if self.is_empty() {
            return None;
        }
        let open: Vec<&str> = self.open().collect();
        let (n, total) = (self.reviewed.len(), self.asked.len());
        let text = match open.is_empty() {
            true => format!("All {total} regions of the checklist were gone through"),
            false => format!(
                "{n} of the {total} regions of the checklist were gone through; not: {}",
                open.join(", ")
            ),
        };
        Some(SealCheck {
            code: "anatomy_reviewed".into(),
            text,
            met: open.is_empty(),
            blocks: false,
        })
    }
}
