//! Moments as a language writes them: the fields that are asked for, in the order and with the words of icu4x.
//!
//! icu4x has a pattern for each set of fields in three lengths; JavaScript gives each field a width of its own. So the pattern of the set
//! is taken, the widths that were asked for are put into it, and icu4x writes by the outcome.

use std::cell::RefCell;
use std::rc::Rc;

use icu_calendar::cal::{Buddhist, Persian};
use icu_calendar::{AnyCalendarKind, Date, Gregorian};
use icu_datetime::fieldsets::builder::{DateFields, FieldSetBuilder, ZoneStyle};
use icu_datetime::fieldsets::enums::CompositeFieldSet;
use icu_datetime::input::{DateTime as WallClock, Time, TimeZone, UtcOffset, ZonedDateTime};
use icu_datetime::options::{Length, SubsecondDigits, TimePrecision, YearStyle};
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_datetime::preferences::HourCycle;
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_locale_core::Locale as Tag;
use jiff::Zoned;
use writeable::TryWriteable;

use super::datetime_fields::is_fixed;
use super::datetime_pattern::{in_numbers, in_widths, names_month, with_date, with_hours_of};
use super::few::Few;

/// How wide a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Numeric,
    TwoDigit,
    Long,
    Short,
    Narrow,
}

/// How a date or a time is written as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Full,
    Long,
    Medium,
    Short,
}

/// What is to be written of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) weekday: Option<Width>,
    pub(super) era: Option<Width>,
    pub(super) year: Option<Width>,
    pub(super) month: Option<Width>,
    pub(super) day: Option<Width>,
    pub(super) hour: Option<Width>,
    pub(super) minute: Option<Width>,
    pub(super) second: Option<Width>,
    /// How many digits of the fraction of the second.
    pub(super) fraction: Option<u8>,
    /// The name of the zone, long or short; narrow is the one of UTC.
    pub(super) zone: Option<Width>,
    pub(super) cycle: Option<HourCycle>,
    /// These two go before the fields.
    pub(super) date_style: Option<Style>,
    pub(super) time_style: Option<Style>,
}

impl Fields {
    pub(super) fn has_date(&self) -> bool {
        self.year.is_some() || self.month.is_some() || self.day.is_some() || self.era.is_some()
    }

    pub(super) fn has_time(&self) -> bool {
        self.hour.is_some() || self.minute.is_some() || self.second.is_some() || self.fraction.is_some()
    }
}

/// What writes moments by a pattern, in one calendar.
type Writer = Box<dyn Fn(&Zoned) -> Option<String>>;

thread_local! {
    static WRITERS: RefCell<Few<Fields, Writer>> = const { RefCell::new(Few::new()) };
    static PATTERNS: RefCell<Few<Fields, String>> = const { RefCell::new(Few::new()) };
}

/// `fields` of a moment, in the language of `tag`.
pub(super) fn written(moment: &Zoned, tag: &Tag, fields: Fields) -> String {
    // The narrow space before the half of the day is a common one in JavaScript: its engines keep what programs expect.
    with_narrow_spaces(moment, tag, fields).replace('\u{202f}', " ")
}

/// The same as Luxon has it: in UTC, and in a zone with one offset for ever that is none of whole hours, it puts the text together from its
/// parts, and those have their narrow spaces.
pub(super) fn written_by_luxon(moment: &Zoned, tag: &Tag, fields: Fields) -> String {
    let seconds = moment.offset().seconds();
    let in_parts = is_fixed(moment) && (seconds == 0 || seconds % 3600 != 0);
    if in_parts { with_narrow_spaces(moment, tag, fields) } else { written(moment, tag, fields) }
}

fn with_narrow_spaces(moment: &Zoned, tag: &Tag, mut fields: Fields) -> String {
    if fields.zone == Some(Width::Short) && moment.time_zone() == &jiff::tz::TimeZone::UTC {
        // JavaScript calls it by these letters in most languages.
        fields.zone = Some(Width::Narrow);
    }
    let make = || {
        let calendar = Calendar::of(tag);
        (calendar.writer)(tag.into(), &Asked { tag, calendar: &calendar, fields: &fields }.pattern()).ok_or(())
    };
    let writer: Result<Rc<Writer>, ()> = WRITERS.with_borrow_mut(|writers| writers.get(&tag.to_string(), fields, make));
    writer.ok().and_then(|writer| writer(moment)).unwrap_or_default()
}

/// `fields` of a moment in its parts: what each one is (by the names of ECMA-402), and how it is written.
pub(super) fn parts(moment: &Zoned, tag: &Tag, fields: Fields) -> Vec<(&'static str, String)> {
    let is_utc = moment.time_zone() == &jiff::tz::TimeZone::UTC;
    let calendar = Calendar::of(tag);
    let pattern = Asked { tag, calendar: &calendar, fields: &fields }.pattern();
    let alone =
        |field: &str| (calendar.writer)(tag.into(), field).and_then(|writer| writer(moment)).unwrap_or_default();
    let mut parts: Vec<(&'static str, String)> = Vec::new();
    for (letter, piece) in super::datetime_pattern::pieces(&pattern) {
        let text = match letter {
            Some('z') if is_utc && piece.len() < 4 => "UTC".to_owned(),
            Some(_) => alone(&piece),
            None => piece,
        };
        parts.push((letter.map_or("literal", kind), text));
    }
    parts
}

/// What the field of a letter is called.
fn kind(letter: char) -> &'static str {
    match letter {
        'G' => "era",
        'y' | 'u' => "year",
        'U' => "yearName",
        'r' => "relatedYear",
        'M' | 'L' => "month",
        'd' => "day",
        'E' | 'c' | 'e' => "weekday",
        'a' | 'b' | 'B' => "dayPeriod",
        'h' | 'H' | 'k' | 'K' => "hour",
        'm' => "minute",
        's' => "second",
        'S' => "fractionalSecond",
        'z' | 'Z' | 'O' | 'v' | 'V' | 'x' | 'X' => "timeZoneName",
        _ => "literal",
    }
}

/// The pattern behind `fields` in our calendar, with the letters of the CLDR.
pub(super) fn pattern(tag: &Tag, fields: Fields) -> Rc<String> {
    let make = || Ok::<_, ()>(Asked { tag, calendar: &GREGORIAN, fields: &fields }.pattern());
    PATTERNS.with_borrow_mut(|patterns| patterns.get(&tag.to_string(), fields, make)).unwrap_or_default()
}

/// What icu4x does for one calendar; its functions know calendars by their types.
struct Calendar {
    /// The pattern of a set of fields.
    pattern: fn(DateTimeFormatterPreferences, CompositeFieldSet) -> Option<String>,
    writer: fn(DateTimeFormatterPreferences, &str) -> Option<Writer>,
}

impl Calendar {
    /// The one that a locale asks for or is used to: Thailand counts the years of the Buddha, Iran those of its own sun.
    /// The calendars beyond these three are not in the programs, for their size.
    fn of(tag: &Tag) -> Self {
        match AnyCalendarKind::try_new(tag.into()) {
            Ok(AnyCalendarKind::Buddhist) => BUDDHIST,
            Ok(AnyCalendarKind::Persian) => PERSIAN,
            _ => GREGORIAN,
        }
    }
}

/// Gives icu4x a moment of `jiff`'s. Where the zone has no name, there is its distance to Greenwich.
macro_rules! moment {
    ($zoned:expr, $calendar:expr) => {{
        let zoned: &Zoned = $zoned;
        let date = Date::try_new_iso(zoned.year().into(), zoned.month() as u8, zoned.day() as u8).ok()?;
        let nanoseconds = zoned.subsec_nanosecond() as u32;
        let time = Time::try_new(zoned.hour() as u8, zoned.minute() as u8, zoned.second() as u8, nanoseconds).ok()?;
        let zone = zoned.time_zone().iana_name().map_or(TimeZone::UNKNOWN, TimeZone::from_iana_id);
        let zone = zone.with_offset(UtcOffset::try_from_seconds(zoned.offset().seconds()).ok());
        ZonedDateTime { date: date.to_calendar($calendar), time, zone: zone.at_date_time(WallClock { date, time }) }
    }};
}

macro_rules! calendar {
    ($calendar:ident) => {
        Calendar {
            pattern: |preferences, set| {
                let formatter = FixedCalendarDateTimeFormatter::<$calendar, _>::try_new(preferences, set).ok()?;
                let any = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
                Some(formatter.format(&moment!(&any, $calendar)).pattern().to_string())
            },
            writer: |preferences, pattern| {
                let pattern = DateTimePattern::try_from_pattern_str(pattern).ok()?;
                let mut names =
                    FixedCalendarDateTimeNames::<$calendar, CompositeFieldSet>::try_new(preferences).ok()?;
                names.include_for_pattern(&pattern).ok()?;
                Some(Box::new(move |zoned| {
                    let text = names.with_pattern_unchecked(&pattern).format(&moment!(zoned, $calendar));
                    Some(text.try_write_to_string().unwrap_or_else(|(_, text)| text).into_owned())
                }))
            },
        }
    };
}

const GREGORIAN: Calendar = calendar!(Gregorian);
const BUDDHIST: Calendar = calendar!(Buddhist);
const PERSIAN: Calendar = calendar!(Persian);

/// A wish for fields, in a language and a calendar.
struct Asked<'a> {
    tag: &'a Tag,
    calendar: &'a Calendar,
    fields: &'a Fields,
}

impl Asked<'_> {
    /// The pattern, with the letters of the CLDR.
    fn pattern(&self) -> String {
        let fields = self.fields;
        if fields.date_style.is_some() || fields.time_style.is_some() {
            return self.styled();
        }
        let (dates, zone) = (self.dates(), fields.zone.map(zone_style));
        if fields.hour.is_none() && fields.has_time() {
            let date = dates.map(|dates| self.fitted(Some(dates), None, None));
            return joined(date, without_hours(fields));
        }
        let time = fields.hour.map(|_| self.precision());
        // icu4x puts no time and no zone beside a year or a month alone, but beside a day.
        if dates.is_some_and(DateFields::is_calendar_period) && (time.is_some() || zone.is_some()) {
            let length = self.length();
            let whole = self.of_length(length, Some(DateFields::YMD), time, zone);
            let date = self.of_length(length, Some(DateFields::YMD), None, None);
            return in_widths(&with_date(&whole, &date, &self.fitted(dates, None, None)), self.fields);
        }
        self.fitted(dates, time, zone)
    }

    /// The pattern of `dateStyle` and `timeStyle`.
    fn styled(&self) -> String {
        let mut set = FieldSetBuilder::new();
        let (date, time) = (self.fields.date_style, self.fields.time_style);
        set.date_fields = date.map(|style| if style == Style::Full { DateFields::YMDE } else { DateFields::YMD });
        set.length = Some(match date.unwrap_or(Style::Medium) {
            Style::Full | Style::Long => Length::Long,
            Style::Medium => Length::Medium,
            Style::Short => Length::Short,
        });
        set.time_precision =
            time.map(|style| if style == Style::Short { TimePrecision::Minute } else { TimePrecision::Second });
        set.zone_style = match time {
            Some(Style::Full) => Some(ZoneStyle::SpecificLong),
            Some(Style::Long) => Some(ZoneStyle::SpecificShort),
            Some(Style::Medium | Style::Short) | None => None,
        };
        in_widths(&self.resolved(set), &Fields { hour: time.map(|_| Width::Numeric), ..Fields::default() })
    }

    /// The pattern of a set of fields, each in the width that was asked for.
    fn fitted(&self, dates: Option<DateFields>, time: Option<TimePrecision>, zone: Option<ZoneStyle>) -> String {
        let length = self.length();
        let mut pattern = self.of_length(length, dates, time, zone);
        if let Some((usual, better)) = dates.and_then(|dates| self.better_date(dates, length, &pattern)) {
            pattern = with_date(&pattern, &usual, &better);
        }
        if zone.is_some() && time.is_some() {
            // Beside a zone, icu4x leaves out zeros of the hour that the language has.
            pattern = with_hours_of(&pattern, &self.of_length(length, None, time, None));
        }
        in_widths(&pattern, self.fields)
    }

    /// The part of `pattern` that is the date, and what JavaScript writes in its stead.
    fn better_date(&self, dates: DateFields, length: Length, pattern: &str) -> Option<(String, String)> {
        let dates = match dates {
            DateFields::YMD | DateFields::YMDE => DateFields::YMD,
            DateFields::MD | DateFields::MDE => DateFields::MD,
            DateFields::YM => DateFields::YM,
            _ => return None,
        };
        let alone = |length: Length| self.of_length(length, Some(dates), None, None);
        if let Some(numbers) = in_numbers(self.tag, dates, self.fields.month).filter(|_| self.fields.era.is_none()) {
            return Some((alone(length), numbers.to_owned()));
        }
        let named = matches!(self.fields.month, Some(Width::Long | Width::Short | Width::Narrow));
        if !named || names_month(pattern) {
            return None;
        }
        // Where a date of this length is one in numbers, the name of the month that was asked for is in the long ones.
        let (usual, long) = (alone(Length::Medium), alone(Length::Long));
        let replaceable = names_month(&long) || (length == Length::Medium && pattern.contains(&usual));
        replaceable.then_some((usual, long))
    }

    fn of_length(
        &self,
        length: Length,
        dates: Option<DateFields>,
        time: Option<TimePrecision>,
        zone: Option<ZoneStyle>,
    ) -> String {
        let mut set = FieldSetBuilder::new();
        (set.date_fields, set.time_precision, set.zone_style) = (dates, time, zone);
        set.length = (dates.is_some_and(|dates| dates != DateFields::Y) || time.is_some()).then_some(length);
        let style = if self.fields.era.is_some() { YearStyle::WithEra } else { YearStyle::Full };
        set.year_style = dates.filter(|dates| has_year(*dates)).map(|_| style);
        self.resolved(set)
    }

    fn resolved(&self, set: FieldSetBuilder) -> String {
        let mut preferences = DateTimeFormatterPreferences::from(self.tag);
        preferences.hour_cycle = self.fields.cycle.or(preferences.hour_cycle);
        set.build_composite().ok().and_then(|set| (self.calendar.pattern)(preferences, set)).unwrap_or_default()
    }

    /// The set of dates that holds the fields.
    fn dates(&self) -> Option<DateFields> {
        let Fields { weekday, year, month, day, era, .. } = self.fields;
        let year = year.or(*era).is_some();
        Some(match (year, month.is_some(), day.is_some(), weekday.is_some()) {
            (false, false, false, false) => return None,
            (true, false, false, false) => DateFields::Y,
            (false, true, false, false) => DateFields::M,
            (true, true, false, false) => DateFields::YM,
            (false, false, true, false) => DateFields::D,
            (false, true, true, false) => DateFields::MD,
            (true, _, true, false) => DateFields::YMD,
            (false, false, false, true) => DateFields::E,
            (false, false, true, true) => DateFields::DE,
            (false, true, _, true) => DateFields::MDE,
            (true, _, _, true) => DateFields::YMDE,
        })
    }

    fn length(&self) -> Length {
        match (self.fields.month, self.fields.weekday) {
            (Some(Width::Long), _) | (None, Some(Width::Long)) => Length::Long,
            (Some(Width::Numeric | Width::TwoDigit), _) => Length::Short,
            (Some(Width::Short | Width::Narrow) | None, _) => Length::Medium,
        }
    }

    fn precision(&self) -> TimePrecision {
        match (self.fields.minute, self.fields.second, self.fields.fraction) {
            (_, Some(_), Some(1)) => TimePrecision::Subsecond(SubsecondDigits::S1),
            (_, Some(_), Some(2)) => TimePrecision::Subsecond(SubsecondDigits::S2),
            (_, Some(_), Some(_)) => TimePrecision::Subsecond(SubsecondDigits::S3),
            (_, Some(_), None) => TimePrecision::Second,
            (Some(_), None, _) => TimePrecision::Minute,
            (None, None, _) => TimePrecision::Hour,
        }
    }
}

fn has_year(dates: DateFields) -> bool {
    matches!(dates, DateFields::Y | DateFields::YM | DateFields::YMD | DateFields::YMDE)
}

fn zone_style(width: Width) -> ZoneStyle {
    if width == Width::Long { ZoneStyle::SpecificLong } else { ZoneStyle::SpecificShort }
}

fn joined(date: Option<String>, time: String) -> String {
    match date {
        Some(date) => date + ", " + &time,
        None => time,
    }
}

/// Minutes and seconds alone.
fn without_hours(fields: &Fields) -> String {
    let fraction = match fields.fraction {
        Some(digits) => format!(".{}", "S".repeat(digits.into())),
        None => String::new(),
    };
    let clock = match (fields.minute, fields.second) {
        (Some(_), Some(_)) => format!("mm:ss{fraction}"),
        (Some(_), None) => "m".to_owned(),
        (None, _) => format!("s{fraction}"),
    };
    clock
        + match fields.zone {
            Some(Width::Long) => " zzzz",
            Some(_) => " z",
            None => "",
        }
}
