//! Reading members.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use weft_model::member::Role;
use weft_model::{IdentityId, MemberId, TenantId};

use super::role_of_word;
use crate::stored::timestamptz;
use crate::{Page, PageRequest, QueryFault};

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The membership.
    pub id: MemberId,
    /// Who signs in as this member.
    pub identity: IdentityId,
    /// What the person may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Whether the person belongs to the tenant no longer.
    pub is_removed: bool,
}

/// The place of a member in the list: those who joined first come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the person joined.
    pub joined_at: Timestamp,
    /// Which one, among those of the same moment.
    pub id: MemberId,
}

impl From<&MemberRow> for Cursor {
    fn from(row: &MemberRow) -> Self {
        Self { joined_at: row.joined_at, id: row.id }
    }
}

fn from_columns(row: &PgRow) -> Result<MemberRow, QueryFault> {
    let role: String = row.try_get("role")?;
    let unknown = || sqlx::Error::ColumnDecode { index: "role".into(), source: "the word stands for no role".into() };
    Ok(MemberRow {
        id: MemberId(row.try_get("member_id")?),
        identity: IdentityId(row.try_get("identity_id")?),
        role: role_of_word(&role).ok_or_else(unknown)?,
        joined_at: row.try_get::<jiff_sqlx::Timestamp, _>("joined_at")?.to_jiff(),
        is_removed: row.try_get("is_removed")?,
    })
}

macro_rules! list_statement {
    ($direction:literal) => {
        concat!(
            "select member_id, identity_id, role, joined_at, false as is_removed from members \
             where tenant_id = $1 and removed_at is null \
             and (joined_at, member_id) > (coalesce($2, '-infinity'::timestamptz), \
             coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)) \
             and (joined_at, member_id) < (coalesce($4, 'infinity'::timestamptz), \
             coalesce($5, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) \
             order by joined_at ",
            $direction,
            ", member_id ",
            $direction,
            " limit $6"
        )
    };
}

/// A page of the people who belong to the tenant now.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    page: &PageRequest<Cursor>,
) -> Result<Page<MemberRow>, QueryFault> {
    let statement = if page.is_forward() { list_statement!("asc") } else { list_statement!("desc") };
    let rows = sqlx::query(statement)
        .bind(tenant.0)
        .bind(page.after.map(|cursor| timestamptz(cursor.joined_at)))
        .bind(page.after.map(|cursor| cursor.id.0))
        .bind(page.before.map(|cursor| timestamptz(cursor.joined_at)))
        .bind(page.before.map(|cursor| cursor.id.0))
        .bind(page.probe())
        .fetch_all(connection)
        .await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// How many people belong to the tenant now.
pub async fn count(tenant: TenantId, connection: &mut PgConnection) -> Result<u64, QueryFault> {
    let count: i64 = sqlx::query_scalar("select count(*) from members where tenant_id = $1 and removed_at is null")
        .bind(tenant.0)
        .fetch_one(connection)
        .await?;
    Ok(count as u64)
}

/// The members with these ids, those who left included.
pub async fn by_ids(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, MemberRow>, QueryFault> {
    let rows = sqlx::query(
        "select member_id, identity_id, role, joined_at, removed_at is not null as is_removed from members \
         where tenant_id = $1 and member_id = any($2)",
    )
    .bind(tenant.0)
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.id, row))).collect()
}

/// The membership of each of these people, those who left included; who never was a member is left out.
pub async fn by_identities(
    tenant: TenantId,
    connection: &mut PgConnection,
    identities: &[IdentityId],
) -> Result<HashMap<IdentityId, MemberRow>, QueryFault> {
    let rows = sqlx::query(
        "select member_id, identity_id, role, joined_at, removed_at is not null as is_removed from members \
         where tenant_id = $1 and identity_id = any($2) order by joined_at",
    )
    .bind(tenant.0)
    .bind(identities.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.identity, row))).collect()
}
