//! A case and its log, driven by commands as the application drives them.

use case::{
    Actor, Annotation, AnnotationId, Case, CaseId, Class, Command, CompletenessItem, Entry,
    Finding, FindingId, Geometry, ImageRef, MeasuredValue, Pair, PairId, ReportStatus, SealRecord,
    SealStage, SecondRef, SectionKind, Settled, Sha256, Shown, Statement, StatementId, StudyRef,
    Timestamp, Verdict,
};
use space::{Orientation, PatientPoint};

/// A word that nothing outside the first report holds.
pub const CANARY: &str = "Zwiebelkanarienvogel";

#[derive(Clone)]
pub struct Desk {
    pub case: Case,
    pub log: Vec<Entry>,
}

pub fn iyer() -> Actor {
    Actor::new("iyer")
}

pub fn novak() -> Actor {
    Actor::new("novak")
}

impl Desk {
    pub fn empty() -> Self {
        Self {
            case: Case::new(CaseId::new("OR-7F3A21C4")),
            log: Vec::new(),
        }
    }

    /// Created and checked, without a report.
    pub fn without_report() -> Self {
        let mut desk = Self::empty();
        desk.perform(create());
        desk.perform(Command::CheckIntake {
            completeness: Vec::new(),
        });
        desk
    }

    /// Ready to be read.
    pub fn ready() -> Self {
        let mut desk = Self::without_report();
        desk.perform(attach(1, None));
        desk
    }

    /// Two findings, a measured mark, an impression.
    pub fn read() -> Self {
        let mut desk = Self::ready();
        desk.perform(Command::AddFinding {
            finding: finding(1, "nodule"),
        });
        desk.perform(Command::AddAnnotation {
            annotation: length(1, 1, 8.26),
        });
        desk.perform(Command::AddFinding {
            finding: finding(2, "effusion"),
        });
        desk.perform(Command::WriteImpression {
            text: "Nodule. No effusion.".into(),
        });
        desk
    }

    pub fn sealed() -> Self {
        let mut desk = Self::read();
        desk.seal();
        desk
    }

    pub fn revealed() -> Self {
        let mut desk = Self::sealed();
        desk.perform(Command::Reveal { urgent: None });
        desk
    }

    /// With a comparison of three rows: F1 against S1, F2 agreeing with S2, S3 that needs no answer.
    pub fn comparing() -> Self {
        let mut desk = Self::revealed();
        desk.perform(proposal(1));
        desk
    }

    pub fn signed() -> Self {
        let mut desk = Self::comparing();
        desk.perform(verdict(1, Some(Verdict::of(vec![Class::D6]))));
        desk.perform(Command::AgreeWithRemaining);
        desk.sign();
        desk
    }

    pub fn perform(&mut self, command: Command) {
        self.perform_as(&iyer(), command);
    }

    pub fn perform_as(&mut self, actor: &Actor, command: Command) {
        let entries = self.entries_of(actor, command).unwrap();
        entries.iter().for_each(|entry| self.case.apply(entry));
        self.log.extend(entries);
    }

    pub fn entries_of(&self, actor: &Actor, command: Command) -> Result<Vec<Entry>, case::Refusal> {
        let at = Timestamp::new(format!(
            "2026-11-18T10:00:{:02}Z",
            self.case.n_entries() % 60
        ));
        self.case.record(actor, &at, "0.1.0", command)
    }

    /// The code of the refusal of a command; empty when it is not refused.
    pub fn refusal(&self, command: Command) -> &'static str {
        self.refusal_to(&iyer(), command)
    }

    pub fn refusal_to(&self, actor: &Actor, command: Command) -> &'static str {
        self.case
            .decide(actor, command)
            .map_or_else(|refusal| refusal.code, |_| "")
    }

    pub fn kinds_of_last_step(&self) -> Vec<&'static str> {
        let step = self.log.last().map(|entry| entry.step);
        let last = self.log.iter().filter(|entry| Some(entry.step) == step);
        last.map(|entry| entry.event.kind()).collect()
    }

    pub fn seal_record(&self, stage: SealStage) -> SealRecord {
        let at = Timestamp::new("2026-01-02T10:00:00Z");
        let claims = self.case.seal_claims(stage, at, None);
        SealRecord {
            stage,
            digest: claims.digest(),
            log_head: self.case.log_head().clone(),
            signature: "00".into(),
            public_key: "00".into(),
            key_protected: false,
            claims: Some(Box::new(claims)),
        }
    }

    pub fn seal(&mut self) {
        let command = self.seal_command();
        self.perform(command);
    }

    pub fn seal_command(&self) -> Command {
        Command::SealRead {
            seal: self.seal_record(SealStage::SecondRead),
            limitations: vec!["The prior study was not opened".into()],
        }
    }

    pub fn sign(&mut self) {
        let command = self.sign_command();
        self.perform(command);
    }

    pub fn sign_command(&self) -> Command {
        Command::SignComparison {
            audit_nonce: None,
            seal: self.seal_record(SealStage::Comparison),
        }
    }
}

pub fn study(uid: &str) -> StudyRef {
    StudyRef {
        study_instance_uid: uid.into(),
        description: "CT chest".into(),
        ..StudyRef::default()
    }
}

pub fn create() -> Command {
    Command::CreateCase {
        study: study("1.2.3"),
        priors: vec![study("1.2.2")],
        question: "Nodule?".into(),
        protocol: "second-opinion".into(),
        rules: None,
    }
}

pub fn attach(number: u8, replaces: Option<u32>) -> Command {
    Command::AttachReport {
        sha256: Sha256::of(&[number]),
        n_bytes: 1,
        format: "text".into(),
        status: ReportStatus::Final,
        replaces,
        intake: Vec::new(),
    }
}

pub fn warning(code: &str) -> CompletenessItem {
    CompletenessItem {
        code: code.into(),
        severity: "warning".into(),
        text: format!("Something is amiss: {code}"),
        settled: Settled::No,
    }
}

pub fn finding(number: u32, concept: &str) -> Finding {
    Finding {
        concept: concept.into(),
        ..Finding::empty(FindingId(number))
    }
}

pub fn image() -> ImageRef {
    ImageRef {
        series_instance_uid: "1.2.3.1".into(),
        sop_instance_uid: "1.2.3.1.1".into(),
        frame_number: 1,
        tile_number: None,
    }
}

pub fn length(number: u32, of: u32, mm: f64) -> Annotation {
    Annotation {
        id: AnnotationId(number),
        finding: Some(FindingId(of)),
        geometry: Geometry::Length {
            from: PatientPoint::new(0.1, 0.2, -0.0),
            to: PatientPoint::new(0.1 + mm, 0.2, 0.0),
        },
        frame_of_reference_uid: "1.2.3.9".into(),
        image: image(),
        shown: Shown {
            centre: PatientPoint::new(0.0, 0.0, 1e-7),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 1.0 / 3.0,
            window_center: Some(-600.0),
            window_width: Some(1500.0),
        },
        values: vec![MeasuredValue {
            name: "length".into(),
            value: mm,
            unit: "mm".into(),
            source: "Pixel Spacing (0028,0030)".into(),
        }],
    }
}

pub const FIRST_TEXT: &str = "Zwiebelkanarienvogel nodule of 14 mm. No effusion. Normal heart.";

pub fn statements() -> Vec<Statement> {
    let mut start = 0;
    let sentence = |k: usize, text: &str| {
        let from = FIRST_TEXT[start..].find(text).unwrap() + start;
        start = from + text.len();
        Statement {
            id: StatementId(k as u32 + 1),
            section: SectionKind::Findings,
            text: text.into(),
            span: [from, from + text.len()],
            facts: Vec::new(),
            categories: Vec::new(),
        }
    };
    [
        "Zwiebelkanarienvogel nodule of 14 mm.",
        "No effusion.",
        "Normal heart.",
    ]
    .into_iter()
    .enumerate()
    .map({
        let mut sentence = sentence;
        move |(k, text)| sentence(k, text)
    })
    .collect()
}

pub fn pair(number: u32, first: Option<u32>, second: Option<u32>, proposed: Vec<Class>) -> Pair {
    Pair {
        id: PairId(number),
        first: first.map(StatementId),
        second: second.map(|id| SecondRef::Finding(FindingId(id))),
        proposed,
        rule: "test".into(),
        confidence: 0.5,
        first_spans: Vec::new(),
        second_spans: Vec::new(),
        verdict: None,
    }
}

pub fn pairs() -> Vec<Pair> {
    vec![
        pair(1, Some(1), Some(1), vec![Class::D6]),
        pair(2, Some(2), Some(2), vec![Class::Agree]),
        pair(3, Some(3), None, Vec::new()),
    ]
}

pub fn proposal(report_version: u32) -> Command {
    proposal_of(report_version, pairs())
}

pub fn proposal_of(report_version: u32, pairs: Vec<Pair>) -> Command {
    Command::ProposeComparison {
        report_version,
        first_text: FIRST_TEXT.into(),
        first_author: "A. Novak".into(),
        first_issued: "20260101".into(),
        first: statements(),
        second: Vec::new(),
        pairs,
    }
}

pub fn verdict(pair: u32, verdict: Option<Verdict>) -> Command {
    Command::SetVerdict {
        pair: PairId(pair),
        verdict,
    }
}
