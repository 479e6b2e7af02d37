use std::path::PathBuf;

use case::{
    Actor, Amendment, Annotation, AnnotationId, Assertion, Bias, CaseId, Category, Cause, Change,
    Class, CriticalCommand, Criticality, Detectability, ErrorType, Finding, FindingId, Geometry,
    ImageRef, Impact, LearningCommand, Outcome, PairId, Severity, Side, Significance, StatementId,
};
use series::{Password, PlaybackOrder};
use space::{PatientPoint, PatientVector, PlaneFrame};
use volume::{ColourMap, Interpolation, RenderingPreset, SlabMode, Voi};

use crate::{
    Arrangement, BindCommand, DisplayCommand, HangingProtocol, JobId, LayoutKind, Link,
    LookUpCommand, NoticeId, ProgrammeCommand, ReplayCommand, SpineLabels, ThirdCommand, Tool,
    ViewIdx, ViewKind, VolumeKey, WindowPreset,
};

/// Everything the window, the command file or a test can ask of a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Open folders, files, archives or a DICOMDIR.
    OpenPaths(Vec<PathBuf>),
    /// Open again what is open, from where it was opened.
    OpenAgain,
    /// Give the password of the archive that is locked, or `None` to leave it closed.
    GivePassword(Option<Password>),
    /// Open a case of the worklist.
    OpenCase(CaseId),
    /// Attach a first report to the open case from a file.
    AttachReport(PathBuf),
    /// Write the question of the referrer when the case begins.
    SetQuestion(String),
    /// Go to a screen.
    Show(Screen),
    /// Take a case's tab away; the case stays in the worklist.
    CloseTab(CaseId),
    /// Something about what the worklist shows.
    List(ListCommand),
    /// Choose a row of the worklist for the preview.
    SelectCase(Option<CaseId>),
    /// Say who acts from now on.
    SetActor(Actor),
    /// Use the keys and the mouse of a profile, and remember that for who acts.
    UseBindings(String),
    /// Turn the way of the level around: a drag downwards raises it, or lowers it. Remembered for who acts.
    InvertLevel,
    /// Change what keys and mouse do.
    Bind(BindCommand),
    /// Take a notice off the screen.
    DismissNotice(NoticeId),
    /// Stop a job.
    CancelJob(JobId),
    /// Take the last step of the record back.
    Undo,
    /// Do it again.
    Redo,
    /// Where the reader looks.
    View(ViewCommand),
    /// The second read.
    Read(ReadCommand),
    /// The comparison.
    Compare(CompareCommand),
    /// The third read.
    Third(ThirdCommand),
    /// Show reading paths again.
    Replay(ReplayCommand),
    /// Findings that cannot wait.
    Critical(CriticalCommand),
    /// Messages to the first reader, lists to learn from, and what became known later.
    Learn(LearningCommand),
    /// Roster, protocols and draws.
    Programme(ProgrammeCommand),
    /// Begin cases by the protocol of an id from now on.
    ChooseProtocol(String),
    /// The attributes of an image.
    LookUp(LookUpCommand),
    /// What was seen or measured of the display.
    Display(DisplayCommand),
}

/// A screen of the workstation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// All cases.
    Worklist,
    /// Images and reads.
    Reading,
    /// Both reads, statement by statement.
    Compare,
}

/// Changes where the reader looks; never part of the record.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Choose which views there are and what they show.
    SetLayout(LayoutKind),
    /// Choose the cells, and keep what they show.
    Arrange(Arrangement),
    /// Hang by the protocol of a name, and remember the choice for studies like this.
    Hang(String),
    /// Keep a protocol of the reader's own, in place of one of the same name.
    SaveHanging(Box<HangingProtocol>),
    /// Take a protocol of the reader's own away.
    RemoveHanging(String),
    /// Choose the active view.
    Focus(ViewIdx),
    /// Move to the next (1) or previous (−1) view.
    FocusStep(i32),
    /// Make one view fill the area, or go back.
    ToggleOneUp(ViewIdx),
    /// Give a view a window of its own, for another monitor, or bring it back.
    ToggleOwnWindow(ViewIdx),
    /// Put a series into a view.
    PutSeries(ViewIdx, VolumeKey),
    /// Put the next (1) or previous (−1) series into the active view.
    StepSeries(i32),
    /// Say how many pixels a view has on screen.
    Resize(ViewIdx, [usize; 2]),
    /// Choose the tool of the left mouse button.
    SetTool(Tool),
    /// Choose what lies between voxels on the screen; numbers are never taken from there.
    SetInterpolation(Interpolation),
    /// Move by slices.
    Scroll(ViewIdx, i32),
    /// Show a slice by its index.
    GoToSlice(ViewIdx, usize),
    /// Change width and centre by a drag of so many pixels right and down; in a rendering, the values that are lit.
    DragWindow {
        /// Which view.
        view: ViewIdx,
        /// Pixels to the right: wider.
        right_px: f64,
        /// Pixels downwards: higher centre.
        down_px: f64,
    },
    /// Set the window or table.
    SetVoi(ViewIdx, Voi),
    /// Window the values that a view shows now, without the outermost and without padding.
    AutoWindow(ViewIdx),
    /// Window the values between two pixels of a view, from the smallest to the largest.
    WindowOfBox {
        /// Which view.
        view: ViewIdx,
        /// One corner, pixels.
        from_px: [f64; 2],
        /// The corner across.
        to_px: [f64; 2],
    },
    /// Window the values of a region that was drawn, from the smallest to the largest.
    WindowOfMark(ViewIdx, AnnotationId),
    /// Use the nth window or table of the file, 0-based.
    UseFileWindow(ViewIdx, usize),
    /// Use a window of the reader's own.
    UseWindowPreset(ViewIdx, String),
    /// Keep a window of the reader's own, in place of one of the same name.
    SaveWindowPreset(WindowPreset),
    /// Take a window of the reader's own away.
    RemoveWindowPreset(String),
    /// Show grey levels in colours, or grey again.
    SetColours(ViewIdx, ColourMap),
    /// Show the histogram of the active view, or hide it.
    ToggleHistogram,
    /// Use a preset by its digit.
    Preset(ViewIdx, u8),
    /// Negative.
    Invert(ViewIdx),
    /// Move the picture so that what was at one pixel is at another.
    Pan(ViewIdx, [f64; 2]),
    /// Zoom by a factor about a pixel of the view.
    Zoom {
        /// Which view.
        view: ViewIdx,
        /// Above 1 magnifies.
        factor: f64,
        /// The pixel that stays where it is.
        about_px: [f64; 2],
    },
    /// Back to fit, default window, no flip, no slab.
    Reset(ViewIdx),
    /// Mirror left and right.
    FlipHorizontal(ViewIdx),
    /// Mirror top and bottom.
    FlipVertical(ViewIdx),
    /// Turn by quarter turns clockwise.
    Rotate(ViewIdx, i32),
    /// Turn the planes whose lines cross a view about the crosshair, as the hand turns a line on the screen.
    TurnPlanes {
        /// The view whose lines are turned; it stays as it is.
        view: ViewIdx,
        /// The one plane to turn; `None`: both, so that they stay at right angles.
        only: Option<ViewIdx>,
        /// Clockwise on the screen, degrees.
        clockwise_deg: f64,
    },
    /// Put all planes back along the axes of the patient.
    StraightenPlanes,
    /// Turn a projection with the hand, by points of dragging.
    Orbit {
        /// Which view.
        view: ViewIdx,
        /// Points to the right.
        right: f64,
        /// Points downwards.
        down: f64,
    },
    /// Show another kind of picture of the same volume in a view.
    ShowAs(ViewIdx, ViewKind),
    /// Look at a projection from a side.
    LookFrom(ViewIdx, PlaneFrame),
    /// Light a rendering by a preset.
    SetRendering(ViewIdx, RenderingPreset),
    /// Light a rendering from this modality value on.
    LightFrom(ViewIdx, f64),
    /// Cut this part (0 to 1) off the side of a rendering that faces the viewer.
    CutTo(ViewIdx, f64),
    /// Cut off what lies before the crosshair in a rendering.
    CutToCrosshair(ViewIdx),
    /// Show the whole volume in a rendering.
    CutNothing(ViewIdx),
    /// Put the crosshair on the surface under a pixel of a rendering.
    PointAt(ViewIdx, [f64; 2]),
    /// Go to the next slab mode: off, mean, MIP, MinIP.
    CycleSlab(ViewIdx),
    /// Set the slab mode; `None` is off.
    SetSlab(ViewIdx, Option<SlabMode>),
    /// Make the slab so many mm thick; where it was off, a mean.
    SetSlabThickness(ViewIdx, f64),
    /// Thicken (1) or thin (−1) the slab; in a rendering, cut more or less off the side that faces the reader.
    StepSlab(ViewIdx, i32),
    /// Choose the level that the spine tool labels next, and which way it goes on.
    SetSpine(SpineLabels),
    /// Show the chart of a mark: values along it, or how often they occur in it. `None` closes it.
    ShowChart(Option<AnnotationId>),
    /// Put the crosshair somewhere in what a view shows; all linked views follow.
    SetCursor(ViewIdx, PatientPoint),
    /// Link nothing, or again what was linked.
    ToggleLink,
    /// Link one thing, or not.
    ToggleLinkOf(Link),
    /// Take the slices on screen as the same place of the body, though their frames of reference differ.
    LinkByHand,
    /// Full, short, letters only.
    CycleOverlay,
    /// Draw the overlays of the files, or not.
    ToggleGraphics,
    /// Next (1) or previous (−1) slice not yet seen.
    StepUnseen(i32),
    /// Next (1) or previous (−1) finding.
    StepFinding(i32),
    /// Show the place of a finding.
    GoToFinding(FindingId),
    /// Show the place of a mark.
    GoToMark(AnnotationId),
    /// Show an image in the active view.
    GoToImage(ImageRef),
    /// Remember where the window of a view is, for the next time that it has one in this layout.
    PlaceOwnWindow(ViewIdx, crate::WindowPlace),
    /// Start or stop cine in a view.
    ToggleCine(ViewIdx),
    /// Play at so many frames a second; `None`: at the rate of the file.
    SetCineRate(ViewIdx, Option<f64>),
    /// Play faster (1) or slower (−1).
    StepCineRate(ViewIdx, i32),
    /// Play round and round, or there and back.
    SetCineOrder(ViewIdx, PlaybackOrder),
    /// Play from the first to the last of these pictures, both included, counted from 0; `None`: all.
    SetCineTrim(ViewIdx, Option<[usize; 2]>),
    /// Play from the picture on screen on; where that is the last that is played, to the last of all.
    CineFromHere(ViewIdx),
    /// Play up to the picture on screen; where that is the first that is played, from the first of all.
    CineToHere(ViewIdx),
    /// Time passed while these were on screen; drives coverage and cine.
    Tick {
        /// Milliseconds since the last tick.
        elapsed_ms: u64,
        /// Was there any input?
        input: InputSeen,
        /// Could the pictures be seen?
        pictures: PicturesAre,
    },
}

/// Was a region of a checklist gone through?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewed {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// Could the pictures be seen since the last tick?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PicturesAre {
    /// Yes: what they show counts as seen.
    InSight,
    /// They can be seen, and another program has the keyboard.
    BesideOtherProgram,
    /// Something lay over them or dimmed them: reading goes on, nothing counts as seen.
    Covered,
}

/// Was there input since the last tick?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSeen {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// One field of a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingField {
    /// What it is.
    Concept(String),
    /// There, not there, possible.
    Assertion(Assertion),
    /// Side of the body.
    Side(Option<Side>),
    /// Organ or region.
    Site(Option<String>),
    /// Lobe, segment, vertebra …
    Level(Option<String>),
    /// Grade.
    Severity(Option<Severity>),
    /// Change against the prior.
    Change(Option<Change>),
    /// 0 to 100.
    Confidence(Option<u8>),
    /// Free words.
    Note(String),
    /// Best picture.
    KeyImage(Option<ImageRef>),
    /// Category of a reporting scheme.
    Category(Option<Category>),
    /// How soon the referrer must know.
    Criticality(Option<Criticality>),
}

/// What is changed of a verdict at once; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// The classes; none: as they are.
    pub classes: Vec<Class>,
    /// How the error came about.
    pub error_type: Option<ErrorType>,
    /// The same more closely.
    pub cause: Option<Cause>,
    /// What may have bent a judgement; none: as they are.
    pub biases: Vec<Bias>,
    /// What it led to.
    pub impact: Option<Impact>,
    /// Should it have been seen?
    pub detectability: Option<Detectability>,
    /// Would care change?
    pub significance: Option<Significance>,
    /// Free words.
    pub note: Option<String>,
    /// Is the first reader asked once the comparison is signed? False: as it is.
    pub asks_first_reader: bool,
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// One mark.
    Mark(AnnotationId),
    /// All marks of a finding.
    Finding(FindingId),
}

/// Changes the second read.
#[derive(Clone, Debug, PartialEq)]
pub enum ReadCommand {
    /// Take the read, or go on.
    Start,
    /// Pause and store how long was read.
    Pause,
    /// Enter an empty finding at the crosshair with the active picture as key image, and select it.
    NewFindingHere,
    /// Enter a whole finding (its id is replaced by the next free one).
    AddFinding(Box<Finding>),
    /// Change a field.
    SetField(FindingId, FindingField),
    /// Take a finding and its marks out.
    RemoveFinding(FindingId),
    /// Select a finding; marks drawn from now on are its evidence.
    Select(Option<FindingId>),
    /// Draw a mark in a view: the session measures it and gives it to the selected finding or a new one.
    AddMark {
        /// The view it was drawn in.
        view: ViewIdx,
        /// Its shape.
        geometry: Geometry,
    },
    /// Draw a mark without a window; for the command line and files of commands.
    AddMarkOnImage {
        /// The finding it is evidence of.
        finding: FindingId,
        /// The image it lies on; `None`: the nearest of the current study.
        image: Option<ImageRef>,
        /// Its shape.
        geometry: Geometry,
    },
    /// Move a mark.
    MoveMark {
        /// Which.
        id: AnnotationId,
        /// By how much, mm.
        by: PatientVector,
    },
    /// Change a mark's shape.
    ReshapeMark {
        /// Which.
        id: AnnotationId,
        /// Its new shape.
        geometry: Geometry,
    },
    /// Replace a mark as a whole.
    PutMark(Box<Annotation>),
    /// Take a mark out. With a calibration, the lengths that rested on it are measured anew in the same step.
    RemoveMark(AnnotationId),
    /// Make a finding of a mark that stands by itself; one that says what its image is cannot be one.
    MakeFindingOf(AnnotationId),
    /// Grow a body from the values inside an outline drawn in a view; the range of values is found in the outline.
    GrowBody {
        /// The view it was drawn in.
        view: ViewIdx,
        /// Places on the outline.
        corners: Vec<PatientPoint>,
    },
    /// Add an outline drawn in a view to the body of the selected finding, else begin one.
    AddContour {
        /// The view it was drawn in.
        view: ViewIdx,
        /// Places on the outline.
        corners: Vec<PatientPoint>,
    },
    /// Draw marks at the same place of the prior, where both share a frame of reference.
    CopyToPrior(Copied),
    /// Take the picture of the active view as key image of the selected finding.
    TakeKeyImage,
    /// Write the question of the referrer.
    WriteQuestion(String),
    /// Say that a region of the checklist was gone through, or that it was not.
    ReviewRegion(String, Reviewed),
    /// Write the impression.
    WriteImpression(String),
    /// Propose the findings that a text names.
    Dictate(String),
    /// Put these of what was proposed on record, by their places from 0.
    TakeDictated(Vec<usize>),
    /// Accept an open item of the intake as a limitation.
    AcceptLimitation(String),
    /// Seal this stage of the read and open the next.
    SealStage,
    /// Seal. What is not met becomes a limitation.
    Seal,
    /// Open the first report; before the seal a reason is needed.
    Reveal {
        /// Why before the seal.
        urgent: Option<String>,
    },
}

/// Changes the comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Select a row; the views follow.
    Select(PairId),
    /// Next (1) or previous (−1) row.
    Step(i32),
    /// Set or add a class on a row. `Agree` alone; a second different class joins the first, the same one again leaves.
    ToggleClass(PairId, Class),
    /// Set the classes of a row.
    SetClasses(PairId, Vec<Class>),
    /// Take the verdict back.
    ClearVerdict(PairId),
    /// How the error came about.
    SetErrorType(PairId, Option<ErrorType>),
    /// The cause more closely; the error type follows it.
    SetCause(PairId, Option<Cause>),
    /// What may have bent a judgement.
    SetBiases(PairId, Vec<Bias>),
    /// What it led to.
    SetImpact(PairId, Option<Impact>),
    /// Ask the first reader about a row once the comparison is signed, or take that back.
    ToggleQuestion(PairId),
    /// Change a finding after the reveal, in the layer over the sealed read.
    Amend(Box<Amendment>),
    /// Several of these at once, all or none.
    Judge(PairId, Judgement),
    /// Should it have been seen?
    SetDetectability(PairId, Option<Detectability>),
    /// Would care change?
    SetSignificance(PairId, Option<Significance>),
    /// Free words.
    SetNote(PairId, String),
    /// The image that shows it; `None` inside takes it away.
    SetEvidence(PairId, Option<ImageRef>),
    /// Use the active view as evidence.
    TakeEvidence(PairId),
    /// Agree with every open row whose proposal is agreement.
    AgreeWithRemaining,
    /// Join a statement of the first report with an item of the second read.
    Join(StatementId, case::SecondRef),
    /// Part a row into its two sides.
    Part(PairId),
    /// Choose the outcome; `None` follows the verdicts.
    SetOutcome(Option<Outcome>),
    /// Write the summary; `None` follows the verdicts.
    WriteSummary(Option<String>),
    /// Sign.
    Sign,
    /// Agree with every open row and sign; refused where anything differs.
    AgreeAndSign,
    /// Ask for a third read of the signed comparison.
    AskThirdRead,
    /// Write the files of a signed or sealed case into a folder.
    Export(PathBuf, Vec<String>),
    /// Close the case.
    Close,
}

/// What the worklist is to show.
#[derive(Clone, Debug, PartialEq)]
pub enum ListCommand {
    /// List this.
    Show(Box<crate::ListView>),
    /// List a view that was saved.
    Use(String),
    /// Save what is listed under a name, in the place of one of that name.
    Save(String),
    /// Give a saved view another name.
    Rename {
        /// As it is called.
        from: String,
        /// As it will be called.
        to: String,
    },
    /// Forget a saved view.
    Delete(String),
    /// Begin with a saved view from now on; `None`: with all cases.
    StartWith(Option<String>),
}
