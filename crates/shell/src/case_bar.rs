use case::{CompletenessItem, Settled};
use egui::{Sense, Stroke, Ui, vec2};
use session::{CaseSnapshot, Disclosure, ReadCommand, Snapshot, Step, StudyHeader};
use ui_kit::{
    Button, Dropdown, Icon, IconWeight, Kind, TextArea, Theme, icon_label, menu_heading, size,
    steps, t, t_args, text_label, with_tip, wrapped_label,
};

use crate::Action;
use crate::bar::{separator, sides_in};
use crate::draft::Draft;
use crate::main_action;

/// Width of the list of what waits to be settled, points.
const COMPLETENESS_WIDTH: f32 = 380.0;
/// Width and height of the field for the question, points.
const QUESTION_WIDTH: f32 = 360.0;
const QUESTION_HEIGHT: f32 = 90.0;
/// So much of the question stands in the bar.
const QUESTION_CHARS: usize = 48;

/// The bar over the reading room.
#[derive(Default)]
pub(crate) struct CaseBar {
    question: Draft,
}

impl CaseBar {
    /// Who is read, what was asked, how far the case is, and the main action.
    pub(crate) fn case_bar_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        bar_ui(s, &mut self.question, ui, theme, out);
    }
}

fn bar_ui(s: &Snapshot, question: &mut Draft, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let rect = ui.max_rect();
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let inner = rect.shrink2(vec2(12.0, 0.0));
    sides_in(
        ui,
        inner,
        out,
        |ui, out| study_ui(s, question, ui, theme, out),
        |ui, out| case_ui(s, ui, theme, out),
    );
}

/// Name, age and ID; then what was examined and why.
fn study_ui(s: &Snapshot, question: &mut Draft, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let Some(study) = &s.study else { return };
    ui.spacing_mut().item_spacing.x = 6.0;
    if let Some(case) = s.case.as_ref().filter(|case| case.third.is_some()) {
        third_study_ui(case, study, ui, theme);
        return;
    }
    text_label(ui, &study.patient_name, Kind::BODY.semibold(), theme.t1);
    text_label(ui, &study.age_sex, Kind::BODY, theme.t2);
    text_label(ui, &study.patient_id, Kind::MONO_SMALL, theme.t3);
    separator(ui, theme, 6.0);
    text_label(ui, &study.title, Kind::BODY, theme.t2);
    let date = text_label(ui, &study.date_time, Kind::MONO_SMALL, theme.t3);
    if let Some(case) = &s.case {
        let read_by = t_args("case.read_by", &[("protocol", &case.protocol)]);
        with_tip(date.interact(Sense::hover()), &read_by, &[]);
        separator(ui, theme, 6.0);
        question_ui(case, question, ui, theme, out);
    }
}

/// A third reader knows the case by its number, and that names are hidden.
fn third_study_ui(case: &CaseSnapshot, study: &StudyHeader, ui: &mut Ui, theme: &Theme) {
    let id = t_args("case.number", &[("id", case.id.as_str())]);
    text_label(ui, &id, Kind::BODY.semibold(), theme.t1);
    text_label(ui, &study.age_sex, Kind::BODY, theme.t2);
    text_label(ui, &study.title, Kind::BODY, theme.t2);
    separator(ui, theme, 6.0);
    let icon = Icon::EyeSlash;
    icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t3);
    text_label(ui, t("third.names_hidden"), Kind::BODY, theme.t2);
}

/// The question of the referrer; until the seal a click opens it for writing.
fn question_ui(
    case: &CaseSnapshot,
    draft: &mut Draft,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    draft.follow(&case.question);
    if case.reading_stage.closed.contains(&Disclosure::Question) {
        let icon = Icon::LockKey;
        icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t3);
        text_label(ui, t("case.question.closed"), Kind::BODY, theme.t3);
        return;
    }
    if case.sealed_at.is_some() || !case.yours {
        let icon = Icon::ClipboardText;
        icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t2);
        text_label(ui, &case.question, Kind::BODY, theme.t2);
        return;
    }
    let first_line = case.question.lines().next().unwrap_or_default();
    let short: String = match first_line.char_indices().nth(QUESTION_CHARS) {
        Some((at, _)) => format!("{}…", first_line.get(..at).unwrap_or_default()),
        None => first_line.to_owned(),
    };
    let label = if short.is_empty() {
        t("case.question.none")
    } else {
        &short
    };
    let dropdown = Dropdown::new(t("preview.question"), label)
        .icon(Icon::ClipboardText)
        .menu_width(QUESTION_WIDTH)
        .keep_open();
    dropdown.show(ui, |ui| {
        let area = TextArea::new(&mut draft.text, t("preview.question"), QUESTION_HEIGHT);
        let response = area.hint(t("case.question.hint")).show(ui);
        out.extend(
            draft
                .after(&response)
                .map(|text| Action::from(ReadCommand::WriteQuestion(text))),
        );
    });
}

fn case_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let Some(case) = &s.case else { return };
    main_button_ui(s, ui, out);
    if let Some(third) = &case.third {
        crate::third_read::sign_ui(third, ui, out);
    }
    completeness_ui(case, ui, theme, out);
    critical_ui(case, ui, out);
    ui.add_space(8.0);
    let words = [
        "step.read",
        "step.seal",
        "step.compare",
        "step.adjudicate",
        "step.close",
    ]
    .map(t);
    let current_idx = match case.step {
        Step::Read => 0,
        Step::Seal => 1,
        Step::Compare => 2,
        Step::Adjudicate => 3,
        Step::Close => 4,
    };
    let response = steps(ui, t("step.name"), &words, current_idx);
    if let Some(reason) = &case.unblinded_early {
        with_tip(
            response.interact(Sense::hover()),
            &t_args("case.unblinded", &[("reason", reason)]),
            &[],
        );
    }
}

fn main_button_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    if let Some(main) = main_action::of_case(s)
        && ui
            .add(
                Button::primary(main.label)
                    .icon(main.icon)
                    .tip(main.label, &["Ctrl", "Enter"]),
            )
            .clicked()
    {
        out.push(main.action);
    }
}

/// Findings that cannot wait and of which nobody was told who repeated it.
fn critical_ui(case: &CaseSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let waits = case.criticals.iter().filter(|one| !one.is_communicated());
    let n_waiting = waits.count();
    if n_waiting == 0 {
        return;
    }
    let words = t_args("critical.waiting", &[("n", &n_waiting.to_string())]);
    if ui.add(Button::new(&words).icon(Icon::Siren)).clicked() {
        out.push(Action::Shell(session::commands::ShellAction::Critical));
    }
}

/// What is, or is not, as it should be before reading.
fn completeness_ui(case: &CaseSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    if case.completeness.is_empty() {
        return;
    }
    let n_open = case
        .completeness
        .iter()
        .filter(|item| item.settled == Settled::No)
        .count();
    let open = t_args("reading.open_points", &[("n", &n_open.to_string())]);
    let mut dropdown = Dropdown::new(t("reading.completeness"), t("reading.completeness"))
        .icon(Icon::CheckSquareOffset)
        .menu_width(COMPLETENESS_WIDTH)
        .keep_open();
    if 0 < n_open {
        dropdown = dropdown.value(&open);
    }
    dropdown.show(ui, |ui| {
        menu_heading(ui, t("reading.completeness"));
        let tools = case.yours && case.sealed_at.is_none();
        for item in &case.completeness {
            ui.horizontal(|ui| {
                ui.add_space(8.0);
                ui.vertical(|ui| {
                    ui.set_width(COMPLETENESS_WIDTH - 24.0);
                    completeness_row(item, tools, ui, theme, out);
                });
            });
        }
        ui.add_space(4.0);
    });
}

/// One item: a sign, a sentence, and the offer to accept it as a limitation.
pub(crate) fn completeness_row(
    item: &CompletenessItem,
    may_accept: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let (icon, weight, color) = match (item.severity.as_str(), item.settled) {
        ("ok", _) => (Icon::CheckCircle, IconWeight::Filled, theme.ok),
        ("warning", Settled::No) => (Icon::Warning, IconWeight::Filled, theme.warn.ink),
        ("warning", Settled::Yes) => (Icon::Warning, IconWeight::Regular, theme.warn.ink),
        _ => (Icon::Info, IconWeight::Regular, theme.t3),
    };
    let offers = may_accept && item.settled == Settled::No;
    ui.horizontal_top(|ui| {
        ui.add_space(1.0);
        icon_label(ui, icon, weight, size::ICON, color);
        let room = ui.available_width() - if offers { 76.0 } else { 0.0 };
        ui.vertical(|ui| {
            ui.set_width(room);
            ui.spacing_mut().item_spacing.y = 1.0;
            wrapped_label(
                ui,
                &crate::wording::capitalised(&item.text),
                Kind::BODY,
                theme.t1,
            );
            if item.severity == "warning" && item.settled == Settled::Yes {
                text_label(ui, t("completeness.accepted"), Kind::LABEL, theme.t3);
            }
        });
        if offers && ui.add(Button::link(t("preview.accept")).small()).clicked() {
            out.push(ReadCommand::AcceptLimitation(item.code.clone()).into());
        }
    });
    ui.add_space(6.0);
}
