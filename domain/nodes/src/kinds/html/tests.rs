use weft_value::{Object, Pairing, Value};

use super::Html;
use crate::testing::{TestStep, json_of, prepare, run};
use crate::{N8nNode, NodeError, NodeKind};

const PAGE: &str = "<body><h1 class='t'> A &amp;  B </h1><ul><li>1</li><li>2</li></ul><a href='/x'>go <b>on</b></a>\
    <input value='v'><select><option>p</option><option selected value='q'>r</option></select></body>";

fn extract(value: &str, options: &str, html: &str) -> Result<String, NodeError> {
    let item = Value::from([("data", Value::from(html))].into_iter().collect::<Object>()).to_json();
    let node = format!(
        r#"{{"operation":"extractHtmlContent","extractionValues":{{"values":[{value}]}},"options":{options}}}"#
    );
    run(&Html, &node, &TestStep::new(&[&format!("[{item}]")])).map(|outputs| json_of(&outputs.ports[0]))
}

#[test]
fn templates_are_filled() {
    let node = r#"{"html":"=<p>{{ $json.a }}</p>"}"#;
    let outputs = run(&Html, node, &TestStep::new(&[r#"[{"a":1},{"a":"é"}]"#])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"html":"<p>1</p>"},{"html":"<p>é</p>"}]"#);
}

#[test]
fn values_are_extracted() {
    for (value, options, expected) in [
        (r#"{"key":"k","cssSelector":"h1.t"}"#, "{}", r#"[{"k":" A &  B "}]"#),
        (r#"{"key":"k","cssSelector":"h1"}"#, r#"{"trimValues":true}"#, r#"[{"k":"A &  B"}]"#),
        (r#"{"key":"k","cssSelector":"h1"}"#, r#"{"cleanUpText":true}"#, r#"[{"k":"A & B"}]"#),
        (r#"{"key":"k","cssSelector":"li","returnArray":true}"#, "{}", r#"[{"k":["1","2"]}]"#),
        (r#"{"key":"k","cssSelector":"li"}"#, "{}", r#"[{"k":"12"}]"#),
        (r#"{"key":"k","cssSelector":"a","returnValue":"attribute","attribute":"href"}"#, "{}", r#"[{"k":"/x"}]"#),
        (r#"{"key":"k","cssSelector":"a","returnValue":"html"}"#, "{}", r#"[{"k":"go <b>on</b>"}]"#),
        (r#"{"key":"k","cssSelector":"input","returnValue":"value"}"#, "{}", r#"[{"k":"v"}]"#),
        (r#"{"key":"k","cssSelector":"select","returnValue":"value"}"#, "{}", r#"[{"k":"q"}]"#),
        (r#"{"key":"k","cssSelector":".none"}"#, "{}", "[{}]"),
        (r#"{"key":"k","cssSelector":".none","returnArray":true}"#, "{}", r#"[{"k":[]}]"#),
        (r#"{"key":"k","cssSelector":"ul","returnValue":"plainText"}"#, "{}", r#"[{"k":"12"}]"#),
        (
            r#"{"key":"k","cssSelector":"body","returnValue":"plainText","skipSelectors":"h1, select"}"#,
            "{}",
            r#"[{"k":" * 1\n * 2\n\ngo on [/x]"}]"#,
        ),
    ] {
        assert_eq!(extract(value, options, PAGE).unwrap(), expected, "{value}");
    }
}

#[test]
fn text_is_laid_out_in_lines() {
    let html = format!("<h1>Title</h1><p>One {}</p><p>a<br>b</p><blockquote>q</blockquote>", "word ".repeat(20));
    let text = extract(r#"{"key":"k","cssSelector":"body","returnValue":"plainText"}"#, "{}", &html).unwrap();
    let words = ["word"; 15].join(" ");
    let rest = ["word"; 5].join(" ");
    assert_eq!(text, format!(r#"[{{"k":"TITLE\n\nOne {words}\n{rest}\n\na\nb\n\n> q"}}]"#));
}

#[test]
fn text_in_lines_is_bounded() {
    let quoted = "<blockquote>".repeat(200);
    for long in [format!("<pre>x{}x", "\n".repeat(4_000_000)), format!("<p>{}", "long words ".repeat(1_000_000))] {
        let text =
            extract(r#"{"key":"k","cssSelector":"body","returnValue":"plainText"}"#, "{}", &format!("{quoted}{long}"));
        assert_eq!(text.unwrap_err().code, "too_large");
    }
}

#[test]
fn one_item_may_hold_several_documents() {
    let node = r#"{"operation":"extractHtmlContent","dataPropertyName":"d","extractionValues":{"values":[{"key":"k","cssSelector":"b"}]}}"#;
    let outputs = run(&Html, node, &TestStep::new(&[r#"[{"d":["<b>1</b>","<b>2</b>"]}]"#])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"k":"1"},{"k":"2"}]"#);
    assert!(matches!(&outputs.ports[0][1].pairing, Pairing::One(from) if from.item == 0));
    let missing = run(&Html, node, &TestStep::new(&["[{}]"]).carrying_on()).unwrap();
    assert_eq!(missing.failed.len(), 1);
}

#[test]
fn what_cannot_be_read_is_refused() {
    let wanted = r#"{"key":"k","cssSelector":"b"}"#;
    assert_eq!(extract(wanted, "{}", &"<div>".repeat(100_000)).unwrap_err().code, "too_deep");
    for css in ["h1[", "", ":::", &"(".repeat(10_000), "é("] {
        let value = |css: &str| format!(r#"{{"key":"k","cssSelector":"{css}"}}"#);
        let error = extract(&value(&format!("={{{{ '{css}' }}}}")), "{}", PAGE).unwrap_err();
        assert_eq!((error.code.as_ref(), error.item), ("selector", Some(0)), "{css:.10}");
        let values = format!(r#"{{"values":[{}]}}"#, value(css));
        let node = format!(r#"{{"operation":"extractHtmlContent","extractionValues":{values}}}"#);
        let problem = prepare(&Html, &node).err().unwrap().remove(0);
        assert_eq!(problem.code, if css.is_empty() { "parameter_required" } else { "selector" }, "{css:.10}");
        assert_eq!(problem.field.as_deref(), Some("extractionValues.values[0].cssSelector"));
    }
    let deep = r#"{"key":"k","cssSelector":"body","returnValue":"plainText"}"#;
    for (tags, times) in [("<blockquote>x", 250), ("<ul><li>x", 120), ("<div>x", 250)] {
        assert!(extract(deep, "{}", &tags.repeat(times)).is_ok(), "{tags}");
    }
    assert!(prepare(&Html, r#"{"operation":"guess"}"#).is_err());
}

#[test]
fn items_become_a_table() {
    let node = r#"{"operation":"convertToHtmlTable","options":{"customStyling":true,"capitalize":true,"caption":"C","tableAttributes":"class=\"t\""}}"#;
    let outputs = run(&Html, node, &TestStep::new(&[r#"[{"first_name":"<é>"},{"b":true}]"#])).unwrap();
    assert_eq!(
        outputs.ports[0][0].json.get("table").as_str().unwrap(),
        "<table class=\"t\"><caption>C</caption><thead><tr><th>First Name</th><th>B</th></tr></thead><tbody>\
         <tr><td>&lt;é&gt;</td><td></td></tr><tr><td></td><td><input type=\"checkbox\" checked=\"checked\" /></td></tr></tbody></table>"
    );
    assert!(matches!(&outputs.ports[0][0].pairing, Pairing::Many(from) if from.len() == 2));
    let styled = run(&Html, r#"{"operation":"convertToHtmlTable"}"#, &TestStep::new(&[r#"[{"a":1}]"#])).unwrap();
    assert!(json_of(&styled.ports[0]).contains("style="));
    let empty = run(&Html, node, &TestStep::new(&["[]"])).unwrap();
    assert!(empty.ports[0].is_empty());
}

#[test]
fn n8n_nodes_are_mapped() {
    let mapped = |node_type: &str, version: f64, parameters: &str| {
        let parameters = weft_value::from_json(parameters).unwrap();
        Html.import_n8n(&N8nNode { node_type, version, parameters: &parameters })
    };
    let values = r#"{"operation":"extractHtmlContent","extractionValues":{"values":[{"key":"k","cssSelector":"b"}]}}"#;
    let what = |version: f64| {
        let imported = mapped("n8n-nodes-base.html", version, values).unwrap().parameters;
        imported.get("extractionValues").get("values").as_array().unwrap()[0].get("returnValue").clone()
    };
    assert_eq!((what(1.1), what(1.2)), (Value::Undefined, Value::from("plainText")));
    let template = mapped("n8n-nodes-base.html", 1.0, r#"{"html":"<b>{{ 1 + 1 }}</b>"}"#).unwrap();
    let outputs = run(&Html, &template.parameters.to_json(), &TestStep::new(&["[{}]"])).unwrap();
    assert_eq!(json_of(&outputs.ports[0]), r#"[{"html":"<b>2</b>"}]"#);
    assert_eq!(mapped("n8n-nodes-base.html", 1.0, "{}").unwrap().remarks.len(), 1);
    let table = mapped("n8n-nodes-base.html", 1.2, r#"{"operation":"convertToHtmlTable"}"#).unwrap();
    let outputs = run(&Html, &table.parameters.to_json(), &TestStep::new(&[r#"[{"a":"<i>x</i>"}]"#])).unwrap();
    assert!(json_of(&outputs.ports[0]).contains("<i>x</i>"));
    let old = mapped("n8n-nodes-base.htmlExtract", 1.0, "{}").unwrap();
    assert_eq!(old.parameters.get("operation").as_str(), Some("extractHtmlContent"));
    assert!(mapped("n8n-nodes-base.htmlExtract", 1.0, r#"{"sourceData":"binary"}"#).is_err());
}

#[test]
fn imported_texts_are_tidied_as_in_n8n() {
    let page = "<p>a<br>b</p><i>c&nbsp;d</i><table><tr><td>1</td><td>2</td></tr></table><div><ul><li>x</li><li></li></ul></div>";
    let text = |node_type: &str, version: f64, selector: &str, options: &str| {
        let values = format!(r#"{{"values":[{{"key":"k","cssSelector":"{selector}"}}]}}"#);
        let node = format!(
            r#"{{"operation":"extractHtmlContent","dataPropertyName":"d","extractionValues":{values},"options":{options}}}"#
        );
        let parameters = weft_value::from_json(&node).unwrap();
        let imported = Html.import_n8n(&N8nNode { node_type, version, parameters: &parameters }).unwrap();
        let item = Value::from([("d", Value::from(page))].into_iter().collect::<Object>()).to_json();
        let outputs = run(&Html, &imported.parameters.to_json(), &TestStep::new(&[&format!("[{item}]")])).unwrap();
        outputs.ports[0][0].json.get("k").as_str().map(str::to_owned)
    };
    let (html, extract) = ("n8n-nodes-base.html", "n8n-nodes-base.htmlExtract");
    for (node_type, version, selector, options, expected) in [
        (html, 1.2, "p", r#"{"cleanUpText":true}"#, Some("ab")),
        (html, 1.2, "tr", "{}", Some("12")),
        (html, 1.2, "i", "{}", Some("c\u{a0}d")),
        (html, 1.2, "div", "{}", Some(" * x\n * ")),
        (html, 1.1, "h1", "{}", None),
        (extract, 1.0, "h1", "{}", Some("")),
    ] {
        assert_eq!(text(node_type, version, selector, options).as_deref(), expected, "{selector} {options}");
    }
}
