//! The whole application on a database of its own.

use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use weft_api::{App, AppParts};
use weft_engine::{EngineSettings, Services};
use weft_event_log::{MasterKey, PgLog, PgLogSettings, PgLogTuning};
use weft_graphql::{Language, session_data};
use weft_migrations::testing::TestDatabase;
use weft_projector::{Options, Projector};
use weft_scope::{PoolLimits, Scope, SystemPool};
use weft_tenants::RequestContext;

/// An application with its log, without a tenant. It ends with the value.
pub struct Ground {
    pub app: App,
    pub log: Arc<PgLog>,
    stop: CancellationToken,
    _database: TestDatabase,
    _folder: TempDir,
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Ground {
    pub async fn open(services: Services) -> Self {
        let database = TestDatabase::create().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let limits = PoolLimits { connections: 6, ..PoolLimits::default() };
        let scope = Scope::connect(&database.urls.app, limits).await.unwrap();
        let system = SystemPool::connect(&database.urls.system, limits).await.unwrap();
        let log = PgLog::open(PgLogSettings {
            scope: scope.clone(),
            system: system.clone(),
            master_key: MasterKey::generate(),
            blob_folder: folder.path().join("blobs"),
            tuning: PgLogTuning::default(),
        });
        let log = Arc::new(log.await.unwrap());
        let projector = Projector::new(Arc::clone(&log) as _, scope.clone(), Some(system.clone()), Options::default());
        let stop = CancellationToken::new();
        tokio::spawn({
            let (projector, stop) = (projector.clone(), stop.clone());
            async move { projector.run(stop).await }
        });
        let app = App::new(AppParts {
            scope,
            system,
            log: Arc::clone(&log),
            projector,
            session_secret: [1; 32],
            hook_secret: [2; 32],
            base_url: "http://localhost:8080".into(),
            services,
            engine: EngineSettings::default(),
        });
        Self { app: app.await.unwrap(), log, stop, _database: database, _folder: folder }
    }

    /// What the contract answers to `by`, without errors.
    pub async fn ask(&self, by: RequestContext, query: &str, variables: Value) -> Value {
        let mut request = async_graphql::Request::new(query).variables(async_graphql::Variables::from_json(variables));
        request.data = session_data(&self.app.schema, by, Language::default());
        let answer = self.app.schema.execute(request).await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        answer.data.into_json().unwrap()
    }
}
