//! What the one table of commands says about a control: its keys, its icon and what it does now.

use session::Snapshot;
use session::commands::{COMMANDS, CommandSpec};
use ui_kit::Icon;

use crate::Action;

/// A command of the table by its name.
pub(crate) fn command(id: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| spec.id == id)
}

/// The first keys of a command, as caps; empty when it has none.
pub(crate) fn keys_of(id: &str) -> Vec<String> {
    let first = command(id).and_then(|spec| spec.shortcuts.first());
    first.map_or(Vec::new(), |shortcut| shortcut.to_string().split('+').map(cap).collect())
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
        assert_eq!(keys_of("open_archive"), ["Ctrl", "Shift", "O"]);
        assert_eq!(keys_of("slice_next"), ["↓"]);
        assert!(keys_of("tool_scroll").is_empty());
        assert!(keys_of("no such command").is_empty());
    }

    #[test]
    fn every_tool_has_an_icon() {
        for spec in COMMANDS.iter().filter(|spec| spec.group == "tools") {
            assert!(icon_of(spec).is_some(), "{}", spec.id);
        }
    }
}
