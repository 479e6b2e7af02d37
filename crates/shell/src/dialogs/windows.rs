//! The reader's own windows: what is on screen, or one that is kept, to be named, changed and taken away.

use egui::Ui;
use session::{Snapshot, ViewCommand, WindowPreset, window_number};
use ui_kit::{Button, Dropdown, Icon, MenuItem, Theme, Tone, inline_message, t};

use super::editor::{Columns, EditorFrame};
use crate::Action;
use crate::bar::sides;

const COLUMNS: Columns = Columns {
    word: 120.0,
    field: 260.0,
};

/// The editor, closed at first.
#[derive(Default)]
pub(super) struct WindowEditor {
    edited: Option<Edited>,
}

/// A window as it is typed.
#[derive(Default)]
struct Edited {
    name: String,
    center: String,
    width: String,
    modality: String,
    /// The name it was opened with, if it is kept.
    kept_name: Option<String>,
}

/// What the reader asked for.
enum Next {
    Stay,
    Edit(WindowPreset),
    Save(WindowPreset),
    Remove(String),
}

impl WindowEditor {
    /// Is it on screen?
    pub(super) fn is_open(&self) -> bool {
        self.edited.is_some()
    }

    /// Opens with the window of the active view.
    pub(super) fn open(&mut self, s: &Snapshot) {
        let view = s.views.get(s.active.0);
        let mut edited = Edited::default();
        if let Some(view) = view {
            edited.modality.clone_from(&view.modality);
            if let Some(presentation) = &view.presentation {
                let (center, width) = presentation.voi.center_width();
                edited.center = window_number(center);
                edited.width = window_number(width);
            }
        }
        self.edited = Some(edited);
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
            title: "windows.title",
            subtitle: "windows.subtitle",
            icon: Icon::SunDim,
            width: 480.0,
        };
        if let Some(asked) = frame.show(ui, &mut open, |ui| edited.body_ui(s, ui, theme)) {
            next = asked;
        }
        match next {
            Next::Stay => {}
            Next::Edit(preset) => *edited = Edited::of(&preset),
            Next::Save(preset) => {
                let idx = s.active;
                let name = preset.name.clone();
                let renamed = edited.kept_name.take().filter(|kept| *kept != name);
                out.push(ViewCommand::SaveWindowPreset(preset).into());
                if let Some(kept) = renamed {
                    out.push(ViewCommand::RemoveWindowPreset(kept).into());
                }
                out.push(ViewCommand::UseWindowPreset(idx, name).into());
                open = false;
            }
            Next::Remove(name) => {
                out.push(ViewCommand::RemoveWindowPreset(name).into());
                open = false;
            }
        }
        if !open {
            self.edited = None;
        }
    }
}

impl Edited {
    fn of(preset: &WindowPreset) -> Self {
        Self {
            name: preset.name.clone(),
            center: window_number(preset.center),
            width: window_number(preset.width),
            modality: preset.modality.clone(),
            kept_name: Some(preset.name.clone()),
        }
    }

    /// What was typed; what is no number is found out by the check.
    fn result(&self) -> WindowPreset {
        let number = |text: &str| text.trim().replace(',', ".").parse().unwrap_or(f64::NAN);
        WindowPreset {
            name: self.name.trim().to_owned(),
            center: number(&self.center),
            width: number(&self.width),
            modality: self.modality.trim().to_uppercase(),
        }
    }

    fn body_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme) -> Next {
        let mut next = Next::Stay;
        if !s.window_presets.is_empty() {
            ui.horizontal(|ui| {
                COLUMNS.word_ui(ui, theme, t("windows.which"));
                let label = self.kept_name.as_deref().unwrap_or(t("windows.on_screen"));
                Dropdown::new(t("windows.which"), label).show(ui, |ui| {
                    for preset in s.window_presets.iter() {
                        if ui.add(MenuItem::new(&preset.name)).clicked() {
                            next = Next::Edit(preset.clone());
                        }
                    }
                });
            });
        }
        for (key, text, hint) in [
            ("windows.name", &mut self.name, t("windows.name_hint")),
            ("windows.width", &mut self.width, ""),
            ("windows.center", &mut self.center, ""),
            (
                "windows.modality",
                &mut self.modality,
                t("windows.modality_hint"),
            ),
        ] {
            COLUMNS.text_ui(ui, theme, key, text, hint);
        }
        let result = self.result();
        let problem = result.check().err().map(|e| e.to_string());
        let is_named = !result.name.is_empty();
        sides(
            ui,
            40.0,
            &mut next,
            |ui, next| {
                if let Some(name) = &self.kept_name {
                    let remove = Button::new(t("windows.remove")).icon(Icon::Trash);
                    if ui.add(remove).clicked() {
                        *next = Next::Remove(name.clone());
                    }
                }
                if let Some(problem) = problem.as_ref().filter(|_| is_named) {
                    inline_message(ui, Tone::Warning, problem);
                }
            },
            |ui, next| {
                let save = Button::primary(t("windows.save"));
                if ui.add_enabled(problem.is_none(), save).clicked() {
                    *next = Next::Save(result.clone());
                }
            },
        );
        next
    }
}
