//! The desktop's own dialog for files, asked on a thread of its own so that no frame waits for it.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use egui::Context;
use rfd::FileDialog;
use ui_kit::t;

/// A desktop without a dialog says no at once; a person does not.
const TOO_QUICK_FOR_A_PERSON: Duration = Duration::from_millis(600);
/// How often the thread is looked at while its dialog is open.
const LOOK_EVERY: Duration = Duration::from_millis(120);

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A folder of images to open.
    Folder,
    /// An archive of images to open.
    Archive,
    /// A first report to attach.
    Report,
    /// Where exports go.
    ExportFolder,
    /// A profile of keys and mouse to read.
    ImportBindings,
    /// Where the profile of keys and mouse is written.
    ExportBindings,
}

/// What the desktop's dialog said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// This path.
    Path(PathBuf),
    /// The person closed it.
    Cancelled,
    /// This desktop has none.
    Missing,
}

/// The dialog that is open, if one is. One at a time.
#[derive(Default)]
pub(super) struct Picker {
    running: Option<Running>,
}

struct Running {
    purpose: Purpose,
    started: Instant,
    answer: Receiver<Option<PathBuf>>,
}

impl Picker {
    /// Opens the desktop's dialog, unless one is open.
    pub(super) fn ask(&mut self, purpose: Purpose) {
        if self.running.is_some() {
            return;
        }
        let (sender, answer) = channel();
        let thread = std::thread::Builder::new().name("file dialog".into());
        let spawned = thread.spawn(move || {
            // The window may be gone by the time of the answer; then nobody wants it.
            drop(sender.send(pick(purpose)));
        });
        if spawned.is_ok() {
            self.running = Some(Running {
                purpose,
                started: Instant::now(),
                answer,
            });
        }
    }

    /// Is a dialog open?
    pub(super) fn is_open(&self) -> bool {
        self.running.is_some()
    }

    /// What the dialog said, once it did.
    pub(super) fn poll(&mut self, ctx: &Context) -> Option<(Purpose, Answer)> {
        let running = self.running.as_ref()?;
        let purpose = running.purpose;
        let answer = match running.answer.try_recv() {
            Ok(Some(path)) => Answer::Path(path),
            Ok(None) => silence(running.started.elapsed()),
            Err(TryRecvError::Disconnected) => Answer::Missing,
            Err(TryRecvError::Empty) => {
                ctx.request_repaint_after(LOOK_EVERY);
                return None;
            }
        };
        self.running = None;
        Some((purpose, answer))
    }
}

/// What no path means after so long.
fn silence(open_for: Duration) -> Answer {
    if open_for < TOO_QUICK_FOR_A_PERSON {
        Answer::Missing
    } else {
        Answer::Cancelled
    }
}

fn pick(purpose: Purpose) -> Option<PathBuf> {
    let dialog = FileDialog::new();
    match purpose {
        Purpose::Folder => dialog.set_title(t("open.folder.title")).pick_folder(),
        Purpose::ExportFolder => dialog.set_title(t("export.where")).pick_folder(),
        Purpose::Archive => dialog
            .set_title(t("open.archive.title"))
            .add_filter(
                t("open.archive.filter"),
                &["zip", "ZIP", "tar", "tgz", "gz", "iso", "ISO"],
            )
            .pick_file(),
        Purpose::Report => dialog.set_title(t("import.attach")).pick_file(),
        Purpose::ImportBindings => dialog
            .set_title(t("hands.import_title"))
            .add_filter(t("hands.file"), &["toml"])
            .pick_file(),
        Purpose::ExportBindings => dialog
            .set_title(t("hands.export_title"))
            .add_filter(t("hands.file"), &["toml"])
            .set_file_name("overread-keys.toml")
            .save_file(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_at_once_is_the_desktop_and_a_late_one_is_the_person() {
        assert_eq!(silence(Duration::from_millis(20)), Answer::Missing);
        assert_eq!(silence(Duration::from_secs(3)), Answer::Cancelled);
    }

    #[test]
    fn the_path_that_was_picked_arrives_with_its_purpose() {
        let (sender, answer) = channel();
        let running = Running {
            purpose: Purpose::Report,
            started: Instant::now(),
            answer,
        };
        let mut picker = Picker {
            running: Some(running),
        };
        let ctx = Context::default();
        assert_eq!(picker.poll(&ctx), None);
        sender
            .send(Some("report.dcm".into()))
            .expect("the picker listens");
        assert_eq!(
            picker.poll(&ctx),
            Some((Purpose::Report, Answer::Path("report.dcm".into())))
        );
        assert!(!picker.is_open());
    }
}
