//! Tools of the left button, window, slab and layout, and what acts on the active view.

mod cine_menu;
mod layout_menu;
mod link_menu;
mod measure_menu;
mod menus;
mod volume_menu;
mod window_more;

pub(crate) use cine_menu::rate_words;
pub(crate) use volume_menu::preset_word;
pub(crate) use window_more::colours_word;

use egui::{Stroke, Ui, vec2};
use session::{Command, Held, MouseAction, MouseGesture, Snapshot, Tool, ViewSnapshot};
use ui_kit::{Button, Icon, IconButton, IconWeight, Kind, Theme, icon_label, size, t, text_label};

use crate::bar::{separator, sides_in};
use crate::keys::{as_caps, command, icon_of, is_enabled, keys_of, run};
use crate::metrics::is_compact;
use crate::third_read::{marks_ui, sign_ui};
use crate::{Action, main_action};

/// Tools that look, and tools that mark, with their commands and words.
const TOOLS: [&[(&str, &str, Tool)]; 2] = [
    &[
        ("tool_window", "tool.window", Tool::Window),
        ("tool_pan", "tool.pan", Tool::Pan),
        ("tool_zoom", "tool.zoom", Tool::Zoom),
        ("tool_scroll", "tool.scroll", Tool::Scroll),
        ("tool_crosshair", "tool.crosshair", Tool::Crosshair),
    ],
    &[
        ("tool_length", "tool.length", Tool::Length),
        ("tool_angle", "tool.angle", Tool::Angle),
        (
            "tool_bidirectional",
            "tool.bidirectional",
            Tool::Bidirectional,
        ),
        ("tool_ellipse", "tool.ellipse", Tool::Ellipse),
        ("tool_arrow", "tool.arrow", Tool::Arrow),
        ("tool_probe", "tool.probe", Tool::Probe),
    ],
];

/// Further tools that mark, in the menu of measuring.
const MORE_TOOLS: &[(&str, &str, Tool)] = &[
    ("tool_polyline", "tool.polyline", Tool::Polyline),
    ("tool_open_angle", "tool.open_angle", Tool::OpenAngle),
    ("tool_cobb_angle", "tool.cobb_angle", Tool::CobbAngle),
    (
        "tool_cardiothoracic",
        "tool.cardiothoracic",
        Tool::CardiothoracicRatio,
    ),
    ("tool_rectangle", "tool.rectangle", Tool::Rectangle),
    ("tool_polygon", "tool.polygon", Tool::Polygon),
    ("tool_freehand", "tool.freehand", Tool::Freehand),
    ("tool_grown_body", "tool.grown_body", Tool::GrownBody),
    ("tool_contour_body", "tool.contour_body", Tool::ContourBody),
    ("tool_text", "tool.text", Tool::Text),
    ("tool_spine", "tool.spine", Tool::SpineLabel),
    ("tool_calibration", "tool.calibration", Tool::Calibration),
    ("tool_magnifier", "tool.magnifier", Tool::Magnifier),
];

/// The toolbar of the reading room.
pub(crate) fn toolbar_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let rect = ui.max_rect();
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let compact = is_compact(rect);
    let inner = rect.shrink2(vec2(8.0, 0.0));
    sides_in(
        ui,
        inner,
        out,
        |ui, out| tools_ui(s, compact, ui, theme, out),
        |ui, out| {
            if compact {
                folded_case_ui(s, ui, theme, out);
                marks_ui(s, ui, out);
            } else if crate::third_read::is_open(s) {
                marks_ui(s, ui, out);
            } else {
                mouse_ui(s, ui, theme)
            }
        },
    );
}

fn tools_ui(s: &Snapshot, compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 2.0;
    for group in TOOLS {
        for (id, key, tool) in group {
            let Some(icon) = command(id).and_then(icon_of) else {
                continue;
            };
            let keys = keys_of(s, id);
            let caps = as_caps(&keys);
            let button = IconButton::tool(icon, t(key))
                .keys(&caps)
                .selected(s.tool == *tool);
            if ui.add_enabled(is_enabled(id, s), button).clicked() {
                run(id, s, out);
            }
        }
        if group.iter().any(|(.., tool)| *tool == Tool::Length) {
            measure_menu::measure_menu_ui(s, ui, out);
        }
        separator(ui, theme, 6.0);
    }
    ui.spacing_mut().item_spacing.x = 8.0;
    if s.tool == Tool::SpineLabel {
        measure_menu::spine_ui(s, ui, out);
    }
    if let Some(view) = active_view(s) {
        // A rendering is lit by presets of its own; windows of planes mean nothing to it.
        if view.rendering.is_none() {
            menus::window_ui(s, view, compact, ui, out);
        }
        if view.kind.is_projection() {
            volume_menu::volume_ui(s, view, compact, ui, theme, out);
        } else {
            menus::slab_ui((s, view), compact, ui, theme, out);
        }
    }
    if !s.views.is_empty() {
        layout_menu::layout_ui(s, compact, ui, theme, out);
        // On a small window the marks of both reads stand here; the key and the palette link views as well.
        if !(compact && crate::third_read::is_open(s)) {
            link_menu::link_ui(s, ui, out);
        }
    }
    ui.spacing_mut().item_spacing.x = 2.0;
    separator(ui, theme, 6.0);
    view_buttons_ui(s, ui, out);
    if let Some(view) = active_view(s) {
        cine_menu::cine_ui((s, view), ui, out);
    }
    separator(ui, theme, 6.0);
    history_ui(s, ui, out);
}

/// The active view, once it shows something.
fn active_view(s: &Snapshot) -> Option<&ViewSnapshot> {
    s.views
        .iter()
        .find(|view| view.idx == s.active && view.key.is_some())
}

fn view_buttons_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let view = active_view(s);
    let is_running = view.is_some_and(|view| view.cine);
    let (cine_icon, cine_key) = if is_running {
        (Icon::Pause, "tool.cine_stop")
    } else {
        (Icon::Play, "tool.cine")
    };
    let is_inverted = view
        .and_then(|view| view.presentation.as_ref())
        .is_some_and(|p| p.invert == volume::Invert::Yes);
    for (id, icon, key, on) in [
        ("cine", cine_icon, cine_key, Some(is_running)),
        (
            "invert",
            Icon::SelectionInverse,
            "tool.invert",
            Some(is_inverted),
        ),
        ("reset", Icon::ArrowCounterClockwise, "tool.reset", None),
    ] {
        let keys = keys_of(s, id);
        let caps = as_caps(&keys);
        let button = IconButton::tool(icon, t(key)).keys(&caps);
        let button = match on {
            Some(on) => button.selected(on),
            None => button,
        };
        if ui.add_enabled(is_enabled(id, s), button).clicked() {
            run(id, s, out);
        }
    }
}

fn history_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    for (id, icon, key, what) in [
        ("undo", Icon::ArrowUUpLeft, "tool.undo", Command::Undo),
        ("redo", Icon::ArrowUUpRight, "tool.redo", Command::Redo),
    ] {
        let keys = keys_of(s, id);
        let caps = as_caps(&keys);
        if ui
            .add_enabled(
                is_enabled(id, s),
                IconButton::tool(icon, t(key)).keys(&caps),
            )
            .clicked()
        {
            out.push(what.into());
        }
    }
}

/// What the mouse does now.
fn mouse_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme) {
    ui.spacing_mut().item_spacing.x = 5.0;
    let left = TOOLS
        .into_iter()
        .flatten()
        .chain(MORE_TOOLS)
        .find(|(.., tool)| *tool == s.tool)
        .map_or("tool.window", |(_, key, _)| *key);
    let left = if s.tool == Tool::Window {
        "reading.mouse.window"
    } else {
        left
    };
    let parts = [
        (Icon::MouseScroll, MouseGesture::Wheel),
        (Icon::MouseRightClick, MouseGesture::RightDrag),
        (Icon::MouseMiddleClick, MouseGesture::MiddleDrag),
        (Icon::MouseLeftClick, MouseGesture::LeftDrag),
    ];
    let meanings = parts.into_iter().filter_map(|(icon, gesture)| {
        let words = match s.bindings.mouse(gesture, Held::default()) {
            MouseAction::ActiveTool => t(left),
            MouseAction::Window => t("reading.mouse.window"),
            MouseAction::Pan => t("reading.mouse.pan"),
            MouseAction::Zoom => t("reading.mouse.zoom"),
            MouseAction::Scroll => t("reading.mouse.slice"),
            other => crate::shortcuts::action_words(other),
        };
        (!words.is_empty()).then_some((icon, words))
    });
    for (part_idx, (icon, words)) in meanings.enumerate() {
        if 0 < part_idx {
            text_label(ui, "·", Kind::LABEL, theme.t3);
        }
        text_label(ui, words, Kind::LABEL, theme.t2);
        icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t2);
    }
}

/// Where the case bar is folded away: who it is, and the main action.
fn folded_case_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    if let Some(third) = crate::third_read::third(s) {
        sign_ui(third, ui, out);
    }
    if let Some(main) = main_action::of_case(s)
        && ui
            .add(
                Button::primary(main.short)
                    .icon(main.icon)
                    .small()
                    .tip(main.label, &["Ctrl", "Enter"]),
            )
            .clicked()
    {
        out.push(main.action);
    }
    let Some(study) = &s.study else { return };
    separator(ui, theme, 2.0);
    text_label(ui, &study.age_sex, Kind::LABEL, theme.t2);
    // A third reader knows the case by its number.
    let third = s.case.as_ref().filter(|case| case.third.is_some());
    let name = match third {
        Some(case) => case.id.to_string(),
        None => short_name(&study.patient_name),
    };
    text_label(ui, &name, Kind::LABEL.semibold(), theme.t1);
}

/// `Hartley, R.` from `Hartley, Rowan`.
fn short_name(name: &str) -> String {
    match name.split_once(", ") {
        Some((family, given)) => match given.chars().next() {
            Some(first) => format!("{family}, {first}."),
            None => family.to_owned(),
        },
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_keeps_the_family() {
        for (name, expected) in [
            ("Hartley, Rowan", "Hartley, R."),
            ("ANON", "ANON"),
            ("", ""),
        ] {
            assert_eq!(short_name(name), expected);
        }
    }

    #[test]
    fn every_tool_of_the_bar_is_a_command() {
        for (id, ..) in TOOLS.into_iter().flatten().chain(MORE_TOOLS) {
            assert!(command(id).is_some(), "{id}");
        }
    }
}
