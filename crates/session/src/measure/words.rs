use case::MeasuredValue;

use super::body::WITHIN_LIMITS;
use super::region::MAX_OF;

/// The number that stands on a mark: `7.9 mm`, `33 × 22 mm`, `42°`, `38 ± 12 HU`.
pub(crate) fn label(values: &[MeasuredValue]) -> String {
    let find = |name: &str| values.iter().find(|v| v.name == name);
    if let Some(size) = size_of(values) {
        // A reader of uptake wants the largest, not a mean of becquerels.
        if let Some(max) = values.iter().find(|v| v.name.starts_with(MAX_OF)) {
            let value = significant(max.value);
            return format!("{size} · {} {value} {}", max.name, max.unit);
        }
        return match find("mean") {
            Some(mean) => {
                let sd = find("sd").map_or(String::new(), |sd| format!(" ± {:.0}", sd.value));
                format!("{size} · {:.0}{sd} {}", mean.value, mean.unit)
            }
            None => size,
        };
    }
    match values {
        [v, ..] if v.unit == "deg" => format!("{:.1}°", v.value),
        [v, quantity, ..] if v.name == "value" => format!(
            "{} {} {}",
            quantity.name,
            significant(quantity.value),
            quantity.unit
        ),
        [v] if v.name == "value" => format!("{:.0} {}", v.value, v.unit),
        [time, depth] if time.name == "time" => format!(
            "{} {} · {} {}",
            significant(time.value),
            time.unit,
            short_number(depth.value),
            depth.unit
        ),
        [v, ..] if v.unit == "ratio" => format!("CTR {:.2}", v.value),
        [v, ..] if v.name == "known_length" => format!("= {} mm", short_number(v.value)),
        [v, ..] => format!("{} {}", short_number(v.value), v.unit),
        [] => String::new(),
    }
}

/// `33 × 22 mm`, `4.2 cm²` or `12.3 ml` of a region or a body; `None` for anything else.
fn size_of(values: &[MeasuredValue]) -> Option<String> {
    let find = |name: &str| values.iter().find(|v| v.name == name);
    let two = |a: &MeasuredValue, b: &MeasuredValue| {
        let [long, short] = [a, b].map(|v| short_number(v.value));
        format!("{long} × {short} {}", a.unit)
    };
    for (name, said) in [("volume", ""), (WITHIN_LIMITS, " within limits")] {
        if let Some(volume) = find(name) {
            let unit = volume.unit.replace('3', "³");
            return Some(format!("{} {unit}{said}", significant(volume.value)));
        }
    }
    for names in [
        ["long_diameter", "short_diameter"],
        ["long_side", "short_side"],
    ] {
        if let [Some(long), Some(short)] = names.map(find) {
            return Some(two(long, short));
        }
    }
    let area = find("area")?;
    Some(match area.unit.as_str() {
        "mm2" if 100.0 <= area.value => format!("{} cm²", significant(area.value / 100.0)),
        "mm2" => format!("{} mm²", short_number(area.value)),
        _ => format!("{:.0} px²", area.value),
    })
}

/// The size of a finding from its marks: the longest distance, or the diameters of the largest region.
pub(crate) fn size_text<'a>(marks: impl Iterator<Item = &'a [MeasuredValue]>) -> String {
    let mut best: Option<(f64, String)> = None;
    for values in marks {
        let find = |name: &str| values.iter().find(|v| v.name == name);
        let candidate = match (
            find("length"),
            find("long_diameter"),
            find("short_diameter"),
        ) {
            (Some(l), ..) => Some((l.value, format!("{} {}", short_number(l.value), l.unit))),
            (_, Some(a), Some(b)) => Some((
                a.value,
                format!(
                    "{} × {} {}",
                    short_number(a.value),
                    short_number(b.value),
                    a.unit
                ),
            )),
            _ => None,
        };
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|b| b.0 < candidate.0)
        {
            best = Some(candidate);
        }
    }
    best.map(|b| b.1).unwrap_or_default()
}

/// The numbers of a mark with where each came from, a line for each source.
pub fn provenance(values: &[MeasuredValue]) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for value in values {
        let unit = match value.unit.as_str() {
            "mm2" => " mm²".to_owned(),
            "px2" => " px²".to_owned(),
            "px3" => " px³".to_owned(),
            "deg" => "°".to_owned(),
            "ratio" => String::new(),
            unit => format!(" {unit}"),
        };
        let number = match value.unit.as_str() {
            "ratio" => format!("{:.2}", value.value),
            _ if value.value.fract() == 0.0 && value.value.abs() < 1e6 => short_number(value.value),
            _ => significant(value.value),
        };
        let said = format!("{} {number}{unit}", value.name.replace('_', " "));
        match lines.last_mut() {
            Some((source, all)) if *source == value.source => all.push(said),
            _ => lines.push((&value.source, vec![said])),
        }
    }
    lines
        .into_iter()
        .map(|(source, said)| format!("{}: {source}", said.join(", ")))
        .collect()
}

/// Three significant digits, for numbers whose size is not known beforehand.
pub fn significant(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return "0".into();
    }
    if !(1e-3..1e6).contains(&magnitude) {
        return format!("{value:.2e}");
    }
    let n_decimals = match magnitude {
        m if 100.0 <= m => 0,
        m if 10.0 <= m => 1,
        m if 1.0 <= m => 2,
        m if 0.1 <= m => 3,
        _ => 5,
    };
    format!("{value:.n_decimals$}")
}

/// A number of a window as it is typed: six significant digits, no zeros at the end.
pub fn window_number(value: f64) -> String {
    with_digits(value, 6.0)
}

/// A number of a window as it is shown: four significant digits, no zeros at the end.
pub(crate) fn short_window_number(value: f64) -> String {
    with_digits(value, 4.0)
}

fn with_digits(value: f64, n_digits: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    // The cast is safe: the logarithm of a finite number is within ±324, and the clamp leaves 0 ..= 12.
    let n_decimals = (n_digits - 1.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    let text = format!("{value:.n_decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// One decimal below 10, none from there on when it is a whole number.
pub(crate) fn short_number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_written_with_six_digits_whatever_its_size() {
        for (value, text) in [
            (0.0, "0"),
            (400.0, "400"),
            (-600.0, "-600"),
            (2.5, "2.5"),
            (0.1 + 0.2, "0.3"),
            (0.003, "0.003"),
            (-0.000_012_345_67, "-0.0000123457"),
            (21_843.27, "21843.3"),
            (1_234_567.8, "1234568"),
        ] {
            assert_eq!(window_number(value), text);
        }
        for (value, text) in [
            (440.625, "440.6"),
            (-386.364, "-386.4"),
            (65_535.0, "65535"),
            (0.003, "0.003"),
        ] {
            assert_eq!(short_window_number(value), text);
        }
    }
}
