use std::collections::HashMap;

use super::row::{AttributeRow, AttributeValue};

/// The rows in which two images differ, in the order of the first, and those that only the second has behind them. What is
/// closed is never among them: that it differs would say something of it. Pixels are compared by their size alone.
pub(super) fn differences(here: &[AttributeRow], there: &[AttributeRow]) -> Vec<AttributeRow> {
    let other: HashMap<&str, &AttributeRow> = there.iter().map(|r| (r.path.as_str(), r)).collect();
    let own: HashMap<&str, &AttributeRow> = here.iter().map(|r| (r.path.as_str(), r)).collect();
    let is_open = |row: &&AttributeRow| row.value != AttributeValue::Closed;
    let mut rows: Vec<AttributeRow> = Vec::new();
    for row in here.iter().filter(is_open) {
        let beside = match other.get(row.path.as_str()) {
            Some(twin) if twin.value == row.value || !is_open(twin) => continue,
            Some(twin) => twin.value.clone(),
            None => AttributeValue::Absent,
        };
        rows.push(AttributeRow {
            other: Some(beside),
            ..row.clone()
        });
    }
    let only_there = there
        .iter()
        .filter(is_open)
        .filter(|r| !own.contains_key(r.path.as_str()));
    rows.extend(only_there.map(|row| AttributeRow {
        value: AttributeValue::Absent,
        other: Some(row.value.clone()),
        ..row.clone()
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str, value: AttributeValue) -> AttributeRow {
        AttributeRow {
            depth: 0,
            path: path.into(),
            tag: path.into(),
            item_number: None,
            name: String::new(),
            keyword: "",
            creator: String::new(),
            vr: "LO".into(),
            n_bytes: None,
            value,
            other: None,
        }
    }

    #[test]
    fn only_what_differs_is_left_and_a_missing_side_is_said() {
        let text = |t: &str| AttributeValue::Text(t.into());
        let here = [
            row("a", text("1")),
            row("b", text("same")),
            row("c", text("only here")),
            row("d", AttributeValue::Closed),
            row("e", AttributeValue::Beginning("x".into(), 1)),
        ];
        let there = [
            row("a", text("2")),
            row("b", text("same")),
            row("d", text("other")),
            row("e", AttributeValue::Beginning("x".into(), 2)),
            row("f", text("only there")),
        ];
        let found: Vec<(String, AttributeValue, Option<AttributeValue>)> =
            differences(&here, &there)
                .into_iter()
                .map(|r| (r.path, r.value, r.other))
                .collect();
        assert_eq!(
            found,
            [
                ("a".into(), text("1"), Some(text("2"))),
                ("c".into(), text("only here"), Some(AttributeValue::Absent)),
                (
                    "e".into(),
                    AttributeValue::Beginning("x".into(), 1),
                    Some(AttributeValue::Beginning("x".into(), 2))
                ),
                ("f".into(), AttributeValue::Absent, Some(text("only there"))),
            ]
        );
        assert!(differences(&here, &here).is_empty());
    }
}
