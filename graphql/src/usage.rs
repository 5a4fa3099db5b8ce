//! Usage.

use async_graphql::{Context, Object, Result, SimpleObject};
use weft_projections::usage;
use weft_tenants::Action;

use crate::fault::refused;
use crate::guard::Can;
use crate::scalars::Date;
use crate::session::{asked, reading, tenant};

/// The longest span of days that is answered at once.
const MAX_DAYS: i32 = 400;

/// What was used on one day.
#[derive(SimpleObject)]
struct UsageDay {
    date: Date,
    executions: i32,
    steps: i32,
    code_ms: i32,
}

fn days(from: Date, to: Date) -> i32 {
    from.0.until(to.0).map_or(i32::MAX, |span| span.get_days())
}

/// The cost of the days, each with its fields. More of them than are answered at once are refused where they are asked for.
fn cost(from: Date, to: Date, child: usize) -> usize {
    let days = days(from, to).clamp(0, MAX_DAYS) as usize;
    crate::limits::list(days + 1, child)
}

#[derive(Default)]
pub(crate) struct UsageQueries;

#[Object]
impl UsageQueries {
    /// Usage per day, both days included, in UTC.
    #[graphql(guard = "Can::new(Action::ReadUsage)", complexity = "cost(from, to, child_complexity)")]
    async fn usage(&self, context: &Context<'_>, from: Date, to: Date) -> Result<Vec<UsageDay>> {
        if days(from, to) > MAX_DAYS {
            return Err(refused("SPAN_TOO_LONG", format!("Ask for at most {MAX_DAYS} days at once.")));
        }
        let tenant = tenant(context)?;
        let mut rows = reading(context).await?;
        let days = asked(context, usage::between(tenant, &mut rows, from.0, to.0).await)?;
        let number = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        let day = |row: usage::UsageRow| UsageDay {
            date: Date(row.day),
            executions: number(row.executions),
            steps: number(row.steps),
            code_ms: number(row.code_ms),
        };
        Ok(days.into_iter().map(day).collect())
    }
}
