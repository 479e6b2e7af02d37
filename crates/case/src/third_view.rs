use serde::Serialize;

use crate::{
    Actor, Annotation, AnonymousRead, Case, Class, ImageRef, Pair, PairId, ReadA, SecondRef, Side,
    Statement, StatementId, ThirdRead, ThirdReadMode, ThirdVerdict,
};

/// A third read as an actor may see it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum ThirdReadView<'a> {
    /// For whoever makes it, or may still take it: two reads without names, in the order that was drawn.
    Anonymous {
        /// How it is made.
        mode: ThirdReadMode,
        /// Who makes it, once taken.
        reader: Option<&'a Actor>,
        /// The rows.
        rows: Vec<ThirdRow<'a>>,
        /// Rows without a decision.
        n_pending: usize,
    },
    /// For others, until it is signed: that it goes on.
    Open {
        /// How it is made.
        mode: ThirdReadMode,
        /// Who makes it, once taken.
        reader: Option<&'a Actor>,
        /// Rows without a decision.
        n_pending: usize,
    },
    /// For everybody, once it is signed.
    Signed(&'a ThirdRead),
}

/// One row of a third read.
#[derive(Debug, Serialize)]
pub struct ThirdRow<'a> {
    /// Which.
    pub pair: PairId,
    /// What the read that is called A says; `None`: nothing.
    pub a: Option<String>,
    /// What the read that is called B says; `None`: nothing.
    pub b: Option<String>,
    /// What the read that is called A shows for it.
    #[serde(skip_serializing_if = "ThirdEvidence::is_empty")]
    pub a_evidence: ThirdEvidence,
    /// What the read that is called B shows for it.
    #[serde(skip_serializing_if = "ThirdEvidence::is_empty")]
    pub b_evidence: ThirdEvidence,
    /// Where the reads differ, in words that do not tell who was first; empty where the third reader is not told.
    pub differs: Vec<&'static str>,
    /// The same as classes.
    #[serde(skip)]
    pub classes: Vec<Class>,
    /// The read that alone speaks of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_in: Option<AnonymousRead>,
    /// What was decided.
    pub verdict: Option<&'a ThirdVerdict>,
}

/// What a read shows for what it says, without a word of whose read it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ThirdEvidence {
    /// Side of the body that it names.
    pub side: Option<Side>,
    /// Its marks, which name no finding.
    pub marks: Vec<Annotation>,
    /// Its best picture.
    pub key_image: Option<ImageRef>,
}

impl ThirdEvidence {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Case {
    /// Must an actor see both reads without names? So it is for everybody who may still make the third read.
    pub fn is_anonymous_for(&self, actor: &Actor) -> bool {
        let open = self
            .third
            .as_ref()
            .is_some_and(|third| third.seal.is_none());
        let knows = [self.reader(), self.created_by()].contains(&Some(actor));
        let makes = self.third_reader() == Some(actor);
        open && (makes || !knows)
    }

    /// The third read as an actor may see it; `None` until one is asked for.
    pub fn third_view(&self, actor: &Actor) -> Option<ThirdReadView<'_>> {
        let third = self.third.as_ref()?;
        let (mode, reader, n_pending) = (third.mode, third.reader.as_ref(), third.n_pending());
        Some(if third.seal.is_some() {
            ThirdReadView::Signed(third)
        } else if self.is_anonymous_for(actor) {
            let rows = third
                .order
                .iter()
                .filter_map(|id| self.third_row(third, *id));
            ThirdReadView::Anonymous {
                mode,
                reader,
                rows: rows.collect(),
                n_pending,
            }
        } else {
            ThirdReadView::Open {
                mode,
                reader,
                n_pending,
            }
        })
    }

    fn third_row<'a>(&self, third: &'a ThirdRead, id: PairId) -> Option<ThirdRow<'a>> {
        let pair = self.pairs().iter().find(|pair| pair.id == id)?;
        let first = pair.first.and_then(|id| self.statement_text(id));
        let second = pair.second.and_then(|item| self.item_text(item));
        let shown = (self.shown_by_first(pair), self.shown_by_second(pair));
        let ((a, b), (a_evidence, b_evidence)) = match third.read_a {
            ReadA::First => ((first, second), shown),
            ReadA::Second => ((second, first), (shown.1, shown.0)),
        };
        let is_told = third.mode != ThirdReadMode::PseudoArbitration;
        let only_in = match (&a, &b) {
            (Some(_), None) if is_told => Some(AnonymousRead::A),
            (None, Some(_)) if is_told => Some(AnonymousRead::B),
            _ => None,
        };
        let classes = match is_told {
            true => differences(pair),
            false => Vec::new(),
        };
        Some(ThirdRow {
            pair: id,
            a,
            b,
            a_evidence,
            b_evidence,
            differs: classes.iter().map(|class| class.label()).collect(),
            classes,
            only_in,
            verdict: third.verdict(id),
        })
    }

    /// The rows of the open third read, without names; none where none is open.
    pub fn third_rows(&self) -> Vec<ThirdRow<'_>> {
        let open = self.third.as_ref().filter(|third| third.seal.is_none());
        open.into_iter()
            .flat_map(|third| {
                let rows = third.order.iter();
                rows.filter_map(|id| self.third_row(third, *id))
            })
            .collect()
    }

    /// What both reads say alike and the third reader does not decide about; none where they are not told of differences.
    pub fn third_agreed(&self) -> Vec<String> {
        let Some(third) = &self.third else {
            return Vec::new();
        };
        let told = third.mode != ThirdReadMode::PseudoArbitration;
        let pairs = self.pairs().iter().filter(|pair| {
            let agrees = pair.verdict.as_ref().is_some_and(|v| v.agrees());
            told && agrees && !third.order.contains(&pair.id)
        });
        // The words of one read throughout would be known by their manner; those of A are shown, whoever that is.
        pairs
            .filter_map(|pair| {
                let first = pair.first.and_then(|id| self.statement_text(id));
                let second = pair.second.and_then(|item| self.item_text(item));
                match third.read_a {
                    ReadA::First => first.or(second),
                    ReadA::Second => second.or(first),
                }
            })
            .collect()
    }

    fn shown_by_first(&self, pair: &Pair) -> ThirdEvidence {
        let statements = self.comparison.as_ref().map(|c| c.first.as_slice());
        let mut statements = statements.unwrap_or_default().iter();
        let statement = pair.first.and_then(|id| statements.find(|s| s.id == id));
        ThirdEvidence {
            side: statement.and_then(side_of),
            ..ThirdEvidence::default()
        }
    }

    fn shown_by_second(&self, pair: &Pair) -> ThirdEvidence {
        let id = match pair.second {
            Some(SecondRef::Finding(id)) => id,
            Some(SecondRef::Sentence(id)) => {
                let sentences = self.comparison.as_ref().map(|c| c.second.as_slice());
                let mut sentences = sentences.unwrap_or_default().iter();
                return ThirdEvidence {
                    side: sentences.find(|s| s.id == id).and_then(side_of),
                    ..ThirdEvidence::default()
                };
            }
            None => return ThirdEvidence::default(),
        };
        let finding = self.finding(id);
        let marks = self.read.annotations.iter();
        ThirdEvidence {
            side: finding.and_then(|finding| finding.side),
            marks: marks
                .filter(|mark| mark.finding == Some(id))
                .map(|mark| Annotation {
                    finding: None,
                    ..mark.clone()
                })
                .collect(),
            key_image: finding.and_then(|finding| finding.key_image.clone()),
        }
    }

    pub(crate) fn statement_text(&self, id: StatementId) -> Option<String> {
        let statements = &self.comparison.as_ref()?.first;
        let statement = statements.iter().find(|statement| statement.id == id)?;
        Some(one_line(&statement.text))
    }

    pub(crate) fn item_text(&self, item: SecondRef) -> Option<String> {
        match item {
            SecondRef::Finding(id) => Some(self.finding_text(id)),
            SecondRef::Sentence(id) => {
                let sentences = &self.comparison.as_ref()?.second;
                let sentence = sentences.iter().find(|sentence| sentence.id == id)?;
                Some(one_line(&sentence.text))
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The one side that a statement names; `None` when it names none, or more than one.
fn side_of(statement: &Statement) -> Option<Side> {
    let mut sides = statement.facts.iter().filter_map(|fact| fact.laterality);
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

/// The classes of a row without those that tell who was first.
fn differences(pair: &Pair) -> Vec<Class> {
    let classes = pair.verdict.iter().flat_map(|verdict| &verdict.classes);
    classes
        .filter(|class| {
            !matches!(
                class,
                Class::Agree | Class::D1 | Class::D1Second | Class::D2
            )
        })
        .copied()
        .collect()
}
