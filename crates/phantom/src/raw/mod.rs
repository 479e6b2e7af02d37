//! A writer of image series of any geometry and pixel format, whose voxel values the caller states as a function:
//! what a reader of the files must find is then known without reading them.
//!
//! ```
//! use phantom::raw::SeriesSpec;
//!
//! // Four sagittal slices whose stored value is the distance from the middle plane in mm.
//! let spec = SeriesSpec {
//!     row_direction: [0.0, 1.0, 0.0],
//!     column_direction: [0.0, 0.0, -1.0],
//!     slice_step_mm: [2.5, 0.0, 0.0],
//!     ..SeriesSpec::ct("sagittal ramp", 8, 8, 4)
//! };
//! let files = spec.files(|voxel| voxel.in_patient[0].round() as i64);
//! assert_eq!(files.len(), 4);
//! assert_eq!(spec.patient_from_voxel(0.0, 0.0, 3.0), [7.5, 0.0, 0.0]);
//! ```

use std::path::{Path, PathBuf};
use std::{fs, io};
mod decimal;
mod encode;

pub use decimal::ds;
pub(crate) use decimal::ds_list;

use crate::data_set::DataSet;
use crate::part10::{Syntax, file_bytes};
use crate::patient::Patient;
use crate::random::shuffle;
use crate::uid::uid_of;

/// Whether stored values are two's complement numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signedness {
    /// Pixel Representation 0.
    Unsigned,
    /// Pixel Representation 1.
    Signed,
}

/// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Photometric {
    /// Lowest value is white.
    Monochrome1,
    /// Lowest value is black.
    Monochrome2,
    /// Indices into tables that the caller puts into `extra`.
    Palette,
    /// Three samples a pixel.
    Rgb,
    /// Three samples a pixel, luminance and two colour differences, full range.
    YbrFull,
}

impl Photometric {
    /// Defined term in the file.
    pub fn term(self) -> &'static str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::Palette => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::YbrFull => "YBR_FULL",
        }
    }

    /// Samples a pixel.
    pub fn n_samples(self) -> usize {
        match self {
            Self::Monochrome1 | Self::Monochrome2 | Self::Palette => 1,
            Self::Rgb | Self::YbrFull => 3,
        }
    }
}

/// Rescale Slope and Intercept of the slices.
#[derive(Clone, Debug, PartialEq)]
pub enum Rescale {
    /// Neither attribute is written.
    Absent,
    /// One pair for all slices.
    Same {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept.
        intercept: f64,
    },
    /// `(slope, intercept)` of each slice; the last pair serves the slices beyond the list.
    PerSlice(Vec<(f64, f64)>),
}

/// How slices are spread over files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One slice a file.
    OneSlicePerFile,
    /// All slices as frames of one Enhanced CT file with functional groups (PS3.3 C.7.6.16).
    Enhanced,
    /// All slices as frames of one file without any functional group.
    PlainMultiFrame,
}

/// Order in which file names and instance numbers follow the slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileOrder {
    /// Same as the slices.
    Ascending,
    /// Last slice first.
    Reversed,
    /// Mixed, depending on the seed alone.
    Shuffled(u64),
}

/// One sample that the caller is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voxel {
    /// Column, 0-based.
    pub col_idx: usize,
    /// Row, 0-based.
    pub row_idx: usize,
    /// Slice in geometric order along `slice_step_mm`, 0-based.
    pub slice_idx: usize,
    /// Sample within the pixel, 0-based; 0 in grey images.
    pub sample_idx: usize,
    /// Centre of the voxel in patient space, mm, LPS.
    pub in_patient: [f64; 3],
}

/// Everything that describes a series except its voxel values. All fields may be set freely, also to nonsense.
#[derive(Clone, Debug)]
pub struct SeriesSpec {
    /// Person in the headers.
    pub patient: Patient,
    /// Study Instance UID; empty leaves the attribute out.
    pub study_uid: String,
    /// Series Instance UID.
    pub series_uid: String,
    /// Goes into the SOP Instance UIDs, so that two specifications of one series get instances of their own.
    pub uid_salt: String,
    /// Frame of Reference UID; `None` leaves the attribute out.
    pub frame_of_reference_uid: Option<String>,
    /// SOP Class UID.
    pub sop_class_uid: String,
    /// Modality.
    pub modality: String,
    /// Study Date, `YYYYMMDD`.
    pub study_date: String,
    /// Accession Number.
    pub accession_number: String,
    /// Series Number.
    pub series_number: u32,
    /// Series Description.
    pub series_description: String,
    /// Patient Position; `None` leaves the attribute out.
    pub patient_position: Option<String>,
    /// Columns of a slice.
    pub n_cols: u16,
    /// Rows of a slice.
    pub n_rows: u16,
    /// Number of slices, those that are dropped included.
    pub n_slices: usize,
    /// Direction along a row, to higher columns, in patient space.
    pub row_direction: [f64; 3],
    /// Direction along a column, to higher rows, in patient space.
    pub column_direction: [f64; 3],
    /// Distance of rows and of columns, mm, in the order of Pixel Spacing; `None` leaves the attribute out.
    pub pixel_spacing_mm: Option<[f64; 2]>,
    /// Way from one slice to the next in patient space, mm; not along the normal for a tilted gantry.
    pub slice_step_mm: [f64; 3],
    /// Centre of voxel (0, 0, 0) in patient space, mm.
    pub origin_mm: [f64; 3],
    /// Positions of the slices along `slice_step_mm`, in steps; empty means 0, 1, 2, …
    pub slice_positions: Vec<f64>,
    /// Slice Thickness, mm; `None` leaves the attribute out.
    pub slice_thickness_mm: Option<f64>,
    /// Transfer syntax.
    pub syntax: Syntax,
    /// Bits Allocated: 1, 8, 16 or 32.
    pub bits_allocated: u16,
    /// Bits Stored.
    pub bits_stored: u16,
    /// High Bit; `None` means Bits Stored − 1.
    pub high_bit: Option<u16>,
    /// Pixel Representation.
    pub signedness: Signedness,
    /// Rescale Slope and Intercept.
    pub rescale: Rescale,
    /// Photometric Interpretation.
    pub photometric: Photometric,
    /// Window centre and width; `None` leaves the attributes out.
    pub window: Option<(f64, f64)>,
    /// Files or frames.
    pub layout: Layout,
    /// Slices that are not written, 0-based.
    pub dropped: Vec<usize>,
    /// `(a, b)`: slice `b` carries the SOP Instance UID of slice `a`.
    pub same_uid: Option<(usize, usize)>,
    /// Order of names and instance numbers.
    pub file_order: FileOrder,
    /// Elements that are set last, in every file.
    pub extra: DataSet,
}

/// A file as it is to stand on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFile {
    /// File name without folder.
    pub name: String,
    /// SOP Instance UID.
    pub sop_uid: String,
    /// Slice in the file, 0-based; 0 for a file of many frames.
    pub slice_idx: usize,
    /// The whole file.
    pub bytes: Vec<u8>,
}

impl SeriesSpec {
    /// Makes an axial CT series: 16-bit signed values in HU, explicit little endian, spacing 1 × 1 × 1 mm, patient
    /// supine and head first, voxel (0, 0, 0) at the patient's origin. `name` decides all identifiers.
    pub fn ct(name: &str, n_cols: u16, n_rows: u16, n_slices: usize) -> Self {
        Self {
            patient: Patient::default(),
            study_uid: uid_of(&format!("{name}/study")),
            series_uid: uid_of(&format!("{name}/series")),
            uid_salt: String::new(),
            frame_of_reference_uid: Some(uid_of(&format!("{name}/frame"))),
            sop_class_uid: "1.2.840.10008.5.1.4.1.1.2".into(),
            modality: "CT".into(),
            study_date: "20260302".into(),
            accession_number: "A0001".into(),
            series_number: 2,
            series_description: name.chars().take(60).collect(),
            patient_position: Some("HFS".into()),
            n_cols,
            n_rows,
            n_slices,
            row_direction: [1.0, 0.0, 0.0],
            column_direction: [0.0, 1.0, 0.0],
            pixel_spacing_mm: Some([1.0, 1.0]),
            slice_step_mm: [0.0, 0.0, 1.0],
            origin_mm: [0.0, 0.0, 0.0],
            slice_positions: Vec::new(),
            slice_thickness_mm: Some(1.0),
            syntax: Syntax::ExplicitLe,
            bits_allocated: 16,
            bits_stored: 16,
            high_bit: None,
            signedness: Signedness::Signed,
            rescale: Rescale::Same {
                slope: 1.0,
                intercept: 0.0,
            },
            photometric: Photometric::Monochrome2,
            window: Some((40.0, 400.0)),
            layout: Layout::OneSlicePerFile,
            dropped: Vec::new(),
            same_uid: None,
            file_order: FileOrder::Ascending,
            extra: DataSet::new(),
        }
    }

    /// Returns a place in patient space, mm, for voxel indices, which may be fractions.
    pub fn patient_from_voxel(&self, col_idx: f64, row_idx: f64, slice_idx: f64) -> [f64; 3] {
        let [row_spacing_mm, col_spacing_mm] = self.pixel_spacing_mm.unwrap_or([1.0, 1.0]);
        std::array::from_fn(|axis| {
            self.origin_mm[axis]
                + self.row_direction[axis] * col_spacing_mm * col_idx
                + self.column_direction[axis] * row_spacing_mm * row_idx
                + self.slice_step_mm[axis] * slice_idx
        })
    }

    /// Returns the SOP Instance UID of a slice.
    pub fn sop_uid(&self, slice_idx: usize) -> String {
        let named_idx = match self.same_uid {
            Some((first_idx, second_idx)) if slice_idx == second_idx => first_idx,
            _ => slice_idx,
        };
        uid_of(&format!(
            "{}/{}/{named_idx}",
            self.series_uid, self.uid_salt
        ))
    }

    /// Returns the files of the series in the order of their names. `pixel` gives the stored value of each sample;
    /// bits above Bits Allocated are cut off.
    pub fn files(&self, pixel: impl Fn(Voxel) -> i64) -> Vec<RawFile> {
        let kept: Vec<usize> = (0..self.n_slices)
            .filter(|slice_idx| !self.dropped.contains(slice_idx))
            .collect();
        if self.layout != Layout::OneSlicePerFile {
            return vec![self.multi_frame_file(&kept, &pixel)];
        }
        let mut order = kept;
        match self.file_order {
            FileOrder::Ascending => {}
            FileOrder::Reversed => order.reverse(),
            FileOrder::Shuffled(seed) => shuffle(&mut order, seed),
        }
        order
            .into_iter()
            .enumerate()
            .map(|(file_idx, slice_idx)| {
                let data_set = self.slice_data_set(slice_idx, file_idx + 1, &pixel);
                RawFile {
                    name: format!("IM{:05}.dcm", file_idx + 1),
                    sop_uid: self.sop_uid(slice_idx),
                    slice_idx,
                    bytes: file_bytes(&data_set, self.syntax),
                }
            })
            .collect()
    }

    /// Writes the files into `dir`, which is made when it is not there, and returns their paths in order of name.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn write(&self, dir: &Path, pixel: impl Fn(Voxel) -> i64) -> io::Result<Vec<PathBuf>> {
        fs::create_dir_all(dir)?;
        let mut paths = Vec::new();
        for file in self.files(pixel) {
            let path = dir.join(&file.name);
            fs::write(&path, &file.bytes)?;
            paths.push(path);
        }
        Ok(paths)
    }
}
