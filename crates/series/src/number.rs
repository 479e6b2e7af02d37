use thiserror::Error;

/// Why a numeric string is not a number. Nothing is ever put in its place silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Not a decimal or integer string of PS3.5 6.2.
    #[error("not a number")]
    NotANumber,
    /// NaN, infinite, or too large for a 64-bit float.
    #[error("not finite")]
    NotFinite,
}

/// Reads a multi-valued decimal string (DS, PS3.5 6.2) strictly: "1,5", "abc", "NaN", "1e400" and an empty value among
/// others are errors.
pub(crate) fn parse_decimals(bytes: &[u8]) -> Result<Vec<f64>, Unreadable> {
    let mut values = Vec::with_capacity(USUAL_VALUES);
    for value in trimmed(bytes).split(|b| *b == b'\\') {
        values.push(parse_decimal(trimmed(value))?);
    }
    Ok(values)
}

/// A position has three values, and most attributes no more.
const USUAL_VALUES: usize = 3;

/// Without the padding around it.
fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | 0, rest @ ..] | [rest @ .., b' ' | 0] = bytes {
        bytes = rest;
    }
    bytes
}

fn parse_decimal(bytes: &[u8]) -> Result<f64, Unreadable> {
    // `f64::from_str` also takes "inf", "nan" and "infinity", which no decimal string may be.
    if !bytes.iter().any(u8::is_ascii_digit)
        || !bytes
            .iter()
            .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
    {
        return Err(Unreadable::NotANumber);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotANumber)?;
    let value: f64 = text.parse().map_err(|_| Unreadable::NotANumber)?;
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Unreadable::NotFinite)
    }
}

/// The first value of a multi-valued integer string (IS, PS3.5 6.2), all of whose values are read strictly. A decimal
/// point followed by zeros is tolerated, since many writers add it.
pub(crate) fn parse_first_integer(bytes: &[u8]) -> Result<i64, Unreadable> {
    let mut values = integers(bytes);
    let first = values.next().unwrap_or(Err(Unreadable::NotANumber))?;
    values.try_for_each(|value| value.map(|_| ()))?;
    Ok(first)
}

fn integers(bytes: &[u8]) -> impl Iterator<Item = Result<i64, Unreadable>> {
    let value = |part: &[u8]| {
        let part = trimmed(part);
        let whole = match part.iter().position(|b| *b == b'.') {
            Some(at) if part.iter().skip(at + 1).all(|b| *b == b'0') => part.get(..at),
            _ => Some(part),
        };
        let text = std::str::from_utf8(whole.unwrap_or(part)).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or(Unreadable::NotANumber)
    };
    trimmed(bytes).split(|b| *b == b'\\').map(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_decimal_string_is_read_or_refused_never_replaced() {
        for (text, want) in [
            ("1.5 ", Ok(vec![1.5])),
            ("-1024\0", Ok(vec![-1024.0])),
            ("0.5\\0.25", Ok(vec![0.5, 0.25])),
            ("+2E-3", Ok(vec![0.002])),
            ("1,5", Err(Unreadable::NotANumber)),
            ("NaN", Err(Unreadable::NotANumber)),
            ("inf", Err(Unreadable::NotANumber)),
            ("1e400", Err(Unreadable::NotFinite)),
            ("abc", Err(Unreadable::NotANumber)),
            ("1\\", Err(Unreadable::NotANumber)),
            ("", Err(Unreadable::NotANumber)),
            ("0x10", Err(Unreadable::NotANumber)),
        ] {
            assert_eq!(parse_decimals(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn an_integer_string_is_read_or_refused() {
        for (text, want) in [
            ("12 ", Some(12)),
            ("-1", Some(-1)),
            ("3.0", Some(3)),
            ("1A", None),
            ("3.5", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_first_integer(text.as_bytes()).ok(), want, "{text:?}");
        }
    }
}
