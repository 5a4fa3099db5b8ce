//! What is sent, and what is made of answers.

use weft_nodes::testing::import;
use weft_value::from_json;

use super::operations::about;
use super::words::written;
use super::*;

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
    parameters(&DESCRIPTOR, &given.into())
}

#[test]
fn a_value_is_set_as_what_it_is_or_shall_be() {
    for (json, key_type, command, values) in [
        (r#""é""#, KeyType::Automatic, "SET", &["é"][..]),
        ("7", KeyType::Automatic, "SET", &["7"]),
        ("null", KeyType::Automatic, "SET", &[""]),
        (r#"{"a":1,"b":[2]}"#, KeyType::Automatic, "HSET", &["a", "1", "b", "[2]"]),
        (r#"{"a":1}"#, KeyType::String, "SET", &[r#"{"a":1}"#]),
        (r#""{\"a\":\"x\"}""#, KeyType::Hash, "HSET", &["a", "x"]),
        (r#"["a",1]"#, KeyType::Automatic, "RPUSH", &["a", "1"]),
        (r#""[\"a\"]""#, KeyType::Sets, "SADD", &["a"]),
        (r#""[\"a\"]""#, KeyType::Automatic, "SET", &[r#"["a"]"#]),
        ("[]", KeyType::List, "RPUSH", &[]),
        (r#""a""#, KeyType::List, "RPUSH", &["a"]),
    ] {
        let words = written(&from_json(json).unwrap(), key_type, true).unwrap();
        assert_eq!(
            (words.command, words.values.iter().map(String::as_str).collect::<Vec<_>>()),
            (command, values.to_vec()),
            "{json}"
        );
    }
    let words = written(&"a 1 b 2".into(), KeyType::Hash, false).unwrap();
    assert_eq!(words.values, ["a", "1", "b", "2"]);
    for (value, is_json) in [("no json", true), ("[1]", true), ("a b c", false)] {
        assert!(written(&value.into(), KeyType::Hash, is_json).is_err(), "{value}");
    }
}

#[test]
fn what_a_server_says_of_itself_is_an_object() {
    let text = "# Server\r\nredis_version:7.0.15\r\nuptime:12\r\n\r\n# Keyspace\r\ndb0:keys=1,expires=0\r\nempty:\r\n";
    let expected = r#"{"redis_version":"7.0.15","uptime":12,"db0":{"keys":1,"expires":0},"empty":""}"#;
    assert_eq!(Value::from(about(text)).to_json(), expected);
}

#[test]
fn parameters_are_checked_and_say_what_may_be_repeated() {
    for json in ["{}", r#"{"operation":"publish","channel":"c"}"#, r#"{"operation":"flush"}"#, r#"{"operation":"pop"}"#]
    {
        assert!(node(json).is_err(), "{json}");
    }
    for (json, retried) in [
        (r#"{"key":"k"}"#, Retried::Idempotent),
        (r#"{"operation":"set","key":"k"}"#, Retried::Idempotent),
        (r#"{"operation":"incr","key":"k"}"#, Retried::AtMostOnce),
        (r#"{"operation":"publish","channel":"c","messageData":"x"}"#, Retried::AtMostOnce),
    ] {
        assert_eq!(node(json).unwrap().retried(), retried, "{json}");
    }
}

#[test]
fn n8n_nodes_are_imported_as_they_are() {
    let imported = import(&Redis, 1.0, r#"{"operation":"set","key":"k","value":"v","expire":true,"ttl":5}"#).unwrap();
    assert_eq!(imported.parameters.to_json(), r#"{"operation":"set","key":"k","value":"v","expire":true,"ttl":5}"#);
    assert_eq!(import(&Redis, 1.0, "{}").unwrap().parameters.to_json(), r#"{"operation":"info"}"#);
}
