use std::sync::Arc;

use weft_value::{BinaryRef, from_json};

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

fn fields(list: &str, rest: &str) -> String {
    format!(r#"{{"fieldsToAggregate":{{"fieldToAggregate":[{list}]}}{rest}}}"#)
}

const N: &str = r#"{"fieldToAggregate":"n"}"#;

#[test]
fn fields_become_lists() {
    for (list, rest, input, output) in [
        (N, "", r#"[{"n":1},{"n":2},{"n":null},{}]"#, r#"[{"n":[1,2]}]"#),
        (N, r#","options":{"keepMissing":true}"#, r#"[{"n":1},{"n":null},{}]"#, r#"[{"n":[1,null,null]}]"#),
        (N, "", r#"[{"n":[1,null]},{"n":[2]}]"#, r#"[{"n":[[1],[2]]}]"#),
        (N, r#","options":{"mergeLists":true}"#, r#"[{"n":[1,null]},{"n":2},{"n":[3]}]"#, r#"[{"n":[1,2,3]}]"#),
        (
            N,
            r#","options":{"mergeLists":true,"keepMissing":true}"#,
            r#"[{"n":[1,null]},{}]"#,
            r#"[{"n":[1,null,null]}]"#,
        ),
        (N, "", r#"[{"m":1}]"#, r#"[{"n":[]}]"#),
        (
            r#"{"fieldToAggregate":"u.mail"},{"fieldToAggregate":"n","renameField":true,"outputFieldName":"all.n"}"#,
            "",
            r#"[{"n":1,"u":{"mail":"a"}},{"n":2,"u":{"mail":"b"}}]"#,
            r#"[{"mail":["a","b"],"all":{"n":[1,2]}}]"#,
        ),
        (
            r#"{"fieldToAggregate":"u.mail"}"#,
            r#","options":{"disableDotNotation":true}"#,
            r#"[{"u.mail":1,"u":{"mail":"a"}}]"#,
            r#"[{"u.mail":[1]}]"#,
        ),
        (
            N,
            r#","groupBy":"k, u.x""#,
            r#"[{"n":1,"k":"a"},{"n":2,"k":"b","u":{"x":1}},{"n":3,"k":"a"},{"n":4,"k":"b"}]"#,
            r#"[{"k":"a","n":[1,3]},{"k":"b","u":{"x":1},"n":[2]},{"k":"b","n":[4]}]"#,
        ),
        (N, "", "[]", "[]"),
    ] {
        let outputs = run(&Aggregate, &fields(list, rest), &TestStep::new(&[input])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{list} {rest}");
    }
}

#[test]
fn all_data_becomes_a_list() {
    let two = r#"[{"a":1,"b":{"c":2,"d":3}},{"e":4}]"#;
    for (rest, output) in [
        ("", r#"[{"data":[{"a":1,"b":{"c":2,"d":3}},{"e":4}]}]"#),
        (r#","destinationFieldName":"x.y""#, r#"[{"x.y":[{"a":1,"b":{"c":2,"d":3}},{"e":4}]}]"#),
        (r#","include":"specifiedFields","fieldsToInclude":"a,b.c""#, r#"[{"data":[{"a":1,"b":{"c":2}}]}]"#),
        (r#","include":"allFieldsExcept","fieldsToExclude":"b.c, e""#, r#"[{"data":[{"a":1,"b":{"d":3}}]}]"#),
        (r#","groupBy":"a""#, r#"[{"a":1,"data":[{"a":1,"b":{"c":2,"d":3}}]},{"data":[{"e":4}]}]"#),
    ] {
        let node = format!(r#"{{"aggregate":"aggregateAllItemData"{rest}}}"#);
        let outputs = run(&Aggregate, &node, &TestStep::new(&[two])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{rest}");
    }
}

#[test]
fn the_item_knows_all_it_was_made_from() {
    let refs = |node: &str| match run(&Aggregate, node, &TestStep::new(&[r#"[{"n":1},{"m":2},{"n":3}]"#])) {
        Ok(outputs) => match &outputs.ports[0][0].pairing {
            Pairing::Many(many) => many.iter().map(|one| one.item).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        },
        Err(error) => panic!("{error}"),
    };
    assert_eq!(refs(&fields(N, "")), [0, 1, 2]);
    let only = r#"{"aggregate":"aggregateAllItemData","include":"specifiedFields","fieldsToInclude":"n"}"#;
    assert_eq!(refs(only), [0, 2]);
    assert_eq!(refs(&fields(N, r#","groupBy":"m""#)), [0, 2]);
}

#[test]
fn files_are_kept_under_free_names() {
    let item = |content: &str| {
        let file = BinaryRef { data: Some(content.into()), ..BinaryRef::default() };
        Item { binary: Some(Arc::new([("data".to_owned(), file)].into_iter().collect())), ..Item::new(Object::new()) }
    };
    let step = TestStep::of_items(vec![item("x"), item("y"), item("x")]);
    for (options, names) in [
        ("{}", &[][..]),
        (r#"{"includeBinaries":true}"#, &["data", "data_1", "data_2"][..]),
        (r#"{"includeBinaries":true,"keepOnlyUnique":true}"#, &["data", "data_1"][..]),
    ] {
        let node = format!(r#"{{"aggregate":"aggregateAllItemData","options":{options}}}"#);
        let outputs = run(&Aggregate, &node, &step).unwrap();
        let files: Vec<&String> = outputs.ports[0][0].binary.iter().flat_map(|files| files.keys()).collect();
        assert_eq!(files, names, "{options}");
    }
}

#[test]
fn what_is_wrong_with_the_fields_is_said() {
    let step = TestStep::new(&[r#"[{"n":1}]"#]);
    for (list, rest, code) in [
        (r#"{"fieldToAggregate":"n"},{"fieldToAggregate":"u.n"}"#, "", "parameter"),
        (r#"{"fieldToAggregate":"gone"}"#, r#","options":{"failIfFieldNotFound":true}"#, "field_missing"),
    ] {
        let error = run(&Aggregate, &fields(list, rest), &step).unwrap_err();
        assert_eq!(error.code, code, "{list}");
        assert!(error.field.as_deref().unwrap().starts_with("fieldsToAggregate.fieldToAggregate["));
    }
    assert!(prepare(&Aggregate, "{}").is_err());
    assert!(prepare(&Aggregate, &fields(r#"{"fieldToAggregate":""}"#, "")).is_err());
}

#[test]
fn older_n8n_versions_refused_missing_fields() {
    let gone =
        r#"{"operation":"aggregateItems","fieldsToAggregate":{"fieldToAggregate":[{"fieldToAggregate":"gone"}]}}"#;
    let parameters = from_json(gone).unwrap();
    for (version, works) in [(1.0, false), (2.0, false), (2.1, true), (3.1, true)] {
        let node = N8nNode { node_type: ITEM_LISTS, version, parameters: &parameters };
        let imported = Aggregate.import_n8n(&node).unwrap().parameters.to_json();
        assert_eq!(run(&Aggregate, &imported, &TestStep::new(&["[{}]"])).is_ok(), works, "{version}");
    }
    let old = r#"{"aggregate":"aggregateIndividualFields","fieldsToAggregate":{"fieldToAggregate":[]}}"#;
    assert_eq!(import(&Aggregate, 1.0, old).unwrap().parameters.to_json(), old);
}

#[test]
fn imported_nodes_choose_outermost_fields() {
    let items = r#"[{"d":0,"a":{"b":1,"c":2},"a.c":3},{"a":{"b":4}}]"#;
    for (rest, output) in [
        (r#""include":"specifiedFields","fieldsToInclude":"a.c,d,a.b""#, r#"[{"all":[{"d":0,"a.c":3}]}]"#),
        (
            r#""include":"allFieldsExcept","fieldsToExclude":"a.b,a.c""#,
            r#"[{"all":[{"d":0,"a":{"b":1,"c":2}},{"a":{"b":4}}]}]"#,
        ),
    ] {
        let node = format!(r#"{{"aggregate":"aggregateAllItemData","destinationFieldName":"all",{rest}}}"#);
        let imported = import(&Aggregate, 1.0, &node).unwrap().parameters.to_json();
        let outputs = run(&Aggregate, &imported, &TestStep::new(&[items])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{rest}");
    }
}
