//! Rows to columns and back.

use std::collections::{BTreeSet, HashMap};

use sqlx::{PgConnection, Row};
use weft_model::workflow::{Change, EditCause};
use weft_model::{Actor, GroupId, StreamVersion, TenantId, WorkflowId};

use super::query::{columns, from_columns};
use super::{State, cause_word};
use crate::stored::{actor, bigint, text, timestamptz};
use crate::{Fact, FoldFault};

pub(super) async fn load(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &BTreeSet<WorkflowId>,
) -> Result<HashMap<WorkflowId, State>, FoldFault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        ", definition::text from workflows where tenant_id = $1 and workflow_id = any($2)"
    ))
    .bind(tenant.0)
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut states = HashMap::new();
    for row in &rows {
        let state = State { row: from_columns(row)?, definition: serde_json::from_str(row.try_get("definition")?)? };
        states.insert(state.row.id, state);
    }
    Ok(states)
}

pub(super) async fn store(tenant: TenantId, connection: &mut PgConnection, state: &State) -> Result<(), FoldFault> {
    let row = &state.row;
    sqlx::query(
        "insert into workflows (tenant_id, workflow_id, position, name, sort_name, state, is_archived, draft_version, \
         published_number, published_draft, kinds, created_at, changed_at, owner_id, definition) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::json) \
         on conflict (tenant_id, workflow_id) do update set position = excluded.position, name = excluded.name, \
         sort_name = excluded.sort_name, state = excluded.state, is_archived = excluded.is_archived, \
         draft_version = excluded.draft_version, published_number = excluded.published_number, \
         published_draft = excluded.published_draft, kinds = excluded.kinds, changed_at = excluded.changed_at, \
         definition = excluded.definition",
    )
    .bind(tenant.0)
    .bind(row.id.0)
    .bind(bigint(row.position))
    .bind(text(&row.name))
    .bind(text(&row.name.to_lowercase()))
    .bind(row.state.word())
    .bind(row.is_archived)
    .bind(row.draft_version.0 as i32)
    .bind(row.published.map(|number| number as i32))
    .bind(row.published_draft.map(|version| version.0 as i32))
    .bind(row.kinds.iter().map(|kind| text(kind)).collect::<Vec<_>>())
    .bind(timestamptz(row.created_at))
    .bind(timestamptz(row.changed_at))
    .bind(row.owner.map(|owner| owner.0))
    .bind(serde_json::to_string(&state.definition)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a definition for ever: the one that the workflow began with (no number), or a published one.
pub(super) async fn fixed(
    tenant: TenantId,
    connection: &mut PgConnection,
    state: &State,
    fact: &Fact,
    published: Option<(u32, StreamVersion)>,
) -> Result<(), FoldFault> {
    let (number, draft) = published.unwrap_or((0, fact.version));
    sqlx::query(
        "insert into workflow_versions (tenant_id, workflow_id, number, draft_version, fixed_at, fixed_by, definition) \
         values ($1, $2, $3, $4, $5, $6, $7::json)",
    )
    .bind(tenant.0)
    .bind(state.row.id.0)
    .bind(number as i32)
    .bind(draft.0 as i32)
    .bind(timestamptz(fact.recorded_at))
    .bind(actor(fact.actor))
    .bind(serde_json::to_string(&state.definition)?)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct Edit<'a> {
    pub group: GroupId,
    pub by: Actor,
    pub cause: EditCause,
    pub changes: &'a [Change],
}

pub(super) async fn edit(
    tenant: TenantId,
    connection: &mut PgConnection,
    id: WorkflowId,
    fact: &Fact,
    edit: &Edit<'_>,
) -> Result<(), FoldFault> {
    sqlx::query(
        "insert into workflow_edits (tenant_id, workflow_id, version, group_id, edited_by, cause, changes) \
         values ($1, $2, $3, $4, $5, $6, $7::json)",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(fact.version.0 as i32)
    .bind(edit.group.0)
    .bind(actor(edit.by))
    .bind(cause_word(edit.cause))
    .bind(serde_json::to_string(edit.changes)?)
    .execute(connection)
    .await?;
    Ok(())
}
