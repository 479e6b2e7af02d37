use case::{Outcome, Priority, Stage};
use serde::{Deserialize, Serialize};

/// Whose cases are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Those that the actor reads or was given.
    Mine,
    /// All.
    #[default]
    All,
    /// Those that nobody has.
    Unassigned,
}

/// When a case is due. A case that has ended is never due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Before today.
    Overdue,
    /// Today.
    Today,
    /// Today or within the six days after it.
    Week,
    /// Later than that.
    Later,
    /// No day is set.
    None,
}

impl Due {
    /// Every choice, in order.
    pub const ALL: [Self; 5] = [
        Self::Overdue,
        Self::Today,
        Self::Week,
        Self::Later,
        Self::None,
    ];
}

/// Something that a list is searched for besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseMark {
    /// Something was not as it should be, in the images or in the read.
    Limitation,
    /// A critical finding was raised.
    Critical,
    /// It waits for a third read: to be asked for, taken or signed.
    ThirdRead,
    /// It is on the list of the next conference.
    Conference,
    /// It is in the teaching file.
    Teaching,
}

impl CaseMark {
    /// Every mark, in order.
    pub const ALL: [Self; 5] = [
        Self::Limitation,
        Self::Critical,
        Self::ThirdRead,
        Self::Conference,
        Self::Teaching,
    ];
}

/// What rows are put together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// What needs the actor, what is open, what has ended.
    #[default]
    NeedsYou,
    /// Where it stands.
    State,
    /// Who reads it.
    Reader,
    /// When it is due.
    Due,
    /// The protocol it is read by.
    Protocol,
    /// Not at all.
    None,
}

impl Grouping {
    /// Every choice, in order.
    pub const ALL: [Self; 6] = [
        Self::NeedsYou,
        Self::State,
        Self::Reader,
        Self::Due,
        Self::Protocol,
        Self::None,
    ];
}

/// What the rows of a group are put in order by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The newest study first.
    #[default]
    Newest,
    /// The oldest study first.
    Oldest,
    /// By the name of the patient.
    Patient,
    /// By where they stand.
    State,
    /// Those due first before those due later; urgent ones before others of a day; without a day last.
    Due,
}

/// A list as somebody wants it. Conditions are joined; within one, any value will do, and none means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListView {
    /// Whose cases.
    pub queue: Queue,
    /// Where they stand.
    pub states: Vec<Stage>,
    /// When they are due.
    pub due: Option<Due>,
    /// How soon they are wanted.
    pub priorities: Vec<Priority>,
    /// Who reads them, by name; empty: anybody.
    pub reader: String,
    /// Modalities as the rows show them.
    pub modalities: Vec<String>,
    /// The protocol they are read by; empty: any.
    pub protocol: String,
    /// What came of them.
    pub outcomes: Vec<Outcome>,
    /// What is true of them: all of these.
    pub marks: Vec<CaseMark>,
    /// Words that are all in what a row says of patient, study and case.
    pub search: String,
    /// What rows are put together by.
    pub group_by: Grouping,
    /// What the rows of a group are put in order by.
    pub order: Order,
}

/// Characters that a search may have; nobody types more.
pub(crate) const MAX_SEARCH: usize = 200;

impl ListView {
    /// Does it leave anything out?
    pub fn is_narrowed(&self) -> bool {
        let all = Self {
            group_by: self.group_by,
            order: self.order,
            ..Self::default()
        };
        *self != all
    }

    /// The same without any condition.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self {
            group_by: self.group_by,
            order: self.order,
            ..Self::default()
        }
    }

    /// Takes a value in where it is not, and out where it is.
    pub fn toggle<T: PartialEq>(values: &mut Vec<T>, value: T) {
        match values.iter().position(|other| *other == value) {
            Some(at) => drop(values.remove(at)),
            None => values.push(value),
        }
    }
}
