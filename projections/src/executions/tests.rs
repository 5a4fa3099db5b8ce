//! What the folds give, on a real database, with a second tenant's data beside it.

use weft_migrations::testing::TestDatabase;
use weft_model::ExecutionId;
use weft_model::execution::{ExecutionEvent, StepKey};
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{End, Story, fold, step_succeeded};
use crate::{Direction, PageRequest, reading};

async fn scope() -> (TestDatabase, Scope) {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    (database, scope)
}

/// Two tenants with executions of two workflows: eight that end well, two that fail, one that is open.
async fn told(scope: &Scope) -> (Story, [(weft_model::WorkflowId, [weft_model::NodeId; 2]); 2], Vec<ExecutionId>) {
    let mut other = Story::of(2);
    let (workflow, nodes) = other.drawn("Foreign");
    other.executed(workflow, nodes, End::Succeeded);
    fold(scope, other.tenant, &other.facts).await.unwrap();

    let mut story = Story::of(1);
    let workflows = [story.drawn("Orders"), story.drawn("Invoices")];
    let mut ids = Vec::new();
    for round in 0..11 {
        let (workflow, nodes) = workflows[round % 2];
        let end = match round {
            3 | 4 => End::Failed,
            10 => End::Open,
            _ => End::Succeeded,
        };
        ids.push(story.executed(workflow, nodes, end));
    }
    fold(scope, story.tenant, &story.facts).await.unwrap();
    (story, workflows, ids)
}

#[tokio::test]
async fn a_list_is_filtered_counted_and_paged_from_both_ends() {
    let (_database, scope) = scope().await;
    let (story, [(first, _), _], ids) = told(&scope).await;
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let newest_first: Vec<_> = ids.iter().rev().copied().collect();
    let id_of = |row: ExecutionRow| row.id;

    let all = Filter::default();
    let mut page = PageRequest::first(4);
    let mut seen = Vec::new();
    loop {
        let found = list(story.tenant, &mut rows, &all, &page).await.unwrap();
        page.after = found.rows.last().map(Cursor::from);
        let has_next = found.has_next;
        seen.extend(found.rows.into_iter().map(id_of));
        if !has_next {
            break;
        }
    }
    assert_eq!(seen, newest_first);
    assert_eq!(count(story.tenant, &mut rows, &all).await.unwrap(), 11);

    let last = PageRequest { limit: 3, direction: Direction::Backward, after: None, before: None };
    let found = list(story.tenant, &mut rows, &all, &last).await.unwrap();
    assert!(found.has_previous && !found.has_next);
    assert_eq!(found.rows.into_iter().map(id_of).collect::<Vec<_>>(), newest_first[8..]);

    let failed = Filter { statuses: vec![ExecutionStatus::Failed], workflow: Some(first), ..Filter::default() };
    let found = list(story.tenant, &mut rows, &failed, &PageRequest::first(9)).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[4]]);
    assert_eq!(found.rows[0].error.as_ref().unwrap().message, "NUL: \0");
    assert_eq!(count(story.tenant, &mut rows, &failed).await.unwrap(), 1);

    let since = Filter { from: Some(found.rows[0].queued_at), ..Filter::default() };
    assert_eq!(count(story.tenant, &mut rows, &since).await.unwrap(), 7);
    let before = Filter { until: since.from, workflow: Some(first), ..Filter::default() };
    assert_eq!(count(story.tenant, &mut rows, &before).await.unwrap(), 2);
}

#[tokio::test]
async fn statistics_and_the_newest_execution_are_of_the_workflow() {
    let (_database, scope) = scope().await;
    let (story, [(first, _), (second, _)], ids) = told(&scope).await;
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let day = story.facts[0].recorded_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = statistics(story.tenant, &mut rows, &[first, second], day).await.unwrap();
    assert_eq!(found[&first], Statistics { succeeded: 4, failed: 1, total: 6 });
    assert_eq!(found[&second], Statistics { succeeded: 4, failed: 1, total: 5 });
    assert!(statistics(story.tenant, &mut rows, &[first], day.tomorrow().unwrap()).await.unwrap().is_empty());
    let latest = latest_of_workflows(story.tenant, &mut rows, &[first, second]).await.unwrap();
    assert_eq!((latest[&first].id, latest[&second].id), (ids[10], ids[9]));
}

#[tokio::test]
async fn a_tenant_sees_nothing_of_another() {
    let (_database, scope) = scope().await;
    let (story, [(first, _), _], ids) = told(&scope).await;
    let other = Story::of(2).tenant;
    let mut rows = reading(&scope, other).await.unwrap();
    // Not even when a statement asks for the other tenant: the policies are the second wall.
    for tenant in [other, story.tenant] {
        assert!(by_ids(tenant, &mut rows, &ids).await.unwrap().is_empty());
        assert!(steps(tenant, &mut rows, &ids).await.unwrap().is_empty());
        assert!(latest_of_workflows(tenant, &mut rows, &[first]).await.unwrap().is_empty());
    }
    assert_eq!(count(other, &mut rows, &Filter::default()).await.unwrap(), 1);
    assert_eq!(count(story.tenant, &mut rows, &Filter::default()).await.unwrap(), 0);
}

#[tokio::test]
async fn steps_follow_from_their_events_however_they_were_cut_into_batches() {
    let (_database, scope) = scope().await;
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    let id = ExecutionId(story.id());
    story.queued(id, workflow, nodes[0]);
    let at = story.now;
    let step = StepKey { node: nodes[1], iteration: 0, attempt: 1 };
    let sources = vec![Some(weft_model::execution::Source { node: nodes[0], iteration: 0, port: 0 })];
    let timer = weft_model::TimerId(story.id());
    story.tell(id, ExecutionEvent::Started { worker: weft_model::WorkerId(step.node.0), epoch: 1, seed: 1, at });
    let kind = String::from("wait@1");
    story.tell(id, ExecutionEvent::StepWaiting { step, kind, sources, timer, until: at, at });
    fold(&scope, story.tenant, &story.facts).await.unwrap();
    let folded = story.facts.len();

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    assert_eq!(by_ids(story.tenant, &mut rows, &[id]).await.unwrap()[&id].status, ExecutionStatus::Waiting);
    let waiting = &steps(story.tenant, &mut rows, &[id]).await.unwrap()[&id];
    assert_eq!(
        waiting.iter().map(|step| step.status).collect::<Vec<_>>(),
        [StepStatus::Succeeded, StepStatus::Waiting]
    );
    assert_eq!(waiting[1].input_counts, [2]);
    drop(rows);

    story.tell(id, ExecutionEvent::StepResumed { step, timer, at });
    story.tell(id, step_succeeded(step, nodes[0], at));
    story.tell(id, ExecutionEvent::Succeeded { at });
    for fact in &story.facts[folded..] {
        fold(&scope, story.tenant, std::slice::from_ref(fact)).await.unwrap();
    }
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let row = &by_ids(story.tenant, &mut rows, &[id]).await.unwrap()[&id];
    assert_eq!(
        (row.status, row.item_count, row.position),
        (ExecutionStatus::Succeeded, 4, story.facts.last().unwrap().position)
    );
    let ended = &steps(story.tenant, &mut rows, &[id]).await.unwrap()[&id];
    assert_eq!((ended.len(), ended[1].status, ended[1].duration_us), (2, StepStatus::Succeeded, Some(1500)));
    let done = Filter { statuses: vec![ExecutionStatus::Succeeded], ..Filter::default() };
    assert_eq!(count(story.tenant, &mut rows, &done).await.unwrap(), 1);
    assert_eq!(count(story.tenant, &mut rows, &Filter::default()).await.unwrap(), 1);
}

#[test]
fn an_event_of_an_execution_that_never_began_is_named() {
    let mut story = Story::of(1);
    let id = ExecutionId(story.id());
    let at = story.now;
    story.tell(id, ExecutionEvent::Succeeded { at });
    let fault = Batch::of(Vec::new(), &story.facts).unwrap_err();
    assert_eq!(fault.to_string(), "the event at position Position(1) cannot be folded: the execution was never queued");
}
