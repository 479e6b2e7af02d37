//! Moments of DICOM dates and times as seconds, for differences only.

/// Seconds from an arbitrary midnight to a Date and a Time (PS3.5 6.2, DA and TM); `None` when either is unreadable.
pub(crate) fn moment_s(date: &str, time: &str) -> Option<f64> {
    Some(86_400.0 * days(date)? as f64 + time_of_day_s(time)?)
}

/// Seconds of a Date Time (DT): with the offset of its own, else that of the object, else as the object's other times.
pub(crate) fn date_time_s(text: &str, object_offset: Option<&str>) -> Option<f64> {
    let (local, own_offset) = match text.find(['+', '-']) {
        Some(at) => (text.get(..at)?, Some(text.get(at..)?)),
        None => (text, None),
    };
    let (date, time) = (local.get(..8)?, local.get(8..)?);
    let local_s = moment_s(date, time)?;
    // Only a difference between two known offsets moves it: the object's other times are in the object's offset.
    match (
        own_offset.and_then(offset_s),
        object_offset.and_then(offset_s),
    ) {
        (Some(own), Some(object)) => Some(local_s - own + object),
        _ => Some(local_s),
    }
}

/// Seconds since midnight of a Time: `HHMMSS.FFFFFF`, shortened from the right, or with colons.
pub(crate) fn time_of_day_s(time: &str) -> Option<f64> {
    let plain = time.trim().replace(':', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    if !matches!(whole.len(), 2 | 4 | 6)
        || !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let part = |from: usize| match whole.get(from..from + 2) {
        Some(digits) => digits.parse::<u32>().ok(),
        None => Some(0),
    };
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    let fraction: f64 = match fraction {
        "" => 0.0,
        digits => format!("0.{digits}").parse().ok()?,
    };
    (hours < 24 && minutes < 60 && seconds <= 60)
        .then(|| f64::from(3600 * hours + 60 * minutes + seconds) + fraction)
}

/// Days of a Date (`YYYYMMDD`, or with points) in the Gregorian calendar, from an arbitrary one.
fn days(date: &str) -> Option<i64> {
    let plain = date.trim().replace('.', "");
    if plain.len() != 8 || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| plain.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last one of its year.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day)
}

/// Seconds of an offset from UTC, `&ZZXX` with its sign.
fn offset_s(text: &str) -> Option<f64> {
    let text = text.trim();
    let sign = match text.as_bytes().first()? {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let (hours, minutes) = (text.get(1..3)?, text.get(3..5)?);
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * f64::from(3600 * hours + 60 * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_count_days_months_leap_years_and_fractions() {
        for (from, to, seconds) in [
            (("20260228", "235959"), ("20260301", "000000"), 1.0),
            (
                ("20240228", "000000"),
                ("20240301", "000000"),
                2.0 * 86_400.0,
            ),
            (("19991231", "12"), ("20000101", "1230"), 86_400.0 + 1800.0),
            (("20260101", "10:00:00"), ("2026.01.01", "100000.25"), 0.25),
            (
                ("20250101", "000000"),
                ("20260101", "000000"),
                365.0 * 86_400.0,
            ),
        ] {
            let difference = moment_s(to.0, to.1).zip(moment_s(from.0, from.1));
            assert_eq!(
                difference.map(|(b, a)| b - a),
                Some(seconds),
                "{from:?} {to:?}"
            );
        }
    }

    #[test]
    fn an_offset_counts_only_against_another() {
        let noon = moment_s("20260101", "120000");
        for (text, object, hours) in [
            ("20260101120000", None, 0.0),
            ("20260101120000+0200", None, 0.0),
            ("20260101120000+0200", Some("+0200"), 0.0),
            ("20260101120000+0000", Some("+0200"), 2.0),
            ("20260101120000.000000-0500", Some("+0000"), 5.0),
        ] {
            let want = noon.map(|n| n + 3600.0 * hours);
            assert_eq!(date_time_s(text, object), want, "{text} in {object:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for (date, time) in [
            ("20261301", "120000"),
            ("2026", "120000"),
            ("20260101", "250000"),
            ("20260101", "1"),
            ("20260101", "noon"),
            ("20260101", ""),
        ] {
            assert_eq!(moment_s(date, time), None, "{date} {time}");
        }
        assert_eq!(date_time_s("2026", None), None);
    }
}
