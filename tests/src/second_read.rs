use phantom::{ReadFinding, Truth};
use serde_json::Value;

use crate::Reader;

/// Numbers with commas between them, as the command line takes coordinates.
pub fn numbers(values: &[f64]) -> String {
    values
        .iter()
        .map(f64::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

/// The words that enter a finding as a perfect reader would.
pub fn add_finding(id: &str, read: &ReadFinding) -> Vec<String> {
    let mut args: Vec<String> = ["case", "read", id, "finding", "add"]
        .map(str::to_owned)
        .into();
    let mut put = |name: &str, value: String| args.extend([name.to_owned(), value]);
    put("--concept", read.concept.clone());
    put("--site", read.site.clone());
    put("--sop", read.key_sop_uid.clone());
    put("--confidence", "85".into());
    if let Some(side) = &read.side {
        put("--side", side.clone());
    }
    if let Some(level) = &read.level {
        put("--level", level.clone());
    }
    if let Some(ends) = &read.length_mm {
        put("--length-mm", numbers(&ends.concat()));
    }
    args
}

/// Enters every finding of the truth; the ids follow their order.
pub fn enter_findings(by: &Reader, id: &str, truth: &Truth) {
    for (read, number) in truth.second_read.iter().zip(1..) {
        let answer = by.json(&add_finding(id, read));
        assert_eq!(answer["finding_id"], format!("F{number}"));
    }
}

/// Gives every row that asks for a verdict and has none its own proposal.
pub fn decide_all(by: &Reader, id: &str) -> Value {
    let rows = by.json(&["case", "discrepancy", id, "list"]);
    for row in rows["rows"].as_array().unwrap() {
        if row["asks"] == true && row["verdict"].is_null() {
            let classes: Vec<&str> = row["proposed"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let name = row["row"].as_str().unwrap();
            by.json(&[
                "case",
                "discrepancy",
                id,
                "set",
                name,
                "--class",
                &classes.join(","),
            ]);
        }
    }
    by.json(&["case", "discrepancy", id, "list"])
}
