//! **Debug helper**: makes up data or fails, to try out what a workflow does then.
//!
//! before: `[{}]`
//! with: `{"category":"randomData","randomDataType":"uuid","randomDataCount":1}`
//! after: `[{"uuid":"…"}]`
//!
//! before: `[{}]`
//! with: `{"category":"throwError"}`
//! after: fails with “Node has thrown an error”

mod data;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use self::data::{Data, Making};
use crate::descriptor::{choice, field};
use crate::random::Random;
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, each_items, label, parameters, port,
};

/// The kind.
pub struct DebugHelper;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "debugHelper",
    version: 1,
    label: label("Debug helper", "Aide à la mise au point"),
    description: label(
        "Makes up data or fails, to try out what the workflow does then.",
        "Invente des données ou échoue, pour essayer ce que fait alors le workflow.",
    ),
    group: Group::Flow,
    icon: "box",
    color: "gray",
    subtitle: Some("{category}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "The people, places and cards that it makes up do not exist: addresses are at example.com, and the numbers of cards \
         are those that payment services publish for tests. With a seed, it makes up the same every time.",
        "Les personnes, lieux et cartes inventés n’existent pas : les adresses sont chez example.com et les numéros de carte \
         sont ceux que les services de paiement publient pour les essais. Avec une graine, tout est toujours identique.",
    ),
});

fn form() -> Vec<Parameter> {
    let random = |parameter: Parameter| parameter.when("category", ["randomData"]);
    let nanoid = |parameter: Parameter| random(parameter).when("randomDataType", ["nanoid"]);
    vec![
        field(ParameterType::Options, "category", label("What to do", "Que faire")).or("throwError").choices([
            choice("doNothing", label("Nothing", "Rien")),
            choice("throwError", label("Fail", "Échouer")),
            choice("randomData", label("Make up data", "Inventer des données")),
        ]),
        field(ParameterType::String, "throwErrorMessage", label("Message", "Message"))
            .or("Node has thrown an error")
            .required()
            .when("category", ["throwError"]),
        random(field(ParameterType::Options, "randomDataType", label("Data", "Données"))).or("user").choices([
            choice("address", label("Address", "Adresse")),
            choice("latLong", label("Coordinates", "Coordonnées")),
            choice("creditCard", label("Credit card", "Carte bancaire")),
            choice("email", label("E-mail address", "Adresse e-mail")),
            choice("ipv4", label("IPv4 address", "Adresse IPv4")),
            choice("ipv6", label("IPv6 address", "Adresse IPv6")),
            choice("macAddress", label("MAC address", "Adresse MAC")),
            choice("nanoid", label("Nano ID", "Nano ID")),
            choice("url", label("URL", "URL")),
            choice("user", label("User", "Utilisateur")),
            choice("uuid", label("UUID", "UUID")),
            choice("semver", label("Version", "Version")),
        ]),
        nanoid(
            field(ParameterType::String, "nanoidAlphabet", label("Characters", "Caractères"))
                .help("The characters that the id is made of.", "Les caractères dont l’identifiant est fait."),
        )
        .or("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        .required(),
        nanoid(
            field(ParameterType::Number, "nanoidLength", label("Length", "Longueur"))
                .help("How many characters.", "Combien de caractères."),
        )
        .between(1.0, data::LONGEST_ID)
        .or(16),
        random(field(ParameterType::String, "randomDataSeed", label("Seed", "Graine"))).help(
            "Leave it empty for other data every time.",
            "Laissez vide pour des données chaque fois différentes.",
        ),
        random(field(ParameterType::Number, "randomDataCount", label("How many", "Combien")).help(
            "How many made-up records there are for each item.",
            "Combien d’enregistrements inventés il y a par élément.",
        ))
        .between(1.0, MOST_ITEMS as f64)
        .or(10),
        random(
            field(ParameterType::Boolean, "randomDataSingleArray", label("All in one item", "Tout en un élément"))
                .help("Otherwise each is an item of its own.", "Sinon chacun est un élément."),
        )
        .literal()
        .or(false),
    ]
}

#[derive(Deserialize)]
#[serde(tag = "category", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Parameters {
    DoNothing {
        /// The items end here, as they do in n8n.
        #[serde(default)]
        passes_nothing: bool,
    },
    ThrowError {
        throw_error_message: Field,
    },
    RandomData(Box<RandomData>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the form")]
struct RandomData {
    #[serde(rename = "randomDataType")]
    data: Data,
    #[serde(default)]
    nanoid_alphabet: Field,
    #[serde(default)]
    nanoid_length: Field,
    #[serde(default)]
    random_data_seed: Field,
    random_data_count: Field,
    #[serde(default)]
    random_data_single_array: bool,
}

impl NodeKind for DebugHelper {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.debugHelper"]
    }

    /// The type of an error is a class of n8n's own, and its message is the same in all of them.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        if new.get("category").and_then(Value::as_str) == Some("oom") {
            return Err(Unsupported {
                message: "A node cannot use up the memory of the server here. Delete it.".into(),
                field: Some("category".into()),
            });
        }
        new.remove("throwErrorType");
        new.remove("memorySizeValue");
        if new.get("category").and_then(Value::as_str) == Some("doNothing") {
            new.insert("passesNothing", true);
        }
        Ok(Value::from(new).into())
    }
}

impl TransformKind for DebugHelper {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        match self {
            Self::DoNothing { passes_nothing: true } => Ok(Outputs::one(Vec::new())),
            Self::DoNothing { passes_nothing: false } => {
                Ok(Outputs::one(step.input(0).iter().enumerate().map(passed).collect()))
            }
            Self::ThrowError { throw_error_message } => each_item(step, |index, _| {
                Err(NodeError::new("stopped", throw_error_message.text(step, index)?.as_str()))
            }),
            Self::RandomData(random) => random.run(step),
        }
    }
}

fn passed((index, item): (usize, &Item)) -> Item {
    item.clone().paired_with(index)
}

/// The most items that one step makes up.
const MOST_ITEMS: usize = 10_000;

impl RandomData {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let mut total = 0;
        each_items(step, |index, _| Ok(self.of_item(step, index, &mut total)?.into_iter().map(Item::new)))
    }

    /// What is made up for one item of the input. `total` is what was made up for those before.
    fn of_item(&self, step: &dyn Step, index: usize, total: &mut usize) -> Result<Vec<Object>, NodeError> {
        let count = self.random_data_count.number(step, index, "randomDataCount")?.max(0.0) as usize;
        if count.saturating_add(*total) > MOST_ITEMS {
            let message = format!("A debug helper makes up {MOST_ITEMS} objects at most.");
            return Err(NodeError::new("too_many_items", message).in_field("randomDataCount").finally());
        }
        *total += count;
        let seed = self.random_data_seed.text(step, index)?;
        let random =
            if seed.is_empty() { Random::new(step.seed().wrapping_add(index as u64)) } else { Random::of_text(&seed) };
        let id = self.id(step, index)?;
        let mut making = Making { random, id, now: step.now() };
        let objects = (0..count).map(|_| making.object(self.data));
        if !self.random_data_single_array {
            return Ok(objects.collect());
        }
        let all: Vec<Value> = objects.map(Value::from).collect();
        Ok(vec![[("generatedItems", Value::from(all))].into_iter().collect()])
    }

    /// Of what a Nano ID is made, and how long it is.
    fn id(&self, step: &dyn Step, index: usize) -> Result<(Vec<char>, usize), NodeError> {
        if self.data != Data::Nanoid {
            return Ok((Vec::new(), 0));
        }
        let alphabet: Vec<char> = self.nanoid_alphabet.text(step, index)?.chars().collect();
        let length = self.nanoid_length.number(step, index, "nanoidLength")?;
        if alphabet.is_empty() || !(1.0..=data::LONGEST_ID).contains(&length) {
            let message = format!("An id has 1 to {} characters, and some to choose from.", data::LONGEST_ID);
            return Err(NodeError::new("parameter", message).in_field("nanoidLength"));
        }
        Ok((alphabet, length as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    #[test]
    fn it_does_nothing_or_fails() {
        let step = TestStep::new(&[r#"[{"a":1},{"a":2}]"#]);
        let outputs = run(&DebugHelper, r#"{"category":"doNothing"}"#, &step).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":2}]"#);
        let error = run(&DebugHelper, r#"{"throwErrorMessage":"={{ 'No ' + $json.a }}"}"#, &step).unwrap_err();
        assert_eq!((error.message.as_str(), error.item), ("No 1", Some(0)));
        let outputs = run(&DebugHelper, "{}", &step.carrying_on()).unwrap();
        assert!(outputs.ports[0].is_empty());
        let error = r#""error":"Node has thrown an error""#;
        assert_eq!(json_of(&outputs.failed), format!(r#"[{{"a":1,{error}}},{{"a":2,{error}}}]"#));
    }

    fn made(rest: &str, items: &str) -> Vec<Item> {
        let node = format!(r#"{{"category":"randomData"{rest}}}"#);
        run(&DebugHelper, &node, &TestStep::new(&[items])).unwrap().ports[0].to_vec()
    }

    #[test]
    fn data_is_made_up() {
        for (data, pattern) in [
            (
                "address",
                r#"^\{"firstname":".+","lastname":".+","street":"\d+ .+","city":".+","zip":"\d{5}","state":".+","country":".+"\}$"#,
            ),
            ("latLong", r#"^\{"location":"-?\d+\.\d{6}, -?\d+\.\d{6}"\}$"#),
            (
                "creditCard",
                r#"^\{"type":"\w+","number":"\d{15,16}","ccv":"\d{3,4}","exp":"\d\d/7\d","holder_name":".+ .+"\}$"#,
            ),
            ("email", r#"^\{"email":"[a-z.]+\d+@example\.com","confirmed":(true|false)\}$"#),
            ("ipv4", r#"^\{"ip":"\d+\.\d+\.\d+\.\d+"\}$"#),
            ("ipv6", r#"^\{"ipv6":"([0-9a-f]{4}:){7}[0-9a-f]{4}"\}$"#),
            ("macAddress", r#"^\{"mac":"([0-9a-f]{2}:){5}[0-9a-f]{2}"\}$"#),
            ("nanoid", r#"^\{"nanoId":"[0-9a-zA-Z]{16}"\}$"#),
            ("url", r#"^\{"url":"https://[a-z]+\.example\.com/[a-z]+"\}$"#),
            (
                "user",
                r#"^\{"uid":"[0-9a-f-]{36}","email":".+","firstname":".+","lastname":".+","password":"\w{15}"\}$"#,
            ),
            ("uuid", r#"^\{"uuid":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}$"#),
            ("semver", r#"^\{"version":"\d+\.\d+\.\d+"\}$"#),
        ] {
            let items = made(&format!(r#","randomDataType":"{data}""#), "[{}]");
            assert_eq!(items.len(), 10);
            let pattern = regex::Regex::new(pattern).unwrap();
            for item in &items {
                assert!(pattern.is_match(&item.json.to_json()), "{data}: {}", item.json.to_json());
            }
            assert_ne!(items[0], items[1], "{data}");
        }
    }

    #[test]
    fn the_same_seed_makes_up_the_same() {
        let of = |seed: &str| json_of(&made(&format!(r#","randomDataSeed":"{seed}""#), "[{}]"));
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        let two = made(r#","randomDataCount":1"#, "[{},{}]");
        assert_ne!(two[0].json, two[1].json);
        let id =
            made(r#","randomDataType":"nanoid","nanoidAlphabet":"é","nanoidLength":"3","randomDataCount":1"#, "[{}]");
        assert_eq!(json_of(&id), r#"[{"nanoId":"ééé"}]"#);
        let list = made(r#","randomDataType":"uuid","randomDataCount":3,"randomDataSingleArray":true"#, "[{}]");
        assert_eq!(list[0].json.get("generatedItems").as_array().map(<[_]>::len), Some(3));
    }

    #[test]
    fn too_much_and_wrong_is_refused() {
        let step = TestStep::new(&["[{},{}]"]);
        for (rest, code) in [
            (r#""randomDataCount":1e12"#, "too_many_items"),
            (r#""randomDataCount":6000"#, "too_many_items"),
            (r#""randomDataCount":"many""#, "parameter"),
            (r#""randomDataType":"nanoid","nanoidLength":1e9"#, "parameter"),
            (r#""randomDataType":"nanoid","nanoidAlphabet":"={{ '' }}""#, "parameter"),
        ] {
            let node = format!(r#"{{"category":"randomData",{rest}}}"#);
            assert_eq!(run(&DebugHelper, &node, &step).unwrap_err().code, code, "{rest}");
        }
        assert!(prepare(&DebugHelper, r#"{"category":"dance"}"#).is_err());
        let nothing = run(&DebugHelper, r#"{"category":"randomData"}"#, &TestStep::new(&["[]"])).unwrap();
        assert!(nothing.ports[0].is_empty());
    }

    #[test]
    fn n8n_nodes_are_taken() {
        assert!(import(&DebugHelper, 1.0, r#"{"category":"oom"}"#).is_err());
        let imported = import(&DebugHelper, 1.0, r#"{"throwErrorType":"Error","throwErrorMessage":"Oh"}"#).unwrap();
        let error = run(&DebugHelper, &imported.parameters.to_json(), &TestStep::new(&["[{}]"])).unwrap_err();
        assert_eq!(error.message, "Oh");
        let imported = import(&DebugHelper, 1.0, r#"{"category":"doNothing"}"#).unwrap();
        let outputs = run(&DebugHelper, &imported.parameters.to_json(), &TestStep::new(&["[{}]"])).unwrap();
        assert!(outputs.ports[0].is_empty(), "nothing is passed on there");
    }
}
