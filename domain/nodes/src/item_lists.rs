//! n8n's Item Lists: one node type, each of whose operations is a kind of its own here.

use weft_value::{Object, Value};

use crate::{Imported, N8nNode, Unsupported};

/// Its type.
pub(crate) const ITEM_LISTS: &str = "n8n-nodes-base.itemLists";

/// An n8n node on its way to become a kind: of the type that n8n made of that kind later, or an operation of Item Lists.
pub(crate) struct ListNode {
    /// The version of Item Lists, where it is one.
    item_lists: Option<f64>,
    /// Its parameters, to be turned into ours.
    pub parameters: Object,
}

impl ListNode {
    /// The node, unless it is an Item Lists with an operation that is none of `operations`.
    pub fn new(node: &N8nNode<'_>, operations: &[&str]) -> Result<Self, Unsupported> {
        let mut parameters = node.parameters.as_object().cloned().unwrap_or_default();
        let is_item_lists = node.node_type == ITEM_LISTS;
        if is_item_lists {
            let operation = parameters.remove("operation").unwrap_or_default();
            if !operations.contains(&operation.as_str().unwrap_or("splitOutItems")) {
                return Err(Unsupported::elsewhere());
            }
            parameters.remove("resource");
        }
        Ok(Self { item_lists: is_item_lists.then_some(node.version), parameters })
    }

    /// Whether it is an Item Lists of a version below `version`.
    pub fn is_before(&self, version: f64) -> bool {
        self.item_lists.is_some_and(|own| own < version)
    }

    /// Makes `{fields: [{fieldName}]}`, as older versions wrote the names of fields, a list of names.
    pub fn flatten_names(&mut self, parameter: &str) {
        let Some(list) = self.parameters.get_mut(parameter) else { return };
        let Some(fields) = list.get("fields").as_array() else { return };
        let names: Vec<Value> = fields.iter().map(|field| field.get("fieldName").clone()).collect();
        *list = names.into();
    }

    /// Sets an option.
    pub fn set_option(&mut self, name: &str, value: impl Into<Value>) {
        let mut options = self.parameters.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        options.insert(name, value);
        self.parameters.insert("options", options);
    }

    /// Takes an option away.
    pub fn remove_option(&mut self, name: &str) -> Value {
        let mut options = self.parameters.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        let Some(removed) = options.remove(name) else { return Value::Undefined };
        self.parameters.insert("options", options);
        removed
    }

    /// The parameters of our kind.
    pub fn imported(self) -> Imported {
        Value::from(self.parameters).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalogue, all};
    use weft_value::from_json;

    #[test]
    fn every_operation_becomes_the_kind_that_does_it() {
        let catalogue = Catalogue::new(all().into_iter().map(|kind| kind as &'static dyn crate::NodeKind));
        for (version, parameters, kind) in [
            (1.0, "{}", Some("splitOut")),
            (3.1, r#"{"operation":"splitOutItems"}"#, Some("splitOut")),
            (2.2, r#"{"operation":"aggregateItems"}"#, Some("aggregate")),
            (3.0, r#"{"operation":"concatenateItems"}"#, Some("aggregate")),
            (3.0, r#"{"operation":"limit"}"#, Some("limit")),
            (1.0, r#"{"operation":"removeDuplicates"}"#, Some("removeDuplicates")),
            (2.0, r#"{"operation":"sort"}"#, Some("sort")),
            (3.1, r#"{"operation":"summarize"}"#, Some("summarize")),
            (3.1, r#"{"operation":"juggle"}"#, None),
        ] {
            let parameters = from_json(parameters).unwrap();
            let node = N8nNode { node_type: ITEM_LISTS, version, parameters: &parameters };
            let taken = catalogue.import_n8n(&node).and_then(Result::ok).map(|(kind, _)| kind.descriptor().kind);
            assert_eq!(taken, kind, "{version} {parameters:?}");
        }
    }
}
