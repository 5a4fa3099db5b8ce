//! The runner on a real server.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use weft_migrations::testing::TestDatabase;
use weft_migrations::{MigrationError, migrate};
use weft_postgres::testing::TestDatabase as EmptyDatabase;

async fn admin(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

#[tokio::test]
async fn a_template_is_copied_and_every_role_signs_in() {
    let began = Instant::now();
    let database = TestDatabase::create().await.unwrap();
    println!("the first database took {:?}", began.elapsed());
    let began = Instant::now();
    let second = TestDatabase::create().await.unwrap();
    println!("the second database took {:?}", began.elapsed());
    assert_ne!(database.name(), second.name());
    for (url, role) in
        [(&database.urls.owner, "weft_owner"), (&database.urls.app, "weft_app"), (&database.urls.system, "weft_system")]
    {
        let mut connection = admin(url).await;
        let statement = "select current_user::text, current_setting('search_path'), rolsuper or rolbypassrls
             from pg_roles where rolname = current_user";
        let (user, path, is_mighty): (String, String, bool) =
            sqlx::query_as(statement).fetch_one(&mut connection).await.unwrap();
        assert!(user.starts_with(role), "{user}");
        assert_eq!((path.as_str(), is_mighty), ("weft", false));
    }
}

#[tokio::test]
async fn servers_that_migrate_at_once_all_succeed() {
    let empty = EmptyDatabase::empty().await.unwrap();
    let url = empty.url();
    let (first, second, third) = tokio::join!(migrate(&url), migrate(&url), migrate(&url));
    let urls = first.unwrap();
    assert!(urls == second.unwrap() && urls == third.unwrap());
    let began = Instant::now();
    migrate(&url).await.unwrap();
    println!("nothing left to do: {:?}", began.elapsed());
    drop_roles(&empty).await;
}

#[tokio::test]
async fn a_user_who_may_not_make_roles_is_told_what_to_do() {
    let empty = EmptyDatabase::empty().await.unwrap();
    let name = empty.name();
    let mut connection = admin(&empty.url()).await;
    execute(&mut connection, format!("create role {name}_weak login password 'weak'")).await;
    let error = migrate(&as_user(&empty, &format!("{name}_weak"), "weak")).await.unwrap_err();
    assert!(matches!(error, MigrationError::NotAllowed { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("may not make roles") && text.contains(&format!("alter role {name}_weak createrole")),
        "{text}"
    );
    execute(&mut connection, format!("drop role {name}_weak")).await;
}

#[tokio::test]
async fn the_owner_of_a_database_who_may_make_roles_needs_no_superuser() {
    let empty = EmptyDatabase::empty().await.unwrap();
    let name = empty.name();
    let mut connection = admin(&empty.url()).await;
    execute(&mut connection, format!("create role {name}_boss login createrole password 'first'")).await;
    execute(&mut connection, format!("alter database {name} owner to {name}_boss")).await;
    let urls = migrate(&as_user(&empty, &format!("{name}_boss"), "first")).await.unwrap();
    assert!(urls.app.contains("password="), "a derived password");
    for url in [&urls.owner, &urls.app, &urls.system] {
        admin(url).await.close().await.unwrap();
    }
    // Another password of the administrator: the roles follow.
    execute(&mut connection, format!("alter role {name}_boss password 'second'")).await;
    let later = migrate(&as_user(&empty, &format!("{name}_boss"), "second")).await.unwrap();
    assert!(later.app != urls.app);
    admin(&later.system).await.close().await.unwrap();
    execute(&mut connection, format!("alter database {name} owner to current_user")).await;
    drop_roles(&empty).await;
    execute(&mut connection, format!("drop role {name}_boss")).await;
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let database = TestDatabase::create().await.unwrap();
    let empty = EmptyDatabase::empty().await.unwrap();
    let url = empty.url();
    migrate(&url).await.unwrap();
    let mut connection = admin(&url).await;
    let newer = "insert into weft._sqlx_migrations values (9999, 'later', now(), true, '\\x00', 0)";
    execute(&mut connection, newer.to_owned()).await;
    let error = migrate(&url).await.unwrap_err();
    assert!(matches!(error, MigrationError::Newer { version: 9999 }), "{error:?}");
    let edited = "delete from weft._sqlx_migrations where version = 9999; update weft._sqlx_migrations set checksum = '\\x00' where version = 1";
    execute(&mut connection, edited.to_owned()).await;
    let error = migrate(&url).await.unwrap_err();
    assert!(matches!(error, MigrationError::Changed { version: 1 }), "{error:?}");
    drop_roles(&empty).await;
    drop(database);
}

#[tokio::test]
async fn an_address_where_nothing_answers_is_told_apart_from_one_that_cannot_be_read() {
    let nowhere = migrate("postgres://nobody@localhost/nothing?host=/nowhere").await.unwrap_err();
    assert!(matches!(nowhere, MigrationError::Unreachable(_)), "{nowhere:?}");
    let unreadable = migrate("the database next door").await.unwrap_err();
    assert!(matches!(unreadable, MigrationError::Address(_)), "{unreadable:?}");
}

fn as_user(database: &EmptyDatabase, user: &str, password: &str) -> String {
    let url = database.url();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}user={user}&password={password}")
}

/// Roles outlive their database; those of this test are of no use to anybody.
async fn drop_roles(database: &EmptyDatabase) {
    let name = database.name();
    let mut connection = admin(&database.url()).await;
    let roles = format!("weft_owner_{name}, weft_app_{name}, weft_system_{name}");
    execute(&mut connection, format!("drop owned by {roles} cascade; drop role {roles}")).await;
}
