use case::{Geometry, MeasuredValue, Outcome, ReportStatus, Timestamp};

pub(crate) const PROGRAM: &str = "Overread";
pub(crate) const NOT_FOR_DIAGNOSIS: &str = "Not for primary diagnosis";

/// What an outcome says about the first report, in a sentence.
pub(crate) fn outcome_meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => "The first report stands.",
        Outcome::Refined => "The first report stands with corrections that do not change care.",
        Outcome::Changed => "The second read differs in a way that may change care.",
    }
}

pub(crate) fn report_status(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Preliminary => "preliminary",
        ReportStatus::Final => "final",
        ReportStatus::Addendum => "addendum",
    }
}

pub(crate) fn geometry(geometry: &Geometry) -> &'static str {
    match geometry {
        Geometry::Length { .. } => "Length",
        Geometry::Polyline { .. } => "Path",
        Geometry::Angle { .. } => "Angle",
        Geometry::OpenAngle { .. } => "Angle between two lines",
        Geometry::Bidirectional(_) => "Two diameters",
        Geometry::CobbAngle { .. } => "Cobb angle",
        Geometry::CardiothoracicRatio(_) => "Cardiothoracic ratio",
        Geometry::Ellipse(_) => "Ellipse",
        Geometry::Rectangle(_) => "Rectangle",
        Geometry::Polygon { .. } => "Polygon",
        Geometry::Freehand { .. } => "Freehand region",
        Geometry::GrownBody { .. } => "Body grown by values",
        Geometry::ContourBody { .. } => "Body between outlines",
        Geometry::Arrow { .. } => "Arrow",
        Geometry::Text { .. } => "Text",
        Geometry::SpineLabel { .. } => "Level of the spine",
        Geometry::Probe { .. } => "Value at a point",
        Geometry::Calibration { .. } => "Calibration by hand",
    }
}

/// `long diameter 8.2 mm`. One digit behind the point, as the screen shows it.
pub(crate) fn measured(value: &MeasuredValue) -> String {
    let unit = match value.unit.as_str() {
        "mm2" => "mm²",
        "px2" => "px²",
        "deg" => "°",
        "ratio" => "",
        unit => unit,
    };
    let name = match value.name.as_str() {
        "sd" => "SD".to_owned(),
        name => name.replace('_', " "),
    };
    let space = if unit == "°" || unit.is_empty() {
        ""
    } else {
        " "
    };
    let number = match value.unit.as_str() {
        "ratio" => format!("{:.2}", value.value),
        "voxels" | "points" | "contours" => format!("{:.0}", value.value),
        // A calibrated pixel is a fraction of a millimetre.
        _ if value.name == "pixel_spacing" => format!("{:.4}", value.value),
        _ => format!("{:.1}", value.value),
    };
    format!("{name} {number}{space}{unit}")
}

/// `2026-11-18 16:20 +01:00` from RFC 3339; anything else as it is.
pub(crate) fn time(at: &Timestamp) -> String {
    let text = at.as_str();
    let (Some(date), Some("T" | "t" | " "), Some(minute), Some(rest)) = (
        text.get(..10),
        text.get(10..11),
        text.get(11..16),
        text.get(16..),
    ) else {
        return text.to_owned();
    };
    let zone = rest
        .find(['Z', 'z', '+', '-'])
        .and_then(|start| rest.get(start..))
        .unwrap_or_default();
    match zone {
        "" => format!("{date} {minute}"),
        "Z" | "z" | "+00:00" => format!("{date} {minute} UTC"),
        zone => format!("{date} {minute} {zone}"),
    }
}

/// `2026-11-18` from the DICOM date `20261118` (PS3.5 6.2 DA); anything else as it is.
pub(crate) fn dicom_date(date: &str) -> String {
    match (date.get(..4), date.get(4..6), date.get(6..)) {
        (Some(year), Some(month), Some(day))
            if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{year}-{month}-{day}")
        }
        _ => date.to_owned(),
    }
}

/// `58 y` from the DICOM age `058Y` (PS3.5 6.2 AS); anything else as it is.
pub(crate) fn dicom_age(age: &str) -> String {
    let Some((digits, unit)) = age.split_at_checked(age.len().saturating_sub(1)) else {
        return age.to_owned();
    };
    let unit = match unit {
        "Y" => "y",
        "M" => "months",
        "W" => "weeks",
        "D" => "days",
        _ => return age.to_owned(),
    };
    match digits.parse::<u16>() {
        Ok(number) => format!("{number} {unit}"),
        Err(_) => age.to_owned(),
    }
}

/// `Hartley, Rowan` from `Hartley^Rowan` (PS3.5 6.2.1 PN); a name without carets as it is.
pub(crate) fn person_name(name: &str) -> String {
    let alphabetic = name.split('=').next().unwrap_or(name);
    let parts: Vec<_> = alphabetic
        .split('^')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(3)
        .collect();
    match parts.split_first() {
        Some((family, given)) if !given.is_empty() => format!("{family}, {}", given.join(" ")),
        Some((family, _)) => (*family).to_owned(),
        None => name.trim_matches(['^', '=']).trim().to_owned(),
    }
}

/// The text with its first letter as a capital.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dicom_values_are_shown_as_people_write_them() {
        for (shown, expected) in [
            (dicom_date("20261118"), "2026-11-18"),
            (dicom_date("2026"), "2026"),
            (dicom_date("äöüß"), "äöüß"),
            (dicom_age("058Y"), "58 y"),
            (dicom_age("003M"), "3 months"),
            (dicom_age(""), ""),
            (dicom_age("58é"), "58é"),
            (person_name("Hartley^Rowan"), "Hartley, Rowan"),
            (person_name("Yamada^Tarou=山田^太郎"), "Yamada, Tarou"),
            (person_name("=山田^太郎"), "山田^太郎"),
            (person_name("Hartley, Rowan"), "Hartley, Rowan"),
            (person_name("^^"), ""),
            (
                time(&Timestamp::new("2026-11-18T16:20:31.5+01:00")),
                "2026-11-18 16:20 +01:00",
            ),
            (
                time(&Timestamp::new("2026-11-18T16:20:31Z")),
                "2026-11-18 16:20 UTC",
            ),
            (time(&Timestamp::new("yesterday")), "yesterday"),
            (sentence("émigré"), "Émigré"),
        ] {
            assert_eq!(shown, expected);
        }
    }
}
