//! The answer of the command line, `overread.compare/1`.

use case::{Class, Outcome, Pair, SecondRef, Statement, TextSpan};
use serde::{Deserialize, Serialize};

use crate::internal::{Internal, internal};
use crate::outcome::outcome_suggested;

/// What `compare --json` answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `overread.compare/1`.
    pub schema: String,
    /// Statements of both reads that speak of one thing.
    pub pairs: Vec<AnsweredPair>,
    /// What only the first read says and a reader should answer.
    pub unmatched_first: Vec<LooseStatement>,
    /// What only the second read says.
    pub unmatched_second: Vec<LooseStatement>,
    /// Statements that need no answer.
    pub not_addressed: Vec<LooseStatement>,
    /// Contradictions inside the first report.
    pub internal: Vec<Internal>,
    /// What the rows mean for the first report.
    pub outcome_suggested: Outcome,
}

/// A row with both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnsweredPair {
    /// Statement of the first read, for instance `S3`.
    pub first: String,
    /// Statement or finding of the second read, for instance `S4` or `F2`.
    pub second: String,
    /// Words of the first.
    pub first_text: String,
    /// Words of the second.
    pub second_text: String,
    /// The leading class.
    pub class: Class,
    /// All classes, the leading one first.
    pub classes: Vec<Class>,
    /// The rule that gave the leading class.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The words that differ.
    pub spans: Spans,
}

/// The words that differ, as byte ranges of each side's text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spans {
    /// In the first read.
    pub first: Vec<(Class, TextSpan)>,
    /// In the second read.
    pub second: Vec<(Class, TextSpan)>,
}

/// A row with one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LooseStatement {
    /// For instance `S3` or `F2`.
    pub id: String,
    /// `first` or `second`: whose it is.
    pub read: String,
    /// Its words.
    pub text: String,
    /// The class proposed; `None` when it needs no answer.
    pub class: Option<Class>,
    /// The rule.
    pub rule: String,
    /// 0 to 1.
    pub confidence: f64,
    /// The words it is about.
    pub spans: Vec<(Class, TextSpan)>,
}

/// Makes the answer of rows and the statements they refer to. `second` has one entry per item of the second read.
pub fn answer(pairs: &[Pair], first: &[Statement], second: &[(SecondRef, Statement)]) -> Answer {
    let second_statements: Vec<Statement> = second
        .iter()
        .map(|(_, statement)| statement.clone())
        .collect();
    let mut answer = Answer {
        schema: "overread.compare/1".to_owned(),
        pairs: Vec::new(),
        unmatched_first: Vec::new(),
        unmatched_second: Vec::new(),
        not_addressed: Vec::new(),
        internal: internal(first),
        outcome_suggested: outcome_suggested(pairs, first, &second_statements),
    };
    for pair in pairs {
        let one = pair
            .first
            .and_then(|id| first.iter().find(|statement| statement.id == id));
        let other = pair
            .second
            .and_then(|reference| second.iter().find(|(known, _)| *known == reference));
        match (one, other, pair.proposed.first()) {
            (Some(one), Some((reference, other)), Some(class)) => answer.pairs.push(AnsweredPair {
                first: one.id.to_string(),
                second: name(*reference),
                first_text: one.text.clone(),
                second_text: other.text.clone(),
                class: *class,
                classes: pair.proposed.clone(),
                rule: pair.rule.clone(),
                confidence: pair.confidence,
                spans: Spans {
                    first: pair.first_spans.clone(),
                    second: pair.second_spans.clone(),
                },
            }),
            (Some(one), _, class) => {
                let loose = loose(pair, one.id.to_string(), "first", &one.text);
                if class.is_some() {
                    answer.unmatched_first.push(loose)
                } else {
                    answer.not_addressed.push(loose)
                }
            }
            (None, Some((reference, other)), class) => {
                let loose = loose(pair, name(*reference), "second", &other.text);
                if class.is_some() {
                    answer.unmatched_second.push(loose)
                } else {
                    answer.not_addressed.push(loose)
                }
            }
            (None, None, _) => {}
        }
    }
    answer
}

fn loose(pair: &Pair, id: String, read: &str, text: &str) -> LooseStatement {
    LooseStatement {
        id,
        read: read.to_owned(),
        text: text.to_owned(),
        class: pair.proposed.first().copied(),
        rule: pair.rule.clone(),
        confidence: pair.confidence,
        spans: if read == "first" {
            pair.first_spans.clone()
        } else {
            pair.second_spans.clone()
        },
    }
}

fn name(reference: SecondRef) -> String {
    match reference {
        SecondRef::Finding(id) => id.to_string(),
        SecondRef::Sentence(id) => id.to_string(),
    }
}
