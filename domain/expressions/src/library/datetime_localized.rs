//! Moments by the options of `Intl.DateTimeFormat`: which parts are shown, in what style; the language gives their order.

use weft_value::{DateTime, Value};

use super::datetime_format::{format_in, tokens, with_seconds};
use super::locale::{self, Locale};

/// Which part of a moment is shown when the options name none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// The date; a date is added to options that name a time alone (`toLocaleDateString`).
    Date,
    /// The time; a time is added to options that name a date alone (`toLocaleTimeString`).
    Time,
    /// Both.
    Both,
    /// The date, and never more than the options name (Luxon).
    Plain,
}

/// The options that were given.
#[derive(Default)]
struct Asked {
    weekday: Option<String>,
    year: Option<String>,
    month: Option<String>,
    day: Option<String>,
    hour: Option<String>,
    minute: Option<String>,
    second: Option<String>,
    zone: Option<String>,
    twelve: Option<bool>,
}

impl Asked {
    fn new(options: &Value, style: Style) -> Self {
        let text = |name: &str| options.get(name).as_str().map(str::to_owned);
        let mut asked = Self {
            weekday: text("weekday"),
            year: text("year"),
            month: text("month"),
            day: text("day"),
            hour: text("hour"),
            minute: text("minute"),
            second: text("second"),
            zone: text("timeZoneName"),
            twelve: options.get("hour12").as_bool().or_else(|| text("hourCycle").map(|cycle| cycle.ends_with('2'))),
        };
        let date = asked.has_date() || asked.weekday.is_some();
        let wants_date = match style {
            Style::Date => !date,
            Style::Time => false,
            Style::Both | Style::Plain => !date && !asked.has_time(),
        };
        let wants_time = match style {
            Style::Time => !asked.has_time(),
            Style::Both => !date && !asked.has_time(),
            Style::Date | Style::Plain => false,
        };
        let numeric = || Some("numeric".to_owned());
        if wants_date {
            (asked.year, asked.month, asked.day) = (numeric(), numeric(), numeric());
        }
        if wants_time {
            (asked.hour, asked.minute, asked.second) = (numeric(), numeric(), numeric());
        }
        asked
    }

    fn has_date(&self) -> bool {
        self.year.is_some() || self.month.is_some() || self.day.is_some()
    }

    fn has_time(&self) -> bool {
        self.hour.is_some() || self.minute.is_some() || self.second.is_some()
    }

    fn spells_month(&self) -> bool {
        matches!(self.month.as_deref(), Some("long" | "short" | "narrow"))
    }
}

/// `toLocaleString` and its kin, in the language called `name`.
pub(super) fn localized(moment: &DateTime, name: &str, options: &Value, style: Style) -> String {
    let locale = locale::named(name);
    let pattern = styled(locale, options).unwrap_or_else(|| pattern(locale, &Asked::new(options, style)));
    format_in(moment, locale, &pattern)
}

/// By `dateStyle` and `timeStyle`.
fn styled(locale: &Locale, options: &Value) -> Option<String> {
    let date_style = options.get("dateStyle").as_str();
    let date = date_style.map(|style| {
        locale.pattern(match style {
            "full" => "full",
            "long" => "long",
            "medium" => "medium",
            _ => "brief",
        })
    });
    let time = options.get("timeStyle").as_str().map(|style| match style {
        "full" => with_seconds(locale.pattern("time")) + " ZZZZZ",
        "long" => with_seconds(locale.pattern("time")) + " ZZZZ",
        "medium" => with_seconds(locale.pattern("time")),
        _ => locale.pattern("time").to_owned(),
    });
    let glue = locale.pattern(if matches!(date_style, Some("full" | "long")) { "long_glue" } else { "glue" });
    match (date, time) {
        (None, None) => None,
        (Some(date), None) => Some(date.to_owned()),
        (None, Some(time)) => Some(time),
        (Some(date), Some(time)) => Some(format!("{date}{glue}{time}")),
    }
}

fn pattern(locale: &Locale, asked: &Asked) -> String {
    let date = (asked.has_date() || asked.weekday.is_some()).then(|| date_pattern(locale, asked));
    let mut time = asked.has_time().then(|| time_pattern(locale, asked));
    if let Some(zone) = &asked.zone {
        let token = if zone == "long" { "ZZZZZ" } else { "ZZZZ" };
        time = Some(time.map_or_else(|| token.to_owned(), |time| format!("{time} {token}")));
    }
    let glue = match asked.month.as_deref() {
        Some("long") => locale.pattern("long_glue"),
        _ if asked.has_date() => locale.pattern("glue"),
        _ => " ",
    };
    [date, time].into_iter().flatten().collect::<Vec<_>>().join(glue)
}

fn date_pattern(locale: &Locale, asked: &Asked) -> String {
    let long = asked.weekday.as_deref() == Some("long");
    if !asked.has_date() {
        return if long { "cccc" } else { "ccc" }.to_owned();
    }
    let date = if asked.spells_month() { spelt(locale, asked) } else { numeric(locale, asked) };
    let date = styled_day_and_year(&date, asked);
    if asked.weekday.is_none() {
        return date;
    }
    // What stands before or after the day, the month and the year in a date with the day of the week.
    let (full, plain) = (locale.pattern("full"), locale.pattern("long"));
    let whole = match (full.strip_suffix(plain), full.strip_prefix(plain)) {
        (Some(before), _) => format!("{before}{date}"),
        (None, Some(after)) => format!("{date}{after}"),
        (None, None) => format!("EEEE, {date}"),
    };
    if long { whole } else { whole.replace("EEEE", "EEE") }
}

/// A date with the name of the month.
fn spelt(locale: &Locale, asked: &Asked) -> String {
    let short = asked.month.as_deref() != Some("long");
    match (asked.year.is_some(), asked.day.is_some()) {
        (true, true) => locale.pattern(if short { "medium" } else { "long" }).to_owned(),
        (false, true) => locale.pattern(if short { "short_month_day" } else { "month_day" }).to_owned(),
        (true, false) if short => locale.pattern("month_year").replace("LLLL", "LLL"),
        (true, false) => locale.pattern("month_year").to_owned(),
        (false, false) => if short { "LLL" } else { "LLLL" }.to_owned(),
    }
}

/// A date in numbers: the parts of the usual one that are asked for.
fn numeric(locale: &Locale, asked: &Asked) -> String {
    let mut out = String::new();
    let mut between = String::new();
    for (literal, token) in tokens(locale.pattern("numeric")) {
        if literal {
            between = token;
            continue;
        }
        let wanted = match token.as_bytes()[0] {
            b'y' => &asked.year,
            b'M' => &asked.month,
            _ => &asked.day,
        };
        if wanted.is_some() {
            if !out.is_empty() {
                out.push_str(&between);
            }
            out.push_str(&token);
            between.clear();
        }
    }
    let whole = asked.year.is_some() && asked.month.is_some() && asked.day.is_some();
    if whole {
        out.push_str(&between);
    }
    match asked.month.as_deref() {
        Some("2-digit") if !out.contains("MM") => out.replace('M', "MM"),
        _ => out,
    }
}

fn styled_day_and_year(date: &str, asked: &Asked) -> String {
    let mut date = date.to_owned();
    if asked.day.as_deref() == Some("2-digit") && !date.contains("dd") {
        date = outside_quotes(&date, 'd', "dd");
    }
    if asked.year.as_deref() == Some("2-digit") {
        date = date.replace("yyyy", "yy");
    }
    date
}

/// `pattern` with `letter` replaced where it is a token.
fn outside_quotes(pattern: &str, letter: char, by: &str) -> String {
    let mut quoted = false;
    let mut out = String::with_capacity(pattern.len() + by.len());
    for c in pattern.chars() {
        quoted ^= c == '\'';
        if c == letter && !quoted { out.push_str(by) } else { out.push(c) }
    }
    out
}

fn time_pattern(locale: &Locale, asked: &Asked) -> String {
    let Some(hour) = &asked.hour else {
        let parts = [asked.minute.as_ref().map(|_| "mm"), asked.second.as_ref().map(|_| "ss")];
        return match parts {
            [Some("mm"), None] => "m".to_owned(),
            [None, Some("ss")] => "s".to_owned(),
            _ => parts.into_iter().flatten().collect::<Vec<_>>().join(":"),
        };
    };
    let usual = locale.pattern("time");
    let mut time = match (asked.twelve, usual.contains('a')) {
        (Some(true), false) => "h:mm a".to_owned(),
        (Some(false), true) => "HH:mm".to_owned(),
        _ => usual.to_owned(),
    };
    if hour == "2-digit" && !time.contains("hh") && !time.contains("HH") {
        time = time.replace('h', "hh").replace('H', "HH");
    }
    match (&asked.minute, &asked.second) {
        (None, _) => hour_alone(&time),
        (Some(_), None) => time,
        (Some(_), Some(_)) => with_seconds(&time),
    }
}

/// `h a` of `h:mm a`.
fn hour_alone(time: &str) -> String {
    let parts = tokens(time).into_iter().filter(|(literal, token)| !literal && token != "mm");
    parts.map(|(_, token)| token).collect::<Vec<_>>().join(" ")
}
