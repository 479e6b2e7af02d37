//! The table of warning codes says what the code says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const TABLE: &str = include_str!("../../WARNINGS.md");

/// Names in `snake_case` that are text in the sources and no codes.
const NO_CODES: [&str; 2] = ["instance_fields", "snake_case"];

/// Codes of one word, which no rule of spelling tells from other text.
const SHORT_CODES: [&str; 1] = ["unsorted"];

fn is_code(text: &str) -> bool {
    text.contains('_')
        && !text.starts_with('_')
        && !text.ends_with('_')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The file's shipped lines without comments.
fn shipped(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .map(|line| line.split("//").next().unwrap())
        .filter(|line| !line.contains("serde") && !line.contains("serialize_with"))
}

fn codes_in_sources() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The names of JSON fields and of spacing sources are no codes.
        if name == "scan_json.rs" || name == "model.rs" || !name.ends_with(".rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for line in shipped(&source) {
            let quoted = line.split('"').skip(1).step_by(2);
            found.extend(quoted.filter(|q| is_code(q)).map(str::to_owned));
        }
    }
    found.retain(|code| !NO_CODES.contains(&code.as_str()));
    found.extend(SHORT_CODES.map(str::to_owned));
    found
}

fn rows() -> BTreeMap<&'static str, &'static str> {
    let mut rows = BTreeMap::new();
    for line in TABLE.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let code = cells[1].trim_matches('`');
        assert!(
            matches!(cells[2], "info" | "warning" | "error") && !cells[3].is_empty(),
            "{line}"
        );
        assert!(rows.insert(code, cells[2]).is_none(), "{code} stands twice");
    }
    rows
}

#[test]
fn every_code_stands_in_the_table_and_every_row_in_the_code() {
    let (rows, found) = (rows(), codes_in_sources());
    let undescribed: Vec<&String> = found
        .iter()
        .filter(|c| !rows.contains_key(c.as_str()))
        .collect();
    let unused: Vec<&&str> = rows.keys().filter(|r| !found.contains(**r)).collect();
    assert!(
        undescribed.is_empty() && unused.is_empty(),
        "not in WARNINGS.md: {undescribed:?}; in it and nowhere else: {unused:?}"
    );
}

#[test]
fn every_hazard_expects_codes_of_the_table() {
    let rows = rows();
    for hazard in phantom::hazards::all() {
        for code in hazard.codes {
            assert!(rows.contains_key(code), "{}: {code}", hazard.name);
        }
    }
}
