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
        (r#"{"operation":"html"}"#, "a.html", b"<table><tr><th>a<tr><td>1</table>", r#"[{"a":1}]"#),
        (r#"{"operation":"autodetect"}"#, "a.htm", b"<table><tr><th>a<tr><td>x</table>", r#"[{"a":"x"}]"#),
        (r#"{"operation":"fromJson"}"#, "a.json", b"\xef\xbb\xbf{\"x\":[1]}", r#"[{"data":{"x":[1]}}]"#),
        (r#"{"operation":"fromJson","destinationKey":""}"#, "a.json", b"{\"x\":1}", r#"[{"x":1}]"#),
        (r#"{"operation":"fromJson","destinationKey":""}"#, "a.json", b"", "[{}]"),
        (r#"{"operation":"text","destinationKey":"t.u"}"#, "a.txt", b"\xc3\xa9", r#"[{"t":{"u":"é"}}]"#),
        (r#"{"operation":"text","options":{"keepSource":"json"}}"#, "a.txt", b"x", r#"[{"id":1,"data":"x"}]"#),
        (r#"{"operation":"xml"}"#, "a.xml", b"<a/>", r#"[{"data":"<a/>"}]"#),
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
        (r#"{"operation":"autodetect"}"#, vec![item_with("a.XLSX", "x/y", b"PK")], "Save the table as CSV"),
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

fn imported(node_type: &str, parameters: &str) -> Result<Imported, Unsupported> {
    let parameters = from_json(parameters).unwrap();
    ExtractFromFile.import_n8n(&N8nNode { node_type, version: 1.0, parameters: &parameters })
}

#[test]
fn n8n_nodes_of_three_types_are_taken() {
    use super::super::convert_to_file::import::{MOVE, SPREADSHEET};
    for (node_type, given, expected) in [
        ("n8n-nodes-base.extractFromFile", r#"{"operation":"text"}"#, r#"{"operation":"text"}"#),
        (SPREADSHEET, "{}", r#"{"operation":"autodetect"}"#),
        (
            SPREADSHEET,
            r#"{"fileFormat":"csv","options":{"delimiter":";"}}"#,
            r#"{"options":{"delimiter":";"},"operation":"csv"}"#,
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
    assert!(imported("n8n-nodes-base.extractFromFile", r#"{"operation":"pdf"}"#).is_err());
    for (node_type, given) in [(SPREADSHEET, r#"{"operation":"toFile"}"#), (MOVE, r#"{"mode":"jsonToBinary"}"#)] {
        assert!(imported(node_type, given).unwrap_err().is_elsewhere());
    }
}
