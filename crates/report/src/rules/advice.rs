//! What a sentence says should happen next.

use std::sync::OnceLock;

use case::Recommendation;
use regex::Regex;

/// Words that make a sentence a recommendation.
const ADVISES: [&str; 22] = [
    "recommend",
    "advise",
    "follow-up",
    "follow up",
    "followup",
    "is suggested",
    "are suggested",
    "suggest correlation",
    "suggest further",
    "suggest ct",
    "suggest mri",
    "suggest repeat",
    "should be considered",
    "could be considered",
    "may be considered",
    "consider ",
    "warranted",
    "further evaluation",
    "further workup",
    "correlate",
    "correlation with",
    "may be helpful",
];

/// Word in the text, action. The first that stands in the sentence counts.
const ACTIONS: [(&str, &str); 27] = [
    ("biopsy", "biopsy"),
    ("tissue sampling", "biopsy"),
    ("aspiration", "aspiration"),
    ("pet", "pet_ct"),
    ("bronchoscopy", "bronchoscopy"),
    ("colonoscopy", "colonoscopy"),
    ("endoscopy", "endoscopy"),
    ("echocardiogra", "echocardiography"),
    ("angiogra", "angiography"),
    ("mri", "mri"),
    ("mrcp", "mri"),
    ("mr imaging", "mri"),
    ("magnetic resonance", "mri"),
    ("ct", "ct"),
    ("computed tomography", "ct"),
    ("cat scan", "ct"),
    ("ultrasound", "ultrasound"),
    ("sonogra", "ultrasound"),
    ("mammogra", "mammography"),
    ("bone scan", "bone_scan"),
    ("radiograph", "radiograph"),
    ("x-ray", "radiograph"),
    ("chest film", "radiograph"),
    ("views", "radiograph"),
    ("consult", "consultation"),
    ("referral", "consultation"),
    ("clinical", "clinical_correlation"),
];

/// The recommendation of a sentence, with the bytes in it that say so; `None` when it recommends nothing.
pub(super) fn recommendation(sentence: &str) -> Option<(Recommendation, [usize; 2])> {
    let lower = sentence.to_ascii_lowercase();
    let (at, word) = ADVISES
        .iter()
        .filter_map(|word| Some((lower.find(word)?, *word)))
        .min()?;
    // "Follow-up chest CT of 12 May" names an examination; "stable at follow-up" a time.
    let names_examination = word.starts_with("follow") && !expects(&lower);
    if names_examination {
        return None;
    }
    let span = [at, sentence.len()];
    if declines(&lower) {
        return Some((
            Recommendation {
                action: "none".to_owned(),
                interval_days: None,
            },
            span,
        ));
    }
    let action = ACTIONS
        .iter()
        .find(|(name, _)| contains_word(&lower, name))
        .map_or("follow_up", |(_, action)| *action);
    Some((
        Recommendation {
            action: action.to_owned(),
            interval_days: interval_days(&lower),
        },
        span,
    ))
}

fn expects(lower: &str) -> bool {
    let verbs = [
        "recommend",
        "advise",
        "suggest",
        "should",
        "consider",
        "warrant",
        "needed",
        "required",
        "necessary",
        "is indicated",
        "obtain",
        "may be",
        "could be",
        "to resolution",
        "until",
        "to ensure",
        "no follow",
        "no further",
    ];
    verbs.iter().any(|verb| lower.contains(verb)) || interval_days(lower).is_some()
}

fn declines(lower: &str) -> bool {
    static DECLINES: OnceLock<Option<Regex>> = OnceLock::new();
    let rule = r"\bno (further |additional |routine |specific |imaging )*(imaging|follow|evaluation|work-?up|recommendation)|not (recommended|needed|required|necessary|warranted)";
    DECLINES
        .get_or_init(|| Regex::new(rule).ok())
        .as_ref()
        .is_some_and(|rule| rule.is_match(lower))
}

fn contains_word(lower: &str, name: &str) -> bool {
    lower.match_indices(name).any(|(at, _)| {
        let starts = lower
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|c| !c.is_alphanumeric());
        let short = name.len() <= 3;
        let ends = lower
            .get(at + name.len()..)
            .and_then(|rest| rest.chars().next())
            .is_none_or(|c| !c.is_alphanumeric());
        starts && (!short || ends)
    })
}

/// "in 3 months", "within 6-12 months" (the earlier end counts), "in six weeks", "annual": days.
fn interval_days(lower: &str) -> Option<u32> {
    static INTERVAL: OnceLock<Option<Regex>> = OnceLock::new();
    let rule = r"\b(\d{1,3}|an?|one|two|three|four|five|six|eight|nine|ten|twelve|eighteen)(?:\s*(?:-|to)\s*(?:\d{1,3}|[a-z]+))?[\s-]*(day|week|month|year)s?\b";
    let found = INTERVAL
        .get_or_init(|| Regex::new(rule).ok())
        .as_ref()?
        .captures(lower);
    let Some(found) = found else {
        return ["annual", "yearly"]
            .iter()
            .any(|word| lower.contains(word))
            .then_some(365);
    };
    let days_per_unit = match found.get(2)?.as_str() {
        "day" => 1,
        "week" => 7,
        "month" => 30,
        _ => 365,
    };
    Some(count(found.get(1)?.as_str())? * days_per_unit)
}

fn count(text: &str) -> Option<u32> {
    Some(match text {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "twelve" => 12,
        "eighteen" => 18,
        _ => text.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::recommendation;

    #[test]
    fn action_and_interval_are_read() {
        for (sentence, action, days) in [
            (
                "Follow-up CT in 3 months is recommended.",
                Some("ct"),
                Some(90),
            ),
            (
                "Recommend follow up CT in 6-12 months.",
                Some("ct"),
                Some(180),
            ),
            ("Follow-up in six weeks.", Some("follow_up"), Some(42)),
            (
                "Annual mammography is recommended.",
                Some("mammography"),
                Some(365),
            ),
            ("MRI should be considered.", Some("mri"), None),
            ("No follow-up imaging is needed.", Some("none"), None),
            ("Biopsy is recommended.", Some("biopsy"), None),
            (
                "Clinical correlation is advised.",
                Some("clinical_correlation"),
                None,
            ),
            ("The lungs are clear.", None, None),
            ("Stable at follow-up.", None, None),
        ] {
            let got = recommendation(sentence).map(|(advice, _)| advice);
            assert_eq!(
                got.as_ref().map(|advice| advice.action.as_str()),
                action,
                "{sentence}"
            );
            assert_eq!(
                got.and_then(|advice| advice.interval_days),
                days,
                "{sentence}"
            );
        }
    }
}
