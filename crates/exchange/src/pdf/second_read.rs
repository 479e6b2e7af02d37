use krilla::image::Image;

use super::palette::{SECOND, VIEWPORT};
use super::row::{Backing, Column, Item, text_items};
use super::sheet::{BOTTOM_PT, LABEL, MARGIN_PT, Mark, Role, Sheet, TEXT_WIDTH_PT};
use super::typeface::{Face, Style};
use super::{BODY, NUMBER, SMALL, STRONG, paragraph};
use crate::KeyPicture;
use crate::content::Content;
use crate::findings::FindingWords;

/// Tallest picture, points.
const MAX_PICTURE_PT: f32 = 300.0;
/// Between two pictures beside each other, points.
const PICTURE_GAP_PT: f32 = 14.0;

/// Findings and impression of the second reader.
pub(super) fn write(sheet: &mut Sheet, content: &Content) {
    sheet.heading(2, "Findings of the second read", 60.0);
    if content.findings.is_empty() {
        sheet.paragraph("No finding was entered.", BODY);
    }
    for finding in &content.findings {
        finding_row(sheet, finding);
    }
    if !content.loose_marks.is_empty() {
        sheet.gap(6.0);
        sheet.paragraph("Marks without a finding", STRONG);
        for mark in &content.loose_marks {
            sheet.paragraph(mark, LABEL);
        }
    }
    sheet.gap(14.0);
    if !content.impression.trim().is_empty() {
        sheet.heading(2, "Impression of the second read", 40.0);
        for text in content.impression.split('\n') {
            if text.trim().is_empty() {
                sheet.gap(5.0);
            } else {
                sheet.paragraph(text, BODY);
            }
        }
        sheet.gap(16.0);
    }
}

fn finding_row(sheet: &mut Sheet, finding: &FindingWords) {
    let width_pt = TEXT_WIDTH_PT - 34.0;
    let node = sheet.node(Role::Paragraph, None);
    let number = Style {
        face: Face::Mono,
        colour: SECOND,
        leading_pt: 14.0,
        ..NUMBER
    };
    let id = text_items(sheet, &finding.id.to_string(), number, 30.0, node);
    let mut items = text_items(sheet, &finding.title, STRONG, width_pt, node);
    items.extend(text_items(
        sheet,
        &finding.details.join(" · "),
        SMALL,
        width_pt,
        node,
    ));
    for measured in &finding.measured {
        items.extend(text_items(sheet, measured, LABEL, width_pt, node));
    }
    if !finding.note.is_empty() {
        items.push(Item::Gap(2.0));
        items.extend(text_items(sheet, &finding.note, BODY, width_pt, node));
    }
    sheet.row(
        vec![Column { x: 0.0, items: id }, Column { x: 30.0, items }],
        Backing::Rule,
    );
}

/// The key pictures, two in a row, each with its finding and its caption.
pub(super) fn write_pictures(
    sheet: &mut Sheet,
    pictures: &[KeyPicture],
    images: &[Image],
    content: &Content,
) {
    let width_pt = 0.5 * (TEXT_WIDTH_PT - PICTURE_GAP_PT);
    let placed: Vec<(usize, (f32, f32))> = images
        .iter()
        .enumerate()
        .map(|(idx, image)| (idx, fitted(image.size(), width_pt)))
        .collect();
    for (row_idx, row) in placed.chunks(2).enumerate() {
        let height_pt = row.iter().map(|(_, (_, h))| *h).fold(0.0, f32::max);
        if row_idx == 0 {
            sheet.heading(2, "Key images", (height_pt + 46.0).min(BOTTOM_PT - 120.0));
        }
        sheet.keep(height_pt + 46.0);
        let top = sheet.y;
        let mut columns = Vec::new();
        for (column_idx, &(picture_idx, (w, h))) in row.iter().enumerate() {
            let Some(picture) = pictures.get(picture_idx) else {
                continue;
            };
            let x = column_idx as f32 * (width_pt + PICTURE_GAP_PT);
            let finding = content
                .findings
                .iter()
                .find(|finding| finding.id == picture.finding);
            let title = finding.map_or("", |finding| finding.title.as_str());
            let alt = format!("{} {title}: {}", picture.finding, picture.caption);
            let node = sheet.node(Role::Figure(alt), None);
            let (x_pt, cell) = (MARGIN_PT + x, (width_pt, height_pt));
            sheet.mark(Mark::Plate {
                x: x_pt,
                y: top,
                w: cell.0,
                h: cell.1,
                radius: 0.0,
                fill: Some(VIEWPORT),
                edge: None,
            });
            let (x_pt, y_pt) = (x_pt + 0.5 * (cell.0 - w), top + 0.5 * (cell.1 - h));
            sheet.mark(Mark::Picture {
                x: x_pt,
                y: y_pt,
                w,
                h,
                picture_idx,
                node,
            });
            let caption = sheet.node(Role::Paragraph, None);
            let line = paragraph::cut(
                sheet.faces,
                &format!("{} {title}", picture.finding),
                STRONG,
                width_pt,
            );
            let mut items = vec![Item::Text {
                line,
                node: caption,
            }];
            items.extend(text_items(
                sheet,
                &picture.caption,
                LABEL,
                width_pt,
                caption,
            ));
            columns.push(Column { x, items });
        }
        sheet.y = top + height_pt + 5.0;
        sheet.row(columns, Backing::None);
        sheet.gap(14.0);
    }
}

/// Size on paper of a picture of so many pixels: as wide as its column, unless it would be too tall.
fn fitted((width_px, height_px): (u32, u32), width_pt: f32) -> (f32, f32) {
    let aspect = height_px.max(1) as f32 / width_px.max(1) as f32;
    let height_pt = width_pt * aspect;
    if height_pt <= MAX_PICTURE_PT {
        (width_pt, height_pt)
    } else {
        (MAX_PICTURE_PT / aspect, MAX_PICTURE_PT)
    }
}
