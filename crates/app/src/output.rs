use std::io::{BufWriter, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;
use session::SessionError;

/// Prints an answer: JSON when it was asked for, else an indented listing of the same.
pub fn answer(json: bool, value: &Value) -> ExitCode {
    let text = if json {
        document(value)
    } else {
        listing(value)
    };
    // A reader that closed the pipe has seen enough.
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
    ExitCode::SUCCESS
}

/// Prints an answer of any length, the schema its first field; JSON is written as it is made.
pub fn long_answer(json: bool, answer: &impl Serialize) -> ExitCode {
    let mut out = BufWriter::new(std::io::stdout().lock());
    // A reader that closed the pipe has seen enough.
    let _ = match json {
        true => serde_json::to_writer(&mut out, answer).map_err(std::io::Error::from),
        false => serde_json::to_value(answer)
            .map_err(std::io::Error::from)
            .and_then(|value| write!(out, "{}", listing(&value).trim_end())),
    }
    .and_then(|()| out.write_all(b"\n"))
    .and_then(|()| out.flush());
    ExitCode::SUCCESS
}

/// One JSON document that begins with its schema, so that a reader knows what follows.
fn document(value: &Value) -> String {
    let Some((map, schema)) = value
        .as_object()
        .and_then(|map| Some((map, map.get("schema")?)))
    else {
        return value.to_string();
    };
    let mut text = format!("{{\"schema\":{schema}");
    for (key, value) in map.iter().filter(|(key, _)| *key != "schema") {
        text.push_str(&format!(",{}:{value}", Value::from(key.as_str())));
    }
    text.push('}');
    text
}

/// Keys and values as indented lines, for people.
fn listing(value: &Value) -> String {
    let mut out = String::new();
    list(value, 0, &mut out);
    out
}

fn list(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| *key != "schema") {
                match scalar(value) {
                    Some(text) => out.push_str(&format!("{indent}{key}: {text}\n")),
                    None => {
                        out.push_str(&format!("{indent}{key}:\n"));
                        list(value, depth + 1, out);
                    }
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                match scalar(item) {
                    Some(text) => out.push_str(&format!("{indent}- {text}\n")),
                    None => {
                        out.push_str(&format!("{indent}-\n"));
                        list(item, depth + 1, out);
                    }
                }
            }
        }
        other => out.push_str(&format!("{indent}{}\n", scalar(other).unwrap_or_default())),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("–".into()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) if items.iter().all(|i| i.is_number() || i.is_string()) => Some(
            items
                .iter()
                .filter_map(scalar)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Value::Object(map) if map.is_empty() => Some("–".into()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Numbers separated by commas, exactly `N` of them.
pub fn numbers<const N: usize>(text: &str, what: &str) -> Result<[f64; N], SessionError> {
    let parsed: Option<Vec<f64>> = text
        .split(',')
        .map(|n| n.trim().parse().ok().filter(|v: &f64| v.is_finite()))
        .collect();
    parsed
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| {
            SessionError::Usage(format!(
                "{what} takes {N} numbers separated by commas, not '{text}'"
            ))
        })
}

/// A progress line on a terminal, nothing elsewhere.
pub fn progress(what: &'static str) -> impl Fn(usize, usize) + Sync {
    use std::io::IsTerminal;
    let terminal = std::io::stderr().is_terminal();
    move |done, total| {
        if terminal && 0 < total {
            let end = if done == total { "\n" } else { "" };
            eprint!("\r{what} {done} of {total}{end}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_begins_with_its_schema_and_holds_all_the_rest() {
        let value = json!({ "adapter": { "schema": 1 }, "schema": "overread.doctor/1", "zebra": [1, "a\"b"] });
        let text = document(&value);
        assert!(
            text.starts_with(r#"{"schema":"overread.doctor/1","#),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        for plain in [json!([1, 2]), json!({}), json!({ "a": 1 })] {
            assert_eq!(document(&plain), plain.to_string());
        }
        assert_eq!(document(&json!({ "schema": "x/1" })), r#"{"schema":"x/1"}"#);
    }
}
