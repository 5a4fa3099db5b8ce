//! What the fold gives.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use weft_migrations::testing::TestDatabase;
use weft_scope::{PoolLimits, Scope};

use super::*;
use crate::reading;
use crate::testing::{End, Story, fold};

#[tokio::test]
async fn executions_steps_and_code_are_counted_on_the_day_they_were_recorded() {
    let database = TestDatabase::create().await.unwrap();
    let scope = Scope::connect(&database.urls.app, PoolLimits::default()).await.unwrap();
    let mut story = Story::of(1);
    let (workflow, nodes) = story.drawn("Orders");
    story.executed(workflow, nodes, End::Succeeded);
    story.now += 24.hours();
    story.executed(workflow, nodes, End::Failed);
    story.executed(workflow, nodes, End::Open);
    let mut other = Story::of(2);
    let (foreign, foreign_nodes) = other.drawn("Foreign");
    other.executed(foreign, foreign_nodes, End::Succeeded);
    fold(&scope, other.tenant, &other.facts).await.unwrap();
    for fact in &story.facts {
        fold(&scope, story.tenant, std::slice::from_ref(fact)).await.unwrap();
    }

    let day = story.facts[0].recorded_at.to_zoned(TimeZone::UTC).date();
    let next = day.tomorrow().unwrap();
    let mut rows = reading(&scope, story.tenant).await.unwrap();
    let found = between(story.tenant, &mut rows, day, next).await.unwrap();
    let expected = [
        UsageRow { day, executions: 1, steps: 1, code_ms: 3 },
        UsageRow { day: next, executions: 2, steps: 1, code_ms: 0 },
    ];
    assert_eq!(found, expected);
    assert_eq!(between(story.tenant, &mut rows, next, next).await.unwrap(), expected[1..]);
}
