//! Secrets beside the log: sealed, replaced, destroyed, and of one tenant.

use weft_event_log::{AppendRequest, Companion, Expected, Log, LogFault, PgLog, Secret};
use weft_model::{CredentialId, TenantId};
use zeroize::Zeroizing;

use crate::support::{TestLog, carrying, connect, fresh, request};

const PASSWORD: &[u8] = b"correct horse battery staple";
const USER: &[u8] = b"ada@example.com";

fn secret(hidden: &[u8]) -> Secret {
    Secret { hidden: Zeroizing::new(hidden.to_vec()), shown: Zeroizing::new(USER.to_vec()) }
}

async fn keep(log: &PgLog, tenant: TenantId, credential: CredentialId, version: u32, hidden: &[u8]) {
    let companion = log.seal_secret(tenant, credential, version, &secret(hidden)).await.unwrap();
    log.append(carrying(tenant, vec![companion])).await.unwrap();
}

async fn hidden(log: &PgLog, tenant: TenantId, credential: CredentialId) -> Option<(u32, Vec<u8>)> {
    let opened = log.open_secret(tenant, credential).await.unwrap();
    opened.map(|opened| (opened.version, opened.secret.hidden.to_vec()))
}

#[tokio::test]
async fn a_secret_is_kept_replaced_and_destroyed_with_the_append_that_says_so() {
    let test = TestLog::open().await;
    let (tenant, credential): (TenantId, CredentialId) = (fresh(), fresh());
    assert_eq!(hidden(&test.log, tenant, credential).await, None);
    keep(&test.log, tenant, credential, 1, PASSWORD).await;
    assert_eq!(hidden(&test.log, tenant, credential).await, Some((1, PASSWORD.to_vec())));
    let other_process = test.another().await;
    assert_eq!(hidden(&other_process, tenant, credential).await, Some((1, PASSWORD.to_vec())));
    let shown = other_process.shown_of_secrets(tenant, &[credential, fresh()]).await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(&**shown[&credential], USER);

    keep(&test.log, tenant, credential, 2, b"new").await;
    assert_eq!(hidden(&test.log, tenant, credential).await, Some((2, b"new".to_vec())));
    let sealed = test.log.seal_secret(tenant, credential, 3, &secret(b"never")).await.unwrap();
    let lost = AppendRequest {
        companions: vec![sealed],
        ..request(tenant, fresh(), Expected::Exactly(weft_model::StreamVersion(7)))
    };
    test.log.append(lost).await.unwrap_err();
    assert_eq!(
        hidden(&test.log, tenant, credential).await,
        Some((2, b"new".to_vec())),
        "a refused append keeps nothing"
    );

    test.log.append(carrying(tenant, vec![Companion::DestroySecret { credential }])).await.unwrap();
    assert_eq!(hidden(&test.log, tenant, credential).await, None);
    let rows: i64 =
        sqlx::query_scalar("select count(*) from secrets").fetch_one(&mut test.superuser().await).await.unwrap();
    assert_eq!(rows, 0, "the row is gone");
}

#[tokio::test]
async fn nothing_of_a_secret_can_be_read_in_the_database() {
    let test = TestLog::open().await;
    let (tenant, credential): (TenantId, CredentialId) = (fresh(), fresh());
    keep(&test.log, tenant, credential, 1, PASSWORD).await;
    let mut superuser = test.superuser().await;
    let stored: Vec<Vec<u8>> = sqlx::query_scalar("select hidden from secrets union all select shown from secrets")
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    assert_eq!(stored.len(), 2);
    for (bytes, plain) in stored.iter().zip([PASSWORD, USER]) {
        assert!(!bytes.windows(4).any(|window| plain.windows(4).any(|part| part == window)));
    }
}

#[tokio::test]
async fn another_tenant_sees_no_secret_and_can_write_none() {
    let test = TestLog::open().await;
    let (tenant, other, credential): (TenantId, TenantId, CredentialId) = (fresh(), fresh(), fresh());
    keep(&test.log, tenant, credential, 1, PASSWORD).await;
    keep(&test.log, other, fresh(), 1, b"other").await;
    assert_eq!(hidden(&test.log, other, credential).await, None);
    assert!(test.log.shown_of_secrets(other, &[credential]).await.unwrap().is_empty());

    let mut app = connect(&test.database.urls.app).await;
    let enter = format!("select set_config('weft.tenant', '{other}', false)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(enter)).execute(&mut app).await.unwrap();
    let seen: Vec<uuid::Uuid> =
        sqlx::query_scalar("select distinct tenant_id from secrets").fetch_all(&mut app).await.unwrap();
    assert_eq!(seen, [other.0]);
    for refused in ["delete from secrets", "update secrets set version = 9", "select * from secret_uses"] {
        let error = sqlx::query(refused).execute(&mut app).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{refused}");
    }
    let mut system = connect(&test.database.urls.system).await;
    sqlx::query("select * from secrets").execute(&mut system).await.unwrap_err();
}

#[tokio::test]
async fn a_row_in_another_place_does_not_open() {
    let test = TestLog::open().await;
    let (tenant, other): (TenantId, TenantId) = (fresh(), fresh());
    let (one, two): (CredentialId, CredentialId) = (fresh(), fresh());
    let mut superuser = test.superuser().await;
    for attack in [
        // Another credential of the same tenant.
        "update secrets s set hidden = o.hidden from secrets o where s.secret_id = $1 and o.secret_id = $2 and s.tenant_id = o.tenant_id",
        // The shown half where the hidden one should be.
        "update secrets set hidden = shown where secret_id = $1 and $2::uuid is not null",
        // The same secret under another version, as if it had not been replaced.
        "update secrets set version = 2 where secret_id = $1 and $2::uuid is not null",
        // The same credential of another tenant.
        "update secrets s set hidden = o.hidden, shown = o.shown from secrets o \
         where s.secret_id = $1 and o.secret_id = $1 and s.tenant_id <> o.tenant_id and $2::uuid is not null",
    ] {
        keep(&test.log, tenant, one, 1, PASSWORD).await;
        keep(&test.log, tenant, two, 1, b"two").await;
        keep(&test.log, other, one, 1, b"foreign").await;
        assert!(hidden(&test.log, tenant, one).await.is_some());
        let changed = sqlx::query(attack).bind(one.0).bind(two.0).execute(&mut superuser).await.unwrap();
        assert!(changed.rows_affected() > 0, "{attack}");
        let refused = test.log.open_secret(tenant, one).await;
        assert!(matches!(refused, Err(LogFault::Unreadable { .. })), "{attack}");
    }
}

#[tokio::test]
async fn a_destroyed_tenant_key_takes_its_secrets_with_it() {
    let test = TestLog::open().await;
    let (tenant, credential): (TenantId, CredentialId) = (fresh(), fresh());
    keep(&test.log, tenant, credential, 1, PASSWORD).await;
    let mut superuser = test.superuser().await;
    sqlx::query("delete from tenant_keys where tenant_id = $1").bind(tenant.0).execute(&mut superuser).await.unwrap();
    let log = test.another().await;
    assert!(matches!(log.open_secret(tenant, credential).await, Err(LogFault::KeyGone { .. })));
}
