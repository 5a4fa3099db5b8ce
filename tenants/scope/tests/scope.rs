//! Scopes on a real database: what a tenant sees, and what happens when the database goes away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use weft_migrations::migrate;
use weft_migrations::testing::TestDatabase;
use weft_model::TenantId;
use weft_postgres::{Cluster, ClusterSettings, Durability, StopMode};
use weft_scope::{PoolLimits, SchemaName, Scope, SystemPool};

const ACME: TenantId = TenantId(Uuid::from_u128(1));
const GLOBEX: TenantId = TenantId(Uuid::from_u128(2));

fn limits(connections: u32) -> PoolLimits {
    PoolLimits { connections, wait: Duration::from_secs(10) }
}

async fn with_two_tenants() -> (TestDatabase, Scope) {
    let database = TestDatabase::create().await.unwrap();
    let mut admin = PgConnection::connect(&database.admin_url()).await.unwrap();
    for (tenant, slug) in [(ACME, "acme"), (GLOBEX, "globex")] {
        let statement =
            "insert into weft.tenants (tenant_id, slug, name, product_name, accent_color) values ($1, $2, $2, $2, '')";
        sqlx::query(statement).bind(tenant.0).bind(slug).execute(&mut admin).await.unwrap();
    }
    let scope = Scope::connect(&database.urls.app, limits(4)).await.unwrap();
    (database, scope)
}

async fn slugs(scope: &Scope, tenant: TenantId) -> Vec<String> {
    let mut transaction = scope.tenant(tenant).begin().await.unwrap();
    sqlx::query_scalar("select slug from tenants").fetch_all(&mut *transaction).await.unwrap()
}

#[tokio::test]
async fn each_tenant_sees_its_own_rows_on_the_same_connections() {
    let (_database, scope) = with_two_tenants().await;
    for _ in 0..8 {
        assert_eq!(slugs(&scope, ACME).await, ["acme"]);
        assert_eq!(slugs(&scope, GLOBEX).await, ["globex"]);
        assert_eq!(slugs(&scope, TenantId(Uuid::from_u128(3))).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_generations_tables_come_before_weft_s_own() {
    let (database, scope) = with_two_tenants().await;
    let mut owner = PgConnection::connect(&database.urls.owner).await.unwrap();
    let generation = "call open_generation('shadow_2');
        create table shadow_2.tenants (tenant_id uuid primary key, slug text);
        call police('shadow_2.tenants', 'select');
        insert into shadow_2.tenants values ('00000000-0000-0000-0000-000000000001', 'from the generation')";
    sqlx::raw_sql(generation).execute(&mut owner).await.unwrap();
    let reading = scope.tenant(ACME).reading([SchemaName::new("shadow_2").unwrap()]);
    let mut transaction = reading.begin().await.unwrap();
    let slug: String = sqlx::query_scalar("select slug from tenants").fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(slug, "from the generation");
    drop(transaction);
    assert_eq!(slugs(&scope, ACME).await, ["acme"], "the next transaction reads the usual table");
}

#[tokio::test]
async fn a_snapshot_does_not_move_and_does_not_write() {
    let (_database, scope) = with_two_tenants().await;
    let mut snapshot = scope.tenant(ACME).begin_snapshot().await.unwrap();
    let settings: (String, String) =
        sqlx::query_as("select current_setting('transaction_isolation'), current_setting('transaction_read_only')")
            .fetch_one(&mut *snapshot)
            .await
            .unwrap();
    assert_eq!(settings, ("repeatable read".to_owned(), "on".to_owned()));
}

#[tokio::test]
async fn killed_connections_are_replaced_and_nobody_notices() {
    let (database, scope) = with_two_tenants().await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(scope.tenant(ACME).begin().await.unwrap());
    }
    for transaction in open {
        transaction.rollback().await.unwrap();
    }
    let mut admin = PgConnection::connect(&database.admin_url()).await.unwrap();
    let kill = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()";
    let killed: i64 = sqlx::query_scalar(kill).fetch_one(&mut admin).await.unwrap();
    assert!(killed >= 4, "{killed}");
    for _ in 0..4 {
        assert_eq!(slugs(&scope, ACME).await, ["acme"]);
    }
}

#[tokio::test]
async fn who_waits_too_long_for_a_connection_is_told_so() {
    let (database, _) = with_two_tenants().await;
    let impatient = PoolLimits { connections: 1, wait: Duration::from_millis(50) };
    let scope = Scope::connect(&database.urls.app, impatient).await.unwrap();
    let busy = scope.tenant(ACME).begin().await.unwrap();
    let began = Instant::now();
    let refused = scope.tenant(GLOBEX).begin().await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(refused.to_string(), "The database is not available right now. Try again in a moment.");
    busy.commit().await.unwrap();
    scope.tenant(GLOBEX).begin().await.unwrap();
}

#[tokio::test]
async fn after_a_restart_of_the_database_the_same_pools_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        ClusterSettings { durability: Durability::None, max_connections: 30, ..ClusterSettings::new(folder.path()) };
    let cluster = Cluster::start(settings).await.unwrap();
    let urls = migrate(&cluster.ensure_database("weft").await.unwrap()).await.unwrap();
    let scope = Scope::connect(&urls.app, limits(3)).await.unwrap();
    let system = SystemPool::connect(&urls.system, limits(3)).await.unwrap();
    for mode in [StopMode::Fast, StopMode::Immediate] {
        let mut open = Vec::new();
        for _ in 0..3 {
            open.push(scope.tenant(ACME).begin().await.unwrap());
        }
        drop(open);
        cluster.restart(mode).await.unwrap();
        for _ in 0..3 {
            scope.tenant(ACME).begin().await.unwrap().commit().await.unwrap();
            system.ping().await.unwrap();
        }
    }
    cluster.leave().await.unwrap();
    let impatient = PoolLimits { connections: 1, wait: Duration::from_millis(50) };
    assert!(scope.ping().await.is_err(), "the database is away");
    assert!(Scope::connect(&urls.app, impatient).await.is_err());
    assert!(Scope::lazy(&urls.app, impatient).is_ok());
}

#[tokio::test]
async fn the_system_role_executes_functions_and_reads_no_table() {
    let (database, _) = with_two_tenants().await;
    let system = SystemPool::connect(&database.urls.system, limits(2)).await.unwrap();
    let mut connection = system.acquire().await.unwrap();
    let count: i64 =
        sqlx::query_scalar("select count(*) from all_tenants()").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(count, 2);
    let refused = sqlx::query("select * from tenants").execute(&mut *connection).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"));
}

#[tokio::test]
async fn a_listener_hears_what_another_connection_says() {
    let (database, _) = with_two_tenants().await;
    let system = SystemPool::connect(&database.urls.system, limits(2)).await.unwrap();
    let mut listener = system.listen(&["heads"]).await.unwrap();
    let mut connection = system.acquire().await.unwrap();
    sqlx::query("select pg_notify('heads', 'acme 7')").execute(&mut *connection).await.unwrap();
    assert_eq!(listener.recv().await.unwrap().payload(), "acme 7");
}
