//! Studies of CT images in memory and as files.

use dicom_core::VR;
use dicom_dictionary_std::tags;

use crate::data_set::{DataSet, Value};
use crate::part10::{Syntax, file_bytes};
use crate::patient::Patient;
use crate::raw::{ds, ds_list};

/// A study of one day.
#[derive(Clone, Debug)]
pub struct Study {
    /// Study Instance UID.
    pub study_uid: String,
    /// Study Date, `YYYYMMDD`.
    pub date: String,
    /// Accession Number.
    pub accession_number: String,
    /// Study Description.
    pub description: String,
    /// Its series.
    pub series: Vec<Series>,
}

/// What the images of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesKind {
    /// One projection from the front.
    Localizer,
    /// Parallel axial slices.
    Axial,
}

/// A series of images that share a grid.
#[derive(Clone, Debug)]
pub struct Series {
    /// Series Instance UID.
    pub series_uid: String,
    /// Frame of Reference UID.
    pub frame_of_reference_uid: String,
    /// Series Number.
    pub series_number: u32,
    /// Series Description.
    pub description: String,
    /// Folder of its files, relative to the study's.
    pub folder: &'static str,
    /// Localizer or axial.
    pub kind: SeriesKind,
    /// Columns.
    pub n_cols: usize,
    /// Rows.
    pub n_rows: usize,
    /// Distance of rows and of columns, mm.
    pub pixel_spacing_mm: [f64; 2],
    /// Slice Thickness, mm.
    pub slice_thickness_mm: f64,
    /// Slices from the head down.
    pub slices: Vec<Slice>,
}

/// One image.
#[derive(Clone, Debug)]
pub struct Slice {
    /// SOP Instance UID.
    pub sop_uid: String,
    /// Centre of pixel (0, 0) in patient space, mm.
    pub position_mm: [f64; 3],
    /// Stored values, row by row: HU, as slope is 1 and intercept 0.
    pub stored: Vec<i16>,
}

pub(crate) const CT_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.2";

impl Series {
    /// Returns the whole file of one slice; `None` when there is no such slice.
    pub fn file_bytes(
        &self,
        slice_idx: usize,
        study: &Study,
        patient: &Patient,
    ) -> Option<Vec<u8>> {
        let slice = self.slices.get(slice_idx)?;
        let mut data_set = self.header(study, patient);
        data_set.put(tags::SOP_INSTANCE_UID, slice.sop_uid.as_str());
        data_set.put(tags::INSTANCE_NUMBER, (slice_idx + 1).to_string());
        data_set.put(tags::IMAGE_POSITION_PATIENT, ds_list(&slice.position_mm));
        if self.kind == SeriesKind::Axial {
            data_set.put(tags::SLICE_LOCATION, ds(slice.position_mm[2]));
        }
        let bytes = slice
            .stored
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        data_set.put_as(tags::PIXEL_DATA, VR::OW, Value::Bytes(bytes));
        Some(file_bytes(&data_set, Syntax::ExplicitLe))
    }

    fn header(&self, study: &Study, patient: &Patient) -> DataSet {
        let mut data_set = DataSet::new();
        patient.put_into(&mut data_set);
        put_study(&mut data_set, study, patient);
        put_equipment(&mut data_set);
        self.put_series(&mut data_set, study);
        self.put_image(&mut data_set);
        data_set
    }

    fn put_series(&self, data_set: &mut DataSet, study: &Study) {
        let time = if self.kind == SeriesKind::Localizer {
            "101210"
        } else {
            "101530"
        };
        for tag in [
            tags::SERIES_DATE,
            tags::ACQUISITION_DATE,
            tags::CONTENT_DATE,
        ] {
            data_set.put(tag, study.date.as_str());
        }
        for tag in [
            tags::SERIES_TIME,
            tags::ACQUISITION_TIME,
            tags::CONTENT_TIME,
        ] {
            data_set.put(tag, time);
        }
        data_set.put(tags::MODALITY, "CT");
        data_set.put(tags::SERIES_DESCRIPTION, self.description.as_str());
        data_set.put(tags::SERIES_NUMBER, self.series_number.to_string());
        data_set.put(tags::SERIES_INSTANCE_UID, self.series_uid.as_str());
        data_set.put(tags::BODY_PART_EXAMINED, "CHEST");
        data_set.put(tags::PATIENT_POSITION, "HFS");
        data_set.put(tags::PROTOCOL_NAME, "CHEST IV CONTRAST");
        data_set.put(
            tags::FRAME_OF_REFERENCE_UID,
            self.frame_of_reference_uid.as_str(),
        );
        data_set.put(tags::POSITION_REFERENCE_INDICATOR, "");
    }

    fn put_image(&self, data_set: &mut DataSet) {
        let (term, orientation) = match self.kind {
            SeriesKind::Localizer => ("LOCALIZER", [1.0, 0.0, 0.0, 0.0, 0.0, -1.0]),
            SeriesKind::Axial => ("AXIAL", [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
        };
        data_set.put(tags::SOP_CLASS_UID, CT_IMAGE_STORAGE);
        data_set.put(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192");
        data_set.put(tags::IMAGE_TYPE, format!("ORIGINAL\\PRIMARY\\{term}"));
        data_set.put(tags::ACQUISITION_NUMBER, self.series_number.to_string());
        data_set.put(tags::IMAGE_ORIENTATION_PATIENT, ds_list(&orientation));
        data_set.put(tags::PIXEL_SPACING, ds_list(&self.pixel_spacing_mm));
        data_set.put(tags::SLICE_THICKNESS, ds(self.slice_thickness_mm));
        data_set.put(tags::KVP, "120");
        data_set.put(tags::X_RAY_TUBE_CURRENT, "210");
        data_set.put(tags::EXPOSURE_TIME, "500");
        data_set.put(tags::GANTRY_DETECTOR_TILT, "0");
        data_set.put(
            tags::RECONSTRUCTION_DIAMETER,
            ds(self.pixel_spacing_mm[1] * self.n_cols as f64),
        );
        if self.kind == SeriesKind::Axial {
            data_set.put(tags::CONVOLUTION_KERNEL, "STANDARD");
            data_set.put(tags::CONTRAST_BOLUS_AGENT, "IODINATED CONTRAST MEDIUM");
            data_set.put(tags::CONTRAST_BOLUS_ROUTE, "IV");
        }
        data_set.put(tags::SAMPLES_PER_PIXEL, 1u16);
        data_set.put(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2");
        data_set.put(tags::ROWS, self.n_rows as u16);
        data_set.put(tags::COLUMNS, self.n_cols as u16);
        data_set.put(tags::BITS_ALLOCATED, 16u16);
        data_set.put(tags::BITS_STORED, 16u16);
        data_set.put(tags::HIGH_BIT, 15u16);
        data_set.put(tags::PIXEL_REPRESENTATION, 1u16);
        data_set.put(tags::RESCALE_INTERCEPT, "0");
        data_set.put(tags::RESCALE_SLOPE, "1");
        // A projection has no CT numbers.
        data_set.put(
            tags::RESCALE_TYPE,
            if self.kind == SeriesKind::Axial {
                "HU"
            } else {
                "US"
            },
        );
        let (centers, widths) = match self.kind {
            SeriesKind::Localizer => ("250", "1500"),
            SeriesKind::Axial => ("40\\-600", "400\\1500"),
        };
        data_set.put(tags::WINDOW_CENTER, centers);
        data_set.put(tags::WINDOW_WIDTH, widths);
        if self.kind == SeriesKind::Axial {
            data_set.put(tags::WINDOW_CENTER_WIDTH_EXPLANATION, "SOFT TISSUE\\LUNG");
        }
    }
}

/// Writes the General Study and Patient Study modules (PS3.3 C.7.2).
pub(crate) fn put_study(data_set: &mut DataSet, study: &Study, patient: &Patient) {
    data_set.put(tags::STUDY_INSTANCE_UID, study.study_uid.as_str());
    data_set.put(tags::STUDY_DATE, study.date.as_str());
    data_set.put(tags::STUDY_TIME, "101000");
    data_set.put(tags::STUDY_ID, study.accession_number.as_str());
    data_set.put(tags::ACCESSION_NUMBER, study.accession_number.as_str());
    data_set.put(tags::STUDY_DESCRIPTION, study.description.as_str());
    data_set.put(tags::REFERRING_PHYSICIAN_NAME, "");
    let year = |date: &str| date.get(..4).and_then(|digits| digits.parse::<i32>().ok());
    if let (Some(now), Some(born)) = (year(&study.date), year(&patient.birth_date)) {
        let before_birthday = study.date.get(4..) < patient.birth_date.get(4..);
        data_set.put(
            tags::PATIENT_AGE,
            format!("{:03}Y", now - born - i32::from(before_birthday)),
        );
    }
}

/// Writes the General Equipment module (PS3.3 C.7.5.1).
pub(crate) fn put_equipment(data_set: &mut DataSet) {
    data_set.put(tags::MANUFACTURER, "PHANTOM");
    data_set.put(tags::INSTITUTION_NAME, "PHANTOM");
    data_set.put(tags::STATION_NAME, "PHANTOM");
    data_set.put(tags::MANUFACTURER_MODEL_NAME, "PHANTOM CT");
    data_set.put(tags::DEVICE_SERIAL_NUMBER, "1");
    data_set.put(tags::SOFTWARE_VERSIONS, "1");
}
