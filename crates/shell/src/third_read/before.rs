//! Before both reads are open: the third reader reads for themselves first.

use egui::{Align, Layout, Ui, UiBuilder};
use session::{Snapshot, ThirdCommand, ThirdReadMode, ThirdReadSnapshot};
use ui_kit::{
    Button, Icon, IconWeight, Kind, Theme, Tone, coverage_bar, dashed_card, icon_label,
    inline_message, panel_header, size, space, t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;
use crate::main_action::MainAction;

/// What comes next; `None` where somebody else has taken it, and once both reads are open.
pub(crate) fn main_action(third: &ThirdReadSnapshot) -> Option<MainAction> {
    if third.taken_by_other || third.opened.is_some() {
        return None;
    }
    Some(match third.yours {
        false => MainAction {
            icon: Icon::Scales,
            label: t("third.take"),
            short: t("third.take_short"),
            action: ThirdCommand::Take.into(),
        },
        true => MainAction {
            icon: Icon::Eye,
            label: t("third.open_reads"),
            short: t("third.open_reads_short"),
            action: ThirdCommand::OpenReads.into(),
        },
    })
}

pub(super) fn mode_word(mode: ThirdReadMode) -> &'static str {
    t(match mode {
        ThirdReadMode::None => "third.title",
        ThirdReadMode::Arbitration => "third.mode.arbitration",
        ThirdReadMode::PseudoArbitration => "third.mode.pseudo_arbitration",
        ThirdReadMode::Consensus => "third.mode.consensus",
        ThirdReadMode::Majority => "third.mode.majority",
    })
}

fn mode_text(mode: ThirdReadMode) -> &'static str {
    t(match mode {
        ThirdReadMode::None | ThirdReadMode::Arbitration => "third.mode.arbitration.text",
        ThirdReadMode::PseudoArbitration => "third.mode.pseudo_arbitration.text",
        ThirdReadMode::Consensus => "third.mode.consensus.text",
        ThirdReadMode::Majority => "third.mode.majority.text",
    })
}

pub(super) fn before_ui(
    s: &Snapshot,
    third: &ThirdReadSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    panel_header(ui, |ui| {
        icon_label(ui, Icon::Scales, IconWeight::Regular, size::ICON, theme.t2);
        text_label(ui, t("third.title"), Kind::CONTROL.semibold(), theme.t1);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            text_label(ui, mode_word(third.mode), Kind::LABEL, theme.t3);
        });
    });
    let body = ui.available_rect_before_wrap();
    let inner = body.shrink(space::PANEL);
    let mut child = ui.new_child(UiBuilder::new().id_salt("before").max_rect(inner));
    let ui = &mut child;
    ui.spacing_mut().item_spacing.y = 6.0;
    dashed_card(ui, |ui| {
        ui.set_width(ui.available_width());
        text_label(ui, t("third.first_yourself"), Kind::CARD_TITLE, theme.t1);
        wrapped_label(ui, t("third.first_yourself.text"), Kind::BODY, theme.t2);
        wrapped_label(ui, mode_text(third.mode), Kind::BODY, theme.t2);
        let n = third.n_rows.to_string();
        let words = match third.n_rows {
            1 => t("third.n_rows.one").to_owned(),
            _ => t_args("third.n_rows", &[("n", &n)]),
        };
        wrapped_label(ui, &words, Kind::BODY, theme.t2);
    });
    let Some(case) = &s.case else { return };
    if !case.question.is_empty() {
        ui.add_space(6.0);
        text_label(ui, t("preview.question"), Kind::LABEL.medium(), theme.t1);
        wrapped_label(ui, &case.question, Kind::BODY, theme.t2);
    }
    ui.add_space(8.0);
    viewed_ui(case.viewed_percent, ui, theme);
    ui.add_space(8.0);
    match main_action(third) {
        Some(main) => {
            let width = ui.available_width();
            let button = Button::primary(main.label)
                .icon(main.icon)
                .keys(&["Ctrl", "Enter"])
                .min_width(width);
            if ui.add(button).clicked() {
                out.push(main.action);
            }
        }
        None => inline_message(ui, Tone::Info, t("third.taken")),
    }
    inline_message(ui, Tone::Info, t("third.names_hidden"));
}

/// How much of the study was looked at so far.
fn viewed_ui(percent: u8, ui: &mut Ui, theme: &Theme) {
    let value = format!("{percent}%");
    sides(
        ui,
        16.0,
        &mut (),
        |ui, ()| {
            text_label(ui, t("reading.viewed"), Kind::LABEL, theme.t2);
        },
        |ui, ()| {
            text_label(ui, &value, Kind::MONO_SMALL, theme.t1);
        },
    );
    let name = t_args("view.coverage", &[("percent", &percent.to_string())]);
    coverage_bar(ui, f32::from(percent) / 100.0, &name);
}
