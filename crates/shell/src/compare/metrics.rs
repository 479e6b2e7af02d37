//! The strip of figures: outcome, how many statements agree and differ, and a bar for each.

use egui::{
    Align, CornerRadius, Layout, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{Class, CompareCommand, ComparisonSnapshot, Outcome, Significance};
use ui_kit::{Dropdown, Kind, MenuItem, Theme, Tint, menu_separator, t, t_args, text_label};

use crate::Action;
use crate::metrics::is_compact;
use crate::verdict::{classes_words, differs, row_color};
use crate::wording::{outcome_look, significance_bars};

/// Draws the strip over the whole of `ui`.
pub(super) fn metrics_ui(
    comparison: &ComparisonSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let whole = ui.max_rect();
    let compact = is_compact(ui.ctx().content_rect());
    let first_width = if compact { 190.0 } else { 268.0 };
    let unit = (whole.width() - first_width) / 5.5;
    let mut left = whole.left();
    let mut cell = |width: f32| {
        let rect = Rect::from_min_size(pos2(left, whole.top()), vec2(width, whole.height()));
        left += width;
        rect
    };
    let outcome = cell(first_width);
    cell_ui(ui, outcome, t("compare.outcome"), theme, |ui| {
        outcome_ui(comparison, compact, ui, theme, out)
    });
    let figures = figures(comparison, theme);
    for (name, figure, detail, color) in &figures {
        cell_ui(ui, cell(unit), name, theme, |ui| {
            text_label(ui, figure, Kind::FIGURE, theme.t1);
            text_label(ui, detail, Kind::LABEL, *color);
        });
    }
    let bars = cell(unit * 1.5);
    cell_ui(ui, bars, t("compare.by_statement"), theme, |ui| {
        bars_ui(comparison, ui, theme)
    });
}

type Figure = (&'static str, String, String, egui::Color32);

fn figures(comparison: &ComparisonSnapshot, theme: &Theme) -> [Figure; 4] {
    let rows = &comparison.rows;
    let n_aligned = rows
        .iter()
        .filter(|row| row.first.is_some() && row.second_text.is_some())
        .count();
    let n_first = rows
        .iter()
        .filter(|row| row.first.is_some())
        .count()
        .to_string();
    let n_second = rows
        .iter()
        .filter(|row| row.second_text.is_some())
        .count()
        .to_string();
    let of_asked = t_args("compare.of", &[("n", &comparison.n_asked.to_string())]);
    let n_left = comparison.n_differ.saturating_sub(comparison.n_notes);
    let of_differ = t_args("compare.of", &[("n", &comparison.n_differ.to_string())]);
    let (notes, notes_color) = match n_left {
        0 => (of_differ, theme.t2),
        n => {
            let left = t_args("compare.left", &[("n", &n.to_string())]);
            (format!("{of_differ} · {left}"), theme.warn.ink)
        }
    };
    let aligned = t_args(
        "compare.aligned.detail",
        &[("n_first", &n_first), ("n_second", &n_second)],
    );
    [
        (
            t("compare.aligned"),
            n_aligned.to_string(),
            aligned,
            theme.t2,
        ),
        (
            t("compare.agree"),
            comparison.n_agree.to_string(),
            of_asked,
            theme.t2,
        ),
        (
            t("compare.differ"),
            comparison.n_differ.to_string(),
            grades(comparison),
            theme.t2,
        ),
        (
            t("compare.notes"),
            comparison.n_notes.to_string(),
            notes,
            notes_color,
        ),
    ]
}

/// How grave the rows are that differ: `2 moderate, 3 minor`.
fn grades(comparison: &ComparisonSnapshot) -> String {
    let mut words = Vec::new();
    for grade in [
        Significance::Major,
        Significance::Moderate,
        Significance::Minor,
    ] {
        let n = comparison
            .rows
            .iter()
            .filter(|row| differs(row))
            .filter(|row| row.verdict.as_ref().and_then(|v| v.significance) == Some(grade))
            .count();
        if 0 < n {
            words.push(format!("{n} {}", significance_bars(grade).1.to_lowercase()));
        }
    }
    words.join(", ")
}

fn cell_ui(ui: &mut Ui, rect: Rect, name: &str, theme: &Theme, add: impl FnOnce(&mut Ui)) {
    let line = Stroke::new(1.0, theme.st1);
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), line);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let (top, bottom) = inner.split_top_bottom_at_y(rect.top() + 24.0);
    let layout = Layout::left_to_right(Align::Center);
    let mut head = ui.new_child(
        UiBuilder::new()
            .id_salt((name, "name"))
            .max_rect(top.with_min_y(rect.top() + 6.0))
            .layout(layout),
    );
    text_label(&mut head, name, Kind::HINT, theme.t3);
    let builder = UiBuilder::new().id_salt((name, "figure"));
    let mut body = ui.new_child(
        builder
            .max_rect(bottom.with_max_y(rect.bottom() - 6.0))
            .layout(layout),
    );
    body.spacing_mut().item_spacing.x = 6.0;
    body.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut body);
}

fn outcome_ui(
    comparison: &ComparisonSnapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let look = outcome_look(comparison.outcome, theme);
    let tint = Tint {
        ink: look.color,
        fill: look.color.gamma_multiply(0.13),
        edge: look.color.gamma_multiply(0.45),
    };
    ui.add_enabled_ui(comparison.editable, |ui| {
        Dropdown::new(t("compare.outcome"), look.word)
            .icon(look.icon)
            .tint(tint)
            .show(ui, |ui| {
                for outcome in Outcome::ALL {
                    let look = outcome_look(*outcome, theme);
                    let is_on = comparison.outcome_chosen && comparison.outcome == *outcome;
                    let item = MenuItem::new(look.word).icon(look.icon).selected(is_on);
                    if ui.add(item).clicked() {
                        out.push(CompareCommand::SetOutcome(Some(*outcome)).into());
                    }
                }
                menu_separator(ui);
                let follow =
                    MenuItem::new(t("compare.outcome.follow")).selected(!comparison.outcome_chosen);
                if ui.add(follow).clicked() {
                    out.push(CompareCommand::SetOutcome(None).into());
                }
            });
    });
    if !compact {
        let words = match (comparison.outcome_chosen, comparison.n_decided) {
            (true, _) => t("compare.outcome.chosen"),
            (false, 0) => t("compare.outcome.open"),
            (false, _) => t("compare.outcome.suggested"),
        };
        let label = egui::Label::new(Kind::HINT.rich(words, theme.t3)).wrap();
        ui.add(label);
    }
}

fn bars_ui(comparison: &ComparisonSnapshot, ui: &mut Ui, theme: &Theme) {
    let rows: Vec<_> = comparison.rows.iter().filter(|row| row.asks).collect();
    let wanted = vec2(ui.available_width(), 12.0);
    let (area, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let words: Vec<String> = rows.iter().map(|row| classes_words(row)).collect();
    let value = words.join("; ");
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, t("compare.by_statement"));
        info.current_text_value = Some(value.clone());
        info
    });
    let n = rows.len().max(1) as f32;
    let gap = if n < 40.0 { 2.0 } else { 1.0 };
    let width = ((area.width() + gap) / n - gap).max(1.0);
    for (row_idx, row) in rows.iter().enumerate() {
        let left = area.left() + row_idx as f32 * (width + gap);
        let bar = Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
        let strength = match row.classes.first() {
            Some(Class::Agree) | None => 0.55,
            Some(_) => 0.9,
        };
        let strength = if row.provisional {
            strength * 0.5
        } else {
            strength
        };
        let color = row_color(row, theme).gamma_multiply(strength);
        ui.painter().rect_filled(bar, CornerRadius::same(2), color);
    }
}
