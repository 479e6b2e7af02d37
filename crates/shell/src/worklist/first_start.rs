use egui::{
    Align, Color32, CornerRadius, Frame, Layout, Margin, Rect, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use session::commands::ShellAction;
use session::{PicturesBy, Snapshot};
use ui_kit::{
    Button, Icon, IconWeight, Kind, Theme, brand_rings, icon_label, key_caps, paint_dashed_rect,
    radius, size, t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::{focus_ring, sides};
use crate::keys::{as_caps, keys_of};

/// Widths of the two columns and the gap between them, points.
const LEFT: f32 = 720.0;
const RIGHT: f32 = 400.0;
const GAP: f32 = 56.0;
/// Height of what is shown, about; it is centred by this.
const HEIGHT: f32 = 470.0;
/// Steps of grey that the display is tried with.
const N_GREYS: usize = 16;

/// How to begin, while there is no case.
#[derive(Default)]
pub(super) struct FirstStart {
    tries_display: bool,
}

impl FirstStart {
    pub(super) fn first_start_ui(
        &mut self,
        s: &Snapshot,
        pictures_by: PicturesBy,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let body = ui.max_rect();
        let right = RIGHT.min(body.width() * 0.34);
        let left = LEFT.min(body.width() - right - GAP - 80.0);
        let top = body.top() + ((body.height() - HEIGHT) / 2.0 - 20.0).max(24.0);
        let start = body.center().x - (left + GAP + right) / 2.0;
        let column = |x: f32, width: f32, y: f32| {
            Rect::from_min_max(pos2(x, y), pos2(x + width, body.bottom() - 8.0))
        };
        let mut child = ui.new_child(
            UiBuilder::new()
                .id_salt("begin")
                .max_rect(column(start, left, top)),
        );
        begin_ui(s, &mut child, theme, out);
        let rect = column(start + left + GAP, right, top + 40.0);
        let mut child = ui.new_child(UiBuilder::new().id_salt("ready check").max_rect(rect));
        ScrollArea::vertical().show(&mut child, |ui| self.ready_ui(pictures_by, ui, theme));
    }

    fn ready_ui(&mut self, pictures_by: PicturesBy, ui: &mut Ui, theme: &Theme) {
        let frame = Frame::new()
            .fill(theme.bg3)
            .stroke(Stroke::new(1.0, theme.st1))
            .corner_radius(CornerRadius::same(radius::DIALOG))
            .inner_margin(Margin::symmetric(18, 16));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            let graphics = match pictures_by {
                PicturesBy::Window => "start.check.graphics.gpu_found",
                PicturesBy::Session => "start.check.graphics.cpu",
            };
            let n_good = 3 + usize::from(pictures_by == PicturesBy::Window);
            let count = t_args(
                "start.ready.count",
                &[("n", &n_good.to_string()), ("total", "5")],
            );
            sides(
                ui,
                20.0,
                &mut (),
                |ui, ()| {
                    text_label(ui, t("start.ready"), Kind::CARD_TITLE, theme.t1);
                },
                |ui, ()| {
                    text_label(ui, &count, Kind::LABEL, theme.t2);
                },
            );
            ui.add_space(2.0);
            text_label(ui, t("start.ready.hint"), Kind::LABEL, theme.t3);
            ui.add_space(12.0);
            let drawn_well = pictures_by == PicturesBy::Window;
            check_ui(
                ui,
                drawn_well,
                t("start.check.graphics"),
                t(graphics),
                theme,
            );
            check_ui(
                ui,
                true,
                t("start.check.library"),
                t("start.check.library.here"),
                theme,
            );
            check_ui(
                ui,
                true,
                t("start.check.record"),
                t("start.check.record.text"),
                theme,
            );
            check_ui(
                ui,
                true,
                t("start.check.offline"),
                t("start.check.offline.text"),
                theme,
            );
            self.display_ui(ui, theme);
            ui.add_space(10.0);
            ui.horizontal_top(|ui| {
                icon_label(
                    ui,
                    Icon::Info,
                    IconWeight::Regular,
                    size::ICON_INLINE,
                    theme.t3,
                );
                wrapped_label(ui, t("start.not_primary"), Kind::LABEL, theme.t3);
            });
        });
    }

    /// Grey steps that an eye, and no software, can tell apart.
    fn display_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        sides(
            ui,
            53.0,
            self,
            |ui, _| {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    icon_label(
                        ui,
                        Icon::Warning,
                        IconWeight::Filled,
                        size::ICON,
                        theme.warn.ink,
                    );
                    ui.vertical(|ui| {
                        ui.add_space(8.0);
                        ui.spacing_mut().item_spacing.y = 1.0;
                        text_label(ui, t("start.check.display"), Kind::BODY, theme.t1);
                        text_label(ui, t("start.check.display.text"), Kind::LABEL, theme.t3);
                    });
                });
            },
            |ui, start| {
                if ui
                    .add(Button::new(t("start.check.display.go")).small())
                    .clicked()
                {
                    start.tries_display = !start.tries_display;
                }
            },
        );
        if self.tries_display {
            let (rect, _) =
                ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
            for step_idx in 0..N_GREYS {
                let share = |idx: usize| rect.left() + rect.width() * idx as f32 / N_GREYS as f32;
                let patch =
                    Rect::from_x_y_ranges(share(step_idx)..=share(step_idx + 1), rect.y_range());
                let grey = (step_idx * 255 / (N_GREYS - 1)) as u8;
                ui.painter().rect_filled(patch, 0, Color32::from_gray(grey));
                // A smaller patch, five per cent lighter or darker, as on a test picture.
                let inner = if grey < 128 { grey + 13 } else { grey - 13 };
                ui.painter()
                    .rect_filled(patch.shrink(8.0), 0, Color32::from_gray(inner));
            }
            ui.add_space(6.0);
            wrapped_label(ui, t("start.check.display.steps"), Kind::LABEL, theme.t2);
            ui.add_space(6.0);
        }
        let line = ui.cursor().top();
        ui.painter()
            .hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.st1));
    }
}

fn check_ui(ui: &mut Ui, good: bool, title: &str, text: &str, theme: &Theme) {
    let (icon, color) = if good {
        (Icon::CheckCircle, theme.ok)
    } else {
        (Icon::Warning, theme.warn.ink)
    };
    ui.add_space(9.0);
    ui.horizontal_top(|ui| {
        ui.add_space(1.0);
        icon_label(ui, icon, IconWeight::Filled, size::ICON, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            text_label(ui, title, Kind::BODY, theme.t1);
            wrapped_label(ui, text, Kind::LABEL, theme.t3);
        });
    });
    ui.add_space(9.0);
    let line = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), line, Stroke::new(1.0, theme.st1));
}

fn begin_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    brand_rings(ui, 44.0);
    ui.add_space(18.0);
    text_label(ui, t("start.title"), Kind::START, theme.t1);
    ui.add_space(6.0);
    ui.scope(|ui| {
        ui.set_max_width(600.0);
        wrapped_label(ui, t("start.text"), Kind::LEAD, theme.t2);
    });
    ui.add_space(26.0);
    drop_zone_ui(ui, theme);
    ui.add_space(12.0);
    let width = ((ui.available_width() - 10.0) / 2.0).floor();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        for (id, icon, key, hint, action) in [
            (
                "open_folder",
                Icon::FolderOpen,
                "action.open_folder",
                "start.folder.hint",
                ShellAction::OpenFolder,
            ),
            (
                "open_archive",
                Icon::FileZip,
                "action.open_zip",
                "start.zip.hint",
                ShellAction::OpenArchive,
            ),
        ] {
            if way_ui(s, ui, (width, id), (icon, t(key), t(hint)), theme) {
                out.push(Action::Shell(action));
            }
        }
    });
    ui.add_space(12.0);
    super::protocol_ui(s, ui, out);
}

fn drop_zone_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 132.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, t("start.drop")));
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::DIALOG), theme.bg1);
    paint_dashed_rect(ui.painter(), rect, radius::DIALOG, theme.st3);
    let inner = rect.shrink2(vec2(12.0, 24.0));
    let mut child = ui.new_child(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::top_down(Align::Center)),
    );
    child.spacing_mut().item_spacing.y = 8.0;
    icon_label(
        &mut child,
        Icon::DownloadSimple,
        IconWeight::Regular,
        26.0,
        theme.ac,
    );
    text_label(&mut child, t("start.drop"), Kind::LEAD.medium(), theme.t1);
    text_label(&mut child, t("start.drop.hint"), Kind::LABEL, theme.t3);
}

/// A large button for one way to begin.
fn way_ui(
    s: &Snapshot,
    ui: &mut Ui,
    (width, id): (f32, &str),
    (icon, title, hint): (Icon, &str, &str),
    theme: &Theme,
) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 66.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    let fill = if response.hovered() {
        theme.bg4
    } else {
        theme.bg3
    };
    let corner = CornerRadius::same(radius::DASHBOARD);
    ui.painter().rect(
        rect,
        corner,
        fill,
        Stroke::new(1.0, theme.st2),
        StrokeKind::Inside,
    );
    let plate = Rect::from_min_size(rect.min + vec2(16.0, 15.0), vec2(36.0, 36.0));
    ui.painter()
        .rect_filled(plate, CornerRadius::same(radius::CARD), theme.bg4);
    let centred = Layout::centered_and_justified(egui::Direction::LeftToRight);
    let mut on_plate = ui.new_child(
        UiBuilder::new()
            .id_salt((id, "plate"))
            .max_rect(plate)
            .layout(centred),
    );
    icon_label(&mut on_plate, icon, IconWeight::Regular, 20.0, theme.t1);
    let inner = Rect::from_min_max(
        pos2(plate.right() + 12.0, rect.top() + 14.0),
        rect.max - vec2(16.0, 14.0),
    );
    let mut row = ui.new_child(UiBuilder::new().id_salt((id, "words")).max_rect(inner));
    let keys = keys_of(s, id);
    let caps = as_caps(&keys);
    sides(
        &mut row,
        38.0,
        &mut (),
        |ui, ()| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                text_label(ui, title, Kind::BODY.medium(), theme.t1);
                text_label(ui, hint, Kind::LABEL, theme.t2);
            });
        },
        |ui, ()| {
            ui.horizontal(|ui| key_caps(ui, &caps));
        },
    );
    focus_ring(ui, &response, radius::DIALOG);
    response.clicked()
}
