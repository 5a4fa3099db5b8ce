//! What the folds give, on a real database, with a second tenant's data beside it.

use weft_migrations::testing::TestDatabase;
use weft_model::GroupId;
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::testing::{Story, fold};
use crate::{Direction, PageRequest, reading};

async fn scope() -> (TestDatabase, Scope) {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut other = Story::of(2);
    other.drawn("Orders of somebody else");
    fold(&scope, other.tenant, &other.facts).await.unwrap();
    (database, scope)
}

#[tokio::test]
async fn drafts_and_published_versions_are_the_fold_of_the_changes() {
    let (_database, scope) = scope().await;
    let mut story = Story::of(1);
    let (id, _) = story.drawn("Orders");
    let group = GroupId(story.id());
    let second = story.renamed(id, "Orders 2", EditCause::Edit, group);
    story.published(id, 1, second);
    let fourth = story.renamed(id, "Orders 3", EditCause::Edit, group);
    // Published while somebody went on editing: what was looked at, not what there is now.
    let fifth = story.renamed(id, "Orders 4", EditCause::Edit, group);
    story.published(id, 2, fourth);
    // In three batches, so that states are loaded again.
    for facts in story.facts.chunks(2) {
        fold(&scope, story.tenant, facts).await.unwrap();
    }

    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let row = &by_ids(story.tenant, &mut rows, &[id]).await.unwrap()[&id];
    assert_eq!((row.name.as_str(), row.draft_version, row.state), ("Orders 4", fifth, WorkflowState::Published));
    assert_eq!((row.published, row.has_unpublished_changes()), (Some(2), true));
    assert_eq!(row.kinds, ["webhook", "set"]);
    assert_eq!(definitions(story.tenant, &mut rows, &[id]).await.unwrap()[&id].name, "Orders 4");
    let versions = published(story.tenant, &mut rows, &[(id, 1), (id, 2), (id, 3)]).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[&(id, 1)].definition.name, "Orders 2");
    assert_eq!(versions[&(id, 2)].definition.name, "Orders 3");
    for (version, name) in
        [(1, "Orders"), (2, "Orders 2"), (3, "Orders 2"), (4, "Orders 3"), (5, "Orders 4"), (9, "Orders 4")]
    {
        let draft = draft_at(story.tenant, &mut rows, id, StreamVersion(version)).await.unwrap().unwrap();
        assert_eq!((draft.name.as_str(), draft.graph.nodes.len()), (name, 2));
    }
    assert!(draft_at(story.tenant, &mut rows, id, StreamVersion(0)).await.unwrap().is_none());
}

#[tokio::test]
async fn undo_and_redo_are_offered_to_the_one_whose_edits_they_are() {
    let (_database, scope) = scope().await;
    let mut story = Story::of(1);
    let (_, _) = story.joined(weft_model::member::Role::Editor);
    let me = story.actor;
    let (id, _) = story.drawn("Orders");
    let (first, second) = (GroupId(story.id()), GroupId(story.id()));
    let state = async |story: &Story, folded: &mut usize| {
        fold(&scope, story.tenant, &story.facts[*folded..]).await.unwrap();
        *folded = story.facts.len();
        let mut rows = reading(&scope, story.tenant).await.unwrap();
        let mine = undo_states(story.tenant, &mut rows, &[id], me).await.unwrap().remove(&id).unwrap_or_default();
        assert!(undo_states(story.tenant, &mut rows, &[id], Actor::System).await.unwrap().is_empty());
        (mine.can_undo, mine.can_redo)
    };
    let mut folded = 0;
    assert_eq!(state(&story, &mut folded).await, (false, false));
    story.renamed(id, "A", EditCause::Edit, first);
    assert_eq!(state(&story, &mut folded).await, (true, false));
    story.renamed(id, "Orders", EditCause::Undo, first);
    assert_eq!(state(&story, &mut folded).await, (false, true));
    story.renamed(id, "A", EditCause::Redo, first);
    assert_eq!(state(&story, &mut folded).await, (true, false));
    story.renamed(id, "Orders", EditCause::Undo, first);
    story.renamed(id, "B", EditCause::Edit, second);
    assert_eq!(state(&story, &mut folded).await, (true, false));
}

#[tokio::test]
async fn lists_come_in_every_order_from_both_ends() {
    let (_database, scope) = scope().await;
    let mut story = Story::of(1);
    let ids: Vec<_> = ["beta", "Alpha", "100%", "gamma"].into_iter().map(|name| story.drawn(name).0).collect();
    story.tell(ids[3], WorkflowEvent::Archived {});
    fold(&scope, story.tenant, &story.facts).await.unwrap();
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    for (order, expected) in [
        (Order::NameAscending, ["100%", "Alpha", "beta"]),
        (Order::NameDescending, ["beta", "Alpha", "100%"]),
        (Order::ChangedAscending, ["beta", "Alpha", "100%"]),
        (Order::ChangedDescending, ["100%", "Alpha", "beta"]),
    ] {
        let mut page = PageRequest::first(1);
        let mut names = Vec::new();
        for _ in 0..3 {
            let found = list(story.tenant, &mut rows, &Filter::default(), order, &page).await.unwrap();
            page.after = found.rows.last().map(Cursor::from);
            names.extend(found.rows.into_iter().map(|row| row.name));
        }
        assert_eq!(names, expected, "{order:?}");
        let last = PageRequest { limit: 2, direction: Direction::Backward, after: None, before: None };
        let found = list(story.tenant, &mut rows, &Filter::default(), order, &last).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), expected[1..], "{order:?}");
        let before = PageRequest { before: found.rows.last().map(Cursor::from), ..last };
        let found = list(story.tenant, &mut rows, &Filter::default(), order, &before).await.unwrap();
        assert_eq!(found.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), expected[..2], "{order:?}");
    }
    for (search, expected) in [("LPH", 1), ("0%", 1), ("_", 0), ("gamma", 0), ("", 3)] {
        let filter = Filter { search: Some(search.to_owned()), states: vec![WorkflowState::Draft] };
        assert_eq!(count(story.tenant, &mut rows, &filter).await.unwrap(), expected, "{search}");
    }
    let paused = Filter { states: vec![WorkflowState::Paused], ..Filter::default() };
    assert_eq!(count(story.tenant, &mut rows, &paused).await.unwrap(), 0);
}
