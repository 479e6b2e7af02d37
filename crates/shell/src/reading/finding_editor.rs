use egui::{Ui, vec2};
use session::{
    Assertion, Change, Finding, FindingCard, FindingField, FindingId, ReadCommand, Severity, Side,
    Snapshot, ViewCommand,
};
use ui_kit::{
    Button, Card, Icon, IconButton, Kind, MenuItem, Segment, Segmented, TextArea, TextField, Theme,
    id_badge, t, text_label,
};

use super::finding_card::{picture_ui, remove_words};
use super::finding_category::CategoryFields;
use crate::Action;
use crate::bar::sides;
use crate::draft::Draft;
use crate::wording::{CONFIDENCES, confidence_idx};

/// Width of the words before the fields, points.
const LABEL: f32 = 76.0;
/// Height of the list of marks, points: four rows, the rest scrolls.
const MARKS_HEIGHT: f32 = 112.0;

/// A finding while it is edited. Choices go on record at once, words when the field is left or typing rests.
pub(super) struct FindingEditor {
    id: FindingId,
    concept: Draft,
    site: Draft,
    level: Draft,
    note: Draft,
    category: CategoryFields,
    /// Does the first field still wait for the keyboard?
    wants_focus: bool,
}

impl FindingEditor {
    pub(super) fn new(finding: &Finding) -> Self {
        let mut editor = Self {
            id: finding.id,
            concept: Draft::default(),
            site: Draft::default(),
            level: Draft::default(),
            note: Draft::default(),
            category: CategoryFields::default(),
            wants_focus: finding.concept.is_empty(),
        };
        editor.follow(finding);
        editor
    }

    pub(super) fn id(&self) -> FindingId {
        self.id
    }

    /// Takes over what the record says.
    pub(super) fn follow(&mut self, finding: &Finding) {
        self.concept.follow(&finding.concept);
        self.site.follow(finding.site.as_deref().unwrap_or(""));
        self.level.follow(finding.level.as_deref().unwrap_or(""));
        self.note.follow(&finding.note);
    }

    /// Puts on record what was typed and is not on it yet.
    pub(super) fn take(&mut self, out: &mut Vec<Action>) {
        let id = self.id;
        let mut put = |field: Option<FindingField>| out.extend(field.map(|field| set(id, field)));
        put(self.concept.take().map(FindingField::Concept));
        put(self
            .site
            .take()
            .map(|text| FindingField::Site(filled(text))));
        put(self
            .level
            .take()
            .map(|text| FindingField::Level(filled(text))));
        put(self.note.take().map(FindingField::Note));
    }

    /// Shows the form; true when the reader is done with it.
    pub(super) fn finding_editor_ui(
        &mut self,
        s: &Snapshot,
        card: &FindingCard,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) -> bool {
        let id = card.finding.id.to_string();
        let mut done = false;
        Card::plain(&id).selected(true).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            self.head_ui(card, ui, theme, out, &mut done);
            self.choices_ui(&card.finding, ui, theme, out);
            self.category.category_ui(&card.finding, ui, theme, out);
            self.words_ui(ui, theme, out);
            marks_ui(card, ui, theme, out);
            foot_ui(s, card, ui, out, &mut done);
        });
        done
    }

    fn head_ui(
        &mut self,
        card: &FindingCard,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
        done: &mut bool,
    ) {
        let id = card.finding.id.to_string();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            picture_ui(card, ui, theme);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
                sides(
                    ui,
                    22.0,
                    done,
                    |ui, _| {
                        id_badge(ui, &id, theme.r2.ink, theme.on_reader[1]);
                        for (text, ink) in
                            [(&card.size_text, theme.t1), (&card.image_text, theme.t3)]
                        {
                            if !text.is_empty() {
                                text_label(ui, text, Kind::MONO_SMALL, ink);
                            }
                        }
                    },
                    |ui, done| {
                        *done |= ui
                            .add(IconButton::small(Icon::Check, t("finding.done")))
                            .clicked()
                    },
                );
                let field = TextField::new(&mut self.concept.text, t("finding.title"))
                    .hint(t("finding.concept_hint"));
                let response = field.kind(Kind::BODY).show(ui);
                if self.wants_focus {
                    self.wants_focus = false;
                    response.request_focus();
                }
                let by_enter =
                    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                *done |= by_enter;
                out.extend(
                    self.concept
                        .after(&response)
                        .map(|text| set(self.id, FindingField::Concept(text))),
                );
            });
        });
    }

    fn choices_ui(&mut self, finding: &Finding, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let id = self.id;
        // The patient's right is at the left, as in the pictures. All but the assertion may be left open: a second press
        // takes a choice back.
        let sides = [Side::Right, Side::Bilateral, Side::Left];
        let words = [
            t("finding.side.right"),
            t("finding.side.both"),
            t("finding.side.left"),
        ];
        let chosen = sides.iter().position(|side| Some(*side) == finding.side);
        if let Some(idx) = choice(ui, theme, t("finding.side"), &words, chosen) {
            let side = sides.get(idx).copied().filter(|_| chosen != Some(idx));
            out.push(set(id, FindingField::Side(side)));
        }
        let assertions = [Assertion::Present, Assertion::Possible, Assertion::Absent];
        let words = assertions.map(Assertion::label);
        let chosen = assertions
            .iter()
            .position(|assertion| *assertion == finding.assertion);
        if let Some(assertion) = choice(ui, theme, t("finding.assertion"), &words, chosen)
            .and_then(|i| assertions.get(i))
        {
            out.push(set(id, FindingField::Assertion(*assertion)));
        }
        let words: Vec<&str> = Severity::ALL
            .iter()
            .map(|severity| severity.label())
            .collect();
        let chosen = Severity::ALL
            .iter()
            .position(|severity| Some(*severity) == finding.severity);
        if let Some(idx) = choice(ui, theme, t("finding.severity"), &words, chosen) {
            let severity = Severity::ALL
                .get(idx)
                .copied()
                .filter(|_| chosen != Some(idx));
            out.push(set(id, FindingField::Severity(severity)));
        }
        let words = [
            t("finding.change.new"),
            t("finding.change.increased"),
            t("finding.change.stable"),
            t("finding.change.decreased"),
            t("finding.change.resolved"),
        ];
        let chosen = Change::ALL
            .iter()
            .position(|change| Some(*change) == finding.change);
        if let Some(idx) = choice(ui, theme, t("finding.change"), &words, chosen) {
            let change = Change::ALL
                .get(idx)
                .copied()
                .filter(|_| chosen != Some(idx));
            out.push(set(id, FindingField::Change(change)));
        }
        let words = CONFIDENCES.map(|(_, key)| t(key));
        let chosen = finding.confidence.map(confidence_idx);
        if let Some(idx) = choice(ui, theme, t("confidence.title"), &words, chosen) {
            let percent = CONFIDENCES
                .get(idx)
                .map(|(percent, _)| *percent)
                .filter(|_| chosen != Some(idx));
            out.push(set(id, FindingField::Confidence(percent)));
        }
    }

    fn words_ui(&mut self, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        let id = self.id;
        labelled(ui, theme, t("finding.place"), |ui| {
            let width = (ui.available_width() - 6.0) / 2.0;
            ui.spacing_mut().item_spacing.x = 6.0;
            let site = TextField::new(&mut self.site.text, t("finding.site"))
                .hint(t("finding.site"))
                .width(width)
                .show(ui);
            out.extend(
                self.site
                    .after(&site)
                    .map(|text| set(id, FindingField::Site(filled(text)))),
            );
            let field = TextField::new(&mut self.level.text, t("finding.level"))
                .hint(t("finding.level"))
                .width(width);
            let level = field.show(ui);
            out.extend(
                self.level
                    .after(&level)
                    .map(|text| set(id, FindingField::Level(filled(text)))),
            );
        });
        labelled(ui, theme, t("finding.note"), |ui| {
            let area = TextArea::new(&mut self.note.text, t("finding.note"), 54.0)
                .hint(t("finding.note_hint"));
            let response = area.kind(Kind::CONTROL).show(ui);
            out.extend(
                self.note
                    .after(&response)
                    .map(|text| set(id, FindingField::Note(text))),
            );
        });
    }
}

/// The marks, each a way to its place.
fn marks_ui(card: &FindingCard, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
    if card.marks.is_empty() {
        return;
    }
    text_label(ui, t("finding.marks"), Kind::LABEL, theme.t2);
    egui::ScrollArea::vertical()
        .id_salt("marks")
        .max_height(MARKS_HEIGHT)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (mark_idx, mark) in card.marks.iter().enumerate() {
                let row = MenuItem::new(&mark.label)
                    .icon(Icon::MapPin)
                    .value(&mark.image_text);
                if ui.push_id(mark_idx, |ui| ui.add(row)).inner.clicked() {
                    out.push(ViewCommand::GoToMark(mark.id).into());
                }
            }
        });
}

fn foot_ui(s: &Snapshot, card: &FindingCard, ui: &mut Ui, out: &mut Vec<Action>, done: &mut bool) {
    let id = card.finding.id;
    let mut state = (out, done);
    sides(
        ui,
        26.0,
        &mut state,
        |ui, (out, _)| {
            let name = remove_words(card);
            if ui
                .add(
                    Button::ghost(t("action.delete"))
                        .icon(Icon::Trash)
                        .small()
                        .tip(&name, &[]),
                )
                .clicked()
            {
                out.push(ReadCommand::RemoveFinding(id).into());
            }
            let has_view = s
                .views
                .iter()
                .any(|view| view.idx == s.active && view.key.is_some());
            let button = Button::ghost(t("menu.key_image"))
                .icon(Icon::ImageSquare)
                .small();
            if ui
                .add_enabled(has_view, button.tip(t("finding.take_picture"), &["K"]))
                .clicked()
            {
                out.push(ReadCommand::TakeKeyImage.into());
            }
        },
        |ui, (_, done)| **done |= ui.add(Button::new(t("finding.done")).small()).clicked(),
    );
}

/// A row of choices after its word; the index that was pressed.
fn choice(
    ui: &mut Ui,
    theme: &Theme,
    name: &str,
    words: &[&str],
    chosen_idx: Option<usize>,
) -> Option<usize> {
    let segments: Vec<Segment> = words.iter().map(|word| Segment::new(word)).collect();
    labelled(ui, theme, name, |ui| {
        let width = ui.available_width();
        Segmented::new(name, &segments, chosen_idx)
            .width(width)
            .show(ui)
    })
}

pub(super) fn labelled<R>(
    ui: &mut Ui,
    theme: &Theme,
    name: &str,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let (_, rect) = ui.allocate_space(vec2(LABEL, 26.0));
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        let mut label = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
        text_label(&mut label, name, Kind::LABEL, theme.t2);
        add(ui)
    })
    .inner
}

pub(super) fn set(id: FindingId, field: FindingField) -> Action {
    ReadCommand::SetField(id, field).into()
}

/// A field that was emptied says nothing.
fn filled(text: String) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
