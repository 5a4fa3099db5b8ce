//! **Set**: gives fields their values, keeping the other fields or dropping them.
//!
//! before: `[{"name":"ada"}]`
//! with: `{"assignments":{"assignments":[{"name":"greeting","type":"string","value":"=Hello {{ $json.name.toUpperCase() }}"}]}}`
//! after: `[{"greeting":"Hello ADA"}]`

mod files;
mod form;
mod n8n;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_value::{Item, Object, Value, from_json};

use self::files::Kind;
use crate::coercion::{FieldType, coerce, is_truthy, mend_object, shown, to_number};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Problem, Retried, Step, Transform,
    TransformKind, Unsupported, each_item, get_path, label, parameters, port, set_path, unset_path,
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
    parameters: form::form(),
    retried: Retried::Pure,
    documentation: label(
        "Each field has a name, a type and a value; a value may be an expression. A dot in a name reaches inside: \
         `user.name`.",
        "Chaque champ a un nom, un type et une valeur ; une valeur peut être une expression. Un point dans un nom descend \
         dans l’objet : `user.name`.",
    ),
});

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
    kind: Kind,
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
    version: Version,
}

impl Default for Options {
    fn default() -> Self {
        Self { dot_notation: true, ignore_conversion_errors: false, strip_binary: false, version: Version::default() }
    }
}

/// How values become what the type of their field says. Imported nodes keep the version that they were made for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "f64")]
enum Version {
    /// The first Set of n8n: everything is true or false where that is asked for, and stays as it is elsewhere.
    V1,
    /// Besides, where a number is asked for, a text that writes one becomes one.
    V2,
    /// What is not of the type of its field is converted, or an error. As a text, nothing is `undefined` or `null`.
    V3,
    /// Besides, nothing is no text: an error.
    V3_1,
    /// Besides, nothing is `null`, whatever the type of its field.
    #[default]
    V3_2,
}

impl TryFrom<f64> for Version {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        let known = [(1.0, Self::V1), (2.0, Self::V2), (3.0, Self::V3), (3.1, Self::V3_1), (3.2, Self::V3_2)];
        let found = known.into_iter().find(|(version, _)| (version - number).abs() < f64::EPSILON);
        found
            .map(|(_, version)| version)
            .ok_or_else(|| format!("fields are set as versions 1 to 3.2 do, but not {number}"))
    }
}

impl Version {
    /// The value that an untyped version sets; `None` where the type of the field decides.
    fn untyped(self, value: &Value, kind: FieldType) -> Option<Value> {
        match (self, kind, value) {
            (Self::V3 | Self::V3_1 | Self::V3_2, _, _) => None,
            (Self::V1 | Self::V2, FieldType::Boolean, value) => Some(Value::Bool(is_truthy(value))),
            (Self::V2, FieldType::Number, Value::String(_)) => {
                Some(to_number(value).map_or_else(|| value.clone(), Value::Number))
            }
            (Self::V1 | Self::V2, _, value) => Some(value.clone()),
        }
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
        Ok(n8n::import(node))
    }
}

impl TransformKind for Set {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let mut parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        parameters.json_output = parameters.json_output.writing_json();
        let is_object = |one: &&mut Assignment| one.kind == Kind::Field(FieldType::Object);
        for assignment in parameters.assignments.assignments.iter_mut().filter(is_object) {
            assignment.value = std::mem::take(&mut assignment.value).writing_json();
        }
        Ok(Box::new(parameters))
    }
}

/// Whether a node of this kind writes the values of `expression`, which is one of its parameters, as JSON among JSON text. What shows
/// the value of an expression before the node runs must do so, too.
pub fn writes_json(kind: &str, parameters: &Value, expression: &str) -> bool {
    if kind != "set" {
        return false;
    }
    let assignments = parameters.get("assignments").get("assignments");
    let objects = assignments.as_array().into_iter().flatten().filter(|one| one.get("type").as_str() == Some("object"));
    let named = ["includeFields", "excludeFields"].map(|name| parameters.get(name).as_str());
    parameters.get("mode").as_str() == Some("raw") && !named.contains(&Some(expression))
        || objects.into_iter().any(|one| one.get("value").as_str() == Some(expression))
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
            let mut made = Item { json: json.into(), binary, ..Item::default() };
            if matches!(self.mode, Mode::Manual) {
                self.assign_files(step, index, item, &mut made)?;
            }
            Ok(made)
        })
    }

    fn is_itemwise(&self) -> bool {
        true
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
                        self.put(&mut kept, self.last_key(name), value);
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
            let Kind::Field(kind) = assignment.kind else { continue };
            let in_field = |error: NodeError| error.in_field(value_of(place));
            let name = assignment.name.text(step, index)?;
            let value = assignment.value.resolve(step, index).map_err(in_field)?;
            let value = if let Some(value) = self.options.version.untyped(&value, kind) {
                value
            } else {
                let typed = self.typed(step.time_zone(), &name, kind, value);
                typed.map_err(|message| in_field(unconverted(&name, step.items_before() + index, &message)))?
            };
            let is_gone = value.is_undefined();
            self.put(json, &name, value);
            if is_gone {
                // What leads there stays, as it does in n8n.
                self.remove(json, &name);
            }
        }
        Ok(())
    }

    /// `value` as the type of its field, undefined where the field is to go; or why it cannot be that.
    fn typed(&self, zone: &TimeZone, name: &str, kind: FieldType, value: Value) -> Result<Value, String> {
        let Options { ignore_conversion_errors: lenient, version, .. } = self.options;
        if kind == FieldType::String && value.is_nullish() {
            return match version {
                Version::V3 => Ok(shown(&value).into()),
                Version::V3_1 if !lenient => Err(format!("'{name}' expects a string but we got '{}'", shown(&value))),
                Version::V1 | Version::V2 | Version::V3_1 | Version::V3_2 => Ok(Value::Null),
            };
        }
        if kind == FieldType::Object && value.as_str().is_some_and(|text| text.trim() == "null") {
            return Ok(Value::Null);
        }
        match coerce(name, &value, kind, false, zone) {
            Ok(Value::Undefined) if kind != FieldType::Any => Ok(Value::Null),
            Ok(value) => Ok(value),
            Err(_) if lenient => Ok(value),
            Err(message) => Err(message),
        }
    }

    /// Under which name a field stays that is named by a path: `email` where it was `user.email`.
    fn last_key<'n>(&self, name: &'n str) -> &'n str {
        if self.options.dot_notation { name.rsplit('.').next().unwrap_or(name) } else { name }
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

/// Where the value of an assignment is written.
fn value_of(place: usize) -> String {
    format!("assignments.assignments[{place}].value")
}

fn unconverted(name: &str, index: usize, message: &str) -> NodeError {
    let hint = format!("Change the type of the field “{name}”, or choose “Keep what cannot be converted”.");
    NodeError::new("conversion", format!("{message} [item {index}]")).describe(hint)
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// The object that raw JSON (text, or the value of an expression) is. As in n8n, JSON with mistakes is mended as far as it goes:
/// whoever writes `"{{ $json.text }}"` does not think of the quotes and line breaks that the text may have.
fn raw_fields(value: &Value) -> Result<Arc<Object>, NodeError> {
    let parsed = match value {
        Value::String(text) => from_json(text).or_else(|error| mend_object(text).ok_or(error)).map_err(|error| {
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
