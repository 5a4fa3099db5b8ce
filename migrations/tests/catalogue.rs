//! What the database itself says about who may do what. A new table or function shows here before anybody forgets it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection};
use weft_migrations::UNPOLICED;
use weft_migrations::testing::TestDatabase;

async fn open() -> (TestDatabase, PgConnection) {
    let database = TestDatabase::create().await.unwrap();
    let connection = PgConnection::connect(&database.admin_url()).await.unwrap();
    (database, connection)
}

/// Roles are named after the template; the lists must not depend on that.
fn plain(role: &str) -> String {
    ["weft_owner", "weft_app", "weft_system"]
        .into_iter()
        .find(|plain| role.starts_with(plain))
        .map_or_else(|| role.to_owned(), str::to_owned)
}

const OURS: &str = "n.nspname !~ '^(pg_|information_schema$|public$)'";

#[tokio::test]
async fn every_table_is_policed_or_a_named_exception() {
    let (_database, mut connection) = open().await;
    let statement = format!(
        "select n.nspname || '.' || c.relname, c.relname::text, c.relrowsecurity and c.relforcerowsecurity,
            (select coalesce(array_agg(p.polname::text || ' ' || (select string_agg(rolname, ',') from pg_roles where oid = any (p.polroles)) order by p.polname), '{{}}') from pg_policy p where p.polrelid = c.oid)
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and {OURS} order by 1"
    );
    let tables: Vec<(String, String, bool, Vec<String>)> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut unpoliced = BTreeSet::new();
    for (name, table, is_closed, policies) in &tables {
        if !is_closed {
            unpoliced.insert(table.as_str());
            continue;
        }
        let policies: Vec<String> = policies.iter().map(|policy| plain_words(policy)).collect();
        assert_eq!(policies, ["all_tenants weft_owner", "one_tenant weft_app"], "{name}");
    }
    let named: BTreeSet<&str> = UNPOLICED.iter().map(|(table, _)| *table).collect();
    assert_eq!(unpoliced, named);
}

fn plain_words(text: &str) -> String {
    text.split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_tenants_policy_is_the_same_everywhere() {
    let (_database, mut connection) = open().await;
    let statement = "select distinct pg_get_expr(polqual, polrelid) || ' / ' || pg_get_expr(polwithcheck, polrelid)
         from pg_policy where polname = 'one_tenant'";
    let expressions: Vec<String> = sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap();
    assert_eq!(expressions.len(), 1, "{expressions:?}");
}

#[tokio::test]
async fn the_grants_are_these() {
    let (_database, mut connection) = open().await;
    let statement = format!(
        "select n.nspname || '.' || c.relname, r.rolname::text, string_agg(lower(a.privilege_type), ' ' order by a.privilege_type)
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         cross join aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
         where {OURS} and a.grantee <> c.relowner group by 1, 2
         union all
         select p.oid::regprocedure::text, r.rolname::text, 'execute' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         cross join aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
         where {OURS} and a.grantee <> p.proowner
         union all
         select 'schema ' || n.nspname, r.rolname::text, string_agg(lower(a.privilege_type), ' ' order by a.privilege_type)
         from pg_namespace n cross join aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
         where {OURS} and a.grantee <> n.nspowner group by 1, 2"
    );
    let grants: Vec<(String, String, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    let mut lines: Vec<String> =
        grants.into_iter().map(|(object, role, rights)| format!("{} {object}: {rights}", plain(&role))).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn the_public_may_do_nothing_and_the_system_role_reads_no_table() {
    let (_database, mut connection) = open().await;
    let statement = format!(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where {OURS} and has_function_privilege('public', p.oid, 'execute')
         union all
         select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where {OURS} and c.relkind in ('r', 'p', 'v', 'S') and
            (c.relkind <> 'S' and has_table_privilege('public', c.oid, 'select, insert, update, delete')
             or (select bool_or(case c.relkind when 'S' then has_sequence_privilege(r.oid, c.oid, 'usage, select, update')
                 else has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate') end)
                 from pg_roles r where r.rolname like 'weft\\_system\\_%'))"
    );
    let open: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    assert_eq!(open, Vec::<String>::new());
}

#[tokio::test]
async fn what_the_system_role_executes_cannot_be_misled() {
    let (_database, mut connection) = open().await;
    let statement = format!(
        "select p.oid::regprocedure::text, p.prosecdef, coalesce(p.proconfig, '{{}}') from pg_proc p
         join pg_namespace n on n.oid = p.pronamespace cross join aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
         where {OURS} and r.rolname like 'weft\\_system\\_%' and a.grantee <> p.proowner"
    );
    let functions: Vec<(String, bool, Vec<String>)> =
        sqlx::query_as(sqlx::AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
    assert!(!functions.is_empty());
    for (function, is_definer, settings) in functions {
        assert!(is_definer && settings.iter().any(|set| set == "search_path=weft, pg_temp"), "{function} {settings:?}");
    }
}

#[tokio::test]
async fn with_raw_sql_the_app_role_sees_its_tenant_alone() {
    let (database, mut connection) = open().await;
    for (number, slug) in [(1, "acme"), (2, "globex")] {
        let statement = format!(
            "insert into weft.tenants (tenant_id, slug, name, product_name, accent_color)
             values ('00000000-0000-0000-0000-00000000000{number}', '{slug}', '{slug}', '{slug}', '#000000')"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
    let mut app = PgConnection::connect(&database.urls.app).await.unwrap();
    let slugs = "select coalesce(string_agg(slug, ','), '') from tenants";
    let seen: String = sqlx::query_scalar(slugs).fetch_one(&mut app).await.unwrap();
    assert_eq!(seen, "", "outside of a tenant's transaction");

    let mut transaction = app.begin().await.unwrap();
    let enter = "select set_config('weft.tenant', '00000000-0000-0000-0000-000000000001', true)";
    sqlx::query(enter).execute(&mut *transaction).await.unwrap();
    let seen: String = sqlx::query_scalar(slugs).fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(seen, "acme");
    transaction.commit().await.unwrap();
    let seen: String = sqlx::query_scalar(slugs).fetch_one(&mut app).await.unwrap();
    assert_eq!(seen, "", "after the transaction");

    for refused in [
        "select * from identities",
        "select * from signing_keys",
        "select * from tenant_keys",
        "select * from refresh_tokens",
        "insert into tenants (tenant_id, slug, name, product_name, accent_color) values (gen_random_uuid(), 'x', 'x', 'x', 'x')",
        "select * from identity_by_email('owner@acme.example')",
        "set role weft_owner",
        "alter table tenants disable row level security",
        "drop policy one_tenant on tenants",
        "create table weft.mine (a int)",
        "truncate tenants",
    ] {
        let error = sqlx::query(refused).execute(&mut app).await.unwrap_err();
        let code = error.as_database_error().unwrap().code().unwrap().into_owned();
        assert!(["42501", "22023"].contains(&&*code), "{refused}: {error}");
    }
}
