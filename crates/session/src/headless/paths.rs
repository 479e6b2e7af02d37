//! Reading paths on the command line.

use case::{PathEvent, PathRead, PathScene, PathSummary, PathVoi, ReadingPath};
use serde_json::{Value, json};

use crate::replay::Lane;
use crate::{Session, SessionError};

/// Which path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichPath {
    /// Every one that is open.
    All,
    /// The second reader's.
    Second,
    /// The third reader's.
    Third,
    /// That of one of the two reads, for whoever makes a third read: without a name.
    OneOfTheReads,
}

/// The reading paths of the open case that who acts may see: steps, time by series, and when places were on the screen.
///
/// # Errors
/// When a path cannot be read, or is not the one that its seal names; code `path_closed` where the one that is asked for is
/// closed.
pub fn reading_paths(session: &Session, which: WhichPath) -> Result<Value, SessionError> {
    let case = session.whole_case_ref()?;
    let anonymous = case.is_anonymous_for(session.actor());
    let wanted = match which {
        WhichPath::All => None,
        WhichPath::Second | WhichPath::OneOfTheReads => Some(PathRead::Second),
        WhichPath::Third => Some(PathRead::Third),
    };
    let mut lanes = session.open_lanes()?;
    lanes.retain(|lane| wanted.is_none_or(|wanted| wanted == lane.read));
    if lanes.is_empty()
        && let Some(wanted) = wanted
    {
        let key = case::PathKey {
            read: wanted,
            part: 0,
        };
        // Why there is nothing: it is closed, or there is none.
        case.path_permit(session.actor(), key)?;
    }
    let paths: Vec<Value> = lanes
        .iter()
        .map(|lane| path_json(session, lane, anonymous))
        .collect();
    let said = match paths.is_empty() {
        true => "no path was recorded, or none is open to you",
        false => "what was on the screen, which is not what was looked at",
    };
    Ok(json!({
        "schema": "overread.reading-path/1",
        "id": case.id(),
        "says": said,
        "paths": paths,
    }))
}

fn path_json(session: &Session, lane: &Lane, anonymous: bool) -> Value {
    let parts = lane.parts.iter().map(|part| &**part);
    let mut steps = Vec::new();
    for (idx, part) in lane.parts.iter().enumerate() {
        steps.extend(steps_json(part, idx));
    }
    let reader = match (lane.read, anonymous) {
        (PathRead::Second, false) => "second",
        (PathRead::Second, true) => "one_of_the_reads",
        (PathRead::Third, _) => "third",
    };
    let mut value = json!({
        "reader": reader,
        "summary": PathSummary::of(parts),
        "steps": steps,
    });
    let reads_are_open = session.case().is_some_and(|case| !case.is_blinded());
    if let Some(case) = session.whole_case().filter(|_| !anonymous) {
        value["findings"] = json!(lane.first_looks(case));
        if reads_are_open {
            value["rows"] = json!(lane.looks_of_rows(case));
        }
    }
    value
}

fn steps_json(part: &ReadingPath, part_idx: usize) -> Vec<Value> {
    let stood = part.shown();
    let mut stood = stood.iter();
    let steps = part.steps.iter().map(|step| {
        let mut value = match &step.what {
            PathEvent::Sitting => json!({ "what": "sitting" }),
            PathEvent::Scene(scene) => {
                let mut value = scene_json(scene);
                value["on_screen_ms"] = json!(stood.next().map_or(0, |stood| stood.stood_ms));
                value
            }
            PathEvent::Paused(why) => json!({ "what": "pause", "why": why }),
            PathEvent::Resumed => json!({ "what": "resumed" }),
            PathEvent::ReadsOpened => json!({ "what": "reads_opened" }),
            PathEvent::Coarser { settled_ms } => {
                json!({ "what": "coarser", "settled_ms": settled_ms })
            }
            PathEvent::Full => json!({ "what": "full" }),
        };
        value["part"] = json!(part_idx + 1);
        value["at_ms"] = json!(step.at_ms);
        value
    });
    steps.collect()
}

fn scene_json(scene: &PathScene) -> Value {
    let cells = scene.cells.iter().enumerate();
    let shown = cells.filter(|(_, cell)| cell.in_sight);
    let cells: Vec<Value> = shown
        .filter_map(|(idx, cell)| {
            let volume = cell.volume.as_ref()?;
            let (center, width) = match cell.voi {
                PathVoi::Window { center, width, .. } => (Some(center), Some(width)),
                PathVoi::Opening | PathVoi::Table(_) => (None, None),
            };
            Some(json!({
                "cell": idx + 1,
                "in_use": idx == usize::from(scene.active),
                "series_instance_uid": volume.series_instance_uid,
                "volume": volume.volume_idx,
                "plane": cell.plane,
                "centre_mm": cell.lay.centre_mm(),
                "slice": cell.slice_idx,
                "sop_instance_uid": cell.image.as_ref().map(|image| &image.sop_instance_uid),
                "frame_number": cell.image.as_ref().map(|image| image.frame_number),
                "window_center": center,
                "window_width": width,
                "mm_per_pixel": cell.lay.pixel_nm as f64 / 1e6,
                "zoom": cell.zoom,
                "thickness_mm": f64::from(cell.lay.half_depth_hmm) / 50.0,
            }))
        })
        .collect();
    json!({
        "what": "picture",
        "passing": scene.is_passing,
        "n_passed": scene.n_passed,
        "log_entries": scene.n_entries,
        "cells": cells,
    })
}

/// The steps of the paths as a table, a line for each cell of each picture; the text of `value` as [`reading_paths`] makes
/// it. No cell begins with a sign that a spreadsheet would take for a formula.
pub fn reading_paths_csv(value: &Value) -> String {
    const COLUMNS: [&str; 12] = [
        "cell",
        "in_use",
        "series_instance_uid",
        "plane",
        "slice",
        "sop_instance_uid",
        "window_center",
        "window_width",
        "mm_per_pixel",
        "zoom",
        "thickness_mm",
        "centre_mm",
    ];
    let mut text = format!(
        "reader,part,at_ms,what,on_screen_ms,passing,log_entries,{}\n",
        COLUMNS.join(",")
    );
    let empty = Vec::new();
    for path in value["paths"].as_array().unwrap_or(&empty) {
        for step in path["steps"].as_array().unwrap_or(&empty) {
            let head = [
                &path["reader"],
                &step["part"],
                &step["at_ms"],
                &step["what"],
                &step["on_screen_ms"],
                &step["passing"],
                &step["log_entries"],
            ];
            let head: Vec<String> = head.into_iter().map(field).collect();
            let cells = step["cells"].as_array().unwrap_or(&empty);
            let none = [Value::Null];
            let cells = if cells.is_empty() { &none[..] } else { cells };
            for cell in cells {
                let row = COLUMNS.iter().map(|column| field(&cell[*column]));
                let row: Vec<String> = head.iter().cloned().chain(row).collect();
                text.push_str(&row.join(","));
                text.push('\n');
            }
        }
    }
    text
}

/// Numbers, names of objects and words of this program: nothing in them needs quoting.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace([',', '"', '\n', '\r'], " "),
        Value::Array(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(field).collect();
            numbers.join(" ")
        }
        other => other.to_string(),
    }
}
