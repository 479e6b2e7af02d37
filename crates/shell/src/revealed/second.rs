use egui::{
    Align, Color32, CornerRadius, Frame, Layout, Margin, Rect, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, pos2, vec2,
};
use session::{CompareCommand, FindingCard, PairRow, ReadCommand, Snapshot};
use ui_kit::{
    Card, Kind, Reader, Theme, id_badge, panel_header, radius, reader_mark, space, t, t_args,
    text_label, wrapped_label,
};

use super::report::heading_ui;
use super::{Scroll, Seen};
use crate::Action;
use crate::textures::{cover_uv, small_texture};
use crate::verdict::{chips_ui, classes_words, comparison, one_line, row_color};

/// Draws the second read: its findings, what its impression adds, and the impression.
pub(super) fn second_ui(
    s: &Snapshot,
    scroll: Scroll,
    ui: &mut Ui,
    theme: &Theme,
    seen: &mut Seen,
    out: &mut Vec<Action>,
) {
    ui.spacing_mut().item_spacing = vec2(space::MEDIUM, 0.0);
    let Some(case) = s.case.as_deref() else {
        return;
    };
    panel_header(ui, |ui| {
        reader_mark(ui, Reader::Second, t("reader.second"));
        text_label(ui, t("reading.second"), Kind::CONTROL.semibold(), theme.t1);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let n = case.findings.len();
            let words = match n {
                1 => t("revealed.one_finding").to_owned(),
                _ => t_args("revealed.n_findings", &[("n", &n.to_string())]),
            };
            text_label(ui, &words, Kind::MONO_SMALL, theme.t3);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let words = match (&case.unblinded_early, case.yours) {
                    (None, true) => t("revealed.you_sealed").to_owned(),
                    (None, false) => t_args("revealed.name_sealed", &[("name", &case.reader)]),
                    (Some(_), _) => t("state.reading_unblinded").to_owned(),
                };
                text_label(ui, &words, Kind::LABEL, theme.t3);
            });
        });
    });
    ScrollArea::vertical()
        .id_salt("second read")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::symmetric(12, 10))
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    for card in &case.findings {
                        finding_ui(s, card, scroll, (ui, theme), seen, out);
                        ui.add_space(6.0);
                    }
                    sentences_ui(s, scroll, ui, theme, seen, out);
                    impression_ui(&case.impression, ui, theme);
                });
        });
}

fn row_of_finding<'a>(s: &'a Snapshot, card: &FindingCard) -> Option<&'a PairRow> {
    let mut rows = comparison(s)?
        .rows
        .iter()
        .filter(|row| row.finding == Some(card.finding.id));
    let selected = rows
        .clone()
        .find(|row| Some(row.pair.id) == s.selected_pair);
    selected.or_else(|| rows.next())
}

fn finding_ui(
    s: &Snapshot,
    card: &FindingCard,
    scroll: Scroll,
    (ui, theme): (&mut Ui, &Theme),
    seen: &mut Seen,
    out: &mut Vec<Action>,
) {
    let row = row_of_finding(s, card);
    let is_selected = row.is_some_and(|row| Some(row.pair.id) == s.selected_pair);
    let color = row.map_or(theme.acst, |row| row_color(row, theme));
    let verdict = row.map(classes_words).unwrap_or_default();
    let id = card.finding.id.to_string();
    let name = [id.as_str(), &card.title, &card.size_text, &verdict].join(", ");
    let shown = Card::new(&name)
        .selected(is_selected)
        .edge(color)
        .margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(10.0, 3.0);
            ui.horizontal_top(|ui| {
                picture_ui(card, ui, theme);
                ui.vertical(|ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = space::SMALL;
                        let [_, on_second, ..] = theme.on_reader;
                        id_badge(ui, &id, theme.r2.ink, on_second);
                        text_label(ui, &card.title, Kind::BODY.medium(), theme.t1);
                    });
                    ui.horizontal(|ui| {
                        for (text, ink) in
                            [(&card.size_text, theme.t1), (&card.image_text, theme.t3)]
                        {
                            if !text.is_empty() {
                                text_label(ui, text, Kind::MONO_SMALL, ink);
                            }
                        }
                    });
                });
            });
            if let Some(row) = row.filter(|row| row.asks) {
                ui.add_space(2.0);
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
                    chips_ui(row, ui, theme);
                });
            }
        });
    let response = shown.response;
    if response.contains_pointer() {
        seen.pointed = Some(card.finding.id);
    }
    if is_selected {
        seen.finding = Some(response.rect.intersect(ui.clip_rect()));
        if scroll == Scroll::ToSelected {
            response.scroll_to_me(None);
        }
    }
    if response.clicked() {
        out.push(match row {
            Some(row) => CompareCommand::Select(row.pair.id).into(),
            None => ReadCommand::Select(Some(card.finding.id)).into(),
        });
    }
}

fn picture_ui(card: &FindingCard, ui: &mut Ui, theme: &Theme) {
    let side = vec2(44.0, 44.0);
    let (rect, _) = ui.allocate_exact_size(side, Sense::hover());
    let corner = CornerRadius::same(radius::KEY);
    ui.painter().rect_filled(rect, corner, theme.bg0);
    if let Some(image) = &card.thumbnail {
        let texture = small_texture(ui.ctx(), image);
        ui.painter()
            .image(texture, rect, cover_uv(image, side), Color32::WHITE);
    }
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter()
        .rect_stroke(rect, corner, edge, StrokeKind::Inside);
}

/// Rows of the second read that are sentences of the impression and not findings.
fn sentences_ui(
    s: &Snapshot,
    scroll: Scroll,
    ui: &mut Ui,
    theme: &Theme,
    seen: &mut Seen,
    out: &mut Vec<Action>,
) {
    let Some(comparison) = comparison(s) else {
        return;
    };
    let rows = comparison
        .rows
        .iter()
        .filter(|row| row.finding.is_none() && row.second_text.is_some());
    for row in rows {
        let text = one_line(row.second_text.as_deref().unwrap_or_default());
        let is_selected = Some(row.pair.id) == s.selected_pair;
        let name = format!("{text}, {}", classes_words(row));
        let shown = ui
            .push_id(row.pair.id, |ui| {
                Card::new(&name)
                    .selected(is_selected)
                    .edge(row_color(row, theme))
                    .margin(Margin::symmetric(10, 8))
                    .show(ui, |ui| {
                        wrapped_label(ui, &text, Kind::BODY, theme.t1);
                        if row.asks {
                            ui.add_space(6.0);
                            ui.horizontal_wrapped(|ui| chips_ui(row, ui, theme));
                        }
                    })
            })
            .inner;
        if is_selected {
            seen.finding = Some(shown.response.rect.intersect(ui.clip_rect()));
            if scroll == Scroll::ToSelected {
                shown.response.scroll_to_me(None);
            }
        }
        if shown.response.clicked() {
            out.push(CompareCommand::Select(row.pair.id).into());
        }
        ui.add_space(6.0);
    }
}

fn impression_ui(impression: &str, ui: &mut Ui, theme: &Theme) {
    if impression.trim().is_empty() {
        return;
    }
    heading_ui(t("reading.impression"), ui, theme);
    let inner = Frame::new()
        .inner_margin(Margin::symmetric(12, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            wrapped_label(ui, impression.trim(), Kind::BODY, theme.t2);
        });
    let rect: Rect = inner.response.rect;
    let rect = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom()));
    let corner = CornerRadius::same(radius::CARD);
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter()
        .rect_stroke(rect, corner, edge, StrokeKind::Inside);
}
