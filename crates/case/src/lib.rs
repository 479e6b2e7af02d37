//! The record of a second read, and its vocabulary: facts, findings, annotations, discrepancies, stages, events,
//! commands and permits.
//!
//! The record of a case is a log of events. [`Case::decide`] turns a [`Command`] into events or refuses it,
//! [`Case::apply`] folds an event into the state; both are pure. Undo appends the inverse of an event, it never erases.
//! The text of the first report opens only with a [`RevealPermit`], and only a [`Case`] can make one.
//!
//! This crate must never know: files, clocks, random numbers, pixels, egui. Ids, times and names come as arguments.
//! Entry type: [`Case`].

mod allocation;
mod amendment;
mod anatomy;
mod apply;
mod apply_people;
mod assignment;
mod audit;
mod case;
mod category;
mod cause;
mod chain;
mod chance;
mod checks;
mod claims;
mod class;
mod command;
mod coverage;
mod critical;
mod decide;
mod discrepancy;
mod drawing;
mod earlier;
mod event;
mod facts;
mod feedback;
mod finding;
mod geometry;
mod history;
mod ids;
mod intake;
mod nameless;
mod onlooker;
mod outcome;
mod path_permit;
mod permit;
mod protocol;
mod reading_path;
mod recist;
mod refusal;
mod roles;
mod seal;
mod standing;
mod state;
mod summary;
mod third_read;
mod third_view;
mod title;
mod vertebra;
mod view;
mod waiting;
mod words;

pub use allocation::allocate;
pub use amendment::{Amended, AmendedFinding, Amendment, AnchoringIndex, Direction};
pub use anatomy::{AnatomyReview, MAX_REGION_CHARS, MAX_REGIONS};
pub use assignment::{
    Assignment, Conflict, ConflictDeclaration, DrawRecord, Priority, SamplingMethod,
};
pub use audit::AuditDraw;
pub use category::{Category, Criticality, Scheme};
pub use cause::{Bias, Cause, Impact};
pub use chain::{ChainBroken, Entry, chain_hash};
pub use chance::Chance;
pub use checks::{RequiredSeries, SeriesOf, limitations};
pub use claims::{FirstReportThen, RunClock, SealClaims};
pub use command::Command;
pub use coverage::{
    Coverage, LaneLayers, MAX_LAYER_NUMBERS, SeenColumns, SliceLooks, VolumeCoverage,
    flags_of_runs, numbers_of_runs, runs_of_flags, runs_of_numbers,
};
pub use critical::{
    Communication, CriticalCommand, CriticalEvent, CriticalFinding, Medium, ReadBack, Urgency,
};
pub use discrepancy::{
    Class, Detectability, ErrorType, Outcome, Pair, SecondRef, Significance, TextSpan, Verdict,
};
pub use drawing::{DrawnCase, SamplingRule};
pub use earlier::{Correction, EarlierComparison, EarlierThirdRead, Reopened};
pub use event::{Event, ReportStatus, SealRecord, SealStage};
pub use facts::{
    Assertion, CategoryMention, Change, Fact, Measurement, Recommendation, SectionKind, Severity,
    Side, Statement,
};
pub use feedback::{
    BorneOut, Feedback, FeedbackAnswer, FeedbackKind, Flag, FollowUp, FollowUpSource,
    LearningCommand, LearningEvent, LearningList, Sender,
};
pub use finding::{Annotation, Finding, ImageRef, MeasuredValue, Shown};
pub use geometry::Geometry;
pub use ids::{Actor, AnnotationId, CaseId, FindingId, PairId, Sha256, StatementId, Timestamp};
pub use intake::{CompletenessItem, IntakeFinding, ManifestItem, Settled, StudyRef};
pub use onlooker::{FeedbackRow, FeedbackView, Onlooker};
pub use outcome::{Score, score};
pub use path_permit::PathPermit;
pub use permit::{IntakePermit, Quarantined, RevealPermit};
pub use protocol::{
    BlindingLevel, Declaration, Disclosure, Expected, Ledger, Protocol, Required, ThirdReadMode,
    ThirdReadRule, Tolerance,
};
pub use reading_path::{
    LOOKED_MS, Looked, LookedAt, MAX_PATH_BYTES, MAX_PATH_CELLS, MAX_PATH_STEPS, PASSING_MS,
    PathCell, PathEvent, PathImage, PathKey, PathLay, PathLight, PathLook, PathPlane, PathProblem,
    PathRead, PathScene, PathSeal, PathStep, PathSummary, PathVoi, PathVolume, PathWriter,
    PauseWhy, PlaceOnScreen, ReadingPath, SETTLED_MS, SeriesTime, Stood,
};
pub use recist::{
    NewLesion, Others, Response, Target, TargetKind, TargetSize, overall_response,
    problems_of_targets, sum_mm, target_response,
};
pub use refusal::Refusal;
pub use roles::{Duty, LEARNING_FORMATS, Member, Role, Roster, Speciality};
pub use seal::{SealBy, signed_bytes};
pub use standing::Standing;
pub use state::{
    Blinding, Case, Comparison, Read, ReportVersion, SealCheck, SealedStage, Stage, Step,
};
pub use third_read::{
    AnonymousRead, ReadA, ReferralReason, Sureness, ThirdOpening, ThirdRead, ThirdReadCommand,
    ThirdReadEvent, ThirdVerdict, Upheld,
};
pub use third_view::{ThirdEvidence, ThirdReadView, ThirdRow};
pub use vertebra::Vertebra;
pub use view::{CaseView, ComparisonView, FindingView, PairScore, ReadView, ReportView};
pub use waiting::WaitsFor;
