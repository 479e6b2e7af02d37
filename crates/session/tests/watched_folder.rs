//! A folder that is filled, changed or taken away under a read: told, never shown by itself, and never taken for damage.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use phantom::raw::{RawFile, SeriesSpec};
use session::{
    Actor, Command, InputSeen, Notice, NoticeAction, NoticeKind, PicturesAre, PicturesBy,
    ReadCommand, Seen, Session, SessionOptions, ViewCommand, ViewIdx, system_clock,
};

const LIMIT: Duration = Duration::from_secs(60);
const FIRST: ViewIdx = ViewIdx(0);
const N_SLICES: usize = 12;

fn spec(name: &str) -> SeriesSpec {
    let mut spec = SeriesSpec::ct(name, 32, 24, N_SLICES);
    spec.slice_step_mm = [0.0, 0.0, 3.0];
    spec.slice_thickness_mm = Some(3.0);
    spec.slice_positions = Vec::new();
    spec
}

/// A folder with some slices of a series in it, and the session that has it open.
struct Desk {
    session: Session,
    files: Vec<RawFile>,
    dir: tempfile::TempDir,
}

fn desk(slices: impl IntoIterator<Item = usize>) -> Desk {
    let files = spec("watched").files(|v| v.slice_idx as i64);
    let dir = tempfile::tempdir().unwrap();
    let images = dir.path().join("images");
    std::fs::create_dir(&images).unwrap();
    for idx in slices {
        std::fs::write(images.join(&files[idx].name), &files[idx].bytes).unwrap();
    }
    let session = session_on(dir.path(), &images);
    Desk {
        session,
        files,
        dir,
    }
}

fn session_on(dir: &Path, images: &Path) -> Session {
    let mut session = Session::open(SessionOptions {
        store_dir: dir.join("store"),
        actor: Actor::new("reader"),
        clock: system_clock(),
        trace: None,
        pictures: PicturesBy::Session,
    })
    .unwrap();
    let open = Command::OpenPaths(vec![images.to_path_buf()]);
    session.dispatch(open).unwrap();
    session.run_until_idle(LIMIT).unwrap();
    session
}

impl Desk {
    fn images(&self) -> PathBuf {
        self.dir.path().join("images")
    }

    fn path_of(&self, slice_idx: usize) -> PathBuf {
        self.images().join(&self.files[slice_idx].name)
    }

    fn put(&self, slice_idx: usize) {
        std::fs::write(self.path_of(slice_idx), &self.files[slice_idx].bytes).unwrap();
    }

    /// So many looks, and what the reader is told then.
    fn told_after(&mut self, n_looks: usize) -> Option<Notice> {
        for _ in 0..n_looks {
            self.session.look_at_folders();
        }
        self.notice("folder_changed")
    }

    fn notice(&mut self, code: &str) -> Option<Notice> {
        let snapshot = self.session.snapshot();
        snapshot.notices.iter().find(|n| n.code == code).cloned()
    }

    fn dispatch(&mut self, command: Command) {
        self.session.dispatch(command).unwrap();
        self.session.run_until_idle(LIMIT).unwrap();
    }

    fn n_slices(&mut self) -> usize {
        self.session.snapshot().rail[0].n_slices
    }

    fn completeness(&self, code: &str) -> Vec<String> {
        let items = self.session.case().unwrap().completeness().iter();
        items
            .filter(|i| i.code == code)
            .map(|i| i.text.clone())
            .collect()
    }

    fn n_entries(&self) -> u64 {
        self.session.case().unwrap().n_entries()
    }
}

#[test]
fn images_that_came_are_told_and_open_only_when_asked() {
    let mut desk = desk(0..8);
    assert_eq!(desk.told_after(3), None, "nothing happened yet");
    (8..N_SLICES).for_each(|idx| desk.put(idx));
    assert_eq!(desk.told_after(1), None, "they may still be written");
    let told = desk.told_after(1).unwrap();
    assert_eq!(told.text, "In the folder of this study: 4 new images.");
    assert_eq!(told.kind, NoticeKind::Info);
    assert_eq!(told.action, Some(NoticeAction::OpenAgain));
    assert_eq!(desk.n_slices(), 8, "what is open stays as it is");
    let again = desk.told_after(2).unwrap();
    assert_eq!(again.id, told.id, "said once");
    desk.dispatch(Command::OpenAgain);
    assert_eq!(desk.n_slices(), N_SLICES);
    assert_eq!(desk.told_after(3), None);
    let case = desk.session.case().unwrap();
    assert_eq!(case.study().unwrap().manifest.len(), N_SLICES);
    assert_eq!(case.study().unwrap().n_images, N_SLICES);
    assert_eq!(case.additions().len(), 1);
    assert_eq!(desk.completeness("images_added").len(), 1);
    assert_eq!(desk.completeness("slices"), ["12 of 12 slices present"]);
}

#[test]
fn what_the_reader_did_stays_when_the_study_is_opened_again() {
    let mut desk = desk((0..N_SLICES).filter(|idx| *idx != 0 && *idx != 11));
    let layout = ViewCommand::SetLayout(session::LayoutKind::One);
    desk.dispatch(Command::View(layout));
    desk.dispatch(Command::Read(ReadCommand::Start));
    desk.dispatch(Command::View(ViewCommand::Resize(FIRST, [512, 512])));
    desk.dispatch(Command::View(ViewCommand::GoToSlice(FIRST, 3)));
    desk.dispatch(Command::View(ViewCommand::Tick {
        elapsed_ms: 400,
        input: InputSeen::Yes,
        pictures: PicturesAre::InSight,
    }));
    desk.dispatch(Command::Read(ReadCommand::NewFindingHere));
    let before = desk.session.snapshot();
    let seen = |desk: &mut Desk, idx: usize| {
        desk.session.snapshot().views[0].coverage.lanes[0].1[idx] == Seen::Yes
    };
    let key_image = |desk: &Desk| {
        let findings = &desk.session.case().unwrap().read().findings;
        findings[0].key_image.clone().unwrap()
    };
    let shown_before = key_image(&desk);
    assert!(seen(&mut desk, 3));
    desk.put(0);
    desk.put(11);
    desk.told_after(2).unwrap();
    desk.dispatch(Command::OpenAgain);
    let after = desk.session.snapshot();
    assert_eq!(after.views.len(), before.views.len());
    desk.dispatch(Command::Read(ReadCommand::TakeKeyImage));
    assert_eq!(
        key_image(&desk),
        shown_before,
        "the same image is on the screen"
    );
    assert_eq!(after.views[0].slice, [4, N_SLICES]);
    assert!(seen(&mut desk, 4), "what was seen moved with its slice");
    assert!(!seen(&mut desk, 3) && !seen(&mut desk, 0) && !seen(&mut desk, 11));
    assert_eq!(after.selected_finding, before.selected_finding);
    assert_eq!(desk.session.case().unwrap().read().findings.len(), 1);
    let stage = desk.session.case().unwrap().stage();
    assert_eq!(stage, session::Stage::Reading);
}

#[test]
fn a_file_that_is_still_written_is_not_damage() {
    let mut desk = desk(0..11);
    let warned = desk.session.snapshot().notices.len();
    let whole = desk.files[11].bytes.clone();
    std::fs::write(desk.path_of(11), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(desk.told_after(4), None, "half a file is not told of");
    assert_eq!(desk.session.snapshot().notices.len(), warned);
    std::fs::write(desk.path_of(11), &whole).unwrap();
    let told = desk.told_after(2).unwrap();
    assert_eq!(told.text, "In the folder of this study: 1 new image.");
}

#[test]
fn half_a_file_that_nobody_writes_any_more_is_told_as_such() {
    let mut desk = desk(0..11);
    let whole = desk.files[11].bytes.clone();
    std::fs::write(desk.path_of(11), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(desk.told_after(15), None);
    let told = desk.told_after(1).unwrap();
    let words = "In the folder of this study: 1 image that is cut off.";
    assert_eq!(told.text, words);
    desk.put(11);
    let told = desk.told_after(2).unwrap();
    assert_eq!(told.text, "In the folder of this study: 1 new image.");
}

#[test]
fn files_that_keep_coming_are_told_as_arriving() {
    let mut desk = desk(0..8);
    desk.put(8);
    desk.told_after(1);
    desk.put(9);
    let told = desk.told_after(1).unwrap();
    assert_eq!(told.text, "In the folder of this study: 1 new image.");
    assert!(told.hint.starts_with("More is arriving."), "{}", told.hint);
    let told = desk.told_after(1).unwrap();
    assert_eq!(told.text, "In the folder of this study: 2 new images.");
    assert!(!told.hint.contains("arriving"), "{}", told.hint);
}

#[test]
fn each_kind_of_news_has_its_words() {
    type Change = fn(&Desk);
    let rows: [(&str, Change, Option<&str>); 7] = [
        (
            "a text",
            |d| std::fs::write(d.images().join("notes.txt"), "hello").unwrap(),
            None,
        ),
        (
            "a changed image",
            |d| {
                let file = std::fs::File::options()
                    .append(true)
                    .open(d.path_of(3))
                    .unwrap();
                let later = SystemTime::now() + Duration::from_secs(10);
                file.set_modified(later).unwrap();
            },
            Some("1 changed file"),
        ),
        (
            "images that went",
            |d| {
                std::fs::remove_file(d.path_of(2)).unwrap();
                std::fs::remove_file(d.path_of(3)).unwrap();
            },
            Some("2 files that are gone"),
        ),
        (
            "a further copy of an image",
            |d| {
                std::fs::copy(d.path_of(1), d.images().join("copy.dcm")).unwrap();
            },
            Some("1 further file"),
        ),
        (
            "an image of another study",
            |d| {
                let other = &spec("another").files(|_| 0)[0];
                std::fs::write(d.images().join("other.dcm"), &other.bytes).unwrap();
            },
            Some("1 image of another study"),
        ),
        (
            "an image in a folder that is new",
            |d| {
                let folder = d.images().join("more").join("yet");
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(folder.join("a"), &d.files[11].bytes).unwrap();
            },
            Some("1 new image"),
        ),
        (
            "an image that moved",
            |d| std::fs::rename(d.path_of(1), d.images().join("moved.dcm")).unwrap(),
            Some("1 further file and 1 file that is gone"),
        ),
    ];
    for (name, change, words) in rows {
        let mut desk = desk(0..8);
        desk.told_after(1);
        change(&desk);
        let told = desk.told_after(2).map(|n| n.text);
        let expected = words.map(|w| format!("In the folder of this study: {w}."));
        assert_eq!(told, expected, "{name}");
        assert_eq!(desk.n_slices(), 8, "{name}");
    }
}

#[test]
fn a_folder_out_of_reach_leaves_the_screen_as_it_is() {
    let mut desk = desk(0..8);
    let away = desk.dir.path().join("away");
    std::fs::rename(desk.images(), &away).unwrap();
    let told = desk.told_after(1).unwrap();
    assert_eq!(
        told.text,
        "The folder of this study can no longer be reached."
    );
    assert_eq!((told.kind, told.action), (NoticeKind::Warning, None));
    desk.session.dispatch(Command::OpenAgain).unwrap();
    desk.session.run_until_idle(LIMIT).unwrap();
    assert_eq!(desk.n_slices(), 8);
    assert!(desk.session.case().is_some());
    std::fs::rename(&away, desk.images()).unwrap();
    desk.dispatch(Command::OpenAgain);
    assert_eq!(desk.told_after(2), None);
    assert_eq!(desk.n_slices(), 8);
}

#[test]
fn a_sealed_read_stays_as_it_is() {
    let mut desk = desk(0..8);
    desk.dispatch(Command::Read(ReadCommand::WriteImpression("Clear.".into())));
    desk.dispatch(Command::Read(ReadCommand::Seal));
    let n_entries = desk.n_entries();
    desk.put(8);
    desk.told_after(2).unwrap();
    desk.dispatch(Command::OpenAgain);
    assert_eq!(desk.n_slices(), 9);
    assert_eq!(desk.n_entries(), n_entries);
    let told = desk.notice("images_added").unwrap();
    assert_eq!(told.kind, NoticeKind::Warning);
    assert!(told.hint.contains("made without them"), "{}", told.hint);
}

#[test]
fn images_that_are_missing_elsewhere_go_on_record_until_they_are_back() {
    let mut desk = desk(0..N_SLICES);
    assert_eq!(desk.completeness("slices"), ["12 of 12 slices present"]);
    let copy = desk.dir.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    for file in &desk.files[..9] {
        std::fs::write(copy.join(&file.name), &file.bytes).unwrap();
    }
    desk.dispatch(Command::OpenPaths(vec![copy]));
    assert_eq!(desk.completeness("slices"), ["9 of 9 slices present"]);
    let gone = desk.completeness("images_gone");
    assert_eq!(gone, ["3 images are gone since this case was begun"]);
    let n_entries = desk.n_entries();
    desk.dispatch(Command::OpenPaths(vec![desk.images()]));
    assert_eq!(desk.completeness("images_gone"), Vec::<String>::new());
    assert_eq!(desk.completeness("slices"), ["12 of 12 slices present"]);
    assert_eq!(desk.n_entries(), n_entries + 1);
    let at_first = desk.n_entries();
    desk.dispatch(Command::OpenPaths(vec![desk.images()]));
    assert_eq!(
        desk.n_entries(),
        at_first,
        "nothing differs, nothing is recorded"
    );
}

#[test]
fn what_was_seen_of_slices_that_are_not_known_any_more_counts_as_not_seen() {
    let mut desk = desk(0..8);
    desk.dispatch(Command::Read(ReadCommand::Start));
    desk.dispatch(Command::View(ViewCommand::Resize(FIRST, [512, 512])));
    desk.dispatch(Command::View(ViewCommand::Tick {
        elapsed_ms: 400,
        input: InputSeen::Yes,
        pictures: PicturesAre::InSight,
    }));
    assert!(0 < desk.session.snapshot().rail[0].viewed_percent);
    let images = desk.images();
    desk.put(8);
    let Desk {
        session,
        dir,
        files,
    } = desk;
    drop(session);
    let session = session_on(dir.path(), &images);
    let mut desk = Desk {
        session,
        files,
        dir,
    };
    assert_eq!(desk.session.snapshot().rail[0].viewed_percent, 0);
    assert!(desk.notice("coverage_forgotten").is_some());
}
