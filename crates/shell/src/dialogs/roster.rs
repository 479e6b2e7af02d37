//! Who may do what, as a table of people and roles. Where it names nobody, everybody may do everything.

use egui::{ScrollArea, Ui};
use session::{Actor, Command, Member, ProgrammeCommand, Role, Roster, Snapshot, Speciality};
use ui_kit::{
    Button, Dropdown, Icon, IconButton, Kind, MenuItem, TextField, Theme, Tone, inline_message, t,
    t_args, wrapped_label,
};

use super::editor::EditorFrame;
use crate::Action;
use crate::bar::sides;

/// The key of each role's word.
const ROLES: [(Role, &str); 7] = [
    (Role::Coordinator, "role.coordinator"),
    (Role::SecondReader, "role.second_reader"),
    (Role::Adjudicator, "role.adjudicator"),
    (Role::FirstReader, "role.first_reader"),
    (Role::Chair, "role.chair"),
    (Role::Auditor, "role.auditor"),
    (Role::Administrator, "role.administrator"),
];

pub(super) fn role_word(role: Role) -> &'static str {
    let found = ROLES.iter().find(|(one, _)| *one == role);
    found.map_or("", |(_, key)| t(key))
}

/// Words of roles, or what stands where there is none.
pub(super) fn roles_words(roles: &[Role]) -> String {
    match roles {
        [] => t("roster.no_role").to_owned(),
        roles => {
            let words: Vec<&str> = roles.iter().map(|role| role_word(*role)).collect();
            words.join(", ")
        }
    }
}

/// A menu of roles, any number of them.
pub(super) fn roles_ui(name: &str, roles: &mut Vec<Role>, ui: &mut Ui) {
    let label = roles_words(roles);
    Dropdown::new(name, &label)
        .menu_width(220.0)
        .keep_open()
        .show(ui, |ui| {
            for role in Role::ALL {
                let is_on = roles.contains(&role);
                let item = MenuItem::new(role_word(role)).selected(is_on);
                if ui.add(item).clicked() {
                    match is_on {
                        true => roles.retain(|other| *other != role),
                        false => roles.push(role),
                    }
                }
            }
        });
}

/// A person while the table is edited.
#[derive(Clone, Debug, Default)]
struct Row {
    name: String,
    roles: Vec<Role>,
    /// `CT chest, MR`: a modality, a part of the body, or both, with commas between.
    specialities: String,
}

/// The editor, closed at first.
#[derive(Debug, Default)]
pub(super) struct RosterEditor {
    rows: Option<Vec<Row>>,
}

impl RosterEditor {
    pub(super) fn is_open(&self) -> bool {
        self.rows.is_some()
    }

    pub(super) fn open(&mut self, s: &Snapshot) {
        let rows = s.programme.roster.members.iter().map(|member| Row {
            name: member.actor.to_string(),
            roles: member.roles.clone(),
            specialities: specialities_words(&member.specialities),
        });
        self.rows = Some(rows.collect());
    }

    pub(super) fn editor_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(rows) = &mut self.rows else { return };
        let mut open = true;
        let frame = EditorFrame {
            title: "roster.title",
            subtitle: "roster.subtitle",
            icon: Icon::Users,
            width: 860.0,
        };
        let saved = frame.show(ui, &mut open, |ui| {
            rows_ui(rows, ui, theme);
            foot_ui(rows, s, ui)
        });
        if let Some(Some(roster)) = saved {
            out.push(Command::Programme(ProgrammeCommand::SetRoster(roster)).into());
            open = false;
        }
        if !open {
            self.rows = None;
        }
    }
}

fn rows_ui(rows: &mut Vec<Row>, ui: &mut Ui, theme: &Theme) {
    if rows.is_empty() {
        wrapped_label(ui, t("roster.empty"), Kind::BODY, theme.t2);
    }
    let mut removed = None;
    ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        for (idx, row) in rows.iter_mut().enumerate() {
            ui.push_id(idx, |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    let number = (idx + 1).to_string();
                    let name = |key: &str| t_args(key, &[("n", &number)]);
                    TextField::new(&mut row.name, &name("roster.name"))
                        .hint(t("roster.name.hint"))
                        .width(200.0)
                        .show(ui);
                    let words = name("roster.remove");
                    if ui.add(IconButton::small(Icon::Trash, &words)).clicked() {
                        removed = Some(idx);
                    }
                    TextField::new(&mut row.specialities, &name("roster.specialities"))
                        .hint(t("roster.specialities.hint"))
                        .width(220.0)
                        .show(ui);
                    roles_ui(&name("roster.roles"), &mut row.roles, ui);
                });
            });
        }
    });
    if let Some(idx) = removed {
        rows.remove(idx);
    }
    if ui
        .add(Button::ghost(t("roster.add")).icon(Icon::UserPlus).small())
        .clicked()
    {
        rows.push(Row::default());
    }
}

/// The roster, when it is to be kept.
fn foot_ui(rows: &[Row], s: &Snapshot, ui: &mut Ui) -> Option<Roster> {
    let problem = match s.programme.may_keep {
        false => Some("roster.problem.not_yours"),
        true => problem_of(rows),
    };
    let mut saved = false;
    sides(
        ui,
        40.0,
        &mut saved,
        |ui, _| match problem {
            Some(key) => inline_message(ui, Tone::Warning, t(key)),
            None => inline_message(ui, Tone::Info, t("roster.text")),
        },
        |ui, saved| {
            let save = Button::primary(t("roster.save"));
            *saved = ui.add_enabled(problem.is_none(), save).clicked();
        },
    );
    saved.then(|| Roster {
        members: rows.iter().map(member_of).collect(),
    })
}

/// The key of what keeps the table from being kept.
fn problem_of(rows: &[Row]) -> Option<&'static str> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.name.trim()).collect();
    if names.iter().any(|name| name.is_empty()) {
        return Some("roster.problem.no_name");
    }
    names.sort_unstable();
    if names.windows(2).any(|pair| pair.first() == pair.last()) {
        return Some("roster.problem.twice");
    }
    let keeps = |row: &Row| {
        row.roles
            .iter()
            .any(|role| matches!(role, Role::Coordinator | Role::Administrator))
    };
    (!rows.is_empty() && !rows.iter().any(keeps)).then_some("roster.problem.nobody_keeps")
}

fn member_of(row: &Row) -> Member {
    Member {
        actor: Actor::new(row.name.trim()),
        roles: row.roles.clone(),
        specialities: specialities_of(&row.specialities),
    }
}

/// `CT chest, MR` from specialities.
fn specialities_words(specialities: &[Speciality]) -> String {
    let words = specialities.iter().map(|one| {
        format!("{} {}", one.modality, one.body_part)
            .trim()
            .to_owned()
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Modalities that somebody may read (PS3.3 C.7.3.1.1.1).
const MODALITIES: [&str; 13] = [
    "CT", "MR", "CR", "DX", "MG", "US", "PT", "NM", "XA", "RF", "IO", "PX", "OT",
];

/// A first word that is a modality counts as one, in capitals or not; what follows, or stands alone, is a part of the body.
fn specialities_of(text: &str) -> Vec<Speciality> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (first, rest) = part.split_once(' ').unwrap_or((part, ""));
            let capitals = first.to_ascii_uppercase();
            match MODALITIES.contains(&capitals.as_str()) {
                true => Speciality {
                    modality: capitals,
                    body_part: rest.trim().to_owned(),
                },
                false => Speciality {
                    modality: String::new(),
                    body_part: part.to_owned(),
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specialities_are_read_as_they_are_written() {
        for (text, modality, body_part) in [
            ("CT chest", "CT", "chest"),
            ("MR", "MR", ""),
            ("breast", "", "breast"),
            ("left knee", "", "left knee"),
        ] {
            let read = specialities_of(text);
            assert_eq!(read.len(), 1, "{text}");
            let one = read
                .first()
                .map(|s| (s.modality.as_str(), s.body_part.as_str()));
            assert_eq!(one, Some((modality, body_part)), "{text}");
            assert_eq!(specialities_words(&read), text);
        }
        for (text, modality, body_part) in [("ct chest", "CT", "chest"), ("NECK", "", "NECK")] {
            let read = specialities_of(text);
            let one = read
                .first()
                .map(|s| (s.modality.as_str(), s.body_part.as_str()));
            assert_eq!(one, Some((modality, body_part)), "{text}");
        }
        assert_eq!(specialities_of(" , "), []);
    }

    #[test]
    fn each_fault_of_the_table_is_named() {
        let row = |name: &str, roles: &[Role]| Row {
            name: name.into(),
            roles: roles.to_vec(),
            ..Row::default()
        };
        let keeper = row("A", &[Role::Administrator]);
        for (rows, expected) in [
            (vec![], None),
            (vec![keeper.clone()], None),
            (
                vec![keeper.clone(), row(" ", &[])],
                Some("roster.problem.no_name"),
            ),
            (
                vec![keeper.clone(), row("A ", &[])],
                Some("roster.problem.twice"),
            ),
            (
                vec![row("B", &[Role::Chair])],
                Some("roster.problem.nobody_keeps"),
            ),
        ] {
            assert_eq!(problem_of(&rows), expected);
        }
    }
}
