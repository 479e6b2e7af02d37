//! What stands in the bars of a third read: whose marks are drawn, and the signature.

use egui::Ui;
use session::{Snapshot, ThirdCommand, ThirdMarks, ThirdReadSnapshot};
use ui_kit::{Button, Icon, Segment, Segmented, Tone, inline_message, t, t_args};

use crate::Action;
use crate::bar::hold_panel_ui;

/// Whose marks are drawn where.
pub(crate) fn marks_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    const SHOWN: [ThirdMarks; 3] = [
        ThirdMarks::SideBySide,
        ThirdMarks::Together,
        ThirdMarks::Off,
    ];
    let Some(third) = super::third(s).filter(|third| third.opened.is_some()) else {
        return;
    };
    let words = [
        "third.marks.side_by_side",
        "third.marks.together",
        "third.marks.off",
    ]
    .map(t);
    let segments = words.map(Segment::new);
    let chosen = SHOWN.iter().position(|shown| *shown == third.marks);
    let pressed = Segmented::new(t("third.marks"), &segments, chosen).show(ui);
    if let Some(shown) = pressed.and_then(|idx| SHOWN.get(idx)) {
        out.push(ThirdCommand::ShowMarks(*shown).into());
    }
}

/// The button that signs, with what it means and a button to hold.
pub(crate) fn sign_ui(third: &ThirdReadSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    if third.opened.is_none() {
        return;
    }
    let (n, total) = (third.n_decided.to_string(), third.n_rows.to_string());
    let words = t_args("third.sign_of", &[("n", &n), ("total", &total)]);
    let is_ready = third.n_decided == third.n_rows;
    let sign = match is_ready {
        true => Button::primary(&words),
        false => Button::new(&words),
    };
    let button = ui.add(sign.icon(Icon::Signature));
    let n_left = third.n_rows.saturating_sub(third.n_decided);
    let hold = hold_panel_ui(
        &button,
        t("third.sign"),
        t("third.sign.hold"),
        is_ready,
        |ui| {
            inline_message(ui, Tone::Info, t("third.sign.text"));
            if 0 < n_left {
                let words = match n_left {
                    1 => t("third.sign.left_one").to_owned(),
                    n => t_args("third.sign.left", &[("n", &n.to_string())]),
                };
                inline_message(ui, Tone::Warning, &words);
            }
        },
    );
    if hold {
        out.push(ThirdCommand::Sign.into());
    }
}
