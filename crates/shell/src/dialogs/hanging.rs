//! The editor of hanging protocols: what is on screen, or one of the reader's own, to be changed, named and kept.

use std::sync::Arc;

use egui::{ScrollArea, Ui};
use session::{
    Applies, HangingProtocol, HungView, HungWindow, Need, PriorNeed, SeriesRule, Show, Snapshot,
    ViewCommand, WhichStudy, window_number,
};
use ui_kit::{
    Button, Dropdown, Icon, IconButton, Kind, MenuItem, Segment, Segmented, TextField, Theme, Tone,
    check_box, inline_message, t, t_args, text_label, wrapped_label,
};

use super::editor::{Columns, EditorFrame};
use crate::Action;
use crate::bar::sides;

const COLUMNS: Columns = Columns {
    word: 150.0,
    field: 330.0,
};
/// Height of the list of views, points.
const VIEWS_HEIGHT: f32 = 260.0;

/// The editor, closed at first.
#[derive(Default)]
pub(super) struct HangingEditor {
    edited: Option<Edited>,
}

/// A protocol as it is typed.
struct Edited {
    protocol: HangingProtocol,
    /// Lists as text, parts set apart by commas.
    modality: String,
    body_part: String,
    description: String,
    /// For each view the words of the description of its series.
    words: Vec<String>,
    /// The name it was opened with, if it is one of the reader's own.
    own_name: Option<String>,
}

impl HangingEditor {
    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.edited.is_some()
    }

    /// Opens with what is on screen.
    pub(super) fn open(&mut self, s: &Snapshot) {
        self.edited = s.hanging.draft.as_deref().map(|draft| {
            let mut edited = Edited::of(draft.clone());
            // One that came with the program is not changed; its place on screen is the start of a new one.
            edited.protocol.name.clear();
            edited
        });
    }

    /// Draws it while it is open.
    pub(super) fn editor_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(edited) = &mut self.edited else {
            return;
        };
        let mut open = true;
        let mut next = Next::Stay;
        let frame = EditorFrame {
            title: "hanging.title",
            subtitle: "hanging.subtitle",
            icon: Icon::Layout,
            width: 760.0,
        };
        if let Some(asked) = frame.show(ui, &mut open, |ui| edited.body_ui(s, ui, theme)) {
            next = asked;
        }
        match next {
            Next::Stay => {}
            Next::Edit(protocol) => {
                let name = protocol.name.clone();
                let mut edited = Edited::of((*protocol).clone());
                edited.own_name = Some(name);
                self.edited = Some(edited);
            }
            Next::Save => {
                out.push(ViewCommand::SaveHanging(Box::new(edited.result())).into());
                open = false;
            }
            Next::Remove(name) => {
                out.push(ViewCommand::RemoveHanging(name).into());
                open = false;
            }
        }
        if !open {
            self.edited = None;
        }
    }
}

/// What the reader asked for.
enum Next {
    Stay,
    Edit(Arc<HangingProtocol>),
    Save,
    Remove(String),
}

impl Edited {
    fn of(protocol: HangingProtocol) -> Self {
        let first_words = |view: &HungView| {
            let rule = view.series.first();
            rule.map_or(String::new(), |rule| rule.description.join(", "))
        };
        Self {
            modality: protocol.when.modality.join(", "),
            body_part: protocol.when.body_part.join(", "),
            description: protocol.when.description.join(", "),
            words: protocol.views.iter().map(first_words).collect(),
            own_name: None,
            protocol,
        }
    }

    /// The protocol with what was typed.
    fn result(&self) -> HangingProtocol {
        let mut protocol = self.protocol.clone();
        protocol.name = protocol.name.trim().to_owned();
        protocol.when.modality = parts(&self.modality);
        protocol.when.body_part = parts(&self.body_part);
        protocol.when.description = parts(&self.description);
        for (view, words) in protocol.views.iter_mut().zip(&self.words) {
            let words = parts(words);
            match view.series.first_mut() {
                Some(rule) => rule.description = words,
                None if words.is_empty() => {}
                None => view.series.push(SeriesRule {
                    description: words,
                    ..SeriesRule::default()
                }),
            }
        }
        protocol
    }

    fn body_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme) -> Next {
        let mut next = self.choice_ui(s, ui, theme);
        COLUMNS.text_ui(
            ui,
            theme,
            "hanging.name",
            &mut self.protocol.name,
            t("hanging.name_hint"),
        );
        self.applies_ui(ui, theme);
        let list = t("hanging.list_hint");
        COLUMNS.text_ui(ui, theme, "hanging.modality", &mut self.modality, list);
        COLUMNS.text_ui(ui, theme, "hanging.body_part", &mut self.body_part, list);
        COLUMNS.text_ui(ui, theme, "hanging.study", &mut self.description, list);
        self.prior_ui(ui, theme);
        let cells = self.protocol.arrangement.to_string();
        let heading = t_args("hanging.views", &[("cells", &cells)]);
        text_label(ui, &heading, Kind::LABEL.medium(), theme.t2);
        ScrollArea::vertical()
            .max_height(VIEWS_HEIGHT)
            .min_scrolled_height(VIEWS_HEIGHT)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for (i, (view, words)) in self
                    .protocol
                    .views
                    .iter_mut()
                    .zip(&mut self.words)
                    .enumerate()
                {
                    view_ui(i, view, words, ui, theme);
                }
            });
        if let Some(asked) = self.foot_ui(ui, theme) {
            next = asked;
        }
        next
    }

    /// One of the reader's own instead of what is on screen.
    fn choice_ui(&self, s: &Snapshot, ui: &mut Ui, theme: &Theme) -> Next {
        let mut next = Next::Stay;
        let own = || s.hanging.items.iter().filter_map(|item| item.own.as_ref());
        if own().next().is_none() {
            return next;
        }
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("hanging.which"));
            let label = self.own_name.as_deref().unwrap_or(t("hanging.on_screen"));
            Dropdown::new(t("hanging.which"), label).show(ui, |ui| {
                for protocol in own() {
                    if ui.add(MenuItem::new(&protocol.name)).clicked() {
                        next = Next::Edit(Arc::clone(protocol));
                    }
                }
            });
        });
        next
    }

    fn applies_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let all = [Applies::ByItself, Applies::WhenChosen];
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("hanging.applies"));
            let segments = [t("hanging.by_itself"), t("hanging.when_chosen")].map(Segment::new);
            let at = all.iter().position(|a| *a == self.protocol.applies);
            let chosen = Segmented::new(t("hanging.applies"), &segments, at)
                .width(COLUMNS.field)
                .show(ui);
            if let Some(applies) = chosen.and_then(|i| all.get(i)) {
                self.protocol.applies = *applies;
            }
        });
    }

    fn prior_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let all = [None, Some(PriorNeed::Present), Some(PriorNeed::Absent)];
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("hanging.prior"));
            let words = [
                "hanging.prior_any",
                "hanging.prior_present",
                "hanging.prior_absent",
            ];
            let segments = words.map(|key| Segment::new(t(key)));
            let at = all.iter().position(|a| *a == self.protocol.when.prior);
            let chosen = Segmented::new(t("hanging.prior"), &segments, at)
                .width(COLUMNS.field)
                .show(ui);
            if let Some(prior) = chosen.and_then(|i| all.get(i)) {
                self.protocol.when.prior = *prior;
            }
        });
    }

    fn foot_ui(&self, ui: &mut Ui, theme: &Theme) -> Option<Next> {
        let problem = self.result().check().err().map(|e| e.to_string());
        let is_named = !self.protocol.name.trim().is_empty();
        let mut next = None;
        sides(
            ui,
            40.0,
            &mut next,
            |ui, next| {
                if let Some(name) = &self.own_name {
                    let remove = Button::new(t("hanging.remove")).icon(Icon::Trash);
                    if ui.add(remove).clicked() {
                        *next = Some(Next::Remove(name.clone()));
                    }
                }
                match &problem {
                    Some(problem) if is_named => {
                        inline_message(ui, Tone::Warning, problem);
                    }
                    _ => {
                        text_label(ui, t("hanging.kept_here"), Kind::LABEL, theme.t3);
                    }
                }
            },
            |ui, next| {
                let save = Button::primary(t("hanging.save"));
                if ui.add_enabled(problem.is_none(), save).clicked() {
                    *next = Some(Next::Save);
                }
            },
        );
        next
    }
}

/// One view: what it shows, and the words by which its series is found.
fn view_ui(i: usize, view: &mut HungView, words: &mut String, ui: &mut Ui, theme: &Theme) {
    let nth = (i + 1).to_string();
    ui.horizontal(|ui| {
        let about = [show_word(view.show).to_owned(), window_word(view)];
        let about: Vec<String> = about.into_iter().filter(|w| !w.is_empty()).collect();
        let title = t_args("hanging.view", &[("n", &nth), ("what", &about.join(" · "))]);
        text_label(ui, &title, Kind::BODY.medium(), theme.t1);
    });
    wrapped_label(ui, &rule_words(view), Kind::LABEL, theme.t2);
    ui.horizontal(|ui| {
        let name = t_args("hanging.words_of", &[("n", &nth)]);
        TextField::new(words, &name)
            .hint(t("hanging.words_hint"))
            .width(COLUMNS.field)
            .show(ui);
        if !words.is_empty()
            && ui
                .add(IconButton::small(Icon::X, t("hanging.any_words")))
                .clicked()
        {
            words.clear();
        }
        let mut optional = view.need == Need::Optional;
        if check_box(ui, &mut optional, t("hanging.may_be_empty")).changed() {
            view.need = match optional {
                true => Need::Optional,
                false => Need::Required,
            };
        }
    });
    ui.add_space(6.0);
}

/// What else the rule asks of the series, in words.
fn rule_words(view: &HungView) -> String {
    let mut words = vec![match view.study {
        WhichStudy::Current => t("hanging.of_current").to_owned(),
        WhichStudy::Prior => t("hanging.of_prior").to_owned(),
    }];
    if let Some(rule) = view.series.first() {
        words.extend(rule.modality.iter().cloned());
        words.extend(rule.laterality.iter().cloned());
        words.extend(rule.view_position.iter().cloned());
        words.extend(rule.plane.map(|plane| t(plane_key(plane)).to_owned()));
    }
    words.join(" · ")
}

fn plane_key(plane: session::SlicePlane) -> &'static str {
    match plane {
        session::SlicePlane::Axial => "view.axial",
        session::SlicePlane::Coronal => "view.coronal",
        session::SlicePlane::Sagittal => "view.sagittal",
    }
}

fn show_word(show: Show) -> &'static str {
    match show {
        Show::Stack => t("view.stack"),
        Show::Axial => t("view.axial"),
        Show::Coronal => t("view.coronal"),
        Show::Sagittal => t("view.sagittal"),
        Show::Mip => t("view.mip"),
        Show::Rendering => t("view.rendering"),
    }
}

fn window_word(view: &HungView) -> String {
    match &view.window {
        None => String::new(),
        Some(HungWindow::Preset(name)) => name.clone(),
        Some(HungWindow::Values { center, width }) => {
            format!("W {} L {}", window_number(*width), window_number(*center))
        }
    }
}

/// The parts between commas.
fn parts(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
