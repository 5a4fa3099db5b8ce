//! What is sent, as tables; that it arrives is tested in `tests/servers/kafka.rs`.

use weft_nodes::testing::{TestStep, import};

use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    parameters(&DESCRIPTOR, &given.into())
}

/// Topic, key, payload and headers of the first item's message.
fn said(json: &str, items: &str) -> Result<[String; 4], NodeError> {
    let message = node(json).unwrap().message(&TestStep::new(&[items]), 0)?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let headers: Vec<_> = message.headers.into_iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
    let key = message.key.map_or("-".to_owned(), text);
    Ok([message.topic.as_str().to_owned(), key, text(message.payload), headers.join(" ")])
}

#[test]
fn an_item_is_a_message() {
    for (json, items, expected) in [
        (r#"{"topic":"t"}"#, r#"[{"é":"世"}]"#, ["t", "-", r#"{"é":"世"}"#, ""]),
        (
            r#"{"topic":"=t.{{ $json.n }}","sendInputData":false,"message":"n is {{ $json.n }}","key":"={{ $json.k }}"}"#,
            r#"[{"n":7,"k":"Zoë"}]"#,
            ["t.7", "Zoë", "n is {{ $json.n }}", ""],
        ),
        (
            r#"{"topic":"t","sendInputData":false,"message":"=n is {{ $json.n }}","key":"={{ $json.n }}",
                "options":{"headers":{"header":[{"key":"a","value":"={{ $json.n }}"},{"key":"","value":"lost"}]},
                "headersJson":"{\"b\":\"x\",\"c\":{\"d\":[1]},\"e\":null}"}}"#,
            r#"[{"n":7}]"#,
            ["t", "7", "n is 7", r#"a=7 b=x c={"d":[1]} e="#],
        ),
        (
            r#"{"topic":"t","sendInputData":false,"options":{"headersJson":"={{ $json }}"}}"#,
            r#"[{"n":7}]"#,
            ["t", "-", "", "n=7"],
        ),
    ] {
        assert_eq!(said(json, items).unwrap(), expected, "{json}");
    }
}

#[test]
fn what_makes_no_message_is_told_by_its_parameter() {
    for (json, field) in [
        (r#"{"topic":"={{ $json.none }}"}"#, "topic"),
        (r#"{"topic":"österreich"}"#, "topic"),
        (r#"{"topic":"={{ 'x'.repeat(250) }}"}"#, "topic"),
        (r#"{"topic":"t","options":{"headersJson":"[1]"}}"#, "options.headersJson"),
        (r#"{"topic":"t","options":{"headersJson":"={{ 'no' }}"}}"#, "options.headersJson"),
    ] {
        let error = said(json, "[{}]").unwrap_err();
        assert_eq!((&*error.code, error.field.as_deref()), ("parameter", Some(field)), "{json}");
    }
    for json in [
        "{}",
        r#"{"topic":""}"#,
        r#"{"topic":"t","options":{"acks":"some"}}"#,
        r#"{"topic":"t","options":{"compression":"zip"}}"#,
        r#"{"topic":"t","options":{"timeout":"={{ 3 }}"}}"#,
    ] {
        assert!(node(json).is_err(), "{json}");
    }
    assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"topic":"t"}"#).unwrap()).is_err());
    assert_eq!(node(r#"{"topic":"t"}"#).unwrap().retried(), Retried::AtMostOnce);
}

#[test]
fn options_say_how_messages_are_delivered() {
    let delivery = |json: &str| {
        let Delivery { acks, compression, patience, turn } = node(json).unwrap().delivery(7);
        (acks, compression, patience.as_secs(), turn)
    };
    assert_eq!(delivery(r#"{"topic":"t"}"#), (Acks::All, Compression::None, 30, 7));
    let other = r#"{"topic":"t","options":{"acks":"none","compression":"zstd","timeout":3}}"#;
    assert_eq!(delivery(other), (Acks::Nobody, Compression::Zstd, 3, 7));
}

#[test]
fn servers_are_hosts_with_ports() {
    for (text, expected) in [
        ("a:1", vec![("a", 1)]),
        ("kafka.example.com, b:9093,", vec![("kafka.example.com", 9092), ("b", 9093)]),
        ("[::1]:1, ::1", vec![("[::1]", 1), ("::1", 9092)]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(host, port)| (host.to_owned(), port)).collect();
        assert_eq!(brokers(text), Ok(expected), "{text}");
    }
    for text in ["", " , ", "a:0", "a:x", "a:70000"] {
        assert_eq!(brokers(text).unwrap_err().code, "credential", "{text}");
    }
}

#[test]
fn every_version_of_n8n_is_imported() {
    for (version, json, expected) in [
        (
            1.0,
            r#"{"topic":"t","options":{"acks":true,"compression":true,"timeout":1500}}"#,
            r#"{"topic":"t","options":{"acks":"leader","compression":"gzip","timeout":2}}"#,
        ),
        (
            1.0,
            r#"{"topic":"t","sendInputData":false,"message":"={{ $json.a }}","useKey":true,"key":"={{ $json.k }}",
                "headersUi":{"headerValues":[{"key":"a","value":"b"}]},"options":{"acks":false}}"#,
            r#"{"topic":"t","sendInputData":false,"message":"={{ $json.a }}","key":"={{ $json.k }}","options":{"headers":{"header":[{"key":"a","value":"b"}]},"acks":"none"}}"#,
        ),
        (
            2.0,
            r#"{"topic":"t","jsonParameters":true,"headerParametersJson":"{\"a\":\"b\"}","useKey":false,"key":"k",
                "headersUi":{"headerValues":[]},"options":{"compression":"lz4"}}"#,
            r#"{"topic":"t","options":{"headersJson":"{\"a\":\"b\"}","compression":"lz4"}}"#,
        ),
    ] {
        let imported = import(&Kafka, version, json).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (expected, 1), "{json}");
        let mut whole = imported.parameters.as_object().unwrap().clone();
        whole.insert("credential", CREDENTIAL);
        assert!(Kafka.prepare(&whole.into()).is_ok(), "{json}");
    }
    let registry = import(&Kafka, 1.0, r#"{"topic":"t","useSchemaRegistry":true}"#).unwrap_err();
    assert_eq!(registry.field.as_deref(), Some("useSchemaRegistry"));
    let odd = import(&Kafka, 2.0, r#"{"topic":"t","options":{"odd":1}}"#).unwrap();
    assert!(odd.remarks[1].contains("“odd”"), "{:?}", odd.remarks);
}

#[test]
fn a_hundred_thousand_items_are_as_many_messages() {
    let node = node(r#"{"topic":"t","key":"k"}"#).unwrap();
    let items = (0..100_000_u32).map(|id| Item::new([("id", id)].into_iter().collect::<Object>())).collect();
    let step = TestStep::of_items(items);
    let made = (0..100_000).map(|index| node.message(&step, index).unwrap());
    assert!(made.enumerate().all(|(index, one)| one.payload == format!(r#"{{"id":{index}}}"#).as_bytes()));
}
