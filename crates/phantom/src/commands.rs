//! The command file of a perfect second read: what the demo replays, one JSON object a line.

use serde_json::{Value, json};

use crate::truth::{ReadFinding, Truth};

/// Name of the command file beside a case.
pub const COMMANDS_FILE: &str = "second-read.jsonl";

/// Writes the second read that finds everything that was planted: open, read, seal, reveal, decide, sign, hand over.
pub fn second_read_commands(truth: &Truth, question: &str) -> String {
    let mut lines = vec![
        json!({ "do": "open", "paths": ["current", "prior"], "question": question }),
        json!({ "do": "attach_report", "path": "first-report/report.dcm" }),
        json!({ "do": "show", "screen": "worklist" }),
        picture("1-worklist"),
        json!({ "do": "picture", "name": "1-worklist-light", "theme": "light" }),
        json!({ "do": "show", "screen": "reading" }),
        json!({ "do": "read_through", "presets": [1, 2] }),
    ];
    lines.extend(truth.second_read.iter().map(finding));
    lines.push(json!({ "do": "impression", "text": impression(truth) }));
    lines.extend([
        json!({ "do": "layout", "layout": "mpr" }),
        json!({ "do": "preset", "digit": 2 }),
        json!({ "do": "select_finding", "finding": "F1" }),
        picture("2-reading"),
        json!({ "do": "picture", "name": "2-reading-1366x768", "size": [1366, 768] }),
        json!({ "do": "layout", "layout": "with_prior" }),
        picture("2-reading-prior"),
        json!({ "do": "layout", "layout": "mpr" }),
        json!({ "do": "picture", "name": "6a-palette", "overlay": "palette" }),
        json!({ "do": "picture", "name": "6b-shortcuts", "overlay": "shortcuts" }),
        json!({ "do": "seal" }),
        json!({ "do": "reveal" }),
        json!({ "do": "layout", "layout": "one_and_two" }),
        json!({ "do": "preset", "digit": 2 }),
        json!({ "do": "select_row", "row": "F3" }),
        picture("2b-revealed"),
        json!({ "do": "accept_proposals" }),
    ]);
    lines.extend(truth.findings.iter().zip(1_usize..).filter_map(|(planted, number)| {
        let (significance, note) = match planted.expected_class.as_str() {
            "D1" => ("moderate", "Seen in the lung window. A follow-up interval depends on it."),
            "D4" => ("moderate", "The images show it on the other side than the report says."),
            "D6" => ("moderate", "Measured again on the slice of its largest diameter; the size differs."),
            "D3" => ("minor", "Small, and best seen in the soft tissue window."),
            _ => return None,
        };
        let error_type = match planted.expected_class.as_str() {
            "D4" => "communication",
            "D6" => "interpretation",
            _ => "perception",
        };
        Some(json!({
            "do": "verdict",
            "row": format!("F{number}"),
            "classes": [planted.expected_class],
            "error_type": error_type,
            "detectability": if significance == "minor" { "understandable" } else { "usually_seen" },
            "significance": significance,
            "note": note,
        }))
    }));
    lines.extend([
        json!({ "do": "show", "screen": "compare" }),
        json!({ "do": "select_row", "row": "F3" }),
        picture("3-compare"),
        json!({ "do": "picture", "name": "3-compare-light", "theme": "light" }),
        json!({ "do": "sign" }),
        json!({ "do": "export", "formats": ["pdf", "json", "narrative", "package"] }),
        json!({ "do": "close" }),
    ]);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn picture(name: &str) -> Value {
    json!({ "do": "picture", "name": name })
}

fn finding(read: &ReadFinding) -> Value {
    let mut line = json!({
        "do": "add_finding",
        "concept": read.concept,
        "site": read.site,
        "confidence": 85,
        "sop": read.key_sop_uid,
    });
    if let Some(map) = line.as_object_mut() {
        if let Some(side) = &read.side {
            map.insert("side".into(), json!(side));
        }
        if let Some(level) = &read.level {
            map.insert("level".into(), json!(level));
        }
        if let Some(ends) = &read.length_mm {
            map.insert("length_mm".into(), json!(ends));
        }
    }
    line
}

/// The sentences of the read, numbered.
fn impression(truth: &Truth) -> String {
    let sentences = truth
        .second_read
        .iter()
        .zip(1_usize..)
        .map(|(read, n)| format!("{n}. {}", read.sentence));
    sentences.collect::<Vec<_>>().join("\n")
}
