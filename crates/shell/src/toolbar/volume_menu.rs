//! What can be done with a picture of the whole volume: how it is lit, from where, and what is cut off.

use egui::{Margin, Ui};
use session::{RenderingPreset, RenderingSnapshot, Snapshot, ViewCommand, ViewKind, ViewSnapshot};
use space::{PatientVector, PlaneFrame};
use ui_kit::{
    Dropdown, Icon, Kind, MenuItem, Segment, Segmented, Theme, menu_heading, menu_separator,
    slider, t, t_args, text_label,
};

use crate::Action;
use crate::bar::sides;
use crate::keys::{as_caps, keys_of};

/// Width of the menu, points.
const MENU_WIDTH: f32 = 270.0;

/// Projection or light, presets, sides, cuts.
pub(super) fn volume_ui(
    s: &Snapshot,
    view: &ViewSnapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let label = match &view.rendering {
        Some(rendering) => preset_word(rendering.preset),
        None => t("volume.mip"),
    };
    let mut dropdown = Dropdown::new(t("plane.volume"), t("plane.volume"))
        .icon(Icon::Cube)
        .menu_width(MENU_WIDTH)
        .keep_open();
    if !compact {
        dropdown = dropdown.value(label);
    }
    dropdown.show(ui, |ui| {
        menu_heading(ui, t("plane.volume"));
        kind_ui(view, ui, out);
        ui.add_space(6.0);
        if let Some(rendering) = &view.rendering {
            for preset in &rendering.fitting {
                let row = MenuItem::new(preset_word(*preset)).selected(rendering.preset == *preset);
                if ui.add(row).clicked() {
                    out.push(ViewCommand::SetRendering(view.idx, *preset).into());
                }
            }
            menu_separator(ui);
            lit_from_ui(view, rendering, ui, theme, out);
            cut_ui(s, view, rendering, ui, theme, out);
            menu_separator(ui);
        }
        sides_ui(view, ui, theme, out);
        let keys = keys_of(s, "cine");
        let caps = as_caps(&keys);
        let turntable = MenuItem::new(t("volume.turntable"))
            .icon(Icon::ArrowsClockwise)
            .keys(&caps)
            .selected(view.cine);
        if ui.add(turntable).clicked() {
            out.push(ViewCommand::ToggleCine(view.idx).into());
        }
    });
}

fn kind_ui(view: &ViewSnapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let kinds = [
        (ViewKind::Mip, t("volume.mip")),
        (ViewKind::Rendering, t("volume.volume")),
    ];
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        let segments = kinds.map(|(_, word)| Segment::new(word));
        let chosen_idx = kinds.iter().position(|(kind, _)| *kind == view.kind);
        let chosen = Segmented::new(t("plane.volume"), &segments, chosen_idx)
            .width(MENU_WIDTH - 16.0)
            .show(ui);
        if let Some((kind, _)) = chosen.and_then(|idx| kinds.get(idx)) {
            out.push(ViewCommand::ShowAs(view.idx, *kind).into());
        }
    });
}

/// From which value on there is light.
fn lit_from_ui(
    view: &ViewSnapshot,
    rendering: &RenderingSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let Some(lit) = rendering.lit_from else {
        return;
    };
    let words = format!("{:.0} {}", lit.value, rendering.unit);
    let mut value = lit.value;
    if value_row_ui(
        t("volume.threshold"),
        words.trim(),
        (&mut value, lit.range),
        ui,
        theme,
    ) {
        out.push(ViewCommand::LightFrom(view.idx, value).into());
    }
}

/// A word, its value, and a slider below them. Was it moved?
fn value_row_ui(
    name: &str,
    words: &str,
    (value, range): (&mut f64, [f64; 2]),
    ui: &mut Ui,
    theme: &Theme,
) -> bool {
    let margin = Margin::symmetric(8, 2);
    let row = egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        let mut unused = ();
        sides(
            ui,
            20.0,
            &mut unused,
            |ui, ()| drop(text_label(ui, name, Kind::LABEL, theme.t2)),
            |ui, ()| drop(text_label(ui, words, Kind::MONO, theme.t1)),
        );
        slider(ui, value, range, name).changed()
    });
    row.inner
}

fn cut_ui(
    s: &Snapshot,
    view: &ViewSnapshot,
    rendering: &RenderingSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    // Not so far that nothing is left.
    const MOST: f64 = 0.98;
    let words = match rendering.cut_share {
        share if 0.0 < share => t_args(
            "volume.cut_percent",
            &[("percent", &format!("{:.0}", share * 100.0))],
        ),
        _ => t("volume.cut_none").to_owned(),
    };
    let mut share = rendering.cut_share;
    if value_row_ui(
        t("volume.cut"),
        &words,
        (&mut share, [0.0, MOST]),
        ui,
        theme,
    ) {
        out.push(ViewCommand::CutTo(view.idx, share).into());
    }
    let here = MenuItem::new(t("volume.cut_here")).icon(Icon::CrosshairSimple);
    if ui.add_enabled(s.cursor.is_some(), here).clicked() {
        out.push(ViewCommand::CutToCrosshair(view.idx).into());
    }
    let whole = MenuItem::new(t("volume.cut_off")).icon(Icon::X);
    if ui.add_enabled(rendering.is_cut, whole).clicked() {
        out.push(ViewCommand::CutNothing(view.idx).into());
    }
}

/// From which side of the patient the picture is seen.
fn sides_ui(view: &ViewSnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    // Letter, direction away from the viewer, up. LPS: +x is the patient's left, +y the back, +z the head.
    const SIDES: [(&str, [f64; 3], [f64; 3]); 6] = [
        ("A", [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]),
        ("P", [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]),
        ("R", [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        ("L", [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        ("S", [0.0, 0.0, -1.0], [0.0, -1.0, 0.0]),
        ("I", [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]),
    ];
    let frames = SIDES.map(|(_, away, up)| PlaneFrame {
        away: PatientVector::from(away),
        up: PatientVector::from(up),
    });
    let shown = view.plane.map(|plane| plane.frame);
    let same = |frame: &PlaneFrame| {
        shown.is_some_and(|shown| {
            0.9999 < shown.away.dot(frame.away) && 0.9999 < shown.up.dot(frame.up)
        })
    };
    egui::Frame::new()
        .inner_margin(Margin::symmetric(8, 0))
        .show(ui, |ui| {
            text_label(ui, t("volume.seen_from"), Kind::LABEL, theme.t2);
            ui.add_space(4.0);
            let segments = SIDES.map(|(letter, ..)| Segment::new(letter));
            let chosen = Segmented::new(
                t("volume.seen_from"),
                &segments,
                frames.iter().position(same),
            )
            .width(MENU_WIDTH - 16.0)
            .show(ui);
            if let Some(frame) = chosen.and_then(|idx| frames.get(idx)) {
                out.push(ViewCommand::LookFrom(view.idx, *frame).into());
            }
        });
    ui.add_space(4.0);
}

/// The name of a preset on the screen.
pub(crate) fn preset_word(preset: RenderingPreset) -> &'static str {
    match preset {
        RenderingPreset::CtBone => t("rendering.ct_bone"),
        RenderingPreset::CtVessels => t("rendering.ct_vessels"),
        RenderingPreset::CtSoftTissue => t("rendering.ct_soft_tissue"),
        RenderingPreset::CtLung => t("rendering.ct_lung"),
        RenderingPreset::Mr => t("rendering.mr"),
    }
}

#[cfg(test)]
mod tests {
    use space::edge_letters;

    use super::*;

    #[test]
    fn seen_from_the_front_the_patients_right_is_on_the_left() {
        for (away, up, left, top) in [
            ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0], "R", "S"),
            ([0.0, -1.0, 0.0], [0.0, 0.0, 1.0], "L", "S"),
            ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0], "P", "S"),
            ([-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], "A", "S"),
            ([0.0, 0.0, 1.0], [0.0, -1.0, 0.0], "R", "A"),
        ] {
            let frame = PlaneFrame {
                away: PatientVector::from(away),
                up: PatientVector::from(up),
            };
            let letters = edge_letters(&frame);
            assert_eq!(
                (letters.left.as_str(), letters.top.as_str()),
                (left, top),
                "{away:?}"
            );
        }
    }
}
