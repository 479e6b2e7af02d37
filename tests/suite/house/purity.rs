//! Words that must not stand in the shipped source of a crate: what the type system cannot forbid.

use std::collections::BTreeSet;

use super::workspace::{RepoFile, expect_none, files};

const DISK: &str = "std::fs";
const NET: &str = "std::net";
const ENVIRONMENT: &str = "std::env";
const PROCESS: &str = "std::process";
const WALL_CLOCK: &str = "SystemTime";
const READING_THE_CLOCK: &str = "SystemTime::now";
const STOP_WATCH: &str = "Instant";

/// Crates, what their shipped source may not name, and why.
const FORBIDDEN: &[(&[&str], &[&str], &str)] = &[
    (
        &["space", "volume", "case", "report", "compare"],
        &[DISK, NET, ENVIRONMENT, PROCESS, WALL_CLOCK, STOP_WATCH],
        "same arguments, same bytes, on every machine",
    ),
    (
        &[
            "series", "store", "exchange", "render", "ui_kit", "session", "shell", "app",
        ],
        &[NET],
        "only a crate `pacs` may open a socket",
    ),
    (
        &["render", "ui_kit"],
        &[DISK, ENVIRONMENT, PROCESS, WALL_CLOCK],
        "drawing reads nothing and keeps nothing",
    ),
    (
        &["shell"],
        &[DISK, WALL_CLOCK],
        "panels draw snapshots and send commands; the session reads and keeps",
    ),
    (
        &["exchange"],
        &[WALL_CLOCK],
        "times come from the session, so that a test can name them",
    ),
    (
        &["series"],
        &[READING_THE_CLOCK],
        "the time comes from the session, so that a test can name it; files have times of their own",
    ),
];

/// Places where a forbidden word stands with a reason: path, word, reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

#[test]
fn shipped_source_names_nothing_that_its_crate_must_not_know() {
    let mut complaints = Vec::new();
    for (roles, words, reason) in FORBIDDEN {
        for role in *roles {
            let folder = format!("crates/{role}/src/");
            let sources = files()
                .iter()
                .filter(|file| file.path.starts_with(&folder) && is_shipped(file));
            for file in sources {
                let text = shipped_part(&file.text().unwrap());
                let named = names_in(&text);
                for word in words.iter().filter(|word| named.contains(**word)) {
                    let is_excepted = EXCEPTIONS
                        .iter()
                        .any(|(path, excepted, _)| *path == file.path && excepted == word);
                    if !is_excepted {
                        complaints.push(format!("{} names {word}: {reason}", file.path));
                    }
                }
            }
        }
    }
    expect_none("source names what its crate must never know", &complaints);
}

#[test]
fn no_exception_outlives_its_cause() {
    let mut complaints = Vec::new();
    for (path, word, _) in EXCEPTIONS {
        let text = files()
            .iter()
            .find(|file| file.path == *path)
            .and_then(RepoFile::text)
            .unwrap_or_default();
        if !names_in(&shipped_part(&text)).contains(*word) {
            complaints.push(format!("{path} does not name {word}"));
        }
    }
    expect_none("an exception is no longer needed", &complaints);
}

#[test]
fn a_name_is_found_however_it_is_imported() {
    for (source, word, expected) in [
        ("let x = std::fs::read(p);", DISK, true),
        ("use std::fs;", DISK, true),
        ("use std::{env, fs};", DISK, true),
        (
            "use std::{\n    collections::BTreeMap,\n    fs::{self, File},\n};",
            DISK,
            true,
        ),
        ("use std::time::{Duration, Instant};", STOP_WATCH, true),
        ("use std::time::Duration;", STOP_WATCH, false),
        ("// std::fs is not for this crate", DISK, false),
        ("use crate::fs;", DISK, false),
        (
            "let a = 1;\n#[cfg(test)]\nmod tests { use std::fs; }",
            DISK,
            false,
        ),
    ] {
        assert_eq!(
            names_in(&shipped_part(source)).contains(word),
            expected,
            "{source}"
        );
    }
}

fn is_shipped(file: &RepoFile) -> bool {
    file.is("rs")
        && file.name() != "tests.rs"
        && !file.path.contains("/tests/")
        && !file.path.contains("/bin/")
}

/// The source without comments and without the tests, which by habit stand last in a file.
fn shipped_part(source: &str) -> String {
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let shipped = code.take_while(|line| !line.starts_with("#[cfg(test)]"));
    shipped.collect::<Vec<_>>().join("\n")
}

/// The forbidden names that stand in the source, spelt out or as a part of a braced `use std::{…}`.
fn names_in(source: &str) -> BTreeSet<&'static str> {
    let words = [DISK, NET, ENVIRONMENT, PROCESS, WALL_CLOCK, STOP_WATCH];
    let is_word = |text: &str, word: &str| {
        text.split(|character: char| !character.is_alphanumeric() && character != '_')
            .any(|found| found == word)
    };
    let braced: Vec<&str> = source
        .split("use std::{")
        .skip(1)
        .map(|rest| rest.split(';').next().unwrap_or_default())
        .collect();
    words
        .into_iter()
        .filter(|word| match word.strip_prefix("std::") {
            Some(module) => {
                source
                    .split(word)
                    .skip(1)
                    .any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                    || braced.iter().any(|names| is_word(names, module))
            }
            None => is_word(source, word),
        })
        .collect()
}
