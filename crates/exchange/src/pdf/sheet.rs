use super::palette::{PANEL, RULE, TEXT_HINT};
use super::paragraph;
use super::typeface::{Face, Line, Style, Typefaces};

/// A4, points.
pub(super) const PAGE_WIDTH_PT: f32 = 595.28;
/// A4, points.
pub(super) const PAGE_HEIGHT_PT: f32 = 841.89;
/// Left and right margin.
pub(super) const MARGIN_PT: f32 = 48.0;
/// Where the text of a page begins.
const TOP_PT: f32 = 54.0;
/// Where it ends; below stands the footer.
pub(super) const BOTTOM_PT: f32 = PAGE_HEIGHT_PT - 62.0;
/// Width between the margins.
pub(super) const TEXT_WIDTH_PT: f32 = PAGE_WIDTH_PT - 2.0 * MARGIN_PT;

/// What a piece of the document is, for readers that do not see it (PDF structure types).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    Heading { level: u16, title: String },
    Paragraph,
    Table,
    Row,
    HeadCell,
    Cell,
    Figure(String),
}

/// Index of a node of the structure.
pub(super) type NodeIdx = usize;

/// A node of the document's structure.
pub(super) struct Node {
    pub role: Role,
    pub parent: Option<NodeIdx>,
}

/// Something drawn at a place of a page; y grows downwards from the top.
pub(super) enum Mark {
    /// Text whose base line begins at the place; `None` is decoration.
    Text {
        x: f32,
        base_y: f32,
        line: Line,
        node: Option<NodeIdx>,
    },
    /// A box.
    Plate {
        x: f32,
        y: f32,
        w: f32,
        h: f32,
        radius: f32,
        fill: Option<[u8; 3]>,
        edge: Option<[u8; 3]>,
    },
    /// A ring.
    Ring {
        x: f32,
        y: f32,
        radius: f32,
        width: f32,
        colour: [u8; 3],
    },
    /// A picture by its number.
    Picture {
        x: f32,
        y: f32,
        w: f32,
        h: f32,
        picture_idx: usize,
        node: NodeIdx,
    },
}

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

/// Pages being filled from top to bottom.
pub(super) struct Sheet<'f> {
    pub faces: &'f Typefaces,
    pub pages: Vec<Vec<Mark>>,
    pub nodes: Vec<Node>,
    pub y: f32,
    /// Title, index of the page and place on it, of every heading below the first.
    pub outline: Vec<(String, usize, f32)>,
    /// Head of the table that is being written; drawn again on top of each page it reaches.
    table_head: Option<Vec<(f32, Line)>>,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(faces: &'f Typefaces) -> Self {
        Self {
            faces,
            pages: vec![Vec::new()],
            nodes: Vec::new(),
            y: TOP_PT,
            outline: Vec::new(),
            table_head: None,
        }
    }

    pub(super) fn node(&mut self, role: Role, parent: Option<NodeIdx>) -> NodeIdx {
        self.nodes.push(Node { role, parent });
        self.nodes.len() - 1
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Starts a page, with the head of the running table on it.
    pub(super) fn new_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP_PT;
        if let Some(head) = self.table_head.take() {
            self.draw_table_head(&head, None);
            self.table_head = Some(head);
        }
    }

    /// Makes sure that this much room is left on the page.
    pub(super) fn keep(&mut self, height_pt: f32) {
        if BOTTOM_PT < self.y + height_pt {
            self.new_page();
        }
    }

    pub(super) fn gap(&mut self, height_pt: f32) {
        self.y += height_pt;
    }

    /// A heading that stays with at least `with_pt` of what follows.
    pub(super) fn heading(&mut self, level: u16, text: &str, with_pt: f32) {
        let style = match level {
            1 => Style {
                face: Face::SemiBold,
                size_pt: 19.0,
                leading_pt: 25.0,
                colour: super::palette::TEXT,
            },
            _ => Style {
                face: Face::SemiBold,
                size_pt: 12.0,
                leading_pt: 17.0,
                colour: super::palette::TEXT,
            },
        };
        self.keep(style.leading_pt + 6.0 + with_pt);
        let node = self.heading_node(level, text);
        self.paragraph_in(text, style, (MARGIN_PT, TEXT_WIDTH_PT), node);
        self.gap(if level == 1 { 1.0 } else { 5.0 });
    }

    /// The node of a heading that is about to be drawn here; it also goes into the outline.
    pub(super) fn heading_node(&mut self, level: u16, title: &str) -> NodeIdx {
        self.outline
            .push((title.to_owned(), self.pages.len().saturating_sub(1), self.y));
        self.node(
            Role::Heading {
                level,
                title: title.to_owned(),
            },
            None,
        )
    }

    /// A paragraph over the width of the page.
    pub(super) fn paragraph(&mut self, text: &str, style: Style) {
        let node = self.node(Role::Paragraph, None);
        self.paragraph_in(text, style, (MARGIN_PT, TEXT_WIDTH_PT), node);
    }

    /// A paragraph at `(x, width)`.
    pub(super) fn paragraph_in(
        &mut self,
        text: &str,
        style: Style,
        (x, width_pt): (f32, f32),
        node: NodeIdx,
    ) {
        for line in paragraph::wrap(self.faces, text, style, width_pt) {
            self.keep(style.leading_pt);
            let y = self.y;
            self.text_at(x, y, line, Some(node));
            self.y += style.leading_pt;
        }
    }

    /// A line whose line box begins at `y`.
    pub(super) fn text_at(&mut self, x: f32, y: f32, line: Line, node: Option<NodeIdx>) {
        let base_y = y + base_line_pt(line.style);
        self.mark(Mark::Text {
            x,
            base_y,
            line,
            node,
        });
    }

    /// Begins a table: its head is drawn now and again on each page.
    pub(super) fn begin_table(&mut self, head: Vec<(f32, Line)>) -> NodeIdx {
        let table = self.node(Role::Table, None);
        let row = self.node(Role::Row, Some(table));
        self.keep(60.0);
        self.draw_table_head(&head, Some(row));
        self.table_head = Some(head);
        table
    }

    pub(super) fn end_table(&mut self) {
        self.table_head = None;
    }

    fn draw_table_head(&mut self, head: &[(f32, Line)], row: Option<NodeIdx>) {
        let y = self.y;
        self.mark(Mark::Plate {
            x: MARGIN_PT,
            y,
            w: TEXT_WIDTH_PT,
            h: 18.0,
            radius: 3.0,
            fill: Some(PANEL),
            edge: None,
        });
        for (x, line) in head {
            let node = row.map(|row| self.node(Role::HeadCell, Some(row)));
            self.text_at(MARGIN_PT + x, y + 2.5, line.clone(), node);
        }
        self.y += 22.0;
    }

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
        let mut queues: Vec<(f32, std::collections::VecDeque<Item>)> = columns
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

    fn draw_items(
        &mut self,
        x: f32,
        top: f32,
        items: &mut std::collections::VecDeque<Item>,
        room_pt: f32,
    ) {
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
                        super::palette::TEXT_SECOND
                    } else {
                        super::palette::EMPTY_BAR
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

/// Style of the small grey words above values and in heads of tables.
pub(super) const LABEL: Style = Style {
    face: Face::Regular,
    size_pt: 8.0,
    leading_pt: 11.5,
    colour: TEXT_HINT,
};

/// From the top of a line box to the base line.
fn base_line_pt(style: Style) -> f32 {
    0.5 * style.leading_pt + 0.36 * style.size_pt
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
fn fitting_height(items: &std::collections::VecDeque<Item>, room_pt: f32) -> f32 {
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
