use weft_nodes::testing::{TestStep, import};
use weft_value::from_json;

use super::*;

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
    parameters(&DESCRIPTOR, &given.into())
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

#[test]
fn a_message_goes_where_the_node_says() {
    let step = TestStep::new(&[r#"[{"land":"österreich"}]"#]);
    for (json, expected) in [
        (
            r#"{"queue":"={{ $json.land }}","options":{"exclusive":true}}"#,
            Place::Queue { name: name("österreich"), exclusive: true },
        ),
        (
            r#"{"mode":"exchange","exchange":"e","exchangeType":"topic","routingKey":"=a.{{ $json.land }}"}"#,
            Place::Exchange { name: name("e"), routing: Routing::Topic, key: name("a.österreich") },
        ),
        (
            r#"{"mode":"exchange","exchange":"e"}"#,
            Place::Exchange { name: name("e"), routing: Routing::Fanout, key: name("") },
        ),
    ] {
        assert_eq!(node(json).unwrap().place(&step, 0), Ok(expected), "{json}");
    }
    for (json, parameter) in [
        (r#"{"queue":"={{ $json.none }}"}"#, "queue"),
        (r#"{"queue":"={{ 'x'.repeat(256) }}"}"#, "queue"),
        (r#"{"mode":"exchange","exchange":"={{ '' }}"}"#, "exchange"),
        (r#"{"mode":"exchange","exchange":"e","routingKey":"={{ 'x'.repeat(256) }}"}"#, "routingKey"),
    ] {
        let error = node(json).unwrap().place(&step, 0).unwrap_err();
        assert_eq!((&*error.code, error.field.as_deref()), ("parameter", Some(parameter)), "{json}");
    }
}

#[test]
fn headers_and_arguments_keep_what_they_are() {
    let step = TestStep::new(&[r#"[{"n":7,"d":1.5,"b":true,"t":"7","o":{"a":[1]}}]"#]);
    let json = r#"{"mode":"exchange","exchange":"e","options":{"alternateExchange":"other",
        "arguments":{"argument":[{"key":"x-max-length","value":"10"},{"key":"x-queue-type","value":"quorum"},
            {"key":"x-single-active-consumer","value":"true"},{"key":"","value":"lost"}]},
        "headers":{"header":[{"key":"n","value":"={{ $json.n }}"},{"key":"d","value":"={{ $json.d }}"},
            {"key":"b","value":"={{ $json.b }}"},{"key":"t","value":"={{ $json.t }}"},{"key":"o","value":"={{ $json.o }}"}]}}}"#;
    let node = node(json).unwrap();
    let text = |text: &str| Scalar::Text(text.to_owned());
    let expected = [
        ("n", Scalar::Whole(7)),
        ("d", Scalar::Number(1.5)),
        ("b", Scalar::Truth(true)),
        ("t", text("7")),
        ("o", text(r#"{"a":[1]}"#)),
    ];
    let table = |pairs: &[(&str, Scalar)]| {
        Table::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()))).unwrap()
    };
    let headers = super::table(&step, 0, &node.options.headers.header, "options.headers", scalar);
    assert_eq!(headers, Ok(table(&expected)));
    let arguments = table(&[
        ("x-max-length", Scalar::Whole(10)),
        ("x-queue-type", text("quorum")),
        ("x-single-active-consumer", Scalar::Truth(true)),
        ("alternate-exchange", text("other")),
    ]);
    assert_eq!(node.traits(&step, 0), Ok(Traits { durable: true, auto_delete: false, arguments }));
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_sent() {
    for json in [
        "{}",
        r#"{"queue":""}"#,
        r#"{"mode":"exchange","queue":"q"}"#,
        r#"{"mode":"stream","queue":"q"}"#,
        r#"{"mode":"exchange","exchange":"e","exchangeType":"x"}"#,
        r#"{"queue":"q","options":{"durable":"={{ true }}"}}"#,
    ] {
        assert!(node(json).is_err(), "{json}");
    }
    assert!(parameters::<Parameters>(&DESCRIPTOR, &from_json(r#"{"queue":"q"}"#).unwrap()).is_err());
    assert_eq!(node(r#"{"queue":"q"}"#).unwrap().retried(), Retried::AtMostOnce);
}

#[test]
fn every_version_of_n8n_is_imported() {
    let options = r#""options":{"durable":false,"headers":{"header":[{"key":"a","value":"b"}]}}"#;
    for (version, json, expected) in [
        (1.0, format!(r#"{{"queue":"q",{options}}}"#), format!(r#"{{"queue":"q",{options}}}"#)),
        (
            1.1,
            r#"{"operation":"sendMessage","mode":"exchange","exchange":"e","routingKey":"k"}"#.to_owned(),
            r#"{"mode":"exchange","exchange":"e","routingKey":"k"}"#.to_owned(),
        ),
        (
            1.2,
            r#"{"queue":"q","sendInputData":false,"message":"={{ $json.a }}"}"#.to_owned(),
            r#"{"queue":"q","sendInputData":false,"message":"={{ $json.a }}"}"#.to_owned(),
        ),
    ] {
        let imported = import(&RabbitMq, version, &json).unwrap();
        assert_eq!((imported.parameters.to_json(), imported.remarks.len()), (expected, 1));
        let mut with = imported.parameters.as_object().unwrap().clone();
        with.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
        assert!(RabbitMq.prepare(&with.into()).is_ok(), "{json}");
    }
    let confirms = import(&RabbitMq, 1.2, r#"{"operation":"deleteMessage"}"#).unwrap_err();
    assert_eq!(confirms.field.as_deref(), Some("operation"));
}
