use serde::{Deserialize, Serialize};

use crate::{
    Actor, Amendment, AnatomyReview, Annotation, Assignment, AuditDraw, CompletenessItem,
    ConflictDeclaration, Coverage, CriticalEvent, Finding, IntakeFinding, LearningEvent,
    ManifestItem, Outcome, Pair, PairId, Protocol, SealClaims, Sha256, Statement, StudyRef,
    ThirdReadEvent, Verdict,
};

/// The standing of a report document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// Not yet verified by its author.
    Preliminary,
    /// Final, or nothing says otherwise.
    Final,
    /// Adds to an earlier one.
    Addendum,
}

/// What a seal closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealStage {
    /// The second read.
    SecondRead,
    /// The comparison.
    Comparison,
    /// One stage of a second read whose protocol opens things one after the other.
    ReadingStage,
    /// The third read.
    ThirdRead,
}

/// A signature over the canonical bytes of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRecord {
    /// What it closes.
    pub stage: SealStage,
    /// SHA-256 of the canonical bytes, or of `claims`, which name it.
    pub digest: Sha256,
    /// Hash of the log entry before the seal: the seal covers the whole history up to it.
    pub log_head: Sha256,
    /// Ed25519 signature over `digest` bytes followed by `log_head` bytes, hexadecimal.
    pub signature: String,
    /// Ed25519 public key of the reader, hexadecimal.
    pub public_key: String,
    /// Is the reader's key protected by a passphrase?
    pub key_protected: bool,
    /// What it says of the course of the read; then `digest` is that of these claims. Older seals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<Box<SealClaims>>,
}

/// What happened. Past tense; the only thing that changes a case.
#[expect(
    clippy::large_enum_variant,
    reason = "events are few and short-lived; a box would only make them harder to write"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The case began.
    CaseCreated {
        /// The current study.
        study: StudyRef,
        /// Earlier studies of the same patient.
        priors: Vec<StudyRef>,
        /// Question of the referrer.
        question: String,
        /// Name of the protocol, for instance `second-opinion`.
        protocol: String,
        /// The protocol as it was; `None` for the one of cases that name none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rules: Option<Box<Protocol>>,
    },
    /// The question of the referrer was written.
    QuestionWritten {
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// A report was attached, sealed. Its bytes are in the store under `sha256` of the plain bytes.
    ReportAttached {
        /// 1 for the first.
        version: u32,
        /// Digest of the plain bytes.
        sha256: Sha256,
        /// Length of the plain bytes.
        n_bytes: u64,
        /// `sr`, `pdf`, `text`, …; says nothing of its content.
        format: String,
        /// Preliminary, final, addendum.
        status: ReportStatus,
        /// The version that this one replaces.
        replaces: Option<u32>,
        /// What intake may know of it.
        intake: Vec<IntakeFinding>,
    },
    /// A report was withdrawn as wrong.
    ReportWithdrawn {
        /// Which.
        version: u32,
        /// Why.
        reason: String,
    },
    /// The images and documents were checked.
    IntakeChecked {
        /// What is, or is not, as it should be.
        completeness: Vec<CompletenessItem>,
    },
    /// Images came to a study after the case was begun.
    ImagesAdded {
        /// The study: the current one, or a prior.
        study_instance_uid: String,
        /// What came, each with its digest.
        added: Vec<ManifestItem>,
        /// Number of images of the study from now on.
        n_images: usize,
    },
    /// An item of the intake was accepted; it stays a limitation.
    LimitationAccepted {
        /// Its code.
        code: String,
    },
    /// The case was given to a reader.
    Assigned {
        /// To whom, and how it was drawn.
        assignment: Assignment,
    },
    /// Somebody said who made the first read.
    FirstReaderNamed {
        /// Who.
        reader: Actor,
    },
    /// Somebody said whether there is a conflict of interest.
    ConflictDeclared {
        /// Who, and what.
        declaration: ConflictDeclaration,
    },
    /// The number that will decide about the audit of an agreeing case was put away.
    AuditCommitted {
        /// [`AuditDraw::commitment`] of it.
        commitment: Sha256,
    },
    /// A reader took the read; from here on it is theirs.
    ReadStarted {},
    /// The reader paused.
    ReadPaused {
        /// Active reading time since it was started or resumed, ms.
        active_ms: u64,
    },
    /// The same reader went on.
    ReadResumed {},
    /// A finding was entered.
    FindingAdded {
        /// It.
        finding: Finding,
    },
    /// A finding was changed.
    FindingEdited {
        /// As it was.
        before: Finding,
        /// As it is.
        after: Finding,
    },
    /// A finding was taken out.
    FindingRemoved {
        /// As it was.
        finding: Finding,
    },
    /// A mark was drawn.
    AnnotationAdded {
        /// It.
        annotation: Annotation,
    },
    /// A mark was changed.
    AnnotationEdited {
        /// As it was.
        before: Annotation,
        /// As it is.
        after: Annotation,
    },
    /// A mark was taken out.
    AnnotationRemoved {
        /// As it was.
        annotation: Annotation,
    },
    /// The impression was written.
    ImpressionWritten {
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// The reader went through regions of a checklist, or took that back.
    AnatomyReviewed {
        /// As it was.
        before: AnatomyReview,
        /// As it is.
        after: AnatomyReview,
    },
    /// What was on screen so far; replaces the earlier record.
    CoverageRecorded {
        /// Per series.
        coverage: Coverage,
    },
    /// A stage of the read was sealed, and the next was opened.
    StageSealed {
        /// The signature.
        seal: SealRecord,
    },
    /// The second read was sealed.
    ReadSealed {
        /// The signature.
        seal: SealRecord,
        /// Everything that was not as it should be when the reader sealed.
        limitations: Vec<String>,
    },
    /// The first report was opened after the seal.
    Revealed {
        /// The seal that it came after, by its name; `None` in older records.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Sha256>,
    },
    /// The first report was opened before the seal. The case is not blinded from here on, for ever.
    RevealedEarly {
        /// Why.
        reason: String,
    },
    /// The first report was split into statements and paired with the second read.
    ComparisonProposed {
        /// The version of the report.
        report_version: u32,
        /// Its text, from which the spans of the statements count.
        first_text: String,
        /// Its author as it says; may be empty.
        first_author: String,
        /// Its date as it says; may be empty.
        first_issued: String,
        /// Its statements.
        first: Vec<Statement>,
        /// The sentences of the second reader's impression, with spans in the impression.
        second: Vec<Statement>,
        /// The rows.
        pairs: Vec<Pair>,
    },
    /// The reader decided about a row, changed it, or took the decision back.
    VerdictSet {
        /// Which row.
        pair: PairId,
        /// As it was.
        before: Option<Verdict>,
        /// As it is.
        after: Option<Verdict>,
    },
    /// The reader aligned statements otherwise.
    PairsRealigned {
        /// The rows as they were.
        before: Vec<Pair>,
        /// The rows as they are.
        after: Vec<Pair>,
    },
    /// The outcome was chosen against the proposal, or the choice was taken back.
    OutcomeSet {
        /// As it was.
        before: Option<Outcome>,
        /// As it is.
        after: Option<Outcome>,
    },
    /// The summary for the referrer was written; `None` follows the verdicts.
    SummaryWritten {
        /// As it was.
        before: Option<String>,
        /// As it is.
        after: Option<String>,
    },
    /// The comparison was signed.
    ComparisonSigned {
        /// The signature.
        seal: SealRecord,
        /// Whether an agreeing case goes to a third reader; `None` where nothing was to be drawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audit: Option<AuditDraw>,
    },
    /// A correction came after the comparison was signed.
    ComparisonReopened {
        /// The new version of the report.
        report_version: u32,
    },
    /// The second reader changed their mind after the reveal.
    ReadAmended {
        /// What changed.
        amendment: Amendment,
    },
    /// Something was done in a third read.
    ThirdRead(ThirdReadEvent),
    /// Something was done about a critical finding.
    Critical(CriticalEvent),
    /// Something was done to learn from the case.
    Learning(LearningEvent),
    /// The case was closed.
    CaseClosed {},
    /// The case was put aside for a reason.
    PutOnHold {
        /// Why.
        reason: String,
    },
    /// The case goes on.
    TakenOffHold {},
    /// The case ends without a read: images not diagnostic, or request withdrawn.
    Ended {
        /// `non_diagnostic` or `withdrawn`.
        kind: String,
        /// Why.
        reason: String,
    },
    /// Files were written for others.
    Exported {
        /// `pdf`, `json`, …
        format: String,
        /// Digest of the file.
        sha256: Sha256,
    },
}

impl Event {
    /// The seal or signature that it is; `None` for other events.
    pub fn seal(&self) -> Option<&SealRecord> {
        match self {
            Self::StageSealed { seal }
            | Self::ReadSealed { seal, .. }
            | Self::ComparisonSigned { seal, .. }
            | Self::ThirdRead(ThirdReadEvent::Signed { seal }) => Some(seal),
            _ => None,
        }
    }

    /// What the seal that it is closes; `None` for other events.
    pub fn seals(&self) -> Option<SealStage> {
        match self {
            Self::StageSealed { .. } => Some(SealStage::ReadingStage),
            Self::ReadSealed { .. } => Some(SealStage::SecondRead),
            Self::ComparisonSigned { .. } => Some(SealStage::Comparison),
            Self::ThirdRead(ThirdReadEvent::Signed { .. }) => Some(SealStage::ThirdRead),
            _ => None,
        }
    }

    /// The name of its kind, as in the log's JSON, for instance `finding_added`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CaseCreated { .. } => "case_created",
            Self::ReportAttached { .. } => "report_attached",
            Self::ReportWithdrawn { .. } => "report_withdrawn",
            Self::IntakeChecked { .. } => "intake_checked",
            Self::ImagesAdded { .. } => "images_added",
            Self::LimitationAccepted { .. } => "limitation_accepted",
            Self::Assigned { .. } => "assigned",
            Self::FirstReaderNamed { .. } => "first_reader_named",
            Self::ConflictDeclared { .. } => "conflict_declared",
            Self::AuditCommitted { .. } => "audit_committed",
            Self::StageSealed { .. } => "stage_sealed",
            Self::ReadAmended { .. } => "read_amended",
            Self::ThirdRead(_) => "third_read",
            Self::Critical(_) => "critical",
            Self::Learning(_) => "learning",
            Self::ReadStarted {} => "read_started",
            Self::ReadPaused { .. } => "read_paused",
            Self::ReadResumed {} => "read_resumed",
            Self::FindingAdded { .. } => "finding_added",
            Self::FindingEdited { .. } => "finding_edited",
            Self::FindingRemoved { .. } => "finding_removed",
            Self::AnnotationAdded { .. } => "annotation_added",
            Self::AnnotationEdited { .. } => "annotation_edited",
            Self::AnnotationRemoved { .. } => "annotation_removed",
            Self::QuestionWritten { .. } => "question_written",
            Self::ImpressionWritten { .. } => "impression_written",
            Self::AnatomyReviewed { .. } => "anatomy_reviewed",
            Self::CoverageRecorded { .. } => "coverage_recorded",
            Self::ReadSealed { .. } => "read_sealed",
            Self::Revealed { .. } => "revealed",
            Self::RevealedEarly { .. } => "revealed_early",
            Self::ComparisonProposed { .. } => "comparison_proposed",
            Self::VerdictSet { .. } => "verdict_set",
            Self::PairsRealigned { .. } => "pairs_realigned",
            Self::OutcomeSet { .. } => "outcome_set",
            Self::SummaryWritten { .. } => "summary_written",
            Self::ComparisonSigned { .. } => "comparison_signed",
            Self::ComparisonReopened { .. } => "comparison_reopened",
            Self::CaseClosed {} => "case_closed",
            Self::PutOnHold { .. } => "put_on_hold",
            Self::TakenOffHold {} => "taken_off_hold",
            Self::Ended { .. } => "ended",
            Self::Exported { .. } => "exported",
        }
    }
}
