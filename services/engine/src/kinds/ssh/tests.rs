use weft_clients::ssh::Ran;
use weft_nodes::testing::import;
use weft_value::from_json;

use super::work::{in_folder, told};
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
        r#"{"operation":"download"}"#,
        r#"{"operation":"delete","path":"/a"}"#,
        r#"{"command":"ls","options":{"timeout":-1}}"#,
    ] {
        assert!(node(json).is_err(), "{json}");
    }
    assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"command":"ls"}"#).unwrap()).is_err());
}

#[test]
fn a_command_is_executed_once_and_files_are_moved_again() {
    for (json, retried) in [
        (r#"{"command":"ls"}"#, Retried::AtMostOnce),
        (r#"{"operation":"upload","path":"/a"}"#, Retried::Idempotent),
        (r#"{"operation":"download","path":"/a"}"#, Retried::Idempotent),
    ] {
        assert_eq!(node(json).unwrap().retried(), retried);
    }
}

#[test]
fn a_folder_is_one_word_for_the_shell() {
    for (folder, expected) in [
        ("", "ls -l"),
        ("/srv/a b", "cd '/srv/a b' || exit 1\nls -l"),
        ("it's; rm -rf /", "cd 'it'\\''s; rm -rf /' || exit 1\nls -l"),
        ("$(reboot)`reboot`", "cd '$(reboot)`reboot`' || exit 1\nls -l"),
        ("~", "cd ~/'' || exit 1\nls -l"),
        ("~/é", "cd ~/'é' || exit 1\nls -l"),
        ("~ada", "cd '~ada' || exit 1\nls -l"),
    ] {
        assert_eq!(in_folder(folder, "ls -l").unwrap(), expected);
    }
    assert_eq!(in_folder("/", "  ").unwrap_err().field.as_deref(), Some("command"));
}

#[test]
fn what_a_command_wrote_is_told_without_its_blank_ends() {
    let ran = Ran { code: Some(3), signal: None, stdout: b" a\n".to_vec(), stderr: b"\xff\n".to_vec() };
    assert_eq!(
        Value::from(told(ran)).to_json(),
        "{\"code\":3,\"signal\":null,\"stdout\":\"a\",\"stderr\":\"\u{fffd}\"}"
    );
    let killed = Ran { signal: Some("SIGKILL".into()), ..Ran::default() };
    assert_eq!(Value::from(told(killed)).to_json(), r#"{"code":null,"signal":"SIGKILL","stdout":"","stderr":""}"#);
}

#[test]
fn nodes_of_n8n_are_imported() {
    for (json, expected) in [
        (r#"{"command":"ls","cwd":"/tmp"}"#, r#"{"command":"ls","cwd":"/tmp","operation":"execute"}"#),
        (
            r#"{"resource":"file","authentication":"privateKey","path":"/tmp"}"#,
            r#"{"path":"/tmp","operation":"upload"}"#,
        ),
        (
            r#"{"resource":"file","operation":"download","path":"/a","options":{"fileName":"b"}}"#,
            r#"{"operation":"download","path":"/a","options":{"fileName":"b"}}"#,
        ),
    ] {
        let imported = import(&Ssh, 1.0, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected);
        assert!(imported.remarks[0].contains(if json.contains("privateKey") { "private key" } else { "password" }));
        assert!(node(&imported.parameters.to_json()).is_ok());
    }
}
