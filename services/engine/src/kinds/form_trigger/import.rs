//! n8n's form trigger, of every version.

use weft_nodes::{Imported, N8nNode};
use weft_value::{Object, Value};

use crate::kinds::webhook::{addresses_of_n8n, insert_callers};

/// What has no counterpart and is told.
const LEFT_OUT: [(&str, &str); 2] = [
    ("customCss", "Forms look as the brand says; the style of this one is left out."),
    ("showHeaders", "The headers of whoever fills in a form are not given to the workflow."),
];

pub(super) fn imported(node: &N8nNode<'_>) -> Imported {
    let given = node.parameters;
    let options = given.get("options");
    let mut remarks = Vec::new();
    let mut ours = Object::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ours.insert("formTitle", text(given.get("formTitle")));
    ours.insert("formDescription", text(given.get("formDescription")));
    let path = if options.get("path").is_nullish() { given.get("path") } else { options.get("path") };
    ours.insert("path", text(path));
    ours.insert("formFields", fields_of_n8n(given));
    ours.insert("responseMode", response_mode(given.get("responseMode").as_str(), &mut remarks));
    insert_answer(&mut ours, options);
    ours.insert("buttonLabel", text(options.get("buttonLabel")));
    insert_callers(&mut ours, given.get("authentication"), &mut remarks);
    if let Some(addresses) = addresses_of_n8n(options.get("ipWhitelist")) {
        ours.insert("ipWhitelist", addresses);
    }
    if !options.get("ignoreBots").is_undefined() {
        ours.insert("ignoreBots", options.get("ignoreBots").clone());
    }
    let told = LEFT_OUT.iter().filter(|(name, _)| is_said(options.get(name)));
    remarks.extend(told.map(|(_, remark)| (*remark).to_owned()));
    Imported { parameters: ours.into(), remarks }
}

fn is_said(value: &Value) -> bool {
    match value {
        Value::Bool(is_on) => *is_on,
        Value::String(text) => !text.as_str().trim().is_empty(),
        _ => false,
    }
}

fn response_mode(mode: Option<&str>, remarks: &mut Vec<String>) -> &'static str {
    match mode {
        Some("lastNode") => "lastNode",
        Some("responseNode") => {
            remarks.push("A form cannot be answered by a node yet: it says when the workflow has ended.".to_owned());
            "lastNode"
        }
        _ => "onReceived",
    }
}

/// The fields of a page.
pub(crate) fn fields_of_n8n(given: &Value) -> Vec<Value> {
    let fields = given.get("formFields").get("values").as_array().unwrap_or_default();
    fields.iter().map(|field| one_field(&with_defaults(field))).collect()
}

/// A field of parameters, where n8n says nothing about what it takes for granted: several files. In a list in JSON, nothing is.
fn with_defaults(field: &Value) -> Value {
    match field.as_object() {
        Some(given) if field.get("multipleFiles").is_undefined() => {
            let mut given = given.clone();
            given.insert("multipleFiles", true);
            given.into()
        }
        _ => field.clone(),
    }
}

/// The first version says its text in the options, the others in a list of what to answer.
pub(crate) fn insert_answer(ours: &mut Object, options: &Value) {
    let with = options.get("respondWithOptions").get("values");
    let redirects = with.get("respondWith").as_str() == Some("redirect");
    ours.insert("respondWith", if redirects { "redirect" } else { "text" });
    let said = if with.get("formSubmittedText").is_nullish() { options } else { with };
    ours.insert("formSubmittedText", said.get("formSubmittedText").as_str().unwrap_or_default());
    ours.insert("redirectUrl", with.get("redirectUrl").as_str().unwrap_or_default());
}

/// A field.
pub(super) fn one_field(field: &Value) -> Value {
    let text = |name: &str| field.get(name).as_str().unwrap_or_default().to_owned();
    let kind = field.get("fieldType").as_str().unwrap_or("text");
    let choices = field.get("fieldOptions").get("values").as_array().unwrap_or_default();
    let choices: Vec<&str> = choices.iter().filter_map(|choice| choice.get("option").as_str()).collect();
    let choices = one_a_line(&choices);
    let default = if kind == "hiddenField" { text("fieldValue") } else { text("defaultValue") };
    let label = text("fieldLabel");
    let mut ours: Object = [
        ("fieldLabel", if label.is_empty() { text("fieldName") } else { label }),
        ("fieldType", kind.to_owned()),
        ("fieldName", text("fieldName")),
        ("options", choices),
        ("placeholder", text("placeholder")),
        ("defaultValue", default),
        ("html", text("html")),
        ("acceptFileTypes", if kind == "file" { text("acceptFileTypes") } else { String::new() }),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect();
    for name in ["requiredField", "multiselect"] {
        if field.get(name).as_bool() == Some(true) {
            ours.insert(name, true);
        }
    }
    if kind == "file" && field.get("multipleFiles").as_bool() == Some(true) {
        ours.insert("multipleFiles", true);
    }
    let (least, most) = match field.get("limitSelection").as_str() {
        Some("exact") => (field.get("numberOfSelections").clone(), field.get("numberOfSelections").clone()),
        Some("range") => (field.get("minSelections").clone(), field.get("maxSelections").clone()),
        _ => (Value::Undefined, Value::Undefined),
    };
    for (name, bound) in [("minSelections", least), ("maxSelections", most)] {
        if bound.as_f64().is_some() {
            ours.insert(name, bound);
        }
    }
    ours.into()
}

/// Choices as one text: an expression where one of them is.
fn one_a_line(choices: &[&str]) -> String {
    if !choices.iter().any(|choice| choice.starts_with('=')) {
        return choices.join("\n");
    }
    format!("={}", choices.iter().map(|choice| choice.trim_start_matches('=')).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;

    use super::super::FormTrigger;
    use super::super::tests::form;

    #[test]
    fn forms_of_every_version_are_taken_over() {
        let first = r#"{"path":"p","formTitle":"Café","formFields":{"values":[{"fieldLabel":"Name","requiredField":true},
            {"fieldLabel":"Kind","fieldType":"dropdown","fieldOptions":{"values":[{"option":"a"},{"option":"b"}]},"multiselect":true}]},
            "responseMode":"responseNode","options":{"formSubmittedText":"Merci","ipWhitelist":"1.2.3.4"}}"#;
        let latest = r#"{"authentication":"basicAuth","formTitle":"T","formFields":{"values":[
            {"fieldName":"who","fieldLabel":"Who?","fieldType":"email"},{"fieldName":"ref","fieldType":"hiddenField","fieldValue":"r"},
            {"fieldLabel":"Ticks","fieldType":"checkbox","fieldOptions":{"values":[{"option":"x"}]},"limitSelection":"exact","numberOfSelections":1},
            {"fieldLabel":"CV","fieldType":"file","acceptFileTypes":".pdf"},{"fieldLabel":"One","fieldType":"file","multipleFiles":false,"requiredField":true},{"fieldType":"html","elementName":"e","html":"<b>x</b>"}]},
            "options":{"path":"q","buttonLabel":"Go","respondWithOptions":{"values":{"respondWith":"redirect","redirectUrl":"https://a.b"}}}}"#;
        for (version, node, ours, remarks) in [
            (
                1.0,
                first,
                r#"{"formTitle":"Café","formDescription":"","path":"p","formFields":[{"fieldLabel":"Name","fieldType":"text","requiredField":true},{"fieldLabel":"Kind","fieldType":"dropdown","options":"a\nb","multiselect":true}],"responseMode":"lastNode","respondWith":"text","formSubmittedText":"Merci","redirectUrl":"","buttonLabel":"","ipWhitelist":"1.2.3.4"}"#,
                1,
            ),
            (
                2.5,
                latest,
                r#"{"formTitle":"T","formDescription":"","path":"q","formFields":[{"fieldLabel":"Who?","fieldType":"email","fieldName":"who"},{"fieldLabel":"ref","fieldType":"hiddenField","fieldName":"ref","defaultValue":"r"},{"fieldLabel":"Ticks","fieldType":"checkbox","options":"x","minSelections":1,"maxSelections":1},{"fieldLabel":"CV","fieldType":"file","acceptFileTypes":".pdf","multipleFiles":true},{"fieldLabel":"One","fieldType":"file","requiredField":true},{"fieldType":"html","html":"<b>x</b>"}],"responseMode":"onReceived","respondWith":"redirect","formSubmittedText":"","redirectUrl":"https://a.b","buttonLabel":"Go","authentication":"credential"}"#,
                1,
            ),
        ] {
            let imported = import(&FormTrigger, version, node).unwrap();
            assert_eq!(imported.parameters.to_json(), ours, "{version}");
            assert_eq!(imported.remarks.len(), remarks, "{:?}", imported.remarks);
            let asks = ours.contains("authentication");
            assert_eq!(form(ours).is_ok(), !asks, "nobody is let in who was not before");
        }
    }
}
