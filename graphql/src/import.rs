//! Workflow files: importing them, and reading one without keeping it.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use futures_util::future::try_join_all;
use weft_tenants::Action;

use crate::errors::{Told, UserError, told};
use crate::graph::Graph;
use crate::guard::Can;
use crate::ports::{self, Converted};
use crate::scalars::Position;
use crate::session::{ports as ports_of, request};
use crate::viewer::fresh;
use crate::workflow::{Workflow, workflow};

/// What was done with a part of a file.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ports::ImportOutcome")]
enum ImportOutcome {
    /// It has a counterpart that does the same.
    Mapped,
    /// It has none, and ours does what it does by default.
    Defaulted,
    /// Something else stands in its place.
    Replaced,
    /// It is not in the imported workflow.
    LeftOut,
}

/// What became of one part of a file.
#[derive(SimpleObject)]
pub(crate) struct ImportEntry {
    /// The node, by the name that it has now; nothing where it is about the workflow.
    node: Option<String>,
    outcome: ImportOutcome,
    message: String,
}

impl From<ports::ImportEntry> for ImportEntry {
    fn from(entry: ports::ImportEntry) -> Self {
        let ports::ImportEntry { node, outcome, message } = entry;
        Self { node, outcome: outcome.into(), message }
    }
}

#[derive(InputObject)]
struct ImportWorkflowInput {
    /// The text of the file: a Weft workflow file, or what n8n exports or copies. At most 16,000,000 bytes; a request that
    /// does nothing but import may be that large, where others have 2 MiB.
    text: String,
    /// What to call the workflow, where the file holds one alone.
    name: Option<String>,
}

#[derive(SimpleObject)]
struct ImportWorkflowPayload {
    imported: Vec<ImportedWorkflow>,
    position: Option<Position>,
    errors: Vec<UserError>,
}

/// A workflow that was imported, and what became of the parts of the file.
#[derive(SimpleObject)]
struct ImportedWorkflow {
    workflow: Option<Workflow>,
    report: Vec<ImportEntry>,
}

/// A workflow file as a graph of ours, which nobody keeps.
#[derive(SimpleObject)]
struct ConvertWorkflowPayload {
    name: Option<String>,
    graph: Option<Graph>,
    report: Vec<ImportEntry>,
    errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct ImportQueries;

#[Object]
impl ImportQueries {
    /// Reads the workflow in a text of Weft's or n8n's format, for pasting it into another one.
    #[graphql(guard = "Can::new(Action::EditWorkflow)")]
    async fn convert_workflow(&self, context: &Context<'_>, text: String) -> Result<ConvertWorkflowPayload> {
        Ok(match ports_of(context)?.catalogue.convert(request(context)?, &text).await {
            Ok(Converted { definition, report }) => ConvertWorkflowPayload {
                name: Some(definition.name.clone()),
                graph: Some(Graph(Arc::new(definition))),
                report: report.into_iter().map(Into::into).collect(),
                errors: Vec::new(),
            },
            Err(refusal) => ConvertWorkflowPayload {
                name: None,
                graph: None,
                report: Vec::new(),
                errors: vec![UserError::of(context, refusal, "workflow")?],
            },
        })
    }
}

#[derive(Default)]
pub(crate) struct ImportMutations;

#[Object]
impl ImportMutations {
    /// Creates a workflow of each one in a file of Weft or n8n.
    #[graphql(guard = "Can::new(Action::CreateWorkflow)")]
    async fn import_workflow(
        &self,
        context: &Context<'_>,
        input: ImportWorkflowInput,
    ) -> Result<ImportWorkflowPayload> {
        let import = ports::ImportWorkflow { text: input.text, name: input.name };
        let outcome = ports_of(context)?.commands.import_workflow(request(context)?, import).await;
        let Told { value, position, mut errors } = told(context, outcome, "workflow")?;
        fresh(context, position).await?;
        let Some(ports::ImportedFile { workflows, stopped }) = value else {
            return Ok(ImportWorkflowPayload { imported: Vec::new(), position, errors });
        };
        if let Some(refusal) = stopped {
            // What was made stays told, also where the rest met a fault of ours.
            match UserError::of(context, refusal, "workflow") {
                Ok(error) => errors.push(error),
                Err(fault) => context.add_error(context.set_error_path(fault.into_server_error(context.item.pos))),
            }
        }
        let loaded = workflows.into_iter().map(|ports::Imported { workflow: id, report }| async move {
            let report = report.into_iter().map(Into::into).collect();
            Ok::<_, async_graphql::Error>(ImportedWorkflow { workflow: workflow(context, id).await?, report })
        });
        let imported = try_join_all(loaded).await?;
        Ok(ImportWorkflowPayload { imported, position, errors })
    }
}
