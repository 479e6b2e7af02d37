use serde_json::{Value, json};
use space::PlaneFrame;
use volume::{Quantity, ValueUnit};

use crate::model::{Document, Scan, Series, Study, VolumePlan, geometry_kind_name};
use crate::warning::Warning;

/// The answer of `scan --json`: schema `overread.scan/1`.
pub fn to_scan_json(scan: &Scan) -> Value {
    json!({
        "schema": "overread.scan/1",
        "n_files": scan.n_files,
        "studies": scan.studies.iter().map(study).collect::<Vec<_>>(),
        "warnings": scan.warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

fn study(study: &Study) -> Value {
    json!({
        "study_instance_uid": study.study_instance_uid,
        "patient": study.patient,
        "date": study.date,
        "time": study.time,
        "description": study.description,
        "accession": study.accession,
        "series": study.series.iter().map(series).collect::<Vec<_>>(),
        "documents": study.documents.iter().map(document).collect::<Vec<_>>(),
    })
}

fn series(series: &Series) -> Value {
    json!({
        "series_instance_uid": series.series_instance_uid,
        "number": series.number,
        "modality": series.modality,
        "description": series.description,
        "body_part": series.body_part,
        "laterality": series.laterality,
        "frame_of_reference_uid": series.frame_of_reference_uid,
        "n_instances": series.n_instances,
        "n_frames": series.n_frames,
        "transfer_syntaxes": series.transfer_syntaxes,
        "volumes": series.volumes.iter().map(volume).collect::<Vec<_>>(),
    })
}

fn volume(plan: &VolumePlan) -> Value {
    let meaning = plan.meaning();
    json!({
        "kind": geometry_kind_name(plan.kind),
        "label": plan.label,
        "n_slices": plan.n_slices(),
        "n_missing": plan.n_missing(),
        "rows": plan.format.rows,
        "columns": plan.format.columns,
        "spacing_mm": plan.grid.spacing_mm(),
        "origin_mm": plan.grid.origin,
        "letters": letters(plan),
        "direction": plan.direction(),
        "bits_stored": plan.format.bits_stored,
        "photometric": plan.format.photometric.term(),
        "unit": unit(&plan.unit),
        "quantities": meaning.quantities.iter().map(quantity).collect::<Vec<_>>(),
        "n_padding_ranges": meaning.excluded.len(),
        "n_overlays": plan.n_overlays(),
        "n_subtractions": plan.subtractions().len(),
        "n_ultrasound_regions": meaning.regions.iter().map(|r| r.len()).max().unwrap_or(0),
        "warnings": plan.warnings.iter().map(warning).collect::<Vec<_>>(),
    })
}

/// What side lies at the left, right, top and bottom of the pictures as they are stored; `null` where none is known.
fn letters(plan: &VolumePlan) -> Option<[String; 4]> {
    let frame = PlaneFrame::native(&plan.grid)?;
    let letters = plan.placed.edge_letters(&frame)?;
    Some([letters.left, letters.right, letters.top, letters.bottom])
}

/// The unit of modality values; null: stored units.
fn unit(unit: &ValueUnit) -> Value {
    match unit {
        ValueUnit::Hounsfield => json!("HU"),
        ValueUnit::Named(name) => json!(name),
        ValueUnit::Stored => Value::Null,
    }
}

fn quantity(quantity: &Quantity) -> Value {
    json!({
        "name": quantity.name,
        "unit": quantity.unit,
        "provenance": quantity.provenance,
    })
}

fn document(document: &Document) -> Value {
    json!({
        "kind": document.kind,
        "title": document.title,
        "sop_instance_uid": document.sop_instance_uid,
        "modality": document.modality,
        "path": document.source.shown_path(),
    })
}

fn warning(warning: &Warning) -> Value {
    json!(warning)
}
