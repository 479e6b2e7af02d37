use egui::{ScrollArea, Ui, vec2};
use session::{Capture, Detail, DetailKind, DetailValue, Fidelity, SpacingSource};
use ui_kit::{Button, Icon, Kind, Theme, t, text_label, wrapped_label};

use super::LIST_HEIGHT;
use crate::viewport::window_why_words;
use crate::{Action, UiAction};

/// Width of the words before a fact, points.
const WORD_WIDTH: f32 = 200.0;

/// What is known of the series, a line a fact.
pub(super) fn details_ui(details: &[Detail], ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    ScrollArea::vertical()
        .max_height(LIST_HEIGHT)
        .min_scrolled_height(LIST_HEIGHT)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for detail in details {
                ui.horizontal_top(|ui| {
                    ui.allocate_ui(vec2(WORD_WIDTH, 18.0), |ui| {
                        ui.set_min_width(WORD_WIDTH);
                        text_label(ui, kind_word(detail.kind), Kind::LABEL, theme.t2);
                    });
                    let color = match detail.value {
                        DetailValue::Warning(_) => theme.warn.ink,
                        _ => theme.t1,
                    };
                    wrapped_label(ui, &value_words(&detail.value), Kind::BODY, color);
                });
            }
        });
    if ui
        .add(Button::new(t("attributes.copy_all")).icon(Icon::Copy))
        .clicked()
    {
        let line = |d: &Detail| format!("{}\t{}", kind_word(d.kind), value_words(&d.value));
        let lines: Vec<String> = details.iter().map(line).collect();
        out.push(UiAction::CopyText(lines.join("\n")).into());
    }
}

fn kind_word(kind: DetailKind) -> &'static str {
    match kind {
        DetailKind::SeriesUid => t("details.series_uid"),
        DetailKind::Modality => t("details.modality"),
        DetailKind::Kind => t("details.kind"),
        DetailKind::Size => t("details.size"),
        DetailKind::Missing => t("details.missing"),
        DetailKind::Spacing => t("details.spacing"),
        DetailKind::SpacingFrom => t("details.spacing_from"),
        DetailKind::Origin => t("details.origin"),
        DetailKind::Directions => t("details.directions"),
        DetailKind::Edges => t("details.edges"),
        DetailKind::FrameOfReference => t("details.frame_of_reference"),
        DetailKind::Photometric => t("details.photometric"),
        DetailKind::Bits => t("details.bits"),
        DetailKind::Unit => t("details.unit"),
        DetailKind::Quantity => t("details.quantity"),
        DetailKind::Window => t("details.window"),
        DetailKind::TransferSyntax => t("details.transfer_syntax"),
        DetailKind::Fidelity => t("details.fidelity"),
        DetailKind::Capture => t("details.capture"),
        DetailKind::Warning => t("details.warning"),
    }
}

fn value_words(value: &DetailValue) -> String {
    match value {
        DetailValue::Text(text) | DetailValue::Warning(text) => text.clone(),
        DetailValue::Spacing(source) => spacing_words(*source).to_owned(),
        DetailValue::Fidelity(Fidelity::Lossless) => t("details.lossless").to_owned(),
        DetailValue::Fidelity(Fidelity::Lossy) => t("details.lossy").to_owned(),
        DetailValue::Capture(Capture::Acquired) => t("details.acquired").to_owned(),
        DetailValue::Capture(Capture::Secondary) => t("details.secondary").to_owned(),
        DetailValue::Window(why) => window_why_words(why),
    }
}

/// Where millimetres come from, and how far they can be trusted.
fn spacing_words(source: SpacingSource) -> &'static str {
    match source {
        SpacingSource::PixelSpacing => t("spacing.pixel"),
        SpacingSource::CalibratedPixelSpacing => t("spacing.calibrated"),
        SpacingSource::ImagerPixelSpacing => t("spacing.detector"),
        SpacingSource::ImagerPixelSpacingMagnificationCorrected => t("spacing.magnification"),
        SpacingSource::ImagerPixelSpacingDistanceCorrected => t("spacing.distance"),
        SpacingSource::NominalScannedPixelSpacing => t("spacing.nominal"),
        SpacingSource::UltrasoundRegion => t("spacing.ultrasound"),
        SpacingSource::Unknown => t("spacing.unknown"),
    }
}
