//! What the fold gives.

use weft_migrations::testing::TestDatabase;
use weft_model::{CredentialId, ExecutionId, NodeId, WorkflowId};
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{Story, fold};
use crate::{Direction, PageRequest, reading};

fn created(story: &mut Story, name: &str, kind: &str) -> CredentialId {
    let id = CredentialId(story.id());
    story.tell(id, CredentialEvent::Created { name: name.into(), kind: kind.into() });
    id
}

#[tokio::test]
async fn a_credential_shows_what_became_of_it_until_it_is_deleted() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    let [shop, mail, old] = [("Shop", "basic"), ("mail", "userPassword"), ("Old", "basic")]
        .map(|(name, kind)| created(&mut story, name, kind));
    let at = story.now;
    let tested = |version, outcome| CredentialEvent::Tested { version, outcome, at };
    story.tell(shop, tested(1, TestOutcome::Refused));
    story.tell(shop, CredentialEvent::Renamed { name: "A\0 Shop".into(), was: "Shop".into() });
    story.tell(shop, CredentialEvent::Rotated { version: 2 });
    story.tell(mail, tested(1, TestOutcome::Accepted));
    let (workflow, node, execution) = (WorkflowId(story.id()), NodeId(story.id()), ExecutionId(story.id()));
    let used_at = story.tell(mail, CredentialEvent::Used { workflow, node, execution }).recorded_at;
    story.tell(old, CredentialEvent::Deleted { name: "Old".into() });
    story.tell(old, CredentialEvent::Used { workflow, node, execution });
    let mut other = Story::of(2);
    created(&mut other, "Foreign", "basic");
    for story in [&story, &other] {
        fold(&scope, story.tenant, &story.facts).await.unwrap();
    }

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let found = list(story.tenant, &mut rows, None, &PageRequest::first(10)).await.unwrap().rows;
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [shop, mail]);
    assert_eq!((found[0].name.as_str(), found[0].version, found[0].test), ("A\u{fffd} Shop", 2, None));
    assert!(found[0].changed_at > found[0].created_at);
    let test = found[1].test.unwrap();
    assert_eq!((test.outcome, test.at, found[1].used_at), (TestOutcome::Accepted, at, Some(used_at)));
    assert_eq!(count(story.tenant, &mut rows, None).await.unwrap(), 2);
    assert_eq!(by_ids(story.tenant, &mut rows, &[shop, old]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn pages_follow_the_names_and_can_be_of_one_type() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    for (name, kind) in [("b", "basic"), ("A", "header"), ("c", "basic"), ("B ", "basic")] {
        created(&mut story, name, kind);
    }
    fold(&scope, story.tenant, &story.facts).await.unwrap();
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let mut names = Vec::new();
    let mut page = PageRequest::<Cursor>::first(1);
    loop {
        let found = list(story.tenant, &mut rows, None, &page).await.unwrap();
        names.extend(found.rows.iter().map(|row| row.name.clone()));
        page.after = found.rows.last().map(Cursor::from);
        if !found.has_next {
            break;
        }
    }
    assert_eq!(names, ["A", "b", "B ", "c"]);
    let last = PageRequest { limit: 2, direction: Direction::Backward, after: None, before: page.after };
    let found = list(story.tenant, &mut rows, Some("basic"), &last).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["b", "B "]);
    assert_eq!(count(story.tenant, &mut rows, Some("basic")).await.unwrap(), 3);
}
