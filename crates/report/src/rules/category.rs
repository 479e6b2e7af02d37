//! Categories of reporting schemes in a sentence: `Lung-RADS category 4A`, `BI-RADS: 4`, `LR-5`.

use case::{Category, CategoryMention, Scheme, TextSpan};

/// Words that may stand between the name of a scheme and its category.
const BETWEEN: [&str; 12] = [
    "category",
    "score",
    "assessment",
    "final",
    "overall",
    "class",
    "grade",
    "lesion",
    "of",
    "is",
    "version",
    "v",
];

/// Words that may stand there at most.
const MOST_BETWEEN: usize = 5;

/// A word before the name that says that it is not about these images.
const EARLIER: [&str; 6] = [
    "previous",
    "previously",
    "prior",
    "formerly",
    "earlier",
    "was",
];

/// The categories that a sentence of a text names, in order. Earlier ones are left out, and so is what the scheme does
/// not have.
pub(crate) fn categories_of_sentence(text: &str, span: TextSpan) -> Vec<CategoryMention> {
    let sentence = text.get(span[0]..span[1]).unwrap_or_default();
    let words = words(sentence);
    let mut found: Vec<CategoryMention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((category, first, end)) = category_at(&words, at) else {
            at += 1;
            continue;
        };
        let is_earlier = first
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|word| EARLIER.contains(&word.text.as_str()));
        if let (Some(start), Some(last), false) = (words.get(first), words.get(end - 1), is_earlier)
        {
            let span = [span[0] + start.span[0], span[0] + last.span[1]];
            found.push(CategoryMention {
                category,
                text: text.get(span[0]..span[1]).unwrap_or_default().to_owned(),
                span,
            });
        }
        at = end.max(at + 1);
    }
    found
}

/// A run of letters, digits, points and hyphens, in small letters.
struct Word {
    text: String,
    span: TextSpan,
}

fn words(sentence: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let ends = sentence.char_indices().chain([(sentence.len(), ' ')]);
    for (at, c) in ends {
        let inside = c.is_alphanumeric() || matches!(c, '-' | '.');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let raw = sentence.get(from..at).unwrap_or_default();
                // The point that ends a sentence is none of the word.
                let text = raw.trim_end_matches(['.', '-']);
                if !text.is_empty() {
                    words.push(Word {
                        text: text.to_lowercase(),
                        span: [from, from + text.len()],
                    });
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// A category whose scheme is named at a word: with the words that it takes, the end exclusive.
fn category_at(words: &[Word], at: usize) -> Option<(Category, usize, usize)> {
    let word = words.get(at)?;
    if let Some(value) = word
        .text
        .strip_prefix("lr")
        .filter(|v| v.len() < word.text.len())
    {
        let category = Category::of(Scheme::LiRads, None, value.trim_start_matches('-')).ok()?;
        return Some((category, at, at + 1));
    }
    let (scheme, n_words) = scheme_at(words, at)?;
    let mut version = None;
    let mut end = at + n_words;
    for _ in 0..=MOST_BETWEEN {
        let word = words.get(end)?;
        end += 1;
        if let Some(known) = version_of(scheme, words, end - 1) {
            version = Some(known);
            continue;
        }
        if let Ok(category) = Category::of(scheme, version, &word.text) {
            return Some((category, at, end));
        }
        if !BETWEEN.contains(&word.text.as_str()) {
            return None;
        }
    }
    None
}

/// The scheme that is named at a word, and how many words its name has. European and other schemes of the same ending
/// have other categories, and are not taken for these.
fn scheme_at(words: &[Word], at: usize) -> Option<(Scheme, usize)> {
    let foreign = at.checked_sub(1).and_then(|before| words.get(before));
    if foreign.is_some_and(|word| matches!(word.text.as_str(), "eu" | "k" | "c")) {
        return None;
    }
    let text = words.get(at)?.text.as_str();
    let name = text.strip_prefix("acr-").unwrap_or(text);
    let next = words.get(at + 1).map(|word| word.text.as_str());
    Scheme::ALL.iter().find_map(|scheme| {
        let area = match scheme {
            Scheme::BiRads => "bi",
            Scheme::LungRads => "lung",
            Scheme::LiRads => "li",
            Scheme::PiRads => "pi",
            Scheme::TiRads => "ti",
        };
        let joined = name.strip_prefix(area)?;
        match joined {
            "-rads" | "rads" => Some((*scheme, 1)),
            "" if next == Some("rads") => Some((*scheme, 2)),
            _ => None,
        }
    })
}

/// A version of the scheme: `v2022`, `2022`, `version 1.1`. A plain digit is one only after the word.
fn version_of(scheme: Scheme, words: &[Word], at: usize) -> Option<&'static str> {
    let text = words.get(at)?.text.as_str();
    let after_word = at
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .is_some_and(|word| matches!(word.text.as_str(), "version" | "v"));
    let number = text.strip_prefix('v').unwrap_or(text);
    let is_plain = !after_word && !text.starts_with('v') && number.len() < 3;
    let mut known = scheme.versions();
    known.find(|version| *version == number && !is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_found_as_they_are_written() {
        let rows: [(&str, &[&str]); 22] = [
            ("Lung-RADS category 4A.", &["Lung-RADS 4A"]),
            ("Overall Lung-RADS 4B, see below", &["Lung-RADS 4B"]),
            ("Lung-RADS v2022: 3", &["Lung-RADS 3"]),
            ("LungRADS version 1.1 category 2S", &["Lung-RADS 2S"]),
            ("BI-RADS 4", &["BI-RADS 4"]),
            ("BIRADS assessment category: 0", &["BI-RADS 0"]),
            (
                "Right breast BI-RADS 2, left breast BI-RADS 4C.",
                &["BI-RADS 2", "BI-RADS 4C"],
            ),
            ("PI-RADS score of 5", &["PI-RADS 5"]),
            ("pi rads 3", &["PI-RADS 3"]),
            ("PI-RADS v2.1 score 4", &["PI-RADS 4"]),
            ("Segment 6 observation, LR-5", &["LI-RADS LR-5"]),
            ("LI-RADS LR-M", &["LI-RADS LR-M"]),
            ("LI-RADS category 3", &["LI-RADS LR-3"]),
            ("ACR TI-RADS 4", &["TI-RADS TR4"]),
            ("TI-RADS category TR3.", &["TI-RADS TR3"]),
            ("EU TIRADS 4", &[]),
            ("previously Lung-RADS 3", &[]),
            ("BI-RADS 7", &[]),
            ("BI-RADS density b", &[]),
            ("4A on the list", &[]),
            ("LR-9 and LR", &[]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let found = categories_of_sentence(text, [0, text.len()]);
            let names: Vec<String> = found.iter().map(|f| f.category.to_string()).collect();
            assert_eq!(names, expected, "{text}");
            for mention in found {
                assert_eq!(
                    text.get(mention.span[0]..mention.span[1]),
                    Some(mention.text.as_str())
                );
            }
        }
    }

    #[test]
    fn a_named_version_is_kept_and_the_words_stand_in_the_text() {
        let text = "Nodule. Lung-RADS v1.1 category 4A.";
        let found = categories_of_sentence(text, [8, text.len()]);
        assert_eq!(found[0].category.version.as_deref(), Some("1.1"));
        assert_eq!(found[0].text, "Lung-RADS v1.1 category 4A");
        assert_eq!(found[0].span, [8, text.len() - 1]);
    }
}
