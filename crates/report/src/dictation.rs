//! Findings from typed or dictated text, for the reader to confirm.

use case::{Assertion, Fact, Finding, FindingId, Statement};

use crate::read_impression;

/// A finding that a text seems to name. It is only proposed: the reader says whether it goes on record.
#[derive(Clone, Debug, PartialEq)]
pub struct DictatedFinding {
    /// As it would be recorded, without a number of its own.
    pub finding: Finding,
    /// The sentence that it came from.
    pub words: String,
    /// Does it name something that is, or may be, there? What is only said to be absent is rarely a finding.
    pub is_there: bool,
}

/// The findings that a text names, in its order: what is said to be present, possible or absent now.
///
/// What is past, asked about, of another person, normal, or only advised is none. Sizes stay words: a size on record comes
/// from a mark. A phrase outside the lexicon is not proposed, and nothing is guessed for it.
pub fn findings_of_text(text: &str) -> Vec<DictatedFinding> {
    // What is dictated begins with findings; without a heading it would pass for a letterhead where one follows later.
    let (statements, _) = read_impression(&format!("FINDINGS:\n{text}"));
    let mut found: Vec<DictatedFinding> = Vec::new();
    for statement in &statements {
        for fact in statement.facts.iter().filter(|fact| is_finding(fact)) {
            let finding = finding_of(fact, statement);
            // An impression often says again what the findings said.
            let is_said = |other: &DictatedFinding| {
                let other = &other.finding;
                other.concept.eq_ignore_ascii_case(&finding.concept)
                    && (other.side, &other.level, other.assertion)
                        == (finding.side, &finding.level, finding.assertion)
            };
            if !found.iter().any(is_said) {
                found.push(DictatedFinding {
                    is_there: finding.assertion != Assertion::Absent,
                    finding,
                    words: statement.text.clone(),
                });
            }
        }
    }
    found
}

fn is_finding(fact: &Fact) -> bool {
    let is_now = matches!(
        fact.assertion,
        Assertion::Present | Assertion::Possible | Assertion::Absent
    );
    is_now && fact.concept.is_some() && !fact.normal && fact.recommendation.is_none()
}

fn finding_of(fact: &Fact, statement: &Statement) -> Finding {
    let said = statement.text.to_lowercase();
    let sizes: Vec<&str> = fact
        .measurements
        .iter()
        .map(|size| size.text.as_str())
        .collect();
    let category = match statement.categories.as_slice() {
        [only] if statement.facts.iter().filter(|f| is_finding(f)).count() == 1 => {
            Some(only.category.clone())
        }
        _ => None,
    };
    Finding {
        concept: one_line(&fact.text),
        assertion: fact.assertion,
        side: fact.laterality,
        // Many concepts imply where they are; only a place that was said is put down.
        site: fact
            .site
            .as_ref()
            .map(|site| site.replace('_', " "))
            .filter(|site| said.contains(site.as_str()) && !fact.text.contains(site.as_str())),
        level: fact.level.as_ref().map(|level| level.replace('_', " ")),
        severity: fact
            .severity
            .filter(|severity| said.contains(severity.word())),
        change: fact.change,
        note: sizes.join(", "),
        category,
        ..Finding::empty(FindingId(0))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use case::{Change, Severity, Side};

    use super::*;

    #[test]
    fn what_is_there_now_is_proposed_and_nothing_else() {
        let text = "There is a 9 mm solid nodule in the right lower lobe. Mild degenerative change at L4/5, unchanged. \
            No pleural effusion. History of pneumonia. Rule out pulmonary embolism. Follow-up CT in 12 months.";
        let found = findings_of_text(text);
        let named: Vec<(&str, Assertion, bool)> = found
            .iter()
            .map(|f| (f.finding.concept.as_str(), f.finding.assertion, f.is_there))
            .collect();
        assert_eq!(
            named,
            [
                ("solid nodule", Assertion::Present, true),
                ("degenerative change", Assertion::Present, true),
                ("pleural effusion", Assertion::Absent, false),
            ]
        );
        let nodule = &found[0].finding;
        assert_eq!(nodule.side, Some(Side::Right));
        assert_eq!(nodule.level.as_deref(), Some("lower lobe"));
        assert_eq!(nodule.note, "9 mm", "a size stays words");
        let spine = &found[1].finding;
        assert_eq!(spine.level.as_deref(), Some("L4-L5"));
        assert_eq!(
            (spine.severity, spine.change),
            (Some(Severity::Mild), Some(Change::Stable))
        );
    }

    #[test]
    fn what_is_said_twice_is_proposed_once_and_the_other_side_is_another_finding() {
        let text = "Pulmonary nodule in the right lower lobe. Pulmonary nodule in the left lower lobe. \
            IMPRESSION: Pulmonary nodule in the right lower lobe.";
        let sides: Vec<Option<Side>> = findings_of_text(text)
            .iter()
            .map(|f| f.finding.side)
            .collect();
        assert_eq!(sides, [Some(Side::Right), Some(Side::Left)]);
    }

    #[test]
    fn a_category_belongs_to_the_one_finding_of_its_sentence() {
        let one = findings_of_text("Solid nodule of the right upper lobe, Lung-RADS 4A.");
        assert_eq!(
            one[0].finding.category.as_ref().unwrap().to_string(),
            "Lung-RADS 4A"
        );
        let two = findings_of_text("Solid nodule and pleural effusion, Lung-RADS 4A.");
        assert!(two.iter().all(|f| f.finding.category.is_none()));
    }

    #[test]
    fn words_outside_the_lexicon_propose_nothing() {
        for text in [
            "",
            "   \n",
            "Lorem ipsum dolor sit amet.",
            "Thank you for this referral.",
        ] {
            assert_eq!(findings_of_text(text), [], "{text}");
        }
    }
}
