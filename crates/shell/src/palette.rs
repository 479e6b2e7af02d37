//! The palette: search and run a command, or go to a series, a finding or a case.

mod entries;

use std::sync::Arc;

use egui::{
    Align, Area, CornerRadius, Frame, Id, Key, Layout, Modifiers, Order, Rect, Role, ScrollArea,
    Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::{CaseTable, Snapshot};
use ui_kit::{
    Chip, Icon, IconWeight, Kind, TextField, Theme, icon_label, key_cap, key_caps, radius, size, t,
    t_args, text_label,
};

use crate::Action;
use crate::keys::as_caps;
use entries::{Entry, cases, entries, found, search_words};

/// Width of the panel, points.
const WIDTH: f32 = 720.0;

/// The palette, with what is typed.
#[derive(Debug, Default)]
pub(crate) struct Palette {
    is_open: bool,
    text: String,
    chosen_idx: usize,
    wants_focus: bool,
    cases: Option<FoundCases>,
}

/// Cases that were looked for, and where.
#[derive(Debug)]
struct FoundCases {
    text: String,
    table: Arc<CaseTable>,
    found: Vec<Entry>,
}

impl Palette {
    /// Opens the palette with an empty field, or closes it.
    pub(crate) fn toggle(&mut self) {
        let is_open = !self.is_open;
        *self = Self {
            is_open,
            wants_focus: is_open,
            ..Self::default()
        };
    }

    /// Is it on screen?
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Closes the palette.
    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    /// Draws the palette while it is open.
    pub(crate) fn palette_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if !self.is_open {
            return;
        }
        // Keys are taken before the field could hear them, and do what they ask for once it has what was typed before them.
        let pressed = Pressed::take(ui);
        let room = ui.ctx().content_rect();
        if veil_ui(ui, room, theme) {
            self.is_open = false;
        }
        let width = WIDTH.min(room.width() - 32.0);
        let at = pos2(
            room.center().x - width / 2.0,
            room.top() + room.height() * 0.14,
        );
        let max_list = (room.height() * 0.72 - 100.0).max(160.0);
        Area::new(Id::unique("palette"))
            .order(Order::Foreground)
            .fixed_pos(at)
            .show(ui.ctx(), |ui| {
                let frame = Frame::new()
                    .fill(theme.bg3)
                    .stroke(Stroke::new(1.0, theme.st2))
                    .corner_radius(CornerRadius::same(radius::DIALOG))
                    .shadow(ui.visuals().window_shadow);
                frame.show(ui, |ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = 0.0;
                    self.field_ui(s, ui, theme);
                    let mut all = entries(s);
                    all.extend(self.cases_of(s));
                    let entries = found(&all, &self.text);
                    self.follow(pressed, &entries, out);
                    self.list_ui(&entries, max_list, ui, theme, out);
                    foot_ui(ui, theme);
                });
            });
    }

    /// Cases that fit what is typed, looked for once and not at every drawing.
    fn cases_of(&mut self, s: &Snapshot) -> Vec<Entry> {
        let is_kept = self
            .cases
            .as_ref()
            .is_some_and(|kept| kept.text == self.text && Arc::ptr_eq(&kept.table, &s.worklist));
        if !is_kept {
            self.cases = Some(FoundCases {
                text: self.text.clone(),
                table: Arc::clone(&s.worklist),
                found: cases(s, &self.text),
            });
        }
        let kept = self.cases.as_ref();
        kept.map(|kept| kept.found.clone()).unwrap_or_default()
    }

    /// Moves the choice, and does what is chosen.
    fn follow(&mut self, pressed: Pressed, entries: &[Entry], out: &mut Vec<Action>) {
        let actions = || entries.iter().filter_map(|entry| entry.action.as_ref());
        let n = actions().count().max(1);
        self.chosen_idx =
            (self.chosen_idx.min(n - 1) + pressed.n_down % n + n - pressed.n_up % n) % n;
        if pressed.enter
            && let Some(action) = actions().nth(self.chosen_idx)
        {
            self.is_open = false;
            out.push(action.clone());
        }
    }

    fn field_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 52.0));
        let line = Stroke::new(1.0, theme.st1);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, line);
        let layout = Layout::right_to_left(Align::Center);
        let builder = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(14.0, 12.0)))
            .layout(layout);
        let row = &mut ui.new_child(builder);
        if let Some(case) = &s.case {
            let title = s.study.as_ref().map_or("", |study| study.title.as_str());
            let word = if case.blinded {
                t_args("palette.blinded", &[("what", title)])
            } else {
                title.to_owned()
            };
            let icon = if case.blinded {
                Icon::EyeSlash
            } else {
                Icon::Eye
            };
            row.add(Chip::new(&word).icon(icon));
        }
        let before = self.text.clone();
        let field = TextField::new(&mut self.text, t("palette.hint"))
            .hint(t("palette.hint"))
            .icon(Icon::MagnifyingGlass)
            .kind(Kind::ENTRY)
            .show(row);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        if self.text != before {
            self.chosen_idx = 0;
        }
    }

    fn list_ui(
        &mut self,
        entries: &[Entry],
        max_height: f32,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let area = ScrollArea::vertical()
            .id_salt("palette list")
            .max_height(max_height);
        area.show(ui, |ui| {
            if entries.is_empty() {
                ui.add_space(16.0);
                ui.horizontal(|ui| {
                    ui.add_space(18.0);
                    text_label(ui, t("palette.nothing"), Kind::BODY, theme.t3);
                });
                ui.add_space(16.0);
            }
            let words = search_words(&self.text).1;
            let mut group = None;
            let mut entry_idx = 0;
            for entry in entries {
                if group != Some(entry.group) {
                    group = Some(entry.group);
                    ui.add_space(10.0);
                    ui.horizontal(|ui| {
                        ui.add_space(18.0);
                        text_label(ui, entry.group.title(), Kind::CAPTION.medium(), theme.t3);
                    });
                    ui.add_space(4.0);
                }
                let is_chosen = entry.action.is_some() && entry_idx == self.chosen_idx;
                if entry_ui(entry, &words, is_chosen, ui, theme) {
                    self.is_open = false;
                    out.extend(entry.action.clone());
                }
                entry_idx += usize::from(entry.action.is_some());
            }
            ui.add_space(8.0);
        });
    }
}

/// Keys of the palette that were pressed since the last pass.
#[derive(Clone, Copy)]
struct Pressed {
    n_down: usize,
    n_up: usize,
    enter: bool,
}

impl Pressed {
    /// Takes them out of the input.
    fn take(ui: &Ui) -> Self {
        ui.ctx().input_mut(|input| Self {
            n_down: input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown),
            n_up: input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp),
            enter: input.consume_key(Modifiers::NONE, Key::Enter),
        })
    }
}

/// A veil over the window; was it pressed?
fn veil_ui(ui: &Ui, room: Rect, theme: &Theme) -> bool {
    Area::new(Id::unique("palette veil"))
        .order(Order::Foreground)
        .fixed_pos(room.min)
        .show(ui.ctx(), |ui| {
            let (rect, response) = ui.allocate_exact_size(room.size(), Sense::click());
            ui.painter().rect_filled(rect, 0, theme.scrim_light);
            response.clicked()
        })
        .inner
}

/// One entry, 36 points high. Was it pressed?
fn entry_ui(entry: &Entry, words: &[String], is_chosen: bool, ui: &mut Ui, theme: &Theme) -> bool {
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), 36.0));
    let rect = row.shrink2(vec2(6.0, 0.0));
    let is_off = entry.action.is_none();
    let sense = if is_off {
        Sense::hover()
    } else {
        Sense::click()
    };
    let id = ui
        .scope_id()
        .with(("entry", entry.group.title(), &entry.title, &entry.detail));
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItem, !is_off, is_chosen, &entry.title));
    let corner = CornerRadius::same(7);
    if is_chosen {
        let edge = Stroke::new(1.0, theme.acst);
        ui.painter()
            .rect(rect, corner, theme.acbg, edge, StrokeKind::Inside);
        if !ui.clip_rect().contains_rect(rect) {
            ui.scroll_to_rect(rect, None);
        }
    } else if response.hovered() && !is_off {
        ui.painter().rect_filled(rect, corner, theme.bg4);
    }
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(layout);
    let mut child = ui.new_child(builder);
    let (ink, icon_ink) = match (is_off, is_chosen) {
        (true, _) => (theme.td, theme.td),
        (false, true) => (theme.t1, theme.ac),
        (false, false) => (theme.t1, theme.t2),
    };
    let (place, _) = child.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
    if let Some(icon) = entry.icon {
        let builder = UiBuilder::new().max_rect(place);
        icon_label(
            &mut child.new_child(builder),
            icon,
            IconWeight::Regular,
            size::ICON_TOOL,
            icon_ink,
        );
    }
    child.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if !entry.keys.is_empty() {
            let caps = as_caps(&entry.keys);
            ui.horizontal(|ui| key_caps(ui, &caps));
        }
        ui.with_layout(layout, |ui| {
            let job = lit(&entry.title, words, ink, theme);
            ui.add(egui::Label::new(job).truncate());
            let detail_ink = if is_off { theme.td } else { theme.t3 };
            text_label(ui, &entry.detail, Kind::LABEL, detail_ink);
        });
    });
    response.clicked()
}

/// The title with what was searched for in the accent colour.
fn lit(title: &str, words: &[String], ink: egui::Color32, theme: &Theme) -> egui::text::LayoutJob {
    let lower = title.to_lowercase();
    let mut job = egui::text::LayoutJob::default();
    // Where lower case has other lengths, places would be wrong: then nothing is lit.
    let hit = words
        .iter()
        .filter(|_| lower.len() == title.len())
        .find_map(|word| Some((lower.find(word.as_str())?, word.len())));
    let parts = hit.and_then(|(at, n)| {
        Some((
            title.get(..at)?,
            title.get(at..at + n)?,
            title.get(at + n..)?,
        ))
    });
    match parts {
        Some((before, found, after)) => {
            job.append(before, 0.0, Kind::BODY.format(ink));
            job.append(found, 0.0, Kind::BODY.semibold().format(theme.ac));
            job.append(after, 0.0, Kind::BODY.format(ink));
        }
        None => job.append(title, 0.0, Kind::BODY.format(ink)),
    }
    job
}

fn foot_ui(ui: &mut Ui, theme: &Theme) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 38.0));
    let line = Stroke::new(1.0, theme.st1);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(16.0, 0.0)))
        .layout(layout);
    let row = &mut ui.new_child(builder);
    row.spacing_mut().item_spacing.x = 6.0;
    key_cap(row, "↑");
    key_cap(row, "↓");
    text_label(row, t("palette.choose"), Kind::LABEL, theme.t3);
    row.add_space(8.0);
    key_cap(row, "Enter");
    text_label(row, t("palette.run"), Kind::LABEL, theme.t3);
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        for (sign, key) in [
            ("@", "palette.scope.findings"),
            ("#", "palette.scope.cases"),
            (">", "palette.scope.actions"),
        ] {
            text_label(ui, t(key), Kind::LABEL, theme.t3);
            text_label(ui, sign, Kind::MONO, theme.t3);
            ui.add_space(6.0);
        }
    });
}
