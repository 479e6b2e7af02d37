//! Names, ages, dates and times of files as people write them.

/// `2026-11-18` from `20261118`; anything else as it is.
pub(crate) fn iso_date(dicom: &str) -> String {
    let digits = dicom.len() == 8 && dicom.bytes().all(|b| b.is_ascii_digit());
    match (digits, dicom.get(..4), dicom.get(4..6), dicom.get(6..8)) {
        (true, Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => dicom.to_owned(),
    }
}

/// `2026-05-13 14:45` from a DICOM or HL7 date and time; anything else as it is.
pub(crate) fn shown_time(raw: &str) -> String {
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, raw.get(..8), raw.get(8..10), raw.get(10..12)) {
        (8, Some(date), ..) => iso_date(date),
        (12.., Some(date), Some(h), Some(m)) => format!("{} {h}:{m}", iso_date(date)),
        _ => raw.to_owned(),
    }
}

/// `Hartley, Rowan` from `Hartley^Rowan`, the alphabetic group alone.
pub(crate) fn shown_name(dicom: &str) -> String {
    let alphabetic = dicom.split('=').find(|g| !g.is_empty()).unwrap_or_default();
    let mut parts = alphabetic.split('^').map(str::trim);
    let family = parts.next().unwrap_or_default();
    let given: Vec<_> = parts.take(2).filter(|p| !p.is_empty()).collect();
    if given.is_empty() {
        family.to_owned()
    } else {
        format!("{family}, {}", given.join(" "))
    }
}

/// `58 M` from age, birth date, study date and sex; parts that are unknown are left out.
pub(crate) fn age_sex(age: &str, birth: &str, study_date: &str, sex: &str) -> String {
    let from_age = age
        .strip_suffix('Y')
        .and_then(|n| n.parse::<u32>().ok())
        .map(|n| n.to_string());
    let other_unit = || {
        (age.len() == 4).then(|| {
            format!(
                "{} {}",
                age[..3].trim_start_matches('0'),
                age[3..].to_lowercase()
            )
        })
    };
    let from_birth = || {
        let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 8);
        let years = number(study_date)?.checked_sub(number(birth)?)? / 10_000;
        (years < 130).then(|| years.to_string())
    };
    let years = from_age
        .or_else(|| age.is_ascii().then(other_unit).flatten())
        .or_else(from_birth);
    [years.unwrap_or_default(), sex.to_owned()]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ages_are_shown_as_people_write_them() {
        for (dicom, shown) in [
            ("Hartley^Rowan", "Hartley, Rowan"),
            ("Yamada^Tarou=山田^太郎", "Yamada, Tarou"),
            ("", ""),
            ("Solo", "Solo"),
        ] {
            assert_eq!(shown_name(dicom), shown);
        }
        for (age, birth, date, sex, shown) in [
            ("058Y", "", "", "M", "58 M"),
            ("", "19680301", "20261118", "F", "58 F"),
            ("003M", "", "", "", "3 m"),
            ("", "", "", "", ""),
            ("", "20270101", "20261118", "M", "M"),
        ] {
            assert_eq!(age_sex(age, birth, date, sex), shown, "{age} {birth}");
        }
        assert_eq!(iso_date("20261118"), "2026-11-18");
        assert_eq!(iso_date("2026"), "2026");
        for (raw, shown) in [
            ("20260513144500", "2026-05-13 14:45"),
            ("20260513144500.123+0100", "2026-05-13 14:45"),
            ("20260513", "2026-05-13"),
            ("13 May 2026", "13 May 2026"),
            ("", ""),
        ] {
            assert_eq!(shown_time(raw), shown);
        }
    }
}
