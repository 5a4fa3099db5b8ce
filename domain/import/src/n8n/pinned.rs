//! Pinned data: `{node: [{json, binary?, pairedItem?}]}`, in old files bare objects.

use std::sync::Arc;

use indexmap::IndexMap;
use weft_model::NodeId;
use weft_model::workflow::Definition;
use weft_model::{Graph, Node};
use weft_value::{BinaryRef, Item, ItemRef, Pairing, Value};

use super::Reader;
use crate::Outcome;

impl Reader<'_> {
    pub(super) fn pinned(&mut self, json: &Value) -> IndexMap<NodeId, Vec<Item>> {
        let mut pinned = IndexMap::new();
        for (name, items) in json.as_object().into_iter().flatten() {
            let Some(node) = self.nodes.get(name.as_str()) else {
                self.tell(name.as_str(), Outcome::LeftOut, "Pinned items of a node that is not in the file.");
                continue;
            };
            let items: Vec<Item> = items.as_array().into_iter().flatten().map(item).collect();
            match fault(node, &items) {
                None => _ = pinned.insert(node.id, items),
                Some(fault) => self.tell(name, Outcome::LeftOut, fault),
            }
        }
        pinned
    }
}

/// Why the items cannot be pinned, by the rules of the model.
fn fault(node: &Node, items: &[Item]) -> Option<String> {
    let nodes = [(node.id, Node::new(node.id, "node", "pinned"))].into_iter().collect();
    let pinned = [(node.id, items.to_vec())].into_iter().collect();
    let alone = Definition { name: "alone".into(), graph: Graph { nodes, pinned, ..Graph::default() } };
    alone.check().err().map(|fault| format!("Its pinned items: {fault}"))
}

fn item(json: &Value) -> Item {
    let Value::Object(data) = json.get("json") else { return Item::new(json.clone()) };
    let binary: IndexMap<String, BinaryRef> = json
        .get("binary")
        .as_object()
        .into_iter()
        .flatten()
        .map(|(property, file)| (property.to_string(), binary(file)))
        .collect();
    Item {
        json: Value::Object(data.clone()),
        binary: (!binary.is_empty()).then(|| Arc::new(binary)),
        pairing: pairing(json.get("pairedItem")),
    }
}

fn binary(file: &Value) -> BinaryRef {
    let text = |key: &str| file.get(key).as_str().map(str::to_owned);
    let data = text("data");
    // Base64 writes four characters for three bytes; `fileSize` is a text for people.
    let padding = data.as_deref().map_or(0, |data| data.bytes().rev().take_while(|byte| *byte == b'=').count());
    let size = data.as_deref().map_or(0, |data| (data.len() / 4 * 3).saturating_sub(padding) as u64);
    BinaryRef {
        mime_type: text("mimeType").unwrap_or_else(|| "application/octet-stream".into()),
        file_name: text("fileName"),
        file_extension: text("fileExtension"),
        size,
        data,
        ..BinaryRef::default()
    }
}

/// A number, `{item, input?}`, or a list of those.
fn pairing(json: &Value) -> Pairing {
    match json {
        Value::Array(list) => Pairing::many(list.iter().filter_map(item_ref)),
        one => item_ref(one).map_or(Pairing::Unknown, Pairing::One),
    }
}

fn item_ref(json: &Value) -> Option<ItemRef> {
    let item = json.as_f64().or(json.get("item").as_f64())?;
    Some(ItemRef { item: item as u32, input: json.get("input").as_f64().unwrap_or(0.0) as u32 })
}
