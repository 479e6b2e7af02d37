//! One program run as a step of a command, timed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write, stderr, stdout};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::failure::{Failure, Outcome};
use crate::place::Place;

/// Cargo tells the program that it runs about its package. Handed on to another cargo these variables
/// would reach build scripts, which would then seem changed.
const CARGO_WORDS: [&str; 5] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_CRATE_",
    "CARGO_BIN_",
    "CARGO_PRIMARY_",
];

/// A command that starts in the workspace's top folder with a clean environment.
pub(crate) fn command(place: &Place, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&place.root);
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if CARGO_WORDS
            .iter()
            .any(|prefix| name_text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    if let Some(folder) = place.runtime_dir_if_unset() {
        command.env("XDG_RUNTIME_DIR", folder);
    }
    command
}

/// Runs cargo with these arguments, its output passed through.
///
/// # Errors
/// Fails, with the sentence `what`, when cargo does not start or fails.
pub(crate) fn cargo(place: &Place, arguments: &[&str], what: &str) -> Outcome<Duration> {
    announce(&format!("cargo {}", arguments.join(" ")));
    let start = Instant::now();
    let status = command(place, &place.cargo)
        .args(arguments)
        .status()
        .map_err(|error| Failure::new(format!("cargo does not start: {error}")))?;
    finish(status, what)?;
    Ok(start.elapsed())
}

/// Runs a command, passes both its streams through and shows each line to `see_line` as well.
///
/// # Errors
/// Fails, with the sentence `what`, when the command does not start or fails.
pub(crate) fn watched(
    mut command: Command,
    what: &str,
    see_line: &mut (dyn FnMut(&str) + Send),
) -> Outcome<Duration> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("{what}: the program does not start: {error}")))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let see_line = Mutex::new(see_line);
    thread::scope(|scope| {
        scope.spawn(|| pass_through(err, &mut stderr(), &see_line));
        pass_through(out, &mut stdout(), &see_line);
    });
    let status = child.wait().map_err(|error| {
        Failure::new(format!(
            "{what}: cannot learn how the program ended: {error}"
        ))
    })?;
    finish(status, what)?;
    Ok(start.elapsed())
}

/// Says what comes next, so that a person can tell a long step from a hung one.
pub(crate) fn announce(words: &str) {
    eprintln!("\n>>> {words}");
}

/// `75.2 s` or `12 min 5 s`.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 100.0 {
        format!("{seconds:.1} s")
    } else {
        format!(
            "{} min {} s",
            duration.as_secs() / 60,
            duration.as_secs() % 60
        )
    }
}

type LineSink<'a> = Mutex<&'a mut (dyn FnMut(&str) + Send)>;

fn pass_through(from: Option<impl Read>, to: &mut impl Write, see_line: &LineSink<'_>) {
    let Some(from) = from else { return };
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(n_bytes) if n_bytes > 0) {
        // A closed pipe at our own end must not stop the program that we watch.
        drop(to.write_all(&line).and_then(|()| to.flush()));
        let mut see_line = see_line.lock().unwrap_or_else(PoisonError::into_inner);
        (*see_line)(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

fn finish(status: ExitStatus, what: &str) -> Outcome<()> {
    if status.success() {
        return Ok(());
    }
    let exit_code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Failure {
        sentence: format!("{what} ({status}); the lines above say why"),
        exit_code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_told_in_minutes() {
        for (millis, expected) in [
            (0, "0.0 s"),
            (75_240, "75.2 s"),
            (100_000, "1 min 40 s"),
            (725_900, "12 min 5 s"),
        ] {
            assert_eq!(in_words(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    #[cfg(unix)]
    fn lines_of_both_streams_are_seen_and_the_exit_code_is_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; printf three; exit 7"]);
        let mut lines = Vec::new();
        let failure = watched(command, "the shell failed", &mut |line: &str| {
            lines.push(line.to_owned())
        })
        .expect_err("exit 7 is a failure");
        lines.sort();
        assert_eq!(lines, ["one", "three", "two"]);
        assert_eq!(failure.exit_code, 7);
        assert!(
            failure.sentence.starts_with("the shell failed"),
            "{}",
            failure.sentence
        );
    }
}
