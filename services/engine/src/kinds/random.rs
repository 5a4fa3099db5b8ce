//! **Random**: an identifier or a text that nobody can guess, one for each item.
//!
//! before: `[{"name":"ada"}]` · after: `[{"name":"ada","data":"0f8fad5b-d9cb-469f-a165-70867728950e"}]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried, Step,
    Unsupported, choice, each_item, field, label, parameters, path_of_name, port, set_path,
};
use weft_value::{Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::{Entropy, SystemEntropy};
use crate::execution::StepView;

/// The kind.
pub struct Random;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "random",
    version: 1,
    label: label("Random", "Aléatoire"),
    description: label(
        "Makes an identifier or a text that nobody can guess.",
        "Produit un identifiant ou un texte que personne ne peut deviner.",
    ),
    group: Group::Transform,
    icon: "box",
    color: "green",
    subtitle: Some("{encodingType}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Each item gets one of its own, from the randomness of the machine. A UUID is of version 4.",
        "Chaque élément reçoit le sien, tiré de l’aléa de la machine. Un UUID est de version 4.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "encodingType", label("Kind", "Genre")).literal().or("uuid").choices([
            choice("uuid", label("UUID", "UUID")),
            choice("ascii", label("Printable characters", "Caractères imprimables")),
            choice("base64", label("Letters and digits", "Lettres et chiffres")),
            choice("hex", label("Hexadecimal", "Hexadécimal")),
        ]),
        field(ParameterType::Number, "stringLength", label("Length", "Longueur"))
            .help("How many characters.", "Combien de caractères.")
            .or(32)
            .between(1.0, MOST_CHARACTERS as f64)
            .when("encodingType", ["ascii", "base64", "hex"]),
        field(ParameterType::String, "dataPropertyName", label("Output field", "Champ de sortie"))
            .help("The field that the result is put into.", "Le champ où mettre le résultat.")
            .or("data")
            .required(),
    ]
}

/// The longest text.
const MOST_CHARACTERS: usize = 65_536;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    encoding_type: Encoding,
    #[serde(default)]
    string_length: Field,
    #[serde(default)]
    data_property_name: Field,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Encoding {
    Uuid,
    Ascii,
    Base64,
    Hex,
}

impl NodeKind for Random {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.crypto"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        if node.parameters.get("action").as_str() != Some("generate") {
            return Err(Unsupported::elsewhere());
        }
        let kept = ["encodingType", "stringLength", "dataPropertyName"].map(|name| (name, node.parameters.get(name)));
        let given = kept.into_iter().filter(|(_, value)| !value.is_undefined());
        let mut new: Object = given.map(|(name, value)| (name, value.clone())).collect();
        if let Some(name) = new.get("dataPropertyName").map(path_of_name) {
            new.insert("dataPropertyName", name);
        }
        Ok(Value::from(new).into())
    }
}

impl ActionKind for Random {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// What was made and recorded is never made again.
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, _services: &Services) -> Result<Acted, ActFailure> {
        let made = each_item(step.as_ref(), |index, item| self.one(step.as_ref(), index, item));
        Ok(Acted::outputs(made?))
    }
}

impl Parameters {
    fn one(&self, step: &dyn Step, index: usize, item: &Item) -> Result<Item, NodeError> {
        let text = match self.encoding_type {
            Encoding::Uuid => {
                uuid::Builder::from_random_bytes(bytes(16).try_into().unwrap_or_default()).into_uuid().to_string()
            }
            Encoding::Ascii => printable(self.length(step, index)?),
            Encoding::Base64 => letters(self.length(step, index)?),
            Encoding::Hex => cut(hex::encode(bytes(self.length(step, index)?)), self.length(step, index)?),
        };
        let mut json = item.json.as_object().cloned().unwrap_or_default();
        set_path(&mut json, &self.data_property_name.text(step, index)?, text.into());
        Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
    }

    fn length(&self, step: &dyn Step, index: usize) -> Result<usize, NodeError> {
        let asked = self.string_length.number(step, index, "stringLength")?;
        if (0.0..=MOST_CHARACTERS as f64).contains(&asked) {
            return Ok(asked as usize);
        }
        let message = format!("A random text has up to {MOST_CHARACTERS} characters, but not {asked}.");
        Err(NodeError::new("parameter", message).in_field("stringLength").finally())
    }
}

/// So many random bytes.
fn bytes(count: usize) -> Vec<u8> {
    let words = (0..count.div_ceil(8)).flat_map(|_| SystemEntropy.bits().to_be_bytes());
    words.take(count).collect()
}

/// Characters from `!` to `~`, every one as likely as the others.
fn printable(length: usize) -> String {
    const FIRST: u8 = b'!';
    const COUNT: u8 = b'~' - FIRST + 1;
    chosen(length, |byte| (byte < u8::MAX - u8::MAX % COUNT).then(|| char::from(FIRST + byte % COUNT)))
}

/// Base64 without its two signs.
fn letters(length: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        text.extend(STANDARD_NO_PAD.encode(bytes(length)).chars().filter(char::is_ascii_alphanumeric));
    }
    cut(text, length)
}

fn chosen(length: usize, choose: impl Fn(u8) -> Option<char>) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        text.extend(bytes(length).into_iter().filter_map(&choose));
    }
    cut(text, length)
}

fn cut(mut text: String, length: usize) -> String {
    text.truncate(length);
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use weft_nodes::testing::import;

    use super::*;

    #[test]
    fn texts_have_the_length_and_the_letters_that_were_asked_for() {
        for length in [0, 1, 7, 32, 1000] {
            for (text, is_known) in [
                (printable(length), (|c: char| c.is_ascii_graphic()) as fn(char) -> bool),
                (letters(length), |c| c.is_ascii_alphanumeric()),
                (cut(hex::encode(bytes(length)), length), |c| c.is_ascii_hexdigit()),
            ] {
                assert!(text.len() == length && text.chars().all(is_known), "{text}");
            }
        }
    }

    #[test]
    fn no_two_are_the_same() {
        let made: HashSet<String> = (0..1000).map(|_| letters(16)).chain((0..1000).map(|_| printable(16))).collect();
        assert_eq!(made.len(), 2000);
        let seen: HashSet<char> = printable(20_000).chars().collect();
        assert_eq!(seen.len(), 94);
    }

    #[test]
    fn only_n8n_nodes_that_generate_are_taken() {
        for version in [1.0, 2.0] {
            let imported = import(&Random, version, r#"{"action":"generate","encodingType":"hex","stringLength":8}"#);
            assert_eq!(imported.unwrap().parameters.to_json(), r#"{"encodingType":"hex","stringLength":8}"#);
            assert!(import(&Random, version, r#"{"action":"hash"}"#).unwrap_err().is_elsewhere());
            assert_eq!(import(&Random, version, r#"{"action":"generate"}"#).unwrap().parameters.to_json(), "{}");
            let named = import(&Random, version, r#"{"action":"generate","dataPropertyName":"a.b"}"#).unwrap();
            assert_eq!(named.parameters.to_json(), r#"{"dataPropertyName":"['a.b']"}"#);
        }
    }
}
