//! Each way of misleading is seen, said and shown as it must be: codes and volumes, exactly.

use phantom::hazards::{Hazard, all};

use crate::builder::{codes, scan_files, volumes};

fn found(hazard: &Hazard) -> (Vec<&'static str>, Vec<String>) {
    let files = hazard.files();
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|f| (f.name.as_str(), f.bytes.clone()))
        .collect();
    let (_folder, scan) = scan_files(&files);
    let parts = volumes(&scan);
    let parts = parts.iter().map(|plan| {
        let kind = series::geometry_kind_name(plan.kind);
        line(kind, plan.n_slices(), plan.n_missing(), &plan.label)
    });
    (codes(&scan), parts.collect())
}

fn line(kind: &str, n_slices: usize, n_missing: usize, label: &str) -> String {
    format!("{kind} of {n_slices}, {n_missing} missing: {label}")
}

#[test]
fn every_hazard_gives_its_warnings_and_no_others() {
    let mut wrong = Vec::new();
    let hazards = all();
    for hazard in &hazards {
        let (codes, parts) = found(hazard);
        let expected: Vec<String> = hazard
            .parts
            .iter()
            .map(|p| line(p.kind, p.n_slices, p.n_missing, p.label))
            .collect();
        if codes != hazard.codes || parts != expected {
            wrong.push(format!(
                "{}:\n  codes {codes:?}, not {:?}\n  parts {parts:#?}, not {expected:#?}",
                hazard.name, hazard.codes
            ));
        }
    }
    println!("{} hazards", hazards.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
