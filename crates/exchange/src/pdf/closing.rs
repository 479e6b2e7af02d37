use super::palette::{EDGE, PANEL, TEXT_HINT};
use super::row::{Backing, Column, Item, text_items};
use super::sheet::{LABEL, NodeIdx, Role, Sheet, TEXT_WIDTH_PT};
use super::typeface::Style;
use super::{BODY, DIGEST, SMALL, STRONG};
use crate::content::{Content, SealWords};

/// What happened besides the two reads, limitations and seals.
pub(super) fn write(sheet: &mut Sheet, content: &Content) {
    for section in &content.after {
        list(sheet, section.title, &section.lines);
    }
    list(sheet, "Limitations", &content.limitations);
    sheet.heading(2, "Seals", 90.0);
    if content.seals.is_empty() {
        sheet.paragraph("Nothing is sealed or signed yet.", BODY);
        sheet.gap(8.0);
    }
    for seal in &content.seals {
        seal_plate(sheet, seal);
    }
    let entries = if content.n_entries == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", content.n_entries)
    };
    sheet.paragraph(
        &format!("Log of {entries}; its newest entry has the hash"),
        LABEL,
    );
    sheet.paragraph(&content.log_head, DIGEST);
}

/// A heading with a line for each item.
fn list(sheet: &mut Sheet, title: &str, lines: &[String]) {
    sheet.heading(2, title, 40.0);
    for line in lines {
        let node = sheet.node(Role::Paragraph, None);
        let dot = text_items(
            sheet,
            "•",
            Style {
                colour: TEXT_HINT,
                ..SMALL
            },
            10.0,
            node,
        );
        let items = text_items(sheet, line, SMALL, TEXT_WIDTH_PT - 12.0, node);
        sheet.row(
            vec![Column { x: 0.0, items: dot }, Column { x: 12.0, items }],
            Backing::None,
        );
        sheet.gap(2.5);
    }
    sheet.gap(14.0);
}

pub(super) fn seal_plate(sheet: &mut Sheet, seal: &SealWords) {
    let width_pt = TEXT_WIDTH_PT - 24.0;
    let node = sheet.node(Role::Paragraph, None);
    let title = format!("{}: signed by {} at {}", seal.title, seal.reader, seal.at);
    let mut items = text_items(sheet, &title, STRONG, width_pt, node);
    for (label, value) in [
        ("Content (SHA-256)", &seal.digest),
        ("History before (SHA-256)", &seal.log_head),
        ("Signature (Ed25519)", &seal.signature),
        ("Public key", &seal.public_key),
    ] {
        items.push(Item::Gap(3.0));
        items.extend(field(sheet, label, value, node));
    }
    sheet.row(
        vec![Column { x: 12.0, items }],
        Backing::Plate {
            fill: PANEL,
            edge: EDGE,
        },
    );
    sheet.gap(8.0);
}

fn field(sheet: &Sheet, label: &str, value: &str, node: NodeIdx) -> Vec<Item> {
    let width_pt = TEXT_WIDTH_PT - 24.0;
    let mut items = text_items(sheet, label, LABEL, width_pt, node);
    items.extend(text_items(sheet, value, DIGEST, width_pt, node));
    items
}
