use weft_value::{BinaryRef, Pairing};

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

fn fields(list: &str, rest: &str) -> String {
    format!(r#"{{"assignments":{{"assignments":[{list}]}}{rest}}}"#)
}

#[test]
fn fields_are_set_as_their_type_says() {
    let keep = r#","includeOtherFields":true"#;
    for (list, rest, input, output) in [
        (r#"{"name":"a","type":"string","value":"x"}"#, "", r#"{"z":1}"#, r#"[{"a":"x"}]"#),
        (r#"{"name":"a","type":"number","value":"5"}"#, keep, r#"{"z":1}"#, r#"[{"z":1,"a":5}]"#),
        (r#"{"name":"z","type":"boolean","value":"true"}"#, keep, r#"{"z":1,"y":2}"#, r#"[{"z":true,"y":2}]"#),
        (r#"{"name":"a.b","type":"string","value":"x"}"#, keep, r#"{"a":{"c":1}}"#, r#"[{"a":{"c":1,"b":"x"}}]"#),
        (
            r#"{"name":"a.b","type":"string","value":"x"}"#,
            r#","options":{"dotNotation":false}"#,
            "{}",
            r#"[{"a.b":"x"}]"#,
        ),
        (r#"{"name":"a","type":"array","value":"[1]"}"#, "", "{}", r#"[{"a":[1]}]"#),
        (r#"{"name":"a","type":"object","value":"{\"b\":2}"}"#, "", "{}", r#"[{"a":{"b":2}}]"#),
        (r#"{"name":"a","type":"number","value":null}"#, "", "{}", r#"[{"a":null}]"#),
        (
            r#"{"name":"a","type":"number","value":"x"}"#,
            r#","options":{"ignoreConversionErrors":true}"#,
            "{}",
            r#"[{"a":"x"}]"#,
        ),
        (
            "",
            r#","includeOtherFields":true,"include":"selected","includeFields":"a, b.c""#,
            r#"{"a":1,"b":{"c":2,"d":3},"e":4}"#,
            r#"[{"a":1,"c":2}]"#,
        ),
        (
            "",
            r#","includeOtherFields":true,"include":"except","excludeFields":"a,b.c""#,
            r#"{"a":1,"b":{"c":2,"d":3}}"#,
            r#"[{"b":{"d":3}}]"#,
        ),
    ] {
        let outputs = run(&Set, &fields(list, rest), &TestStep::new(&[&format!("[{input}]")])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{list} {rest}");
    }
}

#[test]
fn files_are_set_under_another_name() {
    let file = |name: &str| BinaryRef { file_name: Some(name.to_owned()), ..BinaryRef::default() };
    let item = |files: &[&str]| Item {
        json: from_json(r#"{"which":"data"}"#).unwrap(),
        binary: Some(Arc::new(files.iter().map(|name| ((*name).to_owned(), file(name))).collect())),
        ..Item::default()
    };
    let named = |item: &Item| {
        let files = item.binary.iter().flat_map(|files| files.iter());
        files.map(|(name, file)| format!("{name}={}", file.file_name.as_deref().unwrap())).collect::<Vec<_>>().join(" ")
    };
    let copy = r#"{"name":"Anhang é","type":"binary","value":"data"},{"name":"n","type":"number","value":1}"#;
    let by_expression = r#"{"name":"data","type":"binary","value":"={{ $json.which }}"}"#;
    for (list, rest, json, files) in [
        (copy, "", r#"[{"n":1}]"#, "data=data other=other Anhang é=data"),
        (copy, r#","options":{"stripBinary":true}"#, r#"[{"n":1}]"#, "Anhang é=data"),
        (by_expression, r#","includeOtherFields":true"#, r#"[{"which":"data"}]"#, "data=data other=other"),
        (
            r#"{"name":"other","type":"binary","value":"data"}"#,
            r#","mode":"raw","jsonOutput":"{}""#,
            "[{}]",
            "data=data other=other",
        ),
    ] {
        let step = TestStep::of_items(vec![item(&["data", "other"])]);
        let outputs = run(&Set, &fields(list, rest), &step).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), json, "{list}");
        assert_eq!(named(&outputs.ports[0][0]), files, "{list} {rest}");
    }
    for (value, says) in [("\"nope\"", "no file “nope”"), ("7", "the number 7"), ("\"={{ $json.none }}\"", "nothing")]
    {
        let node = fields(&format!(r#"{{"name":"f","type":"binary","value":{value}}}"#), "");
        let error = run(&Set, &node, &TestStep::of_items(vec![item(&["data"])])).unwrap_err();
        assert!(error.message.contains(says), "{value}: {}", error.message);
        assert_eq!(error.field.as_deref(), Some("assignments.assignments[0].value"));
    }
    let problems = prepare(&Set, &fields(r#"{"name":"f","type":"colour","value":1}"#, "")).err().unwrap();
    assert!(problems[0].message.contains("colour"), "{}", problems[0].message);
    let imported = import(&Set, 3.4, &fields(copy, "")).unwrap();
    let outputs = run(&Set, &imported.parameters.to_json(), &TestStep::of_items(vec![item(&["data"])])).unwrap();
    assert_eq!(named(&outputs.ports[0][0]), "Anhang é=data");
}

#[test]
fn what_cannot_be_converted_names_item_field_and_way_out() {
    let node = fields(r#"{"name":"age","type":"number","value":"old"}"#, "");
    let error = run(&Set, &node, &TestStep::new(&["[{}]"])).unwrap_err();
    assert_eq!(error.message, "'age' expects a number but we got 'old' [item 0]");
    assert_eq!(error.field.as_deref(), Some("assignments.assignments[0].value"));
    assert_eq!(error.item, Some(0));
}

#[test]
fn failed_items_go_aside_where_the_node_carries_on() {
    let node = fields(r#"{"name":"age","type":"number","value":"old"}"#, "");
    let outputs = run(&Set, &node, &TestStep::new(&[r#"[{"k":1}]"#]).carrying_on()).unwrap();
    assert_eq!(outputs.ports[0].len(), 0);
    assert_eq!(outputs.failed[0].json.get("k"), &Value::Number(1.0));
    assert!(outputs.failed[0].json.get("error").as_str().unwrap().contains("'age'"));
}

#[test]
fn raw_json_is_an_object() {
    let step = TestStep::new(&[r#"[{"a":1},{"a":2}]"#]);
    let outputs = run(&Set, r#"{"mode":"raw","jsonOutput":"{\"b\": [1, 2]}"}"#, &step).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"b":[1,2]},{"b":[1,2]}]"#);
    assert!(matches!(&outputs.ports[0][1].pairing, Pairing::One(from) if from.item == 1));
    for wrong in ["[1]", "{a: 1} b", "7"] {
        let node = format!(r#"{{"mode":"raw","jsonOutput":"{wrong}"}}"#);
        assert_eq!(run(&Set, &node, &step).unwrap_err().code, "json", "{wrong}");
    }
}

#[test]
fn a_mode_must_be_a_choice() {
    for node in [r#"{"mode":"sideways"}"#, r#"{"mode":"=raw"}"#] {
        let problems = prepare(&Set, node).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some("mode"));
    }
}

#[test]
fn json_among_expressions_is_written_as_json() {
    let step = TestStep::new(&[r#"[{"o":{"z":1},"l":[1,"a"],"n":null,"s":"hi","t":true}]"#]);
    let raw = r#"={"o":{{ $json.o }},"l":{{ $json.l }},"n":{{ $json.n }},"s":"{{ $json.s }}","t":{{ $json.t }}}"#;
    let node = Object::from_iter([("mode", Value::from("raw")), ("jsonOutput", raw.into())]);
    let outputs = run(&Set, &Value::from(node).to_json(), &step).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"o":{"z":1},"l":[1,"a"],"n":null,"s":"hi","t":true}]"#);
    let object = fields(r#"{"name":"k","type":"object","value":"={\"in\": {{ $json.o }}}"}"#, "");
    assert_eq!(json_of(&run(&Set, &object, &step).unwrap().ports[0]), r#"[{"k":{"in":{"z":1}}}]"#);
    let text = fields(r#"{"name":"k","type":"string","value":"=in {{ $json.l }}"}"#, "");
    assert_eq!(json_of(&run(&Set, &text, &step).unwrap().ports[0]), r#"[{"k":"in 1,a"}]"#);
}

#[test]
fn a_preview_knows_which_values_are_written_as_json() {
    let raw = from_json(r#"{"mode":"raw"}"#).unwrap();
    let object =
        r#"{"assignments":{"assignments":[{"type":"object","value":"={{1}}"},{"type":"string","value":"=b"}]}}"#;
    let object = from_json(object).unwrap();
    for (kind, parameters, expression, expected) in [
        ("set", &raw, "={\"a\": {{ $json.a }}}", true),
        ("code", &raw, "={\"a\": {{ $json.a }}}", false),
        ("set", &object, "={{1}}", true),
        ("set", &object, "=b", false),
    ] {
        assert_eq!(writes_json(kind, parameters, expression), expected, "{kind} {expression}");
    }
}

#[test]
fn raw_json_with_texts_put_between_quotes_is_mended() {
    for (json, output) in [
        (r#"{"t":"{{ $json.t }}","n":1}"#, r#"[{"t":"one\ntwo \"three\"","n":1}]"#),
        (r#"{"gone":{{ $json.no }},"n":{{ $json.n }}}"#, r#"[{"gone":null,"n":2}]"#),
        (r#"{"t":"{{ $json.t }}""#, r#"[{"t":"one\ntwo \"three\""}]"#),
    ] {
        let node = Object::from_iter([("mode", Value::from("raw")), ("jsonOutput", format!("={json}").into())]);
        let step = TestStep::new(&[r#"[{"t":"one\ntwo \"three\"","n":2}]"#]);
        let outputs = run(&Set, &Value::from(node).to_json(), &step).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{json}");
    }
}

#[test]
fn raw_json_may_be_written_as_javascript_does() {
    let node = r#"{"mode":"raw","jsonOutput":"{'a': 1, b: [2,],}"}"#;
    let outputs = run(&Set, node, &TestStep::new(&["[{}]"])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1,"b":[2]}]"#);
}

#[test]
fn older_n8n_versions_are_mapped() {
    let v1 = r#"{"keepOnlySet":true,"values":{"string":[{"name":"s","value":"x"}],"number":[{"name":"n","value":1}],"boolean":[{"name":"b"},{}]}}"#;
    let v2 = r#"{"keepOnlySet":true,"values":{"string":[{"name":"o","value":"={{ $json }}"},{"name":"gone","value":"={{ $json.no }}"}],"number":[{"name":"n","value":"={{ $json.old + '' }}"},{"name":"w","value":"={{ 'x' }}"}],"boolean":[{"name":"t","value":"={{ $json.old }}"},{"name":"f","value":"={{ $json.no }}"}]}}"#;
    let twice = r#"{"values":{"string":[{"name":"old","value":"last"}],"boolean":[{"name":"old","value":true}]}}"#;
    let nothing = r#"{"fields":{"values":[{"name":"u","stringValue":"={{ $json.no }}"},{"name":"n","stringValue":"={{ null }}"}]},"include":"none"}"#;
    let deep = r#"{"keepOnlySet":true,"values":{"string":[{"name":"a.b","value":"={{ $json.no }}"}]}}"#;
    let word = r#"{"assignments":{"assignments":[{"name":"o","type":"object","value":"null"}]}}"#;
    let v3 = r#"{"fields":{"values":[{"name":"n","type":"numberValue","numberValue":"7"},{"name":"s","stringValue":"x"}]},"include":"none"}"#;
    for (version, old, output) in [
        (1.0, v1, r#"[{"b":false,"propertyName":false,"n":1,"s":"x"}]"#),
        (1.0, v2, r#"[{"t":true,"f":false,"n":"1","w":"x","o":{"old":1}}]"#),
        (2.0, v2, r#"[{"t":true,"f":false,"n":1,"w":"x","o":{"old":1}}]"#),
        (2.0, twice, r#"[{"old":"last"}]"#),
        (2.0, deep, r#"[{"a":{}}]"#),
        (3.3, word, r#"[{"o":null}]"#),
        (3.1, v3, r#"[{"n":7,"s":"x"}]"#),
        (3.0, nothing, r#"[{"u":"undefined","n":"null"}]"#),
        (3.2, nothing, r#"[{"u":null,"n":null}]"#),
        (3.4, "{}", "[{}]"),
        (3.4, r#"{"mode":"raw"}"#, r#"[{"my_field_1":"value","my_field_2":1}]"#),
    ] {
        let imported = import(&Set, version, old).unwrap();
        let outputs = run(&Set, &imported.parameters.to_json(), &TestStep::new(&[r#"[{"old":1}]"#])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "version {version}");
    }
}

#[test]
fn nothing_is_no_text_for_version_3_1() {
    let node = r#"{"fields":{"values":[{"name":"u","stringValue":"={{ $json.no }}"}]},"include":"none"OPTIONS}"#;
    let imported = |options: &str| import(&Set, 3.1, &node.replace("OPTIONS", options)).unwrap().parameters.to_json();
    let step = TestStep::new(&["[{}]"]);
    let error = run(&Set, &imported(""), &step).unwrap_err();
    assert_eq!(error.message, "'u' expects a string but we got 'undefined' [item 0]");
    let lenient = imported(r#","options":{"ignoreConversionErrors":true}"#);
    assert_eq!(json_of(&run(&Set, &lenient, &step).unwrap().ports[0]), r#"[{"u":null}]"#);
}

#[test]
fn what_becomes_of_files_and_copies_is_mapped() {
    for (version, old, drops) in [
        (2.0, "{}", false),
        (2.0, r#"{"keepOnlySet":true}"#, true),
        (3.2, "{}", false),
        (3.2, r#"{"options":{"includeBinary":false}}"#, true),
        (3.3, r#"{"options":{"includeBinary":true}}"#, false),
        (3.4, "{}", true),
        (3.4, r#"{"includeOtherFields":true}"#, false),
        (3.4, r#"{"includeOtherFields":true,"options":{"stripBinary":true}}"#, true),
        (3.4, r#"{"includeOtherFields":true,"options":{"stripBinary":false}}"#, false),
    ] {
        let options = import(&Set, version, old).unwrap().parameters.get("options").clone();
        assert_eq!(options.get("stripBinary") == &Value::Bool(true), drops, "{version} {old}");
        assert!(options.get("includeBinary").is_undefined());
    }
    let copies = import(&Set, 3.4, r#"{"duplicateItem":true,"duplicateCount":3}"#).unwrap();
    assert!(copies.remarks.len() == 1 && copies.parameters.get("duplicateItem").is_undefined());
    assert!(import(&Set, 3.4, r#"{"duplicateItem":false}"#).unwrap().remarks.is_empty());
}
