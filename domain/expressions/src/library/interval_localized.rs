//! Two moments as people write them together: what both share is written once (`Mar 1 – 5, 2026`).
//!
//! icu4x has no patterns for intervals. The rules here are what those of the CLDR for the usual languages come down to; another language gets
//! the ones that most have.

use icu_locale_core::Locale as Tag;
use jiff::Zoned;
use weft_value::{DateTime, Value};

use super::datetime::text;
use super::datetime_intl::{Fields, Style, Width, parts};
use super::datetime_localized::{Usual, fields_of};
use super::datetime_methods::asked_language;
use super::{arg, locale};
use crate::stop::Outcome;
use crate::vm::Vm;

/// Looking for the patterns of two moments takes about as long as so many steps.
const COST: usize = 1000;

const SPACED: &str = "\u{2009}–\u{2009}";

/// `toLocaleString(format, options)` of an interval.
pub(super) fn to_locale_string(vm: &mut Vm<'_>, interval: &(DateTime, DateTime), args: &[Value]) -> Outcome {
    let language = asked_language(arg(args, 1)).or_else(|| asked_language(arg(args, 0)));
    let locale = language.map_or_else(|| locale::of(&interval.0), |name| locale::named(&name));
    text(range(vm, (interval.0.zoned(), interval.1.zoned()), &locale.icu, arg(args, 0))?)
}

/// Both moments by the options of `Intl.DateTimeFormat`, in the zone of the first one.
pub(super) fn range(vm: &mut Vm<'_>, ends: (&Zoned, &Zoned), tag: &Tag, options: &Value) -> Outcome<String> {
    vm.budget.walk(COST)?;
    let end = ends.1.with_time_zone(ends.0.time_zone().clone());
    let ends = Ends { start: ends.0, end: &end, tag, language: tag.id.language.as_str() };
    Ok(ends.written(spelled_out(tag, fields_of(options, Usual::Plain))))
}

/// The fields behind the styles of a date and a time. A short date stays one: its year has two digits in some languages.
fn spelled_out(tag: &Tag, mut fields: Fields) -> Fields {
    let numeric = Some(Width::Numeric);
    if let Some(style) = fields.date_style.filter(|style| *style != Style::Short && !in_numbers(tag, *style)) {
        fields.date_style = None;
        fields.weekday = (style == Style::Full).then_some(Width::Long);
        fields.month = Some(if style == Style::Medium { Width::Short } else { Width::Long });
        (fields.year, fields.day) = (numeric, numeric);
    }
    if let Some(style) = fields.time_style.take() {
        (fields.hour, fields.minute) = (numeric, numeric);
        fields.second = if style == Style::Short { None } else { numeric };
        fields.zone = match style {
            Style::Full => Some(Width::Long),
            Style::Long => Some(Width::Short),
            Style::Medium | Style::Short => None,
        };
    }
    fields
}

/// Whether a date of this style has its month as a number.
fn in_numbers(tag: &Tag, style: Style) -> bool {
    let fields = Fields { date_style: Some(style), ..Fields::default() };
    let month = parts(&Zoned::default(), tag, fields).into_iter().find(|part| part.0 == "month");
    month.is_some_and(|month| month.1.starts_with(char::is_numeric))
}

/// The two moments, and the language in which they are written.
struct Ends<'a> {
    start: &'a Zoned,
    end: &'a Zoned,
    tag: &'a Tag,
    language: &'a str,
}

type Parts = Vec<(&'static str, String)>;

impl Ends<'_> {
    fn written(&self, fields: Fields) -> String {
        let numeric = Some(Width::Numeric);
        let has_date = fields.has_date() || fields.weekday.is_some() || fields.date_style.is_some();
        let has_time = fields.has_time();
        let date = Fields { hour: None, minute: None, second: None, fraction: None, zone: None, cycle: None, ..fields };
        if self.start.date() == self.end.date() {
            let clock =
                Fields { weekday: None, era: None, year: None, month: None, day: None, date_style: None, ..fields };
            let clocks_equal = self.one(self.start, clock) == self.one(self.end, clock);
            return match (has_date, has_time) {
                (true, true) if !clocks_equal => self.one(self.start, date) + self.joint() + &self.clock(clock),
                (false, true) if !clocks_equal => self.clock(clock),
                // A single moment has no narrow spaces.
                _ => self.one(self.start, fields).replace('\u{202f}', " "),
            };
        }
        match (has_date, has_time) {
            (false, true) => self.both(Fields { year: numeric, month: numeric, day: numeric, ..fields }, SPACED),
            (true, true) => self.both(fields, SPACED),
            (_, false) if date.date_style.is_some() => self.both(date, SPACED),
            (_, false) => self.dates(date),
        }
    }

    /// Dates alone, of different days.
    fn dates(&self, mut fields: Fields) -> String {
        let numeric = Some(Width::Numeric);
        let other_year = self.start.year() != self.end.year();
        let other_month = other_year || self.start.month() != self.end.month();
        if fields.day.is_some() {
            // A day makes no sense without the greater parts that differ.
            fields.month = fields.month.or(if other_month { numeric } else { None });
            fields.year = fields.year.or(if other_year { numeric } else { None });
        }
        if matches!(self.language, "ja" | "zh") && fields.day.is_some() {
            fields.month = numeric;
        }
        let in_numbers = matches!(fields.month, Some(Width::Numeric | Width::TwoDigit));
        if in_numbers && fields.day.is_some() && ["ja", "de", "it", "nl", "pl", "cs"].contains(&self.language) {
            (fields.month, fields.day) = (Some(Width::TwoDigit), Some(Width::TwoDigit));
        } else if self.language == "it" && !in_numbers && fields.month.is_some() && fields.weekday.is_none() {
            fields.day = fields.day.map(|_| Width::TwoDigit);
        }
        let by_days = fields.day.is_some() || fields.weekday.is_some();
        if !(other_year || (other_month && fields.month.is_some()) || by_days) {
            return self.one(self.start, fields);
        }
        match (in_numbers, other_year, other_month) {
            (true, false, _) if fields.day.is_some() => self.numbers(fields, other_month),
            (false, true, _) if fields.month.is_none() && !by_days => self.both(fields, self.dash(self.is_tight())),
            (true, ..) | (_, true, _) => self.both(fields, if self.language == "pl" { "–" } else { SPACED }),
            (false, false, true) => self.months(fields),
            (false, false, false) => self.days(fields),
        }
    }

    /// Dates in numbers, of one year.
    fn numbers(&self, fields: Fields, other_month: bool) -> String {
        let (day, month) = (self.start.day(), self.start.month());
        let end = self.one(self.end, fields);
        let with_year = fields.year.is_some();
        match (self.language, other_month) {
            ("de", false) => format!("{day:02}.–{end}"),
            ("de", true) => format!("{day:02}.{month:02}.{SPACED}{end}"),
            ("pl", false) if with_year => format!("{day:02}–{end}"),
            ("pl", true) => format!("{day:02}.{month:02}–{end}"),
            _ => self.both(fields, SPACED),
        }
    }

    /// Months by their names, of one year.
    fn months(&self, fields: Fields) -> String {
        if fields.day.is_none() && matches!(self.language, "pl" | "cs" | "ru" | "uk" | "zh") {
            return self.both(fields, SPACED);
        }
        let tight = fields.day.is_none() && fields.year.is_some() && matches!(self.language, "de" | "es" | "it" | "nl");
        let first = self.one(self.start, Fields { year: None, ..fields });
        first + self.dash(tight) + &self.one(self.end, fields)
    }

    /// Days of one month.
    fn days(&self, fields: Fields) -> String {
        let without_year = Fields { year: None, ..fields };
        let without_month = Fields { month: None, ..without_year };
        if fields.weekday.is_some() {
            let brief = matches!(self.language, "de" | "fr" | "it" | "nl" | "ru" | "uk");
            let first = self.one(self.start, if brief { without_month } else { without_year });
            return first + self.dash(false) + &self.one(self.end, fields);
        }
        let end = self.parts(self.end, fields);
        let place = |kind: &str| end.iter().position(|part| part.0 == kind);
        let Some(day) = place("day") else { return self.both(fields, SPACED) };
        if place("month").is_some_and(|month| month < day) {
            let first = self.one(self.start, without_year);
            return first + self.dash(false) + &joined(end.get(day..).unwrap_or_default());
        }
        // `1.–5. März`: the day has its point at both ends.
        let point = end.get(day + 1).is_some_and(|(_, text)| text.starts_with('.'));
        let first = self.parts(self.start, fields).into_iter().find(|part| part.0 == "day");
        first.map_or_else(String::new, |part| part.1)
            + if point { "." } else { "" }
            + self.dash(self.is_tight())
            + &joined(&end)
    }

    /// Whether there is no space around the dash between numbers.
    fn is_tight(&self) -> bool {
        ["de", "fr", "es", "it", "nl", "pl", "ru", "uk", "tr"].contains(&self.language)
    }

    /// Times of one day.
    fn clock(&self, fields: Fields) -> String {
        if fields.second.is_some() || fields.fraction.is_some() {
            return self.both(fields, SPACED);
        }
        let bare = Fields { zone: None, ..fields };
        let (mut first, second) = (self.parts(self.start, bare), self.parts(self.end, bare));
        let half = |parts: &Parts| parts.iter().find(|part| part.0 == "dayPeriod").cloned();
        let in_halves = half(&second).is_some();
        if in_halves && half(&first) == half(&second) && first.last().is_some_and(|part| part.0 == "dayPeriod") {
            first.truncate(first.len() - 1);
            first.pop_if(|part| part.0 == "literal");
        } else if first.last().is_some_and(|part| part.0 == "literal") && first.last() == second.last() {
            // `10–12 Uhr`
            first.pop();
        }
        let british = self.tag.id.region.is_some_and(|region| region.as_str() == "GB");
        let tight = !in_halves
            && (british || ["de", "es", "it", "nl", "pl", "ru", "uk", "tr", "cs", "zh"].contains(&self.language));
        let hours = if self.language == "de" && fields.minute.is_some() { " Uhr" } else { "" };
        let zone = fields.zone.map(|_| Fields { zone: fields.zone, ..Fields::default() });
        let zone = zone.map_or_else(String::new, |zone| format!(" {}", self.one(self.start, zone)));
        joined(&first) + self.dash(tight) + &joined(&second) + hours + &zone
    }

    /// Both moments whole.
    fn both(&self, fields: Fields, dash: &str) -> String {
        let dash = if dash == SPACED { self.dash(false) } else { dash };
        let (start, end) = (self.one(self.start, fields), self.one(self.end, fields));
        start + dash + &end
    }

    /// What stands between the ends.
    fn dash(&self, tight: bool) -> &'static str {
        match self.language {
            "ja" => "～",
            "ko" => " ~ ",
            "sv" => "–",
            _ if tight => "–",
            "ru" | "uk" | "zh" => " – ",
            _ => SPACED,
        }
    }

    /// What stands between a day and its times.
    fn joint(&self) -> &'static str {
        if ["pt", "sv", "ja", "zh", "ko", "tr", "cs"].contains(&self.language) { " " } else { ", " }
    }

    fn one(&self, moment: &Zoned, fields: Fields) -> String {
        joined(&self.parts(moment, fields))
    }

    fn parts(&self, moment: &Zoned, fields: Fields) -> Parts {
        parts(moment, self.tag, fields)
    }
}

fn joined(parts: &[(&'static str, String)]) -> String {
    parts.iter().map(|part| part.1.as_str()).collect()
}
