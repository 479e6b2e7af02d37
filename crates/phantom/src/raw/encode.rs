//! The data sets of a specified series.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use super::{Layout, RawFile, Rescale, SeriesSpec, Signedness, Voxel, ds, ds_list};
use crate::data_set::{DataSet, Value};
use crate::part10::{Syntax, file_bytes, rle_frame};

impl SeriesSpec {
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

    pub(super) fn multi_frame_file(
        &self,
        slice_idxs: &[usize],
        pixel: &impl Fn(Voxel) -> i64,
    ) -> RawFile {
        let data_set = self.multi_frame_data_set(slice_idxs, pixel);
        RawFile {
            name: "IM00001.dcm".into(),
            sop_uid: self.sop_uid(0),
            slice_idx: 0,
            bytes: file_bytes(&data_set, self.syntax),
        }
    }

    /// Returns the data set of one object that holds the named slices as its frames, in that order.
    pub fn multi_frame_data_set(
        &self,
        slice_idxs: &[usize],
        pixel: &impl Fn(Voxel) -> i64,
    ) -> DataSet {
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
        data_set
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
