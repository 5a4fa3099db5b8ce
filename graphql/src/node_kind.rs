//! The catalogue: node kinds as the editor shows them.
//!
//! Descriptors arrive as JSON (see [`crate::ports::Catalogue::kinds`]), so that this crate need not know the kinds; a kind
//! that does not fit the contract is a fault that names it.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use serde::Deserialize;
use serde_json::Value;
use weft_tenants::Action;

use crate::fault::mask;
use crate::guard::Can;
use crate::ports::Fault;
use crate::scalars::Json;
use crate::session::{session, state};

/// Where the palette lists a kind.
#[derive(Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum NodeGroup {
    /// Starts executions.
    Trigger,
    /// Changes items.
    Transform,
    /// Decides where items go.
    Flow,
    /// Touches the outside world.
    Act,
    /// Executes code of the tenant.
    Code,
}

/// A node kind as the editor shows it.
#[derive(SimpleObject, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NodeKind {
    kind: String,
    version: i32,
    label: String,
    description: String,
    group: NodeGroup,
    icon: String,
    color: Option<String>,
    /// The line below a node's name: names of parameters stand in braces, `{method} {path}`.
    subtitle: Option<String>,
    #[serde(default)]
    is_trigger: bool,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    /// Parameter descriptors in the order of the form; see the catalogue's documentation for their shape.
    parameters: Vec<ParameterDescriptor>,
    documentation: String,
}

/// An input or an output.
#[derive(SimpleObject, Deserialize)]
struct Port {
    name: String,
    label: Option<String>,
}

/// What a parameter's field looks like.
#[derive(Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ParameterType {
    String,
    Number,
    Boolean,
    Options,
    MultiOptions,
    Json,
    Code,
    Collection,
    FixedCollection,
    Assignments,
    Conditions,
    DateTime,
    Credential,
    Workflow,
    Notice,
}

/// A parameter as the form shows it.
#[derive(SimpleObject, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ParameterDescriptor {
    name: String,
    label: String,
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    kind: ParameterType,
    description: Option<String>,
    #[serde(default, deserialize_with = "json")]
    default: Option<Json>,
    required: bool,
    accepts_expression: bool,
    placeholder: Option<String>,
    #[serde(default)]
    options: Vec<ParameterOption>,
    #[serde(default)]
    multiple: bool,
    /// The types of credentials that can be chosen; their kinds.
    #[serde(default)]
    credential_types: Vec<String>,
    language: Option<String>,
    /// Shown only when every named sibling parameter has one of the listed values.
    #[serde(default)]
    show_when: Vec<ShowWhen>,
    #[serde(default)]
    fields: Vec<ParameterDescriptor>,
    min: Option<f64>,
    max: Option<f64>,
    rows: Option<i32>,
}

/// One thing that can be chosen.
#[derive(SimpleObject, Deserialize)]
struct ParameterOption {
    #[serde(deserialize_with = "required_json")]
    value: Json,
    label: String,
    description: Option<String>,
}

/// A condition on a sibling parameter.
#[derive(SimpleObject, Deserialize)]
struct ShowWhen {
    parameter: String,
    #[serde(deserialize_with = "required_json")]
    values: Json,
}

fn json<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Option::<Value>::deserialize(deserializer).map(|value| value.map(Json))
}

fn required_json<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
    Value::deserialize(deserializer).map(Json)
}

#[derive(Default)]
pub(crate) struct NodeKindQueries;

#[Object]
impl NodeKindQueries {
    /// The catalogue: every node kind that a workflow may contain.
    #[graphql(
        guard = "Can::new(Action::ReadCatalogue)",
        complexity = "crate::limits::list(crate::limits::NODE_KINDS, child_complexity)"
    )]
    async fn node_kinds<'a>(&self, context: &Context<'a>) -> Result<&'a [NodeKind]> {
        let state = state(context)?;
        let kinds = state.ports.catalogue.kinds();
        let read = state.kinds.get(&session(context)?.language.0, &kinds, read);
        read.map_err(|error| mask(context, &Fault::Internal(error.into())))
    }
}

fn read(kind: Value) -> Result<NodeKind, serde_json::Error> {
    let mut kind: NodeKind = serde_json::from_value(kind)?;
    kind.is_trigger |= kind.group == NodeGroup::Trigger;
    Ok(kind)
}
