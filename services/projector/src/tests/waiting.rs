use weft_model::Position;
use weft_scope::{PoolLimits, SystemPool};

use super::history::history;
use super::stage::{QUICK, Stage};
use crate::Projector;

#[tokio::test]
async fn a_query_waits_for_a_bounded_time() {
    let stage = Stage::new().await;
    let story = history(1, 61, 5);
    stage.record(story.tenant, &story.facts).await;
    let projector = stage.projector();
    let last = story.facts.last().unwrap().position;
    assert!(!projector.at_least(story.tenant, last).await.unwrap(), "nobody folds");
    // Another process folds: its progress is seen in the checkpoints.
    stage.projector().catch_up(story.tenant).await.unwrap();
    assert!(projector.at_least(story.tenant, last).await.unwrap());
    assert!(!projector.at_least(story.tenant, Position(last.0 + 1)).await.unwrap());
}

#[tokio::test]
async fn the_slow_poll_finds_who_is_behind_and_nobody_else() {
    let stage = Stage::new().await;
    let (story, other) = (history(1, 62, 5), history(2, 63, 5));
    let mut admin = stage.admin().await;
    for told in [&story, &other] {
        stage.record(told.tenant, &told.facts).await;
        sqlx::query("insert into weft.log_heads (tenant_id, position, hash) values ($1, $2, ''::bytea)")
            .bind(told.tenant.0)
            .bind(told.facts.len() as i64)
            .execute(&mut admin)
            .await
            .unwrap();
    }
    let system = SystemPool::connect(&stage.database.urls.system, PoolLimits::default()).await.unwrap();
    let projector = Projector::new(stage.log.clone(), stage.scope.clone(), Some(system), QUICK);
    projector.catch_up(other.tenant).await.unwrap();
    assert_eq!(projector.behind().await.unwrap(), [story.tenant]);
    projector.catch_up(story.tenant).await.unwrap();
    assert!(projector.behind().await.unwrap().is_empty());
}
