//! Patterns of the CLDR (UTS 35, “Date Format Patterns”): the widths of their fields.

use icu_datetime::fieldsets::builder::DateFields;
use icu_locale_core::Locale as Tag;

use super::datetime_intl::{Fields, Width};

/// Dates in numbers: year, month and day; year and month; month and day. icu4x makes them in the style of a language's shortest date, which
/// often has zeros before the day; JavaScript has these (the CLDR's `yMd`, `yM` and `Md`).
const NUMBERS: &[(&str, [&str; 3])] = &[
    ("de", ["d.M.y", "M/y", "d.M."]),
    ("nl", ["d-M-y", "M-y", "d-M"]),
    ("pl", ["d.MM.y", "MM.y", "d.MM"]),
    ("tr", ["dd.MM.y", "MM/y", "d/M"]),
    ("ja", ["y/M/d", "y/M", "M/d"]),
    ("ko", ["y. M. d.", "y. M.", "M. d."]),
    ("nb nn no is", ["d.M.y", "M.y", "d.M."]),
    ("da et", ["d.M.y", "M.y", "d.M"]),
    ("cs sk sl", ["d. M. y", "M/y", "d. M."]),
    ("lv", ["d.MM.y.", "MM.y.", "dd.MM."]),
    ("id vi", ["d/M/y", "M/y", "d/M"]),
    ("ms", ["d/M/y", "M-y", "d-M"]),
    ("hu", ["y. MM. dd.", "y. M.", "M. d."]),
    ("sv", ["y-MM-dd", "y-MM", "d/M"]),
    ("bg", ["d.MM.y 'г'.", "MM.y 'г'.", "d.MM"]),
    ("lt", ["y-MM-dd", "y-MM", "MM-d"]),
    ("en-IN", ["d/M/y", "MM/y", "dd/MM"]),
    ("es-MX", ["d/M/y", "M/y", "d/M"]),
];

/// The same where the short name of a month is asked for, in the languages that write numbers then, too.
const NUMBERS_FOR_NAMES: &[(&str, [&str; 3])] = &[
    ("cs sk", ["d. M. y", "LLLL y", "d. M."]),
    ("fi", ["d.M.y", "LLL y", "d.M."]),
    ("bg", ["d.MM.y 'г'.", "MM.y 'г'.", "d.MM"]),
    ("lt", ["y-MM-dd", "y-MM", "MM-dd"]),
    ("pt-PT", ["d/MM/y", "MM/y", "d/MM"]),
];

/// The date in numbers that stands for `dates` where `month` is written so.
pub(super) fn in_numbers(tag: &Tag, dates: DateFields, month: Option<Width>) -> Option<&'static str> {
    let table = match month? {
        Width::Numeric | Width::TwoDigit => NUMBERS,
        Width::Short | Width::Narrow => NUMBERS_FOR_NAMES,
        Width::Long => return None,
    };
    let index = match dates {
        DateFields::YMD => 0,
        DateFields::YM => 1,
        DateFields::MD => 2,
        _ => return None,
    };
    let country = tag.id.region.as_ref().map(|region| format!("{}-{region}", tag.id.language));
    let names = [country.as_deref(), Some(tag.id.language.as_str())];
    let of = |name: &str| table.iter().find(|(names, _)| names.split(' ').any(|other| other == name));
    names.into_iter().flatten().find_map(of).map(|(_, patterns)| patterns[index])
}

/// The letters of a pattern in runs, and what stands between them, with its quotes (true).
fn runs(pattern: &str) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    let mut quoted = false;
    for c in pattern.chars() {
        quoted ^= c == '\'';
        let literal = quoted || !c.is_ascii_alphabetic();
        match out.last_mut() {
            Some((is_literal, text)) if *is_literal == literal && (literal || text.starts_with(c)) => text.push(c),
            _ => out.push((literal, c.to_string())),
        }
    }
    out
}

/// The pieces of a pattern: fields with their letter, and what stands between them as it is written.
pub(super) fn pieces(pattern: &str) -> Vec<(Option<char>, String)> {
    let mut pieces: Vec<(Option<char>, String)> = Vec::new();
    for (literal, run) in runs(pattern) {
        let letter = run.chars().next().filter(|_| !literal);
        let text = if literal { unquoted(&run) } else { run };
        match pieces.last_mut() {
            Some((None, before)) if letter.is_none() => before.push_str(&text),
            _ => pieces.push((letter, text)),
        }
    }
    pieces
}

/// A literal without its quotes; two of them are one.
fn unquoted(literal: &str) -> String {
    literal.replace("''", "\u{0}").replace('\'', "").replace('\u{0}', "'")
}

/// Whether the month stands in a pattern by its name.
pub(super) fn names_month(pattern: &str) -> bool {
    runs(pattern).iter().any(|(literal, run)| !literal && run.starts_with(['M', 'L']) && run.len() > 2)
}

/// `pattern` with its fields in the widths that were asked for. What a language writes in another way than numbers or names keeps its way.
pub(super) fn in_widths(pattern: &str, fields: &Fields) -> String {
    let number = |width: Option<Width>, usual: usize| if width == Some(Width::TwoDigit) { 2 } else { usual };
    let name = |width: Option<Width>, usual: usize| match width {
        Some(Width::Long) => 4,
        Some(Width::Short) => 3,
        Some(Width::Narrow) => 5,
        Some(Width::Numeric | Width::TwoDigit) | None => usual,
    };
    let width = |letter: char, usual: usize| match letter {
        'y' if fields.year == Some(Width::TwoDigit) => 2,
        'G' => name(fields.era, usual),
        'M' | 'L' if usual > 2 => name(fields.month, usual),
        'M' | 'L' => number(fields.month, usual),
        'E' | 'c' => name(fields.weekday, usual),
        'd' => number(fields.day, usual),
        'h' | 'K' if fields.hour == Some(Width::Numeric) => 1,
        'h' | 'H' | 'K' | 'k' => number(fields.hour, usual),
        'm' if fields.hour.is_some() => 2,
        's' if fields.minute.is_some() => 2,
        _ => usual,
    };
    let mut out = String::with_capacity(pattern.len() + 8);
    for (literal, run) in runs(pattern) {
        let letter = run.chars().next().filter(|_| !literal);
        match letter {
            Some('z') if fields.zone == Some(Width::Narrow) => out.push_str("'UTC'"),
            Some(letter) => out.extend(std::iter::repeat_n(letter, width(letter, run.len()))),
            None => out.push_str(&run),
        }
    }
    out
}

/// `pattern` with another date in the place of its `usual` one, or of whatever lies between its year, month and day.
pub(super) fn with_date(pattern: &str, usual: &str, date: &str) -> String {
    if !usual.is_empty() && pattern.contains(usual) {
        return pattern.replacen(usual, date, 1);
    }
    let runs = runs(pattern);
    let of_date = |run: &(bool, String)| !run.0 && run.1.starts_with(['y', 'M', 'L', 'd']);
    let (Some(first), Some(last)) = (runs.iter().position(of_date), runs.iter().rposition(of_date)) else {
        return pattern.to_owned();
    };
    let text = |runs: &[(bool, String)]| runs.iter().map(|run| run.1.as_str()).collect::<String>();
    text(&runs[..first]) + date + &text(&runs[last + 1..])
}

/// `pattern` with as many digits of the hour as `time` has.
pub(super) fn with_hours_of(pattern: &str, time: &str) -> String {
    let is_hour = |run: &(bool, String)| !run.0 && run.1.starts_with(['h', 'H', 'K', 'k']);
    let Some((_, hour)) = runs(time).into_iter().find(is_hour) else { return pattern.to_owned() };
    runs(pattern).into_iter().map(|run| if is_hour(&run) { hour.clone() } else { run.1 }).collect()
}

/// The same pattern with the letters of Luxon, which has no names for a day by one letter.
pub(super) fn in_luxons_letters(pattern: &str) -> String {
    let luxons = |(literal, run): (bool, String)| match (literal, run.as_str()) {
        (false, "E" | "EE") => "EEE".to_owned(),
        (false, "z") => "ZZZZ".to_owned(),
        (false, "zzzz") => "ZZZZZ".to_owned(),
        _ => run,
    };
    runs(pattern).into_iter().map(luxons).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_get_the_widths_that_were_asked_for() {
        let fields = Fields {
            weekday: Some(Width::Short),
            year: Some(Width::TwoDigit),
            month: Some(Width::Narrow),
            day: Some(Width::TwoDigit),
            hour: Some(Width::Numeric),
            minute: Some(Width::Numeric),
            ..Fields::default()
        };
        let cases = [
            ("EEEE, d 'de' MMMM 'de' y", "EEE, dd 'de' MMMMM 'de' yy"),
            ("d. M. y G", "dd. M. yy G"),
            ("y年M月d日cccc", "yy年M月dd日ccc"),
            ("HH:m", "HH:mm"),
            ("'d' d ''d''", "'d' dd ''dd''"),
        ];
        for (pattern, fitted) in cases {
            assert_eq!(in_widths(pattern, &fields), fitted, "{pattern}");
        }
        let utc = Fields { zone: Some(Width::Narrow), ..Fields::default() };
        assert_eq!(in_widths("HH:mm z", &utc), "HH:mm 'UTC'");
        assert_eq!(with_date("EEEE, d.M.y.", "d.M.y.", "d/M"), "EEEE, d/M");
        assert_eq!(with_date("EEEE, dd/MM/y 'd' H", "d/M/y", "d 'de' MMMM"), "EEEE, d 'de' MMMM 'd' H");
        assert_eq!(with_date("EEEE", "", "d"), "EEEE");
        assert_eq!(with_hours_of("d.M.y, H:mm:ss z", "HH:mm:ss"), "d.M.y, HH:mm:ss z");
    }

    #[test]
    fn dates_in_numbers_are_those_of_the_country_or_the_language() {
        let cases = [
            ("de-CH", DateFields::YMD, Width::Numeric, Some("d.M.y")),
            ("en-IN", DateFields::MD, Width::TwoDigit, Some("dd/MM")),
            ("en-US", DateFields::MD, Width::Numeric, None),
            ("fi", DateFields::YMD, Width::Short, Some("d.M.y")),
            ("fi", DateFields::YMD, Width::Numeric, None),
            ("de", DateFields::YMD, Width::Long, None),
            ("de", DateFields::D, Width::Numeric, None),
        ];
        for (tag, dates, month, pattern) in cases {
            assert_eq!(in_numbers(&tag.parse().unwrap(), dates, Some(month)), pattern, "{tag} {dates:?}");
        }
    }

    #[test]
    fn months_by_name_are_told_from_numbers_and_words() {
        for (pattern, named) in [("d MMM y", true), ("LLLL", true), ("dd.MM.y", false), ("d 'MMM' M", false)] {
            assert_eq!(names_month(pattern), named, "{pattern}");
        }
        assert_eq!(in_luxons_letters("E d 'E' z"), "EEE d 'E' ZZZZ");
    }

    #[test]
    fn a_pattern_falls_into_fields_and_texts() {
        let told = |pattern: &str| {
            let told = pieces(pattern).into_iter().map(|(letter, text)| (letter.unwrap_or('-'), text));
            told.collect::<Vec<_>>()
        };
        let text = |text: &str| ('-', text.to_owned());
        assert_eq!(told("d 'de' MMMM"), [('d', "d".to_owned()), text(" de "), ('M', "MMMM".to_owned())]);
        assert_eq!(told("h 'o''clock'"), [('h', "h".to_owned()), text(" o'clock")]);
        assert_eq!(told("y年"), [('y', "y".to_owned()), text("年")]);
    }
}
