//! The tenants' data keys, unwrapped and remembered.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use weft_model::TenantId;
use weft_scope::SystemPool;

use super::settings::OpenError;
use crate::sealing::DataKey;
use crate::{LogFault, MasterKey};

const FIRST_KEY: i32 = 1;

/// A tenant's data keys by number, in ascending order; the last one seals.
type TenantKeys = Vec<Arc<DataKey>>;

pub(super) struct KeyRing {
    system: SystemPool,
    master: MasterKey,
    known: RwLock<HashMap<TenantId, TenantKeys>>,
}

/// Refuses to go on with a master key that is not this database's. The first key to come becomes it.
pub(super) async fn prove(system: &SystemPool, master: &MasterKey) -> Result<(), OpenError> {
    let proof = master.fingerprint();
    let mut transaction = system.begin().await?;
    let kept: Vec<u8> =
        sqlx::query_scalar("select prove_master_key($1)").bind(&proof[..]).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    if kept == proof { Ok(()) } else { Err(OpenError::WrongMasterKey) }
}

impl KeyRing {
    pub(super) fn new(system: SystemPool, master: MasterKey) -> Self {
        Self { system, master, known: RwLock::default() }
    }

    /// The key that seals; a tenant's first one is made here.
    pub(super) async fn sealing(&self, tenant: TenantId) -> Result<Arc<DataKey>, LogFault> {
        if let Some(key) = self.known(tenant, |keys| keys.last().cloned()) {
            return Ok(key);
        }
        if self.load(tenant).await? == 0 {
            self.create(tenant).await?;
            self.load(tenant).await?;
        }
        self.known(tenant, |keys| keys.last().cloned()).ok_or(LogFault::KeyGone { tenant, key: FIRST_KEY })
    }

    /// The key of that number, for opening.
    pub(super) async fn opening(&self, tenant: TenantId, id: i32) -> Result<Arc<DataKey>, LogFault> {
        let find = |keys: &TenantKeys| keys.iter().find(|key| key.id == id).cloned();
        if let Some(key) = self.known(tenant, find) {
            return Ok(key);
        }
        self.load(tenant).await?;
        self.known(tenant, find).ok_or(LogFault::KeyGone { tenant, key: id })
    }

    fn known<T>(&self, tenant: TenantId, find: impl FnOnce(&TenantKeys) -> Option<T>) -> Option<T> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&tenant).and_then(find)
    }

    /// Reads the tenant's keys again; returns how many there are.
    async fn load(&self, tenant: TenantId) -> Result<usize, LogFault> {
        let mut transaction = self.system.begin().await?;
        let wrapped: Vec<(i32, Vec<u8>)> = sqlx::query_as("select key_id, wrapped from tenant_keys_of($1)")
            .bind(tenant.0)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let unwrap = |(id, wrapped): (i32, Vec<u8>)| self.master.unwrap_data_key(tenant, id, &wrapped).map(Arc::new);
        let keys: TenantKeys = wrapped
            .into_iter()
            .map(unwrap)
            .collect::<Result<_, _>>()
            .map_err(|_| LogFault::WrongMasterKey { tenant })?;
        let count = keys.len();
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(tenant, keys);
        Ok(count)
    }

    /// When another process makes the first key at the same moment, one of the two is kept.
    async fn create(&self, tenant: TenantId) -> Result<(), LogFault> {
        let unreadable = |fault: crate::sealing::SealFault| LogFault::Unreadable { tenant, reason: fault.reason() };
        let wrapped = self.master.new_data_key(tenant, FIRST_KEY).map_err(unreadable)?;
        let mut transaction = self.system.begin().await?;
        sqlx::query("select add_tenant_key($1, $2, $3)")
            .bind(tenant.0)
            .bind(FIRST_KEY)
            .bind(wrapped)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
