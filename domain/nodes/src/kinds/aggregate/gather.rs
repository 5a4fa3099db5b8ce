//! What is gathered of a group of items.

use std::collections::HashSet;
use std::sync::Arc;

use weft_value::{Item, Object, Value};

use super::{Include, Mode, Options, Parameters};
use crate::{Dots, NodeError, Path, Step};

/// The parameters, resolved.
pub(super) enum Plan {
    /// Each field becomes the list of its values.
    Fields(Vec<Gathered>),
    /// The data of the items becomes one list.
    Data { destination: String, fields: Fields },
}

/// A field, and where the list of its values goes.
pub(super) struct Gathered {
    path: Path,
    output: Path,
}

/// Which fields of the items are taken.
pub(super) enum Fields {
    All,
    Only(Vec<Path>),
    /// Outermost fields, in the order in which an item has them.
    Named(HashSet<String>),
    Except(Vec<Path>),
}

/// Resolves the parameters. They are the same for all items, so that the first one is seen by expressions.
pub(super) fn plan(parameters: &Parameters, step: &dyn Step) -> Result<Plan, NodeError> {
    match parameters.aggregate {
        Mode::IndividualFields => gathered_fields(parameters, step).map(Plan::Fields),
        Mode::AllItemData => {
            let destination = parameters.destination_field_name.text(step, 0)?;
            if destination.is_empty() {
                let error = NodeError::new("parameter", "The output field needs a name.");
                return Err(error.in_field("destinationFieldName"));
            }
            let dots = parameters.options.dots;
            let fields = match parameters.include {
                Include::AllFields => Fields::All,
                Include::SpecifiedFields => only(parameters.fields_to_include.paths(step, 0, dots)?, dots),
                Include::AllFieldsExcept => Fields::Except(parameters.fields_to_exclude.paths(step, 0, dots)?),
            };
            Ok(Plan::Data { destination: destination.to_string(), fields })
        }
    }
}

/// To select no field is to select all of them.
fn only(paths: Vec<Path>, dots: Dots) -> Fields {
    match dots {
        _ if paths.is_empty() => Fields::All,
        Dots::Reach => Fields::Only(paths),
        Dots::Literal => Fields::Named(paths.iter().map(|path| path.name().to_owned()).collect()),
    }
}

fn gathered_fields(parameters: &Parameters, step: &dyn Step) -> Result<Vec<Gathered>, NodeError> {
    let options = &parameters.options;
    let mut outputs = HashSet::new();
    let mut gathered = Vec::new();
    for (place, entry) in parameters.fields_to_aggregate.field_to_aggregate.iter().enumerate() {
        let field = |name: &str| format!("fieldsToAggregate.fieldToAggregate[{place}].{name}");
        let name = entry.source.text(step, 0).map_err(|error| error.in_field(field("fieldToAggregate")))?;
        let renamed =
            entry.output_field_name.text(step, 0).map_err(|error| error.in_field(field("outputFieldName")))?;
        let output = match (entry.rename_field && !renamed.is_empty(), options.dots) {
            (true, _) => renamed.as_str(),
            // `user.email` becomes `email`.
            (false, Dots::Reach) => name.rsplit('.').next().unwrap_or(&name),
            (false, Dots::Literal) => name.as_str(),
        };
        if !outputs.insert(output.to_owned()) {
            let message = format!("The output field “{output}” is used more than once.");
            let error = NodeError::new("parameter", message).describe("Rename one of the fields that end up there.");
            return Err(error.in_field(field("outputFieldName")));
        }
        let gathers = Gathered { path: Path::new(&name, options.dots), output: Path::new(output, options.dots) };
        if options.fail_if_field_not_found
            && step.input(0).iter().all(|item| gathers.path.get(&item.json).is_undefined())
        {
            return Err(gathers.path.nowhere().in_field(field("fieldToAggregate")));
        }
        gathered.push(gathers);
    }
    Ok(gathered)
}

impl Plan {
    /// Adds what is gathered of `group` to `json`; the members whose data that is.
    pub fn gather(&self, options: &Options, items: &[Item], group: Vec<usize>, json: &mut Object) -> Vec<usize> {
        match self {
            Self::Fields(fields) => {
                for field in fields {
                    field.output.set(json, values(&field.path, options, items, &group));
                }
                group
            }
            Self::Data { destination, fields } => {
                let data = group.into_iter().filter_map(|member| Some((member, fields.of(&items[member])?)));
                let (members, list): (Vec<usize>, Vec<Value>) = data.unzip();
                json.insert(destination.as_str(), list);
                members
            }
        }
    }
}

/// The values of one field in all members of a group.
fn values(path: &Path, options: &Options, items: &[Item], group: &[usize]) -> Vec<Value> {
    let mut list = Vec::new();
    for member in group {
        match path.get(&items[*member].json) {
            Value::Undefined | Value::Null if !options.keep_missing => {}
            Value::Undefined => list.push(Value::Null),
            Value::Array(array) if options.merge_lists => {
                list.extend(array.iter().filter(|entry| options.keep_missing || !entry.is_nullish()).cloned());
            }
            Value::Array(array) if !options.keep_missing && array.iter().any(Value::is_nullish) => {
                list.push(array.iter().filter(|entry| !entry.is_nullish()).cloned().collect::<Vec<_>>().into());
            }
            value => list.push(value.clone()),
        }
    }
    list
}

impl Fields {
    /// The chosen data of an item; nothing where none of it was chosen.
    fn of(&self, item: &Item) -> Option<Value> {
        let object = match self {
            Self::All => return Some(item.json.clone()),
            Self::Only(paths) => {
                let mut only = Object::new();
                for path in paths {
                    let value = path.get(&item.json);
                    if !value.is_undefined() {
                        path.set(&mut only, value.clone());
                    }
                }
                only
            }
            Self::Named(names) => {
                let fields = item.json.as_object().into_iter().flatten();
                fields
                    .filter(|(name, _)| names.contains(name.as_str()))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            }
            Self::Except(paths) => {
                let mut rest = item.json.as_object().cloned().unwrap_or_default();
                for path in paths {
                    path.unset(&mut rest);
                }
                rest
            }
        };
        (!object.is_empty()).then(|| Value::Object(Arc::new(object)))
    }
}
