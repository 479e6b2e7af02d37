//! Tells egui's own widgets (scroll bars, text fields, menus) to use the tokens.

use egui::style::{ScrollAnimation, Selection, WidgetVisuals};
use egui::{
    Color32, Context, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals,
};

use crate::focus::FocusSource;
use crate::fonts;
use crate::tokens::{Theme, duration_s, radius, size, space};
use crate::typography::Kind;

/// Prepares a new window: fonts, both themes, and the watch on where keyboard focus came from.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.add_plugin(FocusSource::default());
    for (mode, theme) in [
        (egui::Theme::Dark, &Theme::DARK),
        (egui::Theme::Light, &Theme::LIGHT),
    ] {
        ctx.set_style_of(mode, style(theme, mode));
    }
    ctx.set_theme(egui::Theme::Dark);
}

/// Switches the window to the dark or the light theme.
pub fn apply(ctx: &Context, mode: egui::Theme) {
    ctx.set_theme(mode);
}

fn style(theme: &Theme, mode: egui::Theme) -> Style {
    let mut style = Style {
        visuals: visuals(theme, mode),
        animation_time: duration_s::SLIDE,
        scroll_animation: ScrollAnimation::duration(duration_s::SLIDE),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Small, Kind::HINT),
        (TextStyle::Body, Kind::BODY),
        (TextStyle::Button, Kind::CONTROL.medium()),
        (TextStyle::Heading, Kind::TITLE),
        (TextStyle::Monospace, Kind::MONO),
    ]
    .into_iter()
    .map(|(name, kind)| (name, kind.font_id()))
    .collect();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(space::MEDIUM);
    spacing.button_padding = Vec2::new(10.0, 5.0);
    spacing.interact_size = Vec2::new(size::CONTROL, size::CONTROL_SMALL);
    spacing.menu_margin = Margin::same(5);
    spacing.window_margin = Margin::same(16);
    spacing.tooltip_width = 420.0;
    spacing.scroll.bar_width = 8.0;
    spacing.scroll.floating_width = 4.0;
    style.interaction.tooltip_delay = duration_s::TIP;
    style.interaction.tooltip_grace_time = 0.3;
    style.interaction.selectable_labels = false;
    style
}

fn shadow(theme: &Theme, mode: egui::Theme) -> Shadow {
    let (drop, blur) = match mode {
        egui::Theme::Dark => (12, 40),
        egui::Theme::Light => (10, 30),
    };
    Shadow {
        offset: [0, drop],
        blur,
        spread: 0,
        color: theme.shadow,
    }
}

fn widget(fill: Color32, edge: Color32, text: Color32) -> WidgetVisuals {
    WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    }
}

fn visuals(theme: &Theme, mode: egui::Theme) -> Visuals {
    let mut visuals = mode.default_visuals();
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(theme.t3);
    visuals.hyperlink_color = theme.ac;
    visuals.faint_bg_color = theme.bg3;
    visuals.extreme_bg_color = theme.bg1;
    visuals.text_edit_bg_color = Some(theme.bg1);
    visuals.code_bg_color = theme.bg4;
    visuals.warn_fg_color = theme.warn.ink;
    visuals.error_fg_color = theme.err.ink;
    visuals.window_corner_radius = CornerRadius::same(radius::DIALOG);
    visuals.menu_corner_radius = CornerRadius::same(radius::CARD);
    visuals.window_fill = theme.bg3;
    visuals.window_stroke = Stroke::new(1.0, theme.st2);
    visuals.window_shadow = shadow(theme, mode);
    visuals.popup_shadow = shadow(theme, mode);
    visuals.panel_fill = theme.bg2;
    visuals.selection = Selection {
        bg_fill: theme.acst,
        stroke: Stroke::new(1.0, theme.ac),
    };
    visuals.text_cursor.stroke = Stroke::new(1.5, theme.ac);
    visuals.widgets.noninteractive = widget(theme.bg2, theme.st1, theme.t1);
    visuals.widgets.inactive = widget(theme.bg3, theme.st2, theme.t1);
    visuals.widgets.hovered = widget(theme.bg4, theme.st2, theme.t1);
    visuals.widgets.active = widget(theme.bg5, theme.st2, theme.t1);
    visuals.widgets.open = widget(theme.bg4, theme.st2, theme.t1);
    visuals.disabled_alpha = 1.0;
    visuals
}
