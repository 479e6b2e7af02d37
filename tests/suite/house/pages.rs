//! The pages of the repository say what is true.

use std::collections::BTreeSet;
use std::fs;

use super::edges::HOUSE;
use super::workspace::{RepoFile, expect_none, files, root};

/// Files that only exist once something has been built or made, named by how their path starts.
const MADE_LATER: [&str; 2] = ["target/", "sample-data/generated"];

/// Endings that make a word in backticks the name of a file.
const FILE_ENDINGS: [&str; 7] = [".rs", ".md", ".toml", ".wgsl", ".ttf", ".lock", ".txt"];

#[test]
fn the_map_of_the_crates_is_the_house() {
    let page = fs::read_to_string(root().join("crates/README.md")).unwrap();
    let printed: BTreeSet<_> = page.lines().filter_map(row_of_map).collect();
    let allowed: BTreeSet<_> = HOUSE
        .iter()
        .map(|place| {
            let layer = place
                .layer
                .map_or("–".to_owned(), |layer| layer.to_string());
            let mut below: Vec<_> = place.may_know.iter().map(|&role| role.to_owned()).collect();
            below.sort();
            (layer, place.role.to_owned(), below)
        })
        .collect();
    assert_eq!(printed, allowed);
}

/// `| layer | crate | may know | …`: the three columns that the code knows as well.
fn row_of_map(line: &str) -> Option<(String, String, Vec<String>)> {
    let columns: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [layer, role, below, ..] = columns.as_slice() else {
        return None;
    };
    let role = role.strip_prefix('`')?.strip_suffix('`')?;
    let mut below: Vec<_> = below
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    below.sort();
    Some(((*layer).to_owned(), role.to_owned(), below))
}

#[test]
fn every_file_that_a_page_names_exists() {
    let names: BTreeSet<&str> = files().iter().map(RepoFile::name).collect();
    let mut complaints = Vec::new();
    for page in files().iter().filter(|file| file.is("md")) {
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for name in files_named_in(&page.text().unwrap_or_default()) {
            let is_made_later = MADE_LATER.iter().any(|start| name.starts_with(start));
            let exists = root().join(&name).exists()
                || root().join(folder).join(&name).exists()
                || !name.contains('/') && names.contains(name.as_str());
            if !exists && !is_made_later {
                complaints.push(format!("{} names {name}", page.path));
            }
        }
    }
    expect_none("pages name files that are not there", &complaints);
}

#[test]
fn a_word_is_a_file_name_only_when_it_looks_like_one() {
    for (text, expected) in [
        (
            "see `crates/README.md` and [the tests](tests/README.md)",
            &["crates/README.md", "tests/README.md"][..],
        ),
        (
            "`overread scan PATH`, `case::decide`, `<ID>.overread`, `*.rs`",
            &[],
        ),
        ("`lib.rs`", &["lib.rs"]),
        ("[site](https://example.org/a.md) and [below](#words)", &[]),
        ("```\ncargo demo `x.rs`\n```\n`y.rs`", &["y.rs"]),
    ] {
        assert_eq!(files_named_in(text), expected, "{text}");
    }
}

/// File names in backticks and the targets of links, code blocks left out.
fn files_named_in(page: &str) -> Vec<String> {
    let prose: String = page.split("```").step_by(2).collect();
    let quoted = prose.split('`').skip(1).step_by(2).filter(|word| {
        FILE_ENDINGS.iter().any(|ending| word.ends_with(ending))
            || word.ends_with('/') && word.len() > 1
    });
    let linked = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with('#'));
    let is_plain =
        |word: &&str| !word.contains(|c: char| c.is_whitespace() || "<>*{}$…".contains(c));
    quoted
        .chain(linked)
        .filter(is_plain)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_crate_says_what_it_must_never_know() {
    let mut complaints = Vec::new();
    for place in HOUSE {
        let folder = if place.role == "acceptance" {
            "tests".to_owned()
        } else {
            format!("crates/{}", place.role)
        };
        let text = ["lib.rs", "main.rs"]
            .iter()
            .find_map(|name| fs::read_to_string(root().join(&folder).join("src").join(name)).ok())
            .unwrap_or_default();
        let doc: String = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .map(str::to_lowercase)
            .collect();
        for words in ["never know", "entry"] {
            if !doc.contains(words) {
                complaints.push(format!(
                    "{folder}: the first words of its root file lack {words:?}"
                ));
            }
        }
    }
    expect_none("crates that do not say what they are", &complaints);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let manifests = files()
        .iter()
        .filter(|file| file.name() == "Cargo.toml" && file.path.contains('/'));
    // A manifest that is a workspace of its own has no lints to take.
    let complaints: Vec<_> = manifests
        .filter(|file| {
            let text = file.text().unwrap_or_default();
            !text.contains("[lints]\nworkspace = true") && !text.contains("\n[workspace]\n")
        })
        .map(|file| file.path.clone())
        .collect();
    expect_none("manifests without `[lints] workspace = true`", &complaints);
}

/// Keys that code gives to the catalogue: `t("…")`, `t_args("…"`, and the titles of jobs.
fn keys_named(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for before in ["t(", "t_args(", "spawn(", "TITLE_KEY: &str ="] {
        for (at, _) in text.match_indices(before) {
            let rest = text[at + before.len()..].trim_start();
            let is_call = text[..at]
                .chars()
                .last()
                .is_none_or(|c| !c.is_alphanumeric() && c != '_');
            let key = rest.strip_prefix('"').and_then(|r| r.split('"').next());
            let is_key = |k: &&str| k.contains('.') && !k.contains([' ', '{', '/']);
            keys.extend(key.filter(is_key).filter(|_| is_call).map(str::to_owned));
        }
    }
    keys
}

#[test]
fn every_word_that_code_asks_for_is_in_the_catalogue() {
    let words = fs::read_to_string(root().join("assets/text/en.txt")).unwrap();
    let known: BTreeSet<_> = words
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0.trim()))
        .collect();
    let mut complaints = Vec::new();
    let mut n_keys = 0;
    for file in files().iter().filter(|file| {
        file.is("rs")
            && ["crates/shell/src/", "crates/session/src/"]
                .iter()
                .any(|d| file.path.starts_with(d))
    }) {
        for key in keys_named(&file.text().unwrap_or_default()) {
            n_keys += 1;
            if !known.contains(key.as_str()) {
                complaints.push(format!("{}: {key}", file.path));
            }
        }
    }
    assert!(200 < n_keys, "only {n_keys} keys were found in the code");
    expect_none("words that are not in assets/text/en.txt", &complaints);
}
