use std::path::{Path, PathBuf};

use case::{
    Actor, Case, CaseId, Entry, IntakeFinding, IntakePermit, PathKey, PathPermit, RevealPermit,
    Sha256,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use crate::{
    CheckReport, Health, KeptCase, KeptPath, ListedCase, SealedReport, Signed, Store, StoreError,
    folder, health,
    keys::{FirstUse, SecretKey},
    listing, log, paths, pragmas, readers, reports, schema,
};

/// A store in one folder of this machine: `overread.db` (SQLite, write-ahead log) and `store.key`.
///
/// Use one for each thread that needs it; several programs may have the same folder open.
pub struct SqliteStore {
    folder: PathBuf,
    connection: Connection,
    key: SecretKey,
    /// After a failed sync nothing that the connection says can be trusted; it is opened anew before the next write.
    needs_reopening: bool,
    /// The last entry of a write that failed so that it may or may not be on the disk. Writing it again is then fine.
    unsure_of: Option<Sha256>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// What the key of the store seals at its first use, to know it again.
const KEY_CHECK: &str = "key of the store\noverread.key_check/1";

impl SqliteStore {
    /// Opens the store of a folder, or makes one: settings asserted and read back, format brought up to date, key checked,
    /// and the structure of the file where it is small. Files are for the owner alone.
    ///
    /// # Errors
    /// A sentence for each of: a folder that cannot be used, a file that is something else, a newer format, a damaged
    /// file, a missing or wrong key.
    pub fn open(store_folder: &Path) -> Result<Self, StoreError> {
        pragmas::require_sqlite(rusqlite::version_number(), rusqlite::version())?;
        let database = folder::prepare(store_folder)?;
        let connection = connect(&database, store_folder).map_err(|e| e.with_holder(&database))?;
        // Nothing was sealed before the key was checked once, so until then a key may be made.
        let first_use = match known_key(&connection)? {
            None => FirstUse::Yes,
            Some(_) => FirstUse::No,
        };
        let key = SecretKey::of_store(store_folder, first_use)?;
        let store = Self {
            folder: store_folder.to_owned(),
            connection,
            key,
            needs_reopening: false,
            unsure_of: None,
        };
        store.check_key()?;
        Ok(store)
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn key(&self) -> &SecretKey {
        &self.key
    }

    fn check_key(&self) -> Result<(), StoreError> {
        let wrong = |_| StoreError::WrongKey {
            folder: self.folder.clone(),
        };
        let fresh = self.key.seal(&[], KEY_CHECK)?;
        // Kept by the first program that opens a new store; all later ones compare.
        let known = known_key(&self.connection)?;
        if known.is_none() {
            self.connection.execute(
                "INSERT OR IGNORE INTO key_check (one, nonce, wrapped) VALUES (1, ?1, ?2)",
                params![&fresh.nonce[..], fresh.ciphertext],
            )?;
        }
        let Some((nonce, wrapped)) = known_key(&self.connection)? else {
            return Ok(());
        };
        self.key
            .open(&nonce, &wrapped, KEY_CHECK)
            .map(|_| ())
            .map_err(wrong)
    }

    /// Runs a writing step on a connection that can be trusted.
    fn write<T>(
        &mut self,
        step: impl FnOnce(&mut Connection, &SecretKey) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.needs_reopening {
            self.connection = connect(&self.folder.join(folder::DATABASE), &self.folder)?;
            self.needs_reopening = false;
        }
        let result = step(&mut self.connection, &self.key)
            .map_err(|error| error.with_holder(&self.folder.join(folder::DATABASE)));
        if let Err(StoreError::NotSaved { .. }) = result {
            self.needs_reopening = true;
        }
        result
    }

    fn append_expecting(
        &mut self,
        case: &CaseId,
        entries: &[Entry],
        expect: log::Expect,
    ) -> Result<(), StoreError> {
        let last = entries.last().map(|entry| entry.hash.clone());
        let unsure = last.is_some() && self.unsure_of == last;
        let result = self.write(|connection, key| {
            match log::append(connection, key, case, entries, expect) {
                Err(StoreError::Conflict { .. } | StoreError::CaseExists { .. })
                    if unsure && log::is_there(connection, case, entries.last())? =>
                {
                    Ok(())
                }
                other => other,
            }
        });
        self.unsure_of = match result {
            Err(StoreError::NotSaved { .. }) => last,
            _ => None,
        };
        result
    }
}

fn connect(database: &Path, store_folder: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(database, flags)?;
    let foreign = || StoreError::NotAStore {
        folder: store_folder.to_owned(),
    };
    let kind = schema::kind(&connection).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => foreign(),
        _ => error.into(),
    })?;
    match kind {
        schema::Kind::Empty | schema::Kind::Ours => {}
        schema::Kind::Newer(found) => {
            return Err(StoreError::Newer {
                found,
                known: schema::newest(),
            });
        }
        schema::Kind::Foreign => return Err(foreign()),
    }
    pragmas::assert(&connection)?;
    schema::migrate(&mut connection)?;
    if is_small(&connection)? {
        quick_check(&connection)?;
    }
    Ok(connection)
}

/// Nonce and tag of the sealed key check.
type KeyCheck = (Vec<u8>, Vec<u8>);

fn known_key(connection: &Connection) -> Result<Option<KeyCheck>, StoreError> {
    let sql = "SELECT nonce, wrapped FROM key_check";
    let row = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(row.optional()?)
}

/// A file up to this size is checked whole whenever it is opened, bytes; a larger one by `store check`, since it takes as
/// long as reading it.
const CHECKED_WHOLE: i64 = 2 * 1024 * 1024;

fn is_small(connection: &Connection) -> Result<bool, StoreError> {
    let ask = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let (n_pages, page_bytes) = (ask("PRAGMA page_count")?, ask("PRAGMA page_size")?);
    Ok(n_pages.saturating_mul(page_bytes) <= CHECKED_WHOLE)
}

fn quick_check(connection: &Connection) -> Result<(), StoreError> {
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        return Ok(());
    }
    Err(StoreError::Damaged { reason: answer })
}

impl Store for SqliteStore {
    fn create_case(&mut self, case: &CaseId, entries: &[Entry]) -> Result<(), StoreError> {
        self.append_expecting(case, entries, log::Expect::NewCase)
    }

    fn create_cases(&mut self, cases: &[(CaseId, Vec<Entry>)]) -> Result<(), StoreError> {
        self.write(|connection, key| log::create_many(connection, key, cases))
    }

    fn append(&mut self, case: &CaseId, entries: &[Entry]) -> Result<(), StoreError> {
        self.append_expecting(case, entries, log::Expect::Case)
    }

    fn append_many(&mut self, cases: &[(CaseId, Vec<Entry>)]) -> Result<(), StoreError> {
        self.write(|connection, key| log::append_many(connection, key, cases))
    }

    fn entries(&self, case: &CaseId) -> Result<Vec<Entry>, StoreError> {
        log::entries(&self.connection, &self.key, case)
    }

    fn n_entries(&self, case: &CaseId) -> Result<u64, StoreError> {
        log::n_entries(&self.connection, case)
    }

    fn case_ids(&self) -> Result<Vec<CaseId>, StoreError> {
        log::case_ids(&self.connection)
    }

    fn listing(&self, each: &mut dyn FnMut(ListedCase<'_>)) -> Result<(), StoreError> {
        listing::listing(&self.connection, each)
    }

    fn keep_listing(&mut self, cases: &[KeptCase]) -> Result<(), StoreError> {
        self.write(|connection, _| listing::keep(connection, cases))
    }

    fn put_report(
        &mut self,
        case: &CaseId,
        version: u32,
        plain: &[u8],
    ) -> Result<Sha256, StoreError> {
        self.write(|connection, key| reports::put(connection, key, case, version, plain))
    }

    fn open_report(&self, version: u32, permit: &RevealPermit) -> Result<Vec<u8>, StoreError> {
        reports::open(&self.connection, &self.key, version, permit)
    }

    fn inspect_report(
        &self,
        version: u32,
        permit: &IntakePermit,
        look: &mut dyn FnMut(&[u8]) -> Vec<IntakeFinding>,
    ) -> Result<Vec<IntakeFinding>, StoreError> {
        reports::inspect(&self.connection, &self.key, version, permit, look)
    }

    fn sealed_report(&self, case: &CaseId, version: u32) -> Result<SealedReport, StoreError> {
        reports::sealed(&self.connection, case, version)
    }

    fn report_key(&self, version: u32, permit: &RevealPermit) -> Result<[u8; 32], StoreError> {
        reports::key_of(&self.connection, &self.key, version, permit)
    }

    fn append_path(
        &mut self,
        case: &CaseId,
        (part, after): (PathKey, u32),
        plain: &[u8],
    ) -> Result<(), StoreError> {
        self.write(|connection, key| paths::append(connection, key, (case, part, after), plain))
    }

    fn open_path(&self, permit: &PathPermit) -> Result<KeptPath, StoreError> {
        paths::open(&self.connection, &self.key, permit)
    }

    fn path_problems(&self, case: &Case) -> Result<Vec<String>, StoreError> {
        paths::problems(&self.connection, &self.key, case)
    }

    fn sign(&mut self, actor: &Actor, bytes: &[u8]) -> Result<Signed, StoreError> {
        self.write(|connection, key| readers::sign(connection, key, actor, bytes))
    }

    fn public_key(&self, actor: &Actor) -> Result<Option<String>, StoreError> {
        readers::public_key(&self.connection, actor)
    }

    fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM setting WHERE key = ?1";
        Ok(self
            .connection
            .query_row(sql, [key], |row| row.get(0))
            .optional()?)
    }

    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (key, value) VALUES (?1, ?2)
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.write(|connection, _| Ok(connection.execute(sql, [key, value]).map(|_| ())?))
    }

    fn health(&self) -> Result<Health, StoreError> {
        health::health(&self.connection, &self.folder)
    }

    fn check(&self) -> Result<CheckReport, StoreError> {
        health::check(&self.connection, &self.key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use case::{Case, Command, StudyRef, Timestamp};

    fn created(store: &mut SqliteStore) -> Case {
        let mut case = Case::new(CaseId::new("OR-1"));
        let study = StudyRef {
            study_instance_uid: "1.2".into(),
            ..StudyRef::default()
        };
        let create = Command::CreateCase {
            study,
            priors: Vec::new(),
            question: String::new(),
            protocol: String::new(),
            rules: None,
        };
        let entries = entries(&case, create);
        store.create_case(case.id(), &entries).unwrap();
        entries.iter().for_each(|entry| case.apply(entry));
        case
    }

    fn entries(case: &Case, command: Command) -> Vec<Entry> {
        let at = Timestamp::new("2026-01-01T10:00:00Z");
        case.record(&Actor::new("iyer"), &at, "0.1.0", command)
            .unwrap()
    }

    #[test]
    fn a_full_disk_keeps_nothing_and_says_so_and_the_step_can_be_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(folder.path()).unwrap();
        let case = created(&mut store);
        let long = "x".repeat(200_000);
        let big = entries(&case, Command::Hold { reason: long });
        let limit = |store: &SqliteStore, n: i64| {
            let sql = format!("PRAGMA max_page_count = {n}");
            store
                .connection
                .query_row(&sql, [], |row| row.get::<_, i64>(0))
                .unwrap();
        };
        limit(&store, 1);
        let refused = store.append(case.id(), &big).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "nothing was saved, the disk is full; free some space and repeat the step"
        );
        assert_eq!(store.entries(case.id()).unwrap().len(), 1);
        limit(&store, 1_000_000);
        store.append(case.id(), &big).unwrap();
        assert_eq!(store.entries(case.id()).unwrap().len(), 2);
    }

    #[test]
    fn after_a_failed_write_the_database_is_opened_anew_and_the_same_entries_are_fine() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(folder.path()).unwrap();
        let case = created(&mut store);
        let hold = entries(
            &case,
            Command::Hold {
                reason: "waits".into(),
            },
        );
        store
            .connection
            .execute_batch("PRAGMA query_only = ON")
            .unwrap();
        let refused = store.append(case.id(), &hold).unwrap_err();
        assert!(matches!(refused, StoreError::NotSaved { .. }), "{refused}");
        // As if the failed call had reached the disk after all.
        SqliteStore::open(folder.path())
            .unwrap()
            .append(case.id(), &hold)
            .unwrap();
        store.append(case.id(), &hold).unwrap();
        assert_eq!(store.entries(case.id()).unwrap().len(), 2);
        let again = store.append(case.id(), &hold).unwrap_err();
        assert!(matches!(again, StoreError::Conflict { .. }), "{again}");
    }

    #[test]
    fn an_sqlite_with_known_losses_is_refused() {
        for (number, version, is_good) in [
            (3_051_002, "3.51.2", false),
            (3_051_003, "3.51.3", true),
            (3_054_000, "3.54.0", true),
        ] {
            assert_eq!(pragmas::require_sqlite(number, version).is_ok(), is_good);
        }
    }
}
