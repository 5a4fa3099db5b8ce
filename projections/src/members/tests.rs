//! What the fold gives.

use weft_migrations::testing::TestDatabase;
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{Story, fold};
use crate::{PageRequest, reading};

#[tokio::test]
async fn members_join_change_and_leave_and_are_remembered() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut other = Story::of(2);
    let (_, stranger) = other.joined(Role::Owner);
    fold(&scope, other.tenant, &other.facts).await.unwrap();
    let mut story = Story::of(1);
    let (ada, _) = story.joined(Role::Owner);
    let (bob, identity) = story.joined(Role::Viewer);
    story.tell(bob, MemberEvent::RoleChanged { role: Role::Editor });
    let (eve, left) = story.joined(Role::Admin);
    story.tell(eve, MemberEvent::Removed {});
    fold(&scope, story.tenant, &story.facts).await.unwrap();

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let found = list(story.tenant, &mut rows, &PageRequest::first(9)).await.unwrap().rows;
    assert_eq!(
        found.iter().map(|row| (row.id, row.role)).collect::<Vec<_>>(),
        [(ada, Role::Owner), (bob, Role::Editor)]
    );
    assert_eq!(found[1].identity, identity);
    assert_eq!(count(story.tenant, &mut rows).await.unwrap(), 2);
    assert!(by_ids(story.tenant, &mut rows, &[eve]).await.unwrap()[&eve].is_removed);
    let known = by_identities(story.tenant, &mut rows, &[identity, left, stranger]).await.unwrap();
    assert_eq!((known.len(), known[&identity].id, known[&left].is_removed), (2, bob, true));
    let after = PageRequest { after: Some(Cursor::from(&found[0])), ..PageRequest::first(9) };
    assert_eq!(list(story.tenant, &mut rows, &after).await.unwrap().rows, found[1..]);
}
