//! What the public contract needs of the rest of the house. `services/api` implements these traits over the log, the engine
//! and the catalogue; tests implement them in memory. Nothing in here knows GraphQL.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::broadcast;
use weft_model::credential::TestOutcome;
use weft_model::execution::Partial;
use weft_model::workflow::Definition;
use weft_model::{
    Actor, CredentialId, Edge, Event, ExecutionId, GroupId, IdentityId, MemberId, NodeId, OnError, PayloadId, Point,
    Position, Retry, Settings, StreamId, StreamVersion, TenantId, VariableId, WorkflowId, member::Role,
};
use weft_tenants::RequestContext;
use zeroize::Zeroizing;

/// Everything that [`crate::schema`] is given.
#[derive(Clone)]
pub struct Ports {
    /// Decisions.
    pub commands: Arc<dyn Commands>,
    /// Work.
    pub executions: Arc<dyn Executions>,
    /// Node kinds, and what is checked with them.
    pub catalogue: Arc<dyn Catalogue>,
    /// Names and addresses of people.
    pub people: Arc<dyn People>,
    /// The items that flowed.
    pub payloads: Arc<dyn Payloads>,
    /// What may be shown of credentials.
    pub credentials: Arc<dyn Credentials>,
    /// The tenant's log, as far as subscriptions read it.
    pub events: Arc<dyn Events>,
    /// How far the read side is.
    pub freshness: Arc<dyn Freshness>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Something failed on our side. It was logged where it happened; the message that a client sees names the correlation id alone.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database or a runner is away; trying again may help.
    #[error("The database cannot be reached right now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    #[error("something failed on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A command's effect and the position that a later query may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What it made or changed.
    pub value: T,
    /// The position of its last event.
    pub position: Position,
}

/// Why a command had no effect.
#[derive(Debug)]
pub enum Refusal {
    /// A rule of the domain refused it.
    Rejected(Rejected),
    /// Somebody else changed the same thing after `seen`.
    EditConflict {
        /// What was rejected.
        rejected: Rejected,
        /// The node that it is about.
        node: Option<NodeId>,
        /// The draft's version now.
        current: StreamVersion,
    },
    /// The draft cannot be published as it is.
    PublishRefused(Vec<Problem>),
    /// Too much work at once.
    Overloaded {
        /// When to try again, in milliseconds.
        retry_after_ms: u64,
    },
    /// It does not exist in this tenant.
    NotFound,
    /// Our failure, not the caller's.
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A rule and the input that broke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// A word for programs: `name_taken`, `unknown_node`, …
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The path of the input's field, `["input", "name"]`, where it is about one.
    pub field: Option<Vec<String>>,
}

/// What a command gives.
pub type Outcome<T> = Result<Done<T>, Refusal>;

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

/// What a person typed and nobody may read again. Neither printed nor serialised, and wiped from memory when it goes.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// What was typed.
    pub fn new(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }

    /// For whoever seals it.
    pub fn into_inner(self) -> Zeroizing<String> {
        self.0
    }
}

/// A field of a credential as it was filled in. Which fields are secret is the type's business, so that all are treated as if they
/// were.
#[derive(Clone)]
pub struct GivenField {
    /// The field.
    pub name: String,
    /// What it shall hold; `None` takes it away.
    pub value: Option<SecretText>,
}

/// A credential to be made.
#[derive(Clone)]
pub struct NewCredential {
    /// Its name.
    pub name: String,
    /// The kind of its type.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<GivenField>,
}

/// What changes of a credential.
#[derive(Clone)]
pub struct CredentialUpdate {
    /// Of which one.
    pub credential: CredentialId,
    /// Its new name; `None` leaves it.
    pub name: Option<String>,
    /// The fields that change; the others stay.
    pub fields: Vec<GivenField>,
}

/// A credential to be tried.
#[derive(Clone)]
pub struct TestCredential {
    /// Which one.
    pub credential: CredentialToTest,
    /// An address that only serves who signs in, for types that need one.
    pub url: Option<String>,
}

/// Which credential is tried.
#[derive(Clone)]
pub enum CredentialToTest {
    /// One that is kept; how it ended is recorded.
    Saved(CredentialId),
    /// What a person is filling in.
    Unsaved {
        /// The kind of its type.
        kind: String,
        /// Its fields.
        fields: Vec<GivenField>,
    },
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestedCredential {
    /// In a word.
    pub outcome: TestOutcome,
    /// What happened, as a word for programs.
    pub code: String,
    /// The same as a sentence.
    pub message: String,
}

/// What may be shown of credentials.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// The fields of these credentials, in the order of their forms, in one statement; the unknown are left out.
    async fn shown(
        &self,
        context: &RequestContext,
        credentials: &[CredentialId],
    ) -> Result<HashMap<CredentialId, Vec<ShownField>>, Fault>;
}

/// A field of a credential as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownField {
    /// The field.
    pub name: String,
    /// What it holds; `None` where it is secret or empty.
    pub value: Option<String>,
    /// Whether it holds something.
    pub is_set: bool,
}

/// The engine.
#[async_trait]
pub trait Executions: Send + Sync + 'static {
    /// Starts the draft by hand. The items are a JSON list; one empty item when missing.
    async fn execute(&self, context: &RequestContext, execute: Execute) -> Outcome<ExecutionId>;
    /// Waits for one call of the draft's webhook at its test address.
    async fn listen_for_webhook(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        node: NodeId,
    ) -> Result<Listening, Refusal>;
    /// Ends an execution.
    async fn cancel(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<()>;
    /// Executes what an earlier execution executed, with the same items, as a new one.
    async fn retry(&self, context: &RequestContext, execution: ExecutionId) -> Outcome<ExecutionId>;
    /// Evaluates a parameter as the node would see it. An expression that fails is a value of this function, not a fault.
    async fn preview(&self, context: &RequestContext, preview: Preview) -> Result<Previewed, Refusal>;
}

/// A start by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Execute {
    /// Which workflow.
    pub workflow: WorkflowId,
    /// Which trigger; the only one when missing.
    pub trigger: Option<NodeId>,
    /// How much of it, where that is not all.
    pub partial: Option<Partial>,
    /// The items to begin with, a JSON list.
    pub items: Option<Value>,
}

/// A test address that is being listened at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// The address.
    pub test_url: String,
    /// When listening ends by itself.
    pub until: Timestamp,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// In which workflow's draft.
    pub workflow: WorkflowId,
    /// In which node.
    pub node: NodeId,
    /// The parameter as it is written, with its leading `=`.
    pub expression: String,
    /// With the items of which execution.
    pub execution: Option<ExecutionId>,
    /// With which item.
    pub item: u32,
}

/// What an expression gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Previewed {
    /// A value.
    Value(Value),
    /// `undefined`.
    Undefined,
    /// It failed.
    Failed(Problem),
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It stands in the way of publishing.
    Error,
    /// It does not.
    Warning,
}

/// What is wrong with a draft, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A word for programs.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The node.
    pub node: Option<NodeId>,
    /// The node's name.
    pub node_name: Option<String>,
    /// The parameter.
    pub field: Option<String>,
    /// The line in an expression, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
    /// What to do.
    pub hint: Option<String>,
}

/// The node kinds, and what is checked with them.
#[async_trait]
pub trait Catalogue: Send + Sync + 'static {
    /// Every kind: the JSON of its descriptor as `weft_nodes::Descriptor` serialises it. Texts are strings, or objects with
    /// one text a language: `{"en": …, "fr": …}`.
    fn kinds(&self) -> Arc<Vec<Value>>;
    /// Every type of credential: the JSON of `weft_nodes::credential::CredentialType`, with texts as those of the kinds.
    fn credential_types(&self) -> Arc<Vec<Value>>;
    /// Everything that expressions have to offer: the JSON of `weft_expressions::Entry`.
    fn expression_entries(&self) -> Arc<Vec<Value>>;
    /// Whether nodes of this kind start workflows.
    fn is_trigger(&self, kind: &str) -> bool;
    /// Reads the one workflow in a text of any format that is known, for pasting it into another.
    fn convert(&self, text: &str) -> Result<Converted, Rejected>;
    /// What is wrong with a draft.
    fn problems(&self, definition: &Definition) -> Vec<Problem>;
    /// Where the webhooks of a workflow listen.
    async fn webhooks(
        &self,
        context: &RequestContext,
        workflow: WorkflowId,
        definition: &Definition,
    ) -> Result<Vec<Webhook>, Fault>;
}

/// Where a trigger node listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The node.
    pub node: NodeId,
    /// The HTTP method.
    pub method: String,
    /// The address while the editor listens.
    pub test_url: String,
    /// The address of the published version.
    pub production_url: String,
}

/// Who a member is. Names and addresses are of identities and in no log.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// The people behind these identities, in one statement; the unknown are left out.
    async fn people(
        &self,
        context: &RequestContext,
        identities: &[IdentityId],
    ) -> Result<HashMap<IdentityId, Person>, Fault>;
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
}

/// The parts of one payload, each the JSON text of a list, or of an object whose `chunks` say where a long one is.
pub type Parts = Arc<Vec<Bytes>>;

/// The items that flowed.
#[async_trait]
pub trait Payloads: Send + Sync + 'static {
    /// A payload. `None` when its time is over and it was dropped.
    async fn payload(&self, context: &RequestContext, payload: PayloadId) -> Result<Option<Parts>, Fault>;

    /// The JSON text of some items of a long list. `None` when their time is over.
    async fn chunk(&self, context: &RequestContext, chunk: &Chunk) -> Result<Option<Bytes>, Fault>;
}

/// Some items of a long list, as its part in a payload names them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Chunk {
    /// The key of the file that they are in.
    pub key: String,
    /// How many there are.
    pub count: u32,
    /// How many bytes of JSON they are.
    pub bytes: u32,
}

/// One event as subscriptions see it.
#[derive(Clone, Debug)]
pub struct LiveEvent {
    /// Its place in the tenant's log.
    pub position: Position,
    /// The aggregate that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub version: StreamVersion,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The event.
    pub event: Event,
}

/// That a tenant's log grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Whose.
    pub tenant: TenantId,
    /// How far it goes now.
    pub head: Position,
}

/// A tenant's log, as far as subscriptions read it.
#[async_trait]
pub trait Events: Send + Sync + 'static {
    /// The tenant's events after `after`, in order, at most `limit`. Events that this program cannot decode are left out.
    /// The second value is the position up to which the log was read: the cursor of the next call.
    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, Position), Fault>;
    /// One stream's events after version `after`, in order, at most `limit`. Events that this program cannot decode are left out.
    /// The second value is the version up to which the stream was read: the `after` of the next call.
    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, StreamVersion), Fault>;
    /// How far the tenant's log goes.
    async fn head(&self, tenant: TenantId) -> Result<Position, Fault>;
    /// A message whenever some tenant's log grew (here or in another process); messages may be lost, events are not.
    fn growth(&self) -> broadcast::Receiver<Grown>;
}

/// How far the read side is.
#[async_trait]
pub trait Freshness: Send + Sync + 'static {
    /// Waits until every projection of the tenant has folded this position, or a bounded time (a second or so) is over.
    /// Whether it was reached.
    async fn at_least(&self, tenant: TenantId, position: Position) -> Result<bool, Fault>;
}

/// The time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;
}
