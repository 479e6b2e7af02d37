use serde::Serialize;

use crate::{
    Actor, Blinding, Case, CaseId, Comparison, CompletenessItem, Finding, Outcome, Pair, Read,
    ReportStatus, ReportVersion, Score, Stage, Step, StudyRef, score,
};

/// A case as an actor may see it: while blinded, nothing of the first report but that it is there.
#[derive(Debug, Serialize)]
pub struct CaseView<'a> {
    /// Its name.
    pub id: &'a CaseId,
    /// Where it stands.
    pub state: Stage,
    /// The step of the case bar.
    pub step: Step,
    /// Has the first report been opened, and when in the order of things?
    pub blinding: &'a Blinding,
    /// Was the second read sealed while the first report was closed?
    pub was_blinded_until_sealed: bool,
    /// May this actor change the read?
    pub is_reader: bool,
    /// Question of the referrer.
    pub question: &'a str,
    /// Name of the protocol.
    pub protocol: &'a str,
    /// The current study.
    pub study: Option<&'a StudyRef>,
    /// Earlier studies.
    pub priors: &'a [StudyRef],
    /// The versions of the first report.
    pub reports: Vec<ReportView<'a>>,
    /// What intake found.
    pub completeness: &'a [CompletenessItem],
    /// The second read.
    pub read: ReadView<'a>,
    /// The comparison; `None` while blinded, and before it is proposed.
    pub comparison: Option<ComparisonView<'a>>,
    /// Number of entries in the log.
    pub n_entries: u64,
    /// Hash of the newest entry.
    pub log_head: &'a str,
}

/// A version of the first report.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum ReportView<'a> {
    /// While blinded. Neither digest nor length, from which a guessed text could be confirmed.
    Closed {
        /// 1 for the first.
        version: u32,
        /// Preliminary, final, addendum.
        status: ReportStatus,
        /// `sr`, `pdf`, `text`, …
        format: &'a str,
    },
    /// After the reveal.
    Open(&'a ReportVersion),
}

/// The second read with what is derived from it.
#[derive(Debug, Serialize)]
pub struct ReadView<'a> {
    /// As recorded.
    #[serde(flatten)]
    pub read: &'a Read,
    /// Titles and lines of the findings, in the same order.
    pub titles: Vec<FindingView>,
}

/// What is shown of a finding besides its fields.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// Which.
    pub id: String,
    /// Its title, side first.
    pub title: String,
    /// Title, size, severity, change, note.
    pub text: String,
    /// Its size, mm; `None` when nothing was measured in mm.
    pub size_mm: Option<Vec<f64>>,
}

/// The comparison with what is derived from it.
#[derive(Debug, Serialize)]
pub struct ComparisonView<'a> {
    /// As recorded.
    #[serde(flatten)]
    pub comparison: &'a Comparison,
    /// The score of each row that has one, by its name.
    pub scores: Vec<PairScore>,
    /// Rows that wait for a verdict.
    pub n_pending: usize,
    /// What follows from the verdicts.
    pub outcome_suggested: Option<Outcome>,
    /// What counts.
    pub outcome: Option<Outcome>,
    /// What counts.
    pub summary: Option<String>,
}

/// The score of a row.
#[derive(Debug, Serialize)]
pub struct PairScore {
    /// Which row.
    pub pair: String,
    /// As text, for instance `3b`.
    pub score: String,
}

impl Case {
    /// The case as an actor may see it.
    pub fn view(&self, actor: &Actor) -> CaseView<'_> {
        CaseView {
            id: &self.id,
            state: self.stage,
            step: self.step(),
            blinding: &self.blinding,
            was_blinded_until_sealed: self.was_blinded_until_sealed(),
            is_reader: self
                .read
                .reader
                .as_ref()
                .is_none_or(|reader| reader == actor),
            question: &self.question,
            protocol: &self.protocol,
            study: self.study.as_ref(),
            priors: &self.priors,
            reports: self
                .reports
                .iter()
                .map(|report| self.report_view(report))
                .collect(),
            completeness: &self.completeness,
            read: ReadView {
                read: &self.read,
                titles: self
                    .read
                    .findings
                    .iter()
                    .map(|f| self.finding_view(f))
                    .collect(),
            },
            comparison: self.comparison_view(),
            n_entries: self.n_entries,
            log_head: self.log_head.as_str(),
        }
    }

    fn report_view<'a>(&self, report: &'a ReportVersion) -> ReportView<'a> {
        if self.is_blinded() {
            ReportView::Closed {
                version: report.version,
                status: report.status,
                format: &report.format,
            }
        } else {
            ReportView::Open(report)
        }
    }

    fn finding_view(&self, finding: &Finding) -> FindingView {
        FindingView {
            id: finding.id.to_string(),
            title: finding.title(),
            text: self.finding_text(finding.id),
            size_mm: self.finding_size_mm(finding.id),
        }
    }

    fn comparison_view(&self) -> Option<ComparisonView<'_>> {
        let comparison = self.comparison.as_ref().filter(|_| !self.is_blinded())?;
        Some(ComparisonView {
            comparison,
            scores: comparison.pairs.iter().filter_map(pair_score).collect(),
            n_pending: self.n_pending_verdicts(),
            outcome_suggested: self.outcome_suggested(),
            outcome: self.outcome(),
            summary: self.summary(),
        })
    }
}

fn pair_score(pair: &Pair) -> Option<PairScore> {
    let score: Score = score(pair.verdict.as_ref()?)?;
    Some(PairScore {
        pair: pair.id.to_string(),
        score: score.to_string(),
    })
}
