use egui::{CursorIcon, Frame, Margin, ScrollArea, Sense, Stroke, Ui, vec2};
use session::{ChecklistSnapshot, ReadCommand, RegionSnapshot, Reviewed, Snapshot, ViewCommand};
use ui_kit::{
    Icon, IconWeight, Kind, Theme, check_box, hyperlink_word, icon_label, size, t, t_args,
    text_label, with_tip,
};

use crate::Action;
use crate::bar::{focus_ring, sides};

/// Height of the list at most, points; in short windows it is scrolled.
const MAX_LIST: f32 = 200.0;
const MAX_LIST_COMPACT: f32 = 120.0;
/// Height of a row of the list and of the head, points.
const ROW: f32 = 24.0;
const HEAD: f32 = 18.0;

/// The checklist of anatomic regions: a line that says how far it is, and the regions while it is unfolded.
pub(super) fn checklist_ui(
    (s, list): (&Snapshot, &ChecklistSnapshot),
    compact: bool,
    is_unfolded: &mut bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let frame = Frame::new().inner_margin(Margin::symmetric(12, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        head_ui(list, is_unfolded, ui, theme);
        if !*is_unfolded {
            return;
        }
        ui.add_space(4.0);
        let max_height = if compact { MAX_LIST_COMPACT } else { MAX_LIST };
        ScrollArea::vertical()
            .id_salt("checklist")
            .max_height(max_height)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for region in &list.regions {
                    region_ui(s, region, ui, theme, out);
                }
            });
    });
    let rect = shown.response.rect;
    let line = Stroke::new(1.0, theme.st1);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

/// The line that folds and unfolds the list.
fn head_ui(list: &ChecklistSnapshot, is_unfolded: &mut bool, ui: &mut Ui, theme: &Theme) {
    let (n, total) = (list.n_reviewed(), list.regions.len());
    let (n_words, total_words) = (n.to_string(), total.to_string());
    let count = t_args(
        "reading.before_seal.count",
        &[("n", &n_words), ("total", &total_words)],
    );
    let icon = match *is_unfolded {
        true => Icon::CaretDown,
        false => Icon::CaretRight,
    };
    let row = ui.scope(|ui| {
        sides(
            ui,
            HEAD,
            &mut (),
            |ui, ()| {
                ui.spacing_mut().item_spacing.x = 6.0;
                icon_label(ui, icon, IconWeight::Regular, size::ICON_INLINE, theme.t2);
                text_label(ui, t("checklist.title"), Kind::LABEL.medium(), theme.t1);
                text_label(ui, &list.name, Kind::LABEL, theme.t3);
            },
            |ui, ()| {
                text_label(ui, &count, Kind::MONO_SMALL, theme.t3);
            },
        );
    });
    let id = ui.scope_id().with("head of the checklist");
    let response = ui
        .interact(row.response.rect, id, Sense::click())
        .on_hover_cursor(CursorIcon::PointingHand);
    let name = format!("{} {count}", t("checklist.title"));
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, *is_unfolded, &name)
    });
    focus_ring(ui, &response, 4);
    if response.clicked() {
        *is_unfolded = !*is_unfolded;
    }
}

/// A region with its box, and at the right the window that it is read in.
fn region_ui(
    s: &Snapshot,
    region: &RegionSnapshot,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    sides(
        ui,
        ROW,
        out,
        |ui, out| {
            let mut is_reviewed = region.reviewed == Reviewed::Yes;
            if check_box(ui, &mut is_reviewed, &region.name).changed() {
                let reviewed = match is_reviewed {
                    true => Reviewed::Yes,
                    false => Reviewed::No,
                };
                out.push(ReadCommand::ReviewRegion(region.name.clone(), reviewed).into());
            }
        },
        |ui, out| {
            let Some((digit, name)) = region.window else {
                return;
            };
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let is_on = s
                .views
                .get(s.active.0)
                .is_some_and(|view| view.preset_name == name);
            if is_on {
                text_label(ui, name, Kind::LABEL, theme.t3);
                return;
            }
            let word = with_tip(
                hyperlink_word(ui, name, Kind::LABEL),
                t("checklist.window"),
                &[&digit.to_string()],
            );
            if word.clicked() {
                out.push(ViewCommand::Preset(s.active, digit).into());
            }
        },
    );
}
