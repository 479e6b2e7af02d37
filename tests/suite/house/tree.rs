//! What may lie where in the repository, and what may not stand in its files.

use std::collections::BTreeSet;
use std::fs;

use super::workspace::{RepoFile, expect_none, files, root};

const TOP_LEVEL: [&str; 8] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "crates",
    "sample-data",
    "tests",
];

/// Larger files make every clone slow for ever. Fonts come from packages and cannot be made at build time.
const LARGEST_FILE_BYTES: u64 = 1_000_000;

/// File names that name no idea.
const EMPTY_NAMES: [&str; 6] = [
    "utils.rs",
    "util.rs",
    "helpers.rs",
    "misc.rs",
    "common.rs",
    "manager.rs",
];

#[test]
fn the_top_level_is_the_planned_one() {
    let found: BTreeSet<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    assert_eq!(
        found,
        TOP_LEVEL.iter().map(|&name| name.to_owned()).collect()
    );
}

#[test]
fn every_folder_of_the_top_level_says_what_it_is() {
    for folder in ["assets", "crates", "sample-data", "tests"] {
        assert!(
            root().join(folder).join("README.md").exists(),
            "{folder} has no README.md"
        );
    }
}

#[test]
fn no_file_is_large() {
    let complaints: Vec<_> = files()
        .iter()
        .filter(|file| LARGEST_FILE_BYTES < file.n_bytes && !file.path.starts_with("assets/fonts/"))
        .map(|file| format!("{} has {} bytes", file.path, file.n_bytes))
        .collect();
    expect_none("files over the limit", &complaints);
}

#[test]
fn every_source_file_is_reached_by_a_module() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| file.is("rs")) {
        let parents = parents_of(&file.path);
        let name = module_name(&file.path);
        let declaration = format!("mod {name};");
        let named_path = format!("\"{}\"", file.name());
        let is_declared = parents.iter().any(|parent| {
            let text = fs::read_to_string(root().join(parent)).unwrap_or_default();
            text.contains(&declaration) || text.contains(&named_path)
        });
        if !parents.is_empty() && !is_declared {
            complaints.push(format!("{}: none of {parents:?} declares it", file.path));
        }
    }
    expect_none("forgotten modules", &complaints);
}

/// `plane` for `space/plane.rs` and for `space/plane/mod.rs`.
fn module_name(path: &str) -> &str {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    stem.rsplit('/').next().unwrap_or(stem)
}

/// The files that may declare this one as a module; none for the root of a library or program.
fn parents_of(path: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder_name = folder.rsplit('/').next().unwrap_or_default();
    let is_root = matches!(name, "lib.rs" | "main.rs" | "build.rs")
        || matches!(folder_name, "bin" | "benches" | "examples")
        || path.matches('/').count() == 3 && folder_name == "tests";
    if is_root {
        return Vec::new();
    }
    let folder = if name == "mod.rs" {
        folder.rsplit_once('/').map_or("", |(above, _)| above)
    } else {
        folder
    };
    ["lib.rs", "main.rs", "mod.rs"]
        .iter()
        .map(|parent| format!("{folder}/{parent}"))
        .chain([format!("{folder}.rs")])
        .filter(|parent| root().join(parent).exists())
        .collect()
}

#[test]
fn no_file_name_is_empty_of_meaning() {
    let complaints: Vec<_> = files()
        .iter()
        .filter(|file| EMPTY_NAMES.contains(&file.name()))
        .map(|file| file.path.clone())
        .collect();
    expect_none("name the idea instead", &complaints);
}

#[test]
fn nothing_is_left_to_do_without_an_issue() {
    // Put together here, so that this file does not hold the words itself.
    let words = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
    ];
    let mut complaints = Vec::new();
    for (file, number, line) in lines_of_text() {
        for word in &words {
            let rest = line.split_once(word.as_str()).map(|(_, rest)| rest);
            if rest.is_some_and(|rest| !rest.starts_with("(#")) {
                complaints.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    expect_none("write it as WORD(#issue), or do it", &complaints);
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let folders = [
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/ho", "me/"].concat(),
        ["/tmp/", "ov"].concat(),
    ];
    let mut complaints = Vec::new();
    for (file, number, line) in lines_of_text() {
        if folders.iter().any(|folder| line.contains(folder.as_str())) {
            complaints.push(format!("{}:{number}: {}", file.path, line.trim()));
        }
    }
    expect_none("a path of somebody's machine", &complaints);
}

#[test]
fn a_test_that_skips_its_data_says_so_in_countable_words() {
    let variable = ["OVERREAD_TEST", "_DATA\""].concat();
    let mut complaints = Vec::new();
    for file in files()
        .iter()
        .filter(|file| file.is("rs") && !file.path.starts_with("crates/xtask/"))
    {
        let text = file.text().unwrap_or_default();
        if text.contains(&variable)
            && !text.contains("data test skipped")
            && !text.contains("data tests skipped")
        {
            complaints.push(format!(
                "{} reads the variable and prints no \"N data tests skipped\"",
                file.path
            ));
        }
    }
    expect_none("cargo accept cannot count these skips", &complaints);
}

fn lines_of_text() -> impl Iterator<Item = (&'static RepoFile, usize, String)> {
    let is_own_text = |file: &&RepoFile| file.name() != "Cargo.lock" && file.name() != "LICENSE";
    files()
        .iter()
        .filter(is_own_text)
        .filter_map(|file| file.text().map(|text| (file, text)))
        .flat_map(|(file, text)| {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines
                .into_iter()
                .enumerate()
                .map(move |(idx, line)| (file, idx + 1, line))
        })
}
