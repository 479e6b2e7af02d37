//! What the one table of commands says about a control: its keys, its icon and what it does now.

use session::commands::{COMMANDS, CommandSpec, Shortcut};
use session::{Bindings, Snapshot};
use ui_kit::{Catalogue, Icon};

use crate::Action;

/// A command of the table by its name.
pub(crate) fn command(id: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| spec.id == id)
}

/// The first keys of a command, as caps; empty when it has none.
pub(crate) fn keys_of(s: &Snapshot, id: &str) -> Vec<String> {
    first_caps(&s.bindings, id)
}

fn first_caps(bindings: &Bindings, id: &str) -> Vec<String> {
    bindings
        .keys(id)
        .first()
        .map(shortcut_caps)
        .unwrap_or_default()
}

/// The keys of a shortcut, as caps.
pub(crate) fn shortcut_caps(shortcut: &Shortcut) -> Vec<String> {
    shortcut.to_string().split('+').map(cap).collect()
}

/// The name of a command.
pub(crate) fn title_of(spec: &CommandSpec) -> &'static str {
    Catalogue::english()
        .get(&format!("command.{}", spec.id))
        .unwrap_or(spec.id)
}

/// What a command does, in a few words; empty when its name says all.
pub(crate) fn help_of(spec: &CommandSpec) -> &'static str {
    Catalogue::english()
        .get(&format!("command.{}.help", spec.id))
        .unwrap_or_default()
}

/// The icon of a command, where it has one.
pub(crate) fn icon_of(spec: &CommandSpec) -> Option<Icon> {
    let name = spec.icon.replace('_', "-");
    Icon::ALL.iter().copied().find(|icon| icon.name() == name)
}

/// Can a command be done now?
pub(crate) fn is_enabled(id: &str, s: &Snapshot) -> bool {
    command(id).is_some_and(|spec| (spec.enabled)(s))
}

/// Does what a command does now.
pub(crate) fn run(id: &str, s: &Snapshot, out: &mut Vec<Action>) {
    out.extend(command(id).and_then(|spec| Action::of_command(spec, s)));
}

/// Keys as slices, the way controls want them.
pub(crate) fn as_caps(keys: &[String]) -> Vec<&str> {
    keys.iter().map(String::as_str).collect()
}

/// What stands on the cap of a key.
fn cap(key: &str) -> String {
    match key {
        "Up" => "↑",
        "Down" => "↓",
        "Left" => "←",
        "Right" => "→",
        "Escape" => "Esc",
        "Delete" => "Del",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_on_caps_of_their_own() {
        let house = Bindings::house();
        assert_eq!(first_caps(&house, "open_archive"), ["Ctrl", "Shift", "O"]);
        assert_eq!(first_caps(&house, "slice_next"), ["↓"]);
        assert!(first_caps(&house, "tool_scroll").is_empty());
        assert!(first_caps(&house, "no such command").is_empty());
    }

    #[test]
    fn every_command_has_a_name_and_a_line_of_help() {
        for spec in COMMANDS {
            assert!(
                title_of(spec) != spec.id,
                "command.{} is not in the catalogue",
                spec.id
            );
            assert!(
                !help_of(spec).is_empty(),
                "command.{}.help is not in the catalogue",
                spec.id
            );
        }
    }

    #[test]
    fn no_two_commands_have_the_same_name() {
        let mut names: Vec<_> = COMMANDS.iter().map(title_of).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair.first(), pair.last());
        }
    }

    #[test]
    fn every_icon_of_the_table_is_one_that_can_be_drawn() {
        for spec in COMMANDS.iter().filter(|spec| !spec.icon.is_empty()) {
            assert!(icon_of(spec).is_some(), "{}: {}", spec.id, spec.icon);
        }
    }

    #[test]
    fn every_tool_has_an_icon() {
        for spec in COMMANDS.iter().filter(|spec| spec.group == "tools") {
            assert!(icon_of(spec).is_some(), "{}", spec.id);
        }
    }
}
