use std::sync::OnceLock;

/// Medical words, a tab, lay words; see the head of the file.
const GLOSSARY: &str = include_str!("../../../../assets/plain/glossary.tsv");

/// Medical words, small letters, and what people say.
type Row = (&'static str, &'static str);

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let lines = GLOSSARY.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once('\t'));
        let mut rows: Vec<Row> = pairs
            .flat_map(|(terms, lay)| terms.split('|').map(move |term| (term.trim(), lay.trim())))
            .collect();
        // The longest words that fit say most.
        rows.sort_by_key(|(term, _)| std::cmp::Reverse(term.len()));
        rows
    })
}

/// Lay words for medical ones, with the medical ones behind so that both letters can be held beside each other. Where
/// the glossary knows only a part of them, that part is said and the whole stands behind it; where it knows nothing, the
/// words stay and are marked as a medical term.
pub(super) fn lay_words(medical: &str) -> String {
    let words = words_of(medical);
    let whole = words.join(" ");
    let known = rows().iter().find(|(term, _)| holds(&words, term));
    match known {
        Some((_, lay)) => format!("{lay} ({whole})"),
        None => format!("{whole} (medical term)"),
    }
}

/// Lay words for a place, where the glossary knows exactly this place.
pub(super) fn lay_place(medical: &str) -> String {
    let place = words_of(medical).join(" ");
    let known = rows().iter().find(|(term, _)| *term == place);
    known.map_or_else(
        || format!("{place} (medical term)"),
        |(_, lay)| (*lay).to_owned(),
    )
}

fn words_of(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | ','));
    parts
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Do the words of a term stand one after the other among these, the last also as a plural?
fn holds(words: &[String], term: &str) -> bool {
    let term: Vec<&str> = term.split(' ').collect();
    let fits = |(word, wanted): (&String, &&str)| {
        word == wanted || word.strip_suffix('s') == Some(*wanted)
    };
    words
        .windows(term.len())
        .any(|window| window.iter().zip(&term).all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lay_words_stand_before_the_medical_ones() {
        for (medical, expected) in [
            ("nodule", "a small round spot (nodule)"),
            (
                "pulmonary_nodule",
                "a small round spot in the lung (pulmonary nodule)",
            ),
            (
                "Spiculated nodules",
                "a small round spot (spiculated nodules)",
            ),
            (
                "Pleural effusion",
                "fluid around the lung (pleural effusion)",
            ),
            (
                "Pericardial effusion",
                "fluid around the heart (pericardial effusion)",
            ),
            ("xanthoma", "xanthoma (medical term)"),
        ] {
            assert_eq!(lay_words(medical), expected);
        }
        assert_eq!(lay_place("lower lobe"), "the lower part of the lung");
        assert_eq!(lay_place("segment 4"), "segment 4 (medical term)");
    }

    #[test]
    fn every_row_of_the_glossary_has_two_sides_and_no_word_twice() {
        let mut terms: Vec<&str> = rows().iter().map(|row| row.0).collect();
        assert!(
            rows()
                .iter()
                .all(|(term, lay)| !term.is_empty() && !lay.is_empty())
        );
        terms.sort_unstable();
        let n_terms = terms.len();
        terms.dedup();
        assert_eq!(terms.len(), n_terms);
        let lines = GLOSSARY.lines().filter(|line| !line.starts_with('#'));
        assert!(lines.into_iter().all(|line| line.split('\t').count() == 2));
        assert!(rows().iter().all(|(term, _)| *term == term.to_lowercase()));
    }
}
