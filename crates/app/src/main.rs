//! The binary `overread`: a window, or one answer of the command line.
//!
//! This crate must never know: logic of any kind. It reads arguments, calls `session::headless` or `shell`, and prints.
//! Entry: [`main`].

mod access;
mod arguments;
mod case_commands;
mod demo;
mod list_arguments;
mod list_commands;
mod output;
mod programme_arguments;
mod programme_commands;
mod raw_commands;

use std::process::ExitCode;

use arguments::{Arguments, Topic};
use clap::Parser;
use session::{PicturesBy, Session, SessionError, SessionOptions, system_clock};

/// Everything comes out of here as an exit code: 0 done, 1 "no" or "differs", 2 usage, 3 nothing read, 4 refused, 5 store.
fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output with 0, everything else to standard error with 2.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("overread: {error}");
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(5))
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, SessionError> {
    let Arguments {
        global,
        paths,
        topic,
    } = arguments;
    match topic {
        None => window(&global, paths),
        Some(Topic::Demo(request)) => demo::run(&global, &request),
        Some(Topic::Case(command)) => case_commands::run(&global, command),
        Some(Topic::Protocol(command)) => programme_commands::protocols(&global, &command),
        Some(Topic::Roster(command)) => programme_commands::roster(&global, &command),
        Some(topic) => raw_commands::run(&global, topic),
    }
}

fn window(
    global: &arguments::Global,
    paths: Vec<std::path::PathBuf>,
) -> Result<ExitCode, SessionError> {
    let graphics = shell::wake_graphics();
    let mut session = open_session(global)?;
    if !paths.is_empty() {
        session.dispatch(session::Command::OpenPaths(paths))?;
    }
    shell::run_window(session, shell::WindowOptions::default(), graphics)
        .map_err(|e| SessionError::Usage(e.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the session that the global options name.
fn open_session(global: &arguments::Global) -> Result<Session, SessionError> {
    let access = access::file_access(global)?;
    let mut session = Session::open(SessionOptions {
        store_dir: global.store_dir()?,
        actor: global.actor(),
        clock: system_clock(),
        trace: global.trace.clone(),
        pictures: PicturesBy::Session,
    })?;
    session.set_file_access(access);
    Ok(session)
}
