//! What `scan --json` says, written as it is read: a folder may hold a hundred thousand studies.

use serde::{Serialize, Serializer};
use space::{PatientPoint, PlaneFrame};
use volume::{Quantity, ValueUnit};

use crate::model::{
    Document, DocumentKind, Patient, Scan, Series, Study, VolumePlan, geometry_kind_name,
};
use crate::warning::Warning;

/// The answer of `scan --json`, schema `overread.scan/1`, as something to be written.
#[derive(Clone, Copy, Debug)]
pub struct ScanJson<'a>(pub &'a Scan);

impl Serialize for ScanJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(scan) = *self;
        ScanView {
            schema: "overread.scan/1",
            n_files: scan.n_files,
            studies: Each(&scan.studies, StudyView::of),
            warnings: &scan.warnings,
        }
        .serialize(serializer)
    }
}

/// A list whose items are made when they are written.
struct Each<'a, T, V>(&'a [T], fn(&'a T) -> V);

impl<'a, T, V: Serialize> Serialize for Each<'a, T, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

#[derive(Serialize)]
struct ScanView<'a> {
    schema: &'static str,
    n_files: usize,
    studies: Each<'a, Study, StudyView<'a>>,
    warnings: &'a [Warning],
}

#[derive(Serialize)]
struct StudyView<'a> {
    study_instance_uid: &'a str,
    patient: &'a Patient,
    date: &'a str,
    time: &'a str,
    description: &'a str,
    accession: &'a str,
    series: Each<'a, Series, SeriesView<'a>>,
    documents: Each<'a, Document, DocumentView<'a>>,
}

impl<'a> StudyView<'a> {
    fn of(study: &'a Study) -> Self {
        Self {
            study_instance_uid: &study.study_instance_uid,
            patient: &study.patient,
            date: &study.date,
            time: &study.time,
            description: &study.description,
            accession: &study.accession,
            series: Each(&study.series, SeriesView::of),
            documents: Each(&study.documents, DocumentView::of),
        }
    }
}

#[derive(Serialize)]
struct SeriesView<'a> {
    series_instance_uid: &'a str,
    number: Option<i64>,
    modality: &'a str,
    description: &'a str,
    body_part: &'a str,
    laterality: &'a str,
    frame_of_reference_uid: Option<&'a str>,
    n_instances: usize,
    n_frames: usize,
    transfer_syntaxes: &'a [String],
    volumes: Each<'a, VolumePlan, VolumeView<'a>>,
}

impl<'a> SeriesView<'a> {
    fn of(series: &'a Series) -> Self {
        Self {
            series_instance_uid: &series.series_instance_uid,
            number: series.number,
            modality: &series.modality,
            description: &series.description,
            body_part: &series.body_part,
            laterality: &series.laterality,
            frame_of_reference_uid: series.frame_of_reference_uid.as_deref(),
            n_instances: series.n_instances,
            n_frames: series.n_frames,
            transfer_syntaxes: &series.transfer_syntaxes,
            volumes: Each(&series.volumes, VolumeView::of),
        }
    }
}

#[derive(Serialize)]
struct VolumeView<'a> {
    kind: &'static str,
    label: &'a str,
    n_slices: usize,
    n_missing: usize,
    rows: u16,
    columns: u16,
    spacing_mm: [f64; 3],
    origin_mm: PatientPoint,
    /// What side lies at the left, right, top and bottom of the pictures as they are stored; `None` where none is known.
    letters: Option<[String; 4]>,
    direction: [f64; 9],
    bits_stored: u16,
    photometric: &'static str,
    /// The unit of modality values; `None`: stored units.
    unit: Option<&'a str>,
    quantities: Vec<QuantityView>,
    n_padding_ranges: usize,
    n_overlays: usize,
    n_subtractions: usize,
    n_ultrasound_regions: usize,
    warnings: &'a [Warning],
}

impl<'a> VolumeView<'a> {
    fn of(plan: &'a VolumePlan) -> Self {
        let meaning = plan.meaning();
        Self {
            kind: geometry_kind_name(plan.kind),
            label: &plan.label,
            n_slices: plan.n_slices(),
            n_missing: plan.n_missing(),
            rows: plan.format.rows,
            columns: plan.format.columns,
            spacing_mm: plan.grid.spacing_mm(),
            origin_mm: plan.grid.origin,
            letters: letters(plan),
            direction: plan.direction(),
            bits_stored: plan.format.bits_stored,
            photometric: plan.format.photometric.term(),
            unit: unit(&plan.unit),
            n_padding_ranges: meaning.excluded.len()
                + meaning.slice_padding.iter().flatten().count(),
            n_overlays: plan.n_overlays(),
            n_subtractions: plan.subtractions().len(),
            n_ultrasound_regions: meaning.regions.iter().map(|r| r.len()).max().unwrap_or(0),
            quantities: meaning
                .quantities
                .into_iter()
                .map(QuantityView::of)
                .collect(),
            warnings: &plan.warnings,
        }
    }
}

fn letters(plan: &VolumePlan) -> Option<[String; 4]> {
    let frame = PlaneFrame::native(&plan.grid)?;
    let letters = plan.placed.edge_letters(&frame)?;
    Some([letters.left, letters.right, letters.top, letters.bottom])
}

fn unit(unit: &ValueUnit) -> Option<&str> {
    match unit {
        ValueUnit::Hounsfield => Some("HU"),
        ValueUnit::Named(name) => Some(name),
        ValueUnit::Stored => None,
    }
}

#[derive(Serialize)]
struct QuantityView {
    name: String,
    unit: String,
    provenance: String,
}

impl QuantityView {
    fn of(quantity: Quantity) -> Self {
        Self {
            name: quantity.name,
            unit: quantity.unit,
            provenance: quantity.provenance,
        }
    }
}

#[derive(Serialize)]
struct DocumentView<'a> {
    kind: DocumentKind,
    title: &'a str,
    sop_instance_uid: &'a str,
    modality: &'a str,
    path: String,
}

impl<'a> DocumentView<'a> {
    fn of(document: &'a Document) -> Self {
        Self {
            kind: document.kind,
            title: &document.title,
            sop_instance_uid: &document.sop_instance_uid,
            modality: &document.modality,
            path: document.source.shown_path().to_string_lossy().into_owned(),
        }
    }
}
