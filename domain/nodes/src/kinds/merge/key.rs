//! Combines by key: looks each item of input 1 up among input 2, keeping the order of input 1.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use weft_value::{Item, Object, Pairing, Text, Value};

use super::at;
use crate::coercion::{is_truthy, to_text};
use crate::descriptor::{choice, field};
use crate::{Field, NodeError, Outputs, Parameter, ParameterType, Step, Transform, get_path, label};

/// The parameters of the mode.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ByKey {
    key_mode: KeyMode,
    property_name1: Field,
    property_name2: Field,
    #[serde(default)]
    overwrite: Overwrite,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeyMode {
    KeepKeyMatches,
    RemoveKeyMatches,
    MergeByKey,
}

/// Which fields of input 1 are overwritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Overwrite {
    #[default]
    Always,
    Blank,
    Undefined,
}

pub(super) fn form() -> Vec<Parameter> {
    let shown = |parameter: Parameter| parameter.when("mode", ["combine"]).when("combineBy", ["combineByKey"]);
    vec![
        shown(
            field(ParameterType::Options, "keyMode", label("What to do", "Que faire"))
                .help("What becomes of the items of input 1.", "Ce que deviennent les éléments de l’entrée 1.")
                .or("mergeByKey")
                .choices([
                    choice("mergeByKey", label("Add the fields of input 2", "Ajouter les champs de l’entrée 2")),
                    choice("keepKeyMatches", label("Keep what is in input 2", "Garder ce qui est dans l’entrée 2")),
                    choice(
                        "removeKeyMatches",
                        label("Remove what is in input 2", "Retirer ce qui est dans l’entrée 2"),
                    ),
                ]),
        ),
        shown(field(ParameterType::String, "propertyName1", label("Field of input 1", "Champ de l’entrée 1")).help(
            "The field of input 1 that holds the key; a dot reaches inside.",
            "Le champ de l’entrée 1 qui contient la clé ; un point descend dans l’objet.",
        ))
        .required()
        .example("id"),
        shown(field(ParameterType::String, "propertyName2", label("Field of input 2", "Champ de l’entrée 2")).help(
            "The field of input 2 that holds the same key; a dot reaches inside.",
            "Le champ de l’entrée 2 qui contient la même clé ; un point descend dans l’objet.",
        ))
        .required()
        .example("id"),
        shown(
            field(ParameterType::Options, "overwrite", label("Overwrite", "Écraser"))
                .help(
                    "When a field of input 2 replaces that of input 1.",
                    "Quand un champ de l’entrée 2 remplace celui de l’entrée 1.",
                )
                .or("always")
                .choices([
                    choice("always", label("Always", "Toujours")),
                    choice("blank", label("Where input 1 is empty", "Si l’entrée 1 est vide")),
                    choice("undefined", label("Where input 1 lacks the field", "Si le champ manque dans l’entrée 1")),
                ]),
        )
        .when("keyMode", ["mergeByKey"]),
    ]
}

impl Transform for ByKey {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let name1 = self.property_name1.text(step, 0).map_err(|error| error.in_field("propertyName1"))?;
        let name2 = self.property_name2.text(step, 0).map_err(|error| error.in_field("propertyName2"))?;
        let right = step.input(1);
        // The last item with a key is the one that is found.
        let by_key: HashMap<Text, usize> =
            right.iter().enumerate().filter_map(|(place, item)| Some((key_in(item, &name2)?, place))).collect();
        let mut kept = Vec::new();
        for (place, item) in step.input(0).iter().enumerate() {
            let key = key_for(item, &name1);
            let found = key.as_ref().and_then(|key| by_key.get(key)).map(|found| (*found, &right[*found]));
            let keeps = match self.key_mode {
                KeyMode::KeepKeyMatches => found.is_some(),
                KeyMode::RemoveKeyMatches => found.is_none(),
                // An item that lacks the key cannot be enriched and is left out.
                KeyMode::MergeByKey => key.is_some(),
            };
            if keeps {
                let enriched = found.filter(|_| self.key_mode == KeyMode::MergeByKey);
                kept.push(self.enriched(item, place, enriched, &name2));
            }
        }
        Ok(Outputs::one(kept))
    }
}

impl ByKey {
    fn enriched(&self, item: &Item, place: usize, found: Option<(usize, &Item)>, key: &str) -> Item {
        let here = at(place, 0);
        let Some((other, partner)) = found else { return Item { pairing: Pairing::One(here), ..item.clone() } };
        let mut item = Item { pairing: Pairing::many([here, at(other, 1)]), ..item.clone() };
        if let (Value::Object(fields), Some(new)) = (&mut item.json, partner.json.as_object()) {
            let fields = Arc::make_mut(fields);
            for (name, value) in new.iter().filter(|(name, _)| name.as_str() != key) {
                if self.overwrites(fields, name) {
                    fields.insert(name.clone(), value.clone());
                }
            }
        }
        item
    }

    fn overwrites(&self, fields: &Object, name: &str) -> bool {
        match (self.overwrite, fields.get(name)) {
            (Overwrite::Always, _) | (_, None) => true,
            (Overwrite::Blank, Some(value)) => value.is_nullish() || value.as_str() == Some(""),
            (Overwrite::Undefined, Some(value)) => value.is_undefined(),
        }
    }
}

/// The key that an item of input 2 is found under.
fn key_in(item: &Item, name: &str) -> Option<Text> {
    let value = get_path(&item.json, name);
    let is_plain = !matches!(value, Value::Array(_) | Value::Object(_) | Value::Opaque(_));
    (is_plain && is_truthy(&value)).then(|| to_text(&value))
}

/// The key that an item of input 1 asks for. Numbers ask as their text does; null asks for what is never there.
fn key_for(item: &Item, name: &str) -> Option<Text> {
    let value = get_path(&item.json, name);
    matches!(value, Value::Null | Value::Number(_) | Value::String(_) | Value::DateTime(_)).then(|| to_text(&value))
}
