use async_trait::async_trait;
use sqlx::PgConnection;
use weft_event_log::NewEvent;
use weft_model::{Actor, Event, Position, StreamId, TenantId};
use weft_projections::{Fact, FoldFault, Projection};

use super::history::history;
use super::stage::{Stage, assert_equal_rows};
use crate::Rebuild;

/// A projection that cannot fold the event at one position. Its table is that of usage, which it counts nothing in.
struct Choosy {
    refuses: Position,
}

#[async_trait]
impl Projection for Choosy {
    fn name(&self) -> &'static str {
        "choosy"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("execution.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        if facts.iter().any(|fact| fact.position == self.refuses && matches!(fact.event, Event::Execution(_))) {
            // What a bug would do: a statement that the database refuses.
            sqlx::query("select 1 / 0 where $1 is not null").bind(tenant.0).execute(connection).await?;
        }
        Ok(())
    }
}

async fn parked(stage: &Stage, tenant: TenantId) -> Vec<(String, i64, Option<i64>)> {
    sqlx::query_as(
        "select projection, position, parked_position from weft.projection_checkpoints where tenant_id = $1 order by projection",
    )
    .bind(tenant.0)
    .fetch_all(&mut stage.admin().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_poison_event_parks_one_projection_of_one_tenant() {
    let stage = Stage::new().await;
    let story = history(1, 21, 30);
    let other = history(2, 22, 10);
    let executed = |fact: &&Fact| matches!(fact.event, Event::Execution(_));
    let poison = story.facts.iter().filter(executed).nth(17).unwrap().position;
    // The other tenant's event at that position is of no execution, or there is none.
    stage.record(story.tenant, &story.facts).await;
    stage.record(other.tenant, &other.facts[..5]).await;
    let projector = stage.projector_with(Box::new(Choosy { refuses: poison }));
    for tenant in [story.tenant, other.tenant] {
        projector.catch_up(tenant).await.unwrap();
        // A parked projection is left alone, the others go on.
        projector.catch_up(tenant).await.unwrap();
    }
    let last = story.facts.last().unwrap().position.0 as i64;
    for (projection, position, parked) in parked(&stage, story.tenant).await {
        if projection == "choosy" {
            assert_eq!((position, parked), (poison.0 as i64 - 1, Some(poison.0 as i64)));
        } else {
            assert_eq!((position, parked), (last, None), "{projection}");
        }
    }
    assert!(parked(&stage, other.tenant).await.iter().all(|(_, position, parked)| *position == 5 && parked.is_none()));
    assert_eq!(projector.folded(story.tenant).await.unwrap().0 as i64, last);
}

#[tokio::test]
async fn an_event_of_a_newer_program_parks_only_those_who_read_it_until_they_are_rebuilt() {
    let stage = Stage::new().await;
    let story = history(1, 23, 10);
    stage.record(story.tenant, &story.facts).await;
    let unknown =
        NewEvent { wire_type: "workflow.painted", wire_version: 1, body: b"{}".to_vec(), uses_payload: false };
    stage.append(story.tenant, StreamId(story.tenant.0), Actor::System, vec![unknown]).await;
    let at = story.facts.len() as i64 + 1;
    let more = {
        let mut story = story.clone();
        story.facts.clear();
        let (workflow, nodes) = story.drawn("Later");
        story.executed(workflow, nodes, weft_projections::testing::End::Succeeded);
        story
    };
    stage.record(story.tenant, &more.facts).await;
    stage.projector().catch_up(story.tenant).await.unwrap();
    let last = at + more.facts.len() as i64;
    for (projection, position, parked) in parked(&stage, story.tenant).await {
        let reads_it = ["workflows", "audit"].contains(&projection.as_str());
        let expected = if reads_it { (at - 1, Some(at)) } else { (last, None) };
        assert_eq!((position, parked), expected, "{projection}");
    }
    // It cannot be rebuilt either, and that is said, with what is live left as it is.
    let live = stage.rows(story.tenant, 1).await;
    let rebuild = Rebuild { projections: vec!["workflows".into()], tenants: vec![story.tenant] };
    let fault = stage.projector().rebuild(&mut stage.owner().await, &rebuild).await.unwrap_err();
    assert!(fault.to_string().contains(&format!("Position({at})")), "{fault}");
    assert_equal_rows(&stage.rows(story.tenant, 1).await, &live);
}
