use egui::Ui;
use session::{SlabMode, Snapshot, ViewCommand, ViewSnapshot, may_reslice};
use ui_kit::{
    Dropdown, Icon, IconButton, Kind, MenuItem, Segment, Segmented, Theme, menu_heading,
    menu_separator, slider, t, t_args, text_label,
};
use volume::{PRESETS, Preset, ValueUnit};

use super::window_more::{colours_ui, file_windows_ui, own_windows_ui, values_ui, why_ui};
use crate::Action;
use crate::bar::sides;
use crate::keys::{as_caps, keys_of};

/// Width of the menus, points.
const MENU_WIDTH: f32 = 270.0;

/// Digit of the window that the images came with.
const AS_SENT: u8 = 0;
/// Digit of the window over all values.
const FULL_RANGE: u8 = 9;

/// Window presets; those of CT only where values are Hounsfield units.
pub(super) fn window_ui(
    s: &Snapshot,
    view: &ViewSnapshot,
    compact: bool,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    let label = PRESETS
        .iter()
        .find(|preset| preset.name == view.preset_name)
        .map_or(t("tool.presets"), |preset| match preset.digit {
            AS_SENT => t("window.as_sent"),
            _ => preset_word(preset),
        });
    let mut dropdown = Dropdown::new(t("tool.presets"), label)
        .icon(Icon::SunDim)
        .menu_width(MENU_WIDTH);
    if !compact && !view.window_text.is_empty() {
        dropdown = dropdown.value(&view.window_text);
    }
    dropdown.show(ui, |ui| {
        why_ui(view, ui);
        let is_ct = view
            .volume
            .as_ref()
            .is_some_and(|volume| volume.unit == ValueUnit::Hounsfield);
        if is_ct {
            menu_heading(ui, t("window.heading_ct"));
            for preset in PRESETS
                .iter()
                .filter(|preset| preset.center_width.is_some())
            {
                preset_row((s, view), preset, ui, out);
            }
            menu_separator(ui);
        }
        file_windows_ui(view, ui, out);
        own_windows_ui(s, view, ui, out);
        for preset in PRESETS
            .iter()
            .filter(|preset| preset.center_width.is_none())
        {
            preset_row((s, view), preset, ui, out);
        }
        values_ui(s, view, ui, out);
        let keys = keys_of(s, "invert");
        if ui
            .add(
                MenuItem::new(t("tool.invert"))
                    .icon(Icon::SelectionInverse)
                    .keys(&as_caps(&keys)),
            )
            .clicked()
        {
            out.push(ViewCommand::Invert(s.active).into());
        }
        colours_ui(view, ui, out);
    });
}

fn preset_row(
    (s, view): (&Snapshot, &ViewSnapshot),
    preset: &Preset,
    ui: &mut Ui,
    out: &mut Vec<Action>,
) {
    let value = preset
        .center_width
        .map_or(String::new(), |(center, width)| {
            format!("{width:.0} / {center:.0}")
        });
    let keys = keys_of(s, &format!("preset_{}", preset.digit));
    let caps = as_caps(&keys);
    let mut row = MenuItem::new(preset_word(preset)).value(&value).keys(&caps);
    row = match preset.digit {
        AS_SENT => row.icon(Icon::Scan),
        FULL_RANGE => row.icon(Icon::ArrowsOut),
        _ => row,
    };
    if ui
        .add(row.selected(view.preset_name == preset.name))
        .clicked()
    {
        out.push(ViewCommand::Preset(view.idx, preset.digit).into());
    }
}

fn preset_word(preset: &Preset) -> &'static str {
    match preset.digit {
        AS_SENT => t("window.default"),
        FULL_RANGE => t("window.full"),
        1 => t("window.soft_tissue"),
        2 => t("window.lung"),
        3 => t("window.liver"),
        4 => t("window.bone"),
        5 => t("window.brain"),
        6 => t("window.mediastinum"),
        7 => t("window.angio"),
        8 => t("window.stroke"),
        _ => preset.name,
    }
}

/// How slices are joined; off where the volume cannot be cut.
pub(super) fn slab_ui(
    (s, view): (&Snapshot, &ViewSnapshot),
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let can_cut = view
        .volume
        .as_ref()
        .is_some_and(|volume| may_reslice(volume));
    let slab = view.slab;
    let value = if slab.is_some() {
        view.slab_text.as_str()
    } else {
        t("tool.slab_off")
    };
    let thin = slab.map(|slab| t_args("slab.mm", &[("mm", &format!("{:.0}", slab.thickness_mm))]));
    let label = if compact {
        thin.as_deref().unwrap_or(t("tool.slab"))
    } else {
        t("tool.slab")
    };
    let mut dropdown = Dropdown::new(t("tool.slab"), label)
        .icon(Icon::ArrowsInLineVertical)
        .menu_width(MENU_WIDTH)
        .keep_open();
    if !compact {
        dropdown = dropdown.value(value);
    }
    ui.add_enabled_ui(can_cut, |ui| {
        dropdown.show(ui, |ui| {
            menu_heading(ui, t("tool.slab"));
            ui.horizontal(|ui| {
                ui.add_space(8.0);
                let modes = [
                    (SlabMode::Mean, t("slab.average")),
                    (SlabMode::Mip, t("slab.mip")),
                    (SlabMode::MinIp, t("slab.minip")),
                ];
                let segments = modes.map(|(_, word)| Segment::new(word));
                let chosen_idx =
                    slab.and_then(|slab| modes.iter().position(|(mode, _)| *mode == slab.mode));
                let width = MENU_WIDTH - 16.0;
                if let Some(idx) = Segmented::new(t("tool.slab"), &segments, chosen_idx)
                    .width(width)
                    .show(ui)
                    && let Some((mode, _)) = modes.get(idx)
                {
                    out.push(ViewCommand::SetSlab(view.idx, Some(*mode)).into());
                }
            });
            ui.add_space(6.0);
            egui::Frame::new()
                .inner_margin(egui::Margin::symmetric(8, 0))
                .show(ui, |ui| {
                    thickness_ui((s, view), ui, theme, out);
                });
            menu_separator(ui);
            let keys = keys_of(s, "slab_mode");
            let caps = as_caps(&keys);
            let off = MenuItem::new(t("slab.off"))
                .icon(Icon::X)
                .keys(&caps)
                .selected(slab.is_none());
            if ui.add(off).clicked() {
                out.push(ViewCommand::SetSlab(view.idx, None).into());
            }
        });
    });
}

/// The thickness, with a step down and a step up.
fn thickness_ui(
    (s, view): (&Snapshot, &ViewSnapshot),
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let mut thickness_mm = view.slab.map_or(1.0, |slab| slab.thickness_mm);
    if slider(ui, &mut thickness_mm, [1.0, 100.0], t("slab.thickness")).changed() {
        let whole_mm = thickness_mm.round();
        out.push(ViewCommand::SetSlabThickness(view.idx, whole_mm).into());
    }
    let mm = view.slab.map_or(String::from("–"), |slab| {
        t_args("slab.mm", &[("mm", &format!("{:.1}", slab.thickness_mm))])
    });
    sides(
        ui,
        28.0,
        out,
        |ui, _| {
            text_label(ui, t("slab.thickness"), Kind::LABEL, theme.t2);
        },
        |ui, out| {
            for (icon, key, id, by) in [
                (Icon::Plus, "slab.thicker", "slab_thicker", 1),
                (Icon::Minus, "slab.thinner", "slab_thinner", -1),
            ] {
                let keys = keys_of(s, id);
                if ui
                    .add(IconButton::small(icon, t(key)).keys(&as_caps(&keys)))
                    .clicked()
                {
                    out.push(ViewCommand::StepSlab(view.idx, by).into());
                }
                if 0 < by {
                    text_label(ui, &mm, Kind::MONO, theme.t1);
                }
            }
        },
    );
}
