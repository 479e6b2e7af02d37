//! Where the workspace, its build output and its programs lie.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::failure::{Failure, Outcome};

/// The folders that the commands work in.
pub(crate) struct Place {
    /// The workspace's top folder.
    pub(crate) root: PathBuf,
    /// Cargo's output folder.
    pub(crate) target: PathBuf,
    /// The folder that holds the built programs, this one among them.
    pub(crate) programs: PathBuf,
    /// The cargo that started this program, so that both are of one toolchain.
    pub(crate) cargo: OsString,
}

impl Place {
    /// Finds the folders from what cargo tells a program that it runs.
    ///
    /// # Errors
    /// Fails when the program was started by hand from a place where they cannot be found.
    pub(crate) fn find() -> Outcome<Self> {
        let lost = || {
            Failure::new(
                "cannot tell where the workspace lies; start this through `cargo demo` or `cargo accept`",
            )
        };
        let package = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(lost)?;
        let root = Path::new(&package).ancestors().nth(2).ok_or_else(lost)?;
        // Asked once, now: `cargo test --workspace` replaces this very file while it runs.
        let program = env::current_exe().map_err(|_| lost())?;
        let programs = program.parent().ok_or_else(lost)?;
        let target = programs.parent().ok_or_else(lost)?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
            programs: programs.to_owned(),
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        })
    }

    /// The built program of that name.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Prints, once, what `.cargo/cc` did to the machine while this program was being linked: rustc keeps
    /// a linker's words to itself, and nothing may change a system in silence.
    pub(crate) fn print_setup_note(&self) {
        let note = self.target.join("machine-setup.txt");
        if let Ok(text) = fs::read_to_string(&note) {
            eprint!("{text}");
            // A note that stays would be printed again as if it were new; that is all that can go wrong.
            drop(fs::remove_file(&note));
        }
    }

    /// Mesa and Wayland warn on every start when `XDG_RUNTIME_DIR` is unset, as it is in containers and
    /// on build machines. Returns a private folder for it then, and `None` when the variable is set.
    pub(crate) fn runtime_dir_if_unset(&self) -> Option<PathBuf> {
        if env::var_os("XDG_RUNTIME_DIR").is_some() {
            return None;
        }
        let folder = self.target.join("runtime");
        fs::create_dir_all(&folder).ok()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).ok()?;
        }
        Some(folder)
    }
}
