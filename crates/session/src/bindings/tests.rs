#![allow(clippy::unwrap_used, clippy::panic)]
use std::collections::BTreeMap;

use super::shipped::FILES;
use super::*;

#[test]
fn every_profile_that_comes_with_the_program_can_be_read_and_has_no_conflict() {
    let mut names = std::collections::BTreeSet::new();
    for text in FILES {
        let profile = Bindings::read(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        for (a, b) in COMMANDS
            .iter()
            .flat_map(|a| COMMANDS.iter().map(move |b| (a, b)))
        {
            let shared = profile
                .keys(a.id)
                .iter()
                .find(|key| profile.keys(b.id).contains(key));
            assert!(
                a.id == b.id || !meet(a.region, b.region) || shared.is_none(),
                "{}: {shared:?} of {} and {}",
                profile.name,
                a.id,
                b.id
            );
        }
        assert!(names.insert(profile.name.clone()), "{}", profile.name);
    }
    assert_eq!(shipped_profiles().len(), FILES.len());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/bindings");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len());
}

#[test]
fn the_profile_of_the_house_is_the_table_of_commands() {
    assert_eq!(&*shipped_profiles()[0], &*Bindings::house());
    assert_eq!(house_mouse().len(), mouse::HOUSE.len());
}

#[test]
fn the_ways_out_keep_their_keys_in_every_profile() {
    for profile in shipped_profiles() {
        for (id, key) in [
            ("cancel", "Escape"),
            ("shortcuts", "F1"),
            ("palette", "Ctrl+K"),
            ("main_action", "Ctrl+Enter"),
        ] {
            let key = Shortcut::parse(key).unwrap();
            assert!(profile.keys(id).contains(&key), "{}: {id}", profile.name);
        }
    }
}

/// DECISIONS, "Keys", row by row.
#[test]
fn the_house_has_the_keys_that_were_decided() {
    let house = Bindings::house();
    for (ids, keys) in [
        (
            "palette shortcuts open_folder open_archive undo redo",
            "Ctrl+K F1 Ctrl+O Ctrl+Shift+O Ctrl+Z Ctrl+Y",
        ),
        (
            "main_action full_screen cancel next_region previous_region",
            "Ctrl+Enter F11 Escape F6 Shift+F6",
        ),
        (
            "tool_window tool_pan tool_zoom tool_crosshair tool_length",
            "W P Z X L",
        ),
        (
            "tool_angle tool_bidirectional tool_ellipse tool_arrow tool_probe",
            "A B E T D",
        ),
        (
            "preset_0 preset_9 invert flip_horizontal flip_vertical",
            "0 9 I H V",
        ),
        (
            "rotate_left rotate_right reset slab_mode slab_thinner slab_thicker",
            "[ ] R M - =",
        ),
        (
            "overlay link cine slice_next slice_previous",
            "O S Space Down Up",
        ),
        (
            "slice_next_ten slice_previous_ten slice_first slice_last",
            "PageDown PageUp Home End",
        ),
        (
            "view_previous view_next series_previous series_next",
            "Left Right Ctrl+Left Ctrl+Right",
        ),
        (
            "unseen_next unseen_previous finding_next finding_previous",
            "N Shift+N J Shift+J",
        ),
        (
            "new_finding key_image delete row_next row_previous",
            "Enter K Delete J K",
        ),
        (
            "significance_none significance_major agree_remaining",
            "0 3 Shift+A",
        ),
    ] {
        for (id, key) in ids.split(' ').zip(keys.split(' ')) {
            assert_eq!(
                house.keys(id).first(),
                Shortcut::parse(key).as_ref(),
                "{id}"
            );
        }
    }
}

#[test]
fn the_house_has_the_mouse_that_was_decided() {
    use MouseAction as A;
    use MouseGesture as G;
    let held = |text: &str| Held::split(text).0;
    let house = Bindings::house();
    for (gesture, with, expected) in [
        (G::LeftDrag, "", A::ActiveTool),
        (G::LeftDrag, "shift+", A::Crosshair),
        // How the active tool works is changed by these, not what it is.
        (G::LeftDrag, "ctrl+", A::ActiveTool),
        (G::LeftDrag, "ctrl+shift+", A::ActiveTool),
        (G::LeftDrag, "alt+", A::ActiveTool),
        (G::LeftDrag, "alt+shift+", A::Crosshair),
        (G::MiddleDrag, "", A::Pan),
        (G::MiddleDrag, "shift+", A::Pan),
        (G::RightDrag, "", A::Zoom),
        (G::BothDrag, "", A::Scroll),
        (G::Wheel, "", A::Scroll),
        (G::Wheel, "ctrl+", A::Zoom),
        (G::Wheel, "ctrl+shift+", A::Zoom),
        (G::Wheel, "ctrl+alt+", A::Zoom),
        (G::Wheel, "alt+", A::Slab),
        (G::Wheel, "alt+shift+", A::Slab),
        (G::Wheel, "shift+", A::ScrollFast),
        (G::SideWheel, "", A::Nothing),
        (G::DoubleClick, "", A::OneUp),
        (G::Move, "", A::Nothing),
        (G::Move, "ctrl+", A::Nothing),
        (G::Move, "shift+", A::Crosshair),
        (G::Move, "ctrl+shift+", A::Nothing),
    ] {
        assert_eq!(
            house.mouse(gesture, held(with)),
            expected,
            "{with}{gesture:?}"
        );
    }
}

#[test]
fn a_key_that_a_profile_gives_away_is_taken_from_its_command_of_the_house() {
    let profile = Bindings::read("name = 'x'\n[keys]\ntool_length = ['D']").unwrap();
    let d = Shortcut::parse("D").unwrap();
    assert_eq!(profile.keys("tool_length"), [d]);
    assert!(profile.keys("tool_probe").is_empty());
    // Statements are another region, where D stays what it is.
    assert_eq!(profile.keys("verdict_diagnosis"), [d]);
}

#[test]
fn a_file_that_does_not_hold_together_says_what_to_write() {
    let keys = |lines: &str| format!("name = 'x'\n[keys]\n{lines}");
    let mouse = |line: &str| format!("name = 'x'\n[mouse]\n{line}");
    let rows: BTreeMap<String, &str> = [
        (String::new(), "cannot be read"),
        ("name = ''".into(), "write one of up to 60 letters"),
        (format!("name = '{}'", "x".repeat(61)), "up to 60"),
        ("name = 'x'\nkyes = 1".into(), "cannot be read"),
        ("[".repeat(10_000), "cannot be read"),
        ("x".repeat(MAX_BYTES + 1), "larger than"),
        (keys("tool_laser = ['W']"), "no command \"tool_laser\""),
        (keys("tool_window = ['Meta+W']"), "is no key; write"),
        (keys("tool_window = ['Tab']"), "is no key; write"),
        (keys("tool_window = 'W'"), "cannot be read"),
        (
            keys("tool_window = ['Q']\ntool_pan = ['q']"),
            "both tool_pan and tool_window",
        ),
        (
            keys("tool_window = ['Q']\nundo = ['Q']"),
            "both tool_window and undo",
        ),
        (
            keys("tool_window = ['Escape']"),
            "Escape always belongs to cancel",
        ),
        (keys("cancel = []"), "Escape always belongs to cancel"),
        (
            keys("palette = ['Ctrl+J']"),
            "Ctrl+K always belongs to palette",
        ),
        (
            keys("undo = ['A','B','C','D','E','F','G','H','I']"),
            "more than 8",
        ),
        (
            mouse("'left swipe' = 'pan'"),
            "is no gesture; write one of left drag",
        ),
        (mouse("'left drag' = 'slab'"), "write one of active_tool"),
        (mouse("'wheel' = 'explode'"), "write one of zoom"),
        (mouse("'move' = 'crosshair'"), "needs ctrl+"),
        (mouse("'left drag' = 'pan'"), "give one to active_tool"),
        (keys("seal = ['S']"), "write it with Ctrl or Alt"),
        (keys("undo = ['Ctrl+V']"), "copy, cut and paste"),
        (
            "name = \"a\\u0007b\"".into(),
            "write one of up to 60 letters",
        ),
    ]
    .into();
    for (text, expected) in rows {
        let said = Bindings::read(&text).unwrap_err().to_string();
        assert!(said.contains(expected), "{text:.80}: {said}");
    }
}
