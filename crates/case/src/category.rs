//! Categories of reporting schemes, and how soon a finding must be told.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Urgency;

/// A reporting scheme. Only the names of its categories are kept here, never its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Breast.
    BiRads,
    /// Lung screening.
    LungRads,
    /// Liver in patients at risk.
    LiRads,
    /// Prostate.
    PiRads,
    /// Thyroid, of the American College of Radiology.
    TiRads,
}

/// Names of the categories of a version, in order of suspicion; those of one rank stand together.
type Ranks = &'static [&'static [&'static str]];

const BI_RADS: Ranks = &[
    &["1"],
    &["2"],
    &["3"],
    &["4A"],
    &["4", "4B"],
    &["4C"],
    &["5"],
    &["6"],
];
const LUNG_RADS: Ranks = &[&["1"], &["2"], &["3"], &["4A"], &["4B"], &["4X"]];
const LI_RADS: Ranks = &[&["LR-1"], &["LR-2"], &["LR-3"], &["LR-4"], &["LR-5"]];
const PI_RADS: Ranks = &[&["1"], &["2"], &["3"], &["4"], &["5"]];
const TI_RADS: Ranks = &[&["TR1"], &["TR2"], &["TR3"], &["TR4"], &["TR5"]];

/// One version of a scheme.
struct Edition {
    version: &'static str,
    ranks: Ranks,
    /// Categories outside the order: not assessed, or suspicious in another way.
    unranked: &'static [&'static str],
    /// A letter that may follow a category and changes nothing of its rank.
    modifier: Option<&'static str>,
}

/// The versions of a scheme, the newest first.
fn editions(scheme: Scheme) -> &'static [Edition] {
    const fn edition(
        version: &'static str,
        ranks: Ranks,
        unranked: &'static [&'static str],
        modifier: Option<&'static str>,
    ) -> Edition {
        Edition {
            version,
            ranks,
            unranked,
            modifier,
        }
    }
    const BI: &[Edition] = &[edition("5", BI_RADS, &["0"], None)];
    const LUNG: &[Edition] = &[
        edition("2022", LUNG_RADS, &["0"], Some("S")),
        edition("1.1", LUNG_RADS, &["0"], Some("S")),
        edition("1.0", LUNG_RADS, &["0"], Some("S")),
    ];
    const LI: &[Edition] = &[edition("2018", LI_RADS, &["LR-NC", "LR-M", "LR-TIV"], None)];
    const PI: &[Edition] = &[
        edition("2.1", PI_RADS, &[], None),
        edition("2", PI_RADS, &[], None),
    ];
    const TI: &[Edition] = &[edition("2017", TI_RADS, &[], None)];
    match scheme {
        Scheme::BiRads => BI,
        Scheme::LungRads => LUNG,
        Scheme::LiRads => LI,
        Scheme::PiRads => PI,
        Scheme::TiRads => TI,
    }
}

impl Scheme {
    /// The versions that are known, the newest first.
    pub fn versions(self) -> impl Iterator<Item = &'static str> {
        editions(self).iter().map(|edition| edition.version)
    }

    /// The categories of a version, in order of suspicion, then those outside the order; none for an unknown version.
    pub fn values(self, version: &str) -> impl Iterator<Item = &'static str> {
        let edition = editions(self).iter().find(|e| e.version == version);
        edition.into_iter().flat_map(|edition| {
            let ranked = edition.ranks.iter().copied().flatten();
            ranked.chain(edition.unranked).copied()
        })
    }

    /// The letters that stand before its categories, where it has any.
    fn prefix(self) -> &'static str {
        match self {
            Self::LiRads => "LR-",
            Self::TiRads => "TR",
            Self::BiRads | Self::LungRads | Self::PiRads => "",
        }
    }
}

/// A category of a scheme, for instance Lung-RADS 4A.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Which scheme.
    pub scheme: Scheme,
    /// Its version; `None` where a text names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The category as the scheme writes it: `4A`, `LR-5`, `TR3`.
    pub value: String,
}

impl Category {
    /// A category in any way of writing it: `4a`, `LR5`, `lr-5`, `5`. Without a version the newest that has it counts,
    /// and none is put down.
    ///
    /// # Errors
    /// A sentence that names what the scheme has.
    pub fn of(scheme: Scheme, version: Option<&str>, value: &str) -> Result<Self, String> {
        let known = editions(scheme);
        let among = |edition: &&Edition| version.is_none_or(|v| edition.version == v.trim());
        let mut fitting = known.iter().filter(among).peekable();
        if fitting.peek().is_none() {
            let versions: Vec<_> = scheme.versions().collect();
            return Err(format!(
                "{} has no version '{}' here; use {}",
                scheme.label(),
                version.unwrap_or_default(),
                versions.join(" or ")
            ));
        }
        let found = fitting.find_map(|edition| edition.spelled(scheme, value));
        let value = found.ok_or_else(|| {
            let newest = version.or_else(|| scheme.versions().next());
            let values: Vec<_> = scheme.values(newest.unwrap_or_default()).collect();
            format!(
                "{} has no category '{}'; use one of {}",
                scheme.label(),
                value.trim(),
                values.join(", ")
            )
        })?;
        Ok(Self {
            scheme,
            version: version.map(|v| v.trim().to_owned()),
            value,
        })
    }

    /// The same with a version: the newest that has it, where none was named.
    pub fn with_version(mut self) -> Self {
        if self.version.is_none() {
            let has = |edition: &&Edition| edition.spelled(self.scheme, &self.value).is_some();
            let newest = editions(self.scheme).iter().find(has);
            self.version = newest.map(|edition| edition.version.to_owned());
        }
        self
    }

    /// What is wrong with it; `None` when it is one that its scheme has.
    pub fn problem(&self) -> Option<String> {
        match Self::of(self.scheme, self.version.as_deref(), &self.value) {
            Ok(known) if known == *self => None,
            Ok(known) => Some(format!("it is written {}", known.value)),
            Err(problem) => Some(problem),
        }
    }

    /// Its place in the order of suspicion, from 0; `None` for a category outside the order.
    pub fn rank(&self) -> Option<usize> {
        let edition = self.edition()?;
        let base = edition.base(&self.value);
        edition.ranks.iter().position(|names| names.contains(&base))
    }

    /// Do both say the same? A category without its letter contains those with one, and modifiers do not count. `None`
    /// for different schemes.
    pub fn agrees_with(&self, other: &Self) -> Option<bool> {
        if self.scheme != other.scheme {
            return None;
        }
        let base = |category: &Self| match category.edition() {
            Some(edition) => edition.base(&category.value).to_owned(),
            None => category.value.clone(),
        };
        let (one, other) = (base(self), base(other));
        let contains = |whole: &str, part: &str| {
            let letter = part.strip_prefix(whole);
            letter.is_some_and(|l| l.is_empty() || matches!(l, "A" | "B" | "C"))
        };
        Some(contains(&one, &other) || contains(&other, &one))
    }

    fn edition(&self) -> Option<&'static Edition> {
        let named = |edition: &&Edition| self.version.as_deref() == Some(edition.version);
        let all = editions(self.scheme);
        all.iter().find(named).or_else(|| all.first())
    }
}

impl Edition {
    /// The category as the scheme writes it; `None` when it has no such one.
    fn spelled(&self, scheme: Scheme, value: &str) -> Option<String> {
        let plain: String = value
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let prefix = scheme.prefix().trim_end_matches('-');
        let plain = plain.strip_prefix(prefix).unwrap_or(&plain);
        let is = |name: &str, text: &str| name.strip_prefix(scheme.prefix()) == Some(text);
        let names = || self.ranks.iter().copied().flatten().chain(self.unranked);
        if let Some(name) = names().find(|name| is(name, plain)) {
            return Some((*name).to_owned());
        }
        let modifier = self.modifier?;
        let base = plain.strip_suffix(modifier)?;
        let name = names().find(|name| is(name, base))?;
        Some(format!("{name}{modifier}"))
    }

    /// A category without its modifier.
    fn base<'v>(&self, value: &'v str) -> &'v str {
        let cut = self.modifier.and_then(|letter| value.strip_suffix(letter));
        cut.unwrap_or(value)
    }
}

/// `SCHEME=VALUE` or `SCHEME@VERSION=VALUE`, for instance `lung_rads=4A`; the newest version where none is named.
impl FromStr for Category {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (scheme, value) = text.split_once('=').ok_or_else(|| {
            format!("'{text}' is no category; write it as SCHEME=VALUE, for instance lung_rads=4A")
        })?;
        let (scheme, version) = match scheme.split_once('@') {
            Some((scheme, version)) => (scheme, Some(version)),
            None => (scheme, None),
        };
        let scheme: Scheme = scheme.trim().replace('-', "_").parse()?;
        Ok(Self::of(scheme, version, value)?.with_version())
    }
}

/// `Lung-RADS 4A`.
impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.scheme.label(), self.value)
    }
}

/// How soon the referrer must know of a finding: category 1 to 3 of the American College of Radiology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Criticality {
    /// 1: within minutes.
    Minutes = 1,
    /// 2: within hours.
    Hours,
    /// 3: within days.
    Days,
}

impl Criticality {
    /// Every value, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    /// 1 to 3.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The time within which somebody must be told.
    pub fn urgency(self) -> Urgency {
        match self {
            Self::Minutes => Urgency::Minutes,
            Self::Hours => Urgency::Hours,
            Self::Days => Urgency::Days,
        }
    }

    /// The words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Minutes => "Tell within minutes",
            Self::Hours => "Tell within hours",
            Self::Days => "Tell within days",
        }
    }
}

impl TryFrom<u8> for Criticality {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|c| c.number() == number);
        found.ok_or_else(|| format!("{number} is no criticality; use 1, 2 or 3"))
    }
}

impl From<Criticality> for u8 {
    fn from(criticality: Criticality) -> Self {
        criticality.number()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_category_is_read_in_every_way_it_is_written_and_put_down_in_one() {
        let rows = [
            ("lung_rads=4a", Ok("Lung-RADS 4A"), "2022"),
            ("Lung-RADS=4AS", Ok("Lung-RADS 4AS"), "2022"),
            ("lung_rads@1.1=4x", Ok("Lung-RADS 4X"), "1.1"),
            ("li_rads=5", Ok("LI-RADS LR-5"), "2018"),
            ("li-rads=lr-tiv", Ok("LI-RADS LR-TIV"), "2018"),
            ("ti_rads=TR 3", Ok("TI-RADS TR3"), "2017"),
            ("ti_rads=3", Ok("TI-RADS TR3"), "2017"),
            ("bi_rads=4", Ok("BI-RADS 4"), "5"),
            ("bi_rads=0", Ok("BI-RADS 0"), "5"),
            ("pi_rads=5", Ok("PI-RADS 5"), "2.1"),
            ("pi_rads=6", Err("no category"), ""),
            ("pi_rads=3S", Err("no category"), ""),
            ("lung_rads=5", Err("no category"), ""),
            ("lung_rads@9=3", Err("no version"), ""),
            ("x_rads=3", Err("scheme"), ""),
            ("4A", Err("SCHEME=VALUE"), ""),
            ("li_rads=", Err("no category"), ""),
        ];
        for (text, expected, version) in rows {
            match (text.parse::<Category>(), expected) {
                (Ok(category), Ok(shown)) => {
                    assert_eq!(category.to_string(), shown);
                    assert_eq!(category.version.as_deref(), Some(version), "{text}");
                    assert_eq!(category.problem(), None, "{text}");
                }
                (Err(problem), Err(part)) => assert!(problem.contains(part), "{text}: {problem}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn the_order_is_that_of_suspicion_and_some_stand_outside() {
        let rank = |text: &str| text.parse::<Category>().unwrap().rank();
        let rows = [
            ["bi_rads=3", "bi_rads=4A"],
            ["bi_rads=4B", "bi_rads=4C"],
            ["lung_rads=3S", "lung_rads=4A"],
            ["lung_rads=4B", "lung_rads=4X"],
            ["li_rads=LR-4", "li_rads=LR-5"],
            ["ti_rads=TR1", "ti_rads=TR5"],
        ];
        for [lower, higher] in rows {
            assert!(rank(lower) < rank(higher), "{lower} {higher}");
        }
        for outside in ["bi_rads=0", "li_rads=LR-M", "lung_rads=0"] {
            assert_eq!(rank(outside), None, "{outside}");
        }
    }

    #[test]
    fn two_categories_of_a_scheme_agree_or_differ_and_of_two_schemes_neither() {
        let rows = [
            ("lung_rads=4A", "lung_rads=4A", Some(true)),
            ("lung_rads=4A", "lung_rads@1.0=4AS", Some(true)),
            ("lung_rads=4A", "lung_rads=4B", Some(false)),
            ("lung_rads=4A", "lung_rads=4X", Some(false)),
            ("bi_rads=4", "bi_rads=4C", Some(true)),
            ("bi_rads=4A", "bi_rads=4C", Some(false)),
            ("li_rads=LR-M", "li_rads=LR-5", Some(false)),
            ("pi_rads=4", "bi_rads=4", None),
        ];
        for (one, other, expected) in rows {
            let [one, other] = [one, other].map(|text| text.parse::<Category>().unwrap());
            assert_eq!(one.agrees_with(&other), expected, "{one} {other}");
            assert_eq!(other.agrees_with(&one), expected, "{other} {one}");
        }
    }

    #[test]
    fn a_category_that_is_written_otherwise_or_unknown_is_a_problem() {
        for value in ["4a", "9", ""] {
            let category = Category {
                scheme: Scheme::LungRads,
                version: Some("2022".into()),
                value: value.into(),
            };
            assert!(category.problem().is_some(), "{value}");
        }
    }
}
