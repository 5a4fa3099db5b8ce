//! `weft import`: a workflow file into a tenant.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::json;
use weft_api::LogCommands;
use weft_graphql::ports::{Commands, Refusal};
use weft_import::Import;
use weft_model::workflow::Definition;
use weft_model::{TenantId, WorkflowId};
use weft_nodes::Catalogue;
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

/// The text of a file, without the mark of UTF-8 that programs of Windows write in front of it.
pub fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The workflows in the text of a file and what became of their parts.
pub fn parse(format: Format, file: &Path, text: &str, catalogue: &Catalogue) -> anyhow::Result<Vec<Import>> {
    let imports = weft_import::import(text, Some(format.into()), catalogue, fresh_id);
    imports.map_err(|error| anyhow!("{}: {}", file.display(), sentences(&error)))
}

/// What an error says, and what those behind it say besides.
fn sentences(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        let more = error.to_string();
        if !said.contains(&more) {
            said = [said.as_str(), more.as_str()].join(" ");
        }
        behind = error.source();
    }
    said
}

/// Prints one JSON object for each workflow of the file as soon as it is made, so that those are known where a later one fails.
async fn import(operator: &Operator, arguments: &Arguments, text: &str) -> anyhow::Result<()> {
    let mut imports = parse(arguments.format, &arguments.file, text, operator.app.engine.kinds().catalogue())?;
    let context = Operator::context(find(&operator.resources, &arguments.tenant).await?);
    operator.app.commands.settle_credentials(&context, &mut imports).await.map_err(refused)?;
    for Import { workflow, definition, report, .. } in imports {
        create(operator, &context, (workflow, definition.clone())).await?;
        if arguments.publish {
            publish(operator, &context, workflow).await?;
        }
        let webhooks = webhooks(operator, (context.tenant, &arguments.tenant), (workflow, &definition));
        println!("{}", json!({ "workflowId": workflow.to_string(), "webhooks": webhooks, "report": report }));
    }
    Ok(())
}

/// Makes a workflow of this definition.
pub async fn create(
    operator: &Operator,
    context: &RequestContext,
    (workflow, definition): (WorkflowId, Definition),
) -> anyhow::Result<()> {
    operator.app.commands.create_from(context, workflow, definition).await.map_err(refused)?;
    Ok(())
}

/// Publishes the draft of a workflow.
pub async fn publish(operator: &Operator, context: &RequestContext, workflow: WorkflowId) -> anyhow::Result<()> {
    let commands: &LogCommands = &operator.app.commands;
    let version = commands.draft_version(context, workflow).await.map_err(refused)?;
    commands.publish_workflow(context, workflow, version).await.map_err(refused)?;
    Ok(())
}

/// Where the webhooks of a workflow listen once it is published.
pub fn webhooks(
    operator: &Operator,
    tenant: (TenantId, &str),
    (workflow, definition): (WorkflowId, &Definition),
) -> Vec<ImportedWebhook> {
    let webhooks = operator.app.hooks.of_definition(tenant, workflow, definition);
    let told = webhooks.into_iter().map(|webhook| {
        let node = definition.graph.nodes.get(&webhook.node).map(|node| &node.name);
        ImportedWebhook { node: node.cloned(), method: webhook.method, url: webhook.production_url }
    });
    told.collect()
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

#[cfg(test)]
mod tests {
    use weft_engine::kinds::Kinds;

    use super::*;

    fn told(format: Format, text: &str) -> String {
        let kinds = Kinds::default();
        parse(format, Path::new("flows/a.json"), text, kinds.catalogue()).unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_is_wrong_is_named_and_its_fault_said_once() {
        assert_eq!(
            told(Format::N8n, ""),
            "flows/a.json: The file is not JSON. Export the workflow again as JSON. \
             This is not valid JSON: EOF while parsing a value at line 1 column 0."
        );
        let several = told(Format::N8n, r#"[{"nodes":[]},{"nodes":[{}]}]"#);
        assert!(several.starts_with("flows/a.json: Workflow 2 of 2: "), "{several}");
        assert_eq!(several.matches("has no name").count(), 1, "{several}");
    }

    #[test]
    fn the_mark_of_utf_8_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        let workflow = r#"{"weft":1,"name":"x","nodes":[],"edges":[]}"#;
        std::fs::write(&file, ["\u{feff}", workflow].concat()).unwrap();
        assert_eq!(read(&file).unwrap(), workflow);
        std::fs::write(&file, workflow).unwrap();
        assert_eq!(read(&file).unwrap(), workflow);
        let error = format!("{:#}", read(&folder.path().join("none.json")).unwrap_err());
        assert!(error.contains("none.json cannot be read"), "{error}");
    }
}
