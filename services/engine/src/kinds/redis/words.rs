//! The words of the command that sets a value.

use weft_nodes::NodeError;
use weft_value::{Value, from_json};

use super::KeyType;

/// The command that sets a value, and the words behind the key.
pub(super) struct Words {
    pub(super) command: &'static str,
    pub(super) values: Vec<String>,
}

pub(super) fn written(value: &Value, key_type: KeyType, value_is_json: bool) -> Result<Words, NodeError> {
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
