//! Raw SQL with the rights of the serving roles.

use std::borrow::Cow;

use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;
use weft_event_log::{Companion, Expected, Log, OpenExecution, Timer, TimerKind, TriggerRoute};
use weft_model::{ExecutionId, StreamId, TenantId, WorkflowId};

use crate::support::{TestLog, connect, fresh, now, request, timer_id, with_payload};

/// Something of this tenant in every table of the log.
async fn fill(test: &TestLog, tenant: TenantId) {
    let execution: ExecutionId = fresh();
    let workflow: WorkflowId = fresh();
    let stream = StreamId::from(execution);
    let route = TriggerRoute {
        hook: fresh(),
        node: fresh(),
        method: "POST".into(),
        path: String::new(),
        test: false,
        version: 1,
        data: serde_json::Value::Null,
    };
    let mut append = with_payload(request(tenant, stream, Expected::NoStream), &[&vec![1; 100_000]]);
    append.companions = vec![
        Companion::OpenExecution(OpenExecution { execution, workflow, worker: fresh(), epoch: 1 }),
        Companion::SetTimer(Timer {
            id: timer_id(),
            stream,
            kind: TimerKind::Wait,
            due_at: now(),
            data: serde_json::Value::Null,
        }),
        Companion::SetTriggerRoutes { workflow, routes: vec![route] },
        Companion::ReserveName { scope: "test".into(), name: "name".into(), owner: fresh() },
        Companion::IdempotencyKey { key: "key".into() },
        Companion::AddUsage { counter: "counter".into(), amount: 1, limit: None },
    ];
    test.log.append(append).await.unwrap();
}

/// The log's tables and partitions.
const TABLES: &str = "select c.oid::regclass::text, c.relispartition, c.relrowsecurity and c.relforcerowsecurity \
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' \
    where c.relnamespace = 'weft'::regnamespace and c.relkind in ('r', 'p') and (c.relname ~ '^(events|payloads)' \
       or c.relname in ('log_heads', 'stream_heads', 'log_changes', 'timers', 'trigger_routes', 'reserved_names', \
                        'open_executions', 'idempotency_keys', 'usage_counters', 'blob_references', 'tenant_keys')) order by 1";

async fn tables(test: &TestLog) -> Vec<(String, bool, bool)> {
    sqlx::query_as(TABLES).fetch_all(&mut test.superuser().await).await.unwrap()
}

/// How many rows of which tenants a query shows; `None` without the right to ask.
async fn visible(connection: &mut PgConnection, table: &str) -> Option<Vec<Uuid>> {
    let statement = format!("select distinct tenant_id from {table}");
    let rows = sqlx::query(AssertSqlSafe(statement)).fetch_all(connection).await;
    match rows {
        Ok(rows) => Some(rows.iter().map(|row| row.get(0)).collect()),
        Err(error) => {
            let code = error.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
            assert_eq!(code.as_deref(), Some("42501"), "{table}: {error}");
            None
        }
    }
}

#[tokio::test]
async fn raw_sql_as_weft_app_shows_one_tenant_only() {
    let test = TestLog::open().await;
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    fill(&test, tenant).await;
    fill(&test, other).await;
    let mut app = connect(&test.database.urls.app).await;
    let mut shown = 0;
    for (table, is_partition, is_policed) in tables(&test).await {
        assert!(is_policed, "{table} has no forced row-level security");
        sqlx::query("select set_config('weft.tenant', '', false)").execute(&mut app).await.unwrap();
        assert!(visible(&mut app, &table).await.unwrap_or_default().is_empty(), "{table} without a tenant");
        let set = "select set_config('weft.tenant', $1, false)";
        sqlx::query(set).bind(tenant.to_string()).execute(&mut app).await.unwrap();
        let seen = visible(&mut app, &table).await;
        if is_partition {
            assert_eq!(seen, None, "{table} is a partition and can be read past its parent");
        } else if let Some(seen) = seen {
            assert_eq!(seen, [tenant.0], "{table}");
            shown += 1;
        }
    }
    assert_eq!(shown, 10, "tables that weft_app reads");
}

#[tokio::test]
async fn weft_app_cannot_write_and_weft_system_cannot_read() {
    let test = TestLog::open().await;
    let tenant: TenantId = fresh();
    fill(&test, tenant).await;
    let mut app = connect(&test.database.urls.app).await;
    let mut system = connect(&test.database.urls.system).await;
    let set = "select set_config('weft.tenant', $1, false)";
    for connection in [&mut app, &mut system] {
        sqlx::query(set).bind(tenant.to_string()).execute(connection).await.unwrap();
    }
    for (table, _, _) in tables(&test).await {
        assert_eq!(visible(&mut system, &table).await, None, "{table} is read by weft_system");
        for statement in ["delete from {}", "update {} set tenant_id = tenant_id", "insert into {} default values"] {
            let statement = statement.replace("{}", &table);
            for connection in [&mut app, &mut system] {
                let refused = sqlx::query(AssertSqlSafe(statement.clone())).execute(connection).await.unwrap_err();
                let code = refused.as_database_error().and_then(|error| error.code().map(Cow::into_owned));
                assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused}");
            }
        }
    }
}

#[tokio::test]
async fn weft_app_may_execute_no_function_of_the_log() {
    let test = TestLog::open().await;
    let allowed: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p \
         where p.pronamespace = 'weft'::regnamespace and p.proname ~ 'append|compan|timer|payload|orphan|heartbeat|changes|sweep|blob' \
           and has_function_privilege(p.oid, 'execute')",
    )
    .fetch_all(&mut connect(&test.database.urls.app).await)
    .await
    .unwrap();
    assert_eq!(allowed, [] as [String; 0]);
}
