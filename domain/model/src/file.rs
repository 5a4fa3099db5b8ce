//! Weft's own file for workflows: JSON that people can read, write and compare. `infra/docs/workflow-file.md` describes it.

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use weft_value::{Item, Value, mend_lone_halves};

use crate::workflow::{Definition, GraphFault};
use crate::{Edge, Endpoint, Graph, Node, NodeId, OnError, Point, Retry, Settings};

/// A workflow as a file says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowFile {
    /// The version of the format.
    weft: u32,
    name: String,
    nodes: Vec<FileNode>,
    #[serde(default)]
    edges: Vec<FileEdge>,
    #[serde(default)]
    settings: Settings,
    /// Items that stand in for a node's output, by its name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pinned: IndexMap<String, Vec<Item>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileNode {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<NodeId>,
    name: String,
    kind: String,
    #[serde(default = "first", skip_serializing_if = "is_first")]
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position: Option<[i32; 2]>,
    #[serde(default = "Value::empty_object")]
    parameters: Value,
    #[serde(default, skip_serializing_if = "is_default")]
    disabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    on_error: OnError,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry: Option<Retry>,
    #[serde(default, skip_serializing_if = "is_default")]
    always_output_data: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    execute_once: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileEdge {
    from: String,
    #[serde(default, skip_serializing_if = "is_default")]
    output: u16,
    to: String,
    #[serde(default, skip_serializing_if = "is_default")]
    input: u16,
}

/// The settings of a workflow are also what its log says, which a newer program may have written: there, unknown ones are no
/// fault. In a file they are typing errors.
fn unknown_setting(settings: &Value) -> Result<(), FileFault> {
    let names = settings.as_object().into_iter().flat_map(|settings| settings.iter().map(|(name, _)| name.as_str()));
    match names.into_iter().find(|name| !Settings::NAMES.contains(name)) {
        Some(name) => Err(FileFault::Shape {
            path: format!("settings.{name}"),
            reason: format!("unknown field `{name}`, expected one of `{}`", Settings::NAMES.join("`, `")),
        }),
        None => Ok(()),
    }
}

fn first() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_first(version: &u32) -> bool {
    *version == 1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Why a text is not a workflow file.
#[derive(Debug, Error)]
pub enum FileFault {
    /// Not JSON at all.
    #[error("This is not a JSON file: {0}.")]
    NotJson(String),
    /// JSON of something else.
    #[error("This is not a workflow file: it does not begin with {{\"weft\": 1, …}}.")]
    NotAWorkflow,
    /// Of a newer Weft.
    #[error(
        "This workflow file has version {version} and this program reads up to {}. Update it.",
        WorkflowFile::VERSION
    )]
    TooNew {
        /// The file's version.
        version: u64,
    },
    /// Something is missing, unknown or of the wrong kind.
    #[error("This workflow file is wrong at “{path}”: {reason}.")]
    Shape {
        /// Where.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A name that no node has.
    #[error("{what} refers to a node “{name}”, which is not in the file.")]
    UnknownNode {
        /// `edge 3` or `pinned`.
        what: String,
        /// The name.
        name: String,
    },
    /// A rule of workflows is broken.
    #[error(transparent)]
    Graph(#[from] GraphFault),
}

impl WorkflowFile {
    /// The newest version of the format.
    pub const VERSION: u32 = 1;

    /// Reads a file.
    pub fn parse(text: &str) -> Result<Self, FileFault> {
        let mut bytes = text.as_bytes().to_vec();
        mend_lone_halves(&mut bytes);
        let json: Value = serde_json::from_slice(&bytes).map_err(|error| FileFault::NotJson(error.to_string()))?;
        match json.get("weft").as_f64() {
            Some(version) if version == f64::from(Self::VERSION) => {}
            Some(version) if version > f64::from(Self::VERSION) => {
                return Err(FileFault::TooNew { version: version as u64 });
            }
            _ => return Err(FileFault::NotAWorkflow),
        }
        unknown_setting(json.get("settings"))?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| FileFault::Shape {
            path: error.path().to_string(),
            reason: error.into_inner().to_string(),
        })
    }

    /// The file as text, ready to be kept under version control: indented, everything that has its default left out.
    pub fn to_text(&self) -> String {
        // Every key is a string, and writing to memory cannot fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The workflow that the file says. A node without an id gets the next one of `fresh`; one without a position lies to the
    /// right of the one before it.
    pub fn into_definition(self, mut fresh: impl FnMut() -> NodeId) -> Result<Definition, FileFault> {
        let mut nodes = IndexMap::with_capacity(self.nodes.len());
        let mut ids = IndexMap::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.into_iter().enumerate() {
            let node = node.into_node(index, &mut fresh);
            ids.entry(node.name.clone()).or_insert(node.id);
            if let Some(twin) = nodes.insert(node.id, node) {
                return Err(GraphFault::NodeExists { node: twin.id }.into());
            }
        }
        let find = |what: &dyn Fn() -> String, name: &str| {
            ids.get(name).copied().ok_or_else(|| FileFault::UnknownNode { what: what(), name: name.to_owned() })
        };
        let mut edges = IndexSet::with_capacity(self.edges.len());
        for (index, edge) in self.edges.iter().enumerate() {
            let what = || format!("Edge {index}");
            let from = Endpoint { node: find(&what, &edge.from)?, port: edge.output };
            edges.insert(Edge { from, to: Endpoint { node: find(&what, &edge.to)?, port: edge.input } });
        }
        let mut pinned = IndexMap::with_capacity(self.pinned.len());
        for (name, items) in self.pinned {
            pinned.insert(find(&|| "The list of pinned items".into(), &name)?, items);
        }
        let graph = Graph { nodes, edges, settings: self.settings, pinned };
        let definition = Definition { name: self.name, graph };
        definition.check()?;
        Ok(definition)
    }
}

impl FileNode {
    fn into_node(self, index: usize, fresh: &mut dyn FnMut() -> NodeId) -> Node {
        let [x, y] = self.position.unwrap_or([240 * index as i32, 0]);
        Node {
            id: self.id.unwrap_or_else(fresh),
            name: self.name,
            kind: self.kind,
            kind_version: self.version,
            position: Point { x, y },
            parameters: self.parameters,
            disabled: self.disabled,
            notes: self.notes,
            on_error: self.on_error,
            retry: self.retry,
            always_output_data: self.always_output_data,
            execute_once: self.execute_once,
            timeout_seconds: self.timeout_seconds,
        }
    }
}

impl From<&Definition> for WorkflowFile {
    /// Edges and pinned items of nodes that are not there are left out; no rule lets them come about.
    fn from(definition: &Definition) -> Self {
        let graph = &definition.graph;
        let name = |id: NodeId| graph.nodes.get(&id).map(|node| node.name.clone());
        let edge = |edge: &Edge| {
            let (from, to) = (name(edge.from.node)?, name(edge.to.node)?);
            Some(FileEdge { from, output: edge.from.port, to, input: edge.to.port })
        };
        Self {
            weft: Self::VERSION,
            name: definition.name.clone(),
            nodes: graph.nodes.values().map(FileNode::from).collect(),
            edges: graph.edges.iter().filter_map(edge).collect(),
            settings: graph.settings.clone(),
            pinned: graph.pinned.iter().filter_map(|(id, items)| Some((name(*id)?, items.clone()))).collect(),
        }
    }
}

impl From<&Node> for FileNode {
    fn from(node: &Node) -> Self {
        Self {
            id: Some(node.id),
            name: node.name.clone(),
            kind: node.kind.clone(),
            version: node.kind_version,
            position: Some([node.position.x, node.position.y]),
            parameters: node.parameters.clone(),
            disabled: node.disabled,
            notes: node.notes.clone(),
            on_error: node.on_error,
            retry: node.retry,
            always_output_data: node.always_output_data,
            execute_once: node.execute_once,
            timeout_seconds: node.timeout_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::id;
    use crate::{AtOnce, Callers, ErrorWorkflow, ExecutionOrder, Priority};

    const FILE: &str = r#"{
        "weft": 1,
        "name": "Greet",
        "nodes": [
            { "name": "Webhook", "kind": "webhook", "parameters": { "path": "greet" } },
            { "name": "Set", "kind": "set", "version": 2, "position": [300, 40], "onError": "errorOutput" }
        ],
        "edges": [{ "from": "Webhook", "to": "Set" }, { "from": "Set", "output": 1, "to": "Webhook" }],
        "settings": { "timezone": "Europe/Paris" },
        "pinned": { "Webhook": [{ "json": { "name": "ada" } }] }
    }"#;

    fn read(text: &str) -> Result<Definition, FileFault> {
        let mut ids = (1..).map(id);
        WorkflowFile::parse(text)?.into_definition(|| ids.next().unwrap())
    }

    fn error(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_hand_written_file_needs_neither_ids_nor_positions() {
        let definition = read(FILE).unwrap();
        let graph = &definition.graph;
        let set = graph.node_named("Set").unwrap();
        assert_eq!((set.kind_version, set.on_error), (2, OnError::ErrorOutput));
        assert_eq!(graph.node_named("Webhook").unwrap().position, Point { x: 0, y: 0 });
        assert_eq!(graph.edges.len(), 2);
        assert_eq!(graph.pinned[&id(1)].len(), 1);
        assert_eq!(graph.settings.timezone.as_deref(), Some("Europe/Paris"));
    }

    #[test]
    fn a_written_file_is_read_back_the_same() {
        let definition = read(FILE).unwrap();
        let text = WorkflowFile::from(&definition).to_text();
        assert_eq!(read(&text).unwrap(), definition);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn every_setting_is_known() {
        let settings = Settings {
            timezone: Some("UTC".into()),
            execution_order: ExecutionOrder::V0,
            max_steps: Some(1),
            timeout_seconds: Some(1),
            max_wait_seconds: Some(1),
            retention_days: Some(1),
            priority: Priority::High,
            at_once: AtOnce { most: Some(1), key: None, most_per_key: None },
            once_key: Some("=1".into()),
            callers: Callers::Nobody,
            error_workflow: ErrorWorkflow::Nothing,
        };
        let Value::Object(written) = weft_value::from_json(&serde_json::to_string(&settings).unwrap()).unwrap() else {
            panic!("settings are an object")
        };
        assert_eq!(written.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), Settings::NAMES);
    }

    #[test]
    fn half_of_a_sign_is_replaced() {
        let definition = read(&FILE.replace("\"ada\"", r#""\ud83d""#)).unwrap();
        assert_eq!(definition.graph.pinned[&id(1)][0].json.get("name").as_str(), Some("\u{fffd}"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert!(error("{").starts_with("This is not a JSON file"));
        assert!(error(r#"{"nodes":[]}"#).contains("not a workflow file"));
        assert!(error(r#"{"weft":2}"#).contains("version 2"));
        let typo = FILE.replace("\"onError\"", "\"onEror\"");
        assert!(error(&typo).contains("nodes[1]"), "{}", error(&typo));
        let setting = error(&FILE.replace("timezone", "timezoen"));
        assert!(setting.contains("“settings.timezoen”") && setting.contains("`timezone`"), "{setting}");
        let unknown = FILE.replace("\"to\": \"Set\"", "\"to\": \"Sett\"");
        assert_eq!(error(&unknown), "Edge 0 refers to a node “Sett”, which is not in the file.");
        let twin = FILE
            .replace("\"name\": \"Set\"", "\"name\": \"Webhook\"")
            .replace("\"from\": \"Set\"", "\"from\": \"Webhook\"");
        assert!(error(&twin.replace("\"to\": \"Set\"", "\"to\": \"Webhook\"")).contains("called “Webhook”"));
    }
}
