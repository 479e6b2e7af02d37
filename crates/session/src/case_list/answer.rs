use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use case::{Outcome, Priority, Stage};
use rayon::prelude::*;

use super::ask::{CaseMark, Due, Grouping, ListView, MAX_SEARCH, Order, Queue};
use super::days::Days;
use super::table::{CaseTable, Tabled};

/// What a group of rows has in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// They wait for the actor.
    NeedsYou,
    /// They are open.
    Open,
    /// They have ended.
    Ended,
    /// Where they stand, by the place in [`Stage::ALL`].
    State(usize),
    /// When they are due.
    Due(Due),
    /// Who reads them; empty for nobody.
    Reader(String),
    /// The protocol they are read by; empty for none.
    Protocol(String),
    /// Nothing: all rows are one group.
    All,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub key: GroupKey,
    /// Their places in [`Listed::rows`].
    pub rows: Range<usize>,
}

/// How many cases each line of the filters stands for, of all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of the actor, all, of nobody.
    pub queues: [usize; 3],
    /// By where they stand, in the order of [`Stage::ALL`].
    pub states: Vec<usize>,
    /// By when they are due, in the order of [`Due::ALL`]; today's are in the week as well.
    pub due: [usize; 5],
    /// Routine, soon, urgent; ended ones left out.
    pub priorities: [usize; 3],
    /// By modality.
    pub modalities: BTreeMap<String, usize>,
    /// By reader; those of nobody left out.
    pub readers: BTreeMap<String, usize>,
    /// By protocol.
    pub protocols: BTreeMap<String, usize>,
    /// By outcome.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// In the order of [`CaseMark::ALL`].
    pub marks: [usize; 5],
}

/// The answer to a [`ListView`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// What was asked.
    pub view: ListView,
    /// Places in the [`CaseTable`], group by group.
    pub rows: Vec<u32>,
    /// The groups that have a row, in order.
    pub groups: Vec<Group>,
    /// Of all cases.
    pub counts: Counts,
}

/// Lists cases. `today` is `YYYY-MM-DD`, or begins with it.
pub(crate) fn listed(table: &CaseTable, view: &ListView, today: &str) -> Listed {
    let days = Days::from(today);
    let question = Question::of(view, &days);
    let mut rows: Vec<u32> = table
        .order()
        .par_iter()
        .copied()
        .filter(|idx| {
            table
                .tabled(*idx as usize)
                .is_some_and(|row| question.takes(row))
        })
        .collect();
    // The table is in this order already, and in these groups.
    if (view.group_by, view.order) != (Grouping::NeedsYou, Order::Newest) {
        put_in_order(table, view.order, &mut rows);
    }
    let groups = grouped(table, view.group_by, &days, &mut rows);
    Listed {
        view: view.clone(),
        rows,
        groups,
        counts: counts(table, &days),
    }
}

/// A view in the form in which it is asked of each row.
struct Question<'a> {
    view: &'a ListView,
    days: &'a Days,
    words: Vec<String>,
}

impl<'a> Question<'a> {
    fn of(view: &'a ListView, days: &'a Days) -> Self {
        let search: String = view.search.chars().take(MAX_SEARCH).collect();
        let words = search.split_whitespace().map(str::to_lowercase);
        Self {
            view,
            days,
            words: words.collect(),
        }
    }

    fn takes(&self, row: Tabled<'_>) -> bool {
        let ListView {
            queue,
            states,
            due,
            priorities,
            reader,
            modalities,
            protocol,
            outcomes,
            marks,
            ..
        } = self.view;
        let any = |is_empty: bool, contains: bool| is_empty || contains;
        let of_queue = match queue {
            Queue::Mine => row.is_yours(),
            Queue::All => true,
            Queue::Unassigned => row.is_unassigned(),
        };
        let when = || match row.is_over() {
            // What has ended is due no more, and it is not without a day either.
            true => None,
            false => Some(self.days.when(row.due())),
        };
        of_queue
            && any(states.is_empty(), states.contains(&row.stage()))
            && due.is_none_or(|due| when().is_some_and(|when| due.takes(when)))
            && any(priorities.is_empty(), priorities.contains(&row.priority()))
            && any(reader.is_empty(), row.reader() == reader)
            && any(
                modalities.is_empty(),
                modalities.iter().any(|m| m == row.modality()),
            )
            && any(protocol.is_empty(), row.protocol() == protocol)
            && any(
                outcomes.is_empty(),
                row.outcome().is_some_and(|o| outcomes.contains(&o)),
            )
            && marks.iter().all(|mark| row.has_mark(*mark))
            && row.has_words(&self.words)
    }
}

/// What a row is put in order by, and its place in the table: the asked order first, then the newest, then the name.
type Keyed<'t> = (Vec<u8>, Reverse<[u8; 10]>, &'t str, u32);

fn put_in_order(table: &CaseTable, order: Order, rows: &mut [u32]) {
    let Some(all): Option<Vec<(u32, Tabled<'_>)>> = rows
        .iter()
        .map(|idx| Some((*idx, table.tabled(*idx as usize)?)))
        .collect()
    else {
        return;
    };
    let mut keyed: Vec<Keyed<'_>> = all
        .into_par_iter()
        .map(|(idx, row)| {
            let first = match order {
                Order::Newest => Vec::new(),
                Order::Oldest => row.day().to_vec(),
                Order::Patient => row.patient_name().to_lowercase().into_bytes(),
                Order::State => vec![u8::try_from(place_of(row.stage())).unwrap_or(u8::MAX)],
                Order::Due => due_key(row),
            };
            (first, Reverse(row.day()), row.id(), idx)
        })
        .collect();
    keyed.par_sort_unstable();
    for (place, (.., idx)) in rows.iter_mut().zip(keyed) {
        *place = idx;
    }
}

/// What has a day before what has none, and what has ended last; of a day, the urgent first.
fn due_key(row: Tabled<'_>) -> Vec<u8> {
    let kind = match (row.is_over(), row.due()) {
        (true, _) => 2,
        (false, "") => 1,
        (false, _) => 0,
    };
    let mut key = vec![kind];
    key.extend(row.due().bytes());
    key.push(2 - priority_place(row.priority()));
    key
}

fn priority_place(priority: Priority) -> u8 {
    match priority {
        Priority::Routine => 0,
        Priority::Soon => 1,
        Priority::Urgent => 2,
    }
}

fn place_of(stage: Stage) -> usize {
    let place = Stage::ALL.iter().position(|other| *other == stage);
    place.unwrap_or(Stage::ALL.len())
}

/// Puts rows of a group together without changing their order in it.
fn grouped(table: &CaseTable, by: Grouping, days: &Days, rows: &mut Vec<u32>) -> Vec<Group> {
    let key_of = |row: Tabled<'_>| match by {
        Grouping::NeedsYou => match row.need() {
            0 => GroupKey::NeedsYou,
            1 => GroupKey::Open,
            _ => GroupKey::Ended,
        },
        Grouping::State => GroupKey::State(place_of(row.stage())),
        Grouping::Due if row.is_over() => GroupKey::Ended,
        Grouping::Due => GroupKey::Due(days.when(row.due())),
        Grouping::Reader => GroupKey::Reader(row.reader().to_owned()),
        Grouping::Protocol => GroupKey::Protocol(row.protocol().to_owned()),
        Grouping::None => GroupKey::All,
    };
    let mut members: BTreeMap<GroupKey, Vec<u32>> = BTreeMap::new();
    for idx in rows.drain(..) {
        if let Some(row) = table.tabled(idx as usize) {
            members.entry(key_of(row)).or_default().push(idx);
        }
    }
    // Of what is due, what has ended comes behind all that has not.
    let mut ordered: Vec<(GroupKey, Vec<u32>)> = members.into_iter().collect();
    ordered.sort_by_key(|(key, _)| *key == GroupKey::Ended);
    let mut groups = Vec::with_capacity(ordered.len());
    for (key, members) in ordered {
        let start = rows.len();
        rows.extend(members);
        groups.push(Group {
            key,
            rows: start..rows.len(),
        });
    }
    groups
}

fn counts(table: &CaseTable, days: &Days) -> Counts {
    const AT_ONCE: usize = 8_192;
    let some: Vec<Counts> = table
        .order()
        .par_chunks(AT_ONCE)
        .map(|idxs| {
            let mut counts = Counts::empty();
            let rows = idxs.iter().filter_map(|idx| table.tabled(*idx as usize));
            rows.for_each(|row| counts.add(row, days));
            counts
        })
        .collect();
    some.into_iter().fold(Counts::empty(), Counts::join)
}

impl Counts {
    fn empty() -> Self {
        Self {
            states: vec![0; Stage::ALL.len()],
            ..Self::default()
        }
    }

    fn add(&mut self, row: Tabled<'_>, days: &Days) {
        let one = usize::from;
        for (n, is_in) in self
            .queues
            .iter_mut()
            .zip([row.is_yours(), true, row.is_unassigned()])
        {
            *n += one(is_in);
        }
        if let Some(n) = self.states.get_mut(place_of(row.stage())) {
            *n += 1;
        }
        if !row.is_over() {
            let when = days.when(row.due());
            for (n, due) in self.due.iter_mut().zip(Due::ALL) {
                *n += one(due.takes(when));
            }
            let place = usize::from(priority_place(row.priority()));
            self.priorities
                .get_mut(place)
                .into_iter()
                .for_each(|n| *n += 1);
        }
        count(&mut self.modalities, row.modality());
        count(&mut self.protocols, row.protocol());
        if !row.reader().is_empty() {
            count(&mut self.readers, row.reader());
        }
        if let Some(outcome) = row.outcome() {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        for (n, mark) in self.marks.iter_mut().zip(CaseMark::ALL) {
            *n += one(row.has_mark(mark));
        }
    }

    fn join(mut self, other: Self) -> Self {
        let add = |to: &mut [usize], from: &[usize]| {
            to.iter_mut().zip(from).for_each(|(to, n)| *to += n);
        };
        add(&mut self.queues, &other.queues);
        add(&mut self.states, &other.states);
        add(&mut self.due, &other.due);
        add(&mut self.priorities, &other.priorities);
        add(&mut self.marks, &other.marks);
        for (to, from) in [
            (&mut self.modalities, other.modalities),
            (&mut self.readers, other.readers),
            (&mut self.protocols, other.protocols),
        ] {
            from.into_iter()
                .for_each(|(word, n)| *to.entry(word).or_default() += n);
        }
        for (outcome, n) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += n;
        }
        self
    }
}

/// One more of a word; a text is made only for the first.
fn count(words: &mut BTreeMap<String, usize>, word: &str) {
    match words.get_mut(word) {
        Some(n) => *n += 1,
        None => drop(words.insert(word.to_owned(), 1)),
    }
}
