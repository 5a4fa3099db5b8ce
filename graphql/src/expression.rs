//! What an expression would give.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use weft_tenants::Action;

use crate::fault::{mask, refused};
use crate::guard::Can;
use crate::id::{execution_id, uuid, workflow_id};
use crate::ports::{Preview, Previewed, Refusal};
use crate::problem::Problem;
use crate::scalars::Json;
use crate::session::{ports, request};

#[derive(InputObject)]
struct PreviewExpressionInput {
    workflow_id: ID,
    node_id: ID,
    expression: String,
    execution_id: Option<ID>,
    #[graphql(default = 0)]
    item_index: i32,
}

/// What an expression gave.
#[derive(SimpleObject)]
struct ExpressionPreview {
    value: Option<Json>,
    is_undefined: bool,
    error: Option<Problem>,
}

#[derive(Default)]
pub(crate) struct ExpressionQueries;

#[Object]
impl ExpressionQueries {
    /// Evaluates a parameter as the node would see it for one item of an execution (or without items).
    #[graphql(guard = "Can::new(Action::PreviewExpression)")]
    async fn preview_expression(
        &self,
        context: &Context<'_>,
        input: PreviewExpressionInput,
    ) -> Result<ExpressionPreview> {
        let preview =
            read(input).ok_or_else(|| refused("NOT_FOUND", "There is no such workflow, node or execution."))?;
        match ports(context)?.executions.preview(request(context)?, preview).await {
            Ok(Previewed::Value(value)) => {
                Ok(ExpressionPreview { value: Some(Json(value)), is_undefined: false, error: None })
            }
            Ok(Previewed::Undefined) => Ok(ExpressionPreview { value: None, is_undefined: true, error: None }),
            Ok(Previewed::Failed(problem)) => {
                Ok(ExpressionPreview { value: None, is_undefined: false, error: Some(problem.into()) })
            }
            Err(Refusal::Fault(fault)) => Err(mask(context, &fault)),
            Err(Refusal::Rejected(rejected)) => Err(refused("REFUSED", rejected.message)),
            Err(Refusal::Overloaded { .. }) => {
                Err(refused("OVERLOADED", "Too much is going on at once. Try again in a moment."))
            }
            Err(Refusal::NotFound | Refusal::EditConflict { .. } | Refusal::PublishRefused(_)) => {
                Err(refused("NOT_FOUND", "There is no such workflow, node or execution."))
            }
        }
    }
}

fn read(input: PreviewExpressionInput) -> Option<Preview> {
    let execution = match &input.execution_id {
        Some(id) => Some(execution_id(id)?),
        None => None,
    };
    Some(Preview {
        workflow: workflow_id(&input.workflow_id)?,
        node: uuid(&input.node_id)?.into(),
        expression: input.expression,
        execution,
        item: u32::try_from(input.item_index).ok()?,
    })
}
