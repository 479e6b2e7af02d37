use serde::de::DeserializeOwned;
use serde_json::Value;
use session::headless;
use session::{Command, ListCommand, ListView, Session, SessionError};

use crate::case_commands::word;
use crate::list_arguments::{List, Views};

/// Lists cases, saves what was asked, and writes a table where one is named.
pub fn list(session: &mut Session, asked: &List) -> Result<Value, SessionError> {
    let view = view_of(session, asked)?;
    if let Some(name) = &asked.save_view {
        headless::save_view(session, name, view.clone())?;
    }
    match &asked.csv {
        Some(file) => headless::worklist_csv(session, &view, file),
        None => headless::list_cases(session, &view),
    }
}

/// Does what is asked with saved views, and answers with all of them.
pub fn views(session: &mut Session, command: Option<Views>) -> Result<Value, SessionError> {
    if let Some(command) = command {
        let command = match command {
            Views::Rename { from, to } => ListCommand::Rename { from, to },
            Views::Delete { name } => ListCommand::Delete(name),
            Views::Start { name } => ListCommand::StartWith(name),
        };
        session.dispatch(Command::List(command))?;
    }
    Ok(headless::list_views(session))
}

fn view_of(session: &Session, asked: &List) -> Result<ListView, SessionError> {
    let mut view = match &asked.view {
        Some(name) => headless::saved_view(session, name)?,
        None => ListView::default(),
    };
    set(&mut view.queue, asked.queue.as_deref(), "queue")?;
    set(&mut view.group_by, asked.group_by.as_deref(), "grouping")?;
    set(&mut view.order, asked.order.as_deref(), "order")?;
    if let Some(due) = &asked.due {
        view.due = Some(word(due, "time")?);
    }
    set_all(&mut view.states, &asked.state, "state")?;
    set_all(&mut view.priorities, &asked.priority, "priority")?;
    set_all(&mut view.outcomes, &asked.outcome, "outcome")?;
    set_all(&mut view.marks, &asked.mark, "mark")?;
    for (to, text) in [
        (&mut view.reader, &asked.reader),
        (&mut view.protocol, &asked.protocol),
        (&mut view.search, &asked.search),
    ] {
        if let Some(text) = text {
            to.clone_from(text);
        }
    }
    if !asked.modality.is_empty() {
        view.modalities.clone_from(&asked.modality);
    }
    Ok(view)
}

fn set<T: DeserializeOwned>(
    to: &mut T,
    text: Option<&str>,
    what: &str,
) -> Result<(), SessionError> {
    if let Some(text) = text {
        *to = word(text, what)?;
    }
    Ok(())
}

fn set_all<T: DeserializeOwned>(
    to: &mut Vec<T>,
    texts: &[String],
    what: &str,
) -> Result<(), SessionError> {
    if !texts.is_empty() {
        let values: Result<Vec<T>, _> = texts.iter().map(|text| word(text, what)).collect();
        *to = values?;
    }
    Ok(())
}
