//! Text that is being typed, between the field and the record.

use egui::Response;

/// Typing is put on record after a pause of this length, seconds; and at once when the field is left.
const PAUSE_S: f64 = 1.5;

/// The text of a field, and what the record had when they were last the same.
///
/// A step of the record for every letter would make undo useless; a step only on leaving the field would lose a long
/// text when the computer stops.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// What is in the field.
    pub(crate) text: String,
    recorded: String,
    changed_at_s: Option<f64>,
}

impl Draft {
    /// Takes over what the record says, unless something was typed since.
    pub(crate) fn follow(&mut self, record: &str) {
        if self.recorded != record {
            if self.text == self.recorded {
                record.clone_into(&mut self.text);
                self.changed_at_s = None;
            }
            record.clone_into(&mut self.recorded);
        }
    }

    /// The text to put on record now, if there is one.
    pub(crate) fn after(&mut self, field: &Response) -> Option<String> {
        let now_s = field.ctx.input(|input| input.time);
        if field.changed() {
            self.changed_at_s = Some(now_s);
            field
                .ctx
                .request_repaint_after(std::time::Duration::from_secs_f64(PAUSE_S));
        }
        let has_paused = self
            .changed_at_s
            .is_some_and(|at_s| at_s + PAUSE_S <= now_s);
        if field.lost_focus() || has_paused {
            self.take()
        } else {
            None
        }
    }

    /// The text that is not on record yet; from now on it counts as recorded.
    pub(crate) fn take(&mut self) -> Option<String> {
        self.changed_at_s = None;
        (self.text != self.recorded).then(|| {
            self.text.clone_into(&mut self.recorded);
            self.text.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_never_overwrites_what_was_typed_since() {
        let mut draft = Draft::default();
        draft.follow("as stored");
        assert_eq!(draft.text, "as stored");
        draft.text = "as typed".into();
        draft.follow("as stored");
        draft.follow("changed elsewhere");
        assert_eq!(draft.text, "as typed");
        assert_eq!(draft.take().as_deref(), Some("as typed"));
        assert_eq!(draft.take(), None);
        draft.follow("as typed");
        draft.follow("undone");
        assert_eq!(draft.text, "undone");
    }
}
