use case::{AmendedFinding, Blinding, Case, Class};

use super::reference::Reference;
use super::standing::{Counts, Decided, alone, decided, is_advice, is_uncertain, signed};
use super::{Line, Section};
use crate::limitations::not_blinded_line;
use crate::rows::{first_text, second_text};
use crate::words;

/// What was done, in a sentence or two.
pub(super) fn opening(case: &Case) -> Vec<Line> {
    let how = match (case.blinding(), signed(case)) {
        (Blinding::RevealedEarly { .. }, _) => not_blinded_line(case).unwrap_or_default(),
        (_, Some(_)) => "The study was read a second time by a reader who did not know the first report. The read was \
                         sealed before the first report was opened, and both were then compared."
            .to_owned(),
        (_, None) => {
            "The study was read a second time. There is no first report that this read was compared with.".to_owned()
        }
    };
    let mut from = vec![Reference::Seal];
    from.extend(signed(case).map(|_| Reference::Outcome));
    let mut lines = vec![Line::new(how, from.clone())];
    if !case.earlier_comparisons().is_empty() {
        lines.push(Line::new(
            "The first report was corrected or withdrawn after an earlier comparison. This letter takes the place of any \
             that was written before.",
            from,
        ));
    }
    lines
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
    let possible = rows.iter().filter(|row| row.counts != Counts::Open);
    uncertain.extend(
        possible
            .filter(|row| is_uncertain(case, row.pair) && !advice(row))
            .map(|row| line(case, row)),
    );
    let mut next: Vec<Line> = rows
        .iter()
        .filter(advice)
        .map(|row| line(case, row))
        .collect();
    next.extend(criticals(case));
    vec![
        Section {
            title: "Both reads agree",
            lines: of(&[Counts::Both]),
        },
        Section {
            title: "Changed by the second read",
            lines: changed,
        },
        Section {
            title: "The first report stands",
            lines: of(&[Counts::First]),
        },
        Section {
            title: "Second read alone",
            lines: alone(case)
                .map(|finding| {
                    let from = vec![Reference::Finding(finding.id)];
                    Line::new(case.finding_text(finding.id), from)
                })
                .chain(impression(case))
                .collect(),
        },
        Section {
            title: "Uncertain",
            lines: uncertain,
        },
        Section {
            title: "What next",
            lines: next,
        },
        Section {
            title: "What limits this opinion",
            lines: limits(case),
        },
    ]
}

/// The impression as a whole, where no comparison speaks of its sentences.
fn impression(case: &Case) -> Option<Line> {
    let text = case.read().impression.trim();
    let from = vec![Reference::Impression];
    (signed(case).is_none() && !text.is_empty()).then(|| Line::new(text, from))
}

fn line(case: &Case, row: &Decided) -> Line {
    let comparison = case.comparison();
    let first = comparison.and_then(|c| first_text(c, row.pair));
    let second = comparison.and_then(|c| second_text(case, c, row.pair));
    let said = match (&first, &second) {
        (Some(first), Some(second)) if row.counts == Counts::Both => {
            format!("{} First report: “{first}”", ended(second))
        }
        (Some(first), Some(second)) => {
            format!(
                "Second read: {} First report: “{first}” {}",
                ended(second),
                kinds(row)
            )
        }
        (Some(first), None) => format!("First report: “{first}” {}", kinds(row)),
        (None, Some(second)) => format!("Second read: {} {}", ended(second), kinds(row)),
        (None, None) => kinds(row),
    };
    let mut text = said.trim().to_owned();
    let mut add = |words: &str| {
        if !words.trim().is_empty() {
            text.push(' ');
            text.push_str(&ended(words));
        }
    };
    add(third(row));
    add(&row
        .third
        .map(|third| third.note.clone())
        .unwrap_or_default());
    if row.counts != Counts::First {
        add(&row.verdict.note);
    }
    if !matches!(row.counts, Counts::Both | Counts::First)
        && let Some(significance) = row.significance()
    {
        add(&format!(
            "Meaning for care: {}.",
            significance.label().to_lowercase()
        ));
    }
    Line::new(text, row.references())
}

/// Where the reads differ, in words that blame nobody.
fn kinds(row: &Decided) -> String {
    if row.counts == Counts::Both {
        return String::new();
    }
    let one_sided = match (row.pair.first, row.pair.second) {
        (None, Some(_)) => Some("the first report does not speak of it"),
        (Some(_), None) if row.verdict.classes != [Class::D2] => {
            Some("the second read does not speak of it")
        }
        _ => None,
    };
    if let Some(said) = one_sided {
        return ended(&words::sentence(said));
    }
    let classes = row.verdict.classes.iter().map(|class| match class {
        Class::Agree => "both say the same".to_owned(),
        Class::D1 => "the first report does not speak of it".to_owned(),
        Class::D1Second => "the second read does not speak of it".to_owned(),
        Class::D2 => "the second read does not confirm it".to_owned(),
        Class::D3 => "one read has it, the other says it is absent".to_owned(),
        Class::D12 => "how urgent it is".to_owned(),
        Class::D13 => "the report differs within itself".to_owned(),
        class => format!("they differ in {}", class.label().to_lowercase()),
    });
    let classes: Vec<String> = classes.collect();
    ended(&words::sentence(&classes.join("; ")))
}

fn third(row: &Decided) -> &'static str {
    match (row.third, row.counts) {
        (None, _) => "",
        (Some(_), Counts::First) => "A third reader bears out the first report.",
        (Some(_), Counts::Second) => "A third reader bears out the second read.",
        (Some(_), Counts::Both) => "A third reader was asked as well.",
        (Some(_), Counts::InPart) => "A third reader bears out both in part.",
        (Some(third), Counts::Open) => match third.upheld {
            case::Upheld::Neither => "A third reader bears out neither.",
            _ => "A third reader could not tell either.",
        },
    }
}

/// What the second reader changed after seeing the first report; the sealed read stays as it was.
fn amended(case: &Case) -> Vec<Line> {
    let lines = case.amendments().iter().enumerate().map(|(idx, amended)| {
        let amendment = &amended.amendment;
        let (what, id) = match &amendment.change {
            AmendedFinding::Added { finding } => (format!("added: {}", finding.title()), None),
            AmendedFinding::Changed { finding } => (
                format!("now reads: {}", finding.title()),
                case.finding(finding.id).map(|f| f.id),
            ),
            AmendedFinding::Retracted { id } => (
                format!(
                    "taken back: {}",
                    case.finding(*id)
                        .map(case::Finding::title)
                        .unwrap_or_default()
                ),
                case.finding(*id).map(|f| f.id),
            ),
        };
        let mut from = vec![Reference::Amendment(idx + 1)];
        from.extend(id.map(Reference::Finding));
        Line::new(
            format!(
                "After seeing the first report the second reader changed the read, {} {}",
                ended(&what),
                ended(&amendment.reason)
            ),
            from,
        )
    });
    lines.collect()
}

fn criticals(case: &Case) -> Vec<Line> {
    let lines = case.criticals().iter().map(|critical| {
        let told: Vec<String> = critical
            .communications
            .iter()
            .map(|told| match told.read_back {
                case::ReadBack::Confirmed => format!("{} was told and repeated it", told.to),
                case::ReadBack::NotDone => format!("{} was told", told.to),
            })
            .collect();
        let told = match told.is_empty() {
            true => "nobody was told yet".to_owned(),
            false => told.join("; "),
        };
        let mut from = vec![Reference::Critical(critical.number)];
        from.extend(critical.finding.map(Reference::Finding));
        Line::new(
            format!(
                "Could not wait: {} Raised {}; {told}.",
                ended(&critical.text),
                words::time(&critical.at)
            ),
            from,
        )
    });
    lines.collect()
}

fn limits(case: &Case) -> Vec<Line> {
    let mut lines: Vec<Line> = case
        .read()
        .limitations
        .iter()
        .enumerate()
        .map(|(idx, text)| Line::new(ended(text), vec![Reference::Limitation(idx + 1)]))
        .collect();
    let late = crate::limitations::late_report_lines(case);
    let late = late
        .into_iter()
        .map(|text| Line::new(text, vec![Reference::Outcome]));
    lines.extend(late);
    lines.push(Line::new(
        "A second read can be wrong as well. This letter does not replace the report of the responsible radiologist.",
        vec![Reference::Seal],
    ));
    lines
}

/// The words with a full stop.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim();
    match text.ends_with(['.', '!', '?', '”']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}
