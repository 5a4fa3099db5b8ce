//! A moment in a time zone.

use std::sync::Arc;

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// A moment with the time zone in which it is read, and the language in which it is written for people.
#[derive(Clone, Debug)]
pub struct DateTime {
    zoned: Zoned,
    language: Option<Arc<str>>,
}

/// The language is a matter of writing: two moments are the same without it.
impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.zoned == other.zoned
    }
}

impl DateTime {
    /// The moment `millis` milliseconds after the Unix epoch; `None` outside of the years −9999 to 9999.
    pub fn from_millis(millis: i64, zone: TimeZone) -> Option<Self> {
        Some(Timestamp::from_millisecond(millis).ok()?.to_zoned(zone).into())
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(&self) -> i64 {
        self.zoned.timestamp().as_millisecond()
    }

    /// The moment with its zone, for calendar arithmetic.
    pub fn zoned(&self) -> &Zoned {
        &self.zoned
    }

    /// The language for people, as a BCP 47 tag; English where there is none.
    pub fn language(&self) -> Option<&Arc<str>> {
        self.language.as_ref()
    }

    /// The same moment, to be written in `language`.
    #[must_use]
    pub fn in_language(mut self, language: Option<Arc<str>>) -> Self {
        self.language = language;
        self
    }

    /// ISO 8601 with milliseconds and offset, `Z` for UTC: `2026-01-31T10:00:00.000+01:00`.
    pub fn to_iso(&self) -> String {
        let offset = self.zoned.offset().seconds();
        let rest = self.zoned.strftime("%m-%dT%H:%M:%S");
        // Before the year 0 the year has a sign and six digits (ECMA-262, section 21.4.1.32.1).
        let year = self.zoned.year();
        let local = if year < 0 { format!("-{:06}-{rest}", -year) } else { format!("{year:04}-{rest}") };
        let millis = self.zoned.millisecond();
        if offset == 0 && self.zoned.time_zone() == &TimeZone::UTC {
            return format!("{local}.{millis:03}Z");
        }
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        format!("{local}.{millis:03}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl From<Zoned> for DateTime {
    fn from(zoned: Zoned) -> Self {
        Self { zoned, language: None }
    }
}
