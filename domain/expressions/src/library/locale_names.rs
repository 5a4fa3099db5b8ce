//! The names of months, days, halves of the day and eras, as icu4x knows them.

use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::enums::CompositeDateTimeFieldSet;
use icu_datetime::input::{DateTime, Time};
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale as Tag;
use writeable::TryWriteable;

const MONTHS: [&str; 6] = ["MMMM", "MMM", "LLLL", "LLL", "MMMMM", "LLLLL"];
const DAYS: [&str; 6] = ["EEEE", "EEE", "cccc", "ccc", "EEEEE", "ccccc"];
const ERAS: [(&str, &str); 3] = [("G", "G"), ("GG", "GGGG"), ("GGGGG", "GGGGG")];

/// The names of one locale. Each list is called by the token that writes from it.
#[derive(Debug)]
pub(super) struct Names {
    months: Vec<Vec<String>>,
    days: Vec<Vec<String>>,
    eras: Vec<Vec<String>>,
    /// Before noon and after it.
    pub(super) halves: Vec<String>,
    /// The digits, where they are not 0 to 9.
    pub(super) digits: Option<[char; 10]>,
}

impl Names {
    pub(super) fn of(tag: &Tag) -> Self {
        let in_months = (1..=12).map(|month| (2024, month, 1, 0)).collect::<Vec<_>>();
        // The 1st of January 2024 was a Monday.
        let in_days = (1..=7).map(|day| (2024, 1, day, 0)).collect::<Vec<_>>();
        Self {
            months: MONTHS.map(|token| written(tag, token, &in_months)).into(),
            days: DAYS.map(|token| written(tag, token, &in_days)).into(),
            eras: ERAS.map(|(_, token)| written(tag, token, &[(-100, 1, 1, 0), (2024, 1, 1, 0)])).into(),
            halves: written(tag, "a", &[(2024, 1, 1, 8), (2024, 1, 1, 20)]),
            digits: digits(tag).filter(|digits| digits[0] != '0'),
        }
    }

    pub(super) fn months(&self, token: &str) -> &[String] {
        list(&self.months, MONTHS.iter().position(|other| *other == token))
    }

    pub(super) fn days(&self, token: &str) -> &[String] {
        list(&self.days, DAYS.iter().position(|other| *other == token))
    }

    pub(super) fn eras(&self, token: &str) -> &[String] {
        list(&self.eras, ERAS.iter().position(|(other, _)| *other == token))
    }
}

fn list(lists: &[Vec<String>], index: Option<usize>) -> &[String] {
    index.and_then(|index| lists.get(index)).map_or(&[], Vec::as_slice)
}

/// Whether the months have names in this language; what the CLDR does not know is written with its root's `M01`.
pub(super) fn are_known(tag: &Tag) -> bool {
    written(tag, "LLLL", &[(2024, 1, 1, 0)]).first().is_some_and(|january| january != "M01" && !january.is_empty())
}

/// Years, months, days and hours by a pattern of the CLDR.
fn written(tag: &Tag, pattern: &str, moments: &[(i32, u8, u8, u8)]) -> Vec<String> {
    let Ok(pattern) = DateTimePattern::try_from_pattern_str(pattern) else { return Vec::new() };
    let names = FixedCalendarDateTimeNames::<Gregorian, CompositeDateTimeFieldSet>::try_new(tag.into());
    let Ok(mut names) = names else { return Vec::new() };
    let Ok(formatter) = names.include_for_pattern(&pattern) else { return Vec::new() };
    let text = |&(year, month, day, hour): &(i32, u8, u8, u8)| {
        let date = Date::try_new_gregorian(year, month, day).ok()?;
        let moment = DateTime { date, time: Time::try_new(hour, 0, 0, 0).ok()? };
        let text = formatter.format(&moment).try_write_to_string().ok()?.replace('\u{202f}', " ");
        Some(text)
    };
    moments.iter().map(|moment| text(moment).unwrap_or_default()).collect()
}

fn digits(tag: &Tag) -> Option<[char; 10]> {
    let formatter = DecimalFormatter::try_new(tag.into(), icu_decimal::options::GroupingStrategy::Never.into()).ok()?;
    let text = formatter.format(&Decimal::from(1_234_567_890_i64)).to_string();
    let mut digits: [char; 10] = text.chars().collect::<Vec<_>>().try_into().ok()?;
    digits.rotate_right(1);
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_name() {
        let tags = "en en-GB de fr es it pt nl da nb sv fi is et lv lt pl cs sk hu ro bg el hr sl sr uk ru tr ar he fa hi bn th vi id ms ja \
                    ko zh zh-TW sw";
        for tag in tags.split(' ') {
            let names = Names::of(&tag.parse().unwrap());
            let all = names.months.iter().map(|list| (12, list)).chain(names.days.iter().map(|list| (7, list)));
            let all = all.chain(names.eras.iter().map(|list| (2, list))).chain([(2, &names.halves)]);
            for (count, list) in all {
                assert_eq!(list.len(), count, "{tag} {list:?}");
                assert!(list.iter().all(|name| !name.is_empty()), "{tag} {list:?}");
            }
            assert_ne!(names.halves[0], names.halves[1], "{tag}");
        }
    }

    #[test]
    fn digits_are_told_where_they_are_others() {
        assert_eq!(Names::of(&"de".parse().unwrap()).digits, None);
        let arabic = Names::of(&"ar-EG".parse().unwrap()).digits.unwrap();
        assert_eq!(arabic.iter().collect::<String>(), "٠١٢٣٤٥٦٧٨٩");
        assert!(!are_known(&"xx".parse().unwrap()));
        assert!(are_known(&"sw".parse().unwrap()));
    }
}
