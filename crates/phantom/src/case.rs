//! A whole case: two studies, a first report on the later one, and the truth about both.

use std::path::Path;
use std::{fs, io};

use rayon::prelude::*;

use crate::anatomy::canvas::{Grid, Part};
use crate::anatomy::{Body, Sex};
use crate::findings::{Finding, Kind, Plan, Role};
use crate::patient::Patient;
use crate::random::Random;
use crate::sr::{self, KeyImage};
use crate::study::{Series, SeriesKind, Slice, Study};
use crate::truth::{ReadFinding, TRUTH_SCHEMA, TrueFinding, Truth};
use crate::uid::uid_of;
use crate::words::{self, Report};
use crate::{anatomy, pdf};

/// Size of the field of view in the body's own space, mm.
const FIELD: f64 = 380.0;
/// Height of the scanned range, mm.
const RANGE: f64 = 300.0;
/// Top of the scanned range in the body's own space, mm.
const TOP: f64 = 112.0;
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

/// How the body's own space lies in a study's patient space.
#[derive(Clone, Copy)]
struct Placing {
    scale: f64,
    offset_mm: [f64; 3],
}

impl Placing {
    fn in_patient(self, p: [f32; 3]) -> [f64; 3] {
        std::array::from_fn(|i| round4(f64::from(p[i]) * self.scale + self.offset_mm[i]))
    }
}

fn round4(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
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
        let placings = [(); 2].map(|()| Placing {
            scale,
            offset_mm: [
                random.between(-6.0, 6.0),
                random.between(-168.0, -150.0),
                random.between(-620.0, -280.0),
            ]
            .map(|mm| mm.round()),
        });
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
        let truth = truth(
            seed,
            &patient,
            &current,
            &prior,
            &findings,
            &report,
            placings[0],
        );
        let key_images: Vec<KeyImage> = truth
            .second_read
            .iter()
            .filter(|read| {
                findings
                    .iter()
                    .any(|finding| finding.id == read.finding_id && finding.role == Role::WrongSize)
            })
            .map(|read| KeyImage {
                finding_id: read.finding_id.clone(),
                series_uid: read.series_uid.clone(),
                sop_uid: read.key_sop_uid.clone(),
            })
            .collect();
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

    /// Writes `current/`, `prior/`, `first-report/` and `truth.json` into `dir`, which is made when it is not there.
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
            dir.join("truth.json"),
            serde_json::to_string_pretty(&self.truth)? + "\n",
        )?;
        Ok(())
    }
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

/// One visit to the scanner.
struct Scan<'a> {
    seed: u64,
    name: &'static str,
    body: &'a Body,
    placing: Placing,
    findings: &'a [Finding],
    date: &'a str,
}

impl Scan<'_> {
    fn is_current(&self) -> bool {
        self.name == "current"
    }

    fn study(&self, matrix: usize, n_slices: usize) -> Study {
        let name = format!("phantom/{}/{}/{matrix}/{n_slices}", self.seed, self.name);
        let axial = self.axial(&name, matrix, n_slices);
        let series = if self.is_current() {
            vec![localizer(&name, &axial), axial]
        } else {
            vec![axial]
        };
        Study {
            study_uid: uid_of(&name),
            date: self.date.to_owned(),
            accession_number: format!(
                "P{}{:04}",
                self.date.get(2..).unwrap_or_default(),
                self.seed % 10_000
            ),
            description: "CT Chest with contrast".into(),
            series,
        }
    }

    fn axial(&self, name: &str, matrix: usize, n_slices: usize) -> Series {
        let scale = self.placing.scale;
        let spacing_mm = (FIELD * scale / matrix as f64 * 1e6).round() / 1e6;
        let step_mm = round4(RANGE / n_slices as f64);
        let (spacing, step) = (spacing_mm / scale, step_mm / scale);
        let corner = -0.5 * spacing * (matrix as f64 - 1.0);
        let grid = Grid {
            n_cols: matrix,
            n_rows: matrix,
            spacing: spacing as f32,
            corner: [corner as f32, corner as f32],
            edge: (0.9 * spacing + 0.3 * step) as f32,
        };
        let share = |finding: &Finding| {
            if self.is_current() {
                1.0
            } else {
                finding.prior_share
            }
        };
        let shown: Vec<(&Finding, f64)> = self
            .findings
            .iter()
            .map(|finding| (finding, share(finding)))
            .filter(|(_, share)| 0.0 < *share)
            .collect();
        let lesions: Vec<Part> = shown
            .iter()
            .flat_map(|(finding, share)| finding.parts(*share, scale))
            .collect();
        let effusions: Vec<anatomy::Effusion> = shown
            .iter()
            .filter_map(|(finding, _)| finding.effusion(scale))
            .collect();
        let noise_seed = if self.is_current() { 0 } else { 1 << 20 };
        let slices = (0..n_slices)
            .into_par_iter()
            .map(|slice_idx| {
                let z = TOP - step * (slice_idx as f64 + 0.5);
                let hu = self.body.slice(grid, z as f32, &effusions, &lesions);
                let offset_mm = self.placing.offset_mm;
                let at = |axis: usize, place: f64| round4(place * scale + offset_mm[axis]);
                Slice {
                    sop_uid: uid_of(&format!("{name}/axial/{slice_idx}")),
                    position_mm: [at(0, corner), at(1, corner), at(2, z)],
                    stored: self.body.stored(&hu, grid, slice_idx + noise_seed, 15.0),
                }
            })
            .collect();
        Series {
            series_uid: uid_of(&format!("{name}/axial")),
            frame_of_reference_uid: uid_of(&format!("{name}/frame")),
            series_number: 2,
            description: format!("Chest axial {} mm", crate::raw::ds(step_mm)),
            folder: "chest",
            kind: SeriesKind::Axial,
            n_cols: matrix,
            n_rows: matrix,
            pixel_spacing_mm: [spacing_mm; 2],
            slice_thickness_mm: step_mm,
            slices,
        }
    }
}

/// Projects the axial slices along y: the water-equivalent thickness, times 6, less 1000.
fn localizer(name: &str, axial: &Series) -> Series {
    let [row_mm, column_mm] = axial.pixel_spacing_mm;
    let stored: Vec<i16> = axial
        .slices
        .par_iter()
        .flat_map_iter(|slice| {
            let mut sums = vec![0.0f64; axial.n_cols];
            for row in slice.stored.chunks(axial.n_cols) {
                sums.iter_mut()
                    .zip(row)
                    .for_each(|(sum, hu)| *sum += (f64::from(*hu) + 1000.0) / 1000.0 * row_mm);
            }
            sums.into_iter()
                .map(|sum| (6.0 * sum - 1000.0).round().clamp(-1024.0, 3071.0) as i16)
        })
        .collect();
    let first_mm = axial
        .slices
        .first()
        .map_or([0.0; 3], |slice| slice.position_mm);
    let middle_mm = first_mm[1] + 0.5 * row_mm * (axial.n_rows as f64 - 1.0);
    Series {
        series_uid: uid_of(&format!("{name}/localizer")),
        frame_of_reference_uid: axial.frame_of_reference_uid.clone(),
        series_number: 1,
        description: "Localizer".into(),
        folder: "localizer",
        kind: SeriesKind::Localizer,
        n_cols: axial.n_cols,
        n_rows: axial.slices.len(),
        pixel_spacing_mm: [axial.slice_thickness_mm, column_mm],
        slice_thickness_mm: round4(row_mm * axial.n_rows as f64),
        slices: vec![Slice {
            sop_uid: uid_of(&format!("{name}/localizer/0")),
            position_mm: [first_mm[0], round4(middle_mm), first_mm[2]],
            stored,
        }],
    }
}

fn truth(
    seed: u64,
    patient: &Patient,
    current: &Study,
    prior: &Study,
    findings: &[Finding],
    report: &Report,
    placing: Placing,
) -> Truth {
    let axial_uid = |study: &Study| {
        study
            .series
            .iter()
            .find(|series| series.kind == SeriesKind::Axial)
            .map_or(String::new(), |series| series.series_uid.clone())
    };
    Truth {
        schema: TRUTH_SCHEMA.into(),
        seed,
        patient_id: patient.id.clone(),
        patient_name: patient.name.clone(),
        current_study_uid: current.study_uid.clone(),
        current_series_uid: axial_uid(current),
        prior_study_uid: prior.study_uid.clone(),
        prior_series_uid: axial_uid(prior),
        report_sop_uid: uid_of(&format!("{}/report", current.study_uid)),
        findings: findings
            .iter()
            .map(|finding| true_finding(finding, report, placing))
            .collect(),
        second_read: findings
            .iter()
            .filter_map(|finding| read_finding(finding, current, placing))
            .collect(),
    }
}

fn true_finding(finding: &Finding, report: &Report, placing: Placing) -> TrueFinding {
    let (first_report, expected_class) = match finding.role {
        Role::Missed => ("missed", "D1"),
        Role::WrongSize => ("wrong_size", "D6"),
        Role::WrongSide => ("wrong_side", "D4"),
        Role::Right => ("right", "agree"),
        Role::Negated => ("negated", "D3"),
    };
    let sentence = report
        .sentences()
        .find(|sentence| sentence.finding_id.as_ref() == Some(&finding.id));
    let diameter_mm = finding.diameter_mm().filter(|diameter| 0.0 < *diameter);
    let has_extent = diameter_mm.is_none() && finding.extent_mm != [0.0; 3];
    TrueFinding {
        id: finding.id.clone(),
        concept: concept(finding.kind).into(),
        side: finding.side.map(|side| side.word().into()),
        site: site(finding),
        level: level(finding),
        centre_mm: placing.in_patient(finding.centre),
        diameter_mm,
        extent_mm: has_extent.then_some(finding.extent_mm),
        mean_hu: f64::from(finding.hu),
        prior_diameter_mm: diameter_mm.map(|diameter| diameter * finding.prior_share),
        first_report: first_report.into(),
        reported_mm: finding.reported_mm,
        report_sentence: sentence.map(|sentence| sentence.text.clone()),
        expected_class: expected_class.into(),
    }
}

fn read_finding(finding: &Finding, current: &Study, placing: Placing) -> Option<ReadFinding> {
    let series = current
        .series
        .iter()
        .find(|series| series.kind == SeriesKind::Axial)?;
    let centre_mm = placing.in_patient(finding.centre);
    let off = |slice: &&Slice| (slice.position_mm[2] - centre_mm[2]).abs();
    let slice = series
        .slices
        .iter()
        .min_by(|a, b| off(a).total_cmp(&off(b)))?;
    let plane_mm = slice.position_mm[2];
    let half_mm = 0.5 * finding.extent_mm[0];
    // The ends lie where the surface is met along the finding's first axis, drawn on the slice.
    let (sin, cos) = f64::from(finding.turn_rad).sin_cos();
    let length_mm = (0.0 < half_mm && finding.kind != Kind::Effusion).then(|| {
        [-1.0, 1.0].map(|sign| {
            [
                centre_mm[0] + sign * half_mm * cos,
                centre_mm[1] + sign * half_mm * sin,
                plane_mm,
            ]
            .map(round4)
        })
    });
    let size = if length_mm.is_some() {
        format!("{} mm ", crate::raw::ds(finding.extent_mm[0]))
    } else {
        String::new()
    };
    Some(ReadFinding {
        finding_id: finding.id.clone(),
        concept: concept(finding.kind).into(),
        side: finding.side.map(|side| side.word().into()),
        site: site(finding),
        level: level(finding),
        sentence: sentence(&format!("{size}{}", spoken(finding))),
        length_mm,
        key_sop_uid: slice.sop_uid.clone(),
        series_uid: series.series_uid.clone(),
    })
}

fn sentence(phrase: &str) -> String {
    format!(
        "There is {} {phrase}.",
        words::article(phrase).to_lowercase()
    )
}

fn concept(kind: Kind) -> &'static str {
    match kind {
        Kind::Nodule => "solid pulmonary nodule",
        Kind::Effusion => "pleural effusion",
        Kind::Plaque => "calcified pleural plaque",
        Kind::Consolidation => "consolidation",
        Kind::LungCyst => "thin-walled lung cyst",
        Kind::LiverCyst => "simple hepatic cyst",
        Kind::BoneIsland => "bone island",
        Kind::RibFracture => "rib fracture",
        Kind::LymphNode => "enlarged mediastinal lymph node",
    }
}

fn site(finding: &Finding) -> String {
    match finding.kind {
        Kind::Nodule | Kind::Consolidation | Kind::LungCyst => {
            finding.lobe.map_or("lung", |lobe| lobe.words()).into()
        }
        Kind::Effusion | Kind::Plaque => "pleura".into(),
        Kind::LiverCyst => "liver".into(),
        Kind::BoneIsland => "vertebra".into(),
        Kind::RibFracture => "rib".into(),
        Kind::LymphNode => "mediastinum".into(),
    }
}

fn level(finding: &Finding) -> Option<String> {
    (!finding.level.is_empty()).then(|| finding.level.clone())
}

fn spoken(finding: &Finding) -> String {
    let side = finding.side.map_or("", |side| side.word());
    match finding.kind {
        Kind::Nodule => format!("solid nodule in the {side} {}", site(finding)),
        Kind::Consolidation => format!("consolidation in the {side} {}", site(finding)),
        Kind::LungCyst => format!("thin-walled cyst in the {side} {}", site(finding)),
        Kind::Effusion => format!("small {side} pleural effusion"),
        Kind::Plaque => format!("calcified pleural plaque on the {side}"),
        Kind::LiverCyst => format!("simple cyst in {} of the liver", finding.level),
        Kind::BoneIsland => format!("bone island in the {} vertebral body", finding.level),
        Kind::RibFracture => format!("displaced fracture of the {side} {} rib", finding.level),
        Kind::LymphNode => format!("enlarged mediastinal lymph node in {}", finding.level),
    }
}
