//! The rules that cases are read by: those that there are, to be looked at, changed and kept beside the store.

use egui::{ScrollArea, Ui};
use session::{
    BlindingLevel, Command, Declaration, Disclosure, Expected, Ledger, ProgrammeCommand, Protocol,
    Significance, Snapshot, ThirdReadMode,
};
use ui_kit::{
    Button, Dropdown, Icon, MenuItem, Segment, Segmented, Theme, Tone, check_box, inline_message,
    menu_separator, t, t_args,
};

use super::editor::{Columns, EditorFrame};
use super::roster::roles_ui;
use crate::Action;
use crate::bar::sides;
use crate::wording::significance_bars;

const COLUMNS: Columns = Columns {
    word: 190.0,
    field: 420.0,
};
const MODES: [(ThirdReadMode, &str); 5] = [
    (ThirdReadMode::None, "protocols.third.none"),
    (ThirdReadMode::Arbitration, "third.mode.arbitration"),
    (
        ThirdReadMode::PseudoArbitration,
        "third.mode.pseudo_arbitration",
    ),
    (ThirdReadMode::Consensus, "third.mode.consensus"),
    (ThirdReadMode::Majority, "third.mode.majority"),
];
const OPENED: [(Disclosure, &str); 3] = [
    (Disclosure::Images, "protocols.images"),
    (Disclosure::Question, "protocols.question"),
    (Disclosure::Priors, "protocols.priors"),
];

/// The editor, closed at first.
#[derive(Debug, Default)]
pub(super) struct ProtocolEditor {
    edited: Option<Edited>,
}

/// A protocol while it is edited; numbers are text until they are read.
#[derive(Clone, Debug)]
struct Edited {
    protocol: Protocol,
    coverage_percent: String,
    size_mm: String,
    size_percent: String,
    concordant_percent: String,
    /// The stage, from 0, that opens each of [`OPENED`].
    stages: [usize; 3],
}

/// What was asked for.
enum Next {
    Stay,
    Edit(Box<Protocol>),
    Save(Box<Protocol>),
    Remove(String),
}

impl ProtocolEditor {
    pub(super) fn is_open(&self) -> bool {
        self.edited.is_some()
    }

    /// Opens with the protocol that the next case is begun by.
    pub(super) fn open(&mut self, s: &Snapshot) {
        let chosen = s.protocols.iter().find(|choice| choice.id == s.protocol);
        let chosen = chosen.or(s.protocols.first());
        self.edited = chosen.map(|choice| Edited::of(&choice.protocol));
    }

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
        let frame = EditorFrame {
            title: "protocols.title",
            subtitle: "protocols.subtitle",
            icon: Icon::ClipboardText,
            width: 720.0,
        };
        let next = frame.show(ui, &mut open, |ui| edited.body_ui(s, ui, theme));
        let mut tell = |command| out.push(Command::Programme(command).into());
        match next {
            None | Some(Next::Stay) => {}
            Some(Next::Edit(protocol)) => *edited = Edited::of(&protocol),
            Some(Next::Save(protocol)) => {
                tell(ProgrammeCommand::SaveProtocol(protocol));
                open = false;
            }
            Some(Next::Remove(id)) => {
                tell(ProgrammeCommand::RemoveProtocol(id));
                open = false;
            }
        }
        if !open {
            self.edited = None;
        }
    }
}

impl Edited {
    fn of(protocol: &Protocol) -> Self {
        let opens = |what: Disclosure| {
            let stages = &protocol.stages;
            let found = stages.iter().position(|stage| stage.contains(&what));
            found.unwrap_or_default()
        };
        Self {
            coverage_percent: protocol.required.coverage_percent.to_string(),
            size_mm: protocol.tolerance.size_mm.to_string(),
            size_percent: protocol.tolerance.size_percent.to_string(),
            concordant_percent: protocol.third_read.concordant_percent.to_string(),
            stages: OPENED.map(|(what, _)| opens(what)),
            protocol: protocol.clone(),
        }
    }

    /// The protocol as it was typed. What is no number is found out by its check.
    fn result(&self) -> Protocol {
        let whole = |text: &str| text.trim().parse::<u8>().unwrap_or(u8::MAX);
        let number = |text: &str| text.trim().replace(',', ".").parse().unwrap_or(f64::NAN);
        let mut protocol = self.protocol.clone();
        protocol.required.coverage_percent = whole(&self.coverage_percent);
        protocol.third_read.concordant_percent = whole(&self.concordant_percent);
        protocol.tolerance.size_mm = number(&self.size_mm);
        protocol.tolerance.size_percent = number(&self.size_percent);
        let n_stages = self.stages.iter().max().map_or(1, |last| last + 1);
        protocol.stages = vec![Vec::new(); n_stages];
        for ((what, _), stage_idx) in OPENED.iter().zip(self.stages) {
            if let Some(stage) = protocol.stages.get_mut(stage_idx) {
                stage.push(*what);
            }
        }
        // The order within a stage says nothing; as it was written it is no change.
        let sorted = |stages: &[Vec<Disclosure>]| -> Vec<Vec<Disclosure>> {
            let mut stages = stages.to_vec();
            stages.iter_mut().for_each(|stage| stage.sort());
            stages
        };
        if sorted(&protocol.stages) == sorted(&self.protocol.stages) {
            protocol.stages.clone_from(&self.protocol.stages);
        }
        protocol
    }

    fn body_ui(&mut self, s: &Snapshot, ui: &mut Ui, theme: &Theme) -> Next {
        let mut next = Next::Stay;
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("protocols.which"));
            Dropdown::new(t("protocols.which"), &self.protocol.name)
                .menu_width(420.0)
                .show(ui, |ui| {
                    for choice in s.protocols.iter() {
                        let version = choice.protocol.label();
                        let item = MenuItem::new(&choice.name)
                            .value(&version)
                            .selected(choice.id == self.protocol.id);
                        if ui.add(item).clicked() {
                            next = Next::Edit(Box::new(choice.protocol.as_ref().clone()));
                        }
                    }
                });
        });
        ScrollArea::vertical().max_height(560.0).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 6.0;
            self.names_ui(ui, theme);
            self.blinding_ui(ui, theme);
            self.required_ui(ui, theme);
            self.third_ui(ui, theme);
        });
        let result = self.result();
        let problem = match s.programme.may_keep {
            true => result.problems().into_iter().next(),
            false => Some(t("roster.problem.not_yours").to_owned()),
        };
        let own = s.protocols.iter().find(|choice| choice.id == result.id);
        let is_own = own.is_some_and(|choice| choice.is_own);
        sides(
            ui,
            40.0,
            &mut next,
            |ui, next| {
                if is_own && s.programme.may_keep {
                    let remove = Button::new(t("protocols.remove")).icon(Icon::Trash);
                    if ui.add(remove).clicked() {
                        *next = Next::Remove(result.id.clone());
                    }
                }
                match &problem {
                    Some(problem) => inline_message(ui, Tone::Warning, problem),
                    None => inline_message(ui, Tone::Info, t("protocols.text")),
                }
            },
            |ui, next| {
                let save = Button::primary(t("protocols.save"));
                if ui.add_enabled(problem.is_none(), save).clicked() {
                    *next = Next::Save(Box::new(result.clone()));
                }
            },
        );
        next
    }

    fn names_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let protocol = &mut self.protocol;
        for (key, text, hint) in [
            ("protocols.id", &mut protocol.id, t("protocols.id.hint")),
            ("protocols.name", &mut protocol.name, ""),
            ("protocols.purpose", &mut protocol.purpose, ""),
        ] {
            COLUMNS.text_ui(ui, theme, key, text, hint);
        }
    }

    /// Is the first report closed, and what opens at which stage?
    fn blinding_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        choice_ui(
            (t("protocols.blinding"), ui, theme),
            &[
                (BlindingLevel::Blinded, "protocols.blinded"),
                (BlindingLevel::Open, "protocols.open"),
            ],
            &mut self.protocol.blinding,
        );
        for ((_, key), stage_idx) in OPENED.iter().zip(&mut self.stages) {
            let name = t_args("protocols.opens", &[("what", t(key))]);
            let stages = [
                (0, "protocols.stage.1"),
                (1, "protocols.stage.2"),
                (2, "protocols.stage.3"),
            ];
            choice_ui((&name, ui, theme), &stages, stage_idx);
        }
        choice_ui(
            (t("protocols.ledger"), ui, theme),
            &[
                (Ledger::Clinical, "protocols.ledger.clinical"),
                (Ledger::PeerLearning, "protocols.ledger.peer_learning"),
            ],
            &mut self.protocol.ledger,
        );
    }

    fn required_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        for (key, text) in [
            ("protocols.coverage", &mut self.coverage_percent),
            ("protocols.size_mm", &mut self.size_mm),
            ("protocols.size_percent", &mut self.size_percent),
        ] {
            COLUMNS.text_ui(ui, theme, key, text, "");
        }
        let protocol = &mut self.protocol;
        for (key, expected) in [
            ("protocols.prior", &mut protocol.required.prior),
            ("protocols.anatomy", &mut protocol.required.anatomy),
        ] {
            let mut on = *expected == Expected::Yes;
            if check_box(ui, &mut on, t(key)).changed() {
                *expected = if on { Expected::Yes } else { Expected::No };
            }
        }
        let mut on = protocol.conflict_declaration == Declaration::Required;
        if check_box(ui, &mut on, t("protocols.declaration")).changed() {
            protocol.conflict_declaration = match on {
                true => Declaration::Required,
                false => Declaration::Optional,
            };
        }
    }

    fn third_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let third = &mut self.protocol.third_read;
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("protocols.third"));
            let chosen = MODES.iter().find(|(mode, _)| *mode == third.mode);
            let label = chosen.map_or("", |(_, key)| t(key));
            Dropdown::new(t("protocols.third"), label)
                .menu_width(260.0)
                .show(ui, |ui| {
                    for (mode, key) in MODES {
                        let item = MenuItem::new(t(key)).selected(mode == third.mode);
                        if ui.add(item).clicked() {
                            third.mode = mode;
                        }
                    }
                });
        });
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("protocols.required_from"));
            let word = |value: Significance| significance_bars(value).1;
            let label = third.required_from.map_or(t("protocols.never"), word);
            Dropdown::new(t("protocols.required_from"), label)
                .menu_width(220.0)
                .show(ui, |ui| {
                    for value in Significance::ALL {
                        let is_on = third.required_from == Some(*value);
                        if ui
                            .add(MenuItem::new(word(*value)).selected(is_on))
                            .clicked()
                        {
                            third.required_from = Some(*value);
                        }
                    }
                    menu_separator(ui);
                    if ui.add(MenuItem::new(t("protocols.never"))).clicked() {
                        third.required_from = None;
                    }
                });
        });
        let key = "protocols.concordant";
        COLUMNS.text_ui(ui, theme, key, &mut self.concordant_percent, "");
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("protocols.by"));
            roles_ui(t("protocols.by"), &mut third.by, ui);
        });
    }
}

/// A row of choices after its word.
fn choice_ui<T: Copy + PartialEq>(
    (name, ui, theme): (&str, &mut Ui, &Theme),
    all: &[(T, &str)],
    value: &mut T,
) {
    ui.horizontal(|ui| {
        COLUMNS.word_ui(ui, theme, name);
        let segments: Vec<Segment<'_>> = all.iter().map(|(_, key)| Segment::new(t(key))).collect();
        let chosen = all.iter().position(|(one, _)| one == value);
        let pressed = Segmented::new(name, &segments, chosen).show(ui);
        if let Some((one, _)) = pressed.and_then(|idx| all.get(idx)) {
            *value = *one;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_that_was_only_looked_at_stays_as_it_is() {
        for stages in [
            Protocol::default().stages,
            vec![
                vec![Disclosure::Priors, Disclosure::Images],
                vec![Disclosure::Question],
            ],
        ] {
            let protocol = Protocol {
                stages,
                ..Protocol::default()
            };
            assert_eq!(Edited::of(&protocol).result(), protocol);
        }
    }

    #[test]
    fn what_is_no_number_is_a_problem_and_not_another_number() {
        let change = |edit: fn(&mut Edited)| {
            let mut edited = Edited::of(&Protocol::default());
            edit(&mut edited);
            edited.result().problems().len()
        };
        assert_eq!(change(|_| {}), 0);
        assert_eq!(change(|e| e.coverage_percent = "all".into()), 1);
        assert_eq!(change(|e| e.size_mm = String::new()), 1);
        assert_eq!(change(|e| e.concordant_percent = "-5".into()), 1);
        // A stage that opens nothing.
        assert_eq!(change(|e| e.stages = [0, 2, 2]), 1);
    }
}
