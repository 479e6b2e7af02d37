//! Files that a reader puts beside the store: each is read and checked like one that came with the program.

use std::path::Path;

/// Files of a folder that are read at most.
const MAX_FILES: usize = 64;
/// Bytes of a file that are read at most; more than any such file has.
const MAX_BYTES: u64 = 64 * 1024;

/// What was found in a folder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnFiles<T> {
    /// What could be read, in the order of the names of the files; of two that mean the same the first.
    pub(crate) read: Vec<T>,
    /// A sentence for each file that was left out.
    pub(crate) left_out: Vec<String>,
}

impl<T> Default for OwnFiles<T> {
    fn default() -> Self {
        Self {
            read: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// Reads the `.toml` files of a folder; a folder that is not there has none. `read` makes something of a text or says why
/// it cannot, and `name` says what stands for what.
pub(crate) fn read_own_files<T, E: std::fmt::Display>(
    folder: &Path,
    read: impl Fn(&str) -> Result<T, E>,
    name: impl Fn(&T) -> String,
) -> OwnFiles<T> {
    let mut found = OwnFiles::default();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("toml"))
        })
        .collect();
    paths.sort();
    if MAX_FILES < paths.len() {
        found.left_out.push(format!(
            "only the first {MAX_FILES} of {} files are read; move some away",
            paths.len()
        ));
    }
    for path in paths.into_iter().take(MAX_FILES) {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let one = text_of(&path).and_then(|text| read(&text).map_err(|e| e.to_string()));
        match one {
            Ok(one) if found.read.iter().any(|other| name(other) == name(&one)) => {
                found.left_out.push(format!(
                    "{file}: another file has the name \"{}\" already; give it a name of its own",
                    name(&one)
                ));
            }
            Ok(one) => found.read.push(one),
            Err(why) => found.left_out.push(format!("{file}: {why}")),
        }
    }
    found
}

fn text_of(path: &Path) -> Result<String, String> {
    let read = || {
        use std::io::Read;
        let mut text = String::new();
        let file = std::fs::File::open(path)?;
        file.take(MAX_BYTES + 1).read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    };
    read().map_err(|e| format!("the file cannot be read as text ({e}); write it again"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_sound_is_read_and_all_else_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
        put("b.toml", b"bee");
        put("a.TOML", b"ay");
        put("c.toml", b"ay");
        put("d.toml", b"no");
        put("e.toml", &[0xff, 0xfe]);
        put("f.txt", b"text");
        std::fs::create_dir(dir.path().join("g.toml")).unwrap();
        let read = |text: &str| match text {
            "no" => Err("it says no"),
            text => Ok(text.to_owned()),
        };
        let found = read_own_files(dir.path(), read, String::clone);
        assert_eq!(found.read, ["ay", "bee"]);
        let said = |start: &str| found.left_out.iter().any(|line| line.starts_with(start));
        assert_eq!(found.left_out.len(), 4, "{:?}", found.left_out);
        assert!(said("c.toml: another file has the name \"ay\""));
        assert!(said("d.toml: it says no"));
        assert!(said("e.toml: the file cannot be read as text"));
        assert!(said("g.toml: the file cannot be read as text"));
        let none = read_own_files(&dir.path().join("nowhere"), read, String::clone);
        assert_eq!(none, OwnFiles::default());
    }

    #[test]
    fn more_files_than_anybody_has_are_not_read() {
        let dir = tempfile::tempdir().unwrap();
        for k in 0..MAX_FILES + 3 {
            std::fs::write(dir.path().join(format!("{k:03}.toml")), k.to_string()).unwrap();
        }
        let read = |text: &str| Ok::<_, String>(text.to_owned());
        let found = read_own_files(dir.path(), read, String::clone);
        assert_eq!(found.read.len(), MAX_FILES);
        assert!(
            found.left_out[0].contains("of 67 files"),
            "{:?}",
            found.left_out
        );
    }
}
