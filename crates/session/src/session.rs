use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use case::{Actor, CaseId, Protocol, Roster};
use store::Store;
use volume::VoxelBudget;

use crate::coverage::CoverageTracker;
use crate::file_access::{FileAccess, WaitsForPassword};
use crate::hangings::Hangings;
use crate::jobs::{Jobs, Waker};
use crate::library::Library;
use crate::memory::memory_limit;
use crate::open_case::OpenCase;
use crate::pictures::PictureMaker;
use crate::profiles::Hands;
use crate::protocols::DEFAULT_PROTOCOL;
use crate::results::JobResult;
use crate::room::Room;
use crate::surroundings::Clock;
use crate::trace::Trace;
use crate::watching::FolderWatch;
use crate::{
    CasePreview, CaseTable, ColourImage, Command, Notice, NoticeId, NoticeKind, Screen,
    SessionError, Snapshot, VolumeKey, WorklistRow,
};
use case::{FindingId, PairId};

/// Version that every entry of the log and every output carries.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// What a session needs from outside.
pub struct SessionOptions {
    /// Folder of the store.
    pub store_dir: PathBuf,
    /// Who acts.
    pub actor: Actor,
    /// Makes time stamps.
    pub clock: Clock,
    /// Where timings go, if anywhere.
    pub trace: Option<PathBuf>,
    /// Who reslices: the session on the CPU, or a window on its GPU.
    pub pictures: PicturesBy,
}

/// Who computes the pictures of the views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PicturesBy {
    /// The session, with the CPU's reference; right for software adapters.
    Session,
    /// The window, on its GPU.
    Window,
}

/// The application without a window.
pub struct Session {
    pub(crate) store: Box<dyn Store>,
    pub(crate) actor: Actor,
    pub(crate) clock: Clock,
    pub(crate) running: crate::certifying::Running,
    pub(crate) jobs: Jobs<JobResult>,
    pub(crate) pictures: PictureMaker,
    pub(crate) pictures_by: PicturesBy,
    /// What the voxels of everything that is open may take.
    pub(crate) budget: Arc<VoxelBudget>,
    pub(crate) library: Library,
    pub(crate) room: Room,
    pub(crate) hangings: Hangings,
    /// Where readers put files of their own, in folders named after what they are.
    pub(crate) own_folder: PathBuf,
    pub(crate) own_windows: crate::own_windows::OwnWindows,
    /// The reader's own, then those that came with the program.
    pub(crate) checklists: Vec<crate::Checklist>,
    pub(crate) hands: Hands,
    pub(crate) open: Option<OpenCase>,
    pub(crate) tabs: Vec<CaseId>,
    pub(crate) screen: Screen,
    /// `None` until it is first asked for; rows that changed since are in `changed_rows`.
    pub(crate) worklist: Option<Arc<CaseTable>>,
    /// Packed.
    pub(crate) changed_rows: BTreeMap<CaseId, Vec<u8>>,
    /// What of it is shown.
    pub(crate) list: crate::listing::ListOnScreen,
    /// Of the cases that have a tab.
    pub(crate) open_rows: BTreeMap<CaseId, Arc<WorklistRow>>,
    pub(crate) preview: Option<Arc<CasePreview>>,
    pub(crate) coverage: CoverageTracker,
    pub(crate) coverage_dirty: bool,
    pub(crate) selected_finding: Option<FindingId>,
    pub(crate) selected_pair: Option<PairId>,
    /// What the last draw gave, or would give.
    pub(crate) last_draw: Option<crate::DrawAnswer>,
    /// The programme as the screens show it.
    pub(crate) programme: Arc<crate::ProgrammeSnapshot>,
    /// What a text proposed as findings.
    pub(crate) dictated: Option<crate::dictating::Dictated>,
    pub(crate) third_room: crate::third_room::ThirdRoom,
    /// The path of whoever reads the open case.
    pub(crate) path: Option<crate::replay::PathRecorder>,
    /// A path that cannot be kept, so that it is not tried again and again.
    pub(crate) path_given_up: Option<(CaseId, case::PathKey)>,
    /// Paths that are shown again.
    pub(crate) replay: Option<crate::replay::Replay>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) next_notice: u64,
    pub(crate) saved: SavedState,
    pub(crate) question: String,
    pub(crate) protocol: Protocol,
    /// Those that a case can be begun by.
    pub(crate) protocol_choices: Arc<[crate::ProtocolChoice]>,
    pub(crate) roster: Roster,
    pub(crate) report_waits: Option<PathBuf>,
    /// With what studies are read.
    pub(crate) access: FileAccess,
    pub(crate) waits_for_password: Option<WaitsForPassword>,
    /// The watch over the folders of what is open.
    pub(crate) watch: FolderWatch,
    /// When the scan of what is open began, by the clock of the files.
    pub(crate) scan_began: SystemTime,
    /// When the folder that is being opened was named.
    pub(crate) named_at: Option<Instant>,
    pub(crate) waits_for_first_image: bool,
    /// Until then a window has the processors for its first picture.
    pub(crate) holds_back_until: Option<Instant>,
    pub(crate) trace: Trace,
    pub(crate) snapshot: Option<Arc<Snapshot>>,
    /// Windows of the reader's own.
    pub(crate) window_presets: Arc<[crate::WindowPreset]>,
    /// Is the histogram of the active view open?
    pub(crate) histogram_is_open: bool,
    pub(crate) kept_histogram: RefCell<crate::windowing::KeptHistogram>,
    pub(crate) thumbnails: RefCell<Thumbnails>,
    pub(crate) evidence: RefCell<crate::evidence::Evidence>,
    /// The mark whose chart is open.
    pub(crate) chart_of: Option<case::AnnotationId>,
    pub(crate) kept_chart: RefCell<crate::chart::KeptChart>,
    pub(crate) kept_bodies: RefCell<crate::sections::KeptBodies>,
    /// Bodies that are drawn and not counted yet.
    pub(crate) counted_bodies: Vec<crate::bodies::CountedBody>,
    /// The attributes that are looked at.
    pub(crate) looked_up: Option<crate::look_up::Asked>,
    pub(crate) n_looked_up: u64,
    pub(crate) display: crate::display::DisplayJournal,
}

/// Small pictures of findings with the evidence they were made from.
pub(crate) type Thumbnails = HashMap<FindingId, ((case::Shown, Option<usize>), Arc<ColourImage>)>;

/// When the last change was written, or why it was not.
pub(crate) enum SavedState {
    Nothing,
    At(Instant),
    Failed(String),
}

impl Session {
    /// Opens the store and starts with the worklist.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn open(options: SessionOptions) -> Result<Self, SessionError> {
        let SessionOptions {
            store_dir,
            actor,
            clock,
            trace,
            pictures,
        } = options;
        let own_folder = store_dir.clone();
        let store = store::SqliteStore::open(&store_dir)?;
        let waker: Waker = Arc::new(|| {});
        let mut session = Self {
            store: Box::new(store),
            actor,
            clock,
            running: crate::certifying::Running::new(),
            jobs: Jobs::new(waker.clone(), JobResult::of_panic),
            pictures: PictureMaker::new(waker),
            pictures_by: pictures,
            budget: VoxelBudget::new(memory_limit().limit_bytes),
            library: Library::default(),
            room: Room::new(),
            open: None,
            tabs: Vec::new(),
            screen: Screen::Worklist,
            worklist: None,
            changed_rows: BTreeMap::new(),
            list: crate::listing::ListOnScreen::default(),
            open_rows: BTreeMap::new(),
            preview: None,
            coverage: CoverageTracker::default(),
            coverage_dirty: false,
            selected_finding: None,
            selected_pair: None,
            last_draw: None,
            programme: Arc::default(),
            dictated: None,
            third_room: crate::third_room::ThirdRoom::default(),
            path: None,
            path_given_up: None,
            replay: None,
            notices: Vec::new(),
            next_notice: 1,
            saved: SavedState::Nothing,
            question: String::new(),
            protocol: Protocol::default(),
            protocol_choices: Arc::default(),
            roster: Roster::default(),
            report_waits: None,
            access: FileAccess::default(),
            waits_for_password: None,
            watch: FolderWatch::new(),
            scan_began: SystemTime::now(),
            named_at: None,
            waits_for_first_image: false,
            holds_back_until: None,
            trace: Trace::new(trace),
            snapshot: None,
            window_presets: Arc::default(),
            histogram_is_open: false,
            kept_histogram: RefCell::default(),
            thumbnails: RefCell::default(),
            evidence: RefCell::default(),
            chart_of: None,
            kept_chart: RefCell::default(),
            looked_up: None,
            n_looked_up: 0,
            display: crate::display::DisplayJournal::default(),
            hangings: Hangings::default(),
            own_folder,
            own_windows: crate::own_windows::OwnWindows::default(),
            checklists: Vec::new(),
            hands: Hands::house(),
            kept_bodies: RefCell::default(),
            counted_bodies: Vec::new(),
        };
        session.read_roster()?;
        session.programme = session.programme_snapshot();
        session.read_hangings()?;
        session.read_own_files();
        session.read_own_windows()?;
        session.protocol = session.protocol_of_id(DEFAULT_PROTOCOL)?;
        session.read_protocol_choices();
        session.read_bindings()?;
        session.read_display()?;
        session.read_window_presets()?;
        session.read_saved_views();
        Ok(session)
    }

    /// Says whom to wake when something happened in the background.
    pub fn set_waker(&mut self, waker: impl Fn() + Send + Sync + 'static) {
        let waker: Waker = Arc::new(waker);
        self.jobs.set_waker(waker.clone());
        self.watch.set_waker(waker.clone());
        self.pictures.set_waker(waker);
    }

    /// With what studies are read from now on. Without this nothing is kept and no password is known.
    pub fn set_file_access(&mut self, access: FileAccess) {
        self.access = access;
    }

    /// Who computes the pictures from now on.
    pub fn set_pictures_by(&mut self, by: PicturesBy) {
        self.pictures_by = by;
        self.touch();
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Sets how many bytes the voxels of everything that is open may take, for volumes that are opened from now on.
    pub fn set_memory_limit(&mut self, limit_bytes: u64) {
        self.budget.set_limit_bytes(limit_bytes);
    }

    /// Bytes of voxels in memory, and how many there may be.
    pub fn memory_use(&self) -> [u64; 2] {
        [self.budget.used_bytes(), self.budget.limit_bytes()]
    }

    /// Does what is asked; what cannot be done becomes a notice in the snapshot, and the error comes back as well.
    ///
    /// # Errors
    /// When it was refused or failed; nothing changed then.
    pub fn dispatch(&mut self, command: Command) -> Result<(), SessionError> {
        let result = self.apply(command);
        if let Err(error) = &result {
            self.notify(NoticeKind::Refused, error.code(), &error.to_string(), "");
        }
        self.follow_looks();
        self.follow_graphics();
        self.touch();
        result
    }

    fn apply(&mut self, command: Command) -> Result<(), SessionError> {
        self.make_way(&command)?;
        match command {
            Command::OpenPaths(paths) => self.open_paths(paths, None),
            Command::OpenAgain => self.open_again(),
            Command::GivePassword(password) => self.give_password(password),
            Command::OpenCase(id) => self.open_case(&id),
            Command::AttachReport(path) => self.attach_report_file(&path, None),
            Command::SetQuestion(text) => {
                self.question = text;
                Ok(())
            }
            Command::Show(screen) => {
                self.show(screen);
                Ok(())
            }
            Command::CloseTab(id) => self.close_tab(&id),
            Command::SelectCase(id) => self.select_case(id),
            Command::List(command) => self.apply_list(command),
            Command::SetActor(actor) => {
                self.put_coverage_on_record()?;
                self.actor = actor;
                // What was shown to somebody else is not for whoever acts now.
                self.preview = None;
                self.last_draw = None;
                self.dictated = None;
                self.selected_pair = None;
                if let Some(open) = &mut self.open {
                    open.look_as(&self.actor);
                    // What somebody else looked at and chose is not theirs.
                    self.coverage = CoverageTracker::resume(&open.seen().read().coverage);
                    self.coverage_dirty = false;
                    self.selected_finding = None;
                }
                self.read_bindings()?;
                self.programme = self.programme_snapshot();
                self.forget_list();
                self.read_saved_views();
                self.refresh_worklist()
            }
            Command::UseBindings(name) => self.use_bindings(&name),
            Command::InvertLevel => self.invert_level(),
            Command::Bind(command) => self.apply_bind(command),
            Command::DismissNotice(id) => {
                self.notices.retain(|n| n.id != id);
                Ok(())
            }
            Command::CancelJob(id) => {
                if self.jobs.is_of(id, crate::loading::TITLE_KEY)
                    && let Some(agenda) = &self.library.agenda
                {
                    agenda.stop_at_looks();
                }
                self.jobs.cancel(id);
                self.give_up_body(id);
                Ok(())
            }
            // What is not on record yet goes first.
            Command::Undo if self.give_up_last_body() => Ok(()),
            Command::Undo => self.record(case::Command::Undo),
            Command::Redo => self.record(case::Command::Redo),
            Command::View(command) => self.apply_view(command),
            Command::Read(command) => self.apply_read(command),
            Command::Compare(command) => self.apply_compare(command),
            Command::Third(command) => self.apply_third(command),
            Command::Replay(command) => self.apply_replay(command),
            Command::Critical(command) => self.record(case::Command::Critical(command)),
            Command::Learn(command) => self.record(case::Command::Learning(command)),
            Command::ChooseProtocol(id) => {
                self.protocol = self.protocol_of_id(&id)?;
                Ok(())
            }
            Command::Programme(command) => self.apply_programme(command),
            Command::LookUp(command) => self.apply_look_up(command),
            Command::Display(command) => self.apply_display(command),
        }
    }

    fn show(&mut self, screen: Screen) {
        let compare_without_reads =
            screen == Screen::Compare && self.case().is_none_or(|c| c.comparison().is_none());
        if !compare_without_reads {
            self.screen = screen;
        }
    }

    /// Takes what the background has finished; `true` when something changed.
    pub fn poll(&mut self) -> bool {
        let mut changed = self.library.take_progress();
        while let Some((id, result)) = self.jobs.try_next() {
            changed = true;
            self.take_result(id, result);
        }
        if let Some(news) = self.watch.take_news() {
            changed = true;
            self.tell_folder_news(&news);
        }
        self.follow_looks();
        self.follow_graphics();
        self.follow_bodies();
        if changed {
            self.touch();
        }
        changed
    }

    /// Is nothing running in the background, no picture being made?
    pub fn is_idle(&self) -> bool {
        self.jobs.is_idle() && self.pictures.is_idle()
    }

    /// Runs until nothing is left to do in the background, for callers without a window.
    ///
    /// # Errors
    /// When it takes longer than `limit`.
    pub fn run_until_idle(&mut self, limit: Duration) -> Result<(), SessionError> {
        let start = Instant::now();
        loop {
            self.poll();
            if self.jobs.is_idle() {
                return Ok(());
            }
            if limit < start.elapsed() {
                return Err(SessionError::Usage(
                    "the work did not end in the time allowed; try again with less data".into(),
                ));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Puts a message on the screen; the oldest goes when there are more than eight.
    pub(crate) fn notify(&mut self, kind: NoticeKind, code: &str, text: &str, hint: &str) {
        const MAX_NOTICES: usize = 8;
        let id = NoticeId(self.next_notice);
        self.next_notice += 1;
        self.notices.retain(|n| n.code != code || n.text != text);
        self.notices.push(Notice {
            id,
            kind,
            code: code.into(),
            text: text.into(),
            hint: hint.into(),
            action: None,
        });
        if MAX_NOTICES < self.notices.len() {
            self.notices.remove(0);
        }
    }

    pub(crate) fn touch(&mut self) {
        self.snapshot = None;
    }

    /// Does a command of the record that has no button of its own.
    ///
    /// # Errors
    /// When the case refuses it or the store fails.
    pub fn case_command(&mut self, command: case::Command) -> Result<(), SessionError> {
        self.record(command)
    }

    /// What is not met before the seal, a sentence each.
    pub fn unmet_checks(&self) -> Vec<String> {
        let checks = self
            .case()
            .map(|c| c.checks_before_seal(&self.required_series()));
        checks
            .into_iter()
            .flatten()
            .filter(|c| !c.met)
            .map(|c| c.text)
            .collect()
    }

    /// Volumes of the open case that its read should go through: image series with more than one slice, scouts left out.
    pub(crate) fn reading_keys(&self) -> Vec<VolumeKey> {
        self.library.reading_keys()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.jobs.cancel_all();
        // What was seen goes on record as well as it can; there is no screen left to say that it could not.
        let _ = self.put_coverage_on_record();
        self.trace.flush();
    }
}
