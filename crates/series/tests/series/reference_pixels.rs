//! Stored, modality and display values, colours and overlays against those of pydicom, where they are at hand.
//!
//! `tests/pixel_reference.py` writes a folder of objects and beside them what pydicom makes of each.

use std::path::{Path, PathBuf};

use serde_json::Value;
use series::VolumePlan;
use volume::{SliceVoxels, Volume};

use crate::builder::{scan_path, volumes};

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("OVERREAD_PIXEL_REFERENCE")?);
    folder.join("cases.json").is_file().then_some(folder)
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|v| match v.as_array() {
            Some(inner) => inner.iter().map(|v| v.as_f64().unwrap()).collect(),
            None => vec![v.as_f64().unwrap()],
        })
        .collect()
}

fn decoded(plan: &VolumePlan) -> Volume {
    let volume = plan.empty_volume();
    let order: Vec<usize> = (0..plan.n_slices()).collect();
    let warnings = series::decode_into(plan, &volume, &order, &|_| {}, &|| false);
    assert!(warnings.is_empty(), "{warnings:?}");
    volume
}

/// Every value of every slice, by what it is called in `cases.json`.
fn ours(plan: &VolumePlan, volume: &Volume, what: &str) -> Vec<f64> {
    let slices = 0..plan.n_slices();
    let [columns, rows] = volume.slice_size();
    let places = || (0..rows).flat_map(move |r| (0..columns).map(move |c| (r, c)));
    match what {
        "stored" => slices
            .flat_map(|k| places().map(move |(r, c)| (k, r, c)))
            .map(|(k, r, c)| volume.stored_value(k, r, c).unwrap())
            .collect(),
        "modality" => slices
            .flat_map(|k| volume.slice_values(k).unwrap())
            .collect(),
        "display" => slices
            .flat_map(|k| volume.slice_values(k).unwrap())
            .map(|v| volume.voi[0].display(v))
            .collect(),
        "overlay" => slices
            .flat_map(|k| series::read_overlays(plan, k).unwrap().overlays)
            .flat_map(|o| {
                places()
                    .map(move |(r, c)| f64::from(o.is_set(c, r)))
                    .collect::<Vec<_>>()
            })
            .collect(),
        "colours" => slices
            .flat_map(|k| {
                let voxels = series::decode_slice(plan, k).unwrap();
                match &plan.palette {
                    Some(palette) => palette.to_rgb(&voxels).unwrap(),
                    None => voxels,
                }
                .into_channels()
            })
            .collect(),
        other => panic!("{other}"),
    }
}

trait Channels {
    fn into_channels(self) -> Vec<f64>;
}

impl Channels for SliceVoxels {
    fn into_channels(self) -> Vec<f64> {
        match self {
            Self::Rgb8(v) => v.iter().flatten().map(|c| f64::from(*c)).collect(),
            Self::Rgb16(v) => v.iter().flatten().map(|c| f64::from(*c)).collect(),
            other => panic!("{:?} is no colour", other.stored()),
        }
    }
}

/// How far values may be apart: stored ones not at all, computed ones by the rounding of 64-bit floats, and colours of
/// YBR and of segmented palettes by one level, because halves are rounded either way.
fn tolerance(file: &str, what: &str, want: f64) -> f64 {
    match what {
        "modality" | "display" => 1e-6 * want.abs().max(1.0),
        "colours" if ["YBR", "422", "segmented"].iter().any(|s| file.contains(s)) => 1.0,
        _ => 0.0,
    }
}

fn check(folder: &Path, case: &Value) -> Result<usize, String> {
    let file = case["file"].as_str().unwrap();
    let scan = scan_path(&folder.join(file));
    let plans = volumes(&scan);
    let [plan] = plans.as_slice() else {
        return Err(format!(
            "{file}: {} volumes, {:?}",
            plans.len(),
            scan.warnings
        ));
    };
    let volume = decoded(plan);
    let mut n_values = 0;
    for (what, value) in case
        .as_object()
        .unwrap()
        .iter()
        .filter(|(k, _)| *k != "file")
    {
        let (want, got) = (numbers(value), ours(plan, &volume, what));
        if want.len() != got.len() {
            return Err(format!("{file}: {} {what}, not {}", got.len(), want.len()));
        }
        for (i, (want, got)) in want.iter().zip(&got).enumerate() {
            if tolerance(file, what, *want) < (want - got).abs() {
                return Err(format!("{file}: {what} {i} is {got}, not {want}"));
            }
        }
        n_values += want.len();
    }
    Ok(n_values)
}

#[test]
fn every_value_is_that_of_another_program() {
    let Some(folder) = folder() else {
        println!("1 data tests skipped: no pixel reference (set OVERREAD_PIXEL_REFERENCE)");
        return;
    };
    let text = std::fs::read_to_string(folder.join("cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut n_values, mut wrong) = (0, Vec::new());
    for case in &cases {
        match check(&folder, case) {
            Ok(n) => n_values += n,
            Err(what) => wrong.push(what),
        }
    }
    println!(
        "{} objects, {n_values} values compared, {} differ",
        cases.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(100 < cases.len());
}
