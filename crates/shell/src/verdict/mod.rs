//! What a row of the comparison says and how the reader judges it: the same in the reading room and on the comparison.

mod causes;
mod controls;
mod look;
mod note;
mod words;

use session::{Class, Command, CompareCommand, ComparisonSnapshot, PairId, PairRow, Snapshot};

use crate::Action;

pub(crate) use causes::{biases_ui, error_type_ui, impact_ui};
pub(crate) use controls::{Editing, class_menu_ui, saved_ui, significance_ui, step_buttons_ui};
pub(crate) use look::{
    chips_ui, class_icon, class_tint, class_word, classes_words, row_color, section_word,
};
pub(crate) use note::NoteField;
pub(crate) use words::{marked_job, one_line};

/// Does the row ask for a verdict and hold, or propose, anything but agreement?
pub(crate) fn differs(row: &PairRow) -> bool {
    row.asks && row.classes.iter().any(|class| *class != Class::Agree)
}

/// Does the row hold, or propose, agreement?
pub(crate) fn agrees(row: &PairRow) -> bool {
    row.asks && row.classes == [Class::Agree]
}

/// The comparison of the open case, once there is one.
pub(crate) fn comparison(s: &Snapshot) -> Option<&ComparisonSnapshot> {
    s.case.as_ref()?.comparison.as_ref()
}

/// The selected row.
pub(crate) fn selected_row(s: &Snapshot) -> Option<&PairRow> {
    let id = s.selected_pair?;
    comparison(s)?.rows.iter().find(|row| row.pair.id == id)
}

/// Does any row still wait for a verdict that this reader may give?
pub(crate) fn waits(s: &Snapshot) -> bool {
    comparison(s).is_some_and(|c| c.editable && c.n_decided < c.n_asked)
}

/// The number of a row among those that differ, and how many these are; `None` when it does not differ.
pub(crate) fn place_among_differing(
    comparison: &ComparisonSnapshot,
    id: PairId,
) -> Option<(usize, usize)> {
    let differing: Vec<PairId> = comparison
        .rows
        .iter()
        .filter(|row| differs(row))
        .map(|row| row.pair.id)
        .collect();
    let place_idx = differing.iter().position(|other| *other == id)?;
    Some((place_idx + 1, differing.len()))
}

/// Confirms what is proposed for the selected row, if nothing is decided yet, and goes on to the next row that waits.
///
/// Where nothing waits it goes to the next row of the list, and stays at its end.
pub(crate) fn save_and_next(s: &Snapshot, out: &mut Vec<Action>) {
    let (Some(comparison), Some(row)) = (comparison(s), selected_row(s)) else {
        return;
    };
    if comparison.editable && row.asks && row.verdict.is_none() {
        out.push(CompareCommand::SetClasses(row.pair.id, row.classes.clone()).into());
    }
    if let Some(next) = next_row(&comparison.rows, row.pair.id) {
        out.push(Action::Session(Command::Compare(CompareCommand::Select(
            next,
        ))));
    }
}

/// The row to go to after `from`: the next that waits for a verdict, going round; else the next of the list.
fn next_row(rows: &[PairRow], from: PairId) -> Option<PairId> {
    let at = rows.iter().position(|row| row.pair.id == from)?;
    let (before, after) = rows.split_at(at);
    let after = after.get(1..).unwrap_or_default();
    let waits = |row: &&PairRow| row.asks && row.verdict.is_none();
    after
        .iter()
        .chain(before)
        .find(waits)
        .or_else(|| after.first())
        .map(|row| row.pair.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use case::{Pair, Verdict};

    fn row(number: u32, proposed: &[Class], verdict: Option<Verdict>) -> PairRow {
        let pair = Pair {
            id: PairId(number),
            first: None,
            second: None,
            proposed: proposed.to_vec(),
            rule: String::new(),
            confidence: 1.0,
            first_spans: Vec::new(),
            second_spans: Vec::new(),
            verdict: verdict.clone(),
        };
        PairRow {
            first: None,
            second_text: None,
            finding: None,
            classes: proposed.to_vec(),
            provisional: verdict.is_none(),
            asks: !proposed.is_empty(),
            score: None,
            verdict,
            pair,
        }
    }

    #[test]
    fn next_is_the_next_row_that_waits_and_goes_round() {
        let agreed = Some(Verdict::agree());
        let rows = [
            row(1, &[Class::D4], None),
            row(2, &[], None),
            row(3, &[Class::Agree], agreed.clone()),
            row(4, &[Class::D1], None),
        ];
        for (from, expected) in [(1, 4), (2, 4), (3, 4), (4, 1)] {
            assert_eq!(
                next_row(&rows, PairId(from)),
                Some(PairId(expected)),
                "from {from}"
            );
        }
        let decided = [
            row(1, &[Class::Agree], agreed.clone()),
            row(2, &[Class::Agree], agreed),
        ];
        assert_eq!(next_row(&decided, PairId(1)), Some(PairId(2)));
        assert_eq!(next_row(&decided, PairId(2)), None);
    }

    #[test]
    fn a_row_without_a_proposal_neither_agrees_nor_differs() {
        let normal = row(1, &[], None);
        assert!(!differs(&normal) && !agrees(&normal));
        let proposed = row(2, &[Class::D4, Class::D6], None);
        assert!(differs(&proposed) && !agrees(&proposed));
    }
}
