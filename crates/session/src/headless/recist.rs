//! The response of a tumour from the findings of a read (RECIST 1.1).

use case::{
    Assertion, Finding, FindingId, NewLesion, Others, Response, Target, TargetKind, TargetSize,
    overall_response, problems_of_targets, sum_mm, target_response,
};
use serde_json::{Value, json};

use crate::{Session, SessionError};

/// What a response is counted from besides the marks of the findings.
#[derive(Clone, Debug, Default)]
pub struct RecistRequest {
    /// Target lesions: their longest diameter counts.
    pub targets: Vec<FindingId>,
    /// Target lymph nodes: their short axis counts.
    pub nodes: Vec<FindingId>,
    /// Of these, those that are there and too small to measure.
    pub too_small: Vec<FindingId>,
    /// Of these, those that cannot be told from these images.
    pub not_evaluable: Vec<FindingId>,
    /// The sum at the start, mm; `None`: this is the start.
    pub baseline_mm: Option<f64>,
    /// The smallest sum since, mm; `None`: that of the start.
    pub nadir_mm: Option<f64>,
    /// The response of the other lesions; `None`: there were none at the start.
    pub non_target: Option<Response>,
    /// Is there a new lesion? A finding that says so counts as well.
    pub new_lesion: bool,
}

/// Counts the response from the marks of the second read of the open case. At the start it gives the sum and says what is
/// wrong with the choice of targets.
///
/// # Errors
/// When a finding does not exist or has no diameter in mm, or a sum is no length.
pub fn recist(session: &Session, request: &RecistRequest) -> Result<Value, SessionError> {
    for sum in [request.baseline_mm, request.nadir_mm]
        .into_iter()
        .flatten()
    {
        if !(sum.is_finite() && 0.0 <= sum) {
            return Err(SessionError::Usage(
                "a sum of diameters is a length in mm, 0 or more".into(),
            ));
        }
    }
    if request.baseline_mm.is_none() && request.nadir_mm.is_some() {
        return Err(SessionError::Usage(
            "a smallest sum needs the sum at the start; give --baseline-mm".into(),
        ));
    }
    let named = |ids: &[FindingId], kind| ids.iter().map(move |id| (*id, kind)).collect::<Vec<_>>();
    let mut chosen = named(&request.targets, TargetKind::Lesion);
    chosen.extend(named(&request.nodes, TargetKind::Node));
    let mut ids: Vec<FindingId> = chosen.iter().map(|(id, _)| *id).collect();
    ids.sort();
    ids.dedup();
    let stray = request.too_small.iter().chain(&request.not_evaluable);
    if ids.len() < chosen.len() || stray.clone().any(|id| !ids.contains(id)) {
        return Err(SessionError::Usage(
            "each target is named once, with --target or --node, before more is said of it".into(),
        ));
    }
    let mut targets = Vec::new();
    let mut rows = Vec::new();
    for (id, kind) in chosen {
        let (target, title) = target(session, id, kind, request)?;
        rows.push(json!({
            "finding": id.to_string(), "title": title, "organ": target.organ, "kind": target.kind,
            "axis": match kind { TargetKind::Lesion => "longest diameter", TargetKind::Node => "short axis" },
            "mm": target.size.mm(),
        }));
        targets.push(target);
    }
    let new = match request.new_lesion {
        true => NewLesion::Yes,
        false => NewLesion::No,
    };
    let sum = sum_mm(&targets);
    let others = request.non_target.map_or(Others::None, Others::Response);
    let mut value = json!({
        "schema": "overread.recist/1", "rules": "RECIST 1.1", "id": session.case().map(|c| c.id()),
        "targets": rows, "sum_mm": sum, "new_lesion": request.new_lesion, "non_target": request.non_target,
    });
    let Some(baseline) = request.baseline_mm else {
        value["problems"] = json!(problems_of_targets(&targets));
        return Ok(value);
    };
    let nadir = request.nadir_mm.unwrap_or(baseline).min(baseline);
    let response = (!targets.is_empty()).then(|| target_response(&targets, baseline, nadir));
    let percent = |from: f64| (0.0 < from).then(|| (sum - from) / from * 100.0);
    value["baseline_mm"] = json!(baseline);
    value["nadir_mm"] = json!(nadir);
    value["from_baseline_percent"] = json!(percent(baseline));
    value["from_nadir_percent"] = json!(percent(nadir));
    value["from_nadir_mm"] = json!(sum - nadir);
    value["target"] = json!(response);
    value["overall"] = json!(overall_response(response, others, new));
    Ok(value)
}

fn target(
    session: &Session,
    id: FindingId,
    kind: TargetKind,
    request: &RecistRequest,
) -> Result<(Target, String), SessionError> {
    let case = session
        .case()
        .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
    let now = case.findings_now();
    let finding: &Finding = now
        .iter()
        .find(|finding| finding.id == id)
        .ok_or_else(|| SessionError::Usage(format!("the second read has no finding {id}")))?;
    let size = if request.not_evaluable.contains(&id) {
        TargetSize::NotEvaluable
    } else if request.too_small.contains(&id) {
        TargetSize::TooSmall
    } else if finding.assertion == Assertion::Absent {
        TargetSize::Gone
    } else {
        let mm = case.finding_size_mm(id).unwrap_or_default();
        let measured = match kind {
            TargetKind::Lesion => mm.first(),
            TargetKind::Node => mm.get(1),
        };
        let measured = measured.copied().ok_or_else(|| {
            let needs = match kind {
                TargetKind::Lesion => "a length or two diameters in mm",
                TargetKind::Node => "two diameters in mm, of which the short one counts",
            };
            SessionError::Usage(format!(
                "{id} has no size; measure {needs}, or say --too-small or --not-evaluable"
            ))
        })?;
        TargetSize::Measured(measured)
    };
    let organ = finding
        .site
        .clone()
        .or(finding.level.clone())
        .unwrap_or_default();
    Ok((Target { organ, kind, size }, finding.title()))
}
