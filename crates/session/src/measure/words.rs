use case::MeasuredValue;

use super::region::MAX_OF;

/// The number that stands on a mark: `7.9 mm`, `33 × 22 mm`, `42°`, `38 ± 12 HU`.
pub(crate) fn label(values: &[MeasuredValue]) -> String {
    let find = |name: &str| values.iter().find(|v| v.name == name);
    if let (Some(mean), Some(long), Some(short)) =
        (find("mean"), find("long_diameter"), find("short_diameter"))
    {
        let size = format!(
            "{} × {} {}",
            short_number(long.value),
            short_number(short.value),
            long.unit
        );
        // A reader of uptake wants the largest, not a mean of becquerels.
        if let Some(max) = values.iter().find(|v| v.name.starts_with(MAX_OF)) {
            let value = significant(max.value);
            return format!("{size} · {} {value} {}", max.name, max.unit);
        }
        let sd = find("sd").map_or(String::new(), |sd| format!(" ± {:.0}", sd.value));
        return format!("{size} · {:.0}{sd} {}", mean.value, mean.unit);
    }
    if let [long, short] = values
        && long.name == "long_diameter"
    {
        return format!(
            "{} × {} {}",
            short_number(long.value),
            short_number(short.value),
            long.unit
        );
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
        [v, ..] => format!("{} {}", short_number(v.value), v.unit),
        [] => String::new(),
    }
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

/// One decimal below 10, none from there on when it is a whole number.
pub(crate) fn short_number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
