use case::{Fact, TextSpan};

use crate::document::Report;
use crate::rules::phrase_fact;

/// The fact about exactly `phrase`, wherever it first stands in the report; `None` when it does not stand there.
///
/// Case and the number of blanks do not matter. The phrase need not be in the lexicon.
pub fn read_phrase(report: &Report, phrase: &str) -> Option<Fact> {
    let span = find_phrase(&report.text, phrase)?;
    let statement = report
        .statements
        .iter()
        .find(|statement| statement.span[0] <= span[0] && span[1] <= statement.span[1]);
    let sentence = statement.map_or_else(
        || lines_around(&report.text, span),
        |statement| statement.span,
    );
    phrase_fact(&report.text, sentence, span)
}

/// Adds the fact about exactly `phrase` to the statement it stands in; returns whether it stands there.
pub fn add_phrase(report: &mut Report, phrase: &str) -> bool {
    let Some(fact) = read_phrase(report, phrase) else {
        return false;
    };
    let holder = report
        .statements
        .iter_mut()
        .find(|statement| statement.span[0] <= fact.span[0] && fact.span[1] <= statement.span[1]);
    match holder {
        Some(statement) => {
            statement.facts.retain(|other| other.span != fact.span);
            statement.facts.push(fact);
            true
        }
        None => false,
    }
}

fn find_phrase(text: &str, phrase: &str) -> Option<TextSpan> {
    let wanted: Vec<char> = collapse(phrase.trim().chars().map(|c| (0, c)))
        .into_iter()
        .map(|(_, c)| c)
        .collect();
    let have = collapse(text.char_indices());
    if wanted.is_empty() {
        return None;
    }
    let is_word = |c: Option<&(usize, char)>| c.is_some_and(|(_, c)| c.is_alphanumeric());
    let matches = |at: &usize| {
        have.get(*at..*at + wanted.len())
            .is_some_and(|part| part.iter().map(|(_, c)| *c).eq(wanted.iter().copied()))
    };
    let starts: Vec<usize> = (0..have.len().saturating_sub(wanted.len() - 1))
        .filter(matches)
        .collect();
    let whole = |at: &&usize| {
        (**at == 0 || !is_word(have.get(**at - 1))) && !is_word(have.get(**at + wanted.len()))
    };
    let at = *starts.iter().find(whole).or(starts.first())?;
    let start = have.get(at)?.0;
    let last = have.get(at + wanted.len() - 1)?;
    Some([
        start,
        last.0 + text.get(last.0..)?.chars().next()?.len_utf8(),
    ])
}

/// Lower case, runs of blanks as one.
fn collapse(chars: impl Iterator<Item = (usize, char)>) -> Vec<(usize, char)> {
    let mut out: Vec<(usize, char)> = Vec::new();
    for (at, c) in chars {
        let c = if c.is_whitespace() {
            ' '
        } else {
            c.to_lowercase().next().unwrap_or(c)
        };
        if c != ' ' || out.last().is_none_or(|(_, last)| *last != ' ') {
            out.push((at, c));
        }
    }
    out
}

fn lines_around(text: &str, span: TextSpan) -> TextSpan {
    let start = text
        .get(..span[0])
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let end = text
        .get(span[1]..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |at| span[1] + at);
    [start, end]
}
