//! The comparison: both reads statement by statement, what differs, how much it matters, and the signature under it.

mod agree;
mod amended;
mod columns;
mod form;
mod head;
mod metrics;
mod pictures;
mod row;
mod rows;
mod summary;

use egui::{Align, Layout, Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use session::Snapshot;
use ui_kit::{Kind, Theme, size, t, text_label};

use crate::Action;
use crate::learning::PeerCard;
use crate::metrics::is_compact;
use crate::verdict::{NoteField, save_and_next};

pub(crate) use agree::AgreeQuestion;

/// Height of the strip of figures, points.
const STRIP: f32 = 64.0;

/// The screen, with what only the window knows.
#[derive(Default)]
pub(crate) struct ComparePanel {
    rows: rows::Rows,
    note: NoteField,
    peer: PeerCard,
    summary: summary::Summary,
    pictures: pictures::Pictures,
}

impl ComparePanel {
    /// What Ctrl+Enter does here: save and next.
    pub(crate) fn main_action(&mut self, s: &Snapshot, out: &mut Vec<Action>) {
        self.note.flush(out);
        self.summary.flush(out);
        save_and_next(s, out);
    }

    /// Draws the screen over the whole of `ui`.
    pub(crate) fn compare_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let whole = ui.max_rect();
        let Some((case, comparison)) = s
            .case
            .as_deref()
            .and_then(|case| Some((case, case.comparison.as_ref()?)))
        else {
            let builder = UiBuilder::new()
                .max_rect(whole)
                .layout(Layout::centered_and_justified(egui::Direction::TopDown));
            let text = t("compare.none");
            text_label(&mut ui.new_child(builder), text, Kind::BODY, theme.t3);
            return;
        };
        self.note.follow(s, out);
        self.summary.follow(s, out);
        let compact = is_compact(ui.ctx().content_rect());
        let (head, below) = whole.split_top_bottom_at_y(whole.top() + size::BAR);
        let (strip, body) = below.split_top_bottom_at_y(below.top() + STRIP);
        for bar in [head, strip] {
            ui.painter().rect_filled(bar, 0, theme.bg2);
            let line = Stroke::new(1.0, theme.st1);
            ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, line);
        }
        part_ui(ui, head, "head", |ui| {
            head::head_ui(s, case, comparison, ui, theme, out)
        });
        part_ui(ui, strip, "figures", |ui| {
            metrics::metrics_ui(comparison, ui, theme, out)
        });
        let form_width = if compact { 400.0 } else { 500.0 };
        let (left, form) = body.split_left_right_at_x(body.right() - form_width);
        ui.painter().rect_filled(form, 0, theme.bg2);
        let line = Stroke::new(1.0, theme.st1);
        ui.painter().vline(form.left() + 0.5, form.y_range(), line);
        self.left_ui(s, left, ui, theme, out);
        part_ui(ui, form, "form", |ui| {
            form::form_ui(
                (&mut self.note, &mut self.pictures, &mut self.peer),
                s,
                ui,
                theme,
                out,
            )
        });
    }

    fn left_ui(
        &mut self,
        s: &Snapshot,
        left: Rect,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let compact = is_compact(ui.ctx().content_rect());
        let keys_height = if compact { 0.0 } else { 36.0 };
        let keys = Rect::from_min_max(pos2(left.left(), left.bottom() - keys_height), left.max);
        let summary_height = self.summary.height(left.width() - 32.0, compact);
        let summary_bottom = keys.top() - 12.0;
        let summary = Rect::from_min_max(
            pos2(left.left() + 16.0, summary_bottom - summary_height),
            pos2(left.right() - 16.0, summary_bottom),
        );
        let rows = Rect::from_min_max(left.min, pos2(left.right(), summary.top() - 10.0));
        part_ui(ui, rows, "rows", |ui| self.rows.rows_ui(s, ui, theme, out));
        part_ui(ui, summary, "summary", |ui| {
            self.summary.summary_ui(s, ui, theme, out)
        });
        if 0.0 < keys.height() {
            let line = Stroke::new(1.0, theme.st1);
            ui.painter().hline(keys.x_range(), keys.top() + 0.5, line);
            part_ui(ui, keys.shrink2(vec2(16.0, 0.0)), "keys", |ui| {
                columns::keys_ui(ui, theme)
            });
        }
    }
}

/// Draws into a part of the screen and clips to it.
fn part_ui<R>(ui: &mut Ui, rect: Rect, salt: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new()
        .id_salt(salt)
        .max_rect(rect)
        .layout(Layout::top_down(Align::Min));
    let mut child = ui.new_child(builder);
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    add(&mut child)
}
