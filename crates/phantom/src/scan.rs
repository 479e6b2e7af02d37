//! One visit to the scanner: the body drawn as the images of a study.

use rayon::prelude::*;

use crate::anatomy::canvas::{Grid, Part};
use crate::anatomy::{Body, Effusion};
use crate::findings::Finding;
use crate::random::Random;
use crate::study::{Series, SeriesKind, Slice, Study};
use crate::uid::uid_of;

/// Size of the field of view in the body's own space, mm.
const FIELD: f64 = 380.0;
/// Height of the scanned range, mm.
const RANGE: f64 = 300.0;
/// Top of the scanned range in the body's own space, mm.
const TOP: f64 = 112.0;

/// How the body's own space lies in a study's patient space.
#[derive(Clone, Copy)]
pub(crate) struct Placing {
    pub scale: f64,
    pub offset_mm: [f64; 3],
}

impl Placing {
    /// Lays the patient on the table, a little off the middle.
    pub fn by_chance(scale: f64, random: &mut Random) -> Self {
        let offset_mm = [
            random.between(-6.0, 6.0),
            random.between(-168.0, -150.0),
            random.between(-620.0, -280.0),
        ]
        .map(f64::round);
        Self { scale, offset_mm }
    }

    /// Place in patient space, mm.
    pub fn in_patient(self, p: [f32; 3]) -> [f64; 3] {
        std::array::from_fn(|i| round4(f64::from(p[i]) * self.scale + self.offset_mm[i]))
    }
}

/// Rounds to a ten-thousandth.
pub(crate) fn round4(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// One visit to the scanner.
pub(crate) struct Scan<'a> {
    pub seed: u64,
    /// `current` or `prior`.
    pub name: &'static str,
    pub body: &'a Body,
    pub placing: Placing,
    pub findings: &'a [Finding],
    pub date: &'a str,
}

impl Scan<'_> {
    fn is_current(&self) -> bool {
        self.name == "current"
    }

    /// Draws all images.
    pub fn study(&self, matrix: usize, n_slices: usize) -> Study {
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
        let effusions: Vec<Effusion> = shown
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
