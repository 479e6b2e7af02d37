//! The worklist as a command line answers it.

use serde_json::{Value, json};

use super::csv_lists::word_of;
use crate::{Group, GroupKey, ListCommand, ListView, Session, SessionError, Stage, WorklistRow};

/// What a view of the worklist lists: the cases in order, and the groups that they make.
///
/// # Errors
/// `not_your_role` when the roster gives the actor no role that sees cases.
pub fn list_cases(session: &mut Session, view: &ListView) -> Result<Value, SessionError> {
    session.roster().allow_look(session.actor())?;
    let cases = session.list_now(view)?;
    let n_listed = cases.listed.rows.len();
    let rows: Vec<Value> = (0..n_listed)
        .filter_map(|at| cases.row(at))
        .map(|row| row_json(&row))
        .collect();
    let groups: Vec<Value> = cases.listed.groups.iter().map(group_json).collect();
    Ok(json!({
        "schema": "overread.worklist/1",
        "cases": rows,
        "groups": groups,
        "n_cases": cases.table.len(),
        "n_listed": n_listed,
    }))
}

fn row_json(row: &WorklistRow) -> Value {
    json!({
        "id": row.id,
        "state": row.stage,
        "unblinded_early": row.unblinded_early,
        "patient_name": row.patient_name,
        "patient_id": row.patient_id,
        "study_date": row.study_date,
        "modality": row.modality,
        "description": row.description,
        "second_reader": row.second_reader,
        "outcome": row.outcome,
        "significance": row.significance,
        "due": row.due,
        "priority": row.priority,
        "protocol": row.protocol,
        "marks": row.marks,
        "waits_for": row.waits_for,
        "needs_you": row.needs_you,
    })
}

/// Which rows make a group: from `start`, `n` of them.
fn group_json(group: &Group) -> Value {
    let by_and_word = match &group.key {
        GroupKey::NeedsYou => ("need", "needs_you".to_owned()),
        GroupKey::Open => ("need", "open".to_owned()),
        GroupKey::Ended => ("need", "ended".to_owned()),
        GroupKey::State(idx) => {
            let stage = Stage::ALL.get(*idx);
            ("state", stage.map(word_of).unwrap_or_default())
        }
        GroupKey::Due(due) => ("due", word_of(due)),
        GroupKey::Reader(name) => ("reader", name.clone()),
        GroupKey::Protocol(name) => ("protocol", name.clone()),
        GroupKey::All => ("all", String::new()),
    };
    let (by, word) = by_and_word;
    json!({ "by": by, "word": word, "start": group.rows.start, "n": group.rows.len() })
}

/// The views of the worklist that the actor saved.
pub fn list_views(session: &Session) -> Value {
    let (views, start) = session.saved_views();
    json!({ "schema": "overread.views/1", "views": views, "start": start })
}

/// A view that the actor saved.
///
/// # Errors
/// When there is none of that name.
pub fn saved_view(session: &Session, name: &str) -> Result<ListView, SessionError> {
    session.list.saved.named(name).cloned()
}

/// Saves a view under a name.
///
/// # Errors
/// When the name cannot be one, or the file cannot be written.
pub fn save_view(session: &mut Session, name: &str, view: ListView) -> Result<(), SessionError> {
    session.apply_list(ListCommand::Show(Box::new(view)))?;
    session.apply_list(ListCommand::Save(name.to_owned()))
}
