//! One item: what a node receives and emits.

use std::fmt;
use std::sync::Arc;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::Value;

/// One item of the list that flows along an edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The data; always an object.
    pub json: Value,
    /// Files by the name of their property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary: Option<Arc<indexmap::IndexMap<String, BinaryRef>>>,
    /// Which items of the node's input this one was made from.
    #[serde(default, rename = "pairedItem", skip_serializing_if = "Pairing::is_unknown")]
    pub pairing: Pairing,
}

impl Item {
    /// An item of `json` alone.
    pub fn new(json: impl Into<Value>) -> Self {
        Self { json: json.into(), ..Self::default() }
    }

    /// The same item, made from input item `index` (of input 0).
    #[must_use]
    pub fn paired_with(mut self, index: usize) -> Self {
        self.pairing = Pairing::One(ItemRef { item: index as u32, input: 0 });
        self
    }
}

/// The items of a node's input from which an item was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Pairing {
    /// Exactly one, of an earlier iteration of the same node: what a loop hands on later, or again.
    Earlier(EarlierRef),
    /// Exactly one.
    One(ItemRef),
    /// Several (an aggregate). Behind a pointer, since most items have one origin and every item has the room for this.
    Many(Arc<Vec<ItemRef>>),
    /// Not known.
    #[default]
    Unknown,
}

impl Pairing {
    /// All of these.
    pub fn many(items: impl IntoIterator<Item = ItemRef>) -> Self {
        Self::Many(Arc::new(items.into_iter().collect()))
    }

    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// What is written tells by its shape which one it is. A derived implementation would keep all of it aside before it looks: of an
/// item that was made from a million others that takes more than the items.
impl<'de> Deserialize<'de> for Pairing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairingVisitor)
    }
}

struct PairingVisitor;

impl<'de> Visitor<'de> for PairingVisitor {
    type Value = Pairing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the place of an item, a list of them, or nothing")
    }

    fn visit_unit<E>(self) -> Result<Pairing, E> {
        Ok(Pairing::Unknown)
    }

    fn visit_none<E>(self) -> Result<Pairing, E> {
        Ok(Pairing::Unknown)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Pairing, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pairing, A::Error> {
        let Place { item, input, iteration } = Place::deserialize(MapAccessDeserializer::new(map))?;
        Ok(match iteration {
            Some(iteration) => Pairing::Earlier(EarlierRef { item, iteration }),
            None => Pairing::One(ItemRef { item, input }),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pairing, A::Error> {
        let mut many = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(4096));
        while let Some(one) = seq.next_element()? {
            many.push(one);
        }
        many.shrink_to_fit();
        Ok(Pairing::Many(Arc::new(many)))
    }
}

/// The place of an item as it is written, in the last iteration or an earlier one.
#[derive(Deserialize)]
struct Place {
    item: u32,
    #[serde(default)]
    input: u32,
    #[serde(default)]
    iteration: Option<u32>,
}

/// The place of one item in a node's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemRef {
    /// Its place in the list, from 0.
    pub item: u32,
    /// The input port, from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub input: u32,
}

/// The place of one item in what the first input of a node had in an earlier iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EarlierRef {
    /// Its place in the list, from 0.
    pub item: u32,
    /// The iteration of the node, from 0.
    pub iteration: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A file that an item carries: where its bytes are and what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BinaryRef {
    /// The media type (RFC 6838), `text/plain` for instance.
    pub mime_type: String,
    /// The name of the file, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// What the name ends with, without the dot, or what files of this type usually end with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_extension: Option<String>,
    /// The number of bytes.
    #[serde(default)]
    pub size: u64,
    /// The SHA-256 of the bytes in hexadecimal, where the bytes are elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Where the bytes are: the address in the store of files, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The bytes themselves in base64, where they are small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

impl BinaryRef {
    /// What the name ends with, or what is known of it otherwise.
    pub fn extension(&self) -> Option<&str> {
        let of_name = || self.file_name.as_deref()?.rsplit_once('.').map(|(_, extension)| extension);
        self.file_extension.as_deref().or_else(of_name).filter(|extension| !extension.is_empty())
    }

    /// n8n's word for what a media type is: `text`, `json`, `html`, `image`, `audio`, `video`, `pdf`.
    pub fn file_type(&self) -> Option<&'static str> {
        const TYPES: [(&str, &str); 8] = [
            ("application/json", "json"),
            ("text/html", "html"),
            ("image/", "image"),
            ("audio/", "audio"),
            ("video/", "video"),
            ("text/", "text"),
            ("application/javascript", "text"),
            ("application/pdf", "pdf"),
        ];
        TYPES.iter().find(|(begin, _)| self.mime_type.starts_with(begin)).map(|(_, word)| *word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_takes_little_room() {
        // There may be millions of them, and each takes its objects and texts besides.
        assert_eq!((size_of::<Value>(), size_of::<crate::Object>(), size_of::<Item>()), (16, 24, 40));
    }

    #[test]
    fn a_pairing_is_the_same_after_it_was_written() {
        let (one, two) = (ItemRef { item: 1, input: 0 }, ItemRef { item: 2, input: 1 });
        for (pairing, json) in [
            (Pairing::One(one), r#"{"item":1}"#),
            (Pairing::many([one, two]), r#"[{"item":1},{"item":2,"input":1}]"#),
            (Pairing::Earlier(EarlierRef { item: 3, iteration: 0 }), r#"{"item":3,"iteration":0}"#),
        ] {
            assert_eq!(serde_json::to_string(&pairing).unwrap(), json);
            assert_eq!(serde_json::from_str::<Pairing>(json).unwrap(), pairing);
        }
    }

    #[test]
    fn a_pairing_is_told_by_its_shape() {
        for (json, pairing) in [
            ("null", Some(Pairing::Unknown)),
            ("[]", Some(Pairing::many([]))),
            (r#"{"input":2,"item":1}"#, Some(Pairing::One(ItemRef { item: 1, input: 2 }))),
            (r#"{"item":1,"iteration":null,"of":{}}"#, Some(Pairing::One(ItemRef { item: 1, input: 0 }))),
            (r#"{"iteration":3,"item":1,"input":2}"#, Some(Pairing::Earlier(EarlierRef { item: 1, iteration: 3 }))),
            (r#"{"input":1}"#, None),
            (r#"[{"item":1},{"item":-1}]"#, None),
            ("4", None),
        ] {
            assert_eq!(serde_json::from_str(json).ok(), pairing, "{json}");
        }
    }
}
