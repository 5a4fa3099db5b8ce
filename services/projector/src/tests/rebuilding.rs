use std::sync::atomic::{AtomicBool, Ordering};

use weft_projections::executions::{self, Filter};
use weft_projections::{reading, workflows};

use super::history::history;
use super::stage::{Stage, assert_equal_rows};
use crate::{ProjectorFault, Rebuild};

#[tokio::test]
async fn rebuilt_rows_are_those_that_were_folded_bit_by_bit() {
    let stage = Stage::new().await;
    for seed in 31..35 {
        let story = history(u128::from(seed), seed, 40);
        let projector = stage.projector();
        for part in story.facts.chunks(13) {
            stage.record(story.tenant, part).await;
            projector.catch_up(story.tenant).await.unwrap();
        }
        let incremental = stage.rows(story.tenant, 1).await;
        let rebuild = Rebuild { tenants: vec![story.tenant], ..Rebuild::default() };
        let done = projector.rebuild(&mut stage.owner().await, &rebuild).await.unwrap();
        assert_eq!(done.events, story.facts.len() as u64);
        assert_equal_rows(&stage.rows(story.tenant, done.generation).await, &incremental);
        // What nobody reads any more is gone.
        assert!(!stage.rows(story.tenant, 1).await.contains(&story.tenant.to_string()));
    }
}

#[tokio::test]
async fn one_projection_is_rebuilt_while_the_others_stay_where_they_are() {
    let stage = Stage::new().await;
    let (story, other) = (history(1, 41, 20), history(2, 42, 20));
    let projector = stage.projector();
    for told in [&story, &other] {
        stage.record(told.tenant, &told.facts).await;
        projector.catch_up(told.tenant).await.unwrap();
    }
    let untouched = stage.rows(other.tenant, 1).await;
    let rebuild = Rebuild { projections: vec!["executions".into()], tenants: vec![story.tenant] };
    for _ in 0..2 {
        projector.rebuild(&mut stage.owner().await, &rebuild).await.unwrap();
    }
    assert_equal_rows(&stage.rows(other.tenant, 1).await, &untouched);
    let mut rows = reading(&stage.scope, story.tenant).await.unwrap();
    assert!(executions::count(story.tenant, &mut rows, &Filter::default()).await.unwrap() > 0);
    assert!(workflows::count(story.tenant, &mut rows, &workflows::Filter::default()).await.unwrap() > 0);
    drop(rows);
    // The live fold goes on in the new generation.
    let more = history(1, 41, 40);
    stage.record(story.tenant, &more.facts[story.facts.len()..]).await;
    projector.catch_up(story.tenant).await.unwrap();
    let mut rows = reading(&stage.scope, story.tenant).await.unwrap();
    let found = executions::list(story.tenant, &mut rows, &Filter::default(), &weft_projections::PageRequest::first(1))
        .await
        .unwrap();
    let newest = more.facts.iter().rev().find(|fact| fact.event.wire_type() == "execution.queued").unwrap();
    assert_eq!(found.rows[0].id.0, newest.stream.0);
}

#[tokio::test]
async fn a_rebuild_under_load_is_seen_by_no_reader() {
    let stage = Stage::new().await;
    let story = history(1, 51, 300);
    let (early, late) = story.facts.split_at(story.facts.len() / 2);
    let projector = stage.projector();
    stage.record(story.tenant, early).await;
    projector.catch_up(story.tenant).await.unwrap();
    let is_over = AtomicBool::new(false);
    let rebuild = async {
        let rebuild = Rebuild { tenants: vec![story.tenant], ..Rebuild::default() };
        for _ in 0..3 {
            projector.rebuild(&mut stage.owner().await, &rebuild).await.unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    };
    let write = async {
        for part in late.chunks(5) {
            stage.record(story.tenant, part).await;
            projector.catch_up(story.tenant).await.unwrap();
        }
    };
    let read = async {
        let (mut most, mut reads) = (0, 0);
        while !is_over.load(Ordering::Relaxed) {
            let mut rows = reading(&stage.scope, story.tenant).await.unwrap();
            let count = executions::count(story.tenant, &mut rows, &Filter::default()).await.unwrap();
            assert!(count >= most, "a reader saw {count} executions after it had seen {most}");
            (most, reads) = (count, reads + 1);
        }
        reads
    };
    let ((), (), reads) = tokio::join!(rebuild, write, read);
    assert!(reads > 10);
    projector.catch_up(story.tenant).await.unwrap();
    let generation: i32 = sqlx::query_scalar("select max(generation) from weft.projection_live where tenant_id = $1")
        .bind(story.tenant.0)
        .fetch_one(&mut stage.admin().await)
        .await
        .unwrap();
    let live = stage.rows(story.tenant, generation).await;
    let rebuild = Rebuild { tenants: vec![story.tenant], ..Rebuild::default() };
    let alone = projector.rebuild(&mut stage.owner().await, &rebuild).await.unwrap();
    assert_equal_rows(&stage.rows(story.tenant, alone.generation).await, &live);
}

#[tokio::test]
async fn a_projection_that_does_not_exist_is_refused() {
    let stage = Stage::new().await;
    let rebuild = Rebuild { projections: vec!["robots".into()], ..Rebuild::default() };
    let fault = stage.projector().rebuild(&mut stage.owner().await, &rebuild).await.unwrap_err();
    assert!(matches!(fault, ProjectorFault::UnknownProjection(name) if name == "robots"));
}

#[tokio::test]
async fn a_rebuild_names_the_event_that_the_database_refuses() {
    let stage = Stage::new().await;
    let mut story = history(1, 52, 20);
    let (workflow, _) = story.drawn("Twice");
    for _ in 0..2 {
        story.published(workflow, 7, weft_model::StreamVersion(1));
    }
    let poison = story.facts.last().unwrap().position;
    story.executed(workflow, [weft_model::NodeId(workflow.0); 2], weft_projections::testing::End::Succeeded);
    stage.record(story.tenant, &story.facts).await;
    let rebuild = Rebuild { tenants: vec![story.tenant], ..Rebuild::default() };
    let refused = stage.projector().rebuild(&mut stage.owner().await, &rebuild).await.unwrap_err();
    match refused {
        crate::ProjectorFault::Poison { projection, position, .. } => {
            assert_eq!((projection, position), ("workflows", poison));
        }
        other => panic!("{other:?}"),
    }
}
