use weft_nodes::testing::items;
use weft_value::{BinaryRef, Object, from_json};

use super::*;
use crate::files::testing::execute;

const TWO: &str = r#"[{"a":1,"b":"é"},{"a":true,"c":{"d":"x,y"}}]"#;

#[tokio::test]
async fn files_are_made_of_what_items_hold() {
    for (parameters, name, mime_type, content) in [
        ("{}", "data.csv", "text/csv", "\u{feff}a,b,c.d\n1,é,\nTRUE,,\"x,y\""),
        (
            r#"{"operation":"csv","options":{"delimiter":";","headerRow":false,"fileName":"o.csv"}}"#,
            "o.csv",
            "text/csv",
            "\u{feff}1;é;\nTRUE;;x,y",
        ),
        (
            r#"{"operation":"toJson"}"#,
            "file.json",
            "application/json",
            r#"[{"a":1,"b":"é"},{"a":true,"c":{"d":"x,y"}}]"#,
        ),
        (r#"{"operation":"toJson","mode":"each"}"#, "file.json", "application/json", r#"{"a":1,"b":"é"}"#),
        (
            r#"{"operation":"toJson","mode":"each","options":{"format":true}}"#,
            "file.json",
            "application/json",
            "{\n  \"a\": 1,\n  \"b\": \"é\"\n}",
        ),
    ] {
        let given = execute("convertToFile", parameters, items(TWO)).await.unwrap();
        let file = given.file(0, "data");
        assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some(name), mime_type), "{parameters}");
        assert_eq!(String::from_utf8(given.bytes(0, "data").await).unwrap(), content, "{parameters}");
        assert_eq!(given.items[0].json.to_json(), "{}");
    }
}

#[tokio::test]
async fn text_and_base64_make_one_file_of_each_item() {
    let given = items(r#"[{"t":"é","n":{"x":[1]}},{"t":"b","n":{"x":2}}]"#);
    let text =
        r#"{"operation":"toText","sourceProperty":"t","binaryPropertyName":"f","options":{"encoding":"latin1"}}"#;
    let made = execute("convertToFile", text, given.clone()).await.unwrap();
    assert_eq!((made.bytes(0, "f").await, made.bytes(1, "f").await), (vec![0xe9], b"b".to_vec()));
    assert_eq!(made.file(0, "f").file_extension.as_deref(), Some("txt"));
    let nested = r#"{"operation":"toText","sourceProperty":"n.x","options":{"keepData":true}}"#;
    let made = execute("convertToFile", nested, given).await.unwrap();
    assert_eq!(made.bytes(0, "data").await, b"[1]");
    assert_eq!(made.items[1].json.to_json(), r#"{"t":"b","n":{"x":2}}"#);
    let base64 = r#"{"operation":"toBinary","sourceProperty":"d","options":{"fileName":"p.png"}}"#;
    let made =
        execute("convertToFile", base64, items(r#"[{"d":"aGk="},{"d":"data:image/png;base64,aGk"}]"#)).await.unwrap();
    assert_eq!((made.bytes(0, "data").await, made.bytes(1, "data").await), (b"hi".to_vec(), b"hi".to_vec()));
    assert_eq!(made.file(0, "data").mime_type, "image/png");
}

#[tokio::test]
async fn wrong_parameters_and_items_without_the_field_fail_and_say_so() {
    for (parameters, says) in [
        (r#"{"operation":"toText","sourceProperty":"nope"}"#, "nope"),
        (r#"{"operation":"toBinary","sourceProperty":"a"}"#, "base64"),
        (r#"{"operation":"toText","sourceProperty":"b","options":{"encoding":"klingon"}}"#, "klingon"),
        (r#"{"options":{"delimiter":"ab"}}"#, "one character"),
        (r#"{"operation":"toText"}"#, "must be filled in"),
    ] {
        let error = execute("convertToFile", parameters, items(TWO)).await.err().unwrap();
        assert!(error.contains(says), "{parameters}: {error}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_items_are_one_file() {
    let item = |number: u32| Item::new([("n", number)].into_iter().collect::<Object>());
    let made = execute("convertToFile", "{}", (0..100_000).map(item).collect()).await.unwrap();
    assert_eq!(made.items.len(), 1);
    let text = String::from_utf8(made.bytes(0, "data").await).unwrap();
    assert_eq!(text.lines().count(), 100_001);
    assert!(matches!(&made.items[0].pairing, Pairing::Many(all) if all.len() == 100_000));
    assert!(made.file(0, "data").key.is_some(), "it is not in the item");
}

#[tokio::test]
async fn an_event_is_a_file_for_calendars() {
    let event = r#"{"operation":"iCal","title":"={{ $json.b }}","start":"2026-12-24T18:00:00","end":"2026-12-24T20:00:00",
        "additionalFields":{"location":"Café, 1","geolocationUi":{"geolocationValues":{"lat":"1.5","lon":"2"}},
            "attendeesUi":{"attendeeValues":[{"name":"Zoë","email":"z@x.example","rsvp":true}]},
            "organizerUi":{"organizerValues":{"email":"a@x.example"}},"uid":"u","fileName":"party.ics"}}"#;
    let made = execute("convertToFile", event, items(TWO)).await.unwrap();
    let file = made.file(0, "data");
    assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("party.ics"), "text/calendar"));
    let text = String::from_utf8(made.bytes(0, "data").await).unwrap();
    for line in [
        "SUMMARY:é",
        "DTSTART:20261224T180000Z",
        "DTEND:20261224T200000Z",
        "LOCATION:Café\\, 1",
        "GEO:1.5;2",
        "ORGANIZER:mailto:a@x.example",
        "ATTENDEE;CN=Zoë;RSVP=TRUE:mailto:z@x.example",
        "UID:u",
    ] {
        assert!(text.lines().any(|written| written == line), "{line}: {text}");
    }
    let bare = r#"{"operation":"iCal","start":"2026-12-24","end":"2026-12-24","allDay":true}"#;
    let made = execute("convertToFile", bare, items(TWO)).await.unwrap();
    let [one, two] = [made.bytes(0, "data").await, made.bytes(1, "data").await].map(|b| String::from_utf8(b).unwrap());
    assert!(one.contains("DTEND;VALUE=DATE:20261225") && one != two, "each event has an id of its own");
    let wrong = r#"{"operation":"iCal","start":"soon","end":"2026-12-24"}"#;
    assert!(execute("convertToFile", wrong, items(TWO)).await.err().unwrap().contains("start"));
}

fn imported(node_type: &str, version: f64, parameters: &str) -> Result<Imported, Unsupported> {
    let parameters = from_json(parameters).unwrap();
    ConvertToFile.import_n8n(&N8nNode { node_type, version, parameters: &parameters })
}

#[test]
fn n8n_nodes_of_three_types_are_taken() {
    let convert = "n8n-nodes-base.convertToFile";
    for (node_type, version, given, expected, remarks) in [
        (
            convert,
            1.1,
            r#"{"operation":"toText","sourceProperty":"a"}"#,
            r#"{"operation":"toText","sourceProperty":"a","options":{}}"#,
            0,
        ),
        (
            convert,
            1.0,
            r#"{"operation":"toBinary","options":{"dataIsBase64":false}}"#,
            r#"{"operation":"toText","options":{}}"#,
            0,
        ),
        (
            import::SPREADSHEET,
            1.0,
            r#"{"operation":"toFile"}"#,
            r#"{"operation":"xlsx","binaryPropertyName":"data","options":{"fileName":"spreadsheet.xlsx"}}"#,
            1,
        ),
        (convert, 1.1, r#"{"operation":"ods"}"#, r#"{"operation":"xlsx","options":{"fileName":"File.xlsx"}}"#, 1),
        (
            import::SPREADSHEET,
            2.0,
            r#"{"operation":"toFile","fileFormat":"csv"}"#,
            r#"{"operation":"csv","binaryPropertyName":"data","options":{"fileName":"spreadsheet.csv"}}"#,
            0,
        ),
        (
            "n8n-nodes-base.iCal",
            1.0,
            r#"{"title":"t","start":"s","end":"e","additionalFields":{"useWorkflowTimezone":true,"uid":"u"}}"#,
            r#"{"title":"t","start":"s","end":"e","additionalFields":{"uid":"u"},"operation":"iCal"}"#,
            0,
        ),
        (
            import::MOVE,
            1.1,
            r#"{"mode":"jsonToBinary","convertAllData":false,"sourceKey":"t","options":{"dataIsBase64":true,"mimeType":"image/png"}}"#,
            r#"{"operation":"toBinary","mode":"each","sourceProperty":"t","binaryPropertyName":"data","options":{"mimeType":"image/png","moved":"text"}}"#,
            0,
        ),
        (
            import::MOVE,
            1.0,
            r#"{"mode":"jsonToBinary","options":{"keepSource":true}}"#,
            r#"{"operation":"toJson","mode":"each","binaryPropertyName":"data","options":{"mimeType":"application/json","keepData":true,"moved":"json"}}"#,
            0,
        ),
    ] {
        let imported = imported(node_type, version, given).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (expected, remarks), "{given}");
    }
    for (given, expected) in [
        ("{}", r#"{"operation":"csv","options":{"fileName":"File.csv"}}"#),
        (
            r#"{"operation":"html","options":{"fileName":"=a{{ 1 }}"}}"#,
            r#"{"operation":"html","options":{"fileName":"=a{{ 1 }}"}}"#,
        ),
        (
            r#"{"operation":"xlsx","options":{"sheetName":"S","compression":true}}"#,
            r#"{"operation":"xlsx","options":{"sheetName":"S","fileName":"File.xlsx"}}"#,
        ),
    ] {
        assert_eq!(imported(convert, 1.1, given).unwrap().parameters.to_json(), expected);
    }
    assert_eq!(imported(convert, 1.1, r#"{"operation":"rtf"}"#).unwrap_err().field.as_deref(), Some("operation"));
    for (node_type, given) in [(import::SPREADSHEET, "{}"), (import::MOVE, "{}")] {
        assert!(imported(node_type, 1.0, given).unwrap_err().is_elsewhere());
    }
}

#[tokio::test]
async fn what_is_moved_to_a_file_leaves_the_rest_of_its_item() {
    let given = r#"[{"l":["x"],"t":"é"},{"t":"left out"},{"l":"text","n":{"a":1,"b":2}}]"#;
    let with = |rest: &str| format!(r#"{{"mode":"jsonToBinary","convertAllData":false,"sourceKey":"l"{rest}}}"#);
    for (version, parameters, json, file, bytes) in [
        (
            1.0,
            with(""),
            r#"[{"t":"é"},{"n":{"a":1,"b":2}}]"#,
            ("file.json", "application/json"),
            [r#"["x"]"#, "\"text\""],
        ),
        (
            1.1,
            with(r#","options":{"useRawData":true,"fileName":"a.html"}"#),
            r#"[{"t":"é"},{"n":{"a":1,"b":2}}]"#,
            ("a.html", "text/html"),
            [r#"["x"]"#, "text"],
        ),
        (
            1.1,
            with(r#","options":{"useRawData":true,"keepSource":true}"#),
            r#"[{"l":["x"],"t":"é"},{"l":"text","n":{"a":1,"b":2}}]"#,
            ("file.txt", "text/plain"),
            [r#"["x"]"#, "text"],
        ),
    ] {
        let taken = imported(import::MOVE, version, &parameters).unwrap();
        assert!(taken.remarks.is_empty());
        let made = execute("convertToFile", &taken.parameters.to_json(), items(given)).await.unwrap();
        let rows: Vec<_> = made.items.iter().map(|item| item.json.to_json()).collect();
        assert_eq!(format!("[{}]", rows.join(",")), json, "{parameters}");
        let described = made.file(0, "data");
        assert_eq!((described.file_name.as_deref(), described.mime_type.as_str()), (Some(file.0), file.1));
        for (index, bytes) in bytes.into_iter().enumerate() {
            assert_eq!(String::from_utf8(made.bytes(index, "data").await).unwrap(), bytes, "{parameters}");
        }
        assert!(matches!(&made.items[1].pairing, Pairing::One(from) if from.item == 2), "{parameters}");
    }
}

#[tokio::test]
async fn what_is_moved_to_a_file_leaves_the_files_of_its_item() {
    let inner = r#"{"mode":"jsonToBinary","convertAllData":false,"sourceKey":"n.a","destinationKey":"made"}"#;
    let taken = imported(import::MOVE, 1.1, inner).unwrap();
    let file = BinaryRef { data: Some("aGk=".to_owned()), size: 2, ..BinaryRef::default() };
    let given =
        items(r#"[{"n":{"a":1,"b":2}}]"#).into_iter().map(|item| with_file(item, "own", file.clone())).collect();
    let made = execute("convertToFile", &taken.parameters.to_json(), given).await.unwrap();
    assert_eq!(made.items[0].json.to_json(), r#"{"n":{"b":2}}"#);
    assert_eq!((made.bytes(0, "own").await, made.bytes(0, "made").await), (b"hi".to_vec(), b"1".to_vec()));
}
