//! n8n's form pages, of every version.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::kinds::form_trigger;
use crate::kinds::wait::LIMITS;

pub(super) fn imported(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let options = given.get("options");
    let mut remarks = Vec::new();
    let mut ours = Object::new();
    if given.get("operation").as_str() == Some("completion") {
        completion(given, &mut ours, &mut remarks);
    } else {
        page(given, &mut ours);
    }
    if options.get("customCss").as_str().is_some_and(|css| !css.trim().is_empty()) {
        remarks.push("Forms look as the brand says; the style of this one is left out.".to_owned());
    }
    Imported { parameters: ours.into(), remarks }
}

fn page(given: &Value, ours: &mut Object) {
    let options = given.get("options");
    ours.insert("operation", "page");
    for name in ["formTitle", "formDescription", "buttonLabel"] {
        if let Some(text) = options.get(name).as_str().filter(|text| !text.is_empty()) {
            ours.insert(name, text);
        }
    }
    if given.get("defineForm").as_str() == Some("json") {
        ours.insert("defineForm", "json");
        ours.insert("jsonOutput", given.get("jsonOutput").clone());
    } else {
        ours.insert("formFields", form_trigger::fields_of_n8n(given));
    }
    for name in LIMITS {
        if !given.get(name).is_undefined() {
            ours.insert(name, given.get(name).clone());
        }
    }
}

fn completion(given: &Value, ours: &mut Object, remarks: &mut Vec<String>) {
    ours.insert("operation", "completion");
    let with = match given.get("respondWith").as_str() {
        Some("returnBinary") => {
            remarks.push("The end of a form hands out no file yet: it says its text alone.".to_owned());
            "text"
        }
        Some(with @ ("redirect" | "showText")) => with,
        _ => "text",
    };
    ours.insert("respondWith", with);
    let named: &[&str] = match with {
        "redirect" => &["redirectUrl"],
        "showText" => &["responseText"],
        _ => &["completionTitle", "completionMessage"],
    };
    for name in named {
        if !given.get(name).is_nullish() {
            ours.insert(*name, given.get(name).clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::Value;

    use super::super::FormKind;
    use crate::action::ActionKind;

    #[test]
    fn pages_of_every_version_are_taken_over() {
        let page = r#"{"formFields":{"values":[{"fieldLabel":"Ünits","fieldType":"number","requiredField":true},
            {"fieldLabel":"Size","fieldType":"dropdown","fieldOptions":{"values":[{"option":"={{ $json.s }}"},{"option":"L"}]}},
            {"fieldLabel":"CV","fieldType":"file"}]},"limitWaitTime":true,"resumeAmount":2,
            "options":{"formTitle":"=Hi {{ $json.n }}","buttonLabel":"Next","customCss":"*{}"}}"#;
        let json = r#"{"defineForm":"json","jsonOutput":"[{\"fieldLabel\":\"A\"}]","options":{}}"#;
        for version in [1.0, 2.3, 2.4, 2.5] {
            for (node, ours, remarks) in [
                (
                    page,
                    r#"{"operation":"page","formTitle":"=Hi {{ $json.n }}","buttonLabel":"Next","formFields":[{"fieldLabel":"Ünits","fieldType":"number","requiredField":true},{"fieldLabel":"Size","fieldType":"dropdown","options":"={{ $json.s }}\nL"},{"fieldLabel":"CV","fieldType":"file","multipleFiles":true}],"limitWaitTime":true,"resumeAmount":2}"#,
                    1,
                ),
                (json, r#"{"operation":"page","defineForm":"json","jsonOutput":"[{\"fieldLabel\":\"A\"}]"}"#, 0),
                (
                    r#"{"operation":"completion","completionTitle":"Bye","completionMessage":"=é {{ 1 }}","limitWaitTime":true}"#,
                    r#"{"operation":"completion","respondWith":"text","completionTitle":"Bye","completionMessage":"=é {{ 1 }}"}"#,
                    0,
                ),
                (
                    r#"{"operation":"completion","respondWith":"redirect","redirectUrl":"https://a.b"}"#,
                    r#"{"operation":"completion","respondWith":"redirect","redirectUrl":"https://a.b"}"#,
                    0,
                ),
                (
                    r#"{"operation":"completion","respondWith":"showText","responseText":"<b>x</b>"}"#,
                    r#"{"operation":"completion","respondWith":"showText","responseText":"<b>x</b>"}"#,
                    0,
                ),
                (
                    r#"{"operation":"completion","respondWith":"returnBinary","completionTitle":"T"}"#,
                    r#"{"operation":"completion","respondWith":"text","completionTitle":"T"}"#,
                    1,
                ),
            ] {
                let imported = import(&FormKind, version, node).unwrap();
                assert_eq!(imported.parameters.to_json(), ours, "{version}");
                assert_eq!(imported.remarks.len(), remarks, "{:?}", imported.remarks);
                assert!(FormKind.prepare(&imported.parameters).is_ok(), "{ours}");
            }
        }
        let nothing = import(&FormKind, 1.0, "{}").unwrap();
        assert!(FormKind.prepare(&nothing.parameters).is_ok() && nothing.parameters != Value::empty_object());
    }
}
