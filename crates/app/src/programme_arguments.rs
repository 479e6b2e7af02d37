use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Draws cases by a rule and gives each to somebody who may read it, evenly; writes all of it or nothing.
    Draw(Draw),
    /// The response of a tumour from the diameters of the findings, by RECIST 1.1.
    Recist(Recist),
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

#[derive(Debug, Args)]
pub struct Draw {
    /// random (a --share of all), every_nth (with --n) or quota (up to --n of each --per).
    #[arg(long)]
    pub rule: String,
    /// Share of the cases in percent.
    #[arg(long, value_name = "PERCENT")]
    pub share: Option<f64>,
    /// Every so manieth, or up to so many of each group.
    #[arg(long, value_name = "NUMBER")]
    pub n: Option<u32>,
    /// What a quota counts by.
    #[arg(long, value_enum, default_value = "modality")]
    pub per: Per,
    /// The cases to draw from; all that wait for a reader when left out.
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub cases: Vec<String>,
    /// Only cases of this modality.
    #[arg(long, default_value = "")]
    pub modality: String,
    /// Only cases of this protocol.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub protocol: String,
    /// Who reads; the second readers of the roster when left out.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub readers: Vec<String>,
    /// Leave the specialities of the roster aside.
    #[arg(long)]
    pub any_speciality: bool,
    /// Day they are due.
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "")]
    pub due: String,
    /// routine, soon or urgent.
    #[arg(long, default_value = "routine")]
    pub priority: String,
    /// What chance starts from; drawn when left out, and recorded either way.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Show what would be drawn, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Per {
    Modality,
    Protocol,
    FirstReader,
}

#[derive(Debug, Args)]
pub struct Recist {
    pub id: String,
    /// Findings that are target lesions; their longest diameter counts.
    #[arg(long, value_delimiter = ',', value_name = "FINDINGS")]
    pub target: Vec<String>,
    /// Findings that are target lymph nodes; their short axis counts.
    #[arg(long, value_delimiter = ',', value_name = "FINDINGS")]
    pub node: Vec<String>,
    /// Of these, those that are there and too small to measure: 5 mm count.
    #[arg(long, value_delimiter = ',', value_name = "FINDINGS")]
    pub too_small: Vec<String>,
    /// Of these, those that cannot be told from these images. A finding that is said to be absent counts 0 mm.
    #[arg(long, value_delimiter = ',', value_name = "FINDINGS")]
    pub not_evaluable: Vec<String>,
    /// The sum at the start; left out at the start itself.
    #[arg(long, value_name = "MM")]
    pub baseline_mm: Option<f64>,
    /// The smallest sum since; that of the start when left out.
    #[arg(long, value_name = "MM")]
    pub nadir_mm: Option<f64>,
    /// The other lesions: cr, non_cr_non_pd, pd or ne; left out where there were none at the start.
    #[arg(long, value_name = "RESPONSE")]
    pub non_target: Option<String>,
    /// There is a lesion that was not there before.
    #[arg(long)]
    pub new_lesion: bool,
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
    /// Sets it from a file: {"members":[{"actor":"NAME","roles":["second_reader"],
    /// "specialities":[{"modality":"CT","body_part":"chest"}]}]}; specialities may be left out.
    Set { file: PathBuf },
}
