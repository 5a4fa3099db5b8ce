//! **Redis**: reads and writes keys, lists and channels, once for each item.
//!
//! before: `[{"id":7}]` · after getting `user:{{ $json.id }}` as `user`: `[{"user":"Ada"}]`

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use tokio::time::timeout;
use weft_clients::redis::{Reply, Server, Session};
use weft_clients::{Budget, Failure};
use weft_model::CredentialId;
use weft_nodes::{
    Descriptor, Dots, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Path,
    Problem, Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json};
use zeroize::Zeroizing;

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::collected::Collected;
use crate::credentials::{self, Opened};
use crate::execution::StepView;
use crate::remote::{self, NotDone};

/// The kind.
pub struct Redis;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "redis",
    version: 1,
    label: label("Redis", "Redis"),
    description: label(
        "Reads and writes keys, lists and channels of a Redis server.",
        "Lit et écrit des clés, des listes et des canaux d’un serveur Redis.",
    ),
    group: Group::Act,
    icon: "database",
    color: "red",
    subtitle: Some("{operation} {key}{list}{channel}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One command for each item. If the server stops in the middle, reading, setting and deleting are repeated; counting, pushing, \
         popping and publishing are not.",
        "Une commande par élément. Si le serveur s’arrête au milieu, les lectures, les affectations et les suppressions sont répétées ; \
         les compteurs, les ajouts, les retraits et les publications ne le sont pas.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal();
    let kinds = |with_json: &'static str| {
        field(ParameterType::Options, "keyType", label("Type", "Type"))
            .or("automatic")
            .choices([
                choice("automatic", label("Found out by itself", "Trouvé tout seul")),
                choice("string", label("Text", "Texte")),
                choice("hash", label("Hash", "Table de hachage")),
                choice("list", label("List", "Liste")),
                choice("sets", label("Set", "Ensemble")),
            ])
            .when("operation", [with_json])
    };
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["redis"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("get").choices([
            choice("get", label("Get a key", "Lire une clé")),
            choice("set", label("Set a key", "Écrire une clé")),
            choice("delete", label("Delete a key", "Supprimer une clé")),
            choice("incr", label("Count up", "Incrémenter")),
            choice("keys", label("Find keys", "Chercher des clés")),
            choice("push", label("Push to a list", "Ajouter à une liste")),
            choice("pop", label("Pop from a list", "Retirer d’une liste")),
            choice("llen", label("Length of a list", "Longueur d’une liste")),
            choice("publish", label("Publish to a channel", "Publier dans un canal")),
            choice("info", label("About the server", "À propos du serveur")),
        ]),
        text("key", label("Key", "Clé")).required().when("operation", ["get", "set", "delete", "incr"]),
        text("list", label("List", "Liste")).required().when("operation", ["push", "pop", "llen"]),
        text("channel", label("Channel", "Canal")).required().when("operation", ["publish"]),
        text("messageData", label("Data", "Données")).required().rows(3).when("operation", ["push", "publish"]),
        text("value", label("Value", "Valeur")).rows(3).when("operation", ["set"]),
        kinds("get"),
        kinds("set"),
        switch("valueIsJSON", label("The value is JSON", "La valeur est en JSON"))
            .or(true)
            .when("operation", ["set"])
            .when("keyType", ["hash"]),
        switch("expire", label("Expires", "Expire")).or(false).when("operation", ["set", "incr"]),
        field(ParameterType::Number, "ttl", label("Seconds to live", "Durée de vie (s)"))
            .or(60)
            .at_least(1.0)
            .when("operation", ["set", "incr"])
            .when("expire", [true]),
        text("keyPattern", label("Pattern", "Motif")).required().example("user:*").when("operation", ["keys"]),
        switch("getValues", label("With their values", "Avec leurs valeurs")).or(true).when("operation", ["keys"]),
        switch("tail", label("At the end", "À la fin")).or(false).when("operation", ["push", "pop"]),
        text("propertyName", label("Name of the field", "Nom du champ"))
            .or("propertyName")
            .when("operation", ["get", "pop"]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", ["get", "pop"])
            .fields([switch("dotNotation", label("Dots go inside objects", "Les points descendent dans les objets"))
                .or(true)]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Parameters {
    #[serde(default, deserialize_with = "credentials::chosen")]
    credential: Option<CredentialId>,
    operation: Operation,
    #[serde(default)]
    key: Field,
    #[serde(default)]
    list: Field,
    #[serde(default)]
    channel: Field,
    #[serde(default)]
    message_data: Field,
    #[serde(default)]
    value: Field,
    #[serde(default)]
    key_type: KeyType,
    #[serde(default = "truth", rename = "valueIsJSON")]
    value_is_json: bool,
    #[serde(default)]
    expire: bool,
    #[serde(default)]
    ttl: Field,
    #[serde(default)]
    key_pattern: Field,
    #[serde(default = "truth")]
    get_values: bool,
    #[serde(default)]
    tail: bool,
    #[serde(default)]
    property_name: Field,
    #[serde(default)]
    options: Options,
}

fn truth() -> bool {
    true
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Get,
    Set,
    Delete,
    Incr,
    Keys,
    Push,
    Pop,
    Llen,
    Publish,
    Info,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeyType {
    #[default]
    Automatic,
    String,
    Hash,
    List,
    Sets,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    dot_notation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { dot_notation: true }
    }
}

impl NodeKind for Redis {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.redis"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        Ok(import(node))
    }
}

/// Version 1, the only one. Its first operation is the one about the server.
fn import(node: &N8nNode<'_>) -> Imported {
    let mut new = node.parameters.as_object().cloned().unwrap_or_default();
    if !new.contains_key("operation") {
        new.insert("operation", "info");
    }
    let label = "Redis";
    let remarks = vec![format!("It signs in. Make a credential of type “{label}” and choose it in this node.")];
    Imported { parameters: new.into(), remarks }
}

impl ActionKind for Redis {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

/// A connection, and how much is still taken from it.
struct Asking {
    session: Session,
    budget: Budget,
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        match self.operation {
            Operation::Incr | Operation::Push | Operation::Pop | Operation::Publish => Retried::AtMostOnce,
            Operation::Get
            | Operation::Set
            | Operation::Delete
            | Operation::Keys
            | Operation::Llen
            | Operation::Info => Retried::Idempotent,
        }
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let items = step.input(0);
        if items.is_empty() {
            return Ok(Acted::outputs(Outputs::one(Vec::new())));
        }
        let server = server(&remote::opened(&step, services, self.credential, &["redis"]).await?)?;
        let dialer = remote::dialer(services)?;
        let failed = |failure: &Failure| remote::failed(failure, self.retried(), step.room);
        let session = Session::open(&dialer, &server, remote::CONNECT).await.map_err(remote::not_opened(step.room))?;
        let mut asking = Asking { session, budget: Budget::new(remote::MOST_ROWS, step.room.left()) };
        let limit = remote::ANSWER;
        let late = |_| failed(&Failure::Timeout { server: "Redis", limit });
        timeout(limit, self.all(&step, items, &mut asking)).await.map_err(late)?
    }
}

impl Parameters {
    async fn all(&self, step: &StepView, items: &[Item], asking: &mut Asking) -> Result<Acted, ActFailure> {
        // The server is the same for every item.
        let items = if self.operation == Operation::Info { &items[..1] } else { items };
        let mut collected = Collected::default();
        for (index, item) in items.iter().enumerate() {
            let answer = self.one(step, index, item, asking).await.map(|json| vec![Item::new(json)]);
            collected.take_answer(step, index, answer, self.retried())?;
        }
        Ok(Acted::outputs(collected.into()))
    }

    /// What becomes of one item.
    async fn one(&self, step: &StepView, index: usize, item: &Item, asking: &mut Asking) -> Result<Value, NotDone> {
        let text = |field: &Field| Ok::<_, NodeError>(field.text(step, index)?.as_str().to_owned());
        let same = || item.json.clone();
        match self.operation {
            Operation::Get => {
                let value = asking.value(&text(&self.key)?, self.key_type).await?;
                self.named(step, index, value)
            }
            Operation::Set => self.set(step, index, asking).await.map(|()| same()),
            Operation::Delete => asking.ask(&["DEL", &text(&self.key)?]).await.map(|_| same()),
            Operation::Incr => self.count_up(step, index, asking).await,
            Operation::Keys => self.keys(&text(&self.key_pattern)?, asking).await,
            Operation::Push => {
                let command = if self.tail { "RPUSH" } else { "LPUSH" };
                let (list, data) = (text(&self.list)?, text(&self.message_data)?);
                asking.ask(&[command, &list, &data]).await.map(|_| same())
            }
            Operation::Pop => {
                let command = if self.tail { "RPOP" } else { "LPOP" };
                let popped = asking.ask(&[command, &text(&self.list)?]).await?.into_text();
                let value = popped.map_or(Value::Null, |text| from_json(&text).unwrap_or_else(|_| text.into()));
                self.named(step, index, value)
            }
            Operation::Llen => {
                let list = text(&self.list)?;
                let length = number_of(&asking.ask(&["LLEN", &list]).await?);
                Ok([(list, length)].into_iter().collect::<Object>().into())
            }
            Operation::Publish => {
                let (channel, data) = (text(&self.channel)?, text(&self.message_data)?);
                asking.ask(&["PUBLISH", &channel, &data]).await.map(|_| same())
            }
            Operation::Info => Ok(about(&asking.ask(&["INFO"]).await?.into_text().unwrap_or_default()).into()),
        }
    }

    /// A value under the name that the person chose.
    fn named(&self, step: &StepView, index: usize, value: Value) -> Result<Value, NotDone> {
        let name = self.property_name.text(step, index)?;
        let dots = if self.options.dot_notation { Dots::Reach } else { Dots::Literal };
        let mut json = Object::new();
        Path::new(&name, dots).set(&mut json, value);
        Ok(json.into())
    }

    async fn set(&self, step: &StepView, index: usize, asking: &mut Asking) -> Result<(), NotDone> {
        let key = self.key.text(step, index)?;
        let value = self.value.resolve(step, index)?;
        let words = written(&value, self.key_type, self.value_is_json)?;
        let ttl = self.seconds(step, index)?;
        let mut commands: Vec<Vec<&str>> = Vec::new();
        if words.command != "SET" {
            // What was there before is gone, whatever it was.
            commands.push(vec!["DEL", &key]);
        }
        if words.command == "SET" || !words.values.is_empty() {
            commands.push(
                [words.command, key.as_str()].into_iter().chain(words.values.iter().map(String::as_str)).collect(),
            );
        }
        if let Some(ttl) = &ttl {
            commands.push(vec!["EXPIRE", &key, ttl]);
        }
        match commands.as_slice() {
            [one] => asking.ask(one).await.map(|_| ()),
            several => Ok(asking.session.together(several, &mut asking.budget).await.map(|_| ())?),
        }
    }

    async fn count_up(&self, step: &StepView, index: usize, asking: &mut Asking) -> Result<Value, NotDone> {
        let key = self.key.text(step, index)?;
        let count = number_of(&asking.ask(&["INCR", &key]).await?);
        if let Some(ttl) = self.seconds(step, index)? {
            asking.ask(&["EXPIRE", &key, &ttl]).await?;
        }
        Ok([(key, count)].into_iter().collect::<Object>().into())
    }

    /// How long a key lives, where it does not for ever.
    fn seconds(&self, step: &StepView, index: usize) -> Result<Option<String>, NodeError> {
        if !self.expire {
            return Ok(None);
        }
        let seconds = self.ttl.number(step, index, "ttl")?;
        if seconds < 1.0 || seconds.fract() != 0.0 {
            let message = "“Seconds to live” must be a whole number from 1 on.";
            return Err(NodeError::new("parameter", message).in_field("ttl"));
        }
        Ok(Some(format!("{seconds:.0}")))
    }

    /// Found a few at a time: `KEYS` would stop the server for everybody else.
    async fn keys(&self, pattern: &str, asking: &mut Asking) -> Result<Value, NotDone> {
        let (mut cursor, mut seen, mut keys) = ("0".to_owned(), HashSet::new(), Vec::new());
        loop {
            let scanned = asking.ask(&["SCAN", &cursor, "MATCH", pattern, "COUNT", "1000"]).await?;
            let Reply::List(mut parts) = scanned else { break };
            // A key may come twice.
            let found = parts.pop().map(Reply::into_texts).unwrap_or_default();
            keys.extend(found.into_iter().filter(|key| seen.insert(key.clone())));
            cursor = parts.pop().and_then(Reply::into_text).unwrap_or_default();
            if cursor == "0" || cursor.is_empty() {
                break;
            }
        }
        if !self.get_values {
            let keys = Value::from(keys.into_iter().map(Value::from).collect::<Vec<_>>());
            return Ok([("keys", keys)].into_iter().collect::<Object>().into());
        }
        let mut values = Object::with_capacity(keys.len());
        for key in keys {
            let value = asking.value(&key, KeyType::Automatic).await?;
            values.insert(key, value);
        }
        Ok(values.into())
    }
}

impl Asking {
    async fn ask(&mut self, command: &[&str]) -> Result<Reply, NotDone> {
        Ok(self.session.ask(command, &mut self.budget).await?)
    }

    /// What a key holds.
    async fn value(&mut self, key: &str, key_type: KeyType) -> Result<Value, NotDone> {
        let found = match key_type {
            KeyType::Automatic => self.ask(&["TYPE", key]).await?.into_text().unwrap_or_default(),
            KeyType::String => "string".to_owned(),
            KeyType::Hash => "hash".to_owned(),
            KeyType::List => "list".to_owned(),
            KeyType::Sets => "set".to_owned(),
        };
        let texts = |texts: Vec<String>| Value::from(texts.into_iter().map(Value::from).collect::<Vec<_>>());
        Ok(match found.as_str() {
            "string" => self.ask(&["GET", key]).await?.into_text().map_or(Value::Null, Value::from),
            "list" => texts(self.ask(&["LRANGE", key, "0", "-1"]).await?.into_texts()),
            "set" => texts(self.ask(&["SMEMBERS", key]).await?.into_texts()),
            "hash" => {
                let mut pairs = self.ask(&["HGETALL", key]).await?.into_texts().into_iter();
                let mut hash = Object::new();
                while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
                    hash.insert(name, value);
                }
                hash.into()
            }
            _ => Value::Null,
        })
    }
}

/// The command that sets a value, and the words behind the key.
struct Words {
    command: &'static str,
    values: Vec<String>,
}

fn written(value: &Value, key_type: KeyType, value_is_json: bool) -> Result<Words, NodeError> {
    let wrong = |message: &str| NodeError::new("parameter", message).in_field("value");
    let read = || match value {
        Value::String(text) => from_json(text).unwrap_or_else(|_| value.clone()),
        other => other.clone(),
    };
    let of = |command, values| Ok(Words { command, values });
    let key_type = match (key_type, value) {
        (KeyType::Automatic, Value::Array(_)) => KeyType::List,
        (KeyType::Automatic, Value::Object(_)) => KeyType::Hash,
        (KeyType::Automatic, _) => KeyType::String,
        (chosen, _) => chosen,
    };
    match (key_type, read()) {
        (KeyType::Hash, _) if !value_is_json => {
            let words: Vec<String> = plain(value).split_whitespace().map(str::to_owned).collect();
            if words.len().is_multiple_of(2) {
                of("HSET", words)
            } else {
                Err(wrong("A hash needs a value for each of its names."))
            }
        }
        (KeyType::Hash, Value::Object(object)) => {
            of("HSET", object.iter().flat_map(|(name, value)| [name.as_str().to_owned(), plain(value)]).collect())
        }
        (KeyType::Hash, _) => Err(wrong("A hash needs an object: names and values, as JSON.")),
        (KeyType::List, Value::Array(list)) => of("RPUSH", list.iter().map(plain).collect()),
        (KeyType::Sets, Value::Array(list)) => of("SADD", list.iter().map(plain).collect()),
        (KeyType::List, _) => of("RPUSH", vec![plain(value)]),
        (KeyType::Sets, _) => of("SADD", vec![plain(value)]),
        (KeyType::String | KeyType::Automatic, _) => of("SET", vec![plain(value)]),
    }
}

/// A text as it is, nothing as the empty text, everything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.as_str().to_owned(),
        Value::Undefined | Value::Null => String::new(),
        Value::DateTime(moment) => moment.to_iso(),
        other => other.to_json(),
    }
}

fn number_of(reply: &Reply) -> Value {
    match reply {
        Reply::Integer(number) => Value::Number(*number as f64),
        _ => Value::Null,
    }
}

/// `INFO` as an object: `name:value` in each line; a value may be an object itself, `keys=1,expires=0`.
fn about(text: &str) -> Object {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Number);
    let simple = |text: &str| number(text).unwrap_or_else(|| text.into());
    let nested = |text: &str| {
        let pairs: Option<Object> =
            text.split(',').map(|pair| pair.split_once('=').map(|(name, value)| (name, simple(value)))).collect();
        pairs.map(Value::from)
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name, nested(value).unwrap_or_else(|| simple(value)))).collect()
}

/// Where the server of a credential is and who signs in.
pub(crate) fn server(opened: &Opened) -> Result<Server, NodeError> {
    let database = match opened.field("database").trim() {
        "" => 0,
        number => number.parse().map_err(|_| {
            let message = "The database of the credential must be a whole number from 0 on.";
            NodeError::new("credential", message).in_field("credential").finally()
        })?,
    };
    Ok(Server {
        host: opened.field("host").to_owned(),
        port: remote::port(opened)?,
        user: opened.field("user").to_owned(),
        password: Zeroizing::new(opened.field("password").to_owned()),
        database,
        tls: remote::tls(opened),
    })
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;

    use super::*;

    fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
        let mut given = from_json(json).unwrap().as_object().unwrap().clone();
        given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
        parameters(&DESCRIPTOR, &given.into())
    }

    #[test]
    fn a_value_is_set_as_what_it_is_or_shall_be() {
        for (json, key_type, command, values) in [
            (r#""é""#, KeyType::Automatic, "SET", &["é"][..]),
            ("7", KeyType::Automatic, "SET", &["7"]),
            ("null", KeyType::Automatic, "SET", &[""]),
            (r#"{"a":1,"b":[2]}"#, KeyType::Automatic, "HSET", &["a", "1", "b", "[2]"]),
            (r#"{"a":1}"#, KeyType::String, "SET", &[r#"{"a":1}"#]),
            (r#""{\"a\":\"x\"}""#, KeyType::Hash, "HSET", &["a", "x"]),
            (r#"["a",1]"#, KeyType::Automatic, "RPUSH", &["a", "1"]),
            (r#""[\"a\"]""#, KeyType::Sets, "SADD", &["a"]),
            (r#""[\"a\"]""#, KeyType::Automatic, "SET", &[r#"["a"]"#]),
            ("[]", KeyType::List, "RPUSH", &[]),
            (r#""a""#, KeyType::List, "RPUSH", &["a"]),
        ] {
            let words = written(&from_json(json).unwrap(), key_type, true).unwrap();
            assert_eq!(
                (words.command, words.values.iter().map(String::as_str).collect::<Vec<_>>()),
                (command, values.to_vec()),
                "{json}"
            );
        }
        let words = written(&"a 1 b 2".into(), KeyType::Hash, false).unwrap();
        assert_eq!(words.values, ["a", "1", "b", "2"]);
        for (value, is_json) in [("no json", true), ("[1]", true), ("a b c", false)] {
            assert!(written(&value.into(), KeyType::Hash, is_json).is_err(), "{value}");
        }
    }

    #[test]
    fn what_a_server_says_of_itself_is_an_object() {
        let text =
            "# Server\r\nredis_version:7.0.15\r\nuptime:12\r\n\r\n# Keyspace\r\ndb0:keys=1,expires=0\r\nempty:\r\n";
        let expected = r#"{"redis_version":"7.0.15","uptime":12,"db0":{"keys":1,"expires":0},"empty":""}"#;
        assert_eq!(Value::from(about(text)).to_json(), expected);
    }

    #[test]
    fn parameters_are_checked_and_say_what_may_be_repeated() {
        for json in
            ["{}", r#"{"operation":"publish","channel":"c"}"#, r#"{"operation":"flush"}"#, r#"{"operation":"pop"}"#]
        {
            assert!(node(json).is_err(), "{json}");
        }
        for (json, retried) in [
            (r#"{"key":"k"}"#, Retried::Idempotent),
            (r#"{"operation":"set","key":"k"}"#, Retried::Idempotent),
            (r#"{"operation":"incr","key":"k"}"#, Retried::AtMostOnce),
            (r#"{"operation":"publish","channel":"c","messageData":"x"}"#, Retried::AtMostOnce),
        ] {
            assert_eq!(node(json).unwrap().retried(), retried, "{json}");
        }
    }

    #[test]
    fn n8n_nodes_are_imported_as_they_are() {
        let imported =
            import(&Redis, 1.0, r#"{"operation":"set","key":"k","value":"v","expire":true,"ttl":5}"#).unwrap();
        assert_eq!(imported.parameters.to_json(), r#"{"operation":"set","key":"k","value":"v","expire":true,"ttl":5}"#);
        assert_eq!(import(&Redis, 1.0, "{}").unwrap().parameters.to_json(), r#"{"operation":"info"}"#);
    }
}
