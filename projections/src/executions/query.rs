//! Reading executions.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use weft_model::execution::ExecutionMode;
use weft_model::{ExecutionId, TenantId, WorkflowId};

use super::row::{ExecutionRow, ExecutionStatus, MODES, mode_code};
use super::steps::{StepRow, steps_of};
use super::write::{columns, from_columns, step_from_columns};
use crate::stored::timestamptz;
use crate::{Page, PageRequest, QueryFault};

/// Which executions a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of one workflow.
    pub workflow: Option<WorkflowId>,
    /// Those with one of these statuses; every status when empty.
    pub statuses: Vec<ExecutionStatus>,
    /// Those in one of these modes; every mode when empty.
    pub modes: Vec<ExecutionMode>,
    /// Those queued at this moment or later.
    pub from: Option<Timestamp>,
    /// Those queued before this moment.
    pub until: Option<Timestamp>,
}

impl Filter {
    fn status_codes(&self) -> Vec<i16> {
        let statuses = if self.statuses.is_empty() { &ExecutionStatus::ALL[..] } else { &self.statuses };
        distinct(statuses.iter().map(|status| status.code()))
    }

    fn mode_codes(&self) -> Vec<i16> {
        let modes = if self.modes.is_empty() { &MODES[..] } else { &self.modes };
        distinct(modes.iter().map(|mode| mode_code(*mode)))
    }
}

/// Each code once: the lists below look into the index once a code.
fn distinct(codes: impl Iterator<Item = i16>) -> Vec<i16> {
    codes.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The place of an execution in the list: newest first, by the moment at which it was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When it was queued.
    pub queued_at: Timestamp,
    /// Which one, among those of the same moment.
    pub id: ExecutionId,
}

impl From<&ExecutionRow> for Cursor {
    fn from(row: &ExecutionRow) -> Self {
        Self { queued_at: row.queued_at, id: row.id }
    }
}

/// For each status and mode the index holds a list in the wanted order; the statement takes the head of each and merges them.
/// So the cost is that of a page, whatever the filter and however many executions there are.
macro_rules! list_statement {
    ($workflow:literal, $direction:literal) => {
        concat!(
            "select h.* from unnest($2::smallint[]) as s(status) cross join unnest($3::smallint[]) as m(mode) \
             cross join lateral (select ",
            columns!(),
            " from executions e where e.tenant_id = $1 and e.status = s.status and e.mode = m.mode ",
            $workflow,
            " and e.queued_at >= coalesce($5, '-infinity'::timestamptz) and e.queued_at < coalesce($6, 'infinity'::timestamptz) \
             and (e.queued_at, e.execution_id) < (coalesce($7, 'infinity'::timestamptz), \
             coalesce($8, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) \
             and (e.queued_at, e.execution_id) > (coalesce($9, '-infinity'::timestamptz), \
             coalesce($10, '00000000-0000-0000-0000-000000000000'::uuid)) \
             order by e.queued_at ",
            $direction,
            ", e.execution_id ",
            $direction,
            " limit $11) h order by h.queued_at ",
            $direction,
            ", h.execution_id ",
            $direction,
            " limit $11"
        )
    };
}

/// A page of executions, newest first.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    filter: &Filter,
    page: &PageRequest<Cursor>,
) -> Result<Page<ExecutionRow>, QueryFault> {
    let statement = match (filter.workflow.is_some(), page.is_forward()) {
        (false, true) => list_statement!("and $4::uuid is null", "desc"),
        (false, false) => list_statement!("and $4::uuid is null", "asc"),
        (true, true) => list_statement!("and e.workflow_id = $4", "desc"),
        (true, false) => list_statement!("and e.workflow_id = $4", "asc"),
    };
    let rows = sqlx::query(statement)
        .bind(tenant.0)
        .bind(filter.status_codes())
        .bind(filter.mode_codes())
        .bind(filter.workflow.map(|workflow| workflow.0))
        .bind(filter.from.map(timestamptz))
        .bind(filter.until.map(timestamptz))
        .bind(page.after.map(|cursor| timestamptz(cursor.queued_at)))
        .bind(page.after.map(|cursor| cursor.id.0))
        .bind(page.before.map(|cursor| timestamptz(cursor.queued_at)))
        .bind(page.before.map(|cursor| cursor.id.0))
        .bind(page.probe())
        .fetch_all(connection)
        .await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// How far executions are counted one by one, where a filter names moments and the kept counts do not help.
pub const COUNTED_BY_TIME: u32 = 10_000;

/// How many executions the filter holds: exact when it names no moments, else at most [`COUNTED_BY_TIME`].
pub async fn count(tenant: TenantId, connection: &mut PgConnection, filter: &Filter) -> Result<u64, QueryFault> {
    let count = if filter.from.is_some() || filter.until.is_some() {
        count_between(tenant, connection, filter).await?
    } else {
        count_kept(tenant, connection, filter).await?
    };
    Ok(count as u64)
}

async fn count_kept(tenant: TenantId, connection: &mut PgConnection, filter: &Filter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select coalesce(sum(executions), 0)::bigint from execution_totals where tenant_id = $1 and status = any($2) \
         and mode = any($3) and ($4::uuid is null or workflow_id = $4)",
    )
    .bind(tenant.0)
    .bind(filter.status_codes())
    .bind(filter.mode_codes())
    .bind(filter.workflow.map(|workflow| workflow.0))
    .fetch_one(connection)
    .await
}

/// Counts index entries and stops at the bound, so that no filter can make the database count a million rows.
macro_rules! bounded_count {
    ($workflow:literal) => {
        concat!(
            "select count(*) from (select 1 from unnest($2::smallint[]) as s(status) \
             cross join unnest($3::smallint[]) as m(mode) cross join lateral (select 1 from executions e \
             where e.tenant_id = $1 and e.status = s.status and e.mode = m.mode ",
            $workflow,
            " and e.queued_at >= coalesce($5, '-infinity'::timestamptz) and e.queued_at < coalesce($6, 'infinity'::timestamptz) \
             limit $7) h limit $7) c"
        )
    };
}

async fn count_between(tenant: TenantId, connection: &mut PgConnection, filter: &Filter) -> Result<i64, sqlx::Error> {
    let statement = match filter.workflow {
        None => bounded_count!("and $4::uuid is null"),
        Some(_) => bounded_count!("and e.workflow_id = $4"),
    };
    sqlx::query_scalar(statement)
        .bind(tenant.0)
        .bind(filter.status_codes())
        .bind(filter.mode_codes())
        .bind(filter.workflow.map(|workflow| workflow.0))
        .bind(filter.from.map(timestamptz))
        .bind(filter.until.map(timestamptz))
        .bind(i64::from(COUNTED_BY_TIME))
        .fetch_one(connection)
        .await
}

/// The executions with these ids; those that do not exist (in this tenant) are left out.
pub async fn by_ids(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[ExecutionId],
) -> Result<HashMap<ExecutionId, ExecutionRow>, QueryFault> {
    let rows =
        sqlx::query(concat!("select ", columns!(), " from executions where tenant_id = $1 and execution_id = any($2)"))
            .bind(tenant.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.id, row))).collect()
}

/// The newest execution of each workflow.
pub async fn latest_of_workflows(
    tenant: TenantId,
    connection: &mut PgConnection,
    workflows: &[WorkflowId],
) -> Result<HashMap<WorkflowId, ExecutionRow>, QueryFault> {
    let rows = sqlx::query(concat!(
        "select l.* from unnest($2::uuid[]) as w(id) cross join lateral (select h.* \
         from unnest($3::smallint[]) as s(status) cross join unnest($4::smallint[]) as m(mode) cross join lateral (select ",
        columns!(),
        " from executions e where e.tenant_id = $1 and e.workflow_id = w.id and e.status = s.status and e.mode = m.mode \
         order by e.queued_at desc, e.execution_id desc limit 1) h \
         order by h.queued_at desc, h.execution_id desc limit 1) l"
    ))
    .bind(tenant.0)
    .bind(workflows.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(Filter::default().status_codes())
    .bind(Filter::default().mode_codes())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.workflow, row))).collect()
}

/// How the executions of a workflow ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// All, whatever became of them.
    pub total: u64,
}

/// How the executions that were queued on `from` (UTC) or later ended, for each of the workflows; those without any are left out.
pub async fn statistics(
    tenant: TenantId,
    connection: &mut PgConnection,
    workflows: &[WorkflowId],
    from: Date,
) -> Result<HashMap<WorkflowId, Statistics>, QueryFault> {
    let rows: Vec<(Uuid, i16, i64)> = sqlx::query_as(
        "select workflow_id, status, sum(executions)::bigint from execution_days \
         where tenant_id = $1 and workflow_id = any($2) and day >= $3 group by workflow_id, status",
    )
    .bind(tenant.0)
    .bind(workflows.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(from.to_sqlx())
    .fetch_all(connection)
    .await?;
    let mut statistics = HashMap::<_, Statistics>::new();
    for (workflow, status, executions) in rows {
        let entry = statistics.entry(WorkflowId(workflow)).or_default();
        entry.total += executions as u64;
        match ExecutionStatus::of_code(status) {
            Some(ExecutionStatus::Succeeded) => entry.succeeded += executions as u64,
            Some(ExecutionStatus::Failed) => entry.failed += executions as u64,
            _ => {}
        }
    }
    Ok(statistics)
}

/// The steps of each execution, each where it began, the trigger's first.
pub async fn steps(
    tenant: TenantId,
    connection: &mut PgConnection,
    executions: &[ExecutionId],
) -> Result<HashMap<ExecutionId, Vec<StepRow>>, QueryFault> {
    let known = by_ids(tenant, connection, executions).await?;
    let rows = sqlx::query(
        "select execution_id, position, node_id, iteration, attempt, payload_id, detail::text from execution_steps \
         where tenant_id = $1 and execution_id = any($2) order by execution_id, position",
    )
    .bind(tenant.0)
    .bind(executions.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut changes = HashMap::<ExecutionId, Vec<_>>::new();
    for row in &rows {
        let change = step_from_columns(row)?;
        changes.entry(change.execution).or_default().push(change);
    }
    Ok(known
        .into_values()
        .map(|execution| (execution.id, steps_of(&execution, changes.remove(&execution.id).unwrap_or_default())))
        .collect())
}
