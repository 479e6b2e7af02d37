use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::arguments::FindingFields;

/// What a programme of second reads does with a case besides the read and the comparison.
#[derive(Debug, Subcommand)]
pub enum Programme {
    /// Gives the case to a reader.
    Assign {
        id: String,
        reader: String,
        /// Day it is due.
        #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
        due: String,
        /// routine, soon or urgent.
        #[arg(long, default_value = "routine")]
        priority: String,
        /// How the case was drawn: chosen, random, every_nth or quota.
        #[arg(long, default_value = "chosen")]
        method: String,
        /// Probability with which a case of its group was drawn; needed unless it was chosen.
        #[arg(long, value_name = "P")]
        probability: Option<f64>,
    },
    /// Says who made the first read; it is not shown while the case is blinded.
    FirstReader { id: String, name: String },
    /// Says whether the actor has a conflict of interest.
    Conflict {
        id: String,
        /// What it is; none when left out.
        #[arg(long, value_name = "TEXT")]
        declare: Option<String>,
    },
    /// Seals this stage of the read and opens the next.
    Disclose { id: String },
    /// Changes one's mind after the reveal; the sealed read stays as it was.
    Amend {
        id: String,
        #[command(subcommand)]
        command: Amend,
    },
    /// Third read.
    Adjudicate {
        id: String,
        #[command(subcommand)]
        command: Adjudicate,
    },
    /// Findings that cannot wait.
    Critical {
        id: String,
        #[command(subcommand)]
        command: Critical,
    },
    /// Messages to the first reader.
    Feedback {
        id: String,
        #[command(subcommand)]
        command: Feedback,
    },
    /// Writes down what became known later.
    FollowUp {
        id: String,
        /// pathology, imaging or clinical.
        #[arg(long)]
        source: String,
        /// Which read it bears out: first, second, both, neither or indeterminate.
        #[arg(long)]
        bears_out: String,
        #[arg(long)]
        text: String,
        /// The row that it is about, P1; the whole case when left out.
        #[arg(long, value_name = "ROW")]
        row: Option<String>,
    },
    /// Puts the case on a list that others learn from.
    Flag {
        id: String,
        /// conference or teaching.
        #[arg(long = "for", value_name = "LIST")]
        list: String,
        #[arg(long)]
        reason: String,
    },
    /// Takes it off the list.
    Unflag {
        id: String,
        /// conference or teaching.
        #[arg(long = "for", value_name = "LIST")]
        list: String,
    },
    /// Writes all cases of a list, conference or teaching, without what leads to a person.
    Collect {
        list: String,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Puts the case aside.
    Hold {
        id: String,
        #[arg(long)]
        reason: String,
    },
    /// Goes on with a case that was put aside.
    Unhold { id: String },
    /// Ends the case without a read.
    End {
        id: String,
        /// non_diagnostic or withdrawn.
        #[arg(long)]
        kind: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "parsed once in a process")]
pub enum Amend {
    /// Something is there that the sealed read does not have.
    Add {
        #[command(flatten)]
        fields: Box<FindingFields>,
        #[command(flatten)]
        why: Why,
    },
    /// A finding reads otherwise.
    Change {
        finding: String,
        #[command(flatten)]
        fields: Box<FindingFields>,
        #[command(flatten)]
        why: Why,
    },
    /// A finding is taken back.
    Retract {
        finding: String,
        #[command(flatten)]
        why: Why,
    },
}

#[derive(Debug, Args)]
pub struct Why {
    /// towards_first, away_from_first or unrelated.
    #[arg(long)]
    pub direction: String,
    #[arg(long)]
    pub reason: String,
    /// The row that it is about, P1.
    #[arg(long, value_name = "ROW")]
    pub row: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Adjudicate {
    /// Asks for a third read of the signed comparison.
    Ask {
        /// arbitration, pseudo_arbitration, consensus or majority; as the protocol has it when left out.
        #[arg(long)]
        mode: Option<String>,
        /// discrepancy, concordance_audit or requested.
        #[arg(long, default_value = "discrepancy")]
        reason: String,
        /// Rows, P1,P4; those that the mode needs when left out.
        #[arg(long, value_delimiter = ',', value_name = "ROWS")]
        rows: Vec<String>,
    },
    /// Takes the third read.
    Take,
    /// Both reads without names, row by row.
    Show,
    /// Decides about a row, in place of what was decided before.
    Set {
        row: String,
        /// A, B, both_partly, neither or indeterminate.
        #[arg(long)]
        uphold: String,
        /// How sure one can be: low, moderate or high.
        #[arg(long, value_name = "HOW")]
        sure: Option<String>,
        /// Whether care would change: none, minor, moderate or major.
        #[arg(long, value_name = "HOW")]
        significance: Option<String>,
        /// What counts, in words.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Signs the third read.
    Sign,
}

#[derive(Debug, Subcommand)]
pub enum Critical {
    /// Raises one, at any stage.
    Raise {
        text: String,
        /// How soon somebody must be told: minutes, hours or days.
        #[arg(long)]
        within: String,
        /// The finding that it is, F1.
        #[arg(long)]
        finding: Option<String>,
    },
    /// Records that somebody was told.
    Told {
        number: u32,
        /// Who, by name or office.
        #[arg(long)]
        to: String,
        /// in_person, telephone or message.
        #[arg(long)]
        by: String,
        /// They repeated it rightly.
        #[arg(long)]
        read_back: bool,
        /// When.
        #[arg(long, default_value = "")]
        at: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Feedback {
    /// Writes to the first reader; anonymous unless --named.
    Give {
        /// praise, learning_point or question.
        #[arg(long)]
        kind: String,
        #[arg(long)]
        text: String,
        /// The row that it is about, P1.
        #[arg(long, value_name = "ROW")]
        row: Option<String>,
        /// Say who wrote it.
        #[arg(long)]
        named: bool,
    },
    /// Acknowledges, or answers with --text.
    Answer {
        number: u32,
        #[arg(long, default_value = "")]
        text: String,
    },
    /// All messages as the actor may see them.
    List,
}

/// Protocols: the rules that cases are read by.
#[derive(Debug, Subcommand)]
pub enum Protocols {
    /// Those that a case can be begun with.
    List,
    /// One of them, whole.
    Show { id: String },
    /// Checks a file before it is put into the folder protocols of the store.
    Check { file: PathBuf },
}

/// Who may do what. Without a roster everybody may do everything.
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// The roster.
    Show,
    /// Sets it from a file: {"members":[{"actor":"NAME","roles":["second_reader"]}]}.
    Set { file: PathBuf },
}
