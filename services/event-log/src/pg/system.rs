//! What the platform asks across tenants (migrations/0024), and companions read under row-level security.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;
use weft_model::{ExecutionId, HookId, NodeId, StreamId, TenantId, TimerId, WorkerId, WorkflowId};

use super::PgLog;
use crate::memory::to_microseconds;
use crate::validate::validate_timer;
use crate::{
    DueTimer, LogFault, OpenExecution, Orphan, RouteMatch, SlotRequest, StaticEntry, SystemLog, Timer, TimerKind,
    TriggerRoute,
};

#[derive(sqlx::FromRow)]
struct TimerRow {
    tenant_id: Uuid,
    timer_id: Uuid,
    stream_id: Uuid,
    kind: String,
    due_at: jiff_sqlx::Timestamp,
    data: serde_json::Value,
}

impl TimerRow {
    fn timer(self) -> Result<DueTimer, LogFault> {
        let kind = TimerKind::from_name(&self.kind).ok_or(LogFault::Malformed("a timer's kind"))?;
        let timer = Timer {
            id: TimerId(self.timer_id),
            stream: StreamId(self.stream_id),
            kind,
            due_at: Timestamp::from(self.due_at),
            data: self.data,
        };
        Ok(DueTimer { tenant: TenantId(self.tenant_id), timer })
    }
}

#[derive(sqlx::FromRow)]
struct OrphanRow {
    tenant_id: Uuid,
    execution_id: Uuid,
    workflow_id: Uuid,
    worker_id: Uuid,
    epoch: i32,
}

impl From<OrphanRow> for Orphan {
    fn from(row: OrphanRow) -> Self {
        let execution = OpenExecution {
            execution: ExecutionId(row.execution_id),
            workflow: WorkflowId(row.workflow_id),
            worker: WorkerId(row.worker_id),
            epoch: row.epoch as u32,
        };
        Self { tenant: TenantId(row.tenant_id), execution }
    }
}

#[derive(sqlx::FromRow)]
struct RouteRow {
    workflow_id: Uuid,
    hook_id: Uuid,
    node_id: Uuid,
    method: String,
    path: String,
    is_test: bool,
    version: i32,
    data: serde_json::Value,
}

impl From<RouteRow> for RouteMatch {
    fn from(row: RouteRow) -> Self {
        let route = TriggerRoute {
            hook: HookId(row.hook_id),
            node: NodeId(row.node_id),
            method: row.method,
            path: row.path,
            test: row.is_test,
            version: row.version as u32,
            data: row.data,
        };
        Self { workflow: WorkflowId(row.workflow_id), route }
    }
}

/// PostgreSQL's intervals hold microseconds.
fn microseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[async_trait]
impl SystemLog for PgLog {
    async fn due_timers(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueTimer>, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let rows: Vec<TimerRow> = sqlx::query_as(
            "select tenant_id, timer_id, stream_id, kind, due_at, data \
             from due_timers($1, $2 * interval '1 microsecond', $3)",
        )
        .bind(jiff_sqlx::Timestamp::from(now))
        .bind(microseconds(lease))
        .bind(i32::try_from(limit).unwrap_or(i32::MAX))
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        rows.into_iter().map(TimerRow::timer).collect()
    }

    async fn next_timer(&self) -> Result<Option<Timestamp>, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let next: Option<jiff_sqlx::Timestamp> =
            sqlx::query_scalar("select next_timer()").fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(next.map(Timestamp::from))
    }

    async fn timers(&self, tenant: TenantId, stream: StreamId) -> Result<Vec<Timer>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows: Vec<TimerRow> = sqlx::query_as(
            "select tenant_id, timer_id, stream_id, kind, due_at, data from timers \
             where tenant_id = $1 and stream_id = $2 order by due_at, timer_id",
        )
        .bind(tenant.0)
        .bind(stream.0)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        rows.into_iter().map(|row| row.timer().map(|due| due.timer)).collect()
    }

    async fn discard_timer(&self, tenant: TenantId, timer: TimerId, due_at: Timestamp) -> Result<bool, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let discarded = sqlx::query_scalar("select discard_timer($1, $2, $3)")
            .bind(tenant.0)
            .bind(timer.0)
            .bind(jiff_sqlx::Timestamp::from(due_at))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(discarded)
    }

    async fn hold_timer(
        &self,
        tenant: TenantId,
        timer: TimerId,
        due_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let held = sqlx::query_scalar("select hold_timer($1, $2, $3, $4)")
            .bind(tenant.0)
            .bind(timer.0)
            .bind(jiff_sqlx::Timestamp::from(due_at))
            .bind(jiff_sqlx::Timestamp::from(until))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(held)
    }

    async fn move_timer(&self, tenant: TenantId, due_at: Timestamp, to: &Timer) -> Result<bool, LogFault> {
        validate_timer(to)?;
        let mut transaction = self.inner.system.begin().await?;
        let moved = sqlx::query_scalar("select move_timer($1, $2, $3, $4, $5)")
            .bind(tenant.0)
            .bind(to.id.0)
            .bind(jiff_sqlx::Timestamp::from(due_at))
            .bind(jiff_sqlx::Timestamp::from(to_microseconds(to.due_at)))
            .bind(&to.data)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(moved)
    }

    async fn heartbeat(&self, worker: WorkerId) -> Result<(), LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        sqlx::query("select heartbeat($1)").bind(worker.0).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn retire(&self, worker: WorkerId) -> Result<(), LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        sqlx::query("select retire_worker($1)").bind(worker.0).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn orphaned_executions(&self, silent_for: Duration, limit: usize) -> Result<Vec<Orphan>, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let rows: Vec<OrphanRow> = sqlx::query_as(
            "select tenant_id, execution_id, workflow_id, worker_id, epoch \
             from orphaned_executions($1 * interval '1 microsecond', $2)",
        )
        .bind(microseconds(silent_for))
        .bind(i32::try_from(limit).unwrap_or(i32::MAX))
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(rows.into_iter().map(Orphan::from).collect())
    }

    async fn open_executions(&self, tenant: TenantId) -> Result<u64, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let count: i64 = sqlx::query_scalar("select count(*) from open_executions where tenant_id = $1")
            .bind(tenant.0)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(count as u64)
    }

    async fn trigger_routes(&self, tenant: TenantId, hook: HookId) -> Result<Vec<RouteMatch>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows: Vec<RouteRow> = sqlx::query_as(
            "select workflow_id, hook_id, node_id, method, path, is_test, version, data from trigger_routes \
             where tenant_id = $1 and hook_id = $2 order by workflow_id, ordinal",
        )
        .bind(tenant.0)
        .bind(hook.0)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(rows.into_iter().map(RouteMatch::from).collect())
    }

    async fn name_owner(&self, tenant: TenantId, scope: &str, name: &str) -> Result<Option<Uuid>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let owner =
            sqlx::query_scalar("select owner_id from reserved_names where tenant_id = $1 and scope = $2 and name = $3")
                .bind(tenant.0)
                .bind(scope)
                .bind(name)
                .fetch_optional(&mut *transaction)
                .await?;
        transaction.commit().await?;
        Ok(owner)
    }

    async fn usage(&self, tenant: TenantId, counter: &str) -> Result<i64, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let amount: Option<i64> =
            sqlx::query_scalar("select amount from usage_counters where tenant_id = $1 and counter = $2")
                .bind(tenant.0)
                .bind(counter)
                .fetch_optional(&mut *transaction)
                .await?;
        transaction.commit().await?;
        Ok(amount.unwrap_or_default())
    }

    async fn static_data(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Vec<StaticEntry>, LogFault> {
        self.read_static_data(tenant, workflow).await
    }

    async fn take_slot(&self, tenant: TenantId, asked: SlotRequest) -> Result<bool, LogFault> {
        let SlotRequest { execution, workflow, key, most, most_per_key, most_of_tenant } = asked;
        let in_table = |most: Option<u32>| most.map(|most| i32::try_from(most).unwrap_or(i32::MAX));
        let mut transaction = self.inner.system.begin().await?;
        let taken = sqlx::query_scalar("select take_slot($1, $2, $3, $4, $5, $6, $7)")
            .bind(tenant.0)
            .bind(workflow.0)
            .bind(execution.0)
            .bind(&key[..])
            .bind(in_table(most))
            .bind(in_table(most_per_key))
            .bind(in_table(most_of_tenant))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(taken)
    }

    async fn ping(&self) -> Result<(), LogFault> {
        Ok(self.inner.system.ping().await?)
    }
}
