use crate::{CaseId, state::Case};

/// Leave to open what the first reader (or a machine) said. Only [`Case::reveal_permit`] makes one.
///
/// ```compile_fail
/// let permit = case::RevealPermit { case: case::CaseId::new("OR-1") };
/// ```
#[derive(Debug)]
pub struct RevealPermit {
    case: CaseId,
}

/// Leave to look into the first report for the closed list of [`crate::IntakeFinding`]s, nothing else.
#[derive(Debug)]
pub struct IntakePermit {
    case: CaseId,
}

impl RevealPermit {
    pub(crate) fn new(case: &Case) -> Self {
        Self {
            case: case.id().clone(),
        }
    }

    /// The case it is for.
    pub fn case(&self) -> &CaseId {
        &self.case
    }
}

impl IntakePermit {
    pub(crate) fn new(case: &Case) -> Self {
        Self {
            case: case.id().clone(),
        }
    }

    /// The case it is for.
    pub fn case(&self) -> &CaseId {
        &self.case
    }
}

/// A thing that stays closed until the reveal of its case.
///
/// It has no `Debug` that shows it, no `Clone`, no serialisation.
pub struct Quarantined<T> {
    case: CaseId,
    inner: T,
}

impl<T> Quarantined<T> {
    /// Closes a thing for a case.
    pub fn new(case: CaseId, inner: T) -> Self {
        Self { case, inner }
    }

    /// Opens it; `None` when the permit is for another case.
    pub fn open(&self, permit: &RevealPermit) -> Option<&T> {
        (permit.case == self.case).then_some(&self.inner)
    }
}

impl<T> std::fmt::Debug for Quarantined<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quarantined")
    }
}
