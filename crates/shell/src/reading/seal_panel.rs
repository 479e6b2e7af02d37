use egui::{Frame, Margin, ScrollArea, Ui};
use session::{CaseSnapshot, Disclosure, ReadCommand, ReadingStage};
use ui_kit::{
    Button, HoldButton, Icon, IconWeight, Kind, Theme, Tone, icon_label, inline_message, size, t,
    t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

/// Height of the list of open points at most, points.
const MAX_LIST: f32 = 150.0;

/// What the seal means, what it will say is open, and the hold that sets it. True when the reader turned back.
pub(super) fn seal_panel_ui(
    case: &CaseSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) -> bool {
    let has_next = case.reading_stage.has_next();
    let blocks = !has_next && case.checks.iter().any(|check| check.blocks);
    let mut turned_back = false;
    Frame::new()
        .inner_margin(Margin::symmetric(12, 12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.horizontal(|ui| {
                icon_label(
                    ui,
                    Icon::LockKey,
                    IconWeight::Regular,
                    size::ICON,
                    theme.r1.ink,
                );
                let title = match has_next {
                    true => stage_title(&case.reading_stage),
                    false => t("seal.title").to_owned(),
                };
                text_label(ui, &title, Kind::CARD_TITLE, theme.t1);
            });
            if has_next {
                let text = stage_text(&case.reading_stage);
                wrapped_label(ui, &text, Kind::BODY, theme.t2);
            } else {
                wrapped_label(ui, t("seal.text"), Kind::BODY, theme.t2);
                open_points_ui(case, ui, theme);
            }
            if blocks {
                inline_message(ui, Tone::Warning, t("seal.blocked"));
            }
            ui.add_space(2.0);
            let mut state = (out, &mut turned_back);
            sides(
                ui,
                28.0,
                &mut state,
                |ui, (_, turned_back)| {
                    **turned_back |= ui.add(Button::ghost(t("action.cancel"))).clicked()
                },
                |ui, (out, turned_back)| {
                    ui.add_enabled_ui(!blocks, |ui| {
                        if HoldButton::new(t("seal.hold"))
                            .icon(Icon::LockKey)
                            .large()
                            .show(ui)
                            .completed()
                        {
                            out.push(match has_next {
                                true => ReadCommand::SealStage.into(),
                                false => ReadCommand::Seal.into(),
                            });
                            **turned_back = true;
                        }
                    });
                },
            );
        });
    turned_back
}

fn stage_title(stage: &ReadingStage) -> String {
    let (number, total) = (stage.number.to_string(), stage.n_stages.to_string());
    t_args("seal.stage_title", &[("n", &number), ("total", &total)])
}

/// What the seal of a stage means, and what opens after it.
fn stage_text(stage: &ReadingStage) -> String {
    let words = stage.opens_next.iter().map(|what| match what {
        Disclosure::Images => t("disclosure.images"),
        Disclosure::Question => t("disclosure.question"),
        Disclosure::Priors => t("disclosure.priors"),
    });
    let opened = words.collect::<Vec<_>>().join(", ");
    t_args("seal.stage_text", &[("opened", &opened)])
}

/// What is not met: the record will name each as a limitation.
fn open_points_ui(case: &CaseSnapshot, ui: &mut Ui, theme: &Theme) {
    let open: Vec<&str> = case
        .checks
        .iter()
        .filter(|check| !check.met)
        .map(|check| check.text.as_str())
        .collect();
    if open.is_empty() {
        inline_message(ui, Tone::Done, t("seal.no_open_points"));
        return;
    }
    text_label(ui, t("seal.open_points"), Kind::LABEL.medium(), theme.t1);
    ScrollArea::vertical()
        .id_salt("open points")
        .max_height(MAX_LIST)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for text in open {
                inline_message(ui, Tone::Warning, &crate::wording::capitalised(text));
            }
        });
}
