//! `cargo accept`: everything that must hold before a change is taken.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::apt;
use crate::failure::{Failure, Outcome};
use crate::machine::needs_of_accept;
use crate::place::Place;
use crate::step::{announce, cargo, command, in_words, watched};
use crate::tally::Tally;

/// Sets the machine up, then checks format and lints and runs every test; stops at the first step that fails.
///
/// # Errors
/// Fails with a sentence that names the step.
pub(crate) fn accept(place: &Place) -> Outcome<()> {
    apt::provide(needs_of_accept())?;
    provide_components(place)?;
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let format = &["fmt", "--all", "--check"];
    times.push((
        "format",
        cargo(
            place,
            format,
            "some files are not formatted; give `cargo fmt --all`",
        )?,
    ));
    let mut lints = vec!["clippy", "--release", "--workspace", "--all-targets"];
    if lints_are_binding(place)? {
        lints.extend(["--", "-D", "warnings"]);
    } else {
        eprintln!(
            "This toolchain is newer than the one the code was written for: new lints are shown, not binding."
        );
    }
    times.push((
        "lints",
        cargo(place, &lints, "clippy found something to change")?,
    ));
    // This selection decides which features the dependencies are built with. `cargo demo` names the same
    // packages, and tests/suite/house.rs holds that both build the same artefacts.
    let mut tally = Tally::default();
    let every_target = &[
        "test",
        "--release",
        "--workspace",
        "--all-targets",
        "--no-fail-fast",
        "--",
        "--show-output",
    ];
    let tested = run_tests(place, every_target, &mut tally);
    // Said before a failure ends the command: the sums are wanted then as well.
    say_sums(&tally);
    times.push(("tests", tested?));
    let documentation = &[
        "test",
        "--release",
        "--workspace",
        "--doc",
        "--no-fail-fast",
    ];
    times.push(("doc tests", run_tests(place, documentation, &mut tally)?));

    println!();
    let mut total = Duration::ZERO;
    for (step, time) in times {
        println!("{step:<10} {}", in_words(time));
        total += time;
    }
    println!("{:<10} {}", "together", in_words(total));
    say_sums(&tally);
    println!("accept: everything holds.");
    Ok(())
}

fn run_tests(place: &Place, arguments: &[&str], tally: &mut Tally) -> Outcome<Duration> {
    announce(&format!("cargo {}", arguments.join(" ")));
    let mut tests = command(place, &place.cargo);
    tests.args(arguments);
    watched(tests, "some tests do not pass", &mut |line: &str| {
        tally.see(line)
    })
}

fn say_sums(tally: &Tally) {
    println!(
        "\n{} passed, {} failed, {} ignored",
        tally.n_passed, tally.n_failed, tally.n_ignored
    );
    println!("{}", tally.skipped_in_words());
}

/// Whether clippy is of the version that the workspace names as its `rust-version`. Each release brings lints
/// that nobody could have heeded before, and a machine with a newer stable toolchain must pass as well.
fn lints_are_binding(place: &Place) -> Outcome<bool> {
    let cannot = |what: &str| Failure::new(format!("cannot tell the toolchain's version: {what}"));
    let manifest = fs::read_to_string(place.root.join("Cargo.toml"))
        .map_err(|error| cannot(&format!("Cargo.toml cannot be read: {error}")))?;
    let rustc = command(place, "rustc")
        .arg("--version")
        .output()
        .map_err(|error| cannot(&format!("rustc does not start: {error}")))?;
    let version = String::from_utf8_lossy(&rustc.stdout);
    Ok(is_of_version(
        &version,
        written_for(&manifest).unwrap_or_default(),
    ))
}

/// The value of `rust-version = "…"` in the manifest.
fn written_for(manifest: &str) -> Option<&str> {
    let value = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))?;
    Some(value.trim().trim_matches('"'))
}

/// Whether `rustc 1.95.0 (59807616e 2026-04-14)` is of version `1.95`.
fn is_of_version(answer: &str, version: &str) -> bool {
    let release = answer.split_whitespace().nth(1).unwrap_or_default();
    !version.is_empty()
        && release
            .strip_prefix(version)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// rustup's minimal profile leaves out rustfmt and clippy.
fn provide_components(place: &Place) -> Outcome<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let is_there = command(place, &place.cargo)
            .args([subcommand, "--version"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if is_there {
            continue;
        }
        announce(&format!(
            "rustup component add {component} (cargo {subcommand} is not here)"
        ));
        let added = command(place, "rustup")
            .args(["component", "add", component])
            .status();
        if !added.is_ok_and(|status| status.success()) {
            return Err(Failure::new(format!(
                "cargo {subcommand} is lacking and rustup could not add it; give `rustup component add {component}`"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_bind_only_with_the_toolchain_the_code_was_written_for() {
        let manifest = "[workspace.package]\nedition = \"2024\"\nrust-version = \"1.95\"\n";
        for (answer, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", true),
            ("rustc 1.95.1 (59807616e 2026-05-14)", true),
            ("rustc 1.96.0 (59807616e 2026-06-14)", false),
            ("rustc 1.950.0", false),
            ("", false),
        ] {
            let version = written_for(manifest).expect("the manifest names one");
            assert_eq!(is_of_version(answer, version), expected, "{answer}");
        }
        assert_eq!(written_for("[package]\n"), None);
    }
}
