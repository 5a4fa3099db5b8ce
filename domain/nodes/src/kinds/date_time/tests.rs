//! Dates as they are read, moved and written.

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

fn check(node: &str, items: &str, expected: &str) {
    let outputs = run(&DateAndTime, node, &TestStep::new(&[items])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), expected, "{node}");
}

#[test]
fn every_operation_gives_its_field() {
    for (node, expected) in [
        ("{}", r#"[{"currentDate":"1970-01-01T00:00:00.000Z"}]"#),
        (
            r#"{"options":{"timezone":"Asia/Tokyo"},"includeTime":false,"outputFieldName":"d"}"#,
            r#"[{"d":"1970-01-01T00:00:00.000+09:00"}]"#,
        ),
        (r#"{"operation":"formatDate","date":"={{ $json.d }}"}"#, r#"[{"formattedDate":"01/31/2026"}]"#),
        (
            r#"{"operation":"formatDate","date":"={{ $json.d }}","format":"d LLLL yyyy HH:mm","options":{"timezone":"Europe/Paris","includeInputFields":true}}"#,
            r#"[{"d":"2026-01-31T10:20:30Z","formattedDate":"31 January 2026 11:20"}]"#,
        ),
        (
            r#"{"operation":"addToDate","date":"={{ $json.d }}","duration":1,"timeUnit":"months"}"#,
            r#"[{"newDate":"2026-02-28T10:20:30.000Z"}]"#,
        ),
        (
            r#"{"operation":"subtractFromDate","date":"={{ $json.d }}","duration":"={{ 36 }}","timeUnit":"hours"}"#,
            r#"[{"newDate":"2026-01-29T22:20:30.000Z"}]"#,
        ),
        (r#"{"operation":"extractDate","date":"={{ $json.d }}","part":"week"}"#, r#"[{"datePart":5}]"#),
        (
            r#"{"operation":"getTimeBetweenDates","startDate":"2026-01-01","endDate":"={{ $json.d }}","units":["day","hour"]}"#,
            r#"[{"timeDifference":{"days":30,"hours":10.341666666666667}}]"#,
        ),
        (
            r#"{"operation":"getTimeBetweenDates","startDate":"2026-01-03","endDate":"2026-01-01","options":{"isoString":true}}"#,
            r#"[{"timeDifference":"P-2D"}]"#,
        ),
        (
            r#"{"operation":"roundDate","date":"={{ $json.d }}","toNearest":"hour"}"#,
            r#"[{"roundedDate":"2026-01-31T10:00:00.000Z"}]"#,
        ),
        (
            r#"{"operation":"roundDate","date":"={{ $json.d }}","mode":"roundUp"}"#,
            r#"[{"roundedDate":"2026-02-01T00:00:00.000Z"}]"#,
        ),
    ] {
        check(node, r#"[{"d":"2026-01-31T10:20:30Z"}]"#, expected);
    }
}

#[test]
fn dates_come_in_many_forms() {
    for (date, expected) in [
        ("1769854830", "2026-01-31 10:20"),
        ("1769854830000", "2026-01-31 10:20"),
        ("1769854830.5", "2026-01-31 10:20"),
        (r#""1769854830000""#, "2026-01-31 10:20"),
        (r#""2026-01-31T10:20:30+02:00""#, "2026-01-31 10:20"),
        (r#""2026-01-31 10:20:30""#, "2026-01-31 10:20"),
        (r#""1/31/2026""#, "2026-01-31 00:00"),
        (r#""Sat, 31 Jan 2026 10:20:30 GMT""#, "2026-01-31 10:20"),
    ] {
        let node =
            r#"{"operation":"formatDate","date":"={{ $json.d }}","format":"yyyy-MM-dd HH:mm","outputFieldName":"f"}"#;
        check(node, &format!(r#"[{{"d":{date}}}]"#), &format!(r#"[{{"f":"{expected}"}}]"#));
    }
    check(r#"{"operation":"formatDate","date":"={{ $json.none }}","outputFieldName":"f"}"#, "[{}]", "[{}]");
    let by_pattern =
        r#"{"operation":"formatDate","date":"20260131","format":"d/M","options":{"fromFormat":"yyyyMMdd"}}"#;
    check(by_pattern, "[{}]", r#"[{"formattedDate":"31/1"}]"#);
}

#[test]
fn what_is_no_date_is_an_error_of_its_item() {
    let node = r#"{"operation":"addToDate","date":"={{ $json.d }}","duration":1}"#;
    let items = r#"[{"d":"2026-01-31"},{"d":"soon"},{"d":{}},{"d":null},{"d":1e300}]"#;
    let error = run(&DateAndTime, node, &TestStep::new(&[items])).unwrap_err();
    assert_eq!((error.item, error.field.as_deref()), (Some(1), Some("date")));
    assert!(error.message.contains("'soon'"), "{error}");
    let outputs = run(&DateAndTime, node, &TestStep::new(&[items]).carrying_on()).unwrap();
    assert_eq!((outputs.ports[0].len(), outputs.failed.len()), (1, 4), "{:?}", outputs.failed);

    let zone = r#"{"options":{"timezone":"Mars/Olympus"}}"#;
    let error = run(&DateAndTime, zone, &TestStep::new(&["[{}]"])).unwrap_err();
    assert_eq!(error.code, "time_zone");
    let far = r#"{"operation":"addToDate","date":"2026-01-31","duration":1e9,"timeUnit":"years"}"#;
    assert_eq!(run(&DateAndTime, far, &TestStep::new(&["[{}]"])).unwrap_err().code, "date");
    assert!(prepare(&DateAndTime, r#"{"operation":"guess"}"#).is_err());
    check(node, "[]", "[]");
}

#[test]
fn n8n_versions_are_mapped() {
    for (version, old, expected) in [
        (
            2.0,
            r#"{"operation":"addToDate","magnitude":"2026-01-31","duration":2}"#,
            r#"[{"newDate":"2026-02-02T00:00:00.000Z"}]"#,
        ),
        (
            2.0,
            r#"{"operation":"formatDate","date":"2026-01-31","format":"custom","customFormat":"yy"}"#,
            r#"[{"formattedDate":"26"}]"#,
        ),
        (
            2.0,
            r#"{"operation":"formatDate","date":"2026-01-31","format":"yyyy/MM/dd","customFormat":"yy"}"#,
            r#"[{"formattedDate":"2026/01/31"}]"#,
        ),
        (
            2.0,
            r#"{"operation":"formatDate","date":"2026-01-31","options":{"timezone":true}}"#,
            r#"[{"formattedDate":"01/31/2026"}]"#,
        ),
        (
            1.0,
            r#"{"value":"2026-01-31","custom":true,"toFormat":"Do MMM","dataPropertyName":"a.b"}"#,
            r#"[{"k":1,"a.b":"31st Jan"}]"#,
        ),
        (
            1.0,
            r#"{"value":"31-01-2026","options":{"fromFormat":"DD-MM-YYYY","toTimezone":"America/New_York"}}"#,
            r#"[{"k":1,"data":"01/30/2026"}]"#,
        ),
        (
            1.0,
            r#"{"value":"1/31/2026","toFormat":"x","options":{"fromTimezone":"Asia/Tokyo"}}"#,
            r#"[{"k":1,"data":"1769817600000"}]"#,
        ),
        (
            1.0,
            r#"{"action":"calculate","value":"1/31/2026","duration":1,"operation":"subtract","timeUnit":"quarters"}"#,
            r#"[{"k":1,"data":"2025-10-31T00:00:00.000Z"}]"#,
        ),
        (
            1.0,
            r#"{"action":"calculate","value":"2026-01-31","duration":1.5,"timeUnit":"days"}"#,
            r#"[{"k":1,"data":"2026-02-02T00:00:00.000Z"}]"#,
        ),
        (
            1.0,
            r#"{"action":"calculate","value":"2026-01-31","duration":1.5,"timeUnit":"hours"}"#,
            r#"[{"k":1,"data":"2026-01-31T01:30:00.000Z"}]"#,
        ),
    ] {
        let imported = import(&DateAndTime, version, old).unwrap();
        check(&imported.parameters.to_json(), r#"[{"k":1}]"#, expected);
    }
    assert!(import(&DateAndTime, 1.0, r#"{"action":"guess"}"#).is_err());
}
