//! The application without a window: commands in, snapshot out.
//!
//! A [`Session`] holds the store, the opened studies, the jobs, the view state and the open case. A window draws its
//! [`Snapshot`] and sends [`Command`]s; the command line and the tests drive the same session. Clocks, random numbers
//! and the environment enter the house here and nowhere below.
//!
//! This crate must never know: egui, wgpu, winit.
//! Entry type: [`Session`].

mod agenda;
mod arrangement;
mod arrivals;
mod bindings;
mod bodies;
mod calibrating;
mod case_list;
mod case_rows;
mod case_snapshot;
mod certifying;
mod chart;
mod checklists;
mod cine;
mod command;
pub mod commands;
mod comparing;
mod copying;
mod coverage;
mod data_parity;
mod dictating;
mod display;
mod drawing;
mod dwelling;
mod errors;
mod evidence;
mod exporting;
mod file_access;
mod graphics;
mod handling;
mod hanging;
mod hangings;
pub mod headless;
mod intake;
mod intake_questions;
mod jobs;
mod judging;
mod key_picture;
mod learning;
mod learning_lists;
mod library;
mod light_pictures;
mod lighting;
mod linking;
mod links;
mod listing;
mod loading;
mod look_up;
mod marking;
mod measure;
mod memory;
mod notice;
mod oblique;
mod open_case;
mod opening;
mod own_files;
mod own_windows;
mod people;
mod pictures;
mod profiles;
mod programme;
mod protocols;
mod reading;
mod recording;
mod reopening;
mod replay;
mod results;
mod room;
mod rows;
mod sections;
mod seen_layers;
mod session;
mod snap;
mod snap_case;
mod snap_view;
mod snapshot;
mod spine;
mod surroundings;
mod third_reading;
mod third_room;
mod trace;
mod view;
mod viewing;
mod watching;
mod window_presets;
mod windowing;
mod worklist;

pub use case::{
    Actor, AmendedFinding, Amendment, AnchoringIndex, Annotation, AnnotationId, AnonymousRead,
    Assertion, Assignment, Bias, BlindingLevel, CaseId, Category, Cause, Change, Class,
    Command as CaseCommand, Communication, Conflict, CriticalCommand, CriticalFinding, Criticality,
    Declaration, Detectability, Direction, Disclosure, ErrorType, Expected, FeedbackKind,
    FeedbackRow, Finding, FindingId, Geometry, ImageRef, Impact, LearningCommand, LearningList,
    Ledger, Medium, Member, Onlooker, Outcome, PairId, Priority, Protocol, ReadBack, Response,
    Role, Roster, SamplingMethod, SamplingRule, Scheme, SecondRef, Sender, Severity, Side,
    Significance, Speciality, Stage, StatementId, Step, Sureness, ThirdReadCommand, ThirdReadMode,
    ThirdVerdict, Upheld, Urgency, Vertebra, WaitsFor,
};
pub use chart::{Chart, ChartKind, has_chart};
pub use checklists::{
    Checklist, ChecklistError, ChecklistRegion, ChecklistSnapshot, RegionSnapshot,
};
pub use cine::{CineRateFrom, CineSnapshot, Play};
pub use exchange::Deidentify;
pub use replay::{
    FirstLook, LaneOf, LookOfRow, PathLine, ReplayCommand, ReplayMoment, ReplaySnapshot, Shading,
    Stretch, TimelineSeries,
};
pub use series::{Capture, Fidelity, Password, PlaybackOrder, RateFrom};
pub use space::{Ellipse, PatientPoint, PatientVector};
pub use spine::{SpineLabels, SpineOrder};
pub use volume::{ColourMap, Interpolation, RenderingPreset, Slab, SlabMode, SpacingSource};

pub use arrangement::{Arrangement, MAX_CELLS_ACROSS, UnknownArrangement};
pub use bindings::{
    Bindings, BindingsError, Held, MouseAction, MouseChord, MouseGesture, Rebound, Taken,
};
pub use case_list::{
    CaseMark, CaseTable, Counts, Due, Group, GroupKey, Grouping, ListView, Listed, Order, Queue,
    SavedView,
};
pub use case_snapshot::{
    CaseSnapshot, ComparisonSnapshot, FindingCard, MarkRow, PairRow, ReadingStage,
};
pub use command::{
    Command, CompareCommand, Copied, FindingField, InputSeen, Judgement, ListCommand, PicturesAre,
    ReadCommand, Reviewed, Screen, ViewCommand,
};
pub use dictating::DictatedRow;
pub use display::{
    ContrastResponse, DailyCheck, DisplayCommand, DisplaySnapshot, GreyLevels, KeptResponse,
    LEVELS, N_LEVELS, Patch, ResponseError, Seeing, Surround, TestPattern, contrast_response,
    jnd_of_luminance, luminance_of_jnd, targets_cd_m2,
};
pub use drawing::{
    DrawAnswer, DrawRequest, DrawnRow, GroupBy, KeepDraw, LeftOut, ReaderLoad, Specialities,
    sampling_rule, seed_of_chance,
};
pub use errors::SessionError;
pub use exporting::{EXPORT_FORMATS, ExportedFile};
pub use file_access::{FileAccess, LockedArchive, default_header_index};
pub use graphics::Graphics;
pub use handling::{BindCommand, BindingProfile, Taking};
pub use hanging::{
    Align, Applies, Condition, HangingError, HangingProtocol, HungSlab, HungSlabMode, HungView,
    HungWindow, Need, PriorNeed, Scale, SeriesRule, Show, SlicePlane, WhichStudy,
};
pub use jobs::{JobId, Waker};
pub use learning::{
    AmendedSnapshot, AmendmentKind, AmendmentRow, AnswerRow, LearningSnapshot, MessageRow,
};
pub use lighting::{Lighting, LitFrom, RenderingSnapshot};
pub use links::Link;
pub use listing::ListedCases;
pub use look_up::{
    AttributeRow, AttributeValue, Beside, Detail, DetailKind, DetailValue, LookUp, LookUpCommand,
    LookUpState, WindowWhy,
};
pub use measure::{ByHand, Trust, provenance, significant, sketch_label, trust, window_number};
pub use memory::{MemoryLimit, MemoryLimitSetBy, memory_limit};
pub use notice::{Notice, NoticeAction, NoticeId, NoticeKind};
pub use own_windows::WindowPlace;
pub use pictures::Patience;
pub use programme::{ProgrammeCommand, ProgrammeSnapshot};
pub use protocols::{ProtocolChoice, ProtocolError, read_protocol, read_protocol_file};
pub use session::{BUILD, PicturesBy, Session, SessionOptions};
pub use snapshot::{
    CasePreview, ColourImage, CoverageStrip, EvidencePicture, HangingItem, HangingSnapshot,
    ImportProblem, ImportReport, JobSnapshot, MarkDepth, MarkSnapshot, Overlay, PictureKind,
    RailGroup, RailItem, Saved, Seen, Snapshot, StudyHeader, Tab, ViewPicture, ViewSnapshot,
    WorklistRow,
};
pub use surroundings::{Clock, default_actor, default_store_dir, demo_store_dir, system_clock};
pub use third_room::{
    MarkOf, ThirdCheck, ThirdCommand, ThirdDecision, ThirdMarks, ThirdReadSnapshot,
    ThirdRowSnapshot, ThirdSide,
};
pub use trace::Trace;
pub use view::{
    LayoutKind, SharedFit, Tool, View, ViewIdx, ViewKind, VolumeKey, may_reslice, natural_frame,
};
pub use window_presets::WindowPreset;
pub use windowing::{ViewHistogram, WindowFrom};
