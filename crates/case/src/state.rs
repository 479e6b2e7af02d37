use serde::{Deserialize, Serialize};

use crate::{
    Actor, Amended, AnatomyReview, Annotation, Assignment, AuditDraw, CaseId, CompletenessItem,
    ConflictDeclaration, Coverage, CriticalFinding, EarlierComparison, Feedback, Finding, Flag,
    FollowUp, IntakeFinding, Outcome, Pair, PathKey, PathSeal, Protocol, ReportStatus, SealRecord,
    Sha256, Statement, StudyRef, ThirdRead, Timestamp, history::History,
};

/// Where a case stands (DECISIONS 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Created, not checked.
    Draft,
    /// Something waits to be settled before reading.
    Intake,
    /// May be read.
    Ready,
    /// Being read, blinded.
    Reading,
    /// Sealed, the first report still closed.
    Sealed,
    /// Being read after the first report was opened early.
    UnblindedEarly,
    /// Both reads are open and compared.
    Comparing,
    /// With a third reader.
    Adjudicating,
    /// The comparison is signed; feedback may be given.
    Feedback,
    /// Done.
    Closed,
    /// Ended: images not diagnostic.
    NonDiagnostic,
    /// Ended: request withdrawn.
    Withdrawn,
    /// Put aside.
    OnHold,
}

/// The five steps of the case bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Blinded read.
    Read,
    /// Seal.
    Seal,
    /// Compare.
    Compare,
    /// Adjudicate.
    Adjudicate,
    /// Close.
    Close,
}

/// Has the first report been opened, and when in the order of things?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Blinding {
    /// It is closed.
    Blinded,
    /// It was opened after the seal: the read was blinded.
    RevealedAfterSeal {
        /// When.
        at: Timestamp,
    },
    /// It was opened before the seal: the read was not blinded.
    RevealedEarly {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// A version of the first report, without its content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportVersion {
    /// 1 for the first.
    pub version: u32,
    /// Digest of the plain bytes.
    pub sha256: Sha256,
    /// Length of the plain bytes.
    pub n_bytes: u64,
    /// `sr`, `pdf`, `text`, …
    pub format: String,
    /// Preliminary, final, addendum.
    pub status: ReportStatus,
    /// The version it replaces.
    pub replaces: Option<u32>,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// What intake may know of it.
    pub intake: Vec<IntakeFinding>,
}

/// The second read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// Whose it is, once started.
    pub reader: Option<Actor>,
    /// When it was started.
    pub started: Option<Timestamp>,
    /// Is it paused?
    pub paused: bool,
    /// Active reading time before the last resume, ms.
    pub active_ms: u64,
    /// In order of entry.
    pub findings: Vec<Finding>,
    /// In order of drawing.
    pub annotations: Vec<Annotation>,
    /// Free words.
    pub impression: String,
    /// Which regions of a checklist were gone through.
    #[serde(default, skip_serializing_if = "AnatomyReview::is_empty")]
    pub anatomy: AnatomyReview,
    /// What was on screen.
    pub coverage: Coverage,
    /// The stages that were sealed before the read as a whole, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<SealedStage>,
    /// The seal, once sealed, and when.
    pub seal: Option<(SealRecord, Timestamp)>,
    /// What was not as it should be when it was sealed.
    pub limitations: Vec<String>,
}

/// A stage of a read as it was sealed: shows at which disclosure an opinion moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedStage {
    /// The seal.
    pub seal: SealRecord,
    /// When.
    pub at: Timestamp,
    /// The findings as they were.
    pub findings: Vec<Finding>,
    /// The impression as it was.
    pub impression: String,
}

/// The comparison of both reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of the first report it is about.
    pub report_version: u32,
    /// Text of the first report.
    pub first_text: String,
    /// Author as the report says.
    pub first_author: String,
    /// Date as the report says.
    pub first_issued: String,
    /// Statements of the first report.
    pub first: Vec<Statement>,
    /// Sentences of the second reader's impression.
    pub second: Vec<Statement>,
    /// The rows.
    pub pairs: Vec<Pair>,
    /// The outcome the reader chose against the proposal.
    pub outcome_chosen: Option<Outcome>,
    /// The summary the reader wrote instead of the built one.
    pub summary_written: Option<String>,
    /// The seal, once signed, and when.
    pub seal: Option<(SealRecord, Timestamp)>,
}

/// One line of "Before you seal".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealCheck {
    /// Stable name: `impression_or_finding`, `sides_stated`, `evidence_given`, `coverage:<series uid>` (with `:<lane>`
    /// when one lane is asked for), `prior_opened`, `completeness:<code>`.
    pub code: String,
    /// One sentence.
    pub text: String,
    /// Is it as it should be?
    pub met: bool,
    /// Does it block the seal? Only a read with neither an impression nor a finding does (DECISIONS 8).
    pub blocks: bool,
}

/// The state of a case: a fold of its log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    pub(crate) id: CaseId,
    pub(crate) stage: Stage,
    pub(crate) held_from: Option<Stage>,
    pub(crate) blinding: Blinding,
    pub(crate) question: String,
    pub(crate) protocol: String,
    /// The protocol as it was when the case was begun.
    pub(crate) rules: Protocol,
    /// Does its log hold the protocol? Seals of older cases were made without one.
    pub(crate) records_rules: bool,
    pub(crate) created_by: Option<Actor>,
    pub(crate) first_reader: Option<Actor>,
    pub(crate) assignment: Option<Assignment>,
    /// What is on record of the number that decides about the audit.
    pub(crate) audit_commitment: Option<Sha256>,
    /// The draw, once made; it counts for later comparisons of the case too.
    pub(crate) audit: Option<AuditDraw>,
    pub(crate) declarations: Vec<ConflictDeclaration>,
    pub(crate) amendments: Vec<Amended>,
    pub(crate) third: Option<ThirdRead>,
    pub(crate) criticals: Vec<CriticalFinding>,
    pub(crate) feedback: Vec<Feedback>,
    pub(crate) follow_ups: Vec<FollowUp>,
    /// Lists that it is on.
    pub(crate) flags: Vec<Flag>,
    pub(crate) study: Option<StudyRef>,
    pub(crate) priors: Vec<StudyRef>,
    pub(crate) reports: Vec<ReportVersion>,
    pub(crate) completeness: Vec<CompletenessItem>,
    /// When objects came after the case was begun, and how many.
    pub(crate) additions: Vec<(Timestamp, usize)>,
    pub(crate) read: Read,
    pub(crate) comparison: Option<Comparison>,
    /// Comparisons that no longer count.
    pub(crate) earlier: Vec<EarlierComparison>,
    pub(crate) last_finding_number: u32,
    pub(crate) last_annotation_number: u32,
    pub(crate) last_pair_number: u32,
    /// The highest number of a row in comparisons that no longer count: messages and follow-ups name rows by number, so
    /// later comparisons go on from here.
    pub(crate) last_pair_number_aside: u32,
    pub(crate) n_entries: u64,
    pub(crate) log_head: Sha256,
    /// The newest seal or reveal, as later ones name it.
    pub(crate) milestone: Option<Sha256>,
    /// The parts of reading paths that were sealed; `None`: nothing was recorded.
    pub(crate) sealed_paths: Vec<(PathKey, Option<PathSeal>)>,
    /// How many third reads were asked for: each has a path of its own.
    pub(crate) n_third_reads: u32,
    pub(crate) history: History,
}
