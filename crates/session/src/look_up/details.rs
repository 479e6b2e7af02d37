use series::{Capture, Fidelity, VolumePlan, geometry_kind_name};
use space::PlaneFrame;
use volume::{Placement, SpacingSource, ValueUnit};

use super::why::WindowWhy;
use crate::library::Shelved;

/// One fact of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// What it is about.
    pub kind: DetailKind,
    /// The fact.
    pub value: DetailValue,
}

/// A fact, in figures or as one of the words that the screen has for it.
#[derive(Clone, Debug, PartialEq)]
pub enum DetailValue {
    /// Figures, UIDs, and words of the file.
    Text(String),
    /// Where millimetres come from.
    Spacing(SpacingSource),
    /// Bit for bit, or lossy.
    Fidelity(Fidelity),
    /// Acquired, or captured from something else.
    Capture(Capture),
    /// Where the first window comes from.
    Window(WindowWhy),
    /// A sentence about something that was guessed or is missing.
    Warning(String),
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is the word of its name
pub enum DetailKind {
    SeriesUid,
    Modality,
    Kind,
    Size,
    Missing,
    Spacing,
    SpacingFrom,
    Origin,
    Directions,
    Edges,
    FrameOfReference,
    Photometric,
    Bits,
    Unit,
    Quantity,
    Window,
    TransferSyntax,
    Fidelity,
    Capture,
    Warning,
}

/// What is known of the series that a volume is of.
pub(super) fn details_of(shelved: &Shelved) -> Vec<Detail> {
    let plan: &VolumePlan = &shelved.plan;
    let mut details = Vec::new();
    let mut add = |kind, value| details.push(Detail { kind, value });
    let text = |text: &str| DetailValue::Text(text.to_owned());
    add(DetailKind::SeriesUid, text(&plan.series_instance_uid));
    add(DetailKind::Modality, text(&shelved.modality));
    let kind = match plan.label.as_str() {
        "" => geometry_kind_name(plan.kind).to_owned(),
        label => format!("{} · {label}", geometry_kind_name(plan.kind)),
    };
    add(DetailKind::Kind, DetailValue::Text(kind));
    let (format, n) = (&plan.format, plan.n_slices());
    let size = format!("{} × {} × {n}", format.columns, format.rows);
    add(DetailKind::Size, DetailValue::Text(size));
    if 0 < plan.n_missing() {
        let missing = format!("{} / {n}", plan.n_missing());
        add(DetailKind::Missing, DetailValue::Text(missing));
    }
    if plan.spacing_source != SpacingSource::Unknown {
        let [x, y, z] = plan.grid.spacing_mm();
        let spacing = match plan.kind {
            volume::GeometryKind::Volume => format!("{x:.4} × {y:.4} × {z:.4} mm"),
            _ => format!("{x:.4} × {y:.4} mm"),
        };
        add(DetailKind::Spacing, DetailValue::Text(spacing));
    }
    add(
        DetailKind::SpacingFrom,
        DetailValue::Spacing(plan.spacing_source),
    );
    if plan.placed == Placement::InPatient {
        let o = plan.grid.origin;
        let origin = format!("{:.2} \\ {:.2} \\ {:.2} mm", o.x_mm, o.y_mm, o.z_mm);
        add(DetailKind::Origin, DetailValue::Text(origin));
        let directions = plan.direction().map(|d| format!("{d:.5}")).join(" \\ ");
        add(DetailKind::Directions, DetailValue::Text(directions));
    }
    let frame = PlaneFrame::native(&plan.grid);
    if let Some(letters) = frame.and_then(|frame| plan.placed.edge_letters(&frame)) {
        let edges = [letters.left, letters.right, letters.top, letters.bottom];
        add(DetailKind::Edges, DetailValue::Text(edges.join(" ")));
    }
    if !shelved.frame_of_reference.is_empty() {
        add(
            DetailKind::FrameOfReference,
            text(&shelved.frame_of_reference),
        );
    }
    add(DetailKind::Photometric, text(format.photometric.term()));
    let bits = format!("{} / {}", format.bits_stored, format.bits_allocated);
    add(DetailKind::Bits, DetailValue::Text(bits));
    match &plan.unit {
        ValueUnit::Hounsfield => add(DetailKind::Unit, text("HU")),
        ValueUnit::Named(name) => add(DetailKind::Unit, text(name)),
        ValueUnit::Stored => {}
    }
    for quantity in plan.meaning().quantities {
        let said = format!(
            "{} ({}): {}",
            quantity.name, quantity.unit, quantity.provenance
        );
        add(DetailKind::Quantity, DetailValue::Text(said));
    }
    let window = match plan.voi.first() {
        Some(voi) => WindowWhy::File {
            number: 1,
            n: plan.voi.len(),
            explanation: voi.explanation().unwrap_or_default().to_owned(),
        },
        None => WindowWhy::Estimated,
    };
    add(DetailKind::Window, DetailValue::Window(window));
    for uid in plan.transfer_syntaxes() {
        add(DetailKind::TransferSyntax, DetailValue::Text(uid));
    }
    add(DetailKind::Fidelity, DetailValue::Fidelity(plan.fidelity));
    add(DetailKind::Capture, DetailValue::Capture(plan.capture));
    for warning in shelved.warnings() {
        add(
            DetailKind::Warning,
            DetailValue::Warning(warning.text.clone()),
        );
    }
    details
}
