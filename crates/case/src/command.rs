use crate::{
    Actor, Amendment, AnatomyReview, Annotation, AnnotationId, Assignment, CompletenessItem,
    Conflict, Coverage, CriticalCommand, Finding, FindingId, IntakeFinding, LearningCommand,
    ManifestItem, Outcome, Pair, PairId, Protocol, ReportStatus, SealRecord, Sha256, Statement,
    StudyRef, ThirdReadCommand, Verdict,
};

/// What somebody wants done to a case. Imperative; [`crate::Case::decide`] answers with events or a refusal.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Begin the case.
    CreateCase {
        /// The current study.
        study: StudyRef,
        /// Earlier studies of the same patient.
        priors: Vec<StudyRef>,
        /// Question of the referrer.
        question: String,
        /// Name of the protocol.
        protocol: String,
        /// The protocol itself; `None` for the one of cases that name none.
        rules: Option<Box<Protocol>>,
    },
    /// Write the question of the referrer anew, until the read is sealed.
    WriteQuestion {
        /// As it shall be.
        text: String,
    },
    /// Attach a report whose sealed bytes the store has.
    AttachReport {
        /// Digest of the plain bytes.
        sha256: Sha256,
        /// Length of the plain bytes.
        n_bytes: u64,
        /// `sr`, `pdf`, `text`, …
        format: String,
        /// Preliminary, final, addendum.
        status: ReportStatus,
        /// Does it replace the newest version, or stand beside it?
        replaces: Option<u32>,
        /// What intake may know of it.
        intake: Vec<IntakeFinding>,
    },
    /// Withdraw a wrong report.
    WithdrawReport {
        /// Which.
        version: u32,
        /// Why.
        reason: String,
    },
    /// Record what intake found.
    CheckIntake {
        /// What is, or is not, as it should be.
        completeness: Vec<CompletenessItem>,
    },
    /// Record that images came to a study after the case was begun.
    AddImages {
        /// The study: the current one, or a prior.
        study_instance_uid: String,
        /// What came, each with its digest; those that the case has already are left out.
        added: Vec<ManifestItem>,
        /// Number of images of the study from now on.
        n_images: usize,
    },
    /// Accept an item of the intake as a limitation.
    AcceptLimitation {
        /// Its code.
        code: String,
    },
    /// Give the case to a reader.
    Assign {
        /// To whom, and how it was drawn.
        assignment: Assignment,
    },
    /// Say who made the first read. It is not shown while the case is blinded.
    NameFirstReader {
        /// Who.
        reader: Actor,
    },
    /// Put away the number that will decide whether the case, if both reads agree, goes to a third reader.
    CommitAudit {
        /// [`crate::AuditDraw::commitment`] of it.
        commitment: Sha256,
    },
    /// Say whether there is a conflict of interest.
    DeclareConflict {
        /// Is there one?
        conflict: Conflict,
        /// In words; needed where there is one.
        text: String,
    },
    /// Take the read, or go on with one's own.
    StartRead,
    /// Pause.
    PauseRead {
        /// Active reading time since started or resumed, ms.
        active_ms: u64,
    },
    /// Enter a finding; its id must be [`crate::Case::next_finding_id`].
    AddFinding {
        /// It.
        finding: Finding,
    },
    /// Change a finding.
    EditFinding {
        /// As it shall be; its id says which.
        finding: Finding,
    },
    /// Take a finding and its marks out.
    RemoveFinding {
        /// Which.
        id: FindingId,
    },
    /// Draw a mark; its id must be [`crate::Case::next_annotation_id`]. When it names a finding that does not exist and has
    /// the next free id, an empty finding is entered in the same step.
    AddAnnotation {
        /// It.
        annotation: Annotation,
    },
    /// Change a mark. A finding that it names and that is not there yet is entered as in [`Command::AddAnnotation`].
    EditAnnotation {
        /// As it shall be; its id says which.
        annotation: Annotation,
    },
    /// Take a mark out.
    RemoveAnnotation {
        /// Which.
        id: AnnotationId,
    },
    /// Change several marks in one step, because the numbers of some rest on another.
    ChangeAnnotations {
        /// The mark that is drawn, if one is: as in [`Command::AddAnnotation`].
        added: Option<Box<Annotation>>,
        /// Marks as they shall be; their ids say which.
        edited: Vec<Annotation>,
        /// The mark that is taken out, if one is.
        removed: Option<AnnotationId>,
    },
    /// Say which regions of a checklist were gone through.
    ReviewAnatomy {
        /// All of it, as it is now.
        review: AnatomyReview,
    },
    /// Write the impression.
    WriteImpression {
        /// As it shall be.
        text: String,
    },
    /// Record what was on screen.
    RecordCoverage {
        /// Per series.
        coverage: Coverage,
    },
    /// Seal this stage of the read with a signature made over [`crate::Case::seal_digest`], and open the next.
    SealStage {
        /// The signature.
        seal: SealRecord,
    },
    /// Seal the second read with a signature made over [`crate::Case::seal_digest`].
    SealRead {
        /// The signature.
        seal: SealRecord,
        /// What [`crate::Case::checks_before_seal`] said and the reader accepted.
        limitations: Vec<String>,
    },
    /// Open the first report; before the seal a reason is needed.
    Reveal {
        /// Why before the seal; `None` asks for the ordinary reveal.
        urgent: Option<String>,
    },
    /// Record the statements and the proposed rows.
    ///
    /// Rows are numbered on from those of comparisons that no longer count: no number ever names two rows of a case.
    ProposeComparison {
        /// The version of the report.
        report_version: u32,
        /// Its text.
        first_text: String,
        /// Its author as it says.
        first_author: String,
        /// Its date as it says.
        first_issued: String,
        /// Its statements.
        first: Vec<Statement>,
        /// The sentences of the second reader's impression.
        second: Vec<Statement>,
        /// The rows.
        pairs: Vec<Pair>,
    },
    /// Decide about a row, or take the decision back.
    SetVerdict {
        /// Which row.
        pair: PairId,
        /// The decision.
        verdict: Option<Verdict>,
    },
    /// Agree with every row that has no verdict and whose proposal is `Agree`.
    AgreeWithRemaining,
    /// Join a statement and an item of the second read into one row, or part them.
    Realign {
        /// The rows as they shall be; ids of joined rows are kept, new ones get the next free ids.
        pairs: Vec<Pair>,
    },
    /// Choose the outcome against the proposal; `None` follows the verdicts again.
    SetOutcome {
        /// The choice.
        outcome: Option<Outcome>,
    },
    /// Write the summary; `None` follows the verdicts again.
    WriteSummary {
        /// The words.
        text: Option<String>,
    },
    /// Sign the comparison with a signature made over [`crate::Case::seal_digest`].
    SignComparison {
        /// The signature.
        seal: SealRecord,
        /// The number that decides whether an agreeing case goes to a third reader, as it was put away for this case;
        /// `None` where there is none any more.
        audit_nonce: Option<Sha256>,
    },
    /// Change one's mind after the reveal; the sealed read stays as it was.
    AmendRead {
        /// What changes.
        amendment: Amendment,
    },
    /// Third read.
    ThirdRead(ThirdReadCommand),
    /// Critical findings.
    Critical(CriticalCommand),
    /// Feedback and follow-up.
    Learning(LearningCommand),
    /// Close the case.
    CloseCase,
    /// Put the case aside.
    Hold {
        /// Why.
        reason: String,
    },
    /// Go on with a case that was put aside.
    Unhold,
    /// End the case without a read.
    End {
        /// `non_diagnostic` or `withdrawn`.
        kind: String,
        /// Why.
        reason: String,
    },
    /// Record that files were written.
    RecordExport {
        /// `pdf`, `json`, …
        format: String,
        /// Digest of the file.
        sha256: Sha256,
    },
    /// Take the last step of this actor back that can be.
    Undo,
    /// Do the last undone step again.
    Redo,
}
