use std::collections::VecDeque;

use super::palette::{EMPTY_BAR, PANEL, RULE, TEXT_SECOND};
use super::paragraph;
use super::sheet::{BOTTOM_PT, MARGIN_PT, Mark, NodeIdx, Sheet, TEXT_WIDTH_PT, TOP_PT};
use super::typeface::{Line, Style};

/// A thing in a cell, one below the other.
pub(super) enum Item {
    Text {
        line: Line,
        node: NodeIdx,
    },
    /// A word on a coloured plate with its letter.
    Chip {
        letter: Line,
        label: Line,
        fill: [u8; 3],
        edge: Option<[u8; 3]>,
        node: NodeIdx,
    },
    /// Up to three bars and a word.
    Bars {
        n_filled: usize,
        label: Line,
        node: NodeIdx,
    },
    Gap(f32),
}

/// A column of a row: from the left margin, points.
pub(super) struct Column {
    pub x: f32,
    pub items: Vec<Item>,
}

/// What stands behind a row.
#[derive(Clone, Copy)]
pub(super) enum Backing {
    None,
    /// Room above and below, as with a line.
    Room,
    /// A thin line below.
    Rule,
    /// A quiet plate, with a coloured bar at its left.
    Panel {
        bar: [u8; 3],
    },
    /// A plate of its own colours.
    Plate {
        fill: [u8; 3],
        edge: [u8; 3],
    },
}

impl Sheet<'_> {
    /// A row of columns. What does not fit on the page goes on at the top of the next one.
    pub(super) fn row(&mut self, columns: Vec<Column>, backing: Backing) {
        let pad_pt = match backing {
            Backing::None => 0.0,
            Backing::Room | Backing::Rule => 5.0,
            Backing::Panel { .. } | Backing::Plate { .. } => 9.0,
        };
        let height_pt = columns.iter().map(column_height).fold(0.0, f32::max) + 2.0 * pad_pt;
        // A row is parted only when it would leave much of the page empty.
        if BOTTOM_PT < self.y + height_pt
            && (height_pt < 0.4 * (BOTTOM_PT - TOP_PT) || BOTTOM_PT < self.y + 60.0)
        {
            self.new_page();
        }
        let mut queues: Vec<(f32, VecDeque<Item>)> = columns
            .into_iter()
            .map(|column| (column.x, column.items.into()))
            .collect();
        loop {
            let top = self.y;
            let room_pt = BOTTOM_PT - top - 2.0 * pad_pt;
            let used_pt = queues
                .iter()
                .map(|(_, items)| fitting_height(items, room_pt))
                .fold(0.0, f32::max);
            self.draw_backing(backing, top, used_pt + 2.0 * pad_pt);
            for (x, items) in &mut queues {
                self.draw_items(MARGIN_PT + *x, top + pad_pt, items, room_pt);
            }
            self.y = top + used_pt + 2.0 * pad_pt;
            if queues.iter().all(|(_, items)| items.is_empty()) {
                return;
            }
            self.new_page();
        }
    }

    fn draw_backing(&mut self, backing: Backing, y: f32, h: f32) {
        let (x, w) = (MARGIN_PT, TEXT_WIDTH_PT);
        match backing {
            Backing::None | Backing::Room => {}
            Backing::Rule => {
                self.mark(Mark::Plate {
                    x,
                    y: y + h - 0.6,
                    w,
                    h: 0.6,
                    radius: 0.0,
                    fill: Some(RULE),
                    edge: None,
                });
            }
            Backing::Panel { bar } => {
                self.mark(Mark::Plate {
                    x,
                    y,
                    w,
                    h,
                    radius: 4.0,
                    fill: Some(PANEL),
                    edge: None,
                });
                self.mark(Mark::Plate {
                    x,
                    y,
                    w: 3.0,
                    h,
                    radius: 1.5,
                    fill: Some(bar),
                    edge: None,
                });
            }
            Backing::Plate { fill, edge } => {
                self.mark(Mark::Plate {
                    x,
                    y,
                    w,
                    h,
                    radius: 5.0,
                    fill: Some(fill),
                    edge: Some(edge),
                });
            }
        }
    }

    fn draw_items(&mut self, x: f32, top: f32, items: &mut VecDeque<Item>, room_pt: f32) {
        let mut y = top;
        while let Some(item) = items.front() {
            let height_pt = item_height(item);
            if room_pt < y - top + height_pt && top < y {
                return;
            }
            if let Some(item) = items.pop_front() {
                self.draw_item(x, y, item);
            }
            y += height_pt;
        }
    }

    fn draw_item(&mut self, x: f32, y: f32, item: Item) {
        match item {
            Item::Gap(_) => {}
            Item::Text { line, node } => self.text_at(x, y, line, Some(node)),
            Item::Chip {
                letter,
                label,
                fill,
                edge,
                node,
            } => {
                let w = label.width_pt + letter.width_pt + 17.0;
                self.mark(Mark::Plate {
                    x,
                    y: y + 1.0,
                    w,
                    h: 14.0,
                    radius: 3.5,
                    fill: Some(fill),
                    edge,
                });
                let letter_width_pt = letter.width_pt;
                self.text_at(x + 5.0, y + 2.0, letter, Some(node));
                self.text_at(x + letter_width_pt + 11.0, y + 2.0, label, Some(node));
            }
            Item::Bars {
                n_filled,
                label,
                node,
            } => {
                for idx in 0..3 {
                    let fill = if idx < n_filled {
                        TEXT_SECOND
                    } else {
                        EMPTY_BAR
                    };
                    let bar_x = x + 4.5 * idx as f32;
                    self.mark(Mark::Plate {
                        x: bar_x,
                        y: y + 2.5,
                        w: 3.0,
                        h: 8.0,
                        radius: 1.0,
                        fill: Some(fill),
                        edge: None,
                    });
                }
                self.text_at(x + 18.0, y, label, Some(node));
            }
        }
    }
}

/// Lines of a text as items of a cell.
pub(super) fn text_items(
    sheet: &Sheet,
    text: &str,
    style: Style,
    width_pt: f32,
    node: NodeIdx,
) -> Vec<Item> {
    let lines = paragraph::wrap(sheet.faces, text, style, width_pt);
    lines
        .into_iter()
        .map(|line| Item::Text { line, node })
        .collect()
}

fn item_height(item: &Item) -> f32 {
    match item {
        Item::Text { line, .. } => line.style.leading_pt,
        Item::Chip { .. } => 18.0,
        Item::Bars { label, .. } => label.style.leading_pt,
        Item::Gap(height_pt) => *height_pt,
    }
}

fn column_height(column: &Column) -> f32 {
    column.items.iter().map(item_height).sum()
}

/// Height of the first items that fit; never nothing while there is an item, so that every page takes something.
fn fitting_height(items: &VecDeque<Item>, room_pt: f32) -> f32 {
    let mut used_pt = 0.0;
    for item in items {
        let height_pt = item_height(item);
        if room_pt < used_pt + height_pt && 0.0 < used_pt {
            break;
        }
        used_pt += height_pt;
    }
    used_pt
}
