//! A writer of image series of any geometry and pixel format, whose voxel values the caller states as a function:
//! what a reader of the files must find is then known without reading them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use dicom_core::VR;
use dicom_dictionary_std::tags;

use crate::data_set::{DataSet, Value};
use crate::part10::{Syntax, file_bytes, rle_frame};
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
        match self.same_uid {
            Some((first_idx, second_idx)) if slice_idx == second_idx => {
                uid_of(&format!("{}/{first_idx}", self.series_uid))
            }
            _ => uid_of(&format!("{}/{slice_idx}", self.series_uid)),
        }
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

    /// Returns the data set of one slice with the given Instance Number.
    pub fn slice_data_set(
        &self,
        slice_idx: usize,
        instance_number: usize,
        pixel: &impl Fn(Voxel) -> i64,
    ) -> DataSet {
        let mut data_set = self.common();
        data_set.put(tags::SOP_INSTANCE_UID, self.sop_uid(slice_idx));
        data_set.put(tags::INSTANCE_NUMBER, instance_number.to_string());
        data_set.put(
            tags::IMAGE_POSITION_PATIENT,
            ds_list(&self.position_mm(slice_idx)),
        );
        data_set.put(
            tags::IMAGE_ORIENTATION_PATIENT,
            ds_list(&self.orientation()),
        );
        if let Some(spacing_mm) = self.pixel_spacing_mm {
            data_set.put(tags::PIXEL_SPACING, ds_list(&spacing_mm));
        }
        if let Some(thickness_mm) = self.slice_thickness_mm {
            data_set.put(tags::SLICE_THICKNESS, ds(thickness_mm));
        }
        if let Some((slope, intercept)) = self.rescale_of(slice_idx) {
            data_set.put(tags::RESCALE_SLOPE, ds(slope));
            data_set.put(tags::RESCALE_INTERCEPT, ds(intercept));
            data_set.put(
                tags::RESCALE_TYPE,
                if self.modality == "CT" { "HU" } else { "US" },
            );
        }
        if let Some((center, width)) = self.window {
            data_set.put(tags::WINDOW_CENTER, ds(center));
            data_set.put(tags::WINDOW_WIDTH, ds(width));
        }
        self.put_pixels(&mut data_set, &[slice_idx], pixel);
        data_set.put_all(&self.extra);
        data_set
    }

    fn orientation(&self) -> [f64; 6] {
        let ([a, b, c], [d, e, f]) = (self.row_direction, self.column_direction);
        [a, b, c, d, e, f]
    }

    fn position_mm(&self, slice_idx: usize) -> [f64; 3] {
        let steps = self
            .slice_positions
            .get(slice_idx)
            .copied()
            .unwrap_or(slice_idx as f64);
        self.patient_from_voxel(0.0, 0.0, steps)
    }

    fn rescale_of(&self, slice_idx: usize) -> Option<(f64, f64)> {
        match &self.rescale {
            Rescale::Absent => None,
            Rescale::Same { slope, intercept } => Some((*slope, *intercept)),
            Rescale::PerSlice(pairs) => pairs.get(slice_idx).or(pairs.last()).copied(),
        }
    }

    fn common(&self) -> DataSet {
        let mut data_set = DataSet::new();
        self.patient.put_into(&mut data_set);
        data_set.put(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        data_set.put(
            tags::IMAGE_TYPE,
            if self.modality == "CT" {
                "ORIGINAL\\PRIMARY\\AXIAL"
            } else {
                "ORIGINAL\\PRIMARY"
            },
        );
        data_set.put(tags::SOP_CLASS_UID, self.sop_class_uid.as_str());
        for tag in [
            tags::STUDY_DATE,
            tags::SERIES_DATE,
            tags::ACQUISITION_DATE,
            tags::CONTENT_DATE,
        ] {
            data_set.put(tag, self.study_date.as_str());
        }
        for tag in [
            tags::STUDY_TIME,
            tags::SERIES_TIME,
            tags::ACQUISITION_TIME,
            tags::CONTENT_TIME,
        ] {
            data_set.put(tag, "101500");
        }
        data_set.put(tags::ACCESSION_NUMBER, self.accession_number.as_str());
        data_set.put(tags::MODALITY, self.modality.as_str());
        data_set.put(tags::MANUFACTURER, "PHANTOM");
        data_set.put(tags::REFERRING_PHYSICIAN_NAME, "");
        data_set.put(tags::STUDY_ID, "1");
        data_set.put(tags::SERIES_DESCRIPTION, self.series_description.as_str());
        data_set.put(tags::SERIES_NUMBER, self.series_number.to_string());
        data_set.put(tags::ACQUISITION_NUMBER, "1");
        data_set.put(tags::SERIES_INSTANCE_UID, self.series_uid.as_str());
        if !self.study_uid.is_empty() {
            data_set.put(tags::STUDY_INSTANCE_UID, self.study_uid.as_str());
        }
        if let Some(uid) = &self.frame_of_reference_uid {
            data_set.put(tags::FRAME_OF_REFERENCE_UID, uid.as_str());
            data_set.put(tags::POSITION_REFERENCE_INDICATOR, "");
        }
        if let Some(position) = &self.patient_position {
            data_set.put(tags::PATIENT_POSITION, position.as_str());
        }
        if self.modality == "CT" {
            data_set.put(tags::KVP, "120");
        }
        data_set
    }

    fn put_pixels(
        &self,
        data_set: &mut DataSet,
        slice_idxs: &[usize],
        pixel: &impl Fn(Voxel) -> i64,
    ) {
        let n_samples = self.photometric.n_samples();
        data_set.put(tags::SAMPLES_PER_PIXEL, n_samples as u16);
        data_set.put(tags::PHOTOMETRIC_INTERPRETATION, self.photometric.term());
        if n_samples != 1 {
            data_set.put(tags::PLANAR_CONFIGURATION, 0u16);
        }
        data_set.put(tags::ROWS, self.n_rows);
        data_set.put(tags::COLUMNS, self.n_cols);
        data_set.put(tags::BITS_ALLOCATED, self.bits_allocated);
        data_set.put(tags::BITS_STORED, self.bits_stored);
        data_set.put(
            tags::HIGH_BIT,
            self.high_bit.unwrap_or(self.bits_stored.saturating_sub(1)),
        );
        data_set.put(
            tags::PIXEL_REPRESENTATION,
            u16::from(self.signedness == Signedness::Signed),
        );
        let frames: Vec<Vec<i64>> = slice_idxs
            .iter()
            .map(|slice_idx| self.frame_values(*slice_idx, pixel))
            .collect();
        if self.syntax == Syntax::RleLossless {
            let bytes_per_sample = usize::from(self.bits_allocated / 8).max(1);
            let mut fragments = vec![Vec::new()];
            for frame in &frames {
                let bytes: Vec<u8> = frame
                    .iter()
                    .flat_map(|value| value.to_le_bytes().into_iter().take(bytes_per_sample))
                    .collect();
                fragments.push(rle_frame(
                    &bytes,
                    usize::from(self.n_cols),
                    n_samples,
                    bytes_per_sample,
                ));
            }
            data_set.put_as(tags::PIXEL_DATA, VR::OB, Value::Fragments(fragments));
            return;
        }
        let values = frames.into_iter().flatten();
        match self.bits_allocated {
            1 => data_set.put_as(tags::PIXEL_DATA, VR::OB, Value::Bytes(packed_bits(values))),
            8 => data_set.put_as(
                tags::PIXEL_DATA,
                VR::OB,
                Value::Bytes(values.map(|value| value as u8).collect()),
            ),
            32 => data_set.put_as(
                tags::PIXEL_DATA,
                VR::OW,
                Value::U32(values.map(|value| value as u32).collect()),
            ),
            _ => data_set.put_as(
                tags::PIXEL_DATA,
                VR::OW,
                Value::U16(values.map(|value| value as u16).collect()),
            ),
        };
    }

    fn frame_values(&self, slice_idx: usize, pixel: &impl Fn(Voxel) -> i64) -> Vec<i64> {
        let n_samples = self.photometric.n_samples();
        let steps = self
            .slice_positions
            .get(slice_idx)
            .copied()
            .unwrap_or(slice_idx as f64);
        let mut values =
            Vec::with_capacity(usize::from(self.n_rows) * usize::from(self.n_cols) * n_samples);
        for row_idx in 0..usize::from(self.n_rows) {
            for col_idx in 0..usize::from(self.n_cols) {
                let in_patient = self.patient_from_voxel(col_idx as f64, row_idx as f64, steps);
                for sample_idx in 0..n_samples {
                    values.push(pixel(Voxel {
                        col_idx,
                        row_idx,
                        slice_idx,
                        sample_idx,
                        in_patient,
                    }));
                }
            }
        }
        values
    }

    fn multi_frame_file(&self, slice_idxs: &[usize], pixel: &impl Fn(Voxel) -> i64) -> RawFile {
        let mut data_set = self.common();
        data_set.put(tags::SOP_INSTANCE_UID, self.sop_uid(0));
        data_set.put(tags::INSTANCE_NUMBER, "1");
        data_set.put(tags::NUMBER_OF_FRAMES, slice_idxs.len().to_string());
        if self.layout == Layout::Enhanced {
            data_set.put(tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2.1");
            data_set.put(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\VOLUME\\NONE");
            data_set.put(
                tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
                vec![self.shared_groups()],
            );
            let per_frame: Vec<DataSet> = slice_idxs
                .iter()
                .map(|slice_idx| self.frame_groups(*slice_idx))
                .collect();
            data_set.put(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, per_frame);
        }
        self.put_pixels(&mut data_set, slice_idxs, pixel);
        data_set.put_all(&self.extra);
        RawFile {
            name: "IM00001.dcm".into(),
            sop_uid: self.sop_uid(0),
            slice_idx: 0,
            bytes: file_bytes(&data_set, self.syntax),
        }
    }

    fn shared_groups(&self) -> DataSet {
        let mut measures = DataSet::new();
        if let Some(spacing_mm) = self.pixel_spacing_mm {
            measures.put(tags::PIXEL_SPACING, ds_list(&spacing_mm));
        }
        if let Some(thickness_mm) = self.slice_thickness_mm {
            measures.put(tags::SLICE_THICKNESS, ds(thickness_mm));
        }
        let mut orientation = DataSet::new();
        orientation.put(
            tags::IMAGE_ORIENTATION_PATIENT,
            ds_list(&self.orientation()),
        );
        let mut groups = DataSet::new();
        groups.put(tags::PIXEL_MEASURES_SEQUENCE, vec![measures]);
        groups.put(tags::PLANE_ORIENTATION_SEQUENCE, vec![orientation]);
        if let Some((center, width)) = self.window {
            let mut window = DataSet::new();
            window
                .put(tags::WINDOW_CENTER, ds(center))
                .put(tags::WINDOW_WIDTH, ds(width));
            groups.put(tags::FRAME_VOILUT_SEQUENCE, vec![window]);
        }
        groups
    }

    fn frame_groups(&self, slice_idx: usize) -> DataSet {
        let mut position = DataSet::new();
        position.put(
            tags::IMAGE_POSITION_PATIENT,
            ds_list(&self.position_mm(slice_idx)),
        );
        let mut content = DataSet::new();
        content.put(tags::STACK_ID, "1");
        content.put(tags::IN_STACK_POSITION_NUMBER, slice_idx as u32 + 1);
        content.put(
            tags::DIMENSION_INDEX_VALUES,
            Value::U32(vec![1, slice_idx as u32 + 1]),
        );
        let mut groups = DataSet::new();
        groups.put(tags::PLANE_POSITION_SEQUENCE, vec![position]);
        groups.put(tags::FRAME_CONTENT_SEQUENCE, vec![content]);
        if let Some((slope, intercept)) = self.rescale_of(slice_idx) {
            let mut transformation = DataSet::new();
            transformation.put(tags::RESCALE_SLOPE, ds(slope));
            transformation.put(tags::RESCALE_INTERCEPT, ds(intercept));
            transformation.put(tags::RESCALE_TYPE, "HU");
            groups.put(
                tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
                vec![transformation],
            );
        }
        groups
    }
}

fn packed_bits(values: impl Iterator<Item = i64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (idx, value) in values.enumerate() {
        if idx % 8 == 0 {
            bytes.push(0);
        }
        if let Some(last) = bytes.last_mut() {
            *last |= ((value & 1) as u8) << (idx % 8);
        }
    }
    bytes
}

/// Writes a number as a decimal string of at most 16 characters (PS3.5 6.2), as exactly as they allow.
pub fn ds(number: f64) -> String {
    let plain = format!("{number}");
    if plain.len() <= 16 {
        return plain;
    }
    for digits in (0..=14).rev() {
        let fixed = format!("{number:.digits$}");
        let short = if fixed.contains('.') {
            fixed.trim_end_matches('0').trim_end_matches('.')
        } else {
            &fixed
        };
        if short.len() <= 16 && (1e-4 <= number.abs() || number == 0.0) {
            return if short == "-0" {
                "0".into()
            } else {
                short.into()
            };
        }
        let scientific = format!("{number:.digits$e}");
        if scientific.len() <= 16 && (number.abs() < 1e-4 || 1e15 <= number.abs()) {
            return scientific;
        }
    }
    plain
}

pub(crate) fn ds_list(numbers: &[f64]) -> String {
    numbers
        .iter()
        .map(|number| ds(*number))
        .collect::<Vec<_>>()
        .join("\\")
}
