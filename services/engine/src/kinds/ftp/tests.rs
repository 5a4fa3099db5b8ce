use weft_nodes::testing::import;
use weft_value::from_json;

use super::*;

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
    parameters(&DESCRIPTOR, &given.into())
}

#[test]
fn what_is_missing_is_told() {
    for json in [
        "{}",
        r#"{"operation":"upload"}"#,
        r#"{"operation":"rename","oldPath":"/a"}"#,
        r#"{"operation":"delete"}"#,
        r#"{"operation":"copy","path":"/a"}"#,
        r#"{"path":"/a","options":{"timeout":-1}}"#,
    ] {
        assert!(node(json).is_err(), "{json}");
    }
    assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"path":"/a"}"#).unwrap()).is_err());
}

#[test]
fn what_changes_names_is_done_once() {
    for (json, retried) in [
        (r#"{"path":"/a"}"#, Retried::Idempotent),
        (r#"{"operation":"upload","path":"/a"}"#, Retried::Idempotent),
        (r#"{"operation":"list"}"#, Retried::Idempotent),
        (r#"{"operation":"rename","oldPath":"/a","newPath":"/b"}"#, Retried::AtMostOnce),
        (r#"{"operation":"delete","path":"/a"}"#, Retried::AtMostOnce),
    ] {
        assert_eq!(node(json).unwrap().retried(), retried, "{json}");
    }
}

#[test]
fn how_long_a_server_may_take_is_said_in_milliseconds() {
    assert_eq!(node(r#"{"path":"/a","options":{"timeout":1500}}"#).unwrap().limit(), Duration::from_millis(1500));
    assert_eq!(node(r#"{"path":"/a"}"#).unwrap().limit(), remote::CONNECT);
}

#[test]
fn nodes_of_n8n_are_imported_in_every_version() {
    for version in [1.0, 1.1] {
        for (json, expected) in [
            (r#"{"path":"/a","options":{"timeout":1,"chunkSize":64}}"#, r#"{"path":"/a","options":{"timeout":1}}"#),
            (
                r#"{"protocol":"sftp","operation":"list","path":"/é","recursive":true}"#,
                r#"{"operation":"list","path":"/é","recursive":true}"#,
            ),
        ] {
            let imported = import(&Ftp, version, json).unwrap();
            assert_eq!(imported.parameters.to_json(), expected);
            assert!(imported.remarks[0].contains(if json.contains("sftp") { "“SFTP”" } else { "“FTP”" }));
            assert!(node(&imported.parameters.to_json()).is_ok());
        }
    }
}
