//! Which crate may know which, and what no crate may reach.

use std::collections::BTreeSet;

use super::workspace::{Edge, Workspace, expect_none};

/// A crate's place in the house.
pub(crate) struct Place {
    /// Folder name and crate name.
    pub(crate) role: &'static str,
    /// Layer, 0 lowest; `None` for what is never shipped.
    pub(crate) layer: Option<u32>,
    /// The crates of ours that its shipped code may name.
    pub(crate) may_know: &'static [&'static str],
}

const fn at(layer: u32, role: &'static str, may_know: &'static [&'static str]) -> Place {
    Place {
        role,
        layer: Some(layer),
        may_know,
    }
}

const fn never_shipped(role: &'static str, may_know: &'static [&'static str]) -> Place {
    Place {
        role,
        layer: None,
        may_know,
    }
}

/// The allowed edges. A new one is a commit of its own that says why, here and in crates/README.md.
pub(crate) const HOUSE: &[Place] = &[
    at(0, "codec", &[]),
    at(0, "space", &[]),
    at(1, "volume", &["space"]),
    at(1, "case", &["space"]),
    at(2, "series", &["codec", "space", "volume"]),
    at(2, "report", &["case"]),
    at(2, "compare", &["case"]),
    at(2, "store", &["case"]),
    at(3, "exchange", &["case"]),
    at(3, "render", &["space", "volume"]),
    at(3, "ui_kit", &[]),
    at(
        4,
        "session",
        &[
            "case", "compare", "exchange", "report", "series", "space", "store", "volume",
        ],
    ),
    at(
        5,
        "shell",
        &["case", "render", "session", "space", "ui_kit", "volume"],
    ),
    at(6, "app", &["session", "shell"]),
    never_shipped(
        "fuzz",
        &["case", "codec", "exchange", "phantom", "report", "series"],
    ),
    never_shipped("phantom", &[]),
    never_shipped("xtask", &[]),
    never_shipped("acceptance", &["phantom", "session", "shell"]),
];

/// What tests inside a crate may link besides the layers below it: it makes their series.
const FOR_TESTS: &str = "phantom";

/// Tests that link one crate more, with the reason: who, what, why.
const FOR_SOME_TESTS: &[(&str, &str, &str)] = &[(
    "compare",
    "report",
    "its tests compare sentences, not facts made by hand; the shipped code knows neither",
)];

fn layer_of(role: &str) -> Option<u32> {
    HOUSE
        .iter()
        .find(|place| place.role == role)
        .and_then(|place| place.layer)
}

/// What the shipped code of a crate must not reach, directly or through others.
const OUT_OF_REACH: &[(&str, &[&str], &str)] = &[
    (
        "app",
        &[
            "ureq",
            "reqwest",
            "hyper",
            "tokio",
            "rustls",
            "native-tls",
            "openssl",
            "curl",
            "dicom-ul",
            "dicom-web",
        ],
        "only a crate `pacs` may open a network socket, and there is none yet",
    ),
    (
        "session",
        &["egui", "eframe", "egui-wgpu", "wgpu", "winit", "rfd"],
        "the application exists without a window",
    ),
    (
        "case",
        &[
            "rusqlite",
            "dicom-object",
            "getrandom",
            "jiff",
            "chrono",
            "egui",
            "wgpu",
        ],
        "the record knows no disk, no clock and no chance",
    ),
    (
        "volume",
        &["dicom-object", "egui", "wgpu", "case"],
        "numbers do not depend on files or on a card",
    ),
    (
        "compare",
        &[
            "rusqlite",
            "dicom-object",
            "getrandom",
            "jiff",
            "chrono",
            "regex",
        ],
        "two reads in, pairs out",
    ),
    (
        "report",
        &["rusqlite", "egui", "wgpu", "jiff", "getrandom"],
        "the same bytes give the same facts",
    ),
    (
        "store",
        &["dicom-object", "egui", "wgpu"],
        "the store keeps events, not pixels",
    ),
    (
        "codec",
        &["dicom-object", "rayon", "zip"],
        "bytes in, samples out",
    ),
    (
        "series",
        &["overread-case", "egui", "wgpu"],
        "reading a study needs no case and no card",
    ),
    (
        "render",
        &["overread-case", "dicom-object", "egui"],
        "passes draw volumes, whoever asked for them",
    ),
    (
        "exchange",
        &["egui", "wgpu"],
        "a report is written on a machine without a screen",
    ),
    (
        "xtask",
        &["serde", "libc", "anyhow"],
        "it runs before the machine has what a build needs",
    ),
];

/// The longest way from the program down to the lowest layer, counted in crates.
const LONGEST_CHAIN: usize = 7;

#[test]
fn every_crate_has_its_place_in_the_house() {
    let on_disk: BTreeSet<_> = Workspace::get()
        .members()
        .map(|package| package.role().to_owned())
        .collect();
    let planned: BTreeSet<_> = HOUSE.iter().map(|place| place.role.to_owned()).collect();
    assert_eq!(on_disk, planned);
}

#[test]
fn no_edge_between_crates_is_new_or_gone() {
    let workspace = Workspace::get();
    let mut complaints = Vec::new();
    for package in workspace.members() {
        let Some(place) = HOUSE.iter().find(|place| place.role == package.role()) else {
            continue;
        };
        let found = workspace.roles_below(package, Edge::Normal);
        let allowed: BTreeSet<_> = place.may_know.iter().map(|&role| role.to_owned()).collect();
        for new in found.difference(&allowed) {
            complaints.push(format!("{} -> {new} is not allowed", place.role));
        }
        for gone in allowed.difference(&found) {
            complaints.push(format!(
                "{} -> {gone} is allowed but no longer there",
                place.role
            ));
        }
        for for_tests in workspace.roles_below(package, Edge::Dev) {
            let is_below =
                layer_of(&for_tests).is_some_and(|below| place.layer.is_none_or(|own| below < own));
            let is_listed = FOR_SOME_TESTS
                .iter()
                .any(|(who, what, _)| *who == place.role && *what == for_tests);
            if for_tests != FOR_TESTS && !is_below && !is_listed {
                complaints.push(format!("the tests of {} link {for_tests}", place.role));
            }
        }
    }
    expect_none("the edges are not those of the list above", &complaints);
}

#[test]
fn every_edge_goes_to_a_strictly_lower_layer() {
    let mut complaints = Vec::new();
    for place in HOUSE {
        for below in place.may_know {
            // What is never shipped may know anything; nothing that is shipped may know it.
            let goes_down = match (place.layer, layer_of(below)) {
                (Some(upper), Some(lower)) => lower < upper,
                (Some(_), None) => false,
                (None, _) => true,
            };
            if !goes_down {
                complaints.push(format!("{} -> {below}", place.role));
            }
        }
    }
    expect_none("these edges do not go down", &complaints);
}

#[test]
fn no_crate_reaches_what_it_must_never_know() {
    let workspace = Workspace::get();
    let mut complaints = Vec::new();
    for (role, forbidden, reason) in OUT_OF_REACH {
        let reach = workspace.reach(role);
        for name in forbidden.iter().filter(|name| reach.contains(**name)) {
            complaints.push(format!("{role} reaches {name}, but {reason}"));
        }
    }
    expect_none("a crate reaches what it must not", &complaints);
}

#[test]
fn the_chain_of_crates_stays_short() {
    fn depth(role: &str) -> usize {
        let below = HOUSE
            .iter()
            .find(|place| place.role == role)
            .map_or(&[][..], |place| place.may_know);
        1 + below.iter().map(|role| depth(role)).max().unwrap_or(0)
    }
    assert!(
        depth("app") <= LONGEST_CHAIN,
        "{} crates from app to the bottom",
        depth("app")
    );
}
