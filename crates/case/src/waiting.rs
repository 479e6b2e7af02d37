use serde::{Deserialize, Serialize};

use crate::{Actor, Case, Flag, Onlooker};

/// What a case waits for besides its second reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The protocol asks for a third read, and nobody has asked for it yet.
    ThirdToBeAsked,
    /// A third read was asked for, and nobody has taken it yet.
    ThirdReader,
    /// A third reader has taken it and has not signed yet.
    ThirdDecision,
}

impl Case {
    /// What it waits for besides its second reader; `None` for nothing. Not whom: that the second reader must not know.
    pub fn waits_for(&self) -> Option<WaitsFor> {
        let open = self.third.as_ref().filter(|third| third.seal.is_none());
        match open {
            Some(third) if third.reader.is_some() => Some(WaitsFor::ThirdDecision),
            Some(_) => Some(WaitsFor::ThirdReader),
            None => self.awaits_third_read().then_some(WaitsFor::ThirdToBeAsked),
        }
    }

    /// The lists that others learn from that it is on, as an actor may know: nothing while the case is blinded, for whoever
    /// may still read it a third time, and for the first reader, who hears of it in other ways.
    pub fn flags_for(&self, actor: &Actor) -> &[Flag] {
        match self.onlooker(actor) == Onlooker::Reviewer && !self.is_blinded() {
            true => &self.flags,
            false => &[],
        }
    }
}
