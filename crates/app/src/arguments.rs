use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use session::{Actor, SessionError};

use crate::list_arguments::{List, Views};
use crate::programme_arguments::{Programme, Protocols, RosterCommand};

/// Second read of a DICOM study: blinded, sealed, compared. Not for primary diagnosis.
#[derive(Debug, Parser)]
#[command(name = "overread", version, subcommand_precedence_over_arg = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    /// Folders, files, archives, disc images or a DICOMDIR to open in the window; none opens the worklist.
    pub paths: Vec<PathBuf>,
    #[command(subcommand)]
    pub topic: Option<Topic>,
}

#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Folder of the store; else the environment's OVERREAD_STORE, else the user's data folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<String>,
    /// Who acts.
    #[arg(long, global = true, value_name = "NAME")]
    pub actor: Option<String>,
    /// Writes timings in Chrome's trace format.
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Passwords of encrypted archives, one a line; - reads them from standard input.
    #[arg(long, global = true, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Folder that keeps headers of scanned folders, or off; else beside a named store, else in the user's cache.
    #[arg(long, global = true, value_name = "DIR")]
    pub header_index: Option<PathBuf>,
    /// One JSON document on standard output and nothing else.
    #[arg(long, global = true)]
    pub json: bool,
}

impl Global {
    /// The store's folder: named, from the environment, else in the user's data folder.
    pub fn store_dir(&self) -> Result<PathBuf, SessionError> {
        if let Some(named) = &self.store {
            if named.starts_with("postgres://") || named.starts_with("postgresql://") {
                let text = "a department store (PostgreSQL) is not part of this version; name a folder with --store";
                return Err(SessionError::Usage(text.into()));
            }
            return Ok(PathBuf::from(named));
        }
        session::default_store_dir().ok_or_else(|| {
            SessionError::Usage(
                "no data folder of the user is known; name a folder with --store".into(),
            )
        })
    }

    /// Who acts: named, else the user of the system.
    pub fn actor(&self) -> Actor {
        let named = self.actor.clone().filter(|a| !a.trim().is_empty());
        Actor::new(named.unwrap_or_else(session::default_actor))
    }
}

#[derive(Debug, Subcommand)]
pub enum Topic {
    /// What lies under the paths: studies, series, volumes, documents, problems.
    Scan {
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Decodes images to NumPy files.
    Decode(Decode),
    /// One view as a picture or as values, without a window.
    Render(Render),
    /// First reports.
    Report {
        #[command(subcommand)]
        command: Report,
    },
    /// Two reports against each other.
    Compare { first: PathBuf, second: PathBuf },
    /// Cases of the store.
    #[command(subcommand)]
    Case(Case),
    /// Checks a package, a certificate, or a stored case by its id.
    Verify {
        what: String,
        /// A package, JSON export, certificate or stored case that the certificate should be of.
        #[arg(long, value_name = "FILE|ID")]
        with: Option<String>,
    },
    /// Adapter, codecs, store, versions: everything a support question needs.
    Doctor,
    /// Protocols that cases are read by.
    #[command(subcommand)]
    Protocol(Protocols),
    /// Who may do what.
    #[command(subcommand)]
    Roster(RosterCommand),
    /// The store's health.
    Store {
        #[command(subcommand)]
        command: Store,
    },
    /// The workstation on the sample case.
    Demo(Demo),
}

#[derive(Debug, Args)]
pub struct Decode {
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Where the files go.
    #[arg(long, value_name = "DIR", required_unless_present_any = ["discard", "hash"])]
    pub out: Option<PathBuf>,
    /// Only this series.
    #[arg(long, value_name = "UID")]
    pub series: Option<String>,
    /// Which values are written.
    #[arg(long, value_enum, default_value = "stored")]
    pub values: ValuesName,
    /// Decode everything, keep it in memory until the end, write nothing.
    #[arg(long)]
    pub discard: bool,
    /// Print the SHA-256 of the stored values in volume order.
    #[arg(long)]
    pub hash: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ValuesName {
    Stored,
    Modality,
}

#[derive(Debug, Args)]
pub struct Render {
    pub path: PathBuf,
    /// Series Instance UID; may be left out where there is one series.
    #[arg(long, value_name = "UID")]
    pub series: Option<String>,
    /// FILE.png for the picture, FILE.npy for values before the window.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// A plane, or volume for light through the whole volume.
    #[arg(long, value_enum, default_value = "plane")]
    pub layout: LayoutName,
    /// How a volume is lit: ct-bone, ct-vessels, ct-soft-tissue, ct-lung or mr; fits when left out.
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// native, axial, coronal, sagittal or oblique:NX,NY,NZ,UX,UY,UZ [default: native; a volume from the front].
    #[arg(long, allow_hyphen_values = true)]
    pub plane: Option<String>,
    /// Middle of the picture: X,Y,Z in patient mm (LPS).
    #[arg(long, value_name = "X,Y,Z", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// 0-based slice in geometric order.
    #[arg(long, value_name = "N")]
    pub slice: Option<usize>,
    /// CENTER,WIDTH, the name or digit of a preset, or dicom.
    #[arg(long, default_value = "dicom", allow_hyphen_values = true)]
    pub window: String,
    /// mip:MM, minip:MM or mean:MM.
    #[arg(long, value_name = "MODE:MM")]
    pub slab: Option<String>,
    /// Between voxel centres.
    #[arg(long, value_enum, default_value = "linear")]
    pub interpolation: InterpolationName,
    /// WxH in pixels.
    #[arg(long, default_value = "512x512", value_name = "WxH")]
    pub size: String,
    /// Scale; fits when left out.
    #[arg(long, value_name = "S")]
    pub mm_per_pixel: Option<f64>,
    /// What draws.
    #[arg(long, value_enum, default_value = "cpu")]
    pub engine: EngineName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InterpolationName {
    Nearest,
    Linear,
    Cubic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayoutName {
    Plane,
    Volume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    Cpu,
    Gpu,
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Sections, statements and facts of a report.
    Read {
        file: PathBuf,
        /// Adds the fact about exactly this phrase.
        #[arg(long)]
        phrase: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "parsed once in a process")]
pub enum Case {
    /// Begins a case on what lies under the paths, or a case for each row of a table.
    Create {
        #[arg(required_unless_present = "from_csv")]
        paths: Vec<PathBuf>,
        /// Begins a case for each row. Columns: paths (several with ;), and if wanted report, question, protocol, study,
        /// first_reader, reader, due, priority, method, probability. Paths count from the folder of the table.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "report", "question", "study"])]
        from_csv: Option<PathBuf>,
        /// The first report; documents of the study are taken when left out.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// The question of the referrer.
        #[arg(long)]
        question: Option<String>,
        /// Name of the protocol.
        #[arg(long)]
        protocol: Option<String>,
        /// Study Instance UID of the current study; the newest when left out.
        #[arg(long, value_name = "UID")]
        study: Option<String>,
    },
    /// The worklist, or what a view of it lists. Conditions are joined; within one, any value will do.
    List(Box<List>),
    /// Views of the worklist that the actor saved; the first one is made with `case list … --save-view NAME`.
    Views {
        #[command(subcommand)]
        command: Option<Views>,
    },
    /// Every row that differs, of all cases whose comparison the actor may see.
    Discrepancies {
        /// Writes them as a table. Columns: id, protocol, protocol_version, method, inclusion_probability,
        /// blinded_until_sealed, row, first, second, classes, error_type, cause, biases, detectability, significance,
        /// impact, score, signed, third_read, third_sure, note. Blinded cases have no row.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// The whole state of a case as the actor may see it.
    Show { id: String },
    /// What was on the screen of whoever read, step by step: not what was looked at. Says for each series how long it was
    /// on the screen, and for each finding and row when its place was there first and for how long: never (an error of
    /// search, where it was missed), less than a second (of recognition), longer (of decision). A reader sees their own
    /// path at any time, others after the reveal, a third reader that of the second after their own look and without a
    /// name, the first reader none.
    Path {
        id: String,
        /// Whose path; without it, every one that is open.
        #[arg(long, value_enum)]
        reader: Option<PathReader>,
        /// Writes the steps as a table, a line for each cell of each picture.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// The second read of a case.
    Read {
        id: String,
        #[command(subcommand)]
        command: Read,
    },
    /// Seals the read.
    Seal {
        id: String,
        /// Do not ask about what is not met; it is recorded all the same.
        #[arg(long)]
        accept: bool,
    },
    /// Opens the first report; before the seal a reason is needed.
    Reveal {
        id: String,
        #[arg(long, value_name = "REASON")]
        urgent: Option<String>,
    },
    /// The rows of the comparison.
    Discrepancy {
        id: String,
        #[command(subcommand)]
        command: Discrepancy,
    },
    /// Signs the comparison.
    Sign { id: String },
    /// Agrees with every open row and signs, in one step; refused where anything differs.
    Agree { id: String },
    /// Closes a case whose comparison is signed.
    Close { id: String },
    /// Attaches a late or corrected report.
    Attach {
        id: String,
        file: PathBuf,
        /// It replaces the current version.
        #[arg(long)]
        replaces: bool,
    },
    /// Withdraws a wrong report.
    Withdraw {
        id: String,
        version: u32,
        #[arg(long)]
        reason: String,
    },
    /// Takes the last step back.
    Undo { id: String },
    /// Does it again.
    Redo { id: String },
    #[command(flatten)]
    Programme(Programme),
    /// Writes files for others.
    Export {
        id: String,
        /// pdf, json, narrative, package, certificate, letter, plain-letter, clinical-ledger, learning-ledger,
        /// learning-ledger-named; several with commas.
        #[arg(long, value_delimiter = ',', required = true)]
        format: Vec<String>,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Leave out what names a person.
        #[arg(long)]
        deidentify: bool,
    },
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "parsed once in a process")]
pub enum Read {
    /// Takes the read, or takes it up again.
    Start,
    /// Pauses.
    Pause,
    /// Findings.
    Finding {
        #[command(subcommand)]
        command: Box<Finding>,
    },
    /// Writes the impression from a file, or from standard input with -.
    Impression { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Finding {
    /// Enters a finding; exit 0 means it is on the disk.
    Add(FindingFields),
    /// Changes what is named of a finding.
    Edit {
        finding: String,
        #[command(flatten)]
        fields: FindingFields,
    },
    /// Lists the findings that a text names, from a file, or from standard input with -; with --take they are entered.
    FromText {
        file: PathBuf,
        /// Which of them, by their places from 1, several with commas; or all that are there and not on record.
        #[arg(long, value_name = "N,N|all")]
        take: Option<String>,
    },
    /// Takes a finding and its marks out.
    Remove { finding: String },
}

#[derive(Clone, Debug, Args)]
pub struct FindingFields {
    /// What it is.
    #[arg(long)]
    pub concept: Option<String>,
    /// present, absent or possible.
    #[arg(long)]
    pub assertion: Option<String>,
    /// left, right or bilateral.
    #[arg(long)]
    pub side: Option<String>,
    /// Organ or region.
    #[arg(long)]
    pub site: Option<String>,
    /// Lobe, segment, vertebra.
    #[arg(long)]
    pub level: Option<String>,
    /// trace, mild, moderate or severe.
    #[arg(long)]
    pub severity: Option<String>,
    /// new, increased, stable, decreased or resolved.
    #[arg(long)]
    pub change: Option<String>,
    /// Ends of a distance: X1,Y1,Z1,X2,Y2,Z2 in patient mm (LPS).
    #[arg(long, value_name = "X1,Y1,Z1,X2,Y2,Z2", allow_hyphen_values = true)]
    pub length_mm: Option<String>,
    /// Centre and two half axes: CX,CY,CZ,AX,AY,AZ,BX,BY,BZ in patient mm (LPS).
    #[arg(long, value_name = "CX,…,BZ", allow_hyphen_values = true)]
    pub ellipse_mm: Option<String>,
    /// A mark of any shape in patient mm (LPS), as `case show` prints it: {"shape":"polygon","corners":[[x,y,z],…]}.
    #[arg(long, value_name = "JSON")]
    pub mark: Vec<String>,
    /// SOP Instance UID of the image that shows it.
    #[arg(long, value_name = "UID")]
    pub sop: Option<String>,
    /// How sure, 0 to 100: the rating of an observer study.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub confidence: Option<u8>,
    /// The same from 1 to 5, kept as 0, 25, 50, 75 or 100.
    #[arg(long, value_name = "1-5", conflicts_with = "confidence", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub rating: Option<u8>,
    /// Category of bi_rads, lung_rads, li_rads, pi_rads or ti_rads: lung_rads=4A, with a version lung_rads@1.1=4A.
    #[arg(long, value_name = "SCHEME=VALUE")]
    pub category: Option<String>,
    /// How soon the referrer must know: 1 minutes, 2 hours, 3 days.
    #[arg(long, value_name = "1-3")]
    pub criticality: Option<u8>,
    /// Free words.
    #[arg(long)]
    pub note: Option<String>,
}

/// Whose reading path.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PathReader {
    /// The second reader's.
    Second,
    /// The third reader's.
    Third,
    /// For whoever makes a third read: that of one of the two reads, without a name and without saying which.
    OneOfTheReads,
}

#[derive(Debug, Subcommand)]
pub enum Discrepancy {
    /// All rows with their proposals and verdicts.
    List,
    /// Joins a statement (S3) and a finding (F2) into a row.
    Add { statement: String, finding: String },
    /// Decides about a row, named P4 or by its finding F2.
    Set {
        row: String,
        /// agree, D1 … D14; several with commas.
        #[arg(long, value_delimiter = ',')]
        class: Vec<String>,
        /// perception, interpretation, communication, technique, information or judgement.
        #[arg(long)]
        error_type: Option<String>,
        /// complacency, faulty_reasoning, lack_of_knowledge, under_reading, poor_communication, technique,
        /// prior_not_reviewed, history_incomplete, outside_region, satisfaction_of_search, complication or
        /// satisfaction_of_report; its error type follows.
        #[arg(long)]
        cause: Option<String>,
        /// sampling, selection, presentation, information, hindsight, outcome, attendance, variation or alliterative;
        /// several with commas.
        #[arg(long, value_delimiter = ',', value_name = "BIAS")]
        bias: Vec<String>,
        /// What it led to: 1 nothing, 2 further tests, 3 other treatment, 4 other treatment with harm, 5 death.
        #[arg(long, value_name = "1-5")]
        impact: Option<u8>,
        /// understandable or usually_seen.
        #[arg(long)]
        detectability: Option<String>,
        /// none, minor, moderate or major.
        #[arg(long)]
        significance: Option<String>,
        #[arg(long)]
        note: Option<String>,
        /// Ask the first reader for a comment once the comparison is signed; the note is the question, and nobody is named.
        #[arg(long)]
        ask_first_reader: bool,
    },
    /// Agrees with every open row whose proposal is agreement.
    AgreeRemaining,
    /// Chooses the outcome: confirmed, refined or changed.
    Outcome { outcome: String },
    /// Writes the summary for the referrer from a file, or from standard input with -.
    Summary { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Store {
    /// Reads everything and reports what is not as it was written.
    Check,
    /// Copies the store while it is in use, and checks the copy.
    Backup { dir: PathBuf },
    /// Removes the headers that were kept of scanned folders; the next scan reads the files again.
    ForgetHeaders,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Perform the second read without a window and leave pictures, PDF and JSON in a folder.
    #[arg(long)]
    pub headless: bool,
    /// That folder.
    #[arg(long, value_name = "DIR", default_value = "overread-demo")]
    pub out: PathBuf,
    /// The commands to perform, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub commands: Option<PathBuf>,
    /// The folder of the sample case.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "sample-data/generated/seed-1"
    )]
    pub sample: PathBuf,
}
