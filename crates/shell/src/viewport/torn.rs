//! Views with a window of their own, for another monitor.

use egui::{Rect, Ui, UiBuilder, ViewportBuilder, ViewportCommand, ViewportId, vec2};
use session::commands::{Region, ShellAction};
use session::{Snapshot, ViewCommand, ViewSnapshot};
use ui_kit::{Button, Icon, Kind, over_image, t, t_args, text_label};

use super::Viewports;
use super::overlay::plane_words;
pub(super) use super::torn_place::OwnWindows;
use crate::Action;
use crate::focus::has_input;
use crate::input::{TypedOn, take_keys_of, take_typed};

/// Size of a new window, points.
const SIZE: [f32; 2] = [900.0, 900.0];

/// What a key does that is pressed in a view with a window of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TornKeys {
    /// What it does in a view.
    Commands,
    /// Something in the main window waits for it.
    ForMain,
}

impl Viewports {
    /// Draws the views that have windows of their own, each into its window. Their texts are those of the view; no window
    /// title names a patient.
    pub(super) fn torn_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        (keys, out): (TornKeys, &mut Vec<Action>),
    ) {
        self.own_windows.keep_only(&s.torn);
        for idx in &s.torn {
            let Some(view) = s.views.get(idx.0) else {
                continue;
            };
            let title = t_args(
                "view.window_title",
                &[("app", t("app.name")), ("plane", &plane_words(view))],
            );
            let mut builder = ViewportBuilder::default()
                .with_title(title)
                .with_app_id("overread")
                .with_inner_size(SIZE)
                .with_min_inner_size([240.0, 240.0]);
            if let Some(place) = self.own_windows.opened_at(*idx, s) {
                builder = builder
                    .with_position(place.at_points.map(|at| at as f32))
                    .with_inner_size(place.size_points.map(|side| side as f32));
            }
            let id = ViewportId::from_hash_of(("view", idx.0));
            ui.ctx().show_viewport_immediate(id, builder, |ui, _| {
                self.window_ui(s, view, ui, (keys, out));
            });
        }
    }

    fn window_ui(
        &mut self,
        s: &Snapshot,
        view: &ViewSnapshot,
        ui: &mut Ui,
        (keys, out): (TornKeys, &mut Vec<Action>),
    ) {
        let ctx = ui.ctx().clone();
        self.torn_input |= ctx.input(|input| has_input(&input.events));
        let mut asked = Vec::new();
        let typed = match keys {
            // Where windows lie within the main one, its input is theirs, and what waits hears it anyway.
            TornKeys::ForMain if ctx.viewport_id() == ViewportId::ROOT => TypedOn::new(),
            TornKeys::ForMain => take_typed(&ctx),
            TornKeys::Commands => {
                let region = Some(Region::Viewport);
                take_keys_of(&ctx, region, (s, self.selected_mark), &mut asked)
            }
        };
        self.typed.extend(typed);
        for action in asked {
            match action {
                // It fills the monitor that this window is on, not that of the main one.
                Action::Shell(ShellAction::FullScreen) => {
                    let is_full = ctx.input(|i| i.viewport().fullscreen).unwrap_or(false);
                    ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
                }
                other => out.push(other),
            }
        }
        let area = ui.max_rect();
        self.view_ui(s, view, ui, (area, false), out);
        self.hand.words_ui(ui, s, out);
        out.extend(self.own_windows.follow(&ctx, (view.idx, s)));
        if ctx.input(|input| input.viewport().close_requested()) {
            out.push(ViewCommand::ToggleOwnWindow(view.idx).into());
        }
    }
}

/// What stands in the cell of a view that is in a window of its own.
pub(super) fn vacant_ui(view: &ViewSnapshot, ui: &mut Ui, rect: Rect, out: &mut Vec<Action>) {
    ui.painter().rect_filled(rect, 0, egui::Color32::BLACK);
    let middle = Rect::from_center_size(rect.center(), vec2(rect.width() - 16.0, 72.0));
    let layout = egui::Layout::top_down(egui::Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(middle).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.y = 10.0;
        let words = t_args("view.own_window", &[("plane", &plane_words(view))]);
        text_label(ui, &words, Kind::LABEL, over_image::LETTER);
        let back = Button::new(t("view.bring_back"))
            .icon(Icon::ArrowSquareIn)
            .small();
        if ui.add(back).clicked() {
            out.push(ViewCommand::ToggleOwnWindow(view.idx).into());
        }
    });
}
