use egui::{
    Align2, Color32, CursorIcon, Key, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{PathLine, ReplayCommand, ReplaySnapshot, Shading, Snapshot};
use ui_kit::{Icon, IconButton, Kind, Segment, Segmented, Theme, space, t, t_args, text_label};

use super::mark::state_word;
use super::{AXIS, HEAD, MAX_ROWS, NAME, SERIES, ask, clock, lane_word, line_height, n_rows, now};
use crate::Action;
use crate::bar::{focus_ring, sides_in};

/// Width of the names before the rows, points.
const NAMES: f32 = 132.0;
/// Steps of the axis, s.
const STEPS_S: [u64; 11] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/// Distance between two strokes of a pause, points.
const HATCH: f32 = 5.0;
/// How fast it goes on, times as fast as it was; 0 stands.
const SPEEDS: [u32; 4] = [0, 1, 4, 16];

/// The paths on one axis of time, with what moves along it.
pub(crate) fn timeline_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let Some(replay) = &s.replay else { return };
    let whole = ui.max_rect();
    let line = Stroke::new(1.0, theme.st2);
    ui.painter().hline(whole.x_range(), whole.top() + 0.5, line);
    let head = Rect::from_min_size(whole.min, vec2(whole.width(), HEAD));
    head_ui(replay, head, ui, theme, out);
    let end_ms = replay.lines.iter().map(|line| line.end_ms).max();
    let tracks = Rangef::new(whole.left() + NAMES, whole.right() - space::PANEL);
    let axis = Axis {
        tracks,
        end_ms: end_ms.unwrap_or(0).max(1000),
    };
    let mut top = head.bottom();
    for (idx, line) in replay.lines.iter().enumerate() {
        let height = line_height(line);
        let rect = Rect::from_min_size(pos2(whole.left(), top), vec2(whole.width(), height));
        line_ui((replay, idx, line), &axis, rect, (ui, theme), out);
        top = rect.bottom();
    }
    axis.paint(ui.painter(), Rangef::new(top, top + AXIS), theme);
}

/// Where times lie.
struct Axis {
    tracks: Rangef,
    end_ms: u64,
}

impl Axis {
    fn x(&self, ms: u64) -> f32 {
        let share = ms as f64 / self.end_ms as f64;
        self.tracks.min + self.tracks.span() * share as f32
    }

    fn ms(&self, x: f32) -> u64 {
        let share = ((x - self.tracks.min) / self.tracks.span().max(1.0)).clamp(0.0, 1.0);
        (f64::from(share) * self.end_ms as f64).round() as u64
    }

    fn paint(&self, painter: &Painter, y: Rangef, theme: &Theme) {
        let n_most = (self.tracks.span() / 70.0).max(1.0) as u64;
        let fits = |step: &&u64| self.end_ms / (**step * 1000) <= n_most;
        let step_s = STEPS_S.iter().find(fits).copied().unwrap_or(7200);
        let mut ms = 0;
        while ms <= self.end_ms {
            let x = self.x(ms);
            painter.vline(
                x,
                Rangef::new(y.min, y.min + 4.0),
                Stroke::new(1.0, theme.st3),
            );
            let (at, anchor) = (pos2(x, y.min + 5.0), Align2::CENTER_TOP);
            painter.text(at, anchor, clock(ms), Kind::MONO_SMALL.font_id(), theme.t3);
            ms += step_s * 1000;
        }
    }
}

fn head_ui(replay: &ReplaySnapshot, rect: Rect, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let inner = rect.shrink2(vec2(space::PANEL, 4.0));
    sides_in(
        ui,
        inner,
        out,
        |ui, out| moves_ui(replay, ui, theme, out),
        |ui, out| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let close = IconButton::small(Icon::X, t("command.replay_close")).keys(&["Esc"]);
            if ui.add(close).clicked() {
                out.push(ask(ReplayCommand::Close));
            }
            let first = IconButton::small(Icon::Eye, t("command.replay_first_look"));
            if ui.add(first).clicked() {
                out.push(ask(ReplayCommand::FirstLook));
            }
            text_label(ui, &look_words(replay), Kind::CAPTION, theme.t2);
        },
    );
}

fn moves_ui(replay: &ReplaySnapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 6.0;
    for (icon, name, by) in [
        (Icon::CaretLeft, t("command.replay_previous"), -1),
        (Icon::CaretRight, t("command.replay_next"), 1),
    ] {
        if ui.add(IconButton::small(icon, name)).clicked() {
            out.push(ask(ReplayCommand::Step(by)));
        }
    }
    let names = [t("replay.stand"), "1×", "4×", "16×"].map(Segment::from);
    let chosen_idx = SPEEDS.iter().position(|speed| *speed == replay.at.speed);
    let speeds = Segmented::new(t("replay.speed"), &names, chosen_idx);
    if let Some(speed) = speeds.show(ui).and_then(|idx| SPEEDS.get(idx)) {
        out.push(ask(ReplayCommand::Play(*speed)));
    }
    let end_ms = now(replay).map_or(0, |line| line.end_ms);
    let time = format!("{} / {}", clock(replay.at.at_ms), clock(end_ms));
    text_label(ui, &time, Kind::MONO, theme.t1);
    if let Some(state) = state_word(replay) {
        text_label(ui, state, Kind::CAPTION, theme.warn.ink);
    }
}

/// How the selected row was on the screen, and that this is not how it was looked at.
fn look_words(replay: &ReplaySnapshot) -> String {
    let Some(look) = replay.look else {
        return t("replay.not_looked_at").to_owned();
    };
    match look.first_ms {
        None => t("replay.never").to_owned(),
        Some(first_ms) => {
            let seconds = format!("{:.1}", look.on_screen_ms as f64 / 1000.0);
            let args = [("time", clock(first_ms)), ("s", seconds)];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            t_args("replay.look", &args)
        }
    }
}

fn line_ui(
    (replay, idx, line): (&ReplaySnapshot, usize, &PathLine),
    axis: &Axis,
    rect: Rect,
    (ui, theme): (&mut Ui, &Theme),
    out: &mut Vec<Action>,
) {
    let rows = Rect::from_min_size(
        pos2(axis.tracks.min, rect.top() + NAME),
        vec2(axis.tracks.span(), SERIES * n_rows(line) as f32),
    );
    let names = Rect::from_min_max(rect.min, pos2(axis.tracks.min - 6.0, rect.bottom()));
    names_ui(line, idx == replay.at.lane_idx, names, ui, theme);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rows, 2, theme.bg1);
    for (row_idx, series) in line.series.iter().enumerate() {
        let color = series_color(replay, &series.series_instance_uid, theme);
        let y = rows.top() + SERIES * row_idx.min(MAX_ROWS - 1) as f32;
        for stretch in &series.stretches {
            let height = match stretch.shading {
                Shading::InUse => SERIES - 3.0,
                Shading::Beside => 3.0,
            };
            let (from, to) = (axis.x(stretch.from_ms), axis.x(stretch.to_ms));
            let bar = Rect::from_min_max(
                pos2(from, y + (SERIES - height) / 2.0),
                pos2(to.max(from + 1.0), y + (SERIES + height) / 2.0),
            );
            painter.rect_filled(bar, 0, color);
        }
    }
    let above = Rangef::new(rows.top() - 6.0, rows.top());
    for [from_ms, to_ms] in &line.pauses {
        let pause = Rangef::new(axis.x(*from_ms), axis.x(*to_ms));
        hatch(
            &painter,
            Rect::from_x_y_ranges(pause, rows.y_range()),
            theme,
        );
    }
    for ms in &line.marks_ms {
        painter.vline(axis.x(*ms), above, Stroke::new(2.0, theme.t1));
    }
    let bounds = line.bounds_ms.iter().chain(line.sittings_ms.iter().skip(1));
    for ms in bounds {
        let bound = Stroke::new(1.0, theme.t2);
        painter.vline(axis.x(*ms), rect.y_range(), bound);
    }
    let response = track(ui, idx, line, replay, rows);
    if idx == replay.at.lane_idx {
        let cursor = Stroke::new(2.0, theme.warn.ink);
        painter.vline(axis.x(replay.at.at_ms), rect.y_range(), cursor);
    }
    focus_ring(ui, &response, 2);
    let pressed = response.is_pointer_button_down_on() || response.clicked();
    if let Some(at) = response.interact_pointer_pos().filter(|_| pressed) {
        out.push(ask(ReplayCommand::GoTo(
            idx,
            axis.ms(at.x).min(line.end_ms),
        )));
    }
    if response.has_focus() {
        let steps = ui.input(|i| {
            i.num_presses(Key::ArrowRight) as i32 - i.num_presses(Key::ArrowLeft) as i32
        });
        if steps != 0 {
            out.push(ask(ReplayCommand::Step(steps.signum())));
        }
    }
}

/// Where a press or a drag goes to a time.
fn track(ui: &Ui, idx: usize, line: &PathLine, replay: &ReplaySnapshot, rows: Rect) -> Response {
    let id = ui.make_persistent_id(("reading path", idx));
    let response = ui
        .interact(rows, id, Sense::click_and_drag())
        .on_hover_cursor(CursorIcon::ResizeHorizontal);
    let at_ms = replay.at.at_ms as f64;
    response.widget_info(|| {
        let name = t_args("replay.track", &[("who", lane_word(line.of))]);
        let mut info = WidgetInfo::labeled(Role::Slider, true, &name);
        info.value = Some(at_ms / 1000.0);
        info
    });
    response
}

fn names_ui(line: &PathLine, is_shown: bool, rect: Rect, ui: &mut Ui, theme: &Theme) {
    let inner = Rect::from_min_max(pos2(rect.left() + space::PANEL, rect.top()), rect.max);
    let mut child = ui.new_child(UiBuilder::new().id_salt(("names", line.of)).max_rect(inner));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing.y = 0.0;
    let ink = if is_shown { theme.warn.ink } else { theme.t1 };
    let word = match line.is_cut {
        true => t_args("replay.cut", &[("who", lane_word(line.of))]),
        false => lane_word(line.of).to_owned(),
    };
    text_label(&mut child, &word, Kind::HINT, ink);
    for (idx, series) in line.series.iter().take(MAX_ROWS).enumerate() {
        let title = match (
            series.title.is_empty(),
            idx + 1 == MAX_ROWS && MAX_ROWS < line.series.len(),
        ) {
            (_, true) => t("replay.others"),
            (true, false) => t("replay.series_not_open"),
            (false, false) => series.title.as_str(),
        };
        let at = pos2(inner.left(), rect.top() + NAME + SERIES * idx as f32);
        let row = Rect::from_min_size(at, vec2(inner.width(), SERIES));
        let mut label = child.new_child(UiBuilder::new().id_salt(idx).max_rect(row));
        text_label(&mut label, title, Kind::HINT, theme.t3);
    }
}

/// The same series has the same colour on all paths.
fn series_color(replay: &ReplaySnapshot, uid: &str, theme: &Theme) -> Color32 {
    let colors = [
        theme.ac,
        theme.ok,
        theme.rb.ink,
        theme.r1.ink,
        theme.ra.ink,
        theme.t2,
    ];
    let mut known: Vec<&str> = Vec::new();
    for series in replay.lines.iter().flat_map(|line| &line.series) {
        if !known.contains(&series.series_instance_uid.as_str()) {
            known.push(&series.series_instance_uid);
        }
    }
    let idx = known.iter().position(|other| *other == uid).unwrap_or(0);
    colors.get(idx % colors.len()).copied().unwrap_or(theme.ac)
}

/// The reader was away.
fn hatch(painter: &Painter, rect: Rect, theme: &Theme) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    painter.rect_filled(rect, 0, theme.bg1.gamma_multiply(0.7));
    let stroke = Stroke::new(1.0, theme.t3);
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        let from = pos2(x, rect.bottom());
        painter.line_segment([from, from + vec2(rect.height(), -rect.height())], stroke);
        x += HATCH;
    }
}
