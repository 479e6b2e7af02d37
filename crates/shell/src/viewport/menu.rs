use egui::Response;
use session::{
    Command, Copied, Interpolation, LookUpCommand, ReadCommand, Snapshot, Tool, ViewCommand,
    ViewSnapshot, has_chart,
};
use ui_kit::{Icon, MenuItem, menu_heading, menu_separator, t, t_args};

use super::hand::{Hand, may_mark};
use super::place::Readout;
use crate::keys::{is_enabled, keys_of};
use crate::{Action, UiAction};

/// The menu of a view: what can be done at the place that was pressed.
pub(crate) fn menu_ui(
    response: &Response,
    s: &Snapshot,
    view: &ViewSnapshot,
    hand: &mut Hand,
    out: &mut Vec<Action>,
) {
    let asked = hand.menu_at.filter(|(idx, ..)| *idx == view.idx);
    response.context_menu(|ui| {
        ui.set_width(248.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some((_, place, on_mark)) = asked else {
            return;
        };
        let readout = Readout::at(view, place);
        let here: Vec<&str> = [readout.place.as_str(), &readout.value]
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect();
        let here = here.join(", ");
        if !here.is_empty() {
            menu_heading(ui, &t_args("menu.here", &[("position", &here)]));
        }
        let row = |ui: &mut egui::Ui, enabled: bool, key: &str, icon: Icon, command: &str| {
            let keys = keys_of(s, command);
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            ui.add_enabled(enabled, MenuItem::new(t(key)).icon(icon).keys(&keys))
                .clicked()
        };
        let on_plane = !view.kind.is_projection();
        let edits = may_mark(s) && on_plane;
        if row(
            ui,
            edits,
            "menu.new_finding",
            Icon::PlusCircle,
            "new_finding",
        ) {
            out.push(ViewCommand::SetCursor(view.idx, place).into());
            out.push(ReadCommand::NewFindingHere.into());
        }
        if row(
            ui,
            edits && s.selected_finding.is_some(),
            "menu.key_image",
            Icon::ImageSquare,
            "key_image",
        ) {
            out.push(ReadCommand::TakeKeyImage.into());
        }
        if row(ui, on_plane, "menu.centre", Icon::CrosshairSimple, "") {
            out.push(ViewCommand::SetCursor(view.idx, place).into());
        }
        if row(ui, edits, "menu.measure", Icon::Ruler, "tool_length") {
            out.push(ViewCommand::SetTool(Tool::Length).into());
        }
        let charted = on_mark
            .and_then(|hit| view.marks.iter().find(|m| m.annotation.id == hit.id))
            .filter(|mark| has_chart(&mark.annotation.geometry));
        if row(ui, charted.is_some(), "menu.chart", Icon::ChartBar, "")
            && let Some(mark) = charted
        {
            out.push(ViewCommand::ShowChart(Some(mark.annotation.id)).into());
        }
        let region = on_mark
            .and_then(|hit| view.marks.iter().find(|m| m.annotation.id == hit.id))
            .filter(|mark| mark.annotation.geometry.region().is_some());
        if row(
            ui,
            region.is_some(),
            "menu.window_of_mark",
            Icon::SunDim,
            "",
        ) && let Some(mark) = region
        {
            out.push(ViewCommand::WindowOfMark(view.idx, mark.annotation.id).into());
        }
        let loose = on_mark.and_then(|hit| {
            let marks = &s.case.as_ref()?.loose_marks;
            marks.iter().find(|m| m.id == hit.id && m.may_be_finding)
        });
        if row(
            ui,
            edits && loose.is_some(),
            "menu.make_finding",
            Icon::PlusCircle,
            "",
        ) && let Some(mark) = loose
        {
            out.push(ReadCommand::MakeFindingOf(mark.id).into());
        }
        let may_copy = edits && is_enabled("copy_to_prior", s) && on_mark.is_some();
        if row(ui, may_copy, "menu.copy_to_prior", Icon::Copy, "")
            && let Some(hit) = on_mark
        {
            out.push(ReadCommand::CopyToPrior(Copied::Mark(hit.id)).into());
        }
        menu_separator(ui);
        if row(ui, true, "tool.reset", Icon::ArrowCounterClockwise, "reset") {
            out.push(ViewCommand::Reset(view.idx).into());
        }
        if row(ui, true, "tool.invert", Icon::SelectionInverse, "invert") {
            out.push(ViewCommand::Invert(view.idx).into());
        }
        let (word, next) = match view.interpolation {
            Interpolation::Nearest => ("interpolation.nearest", Interpolation::Linear),
            Interpolation::Linear => ("interpolation.linear", Interpolation::Cubic),
            Interpolation::Cubic => ("interpolation.cubic", Interpolation::Nearest),
        };
        let between = MenuItem::new(t("menu.interpolation"))
            .icon(Icon::SquaresFour)
            .value(t(word));
        if ui.add(between).clicked() {
            out.push(ViewCommand::SetInterpolation(next).into());
        }
        if row(
            ui,
            true,
            "menu.own_window",
            Icon::ArrowSquareOut,
            "own_window",
        ) {
            out.push(ViewCommand::ToggleOwnWindow(view.idx).into());
        }
        if row(ui, true, "menu.attributes", Icon::Table, "attributes") {
            let asked = LookUpCommand::Attributes {
                view: view.idx,
                beside: None,
            };
            out.push(Command::LookUp(asked).into());
        }
        menu_separator(ui);
        if row(
            ui,
            !readout.place.is_empty(),
            "menu.copy_position",
            Icon::Copy,
            "",
        ) {
            out.push(UiAction::CopyText(here.clone()).into());
        }
        if row(
            ui,
            may_mark(s) && on_mark.is_some(),
            "menu.delete_mark",
            Icon::Trash,
            "delete",
        ) && let Some(hit) = on_mark
        {
            out.push(ReadCommand::RemoveMark(hit.id).into());
        }
    });
}
