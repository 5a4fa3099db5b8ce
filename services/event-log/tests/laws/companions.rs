use std::time::Duration;

use serde_json::json;
use uuid::Uuid;
use weft_event_log::{AppendError, Companion, Expected, OpenExecution, SystemLog, TriggerRoute};
use weft_model::{ExecutionId, HookId, Position, StreamId, StreamVersion, TenantId, WorkerId, WorkflowId};

use crate::support::{carrying, fresh, request};

fn reserve(scope: &str, name: &str, owner: Uuid) -> Companion {
    Companion::ReserveName { scope: scope.into(), name: name.into(), owner }
}

fn release(scope: &str, name: &str) -> Companion {
    Companion::ReleaseName { scope: scope.into(), name: name.into() }
}

pub async fn a_name_has_one_owner(log: &impl SystemLog) {
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (ada, bob): (Uuid, Uuid) = (fresh(), fresh());
    log.append(carrying(tenant, vec![reserve("workflow", "Orders", ada)])).await.unwrap();
    let taken = log.append(carrying(tenant, vec![reserve("workflow", "Orders", bob)])).await;
    assert!(matches!(taken, Err(AppendError::NameTaken { owner, .. }) if owner == ada), "{taken:?}");
    log.append(carrying(tenant, vec![reserve("workflow", "Orders", ada)])).await.unwrap();
    log.append(carrying(tenant, vec![reserve("variable", "Orders", bob)])).await.unwrap();
    log.append(carrying(other, vec![reserve("workflow", "Orders", bob)])).await.unwrap();
    assert_eq!(log.name_owner(tenant, "workflow", "Orders").await.unwrap(), Some(ada));
    assert_eq!(log.name_owner(other, "workflow", "Orders").await.unwrap(), Some(bob));
    log.append(carrying(tenant, vec![release("workflow", "Orders"), release("workflow", "none")])).await.unwrap();
    assert_eq!(log.name_owner(tenant, "workflow", "Orders").await.unwrap(), None);
    log.append(carrying(tenant, vec![reserve("workflow", "Orders", bob)])).await.unwrap();
}

pub async fn a_name_changes_hands_within_one_append(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let (ada, bob): (Uuid, Uuid) = (fresh(), fresh());
    log.append(carrying(tenant, vec![reserve("slug", "quote\" and \\", ada)])).await.unwrap();
    let handed_over = vec![release("slug", "quote\" and \\"), reserve("slug", "quote\" and \\", bob)];
    log.append(carrying(tenant, handed_over)).await.unwrap();
    assert_eq!(log.name_owner(tenant, "slug", "quote\" and \\").await.unwrap(), Some(bob));
}

pub async fn an_idempotency_key_works_once(log: &impl SystemLog) {
    let (tenant, other, stream): (TenantId, TenantId, StreamId) = (fresh(), fresh(), fresh());
    let key = || vec![Companion::IdempotencyKey { key: "hook:42".into() }];
    log.append(request(tenant, fresh(), Expected::NoStream)).await.unwrap();
    let first = request(tenant, stream, Expected::NoStream);
    let appended = log.append(weft_event_log::AppendRequest { companions: key(), ..first }).await.unwrap();
    match log.append(carrying(tenant, key())).await {
        Err(AppendError::Duplicate { key, stream: of, first }) => {
            assert_eq!((key.as_str(), of, first), ("hook:42", stream, appended.first));
        }
        outcome => panic!("not a duplicate: {outcome:?}"),
    }
    log.append(carrying(other, key())).await.unwrap();
}

pub async fn of_many_with_one_key_one_is_made(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let attempt = || log.append(carrying(tenant, vec![Companion::IdempotencyKey { key: "once".into() }]));
    let outcomes = futures_util::future::join_all((0..10).map(|_| attempt())).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let duplicates =
        outcomes.iter().filter(|outcome| matches!(outcome, Err(AppendError::Duplicate { first: Position(1), .. })));
    assert_eq!(duplicates.count(), 9);
    assert_eq!(log.head(tenant).await.unwrap(), Position(1));
}

fn route(hook: HookId, method: &str, path: &str) -> TriggerRoute {
    TriggerRoute {
        hook,
        node: fresh(),
        method: method.into(),
        path: path.into(),
        test: path.is_empty(),
        version: 3,
        data: json!({"answer": "last node"}),
    }
}

pub async fn routes_are_replaced_as_a_whole(log: &impl SystemLog) {
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (workflow, second): (WorkflowId, WorkflowId) = (fresh(), fresh());
    let hook: HookId = fresh();
    let set = |workflow, routes| vec![Companion::SetTriggerRoutes { workflow, routes }];
    let routes = vec![route(hook, "POST", "orders/:id"), route(hook, "GET", ""), route(fresh(), "*", "x")];
    log.append(carrying(tenant, set(workflow, routes.clone()))).await.unwrap();
    log.append(carrying(tenant, set(second, vec![route(fresh(), "GET", "y")]))).await.unwrap();
    let found = log.trigger_routes(tenant, hook).await.unwrap();
    assert!(found.iter().all(|found| found.workflow == workflow));
    assert_eq!(found.into_iter().map(|found| found.route).collect::<Vec<_>>(), routes[..2]);
    assert!(log.trigger_routes(other, hook).await.unwrap().is_empty());

    log.append(carrying(tenant, set(workflow, vec![route(hook, "PUT", "z")]))).await.unwrap();
    let found = log.trigger_routes(tenant, hook).await.unwrap();
    assert_eq!(found.iter().map(|found| found.route.method.as_str()).collect::<Vec<_>>(), ["PUT"]);
    log.append(carrying(tenant, set(workflow, vec![]))).await.unwrap();
    assert!(log.trigger_routes(tenant, hook).await.unwrap().is_empty());
}

pub async fn a_counter_stops_at_its_limit(log: &impl SystemLog) {
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let add = |amount, limit| vec![Companion::AddUsage { counter: "executions.2026-11".into(), amount, limit }];
    log.append(carrying(tenant, add(3, Some(5)))).await.unwrap();
    log.append(carrying(tenant, add(2, Some(5)))).await.unwrap();
    let over = log.append(carrying(tenant, add(1, Some(5)))).await;
    assert!(matches!(over, Err(AppendError::QuotaExceeded { used: 5, limit: 5, .. })), "{over:?}");
    log.append(carrying(other, add(1, Some(5)))).await.unwrap();
    log.append(carrying(tenant, add(-1, None))).await.unwrap();
    log.append(carrying(tenant, add(1, Some(5)))).await.unwrap();
    log.append(carrying(tenant, add(10, None))).await.unwrap();
    assert_eq!(log.usage(tenant, "executions.2026-11").await.unwrap(), 15);
    assert_eq!(log.usage(tenant, "executions.2026-12").await.unwrap(), 0);
}

pub async fn an_execution_whose_worker_is_silent_is_an_orphan(log: &impl SystemLog) {
    let tenant: TenantId = fresh();
    let (dead, alive): (WorkerId, WorkerId) = (fresh(), fresh());
    let execution: ExecutionId = fresh();
    let opened = OpenExecution { execution, workflow: fresh(), worker: dead, epoch: 1 };
    let stream = StreamId::from(execution);
    let append = |expected, companion| {
        log.append(weft_event_log::AppendRequest { companions: vec![companion], ..request(tenant, stream, expected) })
    };
    append(Expected::NoStream, Companion::OpenExecution(opened)).await.unwrap();
    let mine = async |silent_for| {
        let orphans = log.orphaned_executions(silent_for, 1000).await.unwrap();
        orphans.into_iter().find(|orphan| orphan.tenant == tenant)
    };
    let hour = Duration::from_hours(1);
    // Its worker was never heard of; then it is; then it ends.
    assert_eq!(mine(hour).await.unwrap().execution, opened);
    log.heartbeat(dead).await.unwrap();
    assert_eq!(mine(hour).await, None);
    assert_eq!(mine(Duration::ZERO).await.unwrap().execution, opened);
    log.retire(dead).await.unwrap();
    assert_eq!(mine(hour).await.unwrap().execution, opened);

    log.heartbeat(alive).await.unwrap();
    let adopted = OpenExecution { worker: alive, epoch: 2, ..opened };
    append(Expected::Exactly(StreamVersion(1)), Companion::OpenExecution(adopted)).await.unwrap();
    assert_eq!(mine(hour).await, None);
    assert_eq!(log.open_executions(tenant).await.unwrap(), 1);
    log.retire(alive).await.unwrap();
    assert_eq!(mine(hour).await.unwrap().execution, adopted);
    append(Expected::Any, Companion::CloseExecution { execution }).await.unwrap();
    assert_eq!(mine(hour).await, None);
    assert_eq!(log.open_executions(tenant).await.unwrap(), 0);
}
