use case::{
    AmendedFinding, Assertion, Blinding, Case, Change, Class, Fact, Finding, Pair, SecondRef, Side,
};

use super::clinician::ended;
use super::glossary::{lay_place, lay_words};
use super::reference::Reference;
use super::standing::{Counts, Decided, alone, decided, is_advice, is_uncertain, signed};
use super::{Line, Section};
use crate::findings::sizes;
use crate::rows::{first_text, second_text};

/// What a second look is, in short sentences.
pub(super) fn opening(case: &Case) -> Vec<Line> {
    let how = match (case.blinding(), signed(case)) {
        (Blinding::RevealedEarly { .. }, _) => {
            "A second doctor looked at your pictures. This doctor had seen the first report before finishing."
        }
        (_, Some(_)) => {
            "A second doctor looked at your pictures without knowing the first report. After that, both were compared."
        }
        (_, None) => {
            "A second doctor looked at your pictures. There was no first report to compare with."
        }
    };
    let marks = "The words in round brackets are the medical ones. The marks in square brackets show where each line comes \
                 from.";
    let changed = "The first report was changed later. This letter takes the place of any letter you had before.";
    let changed = (!case.earlier_comparisons().is_empty()).then_some(changed);
    let lines = [Some(how), changed, Some(marks)].into_iter().flatten();
    lines
        .map(|text| Line::new(text, vec![Reference::Seal]))
        .collect()
}

pub(super) fn sections(case: &Case) -> Vec<Section> {
    let rows = decided(case);
    let advice = |row: &&Decided| signed(case).is_some_and(|c| is_advice(c, row.pair));
    let of = |wanted: &[Counts]| -> Vec<Line> {
        let rows = rows.iter().filter(|row| wanted.contains(&row.counts));
        let rows = rows.filter(|row| !advice(row) && !is_uncertain(case, row.pair));
        rows.map(|row| line(case, row)).collect()
    };
    let mut changed = of(&[Counts::Second, Counts::InPart]);
    changed.extend(amended(case));
    let mut uncertain = of(&[Counts::Open]);
    uncertain.extend(
        rows.iter()
            .filter(|row| {
                row.counts != Counts::Open && is_uncertain(case, row.pair) && !advice(row)
            })
            .map(|row| line(case, row)),
    );
    let mut next: Vec<Line> = rows
        .iter()
        .filter(advice)
        .map(|row| advised(case, row))
        .collect();
    next.extend(criticals(case));
    next.push(Line::new(
        "Please talk with your doctor about this letter before you change anything.",
        vec![Reference::Seal],
    ));
    vec![
        section("What both doctors say", of(&[Counts::Both])),
        section("What is different now", changed),
        section(
            "Where the first report stays as it is",
            of(&[Counts::First]),
        ),
        section(
            "What the second doctor saw",
            alone(case)
                .map(|finding| {
                    let from = vec![Reference::Finding(finding.id)];
                    Line::new(seen("The second doctor", case, finding), from)
                })
                .collect(),
        ),
        section("What is not certain", uncertain),
        section("What comes next", next),
        section("What limits this opinion", limits(case)),
    ]
}

fn section(title: &'static str, lines: Vec<Line>) -> Section {
    Section { title, lines }
}

fn line(case: &Case, row: &Decided) -> Line {
    let finding = match row.pair.second {
        Some(SecondRef::Finding(id)) => case.finding(id),
        Some(SecondRef::Sentence(_)) | None => None,
    };
    let text = match (row.counts, finding) {
        (Counts::Both, Some(finding)) => seen("Both doctors", case, finding),
        (Counts::Both, None) => format!("Both doctors say the same: {}", quoted(case, row.pair)),
        (_, Some(finding)) => format!(
            "{} {}",
            seen("The second doctor", case, finding),
            differing(row)
        ),
        (_, None) if row.pair.second.is_some() => {
            format!(
                "The second doctor writes: {} {}",
                quoted(case, row.pair),
                differing(row)
            )
        }
        (_, None) => format!(
            "The first report says: {} {}",
            quoted(case, row.pair),
            differing(row)
        ),
    };
    let text = format!("{} {}", text.trim(), third(row));
    Line::new(text.trim(), row.references())
}

/// `Both doctors saw: a small round spot (nodule), on the right, in the lower part of the lung, 8.2 mm in size.`
fn seen(who: &str, case: &Case, finding: &Finding) -> String {
    let verb = match finding.assertion {
        Assertion::Present => "saw:",
        Assertion::Absent => "did not see:",
        Assertion::Possible => "could not be sure, but perhaps saw:",
        Assertion::Historical => "saw signs of the past:",
        Assertion::Hypothetical => "asks about:",
        Assertion::OtherPerson => "speaks of another person:",
    };
    let mut parts = vec![lay_words(match finding.concept.trim() {
        "" => "finding",
        concept => concept,
    })];
    parts.extend(finding.side.map(|side| side_words(side).to_owned()));
    let place = finding.level.as_deref().or(finding.site.as_deref());
    parts.extend(place.map(|place| format!("in this place: {}", lay_place(place))));
    let measured = sizes(case, finding.id);
    if finding.assertion != Assertion::Absent && !measured.is_empty() {
        parts.push(format!("{} in size", measured.join(", ")));
    }
    parts.extend(finding.change.map(|change| change_words(change).to_owned()));
    format!("{who} {verb} {}.", parts.join(", "))
}

fn side_words(side: Side) -> &'static str {
    match side {
        Side::Left => "on the left",
        Side::Right => "on the right",
        Side::Bilateral => "on both sides",
    }
}

fn change_words(change: Change) -> &'static str {
    match change {
        Change::New => "new since the earlier pictures",
        Change::Increased => "more than in the earlier pictures",
        Change::Stable => "as in the earlier pictures",
        Change::Decreased => "less than in the earlier pictures",
        Change::Resolved => "gone since the earlier pictures",
    }
}

/// The words of a row as they were written, with lay words for what the facts in them name.
fn quoted(case: &Case, pair: &Pair) -> String {
    let Some(comparison) = case.comparison() else {
        return String::new();
    };
    let second = pair.second.and_then(|item| match item {
        SecondRef::Sentence(id) => comparison.second.iter().find(|s| s.id == id),
        SecondRef::Finding(_) => None,
    });
    let first = comparison.first.iter().find(|s| Some(s.id) == pair.first);
    let text = second_text(case, comparison, pair).or_else(|| first_text(comparison, pair));
    let facts: Vec<&Fact> = second.or(first).iter().flat_map(|s| &s.facts).collect();
    let named = facts.iter().filter_map(|fact| {
        let concept = fact.concept.as_deref()?;
        let lay = lay_words(concept);
        (!lay.ends_with("(medical term)")).then_some(lay)
    });
    let mut named: Vec<String> = named.collect();
    named.dedup();
    let text = format!("“{}”.", text.unwrap_or_default().trim_end_matches('.'));
    match named.is_empty() {
        true => text,
        false => format!("{text} This is about: {}.", named.join("; ")),
    }
}

/// Where the reads differ, in short words that blame nobody.
fn differing(row: &Decided) -> String {
    if row.pair.first.is_none() {
        return "The first report does not speak of this.".to_owned();
    }
    let sentences = row.verdict.classes.iter().map(|class| match class {
        Class::Agree => "",
        Class::D1 => "The first report does not speak of this.",
        Class::D1Second => "The second doctor had not written this down.",
        Class::D2 => "The second doctor does not see this.",
        Class::D3 => "The first report says the opposite.",
        Class::D4 => "The first report names another side.",
        Class::D5 => "The first report names another place.",
        Class::D6 => "The first report gives another size.",
        Class::D7 => "The first report says how strong it is in another way.",
        Class::D8 => {
            "The first report says in another way what has changed since the earlier pictures."
        }
        Class::D9 | Class::D10 => "The first report gives it another meaning.",
        Class::D11 => "The first report says something else about the next steps.",
        Class::D12 => "The two differ in how urgent it is.",
        Class::D13 => "The report says two different things about it.",
        Class::D14 => "The two differ in how well the pictures can show it.",
    });
    let sentences: Vec<&str> = sentences.filter(|sentence| !sentence.is_empty()).collect();
    sentences.join(" ")
}

fn third(row: &Decided) -> &'static str {
    match (row.third, row.counts) {
        (None, _) | (Some(_), Counts::Both) => "",
        (Some(_), Counts::First) => "A third doctor decided: the first report is right here.",
        (Some(_), Counts::Second) => "A third doctor decided: the second doctor is right here.",
        (Some(_), Counts::InPart) => "A third doctor decided: both are right in part.",
        (Some(_), Counts::Open) => "A third doctor looked too. It stays open.",
    }
}

fn advised(case: &Case, row: &Decided) -> Line {
    let who = match (row.pair.second, row.counts) {
        (Some(_), Counts::Both) => "Both doctors advise:",
        (Some(_), _) => "The second doctor advises:",
        (None, _) => "The first report advises:",
    };
    let text = format!("{who} {} {}", quoted(case, row.pair), third(row));
    Line::new(text.trim(), row.references())
}

fn amended(case: &Case) -> Vec<Line> {
    let lines = case.amendments().iter().enumerate().map(|(idx, amended)| {
        let (what, concept) = match &amended.amendment.change {
            AmendedFinding::Added { finding } => ("now also sees", finding.concept.clone()),
            AmendedFinding::Changed { finding } => ("now sees otherwise", finding.concept.clone()),
            AmendedFinding::Retracted { id } => {
                let finding = case.finding(*id);
                (
                    "takes back",
                    finding.map(|f| f.concept.clone()).unwrap_or_default(),
                )
            }
        };
        Line::new(
            format!(
                "After reading the first report the second doctor {what}: {}.",
                lay_words(&concept)
            ),
            vec![Reference::Amendment(idx + 1)],
        )
    });
    lines.collect()
}

fn criticals(case: &Case) -> Vec<Line> {
    let lines = case.criticals().iter().map(|critical| {
        let told = match critical.is_communicated() {
            true => "Your doctors were told at once.",
            false => "Your doctors have not confirmed it yet. Please ask them.",
        };
        Line::new(
            format!(
                "Something could not wait: “{}” {told}",
                ended(&critical.text)
            ),
            vec![Reference::Critical(critical.number)],
        )
    });
    lines.collect()
}

fn limits(case: &Case) -> Vec<Line> {
    let n_limits = case.read().limitations.len();
    let mut lines = Vec::new();
    if 0 < n_limits {
        let there_was = match n_limits {
            1 => "There was one thing".to_owned(),
            n => format!("There were {n} things"),
        };
        lines.push(Line::new(
            format!(
                "{there_was} that the second doctor could not check fully. The letter to your doctor names each."
            ),
            (1..=n_limits).map(Reference::Limitation).collect(),
        ));
    }
    lines.push(Line::new(
        "A second look can be wrong too. It does not replace the talk with your doctor.",
        vec![Reference::Seal],
    ));
    lines
}
