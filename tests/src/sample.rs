use std::path::PathBuf;
use std::sync::Mutex;

use phantom::{Options, Truth};

/// A small synthetic case on the disk, made once for all tests of a build.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its folder.
    pub dir: PathBuf,
    /// What is really there.
    pub truth: Truth,
}

/// How the first report lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    /// Plain text, named with `--report`.
    Text,
    /// A structured report, named with `--report`.
    Sr,
    /// A PDF, named with `--report`.
    Pdf,
    /// A structured report that is found among the files of the study.
    InStudy,
}

impl ReportForm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Sr, Self::Pdf, Self::InStudy];
}

impl Sample {
    /// The study that is read.
    pub fn current(&self) -> PathBuf {
        self.dir.join("current")
    }

    /// The earlier study.
    pub fn prior(&self) -> PathBuf {
        self.dir.join("prior")
    }

    /// The file of the first report.
    pub fn report(&self, form: ReportForm) -> PathBuf {
        self.dir.join("first-report").join(match form {
            ReportForm::Text => "report.txt",
            ReportForm::Pdf => "report.pdf",
            ReportForm::Sr | ReportForm::InStudy => "report.dcm",
        })
    }

    /// The words of the first report.
    pub fn report_text(&self) -> String {
        std::fs::read_to_string(self.report(ReportForm::Text)).unwrap()
    }

    /// Begins a case on it.
    pub fn create(&self, by: &crate::Reader, form: ReportForm, question: &str) -> String {
        let (current, prior, report) = (self.current(), self.prior(), self.report(form));
        match form {
            ReportForm::InStudy => by.create(&[&current, &prior, &report], None, question),
            _ => by.create(&[&current, &prior], Some(&report), question),
        }
    }
}

/// The small case of a seed: 40 slices of 64 × 64.
pub fn sample(seed: u64) -> Sample {
    static MAKING: Mutex<()> = Mutex::new(());
    let built = std::env::current_exe().unwrap();
    let place = built.ancestors().nth(2).unwrap().join("acceptance-samples");
    let dir = {
        let _one_at_a_time = MAKING.lock().unwrap_or_else(|e| e.into_inner());
        phantom::ensure(&place, seed, &Options::small()).unwrap()
    };
    let truth = std::fs::read_to_string(dir.join("truth.json")).unwrap();
    Sample {
        truth: serde_json::from_str(&truth).unwrap(),
        dir,
    }
}
