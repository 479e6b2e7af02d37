//! Concatenations: one multi-frame object that was cut into several (PS3.3 C.7.6.16.1.3).

use std::collections::BTreeSet;

use crate::dataset::Node;
use crate::slot::Slot;
use crate::tags;
use crate::warning::{Severity, Warning};

/// Which part of a concatenation an object is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concatenation {
    /// Concatenation UID (0020,9161).
    pub(crate) uid: String,
    /// In-concatenation Number (0020,9162), from 1.
    part_number: Option<u16>,
    /// In-concatenation Total Number (0020,9163).
    n_parts: Option<u16>,
    /// Frames of the parts before this one (0020,9228).
    pub(crate) n_frames_before: u32,
}

impl Concatenation {
    pub(crate) fn read(root: Node<'_>) -> Option<Self> {
        let offset = root
            .u32s(tags::CONCATENATION_FRAME_OFFSET_NUMBER)
            .and_then(|v| v.first().copied());
        Some(Self {
            uid: root.ascii(tags::CONCATENATION_UID)?,
            part_number: root.u16(tags::IN_CONCATENATION_NUMBER),
            n_parts: root.u16(tags::IN_CONCATENATION_TOTAL_NUMBER),
            n_frames_before: offset.unwrap_or(0),
        })
    }
}

/// Says when parts of the concatenation that these frames come from are not there.
///
/// Without a total number only what lies before the last part can be missed.
pub(crate) fn missing_parts(slots: &[Slot]) -> Option<Warning> {
    let parts: Vec<&Concatenation> = slots
        .iter()
        .filter_map(|s| s.instance.concatenation.as_ref())
        .collect();
    let present: BTreeSet<u16> = parts.iter().filter_map(|c| c.part_number).collect();
    let stated = parts.iter().filter_map(|c| c.n_parts).max();
    let n_parts = stated
        .unwrap_or(0)
        .max(present.last().copied().unwrap_or(0));
    let missing: Vec<String> = (1..=n_parts)
        .filter(|number| !present.contains(number))
        .map(|number| number.to_string())
        .collect();
    if missing.is_empty() {
        return None;
    }
    let named = missing.get(..missing.len().min(20)).unwrap_or_default();
    let text = format!(
        "The object was stored in {n_parts} parts and {} of them are missing (part {}{}); their frames are not shown. Ask for the whole series.",
        missing.len(),
        named.join(", "),
        if named.len() < missing.len() {
            " …"
        } else {
            ""
        }
    );
    Some(Warning::new(
        "concatenation_incomplete",
        Severity::Warning,
        text,
    ))
}
