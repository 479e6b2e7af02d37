//! The program as it is started. That this test names the program makes `cargo test --workspace` build it, which the
//! acceptance suite runs.

#![allow(clippy::unwrap_used)]

use std::process::Command;

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_overread"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in [
        vec!["--version"],
        vec!["--help"],
        vec!["case", "--help"],
        vec!["case", "read", "--help"],
    ] {
        let (code, out, err) = run(&arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(!out.is_empty(), "{arguments:?}");
    }
    assert!(run(&["--version"]).1.contains(env!("CARGO_PKG_VERSION")));
    assert!(run(&["--help"]).1.contains("Not for primary diagnosis"));
}

#[test]
fn words_that_are_no_command_line_end_with_2() {
    for arguments in [
        vec!["--nonsense"],
        vec!["scan"],
        vec!["case", "read", "OR-1"],
        vec!["render", "x", "--size"],
    ] {
        let (code, out, err) = run(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn kept_headers_are_forgotten_when_asked_to_and_nothing_else_is() {
    let place = std::env::temp_dir().join(format!("overread-forget-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let files = ["a.headers", "b.1-0.unfinished", "notes.txt"].map(|name| place.join(name));
    for file in &files {
        std::fs::write(file, b"kept").unwrap();
    }
    let index = place.to_str().unwrap();
    for _ in 0..2 {
        let (code, out, err) = run(&["store", "forget-headers", "--header-index", index, "--json"]);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        assert!(out.contains("overread.store-forget-headers/1"), "{out}");
        assert_eq!(files.each_ref().map(|f| f.exists()), [false, false, true]);
    }
    let (code, ..) = run(&["store", "forget-headers", "--header-index", "off"]);
    assert_eq!(code, Some(0));
    std::fs::remove_dir_all(&place).unwrap();
}
