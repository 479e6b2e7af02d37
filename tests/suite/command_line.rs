//! How the command line takes its words, and how it fails.

use acceptance::{Answer, Desk, ReportForm, numbers, program, sample};

const QUESTION: &str = "Second opinion before the tumour board.";

#[test]
fn global_options_stand_before_and_after_the_command() {
    let (desk, sample) = (Desk::new(), sample(1));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, QUESTION);
    let store = desk.store();
    let store = store.to_str().unwrap();
    for args in [
        vec![
            "--store",
            store,
            "--actor",
            "Ada Second",
            "--json",
            "case",
            "show",
            &id,
        ],
        vec![
            "case",
            "--store",
            store,
            "show",
            "--json",
            &id,
            "--actor",
            "Ada Second",
        ],
        vec![
            "case",
            "show",
            &id,
            "--store",
            store,
            "--actor",
            "Ada Second",
            "--json",
        ],
    ] {
        let answer = Answer::of(std::process::Command::new(program()).args(&args));
        assert_eq!(answer.code, Some(0), "{args:?}: {}", answer.stderr);
        assert_eq!(answer.json()["id"], id, "{args:?}");
    }
}

#[test]
fn negative_numbers_are_taken_wherever_a_place_is_named() {
    let (desk, sample) = (Desk::new(), sample(1));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, QUESTION);
    let at = sample.truth.findings[1].centre_mm;
    let place = |dx: f64| numbers(&[at[0] + dx, at[1], at[2]]);
    let length = format!("{},{}", place(-5.0), place(5.0));
    let ellipse = format!("{},-25,0,0,0,-20,0", place(0.0));
    let add = ["case", "read", &id, "finding", "add", "--concept", "nodule"];
    for (option, value) in [("--length-mm", &length), ("--ellipse-mm", &ellipse)] {
        assert!(value.contains('-'));
        me.json(&[&add[..], &[option, value]].concat());
        me.json(&[&add[..], &[&format!("{option}={value}")]].concat());
    }
    let png = desk.path("at.png");
    let series = sample.truth.current_series_uid.as_str();
    let folder = sample.current();
    let [folder, png] = [&folder, &png].map(|p| p.to_str().unwrap());
    let render = [
        "render",
        folder,
        "--series",
        series,
        "--out",
        png,
        "--plane",
        "oblique:-1,0,0,0,0,1",
    ];
    me.json(&[&render[..], &["--at", &place(0.0), "--window", "-600,1500"]].concat());
}

#[test]
fn every_way_to_fail_has_its_exit_code_and_one_sentence() {
    let (desk, sample) = (Desk::new(), sample(1));
    let me = desk.reader("Ada Second");
    let id = sample.create(&me, ReportForm::Text, QUESTION);
    let text = desk.path("words.txt");
    std::fs::write(&text, "words").unwrap();
    let (text, out) = (text.to_str().unwrap(), desk.path("out"));
    let out = out.to_str().unwrap();
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let rows: Vec<(i32, Vec<&str>)> = vec![
        (2, vec!["case", "read", &id, "finding", "add"]),
        (
            2,
            vec![
                "case",
                "read",
                &id,
                "finding",
                "add",
                "--concept",
                "nodule",
                "--side",
                "upwards",
            ],
        ),
        (
            2,
            vec![
                "case",
                "read",
                &id,
                "finding",
                "add",
                "--concept",
                "nodule",
                "--length-mm",
                "1,2,3",
            ],
        ),
        (
            2,
            vec![
                "case",
                "read",
                &id,
                "finding",
                "add",
                "--concept",
                "nodule",
                "--length-mm",
                "9e5,0,0,9e5,1,0",
            ],
        ),
        (
            2,
            vec![
                "case",
                "read",
                &id,
                "finding",
                "edit",
                "F9",
                "--note",
                "no such finding",
            ],
        ),
        (
            2,
            vec![
                "case",
                "read",
                &id,
                "finding",
                "edit",
                "nine",
                "--note",
                "no such name",
            ],
        ),
        (
            2,
            vec!["case", "export", &id, "--format", "gif", "--out", out],
        ),
        (3, vec!["scan", "no-such-folder"]),
        (3, vec!["scan", empty.to_str().unwrap()]),
        (3, vec!["scan", text]),
        (3, vec!["decode", text, "--discard"]),
        (3, vec!["case", "create", text]),
        (3, vec!["case", "read", &id, "impression", "no-such-file"]),
        (3, vec!["report", "read", "no-such-file"]),
        (4, vec!["case", "reveal", &id]),
        (4, vec!["case", "seal", &id]),
        (4, vec!["case", "close", &id]),
    ];
    let patient = sample.truth.patient_name.split('^').next().unwrap();
    for (code, args) in rows {
        let sentence = me.refused(&args, code);
        assert!(
            sentence.trim_end().lines().count() <= 2,
            "{args:?}: {sentence}"
        );
        assert!(
            !sentence.contains(patient),
            "{args:?} names the patient: {sentence}"
        );
    }
    for args in [
        vec!["nonsense", "--such"],
        vec!["case"],
        vec!["case", "show"],
        vec!["decode", text],
    ] {
        assert_eq!(me.run(&args).code, Some(2), "{args:?}");
    }
    let mut broken = me.clone();
    broken.store = text.into();
    broken.refused(&["case", "list"], 5);
}

#[test]
fn a_trace_names_what_took_time() {
    let (desk, sample) = (Desk::new(), sample(1));
    let me = desk.reader("Ada Second");
    let current = sample.current();
    let current = current.to_str().unwrap();
    for (args, span) in [
        (vec!["scan", current], "scan"),
        (vec!["decode", current, "--discard"], "volume_ready"),
    ] {
        let file = desk.path(&format!("{span}.json"));
        me.json(&[&args[..], &["--trace", file.to_str().unwrap()]].concat());
        let trace: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        let own = events.iter().find(|event| event["name"] == span).unwrap();
        // Chrome's trace format: a whole span with its beginning and length in microseconds.
        assert_eq!(own["ph"], "X");
        assert!(
            own["ts"].is_u64() && 0 < own["dur"].as_u64().unwrap(),
            "{own}"
        );
    }
}
