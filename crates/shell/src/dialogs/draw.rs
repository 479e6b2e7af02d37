//! A draw of cases for second reading: the rule, who may read, what it would give, and then to give it.

use egui::{ScrollArea, Ui};
use session::{
    Actor, Command, DrawAnswer, DrawRequest, GroupBy, KeepDraw, Priority, ProgrammeCommand, Role,
    SamplingRule, Snapshot, Specialities, seed_of_chance,
};
use ui_kit::{
    Button, Dropdown, Icon, Kind, MenuItem, Segment, Segmented, Theme, Tone, check_box,
    inline_message, t, t_args, text_label, wrapped_label,
};

use super::editor::{Columns, EditorFrame};
use crate::Action;
use crate::bar::sides;

const COLUMNS: Columns = Columns {
    word: 130.0,
    field: 200.0,
};
const GROUPS: [(GroupBy, &str); 3] = [
    (GroupBy::Modality, "draw.group.modality"),
    (GroupBy::Protocol, "draw.group.protocol"),
    (GroupBy::FirstReader, "draw.group.first_reader"),
];
const PRIORITIES: [(Priority, &str); 3] = [
    (Priority::Routine, "draw.priority.routine"),
    (Priority::Soon, "draw.priority.soon"),
    (Priority::Urgent, "draw.priority.urgent"),
];

/// By what rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rule {
    #[default]
    Share,
    EveryNth,
    Quota,
}

const RULES: [(Rule, &str, &str); 3] = [
    (Rule::Share, "draw.rule.share", "draw.percent"),
    (Rule::EveryNth, "draw.rule.every_nth", "draw.n"),
    (Rule::Quota, "draw.rule.quota", "draw.of_each"),
];

/// The panel. Chance is thrown once for each draw that is given out: asking again, or opening the panel again, gives no
/// other draw of the same cases by the same rule.
#[derive(Debug, Default)]
pub(super) struct DrawPanel {
    open: Option<Asked>,
    seed: Option<u64>,
}

/// What is asked for, as it is typed.
#[derive(Debug)]
struct Asked {
    seed: u64,
    rule: Rule,
    number: String,
    group_by: GroupBy,
    modality: String,
    due: String,
    priority: Priority,
    readers: String,
    by_speciality: bool,
    /// The request whose answer is on screen.
    shown: Option<DrawRequest>,
}

impl DrawPanel {
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(super) fn open(&mut self, s: &Snapshot) {
        let members = s.programme.roster.members.iter();
        let readers = members.filter(|member| member.roles.contains(&Role::SecondReader));
        let readers: Vec<String> = readers.map(|member| member.actor.to_string()).collect();
        self.open = Some(Asked {
            seed: *self.seed.get_or_insert_with(seed_of_chance),
            rule: Rule::default(),
            number: "10".into(),
            group_by: GroupBy::Modality,
            modality: String::new(),
            due: String::new(),
            priority: Priority::Routine,
            readers: readers.join(", "),
            by_speciality: true,
            shown: None,
        });
    }

    pub(super) fn draw_ui(&mut self, s: &Snapshot, ui: &Ui, theme: &Theme, out: &mut Vec<Action>) {
        let Some(asked) = &mut self.open else { return };
        let mut open = true;
        let frame = EditorFrame {
            title: "draw.title",
            subtitle: "draw.subtitle",
            icon: Icon::Users,
            width: 640.0,
        };
        let answer = s.programme.draw.as_ref();
        let next = frame.show(ui, &mut open, |ui| asked.body_ui(answer, ui, theme));
        if let Some(Some(request)) = next {
            open = request.keep == KeepDraw::No;
            if request.keep == KeepDraw::Yes {
                self.seed = None;
            }
            asked.shown = Some(DrawRequest {
                keep: KeepDraw::No,
                ..request.clone()
            });
            out.push(Command::Programme(ProgrammeCommand::Draw(Box::new(request))).into());
        }
        if !open {
            self.open = None;
        }
    }
}

impl Asked {
    /// What is to be drawn now, if anything.
    fn body_ui(
        &mut self,
        answer: Option<&DrawAnswer>,
        ui: &mut Ui,
        theme: &Theme,
    ) -> Option<DrawRequest> {
        let segments = RULES.map(|(_, key, _)| Segment::new(t(key)));
        let chosen = RULES.iter().position(|(rule, ..)| *rule == self.rule);
        let width = ui.available_width();
        let choices = Segmented::new(t("draw.rule"), &segments, chosen).width(width);
        if let Some((rule, ..)) = choices.show(ui).and_then(|idx| RULES.get(idx)) {
            self.rule = *rule;
        }
        let number_key = RULES
            .iter()
            .find(|(rule, ..)| *rule == self.rule)
            .map_or("draw.n", |(.., key)| key);
        COLUMNS.text_ui(ui, theme, number_key, &mut self.number, "");
        if self.rule == Rule::Quota {
            ui.horizontal(|ui| {
                COLUMNS.word_ui(ui, theme, t("draw.group"));
                choice_ui(t("draw.group"), &GROUPS, &mut self.group_by, ui);
            });
        }
        COLUMNS.text_ui(
            ui,
            theme,
            "draw.readers",
            &mut self.readers,
            t("draw.readers.hint"),
        );
        COLUMNS.text_ui(
            ui,
            theme,
            "draw.modality",
            &mut self.modality,
            t("draw.modality.hint"),
        );
        COLUMNS.text_ui(ui, theme, "draw.due", &mut self.due, t("draw.due.hint"));
        ui.horizontal(|ui| {
            COLUMNS.word_ui(ui, theme, t("draw.priority"));
            choice_ui(t("draw.priority"), &PRIORITIES, &mut self.priority, ui);
        });
        check_box(ui, &mut self.by_speciality, t("draw.specialities"));
        let request = self.request();
        let is_shown = request.is_some() && request == self.shown;
        let shown = answer.filter(|_| is_shown && answer.is_some_and(|a| !a.written));
        if let Some(answer) = shown {
            answer_ui(answer, ui, theme);
        }
        let mut next = None;
        sides(
            ui,
            40.0,
            &mut next,
            |ui, _| match &request {
                None => inline_message(ui, Tone::Warning, t("draw.problem")),
                Some(_) => inline_message(ui, Tone::Info, t("draw.text")),
            },
            |ui, next| {
                let n_drawn = shown.map_or(0, |answer| answer.drawn.len());
                let give = Button::primary(t("draw.give")).icon(Icon::UserPlus);
                if ui.add_enabled(0 < n_drawn, give).clicked() {
                    *next = request.clone().map(|request| DrawRequest {
                        keep: KeepDraw::Yes,
                        ..request
                    });
                }
                let look = Button::new(t("draw.look"));
                if ui.add_enabled(request.is_some(), look).clicked() {
                    *next = request.clone();
                }
            },
        );
        next
    }

    /// What was typed; `None` where the number is none.
    fn request(&self) -> Option<DrawRequest> {
        let number = self.number.trim().replace(',', ".");
        let rule = match self.rule {
            Rule::Share => SamplingRule::Share {
                percent: number.parse().ok()?,
            },
            Rule::EveryNth => SamplingRule::EveryNth {
                n: number.parse().ok()?,
            },
            Rule::Quota => SamplingRule::Quota {
                n: number.parse().ok()?,
            },
        };
        if rule.problem().is_some() {
            return None;
        }
        let names = self.readers.split(',').map(str::trim);
        Some(DrawRequest {
            rule,
            group_by: self.group_by,
            cases: Vec::new(),
            modality: self.modality.trim().to_uppercase(),
            protocol: String::new(),
            readers: names
                .filter(|name| !name.is_empty())
                .map(Actor::new)
                .collect(),
            specialities: match self.by_speciality {
                true => Specialities::Count,
                false => Specialities::LeftAside,
            },
            due: self.due.trim().to_owned(),
            priority: self.priority,
            seed: self.seed,
            keep: KeepDraw::No,
        })
    }
}

fn choice_ui<T: Copy + PartialEq>(name: &str, all: &[(T, &str)], value: &mut T, ui: &mut Ui) {
    let chosen = all.iter().find(|(one, _)| one == value);
    let label = chosen.map_or("", |(_, key)| t(key));
    Dropdown::new(name, label).menu_width(220.0).show(ui, |ui| {
        for (one, key) in all {
            if ui
                .add(MenuItem::new(t(key)).selected(one == value))
                .clicked()
            {
                *value = *one;
            }
        }
    });
}

/// What the draw would give.
fn answer_ui(answer: &DrawAnswer, ui: &mut Ui, theme: &Theme) {
    let (n, total) = (answer.drawn.len().to_string(), answer.n_frame.to_string());
    let words = t_args("draw.answer", &[("n", &n), ("total", &total)]);
    text_label(ui, &words, Kind::LABEL.medium(), theme.t1);
    for reader in &answer.readers {
        let (name, given, before) = (
            reader.reader.to_string(),
            reader.n_given.to_string(),
            reader.n_before.to_string(),
        );
        let words = t_args(
            "draw.answer.reader",
            &[("reader", &name), ("given", &given), ("before", &before)],
        );
        text_label(ui, &words, Kind::LABEL, theme.t2);
    }
    if answer.left_out.is_empty() {
        return;
    }
    let n = answer.left_out.len().to_string();
    text_label(
        ui,
        &t_args("draw.left_out", &[("n", &n)]),
        Kind::LABEL,
        theme.t3,
    );
    ScrollArea::vertical().max_height(96.0).show(ui, |ui| {
        for left_out in &answer.left_out {
            let words = format!("{}  {}", left_out.id, left_out.text);
            wrapped_label(ui, &words, Kind::HINT, theme.t3);
        }
    });
}
