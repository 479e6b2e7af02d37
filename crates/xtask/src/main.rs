//! Sets a machine up for Overread and runs the two commands of the README, `cargo demo` and
//! `cargo accept`.
//!
//! It must never know anything of the product: it starts the programs that the other crates build. It
//! depends on the standard library alone, because it runs before the machine has what their build needs.
//! Entry type: [`place::Place`], which says where everything lies.

mod accept;
mod apt;
mod demo;
mod failure;
mod machine;
mod place;
mod probe;
mod step;
mod tally;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use place::Place;

const USAGE: &str = "usage: cargo demo [OPTIONS OF overread demo]
       cargo accept
       cargo run --release --package xtask -- machine

demo     sets the machine up, builds Overread, makes the sample case and performs a second read of it;
         where there is a display, opens the workstation on it
accept   sets the machine up, checks format and lints, runs every test
machine  says what this machine lacks for either, and changes nothing";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {}", failure.sentence);
            ExitCode::from(failure.exit_code)
        }
    }
}

fn run(arguments: &[String]) -> Outcome<()> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(Failure::usage(USAGE));
    };
    let place = Place::find()?;
    place.print_setup_note();
    match (command.as_str(), rest) {
        ("demo", options) => demo::demo(&place, options),
        ("accept", []) => accept::accept(&place),
        ("machine", []) => {
            machine::describe();
            Ok(())
        }
        _ => Err(Failure::usage(USAGE)),
    }
}
