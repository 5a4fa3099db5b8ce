//! What the fold gives.

use weft_migrations::testing::TestDatabase;
use weft_model::VariableId;
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{Story, fold};
use crate::{PageRequest, reading};

#[tokio::test]
async fn a_variable_keeps_every_character_of_its_value_until_it_is_deleted() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    let ids = ["b", "a", "c"].map(|name| {
        let id = VariableId(story.id());
        story.tell(id, VariableEvent::Set { name: name.into(), value: format!("{name}\0\u{1F600}") });
        id
    });
    story.tell(ids[0], VariableEvent::Set { name: "b".into(), value: "new".into() });
    story.tell(ids[2], VariableEvent::Deleted { name: "c".into() });
    fold(&scope, story.tenant, &story.facts).await.unwrap();
    let other = Story::of(2).tenant;
    let mut foreign = reading(&scope, other).await.unwrap();
    assert!(all(story.tenant, &mut foreign).await.unwrap().is_empty());

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let found = all(story.tenant, &mut rows).await.unwrap();
    let pairs: Vec<_> = found.iter().map(|row| (row.name.as_str(), row.value.as_str())).collect();
    assert_eq!(pairs, [("a", "a\0\u{1F600}"), ("b", "new")]);
    assert_eq!(count(story.tenant, &mut rows).await.unwrap(), 2);
    assert_eq!(by_ids(story.tenant, &mut rows, &ids).await.unwrap().len(), 2);
    let after = PageRequest { after: Some("a".to_owned()), ..PageRequest::first(1) };
    let page = list(story.tenant, &mut rows, &after).await.unwrap();
    assert_eq!((page.rows.len(), page.rows[0].id, page.has_previous, page.has_next), (1, ids[0], true, false));
}
