//! A moment in a time zone.

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// A moment with the time zone in which it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct DateTime(Zoned);

impl DateTime {
    /// The moment `millis` milliseconds after the Unix epoch; `None` outside of the years −9999 to 9999.
    pub fn from_millis(millis: i64, zone: TimeZone) -> Option<Self> {
        Some(Self(Timestamp::from_millisecond(millis).ok()?.to_zoned(zone)))
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(&self) -> i64 {
        self.0.timestamp().as_millisecond()
    }

    /// The moment with its zone, for calendar arithmetic.
    pub fn zoned(&self) -> &Zoned {
        &self.0
    }

    /// ISO 8601 with milliseconds and offset, `Z` for UTC: `2026-01-31T10:00:00.000+01:00`.
    pub fn to_iso(&self) -> String {
        let offset = self.0.offset().seconds();
        let local = self.0.strftime("%Y-%m-%dT%H:%M:%S");
        let millis = self.0.millisecond();
        if offset == 0 && self.0.time_zone() == &TimeZone::UTC {
            return format!("{local}.{millis:03}Z");
        }
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
        format!("{local}.{millis:03}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl From<Zoned> for DateTime {
    fn from(zoned: Zoned) -> Self {
        Self(zoned)
    }
}
