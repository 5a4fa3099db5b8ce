//! How far each projection has folded a tenant's log, and in which generation.

use std::collections::HashMap;

use sqlx::PgConnection;
use weft_model::{Position, TenantId};

/// A generation of a projection's tables; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Generation(pub i32);

/// One projection's checkpoint, locked by the transaction that read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    pub generation: Generation,
    pub position: Position,
    pub is_parked: bool,
}

/// Locks the checkpoints of these projections in their live generations; `None` when another process holds one of them.
pub(crate) async fn lock_live(
    tenant: TenantId,
    connection: &mut PgConnection,
    names: &[&str],
) -> Result<Option<HashMap<String, Checkpoint>>, sqlx::Error> {
    let locked = lock_existing(tenant, connection, names).await?;
    if locked.len() == names.len() {
        return Ok(Some(locked));
    }
    // Rows are missing (a new tenant or projection) or locked. Making the missing ones and asking again tells which.
    make_missing(tenant, connection, names).await?;
    let locked = lock_existing(tenant, connection, names).await?;
    Ok((locked.len() == names.len()).then_some(locked))
}

async fn lock_existing(
    tenant: TenantId,
    connection: &mut PgConnection,
    names: &[&str],
) -> Result<HashMap<String, Checkpoint>, sqlx::Error> {
    let rows: Vec<(String, i32, i64, bool)> = sqlx::query_as(
        "select c.projection, c.generation, c.position, c.parked_position is not null \
         from weft.projection_checkpoints c \
         where c.tenant_id = $1 and c.projection = any($2) and c.generation = coalesce((select l.generation \
         from weft.projection_live l where l.tenant_id = $1 and l.projection = c.projection), 1) \
         order by c.projection for update of c skip locked",
    )
    .bind(tenant.0)
    .bind(names)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(into_checkpoint).collect())
}

async fn make_missing(tenant: TenantId, connection: &mut PgConnection, names: &[&str]) -> Result<(), sqlx::Error> {
    // In one order, so that two processes that meet a new tenant do not wait for each other in a circle.
    sqlx::query(
        "insert into weft.projection_checkpoints (tenant_id, projection, generation) \
         select $1, n.projection, coalesce((select l.generation from weft.projection_live l \
         where l.tenant_id = $1 and l.projection = n.projection), 1) \
         from unnest($2::text[]) as n(projection) order by n.projection on conflict do nothing",
    )
    .bind(tenant.0)
    .bind(names)
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the checkpoints of these projections in one generation that is being built, making them where they are missing.
pub(crate) async fn lock_generation(
    tenant: TenantId,
    connection: &mut PgConnection,
    names: &[&str],
    generation: Generation,
) -> Result<HashMap<String, Checkpoint>, sqlx::Error> {
    sqlx::query(
        "insert into weft.projection_checkpoints (tenant_id, projection, generation) \
         select $1, n.projection, $3 from unnest($2::text[]) as n(projection) order by n.projection on conflict do nothing",
    )
    .bind(tenant.0)
    .bind(names)
    .bind(generation.0)
    .execute(&mut *connection)
    .await?;
    let rows: Vec<(String, i32, i64, bool)> = sqlx::query_as(
        "select projection, generation, position, parked_position is not null from weft.projection_checkpoints \
         where tenant_id = $1 and projection = any($2) and generation = $3 order by projection for update",
    )
    .bind(tenant.0)
    .bind(names)
    .bind(generation.0)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(into_checkpoint).collect())
}

fn into_checkpoint((name, generation, position, is_parked): (String, i32, i64, bool)) -> (String, Checkpoint) {
    let checkpoint = Checkpoint { generation: Generation(generation), position: Position(position as u64), is_parked };
    (name, checkpoint)
}

/// Names the tables of the live generations. Only right while the checkpoints are locked: a switch needs the same locks.
pub(crate) async fn use_live_tables(tenant: TenantId, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Rows and checkpoint are lost together should the database die right after the commit, and are folded again; so nobody
    // waits for the disk here, and the log's own commits have it to themselves.
    let settings = "select set_config('search_path', weft.projection_path($1), true), \
                    set_config('synchronous_commit', 'off', true)";
    sqlx::query(settings).bind(tenant.0).execute(connection).await?;
    Ok(())
}

/// Moves checkpoints forward.
pub(crate) async fn advance(
    tenant: TenantId,
    connection: &mut PgConnection,
    moved: &[(&str, Generation)],
    position: Position,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update weft.projection_checkpoints c set position = $4 \
         from unnest($2::text[], $3::integer[]) as m(projection, generation) \
         where c.tenant_id = $1 and c.projection = m.projection and c.generation = m.generation and c.position < $4",
    )
    .bind(tenant.0)
    .bind(moved.iter().map(|(name, _)| *name).collect::<Vec<_>>())
    .bind(moved.iter().map(|(_, generation)| generation.0).collect::<Vec<_>>())
    .bind(position.0 as i64)
    .execute(connection)
    .await?;
    Ok(())
}

/// Stops a projection of a tenant at an event that cannot be folded.
pub(crate) async fn park(
    tenant: TenantId,
    connection: &mut PgConnection,
    (name, generation): (&str, Generation),
    position: Position,
    reason: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update weft.projection_checkpoints set parked_position = $4, parked_reason = $5, parked_at = now() \
         where tenant_id = $1 and projection = $2 and generation = $3",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(generation.0)
    .bind(position.0 as i64)
    .bind(reason.replace('\0', "\u{fffd}"))
    .execute(connection)
    .await?;
    Ok(())
}

/// How far the slowest of these projections is, those that are parked aside; no lock is taken.
pub(crate) async fn folded(
    tenant: TenantId,
    connection: &mut PgConnection,
    names: &[&str],
) -> Result<Position, sqlx::Error> {
    let position: i64 = sqlx::query_scalar(
        "select coalesce(min(coalesce(c.position, 0)) filter (where c.parked_position is null), 0)::bigint \
         from unnest($2::text[]) as n(projection) \
         left join weft.projection_live l on l.tenant_id = $1 and l.projection = n.projection \
         left join weft.projection_checkpoints c on c.tenant_id = $1 and c.projection = n.projection \
         and c.generation = coalesce(l.generation, 1)",
    )
    .bind(tenant.0)
    .bind(names)
    .fetch_one(connection)
    .await?;
    Ok(Position(position as u64))
}
