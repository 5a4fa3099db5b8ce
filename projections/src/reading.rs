//! Opening a transaction that reads.

use sqlx::PgConnection;
use weft_model::TenantId;
use weft_scope::{Scope, TenantTransaction};

use crate::QueryFault;

/// Opens a transaction that reads the tenant's live rows: one snapshot for all statements, the generations that are live in it.
///
/// ```no_run
/// # async fn example(scope: weft_scope::Scope, tenant: weft_model::TenantId) -> Result<(), weft_projections::QueryFault> {
/// let mut reading = weft_projections::reading(&scope, tenant).await?;
/// let variables = weft_projections::variables::all(tenant, &mut reading).await?;
/// # Ok(()) }
/// ```
pub async fn reading(scope: &Scope, tenant: TenantId) -> Result<TenantTransaction, QueryFault> {
    let mut transaction = scope.tenant(tenant).begin_snapshot().await?;
    // Lists leave parameters out ("no cursor", "no moment"). A plan for whatever they may be cannot use them to begin in the
    // middle of an index and walks from its end: with a million executions a second instead of a millisecond.
    let settings = "select set_config('search_path', weft.projection_path($1), true), \
                    set_config('plan_cache_mode', 'force_custom_plan', true)";
    sqlx::query(settings).bind(tenant.0).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// A digest of a tenant's rows in one table of the read side, whatever their order: equal rows, equal digest. For checks that
/// the live rows are what the log folds to.
pub async fn digest(connection: &mut PgConnection, tenant: TenantId, table: &str) -> Result<String, QueryFault> {
    let quoted = table.replace('"', "\"\"");
    let statement = format!(
        "select coalesce(md5(string_agg(t::text, E'\\n' order by t::text)), '') from \"{quoted}\" t where t.tenant_id = $1"
    );
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).bind(tenant.0).fetch_one(connection).await?)
}
