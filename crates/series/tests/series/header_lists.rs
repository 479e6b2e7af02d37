//! Every element of an object is listed, with what it holds, as an independent reader lists it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use series::{HeaderList, HeaderValue, Source, list_header};

use crate::builder::Object;

fn list(path: &Path) -> HeaderList {
    list_header(&Source::file(path)).unwrap()
}

/// The path of each row by its tags and the numbers of the items around it.
fn paths(list: &HeaderList) -> Vec<String> {
    let mut around: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for row in &list.rows {
        around.truncate(row.depth);
        let before: String = around.iter().flat_map(|a| a.chars()).collect();
        match row.item_number {
            Some(number) => {
                // An item stands in the place of its sequence.
                around.push(format!("[{number}]."));
                all.push(String::new());
            }
            None => {
                let tag = format!("{:08X}", row.tag);
                all.push(format!("{before}{tag}"));
                around.push(tag);
            }
        }
    }
    all
}

#[test]
fn elements_sequences_and_private_blocks_are_listed_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.dcm");
    let mut item = Object::empty();
    item.text(0x0008_0100, b"SH", "T-1");
    let mut object = Object::ct(1, 0.0);
    object
        .sequence(0x0008_1140, &[&item, &item])
        .text(0x0009_0010, b"LO", "ACME 1")
        .text(0x0009_1001, b"LO", "inside")
        .text(0x0009_1101, b"LO", "reserved by nobody")
        .text(0x0020_4000, b"LT", &"long ".repeat(2000));
    std::fs::write(&path, object.file()).unwrap();
    let list = list(&path);
    let row = |tag: u32| list.rows.iter().find(|r| r.tag == tag).unwrap();
    assert_eq!(row(0x0008_1140).value, HeaderValue::Items(2));
    let codes: Vec<_> = list.rows.iter().filter(|r| r.tag == 0x0008_0100).collect();
    assert_eq!(codes.len(), 2);
    assert!(
        codes
            .iter()
            .all(|r| r.depth == 2 && r.keyword == "CodeValue")
    );
    assert_eq!(codes[0].value, HeaderValue::Text("T-1".into()));
    assert_eq!(row(0x0009_1001).creator.as_deref(), Some("ACME 1"));
    assert_eq!(row(0x0009_1101).creator, None);
    assert_eq!(row(0x0010_0010).keyword, "PatientName");
    assert_eq!(
        row(0x0010_0010).value,
        HeaderValue::Text("Phantom^One".into())
    );
    let HeaderValue::Beginning(text, _) = &row(0x0020_4000).value else {
        panic!("ten thousand bytes are not shown whole");
    };
    assert!(text.starts_with("long long") && text.len() <= 1024);
    assert_eq!(row(0x0020_4000).n_bytes, Some(10_000));
    let pixels = &row(0x7FE0_0010).value;
    assert_eq!(
        pixels,
        &HeaderValue::Pixels {
            n_bytes: 32,
            n_fragments: None
        }
    );
    assert!(
        list.rows.iter().any(|r| r.tag == 0x0002_0010),
        "file meta information"
    );
    assert!(
        list.rows.iter().all(|r| r.tag & 0xFFFF != 0),
        "group lengths"
    );
    assert_eq!((list.n_left_out, list.unread_tail), (0, None));
}

#[test]
fn long_values_that_differ_at_their_end_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let value_of = |name: &str, last: u8| {
        let mut object = Object::ct(1, 0.0);
        let mut bytes = vec![7; 300_000];
        *bytes.last_mut().unwrap() = last;
        object.set(0x0029_0010, b"OB", bytes);
        let path = dir.path().join(name);
        std::fs::write(&path, object.file()).unwrap();
        let rows = list(&path).rows;
        rows.into_iter()
            .find(|r| r.tag == 0x0029_0010)
            .unwrap()
            .value
    };
    assert_eq!(value_of("a", 1), value_of("b", 1));
    assert_ne!(value_of("a", 1), value_of("c", 2));
}

#[test]
fn a_cut_file_is_refused_or_listed_as_far_as_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.dcm");
    let mut object = Object::ct(1, 0.0);
    let mut item = Object::empty();
    item.text(0x0008_0100, b"SH", "T-1");
    object.sequence(0x0008_1140, &[&item, &item]);
    let bytes = object.file();
    std::fs::write(&path, &bytes).unwrap();
    let whole = list(&path).rows;
    let mut n_refused = 0;
    for n_bytes in 0..bytes.len() {
        std::fs::write(&path, &bytes[..n_bytes]).unwrap();
        match list_header(&Source::file(path.as_path())) {
            Ok(cut) => {
                let n_same = cut.rows.iter().zip(&whole).filter(|(a, b)| a == b).count();
                // Only the pixels may be shorter than they were.
                assert!(cut.rows.len() <= n_same + 1, "{n_bytes}");
            }
            Err(_) => n_refused += 1,
        }
    }
    assert!(bytes.len() < 2 * n_refused);
}

/// Is a value what the other reader has? `None`: it is one of those that cannot be compared.
fn agrees(ours: &HeaderValue, theirs: &Value, n_bytes: Option<u64>) -> Option<bool> {
    if let Some(items) = theirs.get("items").and_then(Value::as_u64) {
        return Some(matches!(ours, HeaderValue::Items(n) if *n as u64 == items));
    }
    if theirs.get("pixels").is_some() {
        return Some(matches!(ours, HeaderValue::Pixels { .. }));
    }
    if let Some(n) = theirs.get("n_bytes").and_then(Value::as_u64) {
        return Some(n_bytes.is_none_or(|ours| ours == n));
    }
    let (text, is_whole) = match ours {
        HeaderValue::Text(text) => (text, true),
        HeaderValue::Beginning(text, _) => (text, false),
        _ => return Some(false),
    };
    let squeezed = |text: &str| -> String {
        let drop = |c: &char| !c.is_whitespace() && !c.is_control();
        text.chars().filter(drop).collect()
    };
    if let Some(expected) = theirs.get("text").and_then(Value::as_str) {
        let (ours, expected) = (squeezed(text), squeezed(expected));
        return Some(match is_whole {
            true => ours == expected,
            false => expected.starts_with(&ours),
        });
    }
    let expected: Vec<f64> = serde_json::from_value(theirs.get("numbers")?.clone()).ok()?;
    let ours: Vec<f64> = text.split('\\').filter_map(|t| t.parse().ok()).collect();
    let same = |(a, b): (&f64, &f64)| {
        (a - b).abs() <= 1e-6 * b.abs() + 1e-40 || (a.is_nan() && b.is_nan())
    };
    Some((!is_whole || ours.len() == expected.len()) && ours.iter().zip(&expected).all(same))
}

#[test]
fn lists_are_those_of_an_independent_reader() {
    let rows = std::env::var_os("OVERREAD_HEADER_ROWS").map(PathBuf::from);
    let Some(text) = rows.and_then(|path| std::fs::read_to_string(path).ok()) else {
        println!("OVERREAD_HEADER_ROWS names no rows: 1 data test skipped");
        return;
    };
    let (mut n_files, mut n_refused, mut n_same, mut n_guessed) = (0, 0, 0, 0);
    let mut different: BTreeMap<String, usize> = BTreeMap::new();
    for line in text.lines() {
        type Row = (String, String, Value);
        let (path, expected): (PathBuf, Vec<Row>) = serde_json::from_str(line).unwrap();
        let Ok(list) = list_header(&Source::file(path.as_path())) else {
            n_refused += 1;
            println!("refused: {}", path.display());
            continue;
        };
        n_files += 1;
        let mut ours: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (path, row) in paths(&list).into_iter().zip(&list.rows) {
            if row.item_number.is_none() {
                ours.entry(path).or_default().push(row);
            }
        }
        let mut complain = |what: &str, at: &str, more: String| {
            println!("{what} {at} in {}: {more}", path.display());
            *different.entry(what.to_owned()).or_default() += 1;
        };
        for (at, vr, value) in &expected {
            let Some(row) = ours.remove(at).and_then(|rows| rows.into_iter().next()) else {
                complain("missing", at, vr.clone());
                continue;
            };
            let our_vr = String::from_utf8_lossy(&row.vr).into_owned();
            // The other reader has a dictionary of private elements for syntaxes that do not write representations.
            let is_private_guess = our_vr == "UN" && row.tag >> 16 & 1 == 1;
            match agrees(&row.value, value, row.n_bytes) {
                _ if is_private_guess => n_guessed += 1,
                _ if our_vr != *vr => complain("vr", at, format!("{our_vr} {vr}")),
                Some(false) => complain("value", at, format!("{:?} {value}", row.value)),
                _ => n_same += 1,
            }
        }
        for at in ours.keys() {
            complain("only here", at, String::new());
        }
    }
    println!(
        "{n_same} elements of {n_files} files agree, {n_guessed} private ones are guessed there, {n_refused} files refused; {different:?}"
    );
    // What stands here alone is behind the place at which the other reader gave damaged files up.
    let counted = different.iter().filter(|(what, _)| *what != "only here");
    let n_different: usize = counted.map(|(_, n)| n).sum();
    assert!(
        n_different * 4000 <= n_same,
        "more than one in four thousand differs"
    );
}
