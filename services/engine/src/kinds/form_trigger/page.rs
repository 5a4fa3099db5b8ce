//! Pages whose texts may be expressions: what a step that waits for a form shows.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use weft_nodes::{Field, NodeError, Problem, Step};
use weft_value::{Value, from_json};

use super::import::one_field;
use super::{FieldKind, Form, FormField, check};

const AS_JSON: &str = "The fields of a form are a JSON list of objects with a fieldLabel and a fieldType.";

/// What a page asks, expressions and all.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PageFields {
    form_title: Field,
    form_description: Field,
    form_fields: Field,
    button_label: Field,
}

impl PageFields {
    /// Tells what is wrong with fields that are the same for every item.
    pub(crate) fn check(&self) -> Result<(), Vec<Problem>> {
        let Field::Constant(fields) = &self.form_fields else { return Ok(()) };
        match listed(fields) {
            Ok(fields) => check(&Form { fields, ..Form::default() }),
            Err(error) => Err(vec![Problem::error("parameter_invalid", error.message.clone(), "formFields")]),
        }
    }

    /// The page as it is for the first item; `title` where it has none of its own.
    pub(crate) fn form(&self, step: &dyn Step, title: &str) -> Result<Form, NodeError> {
        let fields = listed(&self.form_fields.resolve(step, 0)?)?;
        self.form_of(fields, step, title)
    }

    /// The same with the fields of a list of n8n's: its text, or the list itself.
    pub(crate) fn form_of_json(&self, list: &Field, step: &dyn Step, title: &str) -> Result<Form, NodeError> {
        let fields = listed(&of_json(&list.resolve(step, 0)?)?)?;
        self.form_of(fields, step, title)
    }

    fn form_of(&self, fields: Vec<FormField>, step: &dyn Step, title: &str) -> Result<Form, NodeError> {
        let text = |field: &Field| field.text(step, 0).map(|text| text.as_str().to_owned());
        let form_title = Some(text(&self.form_title)?).filter(|own| !own.trim().is_empty());
        let form = Form {
            form_title: form_title.unwrap_or_else(|| title.to_owned()),
            form_description: text(&self.form_description)?,
            fields,
            button_label: text(&self.button_label)?,
            ..Form::default()
        };
        check(&form).map_err(refused)?;
        Ok(form)
    }
}

/// Parameters are checked as a whole, and one thing that is wrong is enough.
fn refused(problems: Vec<Problem>) -> NodeError {
    let problem = problems.into_iter().next();
    let (message, field) = problem.map(|problem| (problem.message, problem.field)).unwrap_or_default();
    NodeError::new("parameter", message).in_field(field.unwrap_or_else(|| "formFields".to_owned())).finally()
}

fn invalid(message: String) -> NodeError {
    NodeError::new("parameter", message).in_field("formFields").finally()
}

/// Fields in n8n's JSON as ours.
fn of_json(given: &Value) -> Result<Value, NodeError> {
    let wrong = || NodeError::new("parameter", AS_JSON).in_field("jsonOutput").finally();
    let parsed = match given {
        Value::String(text) => from_json(text.as_str()).map_err(|_| wrong())?,
        other => other.clone(),
    };
    let fields: Vec<Value> = parsed.as_array().ok_or_else(wrong)?.iter().map(one_field).collect();
    Ok(fields.into())
}

fn listed(fields: &Value) -> Result<Vec<FormField>, NodeError> {
    match fields {
        Value::Undefined | Value::Null => Ok(Vec::new()),
        Value::Array(list) => list.iter().map(one).collect(),
        _ => Err(invalid("The fields of a form are a list.".to_owned())),
    }
}

fn one(field: &Value) -> Result<FormField, NodeError> {
    let text = |name: &str| lines(field.get(name));
    let bound = |name: &str| field.get(name).as_f64();
    let kind = field.get("fieldType").as_str().unwrap_or("text").to_owned();
    let read = IntoDeserializer::<Error>::into_deserializer(kind.as_str());
    let read = FieldKind::deserialize(read);
    Ok(FormField {
        label: text("fieldLabel"),
        name: text("fieldName"),
        kind: read.map_err(|_| invalid(format!("Forms have no fields of type “{kind}”.")))?,
        placeholder: text("placeholder"),
        default_value: text("defaultValue"),
        options: text("options"),
        multiselect: field.get("multiselect").as_bool() == Some(true),
        accept_file_types: text("acceptFileTypes"),
        takes_several: field.get("multipleFiles").as_bool() == Some(true),
        min_selections: bound("minSelections"),
        max_selections: bound("maxSelections"),
        html: text("html"),
        is_required: field.get("requiredField").as_bool() == Some(true),
    })
}

/// A value as text; of a list, one line for each entry.
fn lines(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => String::new(),
        Value::String(text) => text.as_str().to_owned(),
        Value::Array(list) => list.iter().map(lines).collect::<Vec<_>>().join("\n"),
        other => other.to_json().trim_matches('"').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::TestStep;

    use super::*;

    fn page(parameters: &str) -> PageFields {
        let json = serde_json::to_value(from_json(parameters).unwrap()).unwrap();
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn expressions_of_a_page_see_the_first_item() {
        let step = TestStep::new(&[r#"[{"who":"Zoë","sizes":["S","L"]}]"#]);
        let page = page(
            r#"{"formDescription":"=Hello {{ $json.who }}","formFields":[
               {"fieldLabel":"=Size of {{ $json.who }}","fieldName":"size","fieldType":"radio","options":"={{ $json.sizes }}","requiredField":true},
               {"fieldLabel":"Age","fieldType":"number","defaultValue":"={{ 7 }}"}]}"#,
        );
        page.check().unwrap();
        let form = page.form(&step, "Sign up").unwrap();
        assert_eq!((form.form_title.as_str(), form.form_description.as_str()), ("Sign up", "Hello Zoë"));
        let size = &form.fields[0];
        assert_eq!((size.label.as_str(), size.key(), size.is_required), ("Size of Zoë", "size", true));
        assert_eq!(size.choices().collect::<Vec<_>>(), ["S", "L"]);
        assert_eq!(form.fields[1].default_value, "7");
    }

    #[test]
    fn a_page_that_cannot_be_filled_in_is_refused_as_early_as_possible() {
        let step = TestStep::new(&["[{}]"]);
        let nameless = page(r#"{"formFields":[{"fieldType":"email"}]}"#);
        assert_eq!(nameless.check().unwrap_err()[0].field.as_deref(), Some("formFields[0].fieldLabel"));
        let late = page(r#"{"formFields":[{"fieldLabel":"={{ $json.missing }}"}]}"#);
        late.check().unwrap();
        let error = late.form(&step, "").unwrap_err();
        assert_eq!((error.code.as_ref(), error.field.as_deref()), ("parameter", Some("formFields[0].fieldLabel")));
        for list in
            [r#"{"formFields":"={{ 1 }}"}"#, r#"{"formFields":[{"fieldLabel":"A","fieldType":"={{ 'rating' }}"}]}"#]
        {
            assert!(page(list).form(&step, "").is_err(), "{list}");
        }
    }

    #[test]
    fn fields_may_come_as_json_of_n8n() {
        let step = TestStep::new(&["[{}]"]);
        let read = |text: &str| {
            let list = Field::Constant(Value::from(text));
            PageFields::default().form_of_json(&list, &step, "T")
        };
        let form = read(
            r#"[{"fieldLabel":"Size","fieldType":"dropdown","fieldOptions":{"values":[{"option":"S"},{"option":"é"}]},"requiredField":true}]"#,
        )
        .unwrap();
        assert_eq!(form.fields[0].choices().collect::<Vec<_>>(), ["S", "é"]);
        let file = read(r#"[{"fieldLabel":"CV","fieldType":"file","acceptFileTypes":".pdf, .odt"}]"#).unwrap();
        assert_eq!((file.fields[0].kind, file.fields[0].takes_several), (FieldKind::File, false));
        assert_eq!(file.fields[0].accepted().collect::<Vec<_>>(), [".pdf", ".odt"]);
        for wrong in ["{}", "["] {
            assert_eq!(read(wrong).unwrap_err().field.as_deref(), Some("jsonOutput"), "{wrong}");
        }
    }
}
