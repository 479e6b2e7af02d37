//! What the lexicon says of concepts: is-a, part-of, kind, usual site.

use std::collections::HashMap;
use std::sync::OnceLock;

const LEXICON: &str = include_str!("../../../assets/taxonomy/lexicon.tsv");

/// Words too general to say that two findings are kin.
const GENERAL: [&str; 6] = [
    "finding",
    "lesion",
    "device",
    "abnormality",
    "postoperative_change",
    "body",
];

/// Kinds of concepts that matter to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Anatomy,
    Finding,
    Diagnosis,
    Device,
    Symptom,
}

#[derive(Clone, Debug)]
struct Row {
    kind: Kind,
    parent: &'static str,
    site: &'static str,
    generic: bool,
    critical: bool,
}

/// The lexicon's relations, read once.
#[derive(Debug)]
pub(crate) struct Relations {
    rows: HashMap<&'static str, Row>,
}

impl Relations {
    pub fn get() -> &'static Self {
        static RELATIONS: OnceLock<Relations> = OnceLock::new();
        RELATIONS.get_or_init(|| Self {
            rows: LEXICON
                .lines()
                .filter(|line| !line.starts_with('#'))
                .skip(1)
                .filter_map(row)
                .collect(),
        })
    }

    pub fn kind(&self, concept: &str) -> Kind {
        self.rows.get(concept).map_or(Kind::Finding, |row| row.kind)
    }

    pub fn is_generic(&self, concept: &str) -> bool {
        GENERAL.contains(&concept) || self.rows.get(concept).is_some_and(|row| row.generic)
    }

    pub fn is_critical(&self, concept: &str) -> bool {
        self.rows.get(concept).is_some_and(|row| row.critical)
    }

    /// The usual site of a finding, empty where it has none.
    pub fn site(&self, concept: &str) -> &'static str {
        self.rows.get(concept).map_or("", |row| row.site)
    }

    /// The concept and what it is a kind of (part of, for places), nearest first.
    pub fn lineage<'c>(&self, concept: &'c str) -> Vec<&'c str>
    where
        'static: 'c,
    {
        let mut line = vec![concept];
        while let Some(row) = line.last().and_then(|last| self.rows.get(last)) {
            if row.parent.is_empty() || 8 < line.len() {
                break;
            }
            line.push(row.parent);
        }
        line
    }

    /// Steps from the special to the general concept; `None` when neither is a kind of the other.
    pub fn is_a_steps(&self, one: &str, other: &str) -> Option<usize> {
        let up = |from: &str, to: &str| self.lineage(from).iter().position(|name| *name == to);
        let steps = up(one, other).or_else(|| up(other, one))?;
        (steps == 0 || !(GENERAL.contains(&one) || GENERAL.contains(&other))).then_some(steps)
    }

    /// Are both kinds of one thing that says something?
    pub fn are_siblings(&self, one: &str, other: &str) -> bool {
        let parent = |name: &str| self.rows.get(name).map_or("", |row| row.parent);
        let shared = parent(one);
        !shared.is_empty() && shared == parent(other) && !GENERAL.contains(&shared)
    }

    /// Is one place the other, or a part of it? The body as a whole does not count.
    pub fn same_place(&self, one: &str, other: &str) -> bool {
        let wholes = |place| {
            self.lineage(place)
                .into_iter()
                .filter(|whole| !matches!(*whole, "body" | "chest" | "abdomen"))
        };
        one == other
            || wholes(one).any(|whole| whole == other)
            || wholes(other).any(|whole| whole == one)
    }
}

fn row(line: &'static str) -> Option<(&'static str, Row)> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [name, kind, parent, site, flags, _] = cells.as_slice() else {
        return None;
    };
    let has = |flag: &str| flags.split(',').any(|other| other == flag);
    let kind = match *kind {
        "anatomy" => Kind::Anatomy,
        "diagnosis" => Kind::Diagnosis,
        "device" | "procedure" => Kind::Device,
        "symptom" => Kind::Symptom,
        _ => Kind::Finding,
    };
    let row = Row {
        kind,
        parent,
        site,
        generic: has("generic"),
        critical: has("critical"),
    };
    Some((name, row))
}

#[cfg(test)]
mod tests {
    use super::Relations;

    #[test]
    fn kinship_follows_the_lexicon() {
        let relations = Relations::get();
        assert_eq!(relations.is_a_steps("pulmonary_nodule", "nodule"), Some(1));
        assert_eq!(relations.is_a_steps("nodule", "pulmonary_nodule"), Some(1));
        assert_eq!(relations.is_a_steps("pulmonary_nodule", "renal_cyst"), None);
        assert_eq!(relations.is_a_steps("pneumothorax", "finding"), None);
        assert!(relations.are_siblings("consolidation", "atelectasis"));
        assert!(!relations.are_siblings("pneumothorax", "scoliosis"));
        assert!(relations.same_place("upper_lobe", "lung"));
        assert!(!relations.same_place("liver", "kidney"));
    }
}
