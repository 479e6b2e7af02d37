use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Where the program lies: beside this test, in the same build.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap();
    let path = built.join(format!("overread{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "the program is not built; run `cargo build --release --package overread-app` first: {}",
        path.display()
    );
    path
}

/// A machine of its own for one test: a store, a home, a folder for temporary files and one for outputs.
pub struct Desk {
    dir: TempDir,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// An empty one.
    pub fn new() -> Self {
        let dir = TempDir::with_prefix("overread-desk-").unwrap();
        for folder in ["home", "tmp"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        Self { dir }
    }

    /// A path on this desk.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The folder of the store.
    pub fn store(&self) -> PathBuf {
        self.path("store")
    }

    /// Somebody who works here.
    pub fn reader(&self, actor: &str) -> Reader {
        Reader {
            store: self.store(),
            home: self.path("home"),
            tmp: self.path("tmp"),
            actor: actor.to_owned(),
        }
    }
}

/// Somebody at a desk: every call is a process of its own.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Folder of the store.
    pub store: PathBuf,
    /// Name given with `--actor`.
    pub actor: String,
    home: PathBuf,
    tmp: PathBuf,
}

/// What a process left.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Reader {
    /// The program with these words, this store and this reader; not started yet.
    pub fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(program());
        command
            .args(args)
            .arg("--store")
            .arg(&self.store)
            .args(["--actor", &self.actor])
            .env("HOME", &self.home)
            .env("XDG_DATA_HOME", self.home.join("data"))
            .env("TMPDIR", &self.tmp)
            .env_remove("OVERREAD_STORE")
            .stdin(Stdio::null());
        command
    }

    /// Runs it and waits, with `--json`.
    pub fn run<A: AsRef<OsStr>>(&self, args: &[A]) -> Answer {
        Answer::of(self.command(args).arg("--json"))
    }

    /// Runs it without `--json`, as somebody at a terminal does.
    pub fn run_for_people<A: AsRef<OsStr>>(&self, args: &[A]) -> Answer {
        Answer::of(&mut self.command(args))
    }

    /// Runs it, which must succeed, and gives its JSON.
    pub fn json<A: AsRef<OsStr>>(&self, args: &[A]) -> Value {
        let answer = self.run(args);
        assert_eq!(answer.code, Some(0), "{:?}: {}", words(args), answer.stderr);
        answer.json()
    }

    /// Runs it, which must end with this code and one sentence on standard error; gives the sentence.
    pub fn refused<A: AsRef<OsStr>>(&self, args: &[A], code: i32) -> String {
        let answer = self.run(args);
        let what = words(args);
        assert_eq!(answer.code, Some(code), "{what:?}: {answer:?}");
        assert_eq!(answer.stdout, "", "{what:?}");
        assert!(
            answer.stderr.starts_with("overread: "),
            "{what:?}: {}",
            answer.stderr
        );
        assert!(
            !answer.stderr.contains("panicked"),
            "{what:?}: {}",
            answer.stderr
        );
        answer.stderr
    }

    /// Writes an impression, given on standard input.
    pub fn impression(&self, id: &str, text: &str) -> Answer {
        let mut command = self.command(&["case", "read", id, "impression", "-"]);
        let mut child = command
            .arg("--json")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        Answer::from_output(&child.wait_with_output().unwrap())
    }

    /// Begins a case and gives its id.
    pub fn create(&self, paths: &[&Path], report: Option<&Path>, question: &str) -> String {
        let mut args: Vec<&OsStr> = vec!["case".as_ref(), "create".as_ref()];
        args.extend(paths.iter().map(|p| p.as_os_str()));
        args.extend([OsStr::new("--question"), question.as_ref()]);
        if let Some(report) = report {
            args.extend([OsStr::new("--report"), report.as_os_str()]);
        }
        let made = self.json(&args);
        made["id"].as_str().unwrap().to_owned()
    }

    /// The whole state of a case.
    pub fn show(&self, id: &str) -> Value {
        self.json(&["case", "show", id])
    }
}

impl Answer {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        Self::from_output(&command.output().unwrap())
    }

    fn from_output(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output as one JSON document that names its form, and nothing else.
    pub fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("standard output is not one JSON document ({e}): {self:?}"));
        let schema = value["schema"].as_str().unwrap_or_default();
        assert!(
            schema.starts_with("overread.") && schema.ends_with("/1"),
            "the answer names its form '{schema}'"
        );
        value
    }
}

fn words<A: AsRef<OsStr>>(args: &[A]) -> Vec<String> {
    args.iter()
        .map(|a| a.as_ref().to_string_lossy().into_owned())
        .collect()
}
