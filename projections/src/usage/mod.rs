//! Usage: what a tenant used per day, the basis of its bills.
//!
//! An execution counts on the day it was accepted, a step on the day it ended (every attempt, the trigger aside), by the clock
//! of the database: the day is the one on which the event was recorded, so a bill is a fold of the log and nothing else.

mod query;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use weft_model::execution::ExecutionEvent;
use weft_model::{Event, TenantId};

pub use query::{UsageRow, between};

use crate::{Fact, FoldFault, Projection};

/// The projection.
pub struct Usage;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Used {
    executions: i64,
    steps: i64,
    code_ms: i64,
}

impl Used {
    fn of(event: &ExecutionEvent) -> Self {
        match event {
            ExecutionEvent::Queued { .. } => Self { executions: 1, ..Self::default() },
            ExecutionEvent::StepSucceeded { code_ms, .. } | ExecutionEvent::StepFailed { code_ms, .. } => {
                Self { steps: 1, code_ms: code_ms.unwrap_or_default() as i64, executions: 0 }
            }
            ExecutionEvent::Started { .. }
            | ExecutionEvent::Adopted { .. }
            | ExecutionEvent::StepStarted { .. }
            | ExecutionEvent::StepReused { .. }
            | ExecutionEvent::StepOutcomeUnknown { .. }
            | ExecutionEvent::StepWaiting { .. }
            | ExecutionEvent::StepAwaits { .. }
            | ExecutionEvent::StepSignalled { .. }
            | ExecutionEvent::StepResumed { .. }
            | ExecutionEvent::Succeeded { .. }
            | ExecutionEvent::Failed { .. }
            | ExecutionEvent::Cancelled { .. } => Self::default(),
        }
    }

    fn add(&mut self, more: Self) {
        self.executions += more.executions;
        self.steps += more.steps;
        self.code_ms += more.code_ms;
    }
}

fn per_day(facts: &[Fact]) -> BTreeMap<Date, Used> {
    let mut days = BTreeMap::<Date, Used>::new();
    for fact in facts {
        if let Event::Execution(event) = &fact.event {
            let used = Used::of(event);
            if used != Used::default() {
                days.entry(fact.recorded_at.to_zoned(TimeZone::UTC).date()).or_default().add(used);
            }
        }
    }
    days
}

#[async_trait]
impl Projection for Usage {
    fn name(&self) -> &'static str {
        "usage"
    }

    fn reads(&self, wire_type: &str) -> bool {
        wire_type.starts_with("execution.")
    }

    async fn fold(&self, tenant: TenantId, connection: &mut PgConnection, facts: &[Fact]) -> Result<(), FoldFault> {
        let days = per_day(facts);
        if days.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "insert into usage as u (tenant_id, day, executions, steps, code_ms) \
             select $1, * from unnest($2::date[], $3::bigint[], $4::bigint[], $5::bigint[]) \
             on conflict (tenant_id, day) do update set executions = u.executions + excluded.executions, \
             steps = u.steps + excluded.steps, code_ms = u.code_ms + excluded.code_ms",
        )
        .bind(tenant.0)
        .bind(days.keys().map(|day| day.to_sqlx()).collect::<Vec<_>>())
        .bind(days.values().map(|used| used.executions).collect::<Vec<_>>())
        .bind(days.values().map(|used| used.steps).collect::<Vec<_>>())
        .bind(days.values().map(|used| used.code_ms).collect::<Vec<_>>())
        .execute(connection)
        .await?;
        Ok(())
    }
}
