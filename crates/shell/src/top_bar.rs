use egui::{
    Align, CornerRadius, Layout, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};
use session::commands::ShellAction;
use session::{Command, Screen, Snapshot};
use ui_kit::{
    Icon, IconButton, IconWeight, Kind, Tab, TabEvent, Theme, avatar, brand_rings, icon_label,
    key_caps, outlined_badge, radius, size, t, t_args, tab_strip, text_label, with_tip,
};

use crate::Action;
use crate::bar::{focus_ring, sides_in};
use crate::keys::{as_caps, keys_of};
use crate::metrics::is_compact;
use crate::wording::{initials, stage_look};

/// Width of a tab's word at most, points; longer words end in an ellipsis and are whole in the tip.
const MAX_WORD: f32 = 210.0;

/// The bar at the top: brand, worklist, open cases, search, and what this computer does with the network.
pub(crate) fn top_bar_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let rect = ui.max_rect();
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let compact = is_compact(rect);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    sides_in(
        ui,
        inner,
        out,
        |ui, out| tabs_ui(s, ui, theme, out),
        |ui, out| tools_ui(s, compact, ui, theme, out),
    );
}

fn tabs_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    brand_rings(ui, 16.0);
    text_label(ui, t("app.name"), Kind::CARD_TITLE, theme.t1);
    ui.add_space(6.0);
    ui.spacing_mut().item_spacing.x = 2.0;
    let worklist = Tab {
        label: t("top.worklist"),
        icon: Some(Icon::ListBullets),
        icon_color: None,
        close_name: None,
    };
    if tab_strip(ui, &[worklist], (s.screen == Screen::Worklist).then_some(0)).is_some() {
        out.push(Command::Show(Screen::Worklist).into());
    }
    let n_open = s.tabs.len().max(1) as f32;
    let room = ((ui.available_width() - 8.0) / n_open - 70.0).clamp(40.0, MAX_WORD);
    for tab in &s.tabs {
        let is_damaged = tab.active
            && s.import
                .as_ref()
                .is_some_and(|import| 0 < import.n_missing + import.n_damaged);
        let look = stage_look(tab.stage, theme);
        let (icon, color) = if is_damaged {
            (Icon::Warning, theme.warn.ink)
        } else {
            (look.icon, look.color)
        };
        let close_name = t_args("top.close_tab", &[("name", &tab.title)]);
        let word = elided(ui, &tab.title, room);
        let selected = tab.active && s.screen != Screen::Worklist;
        let shown = Tab {
            label: &word,
            icon: Some(icon),
            icon_color: Some(color),
            close_name: Some(&close_name),
        };
        let strip = ui.push_id(&tab.id, |ui| tab_strip(ui, &[shown], selected.then_some(0)));
        match strip.inner {
            Some(TabEvent::Select(_)) if tab.active && s.screen == Screen::Worklist => {
                out.push(Command::Show(Screen::Reading).into());
            }
            Some(TabEvent::Select(_)) if !tab.active => {
                out.push(Command::OpenCase(tab.id.clone()).into())
            }
            Some(TabEvent::Close(_)) => out.push(Command::CloseTab(tab.id.clone()).into()),
            Some(TabEvent::Select(_)) | None => {}
        }
        if word != tab.title {
            with_tip(strip.response.interact(Sense::hover()), &tab.title, &[]);
        }
    }
    only_looked_at_ui(s, ui, out);
}

/// The tab of a study that is looked at without a case.
fn only_looked_at_ui(s: &Snapshot, ui: &mut Ui, out: &mut Vec<Action>) {
    let Some(study) = s.study.as_ref().filter(|_| s.case.is_none()) else {
        return;
    };
    let word = elided(ui, &study.title, MAX_WORD);
    let tab = Tab {
        label: &word,
        icon: Some(Icon::ImagesSquare),
        icon_color: None,
        close_name: None,
    };
    if tab_strip(ui, &[tab], (s.screen != Screen::Worklist).then_some(0)).is_some() {
        out.push(Command::Show(Screen::Reading).into());
    }
}

fn tools_ui(s: &Snapshot, compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    avatar(
        ui,
        &initials(&s.actor),
        &t_args("top.you", &[("name", &s.actor)]),
    );
    let (theme_icon, theme_name) = match ui.ctx().theme() {
        egui::Theme::Dark => (Icon::SunDim, t("top.light")),
        egui::Theme::Light => (Icon::Moon, t("top.dark")),
    };
    if ui.add(IconButton::new(theme_icon, theme_name)).clicked() {
        out.push(Action::Shell(ShellAction::ToggleTheme));
    }
    let settings = IconButton::new(Icon::GearSix, t("hands.title"));
    if ui.add(settings).clicked() {
        out.push(Action::Shell(ShellAction::EditBindings));
    }
    let keys = keys_of(s, "shortcuts");
    if ui
        .add(IconButton::new(Icon::Question, t("top.help")).keys(&as_caps(&keys)))
        .clicked()
    {
        out.push(Action::Shell(ShellAction::Shortcuts));
    }
    let local = outlined_badge(ui, Icon::HardDrives, theme.ok, t("top.local_only"));
    with_tip(local, t("top.local_only.tip"), &[]);
    if search_ui(s, compact, ui, theme) {
        out.push(Action::Shell(ShellAction::Palette));
    }
}

/// Looks like a field and opens the palette.
fn search_ui(s: &Snapshot, compact: bool, ui: &mut Ui, theme: &Theme) -> bool {
    let (width, words) = if compact {
        (220.0, t("top.search_short"))
    } else {
        (300.0, t("top.search"))
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, t("top.search")));
    let fill = if response.hovered() {
        theme.bg4
    } else {
        theme.bg2
    };
    let corner = CornerRadius::same(radius::CONTROL);
    ui.painter().rect(
        rect,
        corner,
        fill,
        Stroke::new(1.0, theme.st2),
        StrokeKind::Inside,
    );
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
    icon_label(
        &mut row,
        Icon::MagnifyingGlass,
        IconWeight::Regular,
        size::ICON_INLINE,
        theme.t3,
    );
    let keys = keys_of(s, "palette");
    let caps = as_caps(&keys);
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.horizontal(|ui| key_caps(ui, &caps));
        ui.with_layout(layout, |ui| text_label(ui, words, Kind::CONTROL, theme.t3));
    });
    focus_ring(ui, &response, radius::CARD);
    response.clicked()
}

/// The words, cut with an ellipsis where they are wider than the room.
fn elided(ui: &Ui, words: &str, room: f32) -> String {
    let width = |text: &str| {
        let galley = ui.painter().layout_no_wrap(
            text.to_owned(),
            Kind::CONTROL.font_id(),
            egui::Color32::WHITE,
        );
        galley.size().x
    };
    if width(words) <= room {
        return words.to_owned();
    }
    let mut cut: Vec<char> = words.chars().collect();
    while cut.pop().is_some() {
        let text = cut.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&text) <= room {
            return text;
        }
    }
    "…".to_owned()
}
