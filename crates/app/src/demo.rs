use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use session::commands::ShellAction;
use session::headless::{DemoAction, parse_commands, run_step};
use session::{Command, Session, SessionError};
use shell::ThemeChoice;
use shell::offscreen::Offscreen;

use crate::arguments::{Demo, Global};
use crate::open_session;

/// Name of the command file that lies beside a sample case.
const COMMANDS: &str = "second-read.jsonl";

/// How long a screen may take to stand still.
const SETTLE_LIMIT: Duration = Duration::from_secs(120);

/// The workstation on the sample case, or the whole second read of it without a window.
pub fn run(global: &Global, request: &Demo) -> Result<ExitCode, SessionError> {
    if request.headless {
        headless(global, request)
    } else {
        window(global, request)
    }
}

fn window(global: &Global, request: &Demo) -> Result<ExitCode, SessionError> {
    let graphics = shell::wake_graphics();
    let mut session = open_session(&with_store(global, session::demo_store_dir()))?;
    let current = request.sample.join("current");
    let prior = request.sample.join("prior");
    session.dispatch(Command::OpenPaths(vec![current, prior]))?;
    session.attach_when_open(request.sample.join("first-report").join("report.dcm"));
    shell::run_window(session, shell::WindowOptions::default(), graphics)
        .map_err(|e| SessionError::Usage(e.to_string()))?;
    Ok(ExitCode::SUCCESS)
}

fn headless(global: &Global, request: &Demo) -> Result<ExitCode, SessionError> {
    let file = request
        .commands
        .clone()
        .unwrap_or_else(|| request.sample.join(COMMANDS));
    let text = std::fs::read_to_string(&file).map_err(|e| SessionError::NothingRead {
        code: "no_commands",
        text: format!(
            "the command file could not be read ({}); make the sample with `cargo demo`: {}",
            e.kind(),
            file.display()
        ),
    })?;
    let steps = parse_commands(&text)?;
    let out = &request.out;
    std::fs::create_dir_all(out).map_err(|e| SessionError::Write {
        reason: e.kind().to_string(),
        path: out.clone(),
    })?;
    // A store of its own: the demo leaves the reader's cases alone and begins anew each time.
    let store = out.join("store");
    if store.exists() {
        std::fs::remove_dir_all(&store).map_err(|e| SessionError::Write {
            reason: e.kind().to_string(),
            path: store.clone(),
        })?;
    }
    let mut session = open_session(&with_store(global, Some(store)))?;
    for (k, step) in steps.iter().enumerate() {
        let action = run_step(&mut session, step, &request.sample, out);
        match action
            .map_err(|e| SessionError::Usage(format!("command {} was not done: {e}", k + 1)))?
        {
            DemoAction::Done => {}
            DemoAction::Wrote(files) => files.iter().for_each(|f| println!("{}", f.display())),
            DemoAction::Picture {
                name,
                size,
                theme,
                overlay,
            } => {
                let path = picture_path(out, &name)?;
                let request = Screen {
                    size: size.unwrap_or([1920, 1080]),
                    theme,
                    overlay,
                };
                session = picture(session, &request, &path)?;
                println!("{}", path.display());
            }
        }
    }
    println!(
        "{}",
        std::path::absolute(out)
            .unwrap_or_else(|_| out.clone())
            .display()
    );
    Ok(ExitCode::SUCCESS)
}

/// What a picture of the screen shows besides the session.
struct Screen {
    size: [u32; 2],
    theme: Option<String>,
    overlay: Option<String>,
}

/// Draws the session as the window would and writes the picture; gives the session back.
fn picture(session: Session, screen: &Screen, path: &Path) -> Result<Session, SessionError> {
    let failed = |e: &dyn std::fmt::Display| SessionError::Usage(e.to_string());
    let theme = match screen.theme.as_deref() {
        None | Some("dark") => ThemeChoice::Dark,
        Some("light") => ThemeChoice::Light,
        Some(other) => {
            return Err(SessionError::Usage(format!(
                "there is no theme '{other}'; choose dark or light"
            )));
        }
    };
    let overlay = match screen.overlay.as_deref() {
        None => None,
        Some("palette") => Some(ShellAction::Palette),
        Some("shortcuts") => Some(ShellAction::Shortcuts),
        Some("export") => Some(ShellAction::Export),
        Some(other) => {
            return Err(SessionError::Usage(format!(
                "nothing called '{other}' floats; choose palette, shortcuts or export"
            )));
        }
    };
    let mut offscreen = Offscreen::new(screen.size, 1.0).map_err(|e| failed(&e))?;
    let mut shell = offscreen.shell(session, theme);
    offscreen
        .settle(&mut shell, SETTLE_LIMIT)
        .map_err(|e| failed(&e))?;
    if let Some(action) = overlay {
        let ctx = offscreen.context().clone();
        shell.act(action, &ctx);
        offscreen
            .settle(&mut shell, SETTLE_LIMIT)
            .map_err(|e| failed(&e))?;
    }
    let png = offscreen.png().map_err(|e| failed(&e))?;
    std::fs::write(path, png).map_err(|e| SessionError::Write {
        reason: e.kind().to_string(),
        path: path.to_path_buf(),
    })?;
    Ok(shell.into_session())
}

/// A plain name in the folder, whatever the command file says.
fn picture_path(out: &Path, name: &str) -> Result<PathBuf, SessionError> {
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if plain {
        return Ok(out.join(format!("{name}.png")));
    }
    Err(SessionError::Usage(format!(
        "'{name}' is no name for a picture; use letters, digits, - and _"
    )))
}

fn with_store(global: &Global, store: Option<PathBuf>) -> Global {
    let store = store.map(|s| s.display().to_string());
    Global {
        store: global.store.clone().or(store),
        ..global.clone()
    }
}
