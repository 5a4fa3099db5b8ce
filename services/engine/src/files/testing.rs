//! One node, executed over files in memory.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use jiff::tz::TimeZone;
use uuid::Uuid;
use weft_event_log::MemoryFiles;
use weft_model::{Edge, Endpoint, Graph, Node, NodeId};
use weft_value::{BinaryRef, Item, Value, from_json};

use super::{BASE64, StepFiles, with_file};
use crate::kinds::Kinds;
use crate::{RunOnce, Services, run_once};

/// What a node gave, and its files.
pub(crate) struct Given {
    pub(crate) items: Vec<Item>,
    files: StepFiles,
}

impl Given {
    /// The bytes of a file of the item at that place.
    pub(crate) async fn bytes(&self, item: usize, property: &str) -> Vec<u8> {
        self.files.read(self.file(item, property), usize::MAX).await.unwrap()
    }

    pub(crate) fn file(&self, item: usize, property: &str) -> &BinaryRef {
        &self.items[item].binary.as_ref().unwrap()[property]
    }

    /// The data of all items as JSON.
    pub(crate) fn json(&self) -> String {
        weft_nodes::testing::json_of(&self.items)
    }
}

/// An item with a file that holds these bytes.
pub(crate) fn item_with(name: &str, mime_type: &str, bytes: &[u8]) -> Item {
    let file = BinaryRef {
        mime_type: mime_type.to_owned(),
        file_name: Some(name.to_owned()),
        size: bytes.len() as u64,
        data: Some(BASE64.encode(bytes)),
        ..BinaryRef::default()
    };
    with_file(Item::new(from_json(r#"{"id":1}"#).unwrap()), "data", file)
}

/// Executes one node with these parameters over items; the error is the sentence that it failed with.
pub(crate) async fn execute(kind: &str, parameters: &str, items: Vec<Item>) -> Result<Given, String> {
    execute_with(kind, parameters, items, Services::default()).await
}

/// The same with these services, beside files in memory.
pub(crate) async fn execute_with(
    kind: &str,
    parameters: &str,
    items: Vec<Item>,
    services: Services,
) -> Result<Given, String> {
    let [start, node] = [1, 2].map(|number| NodeId(Uuid::from_u128(number)));
    let mut graph = Graph::default();
    graph.nodes.insert(start, Node::new(start, "Start", "manualTrigger"));
    let parameters = from_json(parameters).unwrap();
    graph.nodes.insert(node, Node { parameters, ..Node::new(node, "Node", kind) });
    graph.edges.insert(Edge { from: Endpoint { node: start, port: 0 }, to: Endpoint { node, port: 0 } });
    let report = run_once(RunOnce {
        name: "Test".into(),
        graph,
        trigger: Some(start),
        items,
        time_zone: TimeZone::UTC,
        variables: Value::empty_object(),
        services: Services { files: Some(Arc::new(MemoryFiles::default())), ..services },
        kinds: Kinds::default(),
        longest_wait: Duration::ZERO,
    })
    .await
    .unwrap();
    let run = report.nodes.iter().find(|node| node.name == "Node").map(|node| &node.runs[0]);
    if let Some(error) = report.error {
        return Err(error.message);
    }
    let items = run.and_then(|run| run.outputs.first()).map(|items| items.to_vec()).unwrap_or_default();
    Ok(Given { items, files: report.files })
}
