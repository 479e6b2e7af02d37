use egui::{Color32, CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use session::{Assertion, FindingCard, ReadCommand, Snapshot};
use ui_kit::{
    Card, Icon, IconButton, IconWeight, Kind, Theme, confidence_dashes, icon_label, id_badge,
    radius, size, t, t_args, text_label,
};

use crate::Action;
use crate::bar::sides;
use crate::textures::{cover_uv, small_texture};
use crate::wording::{CONFIDENCES, confidence_idx};

/// Side of the picture, points.
const PICTURE: f32 = 56.0;

/// What the reader did with a card.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CardEvent {
    /// It is to be edited: by its pencil, a double click, or Enter.
    pub(super) wants_edit: bool,
    /// The pointer rests on it.
    pub(super) is_pointed: bool,
}

/// A finding in the list.
pub(super) fn finding_card_ui(
    s: &Snapshot,
    card: &FindingCard,
    may_edit: bool,
    ui: &mut Ui,
    theme: &Theme,
    out: &mut Vec<Action>,
) -> CardEvent {
    let id = card.finding.id.to_string();
    let is_selected = s.selected_finding == Some(card.finding.id);
    let title = title_of(card, may_edit);
    let name = format!("{id} {title}");
    let mut wants_edit = false;
    let shown = Card::new(&name).selected(is_selected).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            picture_ui(card, ui, theme);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
                sides(
                    ui,
                    20.0,
                    &mut wants_edit,
                    |ui, _| {
                        id_badge(ui, &id, theme.r2.ink, theme.on_reader[1]);
                        let ink = if card.finding.concept.is_empty() {
                            theme.t3
                        } else {
                            theme.t1
                        };
                        text_label(ui, title, Kind::BODY.medium(), ink);
                    },
                    |ui, wants_edit| {
                        if may_edit && is_selected {
                            *wants_edit |= ui
                                .add(IconButton::small(Icon::PencilSimple, t("action.edit")))
                                .clicked();
                        }
                    },
                );
                text_label(ui, &place_of(card), Kind::LABEL, theme.t2);
                facts_ui(card, ui, theme);
            });
        });
    });
    let response = shown.response;
    if response.clicked() && !is_selected {
        out.push(ReadCommand::Select(Some(card.finding.id)).into());
    }
    let by_key = response.has_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let wants_edit =
        may_edit && (wants_edit || response.double_clicked() || (by_key && is_selected));
    CardEvent {
        wants_edit,
        is_pointed: response.contains_pointer(),
    }
}

/// The title, or what the reader is to enter.
fn title_of(card: &FindingCard, may_edit: bool) -> &str {
    let waits = card.title.is_empty() || (may_edit && card.finding.concept.is_empty());
    if waits {
        t("finding.title")
    } else {
        &card.title
    }
}

/// Where it is, in the reader's words, and whether it is said not to be there.
fn place_of(card: &FindingCard) -> String {
    let finding = &card.finding;
    let assertion =
        (finding.assertion != Assertion::Present).then(|| finding.assertion.label().to_owned());
    let side = finding.side.map(|side| side.label().to_owned());
    let parts = [assertion, side, finding.site.clone(), finding.level.clone()];
    parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn facts_ui(card: &FindingCard, ui: &mut Ui, theme: &Theme) {
    sides(
        ui,
        18.0,
        &mut (),
        |ui, ()| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (text, ink) in [(&card.size_text, theme.t1), (&card.image_text, theme.t3)] {
                if !text.is_empty() {
                    text_label(ui, text, Kind::MONO_SMALL, ink);
                }
            }
        },
        |ui, ()| {
            if let Some(percent) = card.finding.confidence {
                let choice_idx = confidence_idx(percent);
                let word = CONFIDENCES.get(choice_idx).map_or("", |(_, key)| t(key));
                confidence_dashes(ui, choice_idx + 1, word);
            }
        },
    );
}

/// The picture that shows it best.
pub(super) fn picture_ui(card: &FindingCard, ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(PICTURE, PICTURE), Sense::hover());
    ui.painter()
        .rect_filled(rect, CornerRadius::same(radius::KEY), theme.bg0);
    match &card.thumbnail {
        Some(image) => {
            let uv = cover_uv(image, rect.size());
            ui.painter().image(
                small_texture(ui.ctx(), image),
                rect.shrink(1.0),
                uv,
                Color32::WHITE,
            );
        }
        None => {
            let at =
                Rect::from_center_size(pos2(rect.center().x, rect.center().y), vec2(18.0, 18.0));
            let mut child = ui.new_child(egui::UiBuilder::new().max_rect(at));
            icon_label(
                &mut child,
                Icon::ImageSquare,
                IconWeight::Regular,
                size::ICON_TOOL,
                theme.st3,
            );
        }
    }
    let edge = Stroke::new(1.0, theme.st1);
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(radius::KEY),
        edge,
        StrokeKind::Inside,
    );
}

/// The name of a finding in sentences: `F1`.
pub(super) fn remove_words(card: &FindingCard) -> String {
    t_args("reading.remove", &[("id", &card.finding.id.to_string())])
}
