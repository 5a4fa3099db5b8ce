use std::collections::HashSet;

use weft_event_log::{Companion, MarkKind, OpenExecution, SeenBy, SeenDigest, SeenPlace, SystemLog};
use weft_model::{TenantId, WorkerId};

use crate::support::{carrying, fresh};

fn place() -> SeenPlace {
    SeenPlace { workflow: fresh(), node: Some(fresh()) }
}

fn step() -> SeenBy {
    SeenBy { execution: fresh(), step: uuid::Uuid::from_u128(rand::random()) }
}

fn digests(place: SeenPlace, values: &[&str]) -> Vec<SeenDigest> {
    values.iter().map(|value| place.digest(value)).collect()
}

pub async fn a_value_is_new_to_the_step_that_saw_it_first(log: &impl SystemLog) {
    let (tenant, place): (TenantId, _) = (fresh(), place());
    let (first, second) = (step(), step());
    let see =
        async |by, values: &[&str]| log.see_values(tenant, place, by, &digests(place, values), 100).await.unwrap();
    assert_eq!(see(None, &["a"]).await, [true], "nobody has claimed it");
    assert_eq!(see(Some(first), &["a", "é", ""]).await, [true, true, true]);
    assert_eq!(see(Some(second), &["b", "a"]).await, [true, false]);
    assert_eq!(see(Some(first), &["a", "b"]).await, [true, false], "the first step again");
    assert_eq!(see(None, &["a", "c"]).await, [false, true]);
    assert_eq!(see(Some(second), &["c"]).await, [true], "who only looked left nothing");
    assert!(see(Some(second), &[]).await.is_empty());
    let elsewhere = SeenPlace { node: None, ..place };
    let other = log.see_values(tenant, elsewhere, Some(second), &digests(elsewhere, &["a"]), 100).await.unwrap();
    assert_eq!(other, [true], "the workflow's are not the node's");
    let other = log.see_values(fresh(), place, Some(second), &digests(place, &["a"]), 100).await.unwrap();
    assert_eq!(other, [true], "another tenant's");
    log.forget_seen(tenant, place).await.unwrap();
    assert_eq!(see(Some(second), &["a"]).await, [true]);
    let other = log.see_values(tenant, elsewhere, Some(first), &digests(elsewhere, &["a"]), 100).await.unwrap();
    assert_eq!(other, [false], "what another place has seen stays");
}

pub async fn the_oldest_values_are_forgotten_first(log: &impl SystemLog) {
    let (tenant, place): (TenantId, _) = (fresh(), place());
    let see = async |by, values: &[&str]| log.see_values(tenant, place, by, &digests(place, values), 3).await.unwrap();
    see(Some(step()), &["a", "b"]).await;
    // What was seen before counts once and stays as old as it was.
    see(Some(step()), &["a", "c"]).await;
    see(Some(step()), &["d"]).await;
    assert_eq!(see(None, &["a", "b", "c", "d"]).await, [true, false, false, false]);
}

pub async fn of_many_steps_at_once_one_gets_each_value(log: &impl SystemLog) {
    let (tenant, place): (TenantId, _) = (fresh(), place());
    let values: Vec<String> = (0..2_000).map(|n| n.to_string()).collect();
    let forwards: Vec<SeenDigest> = values.iter().map(|value| place.digest(value)).collect();
    let backwards: Vec<SeenDigest> = forwards.iter().rev().copied().collect();
    let claims = [&forwards, &backwards, &forwards, &backwards]
        .map(|digests| log.see_values(tenant, place, Some(step()), digests, 10_000));
    let answers = futures_util::future::join_all(claims).await;
    let mut got = HashSet::new();
    for (answer, digests) in answers.into_iter().zip([&forwards, &backwards, &forwards, &backwards]) {
        for (is_new, digest) in answer.unwrap().into_iter().zip(digests) {
            assert!(!is_new || got.insert(*digest), "two steps got one value");
        }
    }
    assert_eq!(got.len(), 2_000);
}

pub async fn a_mark_only_rises_and_a_step_that_is_repeated_finds_what_it_found(log: &impl SystemLog) {
    let (tenant, place): (TenantId, _) = (fresh(), place());
    let (first, second) = (step(), step());
    let worker: WorkerId = fresh();
    let open = OpenExecution { execution: first.execution, workflow: place.workflow, worker, epoch: 1 };
    log.append(carrying(tenant, vec![Companion::OpenExecution(open)])).await.unwrap();
    let see = async |by, kind, to| log.see_mark(tenant, place, by, (kind, to)).await.unwrap();
    assert_eq!(see(None, MarkKind::Number, 1.0).await, None);
    assert_eq!(see(Some(first), MarkKind::Number, 5.5).await, None);
    assert_eq!(see(Some(first), MarkKind::Date, -3.0).await, None, "dates are another mark");
    assert_eq!(see(Some(second), MarkKind::Number, 4.0).await, Some(5.5));
    assert_eq!(see(Some(step()), MarkKind::Number, 9.0).await, Some(5.5), "it does not fall");
    assert_eq!(see(Some(first), MarkKind::Number, 5.5).await, None, "the first step again, of an open execution");
    assert_eq!(see(Some(second), MarkKind::Number, 4.0).await, Some(9.0), "its execution is not open");
    assert_eq!(see(None, MarkKind::Date, 0.0).await, Some(-3.0));
    log.forget_seen(tenant, place).await.unwrap();
    assert_eq!(see(Some(first), MarkKind::Number, 1.0).await, None);
    assert_eq!(see(None, MarkKind::Number, 1.0).await, Some(1.0));
}
