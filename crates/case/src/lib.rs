//! The record of a second read, and its vocabulary: facts, findings, annotations, discrepancies, stages, events,
//! commands and permits.
//!
//! The record of a case is a log of events. [`Case::decide`] turns a [`Command`] into events or refuses it,
//! [`Case::apply`] folds an event into the state; both are pure. Undo appends the inverse of an event, it never erases.
//! The text of the first report opens only with a [`RevealPermit`], and only a [`Case`] can make one.
//!
//! This crate must never know: files, clocks, random numbers, pixels, egui. Ids, times and names come as arguments.
//! Entry type: [`Case`].

mod command;
mod discrepancy;
mod event;
mod facts;
mod finding;
mod ids;
mod intake;
mod permit;
mod state;

pub use command::Command;
pub use discrepancy::{
    Class, Detectability, ErrorType, Outcome, Pair, SecondRef, Significance, TextSpan, Verdict,
};
pub use event::{Entry, Event, ReportStatus, SealRecord, SealStage};
pub use facts::{Assertion, Change, Fact, Measurement, Recommendation, SectionKind, Severity, Side, Statement};
pub use finding::{Annotation, Finding, Geometry, ImageRef, MeasuredValue, Shown};
pub use ids::{Actor, AnnotationId, CaseId, FindingId, PairId, Sha256, StatementId, Timestamp};
pub use intake::{CompletenessItem, IntakeFinding, ManifestItem, Settled, StudyRef};
pub use permit::{IntakePermit, Quarantined, RevealPermit};
pub use state::{Blinding, Case, Comparison, Coverage, Read, ReportVersion, Refusal, SealCheck, Stage, Step};
