//! What the fold gives.

use weft_migrations::testing::TestDatabase;
use weft_model::{ExecutionId, Position};
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::reading;
use crate::testing::{Story, fold};

#[tokio::test]
async fn an_execution_knows_who_asked_for_it_and_what_it_asked_for() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    let (workflow, trigger) = (story.id().into(), story.id().into());
    let caller = ExecutionId(story.id());
    story.queued(caller, workflow, trigger);
    let children: Vec<ExecutionId> = (0..3)
        .map(|item| {
            let id = ExecutionId(story.id());
            let parent =
                Parent { execution: caller, node: trigger, iteration: 1, item: Some(item), signal: None, depth: 1 };
            story.asked_for(id, workflow, trigger, parent);
            id
        })
        .collect();
    fold(&scope, story.tenant, &story.facts).await.unwrap();
    let mut foreign = reading(&scope, Story::of(2).tenant).await.unwrap();
    assert!(called_by(Story::of(2).tenant, &mut foreign, caller, Position(0), 9).await.unwrap().is_empty());

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let all = called_by(story.tenant, &mut rows, caller, Position(0), u32::MAX).await.unwrap();
    assert_eq!(all.iter().map(|row| row.called).collect::<Vec<_>>(), children);
    assert_eq!(all.iter().map(|row| (row.node, row.iteration, row.item)).next_back(), Some((trigger, 1, Some(2))));
    let rest = called_by(story.tenant, &mut rows, caller, all[0].position, 1).await.unwrap();
    assert_eq!(rest, all[1..2]);
    let above = callers(story.tenant, &mut rows, &[children[1], caller]).await.unwrap();
    assert_eq!((above.len(), above[&children[1]]), (1, all[1]));
}
