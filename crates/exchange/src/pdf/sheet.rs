use super::palette::{PANEL, TEXT_HINT};
use super::paragraph;
use super::typeface::{Face, Line, Style, Typefaces};

/// A4, points.
pub(super) const PAGE_WIDTH_PT: f32 = 595.28;
/// A4, points.
pub(super) const PAGE_HEIGHT_PT: f32 = 841.89;
/// Left and right margin.
pub(super) const MARGIN_PT: f32 = 48.0;
/// Where the text of a page begins.
pub(super) const TOP_PT: f32 = 54.0;
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
