//! The palette: search and run a command, or go to a series, a finding or a case.

use case::Stage;
use egui::{
    Align, Area, CornerRadius, Frame, Id, Key, Layout, Modifiers, Order, Rect, Role, ScrollArea, Sense,
    Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::commands::COMMANDS;
use session::{Command, Snapshot, ViewCommand};
use ui_kit::{
    Chip, Icon, IconWeight, Kind, TextField, Theme, icon_label, key_cap, key_caps, radius, size, t,
    t_args, text_label,
};

use crate::Action;
use crate::keys::{as_caps, icon_of, shortcut_caps};

/// Entries of a group at most; a longer search finds the rest.
const MAX_OF_GROUP: usize = 8;
/// Width of the panel, points.
const WIDTH: f32 = 720.0;

/// The palette, with what is typed.
#[derive(Debug, Default)]
pub(crate) struct Palette {
    is_open: bool,
    text: String,
    chosen_idx: usize,
    wants_focus: bool,
}

/// A group of entries, in the order they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Actions,
    Series,
    Findings,
    Cases,
    Off,
}

impl Group {
    const ALL: [Self; 5] = [Self::Actions, Self::Series, Self::Findings, Self::Cases, Self::Off];

    fn title(self) -> &'static str {
        t(match self {
            Self::Actions => "palette.actions",
            Self::Series => "palette.series",
            Self::Findings => "palette.findings",
            Self::Cases => "palette.cases",
            Self::Off => "palette.unavailable",
        })
    }

    /// What a first letter narrows the search to.
    fn of_scope(letter: char) -> Option<Self> {
        match letter {
            '>' => Some(Self::Actions),
            '#' => Some(Self::Cases),
            '@' => Some(Self::Findings),
            _ => None,
        }
    }
}

#[derive(Clone)]
struct Entry {
    group: Group,
    icon: Option<Icon>,
    title: String,
    detail: String,
    keys: Vec<String>,
    action: Option<Action>,
}

impl Palette {
    /// Opens the palette with an empty field, or closes it.
    pub(crate) fn toggle(&mut self) {
        let is_open = !self.is_open;
        *self = Self { is_open, wants_focus: is_open, ..Self::default() };
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
        let entries = found(&entries(s), &self.text);
        self.take_keys(&entries, ui, out);
        if !self.is_open {
            return;
        }
        let room = ui.ctx().content_rect();
        if veil_ui(ui, room, theme) {
            self.is_open = false;
        }
        let width = WIDTH.min(room.width() - 32.0);
        let at = pos2(room.center().x - width / 2.0, room.top() + room.height() * 0.14);
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
                    self.list_ui(&entries, max_list, ui, theme, out);
                    foot_ui(ui, theme);
                });
            });
    }

    fn take_keys(&mut self, entries: &[Entry], ui: &Ui, out: &mut Vec<Action>) {
        let n = entries.iter().filter(|entry| entry.action.is_some()).count();
        let pressed = |key: Key| ui.ctx().input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            self.chosen_idx = (self.chosen_idx + 1) % n.max(1);
        }
        if pressed(Key::ArrowUp) {
            self.chosen_idx = (self.chosen_idx + n.max(1) - 1) % n.max(1);
        }
        self.chosen_idx = self.chosen_idx.min(n.saturating_sub(1));
        if pressed(Key::Enter)
            && let Some(action) = entries.iter().filter_map(|e| e.action.clone()).nth(self.chosen_idx)
        {
            self.is_open = false;
            out.push(action);
        }
    }

    fn field_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 52.0));
        let line = Stroke::new(1.0, theme.st1);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);
        let layout = Layout::right_to_left(Align::Center);
        let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(14.0, 12.0))).layout(layout);
        let row = &mut ui.new_child(builder);
        if let Some(case) = &s.case {
            let title = s.study.as_ref().map_or("", |study| study.title.as_str());
            let word = if case.blinded {
                t_args("palette.blinded", &[("what", title)])
            } else {
                title.to_owned()
            };
            let icon = if case.blinded { Icon::EyeSlash } else { Icon::Eye };
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
        let area = ScrollArea::vertical().id_salt("palette list").max_height(max_height);
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
    let sense = if is_off { Sense::hover() } else { Sense::click() };
    let id = ui.scope_id().with(("entry", entry.group.title(), &entry.title, &entry.detail));
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItem, !is_off, is_chosen, &entry.title));
    let corner = CornerRadius::same(7);
    if is_chosen {
        let edge = Stroke::new(1.0, theme.acst);
        ui.painter().rect(rect, corner, theme.acbg, edge, StrokeKind::Inside);
        if !ui.clip_rect().contains_rect(rect) {
            ui.scroll_to_rect(rect, None);
        }
    } else if response.hovered() && !is_off {
        ui.painter().rect_filled(rect, corner, theme.bg4);
    }
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 0.0))).layout(layout);
    let mut child = ui.new_child(builder);
    let (ink, icon_ink) = match (is_off, is_chosen) {
        (true, _) => (theme.td, theme.td),
        (false, true) => (theme.t1, theme.ac),
        (false, false) => (theme.t1, theme.t2),
    };
    let (place, _) = child.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
    if let Some(icon) = entry.icon {
        let builder = UiBuilder::new().max_rect(place);
        icon_label(&mut child.new_child(builder), icon, IconWeight::Regular, size::ICON_TOOL, icon_ink);
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
        Some((title.get(..at)?, title.get(at..at + n)?, title.get(at + n..)?))
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
    let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(16.0, 0.0))).layout(layout);
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

/// Everything that can be found. Nothing here comes from a report that is closed: the snapshot does not have it.
fn entries(s: &Snapshot) -> Vec<Entry> {
    let mut entries = Vec::new();
    for spec in COMMANDS.iter().filter(|spec| spec.id != "palette" && spec.id != "cancel") {
        let action = Action::of_command(spec, s);
        entries.push(Entry {
            group: if action.is_some() { Group::Actions } else { Group::Off },
            icon: icon_of(spec),
            title: crate::keys::title_of(spec).to_owned(),
            detail: crate::keys::help_of(spec).to_owned(),
            keys: spec.shortcuts.first().map(shortcut_caps).unwrap_or_default(),
            action,
        });
    }
    for item in &s.rail {
        let Some(key) = &item.key else { continue };
        let n = item.n_slices.to_string();
        let percent = item.viewed_percent.to_string();
        let key_of_detail = match item.n_slices {
            1 => "palette.series_detail_one",
            _ => "palette.series_detail",
        };
        entries.push(Entry {
            group: Group::Series,
            icon: Some(Icon::ImagesSquare),
            title: item.title.clone(),
            detail: t_args(key_of_detail, &[("n", &n), ("percent", &percent)]),
            keys: Vec::new(),
            action: Some(ViewCommand::PutSeries(s.active, key.clone()).into()),
        });
    }
    for card in s.case.iter().flat_map(|case| &case.findings) {
        let details = [card.size_text.as_str(), &card.image_text];
        let details: Vec<&str> = details.into_iter().filter(|text| !text.is_empty()).collect();
        entries.push(Entry {
            group: Group::Findings,
            icon: Some(Icon::PushPin),
            title: format!("{} {}", card.finding.id, card.title),
            detail: details.join(" · "),
            keys: Vec::new(),
            action: Some(ViewCommand::GoToFinding(card.finding.id).into()),
        });
    }
    for row in s.worklist.iter() {
        let stage = match row.stage {
            Stage::Reading if row.needs_you => t("preview.continue"),
            _ => row.stage.label(),
        };
        entries.push(Entry {
            group: Group::Cases,
            icon: Some(Icon::ListBullets),
            title: format!("{} · {}", row.patient_name, row.description),
            detail: format!("{} · {} · {stage}", row.id, row.study_date),
            keys: Vec::new(),
            action: Some(Command::OpenCase(row.id.clone()).into()),
        });
    }
    entries
}

/// The group that the text narrows to, and the words to find, in lower case.
fn search_words(text: &str) -> (Option<Group>, Vec<String>) {
    let text = text.trim();
    let scope = text.chars().next().and_then(Group::of_scope);
    let rest = if scope.is_some() { text.get(1..).unwrap_or_default() } else { text };
    (scope, rest.split_whitespace().map(str::to_lowercase).collect())
}

/// The entries that have every word, group by group, those whose title begins with it first.
fn found(entries: &[Entry], text: &str) -> Vec<Entry> {
    let (scope, words) = search_words(text);
    let mut found = Vec::new();
    for group in Group::ALL {
        let in_scope = match scope {
            Some(Group::Actions) => matches!(group, Group::Actions | Group::Off),
            Some(scope) => scope == group,
            // What cannot be done now is shown only when it was looked for.
            None => group != Group::Off || !words.is_empty(),
        };
        if !in_scope {
            continue;
        }
        let mut hits: Vec<(u8, &Entry)> = entries
            .iter()
            .filter(|entry| entry.group == group)
            .filter_map(|entry| Some((rank(entry, &words)?, entry)))
            .collect();
        hits.sort_by_key(|(rank, _)| *rank);
        let n_max = if scope.is_some() { usize::MAX } else { MAX_OF_GROUP };
        found.extend(hits.into_iter().take(n_max).map(|(_, entry)| entry.clone()));
    }
    found
}

/// How well an entry fits, 0 best; `None` when a word is not in it.
fn rank(entry: &Entry, words: &[String]) -> Option<u8> {
    let title = entry.title.to_lowercase();
    let all = format!("{title} {}", entry.detail.to_lowercase());
    if !words.iter().all(|word| all.contains(word)) {
        return None;
    }
    let begins = words.first().is_none_or(|word| title.starts_with(word));
    let in_title = words.iter().all(|word| title.contains(word));
    Some(match (begins, in_title) {
        (true, true) => 0,
        (_, true) => 1,
        (_, false) => 2,
    })
}

#[cfg(test)]
mod tests {
    use session::commands::ShellAction;

    use super::*;

    fn entry(group: Group, title: &str, detail: &str) -> Entry {
        let action = (group != Group::Off).then(|| Action::Shell(ShellAction::FullScreen));
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Entry { group, icon: None, title, detail, keys: Vec::new(), action }
    }

    fn titles(text: &str) -> Vec<String> {
        let entries = [
            entry(Group::Actions, "Window: bone", "W 2500 L 480"),
            entry(Group::Actions, "Bone first", ""),
            entry(Group::Actions, "Zoom", ""),
            entry(Group::Series, "Axial bone", "108 images"),
            entry(Group::Findings, "F2 Rib fracture", "bone"),
            entry(Group::Cases, "Hartley · CT head", ""),
            entry(Group::Off, "Seal bone", ""),
        ];
        found(&entries, text).into_iter().map(|entry| entry.title).collect()
    }

    #[test]
    fn a_search_finds_every_word_in_its_groups() {
        let all = ["Bone first", "Window: bone", "Axial bone", "F2 Rib fracture", "Seal bone"];
        assert_eq!(titles("bone"), all);
        assert_eq!(titles("BONE win"), ["Window: bone"]);
        assert_eq!(titles("@bone"), ["F2 Rib fracture"]);
        assert_eq!(titles("#"), ["Hartley · CT head"]);
        assert_eq!(titles("> bone"), ["Bone first", "Window: bone", "Seal bone"]);
        assert!(titles("no such thing").is_empty());
    }

    #[test]
    fn what_cannot_be_done_is_not_offered_unasked() {
        assert!(!titles("").contains(&"Seal bone".to_owned()));
    }
}
