use serde::Serialize;

use crate::{
    Actor, AnonymousRead, Case, Class, Pair, PairId, ReadA, SecondRef, StatementId, ThirdRead,
    ThirdReadMode, ThirdVerdict,
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
    /// Where the reads differ, in words that do not tell who was first; empty where the third reader is not told.
    pub differs: Vec<&'static str>,
    /// The read that alone speaks of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_in: Option<AnonymousRead>,
    /// What was decided.
    pub verdict: Option<&'a ThirdVerdict>,
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
        let (a, b) = match third.read_a {
            ReadA::First => (first, second),
            ReadA::Second => (second, first),
        };
        let is_told = third.mode != ThirdReadMode::PseudoArbitration;
        let only_in = match (&a, &b) {
            (Some(_), None) if is_told => Some(AnonymousRead::A),
            (None, Some(_)) if is_told => Some(AnonymousRead::B),
            _ => None,
        };
        Some(ThirdRow {
            pair: id,
            a,
            b,
            differs: if is_told {
                differences(pair)
            } else {
                Vec::new()
            },
            only_in,
            verdict: third.verdict(id),
        })
    }

    fn statement_text(&self, id: StatementId) -> Option<String> {
        let statements = &self.comparison.as_ref()?.first;
        let statement = statements.iter().find(|statement| statement.id == id)?;
        Some(one_line(&statement.text))
    }

    fn item_text(&self, item: SecondRef) -> Option<String> {
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

/// The classes of a row without those that tell who was first.
fn differences(pair: &Pair) -> Vec<&'static str> {
    let classes = pair.verdict.iter().flat_map(|verdict| &verdict.classes);
    classes
        .filter(|class| {
            !matches!(
                class,
                Class::Agree | Class::D1 | Class::D1Second | Class::D2
            )
        })
        .map(|class| class.label())
        .collect()
}
