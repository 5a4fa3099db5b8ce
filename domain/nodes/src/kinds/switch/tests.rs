use weft_value::{ItemRef, Pairing, from_json};

use super::*;
use crate::testing::{TestStep, import, json_of, prepare, run};

/// A rule for `$json.n` and a number.
fn rule(number: u32, rest: &str) -> String {
    format!(
        r#"{{"conditions":{{"conditions":[{{"leftValue":"={{{{ $json.n }}}}","rightValue":{number},"operator":{{"type":"number","operation":"equals"}}}}]}}{rest}}}"#
    )
}

fn by_rules(rules: &[String], options: &str) -> String {
    format!(r#"{{"rules":[{}],"options":{{{options}}}}}"#, rules.join(","))
}

/// What the outputs give, separated by bars.
fn shown(outputs: &Outputs) -> String {
    outputs.ports.iter().map(|items| json_of(items)).collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_first_rule_that_holds_decides() {
    let step = TestStep::new(&[r#"[{"n":1},{"n":2},{"n":3}]"#]);
    let (one, two, again) = (rule(1, ""), rule(2, ""), rule(1, ""));
    let rules = [one, two, again];
    for (options, expected) in [
        ("", r#"[{"n":1}] | [{"n":2}] | []"#),
        (r#""fallbackOutput":"none""#, r#"[{"n":1}] | [{"n":2}] | []"#),
        (r#""fallbackOutput":"extra""#, r#"[{"n":1}] | [{"n":2}] | [] | [{"n":3}]"#),
        (r#""fallbackOutput":1"#, r#"[{"n":1}] | [{"n":2},{"n":3}] | []"#),
        (r#""fallbackOutput":"0","allMatchingOutputs":true"#, r#"[{"n":1},{"n":3}] | [{"n":2}] | [{"n":1}]"#),
    ] {
        let outputs = run(&Switch, &by_rules(&rules, options), &step).unwrap();
        assert_eq!(shown(&outputs), expected, "{options}");
    }
    let outputs = run(&Switch, &by_rules(&rules, ""), &step).unwrap();
    assert_eq!(outputs.ports[1][0].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
}

#[test]
fn rules_may_share_an_output_and_an_item_goes_there_once() {
    let step = TestStep::new(&[r#"[{"n":1},{"n":2}]"#]);
    let rules = [rule(1, r#","output":2"#), rule(2, r#","output":0"#), rule(1, r#","output":2"#)];
    let outputs = run(&Switch, &by_rules(&rules, r#""allMatchingOutputs":true"#), &step).unwrap();
    assert_eq!(shown(&outputs), r#"[{"n":2}] | [] | [{"n":1}]"#);
}

#[test]
fn an_expression_names_the_output() {
    let node = r#"{"mode":"expression","numberOutputs":3,"output":"={{ $json.n }}"}"#;
    let outputs = run(&Switch, node, &TestStep::new(&[r#"[{"n":2},{"n":0},{"n":"2"}]"#])).unwrap();
    assert_eq!(shown(&outputs), r#"[{"n":0}] | [] | [{"n":2},{"n":"2"}]"#);
    for wrong in ["3", "-1", "0.5", "\"x\"", "1e300"] {
        let step = TestStep::new(&[&format!(r#"[{{"n":0}},{{"n":{wrong}}}]"#)]);
        let error = run(&Switch, node, &step).unwrap_err();
        assert_eq!((error.item, error.field.as_deref()), (Some(1), Some("output")), "{wrong}");
        let outputs = run(&Switch, node, &step.carrying_on()).unwrap();
        assert_eq!((outputs.ports[0].len(), outputs.failed.len()), (1, 1), "{wrong}");
    }
}

#[test]
fn outputs_have_the_names_that_people_give_them() {
    let names = |node: &str| -> Vec<String> {
        let ports = Switch.ports(&from_json(node).unwrap());
        ports.outputs.into_iter().map(|port| port.name).collect()
    };
    let rules = [rule(1, r#","outputKey":"one""#), rule(2, "")];
    assert_eq!(names(&by_rules(&rules, "")), ["one", "1"]);
    let fallback = r#""fallbackOutput":"extra","renameFallbackOutput":"others""#;
    assert_eq!(names(&by_rules(&rules, fallback)), ["one", "1", "others"]);
    assert_eq!(names(r#"{"mode":"expression","numberOutputs":2}"#), ["0", "1"]);
    assert_eq!(names(r#"{"mode":"expression"}"#).len(), 4);
    // Nothing that is stored may make a million ports.
    assert_eq!(names(r#"{"mode":"expression","numberOutputs":1e9}"#).len(), 4);
    assert_eq!(names(r#"{"rules":[{"output":1e9}]}"#).len(), 1);
    assert_eq!(names("[]").len(), 0);
}

#[test]
fn what_cannot_be_is_a_problem() {
    for (node, field) in [
        (r#"{"mode":"sideways"}"#, "mode"),
        (r#"{"mode":"expression","output":1,"numberOutputs":0}"#, "numberOutputs"),
        (r#"{"mode":"expression"}"#, "output"),
        (r#"{"rules":[{"output":100}]}"#, "rules[0].output"),
        (r#"{"rules":[],"options":{"fallbackOutput":"sometimes"}}"#, "options.fallbackOutput"),
    ] {
        let problems = prepare(&Switch, node).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some(field), "{node}");
    }
    let error = run(&Switch, &by_rules(&[rule(1, "")], r#""fallbackOutput":5"#), &TestStep::new(&[r#"[{"n":2}]"#]));
    assert_eq!(error.unwrap_err().field.as_deref(), Some("options.fallbackOutput"));
    let text = TestStep::new(&[r#"[{"n":"x"}]"#]);
    let error = run(&Switch, &by_rules(&[rule(1, "")], ""), &text).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("rules[0].conditions.conditions[0]"));
}

#[test]
fn every_version_of_n8n_is_mapped() {
    let items = r#"[{"n":1},{"n":20},{"n":3}]"#;
    let first = r#"{"value1":"={{ $json.n }}","rules":{"rules":[{"operation":"larger","value2":10,"output":3},
        {"operation":"equal","value2":1}]},"fallbackOutput":2}"#;
    let second = r#"{"value1":"={{ $json.n }}","rules":{"rules":[{"value2":2,"outputKey":"small"},
        {"operation":"largerEqual","value2":20,"outputKey":"large"}]}}"#;
    let texts = r#"{"dataType":"string","value1":"={{ 'n' + $json.n }}",
        "rules":{"rules":[{"operation":"endsWith","value2":"0"}]},"fallbackOutput":0}"#;
    let third = r#"{"rules":{"values":[{"conditions":{"options":{"caseSensitive":true,"typeValidation":"strict","version":2},
        "combinator":"and","conditions":[{"leftValue":"={{ $json.n }}","rightValue":2,"operator":{"type":"number",
        "operation":"gt"}}]},"renameOutput":true,"outputKey":"many"}]},"options":{"fallbackOutput":"extra"}}"#;
    let chosen = r#"{"mode":"expression","output":"={{ $json.n % 2 }}"}"#;
    for (version, old, expected) in [
        (1.0, first, r#"[{"n":1}] | [] | [{"n":3}] | [{"n":20}]"#),
        (2.0, second, r#"[{"n":1}] | [{"n":20}]"#),
        (2.0, texts, r#"[{"n":1},{"n":20},{"n":3}]"#),
        (3.2, third, r#"[{"n":20},{"n":3}] | [{"n":1}]"#),
        (1.0, chosen, r#"[{"n":20}] | [{"n":1},{"n":3}] | [] | []"#),
        (3.4, chosen, r#"[{"n":20}] | [{"n":1},{"n":3}] | [] | []"#),
        (3.0, "{}", ""),
    ] {
        let imported = import(&Switch, version, old).unwrap();
        let outputs = run(&Switch, &imported.parameters.to_json(), &TestStep::new(&[items])).unwrap();
        assert_eq!(shown(&outputs), expected, "version {version}: {old}");
        assert_eq!(Switch.ports(&imported.parameters).outputs.len(), outputs.ports.len(), "version {version}: {old}");
    }
    for refused in
        [r#"{"mode":"expression","numberOutputs":"={{ 3 }}"}"#, r#"{"options":{"fallbackOutput":"={{ 1 }}"}}"#]
    {
        assert!(import(&Switch, 3.0, refused).is_err(), "{refused}");
    }
    assert!(import(&Switch, 2.0, r#"{"dataType":"colour"}"#).is_err());
}
