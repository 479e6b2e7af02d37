//! The rest of the window menu: windows of the file and of the reader's own, windows of values, and colours.

use egui::Ui;
use session::commands::ShellAction;
use session::{ColourMap, Snapshot, Tool, ViewCommand, ViewSnapshot, WindowPreset, window_number};
use ui_kit::{Icon, Kind, MenuItem, Theme, menu_heading, menu_separator, t, t_args, wrapped_label};

use crate::Action;
use crate::keys::{as_caps, keys_of};
use crate::viewport::window_why_words;

/// Windows that the file states beyond its first, which is the default.
pub(super) fn file_windows_ui(view: &ViewSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let Some(volume) = view.volume.as_ref().filter(|v| 1 < v.voi.len()) else {
        return;
    };
    menu_heading(ui, t("window.heading_file"));
    for (nth, voi) in volume.voi.iter().enumerate() {
        let number = t_args("window.of_file", &[("n", &(nth + 1).to_string())]);
        let label = voi.explanation().map(str::trim).unwrap_or_default();
        let label = if label.is_empty() { &number } else { label };
        let value = match voi {
            volume::Voi::Window { center, width, .. } => format!("{width:.0} / {center:.0}"),
            volume::Voi::Table { .. } => t("window.table").to_owned(),
        };
        if ui.add(MenuItem::new(label).value(&value)).clicked() {
            out.push(ViewCommand::UseFileWindow(view.idx, nth).into());
        }
    }
    menu_separator(ui);
}

/// The reader's own windows for this modality, and where they are changed.
pub(super) fn own_windows_ui(
    s: &Snapshot,
    view: &ViewSnapshot,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    for preset in own_for(s, view) {
        let [width, center] = [preset.width, preset.center].map(window_number);
        let value = format!("{width} / {center}");
        let is_on = view.own_window == preset.name;
        let row = MenuItem::new(&preset.name).value(&value).selected(is_on);
        if ui.add(row).clicked() {
            out.push(ViewCommand::UseWindowPreset(view.idx, preset.name.clone()).into());
        }
    }
    let edit = MenuItem::new(t("window.edit_own")).icon(Icon::NotePencil);
    if ui.add(edit).clicked() {
        out.push(Action::Shell(ShellAction::EditWindows));
    }
    menu_separator(ui);
}

/// The reader's own windows that are offered for what a view shows.
fn own_for<'a>(s: &'a Snapshot, view: &'a ViewSnapshot) -> impl Iterator<Item = &'a WindowPreset> {
    s.window_presets
        .iter()
        .filter(|preset| preset.is_for(&view.modality))
}

/// Windows of the values on screen, and the histogram.
pub(super) fn values_ui(s: &Snapshot, view: &ViewSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let keys = ["window_auto", "tool_window_box", "histogram"].map(|id| keys_of(s, id));
    let [auto, of_box, histogram] = keys.each_ref().map(|keys| as_caps(keys));
    let row = MenuItem::new(t("window.auto"))
        .icon(Icon::Gauge)
        .keys(&auto);
    if ui.add(row).clicked() {
        out.push(ViewCommand::AutoWindow(view.idx).into());
    }
    let of_box = MenuItem::new(t("tool.window_box"))
        .icon(Icon::Selection)
        .keys(&of_box)
        .selected(s.tool == Tool::WindowBox);
    if ui.add(of_box).clicked() {
        out.push(ViewCommand::SetTool(Tool::WindowBox).into());
    }
    let histogram = MenuItem::new(t("window.histogram"))
        .icon(Icon::ChartBar)
        .keys(&histogram)
        .selected(s.histogram.is_some());
    if ui.add(histogram).clicked() {
        out.push(ViewCommand::ToggleHistogram.into());
    }
}

/// The colours of grey images.
pub(super) fn colours_ui(view: &ViewSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let is_grey = view
        .volume
        .as_ref()
        .is_some_and(|volume| !volume.voxels.stored().is_colour());
    let Some(now) = view.presentation.as_ref().filter(|_| is_grey) else {
        return;
    };
    menu_separator(ui);
    menu_heading(ui, t("colours.heading"));
    for colours in ColourMap::ALL {
        let row = MenuItem::new(colours_word(colours)).selected(now.colours == colours);
        if ui.add(row).clicked() {
            out.push(ViewCommand::SetColours(view.idx, colours).into());
        }
    }
}

/// The name of a colour map.
pub(crate) fn colours_word(colours: ColourMap) -> &'static str {
    match colours {
        ColourMap::Grey => t("colours.grey"),
        ColourMap::HotIron => t("colours.hot_iron"),
        ColourMap::Pet => t("colours.pet"),
        ColourMap::HotMetalBlue => t("colours.hot_metal_blue"),
        ColourMap::Pet20Step => t("colours.pet_20_step"),
        ColourMap::Rainbow => t("colours.rainbow"),
        ColourMap::EvenLightness => t("colours.even_lightness"),
    }
}

/// Why the view has its window.
pub(super) fn why_ui(view: &ViewSnapshot, ui: &mut Ui) {
    let Some(why) = &view.window_why else { return };
    let theme = Theme::of(ui.ctx());
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(8, 4))
        .show(ui, |ui| {
            wrapped_label(ui, &window_why_words(why), Kind::LABEL, theme.t2);
        });
}
