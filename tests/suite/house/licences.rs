//! Under which licences other people's code may come in.

use super::workspace::{Workspace, expect_none};

/// Licences that a program under MIT or Apache-2.0 can carry without further duty than naming them.
const ALLOWED: &[(&str, &str)] = &[
    ("MIT", "permissive"),
    ("MIT-0", "permissive, without attribution"),
    ("Apache-2.0", "permissive, with a patent grant"),
    (
        "Apache-2.0 WITH LLVM-exception",
        "as Apache-2.0, with fewer duties",
    ),
    ("BSD-2-Clause", "permissive"),
    (
        "BSD-3-Clause",
        "permissive; names may not be used to advertise",
    ),
    ("0BSD", "permissive, without attribution"),
    ("ISC", "permissive"),
    ("Zlib", "permissive; changed versions must say so"),
    ("BSL-1.0", "permissive"),
    ("CC0-1.0", "public domain; used by the encoding tables"),
    ("Unlicense", "public domain"),
    ("Unicode-3.0", "permissive; covers Unicode's own tables"),
    (
        "IJG",
        "permissive; the JPEG group asks to be named in the manual",
    ),
];

#[test]
fn every_package_may_be_carried() {
    let workspace = Workspace::get();
    let others = workspace.packages.iter().filter(|package| !package.is_ours);
    let complaints: Vec<_> = others
        .filter(|package| !is_allowed(&package.licence))
        .map(|package| format!("{}: {:?}", package.name, package.licence))
        .collect();
    expect_none(
        "licences outside the list; add one with its reason or leave the package",
        &complaints,
    );
}

#[test]
fn an_expression_is_allowed_when_one_choice_of_it_is() {
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("", false),
        ("MIT OR GPL-2.0-only", true),
        ("MIT AND GPL-2.0-only", false),
        ("Apache-2.0/MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(GPL-2.0-only OR MPL-2.0) AND MIT", false),
        ("GPL-2.0-only OR (MIT AND Zlib)", true),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
    ] {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}

/// Whether the SPDX expression leaves a choice that is allowed. `AND` binds closer than `OR`, `WITH` closest;
/// a slash is an old way to write `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

fn either(rest: &mut &[&str]) -> bool {
    let mut holds = both(rest);
    while let [first, tail @ ..] = *rest
        && *first == "OR"
    {
        *rest = tail;
        // Read to the end in any case: the words after it must be consumed.
        holds |= both(rest);
    }
    holds
}

fn both(rest: &mut &[&str]) -> bool {
    let mut holds = one(rest);
    while let [first, tail @ ..] = *rest
        && *first == "AND"
    {
        *rest = tail;
        holds &= one(rest);
    }
    holds
}

fn one(rest: &mut &[&str]) -> bool {
    match *rest {
        ["(", tail @ ..] => {
            *rest = tail;
            let holds = either(rest);
            *rest = rest.strip_prefix(&[")"]).unwrap_or_default();
            holds
        }
        [licence, "WITH", exception, tail @ ..] => {
            *rest = tail;
            let name = format!("{licence} WITH {exception}");
            ALLOWED.iter().any(|(allowed, _)| *allowed == name)
        }
        [licence, tail @ ..] => {
            *rest = tail;
            ALLOWED.iter().any(|(allowed, _)| allowed == licence)
        }
        [] => false,
    }
}
