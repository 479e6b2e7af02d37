use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What of the worklist is asked for.
#[derive(Debug, Default, Args)]
pub struct List {
    /// Whose cases: mine, all or unassigned.
    #[arg(long, value_name = "WHOSE")]
    pub queue: Option<String>,
    /// Where they stand: draft, intake, ready, reading, sealed, unblinded_early, comparing, adjudicating, feedback, closed,
    /// non_diagnostic, withdrawn or on_hold; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "STATES")]
    pub state: Vec<String>,
    /// When they are due: overdue, today, week (today and six days after), later or none (no day set).
    #[arg(long, value_name = "WHEN")]
    pub due: Option<String>,
    /// routine, soon or urgent; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "PRIORITIES")]
    pub priority: Vec<String>,
    /// Who reads them.
    #[arg(long, value_name = "NAME")]
    pub reader: Option<String>,
    /// Modalities as the rows show them, CT or "CT, SR"; may be given several times.
    #[arg(long, value_name = "MODALITY")]
    pub modality: Vec<String>,
    /// Name of the protocol.
    #[arg(long, value_name = "NAME")]
    pub protocol: Option<String>,
    /// confirmed, refined or changed; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "OUTCOMES")]
    pub outcome: Vec<String>,
    /// limitation, critical, third_read, conference or teaching; several with commas: those that have all of them.
    #[arg(long, value_delimiter = ',', value_name = "MARKS")]
    pub mark: Vec<String>,
    /// Words that all stand in patient, patient ID, accession, description or case id.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// needs_you, state, reader, due, protocol or none; the answer names the groups with where they begin.
    #[arg(long, value_name = "WHAT")]
    pub group_by: Option<String>,
    /// newest, oldest, patient, state or due.
    #[arg(long, value_name = "WHAT")]
    pub order: Option<String>,
    /// Begins with a view that was saved; what is named besides counts instead of what it has.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Saves what is asked for here under a name.
    #[arg(long, value_name = "NAME")]
    pub save_view: Option<String>,
    /// Writes it as a table. Columns: id, state, unblinded_early, patient_name, patient_id, study_date, modality,
    /// description, accession, second_reader, outcome, significance, due, priority, protocol, marks, waits_for. Empty where
    /// the actor may not see it; a cell that a spreadsheet would take for a formula begins with an apostrophe.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

/// Views of the worklist that the actor saved; without a command, all of them.
#[derive(Debug, Subcommand)]
pub enum Views {
    /// Gives one another name.
    Rename { from: String, to: String },
    /// Forgets one.
    Delete { name: String },
    /// Begins with one in the window, or with all cases when none is named.
    Start { name: Option<String> },
}
