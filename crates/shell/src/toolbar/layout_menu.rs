//! The menu of the layouts: those with a name, any grid of cells, hanging protocols.

use egui::{Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use session::commands::ShellAction;
use session::{
    Arrangement, LayoutKind, MAX_CELLS_ACROSS, RailGroup, Snapshot, ViewCommand, ViewKind,
};
use ui_kit::{
    Dropdown, Icon, Kind, MenuItem, Theme, menu_heading, menu_separator, t, t_args, text_label,
};

use crate::Action;

/// Width of the menu, points.
const MENU_WIDTH: f32 = 270.0;
/// Size of a cell of the picker, and what is between two, points.
const CELL: egui::Vec2 = vec2(34.0, 22.0);
const CELL_GAP: f32 = 4.0;

/// Which views there are.
pub(super) fn layout_ui(
    s: &Snapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let label = match s.layout {
        LayoutKind::Hung if !compact => s.hanging.in_use.clone(),
        LayoutKind::Hung | LayoutKind::Cells => cells_word(s.arrangement),
        layout if compact => layout_short(layout).to_owned(),
        layout => layout_word(layout, s).to_owned(),
    };
    let has_prior = s
        .rail
        .iter()
        .any(|item| matches!(item.group, RailGroup::Prior(_)));
    Dropdown::new(t("tool.layout"), &label)
        .icon(Icon::SquaresFour)
        .menu_width(MENU_WIDTH)
        .show(ui, |ui| {
            menu_heading(ui, t("tool.layout"));
            for (layout, icon) in [
                (LayoutKind::One, Icon::Square),
                (LayoutKind::OneAndTwo, Icon::Layout),
                (LayoutKind::Mpr, Icon::SquaresFour),
                (LayoutKind::WithPrior, Icon::SquareSplitHorizontal),
            ] {
                let enabled = layout != LayoutKind::WithPrior || has_prior;
                let row = MenuItem::new(layout_word(layout, s))
                    .icon(icon)
                    .selected(s.layout == layout);
                if ui.add_enabled(enabled, row).clicked() {
                    out.push(ViewCommand::SetLayout(layout).into());
                }
            }
            cells_ui(s, ui, theme, out);
            menu_separator(ui);
            protocols_ui(s, ui, out);
            crate::replay::menu_ui(s, ui, out);
        });
}

/// A grid to choose the number of columns and rows by its last cell.
fn cells_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let n = f32::from(MAX_CELLS_ACROSS);
    let size = vec2(
        CELL.x * n + CELL_GAP * (n - 1.0),
        CELL.y * n + CELL_GAP * (n - 1.0),
    );
    let (outer, _) = ui.allocate_exact_size(vec2(MENU_WIDTH - 4.0, size.y + 30.0), Sense::hover());
    let area = Rect::from_min_size(
        pos2(outer.center().x - size.x / 2.0, outer.top() + 6.0),
        size,
    );
    let now = match (s.layout, s.arrangement) {
        (LayoutKind::Cells | LayoutKind::Hung, Arrangement::Grid { columns, rows }) => {
            Some([columns, rows])
        }
        _ => None,
    };
    let mut pointed = None;
    let mut responses = Vec::new();
    for row in 1..=MAX_CELLS_ACROSS {
        for column in 1..=MAX_CELLS_ACROSS {
            let at = vec2(
                f32::from(column - 1) * (CELL.x + CELL_GAP),
                f32::from(row - 1) * (CELL.y + CELL_GAP),
            );
            let rect = Rect::from_min_size(area.min + at, CELL);
            let id = ui.scope_id().with(("cells", column, row));
            let response = ui.interact(rect, id, Sense::click());
            let word = cells_word(Arrangement::grid(column, row));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &word));
            if response.hovered() || response.has_focus() {
                pointed = Some([column, row]);
            }
            if response.clicked() {
                out.push(ViewCommand::Arrange(Arrangement::grid(column, row)).into());
                ui.close();
            }
            responses.push((rect, [column, row]));
        }
    }
    let lit = pointed.or(now);
    for (rect, [column, row]) in responses {
        let is_lit = lit.is_some_and(|[columns, rows]| column <= columns && row <= rows);
        let (fill, edge) = match (is_lit, pointed.is_some()) {
            (true, true) => (theme.ac.gamma_multiply(0.35), theme.ac),
            (true, false) => (theme.bg5, theme.st3),
            (false, _) => (theme.bg3, theme.st2),
        };
        ui.painter()
            .rect(rect, 3, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    }
    let word = match lit {
        Some([columns, rows]) => cells_word(Arrangement::grid(columns, rows)),
        None => t("layout.choose_cells").to_owned(),
    };
    let below = Rect::from_min_max(pos2(area.left(), area.bottom() + 4.0), outer.max);
    ui.scope_builder(egui::UiBuilder::new().max_rect(below), |ui| {
        text_label(ui, &word, Kind::LABEL, theme.t2);
    });
}

/// Hanging protocols: those that fit what is open can be chosen.
fn protocols_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    menu_heading(ui, t("hanging.heading"));
    for item in &s.hanging.items {
        if !item.fits && item.own.is_none() {
            continue;
        }
        let row = MenuItem::new(&item.name)
            .icon(match item.own {
                Some(_) => Icon::PushPin,
                None => Icon::Layout,
            })
            .selected(s.hanging.in_use == item.name);
        if ui.add_enabled(item.fits, row).clicked() {
            out.push(ViewCommand::Hang(item.name.clone()).into());
        }
    }
    let edit = MenuItem::new(t("hanging.edit")).icon(Icon::NotePencil);
    if ui.add_enabled(s.hanging.draft.is_some(), edit).clicked() {
        out.push(Action::Shell(ShellAction::EditHanging));
    }
}

/// `3 × 2`: columns and rows.
fn cells_word(arrangement: Arrangement) -> String {
    match arrangement {
        Arrangement::Grid { columns, rows } => t_args(
            "layout.cells",
            &[
                ("columns", &columns.to_string()),
                ("rows", &rows.to_string()),
            ],
        ),
        Arrangement::OneAndTwo => t("layout.one_and_two").to_owned(),
    }
}

fn layout_word(layout: LayoutKind, s: &Snapshot) -> &'static str {
    let has_light = s.views.iter().any(|view| view.kind == ViewKind::Rendering);
    match layout {
        LayoutKind::One => t("layout.one"),
        LayoutKind::Mpr if has_light => t("layout.mpr3d"),
        LayoutKind::Mpr => t("layout.mpr_mip"),
        LayoutKind::OneAndTwo => t("layout.one_and_two"),
        LayoutKind::WithPrior => t("layout.prior"),
        LayoutKind::Cells | LayoutKind::Hung => t("tool.layout"),
    }
}

fn layout_short(layout: LayoutKind) -> &'static str {
    match layout {
        LayoutKind::One => "1",
        LayoutKind::Mpr => "2×2",
        LayoutKind::OneAndTwo => "1+2",
        LayoutKind::WithPrior => "1+1",
        LayoutKind::Cells | LayoutKind::Hung => "",
    }
}
