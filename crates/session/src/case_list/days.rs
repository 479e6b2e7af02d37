use jiff::civil::Date;

use super::ask::Due;

/// Days by which a list tells what is due, as they are written.
pub(crate) struct Days {
    today: String,
    /// The last day of this week: six days after today.
    last: String,
}

impl Days {
    /// `today` is `YYYY-MM-DD` or begins with it; without a day all that has one is due later.
    pub(crate) fn from(today: &str) -> Self {
        let day = today.get(..10).and_then(|day| day.parse::<Date>().ok());
        let last = day.and_then(|day| day.checked_add(jiff::Span::new().days(6)).ok());
        let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            today: text(day),
            last: text(last),
        }
    }

    /// When a day is, seen from today. `Week` is what comes after today.
    pub(crate) fn when(&self, due: &str) -> Due {
        match due {
            "" => Due::None,
            due if due < self.today.as_str() => Due::Overdue,
            due if due == self.today => Due::Today,
            due if due <= self.last.as_str() => Due::Week,
            _ => Due::Later,
        }
    }
}

impl Due {
    /// Does a day that is `when` fit what was asked for? Today is of this week.
    pub(crate) fn takes(self, when: Self) -> bool {
        self == when || (self == Self::Week && when == Self::Today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_apart_over_the_end_of_months_and_years() {
        for (today, due, expected) in [
            ("2026-11-22T21:00:00Z", "", Due::None),
            ("2026-11-22", "2026-11-21", Due::Overdue),
            ("2026-11-22", "2026-11-22", Due::Today),
            ("2026-11-22", "2026-11-23", Due::Week),
            ("2026-11-22", "2026-11-28", Due::Week),
            ("2026-11-22", "2026-11-29", Due::Later),
            ("2026-12-29", "2027-01-04", Due::Week),
            ("2026-12-29", "2027-01-05", Due::Later),
            ("2028-02-26", "2028-03-03", Due::Week),
            ("no day", "2028-03-03", Due::Later),
        ] {
            assert_eq!(Days::from(today).when(due), expected, "{today} {due}");
        }
        assert!(Due::Week.takes(Due::Today) && !Due::Today.takes(Due::Week));
    }
}
