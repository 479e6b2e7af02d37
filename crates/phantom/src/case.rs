//! A whole case: two studies, a first report on the later one, and the truth about both.

use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;

use crate::account::{self, Facts};
use crate::anatomy::{Body, Sex};
use crate::commands::{COMMANDS_FILE, second_read_commands};
use crate::patient::Patient;
use crate::pdf;
use crate::planting::Plan;
use crate::random::Random;
use crate::scan::{Placing, Scan};
use crate::sr::{self, KeyImage};
use crate::study::Study;
use crate::truth::Truth;
use crate::words::{self, Report};

/// Ends of each vessel tree; the same for all resolutions, so that the truth does not depend on them.
const N_LEAVES: usize = 1300;

/// How large the images of a case are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows and columns.
    pub matrix: usize,
    /// Slices of the current study; the earlier one has half as many.
    pub n_slices: usize,
}

impl Default for Options {
    /// 240 slices of 512 × 512, 1.25 mm apart.
    fn default() -> Self {
        Self {
            matrix: 512,
            n_slices: 240,
        }
    }
}

impl Options {
    /// 40 slices of 64 × 64: the same case, coarse, for tests.
    pub fn small() -> Self {
        Self {
            matrix: 64,
            n_slices: 40,
        }
    }
}

/// Why a case could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum PhantomError {
    /// Sizes out of range.
    #[error(
        "matrix {matrix} or {n_slices} slices is out of range: choose a matrix of 16 to 1024 and 8 to 2000 slices"
    )]
    SizeOutOfRange {
        /// Rows and columns asked for.
        matrix: usize,
        /// Slices asked for.
        n_slices: usize,
    },
    /// The folder for a case holds something else.
    #[error("the folder is not empty and holds no synthetic case: name an empty or new one: {}", .0.display())]
    FolderInUse(PathBuf),
    /// The PDF could not be laid out.
    #[error("the report could not be written as PDF: check the font in assets/fonts")]
    Pdf,
    /// The file system refused.
    #[error("the case could not be written: {0}; check space and rights of the folder")]
    Io(#[from] io::Error),
    /// The truth could not be written as JSON.
    #[error("the truth could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// A generated case in memory.
#[derive(Clone, Debug)]
pub struct Case {
    /// Seed that it was made from.
    pub seed: u64,
    /// The patient of both studies.
    pub patient: Patient,
    /// The study to be read: a localizer and an axial series.
    pub current: Study,
    /// The study of two years earlier: an axial series.
    pub prior: Study,
    /// The first report, in words.
    pub report: Report,
    /// The first report as a structured report.
    pub report_sr: Vec<u8>,
    /// The first report as PDF.
    pub report_pdf: Vec<u8>,
    /// What is really there.
    pub truth: Truth,
}

impl Case {
    /// Makes the case of `seed`: same seed and options, same bytes.
    ///
    /// # Errors
    /// [`PhantomError::SizeOutOfRange`] for options that no image can have, [`PhantomError::Pdf`] for a broken font.
    pub fn generate(seed: u64, options: &Options) -> Result<Self, PhantomError> {
        let Options { matrix, n_slices } = *options;
        if !(16..=1024).contains(&matrix) || !(8..=2000).contains(&n_slices) {
            return Err(PhantomError::SizeOutOfRange { matrix, n_slices });
        }
        let patient = Patient::of_seed(seed);
        let mut random = Random::new(seed, 5);
        let sex = if patient.sex == "F" {
            Sex::Female
        } else {
            Sex::Male
        };
        let scale = match sex {
            Sex::Female => random.between(0.92, 0.98),
            Sex::Male => random.between(0.98, 1.04),
        };
        let plan = Plan::new(seed);
        let body = Body::new(seed, sex, plan.rib_break, N_LEAVES);
        // The break of the rib is of late: the earlier study shows the bone whole.
        let earlier_body = plan.rib_break.map(|_| body.with_whole_ribs());
        let findings = plan.place(&body, scale);
        let (date, prior_date) = dates(&mut random);
        let placings = [(); 2].map(|()| Placing::by_chance(scale, &mut random));
        let current = Scan {
            seed,
            name: "current",
            body: &body,
            placing: placings[0],
            findings: &findings,
            date: &date,
        };
        let prior_body = earlier_body.as_ref().unwrap_or(&body);
        let prior = Scan {
            seed,
            name: "prior",
            body: prior_body,
            placing: placings[1],
            findings: &findings,
            date: &prior_date,
        };
        let current = current.study(matrix, n_slices);
        let prior = prior.study(matrix, n_slices / 2);
        let report = words::write(seed, &findings, &date, &prior_date);
        let truth = account::truth(&Facts {
            seed,
            patient: &patient,
            current: &current,
            prior: &prior,
            findings: &findings,
            report: &report,
            placing: placings[0],
        });
        let key_images = key_images(&truth);
        let report_sr = sr::file(&report, &current, &patient, &key_images);
        let report_pdf = pdf::file(&report, &current, &patient).ok_or(PhantomError::Pdf)?;
        Ok(Self {
            seed,
            patient,
            current,
            prior,
            report,
            report_sr,
            report_pdf,
            truth,
        })
    }

    /// Writes `current/`, `prior/`, `first-report/`, `second-read.jsonl` and `truth.json` into `dir`, which is made when it is not there.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write(&self, dir: &Path) -> Result<(), PhantomError> {
        for (name, study) in [("current", &self.current), ("prior", &self.prior)] {
            for series in &study.series {
                let folder = dir.join(name).join(series.folder);
                fs::create_dir_all(&folder)?;
                (0..series.slices.len())
                    .into_par_iter()
                    .try_for_each(|slice_idx| {
                        let bytes = series
                            .file_bytes(slice_idx, study, &self.patient)
                            .unwrap_or_default();
                        fs::write(folder.join(format!("IM{:05}.dcm", slice_idx + 1)), bytes)
                    })?;
            }
        }
        let folder = dir.join("first-report");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("report.dcm"), &self.report_sr)?;
        fs::write(folder.join("report.txt"), self.report.plain_text())?;
        fs::write(folder.join("report.pdf"), &self.report_pdf)?;
        fs::write(
            dir.join(COMMANDS_FILE),
            second_read_commands(&self.truth, "Second opinion before the tumour board."),
        )?;
        fs::write(
            dir.join("truth.json"),
            serde_json::to_string_pretty(&self.truth)? + "\n",
        )?;
        Ok(())
    }
}

/// The images that the first reader refers to: those of the lesion that the report measures.
fn key_images(truth: &Truth) -> Vec<KeyImage> {
    let is_measured = |id: &str| {
        truth
            .findings
            .iter()
            .any(|finding| finding.id == id && finding.first_report == "wrong_size")
    };
    let measured = truth
        .second_read
        .iter()
        .filter(|read| is_measured(&read.finding_id));
    measured
        .map(|read| KeyImage {
            finding_id: read.finding_id.clone(),
            series_uid: read.series_uid.clone(),
            sop_uid: read.key_sop_uid.clone(),
        })
        .collect()
}

fn dates(random: &mut Random) -> (String, String) {
    let mut date = |year: i32| {
        format!(
            "{year}{:02}{:02}",
            1 + random.index(9),
            1 + random.index(28)
        )
    };
    (date(2026), date(2024))
}
