//! What the display should do by the standard function, what was measured of it, and how far the two are apart.

use egui::{Margin, Ui, vec2};
use session::commands::ShellAction;
use session::{
    Command, ContrastResponse, DisplayCommand, DisplaySnapshot, LEVELS, N_LEVELS, Snapshot,
    Surround, contrast_response, targets_cd_m2,
};
use ui_kit::{
    Button, Dialog, Icon, Kind, TextField, Theme, Tone, inline_message, space, t, t_args,
    text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// Width of a field for a luminance, points.
const FIELD: f32 = 92.0;
/// Columns of levels.
const N_COLUMNS: usize = 2;

/// The panel of the display, closed at first.
#[derive(Default)]
pub(super) struct DisplayPanel {
    is_open: bool,
    black: String,
    white: String,
    ambient: String,
    measured: [String; N_LEVELS],
}

impl DisplayPanel {
    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Opens with what was measured last.
    pub(super) fn open(&mut self, s: &Snapshot) {
        self.is_open = true;
        if let Some(kept) = &s.display.response {
            let word = |value: &f64| value.to_string();
            for (field, value) in self.measured.iter_mut().zip(&kept.measured_cd_m2) {
                *field = word(value);
            }
            self.ambient = word(&kept.ambient_cd_m2);
            self.black = kept.measured_cd_m2.first().map_or(String::new(), word);
            self.white = kept.measured_cd_m2.last().map_or(String::new(), word);
        }
    }

    /// Draws it while it is open.
    pub(super) fn display_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if !self.is_open {
            return;
        }
        let mut open = true;
        Dialog::new(t("display.title"), t("action.close"))
            .subtitle(&statement(&s.display))
            .icon(Icon::Monitor)
            .width(760.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 6.0;
                    wrapped_label(ui, &check_words(&s.display), Kind::BODY, theme.t2);
                    wrapped_label(ui, t("display.how"), Kind::LABEL, theme.t2);
                    self.surround_ui(ui, theme);
                    let targets = self.surround().map(targets_cd_m2);
                    if let Some(Err(error)) = &targets {
                        inline_message(ui, Tone::Warning, &error.to_string());
                    }
                    self.levels_ui(targets.and_then(Result::ok), ui, theme);
                    self.result_ui(ui, theme, out);
                });
            });
        self.is_open = open;
    }

    fn surround(&self) -> Option<Surround> {
        Some(Surround {
            black_cd_m2: number(&self.black)?,
            white_cd_m2: number(&self.white)?,
            ambient_cd_m2: number(&self.ambient)?,
        })
    }

    fn surround_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        ui.horizontal(|ui| {
            for (text, word) in [
                (&mut self.black, t("display.black")),
                (&mut self.white, t("display.white")),
                (&mut self.ambient, t("display.ambient")),
            ] {
                text_label(ui, word, Kind::LABEL, theme.t2);
                TextField::new(text, word).mono().width(FIELD).show(ui);
            }
            text_label(ui, t("display.unit"), Kind::LABEL, theme.t3);
        });
    }

    fn levels_ui(&mut self, targets: Option<[f64; N_LEVELS]>, ui: &mut Ui, theme: &Theme) {
        let n_rows = N_LEVELS / N_COLUMNS;
        ui.horizontal(|ui| {
            for _ in 0..N_COLUMNS {
                word_cell(ui, 60.0, t("display.level"), theme);
                word_cell(ui, 96.0, t("display.target"), theme);
                word_cell(ui, FIELD + 70.0, t("display.measured"), theme);
            }
        });
        for row in 0..n_rows {
            ui.horizontal(|ui| {
                for column in 0..N_COLUMNS {
                    let idx = column * n_rows + row;
                    let code = LEVELS.get(idx).copied().unwrap_or_default().to_string();
                    word_cell(ui, 60.0, &code, theme);
                    let target = targets.and_then(|all| all.get(idx).copied());
                    let target = target.map_or("–".to_owned(), |cd_m2| format!("{cd_m2:.2}"));
                    word_cell(ui, 96.0, &target, theme);
                    if let Some(text) = self.measured.get_mut(idx) {
                        let name = t_args("display.measured_of", &[("code", &code)]);
                        TextField::new(text, &name).mono().width(FIELD).show(ui);
                    }
                    ui.add_space(70.0);
                }
            });
        }
    }

    fn measured_values(&self) -> Option<[f64; N_LEVELS]> {
        let all: Option<Vec<f64>> = self.measured.iter().map(|text| number(text)).collect();
        all?.try_into().ok()
    }

    fn result_ui(&self, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let entered = self.measured_values().zip(number(&self.ambient));
        let found = entered.map(|(levels, ambient)| contrast_response(&levels, ambient));
        match &found {
            None => {
                text_label(ui, t("display.enter_all"), Kind::LABEL, theme.t3);
            }
            Some(Err(error)) => inline_message(ui, Tone::Warning, &error.to_string()),
            Some(Ok(response)) => {
                let (tone, words) = response_words(response);
                inline_message(ui, tone, &words);
            }
        }
        sides(
            ui,
            36.0,
            out,
            |ui, out| {
                if ui
                    .add(Button::new(t("command.test_patterns")).icon(Icon::Monitor))
                    .clicked()
                {
                    out.push(Action::Shell(ShellAction::TestPatterns));
                }
            },
            |ui, out| {
                let keep = Button::primary(t("display.keep"));
                let may_keep = matches!(found, Some(Ok(_)));
                if ui.add_enabled(may_keep, keep).clicked()
                    && let Some((levels, ambient_cd_m2)) = entered
                {
                    let kept = DisplayCommand::KeepResponse {
                        measured_cd_m2: Box::new(levels),
                        ambient_cd_m2,
                    };
                    out.push(Command::Display(kept).into());
                }
            },
        );
    }
}

fn word_cell(ui: &mut Ui, width: f32, words: &str, theme: &Theme) {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(width, 28.0), layout, |ui| {
        ui.set_min_width(width);
        text_label(ui, words, Kind::MONO, theme.t1);
    });
}

/// A typed number; a comma is as good as a point.
fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok()
}

fn response_words(response: &ContrastResponse) -> (Tone, String) {
    let percent = format!("{:.1}", response.largest_percent);
    let ratio = format!("{:.0}", response.ratio);
    let args = [("percent", &*percent), ("ratio", &*ratio)];
    match (response.is_for_diagnosis(), response.is_for_viewing()) {
        (true, _) => (Tone::Info, t_args("display.for_diagnosis", &args)),
        (false, true) => (Tone::Warning, t_args("display.for_viewing", &args)),
        (false, false) => (Tone::Warning, t_args("display.for_nothing", &args)),
    }
}

/// Whether the display is calibrated, as it stands on the screen.
pub(crate) fn statement(display: &DisplaySnapshot) -> String {
    match &display.response {
        None => t("display.not_calibrated").to_owned(),
        Some(kept) => t_args(
            "display.calibrated",
            &[
                ("date", day_of(&kept.at.to_string())),
                ("percent", &format!("{:.1}", kept.largest_percent)),
            ],
        ),
    }
}

/// The last daily look, in words.
pub(crate) fn check_words(display: &DisplaySnapshot) -> String {
    let Some(check) = &display.last_check else {
        return t("display.never_checked").to_owned();
    };
    let (date, [width, height]) = (check.at.to_string(), check.size_px.map(|n| n.to_string()));
    let by = check.by.to_string();
    let args = [
        ("date", day_of(&date)),
        ("by", &*by),
        ("width", &*width),
        ("height", &*height),
    ];
    match check.is_passed() {
        true => t_args("display.check_passed", &args),
        false => t_args("display.check_failed", &args),
    }
}

/// The date of a time in RFC 3339 text.
fn day_of(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_that_nobody_measured_is_said_not_to_be_calibrated() {
        let display = DisplaySnapshot::default();
        assert_eq!(statement(&display), "Display not calibrated");
        assert!(check_words(&display).contains("never"));
    }

    #[test]
    fn numbers_are_taken_with_a_point_or_a_comma() {
        assert_eq!(number(" 0,5 "), Some(0.5));
        assert_eq!(number("250.25"), Some(250.25));
        assert_eq!(number("bright"), None);
    }
}
