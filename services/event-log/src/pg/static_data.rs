//! What the code of workflows keeps for its next executions: one row an entry, sealed.
//!
//! It lies beside the log, since it is a state that is written again and again and of which only the last one matters. The append of
//! the step that changed an entry writes it, so that it is there exactly when the step is. A row is found by a digest of its place
//! and key, since a key may be somebody's address.

use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_model::{NodeId, TenantId, WorkflowId};

use super::PgLog;
use crate::sealing::{Context, Encoding, Opener, SealFault, Sealer};
use crate::{LogFault, StaticEntry};

/// An entry as `apply_companions` takes it.
#[derive(Serialize)]
#[serde(tag = "kind", rename = "keepStaticData", rename_all = "camelCase")]
pub(super) struct StaticCompanion {
    workflow: WorkflowId,
    node: Option<NodeId>,
    digest: String,
    key_id: i32,
    /// Key and value, sealed, in hexadecimal; nothing takes the row away.
    pub(super) data: Option<String>,
}

impl StaticCompanion {
    pub(super) fn seal(
        tenant: TenantId,
        workflow: WorkflowId,
        entry: &StaticEntry,
        key_id: i32,
        sealer: &mut Sealer,
    ) -> Result<Self, SealFault> {
        let StaticEntry { node, key, value } = entry;
        let digest = digest(*node, key);
        let context = Context::Static { tenant, workflow, digest };
        let data = value.as_ref().map(|value| {
            let entry = serde_json::to_vec(&(key, value)).map_err(|_| SealFault::Sealing)?;
            sealer.seal(context, Encoding::Json, &entry).map(hex::encode)
        });
        Ok(Self { workflow, node: *node, digest: hex::encode(digest), key_id, data: data.transpose()? })
    }
}

/// SHA-256 of whose entry it is and what it is called.
fn digest(node: Option<NodeId>, key: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([u8::from(node.is_some())]);
    hash.update(node.map_or(Uuid::nil(), |node| node.0).as_bytes());
    hash.update(key.as_bytes());
    hash.finalize().into()
}

#[derive(sqlx::FromRow)]
struct Row {
    node_id: Option<Uuid>,
    digest: Vec<u8>,
    key_id: i32,
    data: Vec<u8>,
}

impl PgLog {
    pub(super) async fn read_static_data(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
    ) -> Result<Vec<StaticEntry>, LogFault> {
        let mut transaction = self.inner.scope.tenant(tenant).begin().await?;
        let rows: Vec<Row> = sqlx::query_as(
            "select node_id, digest, key_id, data from static_data where tenant_id = $1 and workflow_id = $2",
        )
        .bind(tenant.0)
        .bind(workflow.0)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let mut seals = Opener::default();
        let mut entries = Vec::with_capacity(rows.len());
        for Row { node_id, digest, key_id, data } in rows {
            let key = self.inner.keys.opening(tenant, key_id).await?;
            let digest = digest.try_into().map_err(|_| LogFault::Malformed("the digest of static data"))?;
            let context = Context::Static { tenant, workflow, digest };
            let opened = seals
                .open(&key, context, &data)
                .map_err(|fault| LogFault::Unreadable { tenant, reason: fault.reason() })?;
            let (key, value): (String, String) =
                serde_json::from_slice(&opened.content).map_err(|_| LogFault::Malformed("static data"))?;
            entries.push(StaticEntry { node: node_id.map(NodeId), key, value: Some(value) });
        }
        Ok(entries)
    }
}
