//! One selection of packages, so that nothing is compiled twice.

use std::collections::BTreeSet;

use super::workspace::{cargo, expect_none, files, root};

/// Cargo joins the features that the packages of a selection ask for, and the tests' own dependencies only
/// when tests are built. A feature that only they ask for would make the demo compile its own copy of
/// half the tree.
#[test]
fn demo_and_tests_build_every_dependency_with_the_same_features() {
    let listed = |edges: &str| -> BTreeSet<String> {
        let arguments = [
            "tree",
            "--workspace",
            "--prefix",
            "none",
            "--edges",
            edges,
            "--format",
            "{p} [{f}]",
        ];
        cargo(&arguments)
            .lines()
            .map(|line| line.trim_end_matches(" (*)").to_owned())
            .collect()
    };
    let by_the_demo = listed("normal,build");
    let by_the_tests = listed("normal,build,dev");
    let complaints: Vec<_> = by_the_demo.difference(&by_the_tests).cloned().collect();
    expect_none(
        "the tests ask for other features of these; name what asks for them in tests/Cargo.toml as well",
        &complaints,
    );
}

#[test]
fn continuous_integration_gives_the_command_of_the_readme() {
    let find = |path: &str| {
        files()
            .iter()
            .find(|file| file.path == path)
            .and_then(|file| file.text())
    };
    let script = find(".ci/run").expect("there is a .ci/run");
    let commands: Vec<_> = script
        .lines()
        .filter(|line| line.starts_with("cargo "))
        .collect();
    assert_eq!(commands, ["cargo accept"]);
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let config = find(".cargo/config.toml").expect("the aliases are in .cargo/config.toml");
    for command in ["demo", "accept"] {
        assert!(
            readme.contains(&format!("\ncargo {command}\n")),
            "the README does not give cargo {command}"
        );
        assert!(
            config.contains(&format!("\n{command} = ")),
            "there is no alias for cargo {command}"
        );
    }
}
