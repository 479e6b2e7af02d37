use serde::Serialize;

use crate::{Case, Comparison, Outcome, StatementId, Timestamp};

/// A comparison that no longer counts, because the report that it is about was corrected or withdrawn. All of it stays in
/// the log; this is what the case shows of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlierComparison {
    /// 1 for the first comparison of the case.
    pub number: u32,
    /// The version of the first report that it is about.
    pub report_version: u32,
    /// Why it no longer counts.
    pub reopened: Reopened,
    /// When it was reopened.
    pub at: Timestamp,
    /// When it was signed; `None` when it was not.
    pub signed_at: Option<Timestamp>,
    /// What it came to.
    pub outcome: Option<Outcome>,
    /// Verdicts that were given in it.
    pub n_verdicts: usize,
    /// Decisions of a third reader about it, and when they were signed; `None` without a third read.
    pub third_read: Option<EarlierThirdRead>,
    /// The sentences of that version, without line breaks.
    pub statements: Vec<String>,
}

/// A third read of a comparison that no longer counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlierThirdRead {
    /// Decisions that were made.
    pub n_verdicts: usize,
    /// When it was signed; `None` when it was still going on.
    pub signed_at: Option<Timestamp>,
}

/// Why a comparison no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopened {
    /// A corrected version replaces the one it is about.
    Corrected,
    /// The version that it is about was withdrawn as wrong.
    Withdrawn,
}

/// How a corrected report differs from the version before, sentence by sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Sentences that are no longer there.
    pub gone: Vec<String>,
    /// Sentences that were not there, with their names in the comparison that counts.
    pub new: Vec<(StatementId, String)>,
}

impl Case {
    /// Comparisons that no longer count, in order. Not to be shown while the case is blinded, which it is not where there
    /// is one.
    pub fn earlier_comparisons(&self) -> &[EarlierComparison] {
        &self.earlier
    }

    /// How the report that is compared now differs from the one of the last comparison that no longer counts. `None` where
    /// there is no such, and until the new version is compared.
    pub fn correction(&self) -> Option<Correction> {
        let (earlier, now) = (self.earlier.last()?, self.comparison.as_ref()?);
        let texts: Vec<(StatementId, String)> = now
            .first
            .iter()
            .map(|statement| (statement.id, one_line(&statement.text)))
            .collect();
        let is_new = |(_, text): &&(StatementId, String)| !earlier.statements.contains(text);
        let is_gone = |text: &&String| !texts.iter().any(|(_, now)| now == *text);
        Some(Correction {
            gone: earlier.statements.iter().filter(is_gone).cloned().collect(),
            new: texts.iter().filter(is_new).cloned().collect(),
        })
    }

    /// Versions of the first report that stand and that the comparison does not speak of; none without a comparison.
    pub fn reports_not_compared(&self) -> impl Iterator<Item = &crate::ReportVersion> {
        let compared = self.comparison.as_ref().map(|c| c.report_version);
        self.reports.iter().filter(move |report| {
            compared.is_some_and(|compared| compared < report.version) && self.is_current(report)
        })
    }

    /// Puts the comparison that was reopened aside; the new version is there already.
    pub(crate) fn put_comparison_aside(&mut self, at: &Timestamp) {
        let outcome = self.outcome();
        let Some(comparison) = self.comparison.take() else {
            return;
        };
        let Comparison {
            report_version,
            first,
            pairs,
            seal,
            ..
        } = comparison;
        self.last_pair_number_aside = self.last_pair_number;
        let is_withdrawn = |report: &crate::ReportVersion| {
            report.version == report_version && report.withdrawn.is_some()
        };
        self.earlier.push(EarlierComparison {
            number: u32::try_from(self.earlier.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
            report_version,
            reopened: match self.reports.iter().any(is_withdrawn) {
                true => Reopened::Withdrawn,
                false => Reopened::Corrected,
            },
            at: at.clone(),
            signed_at: seal.map(|(_, at)| at),
            outcome,
            n_verdicts: pairs.iter().filter(|pair| pair.verdict.is_some()).count(),
            third_read: self.third.take().map(|third| EarlierThirdRead {
                n_verdicts: third.verdicts.len(),
                signed_at: third.seal.map(|(_, at)| at),
            }),
            statements: first.iter().map(|s| one_line(&s.text)).collect(),
        });
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
