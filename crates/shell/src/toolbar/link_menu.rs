//! What views keep in step.

use egui::Ui;
use session::{Link, Snapshot, ViewCommand};
use ui_kit::{Dropdown, Icon, MenuItem, menu_heading, menu_separator, t};

use crate::Action;
use crate::keys::{as_caps, keys_of};

/// Width of the menu, points.
const MENU_WIDTH: f32 = 250.0;

/// Each link by itself, all at once, and by hand where frames of reference differ.
pub(super) fn link_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let word = match s.links.len() {
        0 => t("link.none"),
        n if n == Link::ALL.len() => t("link.all"),
        _ => t("link.some"),
    };
    Dropdown::new(t("tool.link"), word)
        .icon(Icon::LinkSimple)
        .menu_width(MENU_WIDTH)
        .keep_open()
        .show(ui, |ui| {
            menu_heading(ui, t("link.heading"));
            for link in Link::ALL {
                let row = MenuItem::new(link_word(link)).selected(s.links.contains(&link));
                if ui.add(row).clicked() {
                    out.push(ViewCommand::ToggleLinkOf(link).into());
                }
            }
            menu_separator(ui);
            let keys = keys_of(s, "link");
            let caps = as_caps(&keys);
            let all = match s.links.is_empty() {
                true => t("link.again"),
                false => t("link.nothing"),
            };
            if ui
                .add(MenuItem::new(all).icon(Icon::LinkSimple).keys(&caps))
                .clicked()
            {
                out.push(ViewCommand::ToggleLink.into());
            }
            if ui
                .add(MenuItem::new(t("link.by_hand")).icon(Icon::Hand))
                .clicked()
            {
                out.push(ViewCommand::LinkByHand.into());
            }
        });
}

fn link_word(link: Link) -> &'static str {
    match link {
        Link::Scroll => t("link.scroll"),
        Link::Crosshair => t("link.crosshair"),
        Link::Zoom => t("link.zoom"),
        Link::Window => t("link.window"),
    }
}
