use serde::Serialize;

use crate::{
    Actor, Amended, AnchoringIndex, Assignment, AuditDraw, Blinding, Case, CaseId, Comparison,
    CompletenessItem, ConflictDeclaration, Correction, CriticalFinding, Disclosure,
    EarlierComparison, FeedbackView, Finding, Flag, FollowUp, Onlooker, Outcome, Pair, Read,
    ReportStatus, ReportVersion, Score, Stage, Step, StudyRef, ThirdReadView, WaitsFor, score,
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
    /// Question of the referrer; empty while it is closed.
    pub question: &'a str,
    /// Name of the protocol.
    pub protocol: &'a str,
    /// Its version.
    pub protocol_version: u32,
    /// The stage that the second read is at, from 1, and how many there are.
    pub reading_stage: [usize; 2],
    /// What opens at a later stage of the read.
    pub closed: Vec<Disclosure>,
    /// To whom it was given; `None` for those who must not know the readers.
    pub assignment: Option<&'a Assignment>,
    /// Who made the first read; `None` while blinded.
    pub first_reader: Option<&'a Actor>,
    /// What persons said about a conflict of interest.
    pub declarations: &'a [ConflictDeclaration],
    /// The current study.
    pub study: Option<&'a StudyRef>,
    /// Earlier studies; none while they are closed.
    pub priors: &'a [StudyRef],
    /// The versions of the first report.
    pub reports: Vec<ReportView<'a>>,
    /// What intake found.
    pub completeness: Vec<&'a CompletenessItem>,
    /// The second read; `None` for those who must not know whose it is.
    pub read: Option<ReadView<'a>>,
    /// The comparison; `None` while blinded, and before it is proposed.
    pub comparison: Option<ComparisonView<'a>>,
    /// Comparisons that no longer count, because the first report was corrected or withdrawn.
    pub earlier_comparisons: &'a [EarlierComparison],
    /// How the report that is compared now differs from the one of the last of them.
    pub correction: Option<Correction>,
    /// What the second reader changed after the reveal.
    pub amendments: &'a [Amended],
    /// How far that led towards the first report; `None` while blinded.
    pub anchoring: Option<AnchoringIndex>,
    /// The third read; `None` until one is asked for.
    pub third_read: Option<ThirdReadView<'a>>,
    /// Does the protocol ask for a third read that was not made yet?
    pub awaits_third_read: bool,
    /// What it waits for besides its second reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// The lists that others learn from that it is on, as far as the actor may know.
    pub flags: &'a [Flag],
    /// Whether chance drew it for the audit of agreeing cases; `None` for those who must not know what the reads say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<&'a AuditDraw>,
    /// Findings that cannot wait.
    pub criticals: &'a [CriticalFinding],
    /// Messages to the first reader.
    pub feedback: Vec<FeedbackView<'a>>,
    /// What became known later.
    pub follow_ups: &'a [FollowUp],
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
        let onlooker = self.onlooker(actor);
        let anonymous = onlooker != Onlooker::Reviewer;
        let knows = !anonymous && !self.is_blinded();
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
            question: if self.discloses(Disclosure::Question) {
                &self.question
            } else {
                ""
            },
            protocol: &self.protocol,
            protocol_version: self.rules.version,
            reading_stage: [self.stage_idx() + 1, self.rules.n_stages()],
            closed: self.closed(),
            assignment: self.assignment.as_ref().filter(|_| !anonymous),
            first_reader: self.first_reader.as_ref().filter(|_| knows),
            declarations: if anonymous { &[] } else { &self.declarations },
            study: self.study.as_ref(),
            priors: if self.discloses(Disclosure::Priors) {
                &self.priors
            } else {
                &[]
            },
            reports: self
                .reports
                .iter()
                .map(|report| self.report_view(report, anonymous))
                .collect(),
            completeness: self.shown_completeness().collect(),
            read: (!anonymous).then(|| ReadView {
                read: &self.read,
                titles: self
                    .read
                    .findings
                    .iter()
                    .map(|f| self.finding_view(f))
                    .collect(),
            }),
            comparison: self.comparison_view().filter(|_| !anonymous),
            earlier_comparisons: if knows { &self.earlier } else { &[] },
            correction: self.correction().filter(|_| knows),
            amendments: if knows { &self.amendments } else { &[] },
            anchoring: knows.then(|| self.anchoring_index()),
            third_read: self
                .third_view(actor)
                .filter(|_| onlooker != Onlooker::FirstReader),
            awaits_third_read: self.awaits_third_read(),
            waits_for: self
                .waits_for()
                .filter(|_| onlooker != Onlooker::FirstReader),
            flags: self.flags_for(actor),
            audit: self.audit.as_ref().filter(|_| knows),
            criticals: if anonymous { &[] } else { &self.criticals },
            feedback: self.feedback_view(actor),
            follow_ups: if knows { &self.follow_ups } else { &[] },
            n_entries: self.n_entries,
            log_head: self.log_head.as_str(),
        }
    }

    /// What intake found, without what speaks of priors while they are closed.
    pub fn shown_completeness(&self) -> impl Iterator<Item = &CompletenessItem> {
        let priors_are_open = self.discloses(Disclosure::Priors);
        let speaks_of_prior = |item: &CompletenessItem| item.code.contains("prior");
        self.completeness
            .iter()
            .filter(move |item| priors_are_open || !speaks_of_prior(item))
    }

    /// What opens at a later stage of the read.
    pub fn closed(&self) -> Vec<Disclosure> {
        let all = [Disclosure::Images, Disclosure::Question, Disclosure::Priors];
        all.into_iter()
            .filter(|what| !self.discloses(*what))
            .collect()
    }

    fn report_view<'a>(&self, report: &'a ReportVersion, anonymous: bool) -> ReportView<'a> {
        if self.is_blinded() || anonymous {
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
