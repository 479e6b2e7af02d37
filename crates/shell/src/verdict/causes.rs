//! How a discrepancy came about, what may have bent a judgement, and what it led to.

use egui::{ScrollArea, Ui};
use session::{Bias, Cause, CompareCommand, ErrorType, Impact, PairRow};
use ui_kit::{Dropdown, MenuItem, menu_separator, t, t_args};

use super::Editing;
use crate::Action;

/// Most that a menu of causes takes of the height of the window, points.
const MENU_HEIGHT: f32 = 520.0;

fn error_type_word(error_type: ErrorType) -> &'static str {
    t(match error_type {
        ErrorType::Perception => "error_type.perception",
        ErrorType::Interpretation => "error_type.interpretation",
        ErrorType::Communication => "error_type.communication",
        ErrorType::Technique => "error_type.technique",
        ErrorType::Information => "error_type.information",
        ErrorType::Judgement => "error_type.judgement",
    })
}

fn error_type_hint(error_type: ErrorType) -> &'static str {
    t(match error_type {
        ErrorType::Perception => "error_type.perception.hint",
        ErrorType::Interpretation => "error_type.interpretation.hint",
        ErrorType::Communication => "error_type.communication.hint",
        ErrorType::Technique => "error_type.technique.hint",
        ErrorType::Information => "error_type.information.hint",
        ErrorType::Judgement => "error_type.judgement.hint",
    })
}

/// How the error came about: six broad types with a line to each, and under each the causes that fit the row. A cause
/// chooses its type; pressing what is chosen takes it back.
pub(crate) fn error_type_ui(row: &PairRow, editing: Editing, ui: &mut Ui, out: &mut Vec<Action>) {
    let verdict = row.verdict.as_ref();
    let chosen = verdict.and_then(|verdict| verdict.error_type);
    let cause = verdict.and_then(|verdict| verdict.cause);
    let label = match (chosen, cause) {
        (Some(error_type), Some(cause)) => {
            let (error_type, cause) = (error_type_word(error_type), cause.label().to_lowercase());
            t_args(
                "error_type.with_cause",
                &[("type", error_type), ("cause", &cause)],
            )
        }
        (Some(error_type), None) => error_type_word(error_type).to_owned(),
        (None, _) => t("error_type.open").to_owned(),
    };
    let enabled = editing.is_open() && super::differs(row);
    ui.add_enabled_ui(enabled, |ui| {
        Dropdown::new(t("note.error_type"), &label)
            .menu_width(340.0)
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .max_height(MENU_HEIGHT)
                    .show(ui, |ui| {
                        for error_type in ErrorType::ALL {
                            let is_on = chosen == Some(*error_type);
                            let item = MenuItem::new(error_type_word(*error_type))
                                .value(error_type_hint(*error_type))
                                .selected(is_on && cause.is_none());
                            if ui.add(item).clicked() {
                                let next = (!is_on).then_some(*error_type);
                                let command = match is_on && cause.is_some() {
                                    true => CompareCommand::SetCause(row.pair.id, None),
                                    false => CompareCommand::SetErrorType(row.pair.id, next),
                                };
                                out.push(command.into());
                                ui.close();
                            }
                            causes_ui(row, *error_type, cause, ui, out);
                        }
                    });
            });
    });
}

/// The causes of a type that fit the row, set in.
fn causes_ui(
    row: &PairRow,
    error_type: ErrorType,
    chosen: Option<Cause>,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    let fits = |cause: &&Cause| cause.error_type() == error_type && cause.fits(&row.classes);
    for cause in Cause::ALL.iter().filter(fits) {
        let is_on = chosen == Some(*cause);
        ui.horizontal(|ui| {
            ui.add_space(22.0);
            if ui
                .add(MenuItem::new(cause.label()).selected(is_on))
                .clicked()
            {
                let next = (!is_on).then_some(*cause);
                out.push(CompareCommand::SetCause(row.pair.id, next).into());
                ui.close();
            }
        });
    }
}

/// What may have bent a judgement: any number of them.
pub(crate) fn biases_ui(row: &PairRow, editing: Editing, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen: &[Bias] = row.verdict.as_ref().map_or(&[], |verdict| &verdict.biases);
    let label = match chosen {
        [] => t("bias.open").to_owned(),
        [one] => one.label().to_owned(),
        [one, rest @ ..] => {
            let n = rest.len().to_string();
            t_args("bias.more", &[("bias", one.label()), ("n", &n)])
        }
    };
    let enabled = editing.is_open() && super::differs(row);
    ui.add_enabled_ui(enabled, |ui| {
        Dropdown::new(t("bias.title"), &label)
            .menu_width(280.0)
            .keep_open()
            .show(ui, |ui| {
                for bias in Bias::ALL {
                    let is_on = chosen.contains(bias);
                    if ui
                        .add(MenuItem::new(bias.label()).selected(is_on))
                        .clicked()
                    {
                        let mut next = chosen.to_vec();
                        match is_on {
                            true => next.retain(|other| other != bias),
                            false => next.push(*bias),
                        }
                        out.push(CompareCommand::SetBiases(row.pair.id, next).into());
                    }
                }
            });
    });
}

/// What it led to, as far as that is known.
pub(crate) fn impact_ui(row: &PairRow, editing: Editing, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = row.verdict.as_ref().and_then(|verdict| verdict.impact);
    let label = chosen.map_or(t("impact.open"), Impact::label);
    let enabled = editing.is_open() && super::differs(row);
    ui.add_enabled_ui(enabled, |ui| {
        Dropdown::new(t("impact.title"), label)
            .menu_width(300.0)
            .show(ui, |ui| {
                for impact in Impact::ALL {
                    let number = impact.number().to_string();
                    let item = MenuItem::new(impact.label())
                        .value(&number)
                        .selected(chosen == Some(impact));
                    if ui.add(item).clicked() {
                        out.push(CompareCommand::SetImpact(row.pair.id, Some(impact)).into());
                    }
                }
                if chosen.is_some() {
                    menu_separator(ui);
                    if ui.add(MenuItem::new(t("impact.open"))).clicked() {
                        out.push(CompareCommand::SetImpact(row.pair.id, None).into());
                    }
                }
            });
    });
}
