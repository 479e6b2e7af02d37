//! The same session without a window: what the command line answers.
//!
//! Every function gives the JSON of `CLI.md` or an error whose exit code the command line returns.

mod cases;
mod csv_lists;
mod decode;
mod demo;
mod doctor;
pub(crate) mod guard;
mod light;
mod list;
mod npy;
mod paths;
mod recist;
mod render;
mod reports;
mod scan;
mod table;
mod volume_file;

pub use cases::{FindingRequest, case_view, create_case, open_for_command, open_for_view, verify};
pub use csv_lists::{discrepancies, discrepancies_csv, worklist_csv};
pub use decode::{DecodeRequest, Values, decode};
pub use demo::{DemoAction, DemoStep, parse_commands, run_step};
pub use doctor::{doctor, forget_headers, store_backup, store_check};
pub use guard::Guard;
pub use list::{list_cases, list_views, save_view, saved_view};
pub use paths::{WhichPath, reading_paths, reading_paths_csv};
pub use recist::{RecistRequest, recist};
pub use render::{RenderLayout, RenderPlane, RenderRequest, Window, render, render_plane};
pub use reports::{compare_files, read_report};
pub use scan::{ScanAnswer, scan};
pub use table::create_cases;
