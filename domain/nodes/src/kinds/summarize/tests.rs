use weft_value::from_json;

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

fn node(list: &str, rest: &str) -> String {
    format!(r#"{{"fieldsToSummarize":{{"values":[{list}]}}{rest}}}"#)
}

const SALES: &str = r#"[
    {"city":"Lyon","year":2026,"paid":2,"by":"Zoë"},
    {"city":"Nice","year":2026,"paid":5,"by":"amir"},
    {"city":"Lyon","year":2025,"paid":3,"by":""},
    {"city":"Lyon","year":2026,"paid":"7","by":"Zoë"}
]"#;

#[test]
fn values_are_summarized() {
    for (entry, result) in [
        (r#"{"field":"by"}"#, r#"{"count_by":3}"#),
        (r#"{"aggregation":"count","field":"by","includeEmpty":true}"#, r#"{"count_by":4}"#),
        (r#"{"aggregation":"countUnique","field":"by"}"#, r#"{"unique_count_by":2}"#),
        (r#"{"aggregation":"countUnique","field":"by","includeEmpty":true}"#, r#"{"unique_count_by":3}"#),
        (r#"{"aggregation":"sum","field":"paid"}"#, r#"{"sum_paid":10}"#),
        (r#"{"aggregation":"average","field":"year"}"#, r#"{"average_year":2025.75}"#),
        (r#"{"aggregation":"average","field":"by"}"#, r#"{"average_by":null}"#),
        (r#"{"aggregation":"sum","field":"by"}"#, r#"{"sum_by":0}"#),
        (r#"{"aggregation":"min","field":"by"}"#, r#"{"min_by":"Zoë"}"#),
        (r#"{"aggregation":"max","field":"by"}"#, r#"{"max_by":"amir"}"#),
        (r#"{"aggregation":"max","field":"paid"}"#, r#"{"max_paid":"7"}"#),
        (r#"{"aggregation":"min","field":"gone"}"#, r#"{"min_gone":null}"#),
        (r#"{"aggregation":"append","field":"by"}"#, r#"{"appended_by":["Zoë","amir","Zoë"]}"#),
        (r#"{"aggregation":"append","field":"by","includeEmpty":true}"#, r#"{"appended_by":["Zoë","amir","","Zoë"]}"#),
        (r#"{"aggregation":"concatenate","field":"by"}"#, r#"{"concatenated_by":"Zoë,amir,Zoë"}"#),
        (
            r#"{"aggregation":"concatenate","field":"paid","separateBy":"other","customSeparator":" + "}"#,
            r#"{"concatenated_paid":"2 + 5 + 3 + 7"}"#,
        ),
        (
            r#"{"aggregation":"concatenate","field":"gone.at[0]","includeEmpty":true,"separateBy":" "}"#,
            r#"{"concatenated_gone_at0":"undefined undefined undefined undefined"}"#,
        ),
        (r#"{"field":"paid"},{"aggregation":"sum","field":"paid"}"#, r#"{"count_paid":4,"sum_paid":10}"#),
    ] {
        let outputs = run(&Summarize, &node(entry, ""), &TestStep::new(&[SALES])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), format!("[{result}]"), "{entry}");
    }
}

#[test]
fn objects_are_counted_and_joined_by_what_they_hold() {
    let step = TestStep::new(&[r#"[{"o":{"a":1,"b":[2]}},{"o":{"b":[2],"a":1}},{"o":null}]"#]);
    let entries = r#"{"aggregation":"countUnique","field":"o"},{"aggregation":"concatenate","field":"o","includeEmpty":true,"separateBy":"\n"}"#;
    let outputs = run(&Summarize, &node(entries, ""), &step).unwrap();
    let joined = outputs.ports[0][0].json.get("concatenated_o").as_str().unwrap().to_owned();
    assert_eq!(joined, "{\"a\":1,\"b\":[2]}\n{\"b\":[2],\"a\":1}\nnull");
    assert_eq!(outputs.ports[0][0].json.get("unique_count_o"), &Value::Number(1.0));
}

#[test]
fn items_are_grouped() {
    let count = r#"{"field":"paid"}"#;
    let odd = r#"[{"k":1,"n":1},{"k":"1","n":1},{"k":null,"n":1},{"n":1},{"k":[1],"n":1},{"k":0,"n":1}]"#;
    for (entry, rest, input, output) in [
        (
            count,
            r#","fieldsToSplitBy":"city, year""#,
            SALES,
            r#"[{"city":"Lyon","year":2026,"count_paid":2},{"city":"Lyon","year":2025,"count_paid":1},{"city":"Nice","year":2026,"count_paid":1}]"#,
        ),
        (
            count,
            r#","fieldsToSplitBy":"city,year","options":{"outputFormat":"singleItem"}"#,
            SALES,
            r#"[{"Lyon":{"2025":{"count_paid":1},"2026":{"count_paid":2}},"Nice":{"2026":{"count_paid":1}}}]"#,
        ),
        (count, r#","options":{"outputFormat":"singleItem"}"#, SALES, r#"[{"count_paid":4}]"#),
        (
            r#"{"field":"n"}"#,
            r#","fieldsToSplitBy":"k","options":{"outputFormat":"singleItem"}"#,
            odd,
            r#"[{"0":{"count_n":1},"1":{"count_n":2},"null":{"count_n":1},"undefined":{"count_n":1},"[1]":{"count_n":1}}]"#,
        ),
        (
            r#"{"field":"n"}"#,
            r#","fieldsToSplitBy":"k","options":{"outputFormat":"singleItem","skipEmptySplitFields":true}"#,
            odd,
            r#"[{"0":{"count_n":1},"1":{"count_n":2},"[1]":{"count_n":1}}]"#,
        ),
        (
            r#"{"field":"n"}"#,
            r#","fieldsToSplitBy":"k""#,
            odd,
            r#"[{"k":1,"count_n":1},{"k":"1","count_n":1},{"k":null,"count_n":1},{"count_n":1},{"k":"[1]","count_n":1},{"k":0,"count_n":1}]"#,
        ),
        (
            r#"{"field":"n"}"#,
            r#","fieldsToSplitBy":"k","options":{"skipEmptySplitFields":true,"splitValuesAsText":false}"#,
            odd,
            r#"[{"k":1,"count_n":1},{"k":"1","count_n":1},{"k":"[1]","count_n":1},{"k":0,"count_n":1}]"#,
        ),
        (
            r#"{"field":"n"}"#,
            r#","fieldsToSplitBy":"k","options":{"splitValuesAsText":true}"#,
            odd,
            r#"[{"k":"1","count_n":2},{"k":"null","count_n":1},{"k":"undefined","count_n":1},{"k":"[1]","count_n":1},{"k":"0","count_n":1}]"#,
        ),
        (r#"{"field":"n"}"#, r#","fieldsToSplitBy":"gone","options":{"skipEmptySplitFields":true}"#, odd, "[]"),
        (
            r#"{"field":"a b"}"#,
            r#","fieldsToSplitBy":"u.v""#,
            r#"[{"a b":1,"u":{"v":2}}]"#,
            r#"[{"u_v":2,"count_a_b":1}]"#,
        ),
        (count, "", "[]", "[]"),
    ] {
        let outputs = run(&Summarize, &node(entry, rest), &TestStep::new(&[input])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{entry} {rest}");
    }
}

#[test]
fn results_know_what_they_were_made_from() {
    let of = |rest: &str| {
        let outputs = run(&Summarize, &node(r#"{"field":"paid"}"#, rest), &TestStep::new(&[SALES])).unwrap();
        outputs.ports[0].last().unwrap().pairing.clone()
    };
    assert_eq!(of(r#","fieldsToSplitBy":"year""#), made_from([2].into_iter()));
    assert_eq!(of(""), made_from(0..4));
    assert_eq!(of(r#","fieldsToSplitBy":"year","options":{"outputFormat":"singleItem"}"#), made_from(0..4));
}

#[test]
fn what_is_wrong_is_said() {
    let step = TestStep::new(&[SALES]);
    let strict = r#","options":{"failIfFieldNotFound":true}"#;
    let error = run(&Summarize, &node(r#"{"field":"gone"}"#, strict), &step).unwrap_err();
    assert_eq!(
        (error.code.as_ref(), error.field.as_deref()),
        ("field_missing", Some("fieldsToSummarize.values[0].field"))
    );
    let many = format!(r#","fieldsToSplitBy":"{}""#, "a,".repeat(1000));
    assert_eq!(run(&Summarize, &node(r#"{"field":"a"}"#, &many), &step).unwrap_err().code, "parameter");
    assert!(prepare(&Summarize, "{}").is_err());
    assert!(prepare(&Summarize, &node("", "")).is_err());
    assert!(prepare(&Summarize, &node("{}", "")).is_err());
}

#[test]
fn many_groups_take_no_time() {
    let item =
        |n: u32| Item::new([("k", Value::from(100_000 - n)), ("n", Value::from(n))].into_iter().collect::<Object>());
    let step = TestStep::of_items((0..100_000).map(item).collect());
    for format in ["separateItems", "singleItem"] {
        let rest = format!(r#","fieldsToSplitBy":"k","options":{{"outputFormat":"{format}"}}"#);
        let outputs = run(&Summarize, &node(r#"{"aggregation":"max","field":"n"}"#, &rest), &step).unwrap();
        let first = &outputs.ports[0][0].json;
        assert_eq!(outputs.ports[0].len().max(first.as_object().unwrap().len()), 100_000, "{format}");
    }
}

#[test]
fn n8n_versions_differ() {
    let parameters = r#"{"operation":"summarize","fieldsToSummarize":{"values":[{"aggregation":"max","field":"gone"}]},"fieldsToSplitBy":"year","options":{}}"#;
    let step = TestStep::new(&[SALES]);
    let given = from_json(parameters).unwrap();
    for (node_type, version, works) in [
        (ITEM_LISTS, 1.0, false),
        (ITEM_LISTS, 2.1, true),
        (ITEM_LISTS, 3.1, true),
        ("n8n-nodes-base.summarize", 1.0, false),
        ("n8n-nodes-base.summarize", 1.1, true),
    ] {
        let node = N8nNode { node_type, version, parameters: &given };
        let imported = Summarize.import_n8n(&node).unwrap();
        assert!(imported.remarks.is_empty(), "{node_type} {version}");
        let outcome = run(&Summarize, &imported.parameters.to_json(), &step);
        assert_eq!(outcome.is_ok(), works, "{node_type} {version}");
        if let Ok(outputs) = outcome {
            let is_text = outputs.ports[0][0].json.get("year").as_str().is_some();
            assert_eq!(is_text, node_type == ITEM_LISTS, "{node_type} {version}");
        }
    }
    let goes_on = parameters.replace(r#""options":{}"#, r#""options":{"continueIfFieldNotFound":true}"#);
    let imported = import(&Summarize, 1.0, &goes_on).unwrap().parameters;
    assert!(imported.get("options").get("continueIfFieldNotFound").is_undefined());
    assert!(run(&Summarize, &imported.to_json(), &step).is_ok());
}

#[test]
fn imported_groups_are_arranged_as_in_n8n() {
    let parameters = r#"{"operation":"summarize","fieldsToSummarize":{"values":[{"aggregation":"max","field":"n"}]},"fieldsToSplitBy":"k, j","options":OPTIONS}"#;
    let items = r#"[{"k":"b","j":1,"n":"x"},{"j":1,"n":2},{"k":10,"j":null,"n":3},{"k":2,"j":1,"n":4}]"#;
    for (node_type, version, options, output) in [
        (
            "n8n-nodes-base.summarize",
            1.1,
            "{}",
            r#"[{"max_n":"x","j":1,"k":"b"},{"max_n":2,"j":1},{"max_n":3,"j":null,"k":10},{"max_n":4,"j":1,"k":2}]"#,
        ),
        (
            ITEM_LISTS,
            3.0,
            "{}",
            r#"[{"k":"2","j":"1","max_n":4},{"k":"10","j":"null","max_n":3},{"k":"b","j":"1","max_n":"x"},{"k":"undefined","j":"1","max_n":2}]"#,
        ),
        (
            ITEM_LISTS,
            2.2,
            r#"{"skipEmptySplitFields":true}"#,
            r#"[{"k":"2","j":"1","max_n":4},{"k":"10","j":"null","max_n":3},{"k":"b","j":"1","max_n":null}]"#,
        ),
    ] {
        let given = from_json(&parameters.replace("OPTIONS", options)).unwrap();
        let node = N8nNode { node_type, version, parameters: &given };
        let imported = Summarize.import_n8n(&node).unwrap().parameters.to_json();
        let outputs = run(&Summarize, &imported, &TestStep::new(&[items])).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), output, "{node_type} {version}");
    }
}
