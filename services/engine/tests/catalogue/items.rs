//! No items, and items of every script.

use weft_engine::kinds::{Kind, all};
use weft_nodes::testing::items;
use weft_value::{Item, Object, Value, from_json};

use super::trying::{forms, name, problems, run};

/// Combining marks, letters that grow when they are capitals, families of signs, both directions, and what ends strings in C.
const SCRIPTS: &str = r#"[
    {"a":"é e\u0301 ﬁ ß İ","b":"👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷","list":["ß","\u0000","a\u0000b"],"n":1},
    {"a":"b","b":"שלום \u202eمرحبا\u202c","ключ 🔑":"名前","list":[{"a":"𝒳"}],"n":"١"},
    {"a":"\u0000","b":"\ufeff\u200b\ufffd\u2028","":"empty","list":[],"n":null},
    {"a":"𐍈.𐍈[0]","b":"=\"'`<&>{{ 1 }}","𐍈":{"𐍈":["x"]},"n":-0.0}
]"#;

fn inputs_of(kind: Kind, parameters: &Value, items: &[Item]) -> Vec<Vec<Item>> {
    vec![items.to_vec(); kind.node_kind().ports(parameters).inputs.len()]
}

fn each_form(mut check: impl FnMut(Kind, Value)) {
    for kind in all() {
        for form in forms(kind) {
            check(kind, form);
        }
    }
}

#[test]
fn no_items_are_no_reason_to_fail() {
    each_form(|kind, parameters| {
        if let Kind::Transform(_) = kind
            && let Err(failure) = run(kind, &parameters, inputs_of(kind, &parameters, &[]))
        {
            // What ends an execution does so whatever comes.
            let ends = ["stopAndError", "placeholder"].contains(&name(kind));
            assert!(
                ends || !failure.message.is_empty() && failure.field.is_some(),
                "{}: {failure:?} with {}",
                name(kind),
                parameters.to_json()
            );
        }
    });
}

#[test]
fn every_script_goes_through_every_kind() {
    let given = items(SCRIPTS);
    assert_eq!(given.len(), 4);
    each_form(|kind, parameters| match run(kind, &parameters, inputs_of(kind, &parameters, &given)) {
        Ok(outputs) => {
            for item in outputs.iter().flatten() {
                let json = item.json.to_json();
                assert_eq!(
                    from_json(&json).map(|value| value.to_json()).ok(),
                    Some(json),
                    "{} gives what can be kept",
                    name(kind)
                );
            }
        }
        Err(failure) => assert!(!failure.message.is_empty() && !failure.code.is_empty(), "{}: {failure:?}", name(kind)),
    });
}

/// Many enough that a kind which compares each item with each other one would take hours.
const MANY: usize = 100_000;

#[test]
fn many_items_go_through_every_kind_that_changes_items() {
    let many: Vec<Item> = (0..MANY)
        .map(|at| {
            let entries = [("a", Value::from(at as f64)), ("b", format!("text {}", at % 1000).into())];
            Item::new(entries.into_iter().collect::<Object>())
        })
        .collect();
    for kind in all().iter().copied().filter(|kind| matches!(kind, Kind::Transform(_))) {
        let parameters = forms(kind).into_iter().find(|form| problems(kind, form).is_empty());
        let Some(parameters) = parameters.filter(|_| !kind.node_kind().descriptor().is_trigger()) else { continue };
        let inputs = inputs_of(kind, &parameters, &many);
        let asked = inputs.len() * MANY;
        match run(kind, &parameters, inputs) {
            Ok(outputs) => {
                let given: usize = outputs.iter().map(Vec::len).sum();
                assert!(given <= asked, "{} gives {given} items of {asked}", name(kind));
            }
            Err(failure) => assert!(!failure.message.is_empty(), "{}: {failure:?}", name(kind)),
        }
    }
}

#[test]
fn half_of_a_sign_is_replaced_before_any_kind_sees_it() {
    for (json, read) in [
        (r#"{"a":"\ud83d"}"#, r#"{"a":"\ufffd"}"#),
        (r#"{"\udc00":1}"#, r#"{"\ufffd":1}"#),
        (r#"["\ud800\u0041"]"#, r#"["\ufffdA"]"#),
    ] {
        assert_eq!(from_json(json).unwrap(), from_json(read).unwrap(), "{json}");
    }
}
