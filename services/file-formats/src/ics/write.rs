//! A file of one event.

use icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

/// Whoever is invited, or invites.
#[derive(Clone, Debug, Default)]
pub struct Attendee {
    /// The name; empty for none.
    pub name: String,
    /// The address.
    pub email: String,
    /// Whether an answer is asked for.
    pub answers: bool,
}

/// An event. What is empty is left out.
#[derive(Clone, Debug)]
pub struct EventFile {
    /// What it is known by, for ever.
    pub uid: String,
    /// When the file was made.
    pub stamp: Timestamp,
    /// When it begins.
    pub start: Zoned,
    /// When it ends; of whole days the first that is no longer part of it.
    pub end: Zoned,
    /// Whether it lasts for whole days.
    pub all_day: bool,
    /// The name of the calendar.
    pub calendar: String,
    /// Texts by their names in the format: `SUMMARY`, `LOCATION`, …
    pub texts: Vec<(&'static str, String)>,
    /// Who invites.
    pub organizer: Option<Attendee>,
    /// Who is invited.
    pub attendees: Vec<Attendee>,
}

/// The text of the file.
pub fn write(file: &EventFile) -> String {
    let mut event = Event::with_uid(&plain(&file.uid));
    event.append_property(Property::new("DTSTAMP", basic(file.stamp)));
    let (first, last) = (file.start.date(), file.end.date());
    if file.all_day {
        // An end that is no later than the beginning would be no day at all.
        let last = if last > first { last } else { first.tomorrow().unwrap_or(first) };
        event.append_property(day("DTSTART", first)).append_property(day("DTEND", last));
    } else {
        event.append_property(Property::new("DTSTART", basic(file.start.timestamp())));
        event.append_property(Property::new("DTEND", basic(file.end.timestamp())));
    }
    for (name, text) in file.texts.iter().filter(|(_, text)| !text.is_empty()) {
        let text = if is_text(name) { lines(text) } else { plain(text) };
        event.append_property(Property::new(*name, text));
    }
    if let Some(organizer) = &file.organizer {
        event.append_property(address("ORGANIZER", organizer));
    }
    for attendee in &file.attendees {
        event.append_multi_property(address("ATTENDEE", attendee));
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Weft//Workflows//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    if !file.calendar.is_empty() {
        calendar.append_property(Property::new("X-WR-CALNAME", lines(&file.calendar)));
    }
    calendar.push(event.done());
    calendar.to_string()
}

/// Whether the library escapes what the property holds.
fn is_text(name: &str) -> bool {
    matches!(name, "SUMMARY" | "DESCRIPTION" | "LOCATION" | "STATUS") || name.starts_with("X-")
}

fn day(name: &str, date: Date) -> Property {
    Property::new(name, date.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

/// A moment in UTC: `20241001T080000Z`.
fn basic(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn address(property: &str, of: &Attendee) -> Property {
    let mut written = Property::new(property, format!("mailto:{}", plain(&of.email)));
    if !of.name.is_empty() {
        // A quotation mark ends a parameter, whatever stands before it (RFC 5545, section 3.2).
        written.add_parameter("CN", &plain(&of.name).replace('"', "'"));
    }
    if property == "ATTENDEE" {
        written.add_parameter("RSVP", if of.answers { "TRUE" } else { "FALSE" });
    }
    written.done()
}

/// One line: a value must not begin a property of its own.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Lines that the library escapes.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
