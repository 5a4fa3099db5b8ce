//! **Set**: gives fields their values, keeping the other fields or dropping them.
//!
//! before: `[{"name":"ada"}]`
//! with: `{"assignments":{"assignments":[{"name":"greeting","type":"string","value":"=Hello {{ $json.name.toUpperCase() }}"}]}}`
//! after: `[{"greeting":"Hello ADA"}]`

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use weft_value::{Item, Object, Value, from_json};

use crate::coercion::{FieldType, coerce, shown};
use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, get_path, label, parameters, port, set_path,
    unset_path,
};

/// The kind.
pub struct Set;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "set",
    version: 1,
    label: label("Set", "Définir"),
    description: label(
        "Sets, changes or removes fields of each item.",
        "Définit, modifie ou retire des champs de chaque élément.",
    ),
    group: Group::Transform,
    icon: "pencil",
    color: "blue",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Each field has a name, a type and a value; a value may be an expression. A dot in a name reaches inside: `user.name`.",
        "Chaque champ a un nom, un type et une valeur ; une valeur peut être une expression. Un point dans un nom descend \
         dans l’objet : `user.name`.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode"))
            .or("manual")
            .choices([choice("manual", label("Fields", "Champs")), choice("raw", label("JSON", "JSON"))]),
        field(ParameterType::Assignments, "assignments", label("Fields to set", "Champs à définir"))
            .when("mode", ["manual"]),
        field(ParameterType::Json, "jsonOutput", label("JSON", "JSON")).rows(5).or("{}").when("mode", ["raw"]),
        field(
            ParameterType::Boolean,
            "includeOtherFields",
            label("Include other input fields", "Inclure les autres champs"),
        )
        .literal()
        .or(false),
        field(ParameterType::Options, "include", label("Input fields to include", "Champs d’entrée à inclure"))
            .or("all")
            .choices([
                choice("all", label("All", "Tous")),
                choice("selected", label("Selected", "Sélectionnés")),
                choice("except", label("All except", "Tous sauf")),
            ])
            .when("includeOtherFields", [true]),
        field(ParameterType::String, "includeFields", label("Fields to include", "Champs à inclure"))
            .example("name, user.email")
            .when("include", ["selected"]),
        field(ParameterType::String, "excludeFields", label("Fields to leave out", "Champs à exclure"))
            .example("name, user.email")
            .when("include", ["except"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Boolean, "dotNotation", label("Dots reach inside", "Les points descendent"))
                .literal()
                .or(true),
            field(
                ParameterType::Boolean,
                "ignoreConversionErrors",
                label("Keep what cannot be converted", "Garder ce qui ne peut être converti"),
            )
            .literal()
            .or(false),
            field(ParameterType::Boolean, "stripBinary", label("Drop files", "Retirer les fichiers"))
                .literal()
                .or(false),
        ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    mode: Mode,
    #[serde(default)]
    assignments: Assignments,
    #[serde(default)]
    json_output: Field,
    #[serde(default)]
    include_other_fields: bool,
    #[serde(default)]
    include: Include,
    #[serde(default)]
    include_fields: Field,
    #[serde(default)]
    exclude_fields: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Manual,
    Raw,
}

#[derive(Default, Deserialize)]
struct Assignments {
    #[serde(default)]
    assignments: Vec<Assignment>,
}

#[derive(Deserialize)]
struct Assignment {
    #[serde(default)]
    name: Field,
    #[serde(default)]
    value: Field,
    #[serde(default, rename = "type")]
    kind: FieldType,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Include {
    #[default]
    All,
    Selected,
    Except,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    dot_notation: bool,
    ignore_conversion_errors: bool,
    strip_binary: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { dot_notation: true, ignore_conversion_errors: false, strip_binary: false }
    }
}

impl NodeKind for Set {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.set"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let (type_version, given) = (node.version, node.parameters);
        let object = given.as_object().cloned().unwrap_or_default();
        let parameters = if type_version < 3.0 {
            of_version_1(&object)
        } else if type_version < 3.3 {
            of_version_3(&object)
        } else {
            object
        };
        Ok(with_files_and_copies(parameters, given, type_version))
    }
}

impl TransformKind for Set {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let mut json = self.kept(step, index, item)?;
            match self.mode {
                Mode::Manual => self.assign(step, index, &mut json)?,
                Mode::Raw => {
                    for (key, value) in raw_fields(&self.json_output.resolve(step, index)?)?.iter() {
                        self.put(&mut json, key, value.clone());
                    }
                }
            }
            let binary = if self.options.strip_binary { None } else { item.binary.clone() };
            Ok(Item { json: json.into(), binary, ..Item::default() })
        })
    }
}

impl Parameters {
    /// The fields of the input that stay.
    fn kept(&self, step: &dyn Step, index: usize, item: &Item) -> Result<Object, NodeError> {
        if !self.include_other_fields {
            return Ok(Object::with_capacity(self.assignments.assignments.len()));
        }
        let mut kept = match (self.include, &item.json) {
            (Include::All | Include::Except, Value::Object(object)) => Object::clone(object),
            (Include::All | Include::Except | Include::Selected, _) => Object::new(),
        };
        match self.include {
            Include::All => {}
            Include::Selected => {
                for name in names(&self.include_fields.text(step, index)?) {
                    let value = if self.options.dot_notation {
                        get_path(&item.json, name)
                    } else {
                        item.json.get(name).clone()
                    };
                    if !value.is_undefined() {
                        self.put(&mut kept, name, value);
                    }
                }
            }
            Include::Except => {
                for name in names(&self.exclude_fields.text(step, index)?) {
                    self.remove(&mut kept, name);
                }
            }
        }
        Ok(kept)
    }

    fn assign(&self, step: &dyn Step, index: usize, json: &mut Object) -> Result<(), NodeError> {
        for (place, assignment) in self.assignments.assignments.iter().enumerate() {
            let in_field = |error: NodeError| error.in_field(format!("assignments.assignments[{place}].value"));
            let name = assignment.name.text(step, index)?;
            let value = assignment.value.resolve(step, index).map_err(in_field)?;
            let value = match coerce(&name, &value, assignment.kind, false, step.time_zone()) {
                Ok(Value::Undefined) if assignment.kind == FieldType::Any => {
                    self.remove(json, &name);
                    continue;
                }
                Ok(Value::Undefined) => Value::Null,
                Ok(value) => value,
                Err(_) if self.options.ignore_conversion_errors => value,
                Err(message) => {
                    let hint =
                        format!("Change the type of the field “{name}”, or choose “Keep what cannot be converted”.");
                    return Err(in_field(
                        NodeError::new("conversion", format!("{message} [item {index}]")).describe(hint),
                    ));
                }
            };
            self.put(json, &name, value);
        }
        Ok(())
    }

    fn put(&self, json: &mut Object, name: &str, value: Value) {
        // A name without a dot or bracket is the rule, and needs no path.
        if self.options.dot_notation && name.contains(['.', '[']) {
            set_path(json, name, value);
        } else {
            json.insert(name, value);
        }
    }

    fn remove(&self, json: &mut Object, name: &str) {
        if self.options.dot_notation {
            unset_path(json, name);
        } else {
            json.remove(name);
        }
    }
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// The object that raw JSON (text, or the value of an expression) is.
fn raw_fields(value: &Value) -> Result<Arc<Object>, NodeError> {
    let parsed = match value {
        Value::String(text) => from_json(text).map_err(|error| {
            NodeError::new("json", "The JSON of this node is not valid.")
                .describe(error.to_string())
                .in_field("jsonOutput")
        })?,
        other => other.clone(),
    };
    match parsed {
        Value::Object(object) => Ok(object),
        other => Err(NodeError::new(
            "json",
            format!("The JSON of this node must be an object, but it is {}.", shown(&other)),
        )
        .in_field("jsonOutput")),
    }
}

/// What becomes of files, which has changed with the versions: up to 3.3 an option keeps them, from 3.4 on one drops them,
/// and they stay only where other fields do.
fn with_files_and_copies(mut new: Object, old: &Value, version: f64) -> Imported {
    let options = old.get("options");
    let drops_files = version >= 3.0
        && if version < 3.4 {
            options.get("includeBinary") == &Value::Bool(false)
        } else {
            options.get("stripBinary") == &Value::Bool(true)
                || new.get("includeOtherFields") != Some(&Value::Bool(true))
        };
    let mut options = options.as_object().cloned().unwrap_or_default();
    options.remove("includeBinary");
    options.remove("stripBinary");
    if drops_files {
        options.insert("stripBinary", true);
    }
    new.remove("options");
    if !options.is_empty() {
        new.insert("options", options);
    }
    let mut remarks = Vec::new();
    new.remove("duplicateCount");
    if new.remove("duplicateItem").is_some_and(|duplicates| duplicates == Value::Bool(true)) {
        remarks.push("Edit Fields does not repeat its items here. Make the copies with a Code node.".into());
    }
    Imported { parameters: new.into(), remarks }
}

/// Versions 1 and 2: `values.{string,number,boolean}[]`, other fields kept unless `keepOnlySet`. What an expression gives is taken
/// as it is, whatever list it stands in.
fn of_version_1(old: &Object) -> Object {
    let values = old.get("values").cloned().unwrap_or_default();
    let assignments = ["string", "number", "boolean"].into_iter().flat_map(|kind| {
        let list: Vec<Value> = values.get(kind).as_array().unwrap_or_default().to_vec();
        list.into_iter().map(move |entry| {
            let is_expression = entry.get("value").as_str().is_some_and(|value| value.starts_with('='));
            let value = stored(entry.get("value"), kind, false);
            assignment(entry.get("name"), if is_expression { "any" } else { kind }, value, "propertyName")
        })
    });
    let only_set = old.get("keepOnlySet").and_then(Value::as_bool).unwrap_or(false);
    [("assignments", assignments_of(assignments.collect())), ("includeOtherFields", Value::Bool(!only_set))]
        .into_iter()
        .collect()
}

/// Versions 3 to 3.2: `fields.values[]` with one key per type, and `include: none`.
fn of_version_3(old: &Object) -> Object {
    let mut new = old.clone();
    let fields = old.get("fields").map(|fields| fields.get("values").clone()).unwrap_or_default();
    let assignments = fields.as_array().unwrap_or_default().iter().map(|entry| {
        let parameter = entry.get("type").as_str().unwrap_or("stringValue").to_owned();
        let kind = parameter.trim_end_matches("Value");
        assignment(entry.get("name"), kind, stored(entry.get(&parameter), kind, true), "")
    });
    new.insert("assignments", assignments_of(assignments.collect()));
    new.remove("fields");
    let include = old.get("include").and_then(Value::as_str).unwrap_or("all").to_owned();
    new.insert("includeOtherFields", include != "none");
    new.insert("include", if include == "none" { "all" } else { include.as_str() });
    new
}

/// A value as n8n means it: what it does not store has the default of its type there, which of a truth value is `truth`.
fn stored(value: &Value, kind: &str, truth: bool) -> Value {
    match (value, kind) {
        (Value::Undefined, "string") => Value::from(""),
        (Value::Undefined, "number") => Value::Number(0.0),
        (Value::Undefined, "boolean") => Value::Bool(truth),
        (value, _) => value.clone(),
    }
}

fn assignment(name: &Value, kind: &str, value: Value, default_name: &str) -> Value {
    let name = if name.is_undefined() { Value::from(default_name) } else { name.clone() };
    let entry: Object = [("name", name), ("type", Value::from(kind)), ("value", value)].into_iter().collect();
    entry.into()
}

fn assignments_of(list: Vec<Value>) -> Value {
    let object: Object = [("assignments", Value::from(list))].into_iter().collect();
    object.into()
}

#[cfg(test)]
mod tests {
    use weft_value::Pairing;

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    fn fields(list: &str, rest: &str) -> String {
        format!(r#"{{"assignments":{{"assignments":[{list}]}}{rest}}}"#)
    }

    #[test]
    fn fields_are_set_as_their_type_says() {
        let keep = r#","includeOtherFields":true"#;
        for (list, rest, input, output) in [
            (r#"{"name":"a","type":"string","value":"x"}"#, "", r#"{"z":1}"#, r#"[{"a":"x"}]"#),
            (r#"{"name":"a","type":"number","value":"5"}"#, keep, r#"{"z":1}"#, r#"[{"z":1,"a":5}]"#),
            (r#"{"name":"z","type":"boolean","value":"true"}"#, keep, r#"{"z":1,"y":2}"#, r#"[{"z":true,"y":2}]"#),
            (r#"{"name":"a.b","type":"string","value":"x"}"#, keep, r#"{"a":{"c":1}}"#, r#"[{"a":{"c":1,"b":"x"}}]"#),
            (
                r#"{"name":"a.b","type":"string","value":"x"}"#,
                r#","options":{"dotNotation":false}"#,
                "{}",
                r#"[{"a.b":"x"}]"#,
            ),
            (r#"{"name":"a","type":"array","value":"[1]"}"#, "", "{}", r#"[{"a":[1]}]"#),
            (r#"{"name":"a","type":"object","value":"{\"b\":2}"}"#, "", "{}", r#"[{"a":{"b":2}}]"#),
            (r#"{"name":"a","type":"number","value":null}"#, "", "{}", r#"[{"a":null}]"#),
            (
                r#"{"name":"a","type":"number","value":"x"}"#,
                r#","options":{"ignoreConversionErrors":true}"#,
                "{}",
                r#"[{"a":"x"}]"#,
            ),
            (
                "",
                r#","includeOtherFields":true,"include":"selected","includeFields":"a, b.c""#,
                r#"{"a":1,"b":{"c":2,"d":3},"e":4}"#,
                r#"[{"a":1,"b":{"c":2}}]"#,
            ),
            (
                "",
                r#","includeOtherFields":true,"include":"except","excludeFields":"a,b.c""#,
                r#"{"a":1,"b":{"c":2,"d":3}}"#,
                r#"[{"b":{"d":3}}]"#,
            ),
        ] {
            let outputs = run(&Set, &fields(list, rest), &TestStep::new(&[&format!("[{input}]")])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{list} {rest}");
        }
    }

    #[test]
    fn what_cannot_be_converted_names_item_field_and_way_out() {
        let node = fields(r#"{"name":"age","type":"number","value":"old"}"#, "");
        let error = run(&Set, &node, &TestStep::new(&["[{}]"])).unwrap_err();
        assert_eq!(error.message, "'age' expects a number but we got 'old' [item 0]");
        assert_eq!(error.field.as_deref(), Some("assignments.assignments[0].value"));
        assert_eq!(error.item, Some(0));
    }

    #[test]
    fn failed_items_go_aside_where_the_node_carries_on() {
        let node = fields(r#"{"name":"age","type":"number","value":"old"}"#, "");
        let outputs = run(&Set, &node, &TestStep::new(&[r#"[{"k":1}]"#]).carrying_on()).unwrap();
        assert_eq!(outputs.ports[0].len(), 0);
        assert_eq!(outputs.failed[0].json.get("k"), &Value::Number(1.0));
        assert!(outputs.failed[0].json.get("error").as_str().unwrap().contains("'age'"));
    }

    #[test]
    fn raw_json_is_an_object() {
        let step = TestStep::new(&[r#"[{"a":1},{"a":2}]"#]);
        let outputs = run(&Set, r#"{"mode":"raw","jsonOutput":"{\"b\": [1, 2]}"}"#, &step).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"b":[1,2]},{"b":[1,2]}]"#);
        assert!(matches!(&outputs.ports[0][1].pairing, Pairing::One(from) if from.item == 1));
        for wrong in ["[1]", "{", "7"] {
            let node = format!(r#"{{"mode":"raw","jsonOutput":"{wrong}"}}"#);
            assert_eq!(run(&Set, &node, &step).unwrap_err().code, "json", "{wrong}");
        }
    }

    #[test]
    fn a_mode_must_be_a_choice() {
        for node in [r#"{"mode":"sideways"}"#, r#"{"mode":"=raw"}"#] {
            let problems = prepare(&Set, node).err().unwrap();
            assert_eq!(problems[0].field.as_deref(), Some("mode"));
        }
    }

    #[test]
    fn older_n8n_versions_are_mapped() {
        let v1 = r#"{"keepOnlySet":true,"values":{"string":[{"name":"s","value":"x"}],"number":[{"name":"n","value":1}],"boolean":[{"name":"b"},{}]}}"#;
        let v2 = r#"{"keepOnlySet":true,"values":{"string":[{"name":"o","value":"={{ $json }}"},{"name":"gone","value":"={{ $json.no }}"}],"number":[{"name":"n","value":"={{ $json.old + '' }}"}]}}"#;
        let v3 = r#"{"fields":{"values":[{"name":"n","type":"numberValue","numberValue":"7"},{"name":"s","stringValue":"x"}]},"include":"none"}"#;
        for (version, old, output) in [
            (1.0, v1, r#"[{"s":"x","n":1,"b":false,"propertyName":false}]"#),
            (2.0, v2, r#"[{"o":{"old":1},"n":"1"}]"#),
            (3.1, v3, r#"[{"n":7,"s":"x"}]"#),
            (3.4, "{}", "[{}]"),
        ] {
            let imported = import(&Set, version, old).unwrap();
            let outputs = run(&Set, &imported.parameters.to_json(), &TestStep::new(&[r#"[{"old":1}]"#])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "version {version}");
        }
    }

    #[test]
    fn what_becomes_of_files_and_copies_is_mapped() {
        for (version, old, drops) in [
            (2.0, "{}", false),
            (3.2, "{}", false),
            (3.2, r#"{"options":{"includeBinary":false}}"#, true),
            (3.3, r#"{"options":{"includeBinary":true}}"#, false),
            (3.4, "{}", true),
            (3.4, r#"{"includeOtherFields":true}"#, false),
            (3.4, r#"{"includeOtherFields":true,"options":{"stripBinary":true}}"#, true),
            (3.4, r#"{"includeOtherFields":true,"options":{"stripBinary":false}}"#, false),
        ] {
            let options = import(&Set, version, old).unwrap().parameters.get("options").clone();
            assert_eq!(options.get("stripBinary") == &Value::Bool(true), drops, "{version} {old}");
            assert!(options.get("includeBinary").is_undefined());
        }
        let copies = import(&Set, 3.4, r#"{"duplicateItem":true,"duplicateCount":3}"#).unwrap();
        assert!(copies.remarks.len() == 1 && copies.parameters.get("duplicateItem").is_undefined());
        assert!(import(&Set, 3.4, r#"{"duplicateItem":false}"#).unwrap().remarks.is_empty());
    }
}
