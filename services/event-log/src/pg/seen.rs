//! What nodes have seen, in the tables of migrations/0088.

use async_trait::async_trait;
use weft_model::TenantId;

use super::PgLog;
use crate::{LogFault, MAX_SEEN, MarkKind, Seen, SeenBy, SeenDigest, SeenPlace};

#[async_trait]
impl Seen for PgLog {
    async fn see_values(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        values: &[SeenDigest],
        history: u32,
    ) -> Result<Vec<bool>, LogFault> {
        let digests: Vec<&[u8]> = values.iter().map(|digest| &digest.0[..]).collect();
        let mut transaction = self.inner.system.begin().await?;
        let answer = sqlx::query_scalar("select see_values($1, $2, $3, $4, $5, $6)")
            .bind(tenant.0)
            .bind(place.workflow.0)
            .bind(place.node_or_nil())
            .bind(by.map(|by| by.step))
            .bind(digests)
            .bind(i64::from(history.min(MAX_SEEN)))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(answer)
    }

    async fn see_mark(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        (kind, to): (MarkKind, f64),
    ) -> Result<Option<f64>, LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        let before = sqlx::query_scalar("select see_mark($1, $2, $3, $4, $5, $6, $7)")
            .bind(tenant.0)
            .bind(place.workflow.0)
            .bind(place.node_or_nil())
            .bind(kind.as_str())
            .bind(by.map(|by| by.execution.0))
            .bind(by.map(|by| by.step))
            .bind(to)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(before)
    }

    async fn forget_seen(&self, tenant: TenantId, place: SeenPlace) -> Result<(), LogFault> {
        let mut transaction = self.inner.system.begin().await?;
        sqlx::query("select forget_seen($1, $2, $3)")
            .bind(tenant.0)
            .bind(place.workflow.0)
            .bind(place.node_or_nil())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}
