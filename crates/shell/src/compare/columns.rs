//! Where the two columns of statements lie, their heads, and the keys under them.

use egui::{Align, Layout, Rangef, Rect, Ui, UiBuilder, vec2};
use session::{CaseSnapshot, ComparisonSnapshot};
use ui_kit::{Kind, Reader, Theme, key_cap, reader_mark, space, t, t_args, text_label};

/// Places of the columns across, points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Columns {
    /// First read.
    pub(super) left: Rangef,
    /// Second read.
    pub(super) right: Rangef,
}

impl Columns {
    /// Two equal columns with room for a chip between them.
    pub(super) fn within(across: Rangef) -> Self {
        let gutter = if across.span() < 1000.0 { 176.0 } else { 212.0 };
        let width = ((across.span() - gutter) / 2.0).floor();
        Self {
            left: Rangef::new(across.min, across.min + width),
            right: Rangef::new(across.max - width, across.max),
        }
    }

    /// The gap between the columns.
    pub(super) fn gutter(&self) -> Rangef {
        Rangef::new(self.left.max, self.right.min)
    }
}

/// Whose statements stand in which column.
pub(super) fn heads_ui(
    case: &CaseSnapshot,
    comparison: &ComparisonSnapshot,
    (rect, columns): (Rect, Columns),
    ui: &mut Ui,
    theme: &Theme,
) {
    let mut part = |across: Rangef, salt: &str, layout: Layout| {
        let rect = Rect::from_x_y_ranges(across, rect.y_range());
        ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(layout))
    };
    let layout = Layout::left_to_right(Align::Center);
    let mut left = part(columns.left, "first head", layout);
    left.spacing_mut().item_spacing.x = space::SMALL;
    reader_mark(&mut left, Reader::First, t("reader.first"));
    text_label(&mut left, t("reader.first"), Kind::LABEL.medium(), theme.t1);
    let by: Vec<&str> = [comparison.first_author.as_str(), &comparison.first_issued]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    text_label(&mut left, &by.join(" · "), Kind::LABEL, theme.t3);
    // In a narrow gap the hint would touch the head beside it.
    if comparison.editable && 200.0 < columns.gutter().span() {
        let middle = Layout::centered_and_justified(egui::Direction::LeftToRight);
        let mut drag = part(columns.gutter(), "drag head", middle);
        text_label(&mut drag, t("compare.drag"), Kind::HINT, theme.t3);
    }
    let mut right = part(columns.right, "second head", layout);
    right.spacing_mut().item_spacing.x = space::SMALL;
    reader_mark(&mut right, Reader::Second, t("reader.second"));
    text_label(
        &mut right,
        t("reader.second"),
        Kind::LABEL.medium(),
        theme.t1,
    );
    let time = case.sealed_at.as_deref().unwrap_or_default();
    let key = match case.unblinded_early {
        None => "compare.second_by",
        Some(_) => "compare.second_by_unblinded",
    };
    let words = t_args(key, &[("name", &case.reader), ("time", time)]);
    text_label(&mut right, &words, Kind::LABEL, theme.t3);
}

/// The keys of this screen.
pub(super) fn keys_ui(ui: &mut Ui, theme: &Theme) {
    let rect = ui.max_rect();
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    row.spacing_mut().item_spacing = vec2(space::SMALL, 0.0);
    for (keys, words) in [
        (&["J", "K"][..], t("compare.next_previous")),
        (
            &["A", "M", "U", "L", "S", "N", "R"],
            t("compare.set_verdict"),
        ),
        (&["0", "1", "2", "3"], t("keys.set_significance")),
    ] {
        for key in keys {
            key_cap(&mut row, key);
        }
        text_label(&mut row, words, Kind::LABEL, theme.t3);
        row.add_space(8.0);
    }
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        text_label(ui, t("compare.suggested"), Kind::LABEL, theme.t3);
    });
}
