//! What cargo and the disk say about the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// The workspace's top folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Runs cargo offline in the workspace and returns what it prints.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Edges of one kind out of a package.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// What the shipped code links.
    Normal,
    /// What its own tests link besides.
    Dev,
}

/// One package, ours or another's.
pub(crate) struct Package {
    /// Its name in the registry; `overread-space` for our own.
    pub(crate) name: String,
    /// SPDX expression; empty where the author named none.
    pub(crate) licence: String,
    /// Whether it is a member of this workspace.
    pub(crate) is_ours: bool,
    edges: Vec<(Edge, usize)>,
}

/// Every package that a build for this platform needs, and who needs whom.
pub(crate) struct Workspace {
    /// Ours and others', in the order that cargo gives.
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo, once for all tests.
    pub(crate) fn get() -> &'static Self {
        static WORKSPACE: OnceLock<Workspace> = OnceLock::new();
        WORKSPACE.get_or_init(|| {
            // Without a platform cargo wants the packages of every system, which nobody has downloaded.
            let version = Command::new("rustc")
                .arg("-vV")
                .output()
                .expect("rustc starts");
            let version = String::from_utf8(version.stdout).unwrap();
            let host = version
                .lines()
                .find_map(|line| line.strip_prefix("host: "))
                .unwrap();
            let answer = cargo(&[
                "metadata",
                "--format-version",
                "1",
                "--filter-platform",
                host,
            ]);
            Self::read(&serde_json::from_str(&answer).unwrap())
        })
    }

    fn read(metadata: &Value) -> Self {
        let list = |value: &Value| value.as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let ours: BTreeSet<String> = list(&metadata["workspace_members"])
            .iter()
            .map(text)
            .collect();
        let mut idx_of_id = BTreeMap::new();
        let mut packages = Vec::new();
        for package in list(&metadata["packages"]) {
            idx_of_id.insert(text(&package["id"]), packages.len());
            packages.push(Package {
                name: text(&package["name"]),
                licence: text(&package["license"]),
                is_ours: ours.contains(&text(&package["id"])),
                edges: Vec::new(),
            });
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            for edge in list(&node["deps"]) {
                for kind in list(&edge["dep_kinds"]) {
                    let kind = match kind["kind"].as_str() {
                        None => Edge::Normal,
                        Some("dev") => Edge::Dev,
                        Some(_) => continue,
                    };
                    let to = idx_of_id[&text(&edge["pkg"])];
                    packages[idx_of_id[&text(&node["id"])]]
                        .edges
                        .push((kind, to));
                }
            }
        }
        Self { packages }
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_ours)
    }

    /// The roles of our own packages that this one names directly.
    pub(crate) fn roles_below(&self, package: &Package, kind: Edge) -> BTreeSet<String> {
        package
            .edges
            .iter()
            .filter(|(edge, to)| *edge == kind && self.packages[*to].is_ours)
            .map(|(_, to)| self.packages[*to].role().to_owned())
            .collect()
    }

    /// The names of all packages that the shipped code of this one reaches.
    pub(crate) fn reach(&self, role: &str) -> BTreeSet<&str> {
        let start = self
            .packages
            .iter()
            .position(|package| package.is_ours && package.role() == role);
        let mut waiting = vec![start.unwrap_or_else(|| panic!("there is no crate {role}"))];
        let mut seen = BTreeSet::new();
        while let Some(idx) = waiting.pop() {
            if seen.insert(idx) {
                let edges = &self.packages[idx].edges;
                waiting.extend(
                    edges
                        .iter()
                        .filter(|(kind, _)| *kind == Edge::Normal)
                        .map(|(_, to)| *to),
                );
            }
        }
        seen.into_iter()
            .map(|idx| self.packages[idx].name.as_str())
            .collect()
    }
}

impl Package {
    /// The bare name that the code and the pages use.
    pub(crate) fn role(&self) -> &str {
        self.name.strip_prefix("overread-").unwrap_or(&self.name)
    }
}

/// A file of the repository.
pub(crate) struct RepoFile {
    /// Path from the top folder, with `/` on every system.
    pub(crate) path: String,
    /// Size in bytes.
    pub(crate) n_bytes: u64,
}

impl RepoFile {
    /// The text of the file, `None` when it is not UTF-8.
    pub(crate) fn text(&self) -> Option<String> {
        fs::read(root().join(&self.path))
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// The name without the folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the name ends with this extension.
    pub(crate) fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| found == extension)
    }
}

/// Every file of the repository, sorted: what is on disk without what `.gitignore` names. The disk is asked
/// and not git, because an unpacked archive must pass as well.
pub(crate) fn files() -> &'static [RepoFile] {
    static FILES: OnceLock<Vec<RepoFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        let ignored = [".git", "target", "sample-data/generated"];
        let mut files = Vec::new();
        let mut waiting = vec![String::new()];
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(root().join(&folder)).unwrap().flatten() {
                let name = entry.file_name().into_string().unwrap();
                let path = if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                };
                let metadata = entry.metadata().unwrap();
                if ignored.contains(&path.as_str()) {
                    continue;
                } else if metadata.is_dir() {
                    waiting.push(path);
                } else {
                    files.push(RepoFile {
                        path,
                        n_bytes: metadata.len(),
                    });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    })
}

/// Fails with every complaint at once, so that one run shows all that is to be mended.
pub(crate) fn expect_none(rule: &str, complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{rule}:\n  {}\n",
        complaints.join("\n  ")
    );
}
