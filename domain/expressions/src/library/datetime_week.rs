//! The weeks of a language: the day on which they begin, and which one is the first of a year.

use icu_calendar::types::Weekday as First;
use icu_calendar::week::WeekInformation;
use jiff::civil::{Date, Weekday};
use jiff::{ToSpan, Zoned};
use weft_value::DateTime;

use super::locale;

/// How a language counts weeks. Where they begin on Monday, the first one of a year has most of its days in it (ISO 8601); elsewhere it is the
/// one with the 1st of January.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Week {
    first: Weekday,
}

impl Week {
    /// The one of the language of a moment.
    pub(super) fn of(moment: &DateTime) -> Self {
        let information = WeekInformation::try_new((&locale::of(moment).icu).into());
        let first = information.map_or(First::Monday, |information| information.first_weekday);
        Self { first: Weekday::from_monday_one_offset(first as i8).unwrap_or(Weekday::Monday) }
    }

    /// A property of a moment, by its name.
    pub(super) fn number(self, moment: &Zoned, name: &str) -> f64 {
        let (year, number) = self.number_of(moment.date());
        match name {
            "localWeekday" => f64::from(moment.weekday().since(self.first) + 1),
            "localWeekNumber" => f64::from(number),
            "localWeekYear" => f64::from(year),
            _ => {
                let (next, weeks) = Date::new(year, 12, 31).map_or((year, 52), |last| self.number_of(last));
                if next == year { f64::from(weeks) } else { 52.0 }
            }
        }
    }

    /// The first day of the week of a day.
    pub(super) fn start(self, date: Date) -> Option<Date> {
        date.checked_sub(i64::from(date.weekday().since(self.first)).days()).ok()
    }

    /// The year and the number of the week of a day.
    fn number_of(self, date: Date) -> (i16, i16) {
        // The year to which a week belongs is the one of this day of it.
        let decides = if self.first == Weekday::Monday { 3 } else { 6 };
        let day = self.start(date).and_then(|start| start.checked_add(i64::from(decides).days()).ok()).unwrap_or(date);
        (day.year(), (day.day_of_year() - 1) / 7 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_america_or_of_iso_8601() {
        let (american, iso) = (Week { first: Weekday::Sunday }, Week { first: Weekday::Monday });
        for (day, of_america, of_iso) in [
            ("2026-01-01", (2026, 1), (2026, 1)),
            ("2025-12-28", (2026, 1), (2025, 52)),
            ("2021-01-02", (2021, 1), (2020, 53)),
            ("2026-07-19", (2026, 30), (2026, 29)),
        ] {
            let date: Date = day.parse().unwrap();
            assert_eq!((american.number_of(date), iso.number_of(date)), (of_america, of_iso), "{day}");
            let week = date.iso_week_date();
            assert_eq!((week.year(), i16::from(week.week())), of_iso, "{day}");
        }
    }
}
