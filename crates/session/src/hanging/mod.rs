//! Hanging protocols: which images are put where, and how they look, when a study is opened.

mod choose;
mod from_screen;
mod hang;
mod hung_view;
mod protocol;
mod shipped;

pub(crate) use choose::{Hung, StudyFacts, VolumeFacts, choose};
pub(crate) use from_screen::{from_screen, plane_of_slices};
pub use hung_view::{
    Align, HungSlab, HungSlabMode, HungView, HungWindow, Need, Scale, SeriesRule, Show, SlicePlane,
    WhichStudy,
};
pub use protocol::{Applies, Condition, HangingError, HangingProtocol, PriorNeed};
pub(crate) use shipped::shipped;
