//! Numbered places: vertebrae, liver segments, ribs.

use super::scan::{Mark, Scan};
use crate::structure::{Token, TokenKind};
use crate::taxonomy::Taxonomy;

/// Numbered places of a sentence, in normal form: `L4`, `L4-L5`, `segment_7`, `rib_7`.
pub(super) fn numbered_levels(scan: &Scan<'_>) -> Vec<Mark<String>> {
    let mut found = vertebrae(scan);
    found.extend(liver_segments(scan));
    found.extend(ribs(scan));
    found
}

fn word<'t>(scan: &Scan<'t>, token: &Token) -> &'t str {
    scan.text
        .get(token.span[0]..token.span[1])
        .unwrap_or_default()
}

/// `L4`, `T12`, `C7`, `S1`: region and number, if the number exists there.
fn vertebra(text: &str) -> Option<(char, u8)> {
    let mut chars = text.chars();
    let region = chars.next()?.to_ascii_uppercase();
    let number: u8 = chars.as_str().parse().ok()?;
    let n_in_region = match region {
        'C' => 7,
        'T' | 'D' => 12,
        'L' => 6,
        'S' => 5,
        _ => return None,
    };
    let region = if region == 'D' { 'T' } else { region };
    (1..=n_in_region)
        .contains(&number)
        .then_some((region, number))
}

fn vertebrae(scan: &Scan<'_>) -> Vec<Mark<String>> {
    let mut found = Vec::new();
    let mut first = 0;
    while let Some(token) = scan.tokens.get(first) {
        let Some((region, number)) =
            vertebra(word(scan, token)).filter(|_| !is_mr_weighting(scan, first))
        else {
            first += 1;
            continue;
        };
        let (end, other) = second_vertebra(scan, first + 1, region);
        let value = match other {
            Some((other_region, other_number)) => {
                format!("{region}{number}-{other_region}{other_number}")
            }
            None => format!("{region}{number}"),
        };
        found.push(Mark { value, first, end });
        first = end;
    }
    found
}

/// The second half of "L4-L5", "L4/5", "L4-5", "T12 through L2".
fn second_vertebra(scan: &Scan<'_>, next: usize, region: char) -> (usize, Option<(char, u8)>) {
    let Some(token) = scan.tokens.get(next) else {
        return (next, None);
    };
    let text = word(scan, token);
    let at = if token.joined {
        next
    } else if text == "/"
        || ["through", "to"]
            .iter()
            .any(|joint| joint.eq_ignore_ascii_case(text))
    {
        next + 1
    } else {
        return (next, None);
    };
    let Some(other) = scan.tokens.get(at) else {
        return (next, None);
    };
    let pair = match other.kind {
        TokenKind::Number(number) if at == next || text == "/" => {
            vertebra(&format!("{region}{number}"))
        }
        TokenKind::Word => vertebra(word(scan, other)),
        _ => None,
    };
    if pair.is_some() {
        (at + 1, pair)
    } else {
        (next, None)
    }
}

/// "T1 weighted" and "T2 hyperintense" are no vertebrae.
fn is_mr_weighting(scan: &Scan<'_>, token_idx: usize) -> bool {
    let is_t = scan
        .tokens
        .get(token_idx)
        .is_some_and(|token| matches!(word(scan, token), "T1" | "T2" | "t1" | "t2"));
    is_t && scan.tokens.get(token_idx + 1).is_some_and(|next| {
        let next = word(scan, next).to_ascii_lowercase();
        [
            "weight", "hyper", "hypo", "iso", "signal", "flair", "image", "seque", "shine", "/",
            "w", "dark", "bright", "prolong",
        ]
        .iter()
        .any(|start| next.starts_with(start))
    })
}

fn liver_segments(scan: &Scan<'_>) -> Vec<Mark<String>> {
    let mut found = Vec::new();
    for (first, token) in scan.tokens.iter().enumerate() {
        if !["segment", "segments"]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(word(scan, token)))
        {
            continue;
        }
        let Some(next) = scan.tokens.get(first + 1) else {
            continue;
        };
        let number = match next.kind {
            TokenKind::Number(number) if (1.0..=8.0).contains(&number) => format!("{number}"),
            _ => match roman(word(scan, next)) {
                Some(number) => number.to_string(),
                None => continue,
            },
        };
        found.push(Mark {
            value: format!("segment_{number}"),
            first,
            end: first + 2,
        });
    }
    found
}

fn roman(text: &str) -> Option<u8> {
    let upper = text.to_ascii_uppercase();
    let bare = upper.trim_end_matches(['A', 'B']);
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]
        .iter()
        .zip(1_u8..)
        .find(|(name, _)| **name == bare)
        .map(|(_, number)| number)
}

fn ribs(scan: &Scan<'_>) -> Vec<Mark<String>> {
    let Some(rib) = Taxonomy::get().named("rib") else {
        return Vec::new();
    };
    let names_ribs = scan.mentions.iter().any(|mention| {
        mention.value == rib
            || scan
                .words(mention.first, mention.end)
                .to_ascii_lowercase()
                .contains("rib")
    });
    if !names_ribs {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (first, token) in scan.tokens.iter().enumerate() {
        let (number, end) = match token.kind {
            TokenKind::Number(number) => {
                let suffix = scan
                    .tokens
                    .get(first + 1)
                    .map(|next| word(scan, next).to_ascii_lowercase());
                match suffix.as_deref() {
                    Some("th" | "st" | "nd" | "rd") => (number, first + 2),
                    _ => continue,
                }
            }
            _ => match ordinal(word(scan, token)) {
                Some(number) => (number, first + 1),
                None => continue,
            },
        };
        let near_rib = scan
            .tokens
            .get(end..(end + 8).min(scan.tokens.len()))
            .unwrap_or_default()
            .iter();
        let near_rib = near_rib
            .into_iter()
            .any(|next| word(scan, next).to_ascii_lowercase().starts_with("rib"));
        if near_rib && (1.0..=12.0).contains(&number) {
            found.push(Mark {
                value: format!("rib_{number}"),
                first,
                end,
            });
        }
    }
    found
}

fn ordinal(text: &str) -> Option<f64> {
    let names = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    names
        .iter()
        .zip(1_u8..)
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, number)| f64::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_places_have_one_form() {
        for (text, expected) in [
            ("disc protrusion at L4-L5", vec!["L4-L5"]),
            ("disc protrusion at L4/5", vec!["L4-L5"]),
            ("disc protrusion at L4-5", vec!["L4-L5"]),
            ("fracture of T12", vec!["T12"]),
            ("T12-L1 narrowing", vec!["T12-L1"]),
            ("T2 hyperintense lesion", vec![]),
            ("lesion in segment VII", vec!["segment_7"]),
            ("lesion in segment 4 of the liver", vec!["segment_4"]),
            ("fracture of the left 7th rib", vec!["rib_7"]),
            ("fracture of the seventh rib", vec!["rib_7"]),
            ("L9 C8 T13", vec![]),
        ] {
            let scan = Scan::new(text, [0, text.len()]);
            let got: Vec<_> = numbered_levels(&scan)
                .into_iter()
                .map(|mark| mark.value)
                .collect();
            assert_eq!(got, expected, "{text}");
        }
    }
}
