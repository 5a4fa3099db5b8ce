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

#[derive(Default)]
pub(crate) struct UsageQueries;

#[Object]
impl UsageQueries {
    /// Usage per day, both days included, in UTC.
    #[graphql(guard = "Can::new(Action::ReadUsage)")]
    async fn usage(&self, context: &Context<'_>, from: Date, to: Date) -> Result<Vec<UsageDay>> {
        let days = from.0.until(to.0).map_or(i32::MAX, |span| span.get_days());
        if days > MAX_DAYS {
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
