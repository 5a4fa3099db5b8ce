//! Moments by the options of `Intl.DateTimeFormat` (ECMA-402, section 11): which fields are shown, and how wide.

use icu_datetime::preferences::HourCycle;
use icu_locale_core::Locale as Tag;
use weft_value::{DateTime, Value};

use super::datetime_intl::{self, Fields, Style, Width};

/// Which part of a moment is shown when the options name none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usual {
    /// The date; a date is added to options that name a time alone (`toLocaleDateString`).
    Date,
    /// The time; a time is added to options that name a date alone (`toLocaleTimeString`).
    Time,
    /// Both.
    Both,
    /// The date, and never more than the options name (`Intl.DateTimeFormat`, Luxon).
    Plain,
}

/// `toLocaleString` and its kin, in the language of `tag`.
pub(super) fn localized(moment: &DateTime, tag: &Tag, options: &Value, usual: Usual) -> String {
    datetime_intl::written(moment.zoned(), tag, with_usual(fields(options), usual))
}

/// `toLocaleString` of Luxon.
pub(super) fn localized_by_luxon(moment: &DateTime, tag: &Tag, options: &Value) -> String {
    datetime_intl::written_by_luxon(moment.zoned(), tag, fields_of(options, Usual::Plain))
}

/// The same in its parts: what each one is, and how it is written.
pub(super) fn parts(moment: &DateTime, tag: &Tag, options: &Value, usual: Usual) -> Vec<(&'static str, String)> {
    datetime_intl::parts(moment.zoned(), tag, with_usual(fields(options), usual))
}

/// The fields that are shown of a moment.
pub(super) fn fields_of(options: &Value, usual: Usual) -> Fields {
    with_usual(fields(options), usual)
}

/// The fields that options name.
fn fields(options: &Value) -> Fields {
    let text = |name: &str| match options.get(name) {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let width = |name: &str| {
        Some(match text(name)?.as_str() {
            "2-digit" => Width::TwoDigit,
            "long" => Width::Long,
            "short" => Width::Short,
            "narrow" => Width::Narrow,
            _ => Width::Numeric,
        })
    };
    let style = |name: &str| {
        Some(match text(name)?.as_str() {
            "full" => Style::Full,
            "long" => Style::Long,
            "medium" => Style::Medium,
            _ => Style::Short,
        })
    };
    let fraction = match options.get("fractionalSecondDigits") {
        Value::Number(digits) if (1.0..=3.0).contains(digits) => Some(*digits as u8),
        _ => None,
    };
    Fields {
        weekday: width("weekday"),
        era: width("era"),
        year: width("year"),
        month: width("month"),
        day: width("day"),
        hour: width("hour"),
        minute: width("minute"),
        second: width("second"),
        fraction,
        zone: text("timeZoneName").map(|style| if style.as_str() == "long" { Width::Long } else { Width::Short }),
        cycle: cycle(options),
        date_style: style("dateStyle"),
        time_style: style("timeStyle"),
    }
}

fn cycle(options: &Value) -> Option<HourCycle> {
    match (options.get("hour12"), options.get("hourCycle").as_str()) {
        (Value::Bool(true), _) => Some(HourCycle::Clock12),
        (Value::Bool(false), _) | (_, Some("h23" | "h24")) => Some(HourCycle::H23),
        (_, Some("h12")) => Some(HourCycle::H12),
        (_, Some("h11")) => Some(HourCycle::H11),
        _ => None,
    }
}

fn with_usual(mut fields: Fields, usual: Usual) -> Fields {
    if fields.date_style.is_some() || fields.time_style.is_some() {
        return fields;
    }
    let (date, time) = (fields.has_date() || fields.weekday.is_some(), fields.has_time());
    let wants_date = match usual {
        Usual::Date => !date,
        Usual::Time => false,
        Usual::Both | Usual::Plain => !date && !time,
    };
    let wants_time = match usual {
        Usual::Time => !time,
        Usual::Both => !date && !time,
        Usual::Date | Usual::Plain => false,
    };
    if wants_date {
        (fields.year, fields.month, fields.day) = (Some(Width::Numeric), Some(Width::Numeric), Some(Width::Numeric));
    }
    if wants_time {
        (fields.hour, fields.minute, fields.second) =
            (Some(Width::Numeric), Some(Width::Numeric), Some(Width::Numeric));
    }
    fields
}

/// The fields behind a token of Luxon's that follows the language, such as `DDD` or `ff`.
pub(super) fn of_token(token: &str) -> Option<Fields> {
    let length = token.len();
    let first = token.chars().next().filter(|first| (1..=4).contains(&length) && "DtTfF".contains(*first))?;
    let numeric = Some(Width::Numeric);
    let mut fields = Fields::default();
    if matches!(first, 'D' | 'f' | 'F') {
        (fields.year, fields.day) = (numeric, numeric);
        fields.month = [numeric, Some(Width::Short), Some(Width::Long), Some(Width::Long)][length - 1];
        fields.weekday = (length == 4).then_some(Width::Long);
    }
    if first == 'D' {
        return Some(fields);
    }
    (fields.hour, fields.minute) = (numeric, numeric);
    fields.second = if first == 'F' || (first != 'f' && length > 1) { numeric } else { None };
    fields.zone = [None, None, Some(Width::Short), Some(Width::Long)][length - 1];
    fields.cycle = (first == 'T').then_some(HourCycle::H23);
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_name_the_fields_that_luxon_gives_them() {
        let shown = |token: &str| {
            let fields = of_token(token)?;
            let names = [
                ('E', fields.weekday),
                ('y', fields.year),
                ('M', fields.month),
                ('H', fields.hour),
                ('s', fields.second),
                ('z', fields.zone),
            ];
            Some(names.into_iter().filter(|(_, width)| width.is_some()).map(|(name, _)| name).collect::<String>())
        };
        let cases = [
            ("D", Some("yM")),
            ("DDDD", Some("EyM")),
            ("t", Some("H")),
            ("tt", Some("Hs")),
            ("TTT", Some("Hsz")),
            ("f", Some("yMH")),
            ("ffff", Some("EyMHz")),
            ("FF", Some("yMHs")),
            ("DDDDD", None),
            ("d", None),
            ("", None),
        ];
        for (token, expected) in cases {
            assert_eq!(shown(token).as_deref(), expected, "{token}");
        }
    }
}
