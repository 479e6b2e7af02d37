use case::Outcome;

use super::palette::{
    FIRST, RULE, SECOND, TEXT, TEXT_HINT, WARN, WARN_EDGE, WARN_FILL, verdict_colours,
};
use super::row::{Backing, Column, Item, text_items};
use super::sheet::{LABEL, MARGIN_PT, Mark, PAGE_WIDTH_PT, Role, Sheet, TEXT_WIDTH_PT};
use super::typeface::{Face, Style};
use super::{BODY, NUMBER, SMALL, STRONG, paragraph};
use crate::content::Content;
use crate::words::{self, NOT_FOR_DIAGNOSIS, PROGRAM};

/// Head of the document, whom it is about, the question, and the answer.
pub(super) fn write(sheet: &mut Sheet, content: &Content) {
    rings(sheet, &content.case_id);
    sheet.heading(1, &content.title, 0.0);
    standing(sheet, content);
    if let Some(line) = &content.not_blinded {
        warning(sheet, "Not blinded", line);
    }
    facts(sheet, content);
    if !content.question.trim().is_empty() {
        sheet.heading(2, "Question", 30.0);
        sheet.paragraph(&content.question, BODY);
        sheet.gap(14.0);
    }
    if let Some(outcome) = content.outcome {
        answer(sheet, outcome, &content.summary);
    }
}

/// The two rings, the name of the program and the name of the case.
pub(super) fn rings(sheet: &mut Sheet, case_id: &str) {
    let y = sheet.y - 14.0;
    sheet.mark(Mark::Ring {
        x: MARGIN_PT + 7.0,
        y: y + 8.0,
        radius: 6.2,
        width: 1.7,
        colour: FIRST,
    });
    sheet.mark(Mark::Ring {
        x: MARGIN_PT + 13.0,
        y: y + 8.0,
        radius: 6.2,
        width: 1.7,
        colour: SECOND,
    });
    let name = Style {
        face: Face::SemiBold,
        size_pt: 12.0,
        leading_pt: 16.0,
        colour: TEXT,
    };
    let line = sheet.faces.line(PROGRAM, name);
    sheet.text_at(MARGIN_PT + 26.0, y, line, None);
    let node = sheet.node(Role::Paragraph, None);
    let id = paragraph::cut(sheet.faces, case_id, NUMBER, 0.5 * TEXT_WIDTH_PT);
    let id_x = PAGE_WIDTH_PT - MARGIN_PT - id.width_pt;
    sheet.text_at(id_x, y + 1.5, id, Some(node));
    sheet.mark(Mark::Plate {
        x: MARGIN_PT,
        y: y + 24.0,
        w: TEXT_WIDTH_PT,
        h: 0.6,
        radius: 0.0,
        fill: Some(RULE),
        edge: None,
    });
    sheet.y = y + 38.0;
}

/// One quiet line: where the case stands and what this paper is not for.
fn standing(sheet: &mut Sheet, content: &Content) {
    let line = format!(
        "{} · {NOT_FOR_DIAGNOSIS} · printed {}",
        content.stage, content.printed
    );
    sheet.paragraph(&line, SMALL);
    sheet.gap(12.0);
}

fn warning(sheet: &mut Sheet, title: &str, text: &str) {
    let node = sheet.node(Role::Paragraph, None);
    let strong = Style {
        colour: WARN,
        ..STRONG
    };
    let mut items = text_items(sheet, title, strong, TEXT_WIDTH_PT - 24.0, node);
    items.extend(text_items(sheet, text, BODY, TEXT_WIDTH_PT - 24.0, node));
    sheet.row(
        vec![Column { x: 12.0, items }],
        Backing::Plate {
            fill: WARN_FILL,
            edge: WARN_EDGE,
        },
    );
    sheet.gap(12.0);
}

/// Patient, study and both reads, two by two.
fn facts(sheet: &mut Sheet, content: &Content) {
    let patient = (
        "Patient",
        content
            .patient
            .clone()
            .unwrap_or_else(|| "Name left out".to_owned()),
        content.patient_details.join(" · "),
    );
    let study = (
        "Study",
        content.study_details.first().cloned().unwrap_or_default(),
        {
            content
                .study_details
                .get(1..)
                .unwrap_or_default()
                .join(" · ")
        },
    );
    let first = match &content.first {
        Some(first) => {
            let author = first
                .author
                .clone()
                .unwrap_or_else(|| "Author not named".to_owned());
            let details = [first.issued.as_str(), first.document.as_str()];
            (
                "First read",
                author,
                details
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
            )
        }
        None if content.blinded => (
            "First read",
            "Closed".to_owned(),
            "Nothing of it is in this document".to_owned(),
        ),
        None => (
            "First read",
            "Open".to_owned(),
            "Not compared yet, nothing of it is in this document".to_owned(),
        ),
    };
    let sealed = content
        .read_sealed
        .as_ref()
        .map_or_else(|| "Not sealed".to_owned(), |at| format!("Sealed {at}"));
    let second = ("Second read", content.reader.clone(), sealed);
    for (left, right, last) in [(patient, study, false), (first, second, true)] {
        let half_pt = 0.5 * TEXT_WIDTH_PT;
        let columns = [(0.0, left), (half_pt + 8.0, right)]
            .into_iter()
            .map(|(x, fact)| Column {
                x,
                items: fact_items(sheet, &fact, half_pt - 16.0),
            })
            .collect();
        sheet.row(columns, if last { Backing::Rule } else { Backing::None });
        sheet.gap(if last { 16.0 } else { 10.0 });
    }
}

fn fact_items(
    sheet: &mut Sheet,
    (label, value, details): &(&str, String, String),
    width_pt: f32,
) -> Vec<Item> {
    let node = sheet.node(Role::Paragraph, None);
    let mut items = text_items(sheet, label, LABEL, width_pt, node);
    items.extend(text_items(sheet, value, STRONG, width_pt, node));
    if !details.is_empty() {
        items.extend(text_items(sheet, details, SMALL, width_pt, node));
    }
    items
}

/// Outcome and summary for the referrer.
pub(super) fn answer(sheet: &mut Sheet, outcome: Outcome, summary: &str) {
    let (colour, _) = verdict_colours(match outcome {
        Outcome::Confirmed => 'A',
        Outcome::Refined => 'L',
        Outcome::Changed => 'M',
    });
    let width_pt = TEXT_WIDTH_PT - 32.0;
    let text = format!("Outcome: {}", outcome.label().to_lowercase());
    sheet.keep(120.0);
    let node = sheet.heading_node(2, &text);
    let title = Style {
        face: Face::SemiBold,
        size_pt: 13.0,
        leading_pt: 18.0,
        colour,
    };
    let mut items = text_items(sheet, &text, title, width_pt, node);
    let node = sheet.node(Role::Paragraph, None);
    items.extend(text_items(
        sheet,
        words::outcome_meaning(outcome),
        SMALL,
        width_pt,
        node,
    ));
    if !summary.trim().is_empty() {
        items.push(Item::Gap(8.0));
        let label = sheet.node(Role::Paragraph, None);
        items.extend(text_items(
            sheet,
            "Summary for the referrer",
            Style {
                colour: TEXT_HINT,
                ..LABEL
            },
            width_pt,
            label,
        ));
        let node = sheet.node(Role::Paragraph, None);
        let body = Style {
            size_pt: 10.5,
            leading_pt: 15.5,
            ..BODY
        };
        items.extend(text_items(sheet, summary, body, width_pt, node));
    }
    sheet.row(
        vec![Column { x: 16.0, items }],
        Backing::Panel { bar: colour },
    );
    sheet.gap(20.0);
}
