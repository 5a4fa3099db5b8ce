//! What an expression would give.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use serde::Deserialize;
use weft_tenants::Action;

use crate::fault::{mask, refused};
use crate::guard::Can;
use crate::id::{execution_id, uuid, workflow_id};
use crate::ports::{self, Fault, Preview, Previewed, Refusal};
use crate::problem::Problem;
use crate::scalars::Json;
use crate::session::{ports as ports_of, request, session, state};

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
    /// The blocks that gave `undefined` among text or other blocks, so that the value has nothing in their place; some tens of
    /// them at most.
    undefined_blocks: Vec<ExpressionBlock>,
    error: Option<Problem>,
}

/// A block of a template.
#[derive(SimpleObject)]
struct ExpressionBlock {
    /// It, with its braces; of a long one the beginning.
    source: String,
    /// The line that it begins on, from 1.
    line: i32,
    /// Where on the line, from 1.
    column: i32,
}

impl From<ports::ExpressionBlock> for ExpressionBlock {
    fn from(block: ports::ExpressionBlock) -> Self {
        let ports::ExpressionBlock { source, line, column } = block;
        Self { source, line: line as i32, column: column as i32 }
    }
}

impl From<Previewed> for ExpressionPreview {
    fn from(previewed: Previewed) -> Self {
        let nothing = Self { value: None, is_undefined: false, undefined_blocks: Vec::new(), error: None };
        match previewed {
            Previewed::Value(value, blocks) => {
                let undefined_blocks = blocks.into_iter().map(Into::into).collect();
                Self { value: Some(Json(value)), undefined_blocks, ..nothing }
            }
            Previewed::Undefined => Self { is_undefined: true, ..nothing },
            Previewed::Failed(problem) => Self { error: Some(problem.into()), ..nothing },
        }
    }
}

/// A global, a function or a method that expressions have.
#[derive(SimpleObject, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExpressionEntry {
    /// What it belongs to: `global`, a type such as `string`, `moment` for what all dates share, a namespace such as `Math`,
    /// `node` for `$('Name')` and `$input`, or `class` for what stands after `new`.
    receiver: String,
    name: String,
    /// Its name, parameters and type, in the notation of TypeScript.
    signature: String,
    /// The type of its value, in the same notation.
    returns: String,
    is_function: bool,
    /// Whether JavaScript and Luxon do not have it.
    is_extension: bool,
    description: String,
    /// An expression without its braces.
    example: String,
    /// The value of the example as JSON, or `undefined`.
    result: String,
}

#[derive(Default)]
pub(crate) struct ExpressionQueries;

#[Object]
impl ExpressionQueries {
    /// Everything that expressions have to offer.
    #[graphql(
        guard = "Can::new(Action::ReadCatalogue)",
        complexity = "crate::limits::list(crate::limits::EXPRESSION_ENTRIES, child_complexity)"
    )]
    async fn expression_entries<'a>(&self, context: &Context<'a>) -> Result<&'a [ExpressionEntry]> {
        let state = state(context)?;
        let entries = state.ports.catalogue.expression_entries();
        let read = state.expression_entries.get(&session(context)?.language.0, &entries, serde_json::from_value);
        read.map_err(|error| mask(context, &Fault::Internal(error.into())))
    }

    /// Evaluates a parameter as the node would see it for one item of an execution (or without items).
    #[graphql(guard = "Can::new(Action::PreviewExpression)")]
    async fn preview_expression(
        &self,
        context: &Context<'_>,
        input: PreviewExpressionInput,
    ) -> Result<ExpressionPreview> {
        let preview =
            read(input).ok_or_else(|| refused("NOT_FOUND", "There is no such workflow, node or execution."))?;
        match ports_of(context)?.executions.preview(request(context)?, preview).await {
            Ok(previewed) => Ok(previewed.into()),
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
