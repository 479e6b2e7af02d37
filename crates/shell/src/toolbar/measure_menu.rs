use egui::{Margin, Ui};
use session::{Snapshot, SpineLabels, SpineOrder, Vertebra, ViewCommand};
use ui_kit::{
    Dropdown, Icon, MenuItem, Segment, Segmented, menu_heading, menu_separator, t, t_args,
};

use super::MORE_TOOLS;
use crate::Action;
use crate::keys::{as_caps, command, icon_of, is_enabled, keys_of, run};

/// Width of the menus, points.
const MENU_WIDTH: f32 = 250.0;
/// Width of the menu of levels, whose longest row has twelve.
const LEVELS_WIDTH: f32 = 400.0;
/// Levels of each region of the spine, from the head down.
const REGIONS: [usize; 4] = [7, 12, 5, 5];

/// The tools that have no button of their own.
pub(super) fn measure_menu_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let chosen = MORE_TOOLS.iter().find(|(.., tool)| *tool == s.tool);
    let label = chosen.map_or(t("tool.more"), |(_, key, _)| t(key));
    let icon = chosen.and_then(|(id, ..)| command(id).and_then(icon_of));
    Dropdown::new(t("tool.more_measuring"), label)
        .icon(icon.unwrap_or(Icon::DotsThree))
        .menu_width(MENU_WIDTH)
        .show(ui, |ui| {
            menu_heading(ui, t("tool.more_measuring"));
            for (id, key, tool) in MORE_TOOLS {
                let Some(icon) = command(id).and_then(icon_of) else {
                    continue;
                };
                let keys = keys_of(s, id);
                let caps = as_caps(&keys);
                let row = MenuItem::new(t(key)).icon(icon).keys(&caps);
                let row = row.selected(s.tool == *tool);
                if ui.add_enabled(is_enabled(id, s), row).clicked() {
                    run(id, s, out);
                }
            }
            menu_separator(ui);
            let copy = MenuItem::new(t("menu.copy_to_prior")).icon(Icon::Copy);
            if ui
                .add_enabled(is_enabled("copy_to_prior", s), copy)
                .clicked()
            {
                run("copy_to_prior", s, out);
            }
        });
}

/// Which level is labelled next, and which way it goes on.
pub(super) fn spine_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let next = t_args("spine.next", &[("level", &s.spine.next.to_string())]);
    let mut chosen = None;
    Dropdown::new(t("spine.title"), &next)
        .icon(Icon::Bone)
        .menu_width(LEVELS_WIDTH)
        .keep_open()
        .show(ui, |ui| {
            menu_heading(ui, t("spine.order"));
            let orders = [
                (SpineOrder::Down, t("spine.down")),
                (SpineOrder::Up, t("spine.up")),
            ];
            let segments = orders.map(|(_, word)| Segment::new(word));
            let order_idx = orders.iter().position(|(order, _)| *order == s.spine.order);
            row_ui(ui, |ui, width| {
                let pressed = Segmented::new(t("spine.order"), &segments, order_idx);
                let order = pressed
                    .width(width)
                    .show(ui)
                    .and_then(|idx| orders.get(idx));
                chosen = order.map(|(order, _)| SpineLabels {
                    order: *order,
                    ..s.spine
                });
            });
            menu_heading(ui, t("spine.title"));
            let levels: Vec<Vertebra> = Vertebra::all().collect();
            let mut rest = levels.as_slice();
            for n in REGIONS {
                let (region, after) = rest.split_at(n.min(rest.len()));
                rest = after;
                let names: Vec<String> = region.iter().map(Vertebra::to_string).collect();
                let segments: Vec<Segment> = names.iter().map(|name| Segment::new(name)).collect();
                let chosen_idx = region.iter().position(|level| *level == s.spine.next);
                row_ui(ui, |ui, width| {
                    let name = names.first().map_or("", String::as_str);
                    let pressed = Segmented::new(name, &segments, chosen_idx);
                    let level = pressed
                        .width(width)
                        .show(ui)
                        .and_then(|idx| region.get(idx));
                    if let Some(level) = level {
                        chosen = Some(SpineLabels {
                            next: *level,
                            ..s.spine
                        });
                    }
                });
            }
        });
    out.extend(chosen.map(|spine| ViewCommand::SetSpine(spine).into()));
}

/// A row of choices with the margins of a menu.
fn row_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui, f32)) {
    let margin = Margin::symmetric(8, 3);
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        let width = ui.available_width();
        add(ui, width);
    });
}
