//! How much PostgreSQL has written to its write-ahead log.

use sqlx::Connection;

/// Bytes since the cluster was made, as seen by that role of the database.
pub async fn position(url: &str) -> anyhow::Result<f64> {
    let mut connection = sqlx::PgConnection::connect(url).await?;
    let statement = "select (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8";
    let position = sqlx::query_scalar(statement).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(position)
}
