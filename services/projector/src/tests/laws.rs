use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio_util::sync::CancellationToken;

use super::history::history;
use super::stage::{Dice, Stage, assert_equal_rows};

#[tokio::test]
async fn folding_twice_is_folding_once() {
    let stage = Stage::new().await;
    let story = history(1, 11, 30);
    stage.record(story.tenant, &story.facts).await;
    stage.projector().catch_up(story.tenant).await.unwrap();
    let once = stage.rows(story.tenant, 1).await;
    assert!(once.contains("Orders"));
    stage.projector().catch_up(story.tenant).await.unwrap();
    assert_equal_rows(&stage.rows(story.tenant, 1).await, &once);
}

#[tokio::test]
async fn two_processes_at_once_fold_every_event_once() {
    let stage = Stage::new().await;
    let story = history(1, 12, 60);
    let other = history(2, 13, 60);
    for told in [&story, &other] {
        stage.record(told.tenant, &told.facts).await;
    }
    let (first, second) = (stage.projector(), stage.projector());
    for told in [&story, &other] {
        let (one, two) = tokio::join!(first.catch_up(told.tenant), second.catch_up(told.tenant));
        one.unwrap();
        two.unwrap();
    }
    let alone = Stage::new().await;
    for told in [&story, &other] {
        alone.record(told.tenant, &told.facts).await;
        alone.projector().catch_up(told.tenant).await.unwrap();
    }
    for told in [&story, &other] {
        assert_eq!(without_times(&stage.rows(told.tenant, 1).await), without_times(&alone.rows(told.tenant, 1).await));
    }
}

/// The logs of two stages recorded the same events at other times; everything else must agree.
fn without_times(rows: &str) -> Vec<String> {
    let is_moment = |column: &&str| !column.starts_with("\"20");
    rows.lines().map(|line| line.split(',').filter(is_moment).collect::<Vec<_>>().join(",")).collect()
}

#[tokio::test]
async fn killed_in_the_middle_loses_nothing_and_folds_nothing_twice() {
    let stage = Stage::new().await;
    let story = history(1, 14, 80);
    stage.record(story.tenant, &story.facts).await;
    let mut dice = Dice::new(99);
    let mut admin = stage.admin().await;
    let mut killed = 0;
    for round in 0..200 {
        let projector = stage.projector();
        let limit = Duration::from_micros(200 + dice.below(9_000));
        if round % 5 == 0 {
            // The server ends the connection, at whatever statement it is.
            let ((), folded) = tokio::join!(
                async {
                    tokio::task::yield_now().await;
                    sqlx::query(
                        "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = $2",
                    )
                    .bind(app_user(&stage))
                    .bind(stage.database.name())
                    .execute(&mut admin)
                    .await
                    .unwrap();
                },
                projector.pass(story.tenant)
            );
            killed += u32::from(folded.is_err());
        } else {
            // The process ends: everything that it had begun is dropped where it stands.
            killed += u32::from(tokio::time::timeout(limit, projector.pass(story.tenant)).await.is_err());
        }
    }
    assert!(killed > 20, "only {killed} of 200 passes were killed");
    stage.projector().catch_up(story.tenant).await.unwrap();
    let survived = stage.rows(story.tenant, 1).await;
    let mut owner = stage.owner().await;
    stage
        .projector()
        .rebuild(&mut owner, &crate::Rebuild { tenants: vec![story.tenant], ..Default::default() })
        .await
        .unwrap();
    assert_equal_rows(&stage.rows(story.tenant, 2).await, &survived);
}

fn app_user(stage: &Stage) -> String {
    let url = &stage.database.urls.app;
    let user = url.split("://").nth(1).and_then(|rest| rest.split(['@', ':']).next());
    user.filter(|user| user.starts_with("weft_app")).map_or_else(
        || {
            let at = url.find("weft_app").unwrap();
            url[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        },
        str::to_owned,
    )
}

#[tokio::test]
async fn the_loop_folds_what_is_recorded_while_it_runs() {
    let stage = Stage::new().await;
    let projector = stage.projector();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (projector, stop) = (projector.clone(), stop.clone());
        async move { projector.run(stop).await }
    });
    let stories = [history(1, 15, 25), history(2, 16, 25)];
    for story in &stories {
        stage.record(story.tenant, &story.facts).await;
    }
    for story in &stories {
        let last = story.facts.last().unwrap().position;
        let mut reached = false;
        for _ in 0..50 {
            reached |= projector.at_least(story.tenant, last).await.unwrap();
        }
        assert!(reached);
        let before = stage.rows(story.tenant, 1).await;
        projector.catch_up(story.tenant).await.unwrap();
        assert_equal_rows(&stage.rows(story.tenant, 1).await, &before);
    }
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn with_raw_sql_a_tenant_sees_nothing_of_anothers_read_models() {
    let stage = Stage::new().await;
    let (story, other) = (history(1, 17, 40), history(2, 18, 40));
    for told in [&story, &other] {
        stage.record(told.tenant, &told.facts).await;
        stage.projector().catch_up(told.tenant).await.unwrap();
    }
    let (mut admin, mut app) = (stage.admin().await, PgConnection::connect(&stage.database.urls.app).await.unwrap());
    for table in stage.tables(1).await {
        let rows = |table: &str| {
            AssertSqlSafe(format!("select count(*), count(distinct tenant_id) from projections_g1.{table}"))
        };
        let there: (i64, i64) = sqlx::query_as(rows(&table)).fetch_one(&mut admin).await.unwrap();
        assert_eq!(there.1, 2, "{table} holds rows of both");
        let seen: (i64, i64) = sqlx::query_as(rows(&table)).fetch_one(&mut app).await.unwrap();
        assert_eq!(seen.0, 0, "{table} without a tenant");
        let mut transaction = app.begin().await.unwrap();
        let enter = "select set_config('weft.tenant', $1, true)";
        sqlx::query(enter).bind(other.tenant.to_string()).execute(&mut *transaction).await.unwrap();
        let seen: (i64, i64) = sqlx::query_as(rows(&table)).fetch_one(&mut *transaction).await.unwrap();
        assert!(seen.1 == 1 && seen.0 < there.0, "{table}: {seen:?} of {there:?}");
        let foreign = AssertSqlSafe(format!("select count(*) from projections_g1.{table} where tenant_id = $1"));
        let foreign: i64 = sqlx::query_scalar(foreign).bind(story.tenant.0).fetch_one(&mut *transaction).await.unwrap();
        assert_eq!(foreign, 0, "{table}");
        transaction.rollback().await.unwrap();
    }
}
