#![allow(clippy::unwrap_used)]

use case::*;
use space::{Orientation, PatientPoint};

/// A grey ramp with a bright disc, so that a page shows something.
pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let pixels = image::GrayImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (
            f64::from(x) - 0.4 * f64::from(width),
            f64::from(y) - 0.55 * f64::from(height),
        );
        let disc = if dx.hypot(dy) < 0.12 * f64::from(width) {
            150.0
        } else {
            0.0
        };
        image::Luma([(disc + 80.0 * f64::from(y) / f64::from(height)) as u8])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

pub fn study(uid: &str, date: &str) -> StudyRef {
    StudyRef {
        study_instance_uid: uid.into(),
        patient_name: "Hartley^Rowan".into(),
        patient_id: "DEMO-0051".into(),
        patient_birth_date: "19680214".into(),
        patient_sex: "M".into(),
        patient_age: "058Y".into(),
        study_date: date.into(),
        study_time: "101500".into(),
        description: "CT chest without contrast".into(),
        accession_number: "ACC-90017".into(),
        modalities: vec!["CT".into()],
        body_parts: Vec::new(),
        paths: vec!["images/Hartley".into()],
        n_images: 275,
        manifest: (1..=4)
            .map(|n| ManifestItem {
                sop_instance_uid: format!("{uid}.{n}"),
                sha256: Sha256::of(&[n]),
            })
            .collect(),
    }
}

pub fn annotation(number: u32, geometry: Geometry, values: Vec<MeasuredValue>) -> Annotation {
    Annotation {
        id: AnnotationId(number),
        finding: Some(FindingId(1)),
        geometry,
        frame_of_reference_uid: "2.25.9".into(),
        image: ImageRef {
            series_instance_uid: "2.25.1.5".into(),
            sop_instance_uid: "2.25.1.1".into(),
            frame_number: 1,
            tile_number: None,
        },
        shown: Shown {
            centre: PatientPoint::new(0.0, 0.0, -112.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 0.7,
            window_center: Some(-600.0),
            window_width: Some(1500.0),
        },
        values,
    }
}

pub fn value(name: &str, value: f64, unit: &str) -> MeasuredValue {
    MeasuredValue {
        name: name.into(),
        value,
        unit: unit.into(),
        source: "Pixel Spacing (0028,0030)".into(),
    }
}

pub fn statement(number: u32, section: SectionKind, whole: &str, text: &str) -> Statement {
    let start = whole.find(text).unwrap();
    Statement {
        id: StatementId(number),
        section,
        text: text.into(),
        span: [start, start + text.len()],
        facts: vec![],
        categories: Vec::new(),
    }
}
