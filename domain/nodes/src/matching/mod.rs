//! Which items of two lists belong together because their fields say so: what Merge and Compare datasets are built on.
//!
//! Items are found by hashing, never by comparing each with each.

mod index;
mod same;

pub(crate) use index::{Matcher, Matches};
pub(crate) use same::Comparison;

use serde::Deserialize;
use weft_value::{Item, Object, Text, Value};

use crate::descriptor::field;
use crate::{Field, Label, NodeError, Parameter, ParameterType, Problem, Step, Unsupported, get_path, label};

/// The parameter `mergeByFields`: pairs of fields that must hold the same value on both sides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MatchFields {
    values: Vec<FieldPair>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldPair {
    field1: Field,
    field2: Field,
}

/// The form of [`MatchFields`]; `sides` are the labels of the two fields.
pub(crate) fn match_fields_form(sides: [Label; 2]) -> Parameter {
    let [first, second] = sides;
    field(ParameterType::FixedCollection, "mergeByFields", label("Fields to match", "Champs à comparer"))
        .help(
            "Items belong together when all of these fields hold the same values.",
            "Les éléments vont ensemble quand tous ces champs ont les mêmes valeurs.",
        )
        .fields([field(ParameterType::FixedCollection, "values", label("Pairs", "Paires")).multiple().fields([
            field(ParameterType::String, "field1", first).required().example("id"),
            field(ParameterType::String, "field2", second).required().example("customer.id"),
        ])])
}

/// The switch `disableDotNotation`.
pub(crate) fn dot_notation_form() -> Parameter {
    let text = label("Names with dots are plain names", "Les noms avec points sont de simples noms");
    field(ParameterType::Boolean, "disableDotNotation", text).literal().or(false).help(
        "Otherwise “customer.id” is the field “id” inside of “customer”.",
        "Sinon « customer.id » est le champ « id » à l’intérieur de « customer ».",
    )
}

/// The switch `fuzzyCompare`.
pub(crate) fn fuzzy_compare_form() -> Parameter {
    let text = label("Compare loosely", "Comparer avec souplesse");
    field(ParameterType::Boolean, "fuzzyCompare", text).literal().or(false).help(
        "The number 3 and the text “3” are the same, so are null, an empty text and an empty list.",
        "Le nombre 3 et le texte « 3 » sont identiques, de même que null, un texte vide et une liste vide.",
    )
}

/// The switch `requireFields`.
pub(crate) fn require_fields_form() -> Parameter {
    let text = label("Fail where no item has a field", "Échouer si aucun élément n’a un champ");
    field(ParameterType::Boolean, "requireFields", text).literal().or(false).help(
        "A field to match that is in no item at all is often a typing mistake.",
        "Un champ à comparer qui n’est dans aucun élément est souvent une faute de frappe.",
    )
}

impl MatchFields {
    /// What is wrong with them before anything is executed.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        if !self.values.is_empty() {
            return Vec::new();
        }
        let message = "There is nothing to match by. Name at least one pair of fields under “Fields to match”.";
        vec![Problem::error("parameter_required", message, "mergeByFields")]
    }

    /// The names of the fields; expressions are evaluated for the first item.
    pub(crate) fn resolve(&self, step: &dyn Step) -> Result<Vec<(Text, Text)>, NodeError> {
        let name = |field: &Field, index: usize, side: &str| -> Result<Text, NodeError> {
            let path = format!("mergeByFields.values[{index}].{side}");
            let text = field.text(step, 0).map_err(|error| error.in_field(path.as_str()))?;
            if text.trim().is_empty() {
                let message = format!("The pair of fields {} has no name for one side. Fill in both.", index + 1);
                return Err(NodeError::new("parameter", message).in_field(path));
            }
            Ok(text)
        };
        let pair = |(index, pair): (usize, &FieldPair)| -> Result<(Text, Text), NodeError> {
            Ok((name(&pair.field1, index, "field1")?, name(&pair.field2, index, "field2")?))
        };
        self.values.iter().enumerate().map(pair).collect()
    }
}

/// How names of fields are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Names {
    /// `a.b` is `b` inside of `a`.
    #[default]
    Paths,
    /// `a.b` is a name like any other.
    Plain,
}

impl Names {
    /// Paths, unless dot notation is disabled.
    pub(crate) fn new(disable_dot_notation: bool) -> Self {
        if disable_dot_notation { Self::Plain } else { Self::Paths }
    }

    /// The value of field `name`.
    pub(crate) fn get(self, json: &Value, name: &str) -> Value {
        match self {
            Self::Paths => get_path(json, name),
            Self::Plain => json.get(name).clone(),
        }
    }
}

/// Fails when one of `fields` is in none of `items`; `side` names the input for the message.
pub(crate) fn require_fields<'a>(
    items: &(impl Iterator<Item = &'a Item> + Clone),
    fields: impl Iterator<Item = &'a Text>,
    names: Names,
    side: &str,
) -> Result<(), NodeError> {
    for field in fields {
        if items.clone().all(|item| names.get(&item.json, field).is_undefined()) {
            let message = format!("No item of {side} has the field “{field}”.");
            let advice = "Look at the name and at the data, or do not require the fields in the options.";
            return Err(NodeError::new("field_missing", message).describe(advice).in_field("mergeByFields"));
        }
    }
    Ok(())
}

/// The names in a text that lists them with commas, or in a list.
pub(crate) fn names_of(list: &Value) -> Vec<Text> {
    let trimmed = |name: &str| Some(name.trim()).filter(|name| !name.is_empty()).map(Text::from);
    match list {
        Value::Array(names) => names.iter().filter_map(Value::as_str).filter_map(trimmed).collect(),
        other => crate::coercion::to_text(other).split(',').filter_map(trimmed).collect(),
    }
}

/// How many items one step may make of fewer: more do not fit into an execution's memory.
const MOST_ITEMS: usize = 500_000;

/// Refuses to make more items than a step may; `what` would be made.
pub(crate) fn refuse_over(count: usize, what: &str) -> Result<(), NodeError> {
    if count <= MOST_ITEMS {
        return Ok(());
    }
    let message = format!("{what} would be {count} items, but one step makes at most {MOST_ITEMS}.");
    let advice = "Filter the inputs first, match by more fields, or work in batches.";
    Err(NodeError::new("too_many_items", message).describe(advice).finally())
}

/// Parameters from names and values; what is undefined is left out.
pub(crate) fn parameters_from<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    entries.into_iter().filter(|(_, value)| !value.is_undefined()).collect::<Object>().into()
}

/// The pairs of an n8n node's `mergeByFields`. n8n leaves a half-filled form at its empty default: that stays one for the
/// person to fill in.
pub(crate) fn import_match_fields(pairs: impl IntoIterator<Item = (Value, Value)>) -> Value {
    let pair = |(field1, field2)| parameters_from([("field1", field1), ("field2", field2)]);
    let values: Vec<Value> = pairs.into_iter().map(pair).collect();
    parameters_from([("values", values.into())])
}

/// Refuses an expression in one of the parameters `names` of `given`, which are the same for every item here.
pub(crate) fn refuse_expressions(given: &Value, path: &str, names: &[&str]) -> Result<(), Unsupported> {
    for name in names {
        if given.get(name).as_str().is_some_and(|text| text.starts_with('=')) {
            let field = crate::field::join(path, name);
            let message =
                format!("“{field}” is an expression, but it must be the same for every item. Choose a value.");
            return Err(Unsupported { message, field: Some(field) });
        }
    }
    Ok(())
}
