//! The bar over the comparison: who and what, where the case stands, and what ends it.

use case::Stage;
use egui::{Response, Ui, vec2};
use session::commands::ShellAction;
use session::{CaseSnapshot, CompareCommand, ComparisonSnapshot, Snapshot, Step};
use ui_kit::{
    Button, Icon, IconWeight, Kind, Theme, Tone, icon_label, inline_message, size, space, steps, t,
    t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::{hold_panel_ui, separator, sides_in};
use crate::metrics::is_compact;
use crate::wording::outcome_look;

/// Draws the bar over the whole of `ui`.
pub(super) fn head_ui(
    s: &Snapshot,
    case: &CaseSnapshot,
    comparison: &ComparisonSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let inner = ui.max_rect().shrink2(vec2(space::PANEL, 0.0));
    let compact = is_compact(ui.ctx().content_rect());
    sides_in(
        ui,
        inner,
        out,
        |ui, _| {
            if let Some(study) = &s.study {
                text_label(ui, &study.patient_name, Kind::BODY.semibold(), theme.t1);
                text_label(ui, &study.age_sex, Kind::BODY, theme.t2);
                if !compact {
                    text_label(ui, &study.patient_id, Kind::MONO_SMALL, theme.t3);
                }
                separator(ui, theme, 4.0);
                text_label(ui, &study.title, Kind::BODY, theme.t2);
                text_label(ui, &study.date_time, Kind::MONO_SMALL, theme.t3);
            }
        },
        |ui, out| {
            end_ui(case, comparison, ui, theme, out);
            if case.may_ask_third {
                let ask = Button::new(t("compare.ask_third")).icon(Icon::Scales);
                if ui.add(ask).clicked() {
                    out.push(CompareCommand::AskThirdRead.into());
                }
            }
            let export = Button::new(t("compare.export")).icon(Icon::Export);
            if ui.add(export).clicked() {
                out.push(Action::Shell(ShellAction::Export));
            }
            let back = Button::ghost(t("compare.back_to_images")).icon(Icon::ImagesSquare);
            if ui.add(back).clicked() {
                out.push(session::Command::Show(session::Screen::Reading).into());
            }
            if !compact {
                ui.add_space(4.0);
                steps_ui(case.step, ui);
            }
        },
    );
}

fn steps_ui(step: Step, ui: &mut Ui) {
    let words = [
        "step.read",
        "step.seal",
        "step.compare",
        "step.adjudicate",
        "step.close",
    ]
    .map(t);
    let current_idx = match step {
        Step::Read => 0,
        Step::Seal => 1,
        Step::Compare => 2,
        Step::Adjudicate => 3,
        Step::Close => 4,
    };
    steps(ui, t("step.name"), &words, current_idx);
}

/// What ends the comparison: the signature, then the closing of the case.
fn end_ui(
    case: &CaseSnapshot,
    comparison: &ComparisonSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    match (case.stage, &comparison.signed_at) {
        (Stage::Closed, _) => {
            icon_label(
                ui,
                Icon::CheckCircle,
                IconWeight::Filled,
                size::ICON,
                theme.ok,
            );
            text_label(ui, t("state.closed"), Kind::CONTROL, theme.t2);
        }
        (_, Some(at)) => {
            let close = Button::primary(t("compare.close")).icon(Icon::CheckCircle);
            if ui.add_enabled(case.yours, close).clicked() {
                out.push(CompareCommand::Close.into());
            }
            text_label(
                ui,
                &t_args("compare.signed", &[("time", at)]),
                Kind::CONTROL,
                theme.t2,
            );
            icon_label(
                ui,
                Icon::SealCheck,
                IconWeight::Regular,
                size::ICON,
                theme.ok,
            );
        }
        (_, None) => {
            let sign = Button::primary(t("compare.sign")).icon(Icon::Signature);
            let sign = ui.add_enabled(comparison.editable, sign);
            sign_panel_ui(&sign, comparison, theme, out);
        }
    }
}

/// The panel of the sign button: what will be signed, what cannot be taken back, and a button to hold.
fn sign_panel_ui(
    sign: &Response,
    comparison: &ComparisonSnapshot,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let n_left = comparison.n_asked.saturating_sub(comparison.n_decided);
    let (title, hold) = (t("compare.sign"), t("compare.sign.hold"));
    let is_held = hold_panel_ui(sign, title, hold, n_left == 0, |ui| {
        let look = outcome_look(comparison.outcome, theme);
        ui.horizontal(|ui| {
            icon_label(ui, look.icon, look.weight, size::ICON, look.color);
            text_label(ui, look.word, Kind::BODY.medium(), theme.t1);
            let n = comparison.n_differ.to_string();
            let words = t_args("compare.sign.differ", &[("n", &n)]);
            text_label(ui, &words, Kind::BODY, theme.t2);
        });
        wrapped_label(ui, t("compare.sign.text"), Kind::BODY, theme.t2);
        if 0 < n_left {
            let words = left_words(n_left);
            inline_message(ui, Tone::Warning, &words);
        }
    });
    if is_held {
        out.push(CompareCommand::Sign.into());
    }
}

fn left_words(n_left: usize) -> String {
    match n_left {
        1 => t("compare.sign.left_one").to_owned(),
        n => t_args("compare.sign.left", &[("n", &n.to_string())]),
    }
}
