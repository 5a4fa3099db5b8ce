use weft_nodes::testing::items;
use weft_value::from_json;

use super::*;
use crate::files::testing::{execute, item_with};

#[tokio::test]
async fn what_is_packed_is_unpacked_again() {
    let content = "weft é ".repeat(30_000);
    let mut item = item_with("a.txt", "text/plain", content.as_bytes());
    let small = item_with("b.json", "application/json", b"{}").binary.unwrap()["data"].clone();
    item = crate::files::with_file(item, "other", small);
    let zip =
        r#"{"operation":"compress","binaryPropertyName":"data, other","binaryPropertyOutput":"z","fileName":"all"}"#;
    let packed = execute("compression", zip, vec![item.clone()]).await.unwrap();
    let file = packed.file(0, "z");
    assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("all.zip"), "application/zip"));
    let bytes = packed.bytes(0, "z").await;
    assert!(bytes.len() < content.len() / 20);
    let archive = item_with("all.zip", "application/zip", &bytes);
    let unpacked = execute("compression", "{}", vec![archive]).await.unwrap();
    assert_eq!(unpacked.bytes(0, "file_0").await, content.as_bytes());
    assert_eq!(unpacked.bytes(0, "file_1").await, b"{}");
    assert_eq!(unpacked.file(0, "file_1").mime_type, "application/json");
    assert_eq!(unpacked.items[0].json.to_json(), r#"{"id":1}"#);

    let gzip = r#"{"operation":"compress","outputFormat":"gzip"}"#;
    let packed = execute("compression", gzip, vec![item]).await.unwrap();
    assert_eq!(packed.file(0, "data").file_name.as_deref(), Some("a.txt.gz"));
    let archive = item_with("a.txt.gz", "application/gzip", &packed.bytes(0, "data").await);
    let unpacked = execute("compression", r#"{"outputPrefix":"out"}"#, vec![archive]).await.unwrap();
    assert_eq!(unpacked.bytes(0, "out0").await, content.as_bytes());
    assert_eq!(unpacked.file(0, "out0").file_name.as_deref(), Some("a.txt"));
}

#[tokio::test]
async fn what_is_no_archive_says_so() {
    for (parameters, given, says) in [
        ("{}", items("[{}]"), "no file “data”"),
        ("{}", vec![item_with("a.txt", "text/plain", b"x")], "neither"),
        ("{}", vec![item_with("a.zip", "application/zip", b"x")], "zip file that can be read"),
        ("{}", vec![item_with("a.gz", "application/gzip", b"x")], "gzip file that can be read"),
    ] {
        let error = execute("compression", parameters, given).await.err().unwrap();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn n8n_parameters_are_taken() {
    let import = |version, parameters: &str| {
        let parameters = from_json(parameters).unwrap();
        let node_type = "n8n-nodes-base.compression";
        Compression.import_n8n(&N8nNode { node_type, version, parameters: &parameters })
    };
    let old = import(1.0, r#"{"operation":"compress","outputFormat":"gzip","outputPrefix":"p"}"#).unwrap();
    assert_eq!(
        old.parameters.to_json(),
        r#"{"operation":"compress","outputFormat":"gzip","binaryPropertyOutput":"p0"}"#
    );
    assert_eq!(import(1.1, "{}").unwrap().parameters.to_json(), "{}");
    assert!(import(1.1, r#"{"operation":"compress","outputFormat":"tar"}"#).is_err());
}
