//! Reading credentials.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;
use weft_model::credential::TestOutcome;
use weft_model::{CredentialId, TenantId};

use super::outcome_of_word;
use crate::{Page, PageRequest, QueryFault};

/// One credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRow {
    /// The credential.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// What the list is ordered by.
    pub sort_name: String,
    /// Its type.
    pub kind: String,
    /// The number of its secret.
    pub version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name or its secret changed.
    pub changed_at: Timestamp,
    /// How the last trial of this secret ended.
    pub test: Option<Test>,
    /// A moment of the last day on which it was used.
    pub used_at: Option<Timestamp>,
}

/// A trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Test {
    /// How it ended.
    pub outcome: TestOutcome,
    /// When.
    pub at: Timestamp,
}

/// The place of a credential in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its name in lower case.
    pub sort_name: String,
    /// Its id.
    pub id: Uuid,
}

impl From<&CredentialRow> for Cursor {
    fn from(row: &CredentialRow) -> Self {
        Self { sort_name: row.sort_name.clone(), id: row.id.0 }
    }
}

macro_rules! columns {
    () => {
        "credential_id, name, sort_name, kind, version, created_at, changed_at, test_outcome, tested_at, used_at"
    };
}

fn from_columns(row: &PgRow) -> Result<CredentialRow, QueryFault> {
    let moment = |column: &str| -> Result<Option<Timestamp>, sqlx::Error> {
        Ok(row.try_get::<Option<jiff_sqlx::Timestamp>, _>(column)?.map(jiff_sqlx::Timestamp::to_jiff))
    };
    let outcome: Option<String> = row.try_get("test_outcome")?;
    let outcome = outcome.as_deref().and_then(outcome_of_word);
    Ok(CredentialRow {
        id: CredentialId(row.try_get("credential_id")?),
        name: row.try_get("name")?,
        sort_name: row.try_get("sort_name")?,
        kind: row.try_get("kind")?,
        version: row.try_get::<i32, _>("version")? as u32,
        created_at: row.try_get::<jiff_sqlx::Timestamp, _>("created_at")?.to_jiff(),
        changed_at: row.try_get::<jiff_sqlx::Timestamp, _>("changed_at")?.to_jiff(),
        test: outcome.zip(moment("tested_at")?).map(|(outcome, at)| Test { outcome, at }),
        used_at: moment("used_at")?,
    })
}

macro_rules! list_statement {
    ($direction:literal) => {
        concat!(
            "select ",
            columns!(),
            " from credentials where tenant_id = $1 \
             and ($2::text is null or (sort_name collate \"C\", credential_id) > ($2, $3)) \
             and ($4::text is null or (sort_name collate \"C\", credential_id) < ($4, $5)) \
             and ($6::text is null or kind = $6) order by sort_name collate \"C\" ",
            $direction,
            ", credential_id ",
            $direction,
            " limit $7"
        )
    };
}

/// A page of credentials, by name; of one type where one is named.
pub async fn list(
    tenant: TenantId,
    connection: &mut PgConnection,
    kind: Option<&str>,
    page: &PageRequest<Cursor>,
) -> Result<Page<CredentialRow>, QueryFault> {
    let statement = if page.is_forward() { list_statement!("asc") } else { list_statement!("desc") };
    let rows = sqlx::query(statement)
        .bind(tenant.0)
        .bind(page.after.as_ref().map(|cursor| cursor.sort_name.as_str()))
        .bind(page.after.as_ref().map(|cursor| cursor.id))
        .bind(page.before.as_ref().map(|cursor| cursor.sort_name.as_str()))
        .bind(page.before.as_ref().map(|cursor| cursor.id))
        .bind(kind)
        .bind(page.probe())
        .fetch_all(connection)
        .await?;
    Ok(page.page(rows.iter().map(from_columns).collect::<Result<_, _>>()?))
}

/// How many credentials there are; of one type where one is named.
pub async fn count(tenant: TenantId, connection: &mut PgConnection, kind: Option<&str>) -> Result<u64, QueryFault> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from credentials where tenant_id = $1 and ($2::text is null or kind = $2)")
            .bind(tenant.0)
            .bind(kind)
            .fetch_one(connection)
            .await?;
    Ok(count as u64)
}

/// The credentials that are called exactly so.
pub async fn named(
    tenant: TenantId,
    connection: &mut PgConnection,
    names: &[&str],
) -> Result<Vec<CredentialRow>, QueryFault> {
    let rows = sqlx::query(concat!("select ", columns!(), " from credentials where tenant_id = $1 and name = any($2)"))
        .bind(tenant.0)
        .bind(names)
        .fetch_all(connection)
        .await?;
    rows.iter().map(from_columns).collect()
}

/// The credentials with these ids.
pub async fn by_ids(
    tenant: TenantId,
    connection: &mut PgConnection,
    ids: &[CredentialId],
) -> Result<HashMap<CredentialId, CredentialRow>, QueryFault> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from credentials where tenant_id = $1 and credential_id = any($2)"
    ))
    .bind(tenant.0)
    .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| from_columns(row).map(|row| (row.id, row))).collect()
}
