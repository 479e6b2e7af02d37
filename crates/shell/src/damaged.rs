//! Studies that are not whole: the bar across the reading room, and what loaded and what did not.

use egui::{
    CornerRadius, Frame, Margin, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2, vec2,
};
use session::{Command, ImportProblem, ImportReport, Snapshot};
use ui_kit::{
    Button, Icon, IconButton, IconWeight, Kind, MessageBar, Theme, Tone, icon_label, panel_header,
    size, t, t_args, text_label, wrapped_label,
};

use crate::{Action, UiAction};

/// Which of bar and panel are shown.
#[derive(Default)]
pub(crate) struct Damaged {
    /// Is the panel open?
    is_open: bool,
    /// The study whose bar was taken away.
    dismissed: Option<String>,
}

impl Damaged {
    /// The bar under the toolbar; nothing for a study that is whole.
    pub(crate) fn damaged_bar_ui(&mut self, s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
        let Some(import) = s.import.as_ref() else {
            self.is_open = false;
            return;
        };
        let study = study_name(s);
        if self.dismissed.as_ref() == Some(&study) {
            return;
        }
        let n_lost = import.n_missing + import.n_damaged;
        let n_total = (import.n_loaded + n_lost).to_string();
        let text = match n_lost {
            0 if import.problems.len() == 1 => t("damaged.guessed_one").to_owned(),
            0 => t_args(
                "damaged.guessed",
                &[("n", &import.problems.len().to_string())],
            ),
            1 => t_args("damaged.title_one", &[("total", &n_total)]),
            n => t_args(
                "damaged.title",
                &[("n", &n.to_string()), ("total", &n_total)],
            ),
        };
        let safe = match import.n_loaded {
            1 => t("damaged.safe_short_one").to_owned(),
            n => t_args("damaged.safe_short", &[("n", &n.to_string())]),
        };
        let toggle = if self.is_open {
            t("damaged.hide")
        } else {
            t("damaged.what")
        };
        let actions = [t("action.retry"), toggle, t("action.close")];
        let bar = MessageBar::new(Tone::Warning, &text).band().detail(&safe);
        match bar
            .actions(if n_lost == 0 { &actions[1..] } else { &actions })
            .show(ui)
            .map(|idx| idx + usize::from(n_lost == 0))
        {
            Some(0) => out.push(Command::OpenAgain.into()),
            Some(1) => self.is_open = !self.is_open,
            Some(_) => self.dismissed = Some(study),
            None => {}
        }
    }

    /// Is the report shown in place of the panel at the right?
    pub(crate) fn is_open(&self, s: &Snapshot) -> bool {
        self.is_open && s.import.is_some()
    }

    /// Closes the report.
    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    /// What loaded and what did not, in place of the panel at the right.
    pub(crate) fn import_report_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(import) = s.import.clone() else {
            return;
        };
        let panel = ui.max_rect();
        ui.painter().rect_filled(panel, 0, theme.bg2);
        ui.painter().vline(
            panel.left() + 0.5,
            panel.y_range(),
            Stroke::new(1.0, theme.st1),
        );
        ui.spacing_mut().item_spacing.y = 0.0;
        panel_header(ui, |ui| {
            icon_label(
                ui,
                Icon::ClipboardText,
                IconWeight::Regular,
                size::ICON,
                theme.t1,
            );
            text_label(ui, t("damaged.report"), Kind::CONTROL.semibold(), theme.t1);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui
                    .add(IconButton::small(Icon::X, t("action.close")))
                    .clicked()
                {
                    self.is_open = false;
                }
                if ui
                    .add(Button::ghost(t("action.copy")).icon(Icon::Copy).small())
                    .clicked()
                {
                    out.push(UiAction::CopyText(as_text(&import)).into());
                }
            });
        });
        let foot = Rect::from_min_max(pos2(panel.left(), panel.bottom() - 53.0), panel.max);
        let middle = Rect::from_min_max(ui.cursor().min, foot.right_top());
        let mut child = ui.new_child(UiBuilder::new().id_salt("import report").max_rect(middle));
        ScrollArea::vertical()
            .auto_shrink([false, false])
            .show(&mut child, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                Frame::new()
                    .inner_margin(Margin::symmetric(16, 14))
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        counts_ui(&import, ui, theme);
                    });
                let line = ui.cursor().top();
                ui.painter()
                    .hline(panel.x_range(), line, Stroke::new(1.0, theme.st1));
                Frame::new()
                    .inner_margin(Margin::symmetric(16, 12))
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        lists_ui(&import, ui, theme);
                    });
            });
        ui.painter().hline(
            foot.x_range(),
            foot.top() + 0.5,
            Stroke::new(1.0, theme.st1),
        );
        let inner = foot.shrink2(vec2(16.0, 12.0));
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let mut row = ui.new_child(
            UiBuilder::new()
                .id_salt("limits")
                .max_rect(inner)
                .layout(layout),
        );
        if row
            .add(Button::primary(t("damaged.read_with_limits")))
            .clicked()
        {
            self.is_open = false;
        }
    }
}

fn study_name(s: &Snapshot) -> String {
    let case = s.case.as_ref().map(|case| case.id.to_string());
    case.or_else(|| {
        s.study
            .as_ref()
            .map(|study| format!("{} {}", study.patient_id, study.date_time))
    })
    .unwrap_or_default()
}

fn counts_ui(import: &ImportReport, ui: &mut Ui, theme: &Theme) {
    text_label(ui, t("damaged.can_read"), Kind::CARD_TITLE, theme.t1);
    ui.add_space(4.0);
    wrapped_label(ui, t("damaged.noted"), Kind::BODY, theme.t2);
    ui.add_space(12.0);
    let parts = [
        (import.n_loaded, theme.ok, "damaged.loaded"),
        (import.n_missing, theme.warn.ink, "damaged.missing"),
        (import.n_damaged, theme.err.ink, "damaged.broken"),
    ];
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 10.0), Sense::hover());
    // A lost image among thousands must still be seen: each part is at least this wide.
    let least = 10.0;
    let n_shown = parts.iter().filter(|(n, ..)| 0 < *n).count();
    let total: usize = parts.iter().map(|(n, ..)| n).sum();
    let room = rect.width() - least * n_shown as f32 - 2.0 * n_shown.saturating_sub(1) as f32;
    let mut left = rect.left();
    for (n, color, _) in parts.iter().filter(|(n, ..)| 0 < *n) {
        let width = least + room * *n as f32 / total.max(1) as f32;
        let bar = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        ui.painter().rect_filled(bar, CornerRadius::same(2), *color);
        left += width + 2.0;
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        for (n, color, key) in parts {
            let (square, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
            ui.painter()
                .rect_filled(square, CornerRadius::same(2), color);
            text_label(
                ui,
                &t_args(key, &[("n", &n.to_string())]),
                Kind::LABEL,
                theme.t1,
            );
            ui.add_space(9.0);
        }
    });
}

fn lists_ui(import: &ImportReport, ui: &mut Ui, theme: &Theme) {
    if !import.whole.is_empty() {
        text_label(ui, t("damaged.what_loaded"), Kind::LABEL.medium(), theme.t2);
        ui.add_space(8.0);
        for (title, facts) in &import.whole {
            item_ui(ui, (Icon::CheckCircle, theme.ok), title, facts, theme);
        }
        ui.add_space(16.0);
    }
    for (is_absent, key) in [(true, "damaged.what_not"), (false, "damaged.also")] {
        let of_kind: Vec<&ImportProblem> = import
            .problems
            .iter()
            .filter(|p| is_absent_of(p) == is_absent)
            .collect();
        if of_kind.is_empty() {
            continue;
        }
        text_label(ui, t(key), Kind::LABEL.medium(), theme.t2);
        ui.add_space(8.0);
        for problem in of_kind {
            let sign = if problem.lost {
                (Icon::XCircle, theme.err.ink)
            } else {
                (Icon::Warning, theme.warn.ink)
            };
            let text = crate::wording::capitalised(&problem.text);
            let (title, text) = if problem.title.is_empty() {
                (text.as_str(), "")
            } else {
                (problem.title.as_str(), text.as_str())
            };
            let response = item_ui(ui, sign, title, text, theme);
            ui_kit::with_tip(
                response,
                &t_args("damaged.code", &[("code", &problem.code)]),
                &[],
            );
        }
        ui.add_space(16.0);
    }
}

/// Does it tell of images that are not shown?
fn is_absent_of(problem: &ImportProblem) -> bool {
    problem.lost || problem.code == "missing_slices"
}

fn item_ui(
    ui: &mut Ui,
    (icon, color): (Icon, egui::Color32),
    title: &str,
    text: &str,
    theme: &Theme,
) -> egui::Response {
    let line = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.st1));
    ui.add_space(9.0);
    let shown = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        icon_label(ui, icon, IconWeight::Filled, size::ICON, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            wrapped_label(ui, title, Kind::BODY, theme.t1);
            if !text.is_empty() {
                wrapped_label(ui, text, Kind::LABEL, theme.t2);
            }
        });
    });
    ui.add_space(9.0);
    shown.response
}

/// The report as text, for a message to the sender.
fn as_text(import: &ImportReport) -> String {
    let mut lines = vec![
        t_args("damaged.loaded", &[("n", &import.n_loaded.to_string())]),
        t_args("damaged.missing", &[("n", &import.n_missing.to_string())]),
        t_args("damaged.broken", &[("n", &import.n_damaged.to_string())]),
    ];
    lines.extend(
        import
            .whole
            .iter()
            .map(|(title, facts)| format!("{title}: {facts}")),
    );
    lines.extend(
        import
            .problems
            .iter()
            .map(|p| format!("{}: {} [{}]", p.title, p.text, p.code)),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copied_report_names_every_problem() {
        let problem = ImportProblem {
            code: "missing_slices".into(),
            title: "Axial".into(),
            text: "6 missing".into(),
            lost: true,
        };
        let report = ImportReport {
            n_loaded: 280,
            n_missing: 6,
            n_damaged: 1,
            whole: vec![("Scout, 1 of 1".into(), "".into())],
            problems: vec![problem],
        };
        let text = as_text(&report);
        for part in [
            "280",
            "6 missing",
            "1 damaged",
            "Scout, 1 of 1",
            "missing_slices",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
