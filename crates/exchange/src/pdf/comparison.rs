use case::{Class, Significance};

use super::palette::{FIRST, SECOND, TEXT_HINT, verdict_colours};
use super::row::{Backing, Column, Item, text_items};
use super::sheet::{LABEL, NodeIdx, Role, Sheet, TEXT_WIDTH_PT};
use super::typeface::{Face, Style};
use super::{BODY, CELL, SMALL};
use crate::content::Content;
use crate::rows::{Row, Standing};

/// Columns of the table of discrepancies: place and width, points.
const NUMBER_COLUMN: (f32, f32) = (6.0, 14.0);
const FIRST_COLUMN: (f32, f32) = (24.0, 140.0);
const SECOND_COLUMN: (f32, f32) = (176.0, 140.0);
const VERDICT_COLUMN: (f32, f32) = (328.0, 122.0);
const WEIGHT_COLUMN: (f32, f32) = (436.0, 62.0);

const CHIP: Style = Style {
    face: Face::SemiBold,
    size_pt: 7.5,
    leading_pt: 12.0,
    colour: [0, 0, 0],
};

/// The discrepancies, then every row of the comparison. Nothing while the case is blinded.
pub(super) fn write(sheet: &mut Sheet, content: &Content) {
    if content.first.is_none() {
        return;
    }
    discrepancies(sheet, &content.rows);
    statements(sheet, &content.rows);
}

fn discrepancies(sheet: &mut Sheet, rows: &[Row]) {
    let differing: Vec<&Row> = rows.iter().filter(|row| row.is_discrepancy()).collect();
    sheet.heading(2, &counted("Discrepancies", differing.len()), 70.0);
    if differing.is_empty() {
        sheet.paragraph("The reader recorded none.", BODY);
        sheet.gap(16.0);
        return;
    }
    let table = begin(sheet, "Weight");
    for (idx, row) in differing.into_iter().enumerate() {
        discrepancy(sheet, table, idx + 1, row);
    }
    sheet.end_table();
    sheet.gap(16.0);
}

fn begin(sheet: &mut Sheet, last: &str) -> NodeIdx {
    let first = Style {
        face: Face::SemiBold,
        colour: FIRST,
        ..LABEL
    };
    let second = Style {
        face: Face::SemiBold,
        colour: SECOND,
        ..LABEL
    };
    let head = [
        (FIRST_COLUMN.0, "First read", first),
        (SECOND_COLUMN.0, "Second read", second),
        (VERDICT_COLUMN.0, "Verdict", LABEL),
        (WEIGHT_COLUMN.0, last, LABEL),
    ];
    let head = head.into_iter().filter(|(_, text, _)| !text.is_empty());
    let head = head
        .map(|(x, text, style)| (x, sheet.faces.line(text, style)))
        .collect();
    sheet.begin_table(head)
}

fn discrepancy(sheet: &mut Sheet, table: NodeIdx, number: usize, row: &Row) {
    let tr = sheet.node(Role::Row, Some(table));
    let mut columns = reads(sheet, tr, &number.to_string(), row);
    let verdict = sheet.node(Role::Cell, Some(tr));
    columns.push(Column {
        x: VERDICT_COLUMN.0,
        items: verdict_items(sheet, row, verdict),
    });
    let weight = sheet.node(Role::Cell, Some(tr));
    columns.push(Column {
        x: WEIGHT_COLUMN.0,
        items: weight_items(sheet, row, weight),
    });
    if row.note.is_empty() {
        sheet.row(columns, Backing::Rule);
        return;
    }
    // The note stands below both reads in the same row, so it waits until the longer of them ends.
    sheet.row(columns, Backing::Room);
    let node = sheet.node(Role::Cell, Some(tr));
    let width_pt = TEXT_WIDTH_PT - FIRST_COLUMN.0 - 8.0;
    let items = text_items(sheet, &format!("Note: {}", row.note), SMALL, width_pt, node);
    sheet.row(
        vec![Column {
            x: FIRST_COLUMN.0,
            items,
        }],
        Backing::Rule,
    );
    sheet.gap(2.0);
}

/// Number and both texts.
fn reads(sheet: &mut Sheet, tr: NodeIdx, number: &str, row: &Row) -> Vec<Column> {
    let mut columns = Vec::new();
    let cells = [
        (
            NUMBER_COLUMN,
            Some(number),
            Style {
                colour: TEXT_HINT,
                ..CELL
            },
        ),
        (FIRST_COLUMN, row.first.as_deref(), CELL),
        (SECOND_COLUMN, row.second.as_deref(), CELL),
    ];
    for ((x, width_pt), text, style) in cells {
        let node = sheet.node(Role::Cell, Some(tr));
        let missing = Style {
            colour: TEXT_HINT,
            ..CELL
        };
        let (text, style) = text.map_or(("Not mentioned", missing), |text| (text, style));
        columns.push(Column {
            x,
            items: text_items(sheet, text, style, width_pt, node),
        });
    }
    columns
}

fn verdict_items(sheet: &Sheet, row: &Row, node: NodeIdx) -> Vec<Item> {
    match &row.standing {
        Standing::Agree => vec![chip(sheet, Class::Agree, None, node)],
        Standing::Differs(classes) => {
            let mut items: Vec<Item> = classes
                .iter()
                .map(|&class| chip(sheet, class, None, node))
                .collect();
            for words in &row.circumstances {
                items.extend(text_items(
                    sheet,
                    words,
                    LABEL,
                    WEIGHT_COLUMN.0 - VERDICT_COLUMN.0 - 8.0,
                    node,
                ));
            }
            items
        }
        Standing::Proposed(classes) => {
            let mut items: Vec<Item> = classes
                .iter()
                .map(|&class| chip(sheet, class, Some(verdict_colours(class.letter()).0), node))
                .collect();
            items.extend(text_items(
                sheet,
                "Proposed, not decided",
                LABEL,
                VERDICT_COLUMN.1,
                node,
            ));
            items
        }
        Standing::NotAddressed => text_items(sheet, "Not addressed", LABEL, VERDICT_COLUMN.1, node),
    }
}

/// Significance as bars and word, and the score below.
fn weight_items(sheet: &Sheet, row: &Row, node: NodeIdx) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(significance) = row.significance {
        let n_filled = match significance {
            Significance::None => 0,
            Significance::Minor => 1,
            Significance::Moderate => 2,
            Significance::Major => 3,
        };
        let label = sheet.faces.line(
            significance.label(),
            Style {
                size_pt: 8.0,
                ..CELL
            },
        );
        items.push(Item::Bars {
            n_filled,
            label,
            node,
        });
        items.push(Item::Gap(2.0));
    }
    if let Some(score) = &row.score {
        items.extend(text_items(
            sheet,
            &format!("Score {score}"),
            LABEL,
            WEIGHT_COLUMN.1,
            node,
        ));
    }
    items
}

fn chip(sheet: &Sheet, class: Class, edge: Option<[u8; 3]>, node: NodeIdx) -> Item {
    let (colour, fill) = verdict_colours(class.letter());
    let letter = Style {
        face: Face::Mono,
        colour,
        ..CHIP
    };
    Item::Chip {
        letter: sheet.faces.line(&class.letter().to_string(), letter),
        label: sheet.faces.line(class.label(), Style { colour, ..CHIP }),
        fill,
        edge,
        node,
    }
}

/// Every row in order: what agrees, what differs, what nobody had to answer.
fn statements(sheet: &mut Sheet, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    sheet.heading(2, &counted("All statements", rows.len()), 70.0);
    let table = begin(sheet, "");
    for (idx, row) in rows.iter().enumerate() {
        let tr = sheet.node(Role::Row, Some(table));
        let mut columns = reads(sheet, tr, &(idx + 1).to_string(), row);
        let verdict = sheet.node(Role::Cell, Some(tr));
        let mut items = verdict_items(sheet, row, verdict);
        if let Standing::Differs(classes) = &row.standing {
            items.truncate(classes.len());
        }
        columns.push(Column {
            x: VERDICT_COLUMN.0,
            items,
        });
        sheet.row(columns, Backing::Rule);
    }
    sheet.end_table();
    sheet.gap(16.0);
}

fn counted(title: &str, n: usize) -> String {
    if n == 0 {
        title.to_owned()
    } else {
        format!("{title} ({n})")
    }
}
