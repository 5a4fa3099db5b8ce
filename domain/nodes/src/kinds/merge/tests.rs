use weft_value::from_json;

use super::*;
use crate::testing::{TestStep, import, items, json_of, prepare, run};

const PEOPLE: &str = r#"[{"id":1,"name":"Ada"},{"id":2,"name":"Bo"},{"name":"Nobody"}]"#;
const TOWNS: &str = r#"[{"id":1,"town":"Aix"},{"id":3,"town":"Bor"},{"id":1,"town":"Como","name":null}]"#;

/// What the node gives for two inputs.
fn merged(node: &str, left: &str, right: &str) -> String {
    let outputs = run(&Merge, node, &TestStep::new(&[left, right])).unwrap_or_else(|error| panic!("{node}: {error}"));
    json_of(&outputs.ports[0])
}

/// A node that matches `id` with `id`; `rest` are further parameters.
fn by_id(rest: &str) -> String {
    let pairs = r#"{"values":[{"field1":"id","field2":"id"}]}"#;
    format!(r#"{{"mode":"combine","combineBy":"combineByFields","mergeByFields":{pairs}{rest}}}"#)
}

#[test]
fn items_of_all_inputs_are_appended() {
    let step = TestStep::new(&[r#"[{"a":1}]"#, "[]", r#"[{"b":2},{"c":3}]"#]);
    let outputs = run(&Merge, r#"{"numberInputs":3}"#, &step).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"b":2},{"c":3}]"#);
    assert_eq!(outputs.ports[0][2].pairing, Pairing::One(at(1, 2)));
}

#[test]
fn items_are_combined_by_position() {
    let combine = |options: &str| format!(r#"{{"mode":"combine","options":{options}}}"#);
    let clash = |values: &str| combine(&format!(r#"{{"clashHandling":{{"values":{values}}}}}"#));
    for (node, left, right, output) in [
        (combine("{}"), r#"[{"a":1},{"a":2}]"#, r#"[{"b":2}]"#, r#"[{"a":1,"b":2}]"#),
        (combine(r#"{"includeUnpaired":true}"#), r#"[{"a":1},{"a":2}]"#, r#"[{"b":2}]"#, r#"[{"a":1,"b":2},{"a":2}]"#),
        (
            combine(r#"{"includeUnpaired":true,"unpairedFrom":"input1"}"#),
            r#"[{"a":1}]"#,
            r#"[{"b":2},{"b":3}]"#,
            r#"[{"a":1,"b":2}]"#,
        ),
        (combine("{}"), r#"[{"a":{"x":1}}]"#, r#"[{"a":{"y":2}}]"#, r#"[{"a":{"x":1,"y":2}}]"#),
        (combine("{}"), r#"[{"a":[1,{"x":1}]}]"#, r#"[{"a":[2,{"y":2},3]}]"#, r#"[{"a":[2,{"x":1,"y":2},3]}]"#),
        (
            clash(r#"{"resolveClash":"preferInput1"}"#),
            r#"[{"a":1,"c":0}]"#,
            r#"[{"b":3,"a":2}]"#,
            r#"[{"a":1,"c":0,"b":3}]"#,
        ),
        (clash(r#"{"resolveClash":"preferInput9"}"#), r#"[{"a":1}]"#, r#"[{"a":2}]"#, r#"[{"a":2}]"#),
        (clash(r#"{"resolveClash":"addSuffix"}"#), r#"[{"a":1}]"#, r#"[{"a":2}]"#, r#"[{"a_1":1,"a_2":2}]"#),
        (clash(r#"{"mergeMode":"shallowMerge"}"#), r#"[{"a":{"x":1}}]"#, r#"[{"a":{"y":2}}]"#, r#"[{"a":{"y":2}}]"#),
        (
            clash(r#"{"overrideEmpty":true}"#),
            r#"[{"a":1,"b":{"c":2},"d":null}]"#,
            r#"[{"a":null,"b":{"c":""},"d":""}]"#,
            r#"[{"a":1,"b":{"c":2},"d":null}]"#,
        ),
        (combine("{}"), "[]", r#"[{"b":2}]"#, "[]"),
        (combine(r#"{"skipEmptyInputs":true}"#), "[]", r#"[{"b":2}]"#, r#"[{"b":2}]"#),
        (combine(r#"{"skipEmptyInputs":true}"#), "[]", "[]", "[]"),
    ] {
        assert_eq!(merged(&node, left, right), output, "{node}");
    }
}

#[test]
fn items_are_joined_by_their_fields() {
    for (rest, output) in [
        ("", r#"[{"id":1,"name":"Ada","town":"Aix"},{"id":1,"name":null,"town":"Como"}]"#),
        (r#","outputDataFrom":"input1""#, r#"[{"id":1,"name":"Ada"}]"#),
        (r#","outputDataFrom":"input2""#, r#"[{"id":1,"town":"Aix"},{"id":1,"town":"Como","name":null}]"#),
        (
            r#","joinMode":"keepNonMatches""#,
            r#"[{"id":2,"name":"Bo","_source":"input1"},{"name":"Nobody","_source":"input1"},{"id":3,"town":"Bor","_source":"input2"}]"#,
        ),
        (r#","joinMode":"keepNonMatches","outputDataFrom":"input1""#, r#"[{"id":2,"name":"Bo"},{"name":"Nobody"}]"#),
        (r#","joinMode":"keepNonMatches","outputDataFrom":"input2""#, r#"[{"id":3,"town":"Bor"}]"#),
        (
            r#","joinMode":"keepEverything","options":{"multipleMatches":"first"}"#,
            r#"[{"id":1,"name":"Ada","town":"Aix"},{"id":2,"name":"Bo"},{"name":"Nobody"},{"id":3,"town":"Bor"},{"id":1,"town":"Como","name":null}]"#,
        ),
        (
            r#","joinMode":"enrichInput1","options":{"clashHandling":{"values":{"overrideEmpty":true}}}"#,
            r#"[{"id":1,"name":"Ada","town":"Aix"},{"id":1,"name":"Ada","town":"Como"},{"id":2,"name":"Bo"},{"name":"Nobody"}]"#,
        ),
        (
            r#","joinMode":"enrichInput2""#,
            r#"[{"id":1,"town":"Aix","name":"Ada"},{"id":1,"town":"Como","name":"Ada"},{"id":3,"town":"Bor"}]"#,
        ),
        (
            r#","joinMode":"enrichInput2","options":{"clashHandling":{"values":{"resolveClash":"addSuffix"}},"multipleMatches":"first"}"#,
            r#"[{"id_1":1,"name_1":"Ada","id_2":1,"town_2":"Aix"},{"id_2":3,"town_2":"Bor"},{"id_2":1,"town_2":"Como","name_2":null}]"#,
        ),
    ] {
        assert_eq!(merged(&by_id(rest), PEOPLE, TOWNS), output, "{rest}");
    }
}

#[test]
fn where_one_input_is_empty_nothing_matches() {
    for (rest, of_left, of_right) in [
        ("", false, false),
        (r#","joinMode":"keepNonMatches""#, true, true),
        (r#","joinMode":"keepNonMatches","outputDataFrom":"input1""#, true, false),
        (r#","joinMode":"keepNonMatches","outputDataFrom":"input2""#, false, true),
        (r#","joinMode":"keepEverything""#, true, true),
        (r#","joinMode":"enrichInput1""#, true, false),
        (r#","joinMode":"enrichInput2""#, false, true),
    ] {
        let one = r#"[{"id":1}]"#;
        assert_eq!(merged(&by_id(rest), one, "[]"), if of_left { one } else { "[]" }, "left {rest}");
        assert_eq!(merged(&by_id(rest), "[]", one), if of_right { one } else { "[]" }, "right {rest}");
    }
}

#[test]
fn what_is_the_same_can_be_chosen() {
    let pairs = r#"{"values":[{"field1":"a.b","field2":"c"},{"field1":"=k","field2":"={{ 'k' }}"}]}"#;
    let node = |options: &str| {
        format!(
            r#"{{"mode":"combine","combineBy":"combineByFields","mergeByFields":{pairs},"joinMode":"keepMatches","outputDataFrom":"input2","options":{options}}}"#
        )
    };
    let left = r#"[{"a":{"b":1},"k":"é"},{"a.b":2,"k":"é"}]"#;
    let right = r#"[{"c":"1","k":"é"},{"c":1,"k":"é"},{"c":2,"k":"é"},{"c":1,"k":"e"}]"#;
    for (options, output) in [
        ("{}", r#"[{"c":1,"k":"é"},{"c":2,"k":"é"}]"#),
        (r#"{"fuzzyCompare":true}"#, r#"[{"c":"1","k":"é"},{"c":1,"k":"é"},{"c":2,"k":"é"}]"#),
        (r#"{"disableDotNotation":true}"#, r#"[{"c":2,"k":"é"}]"#),
    ] {
        assert_eq!(merged(&node(options), left, right), output, "{options}");
    }
}

#[test]
fn a_field_that_is_nowhere_can_be_refused() {
    let node = by_id(r#","options":{"requireFields":true}"#);
    let error = run(&Merge, &node, &TestStep::new(&[r#"[{"id":1}]"#, r#"[{"Id":1}]"#])).unwrap_err();
    assert_eq!(error.message, "No item of input 2 has the field “id”.");
}

#[test]
fn every_item_meets_every_other() {
    let node = r#"{"mode":"combine","combineBy":"combineAll"}"#;
    let (left, right) = (r#"[{"a":1},{"a":2}]"#, r#"[{"b":1},{"b":2}]"#);
    let output = r#"[{"a":1,"b":1},{"a":1,"b":2},{"a":2,"b":1},{"a":2,"b":2}]"#;
    assert_eq!(merged(node, left, right), output);
    assert_eq!(merged(node, left, "[]"), "[]");
    let prefers_first = r#"{"mode":"combine","combineBy":"combineAll","options":{"clashHandling":{"values":{"resolveClash":"preferInput1"}}}}"#;
    let output = r#"[{"b":1,"a":1},{"b":1,"a":2},{"b":2,"a":1},{"b":2,"a":2}]"#;
    assert_eq!(merged(prefers_first, left, right), output);
    let three = r#"{"mode":"combine","combineBy":"combineAll","numberInputs":3}"#;
    let outputs = run(&Merge, three, &TestStep::new(&[left, right, r#"[{"c":1},{"c":2},{"c":3}]"#])).unwrap();
    assert_eq!(outputs.ports[0].len(), 12);
    assert_eq!(outputs.ports[0][11].pairing, Pairing::many([at(1, 0), at(1, 1), at(2, 2)]));
}

#[test]
fn too_many_combinations_are_refused() {
    let many = Value::from(vec![Value::empty_object(); 1_000]).to_json();
    let node = r#"{"mode":"combine","combineBy":"combineAll"}"#;
    let error = run(&Merge, node, &TestStep::new(&[&many, &many])).unwrap_err();
    let message = "All combinations of the items would be 1000000 items, but one step makes at most 500000.";
    assert_eq!(error.message, message);
    let same = Value::from(vec![from_json(r#"{"id":1}"#).unwrap(); 1_000]).to_json();
    let error = run(&Merge, &by_id(""), &TestStep::new(&[&same, &same])).unwrap_err();
    assert!(error.message.starts_with("Every item with every item that matches would be 1000000 items"), "{error}");
    // Nothing is joined where matching items are only kept.
    let kept = run(&Merge, &by_id(r#","outputDataFrom":"input1""#), &TestStep::new(&[&same, &same])).unwrap();
    assert_eq!(kept.ports[0].len(), 1_000);
}

#[test]
fn large_inputs_are_matched_by_hashing() {
    let list = |name: &str| -> String {
        let item = |n: u32| from_json(&format!(r#"{{"id":"key {}","{name}":{n}}}"#, n % 90_000)).unwrap();
        Value::from((0..100_000).map(item).collect::<Vec<_>>()).to_json()
    };
    // Comparing each with each would take ten thousand million comparisons: minutes.
    let step = TestStep::new(&[&list("a"), &list("b")]);
    let outputs = run(&Merge, &by_id(r#","options":{"fuzzyCompare":true}"#), &step).unwrap();
    assert_eq!(outputs.ports[0].len(), 80_000 + 4 * 10_000);
}

#[test]
fn a_key_is_looked_up_in_the_order_of_input_1() {
    let node = |rest: &str| {
        format!(
            r#"{{"mode":"combine","combineBy":"combineByKey","propertyName1":"id","propertyName2":"key.id"{rest}}}"#
        )
    };
    let left = r#"[{"id":"7","a":1},{"id":8,"a":""},{"a":3},{"id":null,"a":4},{"id":9,"a":5},{"id":true}]"#;
    let right = r#"[{"key":{"id":8},"a":"old"},{"key":{"id":"8"},"a":"new"},{"key":{"id":7},"a":"x","b":1},{"key":{"id":0}},{}]"#;
    for (rest, output) in [
        (r#","keyMode":"keepKeyMatches""#, r#"[{"id":"7","a":1},{"id":8,"a":""}]"#),
        (r#","keyMode":"removeKeyMatches""#, r#"[{"a":3},{"id":null,"a":4},{"id":9,"a":5},{"id":true}]"#),
        (
            "",
            r#"[{"id":"7","a":"x","key":{"id":7},"b":1},{"id":8,"a":"new","key":{"id":"8"}},{"id":null,"a":4},{"id":9,"a":5}]"#,
        ),
        (
            r#","overwrite":"blank""#,
            r#"[{"id":"7","a":1,"key":{"id":7},"b":1},{"id":8,"a":"new","key":{"id":"8"}},{"id":null,"a":4},{"id":9,"a":5}]"#,
        ),
        (
            r#","overwrite":"undefined""#,
            r#"[{"id":"7","a":1,"key":{"id":7},"b":1},{"id":8,"a":"","key":{"id":"8"}},{"id":null,"a":4},{"id":9,"a":5}]"#,
        ),
    ] {
        assert_eq!(merged(&node(rest), left, right), output, "{rest}");
    }
}

#[test]
fn a_branch_is_chosen() {
    let (left, right) = (r#"[{"a":1}]"#, r#"[{"b":1},{"b":2}]"#);
    assert_eq!(merged(r#"{"mode":"chooseBranch"}"#, left, right), left);
    assert_eq!(merged(r#"{"mode":"chooseBranch","useDataOfInput":"2"}"#, left, right), right);
    assert_eq!(merged(r#"{"mode":"chooseBranch","useDataOfInput":"={{ 1 + 1 }}"}"#, left, right), right);
    let outputs = run(&Merge, r#"{"mode":"chooseBranch","output":"empty"}"#, &TestStep::new(&[left, right])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), "[{}]");
    assert_eq!(outputs.ports[0][0].pairing, Pairing::many([at(0, 0), at(0, 1), at(1, 1)]));
    let error = run(&Merge, r#"{"mode":"chooseBranch","useDataOfInput":"={{ 5 }}"}"#, &TestStep::new(&[left, right]));
    assert_eq!(error.unwrap_err().message, "Input 5 is not an input of this node: it has inputs 1 to 2.");
}

#[test]
fn files_and_origins_are_joined_too() {
    let mut left = items(r#"[{"id":1}]"#);
    let file = weft_value::BinaryRef { mime_type: "text/plain".into(), ..Default::default() };
    left[0].binary = Some(std::sync::Arc::new([("photo".to_owned(), file)].into_iter().collect()));
    let right = items(r#"[{"id":1}]"#);
    let clash: clash::ClashHandling = serde_json::from_str("{}").unwrap();
    let parts = [clash::Part { item: &right[0], place: at(0, 1) }, clash::Part { item: &left[0], place: at(0, 0) }];
    let joined = clash.join(&parts);
    assert!(joined.binary.unwrap().contains_key("photo"));
    assert_eq!(joined.pairing, Pairing::many([at(0, 1), at(0, 0)]));
}

#[test]
fn ports_follow_the_parameters() {
    for (node, inputs, required) in [
        ("{}", 2, 1),
        (r#"{"numberInputs":4}"#, 4, 1),
        (r#"{"numberInputs":99}"#, 10, 1),
        (r#"{"mode":"combine","combineBy":"combineByFields","numberInputs":4}"#, 2, 1),
        (r#"{"mode":"chooseBranch","numberInputs":3}"#, 3, 3),
        (r#"{"mode":"chooseBranch","chooseBranchMode":"waitForAny"}"#, 2, 1),
        (r#"{"mode":"chooseBranch","chooseBranchMode":"waitForFirstTwo","numberInputs":4}"#, 4, 2),
        (r#"{"mode":"append","chooseBranchMode":"waitForFirstTwo","numberInputs":4}"#, 4, 1),
    ] {
        let ports = Merge.ports(&from_json(node).unwrap());
        assert_eq!((ports.inputs.len(), ports.required_inputs), (inputs, required), "{node}");
    }
}

#[test]
fn wrong_parameters_are_problems() {
    for (node, field) in [
        (r#"{"mode":"combineBySql"}"#.to_owned(), "mode"),
        (r#"{"mode":"combine","combineBy":"combineByFields"}"#.to_owned(), "mergeByFields"),
        (r#"{"mode":"combine","combineBy":"combineByFields","mergeByFields":{"values":[]}}"#.to_owned(), "mergeByFields"),
        (
            r#"{"mode":"combine","combineBy":"combineByFields","mergeByFields":{"values":[{"field1":"id","field2":""}]}}"#.to_owned(),
            "mergeByFields.values[0].field2",
        ),
        (by_id(r#","joinMode":"keepSome""#), "joinMode"),
        (by_id(r#","options":{"clashHandling":{"values":{"resolveClash":"preferInput0"}}}"#), "options.clashHandling.values.resolveClash"),
        (r#"{"mode":"chooseBranch","useDataOfInput":3}"#.to_owned(), "useDataOfInput"),
        (r#"{"mode":"combine","combineBy":"combineByKey","propertyName1":"id"}"#.to_owned(), "propertyName2"),
    ] {
        let problems = prepare(&Merge, &node).err().unwrap_or_else(|| panic!("{node} is taken"));
        assert_eq!(problems[0].field.as_deref(), Some(field), "{node}: {problems:?}");
    }
}

#[test]
fn what_n8n_calls_it_is_mapped() {
    let left = r#"[{"id":1,"a":{"x":1}},{"id":2}]"#;
    let right = r#"[{"id":"1","a":{"y":1}},{"id":3},{"id":4}]"#;
    for (version, old, output) in [
        (1.0, "{}", r#"[{"id":1,"a":{"x":1}},{"id":2},{"id":"1","a":{"y":1}},{"id":3},{"id":4}]"#),
        (1.0, r#"{"mode":"mergeByIndex"}"#, r#"[{"id":"1","a":{"y":1}},{"id":3}]"#),
        (1.0, r#"{"mode":"mergeByIndex","join":"inner"}"#, r#"[{"id":"1","a":{"y":1}},{"id":3}]"#),
        (1.0, r#"{"mode":"mergeByIndex","join":"outer"}"#, r#"[{"id":"1","a":{"y":1}},{"id":3},{"id":4}]"#),
        (1.0, r#"{"mode":"keepKeyMatches","propertyName1":"id","propertyName2":"id"}"#, r#"[{"id":1,"a":{"x":1}}]"#),
        (1.0, r#"{"mode":"removeKeyMatches","propertyName1":"id","propertyName2":"id"}"#, r#"[{"id":2}]"#),
        (
            1.0,
            r#"{"mode":"mergeByKey","propertyName1":"id","propertyName2":"id"}"#,
            r#"[{"id":1,"a":{"y":1}},{"id":2}]"#,
        ),
        (1.0, r#"{"mode":"passThrough","output":"input2"}"#, right),
        (1.0, r#"{"mode":"wait"}"#, "[{}]"),
        (2.0, r#"{"mode":"chooseBranch"}"#, left),
        (2.0, r#"{"mode":"chooseBranch","output":"empty"}"#, "[{}]"),
        (
            2.1,
            r#"{"mode":"combine","mergeByFields":{"values":[{"field1":"id","field2":"id"}]},"options":{"fuzzyCompare":true,"clashHandling":{"values":{"resolveClash":"preferInput1"}}}}"#,
            r#"[{"id":1,"a":{"y":1,"x":1}}]"#,
        ),
        (
            2.1,
            r#"{"mode":"combine","mergeByFields":{"values":[{"field1":"id","field2":"id"}]},"joinMode":"keepEverything","outputDataFrom":"input1"}"#,
            r#"[{"id":1,"a":{"x":1}},{"id":2},{"id":"1","a":{"y":1}},{"id":3},{"id":4}]"#,
        ),
        (
            2.0,
            r#"{"mode":"combine","combinationMode":"mergeByPosition","options":{"clashHandling":{"values":{"resolveClash":"addSuffix","mergeMode":"shallowMerge"}}}}"#,
            r#"[{"id_1":1,"a_1":{"x":1},"id_2":"1","a_2":{"y":1}},{"id_1":2,"id_2":3}]"#,
        ),
        (3.0, r#"{"mode":"combine","fieldsToMatchString":"id, a","options":{"fuzzyCompare":true}}"#, "[]"),
        (
            3.1,
            r#"{"mode":"combine","fieldsToMatchString":" id ","joinMode":"keepNonMatches","outputDataFrom":"input2","options":{"fuzzyCompare":true}}"#,
            r#"[{"id":3},{"id":4}]"#,
        ),
        (
            3.2,
            r#"{"mode":"combine","combineBy":"combineByPosition","options":{"includeUnpaired":true}}"#,
            r#"[{"id":"1","a":{"x":1,"y":1}},{"id":3},{"id":4}]"#,
        ),
        (3.2, r#"{"mode":"chooseBranch","useDataOfInput":2}"#, right),
    ] {
        let imported = import(&Merge, version, old).unwrap_or_else(|refused| panic!("{old}: {refused}"));
        assert_eq!(merged(&imported.parameters.to_json(), left, right), output, "version {version}: {old}");
    }
    let all = import(&Merge, 1.0, r#"{"mode":"multiplex"}"#).unwrap().parameters.to_json();
    assert_eq!(
        merged(&all, r#"[{"a":{"x":1}}]"#, r#"[{"a":{"y":1}},{"b":1}]"#),
        r#"[{"a":{"y":1}},{"a":{"x":1},"b":1}]"#
    );
    let by_position = import(&Merge, 2.0, r#"{"mode":"combine","combinationMode":"mergeByPosition"}"#).unwrap();
    assert_eq!(merged(&by_position.parameters.to_json(), "[]", right), right);
}

#[test]
fn inputs_of_n8n_are_counted_as_it_does() {
    for (version, old, inputs, required) in [
        (1.0, r#"{"mode":"wait"}"#, 2, 1),
        (2.0, r#"{"mode":"chooseBranch"}"#, 2, 2),
        (3.0, r#"{"mode":"chooseBranch"}"#, 2, 2),
        (3.0, r#"{"mode":"chooseBranch","numberInputs":3}"#, 3, 2),
        (3.1, r#"{"mode":"chooseBranch","numberInputs":"4","output":"empty"}"#, 4, 2),
        (3.0, r#"{"numberInputs":"5"}"#, 5, 1),
        (3.0, r#"{"mode":"combine","numberInputs":5,"fieldsToMatchString":"id"}"#, 2, 1),
        (3.0, r#"{"mode":"combine","combineBy":"combineAll","numberInputs":5}"#, 2, 1),
    ] {
        let ports = Merge.ports(&import(&Merge, version, old).unwrap().parameters);
        assert_eq!((ports.inputs.len(), ports.required_inputs), (inputs, required), "{old}");
    }
}

#[test]
fn what_cannot_be_mapped_is_refused_with_its_field() {
    for (version, old, field) in [
        (3.0, r#"{"mode":"={{ $json.mode }}"}"#, "mode"),
        (3.0, r#"{"numberInputs":"={{ 3 }}"}"#, "numberInputs"),
        (
            3.0,
            r#"{"mode":"combine","fieldsToMatchString":"id","options":{"fuzzyCompare":"={{ true }}"}}"#,
            "options.fuzzyCompare",
        ),
        (2.0, r#"{"mode":"combine","combinationMode":"byMagic"}"#, "combinationMode"),
        (1.0, r#"{"mode":"mergeByIndex","join":"={{ 1 }}"}"#, "join"),
    ] {
        assert_eq!(import(&Merge, version, old).unwrap_err().field.as_deref(), Some(field), "{old}");
    }
    assert!(import(&Merge, 3.2, r#"{"mode":"combineBySql","query":"select 1"}"#).unwrap_err().is_elsewhere());
    let remarks = import(&Merge, 3.0, r#"{"mode":"combine","fieldsToMatchString":"={{ $json.k }}"}"#).unwrap().remarks;
    assert_eq!(remarks.len(), 1);
}

#[test]
fn imported_positions_are_joined_as_in_n8n() {
    let v2 = r#"{"mode":"combine","combinationMode":"mergeByPosition","options":{"clashHandling":{"values":{"resolveClash":"preferInput1"}}}}"#;
    let v3 = r#"{"mode":"combine","combineBy":"combineByPosition","options":{"clashHandling":{"values":{"resolveClash":"addSuffix"}}}}"#;
    for (version, node, output) in [
        (2.0, v2, r#"[{"b":2,"c":[4,1],"a":1}]"#),
        (3.0, v3, r#"[{"a_1":1,"b_1":2,"c_1":[4,1],"b_2":3,"c_2":{"d":1},"b":3,"c":{"d":1}}]"#),
    ] {
        let imported = import(&Merge, version, node).unwrap().parameters.to_json();
        let step = TestStep::new(&[r#"[{"a":1,"b":2,"c":[4,1]}]"#, r#"[{"b":3,"c":{"d":1}}]"#]);
        assert_eq!(json_of(&run(&Merge, &imported, &step).unwrap().ports[0]), output, "{version}");
    }
}
