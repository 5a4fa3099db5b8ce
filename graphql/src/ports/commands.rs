//! Commands, and what they are given.

use async_trait::async_trait;
use serde_json::Value;
use weft_model::member::Role;
use weft_model::workflow::Definition;
use weft_model::{
    CredentialId, Edge, GroupId, MemberId, NodeId, OnError, Point, Retry, Settings, StreamVersion, VariableId,
    WorkflowId,
};
use weft_tenants::RequestContext;

use super::{CredentialUpdate, NewCredential, Outcome, Refusal, TestCredential, TestedCredential};

/// Commands on definitions, variables, credentials, members and the tenant.
#[async_trait]
pub trait Commands: Send + Sync + 'static {
    /// Creates a workflow, empty or from a file in Weft's own format.
    async fn create_workflow(&self, context: &RequestContext, name: String, file: Option<Value>)
    -> Outcome<WorkflowId>;
    /// Creates a workflow of each one in a file of any format that is known. Either all of the file can be read, or nothing is
    /// created.
    async fn import_workflow(&self, context: &RequestContext, import: ImportWorkflow) -> Outcome<ImportedFile>;
    /// Makes a group of edits. The draft's version after them is the value.
    async fn edit_workflow(&self, context: &RequestContext, edits: EditWorkflow) -> Outcome<StreamVersion>;
    /// Takes back the person's newest group of edits.
    async fn undo_edit(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<StreamVersion>;
    /// Makes again what the person took back last.
    async fn redo_edit(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<StreamVersion>;
    /// Checks the draft of that version, publishes it and activates its triggers. The number of the version is the value.
    async fn publish_workflow(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        draft: StreamVersion,
    ) -> Outcome<u32>;
    /// Pauses its triggers.
    async fn deactivate_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()>;
    /// Lets its triggers start it again.
    async fn activate_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()>;
    /// Puts it away.
    async fn archive_workflow(&self, context: &RequestContext, workflow: WorkflowId) -> Outcome<()>;
    /// Sets the variable of this name, making it where it is missing.
    async fn set_variable(&self, context: &RequestContext, name: String, value: String) -> Outcome<VariableId>;
    /// Sets the variables that a `.env` file sets, or none when a line of it is wrong.
    async fn import_variables(&self, context: &RequestContext, file: String) -> Outcome<ImportedVariables>;
    /// Deletes a variable.
    async fn delete_variable(&self, context: &RequestContext, variable: VariableId) -> Outcome<()>;
    /// Makes a credential.
    async fn create_credential(&self, context: &RequestContext, new: NewCredential) -> Outcome<CredentialId>;
    /// Renames a credential, changes its fields, or both.
    async fn update_credential(&self, context: &RequestContext, update: CredentialUpdate) -> Outcome<CredentialId>;
    /// Tries whether the other side takes a credential.
    async fn test_credential(&self, context: &RequestContext, test: TestCredential) -> Outcome<TestedCredential>;
    /// Deletes a credential and destroys its secret, unless a workflow that is published and not paused uses it.
    async fn delete_credential(&self, context: &RequestContext, credential: CredentialId) -> Outcome<()>;
    /// Makes a person a member, with a first password where the person has no identity yet.
    async fn add_member(&self, context: &RequestContext, member: AddMember) -> Outcome<MemberId>;
    /// Gives a member another role.
    async fn change_member_role(&self, context: &RequestContext, member: MemberId, role: Role) -> Outcome<()>;
    /// Ends a membership.
    async fn remove_member(&self, context: &RequestContext, member: MemberId) -> Outcome<()>;
    /// Changes how the tenant's pages look.
    async fn change_branding(&self, context: &RequestContext, branding: weft_model::tenant::Branding) -> Outcome<()>;
    /// Says which workflow is executed when an execution of one fails that names none itself.
    async fn choose_error_workflow(&self, context: &RequestContext, workflow: Option<WorkflowId>) -> Outcome<()>;

    /// Lets so many executions of the tenant progress at once, or as many as the installation permits.
    async fn limit_executions(&self, context: &RequestContext, at_once: Option<u32>) -> Outcome<()>;
}

/// A file to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportWorkflow {
    /// The text of the file.
    pub text: String,
    /// What to call the workflow, where the file holds one alone.
    pub name: Option<String>,
}

/// What a file gave.
#[derive(Debug)]
pub struct ImportedFile {
    /// The workflows that were made.
    pub workflows: Vec<Imported>,
    /// Why none was made of the rest of the file.
    pub stopped: Option<Refusal>,
}

/// A workflow that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The new workflow.
    pub workflow: WorkflowId,
    /// What became of the parts of the file.
    pub report: Vec<ImportEntry>,
}

/// What became of one part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportEntry {
    /// The node, by the name that it has now; nothing where it is about the workflow.
    pub node: Option<String>,
    /// What was done with it.
    pub outcome: ImportOutcome,
    /// A sentence.
    pub message: String,
}

/// What was done with a part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It has a counterpart that does the same.
    Mapped,
    /// It has none, and ours does what it does by default.
    Defaulted,
    /// Something else stands in its place.
    Replaced,
    /// It is not in the imported workflow.
    LeftOut,
}

/// A file read into one of our definitions, which nobody keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// What the file describes.
    pub definition: Definition,
    /// What became of the parts of the file.
    pub report: Vec<ImportEntry>,
}

/// A group of edits.
#[derive(Clone, Debug, PartialEq)]
pub struct EditWorkflow {
    /// Of which workflow.
    pub workflow: WorkflowId,
    /// The draft's version that they were made on.
    pub seen: StreamVersion,
    /// What undoes together.
    pub group: GroupId,
    /// The edits, in order.
    pub edits: Vec<WorkflowEdit>,
}

/// One edit as a client asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkflowEdit {
    /// Adds a node.
    AddNode {
        /// Its id, made by the client.
        node: NodeId,
        /// Its name.
        name: String,
        /// Its kind.
        kind: String,
        /// The kind's version; the newest when missing.
        kind_version: Option<u32>,
        /// Where it lies.
        position: Point,
        /// Its parameters, an object.
        parameters: Value,
    },
    /// Removes a node, its edges and its pinned items.
    RemoveNode(NodeId),
    /// Moves a node.
    MoveNode(NodeId, Point),
    /// Renames a node and rewrites the references to it.
    RenameNode(NodeId, String),
    /// Sets one top-level parameter, or removes it.
    SetParameter {
        /// Of which node.
        node: NodeId,
        /// Which parameter.
        name: String,
        /// Its value; `None` removes it.
        value: Option<Value>,
    },
    /// Changes settings of a node; what is `None` stays.
    SetNodeSettings {
        /// Of which node.
        node: NodeId,
        /// The settings that change.
        settings: NodeSettings,
    },
    /// Adds an edge.
    AddEdge(Edge),
    /// Removes an edge.
    RemoveEdge(Edge),
    /// Renames the workflow.
    RenameWorkflow(String),
    /// Changes how executions behave.
    SetSettings(Settings),
    /// Pins items (a JSON list) to a node's output, or unpins them.
    SetPinnedData {
        /// Of which node.
        node: NodeId,
        /// The items; `None` unpins.
        items: Option<Value>,
    },
}

/// The settings of a node that change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeSettings {
    /// Whether it only passes its first input on.
    pub disabled: Option<bool>,
    /// A remark; `Some(None)` removes it.
    pub notes: Option<Option<String>>,
    /// What happens when it fails.
    pub on_error: Option<OnError>,
    /// Whether failed attempts are repeated; `Some(None)` ends it.
    pub retry: Option<Option<Retry>>,
    /// Whether it emits one empty item where it would emit none.
    pub always_output_data: Option<bool>,
    /// Whether it looks at the first item only.
    pub execute_once: Option<bool>,
    /// The longest one attempt may be at work, in seconds; `Some(None)` ends the limit.
    pub timeout_seconds: Option<Option<u64>>,
}

/// What became of the variables of a file.
#[derive(Clone, Debug, Default)]
pub struct ImportedVariables {
    /// Those that are new or have another value now.
    pub set: Vec<VariableId>,
    /// Those that had their value already.
    pub unchanged: Vec<VariableId>,
}

/// A person who shall belong to the tenant.
#[derive(Clone)]
pub struct AddMember {
    /// The address that the person signs in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The first password.
    pub password: String,
}
