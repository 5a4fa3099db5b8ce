use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use weft_value::Value;

use super::*;

fn event() -> EventFile {
    let at =
        |hour| civil::date(2024, 10, 1).at(hour, 30, 0, 0).to_zoned(TimeZone::get("Europe/Paris").unwrap()).unwrap();
    EventFile {
        uid: "u-1".into(),
        stamp: Timestamp::from_second(1_700_000_000).unwrap(),
        start: at(10),
        end: at(12),
        all_day: false,
        calendar: "Büro".into(),
        texts: vec![
            ("SUMMARY", "Caf\u{e9}, 1; 2 \\ 3".into()),
            ("DESCRIPTION", "One\r\ntwo".into()),
            ("URL", "https://x.example/\r\nATTENDEE:mailto:evil@x.example".into()),
            ("GEO", "48.85;2.35".into()),
            ("SEQUENCE", "2".into()),
            ("LOCATION", String::new()),
        ],
        organizer: Some(Attendee { name: "Ada \"A\", L".into(), email: "ada@x.example".into(), answers: false }),
        attendees: vec![
            Attendee { name: String::new(), email: "b@x.example".into(), answers: true },
            Attendee { name: "Zoë".into(), email: "z@x.example\nX-EVIL:1".into(), answers: false },
        ],
    }
}

#[test]
fn an_event_is_read_as_it_is_written() {
    let text = write(&event());
    assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(
        text.contains("\r\nDTSTART:20241001T083000Z\r\n") && text.contains("\r\nDTSTAMP:20231114T221320Z\r\n"),
        "{text}"
    );
    assert!(!text.contains("\nX-EVIL") && !text.contains("\nATTENDEE:mailto:evil"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 75), "lines are folded: {text}");
    assert_eq!(write(&event()), text);
    let read = read(&text).unwrap();
    assert_eq!((read.get("name").as_str(), read.get("version").as_str()), (Some("Büro"), Some("2.0")));
    let Value::Array(events) = read.get("events") else { panic!("{}", read.to_json()) };
    let event = &events[0];
    assert_eq!(event.get("summary").as_str(), Some("Café, 1; 2 \\ 3"));
    assert_eq!(event.get("description").as_str(), Some("One\ntwo"));
    assert_eq!(event.get("start").to_json(), r#"{"date":"2024-10-01T08:30:00.000Z","type":"DATE-TIME"}"#);
    assert_eq!(event.get("geo").to_json(), r#"{"lat":48.85,"lon":2.35}"#);
    assert_eq!(event.get("sequence").as_f64(), Some(2.0));
    assert_eq!(event.get("organizer").to_json(), r#"{"email":"ada@x.example","name":"Ada 'A', L"}"#);
    let invited = r#"[{"email":"b@x.example","rsvp":true},{"email":"z@x.exampleX-EVIL:1","name":"Zoë","rsvp":false}]"#;
    assert_eq!(event.get("attendees").to_json(), invited);
}

#[test]
fn whole_days_end_before_the_day_that_is_named() {
    let text = write(&EventFile { all_day: true, ..event() });
    assert!(text.contains("DTSTART;VALUE=DATE:20241001") && text.contains("DTEND;VALUE=DATE:20241002"), "{text}");
    let read = read(&text).unwrap().to_json();
    assert!(read.contains(r#""start":{"date":"2024-10-01T00:00:00.000Z","type":"DATE"}"#), "{read}");
}

#[test]
fn what_other_programs_write_is_read() {
    let text = "BEGIN:VCALENDAR\nPRODID:-//X//EN\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Own\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nUID:1\nSUMMARY:a very lo\n ng one\\, folded\nDTSTART;TZID=Europe/Paris:20240701T090000\n\
        DTEND;TZID=Own:20240701T100000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20240708T070000Z,20240715T070000Z\n\
        CATEGORIES:A,B\nX-OWN:é\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT\n\
        BEGIN:VTODO\nUID:2\nDUE;VALUE=DATE:20240801\nPRIORITY:1\nEND:VTODO\nEND:VCALENDAR\n";
    let read = read(text).unwrap();
    let expected = r#"{"version":"2.0","prodId":"-//X//EN","method":"REQUEST","events":[{"uid":"1","summary":"a very long one, folded","start":{"date":"2024-07-01T07:00:00.000Z","type":"DATE-TIME","local":{"date":"2024-07-01T09:00:00.000","timezone":"Europe/Paris"}},"end":{"date":"2024-07-01T10:00:00.000","type":"DATE-TIME","local":{"date":"2024-07-01T10:00:00.000","timezone":"Own"}},"recurrenceRule":"FREQ=WEEKLY;COUNT=3","exceptionDates":[{"date":"2024-07-08T07:00:00.000Z","type":"DATE-TIME"},{"date":"2024-07-15T07:00:00.000Z","type":"DATE-TIME"}],"categories":["A","B"],"X-OWN":"é","alarms":[{"action":"DISPLAY","trigger":"-PT15M"}]}],"todos":[{"uid":"2","due":{"date":"2024-08-01T00:00:00.000Z","type":"DATE"},"priority":1}]}"#;
    assert_eq!(read.to_json(), expected);
}

#[test]
fn what_is_no_calendar_says_so() {
    for text in ["", "plain text", "BEGIN:", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"] {
        assert!(read(text).is_err(), "{text:?}");
    }
    let deep = "BEGIN:A\n".repeat(100_000);
    assert!(read(&deep).unwrap_err().to_string().contains("levels"));
}
