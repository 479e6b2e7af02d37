use crate::{Blinding, Case, Class, Outcome, Pair, SecondRef, StatementId, Verdict};

impl Case {
    /// The summary for the referrer that follows from the verdicts, in plain sentences; `None` without a comparison.
    pub fn summary_suggested(&self) -> Option<String> {
        self.comparison.as_ref()?;
        let decided = || {
            self.pairs()
                .iter()
                .filter_map(|p| Some((p, p.verdict.as_ref()?)))
        };
        let points: Vec<_> = decided()
            .filter(|(_, verdict)| !verdict.agrees())
            .map(|(pair, verdict)| self.point(pair, verdict))
            .collect();
        let n_agree = decided().filter(|(_, verdict)| verdict.agrees()).count();
        let mut sentences = vec![self.opening(points.len())];
        sentences.extend(points);
        if 0 < n_agree {
            let others = if sentences.len() == 1 { "" } else { "other " };
            sentences.push(match n_agree {
                1 => format!("One {others}statement agrees."),
                n => format!("{n} {others}statements agree."),
            });
        }
        match self.n_pending_verdicts() {
            0 => {}
            1 => sentences.push("One statement is still without a verdict.".into()),
            n => sentences.push(format!("{n} statements are still without a verdict.")),
        }
        if let Blinding::RevealedEarly { .. } = self.blinding {
            sentences.push(
                "The second read was not blinded: the first report was opened before the read was sealed."
                    .into(),
            );
        }
        Some(sentences.join(" "))
    }

    /// The summary that counts: the reader's words, else what follows from the verdicts.
    pub fn summary(&self) -> Option<String> {
        let written = self.comparison.as_ref()?.summary_written.clone();
        written.or_else(|| self.summary_suggested())
    }

    fn opening(&self, n_points: usize) -> String {
        let points = match n_points {
            1 => "one point".to_owned(),
            n => format!("{n} points"),
        };
        match (self.outcome(), n_points) {
            (Some(Outcome::Confirmed), _) => "The second read confirms the first report.".into(),
            (None, _) => "The second read and the first report are being compared.".into(),
            (Some(Outcome::Refined), 0) => "The second read refines the first report.".into(),
            (Some(Outcome::Changed), 0) => "The second read changes the first report.".into(),
            (Some(Outcome::Refined), _) => {
                format!("The second read refines the first report in {points}.")
            }
            (Some(Outcome::Changed), _) => {
                format!("The second read changes the first report in {points}.")
            }
        }
    }

    /// One discrepancy in one or two sentences.
    fn point(&self, pair: &Pair, verdict: &Verdict) -> String {
        let first = pair.first.and_then(|id| self.first_words(id));
        let second = pair.second.and_then(|item| self.second_words(item));
        let mut text = match (first, second) {
            (None, None) => kinds(verdict),
            (None, Some(second)) => format!("{second}: {}.", kinds(verdict)),
            (Some(first), None) => format!("“{first}”: {}.", kinds(verdict)),
            (Some(first), Some(second)) => {
                format!(
                    "{second}; the first report says “{first}” ({}).",
                    kinds(verdict)
                )
            }
        };
        let note = verdict.note.trim();
        if !note.is_empty() {
            text.push(' ');
            text.push_str(note);
            if !note.ends_with(['.', '!', '?']) {
                text.push('.');
            }
        }
        text
    }

    fn first_words(&self, id: StatementId) -> Option<String> {
        let statements = &self.comparison.as_ref()?.first;
        let statement = statements.iter().find(|statement| statement.id == id)?;
        Some(bare(&statement.text))
    }

    fn second_words(&self, item: SecondRef) -> Option<String> {
        match item {
            SecondRef::Finding(id) => {
                let title = self.finding(id)?.title();
                let size = self.finding_size_mm(id);
                Some(match size {
                    Some(mm) => format!("{title}, {}", crate::title::size_words(&mm)),
                    None => title,
                })
            }
            SecondRef::Sentence(id) => {
                let sentences = &self.comparison.as_ref()?.second;
                let sentence = sentences.iter().find(|sentence| sentence.id == id)?;
                Some(bare(&sentence.text))
            }
        }
    }
}

fn kinds(verdict: &Verdict) -> String {
    let labels: Vec<_> = verdict.classes.iter().map(|class| kind(*class)).collect();
    labels.join(", ")
}

fn kind(class: Class) -> &'static str {
    match class {
        Class::Agree => "both reads agree",
        Class::D1 => "not mentioned in the first report",
        Class::D1Second => "not mentioned in the second read",
        Class::D2 => "not confirmed by the second read",
        Class::D3 => "presence differs",
        Class::D4 => "side differs",
        Class::D5 => "place or level differs",
        Class::D6 => "size differs",
        Class::D7 => "severity differs",
        Class::D8 => "change against the prior differs",
        Class::D9 => "diagnosis differs",
        Class::D10 => "category differs",
        Class::D11 => "recommendation differs",
        Class::D12 => "critical result not flagged or not communicated",
        Class::D13 => "the first report contradicts itself",
        Class::D14 => "technique or limitation differs",
    }
}

/// A sentence on one line without its full stop, so that it can stand inside another.
fn bare(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_owned()
}
