use case::{
    Actor, Case, CaseId, Entry, IntakeFinding, IntakePermit, PathKey, PathPermit, RevealPermit,
    SealBy, Sha256,
};

use crate::{
    BadSignature, CheckReport, Health, KeptCase, KeptPath, ListedCase, SealedReport, Signed,
    StoreError, verify_seal,
};

/// A case whose log, seals and signatures were all checked.
#[derive(Debug)]
pub struct VerifiedLog {
    /// The state at the end of the log.
    pub case: Case,
    /// Every seal in the log with whose it is, in order.
    pub seals: Vec<SealBy>,
}

/// The place where cases are kept. Every writing call is durable when it returns `Ok`.
///
/// Two programs may use one store: the second to write a case gets [`StoreError::Conflict`], loads again and repeats.
pub trait Store: Send {
    /// Keeps the first entries of a new case.
    ///
    /// # Errors
    /// [`StoreError::CaseExists`], and those of [`Store::append`].
    fn create_case(&mut self, case: &CaseId, entries: &[Entry]) -> Result<(), StoreError>;

    /// Keeps the first entries of many new cases in one durable step, all or none: for bringing cases over from elsewhere.
    ///
    /// # Errors
    /// As [`Store::create_case`], for the first case that cannot be kept.
    fn create_cases(&mut self, cases: &[(CaseId, Vec<Entry>)]) -> Result<(), StoreError>;

    /// Keeps further entries of a case, all or none. After [`StoreError::NotSaved`] the same entries may be given again,
    /// whether or not the failed call kept them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when they do not continue the log as it is now; what the disk says.
    fn append(&mut self, case: &CaseId, entries: &[Entry]) -> Result<(), StoreError>;

    /// Keeps further entries of many cases in one durable step, all or none.
    ///
    /// # Errors
    /// As [`Store::append`], for the first case whose entries cannot be kept.
    fn append_many(&mut self, cases: &[(CaseId, Vec<Entry>)]) -> Result<(), StoreError>;

    /// The whole log of a case, checked against its hash chain.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCase`]; [`StoreError::ChainBroken`] with the first entry that does not fit.
    fn entries(&self, case: &CaseId) -> Result<Vec<Entry>, StoreError>;

    /// Number of entries of a case, without reading them: a cheap look whether somebody else has written. 0: no such case.
    ///
    /// # Errors
    /// What the disk says.
    fn n_entries(&self, case: &CaseId) -> Result<u64, StoreError>;

    /// The names of all cases, in order of creation.
    ///
    /// # Errors
    /// What the disk says.
    fn case_ids(&self) -> Result<Vec<CaseId>, StoreError>;

    /// Gives every case with what is kept about it to `each`, in order of creation, without reading a log.
    ///
    /// # Errors
    /// What the disk says; `each` may have been given some cases then.
    fn listing(&self, each: &mut dyn FnMut(ListedCase<'_>)) -> Result<(), StoreError>;

    /// Keeps something about cases for [`Store::listing`], all or none.
    ///
    /// # Errors
    /// What the disk says.
    fn keep_listing(&mut self, cases: &[KeptCase]) -> Result<(), StoreError>;

    /// Seals the bytes of a first report and answers with the digest of the plain bytes. Do this before the entry that
    /// attaches it is appended; a version that no entry attaches yet may be written again.
    ///
    /// # Errors
    /// [`StoreError::ReportRecorded`] when the log attaches other bytes under this version.
    fn put_report(
        &mut self,
        case: &CaseId,
        version: u32,
        plain: &[u8],
    ) -> Result<Sha256, StoreError>;

    /// The plain bytes of a first report, after the reveal of its case.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReport`], [`StoreError::SealedDamaged`].
    fn open_report(&self, version: u32, permit: &RevealPermit) -> Result<Vec<u8>, StoreError>;

    /// Lets a check look at the bytes of a first report; only its closed list of answers comes out.
    ///
    /// # Errors
    /// As [`Store::open_report`].
    fn inspect_report(
        &self,
        version: u32,
        permit: &IntakePermit,
        look: &mut dyn FnMut(&[u8]) -> Vec<IntakeFinding>,
    ) -> Result<Vec<IntakeFinding>, StoreError>;

    /// The ciphertext of a first report, for a package. It discloses nothing without its key.
    ///
    /// # Errors
    /// [`StoreError::NoSuchReport`].
    fn sealed_report(&self, case: &CaseId, version: u32) -> Result<SealedReport, StoreError>;

    /// The key of a sealed report, for a package that may be opened.
    ///
    /// # Errors
    /// As [`Store::open_report`].
    fn report_key(&self, version: u32, permit: &RevealPermit) -> Result<[u8; 32], StoreError>;

    /// Keeps further bytes of a part of a reading path, behind the chunks that it has: `part` names it, and how many.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it has another number of chunks; [`StoreError::PathTooLong`]; what the disk says.
    fn append_path(
        &mut self,
        case: &CaseId,
        part: (PathKey, u32),
        plain: &[u8],
    ) -> Result<(), StoreError>;

    /// The bytes of a part of a reading path; empty where none was recorded.
    ///
    /// # Errors
    /// [`StoreError::SealedDamaged`].
    fn open_path(&self, permit: &PathPermit) -> Result<KeptPath, StoreError>;

    /// Compares the reading paths of a case with its seals: what was changed, what is missing and what belongs to no read,
    /// a sentence each.
    ///
    /// # Errors
    /// What the disk says.
    fn path_problems(&self, case: &Case) -> Result<Vec<String>, StoreError>;

    /// Signs some bytes with the key of an actor, which is made on first use.
    ///
    /// # Errors
    /// What the disk says; [`StoreError::SealedDamaged`] when the key does not open.
    fn sign(&mut self, actor: &Actor, bytes: &[u8]) -> Result<Signed, StoreError>;

    /// The public key of an actor, hexadecimal; `None` before its first signature.
    ///
    /// # Errors
    /// What the disk says.
    fn public_key(&self, actor: &Actor) -> Result<Option<String>, StoreError>;

    /// A setting of this machine; `None` when it was never set.
    ///
    /// # Errors
    /// What the disk says.
    fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Keeps a setting of this machine.
    ///
    /// # Errors
    /// What the disk says.
    fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError>;

    /// What `doctor` tells about the store, read back from it.
    ///
    /// # Errors
    /// What the disk says.
    fn health(&self) -> Result<Health, StoreError>;

    /// Reads everything and reports what is not as it was written.
    ///
    /// # Errors
    /// Only when the check itself could not run.
    fn check(&self) -> Result<CheckReport, StoreError>;

    /// Folds the log of a case.
    ///
    /// # Errors
    /// As [`Store::entries`].
    fn load(&self, case: &CaseId) -> Result<Case, StoreError> {
        Ok(Case::replay(case.clone(), &self.entries(case)?)?)
    }

    /// Folds the log of a case and checks besides the chain that every seal covers what the case was, and its signature.
    ///
    /// # Errors
    /// As [`Store::entries`], and [`StoreError::BadSignature`].
    fn verify_case(&self, case: &CaseId) -> Result<VerifiedLog, StoreError> {
        let (case, seals) = Case::replay_with_seals(case.clone(), &self.entries(case)?)?;
        for SealBy { actor, seal } in &seals {
            verify_seal(seal)?;
            if self
                .public_key(actor)?
                .is_some_and(|key| seal.public_key != key)
            {
                return Err(BadSignature::NotTheReader.into());
            }
        }
        Ok(VerifiedLog { case, seals })
    }
}
