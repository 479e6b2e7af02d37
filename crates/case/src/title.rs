use crate::{Annotation, Assertion, Case, Finding, FindingId, Severity, Side};

impl Finding {
    /// Its title, side first: `Right lower lobe nodule`. A finding that is said to be absent starts with `No`, so that a
    /// title that is cut never says the opposite.
    pub fn title(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        if self.assertion == Assertion::Absent {
            words.push("no".into());
        }
        let concept = spoken(&self.concept);
        let place = spoken(self.level.as_deref().or(self.site.as_deref()).unwrap_or(""));
        if let Some(side) = self.side
            && !has_word(&place, side_word(side))
            && !has_word(&concept, side_word(side))
        {
            words.push(side_word(side).into());
        }
        // A side inside the place or the concept moves to the front, because the side comes first.
        let leading_side = match self.side {
            Some(side) if words.last().is_none_or(|word| word != side_word(side)) => {
                Some(side_word(side))
            }
            _ => None,
        };
        words.extend(leading_side.map(str::to_owned));
        let without_side = |text: &str| match leading_side {
            Some(side) => drop_word(text, side),
            None => text.to_owned(),
        };
        let (place, concept) = (without_side(&place), without_side(&concept));
        let place: Vec<_> = place
            .split(' ')
            .filter(|word| !has_word(&concept, word) && !has_stem(&concept, word))
            .collect();
        words.extend(place.into_iter().map(str::to_owned));
        words.push(if concept.is_empty() {
            "finding".into()
        } else {
            concept
        });
        words.retain(|word| !word.is_empty());
        let mut title = capitalised(&words.join(" "));
        match self.assertion {
            Assertion::Possible => title.push_str(", possible"),
            Assertion::Historical => title.push_str(", in the past"),
            Assertion::Hypothetical => title.push_str(", asked about"),
            Assertion::OtherPerson => title.push_str(", in another person"),
            Assertion::Present | Assertion::Absent => {}
        }
        title
    }

    /// What it says in one line, without its marks: title, severity, change, category, note. [`Case::finding_text`] adds sizes.
    pub fn fact_text(&self) -> String {
        self.text_with(None)
    }

    fn text_with(&self, size: Option<String>) -> String {
        let mut parts = vec![self.title()];
        parts.extend(size);
        parts.extend(self.severity.map(|s| severity_words(s).to_owned()));
        parts.extend(self.change.map(|change| change.word().to_owned()));
        parts.extend(self.category.as_ref().map(ToString::to_string));
        let mut text = parts.join(", ");
        text.push('.');
        let note = self.note.trim();
        if !note.is_empty() {
            text.push(' ');
            text.push_str(note);
        }
        text
    }
}

impl Case {
    /// The size of a finding in mm, from its marks: long and short diameter if they were measured, else the longest
    /// length. `None` when nothing was measured in millimetres.
    pub fn finding_size_mm(&self, id: FindingId) -> Option<Vec<f64>> {
        let marks = self
            .read
            .annotations
            .iter()
            .filter(|a| a.finding == Some(id));
        marks.filter_map(size_mm).max_by(|a, b| {
            a.first()
                .partial_cmp(&b.first())
                .unwrap_or(std::cmp::Ordering::Equal)
        })
    }

    /// What a finding says in one line: title, size, severity, change, category, note. Empty when there is no such finding.
    pub fn finding_text(&self, id: FindingId) -> String {
        let size = self.finding_size_mm(id).map(|mm| size_words(&mm));
        self.finding(id)
            .map_or_else(String::new, |finding| finding.text_with(size))
    }
}

fn size_mm(mark: &Annotation) -> Option<Vec<f64>> {
    let named = |name: &str| {
        let value = mark
            .values
            .iter()
            .find(|v| v.name == name && v.unit == "mm");
        value.map(|v| v.value).filter(|mm| mm.is_finite())
    };
    match (named("long_diameter"), named("short_diameter")) {
        (Some(long), Some(short)) => Some(vec![long, short]),
        (Some(long), None) => Some(vec![long]),
        _ => named("length").map(|length| vec![length]),
    }
}

/// `8 mm`, `33 × 22 mm`; one decimal below 10 mm unless it is zero.
pub(crate) fn size_words(mm: &[f64]) -> String {
    let numbers: Vec<_> = mm.iter().map(|value| number(*value)).collect();
    format!("{} mm", numbers.join(" × "))
}

fn number(mm: f64) -> String {
    let text = if mm < 9.95 {
        format!("{mm:.1}")
    } else {
        format!("{mm:.0}")
    };
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn severity_words(severity: Severity) -> &'static str {
    severity.word()
}

fn side_word(side: Side) -> &'static str {
    side.word()
}

fn spoken(name: &str) -> String {
    let text = name.replace('_', " ");
    let words: Vec<_> = text.split_whitespace().map(lowered).collect();
    words.join(" ")
}

/// Lower-cases the first letter unless the word is an abbreviation or a name with capitals inside (`RLL`, `T11`).
fn lowered(word: &str) -> String {
    let is_plain = word
        .chars()
        .skip(1)
        .all(|c| !c.is_uppercase() && !c.is_numeric());
    if is_plain && 1 < word.chars().count() {
        word.to_lowercase()
    } else {
        word.to_owned()
    }
}

/// Does a word of the text grow out of this one, as `pleural` does of `pleura`? Short words are left alone.
fn has_stem(text: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    5 <= word.len()
        && text
            .split(' ')
            .any(|other| other.to_lowercase().starts_with(&word))
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(' ')
        .any(|other| other.eq_ignore_ascii_case(word))
}

fn drop_word(text: &str, word: &str) -> String {
    let kept: Vec<_> = text
        .split(' ')
        .filter(|w| !w.eq_ignore_ascii_case(word))
        .collect();
    kept.join(" ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (
        &'static str,
        Assertion,
        Option<Side>,
        &'static str,
        &'static str,
        &'static str,
    );

    /// Concept, assertion, side, site, level, title.
    #[rustfmt::skip]
    const TITLES: &[Row] = &[
        ("nodule", Assertion::Present, Some(Side::Right), "", "lower lobe", "Right lower lobe nodule"),
        ("Nodule", Assertion::Present, Some(Side::Right), "lung", "right lower lobe", "Right lower lobe nodule"),
        ("frontal hypodense area", Assertion::Present, Some(Side::Right), "", "", "Right frontal hypodense area"),
        ("hypodense area, right frontal", Assertion::Present, None, "", "", "Hypodense area, right frontal"),
        ("calvarial right defect", Assertion::Present, Some(Side::Right), "", "", "Right calvarial defect"),
        ("pulmonary_nodule", Assertion::Possible, Some(Side::Left), "lung", "", "Left lung pulmonary nodule, possible"),
        ("pleural effusion", Assertion::Absent, Some(Side::Bilateral), "", "", "No bilateral pleural effusion"),
        ("liver lesion", Assertion::Present, None, "liver", "", "Liver lesion"),
        ("fracture", Assertion::Present, None, "spine", "T11", "T11 fracture"),
        ("", Assertion::Present, Some(Side::Right), "", "", "Right finding"),
        ("Écoulement", Assertion::Present, None, "", "", "Écoulement"),
    ];

    #[test]
    fn titles_put_the_side_first_and_say_nothing_twice() {
        let named = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        for &(concept, assertion, side, site, level, expected) in TITLES {
            let finding = Finding {
                concept: concept.into(),
                assertion,
                side,
                site: named(site),
                level: named(level),
                ..Finding::empty(FindingId(1))
            };
            assert_eq!(finding.title(), expected, "{finding:?}");
        }
    }

    #[test]
    fn a_side_that_contradicts_the_place_shows_both() {
        let finding = Finding {
            concept: "nodule".into(),
            side: Some(Side::Left),
            level: Some("right lower lobe".into()),
            ..Finding::empty(FindingId(1))
        };
        assert_eq!(finding.title(), "Left right lower lobe nodule");
    }

    #[test]
    fn sizes_show_one_decimal_below_ten() {
        for (mm, words) in [
            (vec![8.0], "8 mm"),
            (vec![8.04], "8 mm"),
            (vec![8.26], "8.3 mm"),
            (vec![9.96], "10 mm"),
            (vec![33.2, 21.7], "33 × 22 mm"),
        ] {
            assert_eq!(size_words(&mm), words);
        }
    }
}
