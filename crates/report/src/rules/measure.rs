//! Sizes: "12 mm", "2.5 x 1.2 x 3.0 cm", "3-4 mm", "2,5 cm".

use case::{Measurement, TextSpan};

use super::scan::{Mark, Scan};
use crate::structure::{Token, TokenKind};

/// The sizes in a sentence that belong to now; a size introduced by "previously" belongs to the prior and is left out.
pub(super) fn sizes(scan: &Scan<'_>) -> Vec<Mark<Measurement>> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < scan.tokens.len() {
        match size_at(scan, first) {
            Some((end, mm)) => {
                if !is_of_the_prior(scan, first) {
                    let span = scan.span(first, end);
                    let text = scan.words(first, end).to_owned();
                    found.push(Mark {
                        value: Measurement { mm, text, span },
                        first,
                        end,
                    });
                }
                first = end;
            }
            None => first += 1,
        }
    }
    found
}

/// The sizes in a free text, for instance a note.
pub(crate) fn parse_sizes(text: &str) -> Vec<Measurement> {
    let scan = Scan::new(text, [0, text.len()]);
    sizes(&scan).into_iter().map(|mark| mark.value).collect()
}

/// A size that starts at a token: one past its last token, and its values in mm.
fn size_at(scan: &Scan<'_>, first: usize) -> Option<(usize, Vec<f64>)> {
    let mut values = vec![number(scan.tokens.get(first))?];
    let mut next = first + 1;
    let mut scale = None;
    loop {
        if let Some(unit_mm) = unit(scan, next) {
            // "2 cm x 3 cm" repeats the unit.
            scale = scale.or(Some(unit_mm));
            next += 1;
        }
        let joiner = scan
            .tokens
            .get(next)
            .map(|token| word(scan, token))
            .unwrap_or_default();
        let after = scan.tokens.get(next + 1).copied();
        let joins = matches!(joiner, "x" | "X" | "×" | "by" | "*");
        match (joins, number(after.as_ref())) {
            (true, Some(value)) if values.len() < 4 => {
                values.push(value);
                next += 2;
            }
            _ => break,
        }
    }
    if values.len() == 1 && scale.is_none() {
        return range_at(scan, first);
    }
    let unit_mm = scale?;
    let is_rate = scan
        .tokens
        .get(next)
        .is_some_and(|token| matches!(token.kind, TokenKind::Mark('/' | '²' | '³')));
    let mm: Vec<f64> = values.iter().map(|value| value * unit_mm).collect();
    (!is_rate && mm.iter().all(|size| (0.05..5000.0).contains(size))).then_some((next, mm))
}

/// "3-4 mm", "3 to 4 mm": the larger end counts.
fn range_at(scan: &Scan<'_>, first: usize) -> Option<(usize, Vec<f64>)> {
    let low = number(scan.tokens.get(first))?;
    let second = scan.tokens.get(first + 1)?;
    let high_idx = if second.joined && number(Some(second)).is_some() {
        first + 1
    } else if word(scan, second) == "to" {
        first + 2
    } else {
        return None;
    };
    let high = number(scan.tokens.get(high_idx))?;
    let unit_mm = unit(scan, high_idx + 1)?;
    (low <= high).then(|| (high_idx + 2, vec![high * unit_mm]))
}

fn number(token: Option<&Token>) -> Option<f64> {
    match token?.kind {
        TokenKind::Number(value) if value.is_finite() => Some(value),
        _ => None,
    }
}

fn word<'t>(scan: &Scan<'t>, token: &Token) -> &'t str {
    let [start, end]: TextSpan = token.span;
    scan.text.get(start..end).unwrap_or_default()
}

/// Millimetres per unit.
fn unit(scan: &Scan<'_>, token_idx: usize) -> Option<f64> {
    let text = word(scan, scan.tokens.get(token_idx)?);
    [
        ("mm", 1.0),
        ("cm", 10.0),
        ("millimeter", 1.0),
        ("millimeters", 1.0),
        ("millimetre", 1.0),
        ("millimetres", 1.0),
        ("centimeter", 10.0),
        ("centimeters", 10.0),
        ("centimetre", 10.0),
        ("centimetres", 10.0),
        ("inch", 25.4),
        ("inches", 25.4),
    ]
    .iter()
    .find(|(name, _)| name.eq_ignore_ascii_case(text))
    .map(|(_, unit_mm)| *unit_mm)
}

fn is_of_the_prior(scan: &Scan<'_>, first: usize) -> bool {
    let from = first.saturating_sub(5);
    let before = scan.tokens.get(from..first).unwrap_or_default();
    let said_before = before.iter().any(|token| {
        ["previously", "formerly", "prior", "previous", "from"]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(word(scan, token)))
    });
    let measured_after_it = before.iter().any(|token| {
        ["now", "currently", "to", "today"]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(word(scan, token)))
    });
    said_before && !measured_after_it
}

#[cfg(test)]
mod tests {
    use super::parse_sizes;

    #[test]
    fn sizes_are_read_in_mm() {
        for (text, expected) in [
            ("a 12 mm nodule", vec![vec![12.0]]),
            ("a 12-mm nodule", vec![vec![12.0]]),
            ("measuring 1.5cm", vec![vec![15.0]]),
            ("2.5 x 1.2 x 3.0 cm", vec![vec![25.0, 12.0, 30.0]]),
            ("2 cm x 3 cm", vec![vec![20.0, 30.0]]),
            ("25x12mm", vec![vec![25.0, 12.0]]),
            ("2,5 cm", vec![vec![25.0]]),
            ("3-4 mm", vec![vec![4.0]]),
            ("3 to 4 mm", vec![vec![4.0]]),
            ("up to 4 mm", vec![vec![4.0]]),
            ("1.2 cm, previously 0.8 cm", vec![vec![12.0]]),
            ("increased from 8 mm to 12 mm", vec![vec![12.0]]),
            ("one of 1 inch", vec![vec![25.4]]),
            ("series 3 image 45", vec![]),
            ("40 HU", vec![]),
            ("L4-L5", vec![]),
        ] {
            let got: Vec<Vec<f64>> = parse_sizes(text).into_iter().map(|size| size.mm).collect();
            assert_eq!(got, expected, "{text}");
        }
    }
}
