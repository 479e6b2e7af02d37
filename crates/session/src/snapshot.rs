use std::sync::Arc;

use case::{
    Annotation, AnonymousRead, CaseId, CompletenessItem, FindingId, Outcome, PairId, Priority,
    Significance, Stage, WaitsFor,
};
use space::{EdgeLetters, PatientPoint, ViewPlane};
use volume::{ColourPicture, Interpolation, Picture, Presentation, Volume};

use crate::{
    Arrangement, ByHand, CaseMark, CaseSnapshot, CaseTable, Chart, CineSnapshot, DictatedRow,
    DisplaySnapshot, Graphics, HangingProtocol, JobId, LayoutKind, Link, ListView, ListedCases,
    LookUp, MarkOf, Notice, ProtocolChoice, RenderingSnapshot, SavedView, Screen, SpineLabels,
    Tool, ViewHistogram, ViewIdx, ViewKind, VolumeKey, WindowPreset, WindowWhy,
};

/// All that the panels draw. Already blinded: while the first report is closed nothing of it is in here.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Which screen.
    pub screen: Screen,
    /// Who acts.
    pub actor: String,
    /// All cases, those that need the actor first.
    pub worklist: Arc<CaseTable>,
    /// Those that are listed: the newest answer to what was asked.
    pub list: Arc<ListedCases>,
    /// What is asked for; the answer may still be on its way.
    pub list_view: ListView,
    /// Views of the list that the actor saved.
    pub saved_views: Arc<[SavedView]>,
    /// The one that the list begins with.
    pub start_view: Option<String>,
    /// The chosen row's preview.
    pub preview: Option<Arc<CasePreview>>,
    /// Open cases.
    pub tabs: Vec<Tab>,
    /// The open study, if one is.
    pub study: Option<StudyHeader>,
    /// Series of the current study, then of the priors.
    pub rail: Vec<RailItem>,
    /// What decided which views there are.
    pub layout: LayoutKind,
    /// How their cells lie.
    pub arrangement: Arrangement,
    /// Hanging protocols.
    pub hanging: HangingSnapshot,
    /// Protocols that a case can be begun by.
    pub protocols: Arc<[ProtocolChoice]>,
    /// The id of the one that the next case is begun by.
    pub protocol: String,
    /// Windows of the reader's own.
    pub window_presets: Arc<[WindowPreset]>,
    /// The histogram of the active view, while it is open.
    pub histogram: Option<Arc<ViewHistogram>>,
    /// What keys and mouse do.
    pub bindings: Arc<crate::Bindings>,
    /// The same as the profile came.
    pub bindings_origin: Arc<crate::Bindings>,
    /// The profiles of keys and mouse that can be used.
    pub binding_profiles: Arc<[crate::BindingProfile]>,
    /// The view that fills the area, if one does.
    pub one_up: Option<ViewIdx>,
    /// Views with a window of their own.
    pub torn: Vec<ViewIdx>,
    /// Where those windows were in this layout, of those that were open before.
    pub window_places: Vec<(ViewIdx, crate::WindowPlace)>,
    /// The active view.
    pub active: ViewIdx,
    /// The views of the layout.
    pub views: Vec<ViewSnapshot>,
    /// The tool of the left mouse button.
    pub tool: Tool,
    /// What views keep in step.
    pub links: Vec<Link>,
    /// How much text lies over the pictures.
    pub overlay: Overlay,
    /// Are the overlays of the files drawn?
    pub graphics: Graphics,
    /// What the spine tool labels next.
    pub spine: SpineLabels,
    /// The chart that is open, if one is.
    pub chart: Option<Arc<Chart>>,
    /// The crosshair.
    pub cursor: Option<PatientPoint>,
    /// Who may do what, and what the last draw gave.
    pub programme: Arc<crate::ProgrammeSnapshot>,
    /// Findings that the text that was typed or dictated last seems to name.
    pub dictated: Arc<[DictatedRow]>,
    /// The open case; `None` while a study is only looked at.
    pub case: Option<Arc<CaseSnapshot>>,
    /// Reading paths that are shown again; while they are, the views show what a reader had on the screen.
    pub replay: Option<Arc<crate::ReplaySnapshot>>,
    /// May reading paths be shown again here?
    pub may_replay: bool,
    /// The selected finding.
    pub selected_finding: Option<FindingId>,
    /// The selected row of the comparison.
    pub selected_pair: Option<PairId>,
    /// Pictures of the selected row, on the comparison only; `None` when it has no image or it is not decoded yet.
    pub evidence: Option<Arc<EvidencePicture>>,
    /// The archive that waits for its password, if one does.
    pub locked: Option<crate::LockedArchive>,
    /// What of the open study did not load, if anything did not.
    pub import: Option<Arc<ImportReport>>,
    /// The attributes that are looked at, if any are.
    pub look_up: Option<Arc<LookUp>>,
    /// What is known of the display.
    pub display: Arc<DisplaySnapshot>,
    /// Messages, the newest last.
    pub notices: Vec<Notice>,
    /// Long work.
    pub jobs: Vec<JobSnapshot>,
    /// Is everything on the disk?
    pub saved: Saved,
    /// Slices decoded and slices in all, of all open series.
    pub decoded: [usize; 2],
    /// What undo would take back, in a few words; `None`: nothing.
    pub undo: Option<String>,
    /// What redo would do again.
    pub redo: Option<String>,
}

/// Hanging protocols: which is in use, and which could be.
#[derive(Clone, Debug, PartialEq)]
pub struct HangingSnapshot {
    /// Name of the one in use; empty while none is.
    pub in_use: String,
    /// Those that fit what is open, then the others.
    pub items: Vec<HangingItem>,
    /// What is on screen, as a protocol to be named and kept; `None` while there are no images.
    pub draft: Option<Arc<HangingProtocol>>,
}

/// A hanging protocol of the menu.
#[derive(Clone, Debug, PartialEq)]
pub struct HangingItem {
    /// Its name.
    pub name: String,
    /// Can it be applied to what is open?
    pub fits: bool,
    /// The reader's own, which can be changed; `None` for one that came with the program.
    pub own: Option<Arc<HangingProtocol>>,
}

/// How much text lies over the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Everything.
    Full,
    /// One line a corner.
    Short,
    /// Letters and scale only.
    LettersOnly,
}

/// Is everything on the disk?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Nothing was changed yet.
    Nothing,
    /// All, the last change so many seconds ago.
    Yes {
        /// Seconds since the last change was written.
        seconds_ago: u64,
    },
    /// The last change could not be written; the text stays in memory.
    No {
        /// What was in the way.
        reason: String,
    },
}

/// A row of the worklist.
#[derive(Clone, Debug, PartialEq)]
pub struct WorklistRow {
    /// The case.
    pub id: CaseId,
    /// Study Instance UID of the current study.
    pub study_instance_uid: String,
    /// Where it stands.
    pub stage: Stage,
    /// Was its first report opened before the seal?
    pub unblinded_early: bool,
    /// Patient's name for display.
    pub patient_name: String,
    /// Age and sex, for instance `58 M`; may be empty.
    pub age_sex: String,
    /// Patient ID.
    pub patient_id: String,
    /// Study date, ISO.
    pub study_date: String,
    /// Modality.
    pub modality: String,
    /// Study description.
    pub description: String,
    /// Accession number.
    pub accession: String,
    /// The protocol it is read by.
    pub protocol: String,
    /// Day it is due, ISO; empty for none, and when it has ended.
    pub due: String,
    /// How soon it is wanted.
    pub priority: Priority,
    /// First reader; hidden while blinded.
    pub first_reader: String,
    /// Second reader, or whom it was given to; empty for nobody.
    pub second_reader: String,
    /// Outcome: chosen or proposed, once compared.
    pub outcome: Option<Outcome>,
    /// The gravest significance, once compared.
    pub significance: Option<Significance>,
    /// What is true of it besides.
    pub marks: Vec<CaseMark>,
    /// What it waits for besides its second reader.
    pub waits_for: Option<WaitsFor>,
    /// Does it wait for the actor?
    pub needs_you: bool,
}

/// What the worklist shows beside its table.
#[derive(Clone, Debug, PartialEq)]
pub struct CasePreview {
    /// The row.
    pub row: WorklistRow,
    /// Question of the referrer.
    pub question: String,
    /// What is, or is not, as it should be.
    pub completeness: Vec<CompletenessItem>,
    /// Number of images of the current study.
    pub n_images: usize,
    /// Viewed so far, percent.
    pub viewed_percent: u8,
    /// Number of priors.
    pub n_priors: usize,
    /// Is a first report attached?
    pub report_attached: bool,
    /// Times and what happened, oldest first.
    pub history: Vec<(String, String)>,
}

/// An open case.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// The case.
    pub id: CaseId,
    /// `OR-7F3A · CT Chest`.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// Is it the one on screen?
    pub active: bool,
}

/// Who and what is on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyHeader {
    /// Patient's name for display.
    pub patient_name: String,
    /// Age and sex, for instance `58 M`.
    pub age_sex: String,
    /// Patient ID.
    pub patient_id: String,
    /// `CT Chest with contrast`.
    pub title: String,
    /// `2026-11-18 08:42`.
    pub date_time: String,
}

/// A series in the rail.
#[derive(Clone, Debug)]
pub struct RailItem {
    /// What it would put into a view; `None` for a document.
    pub key: Option<VolumeKey>,
    /// `current` or the prior's date.
    pub group: RailGroup,
    /// Series description.
    pub title: String,
    /// Modality.
    pub modality: String,
    /// Number of slices, or of documents.
    pub n_slices: usize,
    /// Viewed so far, percent.
    pub viewed_percent: u8,
    /// Decoded so far, 0 to 1.
    pub decoded: f32,
    /// Findings with evidence in it.
    pub n_findings: usize,
    /// A small picture, once there is one.
    pub thumbnail: Option<Arc<ColourImage>>,
    /// Sentences about its problems.
    pub warnings: Vec<String>,
    /// Is it in the active view?
    pub active: bool,
    /// Is it closed until the reveal?
    pub sealed: bool,
}

/// Which study a series belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RailGroup {
    /// The study that is read.
    Current,
    /// An earlier one, with its date in ISO.
    Prior(String),
}

/// The image of a row of the comparison, as both readers had it and with the second reader's marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidencePicture {
    /// The image with its letters.
    pub plain: ColourImage,
    /// The same with the marks of the finding.
    pub marked: ColourImage,
}

/// An 8-bit colour picture, made for thumbnails and key images only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourImage {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row, red green blue.
    pub rgb: Vec<[u8; 3]>,
}

/// The picture of a view, resliced on the CPU.
#[derive(Clone, Debug)]
pub struct ViewPicture {
    /// Modality values (or colour), NaN outside the volume.
    pub picture: PictureKind,
    /// Where its pixels lie. May be older than the view's plane while the next one is made.
    pub plane: ViewPlane,
    /// Grows with every picture of the view.
    pub generation: u64,
    /// Slices of the volume that were there when it was begun.
    pub n_slices_there: usize,
}

/// Grey, colour, or both.
#[derive(Clone, Debug)]
pub enum PictureKind {
    /// Modality values.
    Grey(Arc<Picture>),
    /// Modality values, and over them the colours of stored values that stand for colours, transparent elsewhere.
    GreyUnderColours(Arc<Picture>, Arc<ColourPicture>),
    /// 8-bit RGB with alpha 0 outside.
    Colour(Arc<ColourPicture>),
}

/// One view.
#[derive(Clone, Debug)]
pub struct ViewSnapshot {
    /// Its place in the layout.
    pub idx: ViewIdx,
    /// How it cuts.
    pub kind: ViewKind,
    /// What it shows.
    pub key: Option<VolumeKey>,
    /// The volume, for drawing on a GPU.
    pub volume: Option<Arc<Volume>>,
    /// The plane on screen.
    pub plane: Option<ViewPlane>,
    /// The slab of the plane.
    pub slab: Option<volume::Slab>,
    /// The newest picture, when the CPU makes them.
    pub picture: Option<ViewPicture>,
    /// Window or table, and invert.
    pub presentation: Option<Presentation>,
    /// Letters at the edges, question marks where no side is known; `None` for pictures that have no sides.
    pub letters: Option<EdgeLetters>,
    /// Is the picture mirrored against the usual?
    pub flipped: bool,
    /// `Axial`, `Coronal`, … as a text key.
    pub kind_key: &'static str,
    /// The angle of a plane to the one that its name stands for, degrees; `None` while it is straight.
    pub oblique_deg: Option<f64>,
    /// What lies between voxels on the screen.
    pub interpolation: Interpolation,
    /// Frame of Reference UID; empty when unknown. Views of one share patient space.
    pub frame_of_reference: String,
    /// Series description and number.
    pub series_title: String,
    /// Is it a prior? Then its date, ISO.
    pub prior_date: Option<String>,
    /// Slice shown (0-based) and their number; for planes the position along the normal in steps.
    pub slice: [usize; 2],
    /// Position along the view's normal, for instance `z 108.0 mm`; empty where unknown.
    pub position_text: String,
    /// `W 400 L 40`.
    pub window_text: String,
    /// Why the window is what it is; `None` for a rendering, and without a volume.
    pub window_why: Option<WindowWhy>,
    /// Name of the preset, or empty.
    pub preset_name: &'static str,
    /// `Slab 5.0 mm MIP` or empty.
    pub slab_text: String,
    /// `Zoom 2.2×`.
    pub zoom: f64,
    /// What the reader calibrated on the image that a stack shows.
    pub by_hand: Option<ByHand>,
    /// `mm` or `px`.
    pub length_unit: &'static str,
    /// Unit of the values that are windowed: `HU`, a named one, or `stored`; empty without a volume.
    pub value_unit: String,
    /// Problems of this volume that concern what is seen; shown on the image, always.
    pub warnings: Vec<String>,
    /// Slices that are there and slices in all, while some are still to come or are not in the picture yet; `None` once
    /// all are, and where nothing more comes.
    pub loading: Option<[usize; 2]>,
    /// Frames of reference that the reader laid over that of this view by eye.
    pub laid_over: Vec<String>,
    /// Is this slice a hole: missing, damaged, or not yet decoded?
    pub hole: Option<String>,
    /// Overlay groups that the files of this volume have at most; hidden ones count.
    pub n_graphics: usize,
    /// The overlays over this slice, where they are shown and read.
    pub graphics: Arc<[volume::Overlay]>,
    /// Marks to draw.
    pub marks: Vec<MarkSnapshot>,
    /// What was seen, lane by lane.
    pub coverage: CoverageStrip,
    /// The window class the dwell counts for.
    pub lane: &'static str,
    /// Is cine running?
    pub cine: bool,
    /// How it plays; `None` where nothing follows another.
    pub playing: Option<CineSnapshot>,
    /// The name of the window of the reader's own that is in use; empty for none.
    pub own_window: String,
    /// Modality of the series.
    pub modality: String,
    /// How a rendering is lit; `None` for every other kind of view.
    pub rendering: Option<RenderingSnapshot>,
    /// The read without a name whose marks alone are drawn; `None` for none or both.
    pub read: Option<AnonymousRead>,
}

/// A mark in a view.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkSnapshot {
    /// Of a grown body, its border on the slice that is shown, as straight pieces; empty for other marks.
    pub section: Vec<[PatientPoint; 2]>,
    /// The mark.
    pub annotation: Annotation,
    /// How it lies to the picture.
    pub depth: MarkDepth,
    /// `F1 7.9 mm`.
    pub label: String,
    /// Whose it is.
    pub of: MarkOf,
    /// Is its finding selected?
    pub selected: bool,
    /// Are its numbers still being counted? It is on no record then, and nothing can be done to it.
    pub is_counted: bool,
}

/// How a mark lies to the plane on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkDepth {
    /// In the plane, within half a slice.
    InPlane,
    /// Cut by the plane or near it: drawn dashed.
    Near,
}

/// What was seen of a volume.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoverageStrip {
    /// Name of each lane and one state per slice: not seen, briefly, seen.
    pub lanes: Vec<(&'static str, Vec<Seen>)>,
    /// Slices that have a finding's evidence.
    pub finding_slices: Vec<usize>,
    /// Slices that are holes.
    pub holes: Vec<usize>,
}

/// How long a slice was on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Never.
    #[default]
    No,
    /// Under 0.25 s, or too small to read.
    Briefly,
    /// At least 0.25 s at one screen pixel per image pixel or more.
    Yes,
}

/// Long work.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSnapshot {
    /// Its name for cancel.
    pub id: JobId,
    /// What it does, as a text key.
    pub title_key: &'static str,
    /// Done and in all; `None` while unknown.
    pub progress: Option<[u64; 2]>,
    /// Can it be stopped?
    pub can_cancel: bool,
}

/// What of a study loaded and what did not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportReport {
    /// Images that are safe to read.
    pub n_loaded: usize,
    /// Images that should be there and are not.
    pub n_missing: usize,
    /// Images that are there and cannot be shown.
    pub n_damaged: usize,
    /// Series that loaded whole: title, and a line of facts.
    pub whole: Vec<(String, String)>,
    /// What did not load: stable code, title, and a sentence.
    pub problems: Vec<ImportProblem>,
}

/// Something that did not load, or was guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Stable name.
    pub code: String,
    /// Series or file it concerns, for display.
    pub title: String,
    /// One sentence.
    pub text: String,
    /// Is something not shown at all?
    pub lost: bool,
}
