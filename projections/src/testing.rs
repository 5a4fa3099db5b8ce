//! Histories for tests: of this crate, of the projector, of GraphQL.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, Parent, Part, Source, StepError, StepKey};
use weft_model::member::{MemberEvent, Role};
use weft_model::tenant::{Branding, TenantEvent, TenantSettings};
use weft_model::workflow::{Change, Definition, EditCause, WorkflowEvent};
use weft_model::{
    Actor, CorrelationId, Event, ExecutionId, GroupId, IdentityId, MemberId, Node, NodeId, PayloadId, Point, Position,
    StreamId, StreamVersion, TenantId, WorkerId, WorkflowId,
};
use weft_scope::Scope;

use crate::{Fact, FoldFault};

/// How an execution of a story ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It does not.
    Open,
    /// Well.
    Succeeded,
    /// With an error of its step.
    Failed,
}

/// One tenant's history, told event by event. Ids and times follow from the order, so that the same story is the same history.
#[derive(Clone, Debug)]
pub struct Story {
    /// Whose history it is.
    pub tenant: TenantId,
    /// What happened so far.
    pub facts: Vec<Fact>,
    /// When the next event is recorded.
    pub now: Timestamp,
    /// Who does what is told next.
    pub actor: Actor,
    versions: HashMap<StreamId, u32>,
    ids: u128,
}

impl Story {
    /// The beginning of a tenant's history: nothing happened.
    pub fn of(tenant: u128) -> Self {
        let now = Timestamp::constant(1_795_305_600, 0);
        let tenant = TenantId(Uuid::from_u128(tenant << 64 | 0xF00D));
        Self { tenant, facts: Vec::new(), now, actor: Actor::System, versions: HashMap::new(), ids: tenant.0.as_u128() }
    }

    /// A fresh id.
    pub fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// Something happened.
    pub fn tell(&mut self, stream: impl Into<StreamId>, event: impl Into<Event>) -> &Fact {
        let stream = stream.into();
        let version = self.versions.entry(stream).or_default();
        *version += 1;
        let version = StreamVersion(*version);
        let correlation = CorrelationId(Uuid::nil());
        let payload = Some(PayloadId(stream.0));
        let position = Position(self.facts.last().map_or(0, |fact| fact.position.0) + 1);
        let (recorded_at, actor, event) = (self.now, self.actor, event.into());
        self.now += SignedDuration::from_millis(7);
        self.facts.push(Fact { position, stream, version, recorded_at, actor, correlation, payload, event });
        &self.facts[self.facts.len() - 1]
    }

    /// The tenant begins.
    pub fn founded(&mut self, slug: &str) {
        let branding = Branding { product_name: slug.to_uppercase(), accent_color: "#336699".into(), logo_url: None };
        let (slug, name, settings) = (slug.to_owned(), format!("{slug} Ltd"), TenantSettings::default());
        self.tell(self.tenant, TenantEvent::Created { slug, name, branding, settings });
    }

    /// Somebody joins and does what is told next.
    pub fn joined(&mut self, role: Role) -> (MemberId, IdentityId) {
        let (member, identity) = (MemberId(self.id()), IdentityId(self.id()));
        self.tell(member, MemberEvent::Joined { identity, role });
        self.actor = Actor::Member(member);
        (member, identity)
    }

    /// A workflow of two nodes, a webhook and a Set, is made.
    pub fn drawn(&mut self, name: &str) -> (WorkflowId, [NodeId; 2]) {
        let id = WorkflowId(self.id());
        let nodes = [NodeId(self.id()), NodeId(self.id())];
        let definition = definition(name, nodes);
        self.tell(id, WorkflowEvent::Created { definition: Box::new(definition) });
        (id, nodes)
    }

    /// Somebody renames a workflow.
    pub fn renamed(&mut self, workflow: WorkflowId, name: &str, cause: EditCause, group: GroupId) -> StreamVersion {
        let changes = vec![Change::WorkflowRenamed { name: name.to_owned() }];
        let by = self.actor;
        self.tell(workflow, WorkflowEvent::Edited { group, by, cause, changes }).version
    }

    /// A draft is published.
    pub fn published(&mut self, workflow: WorkflowId, number: u32, draft: StreamVersion) {
        self.tell(workflow, WorkflowEvent::Published { number, draft, digest: "d".into() });
    }

    /// An execution of the two nodes.
    pub fn executed(&mut self, workflow: WorkflowId, nodes: [NodeId; 2], end: End) -> ExecutionId {
        let id = ExecutionId(self.id());
        self.queued(id, workflow, nodes[0]);
        if end == End::Open {
            return id;
        }
        let at = self.now;
        let worker = WorkerId(Uuid::from_u128(1));
        self.tell(id, ExecutionEvent::Started { worker, epoch: 1, seed: 7, at });
        let step = StepKey { node: nodes[1], iteration: 0, attempt: 1 };
        if end == End::Succeeded {
            self.tell(id, step_succeeded(step, nodes[0], at));
            self.tell(id, ExecutionEvent::Succeeded { at });
        } else {
            let error = step_error(nodes[1]);
            self.tell(id, step_failed(step, nodes[0], at, error.clone()));
            self.tell(id, ExecutionEvent::Failed { error, at });
        }
        id
    }

    /// An execution is accepted.
    pub fn queued(&mut self, id: ExecutionId, workflow: WorkflowId, trigger: NodeId) {
        self.accepted(id, workflow, trigger, None);
    }

    /// An execution that a step of another one asked for is accepted.
    pub fn asked_for(&mut self, id: ExecutionId, workflow: WorkflowId, trigger: NodeId, parent: Parent) {
        self.accepted(id, workflow, trigger, Some(parent));
    }

    fn accepted(&mut self, id: ExecutionId, workflow: WorkflowId, trigger: NodeId, parent: Option<Parent>) {
        let event = ExecutionEvent::Queued {
            workflow,
            workflow_name: "Orders".into(),
            version: ExecutedVersion::Draft(1),
            mode: ExecutionMode::Production,
            trigger,
            trigger_kind: "webhook@1".into(),
            output: vec![Part { part: 0, count: 2 }],
            retry_of: None,
            parent,
            partial: None,
            at: self.now,
        };
        self.tell(id, event);
    }
}

/// A webhook that leads to a Set.
pub fn definition(name: &str, nodes: [NodeId; 2]) -> Definition {
    let mut definition = Definition { name: name.to_owned(), ..Definition::default() };
    for (node, kind) in nodes.into_iter().zip(["webhook", "set"]) {
        definition.apply(&Change::NodeAdded { node: node_of(node, kind), place: None });
    }
    let edge = weft_model::Edge {
        from: weft_model::Endpoint { node: nodes[0], port: 0 },
        to: weft_model::Endpoint { node: nodes[1], port: 0 },
    };
    definition.apply(&Change::EdgeAdded { edge, place: None });
    definition
}

fn node_of(id: NodeId, kind: &str) -> Node {
    Node {
        id,
        name: kind.to_uppercase(),
        kind: kind.to_owned(),
        kind_version: 1,
        position: Point { x: 8, y: 16 },
        parameters: serde_json::from_str("{}").unwrap_or_default(),
        disabled: false,
        notes: None,
        on_error: weft_model::OnError::Stop,
        retry: None,
        always_output_data: false,
        execute_once: false,
        timeout_seconds: None,
    }
}

/// The step of a node that gets the items of `from`.
pub fn step_succeeded(step: StepKey, from: NodeId, started_at: Timestamp) -> ExecutionEvent {
    ExecutionEvent::StepSucceeded {
        step,
        kind: "set@1".into(),
        sources: vec![Some(Source { node: from, iteration: 0, port: 0 })],
        output: vec![Part { part: 1, count: 2 }],
        started_at,
        duration_us: 1500,
        code_ms: Some(3),
        log: None,
        continued_after: None,
        context: None,
    }
}

/// The step of a node that gets the items of `source` and was executed by `from`.
pub fn step_reused(step: StepKey, source: NodeId, from: ExecutionId, at: Timestamp) -> ExecutionEvent {
    ExecutionEvent::StepReused {
        step,
        kind: "set@1".into(),
        sources: vec![Some(Source { node: source, iteration: 0, port: 0 })],
        output: vec![Part { part: 1, count: 2 }],
        continued_after: None,
        context: None,
        from,
        at,
    }
}

/// The failed step of a node that gets the items of `from`.
pub fn step_failed(step: StepKey, from: NodeId, started_at: Timestamp, error: StepError) -> ExecutionEvent {
    ExecutionEvent::StepFailed {
        step,
        kind: "set@1".into(),
        sources: vec![Some(Source { node: from, iteration: 0, port: 0 })],
        error,
        started_at,
        duration_us: 1500,
        code_ms: None,
        log: None,
        retry_at: None,
    }
}

/// An error whose text would break a column that takes no NUL.
pub fn step_error(node: NodeId) -> StepError {
    StepError {
        code: "expression".into(),
        message: "NUL: \0".into(),
        description: None,
        node: Some(node),
        item: Some(1),
        field: Some("value".into()),
        causes: vec!["deep".into()],
    }
}

/// Folds facts into every projection, in one transaction, without a checkpoint.
pub async fn fold(scope: &Scope, tenant: TenantId, facts: &[Fact]) -> Result<(), FoldFault> {
    let away = |fault: weft_scope::Unavailable| FoldFault::Database(sqlx::Error::Io(std::io::Error::other(fault)));
    let mut transaction = scope.tenant(tenant).begin().await.map_err(away)?;
    sqlx::query("select set_config('search_path', weft.projection_path($1), true)")
        .bind(tenant.0)
        .execute(&mut *transaction)
        .await?;
    for projection in crate::all() {
        projection.fold(tenant, &mut transaction, facts).await?;
    }
    Ok(transaction.commit().await?)
}

/// How many statements the one connection of `scope`'s pool has executed so far, this one included. Each execution of a prepared
/// statement makes one plan, and PostgreSQL counts them.
pub async fn statements(scope: &Scope, tenant: TenantId) -> Result<i64, sqlx::Error> {
    let away = |fault: weft_scope::Unavailable| sqlx::Error::Io(std::io::Error::other(fault));
    let mut transaction = scope.tenant(tenant).begin().await.map_err(away)?;
    sqlx::query_scalar("select coalesce(sum(custom_plans + generic_plans), 0)::bigint from pg_prepared_statements")
        .fetch_one(&mut *transaction)
        .await
}
