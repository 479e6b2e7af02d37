use egui::{Align, CornerRadius, Frame, Layout, Margin, Rect, Role, Stroke, Ui, WidgetInfo, vec2};
use session::commands::ShellAction;
use session::{CaseSnapshot, ReadCommand, Stage};
use ui_kit::{
    Button, Chip, HoldButton, Icon, IconWeight, Kind, Reader, Theme, dashed_card, icon_label,
    panel_header, radius, reader_mark, redaction_bars, size, t, text_label, wrapped_label,
};

use crate::Action;

/// From the left edge of the card to its words.
const INDENT: f32 = 44.0;

/// The closed first report: that it is there, when it opens, and what opening it now would mean. Never a word of it.
pub(super) fn sealed_report_ui(
    case: &CaseSnapshot,
    compact: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) {
    panel_header(ui, |ui| {
        reader_mark(ui, Reader::First, t("reader.first"));
        text_label(ui, t("reading.report"), Kind::CONTROL.semibold(), theme.t1);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if case.report_attached {
                ui.add(
                    Chip::new(t("reading.sealed"))
                        .filled_icon(Icon::LockKey)
                        .tint(theme.r1),
                );
            }
        });
    });
    let frame = Frame::new().inner_margin(Margin::same(12));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        if case.report_attached {
            card_ui(case, compact, ui, theme, out)
        } else {
            absent_ui(ui, theme, out)
        }
    });
    let rect = shown.response.rect;
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, theme.st1),
    );
}

fn absent_ui(ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    dashed_card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        text_label(
            ui,
            t("reading.no_report.title"),
            Kind::BODY.medium(),
            theme.t1,
        );
        wrapped_label(ui, t("reading.no_report.text"), Kind::LABEL, theme.t2);
        ui.add_space(4.0);
        if ui
            .add(
                Button::new(t("preview.attach_report"))
                    .icon(Icon::NotePencil)
                    .small(),
            )
            .clicked()
        {
            out.push(Action::Shell(ShellAction::AttachReport));
        }
    });
}

fn card_ui(case: &CaseSnapshot, compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let frame = Frame::new()
        .fill(theme.sealed_bg)
        .stroke(Stroke::new(1.0, theme.r1.edge))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::same(14));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        let is_sealed_read = case.stage == Stage::Sealed;
        words_ui(is_sealed_read, compact, ui, theme);
        if !compact {
            ui.add_space(14.0);
            indented(ui, redaction_bars);
        }
        ui.add_space(if compact { 10.0 } else { 14.0 });
        if is_sealed_read {
            indented(ui, |ui| open_ui(ui, out));
        } else {
            indented(ui, |ui| early_ui(compact, ui, theme, out));
        }
    });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Group, true, t("reading.sealed.accessible")));
}

fn words_ui(is_sealed_read: bool, compact: bool, ui: &mut Ui, theme: &Theme) {
    let plate = Rect::from_min_size(ui.cursor().min, vec2(32.0, 32.0));
    ui.painter()
        .rect_filled(plate, CornerRadius::same(radius::CARD), theme.r1.fill);
    let mut on_plate = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(plate)
            .layout(Layout::centered_and_justified(egui::Direction::LeftToRight)),
    );
    icon_label(
        &mut on_plate,
        Icon::LockKey,
        IconWeight::Regular,
        size::ICON_TOOL,
        theme.r1.ink,
    );
    indented(ui, |ui| {
        let (title, text) = match (is_sealed_read, compact) {
            (true, _) => ("reading.ready_to_open.title", "reading.ready_to_open.text"),
            (false, true) => ("reading.sealed.title", "reading.sealed.text_short"),
            (false, false) => ("reading.sealed.title", "reading.sealed.text"),
        };
        text_label(ui, t(title), Kind::BODY.medium(), theme.t1);
        ui.add_space(3.0);
        wrapped_label(ui, t(text), Kind::LABEL, theme.t2);
    });
}

/// The report may be opened: the read is sealed.
fn open_ui(ui: &mut Ui, out: &mut Vec<Action>) {
    let label = t("reading.open_report");
    if ui
        .add(
            Button::new(label)
                .icon(Icon::Eye)
                .tip(label, &["Ctrl", "Enter"]),
        )
        .clicked()
    {
        out.push(ReadCommand::Reveal { urgent: None }.into());
    }
}

/// Opening it before the seal: a hold, and its consequence beside it.
fn early_ui(compact: bool, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    let mut hold = |ui: &mut Ui| {
        if HoldButton::new(t("reading.hold_reveal"))
            .icon(Icon::Eye)
            .show(ui)
            .completed()
        {
            out.push(Action::Shell(ShellAction::RevealEarly));
        }
    };
    if compact {
        hold(ui);
        ui.add_space(8.0);
        consequence_ui(ui, theme);
    } else {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            hold(ui);
            ui.vertical(|ui| consequence_ui(ui, theme));
        });
    }
}

/// The sentence with the word that matters in the seal's colour.
fn consequence_ui(ui: &mut Ui, theme: &Theme) {
    let sentence = t("reading.reveal_consequence");
    let weighty = t("reading.unblinded_word");
    let mut job = egui::text::LayoutJob::default();
    let (before, after) = sentence.split_once(weighty).unwrap_or((sentence, ""));
    job.append(before, 0.0, Kind::HINT.format(theme.t2));
    if before != sentence {
        job.append(weighty, 0.0, Kind::HINT.medium().format(theme.r1.ink));
        job.append(after, 0.0, Kind::HINT.format(theme.t2));
    }
    ui.add(egui::Label::new(job).wrap());
}

fn indented(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(INDENT);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.x = 8.0;
            add(ui);
        });
    });
}
