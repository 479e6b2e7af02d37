//! What leaves the workstation, where to, and how far it is.

use std::path::PathBuf;

use case::Stage;
use egui::{
    Align, CornerRadius, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};
use session::{CaseSnapshot, CompareCommand, EXPORT_FORMATS, NoticeId, NoticeKind, Snapshot};
use ui_kit::{
    Button, Dialog, Icon, IconWeight, Kind, TextField, Theme, Tone, focus_is_from_keyboard,
    icon_label, inline_message, progress_bar, radius, size, space, t, t_args, text_label,
    wrapped_label,
};

use super::picker::{Answer, Picker, Purpose};
use crate::Action;
use crate::bar::sides;

/// Width of the side with the choices, points.
const CHOICES: f32 = 480.0;
/// Height of the body, points.
const BODY: f32 = 440.0;

/// Where the writing stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    Nothing,
    /// Asked for; the notices up to this one are older.
    Writing(Option<NoticeId>),
    /// Written into this folder.
    Written(String),
    /// Not written, for this reason.
    Failed(String),
}

/// The formats that are chosen at first. Letters and the record of what is learned leave only when they are asked for.
const CHOSEN_AT_FIRST: [&str; 4] = ["pdf", "json", "narrative", "package"];

/// The panel, with what is chosen.
pub(super) struct ExportPanel {
    is_open: bool,
    /// The formats that are wanted.
    on: Vec<&'static str>,
    folder: String,
    progress: Progress,
}

impl Default for ExportPanel {
    fn default() -> Self {
        Self {
            is_open: false,
            on: CHOSEN_AT_FIRST.to_vec(),
            folder: String::new(),
            progress: Progress::default(),
        }
    }
}

impl ExportPanel {
    /// Shows the panel.
    pub(super) fn open(&mut self, s: &Snapshot) {
        self.is_open = s.case.is_some();
        self.progress = Progress::Nothing;
        if self.folder.is_empty()
            && let (Some(store), Some(case)) = (session::default_store_dir(), &s.case)
        {
            let folder = store.join("exports").join(case.id.as_str());
            self.folder = folder.display().to_string();
        }
    }

    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Takes the folder that the desktop's dialog gave.
    pub(super) fn take_folder(&mut self, answer: Answer) {
        match answer {
            Answer::Path(path) => self.folder = path.display().to_string(),
            Answer::Cancelled | Answer::Missing => {}
        }
    }

    /// Draws the panel while it is open.
    pub(super) fn export_ui(
        &mut self,
        s: &Snapshot,
        picker: &mut Picker,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        self.follow(s);
        let Some(case) = s.case.as_deref() else {
            self.is_open = false;
            return;
        };
        let mut open = self.is_open;
        let title = t_args("export.title", &[("id", case.id.as_str())]);
        Dialog::new(&title, t("action.close"))
            .subtitle(&state_words(case))
            .icon(Icon::Export)
            .width(980.0)
            .show(ui.ctx(), &mut open, |ui| {
                let width = ui.available_width();
                let (_, body) = ui.allocate_space(vec2(width, BODY));
                let choices_width = CHOICES.min(width * 0.52);
                let (left, right) = body.split_left_right_at_x(body.left() + choices_width);
                ui.painter().rect_filled(right, 0, theme.bg2);
                let line = Stroke::new(1.0, theme.st1);
                ui.painter().vline(right.left(), right.y_range(), line);
                let inside = |rect: Rect| rect.shrink2(vec2(space::DIALOG, 14.0));
                let mut child = part(ui, inside(left), "choices");
                self.choices_ui(picker, &mut child, theme);
                let mut child = part(ui, inside(right), "progress");
                self.progress_ui(s, case, &mut child, theme);
                self.foot_ui(s, ui, theme, out);
            });
        self.is_open = open;
    }

    /// Learns from the notices how the writing went.
    fn follow(&mut self, s: &Snapshot) {
        let Progress::Writing(last) = &self.progress else {
            return;
        };
        let is_newer = |id: NoticeId| last.is_none_or(|last| last < id);
        let news = s.notices.iter().filter(|notice| is_newer(notice.id));
        let mut told = news.filter_map(|notice| match (notice.kind, notice.code.as_str()) {
            (NoticeKind::Done, "exported") => Some(Progress::Written(notice.hint.clone())),
            (NoticeKind::Refused | NoticeKind::Warning, _) => {
                Some(Progress::Failed(notice.text.clone()))
            }
            (NoticeKind::Info | NoticeKind::Done, _) => None,
        });
        if let Some(progress) = told.next_back() {
            self.progress = progress;
        }
    }

    fn wanted(&self) -> impl Iterator<Item = &'static str> {
        let formats = EXPORT_FORMATS.iter().map(|(format, _)| *format);
        formats.filter(|format| self.on.contains(format))
    }

    fn choices_ui(&mut self, picker: &mut Picker, ui: &mut Ui, theme: &Theme) {
        ui.spacing_mut().item_spacing.y = 6.0;
        text_label(ui, t("export.what"), Kind::LABEL.medium(), theme.t2);
        let height = (ui.available_height() - 96.0).max(120.0);
        egui::ScrollArea::vertical()
            .max_height(height)
            .show(ui, |ui| {
                for (format, _) in EXPORT_FORMATS {
                    let is_on = self.on.contains(format);
                    if choice_ui(format, is_on, ui, theme) {
                        if is_on {
                            self.on.retain(|on| on != format);
                        } else {
                            self.on.push(format);
                        }
                        self.progress = Progress::Nothing;
                    }
                }
            });
        ui.add_space(8.0);
        text_label(ui, t("export.where"), Kind::LABEL.medium(), theme.t2);
        ui.horizontal(|ui| {
            let room = ui.available_width() - 96.0;
            TextField::new(&mut self.folder, t("export.where"))
                .hint(t("open.path.folder"))
                .icon(Icon::FolderOpen)
                .mono()
                .width(room)
                .show(ui);
            let choose = Button::new(t("action.choose"));
            if ui.add_enabled(!picker.is_open(), choose).clicked() {
                picker.ask(Purpose::ExportFolder);
            }
        });
    }

    fn progress_ui(&self, s: &Snapshot, case: &CaseSnapshot, ui: &mut Ui, theme: &Theme) {
        ui.spacing_mut().item_spacing.y = 6.0;
        let wanted: Vec<&str> = self.wanted().collect();
        let (n, total) = match &self.progress {
            Progress::Written(_) => (wanted.len(), wanted.len()),
            Progress::Nothing | Progress::Writing(_) | Progress::Failed(_) => (0, wanted.len()),
        };
        let is_writing = is_writing(s) || matches!(self.progress, Progress::Writing(_));
        let title = match &self.progress {
            Progress::Nothing => t_args("export.will_write", &[("n", &total.to_string())]),
            Progress::Writing(_) => t_args("export.writing_n", &[("n", &total.to_string())]),
            Progress::Written(_) => t_args("export.written_n", &[("n", &total.to_string())]),
            Progress::Failed(_) => t("export.failed").to_owned(),
        };
        text_label(ui, &title, Kind::CARD_TITLE, theme.t1);
        progress_bar(
            ui,
            if total == 0 {
                0.0
            } else {
                n as f32 / total as f32
            },
            &title,
        );
        ui.add_space(8.0);
        for format in wanted {
            let end = EXPORT_FORMATS
                .iter()
                .find(|(f, _)| *f == format)
                .map_or("", |(_, end)| *end);
            let name = match format {
                "package" => format!("{}.{end}", case.id),
                _ => format!("{}-{format}.{end}", case.id),
            };
            let (icon, weight, color, word) = match &self.progress {
                Progress::Written(_) => (
                    Icon::CheckCircle,
                    IconWeight::Filled,
                    theme.ok,
                    t("export.done"),
                ),
                Progress::Failed(_) => (
                    Icon::MinusCircle,
                    IconWeight::Regular,
                    theme.t3,
                    t("export.not_written"),
                ),
                _ if is_writing => (
                    Icon::CircleNotch,
                    IconWeight::Regular,
                    theme.ac,
                    t("export.now"),
                ),
                _ => (
                    Icon::CircleDashed,
                    IconWeight::Regular,
                    theme.t3,
                    t("export.waiting"),
                ),
            };
            sides(
                ui,
                32.0,
                &mut (),
                |ui, ()| {
                    icon_label(ui, icon, weight, size::ICON, color);
                    text_label(ui, &name, Kind::BODY, theme.t1);
                },
                |ui, ()| {
                    text_label(ui, word, Kind::MONO_SMALL, theme.t2);
                },
            );
        }
        ui.add_space(8.0);
        match &self.progress {
            Progress::Written(folder) => {
                let words = t_args("export.written", &[("path", folder)]);
                inline_message(ui, Tone::Done, &words);
            }
            Progress::Failed(reason) => inline_message(ui, Tone::Fault, reason),
            Progress::Nothing | Progress::Writing(_) => {}
        }
        wrapped_label(ui, limits(case), Kind::LABEL, theme.t3);
    }

    fn foot_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 54.0));
        let line = Stroke::new(1.0, theme.st1);
        ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
        let inner = rect.shrink2(vec2(space::DIALOG, 0.0));
        let mut child = part(ui, inner, "foot");
        let folder = self.folder.trim().to_owned();
        let can_write = !folder.is_empty() && self.wanted().next().is_some() && !is_writing(s);
        sides(
            &mut child,
            rect.height(),
            &mut (self, out),
            |ui, _| {
                icon_label(
                    ui,
                    Icon::Info,
                    IconWeight::Regular,
                    size::ICON_INLINE,
                    theme.t3,
                );
                text_label(ui, t("export.recorded"), Kind::LABEL, theme.t3);
            },
            |ui, (this, out)| {
                let write = Button::primary(t("export.write")).icon(Icon::Export);
                if ui.add_enabled(can_write, write).clicked() {
                    this.progress = Progress::Writing(s.notices.last().map(|notice| notice.id));
                    let formats = this.wanted().map(str::to_owned).collect();
                    out.push(CompareCommand::Export(PathBuf::from(&folder), formats).into());
                }
            },
        );
    }
}

fn is_writing(s: &Snapshot) -> bool {
    s.jobs.iter().any(|job| job.title_key == "job.export")
}

fn part(ui: &mut Ui, rect: Rect, salt: &str) -> Ui {
    let layout = Layout::top_down(Align::Min);
    ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(layout))
}

fn state_words(case: &CaseSnapshot) -> String {
    let signed = case.comparison.as_ref().and_then(|c| c.signed_at.as_ref());
    match (signed, &case.sealed_at) {
        (Some(at), _) => t_args("export.state.signed", &[("time", at)]),
        (None, Some(at)) => t_args("export.state.sealed", &[("time", at)]),
        (None, None) => t("export.state.open").to_owned(),
    }
}

/// What the files cannot say yet.
fn limits(case: &CaseSnapshot) -> &'static str {
    match case.stage {
        Stage::Feedback | Stage::Closed => t("export.limits.signed"),
        Stage::Comparing | Stage::Adjudicating => t("export.limits.unsigned"),
        Stage::Draft
        | Stage::Intake
        | Stage::Ready
        | Stage::Reading
        | Stage::Sealed
        | Stage::UnblindedEarly
        | Stage::NonDiagnostic
        | Stage::Withdrawn
        | Stage::OnHold => t("export.limits.blinded"),
    }
}

fn format_words(format: &str) -> (&'static str, &'static str) {
    match format {
        "pdf" => (t("export.pdf"), t("export.pdf.hint")),
        "json" => (t("export.json"), t("export.json.hint")),
        "narrative" => (t("export.narrative"), t("export.narrative.hint")),
        "certificate" => (t("export.certificate"), t("export.certificate.hint")),
        "letter" => (t("export.letter"), t("export.letter.hint")),
        "plain-letter" => (t("export.plain_letter"), t("export.plain_letter.hint")),
        "clinical-ledger" => (t("export.clinical"), t("export.clinical.hint")),
        "learning-ledger" => (t("export.learning"), t("export.learning.hint")),
        "learning-ledger-named" => (t("export.learning_named"), t("export.learning_named.hint")),
        "package" => (t("export.package"), t("export.package.hint")),
        _ => ("", ""),
    }
}

/// A format that can be chosen, as a card with a check box. Was it pressed?
fn choice_ui(format: &str, is_on: bool, ui: &mut Ui, theme: &Theme) -> bool {
    let (title, hint) = format_words(format);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 54.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, title));
    let corner = CornerRadius::same(radius::CARD);
    let (fill, edge) = match (is_on, response.hovered()) {
        (true, _) => (theme.acbg, theme.acst),
        (false, true) => (theme.bg4, theme.st2),
        (false, false) => (theme.bg2, theme.st1),
    };
    ui.painter().rect(
        rect,
        corner,
        fill,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    let square = Rect::from_center_size(rect.left_top() + vec2(18.0, 18.0), Vec2::splat(15.0));
    let (fill, edge) = if is_on {
        (theme.acf, theme.acf)
    } else {
        (theme.bg1, theme.st3)
    };
    let corner = CornerRadius::same(radius::BADGE);
    ui.painter().rect(
        square,
        corner,
        fill,
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    if is_on {
        let font = egui::FontId::new(10.0, IconWeight::Bold.family());
        let glyph = Icon::Check.glyph(IconWeight::Bold);
        let middle = egui::Align2::CENTER_CENTER;
        ui.painter()
            .text(square.center(), middle, glyph, font, theme.on_acf);
    }
    let words = Rect::from_min_max(pos2(rect.left() + 36.0, rect.top() + 8.0), rect.max);
    let mut child = part(ui, words, format);
    child.spacing_mut().item_spacing.y = 1.0;
    text_label(&mut child, title, Kind::BODY.medium(), theme.t1);
    text_label(&mut child, hint, Kind::LABEL, theme.t2);
    if response.has_focus() && focus_is_from_keyboard(ui.ctx()) {
        let ring = Stroke::new(1.5, theme.ac);
        let corner = CornerRadius::same(radius::CARD);
        ui.painter()
            .rect_stroke(rect.expand(2.0), corner, ring, StrokeKind::Outside);
    }
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_kept_apart_from_the_record_leaves_unasked() {
        let panel = ExportPanel::default();
        let wanted: Vec<&str> = panel.wanted().collect();
        assert_eq!(wanted, CHOSEN_AT_FIRST);
        for format in wanted {
            assert!(!format.contains("learning") && !format.contains("letter"));
        }
    }

    #[test]
    fn every_format_that_can_be_written_has_its_words() {
        for (format, _) in EXPORT_FORMATS {
            let (title, hint) = format_words(format);
            assert!(
                !title.is_empty() && !title.starts_with("export."),
                "{format}"
            );
            assert!(!hint.is_empty() && !hint.starts_with("export."), "{format}");
        }
    }
}
