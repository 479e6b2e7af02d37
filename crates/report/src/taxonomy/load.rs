use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use case::{Change, SectionKind, Severity, Side};

use super::trie::{Trie, WordId};
use super::words::normalise_word;

const LEXICON: &str = include_str!("../../../../assets/taxonomy/lexicon.tsv");
const TRIGGERS: &str = include_str!("../../../../assets/taxonomy/triggers.tsv");
const MODIFIERS: &str = include_str!("../../../../assets/taxonomy/modifiers.tsv");
const HEADINGS: &str = include_str!("../../../../assets/taxonomy/headings.tsv");
const COMMON_WORDS: &str = include_str!("../../../../assets/taxonomy/common_words.txt");

/// Index into the concepts of the lexicon.
pub(crate) type ConceptIdx = u16;

/// What a concept is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConceptKind {
    Anatomy,
    Finding,
    Diagnosis,
    Device,
    Procedure,
    Symptom,
}

/// One row of the lexicon.
#[derive(Clone, Debug)]
pub(crate) struct Concept {
    pub name: &'static str,
    pub kind: ConceptKind,
    /// Is-a; part-of for anatomy.
    pub parent: Option<ConceptIdx>,
    /// Where a finding is unless the text says otherwise.
    pub site: Option<ConceptIdx>,
    /// Says nothing without its site ("abnormality").
    pub generic: bool,
    pub paired: bool,
    /// The name to use as a level, for anatomy that is a part of an organ's map.
    pub level: Option<&'static str>,
    /// The side that the name itself implies.
    pub side: Option<Side>,
    /// Does it stand for "parent in site"?
    compose: bool,
}

/// What a context word does to the findings in its reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContextKind {
    Negation,
    Possible,
    Historical,
    Hypothetical,
    OtherPerson,
    /// Looks like a trigger and is none.
    Pseudo,
    /// Ends the reach of the others.
    Stop,
}

/// On which side of the word its findings stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The finding follows.
    Pre,
    /// The finding stands before.
    Post,
    Both,
}

/// A context word; a phrase may act forwards as one kind and backwards as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub kind: ContextKind,
    pub reach: Reach,
}

/// A word that tells something about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modifier {
    Side(Side),
    Severity(Severity),
    Change(Change),
    Normal,
    /// Hides the word inside it.
    Neutral,
}

/// Everything the rules know, read once.
#[derive(Debug)]
pub(crate) struct Taxonomy {
    vocabulary: HashMap<String, WordId>,
    common: HashSet<String>,
    pub concepts: Vec<Concept>,
    by_name: HashMap<&'static str, ConceptIdx>,
    composed: HashMap<(ConceptIdx, ConceptIdx), ConceptIdx>,
    pub phrases: Trie<ConceptIdx>,
    pub forward: Trie<Trigger>,
    pub backward: Trie<Trigger>,
    pub modifiers: Trie<Modifier>,
    headings: HashMap<&'static str, SectionKind>,
}

impl Taxonomy {
    /// The one there is.
    pub fn get() -> &'static Self {
        static TAXONOMY: OnceLock<Taxonomy> = OnceLock::new();
        TAXONOMY.get_or_init(Self::load)
    }

    fn load() -> Self {
        let mut all = Self {
            vocabulary: HashMap::new(),
            common: HashSet::new(),
            concepts: Vec::new(),
            by_name: HashMap::new(),
            composed: HashMap::new(),
            phrases: Trie::new(),
            forward: Trie::new(),
            backward: Trie::new(),
            modifiers: Trie::new(),
            headings: HashMap::new(),
        };
        all.load_concepts();
        all.load_triggers();
        all.load_modifiers();
        all.headings.extend(
            rows(HEADINGS).filter_map(|row| Some((cell(&row, 1), section_kind(cell(&row, 0))?))),
        );
        let mut form = String::new();
        for word in COMMON_WORDS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
        {
            normalise_word(word, &mut form);
            all.common.insert(form.clone());
        }
        all
    }

    fn load_concepts(&mut self) {
        let table: Vec<_> = rows(LEXICON).collect();
        for (row_idx, row) in table.iter().enumerate() {
            self.by_name.insert(cell(row, 0), row_idx as ConceptIdx);
        }
        for (row_idx, row) in table.iter().enumerate() {
            let concept = self.concept(row);
            if let (true, Some(base), Some(site)) = (concept.compose, concept.parent, concept.site)
            {
                self.composed.insert((base, site), row_idx as ConceptIdx);
            }
            self.concepts.push(concept);
        }
        for (row_idx, row) in table.iter().enumerate() {
            let own_name = cell(row, 0).replace('_', " ");
            for phrase in std::iter::once(own_name.as_str()).chain(cell(row, 5).split('|')) {
                let words = self.intern(phrase);
                if !words.is_empty() {
                    self.phrases.add(&words, row_idx as ConceptIdx);
                }
            }
        }
    }

    fn concept(&self, row: &[&'static str]) -> Concept {
        let flags: Vec<&'static str> = cell(row, 4).split(',').collect();
        let has = |flag: &str| flags.contains(&flag);
        let level = flags
            .iter()
            .find_map(|flag| flag.strip_prefix("level="))
            .or(has("level").then(|| cell(row, 0)));
        Concept {
            name: cell(row, 0),
            kind: concept_kind(cell(row, 1)),
            parent: self.by_name.get(cell(row, 2)).copied(),
            site: self.by_name.get(cell(row, 3)).copied(),
            generic: has("generic"),
            paired: has("paired"),
            level,
            side: if has("left") {
                Some(Side::Left)
            } else if has("right") {
                Some(Side::Right)
            } else {
                None
            },
            compose: has("compose"),
        }
    }

    fn load_triggers(&mut self) {
        for row in rows(TRIGGERS) {
            let Some(kind) = context_kind(cell(&row, 0)) else {
                continue;
            };
            let reach = match cell(&row, 1) {
                "pre" => Reach::Pre,
                "post" => Reach::Post,
                _ => Reach::Both,
            };
            let words = self.intern(cell(&row, 2));
            if words.is_empty() {
                continue;
            }
            if reach != Reach::Post {
                self.forward.add(&words, Trigger { kind, reach });
            }
            if reach != Reach::Pre {
                self.backward.add(&words, Trigger { kind, reach });
            }
        }
    }

    fn load_modifiers(&mut self) {
        for row in rows(MODIFIERS) {
            let Some(modifier) = modifier(cell(&row, 0), cell(&row, 1)) else {
                continue;
            };
            let words = self.intern(cell(&row, 2));
            if !words.is_empty() {
                self.modifiers.add(&words, modifier);
            }
        }
    }

    fn intern(&mut self, phrase: &str) -> Vec<WordId> {
        let mut form = String::new();
        phrase
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|word| !word.is_empty())
            .map(|word| {
                normalise_word(word, &mut form);
                let next = self.vocabulary.len() as WordId + 1;
                *self.vocabulary.entry(form.clone()).or_insert(next)
            })
            .collect()
    }

    /// The number of a word in its common form; 0 for one that no phrase has.
    pub fn word(&self, form: &str) -> WordId {
        self.vocabulary.get(form).copied().unwrap_or(0)
    }

    /// Is this common form a word that names no finding?
    pub fn is_common(&self, form: &str) -> bool {
        self.common.contains(form)
    }

    /// The concept at an index. Indices come only from this taxonomy.
    pub fn concept_at(&self, concept_idx: ConceptIdx) -> Option<&Concept> {
        self.concepts.get(usize::from(concept_idx))
    }

    /// The concept of that name.
    pub fn named(&self, name: &str) -> Option<ConceptIdx> {
        self.by_name.get(name).copied()
    }

    /// The concept that stands for "base at site", if there is one. The site's wholes are tried too.
    pub fn compose(&self, base: ConceptIdx, site: ConceptIdx) -> Option<ConceptIdx> {
        std::iter::successors(Some(site), |part| self.concept_at(*part)?.parent)
            .take(4)
            .find_map(|part| self.composed.get(&(base, part)).copied())
    }

    /// The heading's part of a report, if it is one we know; `heading` in lower case without punctuation.
    pub fn heading(&self, heading: &str) -> Option<SectionKind> {
        self.headings.get(heading).copied()
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

fn cell(row: &[&'static str], column_idx: usize) -> &'static str {
    row.get(column_idx).copied().unwrap_or("")
}

fn concept_kind(name: &str) -> ConceptKind {
    match name {
        "anatomy" => ConceptKind::Anatomy,
        "diagnosis" => ConceptKind::Diagnosis,
        "device" => ConceptKind::Device,
        "procedure" => ConceptKind::Procedure,
        "symptom" => ConceptKind::Symptom,
        _ => ConceptKind::Finding,
    }
}

fn context_kind(name: &str) -> Option<ContextKind> {
    Some(match name {
        "negation" => ContextKind::Negation,
        "possible" => ContextKind::Possible,
        "historical" => ContextKind::Historical,
        "hypothetical" => ContextKind::Hypothetical,
        "other_person" => ContextKind::OtherPerson,
        "pseudo" => ContextKind::Pseudo,
        "stop" => ContextKind::Stop,
        _ => return None,
    })
}

fn modifier(kind: &str, value: &str) -> Option<Modifier> {
    Some(match (kind, value) {
        ("side", "left") => Modifier::Side(Side::Left),
        ("side", "right") => Modifier::Side(Side::Right),
        ("side", _) => Modifier::Side(Side::Bilateral),
        ("severity", "trace") => Modifier::Severity(Severity::Trace),
        ("severity", "mild") => Modifier::Severity(Severity::Mild),
        ("severity", "moderate") => Modifier::Severity(Severity::Moderate),
        ("severity", _) => Modifier::Severity(Severity::Severe),
        ("change", "new") => Modifier::Change(Change::New),
        ("change", "increased") => Modifier::Change(Change::Increased),
        ("change", "stable") => Modifier::Change(Change::Stable),
        ("change", "decreased") => Modifier::Change(Change::Decreased),
        ("change", _) => Modifier::Change(Change::Resolved),
        ("normal", _) => Modifier::Normal,
        ("neutral_change" | "place_word", _) => Modifier::Neutral,
        _ => return None,
    })
}

fn section_kind(name: &str) -> Option<SectionKind> {
    Some(match name {
        "history" => SectionKind::History,
        "technique" => SectionKind::Technique,
        "comparison" => SectionKind::Comparison,
        "findings" => SectionKind::Findings,
        "impression" => SectionKind::Impression,
        "recommendation" => SectionKind::Recommendation,
        "communication" => SectionKind::Communication,
        "other" => SectionKind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_trigger_means_two_things_in_one_direction() {
        let mut form = String::new();
        let mut meant: HashMap<(String, &str), &str> = HashMap::new();
        // A stop is looked up for itself, and may be a trigger as well.
        for row in rows(TRIGGERS).filter(|row| cell(row, 0) != "stop") {
            let mut words = Vec::new();
            for word in cell(&row, 2).split(|c: char| !c.is_alphanumeric() && c != '\'') {
                normalise_word(word, &mut form);
                words.push(form.clone());
            }
            let directions: &[&str] = match cell(&row, 1) {
                "pre" => &["pre"],
                "post" => &["post"],
                _ => &["pre", "post"],
            };
            for direction in directions {
                let kind = cell(&row, 0);
                let before = meant.insert((words.join(" "), direction), kind);
                assert!(
                    before.is_none_or(|before| before == kind),
                    "{row:?} was {before:?}"
                );
            }
        }
    }

    #[test]
    fn every_name_that_a_row_refers_to_exists() {
        let names: HashSet<_> = rows(LEXICON).map(|row| cell(&row, 0)).collect();
        for row in rows(LEXICON) {
            assert_eq!(row.len(), 6, "{row:?}");
            for column_idx in [2, 3] {
                let name = cell(&row, column_idx);
                assert!(
                    name.is_empty() || names.contains(name),
                    "{} refers to {name}",
                    cell(&row, 0)
                );
            }
        }
        assert!(names.len() > 400);
    }

    #[test]
    fn is_a_and_part_of_have_no_cycle() {
        let taxonomy = Taxonomy::get();
        for concept in &taxonomy.concepts {
            let n = std::iter::successors(concept.parent, |idx| taxonomy.concept_at(*idx)?.parent)
                .take(20)
                .count();
            assert!(n < 10, "{}", concept.name);
        }
    }

    #[test]
    fn every_rule_row_is_understood() {
        assert!(rows(TRIGGERS).all(|row| context_kind(cell(&row, 0)).is_some() && row.len() == 3));
        assert!(rows(MODIFIERS).all(|row| modifier(cell(&row, 0), cell(&row, 1)).is_some()));
        assert!(rows(HEADINGS).all(|row| section_kind(cell(&row, 0)).is_some()));
    }

    #[test]
    fn base_and_site_make_the_known_concept() {
        let taxonomy = Taxonomy::get();
        for (base, site, whole) in [
            ("effusion", "pleura", "pleural_effusion"),
            ("nodule", "upper_lobe", "pulmonary_nodule"),
            ("enlargement", "heart", "cardiomegaly"),
            ("cyst", "kidney", "renal_cyst"),
        ] {
            let made =
                taxonomy.compose(taxonomy.named(base).unwrap(), taxonomy.named(site).unwrap());
            assert_eq!(made, taxonomy.named(whole), "{base} in {site}");
        }
    }
}
