use case::Settled;
use egui::{Frame, Margin, ScrollArea, Stroke, Ui, UiBuilder, vec2};
use session::{CasePreview, Command, RailGroup, Snapshot, Stage, WorklistRow};
use ui_kit::{
    Button, Chip, Icon, IconWeight, Kind, Reader, Theme, Thumbnail, icon_label, reader_mark, size,
    status_word, t, t_args, text_label, wrapped_label,
};

use super::words::status_look;
use crate::Action;
use crate::bar::sides;
use crate::case_bar::completeness_row;
use crate::textures::{cover_uv, small_texture};

/// Pictures in a row.
const N_PICTURES: usize = 4;

/// What is known of the chosen case before it is opened. Already blinded, as everything here.
pub(super) fn preview_ui(s: &Snapshot, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let Some(preview) = &s.preview else { return };
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0, theme.bg2);
    ui.painter().vline(
        rect.left() + 0.5,
        rect.y_range(),
        Stroke::new(1.0, theme.st1),
    );
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            section(ui, theme, |ui| head_ui(preview, ui, theme, out));
            section(ui, theme, |ui| series_ui(s, preview, ui, theme));
            section(ui, theme, |ui| {
                text_label(ui, t("preview.question"), Kind::LABEL.medium(), theme.t1);
                ui.add_space(4.0);
                let question = if preview.question.is_empty() {
                    t("preview.no_question")
                } else {
                    &preview.question
                };
                wrapped_label(ui, question, Kind::BODY, theme.t2);
            });
            if !preview.completeness.is_empty() {
                section(ui, theme, |ui| completeness_ui(s, preview, ui, theme, out));
            }
            section(ui, theme, |ui| readers_ui(s, preview, ui, theme));
            section(ui, theme, |ui| history_ui(preview, ui, theme));
        });
}

fn section(ui: &mut Ui, theme: &Theme, add: impl FnOnce(&mut Ui)) {
    let shown = Frame::new()
        .inner_margin(Margin::symmetric(16, 12))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui);
        });
    let rect = shown.response.rect;
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
}

fn head_ui(preview: &CasePreview, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let row = &preview.row;
    let look = status_look(row, theme);
    sides(
        ui,
        20.0,
        &mut (),
        |ui, ()| {
            text_label(ui, &row.patient_name, Kind::TITLE, theme.t1);
            text_label(ui, &row.age_sex, Kind::BODY, theme.t2);
        },
        |ui, ()| {
            status_word(
                ui,
                (look.icon, look.weight),
                look.color,
                (look.word, Kind::CONTROL),
                theme.t1,
            );
        },
    );
    ui.add_space(3.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        text_label(ui, &row.patient_id, Kind::MONO_SMALL, theme.t2);
        text_label(ui, "·", Kind::LABEL, theme.t3);
        text_label(ui, &examination(row), Kind::LABEL, theme.t2);
        text_label(ui, "·", Kind::LABEL, theme.t3);
        text_label(ui, &row.study_date, Kind::MONO_SMALL, theme.t2);
    });
    ui.add_space(12.0);
    let (icon, key) = match row.stage {
        Stage::Draft | Stage::Intake | Stage::Ready => (Icon::Play, "preview.start"),
        Stage::Reading => (Icon::Play, "preview.continue"),
        Stage::UnblindedEarly => (Icon::Play, "preview.continue_unblinded"),
        Stage::Sealed => (Icon::LockKey, "preview.open_sealed"),
        Stage::Comparing => (Icon::GitDiff, "preview.open_comparison"),
        Stage::Adjudicating => (Icon::Scales, "preview.open_third"),
        Stage::Feedback
        | Stage::Closed
        | Stage::NonDiagnostic
        | Stage::Withdrawn
        | Stage::OnHold => (Icon::Eye, "preview.view"),
    };
    let width = ui.available_width();
    if ui
        .add(
            Button::primary(t(key))
                .icon(icon)
                .min_width(width)
                .tip(t(key), &["Enter"]),
        )
        .clicked()
    {
        out.push(Command::OpenCase(row.id.clone()).into());
    }
}

/// What was examined; the modality is not said twice.
fn examination(row: &WorklistRow) -> String {
    let said = row
        .description
        .split_whitespace()
        .any(|word| word.eq_ignore_ascii_case(&row.modality));
    if said {
        row.description.clone()
    } else {
        format!("{} {}", row.modality, row.description)
            .trim()
            .to_owned()
    }
}

/// Pictures while the case is the open one; its numbers always.
fn series_ui(s: &Snapshot, preview: &CasePreview, ui: &mut Ui, theme: &Theme) {
    let is_open = s
        .case
        .as_ref()
        .is_some_and(|case| case.id == preview.row.id);
    let series: Vec<_> = s
        .rail
        .iter()
        .filter(|item| {
            is_open && item.group == RailGroup::Current && item.key.is_some() && !item.sealed
        })
        .collect();
    let n_images = preview.n_images.to_string();
    let count = match series.len() {
        0 => t_args("preview.images", &[("images", &n_images)]),
        n => t_args(
            "preview.series_count",
            &[("n", &n.to_string()), ("images", &n_images)],
        ),
    };
    let viewed = format!("{}%", preview.viewed_percent);
    sides(
        ui,
        16.0,
        &mut (),
        |ui, ()| {
            text_label(ui, t("preview.series"), Kind::LABEL.medium(), theme.t1);
            text_label(ui, &count, Kind::MONO_SMALL, theme.t3);
        },
        |ui, ()| {
            text_label(ui, &viewed, Kind::MONO_SMALL, theme.t2);
            text_label(ui, t("preview.viewed"), Kind::LABEL, theme.t3);
        },
    );
    if series.is_empty() {
        return;
    }
    ui.add_space(8.0);
    let width =
        ((ui.available_width() - 8.0 * (N_PICTURES as f32 - 1.0)) / N_PICTURES as f32).floor();
    for row in series.chunks(N_PICTURES) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            for item in row {
                let (_, rect) = ui.allocate_space(vec2(width, 126.0));
                let mut child = ui.new_child(UiBuilder::new().id_salt(&item.key).max_rect(rect));
                let count = item.n_slices.to_string();
                let mut thumbnail = Thumbnail::new(&item.title, &count)
                    .picture_height(80.0)
                    .coverage(f32::from(item.viewed_percent) / 100.0);
                if let Some(image) = &item.thumbnail {
                    let uv = cover_uv(image, vec2(width - 2.0, 80.0));
                    thumbnail = thumbnail.picture(small_texture(child.ctx(), image), uv);
                }
                child.add(thumbnail);
            }
        });
        ui.add_space(4.0);
    }
}

fn completeness_ui(
    s: &Snapshot,
    preview: &CasePreview,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    let n_open = preview
        .completeness
        .iter()
        .filter(|item| item.settled == Settled::No)
        .count();
    let open = t_args("preview.to_settle", &[("n", &n_open.to_string())]);
    sides(
        ui,
        20.0,
        &mut (),
        |ui, ()| {
            text_label(
                ui,
                t("preview.completeness"),
                Kind::LABEL.medium(),
                theme.t1,
            );
        },
        |ui, ()| {
            if 0 < n_open {
                ui.add(Chip::new(&open).icon(Icon::Warning).tint(theme.warn));
            }
        },
    );
    ui.add_space(6.0);
    // Only the open case takes entries.
    let may_accept = s
        .case
        .as_ref()
        .is_some_and(|case| case.id == preview.row.id && case.yours && case.sealed_at.is_none());
    for item in &preview.completeness {
        completeness_row(item, may_accept, ui, theme, out);
    }
}

fn readers_ui(s: &Snapshot, preview: &CasePreview, ui: &mut Ui, theme: &Theme) {
    let row = &preview.row;
    text_label(ui, t("preview.readers"), Kind::LABEL.medium(), theme.t1);
    ui.add_space(8.0);
    let is_open = !row.first_reader.is_empty();
    let first_note = match (preview.report_attached, is_open) {
        (false, _) => t("preview.no_report"),
        (true, false) => t("preview.report_sealed"),
        (true, true) => "",
    };
    ui.horizontal(|ui| {
        reader_mark(ui, Reader::First, t("reader.first"));
        if is_open {
            text_label(ui, &row.first_reader, Kind::BODY, theme.t1);
        }
        text_label(ui, first_note, Kind::LABEL, theme.t3);
        if preview.report_attached && !is_open {
            icon_label(
                ui,
                Icon::LockKey,
                IconWeight::Regular,
                size::ICON_INLINE,
                theme.r1.ink,
            );
        }
    });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        reader_mark(ui, Reader::Second, t("reader.second"));
        // A read that was sealed is somebody's: where no name stands it is not for whoever looks.
        let is_sealed = matches!(
            row.stage,
            Stage::Sealed
                | Stage::Comparing
                | Stage::Adjudicating
                | Stage::Feedback
                | Stage::Closed
        );
        let name = if row.second_reader.is_empty() && is_sealed {
            t("preview.name_closed").to_owned()
        } else if row.second_reader.is_empty() {
            t("preview.nobody").to_owned()
        } else if row.second_reader == s.actor {
            t_args("top.you", &[("name", &row.second_reader)])
        } else {
            row.second_reader.clone()
        };
        text_label(ui, &name, Kind::BODY, theme.t1);
    });
}

fn history_ui(preview: &CasePreview, ui: &mut Ui, theme: &Theme) {
    text_label(ui, t("preview.history"), Kind::LABEL.medium(), theme.t1);
    ui.add_space(8.0);
    for (time, what) in &preview.history {
        ui.horizontal(|ui| {
            let (_, rect) = ui.allocate_space(vec2(112.0, 18.0));
            let mut cell = ui.new_child(
                UiBuilder::new()
                    .max_rect(rect)
                    .layout(egui::Layout::left_to_right(egui::Align::Center)),
            );
            text_label(&mut cell, time, Kind::MONO_SMALL, theme.t3);
            text_label(ui, what, Kind::LABEL, theme.t2);
        });
        ui.add_space(3.0);
    }
}
