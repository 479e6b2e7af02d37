#![allow(clippy::unwrap_used)]

use case::*;
use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use ed25519_dalek::{Signer, SigningKey};
use space::{Ellipse, PatientPoint, PatientVector};

use super::pieces::{annotation, statement, study, value};
use crate::{Deidentify, OutputContext, ReportPart};

/// A word that stands in the first report and nowhere else.
pub const CANARY: &str = "Quokkaberry";
pub const PLAIN_REPORT: &[u8] =
    b"FINDINGS: Quokkaberry nodule in the left lower lobe, 18 mm. No effusion.";

/// How far the case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    Created,
    Reading,
    Sealed,
    Compared,
    Signed,
}

/// How the first report was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    AfterSeal,
    Early,
}

pub struct Story {
    pub case: Case,
    pub entries: Vec<Entry>,
    key: SigningKey,
    minute: u32,
    form: SealForm,
}

/// As which version of the program seals are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealForm {
    /// Without claims.
    Old,
    WithClaims,
}

pub fn story(until: Until, opening: Opening) -> Story {
    story_in(SealForm::WithClaims, until, opening)
}

pub fn story_in(form: SealForm, until: Until, opening: Opening) -> Story {
    story_of(("OR-7F3A21C4", 7), form, until, opening)
}

/// The story of a case by its name, with a key made of one byte.
pub fn story_of((id, key): (&str, u8), form: SealForm, until: Until, opening: Opening) -> Story {
    let mut story = Story {
        case: Case::new(CaseId::new(id)),
        entries: Vec::new(),
        key: SigningKey::from_bytes(&[key; 32]),
        minute: 0,
        form,
    };
    story.create();
    if Until::Reading <= until {
        if opening == Opening::Early {
            story.act(Command::StartRead);
            story.act(Command::Reveal {
                urgent: Some("patient in theatre".into()),
            });
        }
        story.read();
    }
    if Until::Sealed <= until {
        story.seal(SealStage::SecondRead);
    }
    if Until::Compared <= until {
        if opening == Opening::AfterSeal {
            story.act(Command::Reveal { urgent: None });
        }
        story.compare();
    }
    if Until::Signed <= until {
        story.seal(SealStage::Comparison);
    }
    story
}

impl Story {
    pub fn act(&mut self, command: Command) {
        self.act_by("Dr Iyer", command);
    }

    pub fn act_by(&mut self, name: &str, command: Command) {
        self.minute += 1;
        let at = Timestamp::new(format!("2026-11-18T16:{:02}:00+01:00", self.minute));
        let actor = Actor::new(name);
        let entries = self.case.record(&actor, &at, "0.1.0", command).unwrap();
        for entry in entries {
            self.case.apply(&entry);
            self.entries.push(entry);
        }
    }

    fn claims_of(&self, stage: SealStage) -> Option<Box<SealClaims>> {
        let at = Timestamp::new(format!("2026-11-18T16:{:02}:00+01:00", self.minute + 1));
        let clock = RunClock {
            run: "3f9c".into(),
            ms: u64::from(self.minute + 1) * 60_000,
        };
        (self.form == SealForm::WithClaims)
            .then(|| Box::new(self.case.seal_claims(stage, at, Some(clock))))
    }

    /// Signature and public key over some bytes, hexadecimal.
    pub fn sign(&self, bytes: &[u8]) -> (String, String) {
        let hex = crate::seal::hex_from_bytes;
        (
            hex(&self.key.sign(bytes).to_bytes()),
            hex(self.key.verifying_key().as_bytes()),
        )
    }

    pub fn seal(&mut self, stage: SealStage) {
        self.seal_by("Dr Iyer", stage);
    }

    pub fn seal_by(&mut self, name: &str, stage: SealStage) {
        let claims = self.claims_of(stage);
        let digest = claims
            .as_ref()
            .map_or_else(|| self.case.seal_digest(stage), |claims| claims.digest());
        let log_head = self.case.log_head().clone();
        let (signature, public_key) = self.sign(&crate::seal_message(&digest, &log_head));
        let seal = SealRecord {
            stage,
            digest,
            log_head,
            signature,
            public_key,
            key_protected: false,
            claims,
        };
        let command = match stage {
            SealStage::SecondRead => Command::SealRead {
                seal,
                limitations: vec!["Lung window: 93 of 275 slices were not seen.".into()],
            },
            SealStage::Comparison => Command::SignComparison {
                seal,
                audit_nonce: None,
            },
            SealStage::ReadingStage => Command::SealStage { seal },
            SealStage::ThirdRead => Command::ThirdRead(case::ThirdReadCommand::Sign { seal }),
        };
        self.act_by(name, command);
    }

    fn create(&mut self) {
        self.act(Command::CreateCase {
            study: study("2.25.1", "20261118"),
            priors: vec![study("2.25.2", "20240302")],
            question: "Known nodule, growing? Asked by the tumour board.".into(),
            protocol: "second-opinion".into(),
            rules: None,
        });
        self.act(Command::AttachReport {
            sha256: Sha256::of(PLAIN_REPORT),
            n_bytes: PLAIN_REPORT.len() as u64,
            format: "text".into(),
            status: ReportStatus::Final,
            replaces: None,
            intake: vec![IntakeFinding::PatientMatches],
        });
        self.act(Command::CheckIntake {
            completeness: vec![CompletenessItem {
                code: "missing_slices".into(),
                severity: "warning".into(),
                text: "6 slices missing, 63 to 68.".into(),
                settled: Settled::No,
            }],
        });
        self.act(Command::AcceptLimitation {
            code: "missing_slices".into(),
        });
    }

    fn read(&mut self) {
        self.act(Command::AddFinding {
            finding: Finding {
                concept: "nodule".into(),
                side: Some(Side::Right),
                site: Some("lung".into()),
                level: Some("lower lobe".into()),
                severity: Some(Severity::Mild),
                change: Some(Change::Increased),
                confidence: Some(80),
                note: "Solid, smooth margin. Seen on every series.".into(),
                ..Finding::empty(FindingId(1))
            },
        });
        self.act(Command::AddAnnotation {
            annotation: annotation(
                1,
                Geometry::Length {
                    from: PatientPoint::new(-52.0, 31.5, -112.0),
                    to: PatientPoint::new(-43.8, 31.5, -112.0),
                },
                vec![value("length", 8.2, "mm")],
            ),
        });
        let ellipse = Ellipse {
            centre: PatientPoint::new(-48.0, 31.0, -112.0),
            half_axis_a: PatientVector::new(4.1, 0.0, 0.0),
            half_axis_b: PatientVector::new(0.0, 3.0, 0.0),
        };
        self.act(Command::AddAnnotation {
            annotation: annotation(
                2,
                Geometry::Ellipse(ellipse),
                vec![
                    value("long_diameter", 8.2, "mm"),
                    value("short_diameter", 6.0, "mm"),
                    value("mean", 34.56, "HU"),
                    value("sd", 11.0, "HU"),
                ],
            ),
        });
        self.act(Command::AddFinding {
            finding: Finding {
                concept: "pleural effusion".into(),
                assertion: Assertion::Absent,
                side: Some(Side::Bilateral),
                ..Finding::empty(FindingId(2))
            },
        });
        let asked = ["Lungs", "Pleura"].map(str::to_owned).to_vec();
        self.act(Command::ReviewAnatomy {
            review: AnatomyReview {
                checklist: "CT of the chest".into(),
                version: 1,
                reviewed: asked[..1].to_vec(),
                asked,
            },
        });
        self.act(Command::WriteImpression {
            text: "Growing solid nodule in the right lower lobe, 8.2 × 6.0 mm.\nNo effusion.\n\nFollow-up CT in 3 months is advised.".into(),
        });
    }

    fn compare(&mut self) {
        self.compare_version(1);
    }

    pub fn compare_version(&mut self, report_version: u32) {
        let first_text = String::from_utf8(PLAIN_REPORT.to_vec()).unwrap();
        let pair = |id, first, second, proposed: Vec<Class>| Pair {
            id: PairId(id),
            first,
            second,
            proposed,
            rule: "laterality.disjoint".into(),
            confidence: 0.75,
            first_spans: vec![],
            second_spans: vec![],
            verdict: None,
        };
        self.act(Command::ProposeComparison {
            report_version,
            first: vec![
                statement(
                    1,
                    SectionKind::Findings,
                    &first_text,
                    "Quokkaberry nodule in the left lower lobe, 18 mm.",
                ),
                statement(2, SectionKind::Findings, &first_text, "No effusion."),
            ],
            first_text,
            first_author: "Novak^Anna".into(),
            first_issued: "20261118".into(),
            second: vec![Statement {
                id: StatementId(1),
                section: SectionKind::Recommendation,
                text: "Follow-up CT in 3 months is advised.".into(),
                span: [0, 0],
                facts: vec![],
                categories: Vec::new(),
            }],
            pairs: vec![
                pair(
                    1,
                    Some(StatementId(1)),
                    Some(SecondRef::Finding(FindingId(1))),
                    vec![Class::D4, Class::D6],
                ),
                pair(
                    2,
                    Some(StatementId(2)),
                    Some(SecondRef::Finding(FindingId(2))),
                    vec![Class::Agree],
                ),
                pair(
                    3,
                    None,
                    Some(SecondRef::Sentence(StatementId(1))),
                    vec![Class::D11],
                ),
            ],
        });
        // Rows of a later comparison are numbered on.
        let rows = self.case.comparison().unwrap().pairs.iter();
        let numbers: Vec<PairId> = rows.map(|pair| pair.id).collect();
        let (first, third) = (numbers[0], numbers[2]);
        self.act(Command::SetVerdict {
            pair: first,
            verdict: Some(Verdict {
                error_type: Some(ErrorType::Communication),
                detectability: Some(Detectability::UsuallySeen),
                significance: Some(Significance::Moderate),
                note: "The nodule lies in the right lower lobe on every series (slices 66 to 78)."
                    .into(),
                ..Verdict::of(vec![Class::D4, Class::D6])
            }),
        });
        self.act(Command::SetVerdict {
            pair: third,
            verdict: Some(Verdict {
                detectability: Some(Detectability::Understandable),
                significance: Some(Significance::Minor),
                ..Verdict::of(vec![Class::D11])
            }),
        });
        self.act(Command::AgreeWithRemaining);
    }
}

pub fn context() -> OutputContext {
    OutputContext {
        build: "0.1.0".into(),
        printed_at: Timestamp::new("2026-11-18T17:02:11+01:00"),
        actor: Actor::new("Dr Iyer"),
        deidentify: Deidentify::No,
    }
}

pub fn without_identifiers() -> OutputContext {
    OutputContext {
        deidentify: Deidentify::Yes,
        ..context()
    }
}

/// The first report as a store keeps it.
pub fn report_part() -> ReportPart {
    let (key, nonce) = ([3; 32], [5; 12]);
    let about = b"report 1 of OR-7F3A21C4".to_vec();
    let payload = Payload {
        msg: PLAIN_REPORT,
        aad: &about,
    };
    let ciphertext = ChaCha20Poly1305::new(&key.into())
        .encrypt(&nonce.into(), payload)
        .unwrap();
    ReportPart {
        version: 1,
        nonce,
        ciphertext,
        associated_data: about,
        key: Some(key),
    }
}
