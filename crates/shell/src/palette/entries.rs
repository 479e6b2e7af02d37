//! What the palette finds, and how well it fits.

use case::Stage;
use session::commands::COMMANDS;
use session::{Command, ListCommand, Snapshot, ViewCommand, WorklistRow};
use ui_kit::{Icon, t, t_args};

use crate::Action;
use crate::keys::{icon_of, keys_of};
use crate::toolbar::colours_word;

/// Entries of a group at most; a longer search finds the rest.
const MAX_OF_GROUP: usize = 8;
/// Cases at most where nothing but cases is looked for.
const MAX_OF_CASES: usize = 100;

/// A group of entries, in the order they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Actions,
    Series,
    Findings,
    Cases,
    Off,
}

impl Group {
    const ALL: [Self; 5] = [
        Self::Actions,
        Self::Series,
        Self::Findings,
        Self::Cases,
        Self::Off,
    ];

    /// Its heading.
    pub(super) fn title(self) -> &'static str {
        t(match self {
            Self::Actions => "palette.actions",
            Self::Series => "palette.series",
            Self::Findings => "palette.findings",
            Self::Cases => "palette.cases",
            Self::Off => "palette.unavailable",
        })
    }

    /// What a first letter narrows the search to.
    fn of_scope(letter: char) -> Option<Self> {
        match letter {
            '>' => Some(Self::Actions),
            '#' => Some(Self::Cases),
            '@' => Some(Self::Findings),
            _ => None,
        }
    }
}

/// Something that can be found; without an action it cannot be done now.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) group: Group,
    pub(super) icon: Option<Icon>,
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) keys: Vec<String>,
    pub(super) action: Option<Action>,
}

/// Everything that can be found but cases. Nothing here comes from a report that is closed: the snapshot does not have it.
pub(super) fn entries(s: &Snapshot) -> Vec<Entry> {
    let mut entries = Vec::new();
    for spec in COMMANDS
        .iter()
        .filter(|spec| spec.id != "palette" && spec.id != "cancel")
    {
        let action = Action::of_command(spec, s);
        entries.push(Entry {
            group: if action.is_some() {
                Group::Actions
            } else {
                Group::Off
            },
            icon: icon_of(spec),
            title: crate::keys::title_of(spec).to_owned(),
            detail: crate::keys::help_of(spec).to_owned(),
            keys: keys_of(s, spec.id),
            action,
        });
    }
    for item in s.hanging.items.iter().filter(|item| item.fits) {
        entries.push(Entry {
            group: Group::Actions,
            icon: Some(Icon::Layout),
            title: t_args("palette.hang", &[("name", &item.name)]),
            detail: t("palette.hang_detail").to_owned(),
            keys: Vec::new(),
            action: Some(ViewCommand::Hang(item.name.clone()).into()),
        });
    }
    entries.extend(looks(s));
    for saved in s.saved_views.iter() {
        entries.push(Entry {
            group: Group::Actions,
            icon: Some(Icon::ListBullets),
            title: t_args("palette.view", &[("name", &saved.name)]),
            detail: t("palette.view_detail").to_owned(),
            keys: Vec::new(),
            action: Some(Command::List(ListCommand::Use(saved.name.clone())).into()),
        });
    }
    // The one in use is there already: to run it would do nothing.
    let others = s.binding_profiles.iter();
    for profile in others.filter(|profile| profile.name != s.bindings.name) {
        let name = &profile.name;
        entries.push(Entry {
            group: Group::Actions,
            icon: Some(Icon::Keyboard),
            title: t_args("palette.bindings", &[("name", name)]),
            detail: t("palette.bindings_detail").to_owned(),
            keys: Vec::new(),
            action: Some(Command::UseBindings(name.clone()).into()),
        });
    }
    for item in &s.rail {
        let Some(key) = &item.key else { continue };
        let n = item.n_slices.to_string();
        let percent = item.viewed_percent.to_string();
        let key_of_detail = match item.n_slices {
            1 => "palette.series_detail_one",
            _ => "palette.series_detail",
        };
        entries.push(Entry {
            group: Group::Series,
            icon: Some(Icon::ImagesSquare),
            title: item.title.clone(),
            detail: t_args(key_of_detail, &[("n", &n), ("percent", &percent)]),
            keys: Vec::new(),
            action: Some(ViewCommand::PutSeries(s.active, key.clone()).into()),
        });
    }
    for card in s.case.iter().flat_map(|case| &case.findings) {
        let details = [card.size_text.as_str(), &card.image_text];
        let details: Vec<&str> = details
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        entries.push(Entry {
            group: Group::Findings,
            icon: Some(Icon::PushPin),
            title: format!("{} {}", card.finding.id, card.title),
            detail: details.join(" · "),
            keys: Vec::new(),
            action: Some(ViewCommand::GoToFinding(card.finding.id).into()),
        });
    }
    entries
}

/// Cases that are looked for, and no more of them than are shown: a store has more than a list can hold.
pub(super) fn cases(s: &Snapshot, text: &str) -> Vec<Entry> {
    let (scope, words) = search_words(text);
    let n_max = match scope {
        Some(Group::Cases) => MAX_OF_CASES,
        Some(_) => 0,
        None => MAX_OF_GROUP,
    };
    let entry = |row: WorklistRow| {
        let stage = match row.stage {
            Stage::Reading if row.needs_you => t("preview.continue"),
            _ => row.stage.label(),
        };
        Entry {
            group: Group::Cases,
            icon: Some(Icon::ListBullets),
            title: format!("{} · {}", row.patient_name, row.description),
            detail: format!("{} · {} · {stage}", row.id, row.study_date),
            keys: Vec::new(),
            action: Some(Command::OpenCase(row.id).into()),
        }
    };
    s.worklist.found(&words).take(n_max).map(entry).collect()
}

/// Windows of the reader's own and colours, for the active view.
fn looks(s: &Snapshot) -> Vec<Entry> {
    let Some(view) = s.views.get(s.active.0).filter(|view| view.key.is_some()) else {
        return Vec::new();
    };
    let entry = |title: String, detail: String, command: ViewCommand| Entry {
        group: Group::Actions,
        icon: Some(Icon::SunDim),
        title,
        detail,
        keys: Vec::new(),
        action: Some(command.into()),
    };
    let own = s.window_presets.iter().filter(|p| p.is_for(&view.modality));
    let own = own.map(|preset| {
        let title = t_args("palette.window", &[("name", &preset.name)]);
        let detail = format!("W {:.0} L {:.0}", preset.width, preset.center);
        let command = ViewCommand::UseWindowPreset(view.idx, preset.name.clone());
        entry(title, detail, command)
    });
    let colours = session::ColourMap::ALL.into_iter().map(|colours| {
        let title = t_args("palette.colours", &[("name", colours_word(colours))]);
        let command = ViewCommand::SetColours(view.idx, colours);
        entry(title, t("palette.colours_detail").to_owned(), command)
    });
    own.chain(colours).collect()
}

/// The group that the text narrows to, and the words to find, in lower case.
pub(super) fn search_words(text: &str) -> (Option<Group>, Vec<String>) {
    let text = text.trim();
    let scope = text.chars().next().and_then(Group::of_scope);
    let rest = if scope.is_some() {
        text.get(1..).unwrap_or_default()
    } else {
        text
    };
    (
        scope,
        rest.split_whitespace().map(str::to_lowercase).collect(),
    )
}

/// The entries that have every word, group by group, those whose title begins with it first.
pub(super) fn found(entries: &[Entry], text: &str) -> Vec<Entry> {
    let (scope, words) = search_words(text);
    let mut found = Vec::new();
    for group in Group::ALL {
        let in_scope = match scope {
            Some(Group::Actions) => matches!(group, Group::Actions | Group::Off),
            Some(scope) => scope == group,
            // What cannot be done now is shown only when it was looked for.
            None => group != Group::Off || !words.is_empty(),
        };
        if !in_scope {
            continue;
        }
        let mut hits: Vec<(u8, &Entry)> = entries
            .iter()
            .filter(|entry| entry.group == group)
            .filter_map(|entry| Some((rank(entry, &words)?, entry)))
            .collect();
        hits.sort_by_key(|(rank, _)| *rank);
        let n_max = if scope.is_some() {
            usize::MAX
        } else {
            MAX_OF_GROUP
        };
        found.extend(hits.into_iter().take(n_max).map(|(_, entry)| entry.clone()));
    }
    found
}

/// How well an entry fits, 0 best; `None` when a word is not in it.
fn rank(entry: &Entry, words: &[String]) -> Option<u8> {
    let title = entry.title.to_lowercase();
    let all = format!("{title} {}", entry.detail.to_lowercase());
    if !words.iter().all(|word| all.contains(word)) {
        return None;
    }
    let begins = words.first().is_none_or(|word| title.starts_with(word));
    let in_title = words.iter().all(|word| title.contains(word));
    Some(match (begins, in_title) {
        (true, true) => 0,
        (_, true) => 1,
        (_, false) => 2,
    })
}

#[cfg(test)]
mod tests {
    use session::commands::ShellAction;

    use super::*;

    fn entry(group: Group, title: &str, detail: &str) -> Entry {
        let action = (group != Group::Off).then_some(Action::Shell(ShellAction::FullScreen));
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Entry {
            group,
            icon: None,
            title,
            detail,
            keys: Vec::new(),
            action,
        }
    }

    fn titles(text: &str) -> Vec<String> {
        let entries = [
            entry(Group::Actions, "Window: bone", "W 2500 L 480"),
            entry(Group::Actions, "Bone first", ""),
            entry(Group::Actions, "Zoom", ""),
            entry(Group::Series, "Axial bone", "108 images"),
            entry(Group::Findings, "F2 Rib fracture", "bone"),
            entry(Group::Cases, "Hartley · CT head", ""),
            entry(Group::Off, "Seal bone", ""),
        ];
        found(&entries, text)
            .into_iter()
            .map(|entry| entry.title)
            .collect()
    }

    #[test]
    fn a_search_finds_every_word_in_its_groups() {
        let all = [
            "Bone first",
            "Window: bone",
            "Axial bone",
            "F2 Rib fracture",
            "Seal bone",
        ];
        assert_eq!(titles("bone"), all);
        assert_eq!(titles("BONE win"), ["Window: bone"]);
        assert_eq!(titles("@bone"), ["F2 Rib fracture"]);
        assert_eq!(titles("#"), ["Hartley · CT head"]);
        assert_eq!(
            titles("> bone"),
            ["Bone first", "Window: bone", "Seal bone"]
        );
        assert!(titles("no such thing").is_empty());
    }

    #[test]
    fn what_cannot_be_done_is_not_offered_unasked() {
        assert!(!titles("").contains(&"Seal bone".to_owned()));
    }
}
