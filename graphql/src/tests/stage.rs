//! A schema over a real database, with everything else in memory.

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};

use async_graphql::{Request, Response};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast};
use weft_migrations::testing::TestDatabase;
use weft_model::member::Role;
use weft_model::workflow::Definition;
use weft_model::{
    CorrelationId, CredentialId, ExecutionId, IdentityId, MemberId, NodeId, PayloadId, Position, Retry, StreamId,
    StreamVersion, TenantId, VariableId, WorkflowId,
};
use weft_projections::Fact;
use weft_projections::testing::{Story, fold};
use weft_scope::{PoolLimits, Scope};
use weft_tenants::RequestContext;

use crate::ports::{
    AddMember, Catalogue, Chunk, Clock, Commands, Converted, CredentialToTest, CredentialUpdate, Credentials, Done,
    EditWorkflow, Events, Execute, Executions, ExpressionBlock, Fault, Freshness, GivenField, Grown, ImportEntry,
    ImportOutcome, ImportWorkflow, Imported, ImportedFile, ImportedVariables, Listening, LiveEvent, NewCredential,
    Outcome, Parts, Payloads, People, Person, Ports, Preview, Previewed, Problem, Refusal, Rejected, Severity,
    ShownField, TestCredential, TestedCredential, Webhook,
};
use crate::{Language, Limits, WeftSchema, schema, session_data};

pub(super) struct Stage {
    pub schema: WeftSchema,
    pub scope: Scope,
    pub fake: Arc<Fake>,
    _database: TestDatabase,
}

impl Stage {
    pub(super) async fn new() -> Self {
        Self::with(PoolLimits::default(), Limits::default()).await
    }

    pub(super) async fn with(pool: PoolLimits, limits: Limits) -> Self {
        let database = TestDatabase::create().await.unwrap();
        let scope = Scope::connect(&database.urls.app, pool).await.unwrap();
        let fake = Arc::new(Fake::new());
        let schema = schema(fake.ports(), scope.clone(), limits);
        Self { schema, scope, fake, _database: database }
    }

    /// Folds a story and records it for subscriptions.
    pub(super) async fn told(&self, story: &Story) {
        fold(&self.scope, story.tenant, &story.facts).await.unwrap();
        self.fake.record(story.tenant, &story.facts);
    }

    pub(super) async fn ask(&self, request: impl Into<Request>, context: RequestContext) -> Response {
        let mut request = request.into();
        request.data = session_data(&self.schema, context, Language::default());
        self.schema.execute(request).await
    }

    /// The data of an answer that must have no errors.
    pub(super) async fn data(&self, request: impl Into<Request>, context: RequestContext) -> Value {
        let response = self.ask(request, context).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    }
}

/// A request by whoever acts in the story.
pub(super) fn by(story: &Story, role: Role) -> RequestContext {
    let correlation = CorrelationId(uuid::Uuid::from_u128(0xC0));
    RequestContext { tenant: story.tenant, actor: story.actor, role, correlation, session: None }
}

/// Everything that is not the read side.
pub(super) struct Fake {
    log: Mutex<HashMap<TenantId, Vec<Arc<LiveEvent>>>>,
    growth: broadcast::Sender<Grown>,
    pub edits: Mutex<Vec<EditWorkflow>>,
    pub payloads_read: Mutex<Vec<PayloadId>>,
    pub credentials_given: Mutex<Vec<GivenField>>,
    /// Of how many credentials at once was asked what may be shown.
    pub shown_asked: Mutex<Vec<usize>>,
    /// Committed when the head is asked for, after somebody has read the log to its end.
    pub before_head: Mutex<Option<(TenantId, Vec<Fact>)>>,
    read_to_end: Notify,
    /// How often the read side is late from now on.
    pub late: AtomicUsize,
}

impl Fake {
    fn new() -> Self {
        Self {
            log: Mutex::default(),
            growth: broadcast::channel(64).0,
            edits: Mutex::default(),
            payloads_read: Mutex::default(),
            credentials_given: Mutex::default(),
            shown_asked: Mutex::default(),
            before_head: Mutex::default(),
            read_to_end: Notify::new(),
            late: AtomicUsize::new(0),
        }
    }

    fn ports(self: &Arc<Self>) -> Ports {
        Ports {
            commands: self.clone(),
            executions: self.clone(),
            catalogue: self.clone(),
            people: self.clone(),
            payloads: self.clone(),
            credentials: self.clone(),
            events: self.clone(),
            freshness: self.clone(),
            clock: self.clone(),
        }
    }

    pub(super) fn record(&self, tenant: TenantId, facts: &[Fact]) {
        let live = |fact: &Fact| {
            Arc::new(LiveEvent {
                position: fact.position,
                stream: fact.stream,
                version: fact.version,
                at: fact.recorded_at,
                actor: fact.actor,
                event: fact.event.clone(),
            })
        };
        self.log.lock().unwrap().entry(tenant).or_default().extend(facts.iter().map(live));
        if let Some(last) = facts.last() {
            let _ = self.growth.send(Grown { tenant, head: last.position });
        }
    }

    fn of(&self, tenant: TenantId) -> Vec<Arc<LiveEvent>> {
        self.log.lock().unwrap().get(&tenant).cloned().unwrap_or_default()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what every command gives")]
fn done<T>(value: T) -> Outcome<T> {
    Ok(Done { value, position: Position(1) })
}

fn broken() -> Fault {
    Fault::Internal("the secret cause".into())
}

#[async_trait]
impl Commands for Fake {
    async fn create_workflow(&self, _: &RequestContext, name: String, _: Option<Value>) -> Outcome<WorkflowId> {
        let rejected = Rejected {
            code: "name_taken".into(),
            message: format!("{name} is taken."),
            field: Some(vec!["input".into(), "name".into()]),
        };
        Err(Refusal::Rejected(rejected))
    }

    async fn import_workflow(&self, _: &RequestContext, import: ImportWorkflow) -> Outcome<ImportedFile> {
        if import.text.is_empty() {
            return Err(Refusal::Rejected(not_a_file()));
        }
        let workflow = WorkflowId(uuid::Uuid::nil());
        let workflows = vec![Imported { workflow, report: vec![entry(&import.text)] }];
        let stopped = match import.text.as_str() {
            "two, and one that is refused" => Some(Refusal::Rejected(not_a_file())),
            "two, and a fault" => Some(Refusal::Fault(broken())),
            _ => None,
        };
        done(ImportedFile { workflows, stopped })
    }

    async fn edit_workflow(&self, _: &RequestContext, edits: EditWorkflow) -> Outcome<StreamVersion> {
        self.edits.lock().unwrap().push(edits);
        done(StreamVersion(7))
    }

    async fn undo_edit(&self, _: &RequestContext, _: WorkflowId) -> Outcome<StreamVersion> {
        let rejected = Rejected { code: "changed_since".into(), message: "Somebody changed it.".into(), field: None };
        Err(Refusal::EditConflict { rejected, node: None, current: StreamVersion(9) })
    }

    async fn redo_edit(&self, _: &RequestContext, _: WorkflowId) -> Outcome<StreamVersion> {
        Err(Refusal::NotFound)
    }

    async fn publish_workflow(&self, _: &RequestContext, _: WorkflowId, _: StreamVersion) -> Outcome<u32> {
        Err(Refusal::PublishRefused(vec![problem()]))
    }

    async fn deactivate_workflow(&self, _: &RequestContext, _: WorkflowId) -> Outcome<()> {
        Err(Refusal::Fault(broken()))
    }

    async fn activate_workflow(&self, _: &RequestContext, _: WorkflowId) -> Outcome<()> {
        done(())
    }

    async fn archive_workflow(&self, _: &RequestContext, _: WorkflowId) -> Outcome<()> {
        done(())
    }

    async fn set_variable(&self, _: &RequestContext, _: String, _: String) -> Outcome<VariableId> {
        done(VariableId(uuid::Uuid::nil()))
    }

    async fn import_variables(&self, _: &RequestContext, _: String) -> Outcome<ImportedVariables> {
        done(ImportedVariables { set: vec![VariableId(uuid::Uuid::nil())], unchanged: Vec::new() })
    }

    async fn delete_variable(&self, _: &RequestContext, _: VariableId) -> Outcome<()> {
        done(())
    }

    async fn create_credential(&self, _: &RequestContext, new: NewCredential) -> Outcome<CredentialId> {
        self.credentials_given.lock().unwrap().extend(new.fields);
        done(CredentialId(uuid::Uuid::nil()))
    }

    async fn update_credential(&self, _: &RequestContext, update: CredentialUpdate) -> Outcome<CredentialId> {
        self.credentials_given.lock().unwrap().extend(update.fields);
        done(update.credential)
    }

    async fn test_credential(&self, _: &RequestContext, test: TestCredential) -> Outcome<TestedCredential> {
        if let CredentialToTest::Unsaved { fields, .. } = test.credential {
            self.credentials_given.lock().unwrap().extend(fields);
        }
        let outcome = weft_model::credential::TestOutcome::Refused;
        done(TestedCredential { outcome, code: "http_status".into(), message: "The server answered 401.".into() })
    }

    async fn delete_credential(&self, _: &RequestContext, _: CredentialId) -> Outcome<()> {
        let message = "“Shop” is used by “Orders”.".to_owned();
        Err(Refusal::Rejected(Rejected { code: "credential_in_use".into(), message, field: None }))
    }

    async fn add_member(&self, _: &RequestContext, _: AddMember) -> Outcome<MemberId> {
        done(MemberId(uuid::Uuid::nil()))
    }

    async fn change_member_role(&self, _: &RequestContext, _: MemberId, _: Role) -> Outcome<()> {
        done(())
    }

    async fn remove_member(&self, _: &RequestContext, _: MemberId) -> Outcome<()> {
        done(())
    }

    async fn change_branding(&self, _: &RequestContext, _: weft_model::tenant::Branding) -> Outcome<()> {
        done(())
    }

    async fn choose_error_workflow(&self, _: &RequestContext, _: Option<WorkflowId>) -> Outcome<()> {
        done(())
    }

    async fn limit_executions(&self, _: &RequestContext, _: Option<u32>) -> Outcome<()> {
        done(())
    }
}

#[async_trait]
impl Executions for Fake {
    async fn execute(&self, _: &RequestContext, _: Execute) -> Outcome<ExecutionId> {
        Err(Refusal::Overloaded { retry_after_ms: 1500 })
    }

    async fn listen_for_webhook(&self, _: &RequestContext, _: WorkflowId, _: NodeId) -> Result<Listening, Refusal> {
        Ok(Listening { test_url: "http://acme.localhost/hooks/test/1".into(), until: self.now() })
    }

    async fn cancel(&self, _: &RequestContext, _: ExecutionId) -> Outcome<()> {
        done(())
    }

    async fn retry(&self, _: &RequestContext, id: ExecutionId) -> Outcome<ExecutionId> {
        done(id)
    }

    async fn preview(&self, _: &RequestContext, _: Preview) -> Result<Previewed, Refusal> {
        let block = ExpressionBlock { source: "{{ $json.nope }}".into(), line: 1, column: 7 };
        Ok(Previewed::Value("Hello ".into(), vec![block]))
    }
}

fn entry(message: &str) -> ImportEntry {
    ImportEntry { node: Some("A".into()), outcome: ImportOutcome::Replaced, message: message.into() }
}

fn not_a_file() -> Rejected {
    Rejected { code: "file_invalid".into(), message: "The file is empty.".into(), field: Some(vec!["text".into()]) }
}

fn problem() -> Problem {
    Problem {
        severity: Severity::Error,
        code: "unknown_kind".into(),
        message: "There is no such kind.".into(),
        node: None,
        node_name: Some("Set".into()),
        field: None,
        line: Some(1),
        column: Some(2),
        hint: None,
    }
}

#[async_trait]
impl Catalogue for Fake {
    fn kinds(&self) -> Arc<Vec<Value>> {
        let text = |text: &str| json!({ "en": text, "fr": text });
        Arc::new(vec![json!({
            "kind": "set", "version": 1, "label": text("Set"), "description": text("Sets fields."), "group": "TRANSFORM",
            "icon": "pencil", "color": "blue", "subtitle": null, "inputs": [{ "name": "main", "label": null }],
            "outputs": [{ "name": "main", "label": null }], "retried": "pure", "documentation": text("Sets fields."),
            "parameters": [{
                "name": "mode", "label": text("Mode"), "type": "MULTI_OPTIONS", "description": null, "default": null,
                "required": false, "acceptsExpression": true, "placeholder": null,
                "options": [{ "value": 1, "label": text("One"), "description": null }], "multiple": false, "language": null,
                "showWhen": [{ "parameter": "a", "values": [true] }], "fields": [], "min": 1.5, "max": null, "rows": 3
            }],
        })])
    }

    fn credential_types(&self) -> Arc<Vec<Value>> {
        let text = |text: &str| json!({ "en": text, "fr": format!("{text} (fr)") });
        Arc::new(vec![json!({
            "kind": "basic", "label": text("Basic"), "description": text("User and password."), "n8nTypes": [],
            "fields": [{
                "name": "user", "label": text("User"), "description": text("Who signs in."), "secret": false, "required": true, "rows": 1, "default": null,
                "options": [{ "value": "a", "label": text("A") }], "placeholder": null, "format": "TEXT"
            }],
        })])
    }

    fn expression_entries(&self) -> Arc<Vec<Value>> {
        Arc::new(vec![json!({
            "receiver": "string", "name": "trim", "signature": "trim(): string", "returns": "string", "isFunction": true,
            "isExtension": false, "description": "Without spaces.", "example": "' a'.trim()", "result": "\"a\"",
        })])
    }

    fn is_trigger(&self, kind: &str) -> bool {
        kind == "webhook"
    }

    async fn convert(&self, _: &RequestContext, text: &str) -> Result<Converted, Refusal> {
        if text.is_empty() {
            return Err(Refusal::Rejected(not_a_file()));
        }
        let nodes = [1, 2].map(|number| NodeId(uuid::Uuid::from_u128(number)));
        let mut definition = weft_projections::testing::definition(text, nodes);
        definition.graph.nodes[&nodes[1]].retry = Some(Retry { max_attempts: 2, wait_ms: 10 });
        Ok(Converted { definition, report: vec![entry("It was replaced.")] })
    }

    fn problems(&self, definition: &Definition) -> Vec<Problem> {
        if definition.graph.nodes.is_empty() { vec![problem()] } else { Vec::new() }
    }

    async fn webhooks(
        &self,
        _: &RequestContext,
        _: WorkflowId,
        definition: &Definition,
    ) -> Result<Vec<Webhook>, Fault> {
        let webhook = |node: &weft_model::Node| Webhook {
            node: node.id,
            method: "POST".into(),
            test_url: "http://test".into(),
            production_url: "http://production".into(),
        };
        Ok(definition.graph.nodes.values().filter(|node| node.kind == "webhook").map(webhook).collect())
    }
}

#[async_trait]
impl People for Fake {
    async fn people(&self, _: &RequestContext, ids: &[IdentityId]) -> Result<HashMap<IdentityId, Person>, Fault> {
        let person =
            |id: &IdentityId| (*id, Person { name: format!("Person {id}"), email: format!("{id}@example.com") });
        Ok(ids.iter().map(person).collect())
    }
}

#[async_trait]
impl Credentials for Fake {
    async fn shown(
        &self,
        _: &RequestContext,
        ids: &[CredentialId],
    ) -> Result<HashMap<CredentialId, Vec<ShownField>>, Fault> {
        self.shown_asked.lock().unwrap().push(ids.len());
        let user = ShownField { name: "user".into(), value: Some("ada".into()), is_set: true };
        let password = ShownField { name: "password".into(), value: None, is_set: true };
        Ok(ids.iter().map(|id| (*id, vec![user.clone(), password.clone()])).collect())
    }
}

#[async_trait]
impl Payloads for Fake {
    /// Two parts of items and one of printed lines.
    async fn payload(&self, _: &RequestContext, payload: PayloadId) -> Result<Option<Parts>, Fault> {
        self.payloads_read.lock().unwrap().push(payload);
        let items = |part| {
            let text =
                format!(r#"[{{"json":{{"part":{part}}}}},{{"json":{{"part":{part}}},"pairedItem":{{"item":1}}}}]"#);
            Bytes::from(text)
        };
        Ok(Some(Arc::new(vec![items(0), items(1), Bytes::from_static(br#"["printed"]"#)])))
    }

    async fn chunk(&self, _: &RequestContext, _: &Chunk) -> Result<Option<Bytes>, Fault> {
        Ok(None)
    }
}

#[async_trait]
impl Events for Fake {
    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, Position), Fault> {
        let events: Vec<_> = self.of(tenant).into_iter().filter(|event| event.position > after).take(limit).collect();
        let end = events.last().map_or(after, |event| event.position);
        if events.is_empty() {
            self.read_to_end.notify_one();
        }
        Ok((events, end))
    }

    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, StreamVersion), Fault> {
        let wanted = |event: &Arc<LiveEvent>| event.stream == stream && event.version > after;
        let events: Vec<_> = self.of(tenant).into_iter().filter(wanted).take(limit).collect();
        let read_to = events.last().map_or(after, |event| event.version);
        Ok((events, read_to))
    }

    async fn head(&self, tenant: TenantId) -> Result<Position, Fault> {
        let window = self.before_head.lock().unwrap().take();
        if let Some((tenant, facts)) = window {
            self.read_to_end.notified().await;
            self.record(tenant, &facts);
        }
        Ok(self.of(tenant).last().map_or(Position(0), |event| event.position))
    }

    fn growth(&self) -> broadcast::Receiver<Grown> {
        self.growth.subscribe()
    }
}

#[async_trait]
impl Freshness for Fake {
    async fn at_least(&self, _: TenantId, _: Position) -> Result<bool, Fault> {
        let is_late = self.late.try_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok();
        Ok(!is_late)
    }
}

impl Clock for Fake {
    fn now(&self) -> Timestamp {
        Timestamp::constant(1_795_305_600, 0)
    }
}
