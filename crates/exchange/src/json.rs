use case::{Blinding, Case, Class, Comparison, SealStage, StudyRef, Verdict, VolumeCoverage};
use serde_json::{Value, json};

use crate::content::{limitation_lines, open_comparison};
use crate::identifiers::Identifiers;
use crate::package::manifest_digest;
use crate::rows::{score, second_text};
use crate::words::{NOT_FOR_DIAGNOSIS, PROGRAM};
use crate::{Deidentify, OutputContext};

/// Name and version of the form.
pub(crate) const SCHEMA: &str = "overread.case-export/1";

/// Everything structured that a case holds and its reader may see: study, findings with marks in patient space (LPS, mm)
/// and values with their source, statements, rows with verdicts, outcome, seals, limitations.
///
/// While the case is blinded `comparison` is null and nothing else speaks of the first report but its digest and standing.
pub fn json(case: &Case, context: &OutputContext) -> Value {
    let identifiers = Identifiers::of(case, context.deidentify);
    let deidentified = context.deidentify == Deidentify::Yes;
    json!({
        "schema": SCHEMA,
        "notice": NOT_FOR_DIAGNOSIS,
        "program": { "name": PROGRAM, "version": context.build },
        "printed": { "at": context.printed_at, "by": context.actor },
        "deidentified": deidentified,
        "case": {
            "id": case.id(),
            "stage": case.stage(),
            "protocol": case.protocol(),
            "protocol_version": case.rules().version,
            "ledger": case.rules().ledger,
            "question": identifiers.clean(case.question()),
            "blinding": blinding(case, &identifiers),
            "was_blinded_until_sealed": case.was_blinded_until_sealed(),
            "completeness": case.completeness().iter().map(|item| json!({
                "code": item.code, "severity": item.severity, "text": identifiers.clean(&item.text), "settled": item.settled,
            })).collect::<Vec<_>>(),
        },
        "study": case.study().map(|study| study_json(study, &identifiers)),
        "priors": case.priors().iter().map(|study| study_json(study, &identifiers)).collect::<Vec<_>>(),
        "reports": reports(case, &identifiers),
        "second_read": second_read(case, &identifiers),
        "comparison": open_comparison(case).map(|comparison| comparison_json(case, comparison, &identifiers)),
        "earlier_comparisons": if case.is_blinded() {
            Value::Null
        } else {
            identifiers.clean_json(&json!(case.earlier_comparisons()))
        },
        "correction": case.correction().filter(|_| !case.is_blinded()).map(|c| identifiers.clean_json(&json!(c))),
        "amendments": amendments(case, &identifiers),
        "third_read": third_read(case, &identifiers),
        "audit": open_comparison(case).and(case.audit()),
        "critical_findings": critical_findings(case, &identifiers),
        "follow_ups": follow_ups(case, &identifiers),
        "seals": seals(case),
        "limitations": limitation_lines(case, context, &identifiers),
        "log": { "n_entries": case.n_entries(), "head": case.log_head() },
    })
}

fn blinding(case: &Case, identifiers: &Identifiers) -> Value {
    match case.blinding() {
        Blinding::Blinded => json!({ "state": "blinded" }),
        Blinding::RevealedAfterSeal { at } => json!({ "state": "revealed_after_seal", "at": at }),
        Blinding::RevealedEarly { at, reason } => {
            json!({ "state": "revealed_early", "at": at, "reason": identifiers.clean(reason) })
        }
    }
}

pub(crate) fn study_json(study: &StudyRef, identifiers: &Identifiers) -> Value {
    json!({
        "study_instance_uid": study.study_instance_uid,
        "patient": {
            "name": identifiers.field(&study.patient_name),
            "id": identifiers.field(&study.patient_id),
            "birth_date": identifiers.field(&study.patient_birth_date),
            "sex": study.patient_sex,
            "age": study.patient_age,
        },
        "date": study.study_date,
        "time": study.study_time,
        "description": identifiers.clean(&study.description),
        "accession_number": identifiers.field(&study.accession_number),
        "modalities": study.modalities,
        "n_images": study.n_images,
        "manifest_sha256": manifest_digest(study),
    })
}

/// Versions of the first report without a word of it. What intake learned stays out: it is for the coordinator alone.
pub(crate) fn reports(case: &Case, identifiers: &Identifiers) -> Vec<Value> {
    let report = |report: &case::ReportVersion| {
        json!({
            "version": report.version,
            "sha256": report.sha256,
            "n_bytes": report.n_bytes,
            "format": report.format,
            "status": report.status,
            "replaces": report.replaces,
            "withdrawn": report.withdrawn.as_deref().map(|reason| identifiers.clean(reason)),
        })
    };
    case.reports().iter().map(report).collect()
}

fn second_read(case: &Case, identifiers: &Identifiers) -> Value {
    let read = case.read();
    let findings: Vec<Value> = read
        .findings
        .iter()
        .map(|finding| {
            json!({
                "id": finding.id.to_string(),
                "title": identifiers.clean(&finding.title()),
                "concept": identifiers.clean(&finding.concept),
                "assertion": finding.assertion,
                "side": finding.side,
                "site": finding.site.as_deref().map(|site| identifiers.clean(site)),
                "level": finding.level.as_deref().map(|level| identifiers.clean(level)),
                "severity": finding.severity,
                "change": finding.change,
                "confidence_percent": finding.confidence,
                "category": finding.category,
                "criticality": finding.criticality,
                "note": identifiers.clean(&finding.note),
                "key_image": finding.key_image,
                "annotations": read.annotations.iter().filter(|mark| mark.finding == Some(finding.id))
                    .map(|mark| annotation(mark, identifiers)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "reader": case.reader(),
        "started": read.started,
        "active_ms": read.active_ms.max(read.coverage.active_ms),
        "findings": findings,
        "impression": identifiers.clean(&read.impression),
        // Marks that belong to no finding: calibrations, levels of the spine, angles, values.
        "marks": read.annotations.iter().filter(|mark| mark.finding.is_none())
            .map(|mark| annotation(mark, identifiers)).collect::<Vec<_>>(),
        "anatomy_review": (!read.anatomy.is_empty()).then_some(&read.anatomy),
        "coverage": coverage(case),
        "sealed_at": read.seal.as_ref().map(|(_, at)| at),
        "limitations": read.limitations.iter().map(|line| identifiers.clean(line)).collect::<Vec<_>>(),
    })
}

fn annotation(mark: &case::Annotation, identifiers: &Identifiers) -> Value {
    let mut geometry = json!(mark.geometry);
    if let Some(Value::String(text)) = geometry.get_mut("text") {
        *text = identifiers.clean(text);
    }
    json!({
        "id": mark.id.to_string(),
        "space": "patient LPS, mm",
        "geometry": geometry,
        "frame_of_reference_uid": mark.frame_of_reference_uid,
        "image": mark.image,
        "shown": mark.shown,
        "values": mark.values,
    })
}

/// Per series and window class: slices seen of slices there are, how long and how large; and what planes went through.
fn coverage(case: &Case) -> Value {
    let coverage = &case.read().coverage;
    let lane = |(uid, lane, seen): (&String, &String, &Vec<bool>)| {
        let n_seen = seen.iter().filter(|&&seen| seen).count();
        let looks = coverage.looks.get(uid).and_then(|lanes| lanes.get(lane));
        json!({
            "lane": lane,
            "n_seen": n_seen,
            "n_slices": seen.len(),
            "runs_of_dwell_tenths_s": looks.map(|looks| &looks.dwell_ds),
            "runs_of_zoom_percent": looks.map(|looks| &looks.zoom_percent),
        })
    };
    let series = coverage.series.iter().map(|(uid, lanes)| {
        json!({
            "series_instance_uid": uid,
            "lanes": lanes.iter().map(|(name, seen)| lane((uid, name, seen))).collect::<Vec<_>>(),
            "planes": coverage.volumes.get(uid).map(planes),
        })
    });
    // A volume may have been read in planes alone, none of them along its slices.
    let only_planes = coverage
        .volumes
        .iter()
        .filter(|(uid, _)| !coverage.series.contains_key(*uid));
    let only_planes = only_planes.map(|(uid, volume)| {
        json!({ "series_instance_uid": uid, "lanes": [], "planes": planes(volume) })
    });
    Value::Array(series.chain(only_planes).collect())
}

/// What planes went through, with the layers of each window class as the record has them.
fn planes(volume: &VolumeCoverage) -> Value {
    json!({
        "percent_of_volume": volume.percent,
        "size_voxels": volume.size,
        "brick_voxels": volume.brick,
        "lanes": volume.lanes.iter().map(|(lane, layers)| json!({
            "lane": lane,
            "dwell_ms": layers.dwell_ms,
            "largest_zoom_percent": layers.zoom_percent,
            "runs_of_layers": layers.layers,
            "runs_of_columns": layers.columns,
            "columns_merged": layers.merged.max(1),
            "shortest_stretch_said": layers.shortest.max(1),
        })).collect::<Vec<_>>(),
    })
}

fn comparison_json(case: &Case, comparison: &Comparison, identifiers: &Identifiers) -> Value {
    let statements = |statements: &[case::Statement]| {
        let statement = |statement: &case::Statement| {
            json!({
                "id": statement.id.to_string(),
                "section": statement.section,
                "text": identifiers.clean(&statement.text),
                "span": statement.span,
                // Facts quote the words of the report, so without identifiers only their number is given.
                "facts": (!identifiers.are_left_out()).then_some(&statement.facts),
            })
        };
        statements.iter().map(statement).collect::<Vec<_>>()
    };
    let pair = |pair: &case::Pair| {
        json!({
            "id": pair.id.to_string(),
            "first": pair.first.map(|id| id.to_string()),
            "second": pair.second.map(|second| match second {
                case::SecondRef::Finding(id) => json!({ "finding": id.to_string() }),
                case::SecondRef::Sentence(id) => json!({ "sentence": id.to_string() }),
            }),
            "second_text": second_text(case, comparison, pair).map(|text| identifiers.clean(&text)),
            "proposed": pair.proposed,
            "rule": pair.rule,
            "confidence": pair.confidence,
            "verdict": pair.verdict.as_ref().map(|verdict| verdict_json(verdict, identifiers)),
        })
    };
    json!({
        "report_version": comparison.report_version,
        "first_author": identifiers.field(&comparison.first_author),
        "first_issued": comparison.first_issued,
        "first_text": identifiers.field(&comparison.first_text),
        "first_statements": statements(&comparison.first),
        "second_statements": statements(&comparison.second),
        "pairs": comparison.pairs.iter().map(pair).collect::<Vec<_>>(),
        "outcome": case.outcome(),
        "outcome_chosen_by_reader": comparison.outcome_chosen.is_some(),
        "summary": case.summary().map(|text| identifiers.clean(&text)),
        "summary_written_by_reader": comparison.summary_written.is_some(),
        "signed_at": comparison.seal.as_ref().map(|(_, at)| at),
    })
}

fn verdict_json(verdict: &Verdict, identifiers: &Identifiers) -> Value {
    let class =
        |class: &Class| json!({ "class": class, "letter": class.letter(), "label": class.label() });
    json!({
        "classes": verdict.classes.iter().map(class).collect::<Vec<_>>(),
        "error_type": verdict.error_type,
        "cause": verdict.cause,
        "biases": verdict.biases,
        "impact": verdict.impact,
        "detectability": verdict.detectability,
        "significance": verdict.significance,
        "score": score(verdict),
        "note": identifiers.clean(&verdict.note),
        "evidence": verdict.evidence,
    })
}

/// What the second reader changed after the reveal, and how far that led towards the first report.
fn amendments(case: &Case, identifiers: &Identifiers) -> Value {
    let list: Vec<Value> = case
        .amendments()
        .iter()
        .map(|amended| {
            let amendment = &amended.amendment;
            json!({
                "change": identifiers.clean_json(&json!(amendment.change)),
                "pair": amendment.pair.map(|pair| pair.to_string()),
                "direction": amendment.direction,
                "reason": identifiers.clean(&amendment.reason),
                "at": amended.at,
            })
        })
        .collect();
    let index = case.anchoring_index();
    json!({
        "changes": list,
        "anchoring": { "n_towards_first": index.n_towards_first, "n_findings": index.n_findings, "share": index.share() },
    })
}

/// The third read, once it is signed.
fn third_read(case: &Case, identifiers: &Identifiers) -> Option<Value> {
    let third = case.third_read()?;
    let (_, at) = third.seal.as_ref()?;
    let rows: Vec<Value> = third
        .verdicts
        .iter()
        .map(|(pair, verdict)| {
            json!({
                "pair": pair.to_string(),
                "upheld": verdict.upheld,
                "upheld_read": third.upheld_read(verdict),
                "sure": verdict.sure,
                "significance": verdict.significance,
                "note": identifiers.clean(&verdict.note),
                "evidence": verdict.evidence,
            })
        })
        .collect();
    Some(json!({
        "mode": third.mode, "reason": third.reason, "read_a": third.read_a, "reader": third.reader, "at": at,
        "rows": rows,
    }))
}

pub(crate) fn critical_findings(case: &Case, identifiers: &Identifiers) -> Vec<Value> {
    let told = |told: &case::Communication| {
        json!({
            "to": identifiers.clean(&told.to), "medium": told.medium, "read_back": told.read_back,
            "told_at": identifiers.clean(&told.told_at),
        })
    };
    let all = case.criticals().iter().map(|critical| {
        json!({
            "number": critical.number,
            "text": identifiers.clean(&critical.text),
            "urgency": critical.urgency,
            "finding": critical.finding.map(|id| id.to_string()),
            "by": critical.by,
            "at": critical.at,
            "communications": critical.communications.iter().map(told).collect::<Vec<_>>(),
        })
    });
    all.collect()
}

fn follow_ups(case: &Case, identifiers: &Identifiers) -> Vec<Value> {
    let known = case.follow_ups().iter().filter(|_| !case.is_blinded());
    let all = known.map(|follow_up| {
        json!({
            "pair": follow_up.pair.map(|pair| pair.to_string()),
            "source": follow_up.source,
            "text": identifiers.clean(&follow_up.text),
            "bears_out": follow_up.bears_out,
            "at": follow_up.at,
        })
    });
    all.collect()
}

/// Every seal that the case still stands on, in order.
pub(crate) fn seals(case: &Case) -> Vec<Value> {
    let stages = case.read().stages.iter().map(|s| (&s.seal, &s.at));
    let read = case.read().seal.as_ref().map(|(seal, at)| (seal, at));
    let signed = open_comparison(case).and_then(|comparison| comparison.seal.as_ref());
    let third = signed
        .and(case.third_read())
        .and_then(|third| third.seal.as_ref());
    stages
        .chain(read)
        .chain(signed.map(|(seal, at)| (seal, at)))
        .chain(third.map(|(seal, at)| (seal, at)))
        .map(|(seal, at)| {
            let mut value = json!({
                "stage": seal.stage,
                "at": at,
                "reader": match seal.stage {
                    SealStage::ThirdRead => case.third_reader(),
                    _ => case.reader(),
                },
                "digest": seal.digest,
                "log_head": seal.log_head,
                "signature": seal.signature,
                "public_key": seal.public_key,
                "key_protected": seal.key_protected,
                "signed_bytes": "32 bytes of digest, then 32 bytes of log_head; Ed25519",
            });
            // Seals of older records have none, and what lists them stays as it was written.
            if let (Some(claims), Some(fields)) = (&seal.claims, value.as_object_mut()) {
                fields.insert("claims".into(), json!(claims));
            }
            value
        })
        .collect()
}
