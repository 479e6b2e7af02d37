use case::Case;

use super::closing::seal_plate;
use super::first_page::{answer, rings};
use super::row::{Backing, Column, Item, text_items};
use super::sheet::{LABEL, Role, Sheet, TEXT_WIDTH_PT};
use super::{BODY, NUMBER, SMALL, finish};
use crate::letter::{Letter, LetterFor, Line, letter};
use crate::words::{NOT_FOR_DIAGNOSIS, PROGRAM};
use crate::{ExchangeError, OutputContext};

/// Width of a line's text, and where its references begin, points from the left margin.
const LINE_WIDTH_PT: f32 = 400.0;
const REFERENCES_X_PT: f32 = 416.0;
/// Columns of the closing table: name, what it is, what covers it.
const SOURCE_X_PT: [f32; 3] = [6.0, 44.0, 218.0];

/// Writes a letter about a second read as PDF (A4), for the clinician or in plain language for the patient. Every line
/// names the signed items that it comes from; a table at the end says what covers each of them.
///
/// # Errors
/// [`ExchangeError::Refused`] while something that it speaks of is not signed, while the case is blinded, and for cases
/// whose protocol keeps them out of the patient's record; when the document cannot be put together.
pub fn letter_pdf(
    case: &Case,
    whom: LetterFor,
    context: &OutputContext,
) -> Result<Vec<u8>, ExchangeError> {
    let letter = letter(case, whom, context)?;
    let title = match whom {
        LetterFor::Clinician => format!("Letter {}", letter.case_id),
        LetterFor::Patient => format!("Plain letter {}", letter.case_id),
    };
    finish((&title, &letter.case_id), context, &[], |sheet| {
        write(sheet, &letter, whom);
    })
}

fn write(sheet: &mut Sheet, letter: &Letter, whom: LetterFor) {
    rings(sheet, &letter.case_id);
    sheet.heading(1, letter.title, 0.0);
    sheet.paragraph(NOT_FOR_DIAGNOSIS, SMALL);
    sheet.gap(8.0);
    head(sheet, letter);
    if let (Some(outcome), LetterFor::Clinician) = (letter.outcome, whom) {
        let opening: Vec<String> = letter.opening.iter().map(Line::traced).collect();
        answer(sheet, outcome, &opening.join("\n"));
    } else {
        for line in &letter.opening {
            sheet.paragraph(&line.traced(), BODY);
            sheet.gap(3.0);
        }
        sheet.gap(12.0);
    }
    for section in &letter.sections {
        sheet.heading(2, section.title, 34.0);
        for line in &section.lines {
            let names: Vec<String> = line.from.iter().map(ToString::to_string).collect();
            let node = sheet.node(Role::Paragraph, None);
            let items = text_items(sheet, &line.text, BODY, LINE_WIDTH_PT, node);
            let from = format!("[{}]", names.join(", "));
            let width_pt = TEXT_WIDTH_PT - REFERENCES_X_PT;
            let from = text_items(sheet, &from, NUMBER, width_pt, node);
            let columns = vec![
                Column { x: 0.0, items },
                Column {
                    x: REFERENCES_X_PT,
                    items: from,
                },
            ];
            sheet.row(columns, Backing::Rule);
        }
        sheet.gap(14.0);
    }
    sources(sheet, letter);
}

fn head(sheet: &mut Sheet, letter: &Letter) {
    for (name, value) in &letter.head {
        let node = sheet.node(Role::Paragraph, None);
        let mut label = text_items(sheet, name, LABEL, 80.0, node);
        label.insert(0, Item::Gap(1.5));
        let items = text_items(sheet, value, SMALL, TEXT_WIDTH_PT - 84.0, node);
        let columns = vec![
            Column {
                x: 0.0,
                items: label,
            },
            Column { x: 84.0, items },
        ];
        sheet.row(columns, Backing::None);
        sheet.gap(3.0);
    }
    sheet.gap(12.0);
}

fn sources(sheet: &mut Sheet, letter: &Letter) {
    sheet.heading(2, "Where each line comes from", 70.0);
    let head = [
        "Mark",
        "What it is",
        "Covered by the signature over (SHA-256)",
    ];
    let head = SOURCE_X_PT.into_iter().zip(head);
    let head = head.map(|(x, text)| (x, sheet.faces.line(text, LABEL)));
    let table = sheet.begin_table(head.collect());
    for source in &letter.sources {
        let tr = sheet.node(Role::Row, Some(table));
        let cells = [
            (source.name.as_str(), NUMBER, 36.0),
            (source.what, SMALL, 168.0),
            (source.covered.as_str(), SMALL, TEXT_WIDTH_PT - 218.0),
        ];
        let columns = SOURCE_X_PT.into_iter().zip(cells);
        let columns = columns.map(|(x, (text, style, width_pt))| {
            let node = sheet.node(Role::Cell, Some(tr));
            let items = text_items(sheet, text, style, width_pt, node);
            Column { x, items }
        });
        let columns = columns.collect();
        sheet.row(columns, Backing::Rule);
    }
    sheet.end_table();
    sheet.gap(14.0);
    sheet.heading(2, "Seals", 90.0);
    for seal in &letter.seals {
        seal_plate(sheet, seal);
    }
    sheet.paragraph(&format!("Written by {PROGRAM} {}.", letter.build), SMALL);
}
