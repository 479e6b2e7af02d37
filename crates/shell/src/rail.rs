use egui::{Align, Layout, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};
use session::{RailGroup, RailItem, Snapshot, ViewCommand};
use ui_kit::{Icon, Kind, Theme, Thumbnail, coverage_bar, size, t, t_args, text_label, with_tip};

use crate::Action;
use crate::bar::{sides, sides_in};
use crate::textures::{cover_uv, small_texture};

/// Height of the line above the series, and of what was viewed below them.
const HEAD: f32 = 32.0;
const FOOT: f32 = 40.0;
/// Room at both sides of a series.
const MARGIN: f32 = 8.0;

/// The series of the study, then of the priors: press one to see it in the active view, or drag it into another.
pub(crate) fn rail_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let rect = ui.max_rect();
    ui.painter().vline(
        rect.right() - 0.5,
        rect.y_range(),
        Stroke::new(1.0, theme.st1),
    );
    let is_narrow = rect.width() < size::RAIL;
    head_ui(
        s,
        is_narrow,
        Rect::from_min_size(rect.min, vec2(rect.width(), HEAD)),
        ui,
        theme,
    );
    let foot = if s.case.is_some() { FOOT } else { 0.0 };
    let middle = Rect::from_min_max(
        pos2(rect.left(), rect.top() + HEAD),
        rect.max - vec2(0.0, foot),
    );
    let mut list = ui.new_child(UiBuilder::new().id_salt("series").max_rect(middle));
    list.set_clip_rect(middle.intersect(ui.clip_rect()));
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(&mut list, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut group = &RailGroup::Current;
            for (item_idx, item) in s.rail.iter().enumerate() {
                if item.group != *group {
                    group = &item.group;
                    prior_heading_ui(group, is_narrow, ui, theme);
                }
                ui.push_id(item_idx, |ui| item_ui(s, item, is_narrow, ui, theme, out));
            }
        });
    if let Some(case) = &s.case {
        let rect = Rect::from_min_max(
            pos2(rect.left(), rect.bottom() - FOOT),
            rect.max - vec2(1.0, 0.0),
        );
        viewed_ui(case.viewed_percent, rect, ui, theme);
    }
}

fn head_ui(s: &Snapshot, is_narrow: bool, rect: Rect, ui: &mut Ui, theme: &Theme) {
    let current = || {
        s.rail
            .iter()
            .filter(|item| item.key.is_some() && item.group == RailGroup::Current)
    };
    let n_images: usize = current().map(|item| item.n_slices).sum();
    sides_in(
        ui,
        rect.shrink2(vec2(10.0, 0.0)),
        &mut (),
        |ui, ()| {
            text_label(ui, t("reading.series"), Kind::LABEL.medium(), theme.t1);
        },
        |ui, ()| {
            let n_lost = s
                .import
                .as_ref()
                .map_or(0, |import| import.n_missing + import.n_damaged);
            if 0 < n_lost {
                let count = format!("{}/{}", n_images.saturating_sub(n_lost), n_images);
                text_label(ui, &count, Kind::MONO_SMALL, theme.warn.ink);
            } else if !is_narrow {
                text_label(ui, &n_images.to_string(), Kind::MONO_SMALL, theme.t3);
            }
        },
    );
}

fn prior_heading_ui(group: &RailGroup, is_narrow: bool, ui: &mut Ui, theme: &Theme) {
    let RailGroup::Prior(date) = group else {
        return;
    };
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(10.0);
        let words = t_args("reading.prior", &[("date", date)]);
        if is_narrow {
            with_tip(
                text_label(ui, date, Kind::MONO_SMALL, theme.t3),
                &words,
                &[],
            );
        } else {
            text_label(ui, &words, Kind::LABEL, theme.t3);
        }
    });
    ui.add_space(6.0);
}

fn item_ui(
    s: &Snapshot,
    item: &RailItem,
    is_narrow: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let start = ui.cursor().min;
    let width = ui.available_width() - 2.0 * MARGIN;
    let inner = Rect::from_min_size(start + vec2(MARGIN, 0.0), vec2(width, 400.0));
    let mut child = ui.new_child(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::top_down(Align::Min)),
    );
    let name = name_of(item);
    let count = count_of(item);
    let badge = item.n_findings.to_string();
    let height = match (item.key.is_some() && !item.sealed, is_narrow) {
        (false, _) => 44.0,
        (true, true) => 56.0,
        (true, false) => 76.0,
    };
    let mut thumbnail = Thumbnail::new(&name, &count)
        .picture_height(height)
        .selected(item.active);
    if let Some(image) = &item.thumbnail {
        let frame = vec2(child.available_width() - 2.0, height);
        thumbnail = thumbnail.picture(small_texture(child.ctx(), image), cover_uv(image, frame));
    } else if item.sealed {
        thumbnail = thumbnail.icon(Icon::LockKey);
    } else if item.key.is_none() {
        thumbnail = thumbnail.icon(Icon::FileText);
    } else if !item.warnings.is_empty() && 1.0 <= item.decoded {
        thumbnail = thumbnail.icon(Icon::FileX);
    }
    if item.key.is_some() {
        thumbnail = thumbnail.coverage(f32::from(item.viewed_percent) / 100.0);
    }
    if 0 < item.n_findings {
        thumbnail = thumbnail.badge(&badge);
    }
    if !item.warnings.is_empty() {
        thumbnail = thumbnail.caption_tint(theme.warn.ink);
    }
    let response = child.add_enabled(!item.sealed && item.key.is_some(), thumbnail);
    let height = response.rect.height();
    ui.allocate_space(vec2(ui.available_width(), height + 8.0));
    if let Some(key) = item.key.as_ref().filter(|_| !item.sealed) {
        response.dnd_set_drag_payload(key.clone());
        if response.clicked() {
            out.push(ViewCommand::PutSeries(s.active, key.clone()).into());
        }
    }
    let tip = tip_of(item, &name);
    with_tip(response, &tip, &[]);
}

fn name_of(item: &RailItem) -> String {
    if item.sealed {
        t("rail.sealed").to_owned()
    } else if item.key.is_none() {
        t("rail.documents").to_owned()
    } else if item.title.is_empty() {
        item.modality.clone()
    } else {
        item.title.clone()
    }
}

/// The number of images; while they are decoded, how many there are so far.
fn count_of(item: &RailItem) -> String {
    if item.decoded < 1.0 && item.warnings.is_empty() && item.key.is_some() {
        let n_done = (item.decoded * item.n_slices as f32).floor();
        return format!("{n_done:.0}/{}", item.n_slices);
    }
    item.n_slices.to_string()
}

fn tip_of(item: &RailItem, name: &str) -> String {
    let mut lines = vec![t_args(
        "rail.tip",
        &[
            ("name", name),
            ("modality", &item.modality),
            ("n", &count_of(item)),
        ],
    )];
    lines.extend(item.warnings.iter().cloned());
    lines.join(" · ")
}

fn viewed_ui(percent: u8, rect: Rect, ui: &mut Ui, theme: &Theme) {
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        Stroke::new(1.0, theme.st1),
    );
    let mut child = ui.new_child(
        UiBuilder::new()
            .id_salt("viewed")
            .max_rect(rect.shrink(MARGIN)),
    );
    child.spacing_mut().item_spacing.y = 4.0;
    let value = format!("{percent}%");
    sides(
        &mut child,
        14.0,
        &mut (),
        |ui, ()| {
            text_label(ui, t("reading.viewed"), Kind::HINT, theme.t2);
        },
        |ui, ()| {
            text_label(ui, &value, Kind::MONO_SMALL, theme.t1);
        },
    );
    let name = t_args("view.coverage", &[("percent", &percent.to_string())]);
    coverage_bar(&mut child, f32::from(percent) / 100.0, &name);
}
