//! The map of keys, made from the one table of commands.

use egui::{
    Align, Layout, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::commands::{COMMANDS, CommandSpec, Region, ShellAction};
use session::{Bindings, MouseAction, MouseChord, MouseGesture, Screen, Snapshot};
use ui_kit::{
    Button, Dialog, Icon, IconWeight, Kind, SearchField, Segment, Segmented, Theme, icon_label,
    key_cap, key_caps, size, t, t_args, text_label,
};

use crate::Action;
use crate::keys::{as_caps, shortcut_caps, title_of};

/// Height of a row, points.
const ROW: f32 = 25.0;
/// Height of the title of a group with the gap before it, points.
const TITLE: f32 = 40.0;
/// Width of the sheet, points.
const WIDTH: f32 = 1320.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    Screen,
    All,
}

/// The sheet, with what is searched for.
#[derive(Debug, Default)]
pub(crate) struct ShortcutSheet {
    is_open: bool,
    text: String,
    shown: Shown,
}

/// A group of the sheet.
struct Group {
    icon: Icon,
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    words: String,
    /// Each shortcut as its caps.
    shortcuts: Vec<Vec<String>>,
}

impl ShortcutSheet {
    /// Opens the sheet, or closes it.
    pub(crate) fn toggle(&mut self) {
        self.is_open = !self.is_open;
        self.text.clear();
    }

    /// Is it on screen?
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Closes the sheet.
    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    /// Draws the sheet while it is open.
    pub(crate) fn shortcuts_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        if !self.is_open {
            return;
        }
        let room = ui.ctx().content_rect();
        let width = WIDTH.min(room.width() - 48.0);
        let at = pos2(
            room.center().x - width / 2.0,
            room.top() + (room.height() * 0.09).min(104.0),
        );
        let mut open = self.is_open;
        Dialog::new(t("keys.title"), t("action.close"))
            .subtitle(screen_word(s.screen))
            .icon(Icon::Keyboard)
            .width(width)
            .top_left(at)
            .show(ui.ctx(), &mut open, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                self.find_ui(s, ui, theme, out);
                let groups = self.groups(s);
                let n_columns = if width < 960.0 { 3 } else { 4 };
                let columns = dealt(&groups, n_columns);
                let max_height = (room.height() * 0.80 - 90.0).max(200.0);
                let list_height = columns_height(&columns).min(max_height);
                ScrollArea::vertical()
                    .id_salt("keys")
                    .max_height(list_height)
                    .min_scrolled_height(list_height)
                    .show(ui, |ui| columns_ui(&columns, ui, theme));
                foot_ui(ui, theme);
            });
        self.is_open = open;
    }

    fn find_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 44.0));
        let layout = Layout::left_to_right(Align::Center);
        let builder = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(24.0, 0.0)))
            .layout(layout);
        let row = &mut ui.new_child(builder);
        let segments = [
            Segment::new(t("keys.this_screen")),
            Segment::new(t("keys.all")),
        ];
        let chosen_idx = match self.shown {
            Shown::Screen => 0,
            Shown::All => 1,
        };
        match Segmented::new(t("keys.which"), &segments, Some(chosen_idx)).show(row) {
            Some(0) => self.shown = Shown::Screen,
            Some(_) => self.shown = Shown::All,
            None => {}
        }
        SearchField::new(&mut self.text, t("keys.find"))
            .width(260.0)
            .show(row);
        row.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let change = Button::new(t("keys.change")).icon(Icon::NotePencil);
            if ui.add(change).clicked() {
                out.push(Action::Shell(ShellAction::EditBindings));
            }
            let profile = t_args("keys.profile", &[("name", &s.bindings.name)]);
            text_label(ui, &profile, Kind::LABEL, theme.t3);
        });
    }

    fn groups(&self, s: &Snapshot) -> Vec<Group> {
        let wanted = self.text.trim().to_lowercase();
        let fits = |row: &Row| {
            let keys = row
                .shortcuts
                .iter()
                .map(|caps| caps.join("+"))
                .collect::<Vec<_>>()
                .join(" ");
            wanted.is_empty()
                || row.words.to_lowercase().contains(&wanted)
                || keys.to_lowercase().split(' ').any(|key| key == wanted)
        };
        let mut groups = all_groups(&s.bindings, |spec| {
            self.shown == Shown::All || is_on(spec.region, s)
        });
        if self.shown == Shown::All || s.screen == Screen::Reading {
            // After the keys for moving and reading, where its column has room.
            groups.insert(groups.len().min(2), mouse_group(&s.bindings));
        }
        for group in &mut groups {
            group.rows.retain(fits);
        }
        groups.retain(|group| !group.rows.is_empty());
        groups
    }
}

fn screen_word(screen: Screen) -> &'static str {
    t(match screen {
        Screen::Worklist => "top.worklist",
        Screen::Reading => "command.reading_room",
        Screen::Compare => "command.comparison",
    })
}

/// Do keys of the region mean something on this screen?
fn is_on(region: Region, s: &Snapshot) -> bool {
    let is_revealed = crate::verdict::comparison(s).is_some();
    match (region, s.screen) {
        (Region::Anywhere, _)
        | (Region::Viewport, Screen::Reading)
        | (Region::Statements, Screen::Compare)
        | (Region::Worklist, Screen::Worklist) => true,
        (Region::Statements, Screen::Reading) => is_revealed,
        (Region::ThirdRead, Screen::Reading) => crate::third_read::is_open(s),
        (Region::Viewport | Region::Statements | Region::ThirdRead | Region::Worklist, _) => false,
    }
}

/// The groups of the table, in the order of the sheet: name, icon, key of the title.
pub(crate) const GROUPS: [(&str, Icon, &str); 8] = [
    ("moving", Icon::Stack, "keys.group.move"),
    ("doing", Icon::NotePencil, "keys.group.read"),
    ("views", Icon::CircleHalf, "keys.group.views"),
    ("tools", Icon::Ruler, "keys.group.tools"),
    ("anywhere", Icon::Command, "keys.group.everywhere"),
    ("worklist", Icon::ListBullets, "keys.group.worklist"),
    ("statements", Icon::GitDiff, "keys.group.compare"),
    ("third_read", Icon::Scales, "keys.group.third_read"),
];

fn all_groups(bindings: &Bindings, is_shown: impl Fn(&CommandSpec) -> bool) -> Vec<Group> {
    GROUPS
        .into_iter()
        .map(|(name, icon, title)| Group {
            icon,
            title: t(title),
            rows: COMMANDS
                .iter()
                .filter(|spec| {
                    spec.group == name && !bindings.keys(spec.id).is_empty() && is_shown(spec)
                })
                .map(|spec| Row {
                    words: title_of(spec).to_owned(),
                    shortcuts: bindings.keys(spec.id).iter().map(shortcut_caps).collect(),
                })
                .collect(),
        })
        .collect()
}

/// What the mouse does over the views; it is no command, so it stands here.
fn mouse_group(bindings: &Bindings) -> Group {
    let row = |(chord, action): (MouseChord, MouseAction)| Row {
        words: action_words(action).to_owned(),
        shortcuts: vec![gesture_caps(chord)],
    };
    Group {
        icon: Icon::MouseSimple,
        title: t("keys.group.mouse"),
        rows: bindings.gestures().map(row).collect(),
    }
}

/// A gesture as its caps: what is held, and what the hand does.
pub(crate) fn gesture_caps(chord: MouseChord) -> Vec<String> {
    let held = chord.held;
    let keys = [
        (held.ctrl, "Ctrl"),
        (held.alt, "Alt"),
        (held.shift, "Shift"),
    ];
    let keys = keys.into_iter().filter(|(is_held, _)| *is_held);
    let caps = keys.map(|(_, cap)| cap.to_owned());
    caps.chain([gesture_words(chord.gesture).to_owned()])
        .collect()
}

fn gesture_words(gesture: MouseGesture) -> &'static str {
    t(match gesture {
        MouseGesture::LeftDrag => "keys.mouse.left",
        MouseGesture::MiddleDrag => "keys.mouse.middle",
        MouseGesture::RightDrag => "keys.mouse.right",
        MouseGesture::BothDrag => "keys.mouse.both",
        MouseGesture::Wheel => "keys.mouse.wheel",
        MouseGesture::SideWheel => "keys.mouse.side_wheel",
        MouseGesture::DoubleClick => "keys.mouse.double",
        MouseGesture::Move => "keys.mouse.move",
    })
}

/// What comes of a gesture, in words; empty for nothing.
pub(crate) fn action_words(action: MouseAction) -> &'static str {
    t(match action {
        MouseAction::ActiveTool => "keys.mouse.tool",
        MouseAction::Window => "tool.window",
        MouseAction::Pan => "tool.pan",
        MouseAction::Zoom => "tool.zoom",
        MouseAction::Scroll => "keys.next_slice",
        MouseAction::ScrollFast => "keys.mouse.fast",
        MouseAction::Slab => "keys.mouse.slab",
        MouseAction::Crosshair => "keys.mouse.crosshair",
        MouseAction::OneUp => "keys.mouse.one_up",
        MouseAction::Nothing => return "",
    })
}

/// How high a group is.
fn height(group: &Group) -> f32 {
    TITLE + ROW * group.rows.len() as f32
}

/// Deals the groups out to columns in their order, so that no column is much higher than the others.
fn dealt(groups: &[Group], n_columns: usize) -> Vec<Vec<&Group>> {
    let total: f32 = groups.iter().map(height).sum();
    let share = total / n_columns.max(1) as f32;
    let mut columns: Vec<Vec<&Group>> = vec![Vec::new()];
    let mut used = 0.0;
    for group in groups {
        let is_full = 0.0 < used && share < used + height(group) * 0.55;
        if is_full && columns.len() < n_columns {
            columns.push(Vec::new());
            used = 0.0;
        }
        used += height(group);
        if let Some(column) = columns.last_mut() {
            column.push(group);
        }
    }
    columns
}

/// How high the highest column is.
fn columns_height(columns: &[Vec<&Group>]) -> f32 {
    let heights = columns
        .iter()
        .map(|column| column.iter().map(|group| height(group)).sum::<f32>());
    heights.fold(80.0, f32::max) + 12.0
}

fn columns_ui(columns: &[Vec<&Group>], ui: &mut Ui, theme: &Theme) {
    let gap = 36.0;
    let whole = ui.available_width() - 48.0;
    let n_columns = columns.len().max(1) as f32;
    let width = (whole - gap * (n_columns - 1.0)) / n_columns;
    let wanted = vec2(ui.available_width(), columns_height(columns));
    let (_, area) = ui.allocate_space(wanted);
    for (column_idx, column) in columns.iter().enumerate() {
        let left = area.left() + 24.0 + column_idx as f32 * (width + gap);
        let rect = Rect::from_min_max(pos2(left, area.top()), pos2(left + width, area.bottom()));
        let builder = UiBuilder::new()
            .id_salt(("column", column_idx))
            .max_rect(rect)
            .layout(Layout::top_down(Align::Min));
        let mut child = ui.new_child(builder);
        child.spacing_mut().item_spacing.y = 0.0;
        for group in column {
            group_ui(group, &mut child, theme);
        }
    }
    if columns.iter().all(Vec::is_empty) {
        let at = area.min + vec2(24.0, 12.0);
        let font = Kind::BODY.font_id();
        ui.painter().text(
            at,
            egui::Align2::LEFT_TOP,
            t("palette.nothing"),
            font,
            theme.t3,
        );
    }
}

fn group_ui(group: &Group, ui: &mut Ui, theme: &Theme) {
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        ui.set_min_height(TITLE - 12.0);
        icon_label(ui, group.icon, IconWeight::Regular, size::ICON, theme.ac);
        text_label(ui, group.title, Kind::CONTROL.semibold(), theme.t1);
    });
    for row in &group.rows {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let keys: Vec<String> = row.shortcuts.iter().map(|caps| caps.join("+")).collect();
        response.widget_info(|| {
            // A label has no name beside its value.
            let mut info = WidgetInfo::labeled(Role::Row, true, &row.words);
            info.current_text_value = Some(keys.join(", "));
            info
        });
        let builder = UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::right_to_left(Align::Center));
        let mut child = ui.new_child(builder);
        for (shortcut_idx, caps) in row.shortcuts.iter().rev().enumerate() {
            if 0 < shortcut_idx {
                text_label(&mut child, t("keys.or"), Kind::HINT, theme.t3);
            }
            let caps = as_caps(caps);
            child.horizontal(|ui| key_caps(ui, &caps));
        }
        child.with_layout(Layout::left_to_right(Align::Center), |ui| {
            text_label(ui, &row.words, Kind::CONTROL, theme.t2)
        });
    }
}

fn foot_ui(ui: &mut Ui, theme: &Theme) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 38.0));
    let line = Stroke::new(1.0, theme.st1);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(20.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let row = &mut ui.new_child(builder);
    text_label(row, t("keys.hint"), Kind::LABEL, theme.t3);
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        text_label(ui, t("action.close"), Kind::LABEL, theme.t3);
        key_cap(ui, "Esc");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shortcut_of_the_table_stands_on_the_sheet_once() {
        let groups = all_groups(&Bindings::house(), |_| true);
        let n_rows: usize = groups.iter().map(|group| group.rows.len()).sum();
        let n_commands = COMMANDS
            .iter()
            .filter(|spec| !spec.shortcuts.is_empty())
            .count();
        assert_eq!(n_rows, n_commands);
    }

    #[test]
    fn groups_are_dealt_in_order_and_none_is_lost() {
        let groups = all_groups(&Bindings::house(), |_| true);
        for n_columns in 1..6 {
            let columns = dealt(&groups, n_columns);
            assert!(columns.len() <= n_columns);
            let titles: Vec<_> = columns.iter().flatten().map(|group| group.title).collect();
            let expected: Vec<_> = groups.iter().map(|group| group.title).collect();
            assert_eq!(titles, expected);
        }
    }
}
