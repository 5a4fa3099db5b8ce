//! What every command that touches data opens: the database, the keys, the log, the read side.

use std::sync::Arc;

use anyhow::Context;
use weft_event_log::{MasterKey, MasterKeyOrigin, PgLog, PgLogSettings, PgLogTuning};
use weft_migrations::{Urls, migrate};
use weft_postgres::{Cluster, ClusterSettings};
use weft_scope::{PoolLimits, Scope, SystemPool};

use crate::settings::Settings;

/// The database's name in the private cluster.
const DATABASE: &str = "weft";

/// The database.
pub struct Database {
    /// The private cluster, where no other database was named.
    pub cluster: Option<Arc<Cluster>>,
    /// The addresses of the three roles.
    pub urls: Urls,
}

impl Database {
    /// Starts or adopts the private cluster, or goes to the named one, and brings its schema up to date.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let (cluster, url) = if let Some(url) = &settings.database_url {
            (None, url.clone())
        } else {
            std::fs::create_dir_all(&settings.data_dir)
                .with_context(|| format!("the data folder {} cannot be made", settings.data_dir.display()))?;
            let data_dir = settings.data_dir.canonicalize()?;
            let binaries = settings.postgres_bin.clone();
            let cluster = Cluster::start(ClusterSettings { binaries, ..ClusterSettings::new(data_dir) }).await?;
            let url = cluster.ensure_database(DATABASE).await?;
            (Some(Arc::new(cluster)), url)
        };
        let urls = migrate(&url).await?;
        Ok(Self { cluster, urls })
    }

    /// Gives the private cluster back; the last one to leave stops it.
    pub async fn close(self) -> anyhow::Result<()> {
        // Whoever watched over the cluster has ended by now.
        if let Some(cluster) = self.cluster.and_then(Arc::into_inner) {
            cluster.leave().await?;
        }
        Ok(())
    }
}

/// The log with everything that it is made of.
pub struct Resources {
    /// The database.
    pub database: Database,
    /// Connections of one tenant at a time.
    pub scope: Scope,
    /// Connections for functions across tenants.
    pub system: SystemPool,
    /// Each tenant's log.
    pub log: Arc<PgLog>,
    /// What every other secret is made from.
    pub master_key: MasterKey,
}

impl Resources {
    /// Opens everything.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let database = Database::open(settings).await?;
        let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await?;
        let system = SystemPool::connect(&database.urls.system, PoolLimits::default()).await?;
        let master_key = master_key(settings)?;
        let log = PgLog::open(PgLogSettings {
            scope: scope.clone(),
            system: system.clone(),
            master_key: master_key.clone(),
            blob_folder: settings.data_dir.join("blobs"),
            tuning: PgLogTuning::default(),
        })
        .await?;
        Ok(Self { database, scope, system, log: Arc::new(log), master_key })
    }

    /// Gives the private cluster back. Connections end with the process: tasks of the log hold some for as long as they
    /// live, so that waiting for all of them would never end.
    pub async fn close(self) -> anyhow::Result<()> {
        drop(self.log);
        self.database.close().await
    }
}

fn master_key(settings: &Settings) -> anyhow::Result<MasterKey> {
    if let Some(file) = &settings.master_key_file {
        return Ok(MasterKey::from_file(file)?);
    }
    std::fs::create_dir_all(&settings.data_dir)?;
    let file = settings.data_dir.join("master.key");
    let (key, origin) = MasterKey::load_or_create(&file)?;
    if origin == MasterKeyOrigin::Created {
        tracing::warn!(
            file = %file.display(),
            "A master key was made. Keep a copy of it in a safe place: without it nobody can read the log."
        );
    }
    Ok(key)
}
