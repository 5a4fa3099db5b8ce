//! `weft import`: a workflow file into a tenant.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::json;
use weft_api::LogCommands;
use weft_graphql::ports::{Commands, Refusal};
use weft_import::Import;
use weft_model::workflow::Definition;
use weft_model::{NodeId, WorkflowId};
use weft_tenants::RequestContext;

use crate::commands::tenant::find;
use crate::operator::{Operator, fresh_id};
use crate::settings::Settings;

/// What to import.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file.
    file: PathBuf,
    /// Its format.
    #[arg(long, value_enum, default_value_t = Format::Weft)]
    format: Format,
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// Publish it at once.
    #[arg(long)]
    publish: bool,
}

/// Workflow formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Weft's own (infra/docs/workflow-file.md).
    Weft,
    /// n8n's.
    N8n,
}

impl From<Format> for weft_import::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Weft => Self::Weft,
            Format::N8n => Self::N8n,
        }
    }
}

/// Where a webhook node listens once its workflow is published.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportedWebhook {
    /// The node's name.
    pub node: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The address.
    pub url: String,
}

/// Executes the command.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let text = read(&arguments.file)?;
    let operator = Operator::open(&settings).await?;
    let imported = import(&operator, &arguments, &text).await;
    operator.close().await?;
    imported?;
    Ok(ExitCode::SUCCESS)
}

/// The text of a workflow file.
pub fn read(file: &std::path::Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// The workflows in a file and what became of their parts.
pub fn parse(format: Format, text: &str, catalogue: &weft_nodes::Catalogue) -> anyhow::Result<Vec<Import>> {
    Ok(weft_import::import(text, Some(format.into()), catalogue, || NodeId(fresh_id()))?)
}

/// Prints one JSON object for each workflow of the file as soon as it is made, so that those are known where a later one fails.
async fn import(operator: &Operator, arguments: &Arguments, text: &str) -> anyhow::Result<()> {
    let imports = parse(arguments.format, text, operator.app.engine.kinds().catalogue())?;
    let context = Operator::context(find(&operator.resources, &arguments.tenant).await?);
    for Import { definition, report } in imports {
        let (workflow, webhooks) = add(operator, &context, &arguments.tenant, definition, arguments.publish).await?;
        println!("{}", json!({ "workflowId": workflow.to_string(), "webhooks": webhooks, "report": report }));
    }
    Ok(())
}

/// Makes a workflow of this definition and publishes it if asked; where its webhooks listen.
pub async fn add(
    operator: &Operator,
    context: &RequestContext,
    slug: &str,
    definition: Definition,
    publish: bool,
) -> anyhow::Result<(WorkflowId, Vec<ImportedWebhook>)> {
    let commands: &LogCommands = &operator.app.commands;
    let created = commands.create_from(context, definition.clone()).await.map_err(refused)?;
    let workflow = created.value;
    if publish {
        let version = commands.draft_version(context, workflow).await.map_err(refused)?;
        commands.publish_workflow(context, workflow, version).await.map_err(refused)?;
    }
    let webhooks = operator.app.hooks.of_definition((context.tenant, slug), workflow, &definition);
    let printed = webhooks.into_iter().map(|webhook| {
        let node = definition.graph.nodes.get(&webhook.node).map(|node| &node.name);
        ImportedWebhook { node: node.cloned(), method: webhook.method, url: webhook.production_url }
    });
    Ok((workflow, printed.collect()))
}

/// A refusal in words.
pub fn refused(refusal: Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Rejected(rejected) | Refusal::EditConflict { rejected, .. } => anyhow!(rejected.message),
        Refusal::PublishRefused(problems) => {
            let lines = problems.iter().map(|problem| {
                let node = problem.node_name.as_deref().map_or(String::new(), |name| format!("{name}: "));
                let field = problem.field.as_deref().map_or(String::new(), |field| format!(" ({field})"));
                format!("\n  {node}{}{field}", problem.message)
            });
            anyhow!("the workflow was imported but cannot be published:{}", lines.collect::<String>())
        }
        Refusal::Overloaded { retry_after_ms } => anyhow!("too much at once; try again in {retry_after_ms} ms"),
        Refusal::NotFound => anyhow!("it does not exist in this tenant"),
        Refusal::Fault(fault) => anyhow!(fault),
    }
}
