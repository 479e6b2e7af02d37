//! How fast and in which order the active view plays.

use egui::Ui;
use session::{CineRateFrom, CineSnapshot, PlaybackOrder, Snapshot, ViewCommand, ViewSnapshot};
use ui_kit::{Dropdown, Icon, MenuItem, menu_heading, menu_separator, t, t_args};

use crate::Action;
use crate::keys::{as_caps, keys_of};

/// Width of the menu, points.
const MENU_WIDTH: f32 = 270.0;

/// Faster and slower, the rate of the file, and what follows the last picture. Only while the view plays: a still one has
/// no rate.
pub(super) fn cine_ui((s, view): (&Snapshot, &ViewSnapshot), ui: &mut Ui, out: &mut Vec<Action>) {
    let Some(playing) = view.playing.as_ref().filter(|_| view.cine) else {
        return;
    };
    let rate = rate_words(playing);
    Dropdown::new(t("cine.title"), &rate)
        .menu_width(MENU_WIDTH)
        .keep_open()
        .show(ui, |ui| {
            menu_heading(ui, &origin_words(playing));
            for (key, id, icon, by) in [
                ("cine.faster", "cine_faster", Icon::Plus, 1),
                ("cine.slower", "cine_slower", Icon::Minus, -1),
            ] {
                let keys = keys_of(s, id);
                let caps = as_caps(&keys);
                let row = MenuItem::new(t(key)).icon(icon).keys(&caps);
                if ui.add(row).clicked() {
                    out.push(ViewCommand::StepCineRate(view.idx, by).into());
                }
            }
            let of_file = playing.rate_from != CineRateFrom::Reader;
            let row = MenuItem::new(t("cine.as_file")).selected(of_file);
            if ui.add(row).clicked() {
                out.push(ViewCommand::SetCineRate(view.idx, None).into());
            }
            menu_separator(ui);
            let [first, last] = playing.first_to_last.map(|at| (at + 1).to_string());
            menu_heading(
                ui,
                &t_args("cine.part", &[("first", &first), ("last", &last)]),
            );
            for (key, id, command) in [
                (
                    "cine.from_here",
                    "cine_from",
                    ViewCommand::CineFromHere(view.idx),
                ),
                ("cine.to_here", "cine_to", ViewCommand::CineToHere(view.idx)),
                (
                    "cine.all",
                    "cine_all",
                    ViewCommand::SetCineTrim(view.idx, None),
                ),
            ] {
                let keys = keys_of(s, id);
                let caps = as_caps(&keys);
                let may = id != "cine_all" || playing.is_trimmed;
                let row = MenuItem::new(t(key)).keys(&caps);
                if ui.add_enabled(may, row).clicked() {
                    out.push(command.into());
                }
            }
            menu_separator(ui);
            for (key, order) in [
                ("cine.loop", PlaybackOrder::Loop),
                ("cine.sweep", PlaybackOrder::Sweep),
            ] {
                let row = MenuItem::new(t(key)).selected(playing.order == order);
                if ui.add(row).clicked() {
                    out.push(ViewCommand::SetCineOrder(view.idx, order).into());
                }
            }
        });
}

/// `12 /s`; about where the frames stay for different times.
pub(crate) fn rate_words(playing: &CineSnapshot) -> String {
    let whole = playing.per_second.fract().abs() < 0.05 && 10.0 <= playing.per_second;
    let rate = match whole {
        true => format!("{:.0}", playing.per_second),
        false => format!("{:.1}", playing.per_second),
    };
    let key = match playing.is_uneven {
        true => "cine.rate_uneven",
        false => "cine.rate",
    };
    t_args(key, &[("rate", &rate)])
}

fn origin_words(playing: &CineSnapshot) -> String {
    match playing.rate_from {
        CineRateFrom::File(from) => t_args("cine.from_file", &[("attribute", from.name())]),
        CineRateFrom::Reader => t("cine.from_reader").to_owned(),
        CineRateFrom::Usual => t("cine.from_nothing").to_owned(),
    }
}
