//! Findings from typed or dictated text: what it seems to name, for the reader to choose from.

use std::collections::BTreeSet;

use egui::{Margin, ScrollArea, Ui};
use session::{DictatedRow, ReadCommand, Snapshot};
use ui_kit::{
    Button, Dialog, Icon, Kind, TextArea, Theme, Tone, check_box, id_badge, inline_message, space,
    t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// The panel, with the text and what is chosen of it.
#[derive(Debug, Default)]
pub(super) struct DictatePanel {
    is_open: bool,
    text: String,
    /// The text whose findings were asked for last.
    asked: Option<String>,
    /// Was the text typed here? Until then it is the impression, which may still be on its way to the record.
    is_own: bool,
    /// Rows whose choice was changed from what is offered.
    changed: BTreeSet<usize>,
    wants_focus: bool,
}

impl DictatePanel {
    /// Shows the panel with the impression as it stands.
    pub(super) fn open(&mut self) {
        *self = Self {
            is_open: true,
            wants_focus: true,
            ..Self::default()
        };
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn dictate_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let may_write = s
            .case
            .as_ref()
            .is_some_and(|case| case.yours && case.sealed_at.is_none() && case.third.is_none());
        let mut open = self.is_open && may_write;
        if let Some(case) = s.case.as_ref().filter(|_| open && !self.is_own) {
            self.text.clone_from(&case.impression);
        }
        let taken = Dialog::new(t("dictate.title"), t("action.close"))
            .icon(Icon::TextAlignLeft)
            .width(680.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new()
                    .inner_margin(margin)
                    .show(ui, |ui| self.body_ui(&s.dictated, ui, theme, out))
                    .inner
            });
        self.is_open = open;
        if open && self.asked.as_ref() != Some(&self.text) {
            self.changed.clear();
            self.asked = Some(self.text.clone());
            out.push(ReadCommand::Dictate(self.text.clone()).into());
        }
        if taken == Some(true) {
            self.is_open = false;
        }
    }

    /// Was what is chosen put on record?
    fn body_ui(
        &mut self,
        rows: &[DictatedRow],
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) -> bool {
        ui.spacing_mut().item_spacing.y = 8.0;
        wrapped_label(ui, t("dictate.text"), Kind::BODY, theme.t2);
        let field = TextArea::new(&mut self.text, t("dictate.words"), 120.0)
            .hint(t("dictate.hint"))
            .kind(Kind::BODY)
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        self.is_own |= field.changed();
        if rows.is_empty() {
            wrapped_label(ui, t("dictate.none"), Kind::BODY, theme.t3);
        }
        ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            for (idx, row) in rows.iter().enumerate() {
                self.row_ui(idx, row, ui, theme);
            }
        });
        let chosen = self.chosen(rows);
        let mut taken = false;
        sides(
            ui,
            36.0,
            &mut taken,
            |ui, _| inline_message(ui, Tone::Info, t("dictate.sizes")),
            |ui, taken| {
                let n = chosen.len().to_string();
                let words = match chosen.len() {
                    1 => t("dictate.take.one").to_owned(),
                    _ => t_args("dictate.take", &[("n", &n)]),
                };
                let button = Button::primary(&words).icon(Icon::Check);
                *taken = ui.add_enabled(!chosen.is_empty(), button).clicked();
            },
        );
        if taken {
            out.push(ReadCommand::TakeDictated(chosen).into());
        }
        taken
    }

    fn row_ui(&mut self, idx: usize, row: &DictatedRow, ui: &mut Ui, theme: &Theme) {
        let mut on = self.is_chosen(idx, row);
        let title = row.finding.title();
        ui.push_id(idx, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add_enabled_ui(row.known_as.is_none(), |ui| {
                    if check_box(ui, &mut on, &title).changed() && !self.changed.remove(&idx) {
                        self.changed.insert(idx);
                    }
                });
                text_label(ui, row.finding.assertion.label(), Kind::LABEL, theme.t3);
                if let Some(id) = row.known_as {
                    id_badge(ui, &id.to_string(), theme.r2.ink, theme.on_reader[1]);
                    text_label(ui, t("dictate.known"), Kind::LABEL, theme.t3);
                }
            });
            wrapped_label(ui, row.words.trim(), Kind::HINT, theme.t2);
        });
    }

    /// What is there is offered, what is only absent is not, and what is on record already cannot be chosen.
    fn is_chosen(&self, idx: usize, row: &DictatedRow) -> bool {
        row.known_as.is_none() && row.is_there != self.changed.contains(&idx)
    }

    fn chosen(&self, rows: &[DictatedRow]) -> Vec<usize> {
        let rows = rows.iter().enumerate();
        rows.filter(|(idx, row)| self.is_chosen(*idx, row))
            .map(|(idx, _)| idx)
            .collect()
    }
}
