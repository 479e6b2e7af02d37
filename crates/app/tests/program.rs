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
