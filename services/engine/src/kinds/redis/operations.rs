//! What the operations do on the server.

use std::collections::HashSet;

use weft_clients::Budget;
use weft_clients::redis::{Reply, Session};
use weft_nodes::{Dots, Field, NodeError, Path};
use weft_value::{Item, Object, Value, from_json};

use super::words::written;
use super::{KeyType, Operation, Parameters};
use crate::action::{ActFailure, Acted, Action as _};
use crate::collected::Collected;
use crate::execution::StepView;
use crate::remote::NotDone;

/// A connection, and how much is still taken from it.
pub(super) struct Asking {
    pub(super) session: Session,
    pub(super) budget: Budget,
}

impl Parameters {
    /// What becomes of all items, one after the other.
    pub(super) async fn all(&self, step: &StepView, items: &[Item], asking: &mut Asking) -> Result<Acted, ActFailure> {
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

fn number_of(reply: &Reply) -> Value {
    match reply {
        Reply::Integer(number) => Value::Number(*number as f64),
        _ => Value::Null,
    }
}

/// `INFO` as an object: `name:value` in each line; a value may be an object itself, `keys=1,expires=0`.
pub(super) fn about(text: &str) -> Object {
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
