//! The open case, its findings and the comparison, as their panels show them.

use std::sync::Arc;

use case::{
    AnnotationId, CaseId, Class, CompletenessItem, CriticalFinding, Disclosure, Finding, FindingId,
    Outcome, Pair, SealCheck, Stage, Statement, Step, Verdict,
};

use crate::{AmendedSnapshot, ChecklistSnapshot, ColourImage, LearningSnapshot, ThirdReadSnapshot};

/// The open case, as its panels show it.
#[derive(Clone, Debug)]
pub struct CaseSnapshot {
    /// The case.
    pub id: CaseId,
    /// Where it stands.
    pub stage: Stage,
    /// The step of the bar it is in.
    pub step: Step,
    /// Name of the protocol that it is read by.
    pub protocol: String,
    /// Findings that cannot wait, in order.
    pub criticals: Vec<CriticalFinding>,
    /// Was the first report opened before the seal?
    pub unblinded_early: Option<String>,
    /// Is the first report closed?
    pub blinded: bool,
    /// May the actor change the read?
    pub yours: bool,
    /// Question of the referrer; empty while it is closed.
    pub question: String,
    /// Which stage the read is at, and what is closed in it.
    pub reading_stage: ReadingStage,
    /// Second reader; empty while nobody took it.
    pub reader: String,
    /// What is, or is not, as it should be.
    pub completeness: Vec<CompletenessItem>,
    /// Is a first report attached?
    pub report_attached: bool,
    /// Findings in order of entry.
    pub findings: Vec<FindingCard>,
    /// Marks that belong to no finding, in the order drawn.
    pub loose_marks: Vec<MarkRow>,
    /// Impression.
    pub impression: String,
    /// Before you seal.
    pub checks: Vec<SealCheck>,
    /// The checklist of anatomic regions; `None` where there is none for images of this kind.
    pub checklist: Option<Arc<ChecklistSnapshot>>,
    /// Active reading time, seconds.
    pub active_s: u64,
    /// When it was sealed, local time `15:47`.
    pub sealed_at: Option<String>,
    /// Seal digest's first digits, for display.
    pub seal_digest: Option<String>,
    /// Viewed so far over the whole current study, percent.
    pub viewed_percent: u8,
    /// Both reads, once revealed.
    pub comparison: Option<ComparisonSnapshot>,
    /// The third read, for whoever makes it or may take it; `None` for everybody else.
    pub third: Option<ThirdReadSnapshot>,
    /// May a third read be asked for?
    pub may_ask_third: bool,
    /// Messages to the first reader, and lists that the case is on.
    pub learning: LearningSnapshot,
    /// What changed after the reveal; `None` before it.
    pub amended: Option<AmendedSnapshot>,
}

/// A stage of a read whose protocol opens things one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingStage {
    /// 1 for the first.
    pub number: usize,
    /// How many there are; 1 where everything is open from the start.
    pub n_stages: usize,
    /// What the next stage opens.
    pub opens_next: Vec<Disclosure>,
    /// What is closed in this one.
    pub closed: Vec<Disclosure>,
}

impl ReadingStage {
    /// Is there a stage after this one?
    pub fn has_next(&self) -> bool {
        self.number < self.n_stages
    }
}

/// A finding in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingCard {
    /// The finding.
    pub finding: Finding,
    /// `Right lower lobe nodule`.
    pub title: String,
    /// `7.9 mm`, `33 × 22 mm`; empty when nothing was measured.
    pub size_text: String,
    /// `S2 · 73`.
    pub image_text: String,
    /// Its marks, in the order in which they were drawn.
    pub marks: Vec<MarkRow>,
    /// Its picture.
    pub thumbnail: Option<Arc<ColourImage>>,
    /// Verdict classes on it, once compared.
    pub classes: Vec<Class>,
}

/// A mark in a list: of a finding, or of those that belong to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRow {
    /// Which.
    pub id: AnnotationId,
    /// May it be made a finding?
    pub may_be_finding: bool,
    /// Its number or its words: `7.9 mm`, `T12`.
    pub label: String,
    /// `S2 · 73`; empty while its image is not open.
    pub image_text: String,
}

/// Both reads.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonSnapshot {
    /// Author of the first report as it says.
    pub first_author: String,
    /// Date of the first report as it says.
    pub first_issued: String,
    /// Statements of the first report, in order.
    pub first: Vec<Statement>,
    /// Sentences of the second reader's impression.
    pub second: Vec<Statement>,
    /// The rows, in order of the report.
    pub rows: Vec<PairRow>,
    /// Rows that ask for a verdict, and those that have one.
    pub n_asked: usize,
    /// Rows with a verdict.
    pub n_decided: usize,
    /// Rows agreed.
    pub n_agree: usize,
    /// Rows that differ.
    pub n_differ: usize,
    /// Discrepancies with a note.
    pub n_notes: usize,
    /// The outcome, chosen or proposed.
    pub outcome: Outcome,
    /// Did the reader choose it?
    pub outcome_chosen: bool,
    /// Summary for the referrer.
    pub summary: String,
    /// When it was signed.
    pub signed_at: Option<String>,
    /// May the actor change verdicts?
    pub editable: bool,
}

/// A row of the comparison, ready to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRow {
    /// The row.
    pub pair: Pair,
    /// The statement of the first report.
    pub first: Option<Statement>,
    /// Words of the second reader's item.
    pub second_text: Option<String>,
    /// Its finding, if it is one.
    pub finding: Option<FindingId>,
    /// Classes to show: the verdict's, else the proposal's.
    pub classes: Vec<Class>,
    /// Is that only the proposal?
    pub provisional: bool,
    /// Does it ask for a verdict?
    pub asks: bool,
    /// `3b`, once it can be derived.
    pub score: Option<String>,
    /// The verdict.
    pub verdict: Option<Verdict>,
}
