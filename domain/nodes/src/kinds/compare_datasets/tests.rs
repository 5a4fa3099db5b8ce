use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

const BEFORE: &str = r#"[{"id":1,"n":1,"at":"x"},{"id":2,"n":2,"at":"x"},{"id":3,"n":0,"at":"x"},{"id":4},{},{"n":9}]"#;
const AFTER: &str = r#"[{"id":1,"n":1,"at":"x"},{"id":2,"n":2,"at":"y"},{"id":3,"n":5,"at":"x","new":null},{"id":3,"n":0,"at":"x"},{"id":5}]"#;

/// A node that matches `id` with `id`; `rest` are further parameters.
fn by_id(rest: &str) -> String {
    format!(r#"{{"mergeByFields":{{"values":[{{"field1":"id","field2":"id"}}]}}{rest}}}"#)
}

fn compared(node: &str, left: &str, right: &str) -> [String; 4] {
    let outputs = run(&CompareDatasets, node, &TestStep::new(&[left, right])).unwrap_or_else(|error| panic!("{error}"));
    [0, 1, 2, 3].map(|port| json_of(&outputs.ports[port]))
}

#[test]
fn items_are_parted_in_four() {
    let both = r#"[{"keys":{"id":2},"same":{"id":2,"n":2},"different":{"at":{"inputA":"x","inputB":"y"}}},{"keys":{"id":3},"same":{"id":3,"at":"x"},"different":{"n":{"inputA":0,"inputB":5},"new":{"inputA":null,"inputB":null}}}]"#;
    let of_a = r#"[{"id":4},{"n":9}]"#;
    let same = r#"[{"id":1,"n":1,"at":"x"}]"#;
    let of_b = r#"[{"id":3,"n":0,"at":"x"},{"id":5}]"#;
    assert_eq!(compared(&by_id(""), BEFORE, AFTER), [of_a, same, both, of_b]);
    let all = r#","resolve":"preferInput1","options":{"multipleMatches":"all"}"#;
    assert_eq!(
        compared(&by_id(all), BEFORE, AFTER),
        [
            of_a,
            r#"[{"id":1,"n":1,"at":"x"},{"id":3,"n":0,"at":"x"}]"#,
            r#"[{"id":2,"n":2,"at":"x"},{"id":3,"n":0,"at":"x"}]"#,
            r#"[{"id":5}]"#,
        ]
    );
    assert_eq!(compared(&by_id(""), "[]", r#"[{"id":5}]"#), ["[]", "[]", "[]", r#"[{"id":5}]"#]);
}

#[test]
fn one_side_or_a_mix_stands_for_what_differs() {
    let left = r#"[{"id":1,"a":1,"b":{"c":1,"d":1},"gone":0}]"#;
    let right = r#"[{"id":1,"a":2,"b":{"c":2,"d":2}}]"#;
    for (rest, output) in [
        (r#","resolve":"preferInput1""#, left),
        (r#","resolve":"preferInput2""#, right),
        (r#","resolve":"mix","exceptWhenMix":"a, b.c, gone""#, r#"[{"id":1,"a":2,"b":{"c":2,"d":1},"gone":null}]"#),
        (
            r#","resolve":"mix","preferWhenMix":"input2","exceptWhenMix":"={{ ['gone'] }}""#,
            r#"[{"id":1,"a":2,"b":{"c":2,"d":2},"gone":0}]"#,
        ),
        (
            r#","resolve":"mix","exceptWhenMix":"b.c,gone","options":{"disableDotNotation":true}"#,
            r#"[{"id":1,"a":1,"b":{"c":1,"d":1}}]"#,
        ),
    ] {
        assert_eq!(compared(&by_id(rest), left, right)[2], output, "{rest}");
    }
}

#[test]
fn fields_can_be_skipped() {
    let left = r#"[{"id":1,"at":1,"meta":{"views":1,"by":"x"}}]"#;
    let right = r#"[{"id":1,"at":2,"meta":{"views":2,"by":"y"}}]"#;
    let skip = |names: &str| by_id(&format!(r#","options":{{"skipFields":"{names}"}}"#));
    assert_eq!(compared(&skip("at, meta"), left, right)[1], left);
    assert_eq!(
        compared(&skip("at, meta.views"), left, right)[2],
        r#"[{"keys":{"id":1},"same":{"id":1},"different":{"meta":{"inputA":{"by":"x"},"inputB":{"by":"y"}}},"skipped":{"at":{"inputA":1,"inputB":2},"meta":{"inputA":{"views":1},"inputB":{"views":2}}}}]"#
    );
    assert_eq!(compared(&skip("at,meta.views,meta.by"), left, right)[1], left);
    let error = run(&CompareDatasets, &skip("at.x"), &TestStep::new(&[left, right])).unwrap_err();
    assert_eq!(error.message, "“at.x” cannot be skipped: “at” is not an object.");
    let plain = by_id(r#","options":{"skipFields":"a.b","disableDotNotation":true}"#);
    let error = run(&CompareDatasets, &plain, &TestStep::new(&[left, right])).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("options.skipFields"));
}

#[test]
fn small_differences_of_type_can_be_overlooked() {
    let left = r#"[{"id":1,"a":null,"b":[],"only":""}]"#;
    let right = r#"[{"id":"1","a":0,"b":"","more":1}]"#;
    let found = compared(&by_id(r#","fuzzyCompare":true"#), left, right);
    assert_eq!(found, ["[]", left, "[]", "[]"]);
    let found = compared(&by_id(r#","fuzzyCompare":true,"resolve":"preferInput2""#), left, right);
    assert_eq!(found[1], right);
    let other = r#"[{"id":"1","a":0,"b":"x"}]"#;
    let found = compared(&by_id(r#","fuzzyCompare":true"#), left, other);
    let expected =
        r#"[{"keys":{"id":1},"same":{"id":1,"a":null,"only":""},"different":{"b":{"inputA":[],"inputB":"x"}}}]"#;
    assert_eq!(found[2], expected);
}

#[test]
fn every_item_knows_what_it_was_made_from() {
    let outputs = run(&CompareDatasets, &by_id(""), &TestStep::new(&[BEFORE, AFTER])).unwrap();
    let at = |item, input| ItemRef { item, input };
    // The empty item of A counts in the places of those behind it.
    assert_eq!(outputs.ports[0][1].pairing, Pairing::One(at(5, 0)));
    assert_eq!(outputs.ports[1][0].pairing, Pairing::One(at(0, 0)));
    assert_eq!(outputs.ports[2][1].pairing, Pairing::many([at(2, 0), at(2, 1)]));
    assert_eq!(outputs.ports[3][0].pairing, Pairing::One(at(3, 1)));
}

#[test]
fn wrong_parameters_are_problems() {
    for (node, field) in [
        ("{}".to_owned(), "mergeByFields"),
        (r#"{"mergeByFields":{"values":[]}}"#.to_owned(), "mergeByFields"),
        (r#"{"mergeByFields":{"values":[{"field1":"id"}]}}"#.to_owned(), "mergeByFields.values[0].field2"),
        (by_id(r#","resolve":"flip a coin""#), "resolve"),
        (by_id(r#","options":{"skipFields":"={{ ( }}"}"#), "options.skipFields"),
    ] {
        let problems = prepare(&CompareDatasets, &node).err().unwrap_or_else(|| panic!("{node} is taken"));
        assert_eq!(problems[0].field.as_deref(), Some(field), "{node}: {problems:?}");
    }
}

#[test]
fn versions_of_n8n_are_mapped() {
    let left = r#"[{"id":1,"a":"","b":[],"n":1}]"#;
    let right = r#"[{"id":1,"a":null,"n":2}]"#;
    let by_id = |rest: &str| format!(r#"{{"mergeByFields":{{"values":[{{"field1":"id","field2":"id"}}]}}{rest}}}"#);
    for (version, rest, different) in [
        (1.0, "", right),
        (2.0, "", right),
        (
            1.0,
            r#","resolve":"includeBoth","options":{"fuzzyCompare":true}"#,
            r#"[{"keys":{"id":1},"same":{"id":1,"a":""},"different":{"b":{"input1":[],"input2":null},"n":{"input1":1,"input2":2}}}]"#,
        ),
        (
            2.0,
            r#","resolve":"includeBoth","fuzzyCompare":true"#,
            r#"[{"keys":{"id":1},"same":{"id":1,"a":""},"different":{"b":{"inputA":[],"inputB":null},"n":{"inputA":1,"inputB":2}}}]"#,
        ),
        (
            2.3,
            r#","fuzzyCompare":true"#,
            r#"[{"keys":{"id":1},"same":{"id":1,"a":"","b":[]},"different":{"n":{"inputA":1,"inputB":2}}}]"#,
        ),
    ] {
        let imported = import(&CompareDatasets, version, &by_id(rest)).unwrap();
        assert_eq!(compared(&imported.parameters.to_json(), left, right)[2], different, "version {version}{rest}");
    }
    for (version, fails) in [(2.1, true), (2.2, false)] {
        let imported = import(&CompareDatasets, version, &by_id("")).unwrap().parameters.to_json();
        let result = run(&CompareDatasets, &imported, &TestStep::new(&[left, r#"[{"other":1}]"#]));
        assert_eq!(result.is_err(), fails, "version {version}");
        let nothing = run(&CompareDatasets, &imported, &TestStep::new(&[left, "[]"])).unwrap();
        assert_eq!(json_of(&nothing.ports[0]), left);
    }
    let refused = import(&CompareDatasets, 2.3, &by_id(r#","resolve":"={{ 1 }}""#)).unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("resolve"));
}
