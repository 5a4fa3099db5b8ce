//! Edits of a draft, as clients write them.

use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};
use weft_model::{Edge, Endpoint, NodeId, Point, StreamVersion};

use crate::errors::UserError;
use crate::graph::OnError;
use crate::id::{uuid, workflow_id};
use crate::ports::{self, NodeSettings};
use crate::scalars::Json;

#[derive(InputObject)]
pub(crate) struct EditWorkflowInput {
    workflow_id: ID,
    /// The draft version the edits were made on.
    seen: i32,
    /// Groups edits into one step of undo; a UUID.
    group_id: ID,
    edits: Vec<WorkflowEdit>,
}

#[derive(InputObject)]
pub(crate) struct UndoEditInput {
    pub workflow_id: ID,
}

/// One edit.
#[derive(OneofObject)]
enum WorkflowEdit {
    AddNode(AddNodeEdit),
    RemoveNode(RemoveNodeEdit),
    MoveNode(MoveNodeEdit),
    RenameNode(RenameNodeEdit),
    SetParameter(SetParameterEdit),
    SetNodeSettings(SetNodeSettingsEdit),
    AddEdge(EdgeEdit),
    RemoveEdge(EdgeEdit),
    RenameWorkflow(RenameWorkflowEdit),
    SetSettings(SetSettingsEdit),
    SetPinnedData(SetPinnedDataEdit),
}

/// `nodeId` is a UUID that the client makes.
#[derive(InputObject)]
struct AddNodeEdit {
    node_id: ID,
    name: String,
    kind: String,
    kind_version: Option<i32>,
    position: PointInput,
    parameters: Option<Json>,
}

#[derive(InputObject)]
struct RemoveNodeEdit {
    node_id: ID,
}

#[derive(InputObject)]
struct MoveNodeEdit {
    node_id: ID,
    position: PointInput,
}

#[derive(InputObject)]
struct RenameNodeEdit {
    node_id: ID,
    name: String,
}

/// Sets one top-level parameter; `null` as `value` removes it.
#[derive(InputObject)]
struct SetParameterEdit {
    node_id: ID,
    name: String,
    value: Option<Json>,
}

/// Changes what is given; `null` as `notes`, `retry` or `timeoutSeconds` removes them.
#[derive(InputObject)]
struct SetNodeSettingsEdit {
    node_id: ID,
    disabled: Option<bool>,
    notes: MaybeUndefined<String>,
    on_error: Option<OnError>,
    retry: MaybeUndefined<RetryInput>,
    always_output_data: Option<bool>,
    execute_once: Option<bool>,
    /// The longest one attempt may be at work, in seconds, from 1.
    timeout_seconds: MaybeUndefined<i32>,
}

#[derive(InputObject)]
struct RetryInput {
    max_attempts: i32,
    wait_ms: i32,
}

#[derive(InputObject)]
struct EdgeEdit {
    from: EndpointInput,
    to: EndpointInput,
}

#[derive(InputObject)]
struct EndpointInput {
    node_id: ID,
    #[graphql(default = 0)]
    port: i32,
}

#[derive(InputObject)]
struct RenameWorkflowEdit {
    name: String,
}

#[derive(InputObject)]
struct SetSettingsEdit {
    settings: Json,
}

#[derive(InputObject)]
struct SetPinnedDataEdit {
    node_id: ID,
    items: Option<Json>,
}

#[derive(InputObject)]
struct PointInput {
    x: i32,
    y: i32,
}

impl EditWorkflowInput {
    /// The edits for the port; `None` when the workflow's id is none.
    pub(crate) fn read(self) -> Result<Option<ports::EditWorkflow>, UserError> {
        let Some(workflow) = workflow_id(&self.workflow_id) else { return Ok(None) };
        let seen = number(self.seen, &["input", "seen"])?;
        let group = uuid(&self.group_id).ok_or_else(|| {
            UserError::bad_input(&["input", "groupId"], "A group's id is a UUID that the client makes.")
        })?;
        let edits = self.edits.into_iter().map(WorkflowEdit::read).collect::<Result<_, _>>()?;
        Ok(Some(ports::EditWorkflow { workflow, seen: StreamVersion(seen), group: group.into(), edits }))
    }
}

impl WorkflowEdit {
    fn read(self) -> Result<ports::WorkflowEdit, UserError> {
        use ports::WorkflowEdit as Edit;
        Ok(match self {
            Self::AddNode(edit) => edit.read()?,
            Self::RemoveNode(edit) => Edit::RemoveNode(node(&edit.node_id)?),
            Self::MoveNode(edit) => Edit::MoveNode(node(&edit.node_id)?, edit.position.read()),
            Self::RenameNode(edit) => Edit::RenameNode(node(&edit.node_id)?, edit.name),
            Self::SetParameter(edit) => {
                let value = edit.value.map(|Json(value)| value).filter(|value| !value.is_null());
                Edit::SetParameter { node: node(&edit.node_id)?, name: edit.name, value }
            }
            Self::SetNodeSettings(edit) => edit.read()?,
            Self::AddEdge(edit) => Edit::AddEdge(edit.read()?),
            Self::RemoveEdge(edit) => Edit::RemoveEdge(edit.read()?),
            Self::RenameWorkflow(edit) => Edit::RenameWorkflow(edit.name),
            Self::SetSettings(edit) => {
                let settings = serde_json::from_value(edit.settings.0);
                Edit::SetSettings(
                    settings.map_err(|error| bad_edit(&format!("These settings cannot be read: {error}.")))?,
                )
            }
            Self::SetPinnedData(edit) => {
                let items = edit.items.map(|Json(items)| items).filter(|items| !items.is_null());
                Edit::SetPinnedData { node: node(&edit.node_id)?, items }
            }
        })
    }
}

impl AddNodeEdit {
    fn read(self) -> Result<ports::WorkflowEdit, UserError> {
        let kind_version = self.kind_version.map(|version| number(version, &["input", "edits"])).transpose()?;
        Ok(ports::WorkflowEdit::AddNode {
            node: node(&self.node_id)?,
            name: self.name,
            kind: self.kind,
            kind_version,
            position: self.position.read(),
            parameters: self.parameters.map_or_else(|| serde_json::json!({}), |Json(parameters)| parameters),
        })
    }
}

impl SetNodeSettingsEdit {
    fn read(self) -> Result<ports::WorkflowEdit, UserError> {
        let retry = match self.retry {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(retry) => Some(Some(retry.read()?)),
        };
        let notes = match self.notes {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(notes) => Some(Some(notes)),
        };
        let timeout_seconds = match self.timeout_seconds {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(seconds) => Some(Some(number(seconds, &["input", "edits"])?.into())),
        };
        let settings = NodeSettings {
            disabled: self.disabled,
            notes,
            on_error: self.on_error.map(Into::into),
            retry,
            always_output_data: self.always_output_data,
            execute_once: self.execute_once,
            timeout_seconds,
        };
        Ok(ports::WorkflowEdit::SetNodeSettings { node: node(&self.node_id)?, settings })
    }
}

impl RetryInput {
    fn read(&self) -> Result<weft_model::Retry, UserError> {
        let path = ["input", "edits"];
        Ok(weft_model::Retry {
            max_attempts: number(self.max_attempts, &path)?,
            wait_ms: u64::from(number(self.wait_ms, &path)?),
        })
    }
}

impl EdgeEdit {
    fn read(&self) -> Result<Edge, UserError> {
        Ok(Edge { from: self.from.read()?, to: self.to.read()? })
    }
}

impl EndpointInput {
    fn read(&self) -> Result<Endpoint, UserError> {
        let port = u16::try_from(self.port).map_err(|_| bad_edit("A port is a number from 0."))?;
        Ok(Endpoint { node: node(&self.node_id)?, port })
    }
}

impl PointInput {
    fn read(&self) -> Point {
        Point { x: self.x, y: self.y }
    }
}

fn node(id: &ID) -> Result<NodeId, UserError> {
    uuid(id).map(NodeId).ok_or_else(|| bad_edit("A node's id is a UUID that the client makes."))
}

fn number(number: i32, path: &[&str]) -> Result<u32, UserError> {
    u32::try_from(number).map_err(|_| UserError::bad_input(path, "This number must not be negative."))
}

fn bad_edit(message: &str) -> UserError {
    UserError::bad_input(&["input", "edits"], message)
}
