use case::{Class, SectionKind, Statement, StatementId};
use egui::{
    Align, Color32, CornerRadius, Layout, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use session::{CompareCommand, ComparisonSnapshot, PairRow, Snapshot, ViewCommand};
use ui_kit::{
    Button, Icon, IconWeight, Kind, Reader, Selected, Theme, focus_is_from_keyboard, icon_label,
    panel_header, radius, reader_mark, size, space, t, t_args, text_label,
};

use super::{Asked, Scroll, Seen};
use crate::Action;
use crate::verdict::{classes_words, comparison, marked_job, one_line, row_color, section_word};

/// Draws the first report, statement by statement. Says what was asked for.
pub(super) fn report_ui(
    s: &Snapshot,
    scroll: Scroll,
    ui: &mut Ui,
    theme: &Theme,
    seen: &mut Seen,
    out: &mut Vec<Action>,
) -> Asked {
    ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
    let Some(comparison) = comparison(s) else {
        return Asked::Nothing;
    };
    header_ui(comparison, ui, theme);
    let mut asked = Asked::Nothing;
    ScrollArea::vertical()
        .id_salt("first report")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let inner = egui::Frame::new().inner_margin(egui::Margin {
                left: 12,
                right: 12,
                top: 2,
                bottom: 10,
            });
            inner.show(ui, |ui| {
                ui.set_width(ui.available_width());
                let mut section = None;
                for statement in &comparison.first {
                    if section != Some(statement.section) {
                        section = Some(statement.section);
                        heading_ui(section_word(statement.section), ui, theme);
                    }
                    let of_one = one_ui((s, comparison), statement, scroll, (ui, theme), seen, out);
                    if of_one == Asked::Note {
                        asked = of_one;
                    }
                    ui.add_space(4.0);
                }
                legend_ui(ui, theme);
            });
        });
    asked
}

fn header_ui(comparison: &ComparisonSnapshot, ui: &mut Ui, theme: &Theme) {
    panel_header(ui, |ui| {
        reader_mark(ui, Reader::First, t("reader.first"));
        text_label(ui, t("reading.report"), Kind::CONTROL.semibold(), theme.t1);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !comparison.first_issued.is_empty() {
                text_label(ui, &comparison.first_issued, Kind::MONO_SMALL, theme.t3);
            }
            let icon = Icon::LockSimpleOpen;
            icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t3);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text_label(ui, &comparison.first_author, Kind::LABEL, theme.t3);
            });
        });
    });
}

pub(super) fn heading_ui(words: &str, ui: &mut Ui, theme: &Theme) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(2.0);
        text_label(ui, words, Kind::CAPTION.medium(), theme.t3);
    });
    ui.add_space(4.0);
}

/// The row that a statement shows: the selected one if it is one of its rows, else the first that asks.
fn row_of<'a>(
    s: &Snapshot,
    comparison: &'a ComparisonSnapshot,
    statement: StatementId,
) -> Option<&'a PairRow> {
    let mut rows = comparison
        .rows
        .iter()
        .filter(|row| row.pair.first == Some(statement));
    let selected = rows
        .clone()
        .find(|row| Some(row.pair.id) == s.selected_pair);
    selected
        .or_else(|| rows.clone().find(|row| row.asks))
        .or_else(|| rows.next())
}

/// One statement, with its actions under it while it is selected.
fn one_ui(
    (s, comparison): (&Snapshot, &ComparisonSnapshot),
    statement: &Statement,
    scroll: Scroll,
    (ui, theme): (&mut Ui, &Theme),
    seen: &mut Seen,
    out: &mut Vec<Action>,
) -> Asked {
    let row = row_of(s, comparison, statement.id);
    let is_selected = row.is_some_and(|row| Some(row.pair.id) == s.selected_pair);
    let ink = match statement.section {
        SectionKind::History | SectionKind::Technique | SectionKind::Comparison => theme.t2,
        SectionKind::Findings
        | SectionKind::Impression
        | SectionKind::Recommendation
        | SectionKind::Communication
        | SectionKind::Other => theme.t1,
    };
    let spans = row.map_or(&[][..], |row| row.pair.first_spans.as_slice());
    let shown_spans = if is_selected { spans } else { &[] };
    let marked = (shown_spans, statement.span[0]);
    let mut job = marked_job(&statement.text, marked, Kind::BODY, ink, theme);
    job.wrap.max_width = ui.available_width() - 18.0;
    let galley = ui.painter().layout_job(job);
    let wanted = vec2(ui.available_width(), galley.size().y + 10.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let name = accessible_name(statement, row);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, &name));
    let color = row
        .filter(|row| row.asks)
        .map_or(theme.st2, |row| bar_color(row, is_selected.into(), theme));
    paint_ground(
        ui,
        rect,
        color,
        (is_selected, response.contains_pointer()),
        theme,
    );
    ui.painter().galley(rect.min + vec2(10.0, 5.0), galley, ink);
    if response.has_focus() && focus_is_from_keyboard(ui.ctx()) {
        let ring = Stroke::new(1.5, theme.ac);
        ui.painter().rect_stroke(
            rect,
            CornerRadius::same(radius::CHIP),
            ring,
            StrokeKind::Outside,
        );
    }
    if let Some(row) = row {
        if response.contains_pointer() {
            seen.pointed = row.finding.or(seen.pointed);
        }
        if response.clicked() {
            out.push(CompareCommand::Select(row.pair.id).into());
        }
    }
    if !is_selected {
        return Asked::Nothing;
    }
    if scroll == Scroll::ToSelected {
        response.scroll_to_me(None);
    }
    if ui.clip_rect().intersects(rect) {
        seen.statement = Some(rect.intersect(ui.clip_rect()));
    }
    row.map_or(Asked::Nothing, |row| actions_ui(row, ui, theme, out))
}

fn accessible_name(statement: &Statement, row: Option<&PairRow>) -> String {
    let number = statement.id.0.to_string();
    let verdict = row
        .filter(|row| row.asks)
        .map_or(t("compare.not_addressed").to_owned(), classes_words);
    let text = one_line(&statement.text);
    let args = [
        ("n", number.as_str()),
        ("text", &text),
        ("verdict", &verdict),
    ];
    t_args("revealed.statement", &args)
}

/// The legend's three colours, and the class's own for the selected statement.
fn bar_color(row: &PairRow, selected: Selected, theme: &Theme) -> Color32 {
    if selected == Selected::Yes {
        return row_color(row, theme);
    }
    match row.classes.first() {
        Some(Class::Agree) => theme.verdict('A').ink,
        Some(Class::D2) => theme.verdict('U').ink,
        Some(_) => theme.verdict('L').ink,
        None => theme.st2,
    }
}

fn paint_ground(
    ui: &Ui,
    rect: Rect,
    color: Color32,
    (is_selected, is_hovered): (bool, bool),
    theme: &Theme,
) {
    let corner = CornerRadius::same(radius::CHIP);
    if is_selected {
        let edge = Stroke::new(1.0, color.gamma_multiply(0.45));
        let fill = color.gamma_multiply(0.13);
        ui.painter()
            .rect(rect, corner, fill, edge, StrokeKind::Inside);
    } else if is_hovered {
        ui.painter().rect_filled(rect, corner, theme.bg4);
    }
    let bar = Rect::from_min_max(rect.min, pos2(rect.left() + 2.0, rect.bottom()));
    ui.painter().rect_filled(bar, CornerRadius::same(1), color);
}

/// What can be done with the selected statement.
fn actions_ui(row: &PairRow, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) -> Asked {
    ui.add_space(6.0);
    let mut asked = Asked::Nothing;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::SMALL;
        ui.add_space(6.0);
        if let Some(finding) = row.finding {
            let label = t_args("revealed.go_finding", &[("id", &finding.to_string())]);
            let button = Button::new(&label).icon(Icon::CrosshairSimple).small();
            if ui.add(button).clicked() {
                out.push(ViewCommand::GoToFinding(finding).into());
            }
        }
        let button = Button::new(t("revealed.note"))
            .icon(Icon::NotePencil)
            .small();
        if ui.add_enabled(row.asks, button).clicked() {
            asked = Asked::Note;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let link = match (row.pair.rule.as_str(), row.finding) {
                ("linked.by_reader", _) => t("revealed.linked_by_you"),
                (_, Some(_)) => t("revealed.link_suggested"),
                (_, None) => "",
            };
            text_label(ui, link, Kind::HINT, theme.t3);
        });
    });
    ui.add_space(4.0);
    asked
}

fn legend_ui(ui: &mut Ui, theme: &Theme) {
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        for (letter, key) in [
            ('A', "revealed.agrees"),
            ('L', "revealed.differs"),
            ('U', "revealed.not_confirmed"),
        ] {
            let (bar, _) = ui.allocate_exact_size(vec2(2.0, 12.0), Sense::hover());
            ui.painter().rect_filled(bar, 0, theme.verdict(letter).ink);
            text_label(ui, t(key), Kind::LABEL, theme.t3);
            ui.add_space(4.0);
        }
    });
}
