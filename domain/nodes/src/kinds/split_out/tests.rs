//! What Split out makes of lists, and what imports make of Split out.

use weft_value::{ItemRef, Pairing, from_json};

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

fn item_lists(version: f64, parameters: &str) -> Result<String, Unsupported> {
    let parameters = from_json(parameters).unwrap();
    let node = N8nNode { node_type: ITEM_LISTS, version, parameters: &parameters };
    SplitOut.import_n8n(&node).map(|imported| imported.parameters.to_json())
}

const ORDER: &str = r#"[{"id":7,"to":{"tags":["x","y"],"zip":1},"lines":[{"sku":"a"},{"sku":"b"}]}]"#;

#[test]
fn lists_are_split() {
    for (node, input, output) in [
        (r#"{"fieldToSplitOut":"lines"}"#, ORDER, r#"[{"sku":"a"},{"sku":"b"}]"#),
        (r#"{"fieldToSplitOut":" $json.lines "}"#, ORDER, r#"[{"sku":"a"},{"sku":"b"}]"#),
        (r#"{"fieldToSplitOut":"to.tags"}"#, ORDER, r#"[{"to.tags":"x"},{"to.tags":"y"}]"#),
        (
            r#"{"fieldToSplitOut":"to.tags","options":{"destinationFieldName":"tag"}}"#,
            ORDER,
            r#"[{"tag":"x"},{"tag":"y"}]"#,
        ),
        (
            r#"{"fieldToSplitOut":"lines","options":{"destinationFieldName":"line"}}"#,
            ORDER,
            r#"[{"line":{"sku":"a"}},{"line":{"sku":"b"}}]"#,
        ),
        (
            r#"{"fieldToSplitOut":"to.tags","include":"allOtherFields"}"#,
            r#"[{"id":7,"to":{"tags":["x","y"],"zip":1}}]"#,
            r#"[{"id":7,"to":{"zip":1},"to.tags":"x"},{"id":7,"to":{"zip":1},"to.tags":"y"}]"#,
        ),
        (
            r#"{"fieldToSplitOut":"lines","include":"selectedOtherFields","fieldsToInclude":"id, to.zip, gone"}"#,
            ORDER,
            r#"[{"lines":{"sku":"a"},"id":7,"to.zip":1},{"lines":{"sku":"b"},"id":7,"to.zip":1}]"#,
        ),
        (r#"{"fieldToSplitOut":"a,b"}"#, r#"[{"a":[1,2,3],"b":["x"]}]"#, r#"[{"a":1,"b":"x"},{"a":2},{"a":3}]"#),
        (
            r#"{"fieldToSplitOut":"a,b","options":{"destinationFieldName":"c,d"}}"#,
            r#"[{"a":[1],"b":[{"e":2}]}]"#,
            r#"[{"c":1,"d":{"e":2}}]"#,
        ),
        (r#"{"fieldToSplitOut":"a"}"#, r#"[{"a":{"x":{"n":1},"y":{"n":2}}}]"#, r#"[{"n":1},{"n":2}]"#),
        (r#"{"fieldToSplitOut":"a"}"#, r#"[{"a":[[1,2],null,"é"]}]"#, r#"[{"0":1,"1":2},{"a":null},{"a":"é"}]"#),
        (r#"{"fieldToSplitOut":"a"}"#, r#"[{"a":5},{"b":1},{"a":[]},{"a":null}]"#, r#"[{"a":5},{"a":null}]"#),
        (
            r#"{"fieldToSplitOut":"a.b","options":{"disableDotNotation":true}}"#,
            r#"[{"a.b":[1],"a":{"b":[2]}}]"#,
            r#"[{"a.b":1}]"#,
        ),
        (
            r#"{"fieldToSplitOut":"={{ $json.which }}"}"#,
            r#"[{"which":"p","p":[1]},{"which":"q","q":[2]}]"#,
            r#"[{"p":1},{"q":2}]"#,
        ),
        (r#"{"fieldToSplitOut":"a"}"#, "[]", "[]"),
    ] {
        let outputs = run(&SplitOut, node, &TestStep::new(&[input])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{node}");
    }
}

#[test]
fn parts_know_the_item_they_were_in() {
    let step = TestStep::new(&[r#"[{"a":[1]},{"a":[2,3]}]"#]);
    let outputs = run(&SplitOut, r#"{"fieldToSplitOut":"a"}"#, &step).unwrap();
    assert_eq!(outputs.ports[0][2].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
}

#[test]
fn files_are_split_or_kept() {
    let file = |name: &str| (name.to_owned(), BinaryRef { file_name: Some(name.into()), ..BinaryRef::default() });
    let mut item = Item::new(from_json(r#"{"a":[1,2]}"#).unwrap());
    item.binary = Some(Arc::new([file("one"), file("two")].into_iter().collect()));
    let step = TestStep::of_items(vec![item]);
    let names = |node: &str| -> Vec<Vec<String>> {
        let outputs = run(&SplitOut, node, &step).unwrap();
        let files = |item: &Item| item.binary.iter().flat_map(|files| files.keys().cloned()).collect();
        outputs.ports[0].iter().map(files).collect()
    };
    assert_eq!(names(r#"{"fieldToSplitOut":"$binary"}"#), [["one"], ["two"]]);
    assert_eq!(names(r#"{"fieldToSplitOut":"a","options":{"includeBinary":true}}"#), [["one", "two"], ["one", "two"]]);
    assert_eq!(names(r#"{"fieldToSplitOut":"a"}"#), [Vec::<String>::new(), Vec::new()]);
}

#[test]
fn what_cannot_be_split_is_said() {
    for (node, code) in [
        (r#"{"fieldToSplitOut":"gone","options":{"failIfFieldNotFound":true}}"#, "field_missing"),
        (r#"{"fieldToSplitOut":"id","options":{"failIfNotList":true}}"#, "not_a_list"),
        (r#"{"fieldToSplitOut":"a,b","options":{"destinationFieldName":"c"}}"#, "parameter"),
        (r#"{"fieldToSplitOut":" , "}"#, "parameter"),
    ] {
        let error = run(&SplitOut, node, &TestStep::new(&[ORDER])).unwrap_err();
        assert_eq!((error.code.as_ref(), error.item), (code, Some(0)), "{node}");
    }
    assert_eq!(prepare(&SplitOut, "{}").err().unwrap()[0].field.as_deref(), Some("fieldToSplitOut"));
}

#[test]
fn older_n8n_versions_refused_more() {
    let old = r#"{"fieldToSplitOut":"gone","include":"selectedOtherFields","fieldsToInclude":{"fields":[{"fieldName":"id"}]}}"#;
    assert!(run(&SplitOut, &item_lists(2.0, old).unwrap(), &TestStep::new(&[ORDER])).is_err());
    for (version, field, output) in [(2.0, "lines", 2), (2.1, "gone", 0), (3.1, "id", 1)] {
        let node = item_lists(version, &old.replace("gone", field)).unwrap();
        assert_eq!(run(&SplitOut, &node, &TestStep::new(&[ORDER])).unwrap().ports[0].len(), output, "{version}");
    }
    assert!(item_lists(3.0, r#"{"operation":"limit"}"#).unwrap_err().is_elsewhere());
    assert!(import(&SplitOut, 1.0, r#"{"fieldToSplitOut":"a"}"#).is_ok());
}

#[test]
fn the_first_item_lists_fail_as_a_whole() {
    let step = TestStep::new(&[r#"[{"a":[1]},{}]"#]).carrying_on();
    let old = r#"{"operation":"splitOutItems","fieldToSplitOut":"a"}"#;
    assert_eq!(run(&SplitOut, &item_lists(2.0, old).unwrap(), &step).unwrap_err().item, Some(1));
    let outputs = run(&SplitOut, &item_lists(2.1, old).unwrap(), &step).unwrap();
    assert_eq!((outputs.ports[0].len(), outputs.failed.len()), (1, 0));
}

#[test]
fn one_item_that_cannot_be_split_does_not_lose_the_others() {
    let step = TestStep::new(&[r#"[{"a":[1]},{},{"a":[2]}]"#]);
    let node = r#"{"fieldToSplitOut":"a","options":{"failIfFieldNotFound":true}}"#;
    assert_eq!(run(&SplitOut, node, &step).unwrap_err().item, Some(1));
    let outputs = run(&SplitOut, node, &step.carrying_on()).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":2}]"#);
    assert!(outputs.failed.len() == 1 && outputs.failed[0].pairing == Pairing::One(ItemRef { item: 1, input: 0 }));
}

#[test]
fn chosen_fields_stand_behind_what_is_split_and_win_over_it() {
    let node = r#"{"fieldToSplitOut":"l,m","include":"selectedOtherFields","fieldsToInclude":"id,m,no"}"#;
    let outputs = run(&SplitOut, node, &TestStep::new(&[r#"[{"id":1,"l":[1,2],"m":[3]}]"#])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"l":1,"m":[3],"id":1},{"l":2,"id":1,"m":[3]}]"#);
}
