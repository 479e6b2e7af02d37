use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use serde_json::Value;
use session::{FileAccess, Password, SessionError};

use crate::arguments::Global;

/// The largest file of passwords, bytes.
const MAX_PASSWORD_FILE_BYTES: u64 = 64 * 1024;

/// How often a password is asked for on a terminal.
const MAX_QUESTIONS: usize = 3;

/// With what the global options let studies be read.
pub fn file_access(global: &Global) -> Result<FileAccess, SessionError> {
    Ok(FileAccess {
        passwords: passwords(global)?,
        header_index: header_index(global),
    })
}

/// A password a line. None is ever taken from the command line itself, which other users of the machine can read.
fn passwords(global: &Global) -> Result<Vec<Password>, SessionError> {
    let Some(path) = &global.password_file else {
        return Ok(Vec::new());
    };
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        let stdin = std::io::stdin().lock();
        stdin
            .take(MAX_PASSWORD_FILE_BYTES)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_PASSWORD_FILE_BYTES).read_to_string(&mut text))
    };
    read.map_err(|error| {
        SessionError::Usage(format!(
            "the file of passwords cannot be read ({}); check its path: {}",
            error.kind(),
            path.display()
        ))
    })?;
    let lines = text.lines().filter(|line| !line.is_empty());
    Ok(lines.map(|line| Password::new(line.to_owned())).collect())
}

/// Beside a store that is named, where there is one; else in the user's cache.
pub fn header_index(global: &Global) -> Option<PathBuf> {
    match &global.header_index {
        Some(named) if named.as_os_str() == "off" => None,
        Some(named) => Some(named.clone()),
        None if global.store.is_some() || std::env::var_os("OVERREAD_STORE").is_some() => {
            let store = global.store_dir().ok().filter(|dir| dir.is_dir());
            store.map(|dir| dir.join("headers"))
        }
        None => session::default_header_index(),
    }
}

/// Runs a command, and asks on a terminal for the password of an archive that stayed locked, as `is_locked` tells of an
/// answer.
pub fn with_passwords<T>(
    global: &Global,
    is_locked: fn(&T) -> bool,
    mut run: impl FnMut(FileAccess) -> Result<T, SessionError>,
) -> Result<T, SessionError> {
    let mut access = file_access(global)?;
    for _ in 0..MAX_QUESTIONS {
        let result = run(access.clone());
        let stayed_locked = match &result {
            Ok(answer) => is_locked(answer),
            Err(error) => is_of_password(error.code()),
        };
        if !stayed_locked || !std::io::stdin().is_terminal() {
            return result;
        }
        let Ok(text) =
            rpassword::prompt_password("Password of the archive (empty: leave it closed): ")
        else {
            return result;
        };
        if text.is_empty() {
            return result;
        }
        access.passwords.insert(0, Password::new(text));
    }
    run(access)
}

fn is_of_password(code: &str) -> bool {
    matches!(code, "zip_encrypted" | "zip_password_wrong")
}

/// Does one of the warnings of an answer say that an archive stayed closed?
pub fn tells_of_lock(answer: &Value) -> bool {
    let says_so = |warning: &Value| warning["code"].as_str().is_some_and(is_of_password);
    answer["warnings"]
        .as_array()
        .is_some_and(|all| all.iter().any(says_so))
}
