//! Numbers as decimal strings.

/// Writes a number as a decimal string of at most 16 characters (PS3.5 6.2), as exactly as they allow.
pub fn ds(number: f64) -> String {
    let plain = format!("{number}");
    if plain.len() <= 16 {
        return plain;
    }
    for digits in (0..=14).rev() {
        let fixed = format!("{number:.digits$}");
        let short = if fixed.contains('.') {
            fixed.trim_end_matches('0').trim_end_matches('.')
        } else {
            &fixed
        };
        if short.len() <= 16 && (1e-4 <= number.abs() || number == 0.0) {
            return if short == "-0" {
                "0".into()
            } else {
                short.into()
            };
        }
        let scientific = format!("{number:.digits$e}");
        if scientific.len() <= 16 && (number.abs() < 1e-4 || 1e15 <= number.abs()) {
            return scientific;
        }
    }
    plain
}

pub(crate) fn ds_list(numbers: &[f64]) -> String {
    numbers
        .iter()
        .map(|number| ds(*number))
        .collect::<Vec<_>>()
        .join("\\")
}
