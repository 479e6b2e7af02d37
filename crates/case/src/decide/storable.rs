use crate::{Event, Refusal, chain::canonical_json};

/// Refuses what would not come back from the log as it went in: JSON has no NaN and no infinity.
pub(super) fn check(events: &[Event]) -> Result<(), Refusal> {
    let comes_back = |event: &Event| {
        serde_json::from_slice::<Event>(&canonical_json(event)).is_ok_and(|read| read == *event)
    };
    if events.iter().all(comes_back) {
        return Ok(());
    }
    Err(Refusal::new(
        "not_storable",
        "a number in this change is not finite, so the log could not keep it",
        "measure again on an image with a known scale",
    ))
}
