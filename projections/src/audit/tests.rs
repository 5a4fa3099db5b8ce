//! What the fold gives.

use weft_migrations::testing::TestDatabase;
use weft_model::access::RefusalReason;
use weft_model::member::Role;
use weft_model::workflow::EditCause;
use weft_model::{GroupId, VariableId};
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{End, Story, fold};
use crate::{PageRequest, reading};

#[tokio::test]
async fn the_audit_tells_who_did_what_and_never_a_value() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    story.founded("acme");
    story.joined(Role::Owner);
    let (workflow, nodes) = story.drawn("Orders");
    let group = GroupId(story.id());
    let draft = story.renamed(workflow, "Orders 2", EditCause::Edit, group);
    story.published(workflow, 1, draft);
    let variable = VariableId(story.id());
    story.tell(variable, VariableEvent::Set { name: "key".into(), value: "hidden".into() });
    let access = weft_model::access::access_stream(story.tenant);
    let (reason, action) = (RefusalReason::Egress, "workflow:execute".to_owned());
    story.tell(access, AccessEvent::Refused { reason, action, subject: Some("a\0b".into()), identity: None });
    story.executed(workflow, nodes, End::Open);
    story.actor = Actor::System;
    story.executed(workflow, nodes, End::Succeeded);
    fold(&scope, story.tenant, &story.facts).await.unwrap();

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let found = list(story.tenant, &mut rows, &PageRequest::first(50)).await.unwrap().rows;
    let actions: Vec<_> = found.iter().rev().map(|row| row.action.as_str()).collect();
    let expected = [
        "tenant.created",
        "member.joined",
        "workflow.created",
        "workflow.published",
        "variable.set",
        "access.refused",
        "execution.queued",
    ];
    assert_eq!(actions, expected);
    assert_eq!(found[1].label.as_deref(), Some("a\0b"));
    assert!(found.iter().all(|row| !row.detail.to_string().contains("hidden")));
    assert!(matches!(found[0].actor, Actor::Member(_)));
    assert_eq!(count(story.tenant, &mut rows).await.unwrap(), 7);
    assert_eq!(by_positions(story.tenant, &mut rows, &[found[2].position]).await.unwrap(), found[2..3]);
    let foreign = Story::of(2).tenant;
    let mut foreign_rows = reading(&scope, foreign).await.unwrap();
    assert_eq!(count(foreign, &mut foreign_rows).await.unwrap(), 0);
}
