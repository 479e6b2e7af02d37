//! The demo replays a command file against the real session: another command, another result.

use std::path::{Path, PathBuf};

use acceptance::{Answer, Desk, Sample, has_gpu, pdf_text, sample};
use serde_json::{Value, json};

/// The command file of a sample without its pictures, which need something to draw with.
fn commands(sample: &Sample) -> Vec<Value> {
    let text = std::fs::read_to_string(sample.dir.join("second-read.jsonl")).unwrap();
    let steps = text
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    steps.filter(|step| step["do"] != "picture").collect()
}

/// What a run left: the PDF's words, the JSON, the narrative.
struct Left {
    pdf: String,
    json: Value,
    narrative: String,
}

fn replay(desk: &Desk, sample: &Sample, name: &str, commands: &[Value]) -> Answer {
    let file = desk.path(&format!("{name}.jsonl"));
    let text: String = commands.iter().map(|c| format!("{c}\n")).collect();
    std::fs::write(&file, text).unwrap();
    let me = desk.reader("Ada Second");
    // The demo brings a store of its own, so none is named here.
    let mut command = std::process::Command::new(acceptance::program());
    command.args(["demo", "--headless", "--actor", &me.actor]);
    command
        .arg("--sample")
        .arg(&sample.dir)
        .arg("--commands")
        .arg(&file)
        .arg("--out")
        .arg(desk.path(name));
    Answer::of(&mut command)
}

fn left(desk: &Desk, name: &str, answer: &Answer) -> Left {
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    let out = desk.path(name);
    let last = answer.stdout.trim_end().lines().last().unwrap();
    assert_eq!(Path::new(last), out, "the last line is the folder");
    let file = |end: &str| -> PathBuf {
        let mut found = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path());
        found
            .find(|p| p.to_str().unwrap().ends_with(end))
            .unwrap_or_else(|| panic!("no {end}"))
    };
    let verified = desk
        .reader("anybody")
        .json(&["verify".as_ref(), file(".overread").as_os_str()]);
    assert_eq!(verified["ok"], true);
    Left {
        pdf: pdf_text(&file(".pdf")),
        json: serde_json::from_slice(&std::fs::read(file("-json.json")).unwrap()).unwrap(),
        narrative: std::fs::read_to_string(file("-narrative.txt")).unwrap(),
    }
}

/// The JSON with what differs from run to run anyway taken out.
fn lasting(json: &Value) -> Value {
    let mut lasting = json.clone();
    for field in ["printed", "seals", "log"] {
        lasting[field] = Value::Null;
    }
    json!([
        lasting["second_read"]["findings"],
        lasting["study"],
        lasting["second_read"]["impression"]
    ])
}

#[test]
fn one_changed_command_changes_the_pdf_and_the_json() {
    let (desk, sample) = (Desk::new(), sample(1));
    let as_planned = commands(&sample);
    let planned = left(
        &desk,
        "planned",
        &replay(&desk, &sample, "planned", &as_planned),
    );
    let again = left(
        &desk,
        "again",
        &replay(&desk, &sample, "again", &as_planned),
    );
    assert_eq!(
        lasting(&planned.json),
        lasting(&again.json),
        "the same commands give the same read"
    );
    let first_finding = as_planned
        .iter()
        .position(|c| c["do"] == "add_finding")
        .unwrap();
    let impression = as_planned
        .iter()
        .position(|c| c["do"] == "impression")
        .unwrap();
    let verdict = as_planned
        .iter()
        .position(|c| c["do"] == "verdict")
        .unwrap();
    // The changed word goes into findings, impression and discrepancy notes.
    let rows = [
        (first_finding, "concept", "pulmonary zebroid", "zebroid"),
        (impression, "text", "1. Quagga in the lung.", "quagga"),
        (verdict, "note", "An okapi was overlooked.", "okapi"),
    ];
    for (k, field, words, sign) in rows {
        let mut changed = as_planned.clone();
        changed[k][field] = json!(words);
        // What the finding is paired with may change too; take the proposals as they come.
        if field == "concept" {
            changed.retain(|c| c["do"] != "verdict" || c["row"] != "F1");
        }
        let name = format!("changed-{field}");
        let left = left(&desk, &name, &replay(&desk, &sample, &name, &changed));
        for (where_to, before, after) in [
            ("PDF", &planned.pdf, &left.pdf),
            ("JSON", &planned.json.to_string(), &left.json.to_string()),
            ("narrative", &planned.narrative, &left.narrative),
        ] {
            assert!(!before.to_lowercase().contains(sign));
            assert!(
                after.to_lowercase().contains(sign),
                "{field} does not reach the {where_to}: {after}"
            );
        }
    }
}

#[test]
fn a_seed_nobody_has_seen_goes_through() {
    for seed in [2, 23, 58] {
        let (desk, sample) = (Desk::new(), sample(seed));
        let left = left(
            &desk,
            "out",
            &replay(&desk, &sample, "out", &commands(&sample)),
        );
        let findings = left.json["second_read"]["findings"].as_array().unwrap();
        assert_eq!(findings.len(), sample.truth.findings.len(), "seed {seed}");
        assert_eq!(
            left.json["case"]["stage"], "feedback",
            "the files are written once the comparison is signed"
        );
    }
}

#[test]
fn a_command_that_is_none_is_named_by_its_line() {
    let (desk, sample) = (Desk::new(), sample(1));
    for (wrong, code) in [
        (json!({ "do": "dance" }), 2),
        (json!({ "do": "reveal" }), 2),
        (json!({ "do": "preset" }), 2),
    ] {
        let mut changed = commands(&sample);
        changed.truncate(4);
        changed.push(wrong.clone());
        let answer = replay(&desk, &sample, "wrong", &changed);
        assert_eq!(answer.code, Some(code), "{wrong}: {answer:?}");
        assert!(answer.stderr.contains('5'), "{wrong}: {}", answer.stderr);
    }
}

#[test]
fn a_picture_of_the_screen_is_drawn_where_the_commands_ask_for_it() {
    if !has_gpu() {
        return;
    }
    let (desk, sample) = (Desk::new(), sample(1));
    let mut steps = commands(&sample);
    steps.truncate(3);
    steps.push(json!({ "do": "show", "screen": "reading" }));
    steps.push(json!({ "do": "picture", "name": "dark", "size": [800, 600] }));
    steps.push(json!({ "do": "picture", "name": "light", "size": [800, 600], "theme": "light" }));
    let answer = replay(&desk, &sample, "drawn", &steps);
    assert_eq!(answer.code, Some(0), "{}", answer.stderr);
    let mean = |name: &str| {
        let picture = image::open(desk.path("drawn").join(name))
            .unwrap()
            .into_luma8();
        assert_eq!(picture.dimensions(), (800, 600));
        picture.pixels().map(|p| f64::from(p.0[0])).sum::<f64>() / (800.0 * 600.0)
    };
    let (dark, light) = (mean("dark.png"), mean("light.png"));
    assert!(
        5.0 < dark && dark + 20.0 < light,
        "dark {dark}, light {light}"
    );
}
