//! Executions: the list, the counts behind it, and every step's summary.
//!
//! An execution that begins and ends within one batch costs one row in `executions` and one row a step event in
//! `execution_steps`, however many events it had. Counts are kept beside the rows, since counting a million rows takes longer
//! than a page may.

mod counts;
mod query;
mod row;
mod steps;
mod write;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_trait::async_trait;
use sqlx::PgConnection;
use weft_model::{Event, ExecutionId, TenantId};

pub use query::{
    COUNTED_BY_TIME, Cursor, Filter, Statistics, by_ids, count, latest_of_workflows, list, statistics, steps,
};
pub use row::{ExecutionRow, ExecutionStatus, MODES};
pub use steps::{StepRow, StepStatus};

use crate::{Fact, FoldFault, Projection};
use counts::Counts;
use steps::StepChange;

/// The projection.
pub struct Executions;

#[async_trait]
impl Projection for Executions {
    fn name(&self) -> &'static str {
        "executions"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("execution.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        let known = write::load(tenant, connection, &begun_before(facts)).await?;
        let batch = Batch::of(known, facts)?;
        write::rows(tenant, connection, batch.rows.values()).await?;
        write::steps(tenant, connection, &batch.steps).await?;
        batch.counts.write(tenant, connection).await
    }
}

/// The executions in `facts` that began in an earlier batch.
fn begun_before(facts: &[Fact]) -> Vec<ExecutionId> {
    let mut seen = std::collections::HashSet::new();
    let first_events =
        facts.iter().filter(|fact| matches!(fact.event, Event::Execution(_)) && seen.insert(fact.stream));
    first_events.filter(|fact| fact.version.0 > 1).map(|fact| ExecutionId(fact.stream.0)).collect()
}

/// What a batch changes.
#[derive(Debug, Default)]
struct Batch {
    rows: HashMap<ExecutionId, ExecutionRow>,
    steps: Vec<StepChange>,
    counts: Counts,
}

impl Batch {
    /// The pure fold: `known` rows and the facts that follow them.
    fn of(known: Vec<ExecutionRow>, facts: &[Fact]) -> Result<Self, FoldFault> {
        let mut batch = Self::default();
        for row in known {
            batch.counts.leave(&row);
            batch.rows.insert(row.id, row);
        }
        for fact in facts {
            if let Event::Execution(event) = &fact.event {
                batch.apply(fact, event)?;
            }
        }
        for row in batch.rows.values() {
            batch.counts.enter(row);
        }
        Ok(batch)
    }

    fn apply(&mut self, fact: &Fact, event: &weft_model::execution::ExecutionEvent) -> Result<(), FoldFault> {
        let id = ExecutionId(fact.stream.0);
        match (self.rows.get_mut(&id), ExecutionRow::queued(fact, event)) {
            (None, Some(row)) => {
                self.rows.insert(id, row);
            }
            (Some(row), None) => row.evolve(fact.position, event),
            (Some(_), Some(_)) => return Err(poison(fact, "the execution was queued twice")),
            (None, None) => return Err(poison(fact, "the execution was never queued")),
        }
        self.steps.extend(StepChange::of(fact, event));
        Ok(())
    }
}

fn poison(fact: &Fact, reason: &str) -> FoldFault {
    FoldFault::Poison { position: fact.position, reason: reason.to_owned() }
}
