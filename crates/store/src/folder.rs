use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::StoreError;

pub(crate) const DATABASE: &str = "overread.db";
pub(crate) const KEY_FILE: &str = "store.key";

/// Makes the folder and an empty database file, both for the owner alone.
pub(crate) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let unusable = |error: io::Error| unusable(folder, &error);
    make_folder(folder).map_err(unusable)?;
    own_only(folder, 0o700).map_err(unusable)?;
    let database = folder.join(DATABASE);
    // SQLite gives its side files the mode of the database, so the mode must be right before it opens it.
    match create_new(&database) {
        Ok(file) => {
            file.sync_all().map_err(unusable)?;
            sync_folder(folder).map_err(unusable)?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            own_only(&database, 0o600).map_err(unusable)?;
        }
        Err(error) => return Err(unusable(error)),
    }
    Ok(database)
}

pub(crate) fn unusable(folder: &Path, error: &io::Error) -> StoreError {
    // The kind, not the system's sentence, which may quote a path a second time.
    StoreError::Folder {
        reason: error.kind().to_string(),
        folder: folder.to_owned(),
    }
}

/// Writes a new file for the owner alone; its name appears only once the content is on the disk. When another program
/// was faster its file stays.
pub(crate) fn write_once(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let mut tag = [0; 8];
    getrandom::fill(&mut tag).map_err(io::Error::other)?;
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = folder.join(format!(".{name}.{tag}"));
    let mut file = create_new(&draft)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    // A hard link fails when the name exists, which a rename would not.
    let linked = written.and_then(|()| fs::hard_link(&draft, folder.join(name)));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(folder),
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file; its file system journals names itself.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(unix)]
fn create_new(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Takes away what others may do. Leaves alone what is narrow already, so that a store on a read-only disk can be read.
#[cfg(unix)]
pub(crate) fn own_only(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn own_only(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// The permission bits of a file; `None` where the system has none.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
pub(crate) fn mode(_path: &Path) -> Option<u32> {
    None
}
