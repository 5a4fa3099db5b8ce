//! What a file holds, with names as they are usual in JavaScript.

use icalendar::parser::{Component, Property, read_calendar, unfold};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use weft_value::{Object, Value};

use crate::FormatError;
use crate::rows::Bound;

/// The most bytes of a calendar.
const MOST_BYTES: usize = 16 << 20;
/// How deeply its parts may lie in each other: an alarm in an event in a calendar are three.
const MOST_DEPTH: usize = 8;

/// `{version, prodId, method, name, events, todos}`. Moments are ISO 8601 in UTC, where their time zone is one that is known.
pub fn read(text: &str) -> Result<Value, FormatError> {
    if text.len() > MOST_BYTES {
        return Err(FormatError::TooMuch { what: "its bytes", limit: MOST_BYTES as u64 });
    }
    let text = unfold(text.trim_start_matches('\u{feff}'));
    shallow(&text)?;
    let calendar = read_calendar(&text).map_err(|error| {
        let first = error.lines().next().unwrap_or_default().to_owned();
        FormatError::broken("iCalendar", first.chars().take(300).collect::<String>())
    })?;
    if calendar.components.is_empty() && calendar.properties.is_empty() {
        return Err(FormatError::broken("iCalendar", "it has neither properties nor events"));
    }
    let (mut json, mut bound) = (Object::new(), Bound::default());
    let named = [("VERSION", "version"), ("PRODID", "prodId"), ("METHOD", "method"), ("X-WR-CALNAME", "name")];
    for (theirs, ours) in named {
        if let Some(found) = calendar.properties.iter().find(|property| property.name == theirs) {
            json.insert(ours, found.val.as_str());
        }
    }
    for (kind, name) in [("VEVENT", "events"), ("VTODO", "todos")] {
        let parts = calendar.components.iter().filter(|part| part.name == kind);
        let parts: Result<Vec<Value>, FormatError> =
            parts.map(|part| fields(part, &mut bound).map(Value::from)).collect();
        let parts = parts?;
        if !parts.is_empty() || kind == "VEVENT" {
            json.insert(name, parts);
        }
    }
    Ok(json.into())
}

/// The library goes into parts by calling itself: a file of beginnings alone would end the process.
fn shallow(text: &str) -> Result<(), FormatError> {
    let mut depth = 0_usize;
    for line in text.lines().map(str::trim_start) {
        if line.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN")) {
            depth += 1;
        } else if line.starts_with("END:") {
            depth = depth.saturating_sub(1);
        }
        if depth > MOST_DEPTH {
            return Err(FormatError::TooMuch { what: "its levels", limit: MOST_DEPTH as u64 });
        }
    }
    Ok(())
}

fn fields(part: &Component<'_>, bound: &mut Bound) -> Result<Object, FormatError> {
    let mut json = Object::new();
    for property in &part.properties {
        bound.add(property.val.as_str().len())?;
        put(&mut json, property);
    }
    let alarms: Result<Vec<Value>, FormatError> = part
        .components
        .iter()
        .filter(|inner| inner.name == "VALARM")
        .map(|inner| fields(inner, bound).map(Value::from))
        .collect();
    let alarms = alarms?;
    if !alarms.is_empty() {
        json.insert("alarms", alarms);
    }
    Ok(json)
}

fn put(json: &mut Object, property: &Property<'_>) {
    let text = property.val.as_str();
    match property.name.as_str() {
        "SUMMARY" => json.insert("summary", text),
        "DESCRIPTION" => json.insert("description", text),
        "LOCATION" => json.insert("location", text),
        "UID" => json.insert("uid", text),
        "URL" => json.insert("url", text),
        "STATUS" => json.insert("status", text),
        "CLASS" => json.insert("class", text),
        "TRANSP" => json.insert("timeTransparent", text),
        "COMMENT" => json.insert("comment", text),
        "DURATION" => json.insert("duration", text),
        "RRULE" => json.insert("recurrenceRule", text),
        "ACTION" => json.insert("action", text),
        "TRIGGER" => json.insert("trigger", text),
        "PRIORITY" => json.insert("priority", number(text)),
        "SEQUENCE" => json.insert("sequence", number(text)),
        "PERCENT-COMPLETE" => json.insert("percentComplete", number(text)),
        "GEO" => {
            if let Some((lat, lon)) = text.split_once(';') {
                let place: Object = [("lat", number(lat)), ("lon", number(lon))].into_iter().collect();
                json.insert("geo", place);
            }
        }
        "DTSTART" => json.insert("start", moment(property)),
        "DTEND" => json.insert("end", moment(property)),
        "DUE" => json.insert("due", moment(property)),
        "COMPLETED" => json.insert("completed", moment(property)),
        "DTSTAMP" => json.insert("stamp", moment(property)),
        "CREATED" => json.insert("created", moment(property)),
        "LAST-MODIFIED" => json.insert("lastModified", moment(property)),
        "RECURRENCE-ID" => json.insert("recurrenceId", moment(property)),
        "EXDATE" => add(json, "exceptionDates", text.split(',').map(|one| moment_of(one, property)).collect()),
        "CATEGORIES" => add(json, "categories", text.split(',').map(|one| Value::from(one.trim())).collect()),
        "ATTENDEE" => add(json, "attendees", vec![address(property)]),
        "ORGANIZER" => json.insert("organizer", address(property)),
        other if other.starts_with("X-") => json.insert(other, text),
        _ => {}
    }
}

/// A property that may come again: one list of all.
fn add(json: &mut Object, name: &str, more: Vec<Value>) {
    let known = json.get(name).and_then(Value::as_array).unwrap_or_default().to_vec();
    json.insert(name, [known, more].concat());
}

fn number(text: &str) -> Value {
    text.trim().parse().map_or_else(|_| Value::from(text), Value::Number)
}

fn parameter<'a>(property: &'a Property<'_>, name: &str) -> Option<&'a str> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    Some(found.val.as_ref()?.as_str().trim_matches('"'))
}

fn address(property: &Property<'_>) -> Value {
    let mut json = Object::new();
    let address = property.val.as_str();
    let is_mail = address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    json.insert("email", if is_mail { &address[7..] } else { address });
    for (theirs, ours) in [("CN", "name"), ("ROLE", "role"), ("PARTSTAT", "partstat")] {
        if let Some(value) = parameter(property, theirs) {
            json.insert(ours, value);
        }
    }
    if let Some(answers) = parameter(property, "RSVP") {
        json.insert("rsvp", answers.eq_ignore_ascii_case("TRUE"));
    }
    json.into()
}

fn moment(property: &Property<'_>) -> Value {
    moment_of(property.val.as_str(), property)
}

/// `{date, type, local?}`: a moment of a time zone has its wall clock beside it; one that nobody knows stays as it is written.
fn moment_of(text: &str, property: &Property<'_>) -> Value {
    let text = text.trim();
    let mut json = Object::new();
    let zone = parameter(property, "TZID");
    if let Ok(day) = Date::strptime("%Y%m%d", text) {
        json.insert("date", format!("{day}T00:00:00.000Z"));
        json.insert("type", "DATE");
        return json.into();
    }
    let wall = DateTime::strptime("%Y%m%dT%H%M%S", text.trim_end_matches(['Z', 'z']));
    let Ok(wall) = wall else {
        json.insert("date", text);
        return json.into();
    };
    let is_utc = text.ends_with(['Z', 'z']);
    let known = if is_utc { Some(TimeZone::UTC) } else { zone.and_then(|zone| TimeZone::get(zone).ok()) };
    let moment = known.and_then(|known| wall.to_zoned(known).ok());
    let date = moment
        .map_or_else(|| format!("{wall}.000"), |at| at.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    json.insert("date", date);
    json.insert("type", "DATE-TIME");
    if let Some(zone) = zone.filter(|_| !is_utc) {
        let local: Object =
            [("date", Value::from(format!("{wall}.000"))), ("timezone", zone.into())].into_iter().collect();
        json.insert("local", local);
    }
    json.into()
}
