#![allow(clippy::unwrap_used)]
use case::{Actor, Outcome, Priority, Stage};

use super::answer::{GroupKey, Listed, listed};
use super::ask::{CaseMark, Due, Grouping, ListView, Order, Queue};
use super::packed::{Packer, field, list_of, mark};
use super::table::CaseTable;

const TODAY: &str = "2026-11-22T08:00:00Z";

fn stage(stage: Stage) -> u8 {
    u8::try_from(Stage::ALL.iter().position(|s| *s == stage).unwrap()).unwrap()
}

/// A case with some texts.
fn row(id: &str, at: Stage, marks: u16, texts: &[(usize, &str)]) -> Packer {
    let mut packer = Packer {
        stage: stage(at),
        outcome: 0,
        significance: 0,
        marks,
        priority: 0,
        texts: std::array::from_fn(|_| String::new()),
    };
    packer.texts[field::ID] = id.into();
    packer.texts[field::FOUND] = id.to_lowercase();
    packer.texts[field::MODALITY] = "CT".into();
    for (idx, text) in texts {
        packer.texts[*idx] = (*text).to_owned();
    }
    packer
}

fn table_for(actor: &str, rows: &[Packer]) -> CaseTable {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    for row in rows {
        bytes.extend(row.pack());
        ends.push(bytes.len());
    }
    let mut table = CaseTable::new(&Actor::new(actor));
    table.fill(bytes, &ends);
    table.put_in_order();
    table
}

fn ids(table: &CaseTable, listed: &Listed) -> Vec<String> {
    let rows = listed.rows.iter();
    rows.map(|idx| table.row(*idx as usize).unwrap().id.to_string())
        .collect()
}

/// Who reads a case under an open third read of theirs, and who made it.
fn knows() -> String {
    list_of(["Iyer", "Office"].into_iter())
}

/// A programme: what each case is like shows in its letters.
fn programme() -> Vec<Packer> {
    use field::{
        ASSIGNED, BARRED, CLOSED_PRIORS, DUE, FIRST_AUTHOR, FOUND, KNOWS, MODALITY, PATIENT_NAME,
        PROTOCOL, READER, STUDY_DATE, THIRD_READER,
    };
    let third = knows();
    let mut rows = vec![
        row(
            "A",
            Stage::Ready,
            mark::BLINDED,
            &[(ASSIGNED, "Iyer"), (DUE, "2026-11-21"), (PROTOCOL, "p")],
        ),
        row(
            "B",
            Stage::Ready,
            mark::BLINDED | mark::LIMITED_INTAKE,
            &[(STUDY_DATE, "2026-11-20"), (DUE, "2026-11-22")],
        ),
        row(
            "C",
            Stage::Reading,
            mark::BLINDED | mark::HAS_READER | mark::CONFERENCE | mark::CRITICAL,
            &[
                (READER, "Iyer"),
                (DUE, "2026-11-28"),
                (MODALITY, "MR"),
                (FOUND, "c\nhartley, rowan\nknee left"),
                (PATIENT_NAME, "Hartley, Rowan"),
            ],
        ),
        row(
            "D",
            Stage::Adjudicating,
            mark::HAS_READER | mark::THIRD_OPEN | mark::CRITICAL | mark::LIMITED_READ,
            &[
                (READER, "Iyer"),
                (FIRST_AUTHOR, "Novak"),
                (BARRED, "Novak"),
                (KNOWS, &third),
                (CLOSED_PRIORS, ""),
            ],
        ),
        row(
            "E",
            Stage::Adjudicating,
            mark::HAS_READER | mark::THIRD_OPEN | mark::THIRD_TAKEN | mark::TEACHING,
            &[
                (READER, "Iyer"),
                (THIRD_READER, "Osei"),
                (KNOWS, &third),
                (FIRST_AUTHOR, "Novak"),
            ],
        ),
        row(
            "F",
            Stage::Closed,
            mark::HAS_READER | mark::CONFERENCE,
            &[
                (READER, "Osei"),
                (BARRED, "Novak"),
                (FIRST_AUTHOR, "Novak"),
                (DUE, "2026-11-01"),
                (STUDY_DATE, "2026-10-01"),
            ],
        ),
        row(
            "G",
            Stage::Feedback,
            mark::HAS_READER | mark::THIRD_DUE,
            &[(READER, "Osei"), (DUE, "2026-12-24"), (MODALITY, "US")],
        ),
    ];
    rows[1].priority = 2;
    rows[3].outcome = 3;
    rows[5].outcome = 1;
    rows
}

#[test]
fn conditions_are_joined_and_each_lists_what_it_says() {
    let table = table_for("Iyer", &programme());
    let any = ListView::default;
    let rows: Vec<(ListView, &str)> = vec![
        (any(), "ACBDEGF"),
        (
            ListView {
                queue: Queue::Mine,
                ..any()
            },
            "ACDE",
        ),
        (
            ListView {
                queue: Queue::Unassigned,
                ..any()
            },
            "B",
        ),
        (
            ListView {
                states: vec![Stage::Closed, Stage::Ready],
                ..any()
            },
            "ABF",
        ),
        (
            ListView {
                due: Some(Due::Overdue),
                ..any()
            },
            "A",
        ),
        (
            ListView {
                due: Some(Due::Today),
                ..any()
            },
            "B",
        ),
        (
            ListView {
                due: Some(Due::Week),
                ..any()
            },
            "CB",
        ),
        (
            ListView {
                due: Some(Due::Later),
                ..any()
            },
            "G",
        ),
        (
            ListView {
                due: Some(Due::None),
                ..any()
            },
            "DE",
        ),
        (
            ListView {
                priorities: vec![Priority::Urgent],
                ..any()
            },
            "B",
        ),
        (
            ListView {
                reader: "Osei".into(),
                ..any()
            },
            "GF",
        ),
        (
            ListView {
                modalities: vec!["MR".into(), "US".into()],
                ..any()
            },
            "CG",
        ),
        (
            ListView {
                protocol: "p".into(),
                ..any()
            },
            "A",
        ),
        (
            ListView {
                outcomes: vec![Outcome::Changed],
                ..any()
            },
            "D",
        ),
        (
            ListView {
                marks: vec![CaseMark::Limitation],
                ..any()
            },
            "BD",
        ),
        (
            ListView {
                marks: vec![CaseMark::Critical],
                ..any()
            },
            "CD",
        ),
        (
            ListView {
                marks: vec![CaseMark::Critical, CaseMark::Limitation],
                ..any()
            },
            "D",
        ),
        (
            ListView {
                marks: vec![CaseMark::ThirdRead],
                ..any()
            },
            "DEG",
        ),
        (
            ListView {
                marks: vec![CaseMark::Conference],
                ..any()
            },
            "F",
        ),
        (
            ListView {
                search: " KNEE  row ".into(),
                ..any()
            },
            "C",
        ),
        (
            ListView {
                search: "knee thigh".into(),
                ..any()
            },
            "",
        ),
        (
            ListView {
                queue: Queue::Mine,
                due: Some(Due::Week),
                search: "hart".into(),
                ..any()
            },
            "C",
        ),
        (
            ListView {
                queue: Queue::Unassigned,
                due: Some(Due::Overdue),
                ..any()
            },
            "",
        ),
    ];
    for (view, expected) in rows {
        let answer = listed(&table, &view, TODAY);
        assert_eq!(ids(&table, &answer).concat(), expected, "{view:?}");
    }
}

#[test]
fn groups_hold_each_listed_row_once_in_the_order_that_was_asked_for() {
    let table = table_for("Iyer", &programme());
    let of = |group_by, order| {
        let view = ListView {
            group_by,
            order,
            ..ListView::default()
        };
        let answer = listed(&table, &view, TODAY);
        let names = ids(&table, &answer);
        let groups: Vec<String> = answer
            .groups
            .iter()
            .map(|group| names[group.rows.clone()].concat())
            .collect();
        assert_eq!(groups.concat().len(), table.len(), "{group_by:?}");
        (
            groups,
            answer
                .groups
                .into_iter()
                .map(|group| group.key)
                .collect::<Vec<_>>(),
        )
    };
    let reader = |name: &str| GroupKey::Reader(name.into());
    assert_eq!(
        of(Grouping::NeedsYou, Order::Newest),
        (
            ["AC", "BDEG", "F"].map(String::from).into(),
            vec![GroupKey::NeedsYou, GroupKey::Open, GroupKey::Ended],
        )
    );
    assert_eq!(
        of(Grouping::Reader, Order::Newest),
        (
            ["B", "ACDE", "FG"].map(String::from).into(),
            vec![reader(""), reader("Iyer"), reader("Osei")],
        )
    );
    let (groups, keys) = of(Grouping::Due, Order::Newest);
    assert_eq!(groups, ["A", "B", "C", "G", "DE", "F"]);
    assert_eq!(keys.first(), Some(&GroupKey::Due(Due::Overdue)));
    assert_eq!(keys.last(), Some(&GroupKey::Ended));
    for (order, expected) in [
        (Order::Newest, "BFACDEG"),
        (Order::Oldest, "ACDEGFB"),
        (Order::Patient, "BFADEGC"),
        (Order::Due, "ABCGDEF"),
        (Order::State, "BACDEGF"),
    ] {
        let (groups, keys) = of(Grouping::None, order);
        assert_eq!(
            (groups.concat().as_str(), keys),
            (expected, vec![GroupKey::All]),
            "{order:?}"
        );
    }
}

#[test]
fn each_count_is_what_its_filter_lists() {
    for actor in ["Iyer", "Osei", "Novak", "Nobody"] {
        let table = table_for(actor, &programme());
        let any = ListView::default;
        let counts = listed(&table, &any(), TODAY).counts;
        let n = |view: ListView| listed(&table, &view, TODAY).rows.len();
        for (queue, count) in [Queue::Mine, Queue::All, Queue::Unassigned]
            .into_iter()
            .zip(counts.queues)
        {
            assert_eq!(n(ListView { queue, ..any() }), count, "{actor} {queue:?}");
        }
        for (at, count) in Stage::ALL.iter().zip(&counts.states) {
            assert_eq!(
                n(ListView {
                    states: vec![*at],
                    ..any()
                }),
                *count,
                "{actor} {at:?}"
            );
        }
        for (due, count) in Due::ALL.into_iter().zip(counts.due) {
            assert_eq!(
                n(ListView {
                    due: Some(due),
                    ..any()
                }),
                count,
                "{actor} {due:?}"
            );
        }
        for (mark, count) in CaseMark::ALL.into_iter().zip(counts.marks) {
            assert_eq!(
                n(ListView {
                    marks: vec![mark],
                    ..any()
                }),
                count,
                "{actor} {mark:?}"
            );
        }
        for (outcome, count) in &counts.outcomes {
            assert_eq!(
                n(ListView {
                    outcomes: vec![*outcome],
                    ..any()
                }),
                *count,
                "{actor}"
            );
        }
        for (reader, count) in &counts.readers {
            assert_eq!(
                n(ListView {
                    reader: reader.clone(),
                    ..any()
                }),
                *count,
                "{actor}"
            );
        }
        for (name, count) in &counts.modalities {
            assert_eq!(
                n(ListView {
                    modalities: vec![name.clone()],
                    ..any()
                }),
                *count,
                "{actor}"
            );
        }
    }
}

#[test]
fn what_an_actor_may_not_know_no_filter_group_or_search_tells() {
    let any = ListView::default;
    // The third reader, and whoever may still become it, know neither names nor how far the reads differ.
    for actor in ["Osei", "Somebody"] {
        let table = table_for(actor, &programme());
        for view in [
            ListView {
                reader: "Iyer".into(),
                ..any()
            },
            ListView {
                outcomes: vec![Outcome::Changed],
                ..any()
            },
            ListView {
                marks: vec![CaseMark::Critical],
                ..any()
            },
            ListView {
                marks: vec![CaseMark::Limitation],
                ..any()
            },
            ListView {
                marks: vec![CaseMark::Teaching],
                ..any()
            },
            ListView {
                search: "iyer".into(),
                ..any()
            },
            ListView {
                search: "novak".into(),
                ..any()
            },
        ] {
            let found = ids(&table, &listed(&table, &view, TODAY)).concat();
            assert!(!found.contains(['D', 'E']), "{actor} {view:?}: {found}");
        }
        let by_reader = ListView {
            group_by: Grouping::Reader,
            ..any()
        };
        let answer = listed(&table, &by_reader, TODAY);
        let names = ids(&table, &answer);
        let nobody = answer
            .groups
            .iter()
            .find(|group| group.key == GroupKey::Reader(String::new()));
        let nobody = names[nobody.unwrap().rows.clone()].concat();
        assert!(nobody.contains("DE"), "{nobody}");
        for id in ["D", "E"] {
            let row = table.iter().find(|row| row.id.as_str() == id).unwrap();
            let all = format!("{row:?}");
            assert!(!all.contains("Iyer") && !all.contains("Novak"), "{all}");
            assert!(
                row.outcome.is_none() && row.marks == [CaseMark::ThirdRead],
                "{all}"
            );
        }
    }
    // Nor does whoever made the first read, of a case of theirs.
    let table = table_for("Novak", &programme());
    for view in [
        ListView {
            reader: "Osei".into(),
            ..any()
        },
        ListView {
            outcomes: vec![Outcome::Changed, Outcome::Confirmed],
            ..any()
        },
        ListView {
            marks: vec![CaseMark::Critical],
            ..any()
        },
        ListView {
            marks: vec![CaseMark::ThirdRead],
            ..any()
        },
    ] {
        let found = ids(&table, &listed(&table, &view, TODAY)).concat();
        assert!(!found.contains(['D', 'F']), "{view:?}: {found}");
    }
    // Nobody hears of the lists of others while the case is blinded, and the first reader never.
    for (actor, expected) in [("Iyer", "F"), ("Novak", ""), ("Osei", "F")] {
        let table = table_for(actor, &programme());
        let view = ListView {
            marks: vec![CaseMark::Conference],
            ..any()
        };
        let found = ids(&table, &listed(&table, &view, TODAY)).concat();
        assert_eq!(found, expected, "{actor}");
    }
}

#[test]
fn a_case_waits_for_whoever_must_do_something_now() {
    let needs = |actor: &str| -> String {
        let table = table_for(actor, &programme());
        let rows = table.iter().filter(|row| row.needs_you);
        rows.map(|row| row.id.to_string()).collect()
    };
    // The second reader waits for the third, as the row says.
    assert_eq!(needs("Iyer"), "AC");
    assert_eq!(needs("Osei"), "EG");
    let table = table_for("Iyer", &programme());
    let waits: Vec<_> = table
        .iter()
        .filter_map(|row| Some((row.id.to_string(), row.waits_for?)))
        .collect();
    let words = format!("{waits:?}");
    assert_eq!(
        words,
        "[(\"D\", ThirdReader), (\"E\", ThirdDecision), (\"G\", ThirdToBeAsked)]"
    );
}

#[test]
fn a_table_that_changed_row_by_row_is_the_one_that_is_read_anew() {
    let mut rows = programme();
    let mut table = table_for("Iyer", &rows);
    let mut random = 0x9e37_79b9_u64;
    for step in 0..300_usize {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let at = usize::try_from(random % 12).unwrap();
        let id = format!("{}", char::from(b'A' + u8::try_from(at).unwrap()));
        let stages = [Stage::Ready, Stage::Reading, Stage::Closed, Stage::OnHold];
        let reader = ["Iyer", "Osei", ""][step % 3];
        let day = format!("2026-{:02}-01", random % 9 + 1);
        let changed = row(
            &id,
            stages[step % 4],
            mark::HAS_READER,
            &[(field::READER, reader), (field::STUDY_DATE, &day)],
        );
        table.put(changed.pack());
        match rows.iter_mut().find(|row| row.texts[field::ID] == id) {
            Some(known) => *known = changed,
            None => rows.push(changed),
        }
        let anew = table_for("Iyer", &rows);
        let both = [&table, &anew].map(|table| format!("{table:?}"));
        assert_eq!(both[0], both[1], "step {step}");
        assert_eq!(
            table.position(&case::CaseId::new(&id)),
            anew.position(&case::CaseId::new(&id))
        );
    }
    table.put(b"nonsense".to_vec());
    assert_eq!(table.len(), rows.len());
}
