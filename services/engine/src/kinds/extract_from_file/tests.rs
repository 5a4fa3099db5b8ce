use weft_nodes::testing::items;
use weft_value::{Pairing, from_json};

use super::*;
use crate::files::testing::{execute, item_with};

#[tokio::test]
async fn files_become_items_and_fields() {
    for (parameters, name, content, expected) in [
        ("{}", "a.csv", &b"a,b\n1,\xc3\xa9\n2,\n"[..], r#"[{"a":"1","b":"é"},{"a":"2"}]"#),
        (
            r#"{"options":{"delimiter":"\\t","includeEmptyCells":true}}"#,
            "a.tsv",
            b"a\tb\n1\t\n",
            r#"[{"a":"1","b":""}]"#,
        ),
        (r#"{"options":{"encoding":"latin1","headerRow":false}}"#, "a.csv", b"\xe9,1\n", r#"[{"row":["é","1"]}]"#),
        (
            r#"{"options":{"headerRow":false,"numbered":true}}"#,
            "a.csv",
            b"a,,c

",
            r#"[{"row":{"0":"a","2":"c"}}]"#,
        ),
        (r#"{"operation":"html"}"#, "a.html", b"<table><tr><th>a<tr><td>1</table>", r#"[{"a":1}]"#),
        (r#"{"operation":"autodetect"}"#, "a.htm", b"<table><tr><th>a<tr><td>x</table>", r#"[{"a":"x"}]"#),
        (r#"{"operation":"fromJson"}"#, "a.json", b"\xef\xbb\xbf{\"x\":[1]}", r#"[{"data":{"x":[1]}}]"#),
        (r#"{"operation":"fromJson","destinationKey":""}"#, "a.json", b"{\"x\":1}", r#"[{"x":1}]"#),
        (r#"{"operation":"fromJson","destinationKey":""}"#, "a.json", b"", "[{}]"),
        (r#"{"operation":"text","destinationKey":"t.u"}"#, "a.txt", b"\xc3\xa9", r#"[{"t":{"u":"é"}}]"#),
        (r#"{"operation":"text","options":{"keepSource":"json"}}"#, "a.txt", b"x", r#"[{"id":1,"data":"x"}]"#),
        (r#"{"operation":"xml"}"#, "a.xml", b"<a/>", r#"[{"data":"<a/>"}]"#),
        (
            r#"{"operation":"fromIcs"}"#,
            "a.ics",
            b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:\xc3\xa9\nEND:VEVENT\nEND:VCALENDAR\n",
            r#"[{"data":{"version":"2.0","events":[{"summary":"é"}]}}]"#,
        ),
        (r#"{"operation":"binaryToPropery"}"#, "a.bin", b"hi", r#"[{"data":"aGk="}]"#),
    ] {
        let given = execute("extractFromFile", parameters, vec![item_with(name, "x/y", content)]).await.unwrap();
        assert_eq!(given.json(), expected, "{parameters}");
    }
}

#[tokio::test]
async fn the_file_is_kept_where_that_is_asked_and_others_always_are() {
    let item = || {
        let other = item_with("b.txt", "text/plain", b"b").binary.unwrap()["data"].clone();
        crate::files::with_file(item_with("a.txt", "text/plain", b"a"), "other", other)
    };
    for (keep, files) in [("json", vec!["other"]), ("binary", vec!["data", "other"]), ("both", vec!["data", "other"])] {
        let parameters = format!(r#"{{"operation":"text","options":{{"keepSource":"{keep}"}}}}"#);
        let given = execute("extractFromFile", &parameters, vec![item()]).await.unwrap();
        let kept: Vec<&str> = given.items[0].binary.iter().flat_map(|files| files.keys().map(String::as_str)).collect();
        assert_eq!(kept, files, "{keep}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_says_so() {
    let item = || vec![item_with("a.csv", "text/csv", b"no JSON")];
    for (parameters, given, says) in [
        (r#"{"binaryPropertyName":"nope"}"#, item(), "no file “nope”"),
        ("{}", items("[{}]"), "no file “data”"),
        (r#"{"operation":"fromJson"}"#, item(), "not valid JSON"),
        (r#"{"operation":"html"}"#, item(), "no table"),
        (r#"{"options":{"encoding":"klingon"}}"#, item(), "klingon"),
        (r#"{"operation":"autodetect"}"#, vec![item_with("a.XLS", "x/y", b"PK")], "Save them as XLSX"),
        (r#"{"operation":"autodetect"}"#, vec![item_with("a.XLSX", "x/y", b"PK")], "no XLSX file"),
        (r#"{"operation":"ods"}"#, item(), "no ODS file"),
        (r#"{"operation":"fromIcs"}"#, item(), "no iCalendar file"),
        (r#"{"operation":"xlsx","options":{"range":"?"}}"#, item(), "no range of cells"),
    ] {
        let error = execute("extractFromFile", parameters, given).await.err().unwrap();
        assert!(error.contains(says), "{parameters}: {error}");
    }
    assert!(execute("extractFromFile", "{}", Vec::new()).await.is_err(), "the empty item has no file");
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_as_many_items_of_one_file() {
    let text: String = std::iter::once("n\n".to_owned()).chain((0..100_000).map(|n| format!("{n}\n"))).collect();
    let given = execute("extractFromFile", "{}", vec![item_with("a.csv", "text/csv", text.as_bytes())]).await.unwrap();
    assert_eq!(given.items.len(), 100_000);
    assert_eq!(given.items[99_999].json.to_json(), r#"{"n":"99999"}"#);
    assert!(matches!(&given.items[5].pairing, Pairing::One(one) if one.item == 0));
}

#[tokio::test]
async fn a_spreadsheet_is_read_as_it_was_made() {
    let given = r#"[{"n":1,"é":"=1","t":true},{"n":2.5,"z":{"a":"ß"}}]"#;
    let made = execute("convertToFile", r#"{"operation":"xlsx","options":{"sheetName":"Sales"}}"#, items(given));
    let made = made.await.unwrap();
    let file = made.file(0, "data");
    assert_eq!(file.file_name.as_deref(), Some("data.xlsx"));
    assert_eq!(file.mime_type, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let item = vec![item_with("data.xlsx", &file.mime_type, &made.bytes(0, "data").await)];
    let read = execute("extractFromFile", r#"{"operation":"autodetect"}"#, item.clone()).await.unwrap();
    assert_eq!(read.json(), r#"[{"n":1,"é":"=1","t":true},{"n":2.5,"z.a":"ß"}]"#);
    let part = r#"{"operation":"xlsx","options":{"sheetName":"Sales","range":"A1:B2","includeEmptyCells":true}}"#;
    assert_eq!(execute("extractFromFile", part, item.clone()).await.unwrap().json(), r#"[{"n":1,"é":"=1"}]"#);
    let missing = execute("extractFromFile", r#"{"operation":"xlsx","options":{"sheetName":"No"}}"#, item).await;
    assert!(missing.err().unwrap().contains("no sheet named “No”"));
}

#[tokio::test]
async fn a_pdf_gives_its_text_and_what_it_says_of_itself() {
    let item = || vec![item_with("a.pdf", "application/pdf", include_bytes!("two-pages.pdf"))];
    let read = execute("extractFromFile", r#"{"operation":"pdf"}"#, item()).await.unwrap();
    assert_eq!(
        read.json(),
        r#"[{"numpages":2,"numrender":2,"info":{"PDFFormatVersion":"1.4","Title":"Deux pages"},"text":"Page one\n\nPage two","version":"1.4"}]"#
    );
    assert!(read.items[0].binary.is_none());
    let apart = r#"{"operation":"pdf","options":{"joinPages":false,"maxPages":1,"keepSource":"both"}}"#;
    let read = execute("extractFromFile", apart, item()).await.unwrap();
    let json = read.items[0].json.clone();
    assert_eq!((json.get("id").as_f64(), json.get("text").to_json().as_str()), (Some(1.0), r#"["Page one"]"#));
    assert!(read.items[0].binary.is_some());
    let error = execute("extractFromFile", r#"{"operation":"pdf"}"#, vec![item_with("a", "x/y", b"x")]).await;
    assert!(error.err().unwrap().contains("no PDF file"));
}

fn imported(node_type: &str, parameters: &str) -> Result<Imported, Unsupported> {
    let parameters = from_json(parameters).unwrap();
    ExtractFromFile.import_n8n(&N8nNode { node_type, version: 1.0, parameters: &parameters })
}

#[test]
fn n8n_nodes_of_three_types_are_taken() {
    use super::super::convert_to_file::import::{MOVE, SPREADSHEET};
    for (node_type, given, expected) in [
        ("n8n-nodes-base.extractFromFile", r#"{"operation":"text"}"#, r#"{"operation":"text"}"#),
        (SPREADSHEET, "{}", r#"{"operation":"autodetect","options":{"dates":"number"}}"#),
        (
            "n8n-nodes-base.extractFromFile",
            r#"{"operation":"pdf","options":{"joinPages":false,"password":"={{ $json.p }}"}}"#,
            r#"{"operation":"pdf","options":{"joinPages":false,"password":"={{ $json.p }}"}}"#,
        ),
        (
            "n8n-nodes-base.readPDF",
            r#"{"binaryPropertyName":"f","encrypted":true,"password":"hunter2"}"#,
            r#"{"operation":"pdf","binaryPropertyName":"f","options":{"keepSource":"binary"}}"#,
        ),
        (
            "n8n-nodes-base.extractFromFile",
            r#"{"operation":"xlsx","options":{"sheetName":"S","rawData":true}}"#,
            r#"{"operation":"xlsx","options":{"sheetName":"S","rawData":true,"dates":"number"}}"#,
        ),
        (
            SPREADSHEET,
            r#"{"fileFormat":"csv","options":{"delimiter":";"}}"#,
            r#"{"options":{"delimiter":";"},"operation":"csv"}"#,
        ),
        (
            "n8n-nodes-base.extractFromFile",
            r#"{"options":{"headerRow":false}}"#,
            r#"{"options":{"headerRow":false,"numbered":true}}"#,
        ),
        (
            "n8n-nodes-base.extractFromFile",
            r#"{"options":{"headerRow":false,"includeEmptyCells":true}}"#,
            r#"{"options":{"headerRow":false,"includeEmptyCells":true}}"#,
        ),
        (
            SPREADSHEET,
            r#"{"fileFormat":"csv","options":{"headerRow":false}}"#,
            r#"{"options":{"headerRow":false},"operation":"csv"}"#,
        ),
        (
            MOVE,
            "{}",
            r#"{"operation":"fromJson","binaryPropertyName":"data","destinationKey":"","options":{"keepSource":"json"}}"#,
        ),
        (
            MOVE,
            r#"{"setAllData":false,"sourceKey":"s","destinationKey":"d","options":{"keepAsBase64":true,"keepSource":true}}"#,
            r#"{"operation":"binaryToPropery","binaryPropertyName":"s","destinationKey":"d","options":{"keepSource":"both"}}"#,
        ),
    ] {
        assert_eq!(imported(node_type, given).unwrap().parameters.to_json(), expected, "{given}");
    }
    assert!(imported("n8n-nodes-base.extractFromFile", r#"{"operation":"xls"}"#).is_err());
    for (node_type, given) in [(SPREADSHEET, r#"{"operation":"toFile"}"#), (MOVE, r#"{"mode":"jsonToBinary"}"#)] {
        assert!(imported(node_type, given).unwrap_err().is_elsewhere());
    }
}
