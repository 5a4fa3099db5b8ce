//! The runner on a real server.

use sqlx::{Connection, PgConnection};
use weft_migrations::migrate;
use weft_migrations::testing::TestDatabase;

#[tokio::test]
async fn a_template_is_copied_and_every_role_signs_in() {
    let database = TestDatabase::create().await.unwrap();
    for url in [&database.urls.owner, &database.urls.app, &database.urls.system] {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let path: String = sqlx::query_scalar("show search_path").fetch_one(&mut connection).await.unwrap();
        assert_eq!(path, "weft");
    }
}

#[tokio::test]
async fn two_servers_that_migrate_at_once_both_succeed() {
    let empty = weft_postgres::testing::TestDatabase::empty().await.unwrap();
    let url = empty.url();
    let (first, second, third) = tokio::join!(migrate(&url), migrate(&url), migrate(&url));
    assert_eq!(first.unwrap(), second.unwrap());
    third.unwrap();
}
