//! `cargo demo`: from a bare machine to a second read of the sample case.

use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use crate::apt;
use crate::failure::{Failure, Outcome};
use crate::machine::{Display, needs_of_demo};
use crate::place::Place;
use crate::step::{announce, cargo, command, in_words, watched};

/// The kinds of file that the replayed read must leave behind.
const LEFT_BEHIND: [&str; 3] = ["png", "pdf", "json"];

/// Sets the machine up, builds, makes the sample case, performs a second read of it without a window and,
/// where there is a display, opens the workstation on it. The last line on standard output is the absolute
/// path of the folder with the pictures, the report and the JSON.
///
/// # Errors
/// Fails with a sentence that names the step.
pub(crate) fn demo(place: &Place, options: &[String]) -> Outcome<()> {
    let start = Instant::now();
    let display = Display::of_this_machine();
    apt::provide(needs_of_demo(display))?;
    // The whole workspace, though only two programs come of it: the selection decides the features of the
    // dependencies, and `cargo accept` must find them built. `xtask` is this program.
    let selection = &[
        "build",
        "--release",
        "--workspace",
        "--exclude",
        "xtask",
        "--bins",
    ];
    let built = cargo(place, selection, "Overread could not be built")?;
    eprintln!("Built in {}.", in_words(built));

    make_sample_case(place)?;
    let folder = place.target.join("demo");
    replay(place, &folder, options)?;
    eprintln!("cargo demo took {} up to here.", in_words(start.elapsed()));
    if display == Display::None {
        eprintln!(
            "There is no display here, so no window is opened. What the read left behind is in:"
        );
    } else {
        println!("{}", folder.display());
        open_window(place, options)?;
    }
    println!("{}", folder.display());
    Ok(())
}

/// `phantom` keeps what it has made, so this takes time only once.
fn make_sample_case(place: &Place) -> Outcome<()> {
    announce("making the sample case");
    let mut phantom = command(place, place.program("phantom"));
    phantom.args(["--seed", "1", "--out"]);
    phantom.arg(place.root.join("sample-data/generated/seed-1"));
    watched(phantom, "the sample case could not be made", &mut |_| {}).map(drop)
}

fn replay(place: &Place, folder: &Path, options: &[String]) -> Outcome<()> {
    announce("a second read of the sample case, without a window");
    // What an earlier demo left must not be taken for what this one does.
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Failure::new(format!(
                "cannot empty the folder of the demo ({error}): {}",
                folder.display()
            )));
        }
        _ => {}
    }
    let mut overread = command(place, place.program("overread"));
    overread
        .args(["demo", "--headless", "--out"])
        .arg(folder)
        .args(options);
    watched(overread, "the demo failed", &mut |_| {})?;
    for extension in LEFT_BEHIND {
        if !holds_file_of_kind(folder, extension) {
            return Err(Failure::new(format!(
                "the demo left no {} file in {}",
                extension.to_uppercase(),
                folder.display()
            )));
        }
    }
    Ok(())
}

fn open_window(place: &Place, options: &[String]) -> Outcome<()> {
    announce("opening the workstation on the sample case");
    let mut overread = command(place, place.program("overread"));
    overread.arg("demo").args(options);
    watched(overread, "the window ended with an error", &mut |_| {}).map(drop)
}

/// Whether the folder or one inside it holds a file with that extension.
fn holds_file_of_kind(folder: &Path, extension: &str) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            holds_file_of_kind(&path, extension)
        } else {
            path.extension().is_some_and(|found| found == extension)
        }
    })
}
