use crate::{
    Actor, AnnotationId, Assignment, AuditDraw, Blinding, Case, CaseId, Comparison,
    CompletenessItem, CriticalFinding, Disclosure, Feedback, Finding, FindingId, Flag, FollowUp,
    IntakePermit, PairId, Protocol, Read, Refusal, ReportVersion, RevealPermit, Sha256, Stage,
    Step, StudyRef, ThirdRead, Timestamp, history::History,
};

impl Case {
    /// A case of which nothing is known yet: the state before the first entry of its log.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            stage: Stage::Draft,
            held_from: None,
            blinding: Blinding::Blinded,
            question: String::new(),
            protocol: String::new(),
            rules: Protocol::default(),
            records_rules: false,
            created_by: None,
            first_reader: None,
            assignment: None,
            audit_commitment: None,
            audit: None,
            declarations: Vec::new(),
            amendments: Vec::new(),
            third: None,
            criticals: Vec::new(),
            feedback: Vec::new(),
            follow_ups: Vec::new(),
            flags: Vec::new(),
            study: None,
            priors: Vec::new(),
            reports: Vec::new(),
            completeness: Vec::new(),
            additions: Vec::new(),
            read: Read::default(),
            comparison: None,
            earlier: Vec::new(),
            last_finding_number: 0,
            last_annotation_number: 0,
            last_pair_number: 0,
            last_pair_number_aside: 0,
            n_entries: 0,
            log_head: Sha256::zero(),
            milestone: None,
            sealed_paths: Vec::new(),
            n_third_reads: 0,
            history: History::default(),
        }
    }

    /// Its name.
    pub fn id(&self) -> &CaseId {
        &self.id
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The step of the case bar; a case that was put aside shows the step it was put aside from.
    pub fn step(&self) -> Step {
        match self.held_from.unwrap_or(self.stage) {
            Stage::Draft
            | Stage::Intake
            | Stage::Ready
            | Stage::Reading
            | Stage::UnblindedEarly
            | Stage::OnHold => Step::Read,
            Stage::Sealed => Step::Seal,
            Stage::Comparing => Step::Compare,
            Stage::Adjudicating => Step::Adjudicate,
            Stage::Feedback | Stage::Closed | Stage::NonDiagnostic | Stage::Withdrawn => {
                Step::Close
            }
        }
    }

    /// Has the first report been opened, and when in the order of things?
    pub fn blinding(&self) -> &Blinding {
        &self.blinding
    }

    /// Is the first report still closed?
    pub fn is_blinded(&self) -> bool {
        self.blinding == Blinding::Blinded
    }

    /// Was the second read sealed while the first report was closed? `false` also for a read that is not sealed yet.
    pub fn was_blinded_until_sealed(&self) -> bool {
        self.read.seal.is_some() && !matches!(self.blinding, Blinding::RevealedEarly { .. })
    }

    /// Question of the referrer; may be empty.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Name of the protocol.
    pub fn protocol(&self) -> &str {
        &self.protocol
    }

    /// The protocol as it was when the case was begun.
    pub fn rules(&self) -> &Protocol {
        &self.rules
    }

    /// Who made the case; `None` before it was created.
    pub fn created_by(&self) -> Option<&Actor> {
        self.created_by.as_ref()
    }

    /// Who made the first read, where that was said. Not to be shown while the case is blinded.
    pub fn first_reader(&self) -> Option<&Actor> {
        self.first_reader.as_ref()
    }

    /// To whom it was given, and how it was drawn.
    pub fn assignment(&self) -> Option<&Assignment> {
        self.assignment.as_ref()
    }

    /// Whether the case was drawn for an audit of agreeing cases; `None` while nothing was drawn.
    pub fn audit(&self) -> Option<&AuditDraw> {
        self.audit.as_ref()
    }

    /// The third read; `None` until one is asked for.
    pub fn third_read(&self) -> Option<&ThirdRead> {
        self.third.as_ref()
    }

    /// Who makes the third read; `None` before somebody took it.
    pub fn third_reader(&self) -> Option<&Actor> {
        self.third.as_ref()?.reader.as_ref()
    }

    /// Findings that cannot wait, in order.
    pub fn criticals(&self) -> &[CriticalFinding] {
        &self.criticals
    }

    /// Messages to the first reader, in order.
    pub fn feedback(&self) -> &[Feedback] {
        &self.feedback
    }

    /// What became known later, in order.
    pub fn follow_ups(&self) -> &[FollowUp] {
        &self.follow_ups
    }

    /// The lists that others learn from that it is on. Not to be shown while the case is blinded.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// The stage that the second read is at, from 0.
    pub fn stage_idx(&self) -> usize {
        self.read.stages.len()
    }

    /// Is something open to whoever reads the case? Images, question and priors open with the stages of the read; all of
    /// them are open once it is sealed, and once the first report was opened.
    pub fn discloses(&self, what: Disclosure) -> bool {
        self.read.seal.is_some()
            || !self.is_blinded()
            || self.rules.opens_by(self.stage_idx(), what)
    }

    /// The current study; `None` before the case was created.
    pub fn study(&self) -> Option<&StudyRef> {
        self.study.as_ref()
    }

    /// Earlier studies of the same patient.
    pub fn priors(&self) -> &[StudyRef] {
        &self.priors
    }

    /// Every version of the first report, without content, in order of arrival.
    pub fn reports(&self) -> &[ReportVersion] {
        &self.reports
    }

    /// The newest version of the first report that is neither withdrawn nor replaced.
    pub fn current_report(&self) -> Option<&ReportVersion> {
        self.reports
            .iter()
            .rev()
            .find(|report| self.is_current(report))
    }

    /// What intake found.
    pub fn completeness(&self) -> &[CompletenessItem] {
        &self.completeness
    }

    /// When images or documents came to its studies after the case was begun, and how many each time.
    pub fn additions(&self) -> &[(Timestamp, usize)] {
        &self.additions
    }

    /// The second read.
    pub fn read(&self) -> &Read {
        &self.read
    }

    /// Whose read it is; `None` before anybody took it.
    pub fn reader(&self) -> Option<&Actor> {
        self.read.reader.as_ref()
    }

    /// A finding of the second read.
    pub fn finding(&self, id: FindingId) -> Option<&Finding> {
        self.read.findings.iter().find(|finding| finding.id == id)
    }

    /// The comparison; `None` until one is proposed, so always `None` while blinded.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }

    /// The id that the next finding must have.
    pub fn next_finding_id(&self) -> FindingId {
        FindingId(self.last_finding_number.saturating_add(1))
    }

    /// The id that the next mark must have.
    pub fn next_annotation_id(&self) -> AnnotationId {
        AnnotationId(self.last_annotation_number.saturating_add(1))
    }

    /// The id that the next new row of the comparison must have.
    pub fn next_pair_id(&self) -> PairId {
        PairId(self.last_pair_number.saturating_add(1))
    }

    /// Hash of the newest entry; 64 zeros for an empty log.
    pub fn log_head(&self) -> &Sha256 {
        &self.log_head
    }

    /// Number of entries in the log.
    pub fn n_entries(&self) -> u64 {
        self.n_entries
    }

    /// Leave to open the first report. The blinding decides, not the person: without a roster every actor of the
    /// store may see what is revealed (DECISIONS 9).
    ///
    /// # Errors
    /// Code `blinded` while the first report is closed.
    pub fn reveal_permit(&self, _actor: &Actor) -> Result<RevealPermit, Refusal> {
        if self.is_blinded() {
            return Err(Refusal::new(
                "blinded",
                "the first report is closed until the second read is sealed",
                "seal the read and reveal, or reveal with a reason",
            ));
        }
        Ok(RevealPermit::new(self))
    }

    /// Leave to look into a first report for the closed list of [`crate::IntakeFinding`]s, wherever one may be attached.
    ///
    /// # Errors
    /// When the case was never created, is on hold, or has ended without a read.
    pub fn intake_permit(&self, _actor: &Actor) -> Result<IntakePermit, Refusal> {
        self.require_takes_reports()?;
        Ok(IntakePermit::new(self))
    }

    pub(crate) fn is_current(&self, report: &ReportVersion) -> bool {
        let replaced = self
            .reports
            .iter()
            .any(|other| other.replaces == Some(report.version) && other.withdrawn.is_none());
        report.withdrawn.is_none() && !replaced
    }
}
