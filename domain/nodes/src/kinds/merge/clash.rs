//! One item from several: which fields it has where more than one has a field of the same name.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use weft_value::{BinaryRef, Item, ItemRef, Object, Pairing, Text, Value};

use crate::descriptor::{choice, field};
use crate::{Label, Parameter, ParameterType, label};

/// The option `clashHandling`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClashHandling {
    values: Clash,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Clash {
    #[serde(rename = "resolveClash")]
    resolution: Resolution,
    merge_mode: MergeMode,
    override_empty: bool,
}

/// Whose field is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "String")]
enum Resolution {
    /// Nobody said: the last input's, as a rule.
    #[default]
    Unset,
    /// Everybody's: the number of the input becomes part of the name.
    AddSuffix,
    /// The last input's.
    PreferLast,
    /// That of this input, from 0.
    PreferInput(usize),
}

impl TryFrom<String> for Resolution {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let input = text.strip_prefix("preferInput").and_then(|number| number.parse::<usize>().ok());
        match (text.as_str(), input) {
            ("", _) => Ok(Self::Unset),
            ("addSuffix", _) => Ok(Self::AddSuffix),
            ("preferLast", _) => Ok(Self::PreferLast),
            (_, Some(number)) if number > 0 => Ok(Self::PreferInput(number - 1)),
            _ => Err(format!("“{text}” is not a way to resolve a clash")),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum MergeMode {
    #[default]
    DeepMerge,
    ShallowMerge,
}

const PREFERENCES: [(&str, Label); 11] = [
    ("preferLast", label("Take the last input’s", "Prendre celui de la dernière entrée")),
    ("preferInput1", label("Take that of input 1", "Prendre celui de l’entrée 1")),
    ("preferInput2", label("Take that of input 2", "Prendre celui de l’entrée 2")),
    ("preferInput3", label("Take that of input 3", "Prendre celui de l’entrée 3")),
    ("preferInput4", label("Take that of input 4", "Prendre celui de l’entrée 4")),
    ("preferInput5", label("Take that of input 5", "Prendre celui de l’entrée 5")),
    ("preferInput6", label("Take that of input 6", "Prendre celui de l’entrée 6")),
    ("preferInput7", label("Take that of input 7", "Prendre celui de l’entrée 7")),
    ("preferInput8", label("Take that of input 8", "Prendre celui de l’entrée 8")),
    ("preferInput9", label("Take that of input 9", "Prendre celui de l’entrée 9")),
    ("preferInput10", label("Take that of input 10", "Prendre celui de l’entrée 10")),
];

/// The form of [`ClashHandling`].
pub(super) fn form() -> Parameter {
    let suffix = choice(
        "addSuffix",
        label("Add the input’s number to every name", "Ajouter le numéro de l’entrée à chaque nom"),
    );
    let preferences = PREFERENCES.map(|(value, text)| choice(value, text));
    let name = label("Same field in several inputs", "Même champ dans plusieurs entrées");
    let values = field(ParameterType::FixedCollection, "values", name).fields([
        field(ParameterType::Options, "resolveClash", label("Which one", "Lequel"))
            .help(
                "The last input’s field wins as long as nothing is chosen.",
                "Le champ de la dernière entrée l’emporte tant que rien n’est choisi.",
            )
            .choices(preferences.into_iter().chain([suffix])),
        field(ParameterType::Options, "mergeMode", label("Fields inside of fields", "Champs dans des champs"))
            .help("What is done with objects inside of objects.", "Que faire des objets dans des objets.")
            .or("deepMerge")
            .choices([
                choice("deepMerge", label("Merge at every level", "Fusionner à tous les niveaux")).help(
                    "Two objects become one with the fields of both.",
                    "Deux objets n’en font qu’un, avec les champs des deux.",
                ),
                choice("shallowMerge", label("Take the outermost field whole", "Prendre le champ extérieur en entier")),
            ]),
        field(
            ParameterType::Boolean,
            "overrideEmpty",
            label("Take another input’s where it is empty", "Prendre celui d’une autre entrée s’il est vide"),
        )
        .help(
            "Null and an empty text give way to a value of another input.",
            "Null et un texte vide cèdent la place à la valeur d’une autre entrée.",
        )
        .literal()
        .or(false),
    ]);
    field(ParameterType::FixedCollection, "clashHandling", name)
        .help(
            "What is done where items that become one have a field of the same name.",
            "Que faire si les éléments réunis ont un champ du même nom.",
        )
        .literal()
        .fields([values])
}

/// An item that becomes part of another, with where it is from.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) item: &'a Item,
    pub(super) place: ItemRef,
}

impl Part<'_> {
    /// The item, made from itself.
    pub(super) fn unchanged(self) -> Item {
        Item { pairing: Pairing::One(self.place), ..self.item.clone() }
    }
}

impl ClashHandling {
    /// Whether the number of the input becomes part of every name.
    pub(super) fn adds_suffix(&self) -> bool {
        self.values.resolution == Resolution::AddSuffix
    }

    /// The input whose fields win, from 0, where somebody said so and there is such an input.
    pub(super) fn preferred(&self, inputs: usize) -> Option<usize> {
        match self.values.resolution {
            Resolution::PreferInput(input) if input < inputs => Some(input),
            Resolution::PreferLast => Some(inputs.saturating_sub(1)),
            Resolution::Unset | Resolution::AddSuffix | Resolution::PreferInput(_) => None,
        }
    }

    /// One item from all parts; later ones win over earlier ones. A part may come twice to win over those in between.
    pub(super) fn join(&self, parts: &[Part<'_>]) -> Item {
        let mut json: Option<Object> = None;
        let mut binary: IndexMap<String, BinaryRef> = IndexMap::new();
        let mut pairing: Vec<ItemRef> = Vec::with_capacity(parts.len());
        for part in parts {
            if !pairing.contains(&part.place) {
                pairing.push(part.place);
            }
            if let Some(files) = &part.item.binary {
                binary.extend(files.iter().map(|(name, file)| (name.clone(), file.clone())));
            }
            let Some(fields) = part.item.json.as_object() else { continue };
            if json.is_none() && !self.adds_suffix() {
                json = Some(fields.clone());
            } else {
                self.add(json.get_or_insert_default(), fields, part.place.input);
            }
        }
        Item {
            json: json.unwrap_or_default().into(),
            binary: (!binary.is_empty()).then(|| Arc::new(binary)),
            pairing: if let [one] = pairing[..] { Pairing::One(one) } else { Pairing::many(pairing) },
        }
    }

    fn add(&self, json: &mut Object, fields: &Object, input: u32) {
        for (key, value) in fields {
            if self.adds_suffix() {
                self.values.put(json, &format!("{key}_{}", input + 1).into(), value);
            } else {
                self.values.put(json, key, value);
            }
        }
    }

    /// An item that found no partner, as it stands among those that did.
    pub(super) fn alone(&self, part: Part<'_>) -> Item {
        if self.adds_suffix() { self.join(&[part]) } else { part.unchanged() }
    }
}

impl Clash {
    fn put(&self, json: &mut Object, key: &Text, value: &Value) {
        match json.get_mut(key) {
            Some(old) => self.put_over(old, value),
            None => json.insert(key.clone(), value.clone()),
        }
    }

    /// Objects and lists grow together unless merging is shallow; anything else is replaced.
    fn put_over(&self, old: &mut Value, new: &Value) {
        if self.override_empty && is_empty(new) && !old.is_undefined() {
            return;
        }
        let is_deep = self.merge_mode == MergeMode::DeepMerge;
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if is_deep => {
                let old = Arc::make_mut(old);
                for (key, value) in new.iter() {
                    self.put(old, key, value);
                }
            }
            (Value::Array(old), Value::Array(new)) if is_deep => {
                let old = Arc::make_mut(old);
                for (index, value) in new.iter().enumerate() {
                    match old.get_mut(index) {
                        Some(place) => self.put_over(place, value),
                        None => old.push(value.clone()),
                    }
                }
            }
            // An object has no place in a list but for what it calls by a number, which n8n puts there and hardly anybody means.
            (Value::Array(_), Value::Object(_)) | (_, Value::Undefined) if is_deep => {}
            (old, new) => *old = new.clone(),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_nullish() || value.as_str() == Some("")
}
