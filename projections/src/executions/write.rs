//! Rows to columns and back: one statement a table and batch.

use jiff_sqlx::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;
use weft_model::execution::{ExecutedVersion, StepKey};
use weft_model::{ExecutionId, NodeId, PayloadId, TenantId, WorkflowId};

use super::row::{ExecutionRow, ExecutionStatus, mode_code, mode_of_code};
use super::steps::StepChange;
use crate::stored::{bigint, position, text, timestamptz};
use crate::{FoldFault, QueryFault};

/// Every column that [`from_columns`] reads.
macro_rules! columns {
    () => {
        "execution_id, workflow_id, workflow_name, version_is_draft, version_number, mode, status, trigger_node, trigger_kind, \
         trigger_output::text, payload_id, retry_of, queued_at, started_at, finished_at, item_count, error::text, open_waits, \
         position"
    };
}
pub(super) use columns;

pub(super) fn from_columns(row: &PgRow) -> Result<ExecutionRow, QueryFault> {
    let number = row.try_get::<i32, _>("version_number")? as u32;
    let is_draft: bool = row.try_get("version_is_draft")?;
    let moment = |name: &str| row.try_get::<Option<Timestamp>, _>(name).map(|at| at.map(Timestamp::to_jiff));
    let error: Option<String> = row.try_get("error")?;
    Ok(ExecutionRow {
        id: ExecutionId(row.try_get("execution_id")?),
        workflow: WorkflowId(row.try_get("workflow_id")?),
        workflow_name: row.try_get("workflow_name")?,
        version: if is_draft { ExecutedVersion::Draft(number) } else { ExecutedVersion::Published(number) },
        mode: mode_of_code(row.try_get("mode")?).ok_or_else(|| unknown("mode"))?,
        status: ExecutionStatus::of_code(row.try_get("status")?).ok_or_else(|| unknown("status"))?,
        trigger: NodeId(row.try_get("trigger_node")?),
        trigger_kind: row.try_get("trigger_kind")?,
        trigger_output: serde_json::from_str(row.try_get("trigger_output")?)?,
        payload: row.try_get::<Option<Uuid>, _>("payload_id")?.map(PayloadId),
        retry_of: row.try_get::<Option<Uuid>, _>("retry_of")?.map(ExecutionId),
        queued_at: row.try_get::<Timestamp, _>("queued_at")?.to_jiff(),
        started_at: moment("started_at")?,
        finished_at: moment("finished_at")?,
        item_count: row.try_get::<i64, _>("item_count")? as u64,
        error: error.map(|text| serde_json::from_str(&text)).transpose()?,
        open_waits: row.try_get::<i32, _>("open_waits")? as u32,
        position: position(row.try_get("position")?),
    })
}

fn unknown(column: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: "the number stands for nothing".into() }
}

/// The rows of executions that earlier batches made. No lock: the checkpoint's lock keeps every other fold of this tenant away.
pub(super) async fn load(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[ExecutionId],
) -> Result<Vec<ExecutionRow>, FoldFault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        sqlx::query(concat!("select ", columns!(), " from executions where tenant_id = $1 and execution_id = any($2)"))
            .bind(tenant.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
    Ok(rows.iter().map(from_columns).collect::<Result<_, _>>()?)
}

const UPSERT: &str = "insert into executions as e (tenant_id, execution_id, workflow_id, workflow_name, version_is_draft, \
     version_number, mode, status, trigger_node, trigger_kind, trigger_output, payload_id, retry_of, queued_at, started_at, \
     finished_at, item_count, error, open_waits, position) \
     select $1, r.id, r.workflow, r.name, r.is_draft, r.number, r.mode, r.status, r.trigger, r.kind, r.output::json, \
     r.payload, r.retry_of, r.queued, r.started, r.finished, r.items, r.error::json, r.waits, r.position \
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::boolean[], $6::integer[], $7::smallint[], $8::smallint[], $9::uuid[], \
     $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], \
     $17::bigint[], $18::text[], $19::integer[], $20::bigint[]) \
     as r(id, workflow, name, is_draft, number, mode, status, trigger, kind, output, payload, retry_of, queued, started, \
     finished, items, error, waits, position) \
     on conflict (tenant_id, execution_id) do update set status = excluded.status, started_at = excluded.started_at, \
     finished_at = excluded.finished_at, item_count = excluded.item_count, error = excluded.error, \
     open_waits = excluded.open_waits, position = excluded.position";

/// Writes every row of the batch.
pub(super) async fn rows<'a>(
    tenant: TenantId,
    connection: &mut PgConnection,
    rows: impl IntoIterator<Item = &'a ExecutionRow>,
) -> Result<(), FoldFault> {
    let mut rows: Vec<&ExecutionRow> = rows.into_iter().collect();
    if rows.is_empty() {
        return Ok(());
    }
    // Neighbours in the index are written together.
    rows.sort_unstable_by_key(|row| row.id);
    let outputs = rows.iter().map(|row| serde_json::to_string(&row.trigger_output)).collect::<Result<Vec<_>, _>>()?;
    let errors = rows
        .iter()
        .map(|row| row.error.as_ref().map(serde_json::to_string).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(UPSERT)
        .bind(tenant.0)
        .bind(column(&rows, |row| row.id.0))
        .bind(column(&rows, |row| row.workflow.0))
        .bind(column(&rows, |row| text(&row.workflow_name)))
        .bind(column(&rows, |row| version(row.version).0))
        .bind(column(&rows, |row| version(row.version).1))
        .bind(column(&rows, |row| mode_code(row.mode)))
        .bind(column(&rows, |row| row.status.code()))
        .bind(column(&rows, |row| row.trigger.0))
        .bind(column(&rows, |row| text(&row.trigger_kind)))
        .bind(outputs)
        .bind(column(&rows, |row| row.payload.map(|id| id.0)))
        .bind(column(&rows, |row| row.retry_of.map(|id| id.0)))
        .bind(column(&rows, |row| timestamptz(row.queued_at)))
        .bind(column(&rows, |row| row.started_at.map(timestamptz)))
        .bind(column(&rows, |row| row.finished_at.map(timestamptz)))
        .bind(column(&rows, |row| row.item_count as i64))
        .bind(errors)
        .bind(column(&rows, |row| row.open_waits as i32))
        .bind(column(&rows, |row| bigint(row.position)))
        .execute(connection)
        .await?;
    Ok(())
}

fn column<'a, R: ?Sized, T>(rows: &[&'a R], field: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(|row| field(row)).collect()
}

fn version(version: ExecutedVersion) -> (bool, i32) {
    match version {
        ExecutedVersion::Draft(number) => (true, number as i32),
        ExecutedVersion::Published(number) => (false, number as i32),
    }
}

/// Writes every step event of the batch.
pub(super) async fn steps(
    tenant: TenantId,
    connection: &mut PgConnection,
    steps: &[StepChange],
) -> Result<(), FoldFault> {
    if steps.is_empty() {
        return Ok(());
    }
    let steps: Vec<&StepChange> = steps.iter().collect();
    let details = steps.iter().map(|step| serde_json::to_string(&step.detail)).collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "insert into execution_steps (tenant_id, execution_id, position, node_id, iteration, attempt, payload_id, detail) \
         select $1, s.execution, s.position, s.node, s.iteration, s.attempt, s.payload, s.detail::json \
         from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::integer[], $6::integer[], $7::uuid[], $8::text[]) \
         as s(execution, position, node, iteration, attempt, payload, detail)",
    )
    .bind(tenant.0)
    .bind(column(&steps, |step| step.execution.0))
    .bind(column(&steps, |step| bigint(step.position)))
    .bind(column(&steps, |step| step.step.node.0))
    .bind(column(&steps, |step| step.step.iteration as i32))
    .bind(column(&steps, |step| step.step.attempt as i32))
    .bind(column(&steps, |step| step.payload.map(|id| id.0)))
    .bind(details)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn step_from_columns(row: &PgRow) -> Result<StepChange, QueryFault> {
    Ok(StepChange {
        execution: ExecutionId(row.try_get("execution_id")?),
        position: position(row.try_get("position")?),
        step: StepKey {
            node: NodeId(row.try_get("node_id")?),
            iteration: row.try_get::<i32, _>("iteration")? as u32,
            attempt: row.try_get::<i32, _>("attempt")? as u32,
        },
        payload: row.try_get::<Option<Uuid>, _>("payload_id")?.map(PayloadId),
        detail: serde_json::from_str(row.try_get("detail")?)?,
    })
}
