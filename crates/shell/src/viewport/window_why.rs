//! Why the window of a view is what it is: said while the pointer rests on the words of the window.

use egui::{Rect, Response, Ui};
use session::{ViewSnapshot, WindowWhy};
use ui_kit::{duration_s, t, t_args};

/// The reason in words.
pub(crate) fn window_why_words(why: &WindowWhy) -> String {
    match why {
        WindowWhy::File {
            number,
            n,
            explanation,
        } => {
            let counted = [("n", &*number.to_string()), ("all", &*n.to_string())];
            match explanation.as_str() {
                "" => t_args("window_why.file", &counted),
                named => {
                    let [n, all] = counted;
                    t_args("window_why.file_named", &[n, all, ("name", named)])
                }
            }
        }
        WindowWhy::Slice => t("window_why.slice").to_owned(),
        WindowWhy::Preset(name) => t_args("window_why.preset", &[("name", name)]),
        WindowWhy::FullRange => t("window_why.full_range").to_owned(),
        WindowWhy::ByHand => t("window_why.by_hand").to_owned(),
        WindowWhy::Own(name) => t_args("window_why.own", &[("name", name)]),
        WindowWhy::ValuesInView => t("window_why.values_in_view").to_owned(),
        WindowWhy::Region => t("window_why.region").to_owned(),
        WindowWhy::Estimated => t("window_why.estimated").to_owned(),
    }
}

/// Says the reason while the pointer rests on the words at `place`.
pub(crate) fn window_why_ui(ui: &Ui, view: &ViewSnapshot, place: Rect, response: &Response) {
    let Some(why) = &view.window_why else {
        return;
    };
    let is_over = response.hover_pos().is_some_and(|pos| place.contains(pos));
    if !is_over {
        return;
    }
    let still_s = ui.input(|input| input.pointer.time_since_last_movement());
    if still_s < duration_s::TIP {
        let rest = std::time::Duration::from_secs_f32(duration_s::TIP - still_s);
        ui.ctx().request_repaint_after(rest);
        return;
    }
    let words = window_why_words(why);
    let at = place.left_bottom() + egui::vec2(-120.0, 6.0);
    ui_kit::tip_plate(ui, response.id.with("window why"), at, &words, &[]);
}
