//! The application without a window: commands in, snapshot out.
//!
//! A [`Session`] holds the store, the opened studies, the jobs, the view state and the open case. A window draws its
//! [`Snapshot`] and sends [`Command`]s; the command line and the tests drive the same session. Clocks, random numbers
//! and the environment enter the house here and nowhere below.
//!
//! This crate must never know: egui, wgpu, winit.
//! Entry type: [`Session`].

mod command;
pub mod commands;
mod coverage;
mod jobs;
mod key_picture;
mod measure;
mod notice;
mod pictures;
mod room;
mod snapshot;
mod view;

pub use command::{Command, CompareCommand, FindingField, InputSeen, ReadCommand, Screen, ViewCommand};
pub use jobs::{JobId, Waker};
pub use notice::{Notice, NoticeId, NoticeKind};
pub use snapshot::{
    CasePreview, CaseSnapshot, ComparisonSnapshot, CoverageStrip, FindingCard, GreyImage, ImportProblem,
    ImportReport, JobSnapshot,
    MarkDepth, MarkSnapshot, Overlay, PairRow, PictureKind, RailGroup, RailItem, Saved, Seen, Snapshot, StudyHeader,
    Tab, ViewPicture, ViewSnapshot, WorklistRow,
};
pub use view::{LayoutKind, Tool, View, ViewIdx, ViewKind, VolumeKey, may_reslice, natural_frame};
